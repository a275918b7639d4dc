"""The code location: only assembles."""

from dagster import Definitions, in_process_executor

from pipelines.defs.arrivals import complete_drop
from pipelines.defs.comparators import comparators
from pipelines.defs.freshness import every_working_day, freshness_job, is_everything_fresh
from pipelines.defs.gates import gate_marts, gate_raw
from pipelines.defs.ingest import ingest
from pipelines.defs.jobs import month_end
from pipelines.defs.month_run import MONTH_RUN, month_run
from pipelines.defs.outcome import month_canceled, month_failed, month_published
from pipelines.defs.release import release
from pipelines.defs.schedule import first_working_day
from pipelines.defs.transform import transform

defs = Definitions(
    assets=[comparators, ingest, transform, release],
    asset_checks=[gate_raw, gate_marts, is_everything_fresh],
    jobs=[month_end, freshness_job],
    schedules=[first_working_day, every_working_day],
    sensors=[complete_drop, month_published, month_failed, month_canceled],
    resources={MONTH_RUN: month_run},
    # also what a person materializes by hand: the steps of a run hold the data folder together
    executor=in_process_executor,
)
