"""Which area is the sum of which: the authority of its localities, a locality of its teams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]

NOT_ALLOCATED = "Not allocated"
NOBODY = 1e15
"""The cost of a cell of nobody, where it may be suppressed at all: more than any count."""


@dataclass(frozen=True)
class Tree:
    """The areas of one authority as positions on the last axis of every array of counts.

    `groups` are the columns that hold groups of leaves, `leaves` the columns of leaves, and `group_of_leaf` the
    place in `groups` that a leaf adds up into. `root` is the column that the groups add up into; None where there
    is only one group and nothing above it.
    """

    root: int | None
    groups: NDArray[np.intp]
    leaves: NDArray[np.intp]
    group_of_leaf: NDArray[np.intp]

    @property
    def membership(self) -> NDArray[np.float32]:
        """One row a leaf, one column a group: 1 where the leaf is of the group."""
        members = np.zeros((len(self.leaves), len(self.groups)), np.float32)
        members[np.arange(len(self.leaves)), self.group_of_leaf] = 1
        return members


def joined_localities(
    localities_of_team: Mapping[str, Iterable[str]], localities: Iterable[str]
) -> dict[str, str]:
    """Each locality with the first name of those it cannot be told from.

    Two teams of one name in two localities are one area in the figures: then only the sum of these localities is
    the
    sum of their teams.
    """
    first = {locality: locality for locality in localities}

    def found(locality: str) -> str:
        while first[locality] != locality:
            locality = first[locality]
        return locality

    for shared in localities_of_team.values():
        names = sorted({found(locality) for locality in shared})
        for name in names[1:]:
            first[name] = names[0]
    return {locality: found(locality) for locality in first}


def least_loss_first(counts: Counts, is_not_allocated: Bools) -> NDArray[np.float64]:
    """What it costs to suppress a cell: what no team answers for goes first, then the smallest count; no row,
    never."""
    cost = np.where(is_not_allocated, counts - NOBODY / 10, counts).astype(np.float64)
    cost[counts < 0] = np.inf
    return cost
