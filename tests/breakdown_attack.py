"""What an attacker can work out from the breakdowns in `open/`, with the authority's figures of the month.

Written from the published layout, from the relations of the register and from docs/disclosure.md, without the code
that suppresses. All dimensions of a month are one system: the codes of each add up to the figure, finer codes to
wider ones, and a code may have the number of another figure. The attacker is held to know all zeros.
`disclosure_attack.attack` searches another filling for every small hidden number, as it does for areas.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator

import numpy as np
import polars as pl
from disclosure_attack import COUNTED, DENOMINATOR, LARGE, NUMERATOR, PARTS, SMALL, Ints, Problem, Rows, class_of

from pipelines.dictionary.indicator_relations import relations
from pipelines.seeds import seed_rows

Count = tuple[str, str]
Cell = tuple[Count, str, str]
"""A count, a dimension and a code of it."""
Sum = tuple[str, list[Cell], list[int], Count]
"""A group in words, its cells with their factors, and the count that is hidden where the group is small."""
FINER = {
    ("placement_type", "placement_group"): {
        row["placement_type_code"]: row["placement_group"] for row in seed_rows("code_placement_type")
    },
    ("ceased_reason", "ceased_reason_group"): {
        row["ceased_reason_code"]: row["ceased_reason_group"] for row in seed_rows("code_ceased_reason")
    },
    ("age_single", "age_band"): {str(age): f"{low}_{high}" for low, high in ((16, 17), (19, 21), (22, 25))
                                 for age in range(low, high + 1)} | {"18": "18"},
    ("activity", "eet_class"): {"G5": "NEET"},
}  # fmt: skip
OF_PLACEMENTS = ("location", "placement_group", "placement_type", "provider_group")


class Breakdowns:
    """The breakdowns of one authority and month: what is `shown`, and the `truth`.

    Both are rows of mart_indicator_breakdown; a table of `shown` has all of its numbers or none. `figures`: the
    indicators whose own figure of the month is shown.
    """

    def __init__(self, shown: pl.DataFrame, truth: pl.DataFrame, figures: Collection[str]):
        self.figures, self.with_figure = truth, figures
        columns = ["indicator_id", "unit", "dimension", "code", *PARTS]
        told = set(shown.filter(pl.col(NUMERATOR).is_not_null()).select("indicator_id", "dimension").rows())
        self.number: dict[Cell, int] = {}
        self.tables: dict[tuple[Count, str], list[str]] = defaultdict(list)
        for indicator, unit, dimension, code, *numbers in truth.select(columns).sort(pl.all()).rows():
            for part in COUNTED.get(unit, (NUMERATOR,)):
                count = (indicator, part)
                self.number[count, dimension, code] = round(numbers[PARTS.index(part)])
                self.tables[count, dimension].append(code)
        self.counts = sorted({count for count, _ in self.tables})
        self.dimensions = sorted({dimension for _, dimension in self.tables})
        # a shown number is known, and so is a 0
        self.hidden = [
            cell for cell, number in self.number.items() if number and (cell[0][0], cell[1]) not in told
        ]
        self.place = {cell: place for place, cell in enumerate(self.hidden)}
        self.start = np.array([self.number[cell] for cell in self.hidden], np.int64)
        self.groups = list(self._groups())

    def _groups(self) -> Iterator[Sum]:
        """Each count, those in a denominator only, and a whole less those of its parts that have the dimension."""
        parts: dict[tuple[object, Count], list[Count]] = defaultdict(list)
        for row in relations():
            if row.relation == "part of":
                parts[row.parts_group or row.count, tuple(row.other)].append(tuple(row.count))
        for dimension in self.dimensions:
            own = [count for count in self.counts if (count, dimension) in self.tables]
            sums = [([count], count) for count in own]
            for count in own:
                base = (count[0], DENOMINATOR)
                if count[1] == NUMERATOR and base in own:
                    sums.append(([base, count], count))
            for (_, whole), members in parts.items():
                known = [member for member in members if member in own]
                if whole in own and known:
                    sums.append(([whole, *known], known[-1]))
            for terms, named in sums:
                for code in sorted({code for count in terms for code in self.tables[count, dimension]}):
                    words = " without ".join(" ".join(count) for count in terms)
                    cells = [(count, dimension, code) for count in terms]
                    yield f"{words}, {dimension} {code}", cells, [1, *[-1] * (len(cells) - 1)], named

    def _value(self, cells: list[Cell], factors: list[int]) -> int:
        return sum(factor * self.number.get(cell, 0) for cell, factor in zip(cells, factors, strict=True))

    def _places(self, cells: list[Cell], factors: list[int]) -> tuple[Ints, Ints]:
        places = np.array([self.place.get(cell, -1) for cell in cells], np.int64)
        return places[places >= 0], np.array(factors, np.int64)[places >= 0]

    def asked(self) -> dict[str, tuple[Ints, Ints]]:
        """Every small group by code, and every figure that is hidden."""
        found = {}
        for name, cells, factors, _ in self.groups:
            value = self._value(cells, factors)
            if 0 < abs(value) < SMALL:
                found[name] = self._places(cells, factors)
        # what a figure hides is not the sum of codes either
        for (count, dimension), codes in self.tables.items():
            if count[0] not in self.with_figure and count[1] == NUMERATOR:
                cells = [(count, dimension, code) for code in codes]
                if self._value(cells, [1] * len(cells)):
                    found[f"{' '.join(count)}, all of {dimension}"] = self._places(cells, [1] * len(cells))
        return found

    def _sums(self) -> Iterator[tuple[list[Cell], list[int]]]:
        """Sums that the attacker knows. Cells of tables that do not exist are in some of them."""
        of_count: dict[Count, list[list[Cell]]] = defaultdict(list)
        for (count, dimension), codes in self.tables.items():
            of_count[count].append([(count, dimension, code) for code in codes])
        for count, (first, *others) in of_count.items():
            if count[0] in self.with_figure:
                yield first, [1] * len(first)
            for other in others:
                yield [*first, *other], [1] * len(first) + [-1] * len(other)
        for ((fine, wide), wider), count in itertools.product(FINER.items(), self.counts):
            for code in self.tables.get((count, wide), ()) if (count, fine) in self.tables else ():
                finer = [(count, fine, each) for each in self.tables[count, fine] if wider.get(each) == code]
                if finer or code in wider.values():
                    yield [(count, wide, code), *finer], [1, *[-1] * len(finer)]
        for count, (one, other) in itertools.product(self.counts, itertools.combinations(OF_PLACEMENTS, 2)):
            yield [(count, one, "none"), (count, other, "none")], [1, -1]

    def _sums_of_the_register(self) -> Iterator[tuple[list[Cell], list[int]]]:
        """Sums that the attacker knows from the relations between counts."""
        for row, dimension in itertools.product(relations(), self.dimensions):
            both = [self.tables.get((tuple(count), dimension), ()) for count in (row.count, row.other)]
            if row.relation == "equals" and all(both):
                codes = sorted({*both[0], *both[1]})
                pairs = [[(tuple(count), dimension, code) for count in (row.count, row.other)] for code in codes]
                # not so if they ask for the codes of different days
                if all(self._value(pair, [1, -1]) == 0 for pair in pairs):
                    yield from ((pair, [1, -1]) for pair in pairs)
        named = [row for row in relations() if row.codes]
        for row in named:
            if row.count[0] in self.with_figure:
                yield [(tuple(row.other), row.dimension, code) for code in row.codes], [1] * len(row.codes)
        for one, other in itertools.combinations(named, 2):
            if one.other == other.other and len(one.codes) == len(other.codes) == 1:
                crossing = (
                    (one.count, other.dimension, other.codes[0]),
                    (other.count, one.dimension, one.codes[0]),
                )
                yield [(tuple(count), dimension, code) for count, dimension, code in crossing], [1, -1]

    def problem(self, chance: np.random.Generator, left: Ints) -> Problem:
        """All that another filling must keep, with one small group by chance for each hidden table with any."""
        certain, alike = Rows(), Rows()
        for cells, factors in (*self._sums(), *self._sums_of_the_register()):
            # a number that is in no table says nothing
            if all(cell in self.number or self.tables.get(cell[:2]) for cell in cells):
                certain.add(*self._places(cells, factors), 0, 0)
        small: dict[object, list] = defaultdict(list)
        for _, cells, factors, named in self.groups:
            value, places = self._value(cells, factors), self._places(cells, factors)
            limits = (-max(value, 0), LARGE) if value else (0, 0)
            certain.add(*places, *limits)
            table = (named, cells[0][1])
            is_hidden = any(cell in self.place for cell in self.number if cell[:2] == table)
            if not is_hidden:
                alike.add(*places, *class_of(value))
            elif 0 < abs(value) < SMALL:
                small[table].append((*places, *class_of(value)))
        for limits in small.values():
            alike.add(*limits[chance.integers(len(limits))])
        return Problem((certain, alike), self.start)

    def filled(self, change: Ints) -> Ints:
        """All hidden numbers of a filling."""
        return self.start + change

    def figures_of(self, numbers: Ints) -> pl.DataFrame:
        """The rows of mart_indicator_breakdown that a filling would have."""
        new = dict(zip(self.hidden, numbers.tolist(), strict=True))
        columns = {
            part: [
                new.get(((indicator, part), dimension, code), number)
                for indicator, dimension, code, number in self.figures.select(
                    "indicator_id", "dimension", "code", part
                ).rows()
            ]
            for part in PARTS
        }
        return self.figures.with_columns(
            pl.Series(name, own, dtype=pl.Float64) for name, own in columns.items()
        ).filter((pl.col(NUMERATOR) != 0) | (pl.col(DENOMINATOR).fill_null(0) != 0))
