"""What each command imports: one that only looks something up does not wait for what a month needs."""

import os
import subprocess
import sys

import pytest

from pipelines.settings import DATA_VARIABLE

SLOW = {"dagster", "dbt", "great_expectations", "jinja2", "polars", "scipy"}
"""Packages that take a tenth of a second to seconds to import, and that some command can do without."""
COMMAND = "from pipelines.cli import main; main({words})"
LOAD = "from pipelines.defs.definitions import code_location as load; load()"
TELL = "; import sys; print(*sys.modules)"


def imported(code: str, data: os.PathLike[str] | str) -> set[str]:
    """The modules that a new process has imported after the code, which works on a data folder."""
    process = subprocess.run(
        [sys.executable, "-c", code + TELL],
        env=os.environ | {DATA_VARIABLE: str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(process.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("words", "slow"),
    [
        ("status", set()),
        ("releases", set()),
        ("rollback 2019-01_none", set()),
        ("explain mart_due_list", set()),
        ("feedback --with-lcs-ids", {"polars"}),
        # before the first drop is read: a gate imports Great Expectations
        ("run --month 2019-01", {"jinja2", "polars", "scipy"}),
    ],
)
def test_a_command_imports_only_what_it_uses(words, slow, dbt_manifest):
    # the manifest is there as a run leaves it, so that nothing reads the dbt project
    assert imported(COMMAND.format(words=words.split()), dbt_manifest.parents[2]) & SLOW == slow


def test_dagster_loads_from_the_manifest_and_reads_no_dbt_project(dbt_manifest):
    modules = imported(LOAD, dbt_manifest.parents[2])
    assert "dagster_dbt" in modules
    assert not {"dbt.cli.main", "great_expectations"} & modules


def test_importing_the_code_location_writes_nothing(tmp_path):
    assert "dagster" in imported("import pipelines.defs.definitions", tmp_path / "data")
    assert not (tmp_path / "data").exists()
