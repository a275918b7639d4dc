"""A region in shards: its releases are those of one working file, and a shard that fails stops no other."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest
from dagster import DagsterInstance, RunRequest, build_sensor_context
from small_authority import drop, write_drop

from pipelines.cli import main
from pipelines.defs.definitions import build_defs
from pipelines.defs.instance import prepare_instance
from pipelines.defs.resources import Warehouse
from pipelines.errors import BadInputError
from pipelines.month import shards as month_in_shards
from pipelines.publish import current_release
from pipelines.publish.working_files import open_for_release
from pipelines.release_layout import files_of, sql_of, table_of
from pipelines.settings import SHARDS_VARIABLE, WORKERS_VARIABLE, DataFolder

pytestmark = pytest.mark.long

BAD_INPUT = 4
SHARDS = {"north": ("888", "889"), "south": ("890",)}
JANUARY, FEBRUARY = "2019-01", "2019-02"


@pytest.fixture
def two_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHARDS_VARIABLE, "; ".join(f"{name}: {' '.join(codes)}" for name, codes in SHARDS.items()))
    monkeypatch.setenv(WORKERS_VARIABLE, "2")


@pytest.fixture(scope="module")
def pooled(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January and February of three authorities in one working file."""
    data = tmp_path_factory.mktemp("pooled") / "data"
    shutil.copytree(built_project, data)
    for month in (JANUARY, FEBRUARY):
        for la_code in (code for codes in SHARDS.values() for code in codes):
            write_drop(data, month, drop(month), la_code)
    assert main(["run", "--from", JANUARY, "--to", FEBRUARY, "--data", str(data)]) == 0
    return data


@pytest.fixture(scope="module")
def january(pooled: Path, built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January of the same authorities in two shards, with the same key of pseudonyms."""
    data = tmp_path_factory.mktemp("region") / "data"
    shutil.copytree(pooled / "raw", data / "raw")
    key = data / "warehouse" / "private"
    shutil.copytree(built_project / "warehouse" / "private", key)
    for name in SHARDS:
        shutil.copytree(built_project / "warehouse", data / "warehouse" / "shards" / name)
    with pytest.MonkeyPatch.context() as patch:
        two_shards.__wrapped__(patch)
        assert main(["run", "--month", JANUARY, "--data", str(data)]) == 0
    return data


@pytest.fixture
def region(january: Path, tmp_path: Path, two_shards: None) -> Path:
    data = tmp_path / "data"
    shutil.copytree(january, data, symlinks=True)
    return data


def run(data: Path, *options: str) -> int:
    return main(["run", "--month", FEBRUARY, "--data", str(data), *options])


def tables(data: Path) -> dict[str, tuple]:
    """Rows and hash of every table of the current release."""
    release = current_release(DataFolder(data))
    states = {}
    for entry in release.manifest["tables"]:
        room, name = table_of(entry).split("/")
        rows = sql_of(release.path / room, name)
        columns = [column["name"] for column in entry["columns"]]
        state = duckdb.execute(f"select count(*), sum(hash(hash({', '.join(columns)}))) from {rows}").fetchone()
        states[table_of(entry)] = (columns, *state)
    return states


def newest(data: Path) -> dict[str, str]:
    return current_release(DataFolder(data)).newest_months


def error_line(capfd: pytest.CaptureFixture) -> str:
    (line,) = [line for line in capfd.readouterr().err.splitlines() if line.startswith("error: ")]
    return line


def test_the_release_of_shards_is_that_of_one_working_file(region, pooled):
    assert run(region) == 0
    assert tables(region) == tables(pooled)
    # a partition each: the files of January are those of the last release
    for one, other in zip(
        *(current_release(DataFolder(d)).manifest["tables"] for d in (region, pooled)), strict=True
    ):
        assert files_of(one).keys() == files_of(other).keys()


def _die_in_south(task):
    if task.shard.name == "south":
        os.kill(os.getpid(), 9)
    return month_in_shards.run_shard(task)


def test_a_worker_that_is_killed_stays_behind_and_heals(region, pooled, monkeypatch, capfd):
    before = DataFolder(region).shards[1].database.read_bytes()
    real = month_in_shards.each_alone
    with monkeypatch.context() as patch:
        patch.setattr(month_in_shards, "each_alone", lambda _, *rest: real(_die_in_south, *rest))
        assert run(region) == 0
    assert newest(region) == {"888": FEBRUARY, "889": FEBRUARY, "890": JANUARY}
    assert DataFolder(region).shards[1].database.read_bytes() == before
    assert f"`warehouse run --month {FEBRUARY} --shard south` runs it again" in " ".join(
        capfd.readouterr().err.split()
    )
    north = DataFolder(region).shards[0].database.stat().st_mtime_ns
    assert run(region, "--shard", "south") == 0
    assert DataFolder(region).shards[0].database.stat().st_mtime_ns == north
    assert tables(region) == tables(pooled)


def test_a_refused_drop_stops_no_other_shard(region, pooled, capfd):
    people = DataFolder(region).lcs / "890" / FEBRUARY / "ssd_person.csv"
    delivered = people.read_text()
    people.write_text("pers_wrong_id\n1\n")
    assert run(region) == 0
    assert newest(region) == {"888": FEBRUARY, "889": FEBRUARY, "890": JANUARY}
    assert "shard south stays at its last finished month" in capfd.readouterr().err
    # one drop that comes again is run in its shard alone
    people.write_text(delivered)
    north = DataFolder(region).shards[0].database.stat().st_mtime_ns
    assert run(region, "--authority", "890") == 0
    assert DataFolder(region).shards[0].database.stat().st_mtime_ns == north
    assert tables(region) == tables(pooled)


def test_a_drop_of_an_authority_in_no_shard_stops_the_run(region, capfd):
    write_drop(region, FEBRUARY, drop(FEBRUARY), "891")
    assert run(region) == BAD_INPUT
    line = f"891 {FEBRUARY}: the drop of an authority in no shard: add it to a shard in WAREHOUSE_SHARDS"
    assert line in error_line(capfd)
    assert set(newest(region).values()) == {JANUARY}


def test_nothing_is_published_where_shards_do_not_fit_together(region, capfd, monkeypatch):
    before = current_release(DataFolder(region)).id
    _, south = DataFolder(region).shards
    kept = south.database.read_bytes()

    def refusal() -> str:
        with pytest.raises(BadInputError) as fault, open_for_release(DataFolder(region)):
            pass
        return str(fault.value)

    south.database.unlink()
    assert run(region, "--shard", "north") == BAD_INPUT
    line = f"shard south: its working file {south.database} is missing, and the last release {before} has its"
    assert line in error_line(capfd)
    assert current_release(DataFolder(region)).id == before

    south.database.write_bytes(kept[: len(kept) // 2])
    assert f"shard south: its working file {south.database} is damaged" in refusal()
    for statement, line in (
        ("update pipeline.finished_shard set project = 'another'", "was made by another version of the project"),
        ("drop table pipeline.finished_shard", "is of no finished run"),
        ("delete from core.dim_month where rowid = 1", "core.dim_month differs from that of shard north"),
    ):
        south.database.write_bytes(kept)
        with duckdb.connect(str(south.database)) as connection:
            connection.execute(statement)
        assert line in refusal()
    south.database.write_bytes(kept)
    monkeypatch.setenv(SHARDS_VARIABLE, "north: 888 889; south: 891")
    assert "890 is in the last release" in refusal()
    monkeypatch.setenv(SHARDS_VARIABLE, "north: 888; south: 889 890")
    assert "has authority 889, which WAREHOUSE_SHARDS does not give to it" in refusal()


def test_dagster_runs_each_shard_alone_and_then_the_release(region, pooled, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    folder = DataFolder(region)
    for la_code in ("888", "889", "890"):
        (folder.lcs / la_code / FEBRUARY / "_SUCCESS").touch()
    assert "max_concurrent_runs: 2" in (prepare_instance(folder) / "dagster.yaml").read_text()
    defs = build_defs(folder)
    repository, warehouse = defs.get_repository_def(), {"warehouse": Warehouse(data_folder=str(region))}
    sensor = repository.get_sensor_def("complete_drop")
    cursor = None
    with DagsterInstance.local_temp(str(home)) as instance:

        def look() -> list[RunRequest]:
            nonlocal cursor
            with build_sensor_context(
                instance, cursor=cursor, repository_def=repository, resources=warehouse
            ) as context:
                tick = sensor.evaluate_tick(context)
            cursor = tick.cursor
            return list(tick.run_requests or [])

        requests = look()
        assert {str(request.partition_key) for request in requests} == {"2019-02|north", "2019-02|south"}
        for request in requests:
            job = defs.resolve_job_def(request.job_name)
            assert job.execute_in_process(
                instance=instance, partition_key=request.partition_key, tags=dict(request.tags)
            ).success
        (release,) = look()
        assert (release.job_name, release.partition_key) == ("month_end", FEBRUARY)
        job = defs.resolve_job_def("month_end")
        assert job.execute_in_process(instance=instance, partition_key=FEBRUARY).success
        assert not look()
    assert tables(region) == tables(pooled)
