"""The annual report of the reviewing service: a page for each financial year.

Belongs here: what a page has of a year. Does not belong here: what it shows if the release has everything;
`subject_pages.yml` says that.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.report import wording
from pipelines.report.audience import Audience
from pipelines.report.breakdowns import BreakdownTable
from pipelines.report.charts import trend
from pipelines.report.financial_year import FinancialYear
from pipelines.report.indicator import year_ends
from pipelines.report.release_reader import FigureCell, PageIndicator, points
from pipelines.report.subject_register import AnnualReport, AnnualSection
from pipelines.report.template import render
from pipelines.settings import NOT_ALLOCATED

_MEANS = {"month": "mean of the months", "month_end": "mean of the month ends"}
_SUMS = {"number": "number, in all months of the year", "percentage": "per cent, of all months of the year"}


def annual_report_page(
    audience: Audience,
    report: AnnualReport,
    year: FinancialYear,
    breakdowns: Mapping[str, BreakdownTable],
    promised: Sequence[Mapping[str, Any]],
    **also: Any,
) -> str | None:
    """The page of a year as HTML, for a folder one level below the stylesheet; None where the release has nothing.

    `breakdowns` by indicator. `promised`: the rows of `mart_delivery_objective` of the extract. `also`
    goes to the template: `trail_steps` (links upwards), `plan_page` (its file, empty without one), `commentary` as
    HTML, and `smallest_shown`.
    """
    indicators = {indicator.id: indicator for indicator in year.known.indicators}
    if not {indicator.group for indicator in indicators.values()} & set(report.of_groups):
        return None
    sections = [
        section
        for number, written in enumerate(report.sections)
        if (section := _section(f"section-{number}", written, year, indicators, breakdowns))
    ]
    shown = {row["indicator"].id: row["indicator"] for section in sections for row in section["figures"]}.values()
    areas_of = {indicator.id: year.known.areas(indicator, "locality") for indicator in shown}
    areas = {area for of_indicator in areas_of.values() for area in of_indicator}
    localities = sorted(areas, key=lambda area: (area[1] == NOT_ALLOCATED, area[1]))
    return render(
        "annual_report.html.j2",
        audience,
        root="../",
        authority=year.known,
        report=report,
        year=year,
        sections=sections,
        promised=promised,
        localities=[name for _, name in localities],
        by_locality=[
            (
                indicator,
                _in_year(indicator),
                [year.cell(indicator, area) for area in (year.known.whole, *localities)],
            )
            for indicator in shown
            if areas_of[indicator.id]
        ],
        **also,
    )


def _section(
    id: str,
    written: AnnualSection,
    year: FinancialYear,
    indicators: Mapping[str, PageIndicator],
    breakdowns: Mapping[str, BreakdownTable],
) -> dict[str, Any]:
    """What the release has of a section; empty where it has nothing."""
    figures = [_figure(year, indicators[name]) for name in written.figures if name in indicators]
    means = [_mean(year, indicators[name]) for name in written.means if name in indicators]
    tables = [
        breakdowns[name].only(dimensions) for name, dimensions in written.breakdowns.items() if name in breakdowns
    ]
    section: dict[str, list[Any]] = {
        # a mean is below its figure
        "figures": sorted([*figures, *means], key=lambda row: _place(written, row["indicator"].id)),
        "years": [_by_year(year, indicators[name]) for name in written.years if name in indicators],
        "months": [_by_month(year, indicators[name]) for name in written.months if name in indicators],
        "breakdowns": [table for table in tables if table.groups],
    }
    if not any(section.values()):
        return {}
    return {"id": id, "title": written.title, "reasons": _reasons(section["figures"]), **section}


def _place(written: AnnualSection, id: str) -> int:
    return [*written.figures, *written.means].index(id)


def _figure(year: FinancialYear, indicator: PageIndicator) -> dict[str, Any]:
    whole = year.known.whole
    cells = [year.cell(indicator, whole), year.cell_before(indicator, whole)]
    return {
        "indicator": indicator,
        "unit": _in_year(indicator),
        "cells": cells,
        "parts": [_parts(indicator, cell) for cell in cells],
        "trend": trend(points(year.known.cells(indicator, whole))),
        "signal": None,
        "compared": year.known.comparators(indicator, year.extract),
        "target": year.known.target(indicator),
    }


def _mean(year: FinancialYear, indicator: PageIndicator) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "more": f", {_MEANS.get(indicator.period, 'mean of the months')}",
        "unit": indicator.unit_name,
        "cells": [year.mean(indicator), year.mean_before(indicator)],
        "trend": trend([]),
        "signal": None,
        "compared": {},
        "target": None,
    }


def _by_month(year: FinancialYear, indicator: PageIndicator) -> dict[str, Any]:
    cells = year.known.cells(indicator, year.known.whole)
    return {
        "name": indicator.name,
        "unit": indicator.unit_and_period,
        "is_whole": False,
        "cells": cells,
        "then": [year.reported_then(indicator, month) for month in year.known.months],
        "trend": trend(points(cells)),
    }


def _by_year(year: FinancialYear, indicator: PageIndicator) -> dict[str, Any]:
    return {"name": indicator.name, **year_ends(year.newest, indicator, year.extract)}


def _in_year(indicator: PageIndicator) -> str:
    """The unit of the figure of the year, and what it counts."""
    return _SUMS.get(indicator.unit, "") if indicator.period == "month" else indicator.unit_and_period


def _parts(indicator: PageIndicator, cell: FigureCell) -> str:
    """Of a percentage, `1,332 of 2,128`."""
    if indicator.unit != "percentage" or cell.mark or cell.numerator is None or cell.denominator is None:
        return ""
    return f"{cell.numerator:,} of {cell.denominator:,}"


def _reasons(figures: Iterable[Mapping[str, Any]]) -> list[str]:
    """Why a figure of the year is not available, once for each reason."""
    names: dict[str, list[str]] = {}
    for row in figures:
        cell = row["cells"][0]
        if cell.mark == wording.NOT_AVAILABLE and cell.reason:
            of_reason = names.setdefault(cell.reason, [])
            of_reason += [row["indicator"].name] if row["indicator"].name not in of_reason else []
    return [
        f"{', '.join(of_reason)}: not available. {wording.sentence(reason)}" for reason, of_reason in names.items()
    ]
