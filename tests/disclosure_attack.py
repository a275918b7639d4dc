"""What an attacker can work out from `open/`: every equation that can be written down, and the bounds that follow.

Written from the published layout and the relations between counts of the register, without the code that
suppresses. The attacker knows that authorities are sums of localities and localities sums of teams,
which counts are equal or part of one another, that counts of a financial year only grow, that a team without a row
has no children, and that a suppressed count is not 0. Each extract is attacked by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from pipelines.dictionary.indicator_relations import relations

NUMERATOR, DENOMINATOR = "numerator", "denominator"
KEYS = ["indicator_id", "la_code", "area_type", "area_name", "month", "extract_month"]
SAME: dict[tuple[str, str], tuple[str, str]] = {
    row.count: row.other for row in relations() if row.relation == "equals"
}
"""A count and the count that it equals."""


def _parts_of_wholes() -> list[list[tuple[str, str]]]:
    groups: dict[object, list[tuple[str, str]]] = {}
    for row in relations():
        if row.relation == "part of":
            groups.setdefault(row.parts_group or (row.other, row.count), [row.other]).append(row.count)
    return list(groups.values())


AT_LEAST = _parts_of_wholes()
"""The first less the others is a number of people."""


@dataclass
class Equations:
    """Sums of unknown counts that are known (`exact`) or known not to be negative."""

    truth: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    exact: list[tuple[dict[int, float], float]] = field(default_factory=list)
    not_negative: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def unknown(self, truth: float, least: float) -> int:
        self.truth.append(truth)
        self.least.append(least)
        return len(self.truth) - 1

    def given_away(self, asked: dict[str, dict[int, float]]) -> list[str]:
        """Which of the asked sums of unknowns have one possible whole value only."""
        count = len(self.truth)
        found: list[str] = []
        if not count:
            return found
        parts = _parts(count, [sum_ for sum_, _ in (*self.exact, *self.not_negative)], list(asked.values()))
        by_part = _grouped(parts, asked)
        exact = _grouped_rows(parts, self.exact)
        bounds = _grouped_rows(parts, self.not_negative)
        truth, least = np.array(self.truth), np.array(self.least)
        for part, own in by_part.items():
            variables = np.flatnonzero(parts == part)
            problem = _Problem(variables, exact.get(part, []), bounds.get(part, []), least[variables])
            assert problem.allows(truth[variables]), "the attacker believes something that is not so"
            found += problem.determined(own, truth)
        return sorted(found)


class _Problem:
    """The equations of counts that hang together."""

    def __init__(self, variables, exact, bounds, least):
        self.place = {int(variable): column for column, variable in enumerate(variables)}
        self.a_eq, self.b_eq = self._matrix(exact)
        a, b = self._matrix(bounds)
        # sum + constant >= 0
        self.a_ub, self.b_ub = (None, None) if a is None else (-a, -b)
        self.limits = [(low, None) for low in least]

    def _matrix(self, rows):
        if not rows:
            return None, None
        entries = [
            (row, self.place[variable], factor)
            for row, (sum_, _) in enumerate(rows)
            for variable, factor in sum_.items()
        ]
        row, column, factor = zip(*entries, strict=True)
        matrix = csr_matrix(coo_matrix((factor, (row, column)), shape=(len(rows), len(self.place))))
        return matrix, np.array([constant for _, constant in rows])

    def allows(self, truth) -> bool:
        is_equal = self.a_eq is None or np.allclose(self.a_eq @ truth, self.b_eq)
        is_bound = self.a_ub is None or np.all(self.a_ub @ truth <= self.b_ub + 1e-9)
        return bool(
            is_equal and is_bound and all(value >= low for value, (low, _) in zip(truth, self.limits, strict=True))
        )

    def solve(self, objective, whole=False):
        """The counts for which the objective is least; whole numbers only, where asked for."""
        # a ceiling far above any count keeps free directions from being without end
        limits = [(low, 1e6) for low, _ in self.limits]
        solution = linprog(
            objective, self.a_ub, self.b_ub, self.a_eq, self.b_eq, limits, method="highs", integrality=int(whole)
        )
        assert solution.status == 0, solution.message
        return solution.x

    def determined(self, asked, truth) -> Iterator[str]:
        left = dict(asked)
        chance = np.random.default_rng(1)
        variables = list(self.place)
        for _ in range(6):
            # one other way to fill the table settles many cells at once, if it is one of whole numbers
            if not left:
                return
            x = self.solve(chance.normal(size=len(variables)))
            if _is_whole(x):
                left = {
                    name: sum_
                    for name, sum_ in left.items()
                    if abs(self._value(sum_, x) - _true(sum_, truth)) < 1 - 1e-6
                }
        for name, sum_ in left.items():
            objective = np.zeros(len(variables))
            for variable, factor in sum_.items():
                objective[self.place[variable]] = factor
            if self._value(sum_, self._extreme(objective)) == self._value(sum_, self._extreme(-objective)):
                yield name

    def _extreme(self, objective):
        """The whole numbers for which the objective is least: found among all, where not among these."""
        x = self.solve(objective)
        return np.round(x if _is_whole(x) else self.solve(objective, whole=True))

    def _value(self, sum_, x):
        return sum(factor * x[self.place[variable]] for variable, factor in sum_.items())


def _is_whole(x) -> bool:
    return bool(np.all(np.abs(x - np.round(x)) < 1e-6))


def _true(sum_, truth):
    return sum(factor * truth[variable] for variable, factor in sum_.items())


def _parts(count, *lists):
    links = [(first, other) for sums in lists for sum_ in sums for first in [next(iter(sum_))] for other in sum_]
    start, end = zip(*links, strict=True)
    return connected_components(coo_matrix((np.ones(len(links)), (start, end)), shape=(count, count)), False)[1]


def _grouped(parts, asked):
    by_part: dict[int, dict[str, dict[int, float]]] = {}
    for name, sum_ in asked.items():
        by_part.setdefault(int(parts[next(iter(sum_))]), {})[name] = sum_
    return by_part


def _grouped_rows(parts, rows):
    by_part: dict[int, list] = {}
    for sum_, constant in rows:
        by_part.setdefault(int(parts[next(iter(sum_))]), []).append((sum_, constant))
    return by_part


class Figures:
    """The open figures of one authority and one extract, with the truth only to check what is found."""

    def __init__(self, shown: pl.DataFrame, truth: pl.DataFrame, teams: pl.DataFrame, smallest_shown: int):
        self.smallest_shown = smallest_shown
        joined = shown.join(
            truth.select(
                *KEYS, pl.col(NUMERATOR).alias("true_numerator"), pl.col(DENOMINATOR).alias("true_denominator")
            ),
            on=KEYS,
        )
        assert joined.height == shown.height == truth.height
        self.rows = joined.filter(pl.col("true_numerator").is_not_null()).to_dicts()
        self.months = sorted({row["month"] for row in self.rows})
        self.locality_of = dict(teams.select("team_name", "locality_name").iter_rows()) | {
            "Not allocated": "Not allocated"
        }
        self.equations = Equations()
        self.known: dict[tuple, float] = {}
        self.hidden: dict[tuple, int] = {}
        self.true: dict[tuple, float] = {}
        self.unit = {row["indicator_id"]: row["unit"] for row in self.rows}
        self.period = {row["indicator_id"]: row["period"] for row in self.rows}
        self._read()
        self._write_down()

    def count(self, part: tuple, area: tuple, month) -> tuple[dict[int, float], float]:
        """A count as a sum of unknowns and a known number; nobody where there is no row."""
        key = (*SAME.get(part, part), area, month)
        if key in self.known:
            return {}, self.known[key]
        return ({self.hidden[key]: 1.0}, 0.0) if key in self.hidden else ({}, 0.0)

    def given_away(self) -> list[str]:
        """What of the suppressed cells, and of small groups published nowhere, has one possible value."""
        asked: dict[str, dict[int, float]] = {}
        for row in self.rows:
            indicator, area, month = row["indicator_id"], (row["area_type"], row["area_name"]), row["month"]
            name = f"{indicator} {area[1]} ({area[0]}) {month:%Y-%m}"
            if row["status"] != "suppressed":
                continue
            own, _ = self.count((indicator, NUMERATOR), area, month)
            asked[f"{name} numerator"] = own
            if row["unit"] == "percentage":
                base, _ = self.count((indicator, DENOMINATOR), area, month)
                asked[f"{name} others"] = _plus(base, own, -1.0)
                if row["denominator"] is None:
                    asked[f"{name} denominator"] = base
        for parts in AT_LEAST:
            for area, month in {(key[2], key[3]) for key in self.true}:
                rest = self._true_count(parts[0], area, month) - sum(
                    self._true_count(part, area, month) for part in parts[1:]
                )
                if 1 <= rest < self.smallest_shown:
                    asked[f"{parts[0][0]} without {parts[1][0]} {area[1]} ({area[0]}) {month:%Y-%m}"] = self._sum(
                        parts, area, month
                    )[0]
        told = sorted(name for name, sum_ in asked.items() if not sum_)
        return told + self.equations.given_away({name: sum_ for name, sum_ in asked.items() if sum_})

    def _read(self) -> None:
        for row in self.rows:
            area = (row["area_type"], row["area_name"])
            for part in (NUMERATOR, DENOMINATOR):
                if part == DENOMINATOR and row["unit"] != "percentage":
                    continue
                key = (*SAME.get((row["indicator_id"], part), (row["indicator_id"], part)), area, row["month"])
                self.true[key] = row[f"true_{part}"]
                if row[part] is not None:
                    self.known[key] = row[part]
        for key, truth in self.true.items():
            if key not in self.known:
                is_somebody = self.unit[key[0]] == "number" or (key[1] == DENOMINATOR and key[2][0] != "authority")
                self.hidden[key] = self.equations.unknown(truth, 1.0 if is_somebody else 0.0)

    def _write_down(self) -> None:
        areas = {key[2] for key in self.true}
        authority = next(area for area in areas if area[0] == "authority")
        localities = [area for area in areas if area[0] == "locality"]
        sums = [(authority, localities)] + [
            (one, [area for area in areas if area[0] == "team" and self.locality_of[area[1]] == one[1]])
            for one in localities
        ]
        with_areas = {key[:2] for key in self.true if key[2][0] != "authority"}
        for part in {key[:2] for key in self.true}:
            for month in self.months:
                for whole, members in sums if part in with_areas else []:
                    self._note(
                        self.equations.exact, part, [(whole, 1.0), *((one, -1.0) for one in members)], month
                    )
                for area in areas:
                    if part[1] == NUMERATOR and self.unit[part[0]] == "percentage":
                        base = (part[0], DENOMINATOR)
                        self._note_sum(self.equations.not_negative, [base, part], area, month)
        for area in areas:
            for month in self.months:
                for parts in AT_LEAST:
                    self._note_sum(self.equations.not_negative, parts, area, month)
            for before, after in zip(self.months, self.months[1:], strict=False):
                if (before.year - (before.month < 4)) == (after.year - (after.month < 4)):
                    self._note_growth(area, before, after)

    def _note_growth(self, area, before, after) -> None:
        for indicator in (name for name, period in self.period.items() if period == "ytd"):
            base, own = (indicator, DENOMINATOR), (indicator, NUMERATOR)
            if (*SAME.get(base, base), area, before) not in self.true:
                continue
            for parts in ([own], [base], [base, own]):
                later, more = self._sum(parts, area, after)
                earlier, less = self._sum(parts, area, before)
                if sum_ := _plus(later, earlier, -1.0):
                    self.equations.not_negative.append((sum_, less - more))

    def _true_count(self, part, area, month) -> float:
        return self.true.get((*SAME.get(part, part), area, month), 0)

    def _sum(self, parts, area, month) -> tuple[dict[int, float], float]:
        """The first less the others."""
        total, constant = self.count(parts[0], area, month)
        for part in parts[1:]:
            own, known = self.count(part, area, month)
            total, constant = _plus(total, own, -1.0), constant - known
        return total, constant

    def _note_sum(self, rows, parts, area, month) -> None:
        total, constant = self._sum(parts, area, month)
        if total:
            rows.append((total, -constant))

    def _note(self, rows, part, areas, month) -> None:
        total: dict[int, float] = {}
        constant = 0.0
        for area, factor in areas:
            own, known = self.count(part, area, month)
            total, constant = _plus(total, own, factor), constant + factor * known
        if total:
            rows.append((total, -constant))


def _plus(first: dict[int, float], second: dict[int, float], factor: float) -> dict[int, float]:
    total = dict(first)
    for variable, own in second.items():
        total[variable] = total.get(variable, 0.0) + factor * own
    return {variable: value for variable, value in total.items() if value}


def given_away(
    shown: pl.DataFrame, truth: pl.DataFrame, teams: pl.DataFrame, smallest_shown: int = 6
) -> list[str]:
    """What can be worked out of the open figures of all authorities and extracts."""
    found = []
    for (la_code, extract), own in sorted(shown.partition_by("la_code", "extract_month", as_dict=True).items()):
        is_own = (pl.col("la_code") == la_code) & (pl.col("extract_month") == extract)
        found += Figures(own, truth.filter(is_own), teams.filter(is_own), smallest_shown).given_away()
    return found
