"""Which further cells have to go so that no suppressed one can be worked out from a sum.

One count (an indicator's numerator, say) of one month is a table along a tree of areas: authority, localities,
teams. A suppressed cell is safe when the table can be filled in otherwise too: when it, and what makes up for it,
can go up or down by one along a closed walk through suppressed cells only. In a tree of two storeys there are few
such walks, and all are looked at:

* two teams of a locality, one up and one down;
* a team, its locality and the authority, all up or all down;
* a team and its locality up, another locality and one of its teams down.

So a cell found safe has at least two values, whatever else of the table is known. Belongs here: that walk, and
which cell is taken next. Does not belong here: what is small, and what an indicator is.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.publish.disclosure.tree import Bools, Counts, Tree

Room = Callable[[Bools], tuple[Bools, Bools]]
"""Given what is suppressed: whether each cell, taken by itself, could be less and could be more than it is."""

Widen = Callable[[Bools, Bools], tuple[Bools, Bools]]
"""Given cells that are held too tightly and what is suppressed: the cells of other tables that hold them and may
be suppressed as well, and which of the first have such a one."""


class UnprotectedWarning(UserWarning):
    """Suppressed cells can still be worked out, and nothing is left to hide them behind."""


USELESS = 1e18
"""More than any cell costs: one that cannot make up for anything is taken when there is no other."""


@dataclass(frozen=True)
class Table:
    """Counts along a tree, and what else is known of each cell.

    All arrays end in the axis of the tree's areas; the axes before it are tables of their own.
    """

    tree: Tree
    counts: Counts
    cost: NDArray[np.float64]
    """What it takes to suppress a cell; infinite where it may not be."""
    room: Room
    widen: Widen | None = None


def protect(table: Table, hidden: Bools) -> Bools:
    """What is suppressed already, and what has to be suppressed beside it.

    Of the cells that may be added those go first that can make up for the cell given away, of these the one of
    least cost, at equal cost the first one. Where that does not do, the whole table goes. Where even then a cell
    is given away, by what other tables tell, that is warned of.
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
    """The suppressed cells that have one possible value only."""
    return _Walks.of(tree, counts, hidden, down_and_up).unsafe


@dataclass(frozen=True)
class _Walks:
    """Where the cells of a table can go; `down` and `up` also for cells that are shown, were they not."""

    unsafe: Bools
    hidden: Bools
    down: Bools
    up: Bools
    group_can_move: Bools
    """Its own cell is suppressed and can, and one of its leaves with it."""

    @classmethod
    def of(cls, tree: Tree, counts: Counts, hidden: Bools, down_and_up: tuple[Bools, Bools]) -> "_Walks":
        could_fall, could_rise = down_and_up
        down, up = hidden & could_fall, hidden & could_rise
        free = np.zeros_like(hidden)
        leaves, groups, of = tree.leaves, tree.groups, tree.group_of_leaf
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
            (leaf_up & (falling[..., of] - leaf_down > 0))
            | (leaf_down & (rising[..., of] - leaf_up > 0))
            | (leaf_up & (up[..., groups] & rise_is_met)[..., of])
            | (leaf_down & (down[..., groups] & fall_is_met)[..., of])
        )
        return cls(hidden & ~free, hidden, could_fall, could_rise, group_up | group_down)

    def is_unmet(self, tree: Tree, cost: NDArray[np.float64]) -> Bools:
        """The unsafe cells that cannot go anywhere themselves, or that no cell of their sum can make up for."""
        unmet = self.unsafe & ~self.down & ~self.up
        for place, _ in enumerate(tree.groups):
            leaves = tree.leaves[tree.group_of_leaf == place]
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
    """One cell more for every sum that gives a suppressed cell away."""
    chosen = np.zeros_like(bad)
    asks_above, is_opening = np.zeros(bad.shape[:-1], np.bool_), np.zeros(bad.shape[:-1], np.bool_)
    rising, falling = bad & walks.up, bad & walks.down
    for place, group in enumerate(tree.groups):
        leaves = tree.leaves[tree.group_of_leaf == place]
        is_hidden, can_move = walks.hidden[..., group], walks.group_can_move[..., place]
        leaf_is_bad = bad[..., leaves].any(-1)
        wants_leaf = np.where(
            is_hidden, (bad[..., group] & ~can_move) | (leaf_is_bad & ~bad[..., group]), leaf_is_bad
        )
        # a leaf goes with its group, and against another leaf
        helps = walks.helps(leaves, rising[..., leaves], falling[..., leaves]) | walks.helps(
            leaves, falling[..., [group]], rising[..., [group]]
        )
        found = _take_cheapest(chosen, leaves, cost, wants_leaf, helps)
        without = wants_leaf & ~found
        chosen[..., group] |= without & ~is_hidden & np.isfinite(cost[..., group])
        asks_above |= is_hidden & (without | (bad[..., group] & can_move))
        is_opening |= is_hidden & found
    if tree.root is not None:
        # a group that is getting its first leaf may do: wait for it
        asks_above = (asks_above | bad[..., tree.root]) & ~is_opening
        helps = walks.helps(tree.groups, rising[..., tree.groups], falling[..., tree.groups])
        found = _take_cheapest(chosen, tree.groups, cost, asks_above, helps)
        chosen[..., tree.root] |= asks_above & ~found & np.isfinite(cost[..., tree.root])
    return chosen


def one_more(tree: Tree, bad: Bools, cost: NDArray[np.float64]) -> Bools:
    """The cheapest cell more in every sum of a bad one, whatever it can make up for."""
    chosen = np.zeros_like(bad)
    asks_above = np.zeros(bad.shape[:-1], np.bool_)
    any_will_do = np.ones_like(bad)
    for place, group in enumerate(tree.groups):
        leaves = tree.leaves[tree.group_of_leaf == place]
        where: Bools = np.asarray(bad[..., leaves].any(-1))
        without = where & ~_take_cheapest(chosen, leaves, cost, where, any_will_do[..., leaves])
        can_go = np.isfinite(cost[..., group])
        chosen[..., group] |= without & can_go
        asks_above |= bad[..., group] | (without & ~can_go)
    if tree.root is not None:
        found = _take_cheapest(chosen, tree.groups, cost, asks_above, any_will_do[..., tree.groups])
        chosen[..., tree.root] |= asks_above & ~found & np.isfinite(cost[..., tree.root])
    return chosen


def _take_cheapest(
    chosen: Bools, columns: NDArray[np.intp], cost: NDArray[np.float64], where: Bools, helps: Bools
) -> Bools:
    """Marks the cheapest of the columns that help in every table of `where`; returns where there was one."""
    if not len(columns):
        return np.zeros_like(where)
    costs = cost[..., columns] + np.where(helps, 0, USELESS)
    cheapest = costs.argmin(-1)[..., None]
    found = where & np.isfinite(np.take_along_axis(costs, cheapest, -1)[..., 0])
    marked = np.zeros_like(costs, np.bool_)
    np.put_along_axis(marked, cheapest, found[..., None], -1)
    chosen[..., columns] |= marked
    return found
