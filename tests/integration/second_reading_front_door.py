"""Contacts, referrals and assessments, read a second time."""

import datetime as dt
from collections.abc import Iterator

from second_reading_extract import Counted, Extract, Row, add_months, within

from pipelines.calendar import working_days_after


def front_door(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    first = day.replace(day=1)
    for row in extract.rows("ssd_contacts", child):
        if within(first, row["cont_contact_date"], day):
            yield "contacts", None, True
    yield from _referrals(extract, child, day)
    for row in extract.rows("ssd_cin_assessments", child):
        authorised = row["cina_assessment_auth_date"]
        if within(first, authorised, day):
            began = _clock_began(extract, row)
            in_time = began is not None and authorised <= working_days_after(began, 45)
            yield "assessments_within_45_working_days", extract.team_name(row["cina_assessment_team"]), in_time


def _referrals(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    by_day: dict[dt.date, Row] = {}
    for row in sorted(
        extract.rows("ssd_cin_episodes", child),
        key=lambda row: extract.id_order("ssd_cin_episodes", "cine_referral_id", row),
    ):
        if row["cine_referral_date"] is not None:
            by_day[row["cine_referral_date"]] = row
    for referred, row in by_day.items():
        if within(day.replace(day=1), referred, day):
            team = extract.team_name(row["cine_referral_team"])
            yield "referrals", team, True
            again = any(earlier < referred <= add_months(earlier, 12) for earlier in by_day)
            yield "re_referrals_12_months", team, again


def _clock_began(extract: Extract, assessment: Row) -> dt.date | None:
    """The day of the referral; the start of the assessment where there is no referral or it has no date."""
    referral = extract.referrals.get(assessment["cina_referral_id"], {})
    return referral.get("cine_referral_date") or assessment["cina_assessment_start_date"]
