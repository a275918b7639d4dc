"""Secondary suppression: which further cells are suppressed so that no small one follows from a sum.

One count (say, an indicator's numerator) of one month is a table along a tree of areas: authority, localities,
teams. A suppressed cell is safe if the table can be filled in another way: if the cell and other suppressed cells
that make up for it can change by one together. A tree of two levels allows few such walks, and all are tried:

* two teams of a locality, one up and one down;
* a team, its locality and the authority, all up or all down;
* a team and its locality up, another locality and one of its teams down.

So a safe cell has at least two possible values, whatever else of the table is known. Belongs here: that walk, and
which cell is suppressed next. Does not belong here: what is small, and what an indicator is.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.publish.disclosure.tree import Bools, Counts, Tree

Room = Callable[[Bools], tuple[Bools, Bools]]
"""Given the suppressed cells: whether each cell, by itself, could be lower, and whether it could be higher."""

Widen = Callable[[Bools, Bools], tuple[Bools, Bools]]
"""Given cells that cannot change and the suppressed cells: cells of other tables whose suppression would let them
change, and which of the given cells have such a cell."""


class UnprotectedWarning(UserWarning):
    """A reader can still work out suppressed cells, and there is no further cell to suppress."""


USELESS = 1e18
"""More than any cell costs: a cell that cannot make up for another goes only if there is no better one."""


@dataclass(frozen=True)
class CountTable:
    """Counts along a tree, and what else is known of each cell.

    The last axis of all arrays has the areas of the tree; each position on the axes before it is its own table.
    """

    tree: Tree
    counts: Counts
    cost: NDArray[np.float64]
    """The cost of suppressing a cell; infinite where it must be shown."""
    room: Room
    widen: Widen | None = None


def protect(table: CountTable, hidden: Bools) -> Bools:
    """The suppressed cells with their secondary cells.

    Of the cells that can make up for an unsafe one, the one with the least cost is added; at equal cost the first.
    If that is not enough, the whole table is suppressed. If a cell is unsafe even then, because of other tables, a
    warning says so.
    """
    hidden = hidden.copy()
    tree, widen = table.tree, table.widen
    while True:
        walks = _Walks.of(tree, table.counts, hidden, table.room(hidden))
        bad = walks.unsafe
        if not bad.any():
            return hidden
        left = np.where(hidden, np.inf, table.cost)
        eased, is_eased = np.zeros_like(bad), np.zeros_like(bad)
        if widen:
            eased, is_eased = widen(bad & walks.is_unmet(tree, left), hidden)
        chosen = _next_cells(tree, walks, bad & ~is_eased, left) | (eased & ~hidden)
        if not chosen.any():
            chosen = (bad & (walks.down | walks.up)).any(-1, keepdims=True) & np.isfinite(left)
            if not chosen.any():
                text = f"disclosure: suppressed cells that can still be worked out: {int(bad.sum())}"
                warnings.warn(text, UnprotectedWarning, stacklevel=2)
                return hidden
        hidden |= chosen


def unsafe(tree: Tree, counts: Counts, hidden: Bools, down_and_up: tuple[Bools, Bools]) -> Bools:
    """The suppressed cells that have only one possible value."""
    return _Walks.of(tree, counts, hidden, down_and_up).unsafe


@dataclass(frozen=True)
class _Walks:
    """Which cells of a table can change; `down` and `up` also for shown cells, as if they were suppressed."""

    unsafe: Bools
    hidden: Bools
    down: Bools
    up: Bools
    group_can_move: Bools
    """The cell of the group is suppressed and can change together with one of its leaves."""

    @classmethod
    def of(cls, tree: Tree, counts: Counts, hidden: Bools, down_and_up: tuple[Bools, Bools]) -> "_Walks":
        could_fall, could_rise = down_and_up
        down, up = hidden & could_fall, hidden & could_rise
        free = np.zeros_like(hidden)
        leaves, groups, group_of_leaf = tree.leaves, tree.groups, tree.group_of_leaf
        leaf_down, leaf_up = down[..., leaves], up[..., leaves]
        falling, rising = leaf_down @ tree.membership, leaf_up @ tree.membership
        group_down, group_up = down[..., groups] & (falling > 0), up[..., groups] & (rising > 0)
        if tree.root is None:
            rise_is_met = fall_is_met = np.ones_like(group_down)
        else:
            root = [tree.root]
            root_down, root_up = down[..., root], up[..., root]
            rise_is_met = root_up | (group_down.sum(-1, keepdims=True) - group_down > 0)
            fall_is_met = root_down | (group_up.sum(-1, keepdims=True) - group_up > 0)
            has_parts = (counts[..., groups] > 0).any(-1, keepdims=True)
            free[..., root] = np.where(
                has_parts,
                (root_down & group_down.any(-1, keepdims=True)) | (root_up & group_up.any(-1, keepdims=True)),
                root_down | root_up,
            )
        free[..., groups] = (group_up & rise_is_met) | (group_down & fall_is_met)
        free[..., leaves] = (
            (leaf_up & (falling[..., group_of_leaf] - leaf_down > 0))
            | (leaf_down & (rising[..., group_of_leaf] - leaf_up > 0))
            | (leaf_up & (up[..., groups] & rise_is_met)[..., group_of_leaf])
            | (leaf_down & (down[..., groups] & fall_is_met)[..., group_of_leaf])
        )
        return cls(hidden & ~free, hidden, could_fall, could_rise, group_up | group_down)

    def is_unmet(self, tree: Tree, cost: NDArray[np.float64]) -> Bools:
        """The unsafe cells that cannot change themselves, or that no cell of their sum can make up for."""
        unmet = self.unsafe & ~self.down & ~self.up
        for position, _ in enumerate(tree.groups):
            leaves = tree.leaves[tree.group_of_leaf == position]
            bad = self.unsafe[..., leaves]
            helps = self.helps(leaves, bad & self.up[..., leaves], bad & self.down[..., leaves])
            unmet[..., leaves] |= bad & ~(helps & np.isfinite(cost[..., leaves])).any(-1, keepdims=True)
        return unmet

    def helps(self, columns: NDArray[np.intp], rising: Bools, falling: Bools) -> Bools:
        """Which of the columns can fall where one rises, or rise where one falls."""
        return (self.down[..., columns] & rising.any(-1, keepdims=True)) | (
            self.up[..., columns] & falling.any(-1, keepdims=True)
        )


def _next_cells(tree: Tree, walks: _Walks, bad: Bools, cost: NDArray[np.float64]) -> Bools:
    """One further cell for every sum with an unsafe cell."""
    chosen = np.zeros_like(bad)
    asks_above, is_opening = np.zeros(bad.shape[:-1], np.bool_), np.zeros(bad.shape[:-1], np.bool_)
    rising, falling = bad & walks.up, bad & walks.down
    for position, group in enumerate(tree.groups):
        leaves = tree.leaves[tree.group_of_leaf == position]
        is_hidden, can_move = walks.hidden[..., group], walks.group_can_move[..., position]
        leaf_is_bad = bad[..., leaves].any(-1)
        wants_leaf = np.where(
            is_hidden, (bad[..., group] & ~can_move) | (leaf_is_bad & ~bad[..., group]), leaf_is_bad
        )
        # a leaf moves with its group, and against another leaf
        helps = walks.helps(leaves, rising[..., leaves], falling[..., leaves]) | walks.helps(
            leaves, falling[..., [group]], rising[..., [group]]
        )
        has_cell = _take_cheapest(chosen, leaves, cost, wants_leaf, helps)
        without = wants_leaf & ~has_cell
        chosen[..., group] |= without & ~is_hidden & np.isfinite(cost[..., group])
        asks_above |= is_hidden & (without | (bad[..., group] & can_move))
        is_opening |= is_hidden & has_cell
    if tree.root is not None:
        # a group whose first leaf has just been added may be enough: wait for the next round
        asks_above = (asks_above | bad[..., tree.root]) & ~is_opening
        helps = walks.helps(tree.groups, rising[..., tree.groups], falling[..., tree.groups])
        has_cell = _take_cheapest(chosen, tree.groups, cost, asks_above, helps)
        chosen[..., tree.root] |= asks_above & ~has_cell & np.isfinite(cost[..., tree.root])
    return chosen


def one_more(tree: Tree, bad: Bools, cost: NDArray[np.float64]) -> Bools:
    """The cheapest further cell in every sum of an unsafe cell, whether or not it can make up for it."""
    chosen = np.zeros_like(bad)
    asks_above = np.zeros(bad.shape[:-1], np.bool_)
    any_will_do = np.ones_like(bad)
    for position, group in enumerate(tree.groups):
        leaves = tree.leaves[tree.group_of_leaf == position]
        where: Bools = np.asarray(bad[..., leaves].any(-1))
        without = where & ~_take_cheapest(chosen, leaves, cost, where, any_will_do[..., leaves])
        can_go = np.isfinite(cost[..., group])
        chosen[..., group] |= without & can_go
        asks_above |= bad[..., group] | (without & ~can_go)
    if tree.root is not None:
        has_cell = _take_cheapest(chosen, tree.groups, cost, asks_above, any_will_do[..., tree.groups])
        chosen[..., tree.root] |= asks_above & ~has_cell & np.isfinite(cost[..., tree.root])
    return chosen


def _take_cheapest(
    chosen: Bools, columns: NDArray[np.intp], cost: NDArray[np.float64], where: Bools, helps: Bools
) -> Bools:
    """Adds the cheapest helping column to `chosen` in every table of `where`; returns where there was one."""
    if not len(columns):
        return np.zeros_like(where)
    costs = cost[..., columns] + np.where(helps, 0, USELESS)
    cheapest = costs.argmin(-1)[..., None]
    has_cell = where & np.isfinite(np.take_along_axis(costs, cheapest, -1)[..., 0])
    marked = np.zeros_like(costs, np.bool_)
    np.put_along_axis(marked, cheapest, has_cell[..., None], -1)
    chosen[..., columns] |= marked
    return has_cell
