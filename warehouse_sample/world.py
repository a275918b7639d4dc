"""All people the synthetic authority knows, and the changes a life can have.

Belongs here: opening and closing spells, allocations and referrals so that they fit together, and choosing the
child for a new spell. Does not belong here: how often this happens (`history`, `months`).
"""

import datetime as dt
from random import Random

from warehouse_sample.lives import Allocation, Child, Numbers, Referral, Spell, make_child
from warehouse_sample.organisation import ADOPTION, EXPLOITATION, SEND
from warehouse_sample.printed_figures import CIN, CLA, CP
from warehouse_sample.timeline import NEVER, drop_of, random_day

_RETURNERS = {CIN: ((CIN, 0.16), (CP, 0.05), (CLA, 0.02)), CP: ((CP, 0.24), (CIN, 0.12)), CLA: ((CLA, 0.06),)}
"""By kind of a new spell: the shares of children who had an earlier spell of each kind."""
_REPEAT_WITHIN_A_YEAR = 0.34
"""Of repeat CP plans, the share that begins within about a year of the last one."""
_TRIES = 60


class World:
    """All children and their spells. State: who is open where, and who may come back."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.numbers = Numbers(rng)
        self.children: list[Child] = []
        self.spells: list[Spell] = []
        self.members: dict[tuple[str, str], list[Child]] = {}
        self.former: dict[str, list[Child]] = {CIN: [], CP: [], CLA: []}

    def members_of(self, kind: str, team: str) -> list[Child]:
        """Children with an open spell of the kind that counts for the team."""
        return self.members.setdefault((kind, team), [])

    def newcomer(self, kind: str, team: str, day: dt.date, under_18_on: dt.date) -> Child:
        """A child for whom a spell may begin on `day`: new, or back after an earlier spell.

        The person is under 18 on `under_18_on`, and born where the spell is one of care.
        """
        roll = self.rng.random()
        if team not in (SEND, EXPLOITATION, ADOPTION):
            for earlier, share in _RETURNERS[kind]:
                if roll < share:
                    back = self._returner(earlier, day, under_18_on)
                    return back or self._with_ancient_plan(kind, team, day, under_18_on)
                roll -= share
        return self._new(kind, team, day, under_18_on)

    def _new(self, kind: str, team: str, day: dt.date, under_18_on: dt.date) -> Child:
        child = make_child(self.rng, self.numbers, kind, team, day)
        if child.turns_18 <= under_18_on:
            lasts = (under_18_on - day).days / 365.25
            age = self.rng.uniform(min(17.7, lasts + 0.1), 17.8)
            child.born = under_18_on - dt.timedelta(days=int(age * 365.25))
        self.children.append(child)
        return child

    def _returner(self, earlier: str, day: dt.date, under_18_on: dt.date) -> Child | None:
        pool = self.former[earlier]
        soon = self.rng.random() < _REPEAT_WITHIN_A_YEAR
        for _ in range(_TRIES if pool else 0):
            child = self.rng.choice(pool)
            gap = (day - child.free_from).days
            wanted = 40 < gap < 420 if soon else gap > 420
            if not child.open and wanted and child.born < day and child.turns_18 > under_18_on:
                return child
        return None

    def _with_ancient_plan(self, kind: str, team: str, day: dt.date, under_18_on: dt.date) -> Child:
        child = self._new(kind, team, day, under_18_on)
        if kind != CP or child.age_years(day) < 2.5:
            return child
        end = day - dt.timedelta(days=self.rng.randint(430, int(child.age_years(day) * 365) - 300))
        start = max(child.born, end - dt.timedelta(days=self.rng.randint(90, 420)))
        self.open_spell(child, CP, team, start, 0)
        self.close_spell(child.open[CP], end, 0)
        return child

    def open_spell(self, child: Child, kind: str, team: str, start: dt.date, since: int) -> Spell:
        """Opens a spell; a child without an open case also gets a referral and a case worker."""
        if not child.open:
            self._take_on(child, team, start, since)
        spell = Spell(child, kind, team, start, since, child.referrals[-1])
        child.open[kind] = spell
        child.spells.append(spell)
        self.spells.append(spell)
        self.members_of(kind, team).append(child)
        return spell

    def _take_on(self, child: Child, team: str, start: dt.date, since: int) -> None:
        earliest = max(child.free_from, start - dt.timedelta(days=45))
        day = random_day(self.rng, earliest, start - dt.timedelta(days=1)) if earliest < start else start
        day = min(day, start)
        child.referrals.append(Referral(self.numbers.next("31"), day, min(since, drop_of(day)), team))
        child.allocations.append(Allocation(team, day, since))

    def close_spell(self, spell: Spell, end: dt.date, end_since: int) -> None:
        """Ends a spell on `end`, known from the drop `end_since`; NEVER for a spell left open."""
        if end_since < NEVER:
            spell.end, spell.end_since = end, end_since
        self._leave(spell, end, end_since)

    def withdraw_spell(self, spell: Spell, day: dt.date, drop: int) -> None:
        """Removes a spell recorded in error from the drop on."""
        spell.until = drop
        self._leave(spell, day, drop)

    def _leave(self, spell: Spell, day: dt.date, since: int) -> None:
        child = spell.child
        del child.open[spell.kind]
        self.members_of(spell.kind, self.counted_team(spell)).remove(child)
        child.free_from = max(child.free_from, day)
        if child.open:
            return
        self.former[spell.kind].append(child)
        closing = max(day, child.allocations[-1].start) + dt.timedelta(days=self.rng.randint(0, 20))
        child.allocations[-1].end = closing
        child.allocations[-1].end_since = max(since, drop_of(closing))
        referral = child.referrals[-1]
        referral.close = closing
        known = (since, *(each.end_since for each in child.spells if each.referral is referral))
        referral.close_since = max((drop for drop in known if drop < NEVER), default=0)
        child.free_from = max(child.free_from, closing)

    def counted_team(self, spell: Spell) -> str:
        """The plan's own team for CiN, the allocated worker's for the others."""
        return spell.team if spell.kind == CIN else spell.child.team

    def step(self, spell: Spell, to: str, day: dt.date, since: int, end_since: int) -> Spell:
        """Ends a spell and begins another on the same day; worker and referral stay."""
        child = spell.child
        team = child.team
        del child.open[spell.kind]
        self.members_of(spell.kind, self.counted_team(spell)).remove(child)
        if end_since < NEVER:
            spell.end, spell.end_since = day, end_since
        following = Spell(child, to, team, day, since, child.referrals[-1])
        child.open[to] = following
        child.spells.append(following)
        self.spells.append(following)
        self.members_of(to, team).append(child)
        return following

    def move(self, child: Child, team: str, day: dt.date, since: int) -> None:
        """Moves the case to another team: a new allocation; a CiN plan's team is overwritten."""
        old = child.allocations[-1]
        for kind, spell in child.open.items():
            self.members_of(kind, self.counted_team(spell)).remove(child)
            if kind == CIN:
                if not spell.team_changes:
                    spell.team_changes.append((0, spell.team))
                spell.team_changes.append((since, team))
                spell.team = team
        old.end, old.end_since = day, since
        child.allocations.append(Allocation(team, day, since))
        for kind in child.open:
            self.members_of(kind, team).append(child)
