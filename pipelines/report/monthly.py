"""The monthly performance report of a release, for people outside the service and for the service itself.

Belongs here: the list of pages, and the month at a glance. One report may leave the service: it reads `open/` and
nothing else, so it cannot show what `open/` suppresses. The other is made in the same way from `restricted/`, and
also has the pages of teams. Does not belong here: calculating figures.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.calendar import Month
from pipelines.dictionary.indicator_parameters import Parameter
from pipelines.dictionary.indicators import GROUPS
from pipelines.processes import spread
from pipelines.report import challenges, delivery_plan, reviewing_officers, teams, wording
from pipelines.report.annual_report import annual_report_page
from pipelines.report.audience import OUTSIDE, SERVICE, Audience
from pipelines.report.breakdowns import BreakdownTable, breakdown_tables
from pipelines.report.charts import trend
from pipelines.report.child_lists import ListedChildren
from pipelines.report.commentary import INDEX, commentary
from pipelines.report.delivery_plan import BoardLists, board_lists, delivery_plan_page, objectives_of
from pipelines.report.financial_year import FinancialYear, financial_years
from pipelines.report.indicator import indicator_page
from pipelines.report.release_reader import (
    GLANCE_BACK,
    OwnTables,
    ReportedAuthority,
    Row,
    authorities,
    newest_months,
    points,
    register,
)
from pipelines.report.subject_page import SubjectContent, subject_page
from pipelines.report.subject_register import subject_register
from pipelines.report.template import render, stylesheet
from pipelines.report.year_breakdowns import year_breakdowns
from pipelines.settings import workers

_TOGETHER = 4
"""How many authorities are read together: memory does not grow with the number of all."""


@dataclass(frozen=True)
class _Report:
    """A report that is being written. The pages of all its authorities depend on this."""

    audience: Audience
    release: Path
    comments: Path
    smallest_shown: int
    newest_of_all: dt.date
    is_alone: bool
    own_numbers: Sequence[Parameter]

    @property
    def folder(self) -> Path:
        return self.release / self.audience.pages


@dataclass(frozen=True)
class _AuthorityBatch:
    """Some authorities of a report, with their rows that `open/` leaves out."""

    report: _Report
    la_codes: Sequence[str]
    left_out: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class _Content:
    """What an authority's pages show besides its figures."""

    plan: BoardLists | None
    teams: Sequence[teams.Team]
    breakdowns: Mapping[str, BreakdownTable]
    """By indicator."""
    lists: Mapping[str, ListedChildren]
    """By indicator; empty in the report for people outside."""
    years: Sequence["_Year"]
    officers: Sequence[reviewing_officers.Officer]
    challenges: Sequence[challenges.Challenge] | None
    """None where the authority keeps no list of them."""


@dataclass(frozen=True)
class _Year:
    """What the annual report of a year shows besides the figures."""

    year: FinancialYear
    breakdowns: Mapping[str, BreakdownTable]
    promised: Sequence[Row]


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


def write_reports(  # noqa: PLR0913
    release: Path,
    comments: Path,
    smallest_shown: int,
    left_out: Sequence[Mapping[str, str]] = (),
    *,
    audiences: Sequence[Audience] = (OUTSIDE, SERVICE),
    own_numbers: Sequence[Parameter] = (),
) -> list[str]:
    """Writes `report/` and `restricted/report/` of a release. Returns warnings about commentary that is not shown.

    `comments` is the folder of all commentary, `smallest_shown` the smallest count that `open/` shows, and
    `left_out` are the rows that it leaves out. `own_numbers` are those that authorities set for definitions.
    """
    batches = []
    for audience in audiences:
        months = newest_months(release / audience.tables)
        newest_of_all = max(months.values(), default=dt.date.min)
        report = _Report(audience, release, comments, smallest_shown, newest_of_all, len(months) == 1, own_numbers)
        report.folder.mkdir(parents=True, exist_ok=True)
        _write(report.folder / "style.css", stylesheet())
        by_name = list(months)
        for first in range(0, len(by_name), _TOGETHER):
            codes = by_name[first : first + _TOGETHER]
            absent = [row for row in left_out if audience.is_outside and row["la_code"] in codes]
            batches.append(_AuthorityBatch(report, codes, absent))
    warnings: list[str] = []
    lines: dict[Audience, list[dict[str, Any]]] = {audience: [] for audience in audiences}
    for batch, (own_lines, own_warnings) in zip(batches, spread(_write_batch, batches, workers()), strict=True):
        lines[batch.report.audience] += own_lines
        warnings += own_warnings
    for audience, listed in lines.items():
        if len(listed) != 1:
            page = render("authorities.html.j2", audience, authorities=listed, root="")
            _write(release / audience.pages / "index.html", page)
    return list(dict.fromkeys(warnings))


def _write_batch(batch: _AuthorityBatch) -> tuple[list[dict[str, Any]], list[str]]:
    """Writes the pages of some authorities. Returns their lines on the page of all, and warnings."""
    report = batch.report
    tables = OwnTables(report.release / report.audience.tables, batch.la_codes)
    by_code = {authority.la_code: authority for authority in authorities(tables, batch.left_out)}
    plans = board_lists(tables)
    breakdowns = breakdown_tables(tables, list(by_code.values()), subject_register().in_localities)
    years = _years(tables, batch, by_code)
    by_team: dict[str, list[teams.Team]] = {}
    lists: dict[str, dict[str, ListedChildren]] = {}
    officers: dict[str, list[reviewing_officers.Officer]] = {}
    by_authority: dict[str, list[challenges.Challenge]] = {}
    if not report.audience.is_outside:
        by_team = teams.teams_of(tables, list(by_code.values()))
        lists = teams.lists_of(tables, list(by_code.values()), by_team)
        by_authority = challenges.challenges_of(tables, by_code.values())
        officers = reviewing_officers.officers_of(tables, by_code.values(), by_team, by_authority)
    lines: list[dict[str, Any]] = []
    warnings: list[str] = []
    for la_code in batch.la_codes:
        authority = by_code[la_code]
        authority.newest_of_all = report.newest_of_all
        authority.own_numbers = [number for number in report.own_numbers if number.la_code == la_code]
        content = _Content(
            plans.get(la_code),
            by_team.get(la_code, []),
            breakdowns[la_code],
            lists.get(la_code, {}),
            years[la_code],
            officers.get(la_code, []),
            by_authority.get(la_code),
        )
        warnings += _write_authority(report, authority, content)
        lines.append(_line(authority))
    return lines, warnings


def _years(
    tables: OwnTables, batch: _AuthorityBatch, by_code: Mapping[str, ReportedAuthority]
) -> dict[str, list[_Year]]:
    """The years of each authority, the newest first."""
    annual = subject_register().annual_report
    years = financial_years(tables, by_code.values(), annual.figures, batch.left_out)
    breakdowns = year_breakdowns(tables, years, annual)
    promised = objectives_of(tables, {year.extract for of_one in years.values() for year in of_one})
    return {
        la_code: [
            _Year(year, breakdowns[la_code, year.extract], promised.get((la_code, year.extract), []))
            for year in of_one
        ]
        for la_code, of_one in years.items()
    }


def _write_authority(report: _Report, authority: ReportedAuthority, content: _Content) -> list[str]:
    """Writes the pages of an authority. Returns warnings about its commentary."""
    audience, folder = report.audience, report.folder
    paths = _Paths(report.is_alone, authority.la_code)
    month = str(Month(authority.month.year, authority.month.month))
    annual = subject_register().annual_report
    pages = {annual.file, *(indicator.id for indicator in register())}
    comment = commentary(report.comments, authority.la_code, month, pages)
    room = folder / authority.la_code
    room.mkdir()
    glance = _glance(authority)
    trail = paths.trail(glance)
    figures = _figures(authority)
    further_pages = []
    for subject in subject_register().pages:
        page = subject_page(
            audience,
            authority,
            subject,
            SubjectContent(figures, content.breakdowns, content.lists),
            trail_steps=trail,
            smallest_shown=report.smallest_shown,
        )
        if page:
            _write(room / subject.file, page)
            further_pages.append((subject.title, f"{paths.indicators}{subject.file}"))
    for each in content.years:
        extract = f"{each.year.extract:%Y-%m}"
        of_year = comment if extract == month else commentary(report.comments, authority.la_code, extract, pages)
        page = annual_report_page(
            audience,
            annual,
            each.year,
            each.breakdowns,
            each.promised,
            trail_steps=trail,
            plan_page=delivery_plan.FILE if content.plan else "",
            commentary=of_year.html.get(annual.file, ""),
            smallest_shown=report.smallest_shown,
        )
        if page:
            file = f"{annual.file}-{each.year.in_file_names}.html"
            _write(room / file, page)
            further_pages.append((f"{annual.title} {each.year.name}", f"{paths.indicators}{file}"))
    if content.plan:
        page = delivery_plan_page(audience, authority.name, content.plan, trail, report.smallest_shown)
        _write(room / delivery_plan.FILE, page)
        further_pages.append((delivery_plan.TITLE, f"{paths.indicators}{delivery_plan.FILE}"))
    for indicator in authority.indicators:
        page = indicator_page(
            audience,
            authority,
            indicator,
            trail_steps=trail,
            commentary=comment.html.get(indicator.id, ""),
            breakdown=content.breakdowns.get(indicator.id),
            smallest_shown=report.smallest_shown,
        )
        _write(room / f"{indicator.id}.html", page)
    for team in content.teams:
        (room / teams.FOLDER).mkdir(exist_ok=True)
        page = teams.team_page(audience, authority, team, content.lists, paths.trail(glance, "../"))
        _write(room / teams.FOLDER / team.file, page)
    further_pages += _write_reviewing_service(report, authority, paths, content)
    page = _glance_page(
        audience,
        authority,
        paths,
        figures,
        commentary=comment.html.get(INDEX, ""),
        teams=content.teams,
        further=further_pages,
        smallest_shown=report.smallest_shown,
    )
    _write(folder / paths.glance, page)
    return comment.warnings


def _write_reviewing_service(
    report: _Report, authority: ReportedAuthority, paths: _Paths, content: _Content
) -> list[tuple[str, str]]:
    """Writes the list of challenges and the pages of officers. Returns titles and paths for the glance."""
    audience, room, glance = report.audience, report.folder / authority.la_code, _glance(authority)
    pages = []
    if content.challenges is not None:
        page = challenges.challenges_page(audience, authority, content.challenges, paths.trail(glance))
        _write(room / challenges.FILE, page)
        pages.append((challenges.TITLE, f"{paths.indicators}{challenges.FILE}"))
    if content.officers:
        folder, trail = room / reviewing_officers.FOLDER, paths.trail(glance, "../")
        folder.mkdir()
        has_challenges = content.challenges is not None
        for officer in content.officers:
            page = reviewing_officers.officer_page(audience, authority, officer, trail, has_challenges)
            _write(folder / officer.file, page)
        page = reviewing_officers.officers_page(audience, authority, content.officers, has_challenges, trail)
        _write(folder / "index.html", page)
        pages.append((reviewing_officers.TITLE, f"{paths.indicators}{reviewing_officers.FOLDER}/index.html"))
    return pages


def _glance(authority: ReportedAuthority) -> str:
    """The title of the glance, in links to it."""
    return f"{wording.long_month(authority.month)} at a glance"


def _glance_page(
    audience: Audience, authority: ReportedAuthority, paths: _Paths, figures: Mapping[str, Any], **also: Any
) -> str:
    """The month at a glance: every indicator by group. `also` goes to the template: `commentary` as HTML, `teams`,
    `further` pages by title, and `smallest_shown`."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in figures.values():
        groups.setdefault(row["indicator"].group, []).append(row)
    return render(
        "glance.html.j2",
        audience,
        root=paths.root,
        trail_steps=[] if paths.is_alone else [("All authorities", "../index.html")],
        authority=authority,
        shown_months=authority.glance_months,
        unusual=_unusual(authority),
        indicators_folder=paths.indicators,
        teams_folder=f"{paths.indicators}{teams.FOLDER}",
        groups=[{"id": group, "name": GROUPS[group], "rows": rows} for group, rows in groups.items()],
        **also,
    )


def _figures(authority: ReportedAuthority) -> dict[str, dict[str, Any]]:
    """What a table of figures says of each indicator, in the order of the register."""
    lines = {}
    for indicator in authority.indicators:
        cells = authority.cells(indicator, authority.whole)
        lines[indicator.id] = {
            "indicator": indicator,
            "cells": [cells[-1 - back] for back in GLANCE_BACK],
            "trend": trend(points(cells)),
            "signal": authority.signals.get((indicator.id, authority.whole)),
            "compared": authority.comparators(indicator, authority.month),
            "target": authority.target(indicator),
        }
    return lines


def _line(authority: ReportedAuthority) -> dict[str, Any]:
    """What the page of all authorities says of one."""
    return {
        "name": authority.name,
        "href": f"{authority.la_code}/index.html",
        "month": authority.month,
        "is_behind": authority.is_behind,
        "indicators": len(authority.indicators),
        "unusual": _unusual(authority),
    }


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
