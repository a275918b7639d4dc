"""The months of the drops: which spells start, end and move between one extract and the next.

Belongs here: choosing the children for the month's flow, and when LCS records it. The fit to the printed counts
is made on what LCS knows at the extract. An event recorded in a month may have happened earlier: then earlier
months change when they are computed again, and the month as reported does not.
"""

import datetime as dt
from collections.abc import Callable

from warehouse_sample.flows import Flow, monthly_flow
from warehouse_sample.lives import Child, Spell
from warehouse_sample.long_stays import Split, TeamStays, is_long, split_month
from warehouse_sample.organisation import ADOPTION, DISTRICTS, EXPLOITATION
from warehouse_sample.printed_figures import CIN, CLA, CP, KINDS, printed_counts
from warehouse_sample.timeline import (
    DROPS,
    EXTRACT_DAYS,
    LATE_SHARE,
    MONTHS,
    NEVER,
    TWO_DROPS_LATE,
    days,
    drop_of,
    month_end,
    random_day,
)
from warehouse_sample.world import World

_KNOWN_ON_EXTRACT_DAY = 0.7
_SHORTEST = days(20)
_LEFT_OPEN_AT_18 = 0.07
_WITHDRAWN = 0.3
"""Of ends that fall on a spell recorded in the last two months, the share that are withdrawals."""
_PLAN_LEFT_OPEN = 0.1
_CORRECTED = 0.03
_JOINS = {ADOPTION: (0, 7), EXPLOITATION: (11, 18)}
"""Age in years, from and below, at which a child is likely to join a team."""
_CLA_FROM_CIN, _CLA_FROM_CP, _CP_STAYS_OPEN = 0.2, 0.45, 0.35
_CP_FROM_CIN = 0.5
_BACK_TO_CP = 0.4
_CIN_AFTER_CP, _CIN_AFTER_CLA = 0.55, 0.25

_Weight = Callable[[Child, Spell, dt.date], float]


def live_months(world: World) -> None:
    """Takes the world through the months after the first drop."""
    for drop in DROPS[1:]:
        _Month(world, drop).live()
    _correct(world)


def _cin_weight(child: Child, spell: Spell, day: dt.date) -> float:
    if child.age_years(day) > 17.8:
        return 50.0
    months = (day - spell.start).days / 30.4
    return 0.5 if months < 3 else 1.0 if months < 9 else 2.2 if months < 14 else 3.2


def _cp_weight(child: Child, spell: Spell, day: dt.date) -> float:
    if child.age_years(day) > 17.6:
        return 50.0
    months = (day - spell.start).days / 30.4
    for until, weight in ((2.3, 0.12), (4.5, 1.2), (8, 0.8), (12, 1.7), (15, 1.2), (23.5, 2.2)):
        if months < until:
            return weight
    return 1.6


def _cla_weight(child: Child, spell: Spell, day: dt.date) -> float:
    months = (day - spell.start).days / 30.4
    if child.team == ADOPTION and months < 6:
        return 0.05
    return 60.0 if months < 3.9 else 1.2 if months < 24 else 0.45


_WEIGHT: dict[str, _Weight] = {CIN: _cin_weight, CP: _cp_weight, CLA: _cla_weight}


_Stays = Callable[[Spell, int], bool]
"""Whether a spell qualifies at the month end of a drop."""


def _all(spell: Spell, drop: int) -> bool:
    return True


def _is_short(spell: Spell, drop: int) -> bool:
    return not is_long(spell, drop)


class _Month:
    """One month. State: how many starts and ends of each team are still to be made."""

    def __init__(self, world: World, drop: int) -> None:
        self.world, self.rng, self.drop = world, world.rng, drop
        self.first, self.last = month_end(drop - 1), month_end(drop)
        self.busy: set[Child] = set()
        self.flows: dict[str, Flow] = {}

    def live(self) -> None:
        forced = self._forced()
        for kind in KINDS:
            before, after = (printed_counts()[kind, str(MONTHS[drop])] for drop in (self.drop - 1, self.drop))
            turning = {team: len(children) for team, children in forced.items()} if kind == CLA else {}
            self.flows[kind] = monthly_flow(self.rng, kind, before, after, turning)
        for team, children in forced.items():
            for child in children:
                self._turn_18(child)
                self.flows[CLA].ends[team] -= 1
        for kind in (CIN, CP):
            self._move(kind, self.flows[kind].moves)
        stays = self._divide_care()
        self._move(CLA, stays.long_moves, is_long)
        self._move(CLA, stays.short_moves, _is_short)
        self._end_care(stays)
        self._start_care()
        self._end_plans(CP)
        self._start_cp()
        self._end_plans(CIN)
        self._start_cin()

    # When things happen and become known

    def _event(self, after: dt.date) -> tuple[dt.date, int]:
        """A day for an event that LCS knows at this extract, and the drop that shows it first."""
        if self.rng.random() < LATE_SHARE:
            back = 2 if self.rng.random() < TWO_DROPS_LATE else 1
            low, high = max(after, month_end(self.drop - back - 1)), month_end(self.drop - back)
            if low < high:
                return random_day(self.rng, low, high), self.drop
        day = random_day(self.rng, max(self.first, min(after, self.last - days(1))), self.last)
        early = day <= EXTRACT_DAYS[self.drop - 1] and self.rng.random() < _KNOWN_ON_EXTRACT_DAY
        return day, self.drop - 1 if early else self.drop

    # Who

    def _candidates(self, kind: str, team: str, wanted: _Stays = _all) -> list[Child]:
        return [
            child
            for child in self.world.members_of(kind, team)
            if child not in self.busy and child.held_until <= self.drop and wanted(child.open[kind], self.drop)
        ]

    def _leavers(self, kind: str, team: str, number: int, wanted: _Stays = _all) -> list[Spell]:
        weight = _WEIGHT[kind]

        def rank(child: Child) -> float:
            spell = child.open[kind]
            likely = weight(child, spell, self.last)
            if self.first - spell.start < _SHORTEST:
                likely *= 0.001
            return float(self.rng.random() ** (1 / likely))

        chosen = sorted(self._candidates(kind, team, wanted), key=rank, reverse=True)[:number]
        if len(chosen) < number:
            raise RuntimeError(f"{team}: {number} {kind} spells should end in drop {self.drop}")
        return [child.open[kind] for child in chosen]

    def _forced(self) -> dict[str, list[Child]]:
        return {
            team: turning
            for (kind, team), children in self.world.members.items()
            if kind == CLA and (turning := [child for child in children if child.turns_18 <= self.last])
        }

    def _divide_care(self) -> Split:
        """Which of the month's ends and moves are of long stays; adds turnover where that is needed."""
        flow = self.flows[CLA]
        teams = {
            team: TeamStays(
                sum(is_long(child.open[CLA], self.drop) for child in self.world.members_of(CLA, team)),
                len(self._candidates(CLA, team, is_long)),
                len(self._candidates(CLA, team, _is_short)),
                len(self._able_to_move(CLA, team, is_long)),
                len(self._able_to_move(CLA, team, _is_short)),
                ends,
            )
            for team, ends in flow.ends.items()
        }
        split = split_month(self.rng, self.drop, teams, flow.moves)
        for team, number in split.added.items():
            flow.ends[team] += number
            flow.starts[team] += number
        return split

    # Ends

    def _turn_18(self, child: Child) -> None:
        spell, birthday = child.open[CLA], child.turns_18
        self.busy.add(child)
        roll = self.rng.random()
        since = max(self.drop - 1, drop_of(birthday))
        if roll < _LEFT_OPEN_AT_18:
            since = NEVER
        elif roll < _LEFT_OPEN_AT_18 + LATE_SHARE:
            since = self.drop + self.rng.randint(1, 3)
        for kind in (CP, CIN):
            if kind in child.open:
                raise RuntimeError("nobody on a plan may turn 18 in care")
        self.world.close_spell(spell, birthday, since)

    def _end(self, spell: Spell) -> None:
        self.busy.add(spell.child)
        day, since = self._event(spell.latest_start + days(14))
        is_recent = since == self.drop and 0 < self.drop - spell.since <= 2 and spell.since > 0
        if is_recent and self.rng.random() < _WITHDRAWN:
            self.world.withdraw_spell(spell, max(day, self.first), self.drop)
            return
        self.world.close_spell(spell, day, since)

    def _step_down(self, spell: Spell, share: float) -> bool:
        child = spell.child
        starts = self.flows[CIN].starts
        can = len(child.open) == 1 and starts.get(child.team, 0) > 0 and child.age_years(self.last) < 17.5
        if not can or self.rng.random() >= share:
            return False
        starts[child.team] -= 1
        day, since = self._event(spell.latest_start + days(14))
        self.busy.add(child)
        self.world.step(spell, CIN, day, since, since)
        return True

    def _end_care(self, stays: Split) -> None:
        for team, number in self.flows[CLA].ends.items():
            long = stays.long_ends[team]
            leavers = self._leavers(CLA, team, long, is_long)
            leavers += self._leavers(CLA, team, number - long, _is_short)
            for spell in leavers:
                if team == ADOPTION or not self._step_down(spell, _CIN_AFTER_CLA):
                    self._end(spell)

    def _end_plans(self, kind: str) -> None:
        for team, number in self.flows[kind].ends.items():
            for spell in self._leavers(kind, team, number):
                if kind == CIN or not self._step_down(spell, _CIN_AFTER_CP):
                    self._end(spell)

    # Starts

    def _start_care(self) -> None:
        for team, number in self.flows[CLA].starts.items():
            for _ in range(number):
                roll = self.rng.random()
                started = roll < _CLA_FROM_CIN and self._step_up(CIN, CLA, team)
                if not started and roll < _CLA_FROM_CIN + _CLA_FROM_CP:
                    started = self._into_care_from_plan(team)
                if not started:
                    self._new_spell(CLA, team)

    def _start_cp(self) -> None:
        for team, number in self.flows[CP].starts.items():
            for _ in range(number):
                if self.rng.random() >= _CP_FROM_CIN or not self._step_up(CIN, CP, team):
                    self._new_spell(CP, team)

    def _start_cin(self) -> None:
        for team, number in self.flows[CIN].starts.items():
            for _ in range(number):
                self._new_spell(CIN, team)

    def _new_spell(self, kind: str, team: str) -> None:
        day, since = self._event(dt.date.min)
        child = self.world.newcomer(kind, team, day, month_end(self.drop + 1))
        self.busy.add(child)
        self.world.open_spell(child, kind, team, day, since)

    def _suitable(self, kind: str, to: str, team: str) -> Spell | None:
        able = [
            child.open[kind]
            for child in self._candidates(kind, team)
            if len(child.open) == 1
            and child.team == team
            and child.open[kind].start < self.first - _SHORTEST
            and (to != CP or self._may_repeat(child))
            and (to != CLA or 0.1 < child.age_years(self.first - days(70)) < 16.9)
        ]
        return self.rng.choice(able) if able else None

    def _may_repeat(self, child: Child) -> bool:
        """Whether a child may begin another CP plan: few on a CiN plan do soon after the last one."""
        return all(spell.kind != CP for spell in child.spells) or self.rng.random() < _BACK_TO_CP

    def _step_up(self, kind: str, to: str, team: str) -> bool:
        if not self.flows[kind].ends.get(team, 0) or not (spell := self._suitable(kind, to, team)):
            return False
        self.flows[kind].ends[team] -= 1
        day, since = self._event(spell.latest_start + days(14))
        self.busy.add(spell.child)
        end_since = since
        if kind == CIN and team in DISTRICTS and self.rng.random() < _PLAN_LEFT_OPEN:
            end_since = self.drop + 1
            spell.child.held_until = self.drop + 1
        self.world.step(spell, to, day, since, end_since)
        return True

    def _into_care_from_plan(self, team: str) -> bool:
        if team not in DISTRICTS or self.rng.random() >= _CP_STAYS_OPEN:
            return self._step_up(CP, CLA, team)
        spell = self._suitable(CP, CLA, team)
        if not spell:
            return False
        day, since = self._event(spell.latest_start + days(14))
        self.busy.add(spell.child)
        self.world.open_spell(spell.child, CLA, team, day, since)
        return True

    # Moves between teams

    def _move(self, kind: str, moves: tuple[tuple[str, str], ...], wanted: _Stays = _all) -> None:
        for giver, taker in moves:
            able = self._able_to_move(kind, giver, wanted)
            youngest, oldest = _JOINS.get(taker, (0, 18))
            settled = [child for child in able if child.allocations[-1].start < self.first - _SHORTEST] or able
            likely = [child for child in settled if youngest <= child.age_years(self.last) < oldest]
            if not able:
                raise RuntimeError(f"nobody can move from {giver} to {taker} in drop {self.drop}")
            child = self.rng.choice(likely or settled)
            day, since = self._event(child.allocations[-1].start + days(5))
            self.busy.add(child)
            self.world.move(child, taker, day, self.drop if kind == CIN else since)

    def _able_to_move(self, kind: str, team: str, wanted: _Stays) -> list[Child]:
        """Children of a team with no other open spell."""
        return [child for child in self._candidates(kind, team, wanted) if len(child.open) == 1]


def _correct(world: World) -> None:
    """Moves some start and end dates by days in a drop after the one that showed them first."""
    rng = world.rng
    for child in world.children:
        for before, spell, after in zip(
            [None, *child.spells], child.spells, [*child.spells[1:], None], strict=False
        ):
            if spell.start > month_end(-2) and rng.random() < _CORRECTED:
                _correct_start(world, before, spell)
            if spell.end and spell.end > month_end(-1) and rng.random() < _CORRECTED:
                _correct_end(world, spell, after)


def _correct_start(world: World, before: Spell | None, spell: Spell) -> None:
    start = spell.start + days(world.rng.choice((-9, -7, -5, -3, -2, -1, 1, 2, 4)))
    drop = spell.since + world.rng.randint(1, 2)
    free = before is None or (before.end is not None and before.end < start - days(1))
    room = spell.end is None or spell.end > start + days(25)
    known = spell.referral is None or spell.referral.day < start
    # Who has been in care for twelve months at a month end is counted exactly.
    turns_long_elsewhere = spell.kind == CLA and start.month != spell.start.month and start <= month_end(1)
    if free and room and known and not turns_long_elsewhere and drop < min(spell.until, spell.end_since):
        spell.start_correction = (drop, start)


def _correct_end(world: World, spell: Spell, after: Spell | None) -> None:
    if spell.end is None or spell.end_since >= NEVER or spell.end == spell.child.turns_18:
        return
    end = spell.end + days(world.rng.choice((-6, -4, -3, -2, -1, 1, 2, 3)))
    drop = spell.end_since + world.rng.randint(1, 2)
    closed = spell.referral.close if spell.referral and spell.kind != CLA else None
    is_closed = closed is not None and end > closed
    if not is_closed and end > spell.latest_start + days(5) and (after is None or after.start > end):
        spell.end_correction = (drop, end)
