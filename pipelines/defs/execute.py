"""Running one month's job in this process, for the command."""

from typing import Any

from dagster import DagsterInstance

from pipelines.calendar import Month
from pipelines.defs.definitions import MONTH_END, defs
from pipelines.settings import DataFolder


def run_month(folder: DataFolder, month: Month, waive: list[str], reason: str | None) -> None:
    """Ingest, gate, build, gate, publish. Raises what the failing room raised."""
    folder.dagster_home.mkdir(parents=True, exist_ok=True)
    (folder.dagster_home / "dagster.yaml").touch()
    gate: dict[str, Any] = {"config": {"waive": waive, "reason": reason or ""}}
    with DagsterInstance.from_config(str(folder.dagster_home)) as instance:
        defs.resolve_job_def(MONTH_END).execute_in_process(
            instance=instance,
            partition_key=str(month),
            run_config={
                "ops": {"gate_raw": gate, "gate_marts": gate},
                "loggers": {"console": {"config": {"log_level": "WARNING"}}},
            },
        )
