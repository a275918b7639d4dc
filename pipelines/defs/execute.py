"""Running one month's job in this process, for the command."""

from typing import Any

from dagster import DagsterInstance

from pipelines.calendar import Month
from pipelines.defs.definitions import defs
from pipelines.defs.jobs import MONTH_END


def run_month(month: Month, waive: list[str], reason: str | None) -> None:
    """Ingest, gate, build, gate, publish. Raises what the failing room raised.

    Dagster's own record of the run is not kept: writing it takes longer than building the month. What a run
    found stands in the manifest, the gates' findings and the log.
    """
    gate: dict[str, Any] = {"config": {"waive": waive, "reason": reason or ""}}
    with DagsterInstance.ephemeral() as instance:
        defs.resolve_job_def(MONTH_END).execute_in_process(
            instance=instance,
            partition_key=str(month),
            run_config={
                "ops": {"gate_raw": gate, "gate_marts": gate},
                "loggers": {"console": {"config": {"log_level": "WARNING"}}},
            },
        )
