"""What is hidden of an extract: headline figures, rows and tables of areas.

A table is one count of one month in all areas of a level: it is shown as a whole or hidden as a whole. Belongs
here: the decision, which depends on nothing but which groups of children are small. Does not belong here: what a
reader could still conclude (`proof`), relations between counts (`related_counts`), columns of marts
(`open_tables`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipelines.dictionary.indicator_relations import Part
from pipelines.publish.disclosure.area_levels import Level
from pipelines.publish.disclosure.related_counts import RelatedCounts

MONTHS = 12
"""Of a rolling year."""

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Hidden:
    """What is hidden. `marks` is (count, month, kind): the kinds are headlines, rows, and each level of tables."""

    marks: Bools

    @property
    def headlines(self) -> Bools:
        """Numbers of the authority (count, month)."""
        return self.marks[..., 0]

    @property
    def rows(self) -> Bools:
        """Numbers of the authority whose rows are left out (count, month)."""
        return self.marks[..., 1]

    @property
    def tables(self) -> Bools:
        """Tables (count, month, level)."""
        return self.marks[..., 2:]

    def __or__(self, other: "Hidden") -> "Hidden":
        return Hidden(self.marks | other.marks)

    def same_as(self, other: "Hidden") -> bool:
        """Whether a reader sees the same: of a row that is left out nobody sees whether its number is small."""
        return np.array_equal(self._seen, other._seen)

    @property
    def _seen(self) -> Bools:
        seen = self.marks.copy()
        seen[..., 0] &= ~self.rows
        return seen

    def is_part_of(self, other: "Hidden") -> bool:
        """Whether the other hides all of it."""
        return not np.any(self.marks & ~other.marks)


@dataclass(frozen=True)
class Group:
    """Children or events that a reader can count: a sum of counts, each with a factor.

    Where the group is small, its `named` count is hidden. A `rest` has no number in any table: only the tables of
    `named` are hidden, and where the authority shows all counts of the rest, the row of `named`.
    """

    terms: tuple[tuple[int, int], ...]
    named: int
    is_rest: bool = False


@dataclass(frozen=True)
class CountFlow:
    """`stock` changes from month to month by what the `moves`, counts with a factor, count in the month."""

    stock: int
    moves: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CountRelations:
    """What is the same for all extracts: counts by their positions.

    `parts`: the parts of indicators that each count is. `base` are pairs: the numerator of a percentage, its
    denominator. `periods` (count): `ytd` counts since April, `month` the events of a month, `rolling_12` those of
    twelve months. `years` are pairs: a count of twelve months, and the count of each of them.
    """

    parts: tuple[tuple[Part, ...], ...]
    base: tuple[tuple[int, int], ...]
    periods: tuple[str, ...]
    groups: tuple[Group, ...]
    flows: tuple[CountFlow, ...]
    years: tuple[tuple[int, int], ...] = ()

    def has_earlier(self, count: int, same_year: bool) -> bool:
        """Whether what a count counts in a month depends on the month before."""
        period = self.periods[count]
        return period == "month_end" or (period == "ytd" and same_year)


def count_relations(
    parts: Sequence[tuple[Part, ...]],
    base: Sequence[tuple[int, int]],
    periods: Sequence[str],
    related: RelatedCounts,
) -> CountRelations:
    """The relations between counts. Each count is a group, and so is what is in a denominator and not counted."""
    at = {part: position for position, own in enumerate(parts) for part in own}
    rests = [rest for rest in related.rests if all(part in at for part, _ in rest.terms)]
    years = [
        (at[whole], at[part])
        for (whole, _), (part, _), *more in (rest.terms for rest in rests)
        if not more and (periods[at[whole]], periods[at[part]]) == ("rolling_12", "month")
    ]
    year_of = {month: year for year, month in years}
    flows = [flow for flow in related.flows if all(part in at for part in (flow.stock, *dict(flow.moves)))]
    return CountRelations(
        tuple(parts),
        tuple(base),
        tuple(periods),
        (
            *(Group(((position, 1),), position) for position in range(len(parts))),
            *(Group(((denominator, 1), (numerator, -1)), numerator) for numerator, denominator in base),
            *(
                Group(
                    tuple((at[part], factor) for part, factor in rest.terms),
                    # the year gives way, not its newest month
                    year_of.get(at[rest.named], at[rest.named]) if len(rest.terms) == 2 else at[rest.named],
                    is_rest=True,
                )
                for rest in rests
            ),
        ),
        tuple(
            CountFlow(at[flow.stock], tuple((at[part], factor) for part, factor in flow.moves)) for flow in flows
        ),
        tuple(years),
    )


@dataclass(frozen=True, eq=False)
class Extract:
    """The counts of one authority in one extract.

    `counts` is (count, month, area), 0 where there is no row; the authority is area 0. `there` (count, month): the
    authority has a row. `years` (month): the financial year. `before` is hidden whatever the counts are.

    A breakdown is an extract of one month whose areas are codes. Of it a reader is held to know all zeros and each
    of `known_sums` of numbers (count, area). Of its codes only small numbers need a proof. If codes `may_repeat`,
    the reader also knows what a shown table has under the same code.
    """

    relations: CountRelations
    counts: Counts
    there: Bools
    years: NDArray[np.int64]
    levels: tuple[Level, ...]
    smallest_shown: int
    before: Hidden
    known_sums: tuple[tuple[tuple[int, int], ...], ...] = ()
    is_breakdown: bool = False
    may_repeat: bool = False

    @cached_property
    def rows_of(self) -> list[int]:
        """(count): how many rows of a month have it."""
        return [
            sum(part.part == "numerator" for part in parts)
            + sum(denominator == count for _, denominator in self.relations.base)
            for count, parts in enumerate(self.relations.parts)
        ]

    @cached_property
    def factors(self) -> Counts:
        """(group, count)."""
        factors = np.zeros((len(self.relations.groups), len(self.counts)), np.int64)
        for position, group in enumerate(self.relations.groups):
            for count, factor in group.terms:
                factors[position, count] += factor
        return factors

    @cached_property
    def named(self) -> NDArray[np.intp]:
        """(group): the count that it names."""
        return np.array([group.named for group in self.relations.groups], np.intp)

    @cached_property
    def is_rest(self) -> Bools:
        """(group)."""
        return np.array([group.is_rest for group in self.relations.groups], np.bool_)

    @cached_property
    def grows(self) -> Bools:
        """(group): all its counts are of the year, so it never falls before the next April."""
        periods = self.relations.periods
        return np.array(
            [all(periods[count] == "ytd" for count, _ in group.terms) for group in self.relations.groups]
        )

    @cached_property
    def same_year(self) -> Bools:
        """(month after the first): it is in the financial year of the month before."""
        return np.asarray(self.years[1:] == self.years[:-1])

    @cached_property
    def known(self) -> Bools:
        """(group, month): the authority has a row of each of its counts."""
        return ~self.with_any(~self.there)

    @cached_property
    def in_areas(self) -> Bools:
        """(count): it has rows below the authority."""
        in_areas: Bools = np.asarray((self.counts[:, :, 1:] != 0).any((1, 2)))
        return self.taken_along(in_areas)

    @cached_property
    def own_sizes(self) -> Counts:
        """The size of each group (group, month, area)."""
        return self.sizes(self.counts)

    def sizes(self, counts: Counts) -> Counts:
        """The size of each group (group, month, area) if the counts are these; 0 where it is not known."""
        return np.asarray(np.tensordot(self.factors, counts, 1) * self.known[..., None])

    def is_small(self, sizes: Counts) -> Bools:
        """Which sizes are small. Below 0 a relation does not hold, and as many are in a part only."""
        return np.asarray((np.abs(sizes) >= 1) & (np.abs(sizes) < self.smallest_shown))

    def with_any(self, counts: Bools) -> Bools:
        """The groups that have one of the counts; further axes stay."""
        return np.asarray(np.tensordot(np.abs(self.factors), counts, 1) > 0)

    def decision(self, counts: Counts) -> Hidden:
        """What is hidden if the counts are these."""
        small = self.is_small(self.sizes(counts))
        headlines = self.taken_along(self.before.headlines | self._named(small[..., 0] & ~self.is_rest[:, None]))
        is_told = self.is_rest[:, None] & ~self.with_any(headlines)
        rows = self.taken_along(self.before.rows | self._named(small[..., 0] & is_told))
        rows = self._with_flows(headlines, rows)
        hidden = headlines | rows
        can_hide = self.can_hide(hidden)
        marks = [headlines, rows]
        for position, level in enumerate(self.levels):
            own = self._named(np.asarray(small[..., list(level.areas)].any(-1)))
            hidden = self.taken_along(hidden | own | self.before.tables[..., position])
            while True:  # each of the rules can be a reason for another
                before = hidden
                hidden = self._with_zero_rests(counts, headlines | rows, hidden) & can_hide
                hidden = self._with_flows_of_areas(headlines | rows, hidden) & can_hide
                hidden = self._with_years(hidden) & can_hide
                if np.array_equal(hidden, before):
                    break
            marks.append(hidden)
        return Hidden(np.stack(marks, -1))

    def can_hide(self, above: Bools) -> Bools:
        """The tables (count, month) that could hide something, if `above` is hidden of the authority.

        Where the authority shows a 0, every area has 0.
        """
        return np.asarray(self.in_areas[:, None] & self.there & (above | (self.counts[..., 0] > 0)))

    def hidden_numbers(self, hidden: Hidden) -> Bools:
        """The hidden numbers (count, month, area), without those that everybody knows from a shown one.

        These are a 0 that follows from a shown 0, all of a shown number, and the only team of a shown locality.
        None of them is small: it equals a shown number.
        """
        numbers: Bools = np.zeros(self.counts.shape, np.bool_)
        numbers[..., 0] = hidden.headlines | hidden.rows
        for position, level in enumerate(self.levels):
            numbers[..., list(level.areas)] = hidden.tables[..., position, None]
            for below, above in level.sums:
                if len(below) == 1:
                    numbers[..., list(below)] &= numbers[..., list(above)].any(-1, keepdims=True)
        numbers &= self.there[..., None]
        if self.may_repeat:
            numbers &= ~self._repeated(numbers)
        while True:
            before = numbers.sum()
            zeros = self._known_zeros(numbers)
            numbers &= ~zeros[: len(self.counts)]
            for group, (whole, part) in self._pairs:
                numbers[part] &= ~zeros[group] | numbers[whole]
                numbers[whole] &= ~zeros[group] | numbers[part]
            if numbers.sum() == before:
                return numbers

    def _repeated(self, hidden: Bools) -> Bools:
        """The large numbers (count, month, area) that a shown group has, too: under a code it may be the same."""
        shown = np.where(self.with_any(hidden), 0, self.own_sizes)
        is_equal = self.counts[:, None] == shown[None]
        return np.asarray((is_equal & (self.counts[:, None] >= self.smallest_shown)).any(1))

    @cached_property
    def _pairs(self) -> list[tuple[int, tuple[int, int]]]:
        """Each group that is a whole less one part, with both."""
        return [
            (position, (group.terms[0][0], group.terms[1][0]))
            for position, group in enumerate(self.relations.groups)
            if len(group.terms) == 2
        ]

    def _known_zeros(self, hidden: Bools) -> Bools:
        """The groups (group, month, area) that are 0 because shown numbers are, if these numbers are hidden.

        A part of 0 is 0, and so is what was counted earlier in a year. If a whole equals a part of its part, both
        rests are 0.
        """
        is_zero = (self.own_sizes == 0) & self.known[..., None]
        in_year = (self.same_year & self.grows[:, None])[..., None]
        known = is_zero & ~self.with_any(hidden)
        for first, (whole, middle) in self._pairs:
            for second, (other, part) in self._pairs:
                if middle == other:
                    both = ~hidden[whole] & ~hidden[part] & (self.counts[whole] == self.counts[part])
                    known[first] |= both
                    known[second] |= both
        while True:
            before = known.sum()
            for level in self.levels:
                for below, above in level.sums:
                    known[..., list(below)] |= known[..., list(above)].all(-1, keepdims=True)
            known[:, :-1] |= known[:, 1:] & in_year
            for group in self.relations.groups:
                whole, *parts = (count for count, _ in group.terms)
                known[parts] |= known[whole]
            known &= is_zero
            if known.sum() == before:
                return np.asarray(known)

    def _with_zero_rests(self, counts: Counts, above: Bools, hidden: Bools) -> Bools:
        """The hidden tables (count, month), and more of them.

        Where the authority has no rest, no area has one. The shown tables of the whole and its parts would give a
        single hidden one. Then a second one is hidden. `above` is hidden of the authority.
        """
        hidden = hidden.copy()
        sizes = np.einsum("gc,cm->gm", self.factors, counts[..., 0])
        is_told = self.known & (sizes == 0) & ~self.with_any(above)
        groups, position = is_told & self._hides_one(hidden), 0
        while len(later := np.flatnonzero(groups[position:].any(1))):
            position += later[0]
            terms, before = [count for count, _ in self.relations.groups[position].terms], hidden
            for month in np.flatnonzero(groups[position]):
                shown = [count for count in terms if not hidden[count, month] and counts[count, month, 0]]
                if shown:
                    least = min(shown, key=lambda count: (self.rows_of[count], count))
                    hidden[least, month] = True
                    hidden = self.taken_along(hidden)
            if hidden is not before:
                groups = is_told & self._hides_one(hidden)
            position += 1
        return hidden

    def _hides_one(self, hidden: Bools) -> Bools:
        """The groups (group, month) of which just one count is hidden and others are not."""
        has_count = (self.factors != 0).astype(np.float64)
        return np.asarray((has_count @ hidden.astype(np.float64) == 1) & (has_count.sum(1) > 1)[:, None])

    def _with_flows(self, headlines: Bools, rows: Bools) -> Bools:
        """The rows left out (count, month), and more of them.

        The shown numbers of a flow would give a single hidden one. Then the row of another move is left out in
        that month, or that of the stock.
        """
        rows = rows.copy()
        for flow in self.relations.flows:
            counts = [flow.stock, *dict(flow.moves)]
            there: Bools = np.asarray(self.there[counts].all(0))
            for month in np.flatnonzero(there[1:] & there[:-1]) + 1:
                same_year = bool(self.same_year[month - 1])
                earlier = [count for count in counts if self.relations.has_earlier(count, same_year)]
                is_unknown = (headlines | rows)[counts, month]
                unknown = is_unknown.sum() + (headlines | rows)[earlier, month - 1].sum()
                shown = [count for count, own in zip(counts, is_unknown, strict=True) if not own]
                if unknown == 1 and shown:
                    least = min(shown, key=lambda count: (count == flow.stock, self.rows_of[count], count))
                    rows[least, month] = True
                    rows = self.taken_along(rows)
        return rows

    def _with_flows_of_areas(self, above: Bools, hidden: Bools) -> Bools:
        """The hidden tables (count, month), and more of them; `above` is hidden of the authority.

        If a stock has one move, their difference is the same people in every month of an extract: one hidden table
        hides those of the stock in all months. Otherwise a hidden move hides the other moves of its month, and a
        hidden stock those of its month and of the next: then both may be higher by one. A move that is hidden of
        the authority may be as large as it can be, so it hides the stock, too.
        """
        hidden = hidden.copy()
        for flow in self.relations.flows:
            moves = list(dict(flow.moves))
            if len(moves) == 1:
                hidden[flow.stock] |= hidden[[flow.stock, *moves]].any()
                continue
            hidden[flow.stock] |= above[moves].any(0)
            of_month: Bools = np.asarray(hidden[[flow.stock, *moves]].any(0))
            of_month[1:] |= hidden[flow.stock, :-1]
            hidden[moves] |= of_month
        return self.taken_along(hidden)

    def _with_years(self, hidden: Bools) -> Bools:
        """The hidden tables (count, month), and more of them: a year of which not all months are shown."""
        hidden = hidden.copy()
        for year, month in self.relations.years if not self.is_breakdown else ():
            for first in np.flatnonzero(hidden[month]):
                hidden[year, first : first + MONTHS] = True
        return self.taken_along(hidden)

    def _named(self, groups: Bools) -> Bools:
        """The counts (count, month) that groups (group, month) name."""
        named: Bools = np.zeros(self.there.shape, np.bool_)
        np.logical_or.at(named, self.named, groups)
        return named

    def taken_along(self, hidden: Bools) -> Bools:
        """The counts, and the numerators of every denominator among them; further axes stay."""
        hidden = hidden.copy()
        while True:
            before = hidden.sum()
            for numerator, denominator in self.relations.base:
                hidden[numerator] |= hidden[denominator]
            if hidden.sum() == before:
                return hidden
