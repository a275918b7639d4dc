"""Raw tables: what the authorities delivered, and what the row rules found in it."""

from collections.abc import Iterator

from dagster import AssetExecutionContext, AssetSpec, MaterializeResult, multi_asset

from pipelines import progress
from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.defs.partitions import MONTHS, ONE_MONTH_A_RUN, WORKING_FILE
from pipelines.ingest import ingest_month
from pipelines.quality import judge_month
from pipelines.report import write_month_page
from pipelines.settings import data_folder

PIPELINE_TABLES = ("run", "drop", "drop_file", "population", "bank_holiday", "code", "rejected_rows", "dq_issue")
"""Tables that the ingest writes beside the objects of the drop."""
RULE_TABLES = ("rule", "rule_run", "rule_failure")
"""Tables that the row rules write. They are filled in the same step: the gate on raw, which judges the drop and
how its rules ended, comes after both."""


@multi_asset(
    name="ingest",
    specs=[
        *(
            AssetSpec(["raw", name], group_name="raw", description=found.title)
            for name, found in contracts().items()
        ),
        *(AssetSpec(["raw", name], group_name="raw") for name in (*PIPELINE_TABLES, *RULE_TABLES)),
    ],
    partitions_def=MONTHS,
    backfill_policy=ONE_MONTH_A_RUN,
    pool=WORKING_FILE,
)
def ingest(context: AssetExecutionContext) -> Iterator[MaterializeResult[None]]:
    """Reads, checks and loads every drop of the month, and runs the row rules on it."""
    folder, month = data_folder(), Month.parse(context.partition_key)
    try:
        found = ingest_month(folder, month, progress.line)
    finally:
        write_month_page(folder, month)
    for drop in found.drops:
        for warning in (*drop.warnings, *(() if drop.accepted else drop.faults)):
            progress.warning(str(warning))
    with progress.stage("rules"):
        judge_month(folder, month, progress.line)
    loaded: dict[str, int] = {}
    for drop in found.drops:
        for file in drop.files:
            loaded[file.object] = loaded.get(file.object, 0) + file.rows_loaded
    for name in contracts():
        yield MaterializeResult(
            asset_key=["raw", name], metadata={"dagster/partition_row_count": loaded.get(name, 0)}
        )
    for name in (*PIPELINE_TABLES, *RULE_TABLES):
        yield MaterializeResult(asset_key=["raw", name])
