"""Changing the key of the pseudonyms and removing what is too old: all of it or nothing, announced first."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from ingest_drops import ALLOCATION, PERSON, write

from pipelines.calendar import Month
from pipelines.cli import main
from pipelines.errors import BadInputError, UsageError
from pipelines.ingest.month_ingest import ingest_month
from pipelines.ingest.pseudonyms import store_fingerprint
from pipelines.privacy.forget import forget, what_to_forget
from pipelines.privacy.rekey import rekey, what_to_rekey
from pipelines.progress import Progress
from pipelines.settings import NEW_PSEUDONYM_KEY_VARIABLE, PSEUDONYM_KEY_VARIABLE, DataFolder
from pipelines.table_register import NEVER, TableEntry
from pipelines.warehouse_file import open_warehouse

KILLED = 9
REGISTER = {
    f"{entry.schema}.{entry.name}": entry
    for entry in (
        TableEntry("indicators", "fct_indicator_value", forget=NEVER),
        TableEntry("core", "dq_issue", forget="resolved_extract"),
        TableEntry("raw", "drop", forget=NEVER),
        TableEntry("raw", "drop_file", forget=NEVER),
    )
}
PEOPLE = [PERSON, PERSON | {"pers_person_id": "2", "pers_sex": "?"}]


def ingest(folder: DataFolder, month: str) -> None:
    ingest_month(folder, Month.parse(month), Progress())


@pytest.fixture
def folder(tmp_path, monkeypatch) -> DataFolder:
    """Three months of two children, a table of facts whose keys hold hashes, and one without any."""
    # dbt takes seconds to read the project
    monkeypatch.setattr("pipelines.cli.table_register", lambda _: REGISTER)
    monkeypatch.setattr("pipelines.cli.manifest_path", lambda _: None)
    monkeypatch.delenv(PSEUDONYM_KEY_VARIABLE, raising=False)
    folder = DataFolder(tmp_path / "data")
    for month in ("2017-08", "2018-08", "2019-08"):
        write(folder, {"ssd_person": PEOPLE, "ssd_involvements": [ALLOCATION]}, month=month)
        ingest(folder, month)
    with open_warehouse(folder) as connection:
        connection.execute(
            """
            create schema core;
            create table core.fct_plan as
            select
                la_code,
                extract_month,
                pers_person_id || '|2019-01-01|' || pers_person_id as plan_id,
                repeat('f', 32) || 'x' as other
            from raw.ssd_person;
            create schema indicators;
            create table indicators.fct_indicator_value as
            select distinct la_code, extract_month, 2 as numerator from raw.ssd_person;
            create table core.dq_issue as
            select la_code, pers_person_id as child_id, extract_month as resolved_extract from raw.ssd_person
            """
        )
    return folder


def rows(folder: DataFolder, query: str) -> list[tuple]:
    with open_warehouse(folder, read_only=True) as connection:
        return connection.execute(query).fetchall()


def children(folder: DataFolder) -> list[tuple]:
    return rows(folder, "select extract_month, pers_person_id from raw.ssd_person order by all")


def everything(folder: DataFolder) -> list[tuple]:
    return [
        *children(folder),
        *rows(folder, "select invo_person_id, invo_professional_id from raw.ssd_involvements order by all"),
        *rows(folder, "select record_key, child_id from raw.dq_issue order by all"),
        *rows(folder, "from core.fct_plan order by all"),
    ]


def lookup(folder: DataFolder, kind: str) -> pl.DataFrame:
    return pl.read_parquet(folder.private / f"{kind}_lookup.parquet")


def test_a_new_key_gives_what_a_month_run_with_it_gives(folder):
    before = everything(folder)
    old_key = (folder.private / "pseudonym.key").read_bytes()
    said = what_to_rekey(folder).lines()
    assert said[0] == "a new key for the pseudonyms of 2 persons and 1 workers"
    rekey(folder)
    assert (folder.private / "pseudonym.key").read_bytes() != old_key
    after = everything(folder)
    assert len(after) == len(before)
    old, new = (set(re.findall("[0-9a-f]{32}", str(content))) for content in (before, after))
    assert old & new == {"f" * 32}
    assert len(old) == len(new) == 4
    for month in ("2017-08", "2018-08", "2019-08"):
        ingest(folder, month)
    assert everything(folder) == after


def test_keys_that_were_put_together_lead_to_the_same_child_as_before(folder):
    rekey(folder)
    assert rows(
        folder,
        """
        select count(*), count(*) filter (plan_id = pers_person_id || '|2019-01-01|' || pers_person_id)
        from core.fct_plan
        inner join raw.ssd_person
            on fct_plan.extract_month = ssd_person.extract_month and starts_with(plan_id, pers_person_id)
        """,
    ) == [(6, 6)]


def test_the_lookups_lead_back_after_a_change_and_are_their_owners_only(folder):
    rekey(folder)
    for kind, column in (("person", "child_id"), ("worker", "worker_id")):
        rows_of_kind = lookup(folder, kind)
        assert rows_of_kind[column].n_unique() == rows_of_kind.height
        assert (folder.private / f"{kind}_lookup.parquet").stat().st_mode & 0o777 == 0o600
    assert set(lookup(folder, "person")["child_id"]) == {child for _, child in children(folder)}
    assert (folder.private / "pseudonym.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.private.iterdir() if path.is_dir()] == []
    assert folder.database.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("killed_at", "is_changed"),
    [
        ("pipelines.privacy.rekey._replace_hashes", False),
        ("pipelines.privacy.rekey.stage_change", False),
        ("pipelines.privacy.rekey._to_disk", False),
        ("pipelines.privacy.rekey.settle_change", True),
    ],
)
def test_a_change_that_is_killed_leaves_the_old_state_or_the_new_one(folder, killed_at, is_changed):
    before = everything(folder)
    code = (
        "import os; from unittest.mock import patch; from pathlib import Path\n"
        "from pipelines.privacy.rekey import rekey; from pipelines.settings import DataFolder\n"
        f"import {killed_at.rpartition('.')[0]}\n"
        f"patch({killed_at!r}, lambda *a: os._exit({KILLED})).start()\n"
        f"rekey(DataFolder(Path({str(folder.root)!r})))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == KILLED
    assert (everything(folder) != before) == is_changed
    # the next run finds a key that fits
    state = everything(folder)
    ingest(folder, "2019-08")
    assert everything(folder) == state
    assert set(lookup(folder, "person")["child_id"]) == {child for _, child in children(folder)}
    what_to_rekey(folder)
    assert [path.name for path in folder.warehouse.iterdir() if path.name.startswith(".rekey-")] == []
    assert [path.name for path in folder.private.iterdir() if path.is_dir()] == []


def test_a_hash_without_a_way_back_is_refused_with_the_months_that_bring_it(folder):
    (folder.private / "worker_lookup.parquet").unlink()
    with pytest.raises(BadInputError, match=r"1 pseudonyms are in no lookup.*2017-08, 2018-08, 2019-08 again"):
        rekey(folder)
    for month in ("2017-08", "2018-08", "2019-08"):
        ingest(folder, month)
    rekey(folder)


def test_a_key_of_the_environment_is_changed_for_one_of_the_environment(folder, monkeypatch):
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, (folder.private / "pseudonym.key").read_text())
    with pytest.raises(UsageError, match="WAREHOUSE_PSEUDONYM_KEY_NEW"):
        rekey(folder)
    monkeypatch.setenv(NEW_PSEUDONYM_KEY_VARIABLE, "another key of thirty-two characters")
    rekey(folder)
    with pytest.raises(BadInputError, match="hashed with another key"):
        ingest(folder, "2019-08")
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, "another key of thirty-two characters")
    ingest(folder, "2019-08")


def test_the_command_says_what_it_will_do_and_needs_a_yes(folder, capfd):
    before = everything(folder)
    assert main(["rekey", "--data", str(folder.root)]) == 0
    assert "nothing was changed: --yes carries it out" in capfd.readouterr().out
    assert everything(folder) == before
    assert main(["rekey", "--data", str(folder.root), "--yes"]) == 0
    assert everything(folder) != before


def test_nothing_to_change_is_one_line(tmp_path, capfd):
    assert main(["rekey", "--data", str(tmp_path), "--yes"]) == 4
    assert len(capfd.readouterr().err.splitlines()) == 1


def months_of(folder: DataFolder, table: str, column: str = "extract_month") -> list[str]:
    months = rows(folder, f"select distinct strftime({column}, '%Y-%m') from {table} order by all")
    return [month for (month,) in months]


@pytest.mark.parametrize("years", [75, 9999])
def test_nothing_is_older_than_a_lifetime(folder, years):
    assert what_to_forget(folder, years, REGISTER).is_nothing


def test_what_is_too_old_leaves_and_figures_stay(folder):
    forgetting = what_to_forget(folder, 1, REGISTER)
    assert str(forgetting.first_kept) == "2018-08"
    lines = "\n".join(forgetting.lines())
    assert "months: 2017-08" in lines
    assert "2 rows of raw.ssd_person" in lines
    assert "2 rows of core.fct_plan" in lines
    assert months_of(folder, "raw.ssd_person") == ["2017-08", "2018-08", "2019-08"]
    forget(folder, forgetting)
    for table in ("raw.ssd_person", "raw.ssd_involvements", "raw.dq_issue", "core.fct_plan"):
        assert months_of(folder, table) == ["2018-08", "2019-08"], table
    assert months_of(folder, "core.dq_issue", "resolved_extract") == ["2018-08", "2019-08"]
    assert months_of(folder, "indicators.fct_indicator_value") == ["2017-08", "2018-08", "2019-08"]
    for room in (folder.lcs, folder.archive):
        assert sorted(path.name for path in room.glob("888/*")) == ["2018-08", "2019-08"]
    assert what_to_forget(folder, 1, REGISTER).is_nothing


def test_a_child_that_no_row_names_any_more_leaves_the_lookup(folder):
    write(folder, {"ssd_person": [PERSON], "ssd_involvements": [ALLOCATION]}, month="2018-08")
    write(folder, {"ssd_person": [PERSON], "ssd_involvements": [ALLOCATION]}, month="2019-08")
    for month in ("2018-08", "2019-08"):
        ingest(folder, month)
    forget(folder, what_to_forget(folder, 1, REGISTER))
    assert lookup(folder, "person")["person_id"].to_list() == ["1"]


@pytest.mark.parametrize(("years", "status"), [("0", 2), ("-3", 2), ("1", 0), ("40", 0)])
def test_at_least_the_months_that_a_run_computes_again_stay(folder, years, status, capfd):
    assert main(["forget", "--data", str(folder.root), f"--older-than={years}"]) == status
    assert months_of(folder, "raw.ssd_person") == ["2017-08", "2018-08", "2019-08"]
    if years == "40":
        assert "nothing is older than 1979-08" in capfd.readouterr().out


def test_the_command_removes_only_with_a_yes(folder, capfd):
    assert main(["forget", "--data", str(folder.root), "--older-than", "1"]) == 0
    assert "nothing was removed: --yes carries it out" in capfd.readouterr().out
    assert Path(folder.lcs / "888" / "2017-08").is_dir()
    assert main(["forget", "--data", str(folder.root), "--older-than", "1", "--yes"]) == 0
    assert not Path(folder.lcs / "888" / "2017-08").exists()


def test_a_short_key_of_an_earlier_version_is_refused_until_it_is_changed(folder, monkeypatch, capfd):
    key = folder.private / "pseudonym.key"
    short = b"sixteen letters."
    with open_warehouse(folder) as connection:
        store_fingerprint(connection, short)
    key.write_bytes(short)
    before = children(folder)
    assert main(["run", "--data", str(folder.root), "--month", "2019-08"]) == 4
    (line,) = capfd.readouterr().err.splitlines()
    assert "fewer than 32 characters, which can be guessed: change it with `warehouse rekey`" in line
    assert children(folder) == before
    assert main(["rekey", "--data", str(folder.root), "--yes"]) == 0
    ingest(folder, "2019-08")
    assert len(key.read_bytes()) == 64
    # the same key in the environment: the new one must be long enough
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, key.read_text())
    monkeypatch.setenv(NEW_PSEUDONYM_KEY_VARIABLE, "sixteen letters.")
    with pytest.raises(UsageError, match="at least 32 characters"):
        rekey(folder)


def test_a_lost_key_is_told_and_not_made_anew_while_releases_exist(folder):
    release = folder.releases / "2019-08_20190901T000000Z"
    release.mkdir(parents=True)
    (release / "manifest.json").write_text("{}")
    shutil.rmtree(folder.warehouse)
    with pytest.raises(BadInputError, match="is lost, and releases exist: restore it from a backup"):
        ingest(folder, "2019-08")
    assert not (folder.private / "pseudonym.key").exists()
    shutil.rmtree(folder.releases)
    ingest(folder, "2019-08")


@pytest.mark.parametrize("kind", ["person", "worker"])
def test_a_lost_lookup_is_told_with_the_months_that_bring_it_back(folder, kind):
    (folder.private / f"{kind}_lookup.parquet").unlink()
    said: list[str] = []

    class Said:
        def stage(self, name): ...
        def line(self, text): ...
        def warning(self, text):
            said.append(text)

    before = children(folder)
    ingest_month(folder, Month.parse("2019-08"), Progress(Said()))
    (line,) = said
    assert f"{kind}_lookup.parquet is lost" in line and "run again 2017-08, 2018-08, 2019-08" in line
    assert children(folder) == before
