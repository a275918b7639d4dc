"""Months, month ends and working days, as the public interface counts them. No data, no files."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

import holidays
from pydantic import AfterValidator

from pipelines.errors import UsageError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
FIRST_MONTH = 2000
LONDON = ZoneInfo("Europe/London")
"""The clock by which days begin and schedules go."""


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; as text `YYYY-MM`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Raises UsageError unless `text` is a month from 2000 on, written YYYY-MM."""
        match = _MONTH.fullmatch(text)
        if not match or int(match[1]) < FIRST_MONTH:
            raise UsageError(f"'{text}' is not a month: write YYYY-MM, for example 2019-08")
        return cls(int(match[1]), int(match[2]))

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def end(self) -> dt.date:
        """The month-end date D, by which months are keyed everywhere."""
        return dt.date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def extract_day(self) -> dt.date:
        """The first working day after the month end, when a drop is taken."""
        return working_days_after(self.end, 1)

    @property
    def financial_year_start(self) -> dt.date:
        """1 April on or before the month end."""
        return dt.date(self.year if self.number >= 4 else self.year - 1, 4, 1)

    def plus(self, months: int) -> "Month":
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def _checked(text: str) -> str:
    try:
        return str(Month.parse(text))
    except UsageError as error:
        raise ValueError("no month, written YYYY-MM") from error


MonthText = Annotated[str, AfterValidator(_checked)]
"""A month in a file that is checked by pydantic."""


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from first to last, both included; none when last is before first."""
    month = first
    while month <= last:
        yield month
        month = month.plus(1)


@cache
def bank_holidays(year: int) -> frozenset[dt.date]:
    """Bank holidays of England in a year (source: the `holidays` package, subdivision ENG)."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday and not a bank holiday of England."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The count-th working day after `day`; the day after `day` is the first that can count."""
    while count:
        day += dt.timedelta(days=1)
        count -= is_working_day(day)
    return day
