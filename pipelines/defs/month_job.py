"""The job of a month."""

from dagster import AssetSelection, define_asset_job, in_process_executor

from pipelines.defs.freshness_checks import is_everything_fresh
from pipelines.defs.partitions import MONTHS

MONTH_END = "month_end"

month_end = define_asset_job(
    MONTH_END,
    selection=AssetSelection.all() - AssetSelection.checks(is_everything_fresh),
    partitions_def=MONTHS,
    # the steps of a run hold the data folder together; and a process per step would take longer than its work
    executor_def=in_process_executor,
    # a part of a run means nothing without the parts before it: they share the working file
    tags={"dagster/retry_strategy": "ALL_STEPS"},
    description="One month of every authority that delivered: ingest, gate, build, gate, publish.",
)
