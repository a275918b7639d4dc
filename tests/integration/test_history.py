"""History stays: no flag of dbt erases earlier extracts."""

import shutil

import duckdb
import pytest
from dbt_process import run_dbt
from small_authority import drop, write_drop

from pipelines.cli import main
from pipelines.settings import DataFolder
from pipelines.table_register import KEPT, KEPT_AS_REPORTED, table_register

MONTHS = ("2019-01", "2019-02", "2019-03")


@pytest.fixture(scope="module")
def three_months(tmp_path_factory) -> DataFolder:
    """A data folder with three published months; tests work on copies."""
    folder = DataFolder(tmp_path_factory.mktemp("history"))
    for month in MONTHS:
        write_drop(folder.root, month, drop(month))
    assert main(["run", "--data", str(folder.root), "--from", MONTHS[0], "--to", MONTHS[-1]]) == 0
    return folder


@pytest.fixture
def copied(three_months, tmp_path) -> DataFolder:
    shutil.copytree(three_months.root, tmp_path / "data", symlinks=True)
    return DataFolder(tmp_path / "data")


def rows_by_extract(folder: DataFolder) -> dict[tuple[str, str], int]:
    """Rows of every table that keeps earlier extracts, by table and extract."""
    counts: dict[tuple[str, str], int] = {}
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        for name, entry in table_register(folder.dbt_manifest).items():
            if entry.earlier_extracts in {KEPT, KEPT_AS_REPORTED}:
                query = f"select cast({entry.extract} as varchar), count(*) from {name} group by all"
                counts |= {(name, extract): rows for extract, rows in connection.execute(query).fetchall()}
    return counts


@pytest.mark.long
def test_a_full_refresh_of_dbt_keeps_every_earlier_extract(copied):
    before = rows_by_extract(copied)
    assert {extract for name, extract in before if name == "core.fct_plan"} == {
        "2019-01-31",
        "2019-02-28",
        "2019-03-31",
    }
    built = run_dbt(
        ["build", "--full-refresh", "--exclude-resource-type", "unit_test"],
        copied.database,
        copied.root / "target",
    )
    assert built.returncode == 0, built.stdout
    assert rows_by_extract(copied) == before
