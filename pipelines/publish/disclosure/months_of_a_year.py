"""What the months around a suppressed one reveal, where a count only grows from April to March.

Belongs here: the nearest shown month before and after, and which months are suppressed together. Does not belong
here: which counts grow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.publish.disclosure.secondary_cells import CountTable, Room, one_more, protect, unsafe
from pipelines.publish.disclosure.tree import Bools, Counts, Tree

NO_LIMIT = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Growing:
    """Counts by month; arrays are (count, month, area).

    `begins_year` (month): whether counts start again from 0. `adds_up` (count): whether a count grows at all.
    `others`: what is in the denominator but not in the count; they grow as well.
    """

    begins_year: Bools
    adds_up: Bools
    counts: Counts
    others: Counts | None

    def only_growing(self) -> "Growing":
        """The counts that grow, without the others."""
        grows = self.adds_up
        others = None if self.others is None else self.others[grows]
        return Growing(self.begins_year, np.ones(grows.sum(), np.bool_), self.counts[grows], others)

    def room_among_shown(self, down: Bools, up: Bools, hidden: Bools) -> tuple[Bools, Bools]:
        """Which cells could still be lower and higher, given the shown months before and after."""
        down = down & (self.counts > self._latest_shown(self.counts, hidden))
        up = up & (self.counts < self._next_shown(self.counts, hidden))
        if self.others is not None:
            down &= self.others < self._next_shown(self.others, hidden)
            up &= self.others > self._latest_shown(self.others, hidden)
        return down, up

    def stuck(self, tree: Tree, down: Bools, up: Bools, hidden: Bools) -> Bools:
        """The suppressed cells that cannot change in any run of months while all other months stay as they are."""
        first, last = self._runs()
        before = np.zeros_like(hidden[:, :1], np.int64)

        def throughout(what: Bools) -> Bools:
            total = np.concatenate([before, what.cumsum(1)], 1)
            lasted: Bools = total[:, last + 1] - total[:, first] == (last - first + 1)[None, :, None]
            return lasted

        falls, rises = throughout(down), throughout(up)
        grown, grows = self._grown(self.counts)
        falls &= grown[:, first]
        rises &= grows[:, last]
        if self.others is not None:
            others_grown, others_grow = self._grown(self.others)
            falls &= others_grow[:, last]
            rises &= others_grown[:, first]
        is_hidden = throughout(hidden)
        free = is_hidden & ~unsafe(tree, self.counts[:, last], is_hidden, (falls, rises))
        is_stuck = hidden.copy()
        for month in range(hidden.shape[1]):
            is_stuck[:, month] &= ~free[:, (first <= month) & (month <= last)].any(1)
        return is_stuck

    def tied(self, tree: Tree, hidden: Bools) -> Bools:
        """The suppressed cells of sums whose suppressed cells together did not grow since the month before, or
        until the month after."""
        tied = np.zeros_like(hidden)
        for counts in (self.counts,) if self.others is None else (self.counts, self.others):
            growth = np.diff(np.maximum(counts, 0), axis=1)
            either = hidden[:, 1:] | hidden[:, :-1]
            open_growth = np.where(either, growth, 0)
            of_leaves = open_growth[..., tree.leaves] @ tree.membership
            still = np.zeros_like(either)
            still[..., tree.leaves] = (of_leaves == 0)[..., tree.group_of_leaf]
            if tree.root is not None:
                still[..., tree.groups] = open_growth[..., tree.groups].sum(-1, keepdims=True) == 0
            still &= ~self.begins_year[1:, None]
            tied[:, 1:] |= still
            tied[:, :-1] |= still
        return tied & hidden

    def _runs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """First and last month of every run of months within a year."""
        year = self.begins_year.cumsum()
        runs = [
            (first, last)
            for first in range(len(year))
            for last in range(first, len(year))
            if year[first] == year[last]
        ]
        return np.array([run[0] for run in runs]), np.array([run[1] for run in runs])

    def _grown(self, counts: Counts) -> tuple[Bools, Bools]:
        """Whether each month has more than the one before, and less than the one after; true at a year's ends."""
        there = np.maximum(counts, 0)
        grown, grows = np.ones_like(counts, np.bool_), np.ones_like(counts, np.bool_)
        # a month without a row for the whole authority is not known
        follow = ~self.begins_year[1:, None] & (self.counts[:, :-1, :1] >= 0) & (self.counts[:, 1:, :1] >= 0)
        more = (there[:, 1:] > there[:, :-1]) | ~follow
        grown[:, 1:], grows[:, :-1] = more, more
        grown[~self.adds_up], grows[~self.adds_up] = True, True
        return grown, grows

    def _latest_shown(self, counts: Counts, hidden: Bools) -> Counts:
        """The last shown figure of the same year before each month; 0 if there is none."""
        latest = np.zeros_like(counts)
        so_far = np.zeros_like(counts[:, 0])
        for month in range(counts.shape[1]):
            if self.begins_year[month]:
                so_far = np.zeros_like(so_far)
            latest[:, month] = so_far
            so_far = np.where((counts[:, month] >= 0) & ~hidden[:, month], counts[:, month], so_far)
        latest[~self.adds_up] = 0
        return latest

    def _next_shown(self, counts: Counts, hidden: Bools) -> Counts:
        """The first shown figure of the same year after each month; NO_LIMIT if there is none."""
        following = np.full_like(counts, NO_LIMIT)
        to_come = np.full_like(counts[:, 0], NO_LIMIT)
        for month in reversed(range(counts.shape[1])):
            following[:, month] = to_come
            to_come = np.where((counts[:, month] >= 0) & ~hidden[:, month], counts[:, month], to_come)
            if self.begins_year[month]:
                to_come = np.full_like(to_come, NO_LIMIT)
        following[~self.adds_up] = NO_LIMIT
        return following


def protect_in_time(
    tree: Tree, growing: Growing, room_alone: Room, cost: NDArray[np.float64], hidden: Bools
) -> Bools:
    """`protect` for counts of which some grow month by month: the tables of their months limit each other.

    `room_alone` says what could be lower or higher, apart from the months around. If shown months leave a cell no
    room, one of them is suppressed, too. If the suppressed cells of a sum did not grow from one month to the next,
    each of them is what it was: then the same cells are suppressed in both months; if they are already, one more.
    """

    def room(taken: Bools) -> tuple[Bools, Bools]:
        return growing.room_among_shown(*room_alone(taken), taken)

    def widen(held: Bools, taken: Bools) -> tuple[Bools, Bools]:
        held = held & growing.adds_up[:, None, None]
        return shown_around(held, taken | np.isinf(cost), growing.begins_year)

    table = CountTable(tree, growing.counts, cost, room, widen)
    while True:
        hidden = protect(table, hidden)
        stuck = np.zeros_like(hidden)
        down, up = room_alone(hidden)
        grows = growing.adds_up
        stuck[grows] = growing.only_growing().stuck(tree, down[grows], up[grows], hidden[grows])
        if growing.others is None:
            # a denominator moves with either of its parts: it is unsafe only where nothing of its sum grew
            stuck &= growing.tied(tree, hidden)
        if not stuck.any():
            return hidden
        left = np.where(hidden, np.inf, cost)
        wider = hidden | one_more(tree, stuck, np.where(np.arange(left.shape[-1]) == tree.root, np.inf, left))
        if (wider == hidden).all():
            wider = hidden | (_alike(np.asarray(stuck.any(-1)), hidden, growing.begins_year) & np.isfinite(cost))
        if (wider == hidden).all():
            wider = hidden | one_more(tree, stuck, left)
        if (wider == hidden).all():
            return hidden
        hidden = wider


def _alike(tables: Bools, hidden: Bools, begins_year: Bools) -> Bools:
    """The cells suppressed in each table (count, month), also in the nearest month that shows some of them."""
    wider = hidden.copy()
    year = begins_year.cumsum()
    for count, month in zip(*np.nonzero(tables), strict=True):
        own = hidden[count, month]
        others = [at for at in np.flatnonzero(year == year[month]) if (own & ~hidden[count, at]).any()]
        if others:
            closest = min(others, key=lambda at: (abs(at - month), at < month))
            wider[count, closest] |= own
            wider[count, month] |= hidden[count, closest]
    return wider


def shown_around(held: Bools, out_of_reach: Bools, begins_year: Bools) -> tuple[Bools, Bools]:
    """For each cell of `held` the first later month of its year that can still be suppressed, or the last earlier.

    Returns these cells, and which cells of `held` have such a month.
    """
    nearest = np.zeros_like(held)
    has_later = _carry(held, out_of_reach, begins_year, nearest, forward=True)
    has_earlier = _carry(held & ~has_later, out_of_reach, begins_year, nearest, forward=False)
    return nearest, has_later | has_earlier


def _carry(held: Bools, out_of_reach: Bools, begins_year: Bools, nearest: Bools, forward: bool) -> Bools:
    """Adds the nearest month in reach on one side of each cell to `nearest`; returns which cells have one."""
    months = held.shape[1]
    towards = range(months) if forward else range(months - 1, -1, -1)
    wanted = np.zeros_like(held[:, 0])
    for month in towards:
        if forward and begins_year[month]:
            wanted = np.zeros_like(wanted)
        nearest[:, month] |= wanted & ~out_of_reach[:, month]
        wanted = (wanted & out_of_reach[:, month]) | held[:, month]
        if not forward and begins_year[month]:
            wanted = np.zeros_like(wanted)
    has_one = np.zeros_like(held)
    in_reach = np.zeros_like(held[:, 0])
    for month in reversed(towards):
        if not forward and begins_year[month]:
            in_reach = np.zeros_like(in_reach)
        has_one[:, month] = held[:, month] & in_reach
        in_reach = in_reach | ~out_of_reach[:, month]
        if forward and begins_year[month]:
            in_reach = np.zeros_like(in_reach)
    return has_one
