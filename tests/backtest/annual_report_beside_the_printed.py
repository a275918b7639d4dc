"""Compares the annual report of 2018/19 with the printed one: the one for the service has every possible figure.

`python tests/backtest/annual_report_beside_the_printed.py [RELEASE]`, with `tests` on the path, prints the facts
that differ, by default for the latest release in `data/`. Exit status 1 if one does.
"""

import math
import sys
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path

from facts_of_papers import LATEST, Fact, facts
from report_tables import Page, Table

from pipelines.calendar import Month
from pipelines.dictionary.indicators import dimensions
from pipelines.report.audience import SERVICE
from pipelines.report.breakdowns import LOCALITY, code_words
from pipelines.report.release_reader import register

PAPER = "reviewing officers 2018/19"
EXTRACT = Month(2019, 3)
SHOWN_DECIMALS = 0.05
"""What a page rounds."""
COLUMNS = {
    "numerator": ("Number", "Counted"),
    "denominator": ("Of",),
    "share": ("Share of all", "Share of the counted"),
    "value": ("Per cent", "Number"),
}
"""The columns of breakdowns by measure."""
_SUMS = ("sum of months", "sum of numerators / sum of denominators")


def wanted(months: Collection[str] = ()) -> list[Fact]:
    """The facts of the printed report that are possible, of the authority and its localities.

    One is of a team: an annual report has none. `months`: those that were run. Without them all were: what a month
    reported at its end is then on the page, too.
    """
    possible = (fact for fact in facts() if fact.paper == PAPER and fact.verdict == "fit")
    return [
        fact
        for fact in possible
        if fact.area_type != "team"
        and (not months or fact.all_months != [fact.extract] or fact.extract_month in months)
    ]


class PageOfYear:
    """The annual report of a year, for the service."""

    def __init__(self, release: Path) -> None:
        self._page = Page(release / SERVICE.pages / "888" / "iro-annual-2018-19.html")
        self._indicators = {indicator.id: indicator for indicator in register()}

    def has(self, fact: Fact) -> bool:
        """Whether the figure of a fact is on the page."""
        expected, tolerance = float(fact.expected), float(fact.tolerance) + SHOWN_DECIMALS
        return any(abs(_number(text) - expected) <= tolerance for text in self.texts(fact) if _is_number(text))

    def texts(self, fact: Fact) -> list[str]:
        """The texts of the cells where the figure of a fact is to be."""
        name = self._indicators[fact.indicator_id].name
        if fact.area_type == "locality" or fact.dimension:
            return self._broken_down(fact, name)
        if fact.aggregation == "mean of the twelve months":
            means = (f"{name}, mean of the months", f"{name}, mean of the month ends")
            return [self._column(table, row, fact, 1) for table, row in self._rows if row[1][0] in means]
        if fact.aggregation in _SUMS or fact.all_months == [EXTRACT]:
            column = 1
        elif fact.all_months == [EXTRACT.plus(-12)]:
            column = 2
        else:
            column = 0
        of_year = [
            self._column(table, row, fact, column)
            for table, row in self._rows
            if column and row[1][0] == name and table.columns[1] == "2018/19"
        ]
        [month, *others] = fact.all_months
        of_month = [
            text
            for table, row in self._rows
            if not others and row[1][0] == name and f"{month.end:%b %y}" in table.columns
            # the figure, and what was reported then
            for texts in (row[1], table.small[row[0]])
            for text in [texts[table.columns.index(f"{month.end:%b %y}")].removeprefix("then ")]
        ]
        return [*of_year, *(of_month if fact.measure == "value" else [])]

    def _broken_down(self, fact: Fact, name: str) -> list[str]:
        dimension = fact.dimension or LOCALITY.id
        words = {code_words(dimension, code) for code in fact.codes} if fact.dimension else {fact.area_name}
        texts = []
        for table in self._page.tables:
            of_dimension = [
                cells
                for group, cells in table.rows
                if group.removesuffix(" (counted only)") == self._groups[dimension] and len(cells) > 2
            ]
            if of_dimension and table.caption.startswith(f"{name}, by ") and table.caption.endswith(": 2018/19"):
                rows = [cells for cells in of_dimension if cells[0] in words]
                first, *less = [self._sum(table, rows, part) for part in fact.measure.split(" - ")]
                texts.append(str(first - sum(less)))
        return texts

    @staticmethod
    def _sum(table: Table, rows: list[list[str]], measure: str) -> float:
        """The sum of the rows of some codes; a code that does not occur has no row. nan where one is hidden."""
        column = next(table.columns.index(name) for name in COLUMNS[measure] if name in table.columns)
        texts = [cells[column] for cells in rows]
        return sum(_number(text) if _is_number(text) else math.nan for text in texts)

    @cached_property
    def _groups(self) -> dict[str, str]:
        return {id: dimension.name for id, dimension in dimensions().items()} | {LOCALITY.id: LOCALITY.name}

    @property
    def _rows(self) -> Iterator[tuple[Table, tuple[int, list[str]]]]:
        for table in self._page.tables:
            for number, (_, cells) in enumerate(table.rows):
                yield table, (number, cells)

    def _column(self, table: Table, row: tuple[int, list[str]], fact: Fact, column: int) -> str:
        """The text of a cell; of a share that is counted, what stands below it: `1,332 of 2,128`."""
        number, cells = row
        if fact.measure == "value" or self._indicators[fact.indicator_id].unit != "percentage":
            return cells[column].removesuffix(" r")
        parts = table.small[number][column].split(" of ")
        if len(parts) != 2:
            return ""
        numerator, denominator = map(_number, parts)
        return str(
            {
                "numerator": numerator,
                "denominator": denominator,
                "denominator - numerator": denominator - numerator,
            }[fact.measure]
        )


def _is_number(text: str) -> bool:
    return bool(text) and text[-1].isdigit()


def _number(text: str) -> float:
    return float(text.replace(",", ""))


if __name__ == "__main__":
    page = PageOfYear(Path(sys.argv[1]) if len(sys.argv) > 1 else LATEST)
    missing = [fact for fact in wanted() if not page.has(fact)]
    for fact in missing:
        print(
            f"{fact.fact_id} {fact.indicator_id} {fact.measure} {fact.dimension} {fact.code} {fact.months}:",
            end=" ",
        )
        print(f"expected {fact.expected}, on the page {page.texts(fact)}")
    print(
        f"The annual report: {len(wanted()) - len(missing)} of {len(wanted())} possible figures of the printed one"
    )
    sys.exit(bool(missing))
