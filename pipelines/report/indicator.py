"""The page of an indicator of the monthly report.

Belongs here: what stands on the page, in which words. Does not belong here: figures of its own.
"""

import datetime as dt
from typing import Any

from pipelines.report import words
from pipelines.report.charts import MEAN, RANGE, REPORTED, RESTATED, Change, Line, chart, trend
from pipelines.report.figures import GLANCE_BACK, Area, Authority, Cell, Indicator, Row, points
from pipelines.report.links import DICTIONARY
from pipelines.report.links import indicator_page as dictionary_page
from pipelines.report.template import render

_MARCH = 3


def indicator_page(authority: Authority, indicator: Indicator, **also: Any) -> str:
    """An indicator: its months with a chart, commentary, areas, comparators, year ends, definition and notes.

    `also` is for the template: `trail_steps` up from the page, what is `said` to the indicator as HTML, and the
    `smallest_shown` count.
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
        root="../",
        authority=authority,
        indicator=indicator,
        dictionary=f"../{DICTIONARY}/{dictionary_page(indicator.id)}",
        lead=_lead(authority, indicator, cells),
        signal=signal,
        signal_reason=words.RULES.get(signal["rule"] or "", "") if signal else "",
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
        **_years(authority, indicator),
        notes=_notes(authority, indicator, cells, restated),
        **also,
    )


def _lead(authority: Authority, indicator: Indicator, cells: list[Cell]) -> str:
    """The figure in a sentence, with the month before and the year before."""
    told = [
        f"{words.long_month(month)}: {cells[-1 - back].sentence}"
        for month, back in zip(authority.glance_months, GLANCE_BACK, strict=True)
    ]
    if indicator.unit == "percentage" and not cells[-1].mark:
        told[0] += f" ({cells[-1].numerator:,} of {cells[-1].denominator:,})"
    return f"{told[0]}. {'; '.join(told[1:])}."


def _interval(signal: Row | None) -> str:
    if not signal or signal["confidence_low"] is None:
        return ""
    low, high = (words.with_unit(signal[name], "percentage") for name in ("confidence_low", "confidence_high"))
    return f"95 per cent confidence interval: {low} to {high}"


def _has_range(signal: Row | None) -> bool:
    return signal is not None and signal["centre"] is not None


def _again(cells: list[Cell], restated: list[Cell | None]) -> list[Cell | None]:
    """The newest extract's figures where they differ from what was reported, or nothing was."""
    return [cell if cell.is_recomputed else again for cell, again in zip(cells, restated, strict=True)]


def _others(names: dict[str, str], compared: list[dict[str, Row]]) -> list[Line]:
    return [
        Line(name, [rows[one]["comparator_value"] if one in rows else None for rows in compared])
        for one, name in names.items()
    ]


def _limits(signal: Row | None, months: list[dt.date]) -> list[Line]:
    """Mean and usual range, as they are for the newest month, over the months that set them."""
    if signal is None or not _has_range(signal):
        return []
    columns = ((MEAN, "centre"), (RANGE, "lower_limit"), (RANGE, "upper_limit"))
    return [
        Line(name, [signal[column] if month >= signal["baseline_from"] else None for month in months])
        for name, column in columns
    ]


def _in_words(authority: Authority, indicator: Indicator, cells: list[Cell]) -> str:
    """What the chart shows, for those who do not see it."""
    newest = words.long_month(authority.month)
    told = f"Line chart: {indicator.name}, {authority.name}, thirteen months up to {newest}."
    known = [(cell.value, month) for cell, month in zip(cells, authority.months, strict=True) if not cell.mark]
    if known:
        (low, low_month), (high, high_month) = min(known), max(known)
        told += (
            f" Lowest {words.with_unit(low, indicator.unit)} in {words.long_month(low_month)},"
            f" highest {words.with_unit(high, indicator.unit)} in {words.long_month(high_month)}."
        )
    return f"{told} The figures stand in the table below."


def _month_rows(
    indicator: Indicator,
    months: list[dt.date],
    cells: list[Cell],
    restated: list[Cell | None],
    compared: list[dict[str, Row]],
) -> list[dict[str, Any]]:
    """The table beside the chart. The year of a published figure is told where it changes."""
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


def _part(count: int | None, mark: str) -> str:
    if count is not None:
        return words.number(count, "number")
    return words.SUPPRESSED if mark == words.SUPPRESSED else ""


def _area_groups(authority: Authority, indicator: Indicator) -> list[dict[str, Any]]:
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


def _area_row(authority: Authority, indicator: Indicator, area: Area) -> dict[str, Any]:
    cells = authority.cells(indicator, area)
    return {"name": area[1], "cells": cells, "trend": trend(points(cells)), "is_whole": area == authority.whole}


def _years(authority: Authority, indicator: Indicator) -> dict[str, Any]:
    """Year ends: ours where a March was held, and what was published of each year."""
    names = {"own_published": f"{authority.name}, as published", **authority.comparator_names}
    published: dict[dt.date, dict[str, str]] = {}
    for row in authority.published.get(indicator.id, []):
        published.setdefault(row["period_end"], {})[row["comparator"]] = _told(row, indicator.unit)
    held = {month for month in authority.held(indicator) if month.month == _MARCH}
    years = [
        {
            "year_end": year_end,
            "cell": authority.cell(indicator, authority.whole, year_end) if year_end in held else None,
            "published": published.get(year_end, {}),
        }
        for year_end in sorted(held | set(published))
        if year_end <= authority.month
    ]
    shown = {name for row in published.values() for name in row}
    return {"years": years, "year_names": {name: told for name, told in names.items() if name in shown}}


def _told(published: Row, unit: str) -> str:
    if published["status"] == "suppressed":
        return words.SUPPRESSED
    return words.number(published["value"], unit)


def _notes(
    authority: Authority, indicator: Indicator, cells: list[Cell], restated: list[Cell | None]
) -> list[str]:
    """What a reader has to know of the figures, as far as the release tells it."""
    notes = [
        "An extract is taken on the first working day after the month end. What was recorded later is not in it."
    ]
    if indicator.period == "ytd":
        notes.append("Counting begins anew on 1 April: the first months of a year rest on few cases.")
    if indicator.unit == "rate_per_10000":
        notes += _populations(authority, cells)
    notes += [
        f"The definition changed in {words.long_month(month)} ({told}): months before and after are not alike."
        for month, told in indicator.changes.items()
        if authority.months[0] < month <= authority.month
    ]
    if indicator.is_written_over:
        notes.append(
            "The list that this is counted from is written over each month. No earlier month can be counted again."
        )
    if any(cell.is_recomputed for cell in cells):
        notes.append("Months marked r were not reported at the time. They are counted from the newest extract.")
    again = sum(cell is not None for cell in restated)
    if again:
        notes.append(
            f"Months that the newest extract counts otherwise than they were reported: {again}, because of"
            " records that came late or were put right."
        )
    return notes


def _populations(authority: Authority, cells: list[Cell]) -> list[str]:
    """From which month on which number of children the rate is of."""
    told, before = [], None
    for month, cell in zip(authority.months, cells, strict=True):
        if cell.denominator and cell.denominator != before:
            told.append(f"{cell.denominator:,} from {words.long_month(month)}")
            before = cell.denominator
    return [f"Children aged 0 to 17 that the rate is of: {', '.join(told)}."] if told else []
