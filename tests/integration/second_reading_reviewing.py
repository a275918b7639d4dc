"""Reviewing officers: their children, posts, checks between reviews and challenges; and reviews of foster carers.

A second reading of the definitions. Reviews themselves are with the reviews.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from second_reading_extract import (
    Counted,
    Extract,
    Row,
    add_months,
    first_of_april,
    letters_and_digits,
    open_on,
    within,
)
from second_reading_reviews import chain_of_plan, reviews_that_stand

from pipelines.calendar import working_days_after

OFFICERS = ("iro", "foster_iro")
FORMAL = ("problem_resolution", "management_alert")
CODES = (
    *OFFICERS, *FORMAL, "permanent", "agency", "cla", "cp", "withdrawn", "first", "annual", "allegation",
    "compliance", "practice", "plan_implementation", "resources", "cla_review_not_recorded", "visit_not_recorded",
    "pathway_plan_not_recorded", "multiple_other", "drift_delay", "risk", "inadequate_plan",
    "placement_permanence", "outcomes", "practice_manager", "team_manager", "senior_manager", "head_of_service",
    "promotion", "other_employer", "retirement", "end_of_contract", "dismissal", "death", "internal_move", "other",
)  # fmt: skip
MIDPOINTS = {"cla": "midpoint_monitoring_cla", "cp": "midpoint_monitoring_cp"}
BY_WORDS = {letters_and_digits(code): code for code in CODES}


def code_of(text: str | None, unknown: str = "not_recorded") -> str:
    return BY_WORDS.get(letters_and_digits(text), unknown)


def reviewing_officer(extract: Extract, child: str, day: dt.date) -> str | None:
    latest = extract.latest(
        "ssd_involvements",
        "invo_involvements_id",
        "invo_involvement_start_date",
        extract.involved(child, "IRO", day),
    )
    return latest["invo_professional_id"] if latest else None


def _is_reviewed(extract: Extract, child: str, day: dt.date) -> bool:
    return extract.looked_after(child, day) or any(
        row["cppl_cp_plan_ola"] != "Y"
        and open_on(row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"], day)
        for row in extract.rows("ssd_cp_plans", child)
    )


def children_of_officers(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    officer = reviewing_officer(extract, child, day)
    if officer and _is_reviewed(extract, child, day):
        yield "iro_caseload", None, True, {"denominator": 0}
    since = extract.in_care_since(child, day)
    if not officer and extract.looked_after(child, day) and since and working_days_after(since, 5) <= day:
        yield "cla_without_iro", extract.team_of_child(child, day), True


def officers_with_children(extract: Extract, day: dt.date) -> Iterator[Counted]:
    shares = {
        row["prof_professional_id"]: row["prof_full_time_equivalency"]
        for row in extract.tables["ssd_professionals"]
    }
    children = Counter(
        reviewing_officer(extract, child, day) for child in extract.born if _is_reviewed(extract, child, day)
    )
    for officer, count in children.items():
        if officer:
            share = shares.get(officer)
            share = share if share and share > 0 else 1
            yield "iro_caseload", None, 0, {"denominator": share}
            if count / share > 70:
                yield "iro_over_70", None, True


def posts_of_officers(extract: Extract, day: dt.date) -> Iterator[Counted]:
    posts = [row for row in extract.tables["local_workforce_post"] if code_of(row["role"]) in OFFICERS]
    filled = [
        row
        for row in posts
        if open_on(row["start_date"], row["end_date"], day)
        and (row["fte"] or 0) > 0
        and code_of(row["filled_by"]) in ("permanent", "agency")
    ]
    for row in filled:
        kind = {"role": code_of(row["role"]), "filled_by": code_of(row["filled_by"]), "denominator": row["fte"]}
        yield "iro_fte", None, row["fte"], kind
        yield "iro_agency_rate", None, row["fte"] if kind["filled_by"] == "agency" else 0, kind
    for worker in {row["worker_id"] for row in filled} - {None}:
        row = _last_of(extract, [row for row in filled if row["worker_id"] == worker])
        kind = {"role": code_of(row["role"]), "filled_by": code_of(row["filled_by"])}
        years = {"qualified_year": row["qualified_date"], "began_year": row["began_role_date"]}
        known = {name: str(date.year) if date and date <= day else "not_known" for name, date in years.items()}
        yield "iros_in_post", None, True, kind | known
    leavers: dict[tuple[str, dt.date], list[Row]] = {}
    for row in posts:
        worker, end = row["worker_id"], row["end_date"]
        if worker and code_of(row["filled_by"]) == "permanent" and within(first_of_april(day), end, day):
            own = [other for other in posts if other["worker_id"] == worker and other is not row]
            if not any(open_on(other["start_date"], other["end_date"], end) for other in own):
                leavers.setdefault((worker, end), []).append(row)
    for (_, end), rows in leavers.items():
        reason = _last_of(extract, rows)["leaving_reason"]
        yield (
            "iro_leavers",
            None,
            True,
            {
                "day": end,
                "leaving_reason": code_of(reason, "other") if reason else "not_recorded",
            },
        )


def _last_of(extract: Extract, posts: list[Row]) -> Row:
    row = extract.latest("local_workforce_post", "post_id", "start_date", posts)
    assert row is not None
    return row


def checks_between_reviews(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    period = extract.present_period(child, day)
    if period and period.cla_id and extract.looked_after(child, day):
        held = [row["clar_cla_review_date"] for row in reviews_that_stand(extract, period, day)]
        gaps = [(one, add_months(one, 6 if number else 3)) for number, one in enumerate(held)]
        yield from _checks(extract, child, day, "cla", gaps)
    for plan in extract.rows("ssd_cp_plans", child):
        start = plan["cppl_cp_plan_start_date"]
        if plan["cppl_cp_plan_ola"] != "Y" and open_on(start, plan["cppl_cp_plan_end_date"], day):
            reviews = extract.cp_reviews.get(plan["cppl_cp_plan_id"], [])
            held = [one for one, _ in chain_of_plan(start, reviews, day)]
            gaps = [(start, add_months(start, 3)), *((one, add_months(one, 6)) for one in held)]
            yield from _checks(extract, child, day, "cp", gaps)


def _checks(
    extract: Extract, child: str, day: dt.date, context: str, gaps: Sequence[tuple[dt.date, dt.date]]
) -> Iterator[Counted]:
    contacts = [
        row["contact_date"]
        for row in extract.rows("local_iro_contact", child)
        if row["contact_date"] and code_of(row["context"]) == context
    ]
    following = [*(held for held, _ in gaps), None][1:]
    for (held, due), later in zip(gaps, following, strict=True):
        middle = held + dt.timedelta(days=(due - held).days // 2)
        if within(day.replace(day=1), middle, day) and (later is None or later > middle):
            is_done = any(held < contact <= day and (later is None or contact < later) for contact in contacts)
            yield MIDPOINTS[context], extract.team_of_child(child, day), is_done


def challenges(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    for row in extract.rows("local_iro_challenge", child):
        kind, raised, resolved = code_of(row["challenge_type"]), row["raised_date"], row["resolved_date"]
        if kind not in FORMAL:
            continue
        is_withdrawn = code_of(row["outcome"]) == "withdrawn"
        about = {
            "challenge_type": kind,
            "context": code_of(row["context"], "not_known"),
            "challenge_category": code_of(row["category"]),
            "challenge_impact": code_of(row["impact"]),
            "resolved_level": code_of(row["resolved_level"]),
        }
        if within(day.replace(day=1), raised, day):
            team, codes = extract.team_of_child(child, raised), about | {"day": raised}
            yield "challenges_raised", team, True, codes
            if kind == "problem_resolution":
                yield "problem_resolutions_raised", team, True, codes
            else:
                yield "management_alerts_raised", team, True, codes
        if within(day.replace(day=1), resolved, day) and kind == "problem_resolution" and not is_withdrawn:
            team = extract.team_of_child(child, resolved)
            yield "problem_resolutions_resolved", team, True, about | {"day": resolved}
        is_ended = resolved is not None and resolved <= day
        if raised is None or raised > day:
            continue
        if raised + dt.timedelta(days=28) < day and not is_ended:
            yield "challenges_over_4_weeks", extract.team_of_child(child, day), True, about
        last_day = working_days_after(raised, 20)
        if raised > add_months(day, -12) and last_day <= day and not (is_withdrawn and is_ended):
            team, is_in_time = extract.team_of_child(child, raised), is_ended and resolved <= last_day
            yield "challenges_resolved_20_working_days", team, is_in_time, about | {"day": raised}


def foster_reviews(extract: Extract, day: dt.date) -> Iterator[Counted]:
    rows = extract.tables["local_foster_review"]
    for row in rows:
        held = row["held_date"]
        if not within(first_of_april(day), held, day):
            continue
        earlier = [
            other["held_date"]
            for other in rows
            if row["carer_id"] and other["carer_id"] == row["carer_id"] and other["held_date"]
            and other["held_date"] < held
        ]  # fmt: skip
        last = max(earlier, default=row["approved_date"])
        due = row["due_date"] or (last and add_months(last, 12))
        if due:
            codes = {"day": held, "foster_review_kind": code_of(row["kind"])}
            yield "foster_reviews_on_time", None, held <= due, codes
