"""Published figures: what others say of England, the regions and every authority."""

from collections.abc import Iterator

from dagster import AssetExecutionContext, AssetSpec, MaterializeResult, multi_asset

from pipelines import progress
from pipelines.comparators import TABLES, load_comparators
from pipelines.defs.month_run import MONTH_RUN
from pipelines.defs.partitions import MONTHS, ONE_MONTH_A_RUN, WORKING_FILE
from pipelines.settings import data_folder


@multi_asset(
    name="comparators",
    specs=[AssetSpec(["raw", name], group_name="comparators") for name in TABLES],
    partitions_def=MONTHS,
    backfill_policy=ONE_MONTH_A_RUN,
    pool=WORKING_FILE,
    required_resource_keys={MONTH_RUN},
)
def comparators(context: AssetExecutionContext) -> Iterator[MaterializeResult[None]]:
    """Loads the releases that are new. A file that cannot be used is warned about and never stops a month."""
    with context.resources.month_run.step(), progress.stage("comparators"):
        found = load_comparators(data_folder(), progress.line)
    for warning in found.warnings:
        progress.warning(warning)
    for name in TABLES:
        yield MaterializeResult(asset_key=["raw", name], metadata={"seconds": progress.seconds_of("comparators")})
