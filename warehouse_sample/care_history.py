"""The year of care before the first drop, so that the first drop shows it as other papers print it.

Belongs here: which ended periods of care stay, are cut in two, or end at 18. Does not belong here: the months of
the drops (`months`), why periods ended (`departures`).

Only children whose one spell is a period of care that ended are touched: no other life depends on theirs.
"""

import datetime as dt
from collections.abc import Callable
from random import Random

from warehouse_sample.care_targets import At, targets, the_target
from warehouse_sample.lives import Spell
from warehouse_sample.printed_figures import CLA
from warehouse_sample.reported import end_shown, is_looked_after_on, is_shown
from warehouse_sample.timeline import NEVER, days, random_day
from warehouse_sample.world import World

_YOUNGEST_TO_AGE = 5
"""Age in years: who was younger at the end of care is not made a person who left at 18."""
_SHORTEST_TO_AGE, _LONG_ENOUGH, _CUT_AFTER = days(91), days(300), days(160)
"""How long care has lasted, at least, that ends at 18; that is cut in two; and since the first day asked, then."""
_STAYED_WITH_FAMILY = 0.6
"""Of those who left at 16 or 17, the share that is expected to have left for independent living."""
_AWAY = (20, 110)
"""Days between the two halves of a period that is cut in two."""


def settle_care(world: World, rng: Random) -> None:
    """Changes lives that ended before the first drop until its counts of spring 2018 are the printed ones."""
    past = _Past(world, rng)
    past.let_some_come_back()
    past.reduce()
    past.let_some_grow_up()


class _Past:
    def __init__(self, world: World, rng: Random) -> None:
        self.world, self.rng = world, rng
        self.asked, self.ceased = the_target("ceased")
        self.first, self.last = self.asked.first, self.asked.at.day

    def let_some_come_back(self) -> None:
        """Cuts periods in two, so that as many children as printed came back within the year."""
        _, wanted = the_target("came_back")
        cut = self._single(lambda spell, end: end > self.first + _CUT_AFTER and end - spell.start > _LONG_ENOUGH)
        for spell in self.rng.sample(cut, max(0, min(len(cut), wanted - self._came_back()))):
            self._cut(spell)

    def _came_back(self) -> int:
        number = 0
        for child in self.world.children:
            care = [spell for spell in child.spells if spell.kind == CLA and is_shown(spell, self.asked.at.drop)]
            number += sum(
                self.asked.is_in_months(end) and any(end < spell.start <= self.last for spell in care)
                for end in (end_shown(spell, self.asked.at.drop) for spell in care)
                if end
            )
        return number

    def _cut(self, spell: Spell) -> None:
        assert spell.end
        back_by = min(spell.end - days(30), self.last)
        left = random_day(self.rng, max(spell.start + days(60), self.first), back_by - days(_AWAY[1]))
        back = min(left + days(self.rng.randint(*_AWAY)), back_by)
        second = Spell(spell.child, CLA, spell.team, back, 0, spell.referral, spell.end, spell.end_since)
        spell.end = left
        spell.child.spells.append(second)
        self.world.spells.insert(self.world.spells.index(spell) + 1, second)

    def reduce(self) -> None:
        """Leaves out children until the month ends of spring and the year's ends have the printed numbers.

        Later month ends come first: whom they leave out is missing at the earlier ones too. Some of those left out
        came in the last month, so that enough stay at the month end before.
        """
        month_ends = sorted(targets("looked_after").items(), reverse=True)
        earliest, until = month_ends[-1][0].at.day, dt.date.max
        for (target, wanted), before in zip(month_ends, [*month_ends[1:], None], strict=True):
            at = target.at
            if before:
                spare = self._looked_after(before[0].at) - before[1]
                came_since = self._who_left(at, until, later_than=before[0].at.day)
                self._forget_some(came_since, self._looked_after(at) - wanted - spare)
            self._forget_some(self._who_left(at, until, by=earliest), self._looked_after(at) - wanted)
            until = at.day
        number = sum(
            is_shown(spell, self.asked.at.drop) and self.asked.is_in_months(end_shown(spell, self.asked.at.drop))
            for spell in self.world.spells
            if spell.kind == CLA
        )
        self._forget_some(self._single(lambda spell, end: self.first <= end <= earliest), number - self.ceased)

    def _looked_after(self, at: At) -> int:
        return sum(is_looked_after_on(spell, at) for spell in self.world.spells)

    def _who_left(
        self, at: At, until: dt.date, later_than: dt.date = dt.date.min, by: dt.date = dt.date.max
    ) -> list[Spell]:
        """Periods open at a month end and ended by another, that began later than one day and by another."""
        return self._single(
            lambda spell, end: end <= until and later_than < spell.start <= by and is_looked_after_on(spell, at)
        )

    def _forget_some(self, spells: list[Spell], number: int) -> None:
        gone = {spell.child for spell in self.rng.sample(spells, max(0, min(len(spells), number)))}
        self.world.children = [child for child in self.world.children if child not in gone]
        self.world.spells = [spell for spell in self.world.spells if spell.child not in gone]

    def let_some_grow_up(self) -> None:
        """Makes children turn 18 on the day their care ended, so that enough may have left to live alone."""
        (_, independent) = the_target("ceased", "independent")
        since = self._single(lambda spell, end: self.first <= end)
        of_age = [spell for spell in since if _age_at_end(spell) >= 16 and self.asked.is_in_months(spell.end)]
        able = [spell for spell in since if _YOUNGEST_TO_AGE <= _age_at_end(spell) < 16 and _lasted_long(spell)]
        within = [spell for spell in able if self.asked.is_in_months(spell.end)]
        number = max(0, min(len(within), independent - round(_STAYED_WITH_FAMILY * len(of_age))))
        later = [spell for spell in able if not self.asked.is_in_months(spell.end)]
        share = number / len(within) if within else 0
        for spell in (*self.rng.sample(within, number), *self.rng.sample(later, int(share * len(later) / 2))):
            assert spell.end
            spell.child.born = spell.end.replace(year=spell.end.year - 18, day=min(spell.end.day, 28))
            spell.end = spell.child.turns_18

    def _single(self, wanted: Callable[[Spell, dt.date], bool]) -> list[Spell]:
        """Periods that were over before the first drop, the only spell of their child, and as wanted."""
        return [
            spell
            for spell in self.world.spells
            if spell.kind == CLA
            and len(spell.child.spells) == 1
            and spell.end
            and spell.since == spell.end_since == 0
            and spell.until == NEVER
            and not (spell.start_correction or spell.end_correction)
            and wanted(spell, spell.end)
        ]


def _age_at_end(spell: Spell) -> int:
    return spell.child.completed_years(spell.end or dt.date.max)


def _lasted_long(spell: Spell) -> bool:
    return spell.end is not None and spell.end - spell.start > _SHORTEST_TO_AGE
