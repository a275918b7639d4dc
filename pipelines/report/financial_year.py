"""The figures of a financial year, from the extract that knows all of its months, and of the year before.

Belongs here: which months make a year, and sums and means of published figures. Does not belong here: other
arithmetic; the warehouse does that.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.calendar import Month, months_between
from pipelines.report import wording
from pipelines.report.release_reader import (
    Area,
    FigureCell,
    OwnTables,
    PageIndicator,
    ReportedAuthority,
    as_known,
)

_MARCH = 3
_MONTHS = 12
_TIMES = {"percentage": 100, "rate_per_10000": 10000}
"""Units whose value is not the numerator by the denominator."""


@dataclass(frozen=True)
class FinancialYear:
    """A year of an authority: up to March, or up to its newest extract where the year goes on."""

    known: ReportedAuthority
    """What the last extract of the year knew."""
    earlier: ReportedAuthority | None
    """What the extract a year before knew."""
    newest: ReportedAuthority
    """What was reported of each of the newest months."""

    @property
    def extract(self) -> dt.date:
        return self.known.month

    @property
    def first_day(self) -> dt.date:
        return _month(self.extract).financial_year_start

    @property
    def is_over(self) -> bool:
        return self.extract.month == _MARCH

    @property
    def name(self) -> str:
        """`2018/19`."""
        return _name(self.first_day)

    @property
    def name_before(self) -> str:
        return _name(self.first_day.replace(year=self.first_day.year - 1))

    @property
    def headings(self) -> list[str]:
        """Of the columns of the year and the year before: `2019/20 to Aug` where the year goes on."""
        until = "" if self.is_over else f" to {self.extract:%b}"
        return [f"{self.name}{until}", f"{self.name_before}{until}"]

    @property
    def in_file_names(self) -> str:
        """`2018-19`."""
        return self.name.replace("/", "-")

    def cell(self, indicator: PageIndicator, area: Area) -> FigureCell:
        """The figure of the year: the sum of its months where the indicator counts a month, else the newest."""
        return _of_year(self.known, indicator, area)

    def cell_before(self, indicator: PageIndicator, area: Area) -> FigureCell:
        """The same of the year before up to the same month, as known then. What was not known then comes from the
        extract of this year, which has no sum of months."""
        then = _of_year(self.earlier, indicator, area) if self.earlier else None
        if then and then.mark != wording.NOT_AVAILABLE:
            return then
        if _is_summed(indicator):
            return FigureCell(None, None, None, indicator.unit, wording.NOT_AVAILABLE)
        again = self.known.cell(indicator, area, _month(self.extract).plus(-_MONTHS).end)
        return replace(again, is_recomputed=not again.mark)

    def reported_then(self, indicator: PageIndicator, month: dt.date) -> FigureCell | None:
        """What the extract of a month reported of it, if the extract of the year knows another figure."""
        row = self.newest.reported.get((indicator.id, self.known.whole), {}).get(month)
        then = self.newest.cell(indicator, self.known.whole, month) if row else None
        now = self.known.cell(indicator, self.known.whole, month)
        return then if then and not then.mark and not now.mark and then.text != now.text else None

    def mean(self, indicator: PageIndicator) -> FigureCell:
        """The mean of the figures of the months: for a month end those of the month ends."""
        return _mean(self.known, indicator)

    def mean_before(self, indicator: PageIndicator) -> FigureCell:
        if self.earlier is None:
            return FigureCell(None, None, None, indicator.unit, wording.NOT_AVAILABLE)
        return _mean(self.earlier, indicator)


def financial_years(
    tables: OwnTables,
    all_authorities: Iterable[ReportedAuthority],
    wanted: Collection[str],
    left_out: Sequence[Mapping[str, str]] = (),
) -> dict[str, list[FinancialYear]]:
    """The years of each authority that the release has an extract of March of, and that of its newest extract, the
    newest first. `wanted`: the ids of the indicators."""
    by_code = {authority.la_code: authority for authority in all_authorities}
    newest = {authority.month for authority in by_code.values()}
    marches = {dt.date(year, _MARCH, 31) for year in range(2000, max(newest).year + 1)}
    extracts = marches | newest | {_year_before(month) for month in newest}
    known = as_known(tables, extracts, wanted, left_out)
    years: dict[str, list[FinancialYear]] = {la_code: [] for la_code in by_code}
    for (la_code, extract), figures in sorted(known.items(), key=lambda item: item[0][1], reverse=True):
        if extract.month == _MARCH or extract == by_code[la_code].month:
            figures.compared = by_code[la_code].compared
            figures.comparator_names = by_code[la_code].comparator_names
            years[la_code].append(
                FinancialYear(figures, known.get((la_code, _year_before(extract))), by_code[la_code])
            )
    return years


def months_of_year(extract: dt.date) -> list[dt.date]:
    """The month ends of the financial year up to that of the extract."""
    first = _month(_month(extract).financial_year_start)
    return [month.end for month in months_between(first, _month(extract))]


def _is_summed(indicator: PageIndicator) -> bool:
    return indicator.period == "month"


def _of_year(known: ReportedAuthority, indicator: PageIndicator, area: Area) -> FigureCell:
    if not _is_summed(indicator):
        return known.cell(indicator, area, known.month)
    cells = _counted(known, indicator, area)
    if missing := _missing(cells, indicator.unit):
        return missing
    if any(cell.numerator is None for cell in cells):
        return FigureCell(None, None, None, indicator.unit, wording.SUPPRESSED)
    numerator = sum(cell.numerator or 0 for cell in cells)
    if indicator.unit == "number":
        return FigureCell(numerator, numerator, None, indicator.unit)
    denominator = sum(cell.denominator or 0 for cell in cells)
    if not denominator:
        return FigureCell(None, 0, 0, indicator.unit, wording.EMPTY_GROUP)
    value = _TIMES.get(indicator.unit, 1) * numerator / denominator
    return FigureCell(value, numerator, denominator, indicator.unit)


def _mean(known: ReportedAuthority, indicator: PageIndicator) -> FigureCell:
    cells = _counted(known, indicator, known.whole)
    if missing := _missing(cells, indicator.unit):
        return missing
    values = [cell.value for cell in cells if cell.value is not None]
    if not values:
        return FigureCell(None, None, None, indicator.unit, wording.EMPTY_GROUP)
    return FigureCell(sum(values) / len(values), None, None, indicator.unit)


def has_nothing_to_count(cell: FigureCell) -> bool:
    """Whether a percentage or mean has no value because no one is in its denominator."""
    return cell.mark == wording.EMPTY_GROUP or bool(cell.mark and cell.numerator == 0 and cell.denominator == 0)


def _counted(known: ReportedAuthority, indicator: PageIndicator, area: Area) -> list[FigureCell]:
    """The cells of the months of the year with something to count."""
    cells = [known.cell(indicator, area, month) for month in months_of_year(known.month)]
    return [cell for cell in cells if not has_nothing_to_count(cell)]


def _missing(cells: Sequence[FigureCell], unit: str) -> FigureCell | None:
    """The cell that says that a month is hidden or not available; None where every month is known."""
    for mark in (wording.NOT_AVAILABLE, wording.SUPPRESSED):
        for cell in cells:
            if cell.mark == mark:
                return FigureCell(None, None, None, unit, mark, reason=cell.reason)
    return None


def _month(day: dt.date) -> Month:
    return Month(day.year, day.month)


def _year_before(month: dt.date) -> dt.date:
    return _month(month).plus(-_MONTHS).end


def _name(first_day: dt.date) -> str:
    return wording.financial_year(dt.date(first_day.year + 1, _MARCH, 31))
