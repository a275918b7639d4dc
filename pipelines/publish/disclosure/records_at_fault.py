"""Which counts of records that need correcting are suppressed: of every rule, team and month.

Belongs here: which of these counts are small and which are related. Does not belong here: the choice of secondary
cells (`secondary_cells`), the columns of the mart (`open_tables`).

Records that failed last month, less the fixed ones, plus the new ones, fail now. So the changes of a month are
shown only if the counts of both months are.
"""

import numpy as np
import polars as pl

from pipelines.publish.disclosure.secondary_cells import CountTable, protect
from pipelines.publish.disclosure.tree import Bools, Counts, Tree, least_loss_first
from pipelines.settings import NOT_ALLOCATED

AREA_OF_RULE = ("rule", "la_code", "area_type", "area_name", "month")
_COUNTS = ("checked", "failed", "new", "fixed")
_HIDES = ("hides_checked", "hides_failed", "hides_change")


def suppressed_faults(
    faults: pl.DataFrame, smallest_shown: int, published: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The rows of which something is suppressed, with `hides_checked`, `hides_failed` and `hides_change`.

    `faults` has the columns of `AREA_OF_RULE`, object, checked, failed, new and fixed; an authority is the sum
    of its teams. Counts from 1 to one below `smallest_shown` are small. `published` is the answer of the previous
    release: what it suppresses is suppressed again.
    """
    if published is None:
        faults = faults.with_columns(pl.lit(False).alias(name) for name in _HIDES)
    else:
        faults = faults.join(published, on=AREA_OF_RULE, how="left", maintain_order="left").with_columns(
            pl.col(name).fill_null(False) for name in _HIDES
        )
    answers = [_of_authority(own, smallest_shown) for own in faults.partition_by("la_code", maintain_order=True)]
    if not answers:
        return faults.select(*AREA_OF_RULE, *(pl.lit(False).alias(name) for name in _HIDES))
    return pl.concat(answers)


def _of_authority(faults: pl.DataFrame, smallest_shown: int) -> pl.DataFrame:
    # the authority comes first, then its teams by name
    areas = faults.select("area_type", "area_name").unique().sort("area_type", "area_name")
    axes = (faults.select("rule").unique().sort("rule"), faults.select("month").unique().sort("month"), areas)
    joined = (
        faults.join(axis.with_row_index("position"), on=axis.columns, how="left", maintain_order="left")
        for axis in axes
    )
    position = tuple(rows["position"].cast(pl.Int64).to_numpy() for rows in joined)
    shape = tuple(axis.height for axis in axes)
    checked, failed, new, fixed = (_array(faults[name], shape, position) for name in _COUNTS)
    objects = axes[0].join(faults.select("rule", "object").unique(), on="rule", maintain_order="left")["object"]
    teams = np.arange(1, areas.height)
    tree = Tree(None, np.array([0]), teams, np.zeros(len(teams), np.intp))
    not_allocated = (areas["area_name"] == NOT_ALLOCATED).to_numpy()

    def small(counts: Counts) -> Bools:
        return (counts > 0) & (counts < smallest_shown)

    def closed(counts: Counts, hidden: Bools, least: int | Counts, others: Counts | None = None) -> Bools:
        def room(_: Bools) -> tuple[Bools, Bools]:
            return counts > least, np.ones_like(hidden) if others is None else others > least

        return protect(CountTable(tree, counts, least_loss_first(counts, not_allocated), room), hidden)

    was_checked, was_failed, was_change = (
        _array(faults[name].cast(pl.Int64), shape, position) > 0 for name in _HIDES
    )
    hides_checked = closed(checked, _alike(small(checked) | was_checked, objects), 1)
    correct = checked - failed
    hides_failed = hides_checked | small(failed) | small(correct) | was_failed
    hides_failed = closed(failed, hides_failed & (checked >= 0), np.where(hides_checked, 0, 1), correct)

    before = np.zeros_like(hides_failed)
    before[:, 1:] = hides_failed[:, :-1]
    failed_before = np.zeros_like(failed)
    failed_before[:, 1:] = np.maximum(failed[:, :-1], 0)
    stays = small(failed - new) | small(failed_before - fixed)
    hides_change = (hides_failed | before | was_change | small(new) | small(fixed) | stays) & (checked >= 0)
    while True:
        wider = closed(fixed, closed(new, hides_change, 0), 0)
        if (wider == hides_change).all():
            break
        hides_change = wider
    decided = faults.select(
        *AREA_OF_RULE,
        pl.Series(_HIDES[0], hides_checked[position]),
        pl.Series(_HIDES[1], hides_failed[position]),
        pl.Series(_HIDES[2], hides_change[position]),
    )
    return decided.filter(pl.any_horizontal(*_HIDES))


def _array(values: pl.Series, shape: tuple[int, ...], position: tuple[np.ndarray, ...]) -> Counts:
    counts = np.full(shape, -1, np.int64)
    counts[position] = values.to_numpy()
    return counts


def _alike(hidden: Bools, objects: pl.Series) -> Bools:
    """The records of an object are counted under each of its rules: suppressed under one means under all."""
    alike = hidden.copy()
    for name in objects.unique():
        own = (objects == name).to_numpy()
        alike[own] = hidden[own].any(0)
    return alike
