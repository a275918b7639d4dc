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

from pipelines import progress
from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.defs.month_run import MONTH_RUN
from pipelines.defs.partitions import MONTHS, ONE_MONTH_A_RUN, WORKING_FILE
from pipelines.ingest import FileResult, MonthIngest, ingest_month
from pipelines.quality import judge_month
from pipelines.quality.rule_tables import RULE_TABLES
from pipelines.report import write_month_page
from pipelines.settings import data_folder

PIPELINE_TABLES = ("run", "drop", "drop_file", "population", "bank_holiday", "code", "rejected_rows", "dq_issue")
"""Tables that the ingest writes beside the objects of the drop."""


@multi_asset(
    name="ingest",
    specs=[
        *(
            AssetSpec(["raw", name], group_name="raw", description=found.title)
            for name, found in contracts().items()
        ),
        *(AssetSpec(["raw", name], group_name="raw") for name in PIPELINE_TABLES),
        *(AssetSpec(["quality", name], group_name="quality") for name in RULE_TABLES),
    ],
    partitions_def=MONTHS,
    backfill_policy=ONE_MONTH_A_RUN,
    pool=WORKING_FILE,
    required_resource_keys={MONTH_RUN},
)
def ingest(context: AssetExecutionContext) -> Iterator[MaterializeResult[None]]:
    """Reads, checks and loads every drop of the month, and runs the row rules on it."""
    folder, month = data_folder(), Month.parse(context.partition_key)
    with context.resources.month_run.step():
        try:
            found = ingest_month(folder, month, progress.line)
        finally:
            write_month_page(folder, month)
        for drop in found.drops:
            for warning in (*drop.warnings, *(() if drop.accepted else drop.faults)):
                progress.warning(str(warning))
        with progress.stage("rules"):
            judge_month(folder, month, progress.line)
    page = MetadataValue.path(folder.quality_page(month))
    by_object = _files_by_object(found)
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
    seconds = {name: progress.seconds_of(name) for name in ("read and check", "load", "rules")}
    for key in (*(["raw", name] for name in PIPELINE_TABLES), *(["quality", name] for name in RULE_TABLES)):
        yield MaterializeResult(asset_key=key, metadata={**seconds, "what was checked": page})


def _files_by_object(found: MonthIngest) -> dict[str, list[tuple[str, FileResult]]]:
    by_object: dict[str, list[tuple[str, FileResult]]] = {}
    for drop in found.drops:
        for file in drop.files:
            by_object.setdefault(file.object, []).append((drop.la_code, file))
    return by_object


def _files_table(files: Sequence[tuple[str, FileResult]]) -> TableMetadataValue:
    """Counts of what was read of each authority's file: no row of it."""
    counts = ("rows_read", "rows_loaded", "rows_rejected")
    return MetadataValue.table(
        [
            TableRecord({"la_code": la_code, "file": file.file, **{name: getattr(file, name) for name in counts}})
            for la_code, file in files
        ],
        TableSchema([TableColumn("la_code"), TableColumn("file"), *(TableColumn(name, "int") for name in counts)]),
    )
