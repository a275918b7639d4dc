"""Dagster's own settings in its home below the data folder, and correcting its record of runs at a start."""

import contextlib
import os
from pathlib import Path

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from pipelines.errors import BusyError
from pipelines.month import only_run
from pipelines.settings import DataFolder, workers
from pipelines.warehouse_file import make_private_folder

INSTANCE = """\
# Written anew by `python -m pipelines.defs.pages`: changes belong there.
# Runs wait for each other: a run works on one month from its first step to its last. One step at a time opens the
# working file: a DuckDB writer locks out even readers. Where shards are set, as many run as there are workers.
concurrency:
  runs:
    max_concurrent_runs: {runs}
  pools:
    default_limit: 1
# The sensor `complete_drop` asks again for a month whose run was killed, whoever had started it.
run_retries:
  enabled: false
run_monitoring:
  enabled: true
  max_runtime_seconds: 14400
  start_timeout_seconds: 300
  free_slots_after_run_end_seconds: 60
freshness:
  enabled: true
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      failure: 30
      success: 400
telemetry:
  enabled: false
"""


def prepare_instance(folder: DataFolder) -> Path:
    """Dagster's home with its settings, for its owner only."""
    make_private_folder(folder.warehouse)
    home = make_private_folder(folder.dagster_home)
    (home / "dagster.yaml").write_text(INSTANCE.replace("{runs}", str(_runs_at_a_time(folder))), encoding="utf-8")
    return home


def _runs_at_a_time(folder: DataFolder) -> int:
    return (workers() or os.cpu_count() or 1) if folder.shards else 1


def end_what_was_killed(folder: DataFolder, instance: DagsterInstance) -> int:
    """Marks runs as failed whose processes ended with an earlier start; returns how many.

    Dagster itself would wait for them, and so would every later run. None is touched while a run is going.
    """
    statuses = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    with contextlib.suppress(BusyError), only_run(folder):
        killed = instance.get_runs(RunsFilter(statuses=statuses))
        for run in killed:
            instance.report_run_failed(run, "Its process has ended: the server or the daemon was stopped.")
        return len(killed)
    return 0
