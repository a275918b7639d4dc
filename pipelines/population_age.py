"""How old the estimate of a population is in a month."""

from pipelines.calendar import Month

MONTHS_UNTIL_OLD = 18
"""A rate on an older estimate is of too few or too many children; a newer one has usually been published."""
_JUNE = 6


def age_in_months(mid_year: int, month: Month) -> int:
    """Whole months from 30 June of the mid-year to the end of the month."""
    return 12 * (month.year - mid_year) + month.number - _JUNE


def is_old(mid_year: int, month: Month) -> bool:
    """Whether the estimate is more than `MONTHS_UNTIL_OLD` months old at the end of the month."""
    return age_in_months(mid_year, month) > MONTHS_UNTIL_OLD
