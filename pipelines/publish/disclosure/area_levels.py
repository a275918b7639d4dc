"""The areas of an authority: which are the sum of which.

Belongs here: the localities and teams of an extract. Does not belong here: their figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.settings import NOT_ALLOCATED

AUTHORITY, LOCALITY, TEAM = "authority", "locality", "team"


class Area(NamedTuple):
    """An area below the authority."""

    area_type: str
    area_name: str


@dataclass(frozen=True)
class Level:
    """The areas of one kind, as positions; the authority is at 0.

    Each of `sums` is (areas, areas above): both have the same children.
    """

    areas: tuple[int, ...]
    sums: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def levels(areas: Mapping[Area, int], locality_of: Iterable[tuple[str, str]]) -> tuple[Level, ...]:
    """The levels below the authority: localities, and teams if there are any in `areas`.

    `areas` has the position of each area, `locality_of` pairs of a team and its locality. Two teams with the same
    name in two localities are one area: then only both localities together have the children of their teams.
    """
    localities = tuple(position for area, position in areas.items() if area.area_type == LOCALITY)
    teams = tuple(position for area, position in areas.items() if area.area_type == TEAM)
    known = set(locality_of)
    known |= {
        (area.area_name, NOT_ALLOCATED) for area in areas if area.area_name not in {team for team, _ in known}
    }
    sums: list[tuple[set[int], set[int]]] = [(set(), {position}) for position in localities]
    for name, locality in sorted(known):
        below, above = areas.get(Area(TEAM, name)), areas.get(Area(LOCALITY, locality))
        if below is None or above is None:
            continue
        joined = [own for own in sums if below in own[0] or above in own[1]]
        sums = [own for own in sums if own not in joined]
        sums.append(({below}.union(*(own[0] for own in joined)), {above}.union(*(own[1] for own in joined))))
    of_teams = tuple((tuple(sorted(below)), tuple(sorted(above))) for below, above in sums if below)
    return (Level(localities, ((localities, (0,)),)), *([Level(teams, of_teams)] if teams else []))
