"""The thirteen drops of the synthetic authority, and when a fact is first seen in one of them.

Belongs here: month ends, extract days, days drawn at random. Does not belong here: what happens on them.
A drop has a number, 0 for August 2018 to 12 for August 2019. Facts recorded before the first drop have the number
0; NEVER is the number of a drop that is not written.
"""

import datetime as dt
from bisect import bisect_left
from functools import cache
from random import Random

from pipelines.calendar import Month, is_working_day, months_between

FIRST_MONTH, LAST_MONTH = Month(2018, 8), Month(2019, 8)
MONTHS = tuple(months_between(FIRST_MONTH, LAST_MONTH))
EXTRACT_DAYS = tuple(month.extract_day for month in MONTHS)
DROPS = range(len(MONTHS))
HORIZON = EXTRACT_DAYS[-1]
NEVER = 99
REVIEWED_DROP = MONTHS.index(Month(2019, 3))
"""The drop that the printed report of the reviewing service looks at."""

LATE_SHARE = 0.06
TWO_DROPS_LATE = 0.25
LATE_BEFORE_FIRST_DROP = dt.timedelta(days=45)


@cache
def month_end(drop: int) -> dt.date:
    """The month-end date D of a drop; negative numbers are the months before the first drop."""
    return FIRST_MONTH.plus(drop).end


def drop_of(day: dt.date) -> int:
    """The first drop taken on or after `day`; NEVER if that is after the last one."""
    number = bisect_left(EXTRACT_DAYS, day)
    return number if number < len(EXTRACT_DAYS) else NEVER


def recorded(rng: Random, day: dt.date, late_share: float = LATE_SHARE) -> int:
    """The first drop that shows an event of `day`: mostly the next one, for a few one or two drops later."""
    drop = drop_of(day)
    if day <= month_end(0) - LATE_BEFORE_FIRST_DROP or rng.random() >= late_share:
        return drop
    return drop + (2 if rng.random() < TWO_DROPS_LATE else 1)


def days(count: float) -> dt.timedelta:
    """A span of whole days."""
    return dt.timedelta(days=int(count))


def random_day(rng: Random, after: dt.date, until: dt.date, working: bool = True) -> dt.date:
    """A day later than `after` and not later than `until`; a working day where a few draws find one."""
    span = max(1, (until - after).days)
    day = after + days(rng.randint(1, span))
    for _ in range(6):
        if not working or is_working_day(day):
            break
        day = after + days(rng.randint(1, span))
    return day


def eighteenth_birthday(born: dt.date) -> dt.date:
    """The day a person turns 18; 1 March for someone born on 29 February in years without one."""
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return dt.date(born.year + 18, 3, 1)
