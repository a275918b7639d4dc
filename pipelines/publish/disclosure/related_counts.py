"""Counts that are published more than once, and counts that follow from published ones.

Belongs here: what anybody can conclude from the relations in the register, as sums and differences of counts.
Does not belong here: figures, and what is suppressed because of them.
"""

from dataclasses import dataclass
from functools import cache

from pipelines.dictionary.indicator_relations import Part, Relation, relations


@dataclass(frozen=True)
class Remainder:
    """The children of `whole` who are in none of `parts`: not published, but one subtraction away.

    Where it is small, `suppressed_part` is suppressed so that the subtraction cannot be made. `leader` is a count
    that takes `suppressed_part` along where it is suppressed itself: the whole of a single part.
    """

    whole: Part
    parts: tuple[Part, ...]
    suppressed_part: Part
    leader: Part | None


@dataclass(frozen=True)
class RelatedCounts:
    """All relations between counts. `equal`: groups of the same count in several tables."""

    equal: tuple[tuple[Part, ...], ...]
    remainders: tuple[Remainder, ...]


@cache
def related_counts() -> RelatedCounts:
    """The relations of the register, in its order."""
    return RelatedCounts(_equal(relations()), _remainders(relations()))


def _equal(rows: tuple[Relation, ...]) -> tuple[tuple[Part, ...], ...]:
    groups: dict[Part, list[Part]] = {}
    for row in rows:
        if row.relation == "equals":
            first, second = groups.get(row.other, [row.other]), groups.get(row.count, [row.count])
            joined = [*first, *(part for part in second if part not in first)]
            groups |= dict.fromkeys(joined, joined)
    return tuple(dict.fromkeys(tuple(group) for group in groups.values()))


def _remainders(rows: tuple[Relation, ...]) -> tuple[Remainder, ...]:
    groups: dict[object, list[Relation]] = {}
    for row in rows:
        if row.relation == "part of":
            # a part without a group is a remainder of its own
            groups.setdefault(row.parts_group or (row.other, row.count), []).append(row)
    return tuple(_remainder(members) for members in groups.values())


def _remainder(members: list[Relation]) -> Remainder:
    whole = members[0].other
    parts = tuple(member.count for member in members)
    return Remainder(whole, parts, parts[-1], whole if len(parts) == 1 else None)
