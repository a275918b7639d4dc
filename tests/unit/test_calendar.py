"""Hand-made cases for months, month ends and working days."""

import datetime as dt

import pytest

from pipelines.calendar import Month, months_between, working_days_after
from pipelines.errors import UsageError

# Computed by hand from the list of bank holidays of England: the trigger is day 0.
WORKING_DAYS = [
    ("2018-08-31", "2018-09-21", "2018-09-28", "2018-11-02"),
    ("2018-12-10", "2019-01-03", "2019-01-10", "2019-02-14"),
    ("2019-03-04", "2019-03-25", "2019-04-01", "2019-05-09"),
    ("2019-03-29", "2019-04-23", "2019-04-30", "2019-06-06"),
    ("2019-04-05", "2019-04-30", "2019-05-08", "2019-06-13"),
]
EXTRACT_DAYS = [
    ("2018-08", "2018-09-03"), ("2018-09", "2018-10-01"), ("2018-10", "2018-11-01"),
    ("2018-11", "2018-12-03"),
    ("2018-12", "2019-01-02"), ("2019-01", "2019-02-01"), ("2019-02", "2019-03-01"),
    ("2019-03", "2019-04-01"),
    ("2019-04", "2019-05-01"), ("2019-05", "2019-06-03"), ("2019-06", "2019-07-01"),
    ("2019-07", "2019-08-01"),
    ("2019-08", "2019-09-02"),
]  # fmt: skip


@pytest.mark.parametrize(("trigger", "plus_15", "plus_20", "plus_45"), WORKING_DAYS)
def test_working_days_skip_weekends_easter_christmas_and_may_holidays(trigger, plus_15, plus_20, plus_45):
    day = dt.date.fromisoformat(trigger)
    found = [working_days_after(day, count).isoformat() for count in (15, 20, 45)]
    assert found == [plus_15, plus_20, plus_45]


@pytest.mark.parametrize(("month", "day"), EXTRACT_DAYS)
def test_a_drop_is_taken_on_the_first_working_day_after_the_month_end(month, day):
    assert Month.parse(month).extract_day.isoformat() == day


def test_a_month_ends_on_its_last_day_in_leap_years_too():
    assert Month.parse("2020-02").end == dt.date(2020, 2, 29)
    assert Month.parse("2019-02").end == dt.date(2019, 2, 28)


def test_months_between_crosses_the_year_and_is_empty_backwards():
    first, last = Month.parse("2018-11"), Month.parse("2019-02")
    assert [str(m) for m in months_between(first, last)] == ["2018-11", "2018-12", "2019-01", "2019-02"]
    assert list(months_between(last, first)) == []


@pytest.mark.parametrize("text", ["2019-13", "2019-00", "2019-8", "August 2019", "2019-08-31", "", "1899-01"])
def test_what_is_not_a_month_is_refused_in_words(text):
    with pytest.raises(UsageError, match="is not a month"):
        Month.parse(text)
