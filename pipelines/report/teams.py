"""The pages of teams in the report for the service: with small numbers and with rows of children by pseudonym.

Belongs here: the content of these pages. Does not belong here: what is due and how it
affects a figure; `mart_due_list` and `mart_projection` have that.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.dictionary.indicators import GROUPS
from pipelines.file_names import file_name
from pipelines.report import wording
from pipelines.report.audience import Audience
from pipelines.report.charts import trend
from pipelines.report.child_lists import ListedChildren, listed_children, records
from pipelines.report.release_reader import (
    GLANCE_BACK,
    OWN_ROWS,
    Area,
    OwnTables,
    PageIndicator,
    ReportedAuthority,
    Row,
    points,
    rows,
)
from pipelines.report.subject_register import subject_register
from pipelines.report.template import render
from pipelines.settings import NOT_ALLOCATED

FOLDER = "teams"
"""The folder of the pages, in that of the authority."""

_DUE = f"""
    select *
    from {OWN_ROWS}
    order by due_date nulls first, item, child_id, event_id
"""
_NEXT = f"select * from {OWN_ROWS} where area_type = 'team'"
_CHILDREN = f"""
    with newest as (
        select la_code, max(extract_month) as extract_month
        from {OWN_ROWS}
        group by la_code
    )

    select la_code, area_name, indicator_id, child_id, event_id, is_in_numerator, reason, due_date, actual_date
    from {OWN_ROWS}
    inner join newest using (la_code, extract_month)
    where month = extract_month
    order by is_in_numerator, due_date, actual_date, child_id, event_id
"""
_LOCALITIES = f"""
    with newest as (
        select la_code, max(extract_month) as extract_month
        from {OWN_ROWS}
        group by la_code
    )

    select la_code, team_name, string_agg(distinct locality_name, ', ' order by locality_name) as locality
    from {OWN_ROWS}
    inner join newest using (la_code, extract_month)
    group by la_code, team_name
"""


@dataclass
class Team:
    """A team of the newest extract, its file, and the content of its page other than figures."""

    name: str
    locality: str = ""
    file: str = ""
    due: list[Row] = field(default_factory=list)
    projections: dict[str, Row] = field(default_factory=dict)
    """Projections of the next month end, by indicator."""
    children: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def area(self) -> Area:
        return ("team", self.name)


def team_page(
    audience: Audience,
    authority: ReportedAuthority,
    team: Team,
    lists: Mapping[str, ListedChildren],
    trail_steps: Sequence[tuple[str, str]],
) -> str:
    """The page of a team, as HTML for a folder two levels below the stylesheet."""
    groups: dict[str, list[dict[str, Any]]] = {}
    indicators = [
        indicator for indicator in authority.indicators if authority.reported.get((indicator.id, team.area))
    ]
    for indicator in indicators:
        cells = authority.cells(indicator, team.area)
        groups.setdefault(indicator.group, []).append(
            {
                "name": indicator.name,
                "unit": indicator.unit_and_period,
                "is_share": indicator.unit == "percentage",
                "is_whole": False,
                "cells": cells,
                "shown": [cells[-1 - back] for back in GLANCE_BACK],
                "whole": authority.cell(indicator, authority.whole, authority.month),
                "trend": trend(points(cells)),
                "signal": authority.signals.get((indicator.id, team.area)),
                "next": team.projections.get(indicator.id),
            }
        )
    own_lists = {name: of_all.of_team(team.name) for name, of_all in lists.items() if of_all.is_of_teams}
    return render(
        "team.html.j2",
        audience,
        root="../../",
        trail_steps=trail_steps,
        authority=authority,
        team=team,
        shown_months=authority.glance_months,
        month_ends=authority.months,
        has_signals=bool(authority.signals),
        next_month=next((row["projected_month"] for row in team.projections.values()), None),
        groups=[{"name": GROUPS[group], "rows": shown} for group, shown in groups.items()],
        due=due_lists(authority, team.due),
        lists=list(own_lists.values()) if any(each.rows for each in own_lists.values()) else [],
        children=[
            _children(indicator, team.children[indicator.id])
            for indicator in authority.indicators
            # the children of a rate are those of its count
            if indicator.unit != "rate_per_10000"
            and team.children.get(indicator.id)
            # a list above has every child of its count
            and not (indicator.unit == "number" and indicator.id in own_lists)
        ],
    )


def teams_of(tables: OwnTables, all_authorities: Sequence[ReportedAuthority]) -> dict[str, list[Team]]:
    """Teams with a figure or a due item in the newest extract, by authority. `Not allocated` is last."""
    teams: dict[str, dict[str, Team]] = {
        authority.la_code: {
            name: Team(name)
            for (_, (area_type, name)), by_month in authority.reported.items()
            if area_type == "team" and authority.month in by_month
        }
        for authority in all_authorities
    }
    for row in rows(_DUE, tables, "mart_due_list", 1):
        teams[row["la_code"]].setdefault(row["team_name"], Team(row["team_name"])).due.append(row)
    for row in rows(_NEXT, tables, "mart_projection", 1):
        if team := teams[row["la_code"]].get(row["area_name"]):
            team.projections[row["indicator_id"]] = row
    for row in rows(_CHILDREN, tables, "fct_indicator_child", 1):
        if team := teams[row["la_code"]].get(row["area_name"]):
            team.children.setdefault(row["indicator_id"], []).append(row)
    for row in rows(_LOCALITIES, tables, "dim_team", 1):
        if team := teams[row["la_code"]].get(row["team_name"]):
            team.locality = row["locality"] or ""
    in_order = {
        la_code: sorted(by_name.values(), key=lambda team: (team.name == NOT_ALLOCATED, team.name))
        for la_code, by_name in teams.items()
    }
    for of_authority in in_order.values():
        taken: set[str] = set()
        for team in of_authority:
            team.file = file_name(team.name, ".html", taken)
    return in_order


def lists_of(
    tables: OwnTables, all_authorities: Sequence[ReportedAuthority], teams: Mapping[str, Sequence[Team]]
) -> dict[str, dict[str, ListedChildren]]:
    """The lists of children by authority and indicator, for the indicators with figures, team by team."""
    known = records(tables)
    return {
        authority.la_code: {
            name: listed_children(
                child_list,
                (row for team in teams[authority.la_code] for row in team.children.get(name, [])),
                known[authority.la_code],
            )
            for name, child_list in subject_register().lists.items()
            if name in {indicator.id for indicator in authority.indicators}
        }
        for authority in all_authorities
    }


def due_lists(authority: ReportedAuthority, due: Iterable[Row]) -> list[dict[str, Any]]:
    """The lists of what is due and of what is overdue, for a page."""
    names = {indicator.id: indicator for indicator in authority.indicators}
    items: dict[bool, list[Row]] = {False: [], True: []}
    for row in due:
        items[row["is_overdue"]].append(_due(row, names))
    return [
        {
            "id": "due",
            "name": f"Due within 60 days of {wording.day(authority.month)}",
            "caption": "Due within 60 days",
            "rows": items[False],
        },
        {"id": "overdue", "name": "Overdue", "caption": "Overdue", "rows": items[True]},
    ]


def _due(row: Row, indicators: dict[str, PageIndicator]) -> Row:
    return {
        **row,
        "what": wording.ITEMS[row["item"]],
        "when": _when(row["days_until_due"]),
        "child": row["child_id"] or "",
        "worker": row["worker_id"] or "",
        "effect": _effect(row, indicators),
    }


def _when(days: int | None) -> str:
    if days is None:
        return ""
    if days == 0:
        return "today"
    text = f"{abs(days):,} day{'s' if abs(days) != 1 else ''}"
    return f"{text} overdue" if days < 0 else f"in {text}"


def _effect(row: Row, indicators: dict[str, PageIndicator]) -> str:
    """How a missed date changes the figure, and from which month."""
    indicator = indicators.get(row["indicator_id"])
    if indicator is None:
        return ""
    if row["is_failing_now"]:
        when = "fails already"
    elif row["would_fail_month"]:
        when = f"fails from {wording.short_month(row['would_fail_month'])}"
    else:
        return indicator.name
    effects = [
        f"{_signed(row[column], indicator.unit)} for the {area}"
        for column, area in (("effect_on_team", "team"), ("effect_on_authority", "authority"))
        if row[column]
    ]
    return f"{indicator.name}: {when}" + (f", {', '.join(effects)}" if effects else "")


def _signed(effect: float, unit: str) -> str:
    sign = "-" if effect < 0 else "+"
    if unit != "percentage":
        return sign + wording.number(abs(effect), unit)
    return f"{sign}{abs(effect):.2f} points" if abs(effect) < 1 else f"{sign}{abs(effect):.1f} points"


def _children(indicator: PageIndicator, child_rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "name": indicator.name,
        "is_share": indicator.unit == "percentage",
        "has_due": any(row["due_date"] for row in child_rows),
        "has_actual": any(row["actual_date"] for row in child_rows),
        "rows": [
            (
                row["child_id"] or "",
                "yes" if row["is_in_numerator"] else "no",
                row["reason"] or "",
                _date(row["due_date"]),
                _date(row["actual_date"]),
            )
            for row in child_rows
        ],
    }


def _date(date: dt.date | None) -> str:
    return wording.short_day(date) if date else ""
