"""Contacts, referrals and assessments, read a second time."""

import datetime as dt
import json
from collections.abc import Iterator

from second_reading_extract import Counted, Extract, Row, add_months, known_need, within

from pipelines.calendar import working_days_after


def front_door(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    first = day.replace(day=1)
    for row in extract.rows("ssd_contacts", child):
        if within(first, row["cont_contact_date"], day):
            codes = {"day": row["cont_contact_date"], "contact_source": _source(row["cont_contact_source_code"])}
            yield "contacts", None, True, codes
    yield from _referrals(extract, child, day)
    for row in extract.rows("ssd_cin_assessments", child):
        authorised = row["cina_assessment_auth_date"]
        if within(first, authorised, day):
            began = _clock_began(extract, row)
            in_time = began is not None and authorised <= working_days_after(began, 45)
            codes = {"day": authorised, "assessment_band": _band(began, authorised)}
            team = extract.team_name(row["cina_assessment_team"])
            yield "assessments_within_45_working_days", team, in_time, codes
            yield (
                "assessments_0_15_working_days",
                team,
                began is not None and authorised <= working_days_after(began, 15),
                codes,
            )
            late = began is not None and authorised > working_days_after(began, 45)
            yield "assessments_over_45_working_days", team, late, codes
        if within(first, row["cina_assessment_start_date"], day):
            team = extract.team_name(row["cina_assessment_team"])
            yield "assessments_started", team, True, {"day": row["cina_assessment_start_date"]}
    yield from _referrals_assessed(extract, child, day)
    yield from _enquiries(extract, child, day)


def _referrals_assessed(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    for referral in extract.rows("ssd_cin_episodes", child):
        last = extract.latest(
            "ssd_cin_assessments",
            "cina_assessment_id",
            "cina_assessment_auth_date",
            [
                row
                for row in extract.assessments[referral["cine_referral_id"]]
                if within(day.replace(day=1), row["cina_assessment_auth_date"], day)
            ],
        )
        if last:
            codes = {
                "day": last["cina_assessment_auth_date"],
                "need": known_need(referral["cine_cin_primary_need_code"]),
            }
            team = extract.team_name(last["cina_assessment_team"])
            yield "referrals_assessed_not_in_need", team, last["cina_assessment_outcome_nfa"] == "Y", codes


def _enquiries(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    first = day.replace(day=1)
    for row in extract.rows("ssd_s47_enquiry", child):
        team = extract.team_name(row["s47e_s47_completed_by_team"])
        if within(first, row["s47e_s47_start_date"], day):
            yield "section_47_started", team, True, {"day": row["s47e_s47_start_date"]}
        if within(first, row["s47e_s47_end_date"], day):
            outcome = _outcome(extract, row)
            codes = {"day": row["s47e_s47_end_date"], "section_47_outcome": outcome}
            yield "section_47_to_conference", team, outcome == "conference", codes


def _outcome(extract: Extract, enquiry: Row) -> str:
    """The text still has its JSON: the names of outcomes with a Y."""
    text = enquiry.get("s47e_s47_outcome_json")
    said = json.loads(text) if text else {}
    keys = {
        name.upper().removeprefix("OUTCOME_").removesuffix("_FLAG")
        for name, value in said.items()
        if str(value).upper() in ("Y", "YES", "TRUE", "T", "1")
    }
    if extract.conferences_of[enquiry["s47e_s47_enquiry_id"]] or "CP_CONFERENCE" in keys:
        return "conference"
    if keys & {"PROV_OF_SERVICES", "PROV_OF_SB_CARE", "LEGAL_ACTION", "MONITOR"}:
        return "services"
    if enquiry["s47e_s47_nfa"] == "Y" or keys & {"NFA", "NFA_CONTINUE_SINGLE"}:
        return "nfa"
    return "other" if "OTHER_OUTCOMES_EXIST" in keys else "not_recorded"


def _band(began: dt.date | None, authorised: dt.date) -> str:
    if began is None:
        return "not_known"
    edges = ((15, "0_15"), (35, "16_35"), (45, "36_45"))
    return next((name for days, name in edges if authorised <= working_days_after(began, days)), "over_45")


def _source(code: str | None) -> str:
    """By the first character; 10 and 1 with a letter begin alike."""
    if code in ("1A", "1B", "1C", "1D"):
        return "individual"
    schools = {"2A": "school", "2B": "education"}
    others = {
        "3": "health", "4": "housing", "5": "council", "6": "police", "7": "legal", "8": "other", "9": "anonymous",
    }  # fmt: skip
    if code is None or (code[0] not in "35" and code[1:]):
        return schools.get(code or "", "not_known")
    return others.get(code[0], "not_known")


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
            source = {"day": referred, "contact_source": _source(row["cine_referral_source_code"])}
            yield "referrals", team, True, source | {"need": known_need(row["cine_cin_primary_need_code"])}
            again = any(earlier < referred <= add_months(earlier, 12) for earlier in by_day)
            yield "re_referrals_12_months", team, again, source


def _clock_began(extract: Extract, assessment: Row) -> dt.date | None:
    """The day of the referral; the start of the assessment where there is no referral or it has no date."""
    referral = extract.referrals.get(assessment["cina_referral_id"], {})
    return referral.get("cine_referral_date") or assessment["cina_assessment_start_date"]
