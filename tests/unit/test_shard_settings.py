"""The settings of a region: which authorities make a shard, and how many workers share the memory."""

from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.settings import (
    MEMORY_VARIABLE,
    SHARDS_VARIABLE,
    WORKERS_VARIABLE,
    DataFolder,
    data_folder,
    shards,
    workers,
)

USAGE = 2


def test_without_the_setting_there_are_no_shards(tmp_path: Path):
    assert shards() == {}
    assert data_folder(tmp_path).shards == ()


def test_a_shard_has_its_own_working_file_and_the_archive_of_the_region(tmp_path, monkeypatch):
    monkeypatch.setenv(SHARDS_VARIABLE, "north: 201 202; south: 203,204;")
    north, south = DataFolder(tmp_path).shards
    assert (north.authorities, south.authorities) == (("201", "202"), ("203", "204"))
    assert north.database != south.database
    assert north.archive == south.archive == DataFolder(tmp_path).archive
    assert north.has_authority("202") and not north.has_authority("203")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("north: 201 202; south: 202", "authority 202 is in north and in south: leave it in one"),
        ("201 202", "not '201 202'"),
        ("north: 201; north: 202", "not 'north: 202'"),
        ("../north: 201", "not '../north: 201'"),
        ("north:", "not 'north:'"),
    ],
)
def test_what_is_no_group_of_authorities_is_refused_in_one_line(given, line, monkeypatch, tmp_path, capfd):
    monkeypatch.setenv(SHARDS_VARIABLE, given)
    assert main(["run", "--month", "2019-01", "--data", str(tmp_path)]) == USAGE
    (error,) = capfd.readouterr().err.splitlines()
    assert line in error


def test_a_worker_without_memory_is_refused(monkeypatch):
    monkeypatch.setenv(MEMORY_VARIABLE, "600")
    monkeypatch.setenv(WORKERS_VARIABLE, "2")
    assert workers() == 2
    monkeypatch.setenv(WORKERS_VARIABLE, "4")
    with pytest.raises(UsageError, match="leaves 150 MB for each of 4 workers"):
        workers()


@pytest.mark.parametrize("command", [("rekey",), ("forget", "--older-than", "6"), ("rebuild",)])
def test_commands_that_change_one_working_file_say_that_they_do_not_work_with_shards(
    command, monkeypatch, tmp_path, capfd
):
    monkeypatch.setenv(SHARDS_VARIABLE, "north: 201; south: 202")
    assert main([*command, "--data", str(tmp_path)]) == USAGE
    assert "does not work with shards yet" in capfd.readouterr().err


def test_a_shard_that_is_not_set_is_refused(monkeypatch, tmp_path, capfd):
    monkeypatch.setenv(SHARDS_VARIABLE, "north: 201; south: 202")
    assert main(["run", "--month", "2019-01", "--shard", "east", "--data", str(tmp_path)]) == USAGE
    assert "--shard east: WAREHOUSE_SHARDS has no shard of this name" in capfd.readouterr().err
