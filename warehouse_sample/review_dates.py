"""When reviews were held: each is due some months after the last one was held, whenever that was due.

Belongs here: the dates of a chain of reviews, of children looked after and of child protection plans alike.
Does not belong here: how many are late (`reviews`, `conferences`).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from random import Random

from pipelines.calendar import is_working_day
from warehouse_sample.book import Gap
from warehouse_sample.lives import Spell
from warehouse_sample.plans import add_months, stop_of
from warehouse_sample.timeline import days, recorded

_RECORDED_LATE = 0.03
"""Share of reviews. The reviewing service keeps its own records and is quicker than social workers."""
_LATE_BY = 25
_MONTHS_BETWEEN = 6


@dataclass(frozen=True)
class HeldReview:
    """A review that took place, and the first drop that shows it."""

    due: dt.date
    day: dt.date
    since: int
    is_late: bool


@dataclass(frozen=True)
class ReviewRule:
    """How a chain runs: when the first review is due, and how many months after it the second.

    The first review is planned for a start that may be corrected later: it is held on time for both starts, or
    late for both.
    """

    first_due: Callable[[dt.date], dt.date]
    months_to_second: int
    earliness: int


def hold_reviews(
    rng: Random, spell: Spell, rule: ReviewRule, is_late: Callable[[int, dt.date], bool]
) -> tuple[HeldReview, ...]:
    """The reviews of a spell; `is_late` is asked for each, with its number from 0 and the day it is due."""
    dues = [rule.first_due(spell.start), rule.first_due(spell.latest_start)]
    if spell.start_correction:
        dues.append(rule.first_due(spell.start_correction[1]))
    first, last = min(dues), max(dues)
    stop = min(stop_of(spell), spell.child.turns_18)
    chain: list[HeldReview] = []
    while True:
        late = is_late(len(chain), last)
        if late:
            day = _working(last + days(rng.randint(1, _LATE_BY)), 1)
        else:
            day = _working(first - days(rng.randint(0, min(rule.earliness, (first - spell.start).days // 3))), -1)
        if day >= stop or day <= spell.latest_start:
            return tuple(chain)
        since = max(recorded(rng, day, _RECORDED_LATE), spell.since)
        chain.append(HeldReview(last if chain else dues[0], day, since, late))
        first = last = add_months(day, rule.months_to_second if len(chain) == 1 else _MONTHS_BETWEEN)


def next_due(start: dt.date, rule: ReviewRule, chain: tuple[HeldReview, ...]) -> dt.date:
    """When the next review of a spell is due after those of the chain."""
    if not chain:
        return rule.first_due(start)
    return add_months(chain[-1].day, rule.months_to_second if len(chain) == 1 else _MONTHS_BETWEEN)


def gaps(context: str, spell: Spell, held: list[dt.date]) -> list[Gap]:
    """The gaps after the days: three months are planned after the first, six after each other one."""
    between = []
    for day, months, following in zip(
        held, (3, *repeat(_MONTHS_BETWEEN, len(held))), [*held[1:], None], strict=False
    ):
        middle = day + days((add_months(day, months) - day).days // 2)
        if following is None or following > middle:
            between.append(Gap(context, spell, day, middle, following))
    return between


def _working(day: dt.date, step: int) -> dt.date:
    while not is_working_day(day):
        day += days(step)
    return day
