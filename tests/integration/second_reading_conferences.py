"""Child protection conferences, read a second time: meetings, children and professionals at them, forms, appeals.

A meeting is everything that shares a meeting id and a day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from second_reading_extract import (
    Codes,
    Counted,
    Extract,
    Row,
    first_of_april,
    letters_and_digits,
    within,
)
from second_reading_reviews import late_reason, reviews_in_chain

ASKED = {"attended", "views_given", "views_not_available"}
AGENCIES = ("education", "gp", "health_visitor_nurse_midwife", "police", "other")
QUESTIONS = {
    "initial": ("saw_other_reports", "met_chair", "could_speak", "understood_concerns"),
    "review": (
        "saw_other_reports", "could_speak", "understood_concerns", "invited_core_groups", "understands_plan",
    ),
}  # fmt: skip
"""Those with a column of their own; each form asks for the report, too."""
WHEN_SEEN = ("in_time", "day_before", "evening_before", "on_the_day", "never")
GROUNDS = ("process", "decision", "plan")
OUTCOMES = ("upheld", "not_upheld", "withdrawn")
UPHELD_REASONS = ("procedure", "professionals_absent", "other")


@dataclass
class Meeting:
    """What happened on one day under one meeting id."""

    held: dt.date
    conferences: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return "initial" if self.conferences else "review"


def _of_set(text: str | None, codes: tuple[str, ...], empty: str, other: str = "other") -> str:
    words = {letters_and_digits(code): code for code in codes}
    return empty if text is None else words.get(letters_and_digits(text), other)


def _yes(text: str | None) -> bool:
    return letters_and_digits(text) in ("y", "yes", "true", "1")


def _no(text: str | None) -> bool:
    return letters_and_digits(text) in ("n", "no", "false", "0")


def _meetings(extract: Extract, day: dt.date) -> list[Meeting]:
    meetings: dict[tuple, Meeting] = {}
    elsewhere = {
        row["cppl_cp_plan_id"] for row in extract.tables["ssd_cp_plans"] if row["cppl_cp_plan_ola"] == "Y"
    }
    for row in extract.tables["ssd_initial_cp_conference"]:
        held = row["icpc_icpc_date"]
        if within(first_of_april(day), held, day):
            key = (row["icpc_icpc_meeting_id"] or ("conference", row["icpc_person_id"]), held)
            meetings.setdefault(key, Meeting(held)).conferences.append(row)
    for row in extract.tables["ssd_cp_reviews"]:
        held = row["cppr_cp_review_date"]
        if within(first_of_april(day), held, day) and row["cppr_cp_plan_id"] not in elsewhere:
            key = (row["cppr_cp_review_meeting_id"] or ("review", row["cppr_person_id"]), held)
            meetings.setdefault(key, Meeting(held)).reviews.append(row)
    return list(meetings.values())


def _team(extract: Extract, meeting: Meeting) -> str:
    if meeting.conferences:
        with_team = [row for row in meeting.conferences if row["icpc_icpc_team"] is not None]
        first = min(
            with_team,
            key=lambda row: extract.id_order("ssd_initial_cp_conference", "icpc_icpc_id", row),
            default=None,
        )
        return extract.team_name(first["icpc_icpc_team"] if first else None)
    first = _by_id(extract, meeting.reviews)[0]
    return extract.team_of_child(first["cppr_person_id"], meeting.held)


def _by_id(extract: Extract, reviews: list[Row]) -> list[Row]:
    return sorted(reviews, key=lambda row: extract.id_order("ssd_cp_reviews", "cppr_cp_review_id", row))


def _late(extract: Extract, meeting: Meeting, day: dt.date) -> list[tuple[Row, bool]]:
    """The counted reviews of the meeting in the order of their ids, and whether each was late."""
    judged = []
    for row in _by_id(extract, meeting.reviews):
        for review, (held, due) in reviews_in_chain(extract, row["cppr_cp_plan_id"], day):
            if review is row:
                judged.append((row, due is not None and held > due))
    return judged


def meetings(extract: Extract, day: dt.date) -> Iterator[Counted]:
    """Those of the month, and the late and the quorate ones since April."""
    for meeting in _meetings(extract, day):
        team = _team(extract, meeting)
        if meeting.held >= day.replace(day=1):
            kind = {"meeting_type": meeting.kind}
            yield "conferences_held", team, True, kind
            yield "conference_feedback_return", None, False, kind
        judged = _late(extract, meeting, day)
        if judged:
            late = [
                late_reason(extract, "cp_review", row["cppr_cp_review_id"]) for row, is_late in judged if is_late
            ]
            known = [reason for reason in late if reason != "not_recorded"]
            reason = known[0] if known else "not_recorded" if late else "on_time"
            yield "conference_late", team, bool(late), {"late_reason": reason}
        recorded = [row["cppr_cp_review_quorate"] for row in meeting.reviews]
        if any(_yes(word) or _no(word) for word in recorded):
            yield "conference_quorate", team, not any(map(_no, recorded)), {}


def professionals(extract: Extract, day: dt.date) -> Iterator[Counted]:
    for row in extract.tables["local_conference_attendance"]:
        if (
            within(first_of_april(day), row["meeting_date"], day)
            and _yes(row["is_invited"])
            and not _yes(row["has_attended"])
            and not _yes(row["has_sent_report"])
        ):
            yield "conference_agency_absent", None, True, {"agency": _of_set(row["agency"], AGENCIES, "other")}


def forms(extract: Extract, day: dt.date) -> Iterator[Counted]:
    for row in extract.tables["local_conference_feedback"]:
        if not within(day.replace(day=1), row["meeting_date"], day):
            continue
        kind = _of_set(row["meeting_type"], ("initial", "review"), "other")
        yield "conference_feedback_return", None, True, {"meeting_type": kind, "denominator": 0}
        if kind == "other":
            continue
        seen = _of_set(row["report_received"], WHEN_SEEN, "not_answered", "")
        codes: Codes = {"meeting_type": kind, "question": f"{kind}_report_48_hours"}
        codes["report_received"] = f"{kind}_{seen}" if seen else "other"
        yield "conference_feedback_yes", None, seen == "in_time", codes
        for question in QUESTIONS[kind]:
            codes = {"meeting_type": kind, "question": f"{kind}_{question}", "report_received": "not_asked"}
            yield "conference_feedback_yes", None, _yes(row[question]), codes


def appeals(extract: Extract, day: dt.date) -> Iterator[Counted]:
    for row in extract.tables["local_conference_appeal"]:
        if not within(first_of_april(day), row["received_date"], day):
            continue
        decided = row["decided_date"]
        is_open = decided is None or decided > day
        outcome = "open" if is_open else _of_set(row["outcome"], OUTCOMES, "other")
        codes = {"appeal_ground": _of_set(row["ground"], GROUNDS, "other"), "appeal_outcome": outcome}
        yield "conference_appeals", None, True, codes
        if outcome == "upheld":
            why = _of_set(row["upheld_reason"], UPHELD_REASONS, "not_recorded")
            yield "conference_appeals_upheld", None, True, {**codes, "upheld_reason": why}


def children_at_conferences(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    by_day: dict[dt.date, list[Row]] = defaultdict(list)
    for row in extract.rows("ssd_initial_cp_conference", child):
        if row["icpc_icpc_transfer_in"] != "Y" and within(day.replace(day=1), row["icpc_icpc_date"], day):
            by_day[row["icpc_icpc_date"]].append(row)
    for held, rows in by_day.items():
        last = max(rows, key=lambda row: extract.id_order("ssd_initial_cp_conference", "icpc_icpc_id", row))
        yield "icpc_held", extract.team_name(last["icpc_icpc_team"]), True, {"day": held}
    for row in extract.rows("local_conference_child", child):
        held = row["meeting_date"]
        if not within(first_of_april(day), held, day):
            continue
        team, on_day = extract.team_of_child(child, held), {"day": held}
        took_part = _of_set(row["took_part"], (*ASKED, "under_age"), "other")
        if took_part in ASKED:
            yield "conference_child_attended", team, took_part == "attended", on_day
            yield "conference_child_views_given", team, took_part != "views_not_available", on_day
        if _yes(row["has_form"]):
            yield "conference_consultation_forms", team, True, on_day
