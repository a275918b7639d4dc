"""Cells and years as publishers write them: the tables of cases are the definition."""

import datetime as dt

import polars as pl
import pytest

from pipelines.comparators.periods import LAST_DAY, covers_several_years, last_year, period_end
from pipelines.comparators.tokens import STATUSES, status_of, tokens, value_of


def only(expression: pl.Expr) -> object:
    return pl.select(expression).item()


@pytest.mark.parametrize(
    ("kind", "token", "status", "value"),
    [
        ("ees", "12", "value", 12.0),
        ("ees", "0", "value", 0.0),
        ("ees", " 1,234.5 ", "value", 1234.5),
        ("ees", "-3.2", "value", -3.2),
        ("ees", ".5", "value", 0.5),
        ("ees", "c", "suppressed", None),
        ("ees", "C", "suppressed", None),
        ("ees", "x", "not_available", None),
        ("ees", "z", "not_applicable", None),
        ("ees", "k", "rounds_to_zero", None),
        ("ees", "~", "rounds_to_zero", None),
        ("ees", "low", "low_reliability", None),
        ("ees", "u", "low_reliability", None),
        ("ees", ":", "not_available", None),
        ("ees", "", "not_applicable", None),
        ("ees", None, "not_applicable", None),
        ("ees", "-", "unknown", None),
        ("ees", "nan", "unknown", None),
        ("ees", "inf", "unknown", None),
        ("ees", "1,23", "unknown", None),
        ("ees", "12*", "unknown", None),
        ("ees", "1 234", "unknown", None),
        ("ees", "%", "unknown", None),
        # the same sign means another thing in another source
        ("first_release", "x", "suppressed", None),
        ("first_release", "-", "rounds_to_zero", None),
        ("first_release", ".", "not_applicable", None),
        ("first_release", "..", "not_available", None),
        ("interactive_tool", "-", "not_available", None),
        ("interactive_tool", "4.5080000000000002E-2", "value", 0.045080000000000002),
        ("fingertips", "*", "suppressed", None),
        ("printed", "95.7 %", "value", 95.7),
        ("printed", "92%", "value", 92.0),
        ("printed", "N/A", "not_available", None),
    ],
)
def test_a_cell_is_a_number_or_a_sign_with_a_meaning(kind, token, status, value):
    cell = pl.lit(token, pl.String)
    assert (only(status_of(cell, kind)), only(value_of(cell))) == (status, value)


def test_every_sign_means_one_of_the_statuses():
    kinds = ("ees", "first_release", "interactive_tool", "fingertips", "population_workbook", "printed")
    assert {status for kind in kinds for status in tokens(kind).values()} <= set(STATUSES)
    assert all(tokens(kind) for kind in kinds)


@pytest.mark.parametrize(
    ("period", "year", "several"),
    [
        ("2019", 2019, False),
        (" 2019 ", 2019, False),
        ("201819", 2019, False),
        ("199900", 2000, False),
        ("2018-19", 2019, False),
        ("2018/19", 2019, False),
        ("2018-2019", 2019, False),
        ("1999-00", 2000, False),
        ("2014-16", 2016, True),
        ("2012/13-14/15", 2015, True),
        ("2019 (Revised)", 2019, False),
        ("2023(prov)", 2023, False),
        ("2015-16 (OT)", 2016, False),
        ("201820", None, False),
        ("2019 Q1", None, False),
        ("Trend", None, False),
        ("Rank", None, False),
        ("", None, False),
        ("20190331", None, False),
    ],
)
def test_a_period_ends_in_a_year(period, year, several):
    assert only(last_year(pl.lit(period))) == year
    assert only(covers_several_years(pl.lit(period))) is several


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("financial_year", dt.date(2019, 3, 31)),
        ("mid_year", dt.date(2019, 6, 30)),
        ("academic_year", dt.date(2019, 8, 31)),
        ("calendar_year", dt.date(2019, 12, 31)),
        ("january", dt.date(2019, 1, 31)),
        ("september", dt.date(2019, 9, 30)),
        ("several_years", None),
        (None, None),
    ],
)
def test_a_period_of_a_kind_ends_on_a_day(kind, end):
    assert only(period_end(pl.lit("2019"), pl.lit(kind, pl.String))) == end


def test_every_kind_of_period_has_a_last_day():
    assert all(dt.date(2019, *day) for day in LAST_DAY.values())
