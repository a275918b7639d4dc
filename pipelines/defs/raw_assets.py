"""Raw tables: what the authorities delivered, and what the row rules found in it."""

from collections.abc import Iterator, Sequence

from dagster import (
    AssetExecutionContext,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    TableColumn,
    TableMetadataValue,
    TableRecord,
    TableSchema,
    multi_asset,
)

from pipelines.contracts import contracts
from pipelines.defs.partitions import KINDS, MONTHS, ONE_MONTH_A_RUN, OWNERS, WORKING_FILE
from pipelines.defs.resources import MonthRun
from pipelines.ingest.drop_results import FileResult, MonthIngest
from pipelines.ingest.raw_tables import PIPELINE_TABLES
from pipelines.month import steps
from pipelines.quality.rule_tables import RULE_TABLES


def _spec(schema: str, table: str, description: str | None = None) -> AssetSpec:
    return AssetSpec(
        [schema, table],
        group_name=schema,
        description=description,
        kinds=KINDS,
        owners=OWNERS,
        # a run that finds nothing to do makes none, and every later step is skipped with it
        skippable=True,
    )


@multi_asset(
    name="ingest",
    specs=[
        *(_spec("raw", name, contract.title) for name, contract in contracts().items()),
        *(_spec("raw", name) for name in PIPELINE_TABLES),
        *(_spec("quality", name) for name in RULE_TABLES),
    ],
    partitions_def=MONTHS,
    backfill_policy=ONE_MONTH_A_RUN,
    pool=WORKING_FILE,
)
def ingest(context: AssetExecutionContext, month_run: MonthRun) -> Iterator[MaterializeResult[None]]:
    """Reads, checks and loads every drop of the month, and runs the row rules on it.

    Two steps in one: the checks of the gate, which come after both, block whatever reads a raw table.
    """
    with month_run.step() as month:
        if month_run.has_nothing_to_do:
            return
        loaded = steps.ingest(month)
        steps.rules(month)
    page = MetadataValue.path(month.folder.quality_page(month.month))
    by_object = _files_by_object(loaded)
    for name in contracts():
        files = by_object.get(name, [])
        yield MaterializeResult(
            asset_key=["raw", name],
            metadata={
                "dagster/partition_row_count": sum(file.rows_loaded for _, file in files),
                "files": _files_table(files),
                "what was checked": page,
            },
        )
    seconds = {name: month.progress.seconds_of(name) for name in ("read and check", "load", "rules")}
    for key in (*(["raw", name] for name in PIPELINE_TABLES), *(["quality", name] for name in RULE_TABLES)):
        yield MaterializeResult(asset_key=key, metadata={**seconds, "what was checked": page})


def _files_by_object(loaded: MonthIngest) -> dict[str, list[tuple[str, FileResult]]]:
    by_object: dict[str, list[tuple[str, FileResult]]] = {}
    for drop in loaded.drops:
        for file in drop.files:
            by_object.setdefault(file.object, []).append((drop.la_code, file))
    return by_object


def _files_table(files: Sequence[tuple[str, FileResult]]) -> TableMetadataValue:
    """Counts of each authority's file, without any row."""
    counts = ("rows_read", "rows_loaded", "rows_rejected")
    return MetadataValue.table(
        [
            TableRecord({"la_code": la_code, "file": file.file, **{name: getattr(file, name) for name in counts}})
            for la_code, file in files
        ],
        TableSchema([TableColumn("la_code"), TableColumn("file"), *(TableColumn(name, "int") for name in counts)]),
    )
