"""Starts Dagster's pages on the pipeline: `python -m pipelines.defs.pages [arguments of dagster dev]`."""

import os
import sys

from pipelines.settings import data_folder, prepare_environment


def main() -> None:
    """Replaces this process by `dagster dev`, with its home in the data folder."""
    folder = data_folder()
    folder.dagster_home.mkdir(parents=True, exist_ok=True)
    (folder.dagster_home / "dagster.yaml").touch()
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
