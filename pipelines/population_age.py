"""How old the estimate of a population is in a month, and the sentence about it for readers of a rate."""

import datetime as dt

from pipelines.calendar import Month

MONTHS_UNTIL_OLD = 18
"""A rate on an older estimate is of too few or too many children; a newer one has usually been published."""
_JUNE = 6
REMEDY = "Put the newest file of the Office for National Statistics into raw/reference."


def age_in_months(mid_year: int, month: Month) -> int:
    """Whole months from 30 June of the mid-year to the end of the month."""
    return 12 * (month.year - mid_year) + month.number - _JUNE


def is_old(mid_year: int, month: Month) -> bool:
    """Whether the estimate is more than `MONTHS_UNTIL_OLD` months old at the end of the month."""
    return age_in_months(mid_year, month) > MONTHS_UNTIL_OLD


def old_population(mid_year: int | None, month_end: dt.date, is_counted: bool) -> list[str]:
    """A sentence if a rate of the month has an old population, or none.

    `is_counted`: whether its children were counted, and only a population is missing.
    """
    if mid_year is None:
        return [f"No population is known, so there is no rate. {REMEDY}"] if is_counted else []
    month = Month(month_end.year, month_end.month)
    if not is_old(mid_year, month):
        return []
    age = age_in_months(mid_year, month)
    return [
        f"The population is the estimate of mid-{mid_year}, {age} months old at the end of {month}: the rate may"
        f" be too high or too low. {REMEDY}"
    ]
