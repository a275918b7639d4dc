"""What an attacker can work out from the figures in `open/`, if the attacker knows how they are suppressed.

Written from the published layout, from the relations of the register and from docs/disclosure.md, without the code
that suppresses. The attacker knows which areas add up to which, which counts are equal, part of one another or
stock and flow, and that counts since April only grow; and knows the rule: a headline is hidden where a group is
small, a table of areas is shown whole or not at all. What the attacker asks of every hidden number: is there
another filling of all hidden numbers of an extract that agrees with everything shown, and would it have been
suppressed alike?

A filling is searched with integer programming (`Problem`). Whether it would really have been suppressed alike,
`attack` asks its caller, who suppresses it.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from pipelines.dictionary.indicator_relations import Relation, relations

NUMERATOR, DENOMINATOR = "numerator", "denominator"
PARTS = (NUMERATOR, DENOMINATOR)
MEANS = ("score", "months", "days")
COUNTED = {"percentage": PARTS, **dict.fromkeys(MEANS, (DENOMINATOR,))}
"""The parts of an indicator that are counts; of other units the numerator is."""
COLUMNS = ("indicator_id", "area_type", "month")
KEYS = ["indicator_id", "la_code", "area_type", "area_name", "month", "extract_month"]
SMALL = 6
"""Counts from 1 to one below it are small."""
LARGE = np.inf
STEPS = (1, 3, 8, 60)
"""How far a filling goes from the truth at most."""
Count = tuple[str, str]
Terms = tuple[tuple[int, int], ...]
"""A sum: (count, factor)."""
NOBODY_IS_SMALL = (0, 0.1)
"""How often another filling moves the only small group of a table to an area without children. The attack takes
one of the two for each problem: such a filling is often impossible, and then 0 finds one. With 0 only tables of
what is left may do so."""
Ints = NDArray[np.int64]
Limits = tuple[Ints, Ints, float, float]
"""Places, their factors, and how far the sum may change."""


@dataclass(frozen=True)
class Group:
    """People or events that can be counted; where it is small, the count `named` is hidden."""

    name: str
    terms: Terms
    named: int
    is_rest: bool = False


@dataclass
class Rows:
    """Sums of changes of hidden numbers with the limits that they keep."""

    places: list[Ints] = field(default_factory=list)
    factors: list[Ints] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, places: Ints, factors: Ints, low: float, high: float) -> None:
        is_hidden = places >= 0
        if is_hidden.any():
            self.places.append(places[is_hidden])
            self.factors.append(factors[is_hidden])
            self.low.append(low)
            self.high.append(high)

    def matrix(self, width: int) -> csr_array:
        lengths = [len(own) for own in self.places]
        row = np.repeat(np.arange(len(lengths)), lengths)
        entries = (np.concatenate(self.factors), (row, np.concatenate(self.places)))
        return csr_array(coo_array(entries, shape=(len(lengths), width)))


class Extract:
    """The figures of one authority and one extract: what is shown, and the truth to begin from.

    `shown` and `truth` are rows of mart_indicator_monthly; `locality_of` has the locality of each team.
    """

    def __init__(
        self,
        shown: pl.DataFrame,
        truth: pl.DataFrame,
        locality_of: Iterable[tuple[str, str]],
        known_relations: Sequence[Relation] | None = None,
    ):
        self.relations = relations() if known_relations is None else known_relations
        levels = [kind for kind in ("locality", "team") if kind in shown["area_type"]]
        self.figures = truth
        self.in_areas = set(truth.filter(pl.col("area_type") != "authority")["indicator_id"])
        truth = truth.filter(pl.col("area_type").is_in(["authority", *levels]))
        self.kinds = dict(truth.select("indicator_id", "unit").iter_rows())
        self.periods = dict(truth.select("indicator_id", "period").iter_rows())
        self.months: list[dt.date] = sorted(truth["month"].unique())
        below = pl.concat([shown, truth], how="diagonal").filter(pl.col("area_type") != "authority")
        areas = below.select("area_type", "area_name").unique().sort("area_type", "area_name").rows()
        self.areas = [
            *truth.filter(pl.col("area_type") == "authority").select("area_type", "area_name").rows()[:1],
            *areas,
        ]
        self.levels = [
            (kind, [place for place, area in enumerate(self.areas) if area[0] == kind]) for kind in levels
        ]
        self.sums = self._sums(dict(locality_of))
        self._name_counts()
        shape = (len(self.counts), len(self.months), len(self.areas))
        self.truth = np.zeros(shape, np.int64)
        self.exists = np.zeros(shape[:2], np.bool_)
        self.hidden = np.zeros(shape, np.bool_)
        self._read(truth)
        self._look(shown)
        self.places = np.full(shape, -1, np.int64)
        self.places[self.hidden] = np.arange(self.hidden.sum())
        self.start = self.truth[self.hidden]
        self.groups = self._groups()
        self.flows = self._flows()

    def _name_counts(self) -> None:
        same: dict[Count, Count] = {}
        for row in self.relations:
            if row.relation == "equals":
                same[row.count] = row.other
        self.counts: list[Count] = []
        self.position: dict[Count, int] = {}
        every = [(name, part) for name, unit in self.kinds.items() for part in COUNTED.get(unit, (NUMERATOR,))]
        for count in every:
            first = count
            while first in same:
                first = tuple(same[first])
            if first not in self.position:
                self.position[first] = len(self.counts)
                self.counts.append(count)
            self.position[count] = self.position[first]

    def _sums(self, locality_of: dict[str, str]) -> list[tuple[list[int], list[int]]]:
        """Pairs of (areas, areas) that have the same people."""
        at = {area: place for place, area in enumerate(self.areas)}
        sums = [([0], places) for kind, places in self.levels if kind == "locality"]
        teams = defaultdict(list)
        for kind, name in self.areas:
            if kind == "team":
                teams["locality", locality_of.get(name, "Not allocated")].append(at[kind, name])
        return sums + [([at[locality]], own) for locality, own in teams.items() if locality in at]

    def _read(self, truth: pl.DataFrame) -> None:
        at_month = {month: place for place, month in enumerate(self.months)}
        at_area = {area: place for place, area in enumerate(self.areas)}
        has_areas = np.zeros(len(self.counts), np.bool_)
        for indicator, kind, month, name, *numbers in truth.select(*COLUMNS, "area_name", *PARTS).iter_rows():
            area = at_area[kind, name]
            for part, number in zip(PARTS, numbers, strict=True):
                count = self.position.get((indicator, part))
                if count is None or numbers[0] is None:
                    continue
                self.truth[count, at_month[month], area] = number or 0
                if kind == "authority":
                    self.exists[count, at_month[month]] = True
                else:
                    has_areas[count] = True
        self.has_areas = has_areas
        self.hidden[..., 0] = self.exists
        self.hidden[..., 1:] = (self.exists & has_areas[:, None])[..., None]

    def _look(self, shown: pl.DataFrame) -> None:
        """What is there to be seen. An area without a row in a table without a hidden number is one of nobody."""
        at_month = {month: place for place, month in enumerate(self.months)}
        at_area = {area: place for place, area in enumerate(self.areas)}
        seen: dict[tuple[str, str, int], dict[int, list[int | None]]] = defaultdict(dict)
        for indicator, kind, month, name, *numbers in shown.select(*COLUMNS, "area_name", *PARTS).iter_rows():
            seen[indicator, kind, at_month[month]][at_area[kind, name]] = numbers
        for (indicator, part), count in self.position.items():
            own = PARTS.index(part)
            for at, (kind, places) in itertools.product(at_month.values(), [("authority", [0]), *self.levels]):
                rows = seen.get((indicator, kind, at), {})
                told = [area for area, numbers in rows.items() if numbers[own] is not None]
                if len(told) == len(rows) and (indicator, "authority", at) in seen and indicator in self.in_areas:
                    told = places
                self.hidden[count, at, told] = False

    def _groups(self) -> list[Group]:
        groups = [Group(" ".join(count), ((place, 1),), place) for place, count in enumerate(self.counts)]
        for name, unit in self.kinds.items():
            if unit == "percentage":
                own, base = self.position[name, NUMERATOR], self.position[name, DENOMINATOR]
                groups.append(Group(f"{name} others", ((base, 1), (own, -1)), own))
        parts = defaultdict(list)
        for row in self.relations:
            if row.relation == "part of" and row.count in self.position and row.other in self.position:
                parts[row.parts_group or row.count, row.other].append(row.count)
        for (_, whole), own in parts.items():
            places = [self.position[part] for part in own]
            terms = ((self.position[whole], 1), *((place, -1) for place in places))
            groups.append(Group(f"{whole[0]} without {own[0][0]}", terms, places[-1], is_rest=True))
        return groups

    def _flows(self) -> list[tuple[int, Terms]]:
        moves: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row in self.relations:
            if row.relation in {"gains", "loses"} and row.count in self.position and row.other in self.position:
                sign = 1 if row.relation == "gains" else -1
                moves[self.position[row.count]].append((self.position[row.other], sign))
        return [(stock, tuple(own)) for stock, own in moves.items()]

    def value(self, terms: Terms, counts: Ints) -> Ints:
        """The size of a sum (month, area)."""
        return sum(factor * counts[place] for place, factor in terms)

    def is_there(self, terms: Terms) -> NDArray[np.bool_]:
        """(month): all counts of a sum have a figure."""
        return self.exists[[place for place, _ in terms]].all(0)

    def asked(self) -> dict[str, tuple[Ints, Ints]]:
        """What must keep two values: each hidden count, hidden others, and each small rest; as sums of places.

        A hidden number that is 0 is left out: that it counts nobody is all it could tell.
        """
        found = {}
        for group in self.groups:
            value, is_there = self.value(group.terms, self.truth), self.is_there(group.terms)
            for month, area in np.argwhere((value != 0) & is_there[:, None]):
                is_hidden = self.hidden[group.named, month, area]
                is_small_rest = group.is_rest and 0 < abs(value[month, area]) < SMALL
                if (is_hidden and not group.is_rest) or is_small_rest:
                    places = np.array([self.places[place, month, area] for place, _ in group.terms])
                    factors = np.array([factor for _, factor in group.terms])
                    name = f"{group.name}, {' '.join(self.areas[area])}, {self.months[month]:%Y-%m}"
                    found[name] = (places[places >= 0], factors[places >= 0])
        return found

    @cache  # noqa: B019 - an extract lives as long as its attack
    def _certain(self) -> Rows:
        """What holds whatever the rule of suppression is."""
        rows = Rows()
        for count, month in np.argwhere(self.exists & self.has_areas[:, None]):
            for wholes, members in self.sums:
                places = self.places[count, month]
                rows.add(
                    np.concatenate([places[wholes], places[members]]),
                    np.concatenate([np.ones(len(wholes), np.int64), -np.ones(len(members), np.int64)]),
                    0,
                    0,
                )
        years = np.array([month.year - (month.month < 4) for month in self.months])
        for group in self.groups:
            factors = np.array([factor for _, factor in group.terms])
            own = [place for place, _ in group.terms]
            value, is_there = self.value(group.terms, self.truth), self.is_there(group.terms)
            grows = all(self.periods[self.counts[place][0]] == "ytd" for place in own) and not group.is_rest
            for month, area in itertools.product(np.flatnonzero(is_there), range(len(self.areas))):
                places = self.places[own, month, area]
                rows.add(places, factors, -max(value[month, area], 0), LARGE)
                if grows and month + 1 < len(years) and is_there[month + 1] and years[month + 1] == years[month]:
                    more = value[month + 1, area] - value[month, area]
                    both = np.concatenate([self.places[own, month + 1, area], places])
                    rows.add(both, np.concatenate([factors, -factors]), -max(more, 0), LARGE)
        self._note_flows(rows, years)
        self._note_years(rows)
        return rows

    def _note_years(self, rows: Rows) -> None:
        """Who left in twelve months are those who left in each of them."""
        for row in self.relations:
            part, whole = self.position.get(row.count), self.position.get(row.other)
            if row.relation != "part of" or part is None or whole is None:
                continue
            if (self.periods.get(row.count[0]), self.periods.get(row.other[0])) != ("month", "rolling_12"):
                continue
            for month, area in itertools.product(range(11, len(self.months)), range(len(self.areas))):
                own = range(month - 11, month + 1)
                if self.exists[whole, month] and self.exists[part, own].all():
                    places = np.array([self.places[whole, month, area], *self.places[part, own, area]])
                    rows.add(places, np.array([-1, *[1] * 12]), 0, 0)

    def _note_flows(self, rows: Rows, years: Ints) -> None:
        """Stock and flow: in the authority; in other areas, if it is right there in most months."""
        for stock, moves in self.flows:
            terms: dict[int, list[tuple[list[tuple[int, int]], list[int], bool]]] = {0: [], 1: []}
            for month, area in itertools.product(range(1, len(years)), range(len(self.areas))):
                if not self.exists[stock, month - 1 : month + 1].all():
                    continue
                cells, factors = [(stock, month), (stock, month - 1)], [1, -1]
                for count, sign in moves:
                    period = self.periods[self.counts[count][0]]
                    cells.append((count, month))
                    factors.append(-sign)
                    if period == "month_end" or (period == "ytd" and years[month - 1] == years[month]):
                        cells.append((count, month - 1))
                        factors.append(sign)
                gap = sum(factor * self.truth[(*cell, area)] for cell, factor in zip(cells, factors, strict=True))
                terms[min(area, 1)].append(([(*cell, area) for cell in cells], factors, gap == 0))
            for own in terms.values():
                is_believed = own is terms[0] or 4 * sum(is_right for *_, is_right in own) >= 3 * len(own)
                for cells, factors, is_right in own if is_believed else ():
                    # elsewhere the attacker would believe something wrong
                    if is_right or own is terms[0]:
                        rows.add(self.places[tuple(zip(*cells, strict=True))], np.array(factors), 0, 0)

    @cache  # noqa: B019 - an extract lives as long as its attack
    def _same_decision(self) -> tuple[Rows, dict[tuple[int, int, str], tuple[list[Limits], list[Limits]]]]:
        """What makes sure that the rule would hide the same: enough, not all that would do.

        A group whose number or table is shown keeps its class: nobody, small or large. Each number and each table
        that is hidden because a group is small keeps one of its small groups small: all small groups of each,
        then all of nobody, who may be the small ones in another filling.
        """
        rows = Rows()
        witnesses: dict[tuple[int, int, str], tuple[list[Limits], list[Limits]]] = defaultdict(lambda: ([], []))
        for group in self.groups:
            own, factors = (np.array(column) for column in zip(*group.terms, strict=True))
            value, is_there = self.value(group.terms, self.truth), self.is_there(group.terms)
            for month in np.flatnonzero(is_there):
                is_small = self._is_small_headline(group.named, month)
                for kind, level in [("authority", [0]), *self.levels]:
                    is_hidden = self.hidden[group.named, month, level].any() if level != [0] else is_small
                    for area in level:
                        limits = (self.places[own, month, area], factors, *class_of(value[month, area]))
                        if not is_hidden:
                            rows.add(*limits)
                        elif abs(value[month, area]) < SMALL and not (area == 0 and group.is_rest):
                            is_nobody = bool(value[month, area] == 0)
                            if is_nobody:
                                limits = (*limits[:2], 1, SMALL - 1)
                            witnesses[group.named, month, kind][is_nobody].append(limits)
        return rows, dict(witnesses)

    def _is_small_headline(self, count: int, month: int) -> bool:
        """A group of the authority that names the count is small. A rest hides no headline."""
        own = [group for group in self.groups if group.named == count and not group.is_rest]
        sizes = [abs(self.value(group.terms, self.truth)[month, 0]) for group in own]
        return any(0 < size < SMALL for size in sizes)

    def problem(self, chance: np.random.Generator, left: Ints) -> "Problem":
        """All that another filling must keep, with one small group by chance for each hidden number or table.

        `left` are the places of what has one value only so far.
        """
        always, witnesses = self._same_decision()
        rows = Rows()
        share = chance.choice(NOBODY_IS_SMALL)
        tables = {(count, month) for count, month, _ in np.argwhere(np.isin(self.places, left)).tolist()}
        for (count, month, _), (small, nobody) in witnesses.items():
            own_share = 0.5 if not share and (count, month) in tables else share
            is_other = len(small) == 1 and nobody and chance.random() < own_share
            limits = nobody if is_other else small
            if limits:
                rows.add(*limits[chance.integers(len(limits))])
        return Problem((self._certain(), always, rows), self.start)

    def filled(self, change: Ints) -> Ints:
        """All counts of a filling."""
        counts = self.truth.copy()
        counts[self.hidden] += change
        return counts

    def figures_of(self, counts: Ints) -> pl.DataFrame:
        """The rows of mart_indicator_monthly that a filling would have."""
        moved = {(count, month) for count, month, _ in np.argwhere(counts != self.truth).tolist()}
        rows = []
        for indicator, unit in self.kinds.items():
            own = [self.position[indicator, part] for part in COUNTED.get(unit, (NUMERATOR,))]
            for at, month in enumerate(self.months):
                if any((count, at) in moved for count in own):
                    rows += [
                        (indicator, *area, month, int(counts[own[0], at, place]), int(counts[own[-1], at, place]))
                        for place, area in enumerate(self.areas)
                        if place == 0 or (counts[own[-1], at, place] and indicator in self.in_areas)
                    ]
        tables = ["indicator_id", "month"]
        names = ["indicator_id", "area_type", "area_name", "month", NUMERATOR, "whole"]
        types = [*(self.figures.schema[name] for name in names[:-1]), pl.Int64]
        changed = pl.DataFrame(rows, orient="row", schema=dict(zip(names, types, strict=True)))
        of_authority = self.figures.filter(pl.col("area_type") == "authority").drop(
            "area_type", "area_name", NUMERATOR
        )
        unit, share = pl.col("unit"), pl.col(NUMERATOR) / pl.col(DENOMINATOR)
        # of a mean the sum stays: where its number changes, both are hidden
        sums = self.figures.select("indicator_id", "area_type", "area_name", "month", sum=NUMERATOR)
        changed = (
            changed.join(of_authority, on=tables)
            .join(sums, on=names[:4], how="left")
            .with_columns(
                pl.when(unit.is_in(COUNTED)).then("whole").otherwise(DENOMINATOR).alias(DENOMINATOR),
                pl.when(unit.is_in(MEANS)).then(pl.col("sum").fill_null(0)).otherwise(NUMERATOR).alias(NUMERATOR),
            )
        )
        value = pl.when(unit == "number").then(NUMERATOR).when(unit == "percentage").then(100 * share)
        value = value.when(unit.is_in(MEANS)).then(share)
        changed = changed.with_columns(value=value.otherwise(10_000 * share).fill_nan(None)).with_columns(
            status=pl.when(pl.col("value").is_null()).then(pl.lit("not_available")).otherwise(pl.lit("shown"))
        )
        kept = self.figures.join(changed, on=tables, how="anti")
        return pl.concat([kept, changed.select(self.figures.columns)])


def class_of(value: int) -> tuple[float, float]:
    """How far a group can change without leaving its class."""
    if value == 0:
        return 0, 0
    if value < 0:
        return (0, 0) if value > -SMALL else (-LARGE, -SMALL - value)
    return (1 - value, SMALL - 1 - value) if value < SMALL else (SMALL - value, LARGE)


class Number(NamedTuple):
    """Which records of a rule are counted: those checked, failed, new, fixed or right."""

    rule: str
    kind: str
    month: dt.date

    def __str__(self) -> str:
        return f"{self.rule} {self.kind}, {self.month:%Y-%m}"


class Faults:
    """Records at fault of one authority: what `shown` of mart_data_quality leaves open, and the `truth`.

    What failed last month, less what is fixed, and what is new, fail now. Rules over one object check the same
    records.
    """

    def __init__(self, shown: pl.DataFrame, truth: pl.DataFrame):
        keys, numbers = ["rule", "month"], ["checked", "failed", "new", "fixed"]
        self.figures = truth
        rows = truth.join(shown.select(*keys, *(pl.col(name).alias(f"{name}_shown") for name in numbers)), on=keys)
        assert rows.height == truth.height
        self.place: dict[tuple[str, str, dt.date], int] = {}
        self.name: dict[tuple[str, str, dt.date], tuple[str, str, dt.date]] = {}
        told: dict[tuple[str, str, dt.date], bool] = {}
        truths = []
        for row in rows.iter_rows(named=True):
            for number in numbers:
                whose = (row["object"] if number == "checked" else row["rule"], number, row["month"])
                if whose not in self.place:
                    self.place[whose] = len(truths)
                    truths.append(row[number])
                self.name[row["rule"], number, row["month"]] = whose
                told[whose] = told.get(whose, False) or row[f"{number}_shown"] is not None
        self.truth = np.array(truths)
        self.hidden = np.array([not told[whose] for whose in self.place])
        self.places = np.full(len(truths), -1)
        self.places[self.hidden] = np.arange(self.hidden.sum())
        self.start = self.truth[self.hidden]
        self.months = sorted(truth["month"].unique())
        self.rules = sorted(truth["rule"].unique())

    def _at(self, rule: str, number: str, month: dt.date) -> int | None:
        whose = self.name.get((rule, number, month))
        return None if whose is None else self.place[whose]

    def _groups(self) -> list[tuple[Number, Ints, Ints]]:
        """Records that can be counted: each number, and those that are right."""
        groups = []
        for rule, month in itertools.product(self.rules, self.months):
            checked, failed, new, fixed = (
                self._at(rule, name, month) for name in ("checked", "failed", "new", "fixed")
            )
            if checked is not None:
                own = {
                    "checked": [checked],
                    "failed": [failed],
                    "new": [new],
                    "fixed": [fixed],
                    "right": [checked, failed],
                }
                for name, places in own.items():
                    groups.append((Number(rule, name, month), np.array(places), np.array([1, -1][: len(places)])))
        return groups

    def asked(self) -> dict[str, tuple[Ints, Ints]]:
        """What must keep two values: hidden numbers of records, and those that are right where one is hidden."""
        found = {}
        for name, own, factors in self._groups():
            places = self.places[own]
            if (places >= 0).any() and self.truth[own] @ factors:
                found[str(name)] = (places[places >= 0], factors[places >= 0])
        return found

    def problem(self, chance: np.random.Generator, left: Ints) -> "Problem":
        """All that another filling must keep: what fails and what is right keep their class, and where new and
        fixed are hidden, one of them is small."""
        certain, alike, witnesses = Rows(), Rows(), defaultdict(list)
        for name, own, factors in self._groups():
            value = int(self.truth[own] @ factors)
            certain.add(self.places[own], factors, -value, LARGE)
            limits = (self.places[own], factors, *class_of(value))
            if name.kind not in {"new", "fixed"}:
                alike.add(*limits)
            elif self._is_hidden_by_size(name):
                # one that is not small now may be small in another filling
                witnesses[name.rule, name.month].append((*limits[:2], 1 - value, SMALL - 1 - value))
        for limits in witnesses.values():
            alike.add(*limits[chance.integers(len(limits))])
        for rule, (before, month) in itertools.product(self.rules, itertools.pairwise(self.months)):
            was, now = self._at(rule, "failed", before), self._at(rule, "failed", month)
            if was is not None and now is not None:
                new, fixed = self._at(rule, "new", month), self._at(rule, "fixed", month)
                certain.add(self.places[[was, fixed, new, now]], np.array([1, -1, 1, -1]), 0, 0)
                certain.add(
                    self.places[[now, new]], np.array([1, -1]), -(self.truth[now] - self.truth[new]), LARGE
                )
                certain.add(
                    self.places[[was, fixed]], np.array([1, -1]), -(self.truth[was] - self.truth[fixed]), LARGE
                )
        return Problem((certain, alike), self.start)

    def _is_hidden_by_size(self, name: Number) -> bool:
        """New and fixed are hidden although what failed in both months is shown: one of them is small."""
        before = max((month for month in self.months if month < name.month), default=name.month)
        own = [self._at(name.rule, "failed", month) for month in (before, name.month)]
        changes = [self._at(name.rule, kind, name.month) for kind in ("new", "fixed")]
        is_small = any(0 < self.truth[place] < SMALL for place in changes)
        return is_small and not any(place is not None and self.hidden[place] for place in own)

    def filled(self, change: Ints) -> Ints:
        """All numbers of a filling."""
        numbers = self.truth.copy()
        numbers[self.hidden] += change
        return numbers

    def figures_of(self, numbers: Ints) -> pl.DataFrame:
        """The rows of mart_data_quality that a filling would have."""
        columns = [
            pl.Series(
                name,
                [
                    numbers[self._at(*key[:1], name, key[1])]
                    for key in self.figures.select("rule", "month").iter_rows()
                ],
                pl.Int64,
            )
            for name in ("checked", "failed", "new", "fixed")
        ]
        return self.figures.with_columns(columns).with_columns(
            failed_percent=100 * pl.col("failed") / pl.col("checked")
        )


class Problem:
    """All limits of the changes of an extract's hidden numbers."""

    def __init__(self, rows: Iterable[Rows], start: Ints):
        self.width = len(start)
        self.start = start
        parts = [own for own in rows if own.places]
        self.matrix = csr_array(vstack([own.matrix(self.width) for own in parts]))
        self.low = np.concatenate([own.low for own in parts])
        # what the attacker is sure of holds for the truth
        assert max(parts[0].low) <= 0 <= min(parts[0].high)
        self.high = np.concatenate([own.high for own in parts])
        links = (np.abs(self.matrix).T @ np.abs(self.matrix)).tocoo()
        self.component = connected_components(links, directed=False)[1]

    def anything(self, chance: np.random.Generator, step: int) -> Ints:
        """A change of as many numbers as possible."""
        objective = chance.normal(size=self.width)
        low, high = -np.minimum(self.start, step).astype(float), np.full(self.width, float(step))
        change = np.zeros(self.width, np.int64)
        for component in range(self.component.max() + 1 if self.width else 0):
            own = np.flatnonzero(self.component == component)
            solved = self._solve(own, objective[own], low[own], high[own])
            if solved is not None:
                change[own] = solved
        self.check(change)
        return change

    def furthest(self, places: Ints, factors: Ints, sign: int) -> Ints | None:
        """The change that makes a sum as small (sign 1) or as large (-1) as it can be."""
        own = np.flatnonzero(np.isin(self.component, self.component[places]))
        objective = np.zeros(self.width)
        np.add.at(objective, places, sign * factors)
        low, high = -self.start[own].astype(float), np.full(len(own), 60.0)
        solved = self._solve(own, objective[own], low, high)
        if solved is None:
            return None
        change = np.zeros(self.width, np.int64)
        change[own] = solved
        self.check(change)
        return change

    def _solve(self, own: Ints, objective, low, high) -> Ints | None:
        matrix = self.matrix[:, own]
        used = np.flatnonzero(np.diff(matrix.indptr))
        limits = LinearConstraint(matrix[used], self.low[used], self.high[used])
        for whole in (0, 1):
            solution = milp(
                objective,
                constraints=limits,
                bounds=Bounds(low, high),
                integrality=np.full(len(own), whole),
                options={"time_limit": 5.0},
            )
            if solution.x is None:
                return None
            rounded = np.round(solution.x)
            if np.abs(solution.x - rounded).max() < 1e-6:
                return rounded.astype(np.int64)
        return None

    def check(self, change: Ints) -> None:
        """In whole numbers: the change keeps the limits of all that it moves."""
        moved = np.isin(self.component, self.component[change != 0]).astype(np.int64)
        sums, concerned = self.matrix @ change, np.abs(self.matrix) @ moved > 0
        keeps = (sums >= self.low) & (sums <= self.high)
        assert keeps[concerned].all(), "a filling that breaks its limits"


@dataclass
class Found:
    """What an attack found: what is `given_away`, and how many `values` of everything asked were seen."""

    given_away: list[str]
    values: dict[str, int]


def attack(
    extract: Extract | Faults, is_published_alike: Callable[[Ints], bool], seed: int = 1, rounds: int = 100
) -> Found:
    """Searches another filling for everything asked, until none is left or the rounds are over.

    `is_published_alike` says of a filling (all numbers) whether the same tables would be published. It takes long,
    so of the fillings of a round those come first that change most of what has one value only so far.
    """
    chance = np.random.default_rng(seed)
    asked = extract.asked()
    names = list(asked)
    changes: list[set[int]] = [{0} for _ in names]
    rejected: set[bytes] = set()

    def moved_by(change: Ints) -> Ints:
        return np.array([change[places] @ factors for places, factors in asked.values()])

    for number in range(rounds):
        if all(len(seen) > 1 for seen in changes):
            break
        left = [places for (places, _), seen in zip(asked.values(), changes, strict=True) if len(seen) == 1]
        # at first everything is
        problem = extract.problem(chance, np.concatenate(left) if number else np.zeros(0, np.int64))
        fillings = [problem.anything(chance, step) for step in STEPS]
        moved = [moved_by(change) for change in fillings]
        is_left = np.array([len(seen) == 1 for seen in changes])
        still = np.flatnonzero(is_left & ~np.any([own != 0 for own in moved], axis=0))
        sums = [asked[names[place]] for place in still]
        furthest = (problem.furthest(*sum_, sign) for sum_ in sums if len(sum_[0]) for sign in (1, -1))
        further = _joined([change for change in furthest if change is not None], problem.component)
        fillings, moved = [*fillings, *further], [*moved, *(moved_by(change) for change in further)]
        while fillings and is_left.any():
            best = int(np.argmax([np.count_nonzero(is_left & (own != 0)) for own in moved]))
            change, own = fillings.pop(best), moved.pop(best)
            if not (is_left & (own != 0)).any():
                break
            if change.tobytes() not in rejected and is_published_alike(extract.filled(change)):
                for seen, more in zip(changes, own.tolist(), strict=True):
                    seen.add(more)
                is_left &= own == 0
            else:
                rejected.add(change.tobytes())
    values = {name: len(seen) for name, seen in zip(names, changes, strict=True)}
    return Found(sorted(name for name, number in values.items() if number == 1), values)


def _joined(changes: list[Ints], component: Ints) -> list[Ints]:
    """The changes, those of different components in one."""
    joined: list[tuple[set[int], Ints]] = []
    for change in changes:
        moved = set(component[change != 0].tolist())
        free = next((own for own in joined if not moved & own[0]), None)
        if free is None:
            joined.append((moved, change.copy()))
        else:
            free[0].update(moved)
            np.add(free[1], change, out=free[1])
    return [change for _, change in joined]
