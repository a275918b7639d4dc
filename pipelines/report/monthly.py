"""The monthly performance report of a release, for people outside the service and for the service itself.

Belongs here: the list of pages, and the month at a glance. One report may leave the service: it reads `open/` and
nothing else, so it cannot show what `open/` suppresses. The other is made in the same way from `restricted/`, and
also has the pages of teams. Does not belong here: calculating figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.calendar import Month
from pipelines.dictionary.indicators import GROUPS
from pipelines.report import delivery_plan, teams, wording
from pipelines.report.audience import OUTSIDE, SERVICE, Audience
from pipelines.report.charts import trend
from pipelines.report.commentary import INDEX, commentary
from pipelines.report.delivery_plan import board_lists, delivery_plan_page
from pipelines.report.indicator import indicator_page
from pipelines.report.release_reader import GLANCE_BACK, ReportedAuthority, authorities, points, register
from pipelines.report.template import render, stylesheet


@dataclass(frozen=True)
class _Paths:
    """Paths of an authority's pages. In a release with one authority its glance is the index."""

    is_alone: bool
    la_code: str

    @property
    def glance(self) -> str:
        return "index.html" if self.is_alone else f"{self.la_code}/index.html"

    @property
    def root(self) -> str:
        """Path from the glance to the folder of the report."""
        return "" if self.is_alone else "../"

    @property
    def indicators(self) -> str:
        """Path from the glance to the pages of indicators."""
        return f"{self.la_code}/" if self.is_alone else ""

    def trail(self, glance: str, up: str = "") -> list[tuple[str, str]]:
        """Links upwards from a page in the authority's folder, or from one that is `up` below it."""
        if self.is_alone:
            return [(glance, f"{up}../index.html")]
        return [("All authorities", f"{up}../index.html"), (glance, f"{up}index.html")]


def write_reports(
    release: Path, comments: Path, smallest_shown: int, left_out: Sequence[Mapping[str, str]] = ()
) -> list[str]:
    """Writes `report/` and `restricted/report/` of a release. Returns warnings about commentary that is not shown.

    `comments` is the folder of all commentary, `smallest_shown` the smallest count that `open/` shows, and
    `left_out` are the rows that it leaves out.
    """
    warnings = write_monthly_report(OUTSIDE, release, comments, smallest_shown, left_out)
    warnings += write_monthly_report(SERVICE, release, comments, smallest_shown)
    return list(dict.fromkeys(warnings))


def write_monthly_report(
    audience: Audience,
    release: Path,
    comments: Path,
    smallest_shown: int,
    left_out: Sequence[Mapping[str, str]] = (),
) -> list[str]:
    """Writes the report for an audience. Parameters and result are those of `write_reports`."""
    folder = release / audience.pages
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "style.css", stylesheet())
    tables = release / audience.tables
    by_name = sorted(authorities(tables, left_out), key=lambda authority: authority.name)
    warnings: list[str] = []
    lists = board_lists(tables)
    by_team = {} if audience.is_outside else teams.teams_of(tables, by_name)
    for authority in by_name:
        paths = _Paths(len(by_name) == 1, authority.la_code)
        month = str(Month(authority.month.year, authority.month.month))
        comment = commentary(comments, authority.la_code, month, {indicator.id for indicator in register()})
        warnings += comment.warnings
        room = folder / authority.la_code
        room.mkdir()
        glance = f"{wording.long_month(authority.month)} at a glance"
        trail = paths.trail(glance)
        further_pages = []
        if plan := lists.get(authority.la_code):
            page = delivery_plan_page(audience, authority.name, plan, trail, smallest_shown)
            _write(room / delivery_plan.FILE, page)
            further_pages.append((delivery_plan.TITLE, f"{paths.indicators}{delivery_plan.FILE}"))
        for indicator in authority.indicators:
            page = indicator_page(
                audience,
                authority,
                indicator,
                trail_steps=trail,
                commentary=comment.html.get(indicator.id, ""),
                smallest_shown=smallest_shown,
            )
            _write(room / f"{indicator.id}.html", page)
        for team in by_team.get(authority.la_code, []):
            (room / teams.FOLDER).mkdir(exist_ok=True)
            page = teams.team_page(audience, authority, team, paths.trail(glance, "../"))
            _write(room / teams.FOLDER / team.file, page)
        page = _glance_page(
            audience,
            authority,
            paths,
            commentary=comment.html.get(INDEX, ""),
            teams=by_team.get(authority.la_code, []),
            further=further_pages,
            smallest_shown=smallest_shown,
        )
        _write(folder / paths.glance, page)
    if len(by_name) != 1:
        _write(folder / "index.html", _authorities_page(audience, by_name))
    return warnings


def _glance_page(audience: Audience, authority: ReportedAuthority, paths: _Paths, **also: Any) -> str:
    """The month at a glance: every indicator by group. `also` goes to the template: `commentary` as HTML, `teams`,
    `further` pages by title, and `smallest_shown`."""
    groups: dict[str, list[dict[str, Any]]] = {}
    months = authority.glance_months
    for indicator in authority.indicators:
        cells = authority.cells(indicator, authority.whole)
        groups.setdefault(indicator.group, []).append(
            {
                "indicator": indicator,
                "href": f"{paths.indicators}{indicator.id}.html",
                "cells": [cells[-1 - back] for back in GLANCE_BACK],
                "trend": trend(points(cells)),
                "signal": authority.signals.get((indicator.id, authority.whole)),
                "compared": authority.comparators(indicator, authority.month),
                "target": authority.target(indicator),
            }
        )
    return render(
        "glance.html.j2",
        audience,
        root=paths.root,
        trail_steps=[] if paths.is_alone else [("All authorities", "../index.html")],
        authority=authority,
        shown_months=months,
        unusual=_unusual(authority),
        teams_folder=f"{paths.indicators}{teams.FOLDER}",
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
        **also,
    )


def _authorities_page(audience: Audience, all_authorities: list[ReportedAuthority]) -> str:
    listed = [
        {
            "name": authority.name,
            "href": f"{authority.la_code}/index.html",
            "month": authority.month,
            "is_behind": authority.is_behind,
            "indicators": len(authority.indicators),
            "unusual": _unusual(authority),
        }
        for authority in all_authorities
    ]
    return render("authorities.html.j2", audience, authorities=listed, root="")


def _unusual(authority: ReportedAuthority) -> str:
    """The number of unusual series of the authority, as a sentence; empty where there are no signals."""
    if not authority.signals:
        return ""
    count = sum(
        row["signal"] == "special_cause" for (_, area), row in authority.signals.items() if area == authority.whole
    )
    return {0: "None is unusual.", 1: "One is unusual."}.get(count, f"{count} are unusual.")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
