"""The monthly performance report of a release: pages for people outside the service, too.

Belongs here: which pages `report/` has, and the month at a glance. They are made from `open/` of the same release
and from nothing else, so that they cannot tell what `open/` hides. Does not belong here: figures of its own.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.calendar import Month
from pipelines.dictionary.indicators import GROUPS
from pipelines.report import delivery_plan, words
from pipelines.report.charts import trend
from pipelines.report.commentary import INDEX, commentary
from pipelines.report.delivery_plan import board_lists, delivery_plan_page
from pipelines.report.figures import GLANCE_BACK, Authority, authorities, points, register
from pipelines.report.indicator import indicator_page
from pipelines.report.template import render, stylesheet


@dataclass(frozen=True)
class _Place:
    """Where an authority's pages stand: with one authority its glance is the index itself."""

    is_alone: bool
    la_code: str

    @property
    def glance(self) -> str:
        return "index.html" if self.is_alone else f"{self.la_code}/index.html"

    @property
    def root(self) -> str:
        """From the glance to the folder of the report."""
        return "" if self.is_alone else "../"

    @property
    def indicators(self) -> str:
        """From the glance to the indicators' pages."""
        return f"{self.la_code}/" if self.is_alone else ""

    def trail(self, glance: str) -> list[tuple[str, str]]:
        """From an indicator's page upwards."""
        if self.is_alone:
            return [(glance, "../index.html")]
        return [("All authorities", "../index.html"), (glance, "index.html")]


def write_monthly_report(release: Path, comments: Path, smallest_shown: int) -> list[str]:
    """Writes `report/` of a release; returns warnings about commentary that is not shown.

    `comments` is the folder of all commentary, `smallest_shown` the smallest count that `open/` shows.
    """
    room = release / "report"
    room.mkdir(exist_ok=True)
    _write(room / "style.css", stylesheet())
    found = sorted(authorities(release, "open"), key=lambda one: one.name)
    warnings: list[str] = []
    lists = board_lists(release)
    for authority in found:
        place = _Place(len(found) == 1, authority.la_code)
        month = str(Month(authority.month.year, authority.month.month))
        said = commentary(comments, authority.la_code, month, {one.id for one in register()})
        warnings += said.warnings
        (room / authority.la_code).mkdir()
        trail = place.trail(f"{words.long_month(authority.month)} at a glance")
        further = []
        if plan := lists.get(authority.la_code):
            page = delivery_plan_page(authority.name, plan, trail, smallest_shown)
            _write(room / authority.la_code / delivery_plan.FILE, page)
            further.append((delivery_plan.TITLE, f"{place.indicators}{delivery_plan.FILE}"))
        glance = _glance_page(authority, place, said.html.get(INDEX, ""), further, smallest_shown)
        _write(room / place.glance, glance)
        for indicator in authority.indicators:
            page = indicator_page(
                authority,
                indicator,
                trail_steps=trail,
                said=said.html.get(indicator.id, ""),
                smallest_shown=smallest_shown,
            )
            _write(room / authority.la_code / f"{indicator.id}.html", page)
    if len(found) != 1:
        _write(room / "index.html", _authorities_page(found))
    return warnings


def _glance_page(
    authority: Authority, place: _Place, said: str, further: list[tuple[str, str]], smallest_shown: int
) -> str:
    """The month at a glance: every indicator by group, and the way to `further` pages."""
    groups: dict[str, list[dict[str, Any]]] = {}
    months = authority.glance_months
    for indicator in authority.indicators:
        cells = authority.cells(indicator, authority.whole)
        groups.setdefault(indicator.group, []).append(
            {
                "indicator": indicator,
                "href": f"{place.indicators}{indicator.id}.html",
                "cells": [cells[-1 - back] for back in GLANCE_BACK],
                "trend": trend(points(cells)),
                "signal": authority.signals.get((indicator.id, authority.whole)),
                "compared": authority.comparators(indicator, authority.month),
                "target": authority.target(indicator),
            }
        )
    return render(
        "glance.html.j2",
        root=place.root,
        trail_steps=[] if place.is_alone else [("All authorities", "../index.html")],
        authority=authority,
        shown_months=months,
        unusual=_unusual(authority),
        said=said,
        further=further,
        groups=[
            {
                "id": group,
                "name": GROUPS[group],
                "rows": rows,
                "has_target": any(row["target"] for row in rows),
                "comparators": authority.comparator_names if any(row["compared"] for row in rows) else {},
            }
            for group, rows in groups.items()
        ],
        smallest_shown=smallest_shown,
    )


def _authorities_page(found: list[Authority]) -> str:
    listed = [
        {
            "name": one.name,
            "href": f"{one.la_code}/index.html",
            "month": one.month,
            "indicators": len(one.indicators),
            "unusual": _unusual(one),
        }
        for one in found
    ]
    return render("authorities.html.j2", authorities=listed, root="")


def _unusual(authority: Authority) -> str:
    """How many of the authority's series do something unusual, in a sentence; empty where nobody asked."""
    if not authority.signals:
        return ""
    count = sum(
        row["signal"] == "special_cause" for (_, area), row in authority.signals.items() if area == authority.whole
    )
    return {0: "None is unusual.", 1: "One is unusual."}.get(count, f"{count} are unusual.")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
