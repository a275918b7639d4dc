"""Settings of the environment: which are known."""

import re
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.settings import KNOWN_VARIABLES, MEMORY_VARIABLE, PREFIX, DataFolder, refuse_unknown_variables
from pipelines.warehouse_file import memory_limit, open_in_memory, open_warehouse


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("WAREHOUSE_SMALLEST_COUNT_SHOWN", "did you mean WAREHOUSE_SMALLEST_SHOWN_COUNT?"),
        ("WAREHOUSE_QUIET_MINUTE", "did you mean WAREHOUSE_QUIET_MINUTES?"),
        ("WAREHOUSE_XYZ", "docs/deployment.md lists the settings"),
    ],
)
def test_a_setting_that_is_misspelt_is_refused(monkeypatch, capfd, name, hint):
    monkeypatch.setenv(name, "20")
    with pytest.raises(UsageError) as refused:
        refuse_unknown_variables()
    assert str(refused.value) == f"the environment variable {name} is not a setting: {hint}"
    assert main(["releases"]) == 2
    assert name in capfd.readouterr().err


@pytest.mark.parametrize(
    ("given", "of_container", "limit"),
    [("1024", "max", "1.0 GiB"), ("", str(2 << 30), "1.0 GiB"), ("", str(64 << 20), "256.0 MiB")],
)
def test_duckdb_holds_no_more_in_memory_than_the_setting_or_half_of_the_container(
    tmp_path, monkeypatch, given, of_container, limit
):
    group = tmp_path / "memory.max"
    group.write_text(f"{of_container}\n")
    monkeypatch.setattr("pipelines.warehouse_file.MEMORY_OF_CONTAINER", (group, tmp_path / "no such file"))
    monkeypatch.setenv(MEMORY_VARIABLE, given)
    asked = "select current_setting('memory_limit'), current_setting('temp_directory')"
    folder = DataFolder(tmp_path / "data")
    with open_warehouse(folder) as working_file, open_in_memory(tmp_path / "spill") as in_memory:
        assert working_file.execute(asked).fetchone() == (limit, f"{folder.database}.tmp")
        assert in_memory.execute(asked).fetchone() == (limit, str(tmp_path / "spill"))
        assert folder.warehouse.stat().st_mode & 0o777 == 0o700


def test_too_little_memory_is_refused_with_the_least(monkeypatch):
    monkeypatch.setenv(MEMORY_VARIABLE, "100")
    with pytest.raises(UsageError, match="WAREHOUSE_MEMORY_MB must be a whole number of 256 or more, not 100"):
        memory_limit()


def settings_in(text):
    """The variables in the first column of the docs' tables of settings."""
    rows = re.findall(r"^\| (`WAREHOUSE_[^|]*)\|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"WAREHOUSE_[A-Z_]+", row)}


def test_every_setting_of_the_docs_is_known_and_every_known_one_is_in_them(monkeypatch):
    docs = Path(__file__).parents[2] / "docs"
    listed = settings_in((docs / "deployment.md").read_text(encoding="utf-8"))
    assert settings_in((docs / "disclosure.md").read_text(encoding="utf-8")) <= listed
    assert listed == {name for name in KNOWN_VARIABLES if name.startswith(PREFIX)}
    for name in listed:
        monkeypatch.setenv(name, "")
    refuse_unknown_variables()
