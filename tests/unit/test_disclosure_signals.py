"""What a signal and a target would tell of a suppressed figure does not go out."""

import datetime as dt

import duckdb
import polars as pl
import pytest
from small_councils import NO_BREAKDOWNS

from pipelines.publish.disclosure import open_tables
from pipelines.settings import DisclosureRules

MONTHS = [dt.date(2019, 5, 31), dt.date(2019, 6, 30), dt.date(2019, 7, 31)]
OVERDUE, ON_TIME = "cla_reviews_overdue", "cla_reviews_on_time"
COUNTS = {OVERDUE: [3, 8, 9], ON_TIME: [2, 9, 12]}
DERIVED = [
    "value",
    "points",
    "baseline_from",
    "centre",
    "lower_limit",
    "upper_limit",
    "signal",
    "rule",
    "direction",
]


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Two counts of an authority in three months, small in May: the baselines of one all begin with May."""
    connection = duckdb.connect()
    connection.execute("create schema marts; create schema core")
    connection.execute(
        """
        create table core.dim_team (
            la_code varchar, extract_month date, team_name varchar, locality_name varchar
        );
        create table marts.mart_indicator_monthly (
            indicator_id varchar, la_code varchar, area_type varchar, area_name varchar, month date,
            extract_month date, period varchar, unit varchar, numerator bigint, denominator bigint, value double,
            rag varchar, status varchar
        );
        create table marts.mart_data_quality (
            rule varchar, object varchar, la_code varchar, area_type varchar, area_name varchar, month date,
            checked bigint, failed bigint, new bigint, fixed bigint, failed_percent double
        );
        create table marts.mart_indicator_signal (
            indicator_id varchar, la_code varchar, area_type varchar, area_name varchar, month date,
            extract_month date, value double, points integer, baseline_from date, centre double,
            lower_limit double, upper_limit double, signal varchar, rule varchar, direction varchar,
            is_better boolean, method varchar, confidence_low double, confidence_high double,
            confidence_method varchar
        )
        """
    )
    connection.register("breakdowns", NO_BREAKDOWNS)
    connection.execute("create table marts.mart_indicator_breakdown as select * from breakdowns")
    for indicator, counts in COUNTS.items():
        for month, count in zip(MONTHS, counts, strict=True):
            area = [indicator, "888", "authority", "888", month, month]
            connection.execute(
                "insert into marts.mart_indicator_monthly values "
                "(?, ?, ?, ?, ?, ?, 'month_end', 'number', ?, null, ?, 'red', 'shown')",
                [*area, count, count],
            )
            # of the second the baseline begins with the month itself, as where a definition has just changed
            begins = MONTHS[0] if indicator == OVERDUE else month
            connection.execute(
                "insert into marts.mart_indicator_signal values (?, ?, ?, ?, ?, ?, ?, 3, ?, 6.7, 0, 13.4, "
                "'special_cause', 'shift', 'higher', false, 'XmR', null, null, null)",
                [*area, count, begins],
            )
    return connection


def told(connection: duckdb.DuckDBPyConnection, name: str, rules: DisclosureRules | None = None) -> pl.DataFrame:
    query = dict(open_tables(connection, rules or DisclosureRules()))[name]
    return connection.execute(f"select * from ({query}) order by indicator_id desc, month").pl()


def test_a_signal_is_told_where_every_figure_of_its_baseline_is(connection):
    found = told(connection, "mart_indicator_signal")
    assert found["status"].to_list() == ["suppressed", "suppressed", "suppressed", "suppressed", "shown", "shown"]
    hidden = found.filter(pl.col("status") == "suppressed").select(*DERIVED, "is_better")
    assert hidden.null_count().sum_horizontal().item() == hidden.width * hidden.height
    assert found.filter(pl.col("status") == "shown")["value"].to_list() == [9, 12]


def test_with_rounding_no_signal_is_told(connection):
    found = told(connection, "mart_indicator_signal", DisclosureRules(round_to=5))
    assert set(found["status"]) == {"suppressed"}
    assert found.select(DERIVED).null_count().sum_horizontal().item() == len(DERIVED) * found.height


def test_whether_a_suppressed_figure_meets_its_target_is_not_told(connection):
    found = told(connection, "mart_indicator_monthly")
    assert found["rag"].to_list() == [None, "red", "red", None, "red", "red"]
