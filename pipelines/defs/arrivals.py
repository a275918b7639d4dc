"""A run for every complete drop that comes, once per content."""

import datetime as dt

from dagster import (
    DagsterInstance,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)
from pydantic import ValidationError

from pipelines.defs.jobs import month_end
from pipelines.ingest.arrivals import Arrival, Known, Look, look_for_drops
from pipelines.settings import data_folder, quiet_minutes

TRIGGER = "warehouse/trigger"
CONTENT = "warehouse/content"
NOT_DONE = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
]
SECONDS_BETWEEN_LOOKS = 60


def what_is_new(now: dt.datetime, known: Known | None = None) -> Look:
    """The months to be run, as the data folder is."""
    return look_for_drops(data_folder(), known or Known(), now, quiet_minutes())


def request(arrival: Arrival, trigger: str) -> RunRequest:
    """A run of the month, that says what it is of and what made it start."""
    return RunRequest(
        run_key=arrival.key if trigger == "drop" else None,
        partition_key=str(arrival.month),
        tags={TRIGGER: trigger, CONTENT: arrival.content},
    )


def is_under_way(instance: DagsterInstance, arrival: Arrival) -> bool:
    """Whether a run of just this is waiting or going on."""
    tags = {CONTENT: arrival.content, "dagster/partition": str(arrival.month)}
    return bool(instance.get_runs(RunsFilter(tags=tags, statuses=NOT_DONE), limit=1))


@sensor(
    job=month_end,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=DefaultSensorStatus.RUNNING,
)
def complete_drop(context: SensorEvaluationContext) -> SensorResult | SkipReason:
    """Starts a month's run when its drops are complete. What was asked for stands in the cursor."""
    found = what_is_new(dt.datetime.now(dt.UTC), _known(context.cursor))
    wanted = [arrival for arrival in found.arrivals if not is_under_way(context.instance, arrival)]
    waiting = ", ".join(map(str, found.incomplete))
    reason = f"still being written: {waiting}" if waiting else "no drop that was not run already"
    return SensorResult(
        run_requests=[request(arrival, "drop") for arrival in wanted],
        skip_reason=None if wanted else reason,
        cursor=found.known.model_dump_json(),
    )


def _known(cursor: str | None) -> Known:
    """What the last look remembered; nothing where an earlier version of this sensor wrote otherwise."""
    try:
        return Known.model_validate_json(cursor) if cursor else Known()
    except ValidationError:
        return Known()
