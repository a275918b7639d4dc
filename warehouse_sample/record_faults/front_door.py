"""Faults of contacts, referrals and assessments."""

import datetime as dt

from warehouse_sample.record_faults.case import Case, plants
from warehouse_sample.record_faults.case_of_need import ASSESSED, CLOSED, REFERRED, assessment, cin_plan, referral
from warehouse_sample.timeline import EXTRACT_DAYS, days

DOMAIN = "front_door"

_REFERRAL, _ASSESSMENT = "ssd_cin_episodes", "ssd_cin_assessments"
_CLOSED_LATELY = dt.date(2018, 5, 15)
"""In the financial year before the last drop, as some rules ask; no figure counts closures."""
_ASSESSED = {"cine_close_date": _CLOSED_LATELY, "cine_close_reason": "RC8"}
_OPEN = {"cine_close_date": None, "cine_close_reason": None}


@plants("contact_without_date")
def _contact_without_date(case: Case) -> None:
    key = case.add("ssd_contacts", cont_contact_source_code="6", cont_contact_source_desc="Police")
    case.at_fault("ssd_contacts", key)


# Referrals: what is not there


@plants("referral_without_date")
def _without_date(case: Case) -> None:
    case.at_fault(_REFERRAL, referral(case, cine_referral_date=None))


@plants("referral_closed_without_reason")
def _closed_without_reason(case: Case) -> None:
    case.at_fault(_REFERRAL, referral(case, cine_close_reason=None))


@plants("closure_reason_without_close_date")
def _reason_without_close_date(case: Case) -> None:
    case.at_fault(_REFERRAL, referral(case, cine_close_date=None))


@plants("referral_without_primary_need")
def _without_primary_need(case: Case) -> None:
    case.at_fault(_REFERRAL, referral(case, cine_cin_primary_need_code=None))


@plants("referral_without_decision")
def _without_decision(case: Case) -> None:
    case.at_fault(_REFERRAL, referral(case, cine_referral_nfa=None))


@plants("referral_without_source")
def _without_source(case: Case) -> None:
    key = referral(case, cine_referral_source_code=None, cine_referral_source_desc=None)
    case.at_fault(_REFERRAL, key)


@plants("referral_without_team")
def _without_team(case: Case) -> None:
    case.at_fault(_REFERRAL, referral(case, cine_referral_team="-1"))


# Referrals: what cannot be


@plants("referral_still_open_after_a_later_one")
def _still_open_after_a_later_one(case: Case) -> None:
    """The later referral is flagged on loading: the two overlap."""
    case.at_fault(_REFERRAL, referral(case, **_OPEN))
    referral(case, cine_referral_date=REFERRED + days(300))


@plants("referral_after_death")
def _after_death(case: Case) -> None:
    case.about = {"pers_death_date": REFERRED - days(30)}
    case.at_fault(_REFERRAL, referral(case))


@plants("referral_over_40_weeks_before_birth")
def _over_40_weeks_before_birth(case: Case) -> None:
    case.born = REFERRED + days(281)
    case.at_fault(_REFERRAL, referral(case))


@plants("episode_of_need_past_25th_birthday")
def _past_25th_birthday(case: Case) -> None:
    case.born = CLOSED.replace(year=CLOSED.year - 25) - days(1)
    case.at_fault(_REFERRAL, referral(case))


@plants("closed_by_death_without_day_of_death")
def _closed_by_death(case: Case) -> None:
    case.at_fault(_REFERRAL, referral(case, cine_close_reason="RC2"))


@plants("closed_after_an_assessment_never_made")
def _assessment_never_made(case: Case) -> None:
    case.at_fault(_REFERRAL, referral(case, **_ASSESSED))


@plants("closed_after_assessment_despite_later_work")
def _despite_later_work(case: Case) -> None:
    key = referral(case, **_ASSESSED)
    assessment(case, key)
    cin_plan(case, cinp_referral_id=key)
    case.at_fault(_REFERRAL, key)


# Assessments


@plants("assessment_without_start_date")
def _assessment_without_start(case: Case) -> None:
    case.at_fault(_ASSESSMENT, assessment(case, referral(case), cina_assessment_start_date=None))


@plants("assessment_without_team")
def _assessment_without_team(case: Case) -> None:
    case.at_fault(_ASSESSMENT, assessment(case, referral(case), cina_assessment_team=None))


@plants("assessment_of_another_childs_referral")
def _of_another_childs_referral(case: Case) -> None:
    of = referral(case, cine_person_id=case.another_child())
    case.at_fault(_ASSESSMENT, assessment(case, of))


@plants("assessment_of_a_referral_not_taken_further")
def _of_a_referral_not_taken_further(case: Case) -> None:
    case.at_fault(_ASSESSMENT, assessment(case, referral(case, cine_referral_nfa="Y")))


@plants("assessment_begins_during_another")
def _begins_during_another(case: Case) -> None:
    of = referral(case)
    assessment(case, of)
    later = {"cina_assessment_start_date": ASSESSED + days(9), "cina_assessment_auth_date": ASSESSED + days(40)}
    case.at_fault(_ASSESSMENT, assessment(case, of, **later))


@plants("assessment_before_referral")
def _before_referral(case: Case) -> None:
    """The referral is dated on the extract day and put off every month, so no counted month holds it."""
    came = case.by_drop(lambda drop: EXTRACT_DAYS[drop])
    began = case.by_drop(lambda drop: EXTRACT_DAYS[drop] - days(12))
    of = referral(case, cine_referral_date=came, **_OPEN)
    key = assessment(case, of, cina_assessment_start_date=began, cina_assessment_auth_date=None)
    case.at_fault(_ASSESSMENT, key)


# Assessments that go on. One that is authorised lately would be counted.


@plants("assessment_open_beyond_45_working_days")
def _open_beyond_45_working_days(case: Case) -> None:
    case.at_fault(_ASSESSMENT, assessment(case, referral(case, **_OPEN), cina_assessment_auth_date=None))


@plants("assessment_unfinished_on_a_closed_case")
def _unfinished_on_a_closed_case(case: Case) -> None:
    key = assessment(case, referral(case), cina_assessment_auth_date=None)
    case.at_fault(_ASSESSMENT, key, case.rule, "assessment_open_beyond_45_working_days")


@plants("assessment_after_case_closed")
def _after_case_closed(case: Case) -> None:
    of = referral(case, cine_close_date=_CLOSED_LATELY)
    later = {"cina_assessment_start_date": _CLOSED_LATELY + days(5), "cina_assessment_auth_date": None}
    going_on = ("assessment_unfinished_on_a_closed_case", "assessment_open_beyond_45_working_days")
    case.at_fault(_ASSESSMENT, assessment(case, of, **later), case.rule, *going_on)
