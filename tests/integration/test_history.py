"""History stays: no flag of dbt erases earlier extracts, and the working file can be made again from the drops."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from dbt_process import run_dbt
from small_authority import LA, drop, write_drop

from pipelines.calendar import Month
from pipelines.cli import main
from pipelines.history import what_to_rebuild
from pipelines.ingest.pseudonyms import read_lookup
from pipelines.privacy import ForReleases
from pipelines.privacy.forget import Forgetting, dated_tables, forget, what_is_older
from pipelines.privacy.rekey import rekey, what_to_rekey
from pipelines.publish import Corrections, current_release, releases
from pipelines.publish.release_comparison import compare
from pipelines.release_layout import sql_of
from pipelines.settings import DataFolder
from pipelines.table_register import (
    KEPT,
    KEPT_AS_REPORTED,
    OPEN,
    RESTRICTED,
    released_tables,
    table_register,
)

MONTHS = ("2019-01", "2019-02")
EXTRACTS = {"2019-01-31", "2019-02-28"}
KILLED = 9
TIMES = {"raw.drop", "raw.drop_file", "raw.comparator_file"}
"""Tables that say when something was loaded."""


@pytest.fixture(scope="module")
def two_months(built_project, tmp_path_factory) -> DataFolder:
    """A data folder with two published months; tests work on copies."""
    folder = DataFolder(tmp_path_factory.mktemp("history") / "data")
    shutil.copytree(built_project, folder.root)
    for month in MONTHS:
        write_drop(folder.root, month, drop(month))
    assert main(["run", "--data", str(folder.root), "--from", MONTHS[0], "--to", MONTHS[-1]]) == 0
    return folder


def test_a_copy_of_the_built_project_runs_its_first_month_without_dbt(built_project, two_months):
    """dbt would keep other statements: those for a working file of another shape."""
    kept = []
    for folder in (DataFolder(built_project), two_months):
        with duckdb.connect(str(folder.database), read_only=True) as connection:
            kept.append(connection.execute("select statements from pipeline.built_project").fetchone())
    assert kept[0] == kept[1] != ("",)


@pytest.fixture
def copied(two_months, tmp_path) -> DataFolder:
    shutil.copytree(two_months.root, tmp_path / "data", symlinks=True)
    return DataFolder(tmp_path / "data")


def rebuild(folder: DataFolder, *more: str) -> int:
    return main(["rebuild", "--data", str(folder.root), *more])


def content(folder: DataFolder) -> dict[str, str]:
    """A digest of the rows of every table, whatever their order."""
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
        return {
            table: hashlib.sha256(
                repr(connection.execute(f"from {table} order by all").fetchall()).encode()
            ).hexdigest()
            for (table,) in tables
            if table not in TIMES
        }


def file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def erase_history(folder: DataFolder) -> None:
    """What `dbt run --full-refresh` did before: only the newest extract is left."""
    with duckdb.connect(str(folder.database)) as connection:
        for name, entry in table_register(folder.dbt_manifest).items():
            if RESTRICTED in entry.release and entry.extract == "extract_month" and entry.layer != "raw":
                connection.execute(f"delete from {name} where extract_month < date '2019-02-28'")


def lose_working_file(folder: DataFolder) -> None:
    folder.database.unlink()


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
    assert {extract for name, extract in before if name == "core.fct_plan"} == EXTRACTS
    built = run_dbt(
        ["build", "--full-refresh", "--exclude-resource-type", "unit_test"],
        copied.database,
        copied.root / "target",
    )
    assert built.returncode == 0, built.stdout
    assert rows_by_extract(copied) == before


def test_every_table_with_a_pseudonym_says_so_and_loses_its_old_rows(two_months):
    register = table_register(two_months.dbt_manifest)
    with_hashes = {f"{schema}.{table}" for schema, table, _ in what_to_rekey(two_months).columns}
    built = {name for name, entry in register.items() if entry.layer in {"core", "indicators", "marts"}}
    assert len(with_hashes & built) > 10
    assert [f"{name}: `people` is empty" for name in with_hashes & built if not register[name].people] == []
    with duckdb.connect(str(two_months.database), read_only=True) as connection:
        dated = {table.name for table in dated_tables(connection, register)}
    of_people = {name for name, entry in register.items() if entry.people and not entry.is_view}
    assert [f"{name}: forget does not remove its rows" for name in of_people - dated] == []


@pytest.mark.parametrize("lose", [erase_history, pytest.param(lose_working_file, marks=pytest.mark.long)])
def test_history_is_made_again_as_it_was(two_months, copied, capfd, lose):
    lose(copied)
    releases = sorted(path.name for path in copied.releases.iterdir())
    assert rebuild(copied, "--yes") == 0
    assert f"made again: {LA}: 2019-01, 2019-02" in capfd.readouterr().out
    assert content(copied) == content(two_months)
    assert sorted(path.name for path in copied.releases.iterdir()) == releases
    assert copied.database.stat().st_mode & 0o777 == 0o600
    assert not [path for path in copied.warehouse.iterdir() if path.name.startswith(".")]


def test_without_a_yes_it_is_only_said(copied, capfd):
    before = file_digest(copied.database)
    assert rebuild(copied) == 0
    lines = capfd.readouterr().out
    assert f"from the drops behind release {current_release(copied).id}" in lines
    assert "nothing was changed: --yes carries it out" in lines
    assert file_digest(copied.database) == before


def test_a_drop_that_is_missing_is_named_and_nothing_changes(copied, capfd):
    before = file_digest(copied.database)
    for folder in (copied.archive, copied.lcs):
        shutil.rmtree(folder / LA / "2019-02")
    assert rebuild(copied, "--yes") == 4
    assert f"{LA} 2019-02: the drop is missing in the archive" in capfd.readouterr().err
    assert file_digest(copied.database) == before
    # also of a month that is not published any more: its rows would be lost
    assert main(["rollback", releases(copied)[0].id, "--data", str(copied.root)]) == 0
    assert what_to_rebuild(copied).missing == what_to_rebuild(copied).unpublished == ((LA, Month(2019, 2)),)
    assert main(["rollback", releases(copied)[1].id, "--data", str(copied.root)]) == 0
    # the first look says so too, also of an empty working file
    copied.database.unlink()
    duckdb.connect(str(copied.database)).close()
    (copied.lcs / LA / "2019-02").mkdir()
    assert rebuild(copied) == 0
    assert "--yes needs the missing drops first" in capfd.readouterr().out


def test_the_drop_of_a_month_is_the_one_that_was_published(copied):
    """Not the one that was delivered afterwards, also if the archive has it."""
    (drop_before,) = (found for found in what_to_rebuild(copied).drops if str(found.month) == "2019-02")
    later = copied.archive / LA / "2019-02" / "0000"
    shutil.copytree(drop_before.folder, later)
    sums = (later / "SHA256SUMS").read_text(encoding="utf-8")
    (later / "SHA256SUMS").write_text(re.sub("[0-9a-f]{64}", "0" * 64, sums, count=1), encoding="utf-8")
    assert drop_before in what_to_rebuild(copied).drops
    # the delivered files are as good, as long as they are the same
    shutil.rmtree(copied.archive / LA / "2019-02")
    (delivered,) = (found for found in what_to_rebuild(copied).drops if str(found.month) == "2019-02")
    assert delivered.folder == copied.lcs / LA / "2019-02"
    assert delivered.checksums == drop_before.checksums
    # a damaged file is not used, wherever it is, and its month is not taken for a forgotten one
    for damaged in (delivered.folder, *(copied.archive / LA / "2019-01").iterdir()):
        (damaged / "ssd_person.csv").write_text("changed", encoding="utf-8")
    copied.database.unlink()
    plan = what_to_rebuild(copied)
    assert [(found.month, found.folder) for found in plan.drops] == [(Month(2019, 1), copied.lcs / LA / "2019-01")]
    assert (plan.missing, plan.forgotten) == (((LA, Month(2019, 2)),), ())


@pytest.mark.parametrize("killed_at", ["transform", pytest.param("_replace", marks=pytest.mark.long)])
def test_a_rebuild_that_is_killed_changes_nothing(copied, killed_at):
    before = file_digest(copied.database)
    code = (
        "import os, sys; from unittest.mock import patch; import pipelines.history.rebuild\n"
        f"patch('pipelines.history.rebuild.{killed_at}', lambda *a: os._exit({KILLED})).start()\n"
        "from pipelines.cli import main\n"
        f"sys.exit(main(['rebuild', '--yes', '--data', {str(copied.root)!r}]))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == KILLED
    assert file_digest(copied.database) == before
    assert (copied.warehouse / ".rebuild").is_dir()
    # what is left has rows of people: it goes with the next rebuild or with what is forgotten
    forget(copied, Forgetting(Month(2018, 1), (), 0, {}))
    assert not (copied.warehouse / ".rebuild").exists()


def test_a_real_release_is_written_again_without_what_is_forgotten_and_with_a_new_key(two_months, copied):
    register, february = table_register(copied.dbt_manifest), Month.parse(MONTHS[1])
    published = {release.manifest["extract_month"]: release for release in releases(two_months)}
    older = what_is_older(copied, february, register)
    assert [held.path.name for held in older.releases] == [release.id for release in published.values()]
    forget(copied, older, ForReleases.REWRITE)
    assert what_is_older(copied, february, register).is_nothing
    old_pseudonyms = set(read_lookup(copied, "person")["child_id"])
    rekey(copied, ForReleases.REWRITE)
    assert [release.manifest["extract_month"] for release in releases(copied)] == list(MONTHS)
    now, before = current_release(copied), published[MONTHS[1]]
    assert now.manifest["extract_month"] == MONTHS[1]
    described = released_tables(register, RESTRICTED, OPEN)
    compared = compare(now, before, [], Corrections(), described)
    assert (list(compared.schema), list(compared.figures)) == ([], [])
    for table in now.manifest["tables"]:
        file, name = table["file"], table["table"]
        entry, room = described[name], file.split("/")[0]
        after, earlier = (duckdb.sql(f"from {sql_of(release.path / room, name)}") for release in (now, before))
        dated = entry.forget or "extract_month"
        if file.startswith(RESTRICTED) and dated in after.columns:
            earlier = earlier.filter(f"{dated} = date '{february.end}'")
        assert (after.shape, after.types) == (earlier.shape, earlier.types), file
        assert old_pseudonyms.isdisjoint(re.findall("[0-9a-f]{32}", str(after.fetchall()))), file
        if not entry.people:
            assert sorted(map(str, after.fetchall())) == sorted(map(str, earlier.fetchall())), file
    for room, database in (("restricted", "warehouse.duckdb"), ("open", "marts.duckdb")):
        names = [names_in(release.path / room / database) for release in (now, before)]
        assert names[0] == names[1]
    assert main(["rollback", now.id, "--data", str(copied.root)]) == 0


def names_in(database: Path) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            "select table_name, table_type from information_schema.tables order by 1"
        ).fetchall()


@pytest.mark.long
def test_a_figure_that_would_change_is_refused_unless_it_is_corrected(copied, capfd):
    before = file_digest(copied.database)
    copied.reference.mkdir(parents=True)
    (copied.reference / "population.csv").write_text(
        f"la_code,mid_year,population,first_month_used\n{LA},2018,50000,2019-02\n", encoding="utf-8"
    )
    assert rebuild(copied, "--yes") == 3
    refused = capfd.readouterr().err
    command = "warehouse rebuild --yes --correct 2019-01 --correct 2019-02 --reason TEXT"
    assert [f"{LA} {month}: 3 figures (3 differ)" in refused for month in MONTHS] == [True, True]
    assert refused.count(command) == 2
    assert file_digest(copied.database) == before
    release = current_release(copied).id
    corrections = ("--correct", "2019-01", "--correct", "2019-02", "--reason", "a population was missing")
    assert rebuild(copied, "--yes", *corrections) == 0
    published = current_release(copied)
    assert published.id != release
    corrected = [(made["month"], made["figures"]) for made in published.manifest["corrections"]]
    assert corrected == [("2019-01", 3), ("2019-02", 3)]


@pytest.mark.long
def test_figures_of_a_forgotten_month_stay(copied, capfd):
    known_then = {
        name: [row for row in rows if all(value <= "2018-01-31" for key, value in row.items() if "_date" in key)]
        for name, rows in drop(MONTHS[0]).items()
    }
    write_drop(copied.root, "2018-01", known_then)
    assert main(["run", "--data", str(copied.root), "--month", "2018-01"]) == 0
    forgotten = ["forget", "--data", str(copied.root), "--older-than", "1", "--yes", "--releases", "rewrite"]
    assert main(forgotten) == 0
    assert main(["run", "--data", str(copied.root), "--month", MONTHS[-1]]) == 0
    before = content(copied)
    capfd.readouterr()
    assert rebuild(copied, "--yes") == 0
    assert f"figures only, rows and drop were removed: {LA}: 2018-01" in capfd.readouterr().out
    assert content(copied) == before
    for table in ("core.dim_team", "indicators.fct_indicator_value"):
        assert {extract for name, extract in rows_by_extract(copied) if name == table} == {"2018-01-31", *EXTRACTS}


def test_nothing_published_is_nothing_to_rebuild(tmp_path, capfd):
    assert rebuild(DataFolder(tmp_path), "--yes") == 4
    assert "there is no history to rebuild" in capfd.readouterr().err


def test_what_a_rebuild_cannot_correct_is_refused_before_anything_is_said(two_months, capfd):
    reason = ("--reason", "why")
    assert rebuild(two_months, *reason) == rebuild(two_months, "--correct", "2017-01", *reason) == 2
    said = capfd.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 2)
