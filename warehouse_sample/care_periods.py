"""Periods of care as they happened: moves and legal statuses.

Belongs here: drawing them, and the fit of stability and legal statuses to the printed figures. Does not belong
here: who is looked after when (`months`), why periods ended (`departures`), where children lived (`homes`), rows
(`care`, `placements`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from warehouse_sample.care_targets import At, Target, targets, the_target
from warehouse_sample.departures import ADOPTED, departure_reasons
from warehouse_sample.fitting import fit
from warehouse_sample.lives import Child, Spell
from warehouse_sample.organisation import ADOPTION
from warehouse_sample.plans import add_months, stop_of
from warehouse_sample.recording import Known, corrected, ended
from warehouse_sample.reported import end_shown, is_looked_after, is_looked_after_on, is_shown, start_shown
from warehouse_sample.timeline import NEVER, REVIEWED_DROP, days, drop_of, month_end, recorded

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
_YOUNGEST_TO_WAIT = 5
"""Age in years below which a child may be waiting for adopters."""
_Path = list[tuple[str, int]]
_PATHS: tuple[tuple[float, _Path], ...] = (
    (4, [("V2", 0)]),
    (14, [("V2", 0), ("C1", 50), ("C2", 210)]),
    (66, [("C1", 0), ("C2", 220)]),
    (9, [("L1", 0), ("C1", _EMERGENCIES["L1"]), ("C2", 200)]),
    (4, [("L2", 0), ("C1", _EMERGENCIES["L2"]), ("C2", 200)]),
    (5, [("C1", 0), ("C2", 190), ("E1", 12)]),
)
"""What courts and parents agree to, by weight; the last one for the youngest only."""
_PATHS_FROM_16: tuple[tuple[float, _Path], ...] = (
    (48, [("V2", 0)]),
    (40, [("C1", 0), ("C2", 150)]),
    (5, [("J1", 0), ("V2", 60)]),
    (0, [("V2", 0)]),
)
ADOPTIVE = ("A3", "A4", "A5", "A6")
_ADOPTIVE_WEIGHTS = (1, 0, 2, 2)
_WAIT_FOR_ADOPTERS, _WITH_ADOPTERS_FOR = (40, 160), (60, 190)
"""Days from the placement order to the first day with the adopters; from that day to the adoption."""
_FROM_ORDER_TO_ADOPTION, _LATEST_ORDER = 330, 0.6
"""Days from a placement order to the adoption; part of the time in care after which it comes at the latest."""
_STILL_WAITING = 0.5
"""Of children with a placement order who are still looked after, the share without adopters."""


@dataclass(frozen=True)
class Stay:
    """A placement: its first day, the first drop that shows it, its type.

    The type is empty until all stays are drawn, except with adopters and for temporary ones. `area` is the
    authority in which it lies. `ends_before` is the drop that shows the end of the stay before, where that is
    known before this stay is recorded.
    """

    day: dt.date
    since: int
    kind: str
    area: str = ""
    ends_before: int | None = None

    @property
    def is_temporary(self) -> bool:
        return self.kind[:1] == "T"


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
    orders: tuple[Order, ...]
    ceased_reason: str

    @property
    def changes(self) -> list[Change]:
        """The days on which a placement, a legal status or both followed another; the two are known together."""
        moved = {stay.day: stay.since for stay in self.stays[1:]}
        ordered = {order.day: order.since for order in self.orders[1:]}
        known = ordered | moved
        return [Change(day, known[day], day in moved, day in ordered) for day in sorted(known)]

    @property
    def end(self) -> Known | None:
        return ended(self.spell.end_since, self.spell.end, self.spell.end_correction)

    @property
    def start(self) -> dt.date | Known:
        return corrected(self.spell.start, self.spell.start_correction)

    @property
    def is_with_adopters(self) -> bool:
        return self.stays[-1].kind in ADOPTIVE

    def order_on(self, at: At) -> str:
        """The legal status of a day as a drop shows it."""
        shown = [order for order in self.orders if order.day <= at.day and order.since <= at.drop]
        return (shown or self.orders[:1])[-1].code

    def stay_on(self, at: At) -> int | None:
        """The number of the placement of a day as a drop shows it; of a temporary one, that of the one before.

        None where only the end of the last one is known.
        """
        shown = max(
            number
            for number, stay in enumerate(self.stays)
            if number == 0 or (stay.day <= at.day and stay.since <= at.drop)
        )
        following = self.stays[shown + 1] if shown + 1 < len(self.stays) else None
        if following and following.day <= at.day and (following.ends_before or NEVER) <= at.drop:
            return None
        return shown - self.stays[shown].is_temporary


def live_care(rng: Random, spells: list[Spell], new_id: Callable[[], str]) -> list[Care]:
    """The periods of care of the spells, in their order, as stable as the printed report says.

    The types of most placements are not drawn yet.
    """
    reasons = departure_reasons(rng, spells)
    cares = [_draw(rng, spell, new_id(), reason) for spell, reason in zip(spells, reasons, strict=True)]
    _Stability(rng, cares).fit()
    return fit_orders(rng, cares)


# One period


def _draw(rng: Random, spell: Spell, cla_id: str, reason: str) -> Care:
    first, stop = spell.latest_start + days(5), stop_of(spell)
    orders = _orders(rng, spell, _path(rng, spell, reason, stop))
    placed = _day_with_adopters(rng, orders, stop, reason if spell.end else None)
    moves = _moves(rng, first, placed or stop)
    returns = {day for (_, left), (day, _) in pairwise(moves.items()) if left[:1] == "T"}
    if placed:
        moves[placed] = rng.choices(ADOPTIVE, _ADOPTIVE_WEIGHTS)[0]
    stays = [Stay(spell.start, spell.since, "")]
    for day, kind in moves.items():
        known = drop_of(day) if day in returns else _known(rng, spell, day)
        stays.append(Stay(day, min(max(stays[-1].since, known), spell.end_since), kind))
    return Care(spell, cla_id, tuple(stays), _recorded_in_turn(orders, stays), reason)


def _recorded_in_turn(orders: list[Order], stays: Sequence[Stay]) -> tuple[Order, ...]:
    """The legal statuses, each known no earlier than what came before it and no later than what came after."""
    in_turn: list[Order] = []
    for order in orders:
        before = [stay.since for stay in stays if stay.day <= order.day] + [each.since for each in in_turn[-1:]]
        after = [stay.since for stay in stays if stay.day >= order.day]
        since = min(max(order.since, *before), *after, NEVER)
        in_turn.append(Order(order.code, order.day, since))
    return tuple(in_turn)


def _day_with_adopters(rng: Random, orders: list[Order], stop: dt.date, reason: str | None) -> dt.date | None:
    """The first day with its adopters of a child with a placement order, where that came before `stop`.

    `reason` is why care ended: all who were placed left care in this way.
    """
    if orders[-1].code != "E1" or (reason and reason not in ADOPTED):
        return None
    ordered = orders[-1].day
    if reason:
        return max(stop - days(rng.randint(*_WITH_ADOPTERS_FOR)), ordered + (stop - ordered) / 3)
    placed = ordered + days(rng.randint(*_WAIT_FOR_ADOPTERS))
    return placed if placed < stop and rng.random() >= _STILL_WAITING else None


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


# Legal statuses


def _path(rng: Random, spell: Spell, reason: str, stop: dt.date) -> _Path:
    """The legal statuses of a period, each with the days since the one before."""
    age = spell.child.age_years(spell.start)
    if spell.end and reason in ADOPTED:
        lasts = (stop - spell.latest_start).days
        # The order comes in the last year, and by then the child has been in care for a third of the time.
        until_order = min(max(lasts // 3, lasts - _FROM_ORDER_TO_ADOPTION), int(lasts * _LATEST_ORDER))
        return [("C1", 0), ("C2", until_order), ("E1", 12)]
    if spell.team == ADOPTION and not spell.end:
        return [("C2", 0), ("E1", 30)]
    paths = _PATHS_FROM_16 if age > 15 else _PATHS
    weights = [weight for weight, _ in paths]
    if age >= 4 or spell.end:
        weights[-1] = 0
    return list(rng.choices([path for _, path in paths], weights)[0])


def _orders(rng: Random, spell: Spell, path: _Path) -> list[Order]:
    stop = stop_of(spell)
    is_certain = not spell.start_correction and spell.start + _LONGEST_EMERGENCY < stop
    if path[0][0] in _EMERGENCIES and not is_certain:
        path = [(path[1][0], 0), *path[2:]]
    orders = [Order(path[0][0], spell.start, spell.since)]
    day = spell.latest_start + days(5)
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


def fit_orders(rng: Random, cares: list[Care]) -> list[Care]:
    """The periods with other legal statuses where that is needed for the printed ones of a month end.

    Children with adopters keep theirs; so do the days on which children moved.
    """
    wanted = targets("legal_status")
    asked = {target.at for target in wanted}
    able = [
        [care] if care.is_with_adopters else [care, *_with_other_orders(rng, care, asked)]
        for care in cares
        if any(is_looked_after_on(care.spell, at) for at in asked)
    ]
    counted = [[_count_orders(care, asked) for care in each] for each in able]
    chosen = [0] * len(able)
    fit(rng, wanted, counted, chosen)
    others = {each[0].cla_id: each[number] for each, number in zip(able, chosen, strict=True)}
    return [others.get(care.cla_id, care) for care in cares]


def _count_orders(care: Care, asked: set[At]) -> list[Target]:
    there = (at for at in asked if is_looked_after_on(care.spell, at))
    return [Target("legal_status", at, care.order_on(at)) for at in there]


def _with_other_orders(rng: Random, care: Care, asked: set[At]) -> Iterator[Care]:
    spell = care.spell
    for at in asked:
        lasted, age = (at.day - spell.latest_start).days, spell.child.age_years(at.day)
        paths: list[_Path] = [[("V2", 0)], [("C1", 0)], [("C1", 0), ("C2", 190)]]
        if age < _YOUNGEST_TO_WAIT and lasted > 300:
            paths.append([("C1", 0), ("C2", 190), ("E1", 12)])
        if age > 12 and lasted < 60:
            paths.append([("J1", 0)])
        if lasted < _LONGEST_EMERGENCY.days and not spell.start_correction:
            paths += [[(code, 0), ("C1", wait), ("C2", 200)] for code, wait in _EMERGENCIES.items()]
        for path in paths:
            yield replace(care, orders=_recorded_in_turn(_orders(rng, spell, path), care.stays))


# Stability


class _Stability:
    """Fits placements to two printed shares, and those with adopters to their printed number.

    It draws some children's periods again until they fit.

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
        _, placed = the_target("placed", "adoptive")
        to_be_adopted = [number for number in self.counted if self.cares[number].orders[-1].code == "E1"]
        self._reach(to_be_adopted, self._is_with_adopters, lambda number: False, placed)
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
                self.cares[number] = _draw(self.rng, before.spell, before.cla_id, before.ceased_reason)
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

    def _is_with_adopters(self, number: int) -> bool:
        stays = self._shown(number)
        return bool(stays) and stays[-1][2] in ADOPTIVE

    def _has_moved_often(self, number: int) -> bool:
        since = add_months(self.at, -12)
        counted = sum(
            start < end and end - days(1) > since and kind[:1] != "T"
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
