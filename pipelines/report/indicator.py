"""The page of an indicator of the monthly report.

Belongs here: the content of the page and its sentences. Does not belong here: calculating figures.
"""

import datetime as dt
from typing import Any

from pipelines.population_age import old_population
from pipelines.report import wording
from pipelines.report.audience import Audience
from pipelines.report.charts import MEAN, RANGE, REPORTED, RESTATED, Change, Line, chart, trend
from pipelines.report.links import indicator_file
from pipelines.report.release_reader import (
    GLANCE_BACK,
    Area,
    FigureCell,
    PageIndicator,
    ReportedAuthority,
    Row,
    points,
)
from pipelines.report.template import render

_MARCH = 3


def indicator_page(audience: Audience, authority: ReportedAuthority, indicator: PageIndicator, **also: Any) -> str:
    """The page as HTML: months with a chart, commentary, areas, comparators, year ends, definition and notes.

    `also` goes to the template: `trail_steps` (links upwards), `commentary` as HTML, `breakdown` (None where the
    release has none), and `smallest_shown`, the smallest count that `open/` shows.
    """
    months = authority.months
    cells = authority.cells(indicator, authority.whole)
    restated = [authority.restated_cell(indicator, month) for month in months]
    signal = authority.signals.get((indicator.id, authority.whole))
    compared = [authority.comparators(indicator, month) for month in months]
    names = {
        comparator: name
        for comparator, name in authority.comparator_names.items()
        if any(comparator in rows for rows in compared)
    }
    return render(
        "indicator.html.j2",
        audience,
        root="../",
        authority=authority,
        indicator=indicator,
        dictionary=f"../{audience.dictionary}/{indicator_file(indicator.id)}",
        lead=_lead(authority, indicator, cells),
        signal=signal,
        signal_reason=wording.RULES.get(signal["rule"] or "", "") if signal else "",
        interval=_interval(signal),
        target=authority.target(indicator),
        chart=chart(
            months,
            [
                Line(REPORTED, points([None if cell.is_recomputed else cell for cell in cells])),
                Line(RESTATED, points(_again(cells, restated))),
                *_others(names, compared),
                *_limits(signal, months),
            ],
            indicator.unit,
            [Change(month, "Definition changed") for month in indicator.changes],
            _in_words(authority, indicator, cells),
        ),
        has_range=_has_range(signal),
        has_restated=any(restated),
        month_ends=months,
        months=_month_rows(indicator, months, cells, restated, compared),
        compared_names=names,
        groups=_area_groups(authority, indicator),
        compared=[compared[-1][comparator] for comparator in names if comparator in compared[-1]],
        year_ends=year_ends(authority, indicator, authority.month),
        notes=_notes(authority, indicator, cells, restated),
        **also,
    )


def _lead(authority: ReportedAuthority, indicator: PageIndicator, cells: list[FigureCell]) -> str:
    """The figure as a sentence, with the month before and the year before."""
    sentences = [
        f"{wording.long_month(month)}: {cells[-1 - back].sentence}"
        for month, back in zip(authority.glance_months, GLANCE_BACK, strict=True)
    ]
    if indicator.unit == "percentage" and not cells[-1].mark and cells[-1].denominator:
        sentences[0] += f" ({cells[-1].numerator:,} of {cells[-1].denominator:,})"
    return f"{sentences[0]}. {'; '.join(sentences[1:])}."


def _interval(signal: Row | None) -> str:
    if not signal or signal["confidence_low"] is None:
        return ""
    low, high = (wording.with_unit(signal[name], "percentage") for name in ("confidence_low", "confidence_high"))
    return f"95 per cent confidence interval: {low} to {high}"


def _has_range(signal: Row | None) -> bool:
    return signal is not None and signal["centre"] is not None


def _again(cells: list[FigureCell], restated: list[FigureCell | None]) -> list[FigureCell | None]:
    """The figures from the newest extract, where they differ from the reported ones or none was reported."""
    return [cell if cell.is_recomputed else again for cell, again in zip(cells, restated, strict=True)]


def _others(names: dict[str, str], compared: list[dict[str, Row]]) -> list[Line]:
    return [
        Line(name, [rows[comparator]["comparator_value"] if comparator in rows else None for rows in compared])
        for comparator, name in names.items()
    ]


def _limits(signal: Row | None, months: list[dt.date]) -> list[Line]:
    """Mean and usual range of the newest month, drawn over the months that they are calculated from."""
    if signal is None or not _has_range(signal):
        return []
    columns = ((MEAN, "centre"), (RANGE, "lower_limit"), (RANGE, "upper_limit"))
    return [
        Line(name, [signal[column] if month >= signal["baseline_from"] else None for month in months])
        for name, column in columns
    ]


def _in_words(authority: ReportedAuthority, indicator: PageIndicator, cells: list[FigureCell]) -> str:
    """A description of the chart for screen readers."""
    newest = wording.long_month(authority.month)
    text = f"Line chart: {indicator.name}, {authority.name}, thirteen months up to {newest}."
    known = [(cell.value, month) for cell, month in zip(cells, authority.months, strict=True) if not cell.mark]
    if known:
        (low, low_month), (high, high_month) = min(known), max(known)
        text += (
            f" Lowest {wording.with_unit(low, indicator.unit)} in {wording.long_month(low_month)},"
            f" highest {wording.with_unit(high, indicator.unit)} in {wording.long_month(high_month)}."
        )
    return f"{text} The table below has the figures."


def _month_rows(
    indicator: PageIndicator,
    months: list[dt.date],
    cells: list[FigureCell],
    restated: list[FigureCell | None],
    compared: list[dict[str, Row]],
) -> list[dict[str, Any]]:
    """The rows of the table below the chart. A published figure has its year in the row where the year changes."""
    return [
        {
            "month": month,
            "cell": cell,
            "restated": again,
            "numerator": _part(cell.numerator, cell.mark),
            "denominator": _part(cell.denominator, cell.mark),
            "compared": others,
            "new_years": {
                comparator
                for comparator, row in others.items()
                if comparator not in before or before[comparator]["comparator_year"] != row["comparator_year"]
            },
            "change": f"Definition changed: {indicator.changes[month]}" if month in indicator.changes else "",
        }
        for month, cell, again, others, before in zip(
            months, cells, restated, compared, [{}, *compared[:-1]], strict=True
        )
    ]


def _part(count: float | None, mark: str) -> str:
    if count is not None:
        return f"{count:,}"
    return wording.SUPPRESSED if mark == wording.SUPPRESSED else ""


def _area_groups(authority: ReportedAuthority, indicator: PageIndicator) -> list[dict[str, Any]]:
    """The authority, its localities and its teams, each with its months."""
    areas: list[tuple[str, list[Area]]] = [
        ("", [authority.whole]),
        ("Localities", authority.areas(indicator, "locality")),
        ("Teams", authority.areas(indicator, "team")),
    ]
    return [
        {"name": name, "rows": [_area_row(authority, indicator, area) for area in of_a_type]}
        for name, of_a_type in areas
        if of_a_type
    ]


def _area_row(authority: ReportedAuthority, indicator: PageIndicator, area: Area) -> dict[str, Any]:
    cells = authority.cells(indicator, area)
    return {"name": area[1], "cells": cells, "trend": trend(points(cells)), "is_whole": area == authority.whole}


def year_ends(authority: ReportedAuthority, indicator: PageIndicator, until: dt.date) -> dict[str, Any]:
    """The authority's figures of every March, and the published figures of each year.

    `years` has a row for each, `names` who published figures.
    """
    names = {"own_published": f"{authority.name}, as published", **authority.comparator_names}
    published: dict[dt.date, dict[str, str]] = {}
    for row in authority.published.get(indicator.id, []):
        published.setdefault(row["period_end"], {})[row["comparator"]] = _published_text(row, indicator.unit)
    marches = {month for month in authority.counted_months(indicator) if month.month == _MARCH}
    years = [
        {
            "year_end": year_end,
            "cell": authority.cell(indicator, authority.whole, year_end) if year_end in marches else None,
            "published": published.get(year_end, {}),
        }
        for year_end in sorted(marches | set(published))
        if year_end <= until
    ]
    shown = {name for row in published.values() for name in row}
    return {"years": years, "names": {name: title for name, title in names.items() if name in shown}}


def _published_text(published: Row, unit: str) -> str:
    if published["status"] == "suppressed":
        return wording.SUPPRESSED
    return wording.number(published["value"], unit)


def _notes(
    authority: ReportedAuthority,
    indicator: PageIndicator,
    cells: list[FigureCell],
    restated: list[FigureCell | None],
) -> list[str]:
    """Notes that a reader of the figures needs."""
    notes = [
        "The extract is taken on the first working day after the month end. It lacks everything recorded later."
    ]
    if indicator.period == "ytd":
        notes.append("Counting starts again on 1 April, so the first months of a year are based on few cases.")
    if indicator.unit == "rate_per_10000":
        notes += [*_populations(authority, cells), *_age_of_population(authority, indicator)]
    notes += [
        f"The definition changed in {wording.long_month(month)} ({change}): months before and after differ."
        for month, change in indicator.changes.items()
        if authority.months[0] < month <= authority.month
    ]
    if indicator.own_numbers:
        numbers = "; ".join(f"{number.words}: {number.value} {number.since}" for number in indicator.own_numbers)
        notes.append(f"{authority.name} sets numbers of this definition itself: {numbers}.")
    if indicator.is_overwritten:
        notes.append("The source list is overwritten each month, so earlier months cannot be restated.")
    notes += _not_available(authority, cells)
    if any(cell.is_recomputed for cell in cells):
        notes.append("Months marked r were not reported at the time. Their figures come from the newest extract.")
    again = sum(cell is not None for cell in restated)
    if again:
        notes.append(
            f"Months with a different figure in the newest extract: {again}, because records were entered late or"
            " corrected."
        )
    return notes


def _not_available(authority: ReportedAuthority, cells: list[FigureCell]) -> list[str]:
    """Why months are not available, with the months: the newest where there are several."""
    months: dict[str, list[dt.date]] = {}
    for month, cell in zip(authority.months, cells, strict=True):
        if cell.reason:
            months.setdefault(cell.reason, []).append(month)
    return [
        f"Not available in {wording.long_month(of_reason[-1])}"
        f"{f' and {len(of_reason) - 1} months before' if len(of_reason) > 1 else ''}. {wording.sentence(reason)}"
        for reason, of_reason in months.items()
    ]


def _populations(authority: ReportedAuthority, cells: list[FigureCell]) -> list[str]:
    """The population behind the rate, with the month from which it applies."""
    populations, before = [], None
    for month, cell in zip(authority.months, cells, strict=True):
        if cell.denominator and cell.denominator != before:
            populations.append(f"{cell.denominator:,} from {wording.long_month(month)}")
            before = cell.denominator
    return [f"Children aged 0 to 17 behind the rate: {', '.join(populations)}."] if populations else []


def _age_of_population(authority: ReportedAuthority, indicator: PageIndicator) -> list[str]:
    """Whether the newest month's rate has an old population, or none."""
    row = authority.reported.get((indicator.id, authority.whole), {}).get(authority.month, {})
    has_no_rate = row.get("numerator") is not None and row.get("denominator") is None
    return old_population(row.get("population_mid_year"), authority.month, has_no_rate)
