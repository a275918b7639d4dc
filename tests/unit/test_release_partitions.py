"""What a release shares with the one before: files of partitions, and the content of the DuckDB file."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from release_rows import frame

from pipelines.errors import WarehouseError
from pipelines.publish import Release, release_database
from pipelines.publish.release_access import give_modes
from pipelines.publish.release_database import CHECKSUMS, database_checksums, write_database
from pipelines.publish.release_manifest import checksums, versions
from pipelines.publish.shared_partitions import (
    EarlierFiles,
    PlannedTable,
    TableRows,
    plan,
    share_folder,
    write_parquet,
)
from pipelines.release_layout import sql_of, tables_of
from pipelines.table_register import OPEN, RESTRICTED

MARK = "a text of a plan that no other byte of a file is like"
JANUARY, FEBRUARY = "extract_month=2019-01", "extract_month=2019-02"
PLANS = {
    f"fct_plan/{JANUARY}/888.parquet",
    f"fct_plan/{JANUARY}/889.parquet",
    f"fct_plan/{FEBRUARY}/888.parquet",
}
OTHERS = {
    "dim_date.parquet",
    f"fct_list/{JANUARY}/all.parquet",
    "fct_none/extract_month=__HIVE_DEFAULT_PARTITION__/all.parquet",
}


@dataclass
class Warehouse:
    """A working file in memory, and the releases that a test makes of it."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    damaged: tuple[str, ...] = ()

    def change(self, *statements: str) -> None:
        for statement in statements:
            self.connection.execute(statement)

    def planned(self, only_grows: bool = True) -> list[PlannedTable]:
        tables = {"fct_plan": "extract_month", "fct_list": "month", "fct_none": "extract_month", "dim_date": None}
        return [
            plan(self.connection, TableRows(name, f"select * from {name}", extract, only_grows and bool(extract)))
            for name, extract in tables.items()
        ]

    def publish(self, name: str, last: Release | None = None, room: str = RESTRICTED, **rules: bool) -> Release:
        path = self.folder / name
        (path / room).mkdir(parents=True)
        earlier, tables = EarlierFiles([last] if last else []), self.planned(**rules)
        entries = write_parquet(self.connection, path, room, tables, earlier)
        line = write_database(self.connection, path, room, tables, last)
        give_modes(path)
        self.damaged = (*earlier.damaged, *([line] if line else []))
        return Release(path, {"tables": entries, "versions": versions(), CHECKSUMS: database_checksums(path)})


@pytest.fixture
def warehouse(tmp_path) -> Warehouse:
    made = Warehouse(duckdb.connect(), tmp_path)
    made.change(
        "create table fct_plan (la_code varchar, extract_month date, plan_id varchar, days integer)",
        f"""
        insert into fct_plan values
            ('888', '2019-01-31', 'p1', 1), ('888', '2019-01-31', 'p2', 2), ('888', '2019-02-28', 'p1', 1),
            ('889', '2019-01-31', '{MARK}', 1)
        """,
        "create table fct_list as select date '2019-01-01' as month, 'a' as action",
        "create table fct_none (la_code varchar, extract_month date)",
        "create table dim_date as select date '2019-01-01' as day",
    )
    return made


def files(release: Release, room: str = RESTRICTED) -> set[str]:
    return {path.relative_to(release.path / room).as_posix() for path in (release.path / room).rglob("*.parquet")}


def shared(release: Release, last: Release, room: str = RESTRICTED) -> set[str]:
    """The files that both releases have as one."""
    return {
        name
        for name in files(release, room) & files(last, room)
        if (release.path / room / name).samefile(last.path / room / name)
    }


def is_as_in(warehouse: Warehouse, release: Release) -> None:
    """Parquet files and DuckDB file have what the working file has, with its types."""
    room = release.path / RESTRICTED
    assert set(tables_of(room)) == {"fct_plan", "fct_list", "fct_none", "dim_date"}
    with duckdb.connect(str(room / "warehouse.duckdb"), read_only=True) as database:
        for table in tables_of(room):
            expected = warehouse.connection.execute(f"from {table} order by all").fetchall()
            types = warehouse.connection.execute(f"describe {table}").fetchall()
            for source in (table, sql_of(room, table)):
                assert database.execute(f"from {source} order by all").fetchall() == expected, source
                described = database.execute(f"describe from {source}").fetchall()
                assert [row[:2] for row in described] == [row[:2] for row in types], source


@pytest.mark.parametrize(
    ("change", "not_shared"),
    [
        ("select 1", set()),
        # the order of rows is no content
        ("create or replace table fct_plan as select * from fct_plan order by plan_id desc", set()),
        ("update fct_plan set days = 3 where plan_id = 'p2'", {f"fct_plan/{JANUARY}/888.parquet"}),
        # sums of columns, and the set of values, stay
        (
            "update fct_plan set days = 3 - days where la_code = '888' and extract_month = '2019-01-31'",
            {f"fct_plan/{JANUARY}/888.parquet"},
        ),
        (
            "insert into fct_plan values ('888', '2019-03-31', 'p1', 1)",
            {"fct_plan/extract_month=2019-03/888.parquet"},
        ),
        ("insert into fct_plan values ('889', '2019-02-28', 'p9', 1)", {f"fct_plan/{FEBRUARY}/889.parquet"}),
        ("insert into fct_list values ('2019-01-01', 'b')", {f"fct_list/{JANUARY}/all.parquet"}),
        ("update dim_date set day = '2019-01-02'", {"dim_date.parquet"}),
        ("delete from fct_plan where la_code = '889'", set()),
        ("delete from fct_plan", {"fct_plan/extract_month=__HIVE_DEFAULT_PARTITION__/all.parquet"}),
        ("alter table fct_plan drop column days", PLANS),
        ("alter table fct_plan alter days type bigint", PLANS),
        ("alter table fct_plan rename plan_id to id", PLANS),
        ("insert into fct_none values ('888', '2019-01-31')", {f"fct_none/{JANUARY}/888.parquet"}),
    ],
)
def test_a_release_shares_the_partitions_that_did_not_change(warehouse, change, not_shared):
    last = warehouse.publish("a")
    assert files(last) == PLANS | OTHERS
    content = {name: (last.path / RESTRICTED / name).read_bytes() for name in files(last)}
    warehouse.change(change)
    now = warehouse.publish("b", last)
    assert files(now) - shared(now, last) == not_shared
    is_as_in(warehouse, now)
    assert {name: (last.path / RESTRICTED / name).read_bytes() for name in files(last)} == content
    assert warehouse.damaged == ()


def test_dates_and_codes_are_columns_of_the_files_and_polars_reads_a_folder(warehouse):
    rows = frame(warehouse.publish("a").path / RESTRICTED, "fct_plan")
    assert (
        rows.schema["extract_month"] == frame(warehouse.publish("b").path / RESTRICTED, "dim_date").schema["day"]
    )
    assert sorted(rows["plan_id"].unique()) == [MARK, "p1", "p2"]


@pytest.mark.parametrize("fault", ["changed", "missing", "a link"])
def test_a_damaged_file_is_reported_and_not_shared(warehouse, fault):
    last = warehouse.publish("a")
    name = f"fct_plan/{JANUARY}/888.parquet"
    damaged = last.path / RESTRICTED / name
    content = damaged.read_bytes()
    damaged.unlink()
    if fault == "changed":
        damaged.write_bytes(content.replace(b"p2", b"p3"))
        damaged.chmod(0o600)
    elif fault == "a link":
        (warehouse.folder / "elsewhere").write_bytes(content + b"x")
        damaged.symlink_to(warehouse.folder / "elsewhere")
    now = warehouse.publish("b", last)
    (line,) = warehouse.damaged
    assert line.startswith(f"release a: restricted/{name} is missing or has changed since publication.")
    assert files(now) - shared(now, last) == {name}
    is_as_in(warehouse, now)


def test_files_are_copied_where_there_are_no_links(warehouse, monkeypatch):
    def refuse(*_arguments, **_options) -> None:
        raise OSError(95, "Operation not supported")

    last = warehouse.publish("a")
    monkeypatch.setattr(os, "link", refuse)
    now = warehouse.publish("b", last)
    assert (files(now), shared(now, last)) == (PLANS | OTHERS, set())
    assert now.manifest["tables"] == last.manifest["tables"]
    is_as_in(warehouse, now)


@pytest.mark.parametrize(("room", "wanted", "other"), [(RESTRICTED, 0o600, 0o640), (OPEN, 0o644, 0o600)])
def test_a_file_with_another_mode_is_copied_and_keeps_it(warehouse, room, wanted, other):
    last = warehouse.publish("a", room=room)
    file = last.path / room / "dim_date.parquet"
    file.chmod(other)
    now = warehouse.publish("b", last, room=room)
    assert shared(now, last, room) == files(now, room) - {"dim_date.parquet"}
    modes = [(release.path / room / "dim_date.parquet").stat().st_mode & 0o777 for release in (last, now)]
    assert modes == [other, wanted]


def test_a_mode_that_was_taken_from_a_shared_file_is_not_given_back(warehouse):
    last = warehouse.publish("a", room=OPEN)
    now = warehouse.publish("b", last, room=OPEN)
    (last.path / OPEN / "dim_date.parquet").chmod(0o600)
    give_modes(now.path)
    assert (last.path / OPEN / "dim_date.parquet").stat().st_mode & 0o777 == 0o600


def test_nothing_is_shared_with_a_release_of_the_earlier_layout(warehouse):
    last = warehouse.publish("a")
    for table in last.manifest["tables"]:
        table["file"] = f"restricted/{table['table']}.parquet"
        for key in ("files", "extract", "state"):
            table.pop(key, None)
        table["sha256"] = "0" * 64
    now = warehouse.publish("b", last)
    assert (shared(now, last), warehouse.damaged) == (set(), ())
    is_as_in(warehouse, now)


def test_after_a_rollback_files_are_shared_with_the_release_that_is_current_again(warehouse):
    first = warehouse.publish("a")
    warehouse.change("update fct_plan set days = 9 where la_code = '889'")
    second = warehouse.publish("b", first)
    again = warehouse.publish("c", first)
    assert files(again) - shared(again, first) == {f"fct_plan/{JANUARY}/889.parquet"}
    assert f"fct_plan/{JANUARY}/889.parquet" not in shared(again, second)
    is_as_in(warehouse, again)


def bytes_of(release: Release, room: str = RESTRICTED) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((release.path / room).glob("*.duckdb")))


@pytest.mark.parametrize("change", ["delete from fct_plan where la_code = '889'", "delete from fct_plan"])
def test_removed_rows_of_an_extract_leave_no_bytes_in_the_next_database(warehouse, change):
    last = warehouse.publish("a")
    assert MARK.encode() in bytes_of(last)
    warehouse.change(change)
    assert MARK.encode() not in bytes_of(warehouse.publish("b", last))


def test_a_database_goes_on_from_the_last_one_unless_it_is_damaged(warehouse):
    last = warehouse.publish("a", only_grows=False)
    with duckdb.connect(str(last.path / RESTRICTED / "warehouse.duckdb")) as database:
        database.execute("create view of_a_reader as select 1 as n")
    known = Release(last.path, last.manifest | {CHECKSUMS: database_checksums(last.path)})
    warehouse.change("update fct_plan set days = 9 where la_code = '889'")
    for name, before, goes_on in (("b", known, True), ("c", last, False)):
        now = warehouse.publish(name, before, only_grows=False)
        is_as_in(warehouse, now)
        with duckdb.connect(str(now.path / RESTRICTED / "warehouse.duckdb"), read_only=True) as database:
            views = database.execute("select view_name from duckdb_views() where not internal").fetchall()
        assert (("of_a_reader",) in views) == goes_on
        damaged = "release a: restricted/warehouse.duckdb is missing or has changed since publication."
        assert [line.startswith(damaged) for line in warehouse.damaged] == ([] if goes_on else [True])


@pytest.mark.parametrize("merges", [True, False])
def test_rows_that_only_the_newest_extract_keeps_do_not_pile_up_in_the_database(warehouse, monkeypatch, merges):
    if not merges:
        monkeypatch.setattr(release_database, "_ROW_GROUP", 1)
    release = None
    for month in (f"date '2019-{number:02}-01'" for number in range(3, 9)):
        warehouse.change(
            "delete from fct_plan where days > 100",
            f"insert into fct_plan select '888', last_day({month}), 'q' || i, i from range(1, 5000) as days (i)",
        )
        release = warehouse.publish(month, release, only_grows=False)
        with duckdb.connect(str(release.path / RESTRICTED / "warehouse.duckdb"), read_only=True) as database:
            (rows,) = database.execute("select count(*) from fct_plan").fetchone()
            (held,) = database.execute(
                "select sum(count) from pragma_storage_info('fct_plan')"
                " where column_id = 0 and segment_type <> 'VALIDITY'"
            ).fetchone()
        assert rows <= held < 3 * rows
    is_as_in(warehouse, release)


@pytest.mark.parametrize("fault", [None, "changed", "missing"])
def test_a_folder_of_pages_is_that_of_the_last_release_unless_a_file_is_damaged(tmp_path, fault):
    last, release, names = tmp_path / "last", tmp_path / "release", ("report/pages/a.html", "report/pages/b.html")
    (last / "report" / "pages").mkdir(parents=True)
    for name in (*names, "report/index.html"):
        (last / name).write_text(name)
    give_modes(last)
    listed = {"files": list(checksums(last, ["report"]))}
    if fault:
        (last / names[1]).unlink()
    if fault == "changed":
        (last / names[1]).write_text("by hand")
    assert share_folder(Release(last, listed), "report/pages", release) == (fault is None)
    there = {path.relative_to(release).as_posix() for path in release.rglob("*.html")}
    assert there == (set() if fault else set(names))
    assert all((release / name).samefile(last / name) for name in there)


def test_a_code_that_is_no_file_name_is_refused(warehouse):
    warehouse.change("update fct_plan set la_code = '../888' where la_code = '889'")
    with pytest.raises(WarehouseError, match="no file name"):
        warehouse.planned()
