"""Records how a run that Dagster started ended, and alerts people; also when it was killed."""

import signal
from collections.abc import Iterator, Sequence
from typing import Any

from dagster import (
    DagsterEvent,
    DagsterExecutionInterruptedError,
    DagsterRun,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunFailureSensorContext,
    RunStatusSensorContext,
    SensorDefinition,
    run_failure_sensor,
    run_status_sensor,
)

from pipelines.calendar import Month
from pipelines.defs.month_job import month_end
from pipelines.defs.release_asset import RELEASE_TAG
from pipelines.defs.resources import BEGUN, NOTHING_TO_DO, PARTITION_TAG, Warehouse
from pipelines.errors import (
    BadInputError,
    BusyError,
    DiedError,
    GateRefusedError,
    StoppedError,
    StorageFullError,
    UsageError,
    WarehouseError,
)
from pipelines.month.run_end import note_death, note_published, note_unpublished
from pipelines.month.run_log import RunOfMonth
from pipelines.month.run_record import record_of
from pipelines.progress import Progress
from pipelines.settings import alert_settings

_OURS: dict[str, type[WarehouseError]] = {
    kind.__name__: kind
    for kind in (WarehouseError, UsageError, GateRefusedError, BadInputError, StorageFullError, BusyError)
}


def outcome_sensors(job: Any) -> tuple[SensorDefinition, SensorDefinition, SensorDefinition]:
    """The sensors that record how the runs of a job ended: published, failed, canceled."""

    @run_status_sensor(
        run_status=DagsterRunStatus.SUCCESS, monitored_jobs=[job], default_status=DefaultSensorStatus.RUNNING
    )
    def month_published(context: RunStatusSensorContext, warehouse: Warehouse) -> None:
        """Records that a month was published. Sends an alert if the run before failed."""
        run = context.instance.get_run_by_id(context.dagster_run.run_id) or context.dagster_run
        if run.tags.get(BEGUN) == NOTHING_TO_DO:
            return
        release = run.tags.get(RELEASE_TAG)
        note_published(warehouse.folder, _run(run), release, Progress(), alert_settings())

    @run_failure_sensor(monitored_jobs=[job], default_status=DefaultSensorStatus.RUNNING)
    def month_failed(context: RunFailureSensorContext, warehouse: Warehouse) -> None:
        """Records why a month was not published, and alerts people."""
        run, error = _run(context.dagster_run), error_of(context.dagster_run, context.get_step_failure_events())
        record = record_of(warehouse.folder, run.month)
        if isinstance(error, DiedError) and record is not None and record.run_id == run.id:
            if record.status is None:
                note_death(warehouse.folder, record, alert_settings())
            return
        note_unpublished(warehouse.folder, run, error, Progress(), alert_settings())

    @run_status_sensor(
        run_status=DagsterRunStatus.CANCELED, monitored_jobs=[job], default_status=DefaultSensorStatus.RUNNING
    )
    def month_canceled(context: RunStatusSensorContext, warehouse: Warehouse) -> None:
        """Records that somebody stopped a run."""
        run = _run(context.dagster_run)
        error = StoppedError(f"{run.month}: the run was stopped by hand; the current release is unchanged")
        note_unpublished(warehouse.folder, run, error, Progress(), alert_settings())

    return month_published, month_failed, month_canceled


month_published, month_failed, month_canceled = outcome_sensors(month_end)


def error_of(run: DagsterRun, failures: Sequence[DagsterEvent]) -> WarehouseError:
    """The fault that stopped a run. Only the words of our own faults are passed on: others may quote a value."""
    month = _run(run).month
    if failures:
        return fault_in(month, run.run_id, failures)
    return DiedError(f"{month}: the run ended before it was done, see Dagster's page of run {run.run_id}")


def fault_in(month: Month, run_id: str, failures: Sequence[DagsterEvent]) -> WarehouseError:
    """The fault in the steps that failed."""
    for event in failures:
        for info in _chain(event.step_failure_data.error):
            if info.cls_name in _OURS:
                return _OURS[info.cls_name](info.message.partition(": ")[2].strip())
            if info.cls_name == DagsterExecutionInterruptedError.__name__:
                what = f"{month}: stopped by {signal.SIGTERM.name} at {event.step_key}"
                return StoppedError(f"{what}; the current release is unchanged", again=True)
    steps = ", ".join(str(event.step_key) for event in failures)
    return WarehouseError(f"{month}: the run failed unexpectedly at {steps}, see Dagster's page of run {run_id}")


def _chain(error: Any) -> Iterator[Any]:
    """The error as Dagster keeps it, and what it was raised from."""
    while error is not None:
        yield error
        error = error.cause


def _run(run: DagsterRun) -> RunOfMonth:
    return RunOfMonth(Month.parse(run.tags[PARTITION_TAG]), run.run_id)
