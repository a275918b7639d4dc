"""Reviews of children looked after, child protection conferences and reviews, read a second time.

A chain is the reviews of one period of care or one plan, a day once, each with the day by which it was due.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator

from second_reading_extract import (
    Codes,
    Counted,
    Extract,
    PeriodOfCare,
    Row,
    add_months,
    first_of_april,
    letters_and_digits,
    open_on,
    within,
)

from pipelines.calendar import working_days_after

PERMANENCE_KEYS = (
    "REMAINSUP", "RETURN1M", "RETURN6M", "RETURNEV", "LTRELFR", "LTFOST18", "RESPLMT", "SUPPLIV", "ADOPTION",
    "OTHERPLN",
)  # fmt: skip
PARTICIPATION = [f"PN{number}" for number in range(8)]
TOOK_NO_PART = ("PN4", "PN7")
"""Any other code says that the child took part, one outside the set too: it is flagged, not left out."""

Held = tuple[dt.date, dt.date | None]
"""The day of a review and the day by which it was due; None where nobody knows when the clock began."""


def _on_time(review: Held) -> bool:
    held, due = review
    return due is not None and held <= due


LATE_REASONS = (
    "social_worker_availability", "family_availability", "not_quorate", "iro_availability", "report_not_completed",
    "human_error", "late_notification", "iro_sickness", "change_of_worker", "change_of_iro", "other",
)  # fmt: skip


def late_reason(extract: Extract, review_type: str, review: str) -> str:
    """Of the authority's list, by the kind of review and its id."""
    words = {letters_and_digits(reason): reason for reason in LATE_REASONS}
    for row in extract.delays.get(review, ()):
        if letters_and_digits(row["review_type"]) == letters_and_digits(review_type) and row["reason"]:
            return words.get(letters_and_digits(row["reason"]), "other")
    return "not_recorded"


def _why(extract: Extract, review: Held, review_type: str, review_id: str) -> Codes:
    reason = "on_time" if _on_time(review) else late_reason(extract, review_type, review_id)
    return {"day": review[0], "late_reason": reason}


def looked_after_reviews(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    april = first_of_april(day)
    late_since_april = False
    for period in extract.periods_of_care(child):
        reviews = reviews_that_stand(extract, period, day)
        chain = _chain_of_care(period, reviews)
        for review, row in zip(chain, reviews, strict=True):
            held, _ = review
            if held < april:
                continue
            late_since_april |= not _on_time(review)
            team = extract.team_of_child(child, held)
            why = _why(extract, review, "cla_review", row["clar_cla_review_id"])
            yield "cla_reviews_on_time", team, _on_time(review), why
            if not _on_time(review):
                yield "cla_reviews_late", team, True, why
            if row["clar_cla_review_participation"] is not None:
                took_part = row["clar_cla_review_participation"] not in TOOK_NO_PART
                code = row["clar_cla_review_participation"]
                codes = {"day": held, "participation": code if code in PARTICIPATION else "other"}
                yield "cla_review_participation", team, took_part, codes
        if len(chain) >= 2 and chain[1][0] >= april:
            second = chain[1][0]
            has_plan = _has_permanence_plan(extract, child, second)
            team = extract.team_of_child(child, second)
            on_day = {"day": second}
            yield "permanence_plan_by_second_review", team, has_plan, on_day
            if period.entered and period.entered >= april and not extract.on_short_break(child, period.entered):
                yield "permanence_plan_by_second_review_new_entrants", team, has_plan, on_day
                yield "cla_permanence_plan_now", team, _has_permanence_plan(extract, child, day), on_day
    present = extract.present_period(child, day)
    if present is None or present.entered is None or not extract.looked_after(child, day):
        return
    team = extract.team_of_child(child, day)
    is_overdue = _next_due_in_care(extract, present, day) <= day
    if is_overdue:
        yield "cla_reviews_overdue", team, True
    if working_days_after(present.entered, 20) <= day:
        yield "cla_children_reviewed_on_time", team, not late_since_april and not is_overdue


def reviews_that_stand(extract: Extract, period: PeriodOfCare, day: dt.date) -> list[Row]:
    """Those held up to a day that the chain knows, in their order; of two on one day the one with the highest id.

    What was held before the child entered care is no review of the period.
    """
    by_day: dict[dt.date, Row] = {}
    for row in sorted(
        period.reviews, key=lambda row: extract.id_order("ssd_cla_reviews", "clar_cla_review_id", row)
    ):
        held = row["clar_cla_review_date"]
        if (
            held is not None
            and row["clar_cla_review_cancelled"] != "Y"
            and within(period.entered or dt.date.min, held, day)
            and not extract.on_short_break(period.child, held)
        ):
            by_day[held] = row
    return [by_day[held] for held in sorted(by_day)]


def _chain_of_care(period: PeriodOfCare, reviews: list[Row]) -> list[Held]:
    """Due 20 working days after entering care, 3 months after the first, then every 6 months."""
    chain: list[Held] = []
    for number, row in enumerate(reviews):
        if number == 0:
            due = working_days_after(period.entered, 20) if period.entered else None
        else:
            due = add_months(chain[-1][0], 3 if number == 1 else 6)
        chain.append((row["clar_cla_review_date"], due))
    return chain


def _next_due_in_care(extract: Extract, period: PeriodOfCare, day: dt.date) -> dt.date:
    held = [row["clar_cla_review_date"] for row in reviews_that_stand(extract, period, day)]
    if not held:
        assert period.entered is not None
        return working_days_after(period.entered, 20)
    return add_months(held[-1], 3 if len(held) == 1 else 6)


def _has_permanence_plan(extract: Extract, child: str, day: dt.date) -> bool:
    return any(
        row["lacp_cla_care_plan_start_date"] is not None
        and row["lacp_cla_care_plan_start_date"] <= day
        and is_for_permanence(row["lacp_cla_care_plan_json"])
        for row in extract.rows("ssd_cla_care_plan", child)
    )


def is_for_permanence(text: str | None) -> bool:
    try:
        keys = json.loads(text or "")
    except ValueError:
        return False
    return isinstance(keys, dict) and any(keys.get(key) == "Y" for key in PERMANENCE_KEYS)


def child_protection_reviews(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    for plan in extract.rows("ssd_cp_plans", child):
        start = plan["cppl_cp_plan_start_date"]
        if plan["cppl_cp_plan_ola"] == "Y" or start is None:
            continue
        in_chain = reviews_in_chain(extract, plan["cppl_cp_plan_id"], day)
        chain = [review for _, review in in_chain]
        for row, review in in_chain:
            if review[0] >= first_of_april(day):
                team = extract.team_of_child(child, review[0])
                why = _why(extract, review, "cp_review", row["cppr_cp_review_id"])
                yield "cp_reviews_on_time", team, _on_time(review), why
        if open_on(start, plan["cppl_cp_plan_end_date"], day) and add_months(start, 3) <= day:
            next_due = add_months(chain[-1][0], 6) if chain else add_months(start, 3)
            on_time = all(map(_on_time, chain)) and next_due > day
            yield "cp_children_reviewed_on_time", extract.team_of_child(child, day), on_time


def reviews_in_chain(extract: Extract, plan: str | None, day: dt.date) -> list[tuple[Row, Held]]:
    """The reviews of a plan in their order, each with its days; of two on one day the one with the highest id."""
    own = next((row for row in extract.plans.get(plan, ())), None)
    if own is None or own["cppl_cp_plan_ola"] == "Y" or own["cppl_cp_plan_start_date"] is None:
        return []
    reviews = extract.cp_reviews.get(own["cppl_cp_plan_id"], [])
    return [
        (
            max(
                (row for row in reviews if row["cppr_cp_review_date"] == held),
                key=lambda row: extract.id_order("ssd_cp_reviews", "cppr_cp_review_id", row),
            ),
            (held, due),
        )
        for held, due in chain_of_plan(own["cppl_cp_plan_start_date"], reviews, day)
    ]


def chain_of_plan(start: dt.date, reviews: Iterable[Row], day: dt.date) -> list[Held]:
    """Due 3 months after the start of the plan, then every 6 months; only those after the start."""
    chain: list[Held] = []
    for held in sorted({row["cppr_cp_review_date"] for row in reviews} - {None}):
        if start < held <= day:
            chain.append((held, add_months(chain[-1][0], 6) if chain else add_months(start, 3)))
    return chain


def initial_conferences(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    for row in extract.rows("ssd_initial_cp_conference", child):
        held = row["icpc_icpc_date"]
        enquiry = extract.enquiries.get(row["icpc_s47_enquiry_id"], {})
        began = enquiry.get("s47e_s47_start_date")
        if began and row["icpc_icpc_transfer_in"] != "Y" and within(first_of_april(day), held, day):
            in_time = held <= working_days_after(began, 15)
            team = extract.team_name(row["icpc_icpc_team"])
            yield "icpc_within_15_working_days", team, in_time, {"day": held}
