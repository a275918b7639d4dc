"""Dagster's own settings, written into its home below the data folder."""

from pathlib import Path

from pipelines.settings import DataFolder, prepare_environment
from pipelines.warehouse_file import make_private_folder

INSTANCE = """\
# Written anew by `python -m pipelines.defs.pages`: changes belong there.
# Runs wait for each other, since a run works on one month from its first step to its last; and one step at a time
# opens the working file, since a DuckDB writer locks out even readers.
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    default_limit: 1
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  free_slots_after_run_end_seconds: 60
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
    """Dagster's home with its settings, for its owner only, and the environment that its processes need."""
    make_private_folder(folder.warehouse)
    home = make_private_folder(folder.dagster_home)
    (home / "dagster.yaml").write_text(INSTANCE, encoding="utf-8")
    prepare_environment(folder)
    return home
