"""Children on plans of the world, for faults that only counted children can have.

Belongs here: finding one of the case's team about whom nothing changes in the drops of the case. Does not belong
here: the fault.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import TypeVar

from warehouse_sample.book import ProtectionPlan
from warehouse_sample.lives import Child
from warehouse_sample.printed_figures import CLA
from warehouse_sample.record_faults.case import Case, NobodyLeftError
from warehouse_sample.reported import is_looked_after, is_open_at_month_end
from warehouse_sample.timeline import DROPS, month_end

Thing = TypeVar("Thing")

_RECENT = (dt.date(2018, 4, 9), dt.date(2018, 7, 10))
"""Within what every drop looks back to, and too long before the first drop to be recorded late."""


def recent_plan(case: Case, wanted: Callable[[ProtectionPlan], bool] = lambda plan: True) -> ProtectionPlan:
    """A child protection plan that is as wanted, and of which referral and first day are in spring 2018."""
    plans = [plan for plan in case.book.protection_plans if _is_recent(plan) and wanted(plan)]
    return _lend(case, plans, _child_of, lambda plan, drop: True)


def _is_recent(plan: ProtectionPlan) -> bool:
    spell = plan.spell
    first, last = _RECENT
    is_told_once = spell.start_correction is None and spell.since == 0 and spell.until > DROPS[-1]
    referred = spell.referral.day if spell.referral and spell.referral.since == 0 else dt.date.min
    return is_told_once and first <= referred < spell.start <= last


def open_plan(case: Case) -> ProtectionPlan:
    """A child protection plan that is open in all drops of the case."""
    plans = case.book.protection_plans
    return _lend(case, plans, _child_of, lambda plan, drop: is_open_at_month_end(plan.spell, drop))


def _child_of(plan: ProtectionPlan) -> Child:
    return plan.spell.child


def looked_after_child(case: Case) -> Child:
    """A child who in all drops of the case is looked after and on no plan."""
    children = [child for child in case.world.children if child.spells]
    return _lend(case, children, lambda child: child, _is_only_looked_after)


def _is_only_looked_after(child: Child, drop: int) -> bool:
    return any(is_looked_after(spell, drop) for spell in child.spells) and not any(
        is_open_at_month_end(spell, drop) for spell in child.spells if spell.kind != CLA
    )


def _lend(
    case: Case, things: Iterable[Thing], child_of: Callable[[Thing], Child], is_so: Callable[[Thing, int], bool]
) -> Thing:
    """An item that qualifies in all drops of the case, whose child is in the case's team and has no fault yet.

    This child has the fault; the made-up child of the case is not written. Where no item qualifies that long, the
    fault is in fewer drops. Raises NobodyLeftError where none qualifies even in the first.
    """
    since, wanted = case.shown[0], len(_drops(case))
    drops, lent = 0, None
    for thing in things:
        if child_of(thing).id in case.book.lent:
            continue
        lasts = _lasts(case, thing, child_of(thing), is_so)
        if lasts > drops:
            drops, lent = lasts, thing
        if drops == wanted:
            break
    if lent is None:
        raise NobodyLeftError(f"{case.place.team} has nobody left for {case.rule}")
    if drops < wanted:
        case.shown = (since, since + drops)
    case.book.lent.add(child_of(lent).id)
    case.is_made_up = False
    return lent


def _lasts(case: Case, thing: Thing, child: Child, is_so: Callable[[Thing, int], bool]) -> int:
    """For how many drops of the case, from its first on, an item qualifies and its child is in the case's team."""
    team = case.place.team
    return sum(1 for _ in takewhile(lambda drop: is_so(thing, drop) and _team(child, drop) == team, _drops(case)))


def _drops(case: Case) -> range:
    return range(case.shown[0], min(case.shown[1], len(DROPS)))


def _team(child: Child, drop: int) -> str | None:
    """The team at the month end of a drop, as the drop shows it."""
    at = month_end(drop)
    held = [
        allocation
        for allocation in child.allocations
        if allocation.since <= drop
        and allocation.start <= at
        and not (allocation.end and allocation.end_since <= drop and allocation.end <= at)
    ]
    return max(held, key=lambda allocation: allocation.start).team if held else None
