"""Where children looked after live and under which order, how they leave care, adoption, and work before care.

A second reading of the definitions. Plans by the second review are with the reviews.
"""

import datetime as dt
from collections.abc import Iterator

from second_reading_care import ADOPTIVE, ONE_DAY, how_care_ended, last_ceased_episode
from second_reading_extract import (
    OWN_AREA,
    Counted,
    Extract,
    PeriodOfCare,
    Row,
    add_months,
    age_on,
    first_of_april,
    letters_and_digits,
    open_on,
    within,
)
from second_reading_reviews import is_for_permanence

FOSTER = ("U1", "U2", "U3", "U4", "U5", "U6")
RESIDENTIAL = ("K1", "K2", "R1", "R2", "R3", "R5", "S1")
ADOPTED = ("E11", "E12")
REASONS = {
    "cla_ceased_adopted": ADOPTED,
    "cla_ceased_special_guardianship": ("E43", "E44", "E45", "E46", "E47", "E48"),
    "cla_ceased_returned_home": ("E4A", "E4B", "E13"),
    "cla_ceased_independent": ("E5", "E6"),
}
TRACKER_PLANS = {"dischargeparent": "discharge_parent", "sgocarer": "sgo_carer", "longterm": "long_term"}
UNACCOMPANIED = ("uasc", "unaccompaniedasylumseekingchild", "unaccompaniedasylumseekingchilduasc")
DAYS_OF_A_MONTH = 30.4375


def profile(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    if not extract.looked_after(child, day):
        return
    team, status = extract.team_of_child(child, day), extract.legal_status(child, day)
    placement = extract.placement(child, day)
    kind = placement["clap_cla_placement_type"] if placement else None
    plans = [
        row
        for row in extract.rows("ssd_cla_care_plan", child)
        if open_on(row["lacp_cla_care_plan_start_date"], row["lacp_cla_care_plan_end_date"], day)
    ]
    entered = extract.in_care_since(child, day)
    born = extract.born[child]
    is_out = placement is not None and extract.area(placement) not in (OWN_AREA, None)
    miles = placement["clap_cla_placement_distance"] if placement else None
    is_far = miles is not None and 20 < miles < 999
    yield "cla_placed_out_of_area", team, is_out
    yield "cla_out_of_area_over_20_miles", team, is_out and is_far and not is_unaccompanied(extract, child, day)
    yield "cla_in_foster_care", team, kind in FOSTER
    yield "cla_in_residential_care", team, kind in RESIDENTIAL
    yield "cla_placed_with_parents", team, kind == "P1"
    yield "cla_interim_care_order", team, status == "C1"
    yield "cla_section_20", team, status == "V2"
    yield "cla_repeat_period_12_months", team, _is_back_within_a_year(extract, child, entered, day)
    is_sixteen = born is not None and age_on(born, day) in (16, 17)
    counts = {
        "cla_in_supported_accommodation_16_17": is_sixteen and kind in ("H5", "K3", "P2"),
        "cla_16_17_residential_review": is_sixteen and kind in ("H5", "K1", "K2", "R1"),
        "cla_section_20_without_plan": status == "V2" and not plans,
        "care_order_placed_with_parents": status == "C2" and kind == "P1",
        "interim_order_placed_with_parents": status == "C1" and kind == "P1",
        "cla_without_permanence_plan": entered is not None
        and add_months(entered, 4) <= day
        and not any(is_for_permanence(row["lacp_cla_care_plan_json"]) for row in plans),
        "cla_uasc": is_unaccompanied(extract, child, day),
    }
    for indicator, is_counted in counts.items():
        if is_counted:
            yield indicator, team, True


def is_unaccompanied(extract: Extract, child: str, day: dt.date) -> bool:
    return any(
        letters_and_digits(row["immi_immigration_status"]) in UNACCOMPANIED
        and (row["immi_immigration_status_start_date"] or day) <= day
        and (row["immi_immigration_status_end_date"] or dt.date.max) > day
        for row in extract.rows("ssd_immigration_status", child)
    )


def _is_back_within_a_year(extract: Extract, child: str, entered: dt.date | None, day: dt.date) -> bool:
    present = extract.present_period(child, day)
    for period in extract.periods_of_care(child):
        last = last_ceased_episode(extract, period, day)
        if last and entered and present and period.cla_id != present.cla_id:
            ceased = last["clae_cla_episode_ceased_date"]
            if ceased <= entered <= add_months(ceased, 12):
                return True
    return False


def leaving_care(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    for period in extract.periods_of_care(child):
        last = last_ceased_episode(extract, period, day)
        if last is None or last["clae_cla_episode_ceased_date"] <= add_months(day, -12):
            continue
        ceased, reason = last["clae_cla_episode_ceased_date"], last["clae_cla_episode_ceased_reason"]
        day_before = ceased - ONE_DAY
        team = extract.team_of_child(child, day_before)
        codes = how_care_ended(last, day_before)
        yield "cla_ceased_12_months", team, True, codes
        yield "cla_returned_within_12_months", team, _came_back(extract, period, ceased, day), codes
        for indicator, reasons in REASONS.items():
            if reason in reasons:
                yield indicator, team, True, codes
        if reason in ADOPTED:
            for indicator, length in _adoption_times(extract, period, day):
                yield indicator, team, length, codes
        placement = extract.placement(child, day_before)
        if ceased < day.replace(day=1) or not placement or placement["clap_cla_placement_type"] != "P1":
            continue
        status, born = extract.legal_status(child, day_before), extract.born[child]
        if status == "C1":
            yield "interim_order_at_home_ceased", team, True, codes
        if status == "C2" and born and age_on(born, ceased + ONE_DAY) < 18:
            yield "care_order_at_home_ceased", team, True, codes


def _came_back(extract: Extract, period: PeriodOfCare, ceased: dt.date, day: dt.date) -> bool:
    return any(
        other.cla_id != period.cla_id
        and other.entered is not None
        and ceased < other.entered <= day
        and not extract.on_short_break(period.child, other.entered)
        for other in extract.periods_of_care(period.child)
    )


def _adoption_times(extract: Extract, period: PeriodOfCare, day: dt.date) -> Iterator[tuple[str, float]]:
    rows = extract.rows("ssd_permanence", period.child)
    own = [row for row in rows if row["perm_cla_id"] == period.cla_id]
    row = max(
        own or [row for row in rows if row["perm_cla_id"] is None],
        key=lambda row: (
            _by(day, row["perm_adm_decision_date"]) or dt.date.min,
            extract.id_order("ssd_permanence", "perm_table_id", row),
        ),
        default=None,
    )
    if row is None:
        return
    decided, ordered, matched, placed = (
        _by(day, row[f"perm_{name}_date"])
        for name in ("adm_decision", "placement_order", "matched", "placed_for_adoption")
    )
    if decided and matched:
        months = max(0, (matched - decided).days) / DAYS_OF_A_MONTH
        yield "adoption_months_decision_to_match", months
    if placed and period.entered and placed >= period.entered:
        yield "adoption_days_entry_to_placement", (placed - period.entered).days
    if ordered and matched and placed:
        yield "adoption_days_order_to_match", max(0, (matched - ordered).days)


def _by(day: dt.date, date: dt.date | None) -> dt.date | None:
    """The date, unless it is after the day."""
    return date if date and date <= day else None


def adoption(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    placed = {row["perm_placed_ffa_cp_date"] for row in extract.rows("ssd_permanence", child)}
    for placed_day in placed - {None}:
        if within(first_of_april(day), placed_day, day):
            yield (
                "early_permanence_placements",
                extract.team_of_child(child, placed_day),
                True,
                {"day": placed_day},
            )
    adoptive = [
        row for row in extract.rows("ssd_cla_placement", child) if row["clap_cla_placement_type"] in ADOPTIVE
    ]
    for row in adoptive:
        if _is_disrupted(extract, child, row, adoptive, day):
            last_day = row["clap_cla_placement_end_date"] - ONE_DAY
            yield "adoption_disruptions", extract.team_of_child(child, last_day), True, {"day": last_day}


def _is_disrupted(extract: Extract, child: str, row: Row, adoptive: list[Row], day: dt.date) -> bool:
    start, end = row["clap_cla_placement_start_date"], row["clap_cla_placement_end_date"]
    if start is None or not within(max(start, add_months(day, -12)) + ONE_DAY, end, day):
        return False
    if any(
        other["clap_cla_placement_start_date"] in (end, end + ONE_DAY)
        and other["clap_cla_placement_start_date"] <= day
        for other in adoptive
    ):
        return False
    return not any(
        last["clae_cla_episode_ceased_date"] == end and last["clae_cla_episode_ceased_reason"] in ADOPTED
        for period in extract.periods_of_care(child)
        if (last := last_ceased_episode(extract, period, day))
    )


def edge_of_care(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    born = extract.born[child]
    is_unborn = born is None and extract.expected[child] is not None
    is_child = born is not None and age_on(born, day) < 18
    if (is_unborn or is_child) and any(
        _by(day, row["prep_pre_pro_decision_date"])
        and not _by(day, row["prep_agree_stepdown_issue_date"])
        and not _by(day, row["prep_care_pro_letter_date"])
        for row in extract.rows("ssd_pre_proceedings", child)
    ):
        yield "pre_proceedings_open", extract.team_of_child(child, day), True
    if any(
        open_on(row["start_date"], row["end_date"], day) for row in extract.rows("local_private_fostering", child)
    ):
        yield "private_fostering", extract.team_of_child(child, day), True


def permanence_tracker(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    for row in extract.rows("local_permanence_tracker", child):
        if not open_on(row["identified_date"], row["closed_date"], day):
            continue
        team, stage = extract.team_of_child(child, day), _tracker_stage(row, day)
        plan = TRACKER_PLANS.get(letters_and_digits(row["plan"]), "other")
        yield "permanence_tracker_open", team, True, {"tracker_plan": plan, "tracker_stage": stage}
        if plan == "discharge_parent" and stage == "date_passed":
            yield "discharge_filing_overdue", team, True


def _tracker_stage(row: Row, day: dt.date) -> str:
    for name, stage in (("order_date", "made"), ("court_date", "in_court"), ("filed_date", "filed")):
        if _by(day, row[name]):
            return stage
    due = row["filing_due_date"]
    if due is None:
        return "no_date"
    if due < day:
        return "date_passed"
    if due <= add_months(day, 1):
        return "within_1_month"
    return "within_3_months" if due <= add_months(day, 3) else "over_3_months"
