"""Which figures are suppressed: every count of every indicator, area, month and extract.

Belongs here: what is small, and the order in which counts are settled. Does not belong here: the choice of
secondary cells in a table (`secondary_cells`), relations between counts (`related_counts`), columns of marts
(`open_tables`).

An extract is settled in two steps: first denominators and counts without a percentage, then the numerators of
percentages. A suppressed denominator takes its percentages along; a suppressed numerator leaves its denominator as
it is. Even if the denominators are known, a numerator can take another value: the others of its denominator make
up for it. That is why each count can be settled along its own tree of areas.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.dictionary.indicator_relations import Part
from pipelines.publish.disclosure.assurance import ExtractCounts, suppress_until_proven
from pipelines.publish.disclosure.decision_cache import DecisionCache
from pipelines.publish.disclosure.months_of_a_year import Growing, protect_in_time
from pipelines.publish.disclosure.related_counts import Remainder, related_counts
from pipelines.publish.disclosure.tree import (
    COST_OF_ZERO,
    Bools,
    Counts,
    Tree,
    joined_localities,
    least_loss_first,
)
from pipelines.settings import NOT_ALLOCATED

FIGURE = ("indicator_id", "la_code", "area_type", "area_name", "month", "extract_month")
ABSENT = -1
"""No row. A team without a row has a count of 0; an authority without one lacks an object of the drop."""


def suppressed_figures(
    figures: pl.DataFrame,
    teams: pl.DataFrame,
    smallest_shown: int,
    published: pl.DataFrame | None = None,
    cache: DecisionCache | None = None,
) -> pl.DataFrame:
    """The figures of which something is suppressed, with `hides_numerator` and `hides_denominator`.

    `figures` has the columns of `FIGURE` and period, unit, numerator and denominator; `teams` has la_code,
    extract_month, team_name and locality_name. Counts from 1 to one below `smallest_shown` are small. The
    answer for an extract depends on it and on earlier extracts, never on later ones. `published` is the answer of
    the previous release: what it suppresses is suppressed again, so that two releases together show no more than
    the first. `cache` has the decisions of earlier releases.
    """
    cache = cache or DecisionCache(None)
    earlier = (
        figures.select(*FIGURE)
        if published is None
        else figures.select(*FIGURE).join(published, on=FIGURE, how="left", maintain_order="left")
    )
    hides = ("hides_numerator", "hides_denominator")
    figures = figures.with_columns(
        (earlier[name].fill_null(False) if name in earlier.columns else pl.lit(False)).alias(name)
        for name in hides
    )
    answers = [
        _AuthorityFigures(own, teams.filter(pl.col("la_code") == la_code[0]), smallest_shown).suppressed(cache)
        for la_code, own in figures.partition_by("la_code", as_dict=True, maintain_order=True).items()
    ]
    return pl.concat(answers) if answers else _hidden_rows(figures, np.zeros(0, np.bool_), np.zeros(0, np.bool_))


def _hidden_rows(figures: pl.DataFrame, numerators: Bools, denominators: Bools) -> pl.DataFrame:
    return figures.select(
        *FIGURE, pl.Series("hides_numerator", numerators), pl.Series("hides_denominator", denominators)
    ).filter(pl.col("hides_numerator") | pl.col("hides_denominator"))


@dataclass(frozen=True)
class _Areas:
    """The areas of one extract as columns (last axis).

    Localities that share the name of a team cannot be distinguished: each group of `joined` has a further column,
    behind all others, with its sum.
    """

    tree: Tree
    joined: tuple[tuple[int, ...], ...]

    def with_sums(self, counts: Counts) -> Counts:
        """Counts (..., area) with the columns of sums added."""
        sums = [
            np.where((own := counts[..., list(columns)]).max(-1) == ABSENT, ABSENT, np.maximum(own, 0).sum(-1))
            for columns in self.joined
        ]
        return np.concatenate([counts, *(column[..., None] for column in sums)], -1)

    def with_any(self, hidden: Bools) -> Bools:
        """Suppressed cells (..., area) with the columns of sums added: suppressed where one locality is."""
        sums = [hidden[..., list(columns)].any(-1, keepdims=True) for columns in self.joined]
        return np.concatenate([hidden, *sums], -1)

    def spread(self, hidden: Bools, counts: Counts) -> Bools:
        """Suppressed cells without the columns of sums: a suppressed sum suppresses its localities."""
        width = hidden.shape[-1] - len(self.joined)
        own = hidden[..., :width].copy()
        for position, columns in enumerate(self.joined):
            own[..., list(columns)] |= hidden[..., width + position, None] & (counts[..., list(columns)] > 0)
        return own


class _AuthorityFigures:
    """The figures of one authority as arrays (extract, indicator, month, area)."""

    def __init__(self, figures: pl.DataFrame, teams: pl.DataFrame, smallest_shown: int):
        self.figures, self.teams, self.smallest_shown = figures, teams, smallest_shown
        self.indicators = figures["indicator_id"].unique().sort().to_list()
        self.months = figures["month"].unique().sort().to_list()
        self.extracts = figures["extract_month"].unique().sort().to_list()
        spare = pl.DataFrame({"area_type": ["locality"], "area_name": [NOT_ALLOCATED]})
        self.areas = (
            pl.concat([figures.select("area_type", "area_name"), spare]).unique().sort("area_type", "area_name")
        )
        self.positions = self._positions()
        shape = (len(self.extracts), len(self.indicators), len(self.months), self.areas.height)
        self.values = {part: self._array(shape, part) for part in ("numerator", "denominator")}
        self.was_hidden = {part: self._array(shape, f"hides_{part}") > 0 for part in ("numerator", "denominator")}
        kinds = {
            indicator: (unit, period)
            for indicator, unit, period in figures.select("indicator_id", "unit", "period").unique().iter_rows()
        }
        self.percentages = [name for name in self.indicators if kinds[name][0] == "percentage"]
        self.counts = self._equal_counts()
        self.index = {part: position for position, parts in enumerate(self.counts) for part in parts}
        """Where a part is among the counts of the first step."""
        self.adds_up = np.array([kinds[parts[0].indicator_id][1] == "ytd" for parts in self.counts])
        self.percentage_adds_up = np.array([kinds[name][1] == "ytd" for name in self.percentages])
        self.years = np.array([month.year - (month.month < 4) for month in self.months])

    def suppressed(self, cache: DecisionCache) -> pl.DataFrame:
        """The figures of which something is suppressed, one extract after the other."""
        hides_numerator = np.zeros(self.values["numerator"].shape, np.bool_)
        hides_denominator = np.zeros_like(hides_numerator)
        of_month = (len(self.months), self.areas.height)
        hidden_counts = np.zeros((len(self.counts), *of_month), np.bool_)
        hidden_percentages = np.zeros((len(self.percentages), *of_month), np.bool_)
        for extract in range(len(self.extracts)):
            months = self.months_of(extract)
            settlement = _ExtractSuppression(self, extract, months)
            # a month stays suppressed in later extracts: the figure has hardly changed
            counts_before = hidden_counts[:, months] | np.stack(
                [np.any([self.hidden_before(part, extract)[months] for part in parts], 0) for parts in self.counts]
            )
            published = np.zeros_like(hidden_percentages[:, months])
            for position, name in enumerate(self.percentages):
                published[position] = self.hidden_before(Part(name, "numerator"), extract)[months]
            # a 0 is shown where an earlier extract suppressed the cell, but not where an earlier release did
            percentages_before = published | (hidden_percentages[:, months] & (settlement.own_numerators() > 0))
            counts, percentages = settlement.suppressed(counts_before, percentages_before, cache)
            hidden_counts[:, months] |= counts
            hidden_percentages[:, months] |= percentages
            for position, indicator in enumerate(self.indicators):
                numerator = self.index.get(Part(indicator, "numerator"))
                if numerator is not None:
                    hides_numerator[extract, position, months] = counts[numerator]
                else:
                    denominator = self.index[Part(indicator, "denominator")]
                    hides_numerator[extract, position, months] = percentages[self.percentages.index(indicator)]
                    hides_denominator[extract, position, months] = counts[denominator]
        return _hidden_rows(self.figures, hides_numerator[self.positions], hides_denominator[self.positions])

    def months_of(self, extract: int) -> slice:
        """From the first to the last month that an extract has figures of."""
        there = np.flatnonzero((self.values["numerator"][extract] != ABSENT).any((0, 2)))
        return slice(there[0], there[-1] + 1) if len(there) else slice(0, 1)

    def counts_of(self, part: Part, extract: int) -> Counts:
        """The counts of a part (month, area)."""
        counts: Counts = self.values[part.part][extract, self.indicators.index(part.indicator_id)]
        return counts

    def hidden_before(self, part: Part, extract: int) -> Bools:
        """Where an earlier release suppressed a part (month, area)."""
        hidden: Bools = self.was_hidden[part.part][extract, self.indicators.index(part.indicator_id)]
        return hidden

    def areas_of(self, extract: int) -> _Areas:
        """The tree of areas as the teams of an extract make it."""
        names: dict[str, list[str]] = {"locality": [], "team": []}
        column: dict[tuple[str, str], int] = {}
        for position, (area_type, name) in enumerate(self.areas.iter_rows()):
            column[area_type, name] = position
            names.setdefault(area_type, []).append(name)
        localities_of: dict[str, set[str]] = {NOT_ALLOCATED: {NOT_ALLOCATED}}
        teams = self.teams.filter(pl.col("extract_month") == self.extracts[extract])
        for team, locality in teams.select("team_name", "locality_name").unique().sort(pl.all()).iter_rows():
            if ("locality", locality) in column:
                localities_of.setdefault(team, set()).add(locality)
        first = joined_localities(localities_of, names["locality"])
        groups = sorted(set(first.values()))
        members = {
            group: tuple(column["locality", name] for name in first if first[name] == group) for group in groups
        }
        joined = {group: columns for group, columns in members.items() if len(columns) > 1}
        behind = {group: self.areas.height + position for position, group in enumerate(joined)}
        tree = Tree(
            root=0,
            groups=np.array([behind.get(group, members[group][0]) for group in groups], np.intp),
            leaves=np.array([column["team", team] for team in names["team"]], np.intp),
            group_of_leaf=np.array(
                [groups.index(first[min(localities_of.get(team, {NOT_ALLOCATED}))]) for team in names["team"]],
                np.intp,
            ),
        )
        return _Areas(tree, tuple(joined.values()))

    def _positions(self) -> tuple[NDArray[np.intp], ...]:
        """The position of each row of the figures on each axis of the arrays."""
        keys_of_rows = self.figures.select(*FIGURE)
        axes: tuple[tuple[list[str], pl.DataFrame], ...] = (
            (["extract_month"], pl.DataFrame({"extract_month": self.extracts})),
            (["indicator_id"], pl.DataFrame({"indicator_id": self.indicators})),
            (["month"], pl.DataFrame({"month": self.months})),
            (["area_type", "area_name"], self.areas),
        )
        joined = (
            keys_of_rows.join(axis.with_row_index("position"), on=keys, how="left", maintain_order="left")
            for keys, axis in axes
        )
        return tuple(rows["position"].cast(pl.Int64).to_numpy() for rows in joined)

    def _array(self, shape: tuple[int, ...], column: str) -> Counts:
        values = np.full(shape, ABSENT, np.int64)
        values[self.positions] = self.figures[column].cast(pl.Int64).fill_null(ABSENT).to_numpy()
        return values

    def _equal_counts(self) -> list[tuple[Part, ...]]:
        """The counts of the first step, each with all parts that are equal to it."""
        parts = [
            Part(name, "denominator") if name in self.percentages else Part(name, "numerator")
            for name in self.indicators
        ]
        equal = [tuple(part for part in group if part in parts) for group in related_counts().equal]
        grouped = {part for group in equal for part in group}
        return [group for group in equal if group] + [(part,) for part in parts if part not in grouped]


class _ExtractSuppression:
    """What is suppressed in one extract of an authority. Arrays are (count or percentage, month, area)."""

    def __init__(self, authority: _AuthorityFigures, extract: int, months: slice):
        self.authority = authority
        years = authority.years[months]
        self.begins_year = np.append(True, years[1:] != years[:-1])
        self.areas = authority.areas_of(extract)

        def values(part: Part) -> Counts:
            return self.areas.with_sums(authority.counts_of(part, extract)[months])

        self.counts = np.stack([np.max([values(part) for part in parts], 0) for parts in authority.counts])
        self.numerators = np.stack(
            [values(Part(name, "numerator")) for name in authority.percentages] or [np.zeros_like(self.counts[0])]
        )[: len(authority.percentages)]
        self.base = [authority.index[Part(name, "denominator")] for name in authority.percentages]
        """The count that is the denominator of each percentage."""
        self.others = np.where(self.numerators == ABSENT, ABSENT, self.counts[self.base] - self.numerators)
        self.percentage_index = {
            Part(name, "numerator"): position for position, name in enumerate(authority.percentages)
        }

    def suppressed(
        self, counts_before: Bools, percentages_before: Bools, cache: DecisionCache
    ) -> tuple[Bools, Bools]:
        """Which counts and which percentages are suppressed, given what was in earlier extracts."""
        tree = self.areas.tree
        inputs = [
            related_counts(),
            self.authority.counts, self.authority.percentages, self.authority.smallest_shown, self.areas.joined,
            self.authority.adds_up, self.authority.percentage_adds_up, self.begins_year, self._not_allocated(),
            tree.root, tree.groups, tree.leaves, tree.group_of_leaf,
            self.counts, self.numerators, counts_before, percentages_before,
        ]  # fmt: skip
        hidden = cache.decision(inputs, lambda: self._decide(counts_before, percentages_before))
        return hidden[: len(self.counts)], hidden[len(self.counts) :]

    def own_numerators(self) -> Counts:
        """The numerators of percentages in the areas of the figures, without the columns of sums."""
        return self.numerators[..., : self.authority.areas.height]

    def _decide(self, counts_before: Bools, percentages_before: Bools) -> Bools:
        hidden_counts = self._hidden_counts(counts_before)
        chosen = np.concatenate([hidden_counts, self._hidden_percentages(percentages_before, hidden_counts)])
        first_percentage = len(self.counts)
        extract = ExtractCounts(
            tree=self.areas.tree,
            counts=np.concatenate([self.counts, self.numerators]),
            index=self.authority.index
            | {part: first_percentage + position for part, position in self.percentage_index.items()},
            base={first_percentage + position: base for position, base in enumerate(self.base)},
            adds_up=np.append(self.authority.adds_up, self.authority.percentage_adds_up),
            begins_year=self.begins_year,
            smallest_shown=self.authority.smallest_shown,
        )
        return self.areas.spread(suppress_until_proven(extract, self.areas.with_any(chosen)), extract.counts)

    def _hidden_counts(self, before: Bools) -> Bools:
        """First step: which counts are suppressed, given what was in earlier extracts."""
        counts, index = self.counts, self.authority.index
        cost = least_loss_first(counts, self._not_allocated())
        cost[counts == 0] = np.inf
        # not decided yet, but a small percentage will be suppressed
        small = self._is_small(self.numerators) | self._is_small(self.others)
        step = _Step(
            tree=self.areas.tree,
            growing=Growing(self.begins_year, self.authority.adds_up, counts, None),
            index=index,
            settled={part: small[position] for part, position in self.percentage_index.items()},
            can_fall=counts > 1,
            can_rise=np.ones_like(counts, np.bool_),
            cost=cost,
            remainders=self._remainders(),
        )
        hidden = self._is_small(counts) | (self.areas.with_any(before) & (counts > 0))
        for remainder, rest in step.remainders:
            # those with a percentage among their parts are left to the second step
            if all(part in index for part in (remainder.whole, *remainder.parts)):
                hidden = step.with_small_remainder(hidden, remainder, self._is_small(rest))
        return self.areas.spread(step.settle(hidden, {}), counts)

    def _hidden_percentages(self, before: Bools, hidden_counts: Bools) -> Bools:
        """Second step: which percentages are suppressed, given the counts of the first."""
        if not self.base:
            return before
        numerators, index = self.numerators, self.percentage_index
        hidden_counts = self.areas.with_any(hidden_counts)
        # if the denominator is known and large enough, 0 and all of it would have been shown
        least = np.where(hidden_counts[self.base], 0, 1)
        cost = least_loss_first(numerators, self._not_allocated())
        # a 0 goes last: it would show that the suppressed cell next to it is not small
        cost[numerators == 0] = COST_OF_ZERO
        step = _Step(
            tree=self.areas.tree,
            growing=Growing(self.begins_year, self.authority.percentage_adds_up, numerators, self.others),
            index=index,
            settled={part: hidden_counts[position] for part, position in self.authority.index.items()},
            can_fall=numerators > least,
            can_rise=self.others > least,
            cost=cost,
            remainders=self._remainders(),
        )
        exists = numerators != ABSENT
        hidden = self._is_small(numerators) | self._is_small(self.others) | hidden_counts[self.base]
        hidden = exists & (hidden | self.areas.with_any(before))
        for remainder, rest in step.remainders:
            if remainder.suppressed_part in index:
                hidden = step.with_small_remainder(hidden, remainder, self._is_small(rest))
        for remainder, rest in step.remainders:
            leader = remainder.leader
            if remainder.suppressed_part in index and leader is not None and leader in step.settled:
                position = index[remainder.suppressed_part]
                hidden[position] |= step.settled[leader] & _leads(remainder, rest) & exists[position]
        return self.areas.spread(step.settle(hidden, {}), numerators)

    def _remainders(self) -> list[tuple[Remainder, Counts]]:
        """Each remainder of which all parts are known, with its size (month, area); ABSENT where it is below 0."""
        of_part = {part: self.counts[position] for part, position in self.authority.index.items()}
        of_part |= {part: self.numerators[position] for part, position in self.percentage_index.items()}
        known = []
        for remainder in related_counts().remainders:
            if all(part in of_part for part in (remainder.whole, *remainder.parts)):
                parts = np.sum([np.maximum(of_part[part], 0) for part in remainder.parts], 0)
                known.append((remainder, np.maximum(np.maximum(of_part[remainder.whole], 0) - parts, ABSENT)))
        return known

    def _is_small(self, counts: Counts) -> Bools:
        return (counts > 0) & (counts < self.authority.smallest_shown)

    def _not_allocated(self) -> Bools:
        names = self.authority.areas["area_name"] == NOT_ALLOCATED
        return np.concatenate([names.to_numpy(), np.zeros(len(self.areas.joined), np.bool_)])


def _leads(remainder: Remainder, rest: Counts) -> Bools:
    """Where the leader takes the suppressed part along (month, area): a whole always, a part if the rest is 0."""
    return np.ones_like(rest, np.bool_) if remainder.leader == remainder.whole else rest == 0


Leaders = dict[int, list[tuple[int, Bools]]]
"""By position of a count: the counts that take it along, each with the cells (month, area) where it does."""


@dataclass(frozen=True)
class _Step:
    """Counts that are settled together. Arrays are (count, month, area).

    `index` is the position of a part on the first axis, `settled` the suppressed cells (month, area) of the parts
    of the other step. `can_fall` and `can_rise`: whether a cell, by itself, could be lower or higher than it is.
    `remainders` come with their sizes (month, area).
    """

    tree: Tree
    growing: Growing
    index: Mapping[Part, int]
    settled: Mapping[Part, Bools]
    can_fall: Bools
    can_rise: Bools
    cost: NDArray[np.float64]
    remainders: list[tuple[Remainder, Counts]]

    def with_small_remainder(self, hidden: Bools, remainder: Remainder, is_small: Bools) -> Bools:
        """The suppressed cells, and one part of a small remainder where all of its parts are shown."""
        shown = ~np.any([self._hidden(part, hidden) for part in (remainder.whole, *remainder.parts)], 0)
        position = self.index[remainder.suppressed_part]
        wider = hidden.copy()
        wider[position] |= is_small & shown & (self.growing.counts[position] > 0)
        return wider

    def settle(self, hidden: Bools, leaders: Leaders) -> Bools:
        """The suppressed cells with their secondary cells: first of the counts that lead, then of all.

        The leaders of remainders are added to `leaders`.
        """
        for remainder, rest in self.remainders:
            if positions := self._leader_and_part(remainder):
                leader, part = positions
                leaders.setdefault(part, []).append((leader, _leads(remainder, rest)))
        followers = list(leaders)
        leading = hidden.copy()
        leading[followers] = False
        settled = self._protect(leading)
        for follower in followers:
            led = np.any([settled[position] & where for position, where in leaders[follower]], 0)
            settled[follower] = hidden[follower] | (led & (self.growing.counts[follower] > 0))
        return self._protect(settled) if followers else settled

    def _protect(self, hidden: Bools) -> Bools:
        cost = self.cost.copy()
        for remainder, _ in self.remainders:
            if positions := self._leader_and_part(remainder):
                # hiding a part whose leader is a shown 0 protects nothing
                leader, part = positions
                cost[part][(self.growing.counts[leader] == 0) & ~hidden[leader]] = np.inf
        return protect_in_time(self.tree, self.growing, self._room, cost, hidden)

    def _room(self, hidden: Bools) -> tuple[Bools, Bools]:
        """Which cells could be lower and which higher, as far as remainders of 0 allow.

        If nothing remains, a part cannot rise while the whole and the other parts are shown. If the part equals
        the whole, the whole can fall only if the part falls: the part must be suppressed wherever the whole is.
        """
        down, up = self.can_fall.copy(), self.can_rise.copy()
        for remainder, rest in self.remainders:
            is_zero = rest == 0
            parts = (remainder.whole, *remainder.parts)
            for part in remainder.parts:
                if part in self.index and part != remainder.leader:
                    others_shown = ~np.any([self._hidden(other, hidden) for other in parts if other != part], 0)
                    up[self.index[part]] &= ~(is_zero & others_shown)
            positions = self._leader_and_part(remainder)
            if positions and remainder.leader == remainder.whole:
                whole, part_position = positions
                is_alone = (hidden[whole] & (self.growing.counts[part_position] <= 0)).any(-1, keepdims=True)
                down[whole] &= ~(is_alone & is_zero)
        return down, up

    def _leader_and_part(self, remainder: Remainder) -> tuple[int, int] | None:
        """The positions of the leader and of the suppressed part; None if one of them is not settled here."""
        leader, part = remainder.leader, remainder.suppressed_part
        if leader is None or leader not in self.index or part not in self.index:
            return None
        return self.index[leader], self.index[part]

    def _hidden(self, part: Part, hidden: Bools) -> Bools:
        return hidden[self.index[part]] if part in self.index else self.settled[part]
