"""How a run that Dagster started ended, for the record and for people: also one that was killed."""

from collections.abc import Iterator, Sequence

from dagster import (
    DagsterEvent,
    DagsterRun,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunFailureSensorContext,
    RunStatusSensorContext,
    run_failure_sensor,
    run_status_sensor,
)
from dagster_shared.error import SerializableErrorInfo

from pipelines.calendar import Month
from pipelines.defs.jobs import month_end
from pipelines.defs.release import RELEASE_TAG
from pipelines.errors import (
    BadInputError,
    BusyError,
    GateRefusedError,
    StorageFullError,
    UsageError,
    WarehouseError,
)
from pipelines.run_end import note_published, note_unpublished
from pipelines.run_log import RunOfMonth
from pipelines.settings import data_folder

_OURS: dict[str, type[WarehouseError]] = {
    kind.__name__: kind
    for kind in (WarehouseError, UsageError, GateRefusedError, BadInputError, StorageFullError, BusyError)
}


@run_status_sensor(
    run_status=DagsterRunStatus.SUCCESS, monitored_jobs=[month_end], default_status=DefaultSensorStatus.RUNNING
)
def month_published(context: RunStatusSensorContext) -> None:
    """Keeps that a month was published; after a failure people are told that all is well again."""
    run = context.instance.get_run_by_id(context.dagster_run.run_id) or context.dagster_run
    note_published(data_folder(), _run(run), run.tags.get(RELEASE_TAG), {})


@run_failure_sensor(monitored_jobs=[month_end], default_status=DefaultSensorStatus.RUNNING)
def month_failed(context: RunFailureSensorContext) -> None:
    """Keeps why a month was not published, and tells people."""
    error = error_of(context.dagster_run, context.get_step_failure_events())
    note_unpublished(data_folder(), _run(context.dagster_run), error, {})


@run_status_sensor(
    run_status=DagsterRunStatus.CANCELED, monitored_jobs=[month_end], default_status=DefaultSensorStatus.RUNNING
)
def month_canceled(context: RunStatusSensorContext) -> None:
    """Keeps that somebody stopped a run."""
    run = _run(context.dagster_run)
    note_unpublished(data_folder(), run, WarehouseError(f"{run.month}: the run was stopped by hand"), {})


def error_of(run: DagsterRun, failures: Sequence[DagsterEvent]) -> WarehouseError:
    """The fault that stopped a run. Only the words of our own faults are passed on: others may quote a value."""
    for event in failures:
        for info in _chain(event.step_failure_data.error):
            if info.cls_name in _OURS:
                return _OURS[info.cls_name](info.message.partition(": ")[2].strip())
    month = _run(run).month
    if failures:
        steps = ", ".join(str(event.step_key) for event in failures)
        return WarehouseError(
            f"{month}: the run failed unexpectedly at {steps}, see Dagster's page of run {run.run_id}"
        )
    return WarehouseError(f"{month}: the run ended before it was done, see Dagster's page of run {run.run_id}")


def _chain(error: SerializableErrorInfo | None) -> Iterator[SerializableErrorInfo]:
    while error is not None:
        yield error
        error = error.cause


def _run(run: DagsterRun) -> RunOfMonth:
    return RunOfMonth(Month.parse(run.tags["dagster/partition"]), run.run_id)
