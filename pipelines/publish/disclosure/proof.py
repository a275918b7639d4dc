"""The proof that a suppressed number has another possible value: another way to fill in all tables.

Some counts of one extract are raised or lowered by one together, for example a denominator with its numerator:
along a walk through the areas (`secondary_cells`), and in a run of months if counts of a year only grow. If no
shown number and no definition forbids it, every number on the walk has two values. Belongs here: what follows
from the definitions, and the search. Does not belong here: which counts are suppressed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from pipelines.publish.disclosure.secondary_cells import unsafe
from pipelines.publish.disclosure.tree import Bools, Counts, Tree

MOST_TOGETHER = 2
"""The most counts that are moved together; no longer chain of counts that limit each other has occurred."""

Sum = Mapping[int, int]
"""Positions of counts, each with its factor: {4: 1, 7: -1} is count 4 less count 7."""


@dataclass(frozen=True)
class Bound:
    """A sum of counts that a reader knows to be at least `least` (month, area)."""

    sum: Sum
    least: Counts | int


@dataclass(frozen=True)
class Published:
    """All counts of an extract; arrays are (count, month, area).

    `counts` is -1 without a row. A sum of `bounds` grows if its counts do: a year's counts are those of its
    months. `equal` are sums that are always 0.
    """

    tree: Tree
    counts: Counts
    hidden: Bools
    bounds: Sequence[Bound]
    equal: Sequence[Sum]
    adds_up: Bools
    begins_year: Bools


def unproven(published: Published, asked: Sequence[tuple[Sum, Bools]]) -> list[Bools]:
    """Of each asked sum and its cells (month, area), the cells for which no other value is found."""
    in_tree = np.zeros(published.counts.shape[-1], np.bool_)
    in_tree[[*published.tree.groups, *published.tree.leaves]] = True
    if published.tree.root is not None:
        in_tree[published.tree.root] = True
    left = [cells & in_tree for _, cells in asked]
    search = _Search(published)
    for size in range(1, MOST_TOGETHER + 1):
        open_ones = [position for position, cells in enumerate(left) if cells.any()]
        if not open_ones:
            break
        for moved in _moves(published, [asked[position][0] for position in open_ones], size):
            concerned = [position for position in open_ones if _total(asked[position][0], moved)]
            where = np.logical_or.reduce([left[position] for position in concerned])
            if where.any():
                free = search.free(moved, where)
                for position in concerned:
                    left[position] = left[position] & ~free
    return left


def _total(sum_: Sum, moved: Sum) -> int:
    return sum(factor * moved.get(position, 0) for position, factor in sum_.items())


def _moves(published: Published, asked: Sequence[Sum], size: int) -> Iterator[dict[int, int]]:
    """`size` related counts that can be moved together, each by one up or down."""
    moving: Bools = np.asarray(published.hidden.any((1, 2)))
    links = hanging_together(len(published.counts), [*(bound.sum for bound in published.bounds), *published.equal])
    seen = set()
    for start in sorted({position for sum_ in asked for position in sum_ if moving[position]}):
        near = sorted(other for other in links[start] if moving[other] and other != start)
        for others in combinations(near, size - 1):
            if (members := frozenset((start, *others))) in seen:
                continue
            seen.add(members)
            if len(set(published.adds_up[list(members)])) > 1:
                continue
            first, *rest = sorted(members)
            for signs in product((1, -1), repeat=len(rest)):
                moved = {first: 1, **dict(zip(rest, signs, strict=True))}
                if not any(_total(sum_, moved) for sum_ in published.equal):
                    yield moved


def is_there(counts: Counts) -> Bools:
    """The months (month) in which any of the counts has a figure."""
    there: Bools = np.asarray((counts >= 0).any((0, 2)))
    return there


def hanging_together(count: int, sums: Sequence[Sum]) -> list[set[int]]:
    """The counts related to each count, over any number of steps."""
    linked = [{position} for position in range(count)]
    for sum_ in sums:
        together: set[int] = set().union(*(linked[position] for position in sum_))
        for position in together:
            linked[position] = together
    return linked


class _Search:
    """The walks of one extract."""

    def __init__(self, published: Published):
        self.published = published
        year = published.begins_year.cumsum()
        months = range(len(year))
        runs = [(a, b) for a in months for b in range(a, len(year)) if year[a] == year[b]]
        self.first, self.last = (np.array(ends, np.intp) for ends in zip(*runs, strict=True))
        self.each = np.arange(len(year))
        self.values = np.maximum(published.counts, 0)
        self.bounds_of: dict[int, list[Bound]] = {}
        for bound in published.bounds:
            for position in bound.sum:
                self.bounds_of.setdefault(position, []).append(bound)

    def free(self, moved: Sum, where: Bools) -> Bools:
        """The cells (month, area) of a walk along which the counts can be moved up or down."""
        published, positions = self.published, list(moved)
        hidden: Bools = np.asarray(published.hidden[positions].all(0))
        if not (hidden & where).any():
            return np.zeros_like(hidden)
        grows = bool(published.adds_up[positions[0]])
        first, last = (self.first, self.last) if grows else (self.each, self.each)
        wanted: Bools = np.asarray((hidden & where).any(-1))
        of = _throughout(wanted[:, None], first, last, least=1)[:, 0]
        first, last = first[of], last[of]
        can: dict[int, Bools] = {}
        for sign in (1, -1):
            month_can = hidden.copy()
            run_can = np.ones((len(first), hidden.shape[1]), np.bool_)
            for bound in {
                id(bound): bound for position in positions for bound in self.bounds_of.get(position, ())
            }.values():
                step = sign * _total(bound.sum, moved)
                if not step:
                    continue
                value = sum(factor * self.values[position] for position, factor in bound.sum.items())
                if step < 0:
                    month_can &= (value + step >= bound.least) | (value < 0)
                if grows:
                    run_can &= self._can_grow(value, positions, step, first, last)
            can[sign] = run_can & _throughout(month_can, first, last)
        is_hidden = _throughout(hidden, first, last)
        has_rows: Counts = np.asarray((published.counts[positions] >= 0).any(0), np.int64)
        free_runs = is_hidden & ~unsafe(published.tree, has_rows[last], is_hidden, (can[-1], can[1]))
        free = np.zeros_like(hidden)
        for begin, end, cells in zip(first, last, free_runs, strict=True):
            free[begin : end + 1] |= cells
        return free

    def _can_grow(
        self, value: Counts, positions: list[int], step: int, first: NDArray[np.intp], last: NDArray[np.intp]
    ) -> Bools:
        """Whether a sum moved in a run of months still grows from the month before and to the month after."""
        begins = self.published.begins_year
        growth = np.diff(value, axis=0)
        # next to a month without a figure, months further away would decide: assume that there is no room
        there = is_there(self.published.counts[positions])
        growth[~(there[1:] & there[:-1])] = 0
        slack = np.full((len(begins) + 1, value.shape[1]), np.iinfo(np.int32).max, np.int64)
        slack[1:-1] = growth
        slack[:-1][begins] = np.iinfo(np.int32).max
        at = slack[first] if step < 0 else slack[last + 1]
        fits: Bools = at >= abs(step)
        return fits


def _throughout(what: Bools, first: NDArray[np.intp], last: NDArray[np.intp], least: int | None = None) -> Bools:
    """Whether it holds in every month of each run, or in at least `least` of them."""
    total = np.concatenate([np.zeros_like(what[:1], np.int64), what.cumsum(0)])
    months = total[last + 1] - total[first]
    lasted: Bools = months >= (least or (last - first + 1)[:, None])
    return lasted
