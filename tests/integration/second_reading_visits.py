"""Visits to children, and children who go missing from care, read a second time."""

import datetime as dt
import json
from collections.abc import Iterator

from second_reading_extract import Counted, Extract, Row, add_months, letters_and_digits, open_on, within

from pipelines.calendar import working_days_after

ONE_DAY = dt.timedelta(days=1)


def visits_to_children_on_plans(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    on_cp_plan = [row for row in extract.rows("ssd_cp_plans", child) if _is_open(row, "cppl_cp_plan", day)]
    own = [row for row in on_cp_plan if row["cppl_cp_plan_ola"] != "Y"]
    if own:
        start = min(row["cppl_cp_plan_start_date"] for row in own)
        if (due := working_days_after(start, 15)) and due <= day:
            seen = _last_seen(extract, "ssd_cp_visits", "cppv_cp_visit", child, start, day)
            yield "cp_visits_up_to_date", extract.team_of_child(child, day), _not_over(seen, 15, day)
    cin = [row for row in extract.rows("ssd_cin_plans", child) if _is_open(row, "cinp_cin_plan", day)]
    if cin and not on_cp_plan and not extract.looked_after(child, day):
        first = min(
            cin,
            key=lambda row: (
                row["cinp_cin_plan_start_date"],
                extract.id_order("ssd_cin_plans", "cinp_cin_plan_id", row),
            ),
        )
        start = first["cinp_cin_plan_start_date"]
        if (due := working_days_after(start, 30)) and due <= day:
            seen = _last_seen(extract, "ssd_cin_visits", "cinv_cin_visit", child, start, day)
            yield "cin_visits_up_to_date", extract.team_name(first["cinp_cin_plan_team"]), _not_over(seen, 30, day)


def visits_to_children_looked_after(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    days_seen: dict[dt.date, bool] = {}
    for row in extract.rows("ssd_cla_visits", child):
        visited = row["clav_cla_visit_date"]
        if row["clav_cla_visit_seen"] == "Y" and within(day.replace(day=1), visited, day):
            days_seen[visited] = days_seen.get(visited, False) or row["clav_cla_visit_seen_alone"] == "Y"
    for visited, alone in days_seen.items():
        yield "cla_seen_alone", extract.team_of_child(child, visited), alone, {"day": visited}
    placement = extract.placement(child, day) if extract.looked_after(child, day) else None
    start = placement and placement["clap_cla_placement_start_date"]
    if placement and start and start + dt.timedelta(days=7) <= day:
        seen = _last_seen(extract, "ssd_cla_visits", "clav_cla_visit", child, start, day)
        in_time = seen is not None and _lasts_until(extract, child, placement, seen, day) >= day
        yield "cla_visits_up_to_date", extract.team_of_child(child, day), in_time


def _lasts_until(extract: Extract, child: str, placement: Row, seen: dt.date, day: dt.date) -> dt.date:
    kind = placement["clap_cla_placement_type"]
    if kind == "P1" and extract.legal_status(child, day) == "C1":
        return seen + dt.timedelta(days=28)
    is_settled = add_months(placement["clap_cla_placement_start_date"], 12) <= day
    if is_settled and (kind in ("U1", "U4") or _is_planned_to_18(extract, child, day)):
        return add_months(seen, 3)
    return seen + dt.timedelta(days=42)


def _is_planned_to_18(extract: Extract, child: str, day: dt.date) -> bool:
    for row in extract.rows("ssd_cla_care_plan", child):
        if _is_open(row, "lacp_cla_care_plan", day):
            try:
                said = json.loads(row["lacp_cla_care_plan_json"] or "{}")
            except ValueError:
                continue
            if isinstance(said, dict) and said.get("LTFOST18") == "Y":
                return True
    return False


def missing_from_care(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    first = day.replace(day=1)
    episodes = [
        row
        for row in extract.rows("ssd_missing", child)
        if letters_and_digits(row["miss_missing_episode_type"]) in ("m", "missing")
        and row["miss_missing_episode_start_date"]
        and extract.looked_after(child, row["miss_missing_episode_start_date"])
    ]
    starts = [row["miss_missing_episode_start_date"] for row in episodes]
    in_month = [start for start in starts if within(first, start, day)]
    for start in in_month:
        yield "cla_missing_episodes", extract.team_of_child(child, start), True, {"day": start}
    if in_month:
        start = min(in_month)
        yield "cla_missing_children", extract.team_of_child(child, start), True, {"day": start}
    for row in episodes:
        end = row["miss_missing_episode_end_date"]
        if within(first, end, day):
            team, offered = extract.team_of_child(child, end), row["miss_missing_rhi_offered"] == "Y"
            yield "return_interview_offered", team, offered, {"day": end}
            accepted = offered and row["miss_missing_rhi_accepted"] == "Y"
            yield "return_interview_accepted", team, accepted, {"day": end}
    yield from _of_the_year(extract, child, episodes, day)


def _of_the_year(extract: Extract, child: str, episodes: list[Row], day: dt.date) -> Iterator[Counted]:
    first = add_months(day, -12) + ONE_DAY
    if not any(
        (row["clae_cla_episode_start_date"] or dt.date.max) <= day
        and (row["clae_cla_episode_ceased_date"] or dt.date.max) > first
        for row in extract.rows("ssd_cla_episodes", child)
    ):
        return
    last = day
    while last >= first and not extract.looked_after(child, last):
        last -= ONE_DAY
    if last < first:
        return
    missing = any(
        row["miss_missing_episode_start_date"] <= day
        and (row["miss_missing_episode_end_date"] is None or row["miss_missing_episode_end_date"] >= first)
        and extract.looked_after(child, max(row["miss_missing_episode_start_date"], first))
        for row in episodes
    )
    yield "cla_missing_12_months", extract.team_of_child(child, last), missing, {"day": last}


def _is_open(row: Row, prefix: str, day: dt.date) -> bool:
    return open_on(row[f"{prefix}_start_date"], row[f"{prefix}_end_date"], day)


def _last_seen(
    extract: Extract, table: str, prefix: str, child: str, since: dt.date, day: dt.date
) -> dt.date | None:
    return max(
        (
            row[f"{prefix}_date"]
            for row in extract.rows(table, child)
            if row[f"{prefix}_seen"] == "Y" and within(since, row[f"{prefix}_date"], day)
        ),
        default=None,
    )


def _not_over(seen: dt.date | None, days: int, day: dt.date) -> bool:
    return seen is not None and working_days_after(seen, days) >= day
