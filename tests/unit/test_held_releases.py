"""Releases that hold what `forget` and `rekey` remove: they are named, and removed or written again when asked."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hand_made_releases import write_release
from ingest_drops import ALLOCATION, PERSON, write

from pipelines.calendar import Month
from pipelines.cli import main
from pipelines.errors import BadInputError
from pipelines.ingest.month_ingest import ingest_month
from pipelines.ingest.pseudonyms import read_lookup
from pipelines.privacy import ForReleases
from pipelines.privacy.forget import forget, what_to_forget
from pipelines.privacy.rekey import rekey
from pipelines.progress import Progress
from pipelines.publish import current_release, releases, roll_back
from pipelines.publish.published import switch
from pipelines.publish.release_access import give_modes
from pipelines.publish.shared_partitions import EarlierFiles, TableRows, plan, write_parquet
from pipelines.release_layout import sql_of
from pipelines.settings import PSEUDONYM_KEY_VARIABLE, DataFolder
from pipelines.table_register import NEVER, RESTRICTED, TableEntry
from pipelines.warehouse_file import open_warehouse

KILLED = 9
FIRST, SECOND, THIRD = (f"{year}-08_{year}0902T070000Z" for year in (2017, 2018, 2019))
REGISTER = {
    f"{entry.schema}.{entry.name}": entry
    for entry in (
        TableEntry("indicators", "fct_indicator_value", release=(RESTRICTED,), forget=NEVER),
        TableEntry("core", "dq_issue", release=(RESTRICTED,), forget="last_seen_extract"),
        TableEntry("raw", "drop", forget=NEVER),
        TableEntry("raw", "drop_file", forget=NEVER),
    )
}
TABLES = {
    "dim_child": "select la_code, pers_person_id as child_id, extract_month from raw.ssd_person",
    "fct_plan": "select extract_month, pers_person_id || '|2019-01-01' as plan_id from raw.ssd_person",
    "dq_issue": "select pers_person_id as child_id, extract_month as last_seen_extract from raw.ssd_person",
    "rejected_rows": "select extract_month, 'Quillfeather' as raw_row from raw.ssd_person",
    "fct_indicator_value": "select extract_month, count(*) as numerator from raw.ssd_person group by all",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Three years with a release each, the first of an earlier version. Child 3 is in the first year only."""
    folder = DataFolder(tmp_path_factory.mktemp("held") / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(PSEUDONYM_KEY_VARIABLE, raising=False)
        for year, ids in ((2017, "123"), (2018, "12"), (2019, "12")):
            people = [PERSON | {"pers_person_id": id} for id in ids]
            write(folder, {"ssd_person": people, "ssd_involvements": [ALLOCATION]}, month=f"{year}-08")
            ingest_month(folder, Month(year, 8), Progress())
    for release_id in (FIRST, SECOND, THIRD):
        publish(folder, release_id)
    switch(folder, THIRD)
    return folder.root


def publish(folder: DataFolder, release_id: str) -> None:
    """A release by hand: tables of every month so far, a DuckDB file with a view, lists, pages.

    An earlier version wrote a file for each table. The others have partitions, which the last two share.
    """
    is_old = release_id == FIRST
    manifests = ("manifest.json",) if is_old else ("manifest.json", "restricted/manifest.json")
    about = {"created_at": f"{release_id[:4]}-09-02T07:00:00+00:00", "versions": {}, "data_changes": ["d"]}
    release = write_release(folder, release_id, {"open/mart": "select 7 as n"}, manifests, **about)
    path = release.path
    with open_warehouse(folder, read_only=True) as connection:
        dated = {name: "last_seen_extract" if name == "dq_issue" else "extract_month" for name in TABLES}
        planned = [
            plan(
                connection,
                TableRows(
                    name,
                    f"select * from ({query}) where {dated[name]} <= date '{release_id[:4]}-08-31'",
                    None if is_old else dated[name],
                ),
            )
            for name, query in TABLES.items()
        ]
        earlier = EarlierFiles(releases(folder)[:-1])
        release.manifest["tables"] += write_parquet(connection, path, RESTRICTED, planned, earlier)
        children = connection.execute(
            "select distinct pers_person_id from raw.ssd_person where strftime(extract_month, '%Y-%m') = ?",
            [release_id[:7]],
        ).fetchall()
    for name in manifests:
        (path / name).write_text(json.dumps(release.manifest), encoding="utf-8")
    with duckdb.connect(str(path / "restricted" / "warehouse.duckdb")) as connection:
        for name in TABLES:
            connection.execute(f"create table {name} as from {sql_of(path / RESTRICTED, name)}")
        connection.execute(
            "create view current_plan as select * from fct_plan where extract_month > date '2019-01-01'"
        )
    quality = "quality/gates.json" if is_old else "restricted/quality/gates.json"
    names = "\n".join(child for (child,) in children)
    for name, text in {
        "open/marts.duckdb": "figures",
        "report/index.html": "<p>7</p>",
        f"restricted/feedback/{release_id[:7]}/North.csv": f"child_id\n{names}\n",
        "restricted/report/North.html": f"<p>{names}</p>",
        "restricted/report/index.html": "<p>3</p>",
        quality: "[]",
    }.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, encoding="utf-8")
    give_modes(path)


@pytest.fixture
def folder(made, tmp_path, monkeypatch) -> DataFolder:
    monkeypatch.delenv(PSEUDONYM_KEY_VARIABLE, raising=False)
    monkeypatch.setattr("pipelines.cli.table_register", lambda _: REGISTER)
    monkeypatch.setattr("pipelines.cli.manifest_path", lambda _: None)
    shutil.copytree(made, tmp_path / "data", symlinks=True)
    return DataFolder(tmp_path / "data")


def command(folder: DataFolder, *words: str) -> int:
    age = ["--older-than", "1"] if words[0] == "forget" else []
    return main([*words, *age, "--data", str(folder.root)])


def pseudonym(folder: DataFolder, id: str) -> str:
    (found,) = read_lookup(folder, "person").filter(person_id=id)["child_id"]
    return found


def where(folder: DataFolder, *texts: str) -> set[str]:
    """Every file of the data folder, but archive and lookups, that has one of the texts in its bytes or tables."""
    private = (folder.archive, folder.private)
    files = [path for path in folder.root.rglob("*") if path.is_file() and not {*path.parents} & {*private}]
    with duckdb.connect() as connection:
        contents = {str(path.relative_to(folder.root)): content(connection, path) for path in files}
    return {name for name, held in contents.items() if any(text in held for text in texts)}


def content(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    rows = []
    if path.suffix == ".parquet":
        rows = connection.execute(f"from read_parquet('{path}')").fetchall()
    elif path.suffix == ".duckdb" and path.name != "marts.duckdb":
        connection.execute(f"attach '{path}' as held (read_only)")
        tables = "select schema_name, table_name from duckdb_tables() where database_name = 'held'"
        for schema, table in connection.execute(tables).fetchall():
            rows += connection.execute(f'from held."{schema}"."{table}"').fetchall()
        connection.execute("detach held")
    return path.read_bytes().decode("latin-1") + str(rows)


def released(folder: DataFolder, name: str, table: str = "dim_child") -> list[str]:
    rows = sql_of(folder.releases / name / RESTRICTED, table)
    query = f"select distinct strftime(extract_month, '%Y-%m') from {rows} order by all"
    return [month for (month,) in duckdb.execute(query).fetchall()]


def test_what_was_forgotten_and_is_still_in_releases_is_named(folder, capfd):
    child = pseudonym(folder, "3")
    assert command(folder, "forget", "--yes") == 0
    said = capfd.readouterr().out
    for id, rows in ((FIRST, 12), (SECOND, 12), (THIRD, 12)):
        assert f"release {id} holds {rows} rows from before 2018-08" in said
    assert "--releases rewrite" in said
    held = {f"marts/releases/{id}/restricted" for id in (FIRST, SECOND, THIRD)}
    assert {name.rpartition("/restricted/")[0] + "/restricted" for name in where(folder, child)} == held
    # nothing is left of the child in the working file, not even its bytes, and the releases are named again
    capfd.readouterr()
    assert command(folder, "forget") == 0
    assert f"release {FIRST} holds" in capfd.readouterr().out


def test_every_release_is_written_again_without_what_is_forgotten(folder, capfd):
    child = pseudonym(folder, "3")
    before = {release.id: release for release in releases(folder)}
    public = {id: public_files(release.path) for id, release in before.items()}
    assert command(folder, "forget", "--yes", "--releases", "rewrite") == 0
    assert f"release {THIRD} is written again as 2019-08_" in capfd.readouterr().out
    assert where(folder, child) == set()
    now = releases(folder)
    assert [release.manifest["rewritten_from"] for release in now] == [FIRST, SECOND, THIRD]
    assert current_release(folder).id == now[-1].id
    for release in now:
        first = before[release.manifest["rewritten_from"]]
        for name in ("created_at", "extract_month", "versions", "data_changes", "drops"):
            assert release.manifest[name] == first.manifest[name]
        assert public_files(release.path) == public[first.id]
        top = {path.name for path in release.path.iterdir()}
        assert top == {"manifest.json", "open", "report", "restricted"}
        assert (release.path / "restricted" / "quality" / "gates.json").read_text(encoding="utf-8") == "[]"
        assert released(folder, release.id, "fct_indicator_value") == released_values(release.id)
        roll_back(folder, release.id)
    assert [released(folder, release.id) for release in now] == [[], ["2018-08"], ["2018-08", "2019-08"]]
    shared = [next(release.path.glob("restricted/dim_child/extract_month=2018-08/*")) for release in now[1:]]
    assert shared[0].samefile(shared[1])
    # lists and pages with children of a month that is kept stay
    assert [lists(release.path) for release in now] == [
        ["report/index.html"],
        ["feedback/2018-08/North.csv", "report/North.html", "report/index.html"],
        ["feedback/2019-08/North.csv", "report/North.html", "report/index.html"],
    ]
    public_manifest = json.loads((now[0].path / "manifest.json").read_text(encoding="utf-8"))
    assert public_manifest["left_out_of_open"] == []
    assert "drops" not in public_manifest
    with duckdb.connect(str(now[-1].path / "restricted" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from current_plan").fetchall() == [(2,)]
        assert connection.execute("select count(*) from dim_child").fetchall() == [(4,)]
    capfd.readouterr()
    assert command(folder, "forget", "--yes", "--releases", "rewrite") == 0
    assert "nothing is older than 2018-08" in capfd.readouterr().out


def released_values(release_id: str) -> list[str]:
    return [f"{year}-08" for year in range(2017, int(release_id[:4]) + 1)]


def public_files(release: Path) -> dict[str, bytes]:
    files = [path for room in ("open", "report") for path in (release / room).rglob("*") if path.is_file()]
    return {str(path.relative_to(release)): path.read_bytes() for path in files}


def lists(release: Path) -> list[str]:
    room = release / "restricted"
    rooms = (room / "feedback", room / "report")
    return sorted(str(path.relative_to(room)) for each in rooms for path in each.rglob("*") if path.is_file())


def test_releases_are_removed_and_the_current_one_is_written_again(folder, capfd):
    child = pseudonym(folder, "3")
    assert command(folder, "forget", "--yes", "--releases", "remove") == 0
    said = capfd.readouterr().out
    assert f"release {FIRST} is removed" in said
    (now,) = releases(folder)
    assert (now.id, now.manifest["rewritten_from"]) == (current_release(folder).id, THIRD)
    assert where(folder, child) == set()
    assert [path.name for path in folder.releases.iterdir()] == [now.id]


def test_a_release_that_cannot_be_read_counts_as_holding_it(folder, capfd):
    (folder.releases / FIRST / "manifest.json").write_text("{", encoding="utf-8")
    (folder.releases / SECOND / "restricted" / "dim_child.parquet").write_bytes(b"PAR1")
    assert command(folder, "forget") == 0
    said = capfd.readouterr().out
    assert f"release {FIRST} holds 12 rows from before 2018-08 (damaged)" in said
    assert f"release {SECOND} holds tables that cannot be read" in said
    before = children(folder)
    assert command(folder, "forget", "--yes", "--releases", "rewrite") == 4
    assert len(capfd.readouterr().err.splitlines()) == 1
    assert children(folder) == before
    assert command(folder, "forget", "--yes", "--releases", "remove") == 0
    assert [release.manifest["rewritten_from"] for release in releases(folder)] == [THIRD]
    assert len(list(folder.releases.iterdir())) == 1


def children(folder: DataFolder) -> list[tuple]:
    with open_warehouse(folder, read_only=True) as connection:
        return connection.execute(
            "select extract_month, pers_person_id from raw.ssd_person order by all"
        ).fetchall()


def test_a_current_release_that_is_damaged_stops_everything(folder, capfd):
    (folder.releases / THIRD / "manifest.json").write_text("{", encoding="utf-8")
    for name in ("forget", "rekey"):
        before = children(folder)
        assert command(folder, name, "--yes", "--releases", "remove") == 4
        (line,) = capfd.readouterr().err.splitlines()
        assert THIRD in line
        assert children(folder) == before
    assert [path.name for path in sorted(folder.releases.iterdir())] == [FIRST, SECOND, THIRD]


def test_what_killed_commands_left_goes_with_what_is_forgotten(folder):
    child = pseudonym(folder, "3")
    shutil.copytree(folder.releases / FIRST, folder.releases / f".unfinished-{FIRST}")
    shutil.copytree(folder.releases / FIRST, folder.releases / f".removed-{FIRST}")
    shutil.copyfile(folder.database, folder.warehouse / ".rekey-1234.duckdb")
    (folder.findings / "2017-08").mkdir(parents=True, exist_ok=True)
    elsewhere = folder.root.parent / "elsewhere"
    elsewhere.mkdir()
    (folder.archive / "888" / "2016-08").symlink_to(elsewhere, target_is_directory=True)
    assert command(folder, "forget", "--yes", "--releases", "remove") == 0
    assert where(folder, child) == set()
    assert not (folder.findings / "2017-08").exists()
    assert not (folder.archive / "888" / "2016-08").is_symlink()
    assert elsewhere.is_dir()
    assert [path.name for path in folder.warehouse.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("name", "killed_at"),
    [
        pytest.param("forget", "pipelines.publish.rewrite_release.remove_release", marks=pytest.mark.long),
        ("forget", "pipelines.publish.rewrite_release.switch"),
        pytest.param("rekey", "pipelines.publish.rewrite_release.give_modes", marks=pytest.mark.long),
        ("rekey", "pipelines.privacy.held_releases.put_in_place"),
    ],
)
def test_a_command_that_is_killed_leaves_a_current_release_and_the_next_call_finishes(folder, name, killed_at):
    old = pseudonyms(folder)
    code = (
        "import os, sys, test_held_releases\n"
        "from pathlib import Path; from unittest.mock import patch; from pipelines.settings import DataFolder\n"
        "patch('pipelines.cli.table_register', lambda _: test_held_releases.REGISTER).start()\n"
        "patch('pipelines.cli.manifest_path', lambda _: None).start()\n"
        f"patch({killed_at!r}, lambda *a: os._exit({KILLED})).start()\n"
        f"folder = DataFolder(Path({str(folder.root)!r}))\n"
        f"sys.exit(test_held_releases.command(folder, {name!r}, '--yes', '--releases', 'rewrite'))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parent)
    assert run.returncode == KILLED
    current = current_release(folder)
    assert released(folder, current.id)[-1] == "2019-08"
    roll_back(folder, current.id)
    assert command(folder, name, "--yes", "--releases", "rewrite") == 0
    assert [path.name for path in folder.releases.iterdir() if path.name.startswith(".")] == []
    assert sorted(release.manifest["extract_month"] for release in releases(folder)) == released_values(THIRD)
    assert where(folder, *(old if name == "rekey" else [old[2]])) == set()


def pseudonyms(folder: DataFolder) -> list[str]:
    """Of children 1, 2 and 3, and of the worker."""
    workers = read_lookup(folder, "worker")["worker_id"].to_list()
    return [*(pseudonym(folder, id) for id in "123"), *workers]


@pytest.mark.parametrize("asked", ["rewrite", "remove"])
def test_no_file_has_a_pseudonym_of_the_old_key(folder, capfd, asked):
    old = pseudonyms(folder)
    lists_with_ids = folder.warehouse / "feedback" / "2019-08"
    lists_with_ids.mkdir(parents=True)
    (lists_with_ids / "North.csv").write_text(f"child_id\n{old[0]}\n", encoding="utf-8")
    assert command(folder, "rekey", "--releases", asked) == 0
    said = capfd.readouterr().out
    assert f"release {FIRST} holds the old pseudonyms" in said
    assert "warehouse feedback --with-lcs-ids writes them again" in said
    assert command(folder, "rekey", "--yes", "--releases", asked) == 0
    assert where(folder, *old) == set()
    now = pseudonyms(folder)
    newest = current_release(folder)
    page = (newest.path / "restricted" / "report" / "North.html").read_text(encoding="utf-8")
    assert set(re.findall("[0-9a-f]{32}", page)) == set(now[:2])
    room = newest.path / "restricted"
    found = duckdb.execute(f"select distinct child_id from {sql_of(room, 'dim_child')}").fetchall()
    assert {child for (child,) in found} == set(now[:3])
    plans = duckdb.execute(f"select distinct plan_id from {sql_of(room, 'fct_plan')}").fetchall()
    assert {plan for (plan,) in plans} == {f"{child}|2019-01-01" for child in now[:3]}
    assert len(releases(folder)) == (3 if asked == "rewrite" else 1)
    roll_back(folder, newest.id)


def test_a_child_that_was_forgotten_before_gets_a_new_pseudonym_in_releases_too(folder):
    old = pseudonyms(folder)
    forget(folder, what_to_forget(folder, 1, REGISTER))
    rekey(folder, ForReleases.REWRITE)
    assert where(folder, *old) == set()
    first, second, _ = releases(folder)
    assert released(folder, first.id) == ["2017-08"]
    # an earlier version published rejected rows as they were delivered
    as_delivered = {name.split("/")[2] for name in where(folder, "Quillfeather") if name.endswith(".parquet")}
    assert (first.id in as_delivered, second.id in as_delivered) == (False, True)


def test_without_the_option_a_new_key_leaves_the_releases_and_says_so(folder, capfd):
    old = pseudonyms(folder)
    assert command(folder, "rekey", "--yes") == 0
    assert "--releases remove" in capfd.readouterr().out
    assert {name.split("/")[0] for name in where(folder, *old)} == {"marts"}
    assert [release.id for release in releases(folder)] == [FIRST, SECOND, THIRD]


def test_a_key_that_is_not_changed_leaves_no_rewritten_release(folder, monkeypatch, capfd):
    def full(*_arguments) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys.modules["pipelines.privacy.rekey"], "stage_change", full)
    assert command(folder, "rekey", "--yes", "--releases", "rewrite") == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert "No space left on device" in line
    assert sorted(path.name for path in folder.releases.iterdir()) == [FIRST, SECOND, THIRD]
    assert list(folder.warehouse.glob(".rekey-*")) == []


def test_a_release_that_was_changed_is_not_written_again(folder):
    (folder.releases / THIRD / "open" / "mart.parquet").write_bytes(b"other figures")
    with pytest.raises(BadInputError, match="changed since publication"):
        forget(folder, what_to_forget(folder, 1, REGISTER), ForReleases.REMOVE)
    assert len(children(folder)) == 7


@pytest.mark.parametrize("words", [("forget",), ("rekey",), ("feedback", "--with-lcs-ids")])
@pytest.mark.parametrize("kind", ["without a table", "of no byte", "no DuckDB file"])
def test_an_empty_working_file_is_one_line(folder, words, kind, capfd):
    folder.database.unlink()
    if kind == "without a table":
        duckdb.connect(str(folder.database)).close()
    else:
        folder.database.write_bytes(b"" if kind == "of no byte" else b"x" * 10_000)
    assert command(folder, *words) == 4
    said = capfd.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
