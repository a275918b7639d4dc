"""Child in need and child protection plans, read a second time. Their reviews are elsewhere."""

import datetime as dt
from collections.abc import Iterator

from second_reading_extract import (
    Counted,
    Extract,
    Row,
    add_months,
    band,
    first_of_april,
    letters_and_digits,
    open_on,
    within,
)

CATEGORIES = {
    "neg": "NEG", "phy": "PHY", "sab": "SAB", "emo": "EMO", "mul": "MUL",
    "neglect": "NEG", "physicalabuse": "PHY", "sexualabuse": "SAB", "emotionalabuse": "EMO", "multiple": "MUL",
}  # fmt: skip


def _open(extract: Extract, table: str, prefix: str, child: str, day: dt.date) -> list[Row]:
    return [
        row
        for row in extract.rows(table, child)
        if open_on(row[f"{prefix}_start_date"], row[f"{prefix}_end_date"], day)
    ]


def children_in_need_plans(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    plans = _open(extract, "ssd_cin_plans", "cinp_cin_plan", child, day)
    if not plans or _open(extract, "ssd_cp_plans", "cppl_cp_plan", child, day) or extract.looked_after(child, day):
        return
    first = min(
        plans,
        key=lambda row: (
            row["cinp_cin_plan_start_date"],
            extract.id_order("ssd_cin_plans", "cinp_cin_plan_id", row),
        ),
    )
    start, team = first["cinp_cin_plan_start_date"], extract.team_name(first["cinp_cin_plan_team"])
    # the edge itself belongs to the shorter time
    edges = (3, "0_3_months"), (6, "3_6_months"), (12, "6_12_months")
    own_band = band(start, day - dt.timedelta(days=1), *edges, last="over_12_months")
    yield "cin_plans_open", team, True, {"cin_duration_band": own_band}
    yield "cin_plans_open_0_3_months", team, add_months(start, 3) >= day
    yield "cin_plans_open_over_12_months", team, add_months(start, 12) < day


def child_protection_plans(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    april = first_of_april(day)
    plans = extract.rows("ssd_cp_plans", child)
    own = [row for row in plans if row["cppl_cp_plan_ola"] != "Y"]
    if open_plans := [
        row for row in own if open_on(row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"], day)
    ]:
        first = min(
            open_plans,
            key=lambda row: (
                row["cppl_cp_plan_start_date"],
                extract.id_order("ssd_cp_plans", "cppl_cp_plan_id", row),
            ),
        )
        edges = (3, "under_3_months"), (6, "3_6_months"), (12, "6_12_months"), (24, "12_24_months")
        own_band = band(first["cppl_cp_plan_start_date"], day, *edges, last="over_24_months")
        codes = {"cp_category": _category(first), "cp_duration_band": own_band}
        team = extract.team_of_child(child, day)
        yield "cp_plans_open", team, True, codes
        category = {"cp_category": codes["cp_category"]}
        yield "cp_plans_open_under_3_months", team, own_band == "under_3_months", category
        yield "cp_plans_open_3_6_months", team, own_band == "3_6_months", category
        yield "cp_plans_open_over_24_months", team, own_band == "over_24_months", category
    for row in own:
        start, end = row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"]
        if within(april, end, day):
            last_day = end - dt.timedelta(days=1)
            is_long = start is not None and (end - start).days + 1 > 729
            codes = {"day": last_day, "cp_category": _category(row)}
            yield "cp_plans_ended_2_years", extract.team_of_child(child, last_day), is_long, codes
        if within(april, start, day):
            others = [other for other in plans if other is not row]
            team = extract.team_of_child(child, start)
            starts = [other["cppl_cp_plan_start_date"] for other in others]
            ends = [other["cppl_cp_plan_end_date"] for other in others]
            codes = {"day": start, "cp_category": _category(row)}
            yield "cp_plans_repeat", team, any(other and other < start for other in starts), codes
            recent = any(other and other <= start and add_months(other, 12) >= start for other in ends)
            yield "cp_plans_repeat_12_months", team, recent, codes
            ended = [other for other in ends if other and other <= start]
            long_ago = bool(ended) and add_months(max(ended), 12) < start
            yield "cp_plans_repeat_over_12_months", team, long_ago, codes


def _category(plan: Row) -> str:
    return CATEGORIES.get(letters_and_digits(plan["cppl_cp_plan_latest_category"]), "not_known")
