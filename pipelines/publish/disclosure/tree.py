"""Which area is the sum of which: the authority of its localities, a locality of its teams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]

COST_OF_ZERO = 1e15
"""The cost of suppressing a 0, where that is possible at all: more than any count."""


@dataclass(frozen=True)
class Tree:
    """The areas of one authority as positions on the last axis of every array of counts.

    `groups` are the columns of the sums of leaves, `leaves` the columns of leaves, `group_of_leaf` the position in
    `groups` of the sum that a leaf belongs to. `root` is the column of the sum of all groups; None if there is one
    group only. Example: authority 0, localities 1 and 2, teams 3 and 4 of locality 1, team 5 of locality 2:
    root 0, groups [1, 2], leaves [3, 4, 5], group_of_leaf [0, 0, 1].
    """

    root: int | None
    groups: NDArray[np.intp]
    leaves: NDArray[np.intp]
    group_of_leaf: NDArray[np.intp]

    @property
    def membership(self) -> NDArray[np.float32]:
        """(leaf, group): 1 where the leaf belongs to the group."""
        members = np.zeros((len(self.leaves), len(self.groups)), np.float32)
        members[np.arange(len(self.leaves)), self.group_of_leaf] = 1
        return members


def joined_localities(
    localities_of_team: Mapping[str, Iterable[str]], localities: Iterable[str]
) -> dict[str, str]:
    """Each locality with the first name of those that it cannot be distinguished from.

    Two teams with the same name in two localities are one area in the figures: then only the sum of these
    localities is the sum of their teams.
    """
    first = {locality: locality for locality in localities}

    def first_of(locality: str) -> str:
        while first[locality] != locality:
            locality = first[locality]
        return locality

    for shared in localities_of_team.values():
        names = sorted({first_of(locality) for locality in shared})
        for name in names[1:]:
            first[name] = names[0]
    return {locality: first_of(locality) for locality in first}


def least_loss_first(counts: Counts, is_not_allocated: Bools) -> NDArray[np.float64]:
    """The cost of suppressing each cell: `Not allocated` first, then the smallest; infinite without a row."""
    cost = np.where(is_not_allocated, counts - COST_OF_ZERO / 10, counts).astype(np.float64)
    cost[counts < 0] = np.inf
    return cost
