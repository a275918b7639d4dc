"""Cuts of untidy drops that the data show, and whole drops that they do not take for cut: none is declared."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl
import pytest
from hostile_authority import clean_drop, hostile_drop
from untidy_authority import UntidyAuthority

from pipelines.calendar import Month
from pipelines.contracts import Contract, contracts
from pipelines.ingest.reach import Reach, reach_of, shown_of

LA = "888"
MONTHS = (Month(2019, 5), Month(2019, 8))
CHILDREN = 500
EVENTS = [name for name, contract in contracts().items() if contract.days and not contract.is_list]


def loaded(tables: dict[str, list[dict[str, object]]], month: Month) -> duckdb.DuckDBPyConnection:
    """The schema `raw` with the rows of one drop that the ingest would load."""
    connection = duckdb.connect()
    connection.execute("create schema raw")
    for name, contract in contracts().items():
        columns = [column.name for column in contract.loaded_columns]
        rows = [{key: str(row[key]) if row.get(key) else None for key in columns} for row in tables.get(name, [])]
        frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))  # noqa: F841
        values = ", ".join(
            f"case when {column.name} not like '0000%' then try_strptime({column.name}, '%Y-%m-%d')::date end"
            f" as {column.name}"
            if column.type == "date"
            else column.name
            for column in contract.loaded_columns
        )
        connection.execute(
            f"create table raw.{name} as select '{LA}' as la_code, date '{month.end}' as extract_month, {values}"
            " from frame"
        )
        if contract.days:
            connection.execute(f"delete from raw.{name} where {contract.days[1]} < {contract.days[0]}")
    return connection


def untidy(seed: int, children: int = CHILDREN) -> tuple[duckdb.DuckDBPyConnection, Month]:
    month = MONTHS[seed % 2]
    return loaded(UntidyAuthority(random.Random(seed), month.end, children).tables(), month), month


def reach(connection: duckdb.DuckDBPyConnection, month: Month) -> dict[str, Reach]:
    return reach_of(shown_of(connection, contracts(), LA, month), month)


def day_of(contract: Contract, kind: str) -> str:
    assert contract.days
    return contract.days[1 if kind == "ended" else 0]


@contextmanager
def cut(
    connection: duckdb.DuckDBPyConnection, kind: str, first: dt.date, names: list[str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The drop without what ended before a day, or without what began before it."""
    connection.execute("begin")
    for name in names:
        connection.execute(f"delete from raw.{name} where {day_of(contracts()[name], kind)} < ?", [first])
    yield connection
    connection.execute("rollback")


# but for the smallest, three lists begin within three days: that they lack no ends tells them from a window
@pytest.mark.parametrize(
    ("seed", "children"), [(1, CHILDREN), (2, CHILDREN), (6, CHILDREN), (11, CHILDREN), (13, 1500), (3, 40)]
)
def test_an_untidy_drop_that_is_whole_shows_no_cut(seed, children):
    assert set(reach(*untidy(seed, children)).values()) == {Reach()}


@pytest.mark.parametrize("drop", [clean_drop, hostile_drop])
def test_rows_with_odd_days_show_no_cut(drop):
    month = Month(2019, 8)
    assert set(reach(loaded(drop(), month), month).values()) == {Reach()}


@pytest.fixture(scope="module")
def authority() -> tuple[duckdb.DuckDBPyConnection, Month]:
    return untidy(2)


@pytest.mark.parametrize("months", [6, 12, 24])
@pytest.mark.parametrize("kind", ["ended", "began"])
def test_a_cut_of_all_lists_is_seen(authority, kind, months):
    connection, month = authority
    first = month.plus(1 - months).first_day
    with cut(connection, kind, first, EVENTS):
        seen = reach(connection, month)
    assert {name for name in EVENTS if (day := seen[name].complete_from) is None or day < first} == set()


def test_a_drop_without_what_began_before_a_day_gives_no_state_at_the_month_end(authority):
    connection, month = authority
    with cut(connection, "began", month.plus(-11).first_day, EVENTS):
        seen = reach(connection, month)
    open_at_month_end = (
        "ssd_cla_episodes",
        "ssd_cp_plans",
        "ssd_cin_plans",
        "ssd_involvements",
        "ssd_legal_status",
    )
    assert {name for name in open_at_month_end if seen[name].complete_from <= month.end} == set()


def test_a_cut_of_a_few_rows_leaves_a_doubt():
    # with so few rows, six of forty such drops leave no doubt
    connection, month = untidy(2, 60)
    with cut(connection, "began", month.plus(-11).first_day, EVENTS):
        seen = reach(connection, month)
    assert {known.basis for known in seen.values()} == {"in doubt", "taken as complete"}
