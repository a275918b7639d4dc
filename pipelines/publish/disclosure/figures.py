"""Which figures are suppressed: every count of every indicator, area, month and extract.

Belongs here: what is small, what hangs together, and the order in which it is settled. Does not belong here: the
walk through a tree (`protection`), which counts are the same (`related_counts`), columns of marts (`open_tables`).

Counts that are denominators or stand alone are settled first, then the numerators of percentages: a suppressed
denominator takes its percentages along, a suppressed numerator leaves its denominator as it is. With the
denominators known each numerator can still move, because those who are not in it make up for it. That is why
every count can be settled along its own tree.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.dictionary.indicator_relations import Part
from pipelines.publish.disclosure.assurance import Extract, assured
from pipelines.publish.disclosure.decisions import Decisions
from pipelines.publish.disclosure.related_counts import Remainder, related_counts
from pipelines.publish.disclosure.series import Growing, protect_in_time
from pipelines.publish.disclosure.tree import (
    NOBODY,
    NOT_ALLOCATED,
    Bools,
    Counts,
    Tree,
    joined_localities,
    least_loss_first,
)

FIGURE = ("indicator_id", "la_code", "area_type", "area_name", "month", "extract_month")
ABSENT = -1
"""No row: for a team that is nobody, for an authority that the drop lacks what the indicator needs."""


def suppressed_figures(
    figures: pl.DataFrame,
    teams: pl.DataFrame,
    smallest_shown: int,
    published: pl.DataFrame | None = None,
    decisions: Decisions | None = None,
) -> pl.DataFrame:
    """The figures of which something is suppressed, with `hides_numerator` and `hides_denominator`.

    `figures` has the columns of `FIGURE` and period, unit, numerator and denominator; `teams` has la_code,
    extract_month,
    team_name and locality_name. Counts from 1 up to one below `smallest_shown` are small. The answer for an
    extract
    depends on it and on earlier extracts, never on later ones. `published` is such an answer given before, of
    figures that may have been others: what it suppresses is suppressed again, so that two releases together tell
    no more than the first. `decisions` are those kept from earlier releases.
    """
    kept = decisions or Decisions(None)
    given = (
        figures.select(*FIGURE)
        if published is None
        else figures.select(*FIGURE).join(published, on=FIGURE, how="left", maintain_order="left")
    )
    hides = ("hides_numerator", "hides_denominator")
    figures = figures.with_columns(
        (given[name].fill_null(False) if name in given.columns else pl.lit(False)).alias(name) for name in hides
    )
    found = [
        _Authority(own, teams.filter(pl.col("la_code") == la_code[0]), smallest_shown).suppressed(kept)
        for la_code, own in figures.partition_by("la_code", as_dict=True, maintain_order=True).items()
    ]
    return pl.concat(found) if found else _decided(figures, np.zeros(0, np.bool_), np.zeros(0, np.bool_))


def _decided(figures: pl.DataFrame, numerators: Bools, denominators: Bools) -> pl.DataFrame:
    return figures.select(
        *FIGURE, pl.Series("hides_numerator", numerators), pl.Series("hides_denominator", denominators)
    ).filter(pl.col("hides_numerator") | pl.col("hides_denominator"))


@dataclass(frozen=True)
class _Areas:
    """The areas of one extract as columns; localities that cannot be told apart have a column of their sum
    behind."""

    tree: Tree
    joined: tuple[tuple[int, ...], ...]

    def with_sums(self, counts: Counts) -> Counts:
        sums = [
            np.where((own := counts[..., list(columns)]).max(-1) == ABSENT, ABSENT, np.maximum(own, 0).sum(-1))
            for columns in self.joined
        ]
        return np.concatenate([counts, *(one[..., None] for one in sums)], -1)

    def with_any(self, hidden: Bools) -> Bools:
        sums = [hidden[..., list(columns)].any(-1, keepdims=True) for columns in self.joined]
        return np.concatenate([hidden, *sums], -1)

    def spread(self, hidden: Bools, counts: Counts) -> Bools:
        """The suppressed sums given back to their localities."""
        width = hidden.shape[-1] - len(self.joined)
        own = hidden[..., :width].copy()
        for place, columns in enumerate(self.joined):
            own[..., list(columns)] |= hidden[..., width + place, None] & (counts[..., list(columns)] > 0)
        return own


class _Authority:
    """The figures of one authority as arrays: (extract, indicator, month, area)."""

    def __init__(self, figures: pl.DataFrame, teams: pl.DataFrame, smallest_shown: int):
        self.figures, self.teams, self.smallest_shown = figures, teams, smallest_shown
        self.indicators = figures["indicator_id"].unique().sort().to_list()
        self.months = figures["month"].unique().sort().to_list()
        self.extracts = figures["extract_month"].unique().sort().to_list()
        spare = pl.DataFrame({"area_type": ["locality"], "area_name": [NOT_ALLOCATED]})
        self.areas = (
            pl.concat([figures.select("area_type", "area_name"), spare]).unique().sort("area_type", "area_name")
        )
        self.place = self._places()
        shape = (len(self.extracts), len(self.indicators), len(self.months), self.areas.height)
        self.numerators = self._array(shape, "numerator")
        self.denominators = self._array(shape, "denominator")
        kinds = {
            indicator: (unit, period)
            for indicator, unit, period in figures.select("indicator_id", "unit", "period").unique().iter_rows()
        }
        self.was_hidden = {part: self._array(shape, f"hides_{part}") > 0 for part in ("numerator", "denominator")}
        self.percentages = [name for name in self.indicators if kinds[name][0] == "percentage"]
        self.counts = self._classes()
        self.count_of = {part: place for place, parts in enumerate(self.counts) for part in parts}
        self.adds_up = np.array([kinds[parts[0].indicator_id][1] == "ytd" for parts in self.counts])
        self.percentage_adds_up = np.array([kinds[name][1] == "ytd" for name in self.percentages])
        self.years = np.array([month.year - (month.month < 4) for month in self.months])

    def suppressed(self, kept: Decisions) -> pl.DataFrame:
        hides_numerator = np.zeros(self.numerators.shape, np.bool_)
        hides_denominator = np.zeros_like(hides_numerator)
        months, width = len(self.months), self.areas.height
        hidden_counts = np.zeros((len(self.counts), months, width), np.bool_)
        hidden_percentages = np.zeros((len(self.percentages), months, width), np.bool_)
        for extract in range(len(self.extracts)):
            # what was suppressed of a month stays so in later extracts: the figure has hardly changed
            of = self.months_of(extract)
            settled = _Extract(self, extract, of)
            counts_before = hidden_counts[:, of] | np.stack(
                [np.any([self.hidden_before(part, extract)[of] for part in parts], 0) for parts in self.counts]
            )
            published = np.zeros_like(hidden_percentages[:, of])
            for place, name in enumerate(self.percentages):
                published[place] = self.hidden_before(Part(name, "numerator"), extract)[of]
            # nobody is shown where an earlier extract told nothing, but not where an earlier release did
            percentages_before = published | (hidden_percentages[:, of] & (settled.own_numerators() > 0))
            counted, shares = settled.suppressed(counts_before, percentages_before, kept)
            hidden_counts[:, of] |= counted
            hidden_percentages[:, of] |= shares
            for place, indicator in enumerate(self.indicators):
                if (own := self.count_of.get(Part(indicator, "numerator"))) is not None:
                    hides_numerator[extract, place, of] = counted[own]
                else:
                    hides_numerator[extract, place, of] = shares[self.percentages.index(indicator)]
                    hides_denominator[extract, place, of] = counted[self.count_of[Part(indicator, "denominator")]]
        return _decided(self.figures, hides_numerator[self.place], hides_denominator[self.place])

    def months_of(self, extract: int) -> slice:
        """From the first to the last month that an extract has figures of."""
        there = np.flatnonzero((self.numerators[extract] != ABSENT).any((0, 2)))
        return slice(there[0], there[-1] + 1) if len(there) else slice(0, 1)

    def values(self, part: Part, extract: int) -> Counts:
        """(month, area)"""
        if part.indicator_id not in self.indicators:
            return np.full(self.numerators.shape[2:], ABSENT)
        source = self.numerators if part.part == "numerator" else self.denominators
        values: Counts = source[extract, self.indicators.index(part.indicator_id)]
        return values

    def hidden_before(self, part: Part, extract: int) -> Bools:
        """Where an earlier release does not tell a count (month, area)."""
        found: Bools = np.zeros(self.numerators.shape[2:], np.bool_)
        if part.indicator_id in self.indicators:
            found = self.was_hidden[part.part][extract, self.indicators.index(part.indicator_id)]
        return found

    def areas_of(self, extract: int) -> _Areas:
        names: dict[str, list[str]] = {"locality": [], "team": []}
        column: dict[tuple[str, str], int] = {}
        for place, (area_type, name) in enumerate(self.areas.iter_rows()):
            column[area_type, name] = place
            names.setdefault(area_type, []).append(name)
        localities_of: dict[str, set[str]] = {NOT_ALLOCATED: {NOT_ALLOCATED}}
        own = self.teams.filter(pl.col("extract_month") == self.extracts[extract])
        for team, locality in own.select("team_name", "locality_name").unique().sort(pl.all()).iter_rows():
            if ("locality", locality) in column:
                localities_of.setdefault(team, set()).add(locality)
        first = joined_localities(localities_of, names["locality"])
        groups = sorted(set(first.values()))
        members = {
            group: tuple(column["locality", one] for one in first if first[one] == group) for group in groups
        }
        joined = {group: columns for group, columns in members.items() if len(columns) > 1}
        behind = {group: self.areas.height + place for place, group in enumerate(joined)}
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

    def _places(self) -> tuple[NDArray[np.intp], ...]:
        """Where each row of the figures stands in the arrays."""
        indexed = self.figures.select(*FIGURE)
        axes: tuple[tuple[list[str], pl.DataFrame], ...] = (
            (["extract_month"], pl.DataFrame({"extract_month": self.extracts})),
            (["indicator_id"], pl.DataFrame({"indicator_id": self.indicators})),
            (["month"], pl.DataFrame({"month": self.months})),
            (["area_type", "area_name"], self.areas),
        )
        return tuple(
            indexed.join(axis.with_row_index("place"), on=keys, how="left", maintain_order="left")["place"]
            .cast(pl.Int64)
            .to_numpy()
            for keys, axis in axes
        )

    def _array(self, shape: tuple[int, ...], column: str) -> Counts:
        values = np.full(shape, ABSENT, np.int64)
        values[self.place] = self.figures[column].cast(pl.Int64).fill_null(ABSENT).to_numpy()
        return values

    def _classes(self) -> list[tuple[Part, ...]]:
        """Counts that are a denominator or stand alone, each with all the places where it is published."""
        parts = [
            Part(name, "denominator") if name in self.percentages else Part(name, "numerator")
            for name in self.indicators
        ]
        same = [tuple(part for part in group if part in parts) for group in related_counts().equal]
        grouped = {part for group in same for part in group}
        return [group for group in same if group] + [(part,) for part in parts if part not in grouped]


class _Extract:
    """One extract of an authority, settled in two steps. Arrays: (count or percentage, month, area)."""

    def __init__(self, authority: _Authority, extract: int, months: slice):
        self.authority, self.extract, self.months = authority, extract, months
        years = authority.years[months]
        self.begins_year = np.append(True, years[1:] != years[:-1])
        self.areas = authority.areas_of(extract)
        self.counts = np.stack([np.max([self._values(part) for part in parts], 0) for parts in authority.counts])
        self.numerators = np.stack(
            [self._values(Part(name, "numerator")) for name in authority.percentages]
            or [np.zeros_like(self.counts[0])]
        )[: len(authority.percentages)]
        self.base = [authority.count_of[Part(name, "denominator")] for name in authority.percentages]
        self.others = np.where(self.numerators == ABSENT, ABSENT, self.counts[self.base] - self.numerators)

    def suppressed(self, counts_before: Bools, percentages_before: Bools, kept: Decisions) -> tuple[Bools, Bools]:
        """Which counts and which percentages are suppressed, given what was in earlier extracts."""
        tree = self.areas.tree
        given = [
            related_counts(),
            self.authority.counts, self.authority.percentages, self.authority.smallest_shown, self.areas.joined,
            self.authority.adds_up, self.authority.percentage_adds_up, self.begins_year, self._not_allocated(),
            tree.root, tree.groups, tree.leaves, tree.group_of_leaf,
            self.counts, self.numerators, counts_before, percentages_before,
        ]  # fmt: skip
        hidden = kept.of(given, lambda: self._decided(counts_before, percentages_before))
        return hidden[: len(self.counts)], hidden[len(self.counts) :]

    def own_numerators(self) -> Counts:
        """The numerators of percentages in the areas of the figures."""
        return self.numerators[..., : self.authority.areas.height]

    def _decided(self, counts_before: Bools, percentages_before: Bools) -> Bools:
        counted = self.counts_hidden(counts_before)
        chosen = np.concatenate([counted, self.percentages_hidden(percentages_before, counted)])
        split = len(self.counts)
        extract = Extract(
            tree=self.areas.tree,
            counts=np.concatenate([self.counts, self.numerators]),
            place=self.authority.count_of
            | {Part(name, "numerator"): split + place for place, name in enumerate(self.authority.percentages)},
            base={split + place: base for place, base in enumerate(self.base)},
            adds_up=np.append(self.authority.adds_up, self.authority.percentage_adds_up),
            begins_year=self.begins_year,
            smallest_shown=self.authority.smallest_shown,
        )
        return self.areas.spread(assured(extract, self.areas.with_any(chosen)), extract.counts)

    def counts_hidden(self, before: Bools) -> Bools:
        """Which counts are suppressed, given what was in earlier extracts."""
        counts, places = self.counts, self.authority.count_of
        small_percentages = self._small(self.numerators) | self._small(self.others)
        own = {Part(name, "numerator"): place for place, name in enumerate(self.authority.percentages)}
        cost = least_loss_first(counts, self._not_allocated())
        cost[counts == 0] = np.inf
        growing = Growing(self.begins_year, self.authority.adds_up, counts, None)

        def room(taken: Bools) -> tuple[Bools, Bools]:
            up = np.ones_like(taken)
            for place, held in self._held_parts(
                places, lambda part: small_percentages[own[part]] if part in own else taken[places[part]]
            ).items():
                up[place] &= ~held
            down = counts > 1
            self._hold_wholes(down, taken, places, counts)
            return down, up

        hidden = self._small(counts) | (self.areas.with_any(before) & (counts > 0))
        self._withhold_remainders(hidden, lambda part: hidden[places[part]], places)
        everywhere = np.ones_like(hidden[0])
        leaders = {
            places[part]: [(places[one], everywhere) for one in addends if one in places]
            for part, addends in related_counts().sums.items()
            if part in places
        }
        for rest in related_counts().remainders:
            if rest.leader in places and rest.suppressed_part in places:
                leaders.setdefault(places[rest.suppressed_part], []).append((places[rest.leader], self._led(rest)))
        hidden = self._follow(
            hidden, leaders, lambda taken: protect_in_time(self.areas.tree, growing, room, cost, taken), counts
        )
        return self.areas.spread(hidden, counts)

    def percentages_hidden(self, before: Bools, hidden_counts: Bools) -> Bools:
        """Which percentages are suppressed, given the counts they stand on."""
        if not self.base:
            return before
        numerators, places = self.numerators, self.authority.count_of
        base_hidden = self.areas.with_any(hidden_counts)
        own = {Part(name, "numerator"): place for place, name in enumerate(self.authority.percentages)}
        # of a known denominator that is large enough, nobody and everybody would have been shown
        least = np.where(base_hidden[self.base], 0, 1)
        cost = least_loss_first(numerators, self._not_allocated())
        # nobody is told like anybody, but nobody of many would tell of nobody of few
        cost[numerators == 0] = NOBODY
        growing = Growing(self.begins_year, self.authority.percentage_adds_up, numerators, self.others)

        def room(taken: Bools) -> tuple[Bools, Bools]:
            up = self.others > least
            for place, held in self._held_parts(
                own, lambda part: taken[own[part]] if part in own else base_hidden[places[part]]
            ).items():
                up[place] &= ~held
            down = numerators > least
            self._hold_wholes(down, taken, own, numerators)
            return down, up

        def protected(taken: Bools) -> Bools:
            # a part of nobody, who are shown, hides nothing
            own_cost = cost.copy()
            for rest in related_counts().remainders:
                if rest.leader in own and rest.suppressed_part in own:
                    leader = own[rest.leader]
                    own_cost[own[rest.suppressed_part]][(numerators[leader] == 0) & ~taken[leader]] = np.inf
            return protect_in_time(self.areas.tree, growing, room, own_cost, taken)

        exists = numerators != ABSENT
        hidden = self._small(numerators) | self._small(self.others) | base_hidden[self.base]
        hidden = exists & (hidden | self.areas.with_any(before))
        self._withhold_remainders(
            hidden, lambda part: hidden[own[part]] if part in own else base_hidden[places[part]], own
        )
        leaders: dict[int, list[tuple[int, Bools]]] = {}
        for rest in related_counts().remainders:
            if rest.suppressed_part in own and rest.leader in own:
                leaders.setdefault(own[rest.suppressed_part], []).append((own[rest.leader], self._led(rest)))
            elif rest.suppressed_part in own and rest.leader in places:
                follows = base_hidden[places[rest.leader]] & self._led(rest)
                hidden[own[rest.suppressed_part]] |= follows & exists[own[rest.suppressed_part]]
        hidden = self._follow(hidden, leaders, protected, numerators)
        return self.areas.spread(hidden, numerators)

    def _withhold_remainders(
        self, hidden: Bools, hidden_of: Callable[[Part], Bools], places: Mapping[Part, int]
    ) -> None:
        """Suppresses a part of each small remainder that could be worked out."""
        for rest in related_counts().remainders:
            parts = (rest.whole, *rest.parts)
            if rest.suppressed_part in places and all(self._is_known(part) for part in parts):
                try:
                    is_told = ~np.any([hidden_of(part) for part in parts], 0)
                except KeyError:
                    continue
                own = places[rest.suppressed_part]
                hidden[own] |= (
                    self._small(self._rest(rest.whole, rest.parts))
                    & is_told
                    & (self._values(rest.suppressed_part) > 0)
                )

    def _follow(
        self,
        hidden: Bools,
        leaders: Mapping[int, Sequence[tuple[int, Bools]]],
        protected: Callable[[Bools], Bools],
        counts: Counts,
    ) -> Bools:
        """Settles the counts that lead, then those that are suppressed where their leaders are."""
        followers = list(leaders)
        own = hidden[followers].copy()
        hidden[followers] = False
        hidden = protected(hidden)
        for place, follower in enumerate(followers):
            led = np.any([hidden[leader] & where for leader, where in leaders[follower]], 0)
            hidden[follower] = own[place] | (led & (counts[follower] > 0))
        return protected(hidden) if followers else hidden

    def _held_parts(self, places: Mapping[Part, int], hidden_of: Callable[[Part], Bools]) -> dict[int, Bools]:
        """The parts that cannot grow, because they are the whole already and everything else of it is shown."""
        held: dict[int, Bools] = {}
        for rest in related_counts().remainders:
            parts = (rest.whole, *rest.parts)
            if all(self._is_known(part) for part in parts):
                nobody = self._is_nobody(rest)
                for part in (one for one in rest.parts if one in places and one != rest.leader):
                    shown = ~np.any([hidden_of(one) for one in parts if one != part], 0)
                    held[places[part]] = held.get(places[part], False) | (nobody & shown)
        return held

    def _hold_wholes(self, down: Bools, hidden: Bools, places: Mapping[Part, int], counts: Counts) -> None:
        """A whole that is all in its part can shrink only together with it, and so only where the part is
        everywhere that
        the whole is suppressed."""
        for rest in related_counts().remainders:
            if rest.leader == rest.whole and rest.leader in places and rest.suppressed_part in places:
                whole, part = places[rest.whole], places[rest.suppressed_part]
                is_alone = (hidden[whole] & (counts[part] <= 0)).any(-1, keepdims=True)
                down[whole] &= ~(is_alone & self._is_nobody(rest))

    def _values(self, part: Part) -> Counts:
        return self.areas.with_sums(self.authority.values(part, self.extract)[self.months])

    def _rest(self, whole: Part, less: Iterable[Part]) -> Counts:
        """Those of `whole` in none of `less`; ABSENT where the definitions do not hold."""
        rest = np.maximum(self._values(whole), 0) - np.sum([np.maximum(self._values(part), 0) for part in less], 0)
        known: Counts = np.maximum(rest, ABSENT)
        return known

    def _led(self, rest: Remainder) -> Bools:
        """Where what is withheld goes with its leader: a part with its whole, two parts where they are all of
        it."""
        return np.ones_like(self.counts[0], np.bool_) if rest.leader == rest.whole else self._is_nobody(rest)

    def _is_nobody(self, rest: Remainder) -> Bools:
        is_nobody: Bools = self._rest(rest.whole, rest.parts) == 0
        return is_nobody

    def _small(self, counts: Counts) -> Bools:
        return (counts > 0) & (counts < self.authority.smallest_shown)

    def _percentage(self, part: Part) -> int | None:
        names = self.authority.percentages
        return names.index(part.indicator_id) if part.part == "numerator" and part.indicator_id in names else None

    def _is_known(self, part: Part) -> bool:
        return part in self.authority.count_of or self._percentage(part) is not None

    def _not_allocated(self) -> Bools:
        names = self.authority.areas["area_name"] == NOT_ALLOCATED
        return np.concatenate([names.to_numpy(), np.zeros(len(self.areas.joined), np.bool_)])
