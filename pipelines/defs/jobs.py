"""The job of a month."""

from dagster import AssetSelection, define_asset_job, in_process_executor

from pipelines.defs.freshness import FRESHNESS_CHECKS
from pipelines.defs.partitions import MONTHS

MONTH_END = "month_end"

month_end = define_asset_job(
    MONTH_END,
    selection=AssetSelection.all() - AssetSelection.checks(*FRESHNESS_CHECKS),
    partitions_def=MONTHS,
    # A step in a process of its own starts Python, Dagster and dbt anew, which takes longer than its work.
    executor_def=in_process_executor,
    # a part of a run says nothing without the parts before it: they share the working file
    tags={"dagster/retry_strategy": "ALL_STEPS"},
    description="One month of every authority that delivered: ingest, gate, build, gate, publish.",
)
