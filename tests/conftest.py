"""What tests of several kinds share."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import DATABASE_VARIABLE, DBT_PROJECT, NO_TELEMETRY


def run_dbt(arguments: list[str], database: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """dbt as a process of its own, as the pipeline runs it."""
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            *arguments,
            "--profiles-dir",
            str(DBT_PROJECT),
            "--target-path",
            str(target),
            "--log-path",
            str(target),
        ],
        cwd=DBT_PROJECT,
        env=os.environ | NO_TELEMETRY | {DATABASE_VARIABLE: str(database)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def dbt_manifest(tmp_path_factory) -> Path:
    """dbt's manifest of the project as it stands."""
    folder = tmp_path_factory.mktemp("dbt_parse")
    result = run_dbt(["parse", "--quiet"], folder / "none.duckdb", folder / "target")
    assert result.returncode == 0, result.stdout
    return folder / "target" / "manifest.json"
