"""A run for every complete drop that arrives, once for its content."""

import contextlib
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
from pipelines.defs.resources import BEGUN, CONTENT, PARTITION_TAG, Warehouse
from pipelines.errors import BusyError
from pipelines.ingest.arrivals import Arrival, Known, Look, look_for_drops
from pipelines.month import only_run
from pipelines.month.run_end import note_dead_runs
from pipelines.month.run_lock import Holder, holder, stuck_line
from pipelines.month.run_record import months_to_run_again
from pipelines.notify import Alert, Kind, send
from pipelines.settings import DataFolder, alert_settings, quiet_minutes

TRIGGER = "warehouse/trigger"
NOT_DONE = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
]
SECONDS_BETWEEN_LOOKS = 60


class Cursor(Known):
    """What one look keeps for the next. `stuck`: the holder of the lock of which an alert was sent."""

    stuck: str = ""


def what_is_new(
    folder: DataFolder, now: dt.datetime, known: Known | None = None, instance: DagsterInstance | None = None
) -> Look:
    """The months to run, given what lies in the data folder and which runs were killed.

    Of a killed run of Dagster, `instance` may still say that it goes on: then nothing else would start.
    """
    with contextlib.suppress(BusyError), only_run(folder, "a look for drops"):
        for dead in note_dead_runs(folder, alert_settings()):
            run = instance.get_run_by_id(dead.run_id) if instance else None
            if instance and run and not run.is_finished:
                instance.report_run_failed(run, "Its process was killed.")
    return look_for_drops(folder, known or Known(), now, quiet_minutes(), months_to_run_again(folder))


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
    """Starts a month's run when its drops are complete, and once more when it was killed.

    While a run is going on it only looks whether that one hangs. The cursor holds what was asked for.
    """
    now, known = dt.datetime.now(dt.UTC), _known(context.cursor)
    holding = holder(warehouse.folder)
    if holding is not None:
        known.stuck = _alert_if_stuck(warehouse.folder, holding, now, known.stuck)
        return SensorResult(skip_reason=f"{holding} is going on", cursor=known.model_dump_json())
    _forget_what_never_began(context.instance, known)
    look = what_is_new(warehouse.folder, now, known, context.instance)
    wanted = [arrival for arrival in look.arrivals if not is_under_way(context.instance, arrival)]
    waiting = ", ".join(map(str, look.incomplete))
    reason = f"still being written: {waiting}" if waiting else "no drop that was not run already"
    return SensorResult(
        run_requests=[request(arrival, "drop") for arrival in wanted],
        skip_reason=None if wanted else reason,
        cursor=Cursor(**look.known.model_dump()).model_dump_json(),
    )


def _known(cursor: str | None) -> Cursor:
    """What the last look recorded; empty if an earlier version of the sensor wrote another format."""
    try:
        return Cursor.model_validate_json(cursor) if cursor else Cursor()
    except ValidationError:
        return Cursor()


def _forget_what_never_began(instance: DagsterInstance, known: Known) -> None:
    """Lets a month be asked for again whose run waited for another one until it gave up."""
    for month, content in list(known.asked.items()):
        runs = instance.get_runs(RunsFilter(tags={CONTENT: content, PARTITION_TAG: month}), limit=1)
        if runs and runs[0].is_failure and BEGUN not in runs[0].tags:
            del known.asked[month]


def _alert_if_stuck(folder: DataFolder, holding: Holder, now: dt.datetime, alerted: str) -> str:
    """Alerts people once of a run that hangs, and returns who that is."""
    if not holding.is_stuck(now):
        return ""
    if str(holding) != alerted:
        lines = (stuck_line(holding),)
        send(folder, Alert(Kind.FAILED, f"{holding.what} does not end", lines), alert_settings())
    return str(holding)
