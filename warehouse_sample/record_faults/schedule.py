"""How many faults of a rule are planted, in which teams, and which drops show them.

Belongs here: rates. Does not belong here: what a fault looks like.
"""

from dataclasses import dataclass

from warehouse_sample.timeline import DROPS, NEVER

FAULTS_BY_TEAM = {
    "Preston": 3,
    "Pendle": 2,
    "SEND": 2,
    "Lancaster": 1,
    "West Lancashire": 1,
    "Burnley": 1,
}
"""Faults of every rule, by the team of the child's case worker: some teams record worse than others, many well."""
_LATE_EVERY, _PUT_RIGHT_EVERY = 4, 5


@dataclass(frozen=True)
class Place:
    """Where and when a fault is: the team, the first drop that shows it, the first without it."""

    team: str
    since: int
    until: int


def places_of(rule_number: int) -> list[Place]:
    """Where the faults of a rule are. The first is in every drop; some begin later, some are corrected."""
    teams = [team for team, count in FAULTS_BY_TEAM.items() for _ in range(count)]
    return [_place(team, number, rule_number) for number, team in enumerate(teams)]


def _place(team: str, number: int, rule_number: int) -> Place:
    since, until = 0, NEVER
    if number % _LATE_EVERY == _LATE_EVERY - 1:
        since = 1 + (rule_number + number) % (len(DROPS) - 1)
    if number % _PUT_RIGHT_EVERY == _PUT_RIGHT_EVERY - 1:
        until = since + 1 + (rule_number + number) % 6
    return Place(team, since, min(until, NEVER))
