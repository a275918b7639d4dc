"""Brothers and sisters who come on a child protection plan together, and how few plans began in some months.

Belongs here: who are a family, on which day their plans begin, and plans that go on instead of one that ends and
one that begins in the same month. Counts of open plans at any month end stay as they are. Does not belong here:
the meetings of a family (`conferences`, `enquiries`, `meetings`).
"""

import datetime as dt
from collections import defaultdict
from itertools import count
from random import Random

from warehouse_sample.care_targets import targets
from warehouse_sample.lives import Spell
from warehouse_sample.printed_figures import CIN, CP
from warehouse_sample.reported import is_open_on, is_shown, start_shown, team_on
from warehouse_sample.timeline import HORIZON, NEVER, days, month_end
from warehouse_sample.world import World

_CHILDREN, _FAMILIES = (1, 2, 3, 4, 5), (26, 29, 21, 14, 10)
"""Of a hundred families, how many have so many children on plans."""
_LASTS = days(25)
"""A plan lasts for so long at least, however late in the month the family's conference is."""
_UNSEEN = month_end(-1)
"""The last day of July 2018: a plan that ended by then is open at no month end of a drop."""
_WITHOUT_PLAN = 10
"""About as many children have an initial conference in such a month and no plan after it."""


def gather_families(world: World, rng: Random) -> None:
    """Makes families of children whose plans begin in one month, in one team, and are recorded together."""
    _forget_plans(world, rng)
    _begin_fewer(world, rng)
    together: dict[tuple[str, int, dt.date], list[Spell]] = defaultdict(list)
    for spell in world.spells:
        if spell.kind == CP and spell.until == NEVER and not spell.start_correction:
            together[spell.team, spell.since, spell.start.replace(day=1)].append(spell)
    numbers = count(1)
    for spells in together.values():
        rng.shuffle(spells)
        while spells:
            size = rng.choices(_CHILDREN, _FAMILIES)[0]
            family, spells[:size] = spells[:size], []
            first_day = max(spell.start for spell in family)
            family = [each for each in family if (each.earliest_end or HORIZON) > first_day + _LASTS]
            number = next(numbers) if len(family) > 1 else None
            for spell in family if number else ():
                spell.start, spell.family = first_day, number


# Fewer plans


def _forget_plans(world: World, rng: Random) -> None:
    """Removes plans that ended before the end of July 2018, until as few are open in spring as are printed."""
    for asked, number in targets("protected").items():
        plans = [spell for spell in world.spells if spell.kind == CP and is_open_on(spell, asked.at)]
        over = [
            each
            for each in plans
            if each.end and each.end <= _UNSEEN and not (each.end_since or each.end_correction)
        ]
        for spell in rng.sample(over, min(len(over), len(plans) - number)):
            world.spells.remove(spell)
            spell.child.spells.remove(spell)


def _begin_fewer(world: World, rng: Random) -> None:
    for asked, number in targets("initial_conferences").items():
        plans = [spell for spell in world.spells if spell.kind == CP and is_shown(spell, asked.at.drop)]
        begun = [spell for spell in plans if asked.is_in_months(start_shown(spell, asked.at.drop))]
        over = [spell for spell in plans if asked.is_in_months(spell.end) and _may_change(spell)]
        rng.shuffle(over)
        surplus = len(begun) - (number - _WITHOUT_PLAN)
        for spell in begun:
            one = next((each for each in over if surplus > 0 and _may_take_over(each, spell)), None)
            if one:
                over.remove(one)
                _exchange(world, one, spell)
                surplus -= 1


def _later(spell: Spell) -> list[Spell]:
    spells = spell.child.spells
    return spells[spells.index(spell) + 1 :]


def _may_change(spell: Spell) -> bool:
    """Whether a child in need at the most is what comes after the plan."""
    child = spell.child
    is_settled = spell.until == NEVER and not spell.start_correction and not spell.end_correction
    is_last_case = child.referrals[-1] is spell.referral and all(each.kind == CIN for each in _later(spell))
    return is_settled and is_last_case and child.has_dob and child.turns_18 > HORIZON


def _may_take_over(one: Spell, other: Spell) -> bool:
    """Whether a plan that ends may go on as another that begins: of the same team, recorded when that end is."""
    earlier = other.child.spells[: other.child.spells.index(other)]
    turned = min(one.end or HORIZON, other.start)
    is_alone = one.child is not other.child and all(
        each.end and each.end <= turned and each.end_since <= other.since and not each.end_correction
        for each in earlier
    )
    is_alike = other.team == team_on(one.child, one.end or HORIZON) and one.end_since == other.since
    return _may_change(other) and is_alone and is_alike and all(each.start >= other.start for each in _later(one))


def _exchange(world: World, one: Spell, other: Spell) -> None:
    """The first child stays on its plan as the other one would have been; the other one lives on without it."""
    child, newcomer = one.child, other.child
    later, later_of_newcomer = _later(one), _later(other)
    child.spells[child.spells.index(one) + 1 :] = later_of_newcomer
    newcomer.spells[newcomer.spells.index(other) :] = later
    for spells, whose, referral in ((later_of_newcomer, child, one.referral), (later, newcomer, other.referral)):
        for spell in spells:
            spell.child, spell.referral = whose, referral
    _swap(("close", "close_since"), one.referral, other.referral)
    _swap(("free_from", "held_until", "open"), child, newcomer)
    child.open = {kind: one if spell is other else spell for kind, spell in child.open.items()}
    held, held_by_newcomer = (
        max(number for number, each in enumerate(who.allocations) if each.start <= day)
        for who, day in ((child, one.end or HORIZON), (newcomer, other.start))
    )
    _swap(("end", "end_since"), child.allocations[held], newcomer.allocations[held_by_newcomer])
    child.allocations[held + 1 :], newcomer.allocations[held_by_newcomer + 1 :] = (
        newcomer.allocations[held_by_newcomer + 1 :],
        child.allocations[held + 1 :],
    )
    one.end, one.end_since, one.end_correction = other.end, other.end_since, other.end_correction
    world.spells.remove(other)


def _swap(names: tuple[str, ...], one: object, other: object) -> None:
    for name in names:
        first, second = getattr(one, name), getattr(other, name)
        setattr(one, name, second)
        setattr(other, name, first)
