"""Starts Dagster's pages on the pipeline: `python -m pipelines.defs.pages [arguments of dagster dev]`."""

import os
import sys

from pipelines.settings import data_folder, prepare_environment
from pipelines.warehouse_file import make_private_folder

INSTANCE = """\
# Written by `make dagster`. One step at a time opens the working file: a DuckDB writer locks out even readers.
concurrency:
  pools:
    default_limit: 1
telemetry:
  enabled: false
"""


def main() -> None:
    """Replaces this process by `dagster dev`, with its home in the data folder."""
    folder = data_folder()
    make_private_folder(folder.warehouse)
    make_private_folder(folder.dagster_home)
    (folder.dagster_home / "dagster.yaml").write_text(INSTANCE, encoding="utf-8")
    prepare_environment(folder)
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "--module-name",
        "pipelines.defs.definitions",
        *sys.argv[1:],
    ]
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
