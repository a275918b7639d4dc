"""Health assessments and dental checks that give the printed percentages.

Belongs here: which children in care for twelve months are up to date at which month end, and the days of the
checks behind it. Does not belong here: who these children are (`months`, `long_stays`), other checks
and rows (`health`).

A check lasts for twelve months, a health assessment of a child under five for six. A child who should no longer
be up to date at a month end had the last check that long ago; a child who should be up to date again has one in
that month. Where neither is possible, a check was recorded in error and vanishes.
"""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from warehouse_sample.lives import Child, Spell
from warehouse_sample.plans import add_months, stop_of
from warehouse_sample.printed_figures import CLA, long_stay_counts
from warehouse_sample.reported import is_looked_after, start_shown
from warehouse_sample.timeline import DROPS, MONTHS, NEVER, days, drop_of, month_end, recorded
from warehouse_sample.world import World

HEALTH, DENTAL = "Health Assessment", "Dental Check"
CHECKS_FROM = month_end(-24)
_YEAR, _HALF_YEAR = 12, 6
_FIVE_BY = tuple(add_months(month_end(drop), 13 * 12) for drop in DROPS)
"""For each drop, the latest 18th birthday of somebody who is five at its month end."""
_LATE = 0.12
"""Of checks that bring a child up to date again, the share that was held in an earlier month."""
_TURNOVER = 0.01
"""Of a team's children, the share that falls due beyond what the figures ask for, as another catches up."""


@dataclass(frozen=True)
class _Run:
    """Months in which a child is up to date: first and last drop, whether the child lapses after the last, and
    whether the first is the first drop of all."""

    first: int
    last: int
    lapses: bool
    is_first: bool


Roster = dict[tuple[int, str], list[Spell]]
"""Stays of twelve months by drop and team."""


@dataclass(slots=True)
class CompletedCheck:
    """A completed check, and the drops that show it."""

    day: dt.date
    since: int
    until: int = NEVER


def fitted_checks(rng: Random, world: World) -> dict[str, dict[Spell, list[CompletedCheck]]]:
    """The completed checks by type, then by stay, of every stay that has lasted twelve months at some month end.

    Raises RuntimeError where a team does not have the number of children that its figures need.
    """
    rosters = _rosters(world)
    fitted = {}
    for kind in (HEALTH, DENTAL):
        course = _Course(rng, kind)
        for drop in DROPS:
            for team, month in long_stay_counts():
                if month == str(MONTHS[drop]):
                    course.go_on(drop, team, rosters.get((drop, team), []))
        fitted[kind] = {spell: _checks(rng, kind, spell, states) for spell, states in course.states.items()}
    return fitted


def _rosters(world: World) -> Roster:
    rosters: Roster = defaultdict(list)
    for spell in world.spells:
        if spell.kind != CLA:
            continue
        for drop in DROPS:
            if start_shown(spell, drop) <= month_end(drop - 12) and is_looked_after(spell, drop):
                rosters[drop, _team_shown(spell.child, drop)].append(spell)
    return rosters


def _team_shown(child: Child, drop: int) -> str:
    at = month_end(drop)
    return [each.team for each in child.allocations if each.since <= drop and each.start <= at][-1]


def _turns_five(child: Child) -> int:
    """The first drop at whose month end the child is five; 0 for a child who is older in every drop."""
    drop = bisect_left(_FIVE_BY, child.turns_18)
    return drop if drop < len(_FIVE_BY) else NEVER


def _lasts(kind: str, child: Child, drop: int) -> int:
    """Months that a check lasts at a month end."""
    return _HALF_YEAR if kind == HEALTH and drop < _turns_five(child) else _YEAR


def _holds(kind: str, child: Child, day: dt.date, drop: int) -> bool:
    at = month_end(drop)
    return day <= at <= add_months(day, _lasts(kind, child, drop))


class _Course:
    """Who is up to date, month after month. State, by stay: up to date or not by drop, and the last change."""

    def __init__(self, rng: Random, kind: str) -> None:
        self.rng, self.kind = rng, kind
        self.states: dict[Spell, dict[int, bool]] = {}
        self._since: dict[Spell, int] = {}

    def go_on(self, drop: int, team: str, stays: list[Spell]) -> None:
        count = long_stay_counts()[team, str(MONTHS[drop])]
        if len(stays) != count.looked_after:
            raise RuntimeError(f"{team} has {len(stays)} stays of twelve months in drop {drop}")
        wanted = count.health if self.kind == HEALTH else count.dental
        fresh = [stay for stay in stays if self._was(stay) is True]
        due = [stay for stay in stays if self._was(stay) is False]
        new = [stay for stay in stays if stay not in self.states]
        self.rng.shuffle(new)
        needed = wanted - len(fresh)
        of_new = min(max(round(len(new) * wanted / max(1, len(stays))), needed - len(due), 0), len(new), wanted)
        rest = needed - of_new
        churn = int(
            min(_TURNOVER * len(stays) + self.rng.random(), len(fresh) + min(0, rest), len(due) - max(0, rest))
        )
        churn = max(0, churn)
        lapsing = set(self._lapsing(drop, fresh, churn - min(0, rest)))
        renewed = set(self.rng.sample(due, churn + max(0, rest)))
        for stay in stays:
            was = self._was(stay)
            if was is None:
                self._note(stay, drop, stay in new[:of_new])
            else:
                self._note(stay, drop, (was and stay not in lapsing) or stay in renewed)

    def _was(self, stay: Spell) -> bool | None:
        states = self.states.get(stay)
        return states[max(states)] if states else None

    def _note(self, stay: Spell, drop: int, is_fresh: bool) -> None:
        states = self.states.setdefault(stay, {})
        if not states:
            self._since[stay] = -1
        elif is_fresh != states[max(states)]:
            self._since[stay] = drop
        states[drop] = is_fresh

    def _lapsing(self, drop: int, fresh: list[Spell], number: int) -> list[Spell]:
        """The stays that lapse: first those whose check runs out anyway, then those with a late record."""

        def rank(stay: Spell) -> tuple[bool, bool, int, float]:
            began, five = self._since[stay], _turns_five(stay.child)
            is_turning = self.kind == HEALTH and five > 0 and began < five
            is_turning = is_turning and five - _HALF_YEAR <= drop < five + _HALF_YEAR
            length = drop - began if began >= 0 else _YEAR
            too_short = length < _lasts(self.kind, stay.child, drop)
            return is_turning, too_short, -length if too_short else 0, self.rng.random()

        return sorted(fresh, key=rank)[:number]


def _checks(rng: Random, kind: str, stay: Spell, states: dict[int, bool]) -> list[CompletedCheck]:
    """Checks that put the stay into these states, and earlier ones."""
    checks: list[CompletedCheck] = []
    drops = sorted(states)
    first: int | None = None
    for drop, following in pairwise([*drops, NEVER]):
        if states[drop] and first is None:
            first = drop
        ends = following == NEVER or not states[following]
        if first is not None and states[drop] and ends:
            run = _Run(first, drop, following < NEVER, first == drops[0])
            checks += _checks_between(rng, kind, stay, run)
            first = None
    checks += _history(rng, kind, stay, drops[0], checks if states[drops[0]] else [])
    for drop in drops:
        for check in checks:
            if not states[drop] and check.since <= drop and _holds(kind, stay.child, check.day, drop):
                check.until = min(check.until, drop)
    return sorted(checks, key=lambda check: check.day)


def _checks_between(rng: Random, kind: str, stay: Spell, run: _Run) -> list[CompletedCheck]:
    """Checks that keep a child up to date from one month end to another, and no longer where the child lapses."""
    child = stay.child
    drops = range(run.first, run.last + 1)
    oldest = run.last + 1 - _lasts(kind, child, run.last)
    earliest = oldest if run.is_first else run.first
    month = oldest if run.lapses else max(earliest, rng.randint(oldest, run.last))
    held = [_day_in(rng, stay, month)]
    for drop in reversed(drops):
        if not any(_holds(kind, child, day, drop) for day in held):
            back = drop + 1 - _lasts(kind, child, drop) + rng.choice((0, 0, 1, 2))
            held.append(_day_in(rng, stay, min(back if run.is_first else max(run.first, back), drop)))
    if not run.is_first and not run.lapses and rng.random() < _LATE:
        earlier = [day - days(rng.randint(28, 60)) for day in held]
        holds = (any(_holds(kind, child, day, drop) for day in earlier) for drop in drops)
        held = earlier if all(holds) else held
    return [CompletedCheck(day, _seen(rng, stay, day, run)) for day in held]


def _seen(rng: Random, stay: Spell, day: dt.date, run: _Run) -> int:
    """The first drop that shows a check: one before the child was up to date is known from then on."""
    if day > month_end(run.first):
        return drop_of(day)
    return max(stay.since, min(recorded(rng, day), run.first)) if run.is_first else run.first


def _day_in(rng: Random, stay: Spell, month: int) -> dt.date:
    """A day of a month but not one of its last, so that the check runs out before a month end."""
    day = month_end(month - 1) + days(rng.randint(1, 27))
    return min(max(day, stay.latest_start + days(5)), stop_of(stay))


def _history(rng: Random, kind: str, stay: Spell, first: int, fresh: list[CompletedCheck]) -> list[CompletedCheck]:
    """Checks before the fitted ones: in good time for a child who is up to date at first, else long ago."""
    apart = 170 if _lasts(kind, stay.child, 0) == _HALF_YEAR else 350
    if fresh:
        day = min(check.day for check in fresh) - days(apart + rng.randint(-40, 25))
    else:
        day = add_months(month_end(first - 1), -_YEAR) - days(rng.randint(2, 300))
    checks = []
    while day > max(CHECKS_FROM, stay.latest_start + days(10)):
        checks.append(CompletedCheck(day, max(recorded(rng, day), stay.since)))
        day -= days(apart + rng.randint(-40, 60))
    return checks
