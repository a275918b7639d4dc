"""A run for every complete drop that arrives, once for its content."""

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

from pipelines.defs.month_job import month_end
from pipelines.defs.resources import PARTITION_TAG, Warehouse
from pipelines.ingest.arrivals import Arrival, Known, Look, look_for_drops
from pipelines.settings import DataFolder, quiet_minutes

TRIGGER = "warehouse/trigger"
CONTENT = "warehouse/content"
NOT_DONE = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
]
SECONDS_BETWEEN_LOOKS = 60


def what_is_new(folder: DataFolder, now: dt.datetime, known: Known | None = None) -> Look:
    """The months to run, given what lies in the data folder."""
    return look_for_drops(folder, known or Known(), now, quiet_minutes())


def request(arrival: Arrival, trigger: str) -> RunRequest:
    """A run of the month, with tags that say which content it is for and what started it."""
    return RunRequest(
        run_key=arrival.key if trigger == "drop" else None,
        partition_key=str(arrival.month),
        tags={TRIGGER: trigger, CONTENT: arrival.content},
    )


def is_under_way(instance: DagsterInstance, arrival: Arrival) -> bool:
    """Whether a run for this content is waiting or going on."""
    tags = {CONTENT: arrival.content, PARTITION_TAG: str(arrival.month)}
    return bool(instance.get_runs(RunsFilter(tags=tags, statuses=NOT_DONE), limit=1))


@sensor(
    job=month_end,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=DefaultSensorStatus.RUNNING,
)
def complete_drop(context: SensorEvaluationContext, warehouse: Warehouse) -> SensorResult | SkipReason:
    """Starts a month's run when its drops are complete. The cursor holds what was asked for."""
    look = what_is_new(warehouse.folder, dt.datetime.now(dt.UTC), _known(context.cursor))
    wanted = [arrival for arrival in look.arrivals if not is_under_way(context.instance, arrival)]
    waiting = ", ".join(map(str, look.incomplete))
    reason = f"still being written: {waiting}" if waiting else "no drop that was not run already"
    return SensorResult(
        run_requests=[request(arrival, "drop") for arrival in wanted],
        skip_reason=None if wanted else reason,
        cursor=look.known.model_dump_json(),
    )


def _known(cursor: str | None) -> Known:
    """What the last look recorded; empty if an earlier version of the sensor wrote another format."""
    try:
        return Known.model_validate_json(cursor) if cursor else Known()
    except ValidationError:
        return Known()
