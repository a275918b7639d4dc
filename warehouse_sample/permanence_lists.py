"""Rows of lists that services keep by hand: local_permanence_tracker and local_private_fostering.

Belongs here: which children are on the tracker for which plan, and how far each discharge of an order is; private
fostering arrangements. Both lists are delivered when they change. Does not belong here: who is looked after under
which order (`care_periods`), and where (`homes`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from warehouse_sample.book import Book
from warehouse_sample.care_periods import Care
from warehouse_sample.care_targets import At, targets
from warehouse_sample.lives import Child
from warehouse_sample.plans import add_months, stop_of
from warehouse_sample.printed_figures import CIN
from warehouse_sample.recording import ended
from warehouse_sample.timeline import DROPS, HORIZON, NEVER, days, drop_of, month_end, random_day
from warehouse_sample.world import World

DISCHARGE = "discharge_parent"
_PLANS = {
    DISCHARGE: (20, 120),
    "sgo_carer": (12, 12),
    "sgo_relative": (20, 58),
    "reunification": (14, 19),
    "cao": (3, 6),
    "adoption": (6, 8),
    "long_term": (4, 9),
}
"""Cases of a plan at the first and at the last month end; from one number to the next they change evenly."""
_TRACKED_FROM, _TRACKED_TURNOVER = -4, 0.12
_HOMES = {
    DISCHARGE: (("C2",), ("P1",)),
    "sgo_carer": (("C2",), ("U4", "U6")),
    "sgo_relative": (("C2",), ("U1", "U3")),
    "reunification": (("C1", "C2", "V2"), ("U1", "U3", "U4", "U6")),
    "cao": (("C2",), ("U1", "U3", "P1")),
    "adoption": (("E1",), ("U4", "U5", "U6")),
    "long_term": (("C2",), ("U4", "U6")),
}
"""Legal statuses and types of placement of the children for whom a plan is made."""
_FILED_AFTER, _HEARD_AFTER = (20, 90), (15, 60)
"""Days from putting a case on the tracker to filing, and from there to court."""
_FOSTERED_FROM, _FOSTERED_TURNOVER = -17, 0.12
_FOSTERED_AT = (4, 15)

_TRACKER_WRITTEN, _FOSTERING_WRITTEN = (0, 1, 3, 5, 7, 8, 10, 11), (0, 3, 6, 9, 12)
"""Drops that hold the list. Between them it did not change."""

_Span = tuple[dt.date, dt.date | None]
_Levels = dict[int, int]
"""How many are open, by number of the drop whose month end is meant."""


# Arrangements over time


def _spans(rng: Random, levels: _Levels, turnover: float) -> list[_Span]:
    """First days and ends, so that the given numbers are open at the given month ends."""
    spans: list[list[dt.date | None]] = []
    known = sorted(levels)
    for month in range(known[0], DROPS[-1] + 1):
        low, high = month_end(month - 1), month_end(month)
        still = [span for span in spans if span[1] is None]
        wanted = _level(levels, month)
        leaving = max(round(turnover * len(still)), len(still) - wanted)
        for span in rng.sample(still, min(len(still), leaving)):
            span[1] = random_day(rng, low, high)
        lacking = wanted - sum(span[1] is None for span in spans)
        spans += [[random_day(rng, low, high), None] for _ in range(lacking)]
    return [(start, end) for start, end in spans if start]


def _level(levels: _Levels, month: int) -> int:
    before = max(each for each in levels if each <= month)
    after = min((each for each in levels if each >= month), default=before)
    if after == before:
        return levels[before]
    part = (month - before) / (after - before)
    return round(levels[before] + part * (levels[after] - levels[before]))


def _printed_levels(measure: str, code: str = "") -> _Levels:
    asked = {target.at.day: number for target, number in targets(measure).items() if target.code == code}
    return {
        month: asked[month_end(month)] for month in range(_FOSTERED_FROM, len(DROPS)) if month_end(month) in asked
    }


# The tracker


@dataclass
class _Case:
    """A case on the tracker. State: its steps, empty where there are none."""

    plan: str
    start: dt.date
    end: dt.date | None
    due: dt.date | None = None
    filed: dt.date | None = None
    court: dt.date | None = None
    order: dt.date | None = None


def write_tracker(book: Book, cares: list[Care]) -> None:
    """Writes the tracker: children for whom a plan for permanence is to be reached, and how far each is."""
    rng = book.rng
    cases = []
    for plan, (first, last) in _PLANS.items():
        levels = {_TRACKED_FROM: first, DROPS[-1]: last} | _printed_levels("tracked", plan)
        cases += [_Case(plan, *span) for span in _spans(rng, levels, _TRACKED_TURNOVER)]
    _set_stages(rng, [case for case in cases if case.plan == DISCHARGE])
    for case in cases:
        if case.end and not any(_is_open(case, target.at.day) for target in targets("tracker_stage")):
            _reached(rng, case)
    _write_cases(book, cases, rng.sample(cares, len(cares)))


def _reached(rng: Random, case: _Case) -> None:
    """The steps of a case that is closed: most that were tracked for long enough went to court."""
    assert case.end
    filed = case.start + days(rng.randint(*_FILED_AFTER))
    court = filed + days(rng.randint(*_HEARD_AFTER))
    if court < case.end - days(3):
        case.due, case.filed, case.court = filed + days(rng.randint(0, 9)), filed, court
        case.order = case.end - days(2)


def _set_stages(rng: Random, cases: list[_Case]) -> None:
    """Sets the steps of the discharges that are open at a printed month end, so that each stage has its number."""
    for target, number in targets("tracker_stage").items():
        at = target.at.day
        free = [case for case in cases if _is_open(case, at - days(1)) and _is_open(case, at) and not case.due]
        for case in rng.sample(free, min(len(free), number)):
            _STAGES[target.code](rng, case, at)


def _is_open(case: _Case, at: dt.date) -> bool:
    return case.start <= at and (case.end is None or case.end > at)


def _file(rng: Random, case: _Case, at: dt.date) -> None:
    case.filed = random_day(rng, case.start, at)
    case.due = case.filed + days(rng.randint(0, 20))


def _due_between(low: Callable[[dt.date], dt.date], high: Callable[[dt.date], dt.date]) -> Callable[..., None]:
    def set_due(rng: Random, case: _Case, at: dt.date) -> None:
        case.due = random_day(rng, low(at), high(at))

    return set_due


_STAGES: dict[str, Callable[[Random, _Case, dt.date], None]] = {
    "filed": _file,
    "date_passed": _due_between(lambda at: at - days(25), lambda at: at - days(1)),
    "within_1_month": _due_between(lambda at: at, lambda at: add_months(at, 1)),
    "within_3_months": _due_between(lambda at: add_months(at, 1), lambda at: add_months(at, 3)),
    "over_3_months": _due_between(lambda at: add_months(at, 3), lambda at: add_months(at, 6)),
}


def _write_cases(book: Book, cases: list[_Case], cares: list[Care]) -> None:
    tracked: dict[str, set[Child]] = defaultdict(set)
    for case in sorted(cases, key=lambda case: case.start):
        last = case.end or HORIZON
        for care in cares:
            child = care.spell.child
            if child not in tracked[case.plan] and _suits(care, case.plan, case.start, last):
                break
        else:
            continue
        tracked[case.plan].add(child)
        since = version_with(case.start, _TRACKER_WRITTEN)
        steps = (case.filed, case.court, case.order, case.end)
        row = (
            child.id,
            case.plan,
            case.start,
            case.due,
            *(ended(version_with(day, _TRACKER_WRITTEN), day) for day in steps),
        )
        book.add("local_permanence_tracker", (since, NEVER), *row)


def version_with(day: dt.date | None, written: tuple[int, ...]) -> int:
    """The first drop with a version of a list that was written after a day."""
    known = drop_of(day) if day else NEVER
    return next((drop for drop in written if drop >= known), NEVER)


def _suits(care: Care, plan: str, start: dt.date, last: dt.date) -> bool:
    """Whether the child is in care all the time, and under an order and in a home for which the plan is made."""
    spell = care.spell
    in_care = spell.latest_start < start and stop_of(spell) >= last and spell.child.turns_18 > last
    if not in_care or spell.until < NEVER or spell.since > drop_of(start):
        return False
    orders, kinds = _HOMES[plan]
    at = At(DROPS[-1], start)
    number = care.stay_on(at)
    return number is not None and care.stays[number].kind in kinds and care.order_on(at) in orders


# Private fostering


def write_private_fostering(book: Book, world: World) -> None:
    """Writes arrangements of children who are known from a plan."""
    rng = book.rng
    printed = _printed_levels("private_fostering")
    levels = {_FOSTERED_FROM: next(iter(printed.values()))} | printed
    able = [spell for spell in world.spells if spell.kind == CIN and len(spell.child.spells) == 1]
    rng.shuffle(able)
    for start, end in _spans(rng, levels, _FOSTERED_TURNOVER):
        spell = next(
            each
            for each in able
            if each.latest_start < start
            and (each.earliest_end or HORIZON) > start
            and each.since <= drop_of(start)
            and each.until == NEVER
            and _FOSTERED_AT[0] <= each.child.completed_years(start) < _FOSTERED_AT[1]
        )
        able.remove(spell)
        since = version_with(start, _FOSTERING_WRITTEN)
        shown_end = ended(version_with(end, _FOSTERING_WRITTEN), end)
        book.add("local_private_fostering", (since, NEVER), book.id("93"), spell.child.id, start, shown_end)
