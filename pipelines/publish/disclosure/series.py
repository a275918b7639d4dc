"""What the months around a suppressed one tell of it, where a count only grows from April to March.

Belongs here: the nearest month shown, before and after. Does not belong here: what follows from it.
All arrays are (count, month, area); `begins_year` says of each month whether the count starts afresh with it, and
`adds_up` of each count whether it grows at all.
"""

import numpy as np

from pipelines.publish.disclosure.tree import Bools, Counts

NO_LIMIT = np.iinfo(np.int64).max


def latest_shown(counts: Counts, hidden: Bools, begins_year: Bools, adds_up: Bools) -> Counts:
    """The last figure shown of the same year before each month; 0 where there is none."""
    found = np.zeros_like(counts)
    so_far = np.zeros_like(counts[:, 0])
    for month in range(counts.shape[1]):
        if begins_year[month]:
            so_far = np.zeros_like(so_far)
        found[:, month] = so_far
        so_far = np.where((counts[:, month] >= 0) & ~hidden[:, month], counts[:, month], so_far)
    found[~adds_up] = 0
    return found


def next_shown(counts: Counts, hidden: Bools, begins_year: Bools, adds_up: Bools) -> Counts:
    """The first figure shown of the same year after each month; NO_LIMIT where there is none."""
    found = np.full_like(counts, NO_LIMIT)
    to_come = np.full_like(counts[:, 0], NO_LIMIT)
    for month in reversed(range(counts.shape[1])):
        found[:, month] = to_come
        to_come = np.where((counts[:, month] >= 0) & ~hidden[:, month], counts[:, month], to_come)
        if begins_year[month]:
            to_come = np.full_like(to_come, NO_LIMIT)
    found[~adds_up] = NO_LIMIT
    return found


def shown_around(held: Bools, out_of_reach: Bools, begins_year: Bools) -> tuple[Bools, Bools]:
    """For each cell of `held` the first month after it, in the same year, that can still be suppressed; where there
    is none, the last before it. Returns these months, and which of `held` has one."""
    found = np.zeros_like(held)
    has_later = _carry(held, out_of_reach, begins_year, found, forward=True)
    has_earlier = _carry(held & ~has_later, out_of_reach, begins_year, found, forward=False)
    return found, has_later | has_earlier


def _carry(held: Bools, out_of_reach: Bools, begins_year: Bools, found: Bools, forward: bool) -> Bools:
    """Marks in `found` the nearest month in reach on one side of each cell; returns which cells have one."""
    months = held.shape[1]
    towards = range(months) if forward else range(months - 1, -1, -1)
    wanted = np.zeros_like(held[:, 0])
    for month in towards:
        if forward and begins_year[month]:
            wanted = np.zeros_like(wanted)
        found[:, month] |= wanted & ~out_of_reach[:, month]
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
