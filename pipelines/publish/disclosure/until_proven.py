"""What is hidden of an extract in the end: the decision, and more of it until each hidden number has a proof.

Belongs here: what else is hidden around a number without a proof, in which order. Does not belong here: the proof.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipelines.publish.disclosure.proof import Search
from pipelines.publish.disclosure.suppression import MONTHS, Extract, Hidden


def hidden_until_proven(extract: Extract) -> Hidden:
    """What is hidden, so that each hidden number and each small rest has another possible value.

    Around a number without a proof more is hidden, step by step: tables of areas first, then rows of the
    authority. In the end nothing that is related to it is shown, over any number of relations.
    """
    own = extract
    proven = np.zeros(0, np.intp)
    steps: dict[int, Iterator[Hidden]] = {}
    while True:
        hidden = own.decision(own.counts)
        search = Search(own, hidden)
        asked = np.setdiff1d(search.asked(), proven)
        unproven = search.unproven(asked)
        if not len(unproven):
            return hidden
        # hiding more takes no proof away: another filling stays one
        proven = np.union1d(proven, np.setdiff1d(asked, unproven))
        before = own.before
        for cell in unproven.tolist():
            before |= _next_step(steps.setdefault(cell, _steps(extract, cell)), hidden)
        if before.same_as(own.before):
            return hidden | _all_that_is_related(extract, unproven)
        own = replace(own, before=before)


def _all_that_is_related(extract: Extract, cells: NDArray[np.intp]) -> Hidden:
    """Every row and table of the counts that some cells are related to, over any number of steps.

    If codes may repeat, any other table may have the number.
    """
    shape = (len(extract.relations.groups), *extract.counts.shape[1:])
    positions = np.unravel_index(cells, shape)[0]
    counts = sorted({extract.relations.groups[position].named for position in positions})
    while related := _related(extract, counts):
        counts = sorted({*counts, *related})
    marks = np.zeros_like(extract.before.marks)
    marks[slice(None) if extract.may_repeat else counts, :, 1:] = True
    return Hidden(marks)


def _next_step(steps: Iterator[Hidden], hidden: Hidden) -> Hidden:
    """The next step that hides more than is hidden; nothing after the last."""
    return next((step for step in steps if not step.is_part_of(hidden)), Hidden(np.zeros_like(hidden.marks)))


def _steps(extract: Extract, cell: int) -> Iterator[Hidden]:
    """What is hidden to protect a group in a month and area: of the month first, of all months then."""
    shape = (len(extract.relations.groups), *extract.counts.shape[1:])
    position, month, area = (int(at) for at in np.unravel_index(cell, shape))
    named = extract.relations.groups[position].named
    own = [named, *(base for numerator, base in extract.relations.base if numerator == named)]
    stocks = {flow.stock for flow in extract.relations.flows}
    in_order = sorted(
        [*own, *_related(extract, own)],
        key=lambda count: (count != named, extract.rows_of[count], count in stocks, count),
    )
    spans = [[month], list(range(len(extract.years)))]
    if area or extract.is_breakdown:
        yield from (_step(extract, counts, span, slice(2, None)) for counts in (own, in_order) for span in spans)
    if extract.is_breakdown:
        return
    for whole, part in extract.relations.years:
        if part == named:
            sums = [last for last in range(month, month + MONTHS) if MONTHS <= last + 1 <= len(extract.years)]
            yield _step(extract, [whole], sums, slice(1, 2))
    yield from (_step(extract, [count], span, slice(1, 2)) for span in spans for count in in_order)


def _step(extract: Extract, counts: list[int], months: list[int], kinds: slice) -> Hidden:
    marks = np.zeros_like(extract.before.marks)
    for count in counts:
        marks[count, months, kinds] = True
    # a row whose number is hidden reveals nothing
    marks[..., 1] &= ~extract.decision(extract.counts).headlines
    return Hidden(marks)


def _related(extract: Extract, counts: list[int]) -> list[int]:
    """The counts in a group or flow with some counts."""
    relations = extract.relations
    sums = [{count for count, _ in group.terms} for group in relations.groups]
    sums += [{flow.stock, *dict(flow.moves)} for flow in relations.flows]
    return sorted({count for sum_ in sums if sum_ & set(counts) for count in sum_} - set(counts))
