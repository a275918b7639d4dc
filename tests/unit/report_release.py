"""A release made by hand, as far as its pages read it: two months of one or more authorities."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.calendar import Month

JULY, AUGUST = dt.date(2019, 7, 31), dt.date(2019, 8, 31)
NAMES = {"888": "Lancashire", "889": "Testshire"}
Row = dict[str, Any]

_TYPES = {
    "month": pl.Date,
    "extract_month": pl.Date,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "value": pl.Float64,
    "target_value": pl.Float64,
    "rag": pl.String,
    "target_source": pl.String,
}


def figure(
    indicator: str = "cp_plans_open",
    area: tuple[str, str] | None = None,
    month: dt.date = AUGUST,
    extract: dt.date | None = None,
    *,
    count: int | None = 20,
    of: int | None = None,
    unit: str = "number",
    status: str = "shown",
    la_code: str = "888",
    **more: Any,
) -> Row:
    """A row of `mart_indicator_monthly`: a count, or a share where `of` is given. What is suppressed is null in
    `open/` only."""
    area = area or ("authority", NAMES[la_code])
    value = None if count is None else 100 * count / of if of else None if of == 0 else float(count)
    if unit == "rate_per_10000" and count is not None and of:
        value = 10000 * count / of
    return {
        "indicator_id": indicator,
        "la_code": la_code,
        "area_type": area[0],
        "area_name": area[1],
        "month": month,
        "extract_month": extract or month,
        "basis": "restated" if extract and extract != month else "as_reported",
        "numerator": count,
        "denominator": of,
        "value": value,
        "unit": "percentage" if of is not None and unit == "number" else unit,
        "status": status,
        "target_value": None,
        "target_source": None,
        "rag": None,
        **more,
    }


def thirteen_months(
    extract: dt.date, indicator: str, values: Sequence[Any], of: Sequence[int] | None = None, **more: Any
) -> list[Row]:
    """The rows of an extract for its month and the twelve before, the oldest first; a value may be a status."""
    newest = Month(extract.year, extract.month)
    rows = []
    for number, value in enumerate(values):
        is_status = isinstance(value, str)
        row = figure(
            indicator,
            month=newest.plus(number - 12).end,
            extract=extract,
            # `restricted/` has the number that `open/` suppresses
            count={"suppressed": 3}.get(value) if is_status else value,
            of=of[number] if of else None,
            **more,
        )
        rows.append(row | {"status": value if is_status else "empty" if of and not of[number] else "shown"})
    return rows


def compared(indicator: str, comparator: str, value: float, **more: Any) -> Row:
    """A row of `mart_indicator_benchmark`, of the authority."""
    return {
        "indicator_id": indicator,
        "la_code": "888",
        "area_type": "authority",
        "area_name": "Lancashire",
        "month": AUGUST,
        "release_rule": "as_known_then",
        "comparator_year_rule": "latest_published_year",
        "comparator": comparator,
        "comparator_name": {"england": "England", "region": "North West"}.get(
            comparator, "Statistical neighbours"
        ),
        "comparator_value": value,
        "comparator_year": "2017/18",
        "years_apart": 2,
        "publisher": "dfe",
        "release": "cla_2018",
        "published_date": dt.date(2018, 11, 15),
        "verdict": "worse",
        "is_more_than_chance": True,
        "definition_difference": None,
        **more,
    }


def signal(indicator: str, area: tuple[str, str] = ("authority", "Lancashire"), **more: Any) -> Row:
    """A row of `mart_indicator_signal` in `open/`."""
    return {
        "indicator_id": indicator,
        "la_code": "888",
        "area_type": area[0],
        "area_name": area[1],
        "month": AUGUST,
        "points": 13,
        "baseline_from": dt.date(2018, 8, 31),
        "centre": 24.0,
        "lower_limit": 20.5,
        "upper_limit": 27.5,
        "signal": "special_cause",
        "rule": "outside_limits",
        "direction": "lower",
        "is_better": False,
        "method": "XmR",
        "confidence_low": None,
        "confidence_high": None,
        "status": "shown",
        **more,
    }


def published(comparator: str, year_end: int, value: float | None, **more: Any) -> Row:
    """A row of `fct_comparator_figure`."""
    return {
        "la_code": "888",
        "indicator_id": "cp_plans_open_rate",
        "dimension": None,
        "code": None,
        "comparator": comparator,
        "period_end": dt.date(year_end, 3, 31),
        "publisher": "dfe",
        "release": "r1",
        "published_date": dt.date(year_end, 11, 1),
        "source_kind": "first_release",
        "method": "as_published",
        "value": value,
        "status": "value" if value is not None else "suppressed",
        "is_latest": True,
        **more,
    }


def due(team: str = "Burnley", **more: Any) -> Row:
    """A row of `mart_due_list`."""
    return {
        "la_code": "888",
        "extract_month": AUGUST,
        "team_name": team,
        "locality_name": "East",
        "child_id": "c1",
        "worker_id": "w1",
        "item": "dental_check",
        "event_id": None,
        "last_done_date": dt.date(2018, 9, 10),
        "due_date": dt.date(2019, 9, 10),
        "days_until_due": 10,
        "is_overdue": False,
        "indicator_id": "cla_dental_check_up_to_date",
        "would_fail_month": dt.date(2019, 9, 30),
        "is_failing_now": False,
        "effect_on_authority": -0.0647,
        "effect_on_team": -2.5,
        **more,
    }


def following(team: str = "Burnley", **more: Any) -> Row:
    """A row of `mart_projection`."""
    return {
        "indicator_id": "cla_dental_check_up_to_date",
        "la_code": "888",
        "area_type": "team",
        "area_name": team,
        "month": AUGUST,
        "extract_month": AUGUST,
        "projected_month": dt.date(2019, 9, 30),
        "projected_value": 47.5,
        "items_falling_due": 2,
        "unit": "percentage",
        **more,
    }


def child(indicator: str, team: str, child_id: str, is_in: bool = True, **more: Any) -> Row:
    """A row of `fct_indicator_child`."""
    return {
        "indicator_id": indicator,
        "la_code": "888",
        "child_id": child_id,
        "event_id": None,
        "month": AUGUST,
        "extract_month": AUGUST,
        "area_name": team,
        "is_in_numerator": is_in,
        "reason": None if is_in else "Last check more than 12 months ago",
        "due_date": None,
        "actual_date": dt.date(2018, 3, 5),
        **more,
    }


def broken_down(
    indicator: str, dimension: str, counts: dict[str, float], of: dict[str, float] | None = None, **more: Any
) -> list[Row]:
    """The authority's rows of `fct_indicator_breakdown` for a dimension: counts by code, or shares of `of`."""
    whole = sum(counts.values())
    return [
        {
            "indicator_id": indicator,
            "la_code": "888",
            "area_type": "authority",
            "area_name": "Lancashire",
            "month": AUGUST,
            "extract_month": AUGUST,
            "basis": "as_reported",
            "dimension": dimension,
            "code": code,
            "numerator": float(count),
            "denominator": float(of[code]) if of else None,
            "value": 100 * count / of[code] if of else float(count),
            "share": 100 * count / whole if whole else None,
            **more,
        }
        for code, count in counts.items()
    ]


def published_share(comparator: str, code: str, value: float | None, **more: Any) -> Row:
    """A row of `mart_breakdown_benchmark`, for the sex of children looked after."""
    return {
        "indicator_id": "children_looked_after",
        "dimension": "sex",
        "code": code,
        "la_code": "888",
        "month": AUGUST,
        "extract_month": AUGUST,
        "release_rule": "as_known_then",
        "comparator_year_rule": "latest_published_year",
        "comparator": comparator,
        "comparator_name": {"england": "England"}.get(comparator, "Lancashire"),
        "comparator_value": value,
        "comparator_status": "value",
        "comparator_year": "2017/18",
        "definition_difference": None,
        **more,
    }


def in_care(child_id: str, **more: Any) -> Row:
    """A row of `fct_period_of_care`."""
    return {
        "la_code": "888",
        "child_id": child_id,
        "extract_month": AUGUST,
        "entered_care_date": dt.date(2018, 2, 3),
        "legal_status_code": "C2",
        "is_looked_after": True,
        **more,
    }


def placement(child_id: str, type_code: str = "U6", **more: Any) -> Row:
    """A row of `fct_placement`."""
    return {
        "la_code": "888",
        "child_id": child_id,
        "placement_id": f"{child_id} {type_code}",
        "extract_month": AUGUST,
        "placement_type_code": type_code,
        "placement_la_code": "889",
        "provider_code": "PR4",
        "distance_miles": 12.34,
        "is_temporary": type_code.startswith("T"),
        "is_open": True,
        "start_date": dt.date(2019, 1, 2),
        "end_date": None,
        **more,
    }


def tracked(child_id: str, plan: str = "discharge_parent", stage: str = "date_passed", **more: Any) -> Row:
    """A row of `fct_permanence_tracker`. Its case is `<child>/<plan>/2019-03-04`."""
    return {
        "la_code": "888",
        "child_id": child_id,
        "extract_month": AUGUST,
        "plan_code": plan,
        "stage_code": stage,
        "identified_date": dt.date(2019, 3, 4),
        "filed_date": None,
        "court_date": None,
        **more,
    }


def challenge(name: str, raised: dt.date, **more: Any) -> Row:
    """A row of `fct_challenge`: a problem resolution about plan and child `c1`, outstanding."""
    return {
        "la_code": "888",
        "challenge_id": name,
        "child_id": "c1",
        "team_name": "Burnley",
        "locality_name": "East",
        "challenge_type": "problem_resolution",
        "context": "cla",
        "category_code": "plan_implementation",
        "impact_code": "drift_delay",
        "raised_date": raised,
        "worker_id": "o1",
        "resolved_date": None,
        "resolved_level": None,
        "outcome": None,
        "extract_month": AUGUST,
        **more,
    }


def allocated(child_id: str, worker_id: str | None, **more: Any) -> Row:
    """A row of `fct_allocation`: the child's reviewing officer."""
    return {
        "la_code": "888",
        "allocation_id": "1",
        "child_id": child_id,
        "worker_id": worker_id,
        "role_code": "IRO",
        "start_date": dt.date(2019, 1, 2),
        "is_open": True,
        "extract_month": AUGUST,
        **more,
    }


def write_release(folder: Path, figures: Sequence[Row], **tables: Sequence[Row]) -> Path:
    """A release with these figures in both rooms, suppressed in `open/` only, and further tables.

    A table is named by its room and name: `open__mart_indicator_signal`.
    """
    for room in ("open", "restricted"):
        (folder / room).mkdir(parents=True)
    hidden = {"numerator": None, "value": None}
    shown = [row | hidden if row["status"] == "suppressed" else row for row in figures]
    frame(shown).write_parquet(folder / "open" / "mart_indicator_monthly.parquet")
    whole = [row | {"status": "shown"} if row["status"] == "suppressed" else row for row in figures]
    frame(whole).write_parquet(folder / "restricted" / "mart_indicator_monthly.parquet")
    for name, rows in tables.items():
        room, table = name.split("__")
        frame(rows).write_parquet(folder / room / f"{table}.parquet")
    return folder


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    """The rows as a table, with the types of the marts."""
    known = {name: type_ for name, type_ in _TYPES.items() if name in rows[0]}
    return pl.DataFrame(list(rows), schema_overrides=known, infer_schema_length=None)
