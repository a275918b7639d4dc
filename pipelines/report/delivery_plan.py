"""The page of the Corporate Parenting Board's delivery plan, with its employment table.

Belongs here: laying out `mart_delivery_plan`, `mart_delivery_objective` and `mart_eet_plan` of a
release. Does not belong here: deciding what is overdue, closed or changed; the marts do that.
"""

import datetime as dt
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pipelines.report import wording
from pipelines.report.audience import Audience
from pipelines.report.release_reader import MONTHS_SHOWN, OWN_ROWS, OwnTables, Row, rows
from pipelines.report.template import render

FILE, TITLE = "delivery-plan.html", "Delivery plan of the Corporate Parenting Board"

_OF_THE_NEWEST_SNAPSHOT = f"""
    select *
    from {OWN_ROWS}
    qualify extract_month = max(extract_month) over (partition by la_code)
    order by """
# objectives usually have numbers, but the board may use any text
_BY_ACTION = "try_cast(objective_no as integer) nulls last, objective_no, action_key, entry_number"
_BY_OBJECTIVE = "level = 'plan', try_cast(objective_no as integer) nulls last, objective_no"
_BY_COHORT = "kind, cohort not like 'Year%', cohort, period, measure <> 'number', measure, entry_number"
_OF_EXTRACTS = f"""
    select *
    from {OWN_ROWS}
    where extract_month in (select unnest($extracts))
    order by {_BY_OBJECTIVE}
"""
_CHANGES_IN_ORDER = ("reopened", "worse", "gone", "closed", "better", "new")


@dataclass
class BoardLists:
    """The board's lists in the newest drop of an authority."""

    month: dt.date
    actions: list[Row] = field(default_factory=list)
    objectives: list[Row] = field(default_factory=list)
    employment: list[Row] = field(default_factory=list)


def board_lists(tables: OwnTables) -> dict[str, BoardLists]:
    """The lists by authority, without the authorities that keep none."""
    by_authority: dict[str, BoardLists] = {}
    for table, order, attribute in (
        ("mart_delivery_plan", _BY_ACTION, "actions"),
        ("mart_delivery_objective", _BY_OBJECTIVE, "objectives"),
        ("mart_eet_plan", _BY_COHORT, "employment"),
    ):
        for row in rows(_OF_THE_NEWEST_SNAPSHOT + order, tables, table, 1):
            lists = by_authority.setdefault(row["la_code"], BoardLists(row["extract_month"]))
            lists.month = max(lists.month, row["extract_month"])
            getattr(lists, attribute).append(row)
    return by_authority


def objectives_of(tables: OwnTables, extracts: Collection[dt.date]) -> dict[tuple[str, dt.date], list[Row]]:
    """The objectives of the plan, and the plan as a whole, by authority and extract."""
    objectives: dict[tuple[str, dt.date], list[Row]] = {}
    of_extracts = rows(
        _OF_EXTRACTS, tables, "mart_delivery_objective", MONTHS_SHOWN, True, extracts=list(extracts)
    )
    for row in of_extracts:
        objectives.setdefault((row["la_code"], row["extract_month"]), []).append(row)
    return objectives


def delivery_plan_page(
    audience: Audience, name: str, lists: BoardLists, trail: Sequence[tuple[str, str]], smallest_shown: int
) -> str:
    """The page of an authority, as HTML for a folder one level below the stylesheet."""
    changed = [row for row in lists.actions if row["change"] in _CHANGES_IN_ORDER]
    changed.sort(key=lambda row: _CHANGES_IN_ORDER.index(row["change"]))
    overdue = [row for row in lists.actions if row["is_overdue"]]
    overdue.sort(key=lambda row: row["days_overdue"], reverse=True)
    return render(
        "delivery_plan.html.j2",
        audience,
        root="../",
        trail_steps=trail,
        authority_name=name,
        month=lists.month,
        plan=next((row for row in lists.objectives if row["level"] == "plan"), None),
        objectives=lists.objectives,
        overdue=overdue,
        unmet=[row for row in lists.actions if row["is_closed_with_target_unmet"]],
        changed=changed,
        listed=[row for row in lists.actions if row["is_listed"]],
        cohorts=_cohorts(lists.employment),
        groups=list(dict.fromkeys(row["measure"] for row in _table(lists.employment))),
        targets=[row for row in lists.employment if row["kind"] != "table"],
        value=_value,
        brags=wording.BRAGS,
        changes=wording.BRAG_CHANGES,
        smallest_shown=smallest_shown,
    )


def _table(employment: Sequence[Row]) -> list[Row]:
    return [row for row in employment if row["kind"] == "table"]


def _cohorts(employment: Sequence[Row]) -> list[Row]:
    """The employment table: a row per cohort and period, a cell per measure."""
    cohorts: dict[tuple[str, str], dict[str, str]] = {}
    for row in _table(employment):
        cohorts.setdefault((row["cohort"], row["period"]), {}).setdefault(row["measure"], _value(row))
    return [{"name": name, "period": period, "cells": cells} for (name, period), cells in cohorts.items()]


def _value(row: Row) -> str:
    """A figure as written, with its unit, or the mark of a suppressed one."""
    if row.get("status") == "suppressed":
        return wording.SUPPRESSED
    if row["value"] is None or not math.isfinite(row["value"]):
        return row["value_text"] or ""
    return f"{row['value']:,.15g}" + ("%" if row["unit"] == "percentage" else "")
