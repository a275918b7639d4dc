"""dbt as a process of its own, for tests of the project as dbt sees it."""

import os
import subprocess
import sys
from pathlib import Path

from pipelines.settings import DATABASE_VARIABLE, DBT_PROJECT, NO_TELEMETRY


def run_dbt(
    arguments: list[str], database: Path, target: Path, project: Path = DBT_PROJECT
) -> subprocess.CompletedProcess[str]:
    """Runs dbt on a project with `database` as the working file; what it writes goes to `target`."""
    folders = ["--profiles-dir", str(project), "--target-path", str(target), "--log-path", str(target)]
    return subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), *arguments, *folders],
        cwd=project,
        env=os.environ | NO_TELEMETRY | {DATABASE_VARIABLE: str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
