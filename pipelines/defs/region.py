"""The code location of a region: a run for each month and shard, each in a process of its own, then one release.

Belongs here: partitions, assets, jobs and the sensor where `WAREHOUSE_SHARDS` is set. Does not belong here: what a
run of a shard does (`pipelines.month.shards`). Dagster's run launcher starts the runs: processes, or containers
where its settings say so.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

from dagster import (
    AssetDep,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSelection,
    DagsterInstance,
    DefaultSensorStatus,
    Definitions,
    MaterializeResult,
    MultiPartitionKey,
    MultiPartitionsDefinition,
    MultiToSingleDimensionPartitionMapping,
    RetryRequested,
    RunFailureSensorContext,
    RunRequest,
    RunsFilter,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    StaticPartitionsDefinition,
    asset,
    define_asset_job,
    in_process_executor,
    run_failure_sensor,
    sensor,
)
from pydantic import BaseModel

from pipelines.calendar import Month
from pipelines.defs.drop_sensor import NOT_DONE, SECONDS_BETWEEN_LOOKS
from pipelines.defs.freshness_checks import every_working_day, freshness_job, is_everything_fresh
from pipelines.defs.month_job import MONTH_END
from pipelines.defs.outcome_sensors import fault_in, outcome_sensors
from pipelines.defs.partitions import KINDS, MONTHS, ONE_MONTH_A_RUN, OWNERS
from pipelines.defs.release_asset import release_asset
from pipelines.defs.resources import BUSY_RETRIES, BUSY_WAIT_SECONDS, CONTENT, PARTITION_TAG, MonthRun, Warehouse
from pipelines.errors import BadInputError, BusyError, GateRefusedError, WarehouseError
from pipelines.ingest.arrivals import Known, look_for_drops
from pipelines.ingest.pseudonyms import make_key
from pipelines.month import MonthContext, Options, only_run, steps
from pipelines.month.run_log import RunOfMonth
from pipelines.month.run_record import months_to_run_again
from pipelines.month.shards import ShardTask, alert_of_shard, gather, note_dead_shard, run_shard, to_publish
from pipelines.publish import Release
from pipelines.settings import DataFolder, ShardFolder, alert_settings, quiet_minutes, read_settings

SHARD_MONTH = "shard_month"
MONTH, SHARD = "month", "shard"
SHARD_TAG = "warehouse/shard"
WORKING_FILE_OF_SHARD = AssetKey([SHARD, "working_file"])
_FAULTS = {fault.exit_status: fault for fault in (WarehouseError, GateRefusedError, BadInputError)}


class RegionCursor(BaseModel):
    """What one look keeps for the next: the drops of each shard."""

    shards: dict[str, Known] = {}


def region_defs(folder: DataFolder) -> Definitions:
    """The code location of a region."""
    warehouse = Warehouse(data_folder=str(folder.root))
    partitions = MultiPartitionsDefinition(
        {MONTH: MONTHS, SHARD: StaticPartitionsDefinition([shard.name for shard in folder.shards])}
    )
    of_month = AssetDep(WORKING_FILE_OF_SHARD, partition_mapping=MultiToSingleDimensionPartitionMapping(MONTH))
    shard_month = define_asset_job(
        SHARD_MONTH,
        selection=AssetSelection.assets(WORKING_FILE_OF_SHARD),
        partitions_def=partitions,
        description="One month of one shard: ingest, gate, build, gate.",
    )
    month_end = define_asset_job(
        MONTH_END,
        selection=AssetSelection.assets("release").without_checks(),
        partitions_def=MONTHS,
        description="The release of what the shards have finished.",
    )
    return Definitions(
        assets=[_working_file(partitions), release_asset([of_month], publish)],
        asset_checks=[is_everything_fresh],
        jobs=[shard_month, month_end, freshness_job],
        schedules=[every_working_day],
        sensors=[
            _complete_drop_of_shard([shard_month, month_end]),
            _shard_failed(shard_month),
            *outcome_sensors(month_end),
        ],
        resources={"warehouse": warehouse, "month_run": MonthRun(warehouse=warehouse)},
        executor=in_process_executor,
    )


def _working_file(partitions: MultiPartitionsDefinition) -> AssetsDefinition:
    @asset(
        key=WORKING_FILE_OF_SHARD,
        partitions_def=partitions,
        backfill_policy=ONE_MONTH_A_RUN,
        group_name=SHARD,
        kinds=KINDS | {"dbt"},
        owners=OWNERS,
    )
    def working_file(context: AssetExecutionContext, warehouse: Warehouse) -> MaterializeResult[None]:
        """Runs a month in a shard up to its release. Another shard's run may go on meanwhile."""
        assert isinstance(context.partition_key, MultiPartitionKey), "a run has a month and a shard"
        keys = context.partition_key.keys_by_dimension
        folder = warehouse.folder
        run = RunOfMonth(Month.parse(keys[MONTH]), context.run_id)
        try:
            with contextlib.suppress(BusyError), only_run(folder, "making the key of pseudonyms"):
                make_key(folder)
            task = ShardTask(shard_of(folder, keys[SHARD]), run.month, Options(read_settings()), run)
            ended = run_shard(task)
        except BusyError as busy:
            raise RetryRequested(BUSY_RETRIES, BUSY_WAIT_SECONDS) from busy
        for kind, text in ended.lines:
            (context.log.warning if kind == "warning" else context.log.info)(text)
        if ended.fault:
            raise _FAULTS.get(ended.exit_status, WarehouseError)(ended.fault)
        return MaterializeResult(metadata={"memory in MB": ended.megabytes})

    return working_file


def publish(month: MonthContext) -> Release:
    """Publishes what the shards have finished, while no run of a shard goes on."""
    with contextlib.ExitStack() as held:
        for shard in month.folder.shards:
            held.enter_context(only_run(shard, f"the release of {month.month}"))
        gather(month)
        return steps.release(month)


def shard_of(folder: DataFolder, name: str) -> ShardFolder:
    """The shard of a name."""
    return next(shard for shard in folder.shards if shard.name == name)


def _complete_drop_of_shard(jobs: list[Any]) -> SensorDefinition:
    @sensor(
        name="complete_drop",
        jobs=jobs,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=DefaultSensorStatus.RUNNING,
    )
    def complete_drop(context: SensorEvaluationContext, warehouse: Warehouse) -> SensorResult:
        """Starts a shard's month when its drops are complete, and the release when no shard is being run."""
        cursor = RegionCursor.model_validate_json(context.cursor) if context.cursor else RegionCursor()
        requests: list[RunRequest] = []
        for shard in warehouse.folder.shards:
            requests += _runs_of_shard(shard, cursor, context.instance)
        if not requests and not _is_any_under_way(context.instance):
            requests = [
                RunRequest(partition_key=str(month), job_name=MONTH_END)
                for month in to_publish(warehouse.folder)[:1]
            ]
        return SensorResult(run_requests=requests, cursor=cursor.model_dump_json())

    return complete_drop


def _runs_of_shard(shard: ShardFolder, cursor: RegionCursor, instance: DagsterInstance) -> Iterator[RunRequest]:
    """A run for each month of a shard whose drops are complete and were not run; none while it is being run."""
    try:
        with only_run(shard, "a look for drops"):
            note_dead_shard(shard, alert_settings())
    except BusyError:
        return
    known = cursor.shards.get(shard.name, Known())
    now = dt.datetime.now(dt.UTC)
    look = look_for_drops(shard, known, now, quiet_minutes(), months_to_run_again(shard))
    cursor.shards[shard.name] = look.known
    for arrival in look.arrivals:
        tags = {CONTENT: arrival.content, SHARD_TAG: shard.name}
        if not instance.get_runs(RunsFilter(tags=tags, statuses=NOT_DONE), limit=1):
            key = MultiPartitionKey({MONTH: str(arrival.month), SHARD: shard.name})
            yield RunRequest(f"{shard.name}-{arrival.key}", partition_key=key, job_name=SHARD_MONTH, tags=tags)


def _is_any_under_way(instance: DagsterInstance) -> bool:
    names = (SHARD_MONTH, MONTH_END)
    return any(instance.get_runs(RunsFilter(job_name=name, statuses=NOT_DONE), limit=1) for name in names)


def _shard_failed(job: Any) -> SensorDefinition:
    @run_failure_sensor(name="shard_failed", monitored_jobs=[job], default_status=DefaultSensorStatus.RUNNING)
    def shard_failed(context: RunFailureSensorContext, warehouse: Warehouse) -> None:
        """Alerts people of a shard that was refused. One that was killed is found by the next look for drops."""
        run = context.dagster_run
        events = context.get_step_failure_events()
        if events:
            month = Month.parse(run.tags[f"{PARTITION_TAG}/{MONTH}"])
            fault = str(fault_in(month, run.run_id, events))
            alert_of_shard(warehouse.folder, month, run.tags[f"{PARTITION_TAG}/{SHARD}"], fault, alert_settings())

    return shard_failed
