"""Every suppressed number of an extract needs a proof; where there is none, more of the extract is suppressed.

Belongs here: what the definitions say of the counts of an area and month, which numbers must keep two values, and
what is suppressed if one does not. Does not belong here: the search for a proof (`proof`), and the choice of cells
that makes most proofs easy (`suppression`).
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from pipelines.dictionary.indicator_relations import Part
from pipelines.publish.disclosure.proof import Bound, Published, Sum, hanging_together, unproven
from pipelines.publish.disclosure.related_counts import related_counts
from pipelines.publish.disclosure.repair import CountCell, Repair
from pipelines.publish.disclosure.secondary_cells import UnprotectedWarning, one_more
from pipelines.publish.disclosure.tree import Bools, Counts, Tree


@dataclass(frozen=True)
class ExtractCounts:
    """All counts of an extract; `counts` is (count, month, area), -1 without a row.

    `index` is the position of a part in `counts`, `base` which of them is the denominator of which numerator.
    """

    tree: Tree
    counts: Counts
    index: Mapping[Part, int]
    base: Mapping[int, int]
    adds_up: Bools
    begins_year: Bools
    smallest_shown: int


def suppress_until_proven(extract: ExtractCounts, hidden: Bools) -> Bools:
    """The suppressed cells (count, month, area), and further cells until each suppressed number has a proof.

    More is suppressed around a number without a proof, in this order: the same cells in all months of the year;
    the same cells of counts that share a bound with it; the sums that it is part of, with one further cell each;
    all areas; all related counts. If there is still no proof, nothing is left to suppress, and a warning says
    so.
    """
    can_go = extract.counts >= 0
    standing_alone = [position for position in range(len(can_go)) if position not in extract.base]
    # a 0 is shown, except as the numerator of a suppressed percentage
    can_go[standing_alone] = extract.counts[standing_alone] > 0
    for widened in (
        _alike_in_time,
        _alike_with_partners,
        _sums_above,
        _one_cell_more,
        _all_areas,
        _all_that_hangs_together,
    ):
        while True:
            asked = _asked(extract, hidden)
            published = _published(extract, hidden)
            without_proof = searched(published, asked, unproven(published, asked))
            given_away = np.zeros_like(hidden)
            for (sum_, _), cells in zip(asked, without_proof, strict=True):
                given_away[list(sum_)] |= cells
            if not given_away.any():
                return hidden
            wider = hidden | (widened(extract, hidden, given_away) & can_go)
            for numerator, base in extract.base.items():
                wider[numerator] |= wider[base] & can_go[numerator]
            if (wider == hidden).all():
                break
            hidden = wider
    text = f"disclosure: suppressed cells that can still be worked out: {int(given_away.sum())}"
    warnings.warn(text, UnprotectedWarning, stacklevel=2)
    return hidden


def searched(published: Published, asked: Sequence[tuple[Sum, Bools]], left: list[Bools]) -> list[Bools]:
    """Those of `left` for which the search number by number finds no other value either."""
    if not any(cells.any() for cells in left):
        return left
    repair = Repair(published)
    of_count: dict[int, list[int]] = {}
    for position, (sum_, _) in enumerate(asked):
        for count in sum_:
            of_count.setdefault(count, []).append(position)
    for position, (sum_, _) in enumerate(asked):
        for month, area in zip(*np.nonzero(left[position]), strict=True):
            cells = [CountCell(count, int(month), int(area)) for count in sum_]
            for start, step in product(cells, (1, -1)):
                if not left[position][month, area]:
                    break
                moved = repair.other_filling(start, step, frozenset(cells) - {start})
                if moved is None:
                    continue
                for cell in moved:
                    for other in of_count[cell.of]:
                        total = sum(
                            factor * moved.get(CountCell(count, cell.month, cell.area), 0)
                            for count, factor in asked[other][0].items()
                        )
                        left[other][cell.month, cell.area] &= total == 0
    return left


def _sums_above(extract: ExtractCounts, hidden: Bools, given_away: Bools) -> Bools:
    """The sum that a cell is part of, and one further cell."""
    wider = given_away.copy()
    tree = extract.tree
    for position, group in enumerate(tree.groups):
        wider[..., group] |= given_away[..., tree.leaves[tree.group_of_leaf == position]].any(-1)
    above = np.zeros_like(hidden)
    above[..., tree.groups] = wider[..., tree.groups]
    cost = np.where(hidden | wider | (extract.counts <= 0), np.inf, extract.counts)
    return wider | one_more(tree, above, cost)


def _alike_in_time(extract: ExtractCounts, hidden: Bools, given_away: Bools) -> Bools:
    """The cells suppressed in one month of a year, in all its months; only of counts that grow."""
    wider = np.zeros_like(hidden)
    for months in _years(extract):
        for position in np.flatnonzero(given_away[:, months].any((1, 2)) & extract.adds_up):
            wider[position, months] = hidden[position, months].any(0)
    return wider


def _alike_with_partners(extract: ExtractCounts, hidden: Bools, given_away: Bools) -> Bools:
    """The cells suppressed of one count, of all counts that share a bound with it in the month."""
    wider = np.zeros_like(hidden)
    for sum_ in _sums(extract):
        months = given_away[list(sum_)].any((0, 2))
        numerators = [position for position in sum_ if position in extract.base or extract.adds_up[position]]
        for position in numerators:
            wider[position, months] |= hidden[list(sum_)][:, months].any(0)
    return wider


def _one_cell_more(extract: ExtractCounts, hidden: Bools, given_away: Bools) -> Bools:
    """One further cell in every sum of a cell without a proof; in all months of the year if the count grows."""
    where = given_away.copy()
    for months in _years(extract):
        where[:, months] |= given_away[:, months].any(1, keepdims=True) & extract.adds_up[:, None, None]
    cost = np.where(hidden | (extract.counts <= 0), np.inf, extract.counts)
    # the same cells in all months
    for months in _years(extract):
        own = cost[:, months]
        cost[:, months] = np.where(
            extract.adds_up[:, None, None] & np.isfinite(own),
            own.max(1, keepdims=True, where=np.isfinite(own), initial=0),
            own,
        )
    return one_more(extract.tree, where & hidden, cost)


def _all_areas(extract: ExtractCounts, hidden: Bools, given_away: Bools) -> Bools:
    return np.broadcast_to(given_away.any(-1, keepdims=True), hidden.shape)


def _all_that_hangs_together(extract: ExtractCounts, hidden: Bools, given_away: Bools) -> Bools:
    wider = np.zeros_like(hidden)
    linked = hanging_together(len(hidden), _sums(extract))
    for months in _years(extract):
        for position in np.flatnonzero(given_away[:, months].any((1, 2))):
            wider[sorted(linked[position]), months] = True
    return wider


def _years(extract: ExtractCounts) -> list[slice]:
    begins = np.flatnonzero(extract.begins_year)
    return [
        slice(first, last) for first, last in zip(begins, [*begins[1:], len(extract.begins_year)], strict=True)
    ]


def _sums(extract: ExtractCounts) -> list[Sum]:
    """Sums that are never below 0: a denominator less its numerator, and a whole less its parts."""
    others = [{base: 1, numerator: -1} for numerator, base in extract.base.items()]
    return [*others, *_remainders(extract)]


def _remainders(extract: ExtractCounts) -> list[Sum]:
    position = extract.index
    return [
        {position[rest.whole]: 1, **{position[part]: -1 for part in rest.parts}}
        for rest in related_counts().remainders
        if all(part in position for part in (rest.whole, *rest.parts))
    ]


def _asked(extract: ExtractCounts, hidden: Bools) -> list[tuple[Sum, Bools]]:
    """The sums that must keep two values, with their cells: suppressed numbers and small remainders."""
    asked: list[tuple[Sum, Bools]] = [({position: 1}, hidden[position]) for position in range(len(hidden))]
    asked += [({base: 1, numerator: -1}, hidden[numerator]) for numerator, base in extract.base.items()]
    counts = np.maximum(extract.counts, 0)
    for sum_ in _remainders(extract):
        rest = _value(sum_, counts)
        asked.append((sum_, (rest > 0) & (rest < extract.smallest_shown)))
    return asked


def _published(extract: ExtractCounts, hidden: Bools) -> Published:
    bounds = [Bound({position: 1}, 1) for position in range(len(hidden)) if position not in extract.base]
    for numerator, base in extract.base.items():
        # if the denominator is known and large enough, 0 and all of it would have been shown
        least = np.where(hidden[base], 0, 1)
        bounds += [Bound({numerator: 1}, least), Bound({base: 1, numerator: -1}, least)]
    bounds += [Bound(sum_, 0) for sum_ in _remainders(extract)]
    return Published(
        extract.tree,
        extract.counts,
        hidden,
        bounds,
        [],
        extract.adds_up,
        extract.begins_year,
    )


def _value(sum_: Sum, counts: Counts) -> Counts:
    value: Counts = np.sum([factor * counts[position] for position, factor in sum_.items()], 0)
    return value
