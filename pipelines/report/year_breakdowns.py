"""The breakdowns of a year: of its last month, or the sum of its months where the indicator counts a month.

Belongs here: adding up published breakdowns, and in the report for the service the rows of a fact. Does not belong
here: how a table shows them (`breakdowns.py`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.report import wording
from pipelines.report.breakdowns import LOCALITY, BreakdownTable, BrokenDown, breakdown_table, code_of
from pipelines.report.financial_year import FinancialYear, has_nothing_to_count, months_of_year
from pipelines.report.release_reader import OWN_ROWS, FigureCell, OwnTables, PageIndicator, Row, register, rows
from pipelines.report.subject_register import AnnualReport, RowsOfYear

_EXTRACTS = 24
"""How many of the newest extracts are read: a year that is over, and the one that goes on."""
_TABLES = ("mart_indicator_breakdown", "fct_indicator_breakdown")
_BREAKDOWNS = f"""
    select *
    from {OWN_ROWS}
    where
        area_type = 'authority'
        and indicator_id in (select unnest($indicators))
        and extract_month in (select unnest($extracts))
"""
_NOTHING = "Nothing to count."

ByCode = dict[str, Row]


def year_breakdowns(
    tables: OwnTables, years: Mapping[str, Sequence[FinancialYear]], report: AnnualReport
) -> dict[tuple[str, dt.date], dict[str, BreakdownTable]]:
    """By authority and extract of the year the tables of the report, by indicator."""
    extracts = {month for of_one in years.values() for year in of_one for month in months_of_year(year.extract)}
    wanted = report.breakdowns
    published: dict[tuple[str, str, dt.date, str], ByCode] = defaultdict(dict)
    named = {"indicators": list(wanted), "extracts": list(extracts)}
    for room_table in _TABLES:
        for row in rows(_BREAKDOWNS, tables, room_table, _EXTRACTS, True, **named):
            key = row["la_code"], row["indicator_id"], row["extract_month"], row["dimension"]
            published[key][row["code"]] = row
    read = _RowsOfYears(published, _counted(tables, extracts, report.rows_of_year))
    return {
        (year.known.la_code, year.extract): {
            indicator.id: table
            for indicator in register()
            if indicator.id in wanted and (table := read.table(year, indicator, wanted[indicator.id]))
        }
        for of_one in years.values()
        for year in of_one
    }


@dataclass(frozen=True)
class _RowsOfYears:
    """What a release has of the years, by authority, indicator, extract and dimension."""

    published: Mapping[tuple[str, str, dt.date, str], ByCode]
    counted: Mapping[tuple[str, str, dt.date, str], Mapping[str, float]]

    def table(self, year: FinancialYear, indicator: PageIndicator, wanted: Iterable[str]) -> BreakdownTable | None:
        """The table of an indicator; None where the year has no figure."""
        whole = year.known.whole
        cell = year.cell(indicator, whole)
        if cell.mark == wording.NOT_AVAILABLE:
            return None
        broken_down = BrokenDown()
        for dimension in wanted:
            by_code = self._by_code(year, indicator, dimension, cell)
            if isinstance(by_code, str):
                broken_down.missing[dimension] = by_code
            elif by_code:
                broken_down.own[dimension] = {code: {whole: row} for code, row in by_code.items()}
        if not broken_down.own and not broken_down.missing:
            return None
        return breakdown_table(whole, indicator, {whole: cell}, broken_down)

    def _by_code(
        self, year: FinancialYear, indicator: PageIndicator, dimension: str, cell: FigureCell
    ) -> ByCode | str:
        """The rows of a dimension; or why there are none."""
        if dimension == LOCALITY.id:
            return _by_locality(year, indicator)
        counts = self.counted.get((year.known.la_code, indicator.id, year.extract, dimension), {})
        if counts and sum(counts.values()) == cell.numerator:
            return _with_shares({code: _row(count, None, indicator.unit) for code, count in counts.items()})
        by_month = {
            month: self.published.get((year.known.la_code, indicator.id, month, dimension), {})
            for month in months_of_year(year.extract)
        }
        if indicator.period == "month":
            return _summed(year, indicator, by_month)
        is_empty = not cell.mark and not cell.numerator and not cell.denominator
        return by_month[year.extract] or (_NOTHING if is_empty else {})


def _by_locality(year: FinancialYear, indicator: PageIndicator) -> ByCode:
    cells = {area[1]: year.cell(indicator, area) for area in year.known.areas(indicator, "locality")}
    hidden: Row = {"numerator": None, "denominator": None, "value": None, "share": None, "status": "suppressed"}
    return _with_shares(
        {
            name: hidden
            if cell.mark == wording.SUPPRESSED
            else {"numerator": cell.numerator, "denominator": cell.denominator, "value": cell.value, "share": None}
            for name, cell in cells.items()
            if cell.numerator or cell.denominator or cell.mark == wording.SUPPRESSED
        }
    )


def _summed(year: FinancialYear, indicator: PageIndicator, by_month: Mapping[dt.date, ByCode]) -> ByCode | str:
    """The sums of the months by code; or why there are none."""
    numerators: dict[str, float] = defaultdict(float)
    denominators: dict[str, float] = defaultdict(float)
    is_whole = True
    absent = []
    for month, by_code in by_month.items():
        cell = year.known.cell(indicator, year.known.whole, month)
        if not by_code and not has_nothing_to_count(cell) and (cell.mark or cell.numerator):
            absent.append(month)
        elif not by_code:
            # nothing was in the numerator of a month that no extract breaks down
            is_whole &= not cell.denominator
        for code, row in by_code.items():
            if row.get("status") == "suppressed":
                return by_code
            numerators[code] += row["numerator"] or 0
            denominators[code] += row["denominator"] or 0
    if absent:
        return f"Not available: there is no breakdown of {_months(absent)}."
    if not numerators:
        return _NOTHING
    return _with_shares(
        {
            code: _row(count, denominators[code] if is_whole else None, indicator.unit)
            for code, count in numerators.items()
        }
    )


def _row(numerator: float, denominator: float | None, unit: str) -> Row:
    if unit == "number":
        return {"numerator": numerator, "denominator": None, "value": numerator, "share": None}
    value = None if denominator is None else 100 * numerator / denominator if denominator else None
    mark = wording.NOT_AVAILABLE if denominator is None else wording.EMPTY_GROUP
    return {"numerator": numerator, "denominator": denominator, "value": value, "share": None, "mark": mark}


def _with_shares(by_code: ByCode) -> ByCode:
    """The rows with what per cent of all numerators each has, where none of them is hidden."""
    numerators = [row["numerator"] for row in by_code.values()]
    if None in numerators or not sum(numerators):
        return by_code
    return {code: row | {"share": 100 * row["numerator"] / sum(numerators)} for code, row in by_code.items()}


def _counted(
    tables: OwnTables, extracts: Iterable[dt.date], rows_of_year: Mapping[str, RowsOfYear]
) -> dict[tuple[str, str, dt.date, str], dict[str, float]]:
    """The rows of facts in the year up to each extract, by authority, indicator, extract, dimension and code."""
    counts: dict[tuple[str, str, dt.date, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for indicator, source in rows_of_year.items():
        for dimension, column in source.columns.items():
            query = f"""
                select la_code, extract_month, {column} as code, count(*) as counted
                from {OWN_ROWS}
                where
                    extract_month in (select unnest($extracts))
                    and {source.day} <= extract_month
                    and {source.day} >= make_date(
                        cast(year(extract_month) - if(month(extract_month) < 4, 1, 0) as integer), 4, 1
                    )
                    and ({source.where})
                group by la_code, extract_month, code
            """
            for row in rows(query, tables, source.table, _EXTRACTS, True, extracts=list(extracts)):
                key = row["la_code"], indicator, row["extract_month"], dimension
                counts[key][code_of(dimension, row["code"])] += row["counted"]
    return counts


def _months(months: Sequence[dt.date]) -> str:
    """`April 2018`, `April 2018 and 3 other months`."""
    first = wording.long_month(months[0])
    if len(months) == 1:
        return first
    return f"{first} and {len(months) - 1} other month{'s' if len(months) > 2 else ''}"
