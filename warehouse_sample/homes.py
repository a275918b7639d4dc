"""Where children looked after lived: the types of their placements, and in which authority's area.

Belongs here: drawing them, and the fit to the printed figures. Does not belong here: when children moved
(`care_periods`), rows (`placements`), postcodes (`areas`).

A home is one placement, or two with a temporary one between them: the child came back to where it had lived.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from random import Random

from warehouse_sample.areas import COUNTY, NOT_KNOWN, draw_area
from warehouse_sample.care_periods import ADOPTIVE, Care, Stay
from warehouse_sample.care_targets import At, Target, targets, the_target
from warehouse_sample.fitting import fit
from warehouse_sample.plans import add_months
from warehouse_sample.reported import end_shown, is_looked_after_on, is_shown, start_shown
from warehouse_sample.timeline import days

_GROUPS = {
    "foster": ("U1", "U3", "U4", "U5", "U6"),
    "adoptive": ADOPTIVE,
    "residential": ("K1", "K2", "R1", "R2", "R3", "R5", "S1"),
    "community": ("H5", "P2", "P3", "Z1"),
    "parents": ("P1",),
}
_GROUP_OF = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}
_TO_STEP_DOWN = ("H5", "K1", "K2", "R1")
_KINDS: tuple[tuple[int, dict[str, float]], ...] = (
    (10, {"U6": 40, "U4": 11, "U3": 14, "U1": 8, "P1": 23, "R3": 1.5, "K2": 2}),
    (15, {"U6": 25, "U4": 13, "U3": 9, "U1": 7, "P1": 18, "K2": 22, "S1": 1.5, "K1": 0.5, "Z1": 0.3}),
    (16, {"U6": 22, "U4": 10, "U3": 6, "U1": 5, "P1": 16, "K2": 20, "P2": 18, "Z1": 1, "R1": 1}),
    (99, {"U6": 10, "U4": 6, "P2": 55, "H5": 22, "P1": 10, "K2": 8, "R5": 1, "U3": 2, "P3": 2, "R1": 2, "Z1": 1}),
)
"""Types of placement by weight, for children under an age in years."""
_BEFORE_ADOPTION: dict[str, float] = {"U6": 6, "U5": 1}
"""The same for the last home of children before their adopters'."""
_WITH_ADOPTERS: dict[str, float] = {"A5": 2, "A6": 2, "U6": 1}
"""The same where adopters were found and care has not ended: for some the match is not made yet."""
_WITH_PARENTS_UNDER = {"C1", "C2"}
"""Orders under which a child looked after may live with its parents (903 validation rule 378)."""
_AT_HOME_YET = 2
"""Weight of a home with parents under a placement order, which is to be revoked."""
_DRAWS = 8
"""Values that a home may have, some of them alike."""
_UNPLACED_FOR = days(60)
"""The longest that the next placement of a child is not known."""
_MATCHED_AFTER = days(40)
"""The least time from a placement order to a home with adopters."""
_AWAY = {"K2": 0.37, "S1": 0.95, "foster": 0.19, "parents": 0.1}
_AWAY_ELSE, _AREA_NOT_KNOWN = 0.28, 0.003
"""Shares of homes outside the county, by type or group; of homes whose authority is not known."""


@dataclass
class _Home:
    """A home: its period of care, the numbers of its placements in it, and when which drop shows it at a day.

    State: its type and its area.
    """

    care: Care
    stays: tuple[int, ...]
    seen: tuple[At, ...]
    kind: str
    area: str = ""

    @property
    def first(self) -> Stay:
        return self.care.stays[self.stays[0]]

    @property
    def stop(self) -> dt.date:
        """The day on which the child left."""
        after = self.stays[-1] + 1
        return self.care.stays[after].day if after < len(self.care.stays) else dt.date.max

    @property
    def is_last(self) -> bool:
        return self.stays[-1] == len(self.care.stays) - 1


_Draw = Callable[[_Home], dict[str, float]]
_Count = Callable[[_Home, str], list[Target]]


def settle_homes(rng: Random, cares: list[Care]) -> list[Care]:
    """The periods of care with the types and the areas of all placements, as printed."""
    cares = _leave_some_unplaced(cares)
    asked = {target.at for target in targets("placed", "parents_under", "out_of_area")}
    homes = [_homes(care, asked) for care in cares]
    every = [home for each in homes for home in each]
    for home, kind in zip(every, _chosen(rng, every, _kinds, _count_kinds), strict=True):
        home.kind = kind
    for home, area in zip(every, _chosen(rng, every, lambda home: _areas(rng, home), _count_areas), strict=True):
        home.area = area
    return [_settled(care, each) for care, each in zip(cares, homes, strict=True)]


def _chosen(rng: Random, homes: list[_Home], able: _Draw, count: _Count) -> list[str]:
    """A value for each home: one of some that are drawn by their weights, as they fit together."""
    weights = [able(home) for home in homes]
    values = [list(dict.fromkeys(rng.choices(list(each), list(each.values()), k=_DRAWS))) for each in weights]
    chosen = [0] * len(homes)
    options = [[count(home, value) for value in each] for home, each in zip(homes, values, strict=True)]
    wanted = targets("placed", "parents_under", "ceased_at_home", "early_permanence", "out_of_area")
    counted = {key for each in options for keys in each for key in keys}
    fit(rng, {target: number for target, number in wanted.items() if target in counted}, options, chosen)
    return [each[number] for each, number in zip(values, chosen, strict=True)]


def _homes(care: Care, asked: set[At]) -> list[_Home]:
    numbers: list[list[int]] = []
    for number, stay in enumerate(care.stays):
        if number and care.stays[number - 1].is_temporary:
            numbers[-1].append(number)
        elif not stay.is_temporary:
            numbers.append([number])
    where = [(at, care.stay_on(at)) for at in asked if is_looked_after_on(care.spell, at)]
    seen = [tuple(at for at, number in where if number in each) for each in numbers]
    return [
        _Home(care, tuple(each), ats, care.stays[each[0]].kind) for each, ats in zip(numbers, seen, strict=True)
    ]


def _settled(care: Care, homes: list[_Home]) -> Care:
    stays = [replace(stay, area=homes[0].area) for stay in care.stays]
    for home in homes:
        for number in home.stays:
            stays[number] = replace(care.stays[number], kind=home.kind, area=home.area)
    return replace(care, stays=tuple(stays))


def _leave_some_unplaced(cares: list[Care]) -> list[Care]:
    """The periods; for a few, a day asked finds the last placement ended and the next not recorded."""
    target, wanted = the_target("placed", "none")
    changed = list(cares)
    for position, care in enumerate(cares):
        number = _recorded_later(care, target.at) if wanted else None
        if number is not None:
            stays = [*care.stays]
            stays[number] = replace(stays[number], ends_before=target.at.drop)
            changed[position] = replace(care, stays=tuple(stays))
            wanted -= 1
    return changed


def _recorded_later(care: Care, at: At) -> int | None:
    """The number of the stay that a child had moved to and that a drop did not show, in a period not too long."""
    if not is_looked_after_on(care.spell, at) or start_shown(care.spell, at.drop) <= add_months(at.day, -30):
        return None
    for number, stay in enumerate(care.stays[1:], 1):
        is_due = at.day - _UNPLACED_FOR < stay.day <= at.day and stay.since > at.drop
        if is_due and care.stay_on(at) == number - 1 and not stay.is_temporary:
            return number
    return None


# Types


def _kinds(home: _Home) -> dict[str, float]:
    """The types that a home may have, by weight."""
    care = home.care
    is_open = care.spell.end is None and not _is_long(care)
    if home.kind in ADOPTIVE:
        return _WITH_ADOPTERS if is_open else {home.kind: 1}
    if care.is_with_adopters:
        is_the_one_before = home.stays[-1] == len(care.stays) - 2
        return _BEFORE_ADOPTION if is_the_one_before else {"U6": 1}
    age = care.spell.child.completed_years(home.first.day if home.stays[0] else care.spell.earliest_start)
    weights = next(weights for under, weights in _KINDS if age < under)
    under = set(_orders_during(home))
    if under <= _WITH_PARENTS_UNDER:
        return weights
    order = care.orders[-1]
    if is_open and order.code == "E1" and home.is_last and order.day + _MATCHED_AFTER < home.first.day:
        return _WITH_ADOPTERS
    elsewhere = {kind: weight for kind, weight in weights.items() if kind != "P1"}
    is_to_be_revoked = "E1" in under and under <= {*_WITH_PARENTS_UNDER, "E1"} and home.is_last
    return elsewhere | {"P1": _AT_HOME_YET} if is_to_be_revoked else elsewhere


def _is_long(care: Care) -> bool:
    """Whether the period counts for the stability of long stays, which looks at placements with adopters."""
    target, _ = the_target("placed", "adoptive")
    return start_shown(care.spell, target.at.drop) <= add_months(target.at.day, -30)


def _orders_during(home: _Home) -> Iterator[str]:
    for order, following in zip_longest(home.care.orders, home.care.orders[1:]):
        if order.day < home.stop and (following is None or following.day > home.first.day):
            yield order.code


def _count_kinds(home: _Home, kind: str) -> list[Target]:
    counted = [
        target for target in targets("placed") if target.at in home.seen and _is_so_placed(home, kind, target)
    ]
    if kind == "P1":
        counted += [
            target
            for target in targets("parents_under")
            if target.at in home.seen and home.care.order_on(target.at) == target.code
        ]
        counted += [target for target in targets("ceased_at_home") if home.is_last and _ceased(home, target)]
    if kind == "U5":
        order = home.care.orders[-1]
        counted += [
            target
            for target in targets("early_permanence")
            if target.is_in_months(home.first.day) and order.since <= target.at.drop
        ]
    return counted


def _is_so_placed(home: _Home, kind: str, target: Target) -> bool:
    if target.code == "to_step_down":
        return kind in _TO_STEP_DOWN and home.care.spell.child.completed_years(target.at.day) in (16, 17)
    return target.code in (kind, _GROUP_OF[kind])


def _ceased(home: _Home, target: Target) -> bool:
    """Whether care ended here in the months asked, under the order asked; a full one not by turning 18."""
    spell, drop = home.care.spell, target.at.drop
    end = end_shown(spell, drop)
    if not end or not is_shown(spell, drop) or not target.is_in_months(end):
        return False
    aged_out = target.code == "C2" and spell.child.turns_18 <= end + days(1)
    return home.care.order_on(At(drop, end - days(1))) == target.code and not aged_out


# Areas


def _areas(rng: Random, home: _Home) -> dict[str, float]:
    """The county, or one other authority, by weight; for a few none that is known."""
    away = _AWAY.get(home.kind, _AWAY.get(_GROUP_OF[home.kind], _AWAY_ELSE))
    elsewhere = draw_area(rng)
    return {NOT_KNOWN: 1} if rng.random() < _AREA_NOT_KNOWN else {COUNTY: 1 - away, elsewhere: away}


def _count_areas(home: _Home, area: str) -> list[Target]:
    return [
        target
        for target in targets("out_of_area")
        if area not in (COUNTY, NOT_KNOWN)
        and target.at in home.seen
        and target.code in ("", home.kind, _GROUP_OF[home.kind])
    ]
