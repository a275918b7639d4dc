"""Counts that are published more than once, and counts that follow from published ones.

Belongs here: what anybody can conclude from the relations in the register, as sums and differences of counts.
Does not belong here: figures, and what is suppressed because of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipelines.dictionary.indicator_relations import Part, Relation, relations


@dataclass(frozen=True)
class Remainder:
    """The children of `whole` who are in none of `parts`: not published, but one subtraction away.

    Where it is small, `suppressed_part` is suppressed so that the subtraction cannot be made. `leader` is a count
    that takes `suppressed_part` along where it is suppressed itself: if it is the whole, everywhere; if it is
    another part, only where the remainder is 0.
    """

    whole: Part
    parts: tuple[Part, ...]
    suppressed_part: Part
    leader: Part | None


@dataclass(frozen=True)
class RelatedCounts:
    """All relations between counts.

    `equal`: groups of the same count in several tables. `sums`: a count and those that it is the sum of.
    """

    equal: tuple[tuple[Part, ...], ...]
    sums: Mapping[Part, tuple[Part, ...]]
    remainders: tuple[Remainder, ...]


@cache
def related_counts() -> RelatedCounts:
    """The relations of the register, in its order."""
    return RelatedCounts(_equal(relations()), _sums(relations()), _remainders(relations()))


def _equal(rows: tuple[Relation, ...]) -> tuple[tuple[Part, ...], ...]:
    groups: dict[Part, list[Part]] = {}
    for row in rows:
        if row.relation == "equals":
            first, second = groups.get(row.other, [row.other]), groups.get(row.count, [row.count])
            joined = [*first, *(part for part in second if part not in first)]
            groups |= dict.fromkeys(joined, joined)
    return tuple(dict.fromkeys(tuple(group) for group in groups.values()))


def _sums(rows: tuple[Relation, ...]) -> dict[Part, tuple[Part, ...]]:
    sums: dict[Part, tuple[Part, ...]] = {}
    for row in rows:
        if row.relation == "sum of":
            sums[row.count] = (*sums.get(row.count, ()), row.other)
    return sums


def _remainders(rows: tuple[Relation, ...]) -> tuple[Remainder, ...]:
    groups: dict[object, list[Relation]] = {}
    for row in rows:
        if row.relation == "part of":
            # a part without a group is a remainder of its own
            groups.setdefault(row.parts_group or (row.other, row.count), []).append(row)
    return tuple(_remainder(members) for members in groups.values())


def _remainder(members: list[Relation]) -> Remainder:
    whole = members[0].other
    if len(members) == 1:
        return Remainder(whole, (members[0].count,), members[0].count, whole)
    of_role = {member.role: member.count for member in members}
    return Remainder(whole, tuple(member.count for member in members), of_role["suppressed"], of_role.get("leads"))
