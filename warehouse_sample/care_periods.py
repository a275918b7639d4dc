"""Periods of care as they happened: placements, legal statuses and reasons for their ends.

Belongs here: drawing them, and the fit of their stability to the printed figures. Does not belong here: who is
looked after when (`months`), rows (`care`, `placements`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from warehouse_sample.lives import Child, Spell
from warehouse_sample.organisation import ADOPTION
from warehouse_sample.plans import add_months, stop_of
from warehouse_sample.recording import Known, corrected, ended
from warehouse_sample.reported import REVIEWED_DROP, end_shown, is_looked_after, is_shown, start_shown
from warehouse_sample.timeline import days, drop_of, month_end, recorded

_THREE_OR_MORE, _SAME_FOR_TWO_YEARS = 0.088, 0.693
"""Printed at 31 March 2019: of all children looked after; of those under 16 who entered 30 months before."""
_DRAWS, _ROUNDS = 60, 4000
_STAYS = {
    "first": ((5, 40, 24), (41, 150, 24), (151, 3000, 52)),
    "later": ((8, 70, 24), (71, 240, 23), (241, 4000, 53)),
}
"""Days a placement lasts: from, to, weight."""
_TEMPORARY = 0.02
"""Of moves, those to a hospital or the like, with a way back a few days later."""
_TEMPORARY_LASTS = {"T0": 18, "T1": 18, "T3": 18, "T4": 7}
"""Days until the way back, at most; each is within what the Department for Education allows."""
_EMERGENCIES = {"L1": 3, "L2": 8}
"""Days after which a court order takes over from police protection and from an emergency protection order."""
_LONGEST_EMERGENCY = days(21)
_WITH_PARENTS_UNDER = ("C1", "C2", "E1")
"""Orders under which a child looked after may live with its parents."""
ADOPTIVE = ("A3", "A4", "A5", "A6")
_ADOPTIVE_WEIGHTS = (1, 0, 2, 2)
_WAIT_FOR_ADOPTERS = (40, 160)
"""Days from the placement order to the first day with the adopters."""


@dataclass(frozen=True)
class Stay:
    """A placement: its first day, the first drop that shows it, its type."""

    day: dt.date
    since: int
    kind: str


@dataclass(frozen=True)
class Change:
    """A day on which placement or legal status changed, and the first drop that shows it."""

    day: dt.date
    since: int
    placement: bool
    legal: bool


@dataclass(frozen=True)
class Order:
    """A legal status with its first day and the first drop that shows it."""

    code: str
    day: dt.date
    since: int


@dataclass(frozen=True)
class Care:
    """One period of care."""

    spell: Spell
    cla_id: str
    stays: tuple[Stay, ...]
    changes: tuple[Change, ...]
    orders: tuple[Order, ...]
    ceased_reason: str

    @property
    def end(self) -> Known | None:
        return ended(self.spell.end_since, self.spell.end, self.spell.end_correction)

    @property
    def start(self) -> dt.date | Known:
        return corrected(self.spell.start, self.spell.start_correction)


def live_care(rng: Random, spells: list[Spell], new_id: Callable[[], str]) -> list[Care]:
    """The periods of care of the spells, in their order, as stable as the printed report says."""
    cares = [_draw(rng, spell, new_id()) for spell in spells]
    _Stability(rng, cares).fit()
    return cares


# One period


def _draw(rng: Random, spell: Spell, cla_id: str) -> Care:
    first, stop = spell.latest_start + days(5), stop_of(spell)
    orders = _orders(rng, spell, first, stop)
    placed = _day_with_adopters(rng, orders, stop)
    changed = {order.day: order for order in orders[1:]}
    moves = _moves(rng, first, placed or stop)
    returns = {day for (_, left), (day, _) in pairwise(moves.items()) if left[:1] == "T"}
    if placed:
        moves[placed] = rng.choices(ADOPTIVE, _ADOPTIVE_WEIGHTS)[0]
    since = spell.since
    changes = []
    for when in sorted({*moves, *changed}):
        known = changed[when].since if when in changed else _known(rng, spell, when)
        known = drop_of(when) if when in returns else known
        since = min(max(since, known), spell.end_since)
        changes.append(Change(when, since, when in moves, when in changed))
    by_day = {change.day: change.since for change in changes}
    orders = [Order(order.code, order.day, by_day.get(order.day, order.since)) for order in orders]
    stays = [Stay(spell.start, spell.since, _type(rng, spell, spell.earliest_start, orders[0]))]
    for when, kind in moves.items():
        back = stays[-2].kind if stays[-1].kind[0] == "T" else ""
        order = [each for each in orders if each.day <= when][-1]
        stays.append(Stay(when, by_day[when], kind or back or _type(rng, spell, when, order)))
    reason = _ceased_reason(rng, spell, placed is not None)
    return Care(spell, cla_id, tuple(stays), tuple(changes), tuple(orders), reason)


def _day_with_adopters(rng: Random, orders: list[Order], stop: dt.date) -> dt.date | None:
    """The first day of a child with a placement order with its adopters, where that came before `stop`."""
    if orders[-1].code != "E1":
        return None
    placed = orders[-1].day + days(rng.randint(*_WAIT_FOR_ADOPTERS))
    return placed if placed < stop else None


def _moves(rng: Random, first: dt.date, stop: dt.date) -> dict[dt.date, str]:
    """The days on which the child moved, in order; the type of the new placement where it is temporary."""
    moves: dict[dt.date, str] = {}
    bands = _STAYS["first"]
    day = first
    while True:
        low, high, _ = rng.choices(bands, [weight for *_, weight in bands])[0]
        day += days(rng.randint(low, high))
        kind = rng.choice(tuple(_TEMPORARY_LASTS))
        back = day + days(rng.randint(3, _TEMPORARY_LASTS[kind]))
        if day >= stop:
            return moves
        moves[day] = ""
        if rng.random() < _TEMPORARY and back < stop:
            moves |= {day: kind, back: ""}
            day = back
        bands = _STAYS["later"]


def _known(rng: Random, spell: Spell, day: dt.date) -> int:
    return min(max(recorded(rng, day), spell.since), spell.end_since)


def _orders(rng: Random, spell: Spell, first: dt.date, stop: dt.date) -> list[Order]:
    age = spell.child.age_years(spell.start)
    if spell.team == ADOPTION:
        path = [("C2", 0), ("E1", 30)]
    else:
        path = rng.choices(
            (
                [("V2", 0)],
                [("V2", 0), ("C1", 90)],
                [("V2", 0), ("C1", 60), ("C2", 210)],
                [("C1", 0), ("C2", 220)],
                [("L1", 0), ("C1", _EMERGENCIES["L1"]), ("C2", 200)],
                [("L2", 0), ("C1", _EMERGENCIES["L2"]), ("C2", 200)],
                [("C1", 0), ("C2", 190), ("E1", 12)],
                [("J1", 0), ("V2", 60)] if age > 12 else [("V2", 0)],
            ),
            (30, 6, 22, 24, 8, 3, 2 if age < 4 else 0, 3),
        )[0]
    if age > 15:
        path = path[:1] if path[0][0] in ("V2", "J1") else path[:2]
    is_certain = not spell.start_correction and spell.start + _LONGEST_EMERGENCY < stop
    if path[0][0] in _EMERGENCIES and not is_certain:
        path = [(path[1][0], 0), *path[2:]]
    orders = [Order(path[0][0], spell.start, spell.since)]
    day = first
    for code, wait in path[1:]:
        if orders[-1].code in _EMERGENCIES:
            # The order that ends an emergency is recorded on time.
            day = spell.start + days(wait)
            orders.append(Order(code, day, max(drop_of(day), spell.since)))
            continue
        day += days(wait * rng.uniform(0.7, 1.4) + 1)
        if day >= stop:
            break
        orders.append(Order(code, day, _known(rng, spell, day)))
    return orders


def _type(rng: Random, spell: Spell, day: dt.date, order: Order) -> str:
    """The placement type of a child who is not yet with adopters."""
    if spell.child.team == ADOPTION and spell.team == ADOPTION:
        return rng.choice(("U5", "U6", "U6"))
    age = spell.child.completed_years(day)
    at_home = order.code in _WITH_PARENTS_UNDER
    if age < 10:
        return rng.choices(("U6", "U4", "U3", "U1", "P1", "R3", "K2"), (40, 11, 14, 8, 62 * at_home, 1.5, 3))[0]
    if age < 16:
        younger = ("U6", "U4", "U3", "U1", "P1", "K2", "S1", "K1")
        return rng.choices(younger, (25, 13, 9, 7, 52 * at_home, 28, 4, 0.5))[0]
    kinds = ("U6", "U4", "H5", "P2", "P1", "K2", "R5", "U3", "P3", "R1", "R2", "Z1")
    return rng.choices(kinds, (10, 6, 52, 26, 24 * at_home, 9, 1, 2, 0.4, 0.4, 0.4, 0.4))[0]


def _ceased_reason(rng: Random, spell: Spell, is_with_adopters: bool) -> str:
    if spell.end is None:
        return "E8"
    if spell.end >= spell.child.turns_18:
        return rng.choices(("E5", "E6", "E17", "E7", "E8"), (40, 10, 35, 5, 10))[0]
    if is_with_adopters:
        return rng.choice(("E11", "E12", "E12"))
    reasons = ("E4A", "E4B", "E45", "E46", "E41", "E13", "E5", "E8", "E3", "E9")
    old = spell.child.age_years(spell.end) > 16
    return rng.choices(reasons, (40, 10, 18, 5, 8, 7, 30 if old else 0, 6, 2, 2 if old else 0))[0]


# Stability


class _Stability:
    """Fits placements to two printed shares: draws some children's periods again until they fit.

    State: the periods as they are now.
    """

    def __init__(self, rng: Random, cares: list[Care]) -> None:
        self.rng, self.cares = rng, cares
        self.at = month_end(REVIEWED_DROP)
        self.of_child: dict[Child, list[int]] = defaultdict(list)
        for number, care in enumerate(cares):
            self.of_child[care.spell.child].append(number)
        self.counted = [number for number, care in enumerate(cares) if is_looked_after(care.spell, REVIEWED_DROP)]
        self.long_term = {number for number in self.counted if self._is_long_term(cares[number].spell)}

    def fit(self) -> None:
        often = round(_THREE_OR_MORE * len(self.counted))
        self._reach(self.counted, self._has_moved_often, self._is_settled, often)
        settled = round(_SAME_FOR_TWO_YEARS * len(self.long_term))
        self._reach(sorted(self.long_term), self._is_settled, self._has_moved_often, settled)

    def _reach(
        self, asked: list[int], is_so: Callable[[int], bool], is_kept: Callable[[int], bool], wanted: int
    ) -> None:
        """Draws periods in `asked` again until `wanted` of them qualify; those of `is_kept` stay."""
        matching = {number for number in asked if is_so(number)}
        for _ in range(_ROUNDS):
            if len(matching) == wanted:
                return
            should_be = len(matching) < wanted
            # A child who both moved often and stayed put would have to change in two ways at once.
            able = [number for number in asked if (number in matching) != should_be and not is_kept(number)]
            if not able:
                return
            number = self.rng.choice(able)
            before = self.cares[number]
            for _ in range(_DRAWS):
                self.cares[number] = _draw(self.rng, before.spell, before.cla_id)
                if is_so(number) == should_be and not is_kept(number):
                    matching ^= {number}
                    break
            else:
                self.cares[number] = before

    def _is_long_term(self, spell: Spell) -> bool:
        eighteen = spell.child.turns_18
        is_under_16 = add_months(eighteen, -24) > self.at
        return is_under_16 and add_months(start_shown(spell, REVIEWED_DROP), 30) <= self.at

    def _shown(self, number: int) -> list[tuple[dt.date, dt.date, str]]:
        """First day, end and type of the placements of a period as the drop shows them."""
        care = self.cares[number]
        if not is_shown(care.spell, REVIEWED_DROP):
            return []
        stays = [stay for stay in care.stays if stay.since <= REVIEWED_DROP and stay.day <= self.at]
        starts = [start_shown(care.spell, REVIEWED_DROP), *(stay.day for stay in stays[1:])]
        ends = [*starts[1:], end_shown(care.spell, REVIEWED_DROP) or dt.date.max]
        return [(start, end, stay.kind) for start, end, stay in zip(starts, ends, stays, strict=True)]

    def _has_moved_often(self, number: int) -> bool:
        since = add_months(self.at, -12)
        counted = sum(
            start < end and end - days(1) > since and kind[0] != "T"
            for each in self.of_child[self.cares[number].spell.child]
            for start, end, kind in self._shown(each)
        )
        return counted >= 3

    def _is_settled(self, number: int) -> bool:
        if number not in self.long_term:
            return False
        stays = self._shown(number)
        start, _, kind = stays[-1]
        if kind in ADOPTIVE and len(stays) > 1:
            start = stays[-2][0]
        return add_months(start, 24) <= self.at
