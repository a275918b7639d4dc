"""Personal education plans and health assessments as they fall due, read a second time."""

import datetime as dt
from collections.abc import Iterator

from second_reading_care import completed_checks
from second_reading_extract import (
    Counted,
    Extract,
    PeriodOfCare,
    add_months,
    age_on,
    first_of_april,
    open_on,
    within,
)
from second_reading_reviews import reviews_that_stand

from pipelines.calendar import working_days_after


def education(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    meetings = [row["meeting_date"] for row in extract.rows("local_pep", child) if row["meeting_date"]]
    period = extract.present_period(child, day)
    if (
        extract.looked_after(child, day)
        and period is not None
        and period.entered is not None
        and working_days_after(period.entered, 20) <= day
        and _is_of_school_age(extract, child, day)
    ):
        held = [meeting for meeting in meetings if meeting <= day]
        is_valid = bool(held) and _end_of_next_term(max(held)) >= day
        yield "pep_up_to_date", extract.team_of_child(child, day), is_valid
    for period in extract.periods_of_care(child):
        reviews = reviews_that_stand(extract, period, day)
        first = reviews[0]["clar_cla_review_date"] if reviews else None
        if first is None or first < first_of_april(day) or not _is_of_school_age(extract, child, first):
            continue
        is_planned = any(period.entered and within(period.entered, meeting, first) for meeting in meetings)
        yield "pep_first_by_first_review", extract.team_of_child(child, first), is_planned, {"day": first}


def _is_of_school_age(extract: Extract, child: str, day: dt.date) -> bool:
    august = dt.date(day.year if (day.month, day.day) >= (8, 31) else day.year - 1, 8, 31)
    born = extract.born[child]
    return born is not None and 4 <= age_on(born, august) <= 15


def _end_of_next_term(meeting: dt.date) -> dt.date:
    if meeting.month <= 3:
        return dt.date(meeting.year, 7, 31)
    if meeting.month <= 8:
        return dt.date(meeting.year, 12, 31)
    return dt.date(meeting.year + 1, 3, 31)


def health_assessments(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    first_assessments = completed_checks(extract, child, "initial", "unspecified")
    for period in extract.periods_of_care(child):
        if period.entered is None or extract.on_short_break(child, period.entered):
            continue
        last_day = working_days_after(period.entered, 20)
        if within(day.replace(day=1), last_day, day) and _is_open(period, last_day):
            in_time = any(within(period.entered, one, last_day) for one in first_assessments)
            team = extract.team_of_child(child, last_day)
            yield "initial_health_assessment_20_working_days", team, in_time, {"day": last_day}
    present = extract.present_period(child, day)
    if present is None or present.entered is None or not extract.looked_after(child, day):
        return
    if working_days_after(present.entered, 20) > day and not any(
        within(present.entered, one, day) for one in first_assessments
    ):
        yield "initial_health_assessment_pending", extract.team_of_child(child, day), True
    later = completed_checks(extract, child, "review", "unspecified")
    born = extract.born[child]
    assert born is not None
    for one in completed_checks(extract, child, "initial", "review", "unspecified"):
        due = add_months(one, 6 if age_on(born, one) < 5 else 12)
        if one >= present.entered and within(day.replace(day=1), due, day):
            in_time = any(one < other <= due for other in later)
            team = extract.team_of_child(child, due)
            yield "review_health_assessments_on_time", team, in_time, {"day": due}


def _is_open(period: PeriodOfCare, day: dt.date) -> bool:
    return any(
        open_on(row["clae_cla_episode_start_date"], row["clae_cla_episode_ceased_date"], day)
        for row in period.episodes
    )
