"""What lists show of one another: periods of care one after the other, and two reviews of each."""

import datetime as dt
import itertools

import duckdb
import polars as pl
import pytest

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.ingest.reach import ODD_DATES, Reach, reach_of, shown_of
from pipelines.ingest.reach_links import Lack, lists_that_lack_older

MARCH = Month(2019, 3)
FIRST = dt.date(2015, 1, 5)
CUT = dt.date(2018, 4, 1)
DAYS = 1512
LENGTHS, MOVED_AFTER, REVIEWED_AFTER = (60, 200), 20, (28, 118)
OBJECTS = ("ssd_cla_episodes", "ssd_cla_reviews")


def drop(*, days_apart: int = 7) -> duckdb.DuckDBPyConnection:
    """A period begins every so many days, long and short ones in turn, each with two episodes and its reviews."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in OBJECTS}
    for number in range(0, DAYS, days_apart):
        days = [
            FIRST + dt.timedelta(days=number + after)
            for after in (0, MOVED_AFTER, LENGTHS[number // days_apart % 2])
        ]
        rows["ssd_cla_episodes"] += [
            {
                "clae_cla_id": str(number),
                "clae_person_id": str(number),
                "clae_cla_episode_start_date": start,
                "clae_cla_episode_ceased_date": end if end <= MARCH.end else None,
                "clae_entered_care_date": days[0],
            }
            for start, end in itertools.pairwise(days)
            if start <= MARCH.end
        ]
        held_days = (days[0] + dt.timedelta(days=after) for after in REVIEWED_AFTER)
        rows["ssd_cla_reviews"] += [
            {"clar_cla_id": str(number), "clar_cla_review_date": held}
            for held in held_days
            if held <= min(days[-1], MARCH.end)
        ]
    connection = duckdb.connect()
    connection.execute("create schema raw")
    for name in OBJECTS:
        columns = contracts()[name].loaded_columns
        types = {column.name: pl.Date if column.type == "date" else pl.String for column in columns}
        frame = pl.DataFrame(rows[name], schema=types)  # noqa: F841
        connection.execute(
            f"create table raw.{name} as"
            f" select '888' as la_code, date '{MARCH.end}' as extract_month, * from frame"
        )
    return connection


def lacks(connection: duckdb.DuckDBPyConnection) -> dict[str, Lack]:
    found = lists_that_lack_older(connection, OBJECTS, "888", MARCH, ODD_DATES)
    return {name: lack for name, lack in found.items() if lack.strength != "no"}


def reach(connection: duckdb.DuckDBPyConnection) -> dict[str, Reach]:
    return reach_of(shown_of(connection, OBJECTS, "888", MARCH), MARCH)


def test_a_whole_drop_lacks_nothing():
    assert lacks(drop()) == {}


def test_periods_that_reviews_name_are_missing_where_they_are_old():
    connection = drop()
    connection.execute("delete from raw.ssd_cla_episodes where clae_cla_episode_ceased_date < ?", [CUT])
    assert lacks(connection) == {"ssd_cla_episodes": Lack("yes")}
    assert reach(connection)["ssd_cla_episodes"] == Reach(dt.date(2018, 4, 1), basis="seen")


def test_where_the_open_ones_are_missing_too_no_state_is_known_until_they_have_ended():
    connection = drop(days_apart=2)
    connection.execute("delete from raw.ssd_cla_episodes where clae_cla_episode_start_date < ?", [CUT])
    connection.execute("delete from raw.ssd_cla_reviews where clar_cla_review_date < ?", [CUT])
    assert lacks(connection)["ssd_cla_episodes"].is_of_open_rows
    # the longest episode lasts 180 days
    assert reach(connection)["ssd_cla_episodes"] == Reach(CUT + dt.timedelta(days=180), basis="seen")


def test_periods_that_were_long_enough_before_the_first_review_have_none():
    connection = drop()
    connection.execute("delete from raw.ssd_cla_reviews where clar_cla_review_date < ?", [CUT])
    assert lacks(connection) == {"ssd_cla_reviews": Lack("yes")}
    assert reach(connection) == {
        "ssd_cla_episodes": Reach(),
        "ssd_cla_reviews": Reach(dt.date(2018, 4, 2), basis="seen"),
    }


@pytest.mark.parametrize("share", [7, 2])
def test_links_that_are_broken_at_any_time_show_nothing(share):
    connection = drop()
    connection.execute(
        "update raw.ssd_cla_reviews set clar_cla_id = clar_cla_id || '?' where clar_cla_id::integer % ? = 0",
        [share],
    )
    assert lacks(connection) == {}


def test_where_no_link_holds_nothing_is_shown():
    connection = drop()
    connection.execute("update raw.ssd_cla_reviews set clar_cla_id = '00' || clar_cla_id")
    assert lacks(connection) == {}


@pytest.mark.parametrize(
    ("older", "found"),
    [(19, Lack("no")), (22, Lack("yes", is_of_open_rows=True))],
)
def test_periods_that_began_before_the_first_row_of_all_are_parts_of_older_ones(older, found):
    connection = drop()
    connection.execute(
        "update raw.ssd_cla_episodes set clae_entered_care_date = '2014-01-01' where clae_cla_id::integer < ?",
        [7 * older],
    )
    assert lacks(connection).get("ssd_cla_episodes", Lack()) == found


def test_few_rows_leave_a_doubt():
    connection = drop(days_apart=70)
    connection.execute("delete from raw.ssd_cla_episodes where clae_cla_episode_ceased_date < ?", [CUT])
    assert lacks(connection) == {"ssd_cla_episodes": Lack("perhaps")}
    assert reach(connection)["ssd_cla_episodes"] == Reach(basis="in doubt")
