"""The bank holidays of England, from the package `holidays`."""

import datetime as dt
from importlib.metadata import version

from pipelines.calendar import bank_holidays

HOLIDAY_YEARS = range(2000, 2041)


def holidays_source() -> str:
    """Name and version of the package with the bank holidays."""
    return f"holidays {version('holidays')}"


def holidays_of_england() -> list[dt.date]:
    """Every bank holiday of the years in which dates of a drop or their due dates can fall."""
    return sorted(day for year in HOLIDAY_YEARS for day in bank_holidays(year))
