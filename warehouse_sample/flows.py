"""How many spells start, end and change team in a month, so that each team reaches its next printed count.

Belongs here: arithmetic on counts. Does not belong here: which children they are.
"""

from collections import Counter
from dataclasses import dataclass
from random import Random

from warehouse_sample.organisation import ADOPTION, DISTRICTS, EXPLOITATION, MASH, SEND, TEAMS
from warehouse_sample.printed_figures import CIN, CLA, CP, Counts

_TURNOVER = {CIN: 0.078, CP: 0.108, CLA: 0.029}
"""Share of the open spells that starts anew in a month."""
_TEAM_TURNOVER = {(CIN, SEND): 0.05, (CIN, MASH): 0.3, (CIN, EXPLOITATION): 0.12, (CLA, SEND): 0.012}
_FREE_CHANGE = {CIN: 0.6, CP: 0.14, CLA: 0.02}
"""Share of a team that a month's starts and ends may add or take; more than that moves between teams."""
_SWAPS = {CIN: 2, CP: 3, CLA: 5}
_ADOPTIONS_A_MONTH = 6
_COUNTY_SERVICES = frozenset(TEAMS) - {*DISTRICTS, SEND}
"""Teams to which children in care come from another team, never from home."""


@dataclass(frozen=True)
class Flow:
    """Spells that start and end in each team, and moves as (from team, to team)."""

    starts: Counts
    ends: Counts
    moves: tuple[tuple[str, str], ...]


def monthly_flow(rng: Random, kind: str, before: Counts, after: Counts, forced_ends: Counts) -> Flow:
    """A believable flow with before + starts - ends + moves in - moves out = after for every team.

    `forced_ends` (people who turn 18) is each team's least number of ends.
    """
    moves = _moves(rng, kind, before, after, forced_ends)
    net = Counter(to for _, to in moves)
    net.subtract(Counter(team for team, _ in moves))
    starts: Counts = {}
    ends: Counts = {}
    for team in after:
        need = after[team] - before[team] - net[team]
        turnover = 0.0 if team == ADOPTION else _TEAM_TURNOVER.get((kind, team), _TURNOVER[kind])
        usual = turnover * before[team] * rng.uniform(0.8, 1.2)
        started = max(0, round(usual + need / 2))
        ended = started - need
        shortfall = max(0, forced_ends.get(team, 0) - ended)
        starts[team], ends[team] = started + shortfall, ended + shortfall
    return Flow(starts, ends, moves)


def _moves(
    rng: Random, kind: str, before: Counts, after: Counts, forced_ends: Counts
) -> tuple[tuple[str, str], ...]:
    givers: list[str] = []
    takers: list[str] = []
    for team in after:
        change = after[team] - before[team]
        free = round(_FREE_CHANGE[kind] * before[team]) + 2
        if kind == CLA and team in _COUNTY_SERVICES:
            change, free = change + forced_ends.get(team, 0), 0
        if team == ADOPTION:
            change, free = change + rng.randint(_ADOPTIONS_A_MONTH - 2, _ADOPTIONS_A_MONTH + 2), 0
        if change > free:
            takers += [team] * (change - free)
        elif -change > free:
            givers += [team] * (-change - free)
    weights = [before[team] for team in DISTRICTS]
    while len(givers) < len(takers):
        givers.append(rng.choices(DISTRICTS, weights)[0])
    while len(takers) < len(givers):
        takers.append(rng.choices(DISTRICTS, weights)[0])
    rng.shuffle(givers)
    givers.sort(key=lambda team: team not in DISTRICTS)
    takers.sort(key=lambda team: team != ADOPTION)
    pairs = list(zip(givers, takers, strict=True))
    for _ in range(_SWAPS[kind]):
        one, other = rng.sample(DISTRICTS, 2)
        pairs += [(one, other), (other, one)]
    return tuple((giver, taker) for giver, taker in pairs if giver != taker)
