"""Published figures: what others say about England, the regions and every authority."""

from collections.abc import Iterator

from dagster import AssetExecutionContext, AssetSpec, MaterializeResult, multi_asset

from pipelines.comparators.comparator_tables import TABLES
from pipelines.defs.partitions import KINDS, MONTHS, ONE_MONTH_A_RUN, OWNERS, WORKING_FILE
from pipelines.defs.resources import MonthRun
from pipelines.month import steps


@multi_asset(
    name="comparators",
    specs=[
        AssetSpec(["raw", name], group_name="comparators", kinds=KINDS, owners=OWNERS, skippable=True)
        for name in TABLES
    ],
    partitions_def=MONTHS,
    backfill_policy=ONE_MONTH_A_RUN,
    pool=WORKING_FILE,
)
def comparators(context: AssetExecutionContext, month_run: MonthRun) -> Iterator[MaterializeResult[None]]:
    """Loads new releases. For a file that cannot be used it warns; the month goes on."""
    with month_run.step() as month:
        if month_run.has_nothing_to_do:
            return
        steps.comparators(month)
    for name in TABLES:
        yield MaterializeResult(
            asset_key=["raw", name], metadata={"seconds": month.progress.seconds_of("comparators")}
        )
