"""Running one month's job in this process, for the command."""

from typing import Any

from dagster import AssetKey, DagsterInstance, EventLogEntry
from dagster._core.instance import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log.in_memory import InMemoryEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import TemporaryLocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage

from pipelines.calendar import Month
from pipelines.defs.definitions import defs
from pipelines.defs.jobs import MONTH_END
from pipelines.publish import Corrections


class _NoRecord(InMemoryEventLogStorage):
    """Keeps no event: looking the last ones up and writing new ones takes a sixth of a small month."""

    def store_event(self, event: EventLogEntry) -> None:
        pass

    def get_asset_records(self, asset_keys: list[AssetKey] | None = None) -> list[Any]:  # type: ignore[override]
        return []


def run_month(month: Month, waive: list[str], reason: str | None, corrections: Corrections) -> None:
    """Ingest, gate, build, gate, publish. Raises what the failing room raised.

    Dagster's own record of the run is not kept: writing it takes longer than building the month. What a run
    found stands in the manifest, the gates' findings and the log.
    """
    gate: dict[str, Any] = {"config": {"waive": waive, "reason": reason or ""}}
    announced = {"correct": [str(one) for one in corrections.months], "reason": corrections.reason}
    with _instance_without_record() as instance:
        defs.resolve_job_def(MONTH_END).execute_in_process(
            instance=instance,
            partition_key=str(month),
            run_config={
                "ops": {"gate_raw": gate, "gate_marts": gate, "release": {"config": announced}},
                "loggers": {"console": {"config": {"log_level": "WARNING"}}},
            },
        )


def _instance_without_record() -> DagsterInstance:
    """`DagsterInstance.ephemeral()` in all but its event log, for which Dagster has no setting."""
    return DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=TemporaryLocalArtifactStorage(),  # type: ignore[no-untyped-call]
        run_storage=InMemoryRunStorage(),
        event_storage=_NoRecord(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
    )
