"""Faults of child protection: section 47 enquiries, initial conferences, plans, review conferences, visits."""

import datetime as dt
from typing import Any

from warehouse_sample.book import ProtectionPlan
from warehouse_sample.conference_days import conference_day
from warehouse_sample.record_faults.case import Case, plants
from warehouse_sample.record_faults.case_of_need import (
    ELSEWHERE_FROM,
    ENQUIRED,
    HELD,
    IN_NEED_UNTIL,
    PROTECTED_UNTIL,
    REFERRED,
    assessment,
    cin_plan,
    conference,
    elsewhere,
    enquiry,
    protection_plan,
    referral,
    review,
)
from warehouse_sample.record_faults.lent_from_plans import open_plan, recent_plan
from warehouse_sample.timeline import days

DOMAIN = "child_protection"

_ENQUIRY, _CONFERENCE, _PLAN, _REVIEW = (
    "ssd_s47_enquiry",
    "ssd_initial_cp_conference",
    "ssd_cp_plans",
    "ssd_cp_reviews",
)
_OPEN_TOO_LONG = "enquiry_open_15_working_days_without_conference"
_OLDER_REFERRAL, _CLOSED = dt.date(2016, 9, 12), dt.date(2018, 2, 14)
_RECENT = dt.date(2018, 5, 14)
"""A Monday that every drop looks back to. No figure counts enquiries alone or conferences transferred in."""


# Enquiries


def _recent_enquiry(case: Case, **values: Any) -> str:
    began = _RECENT + days(case.rng.randint(0, 40))
    about = {
        "s47e_s47_start_date": began,
        "s47e_s47_end_date": began + days(case.rng.randint(2, 12)),
        "s47e_s47_nfa": "Y",
    }
    return enquiry(case, **(about | values))


def _closed_referral(case: Case) -> str:
    """A referral that led to an assessment and was closed before the recent days."""
    of = referral(case, cine_referral_date=_OLDER_REFERRAL, cine_close_date=_CLOSED)
    assessment(
        case,
        of,
        cina_assessment_start_date=_OLDER_REFERRAL,
        cina_assessment_auth_date=_OLDER_REFERRAL + days(40),
    )
    return of


@plants("enquiry_without_start_date")
def _enquiry_without_start(case: Case) -> None:
    case.at_fault(_ENQUIRY, enquiry(case, s47e_s47_start_date=None))


@plants("enquiry_before_referral")
def _enquiry_before_referral(case: Case) -> None:
    """The referral is one that is counted, so the enquiry is given to a child of the world."""
    spell = recent_plan(case).spell
    assert spell.referral is not None
    key = enquiry(
        case,
        s47e_referral_id=spell.referral.id,
        s47e_person_id=spell.child.id,
        s47e_s47_start_date=spell.referral.day - days(5),
        s47e_s47_end_date=spell.referral.day - days(1),
        s47e_s47_nfa="Y",
    )
    case.at_fault(_ENQUIRY, key)


@plants("enquiry_of_another_childs_referral")
def _enquiry_of_another_child(case: Case) -> None:
    of = referral(case, cine_person_id=case.another_child())
    case.at_fault(_ENQUIRY, enquiry(case, s47e_referral_id=of))


@plants("enquiry_of_a_referral_not_taken_further")
def _enquiry_not_taken_further(case: Case) -> None:
    of = referral(case, cine_referral_nfa="Y", cine_close_reason="RC8")
    case.at_fault(_ENQUIRY, enquiry(case, s47e_referral_id=of))


@plants("enquiry_after_case_closed")
def _enquiry_after_closure(case: Case) -> None:
    case.at_fault(_ENQUIRY, _recent_enquiry(case, s47e_referral_id=_closed_referral(case)))


@plants("enquiry_unfinished_on_a_closed_case")
def _enquiry_unfinished(case: Case) -> None:
    key = enquiry(case, s47e_referral_id=referral(case), s47e_s47_end_date=None)
    case.at_fault(_ENQUIRY, key, case.rule, _OPEN_TOO_LONG)


@plants(_OPEN_TOO_LONG)
def _enquiry_open_too_long(case: Case) -> None:
    case.at_fault(_ENQUIRY, _recent_enquiry(case, s47e_s47_end_date=None, s47e_s47_nfa="N"))


@plants("enquiry_begins_during_another")
def _enquiry_during_another(case: Case) -> None:
    enquiry(case)
    began = ENQUIRED + days(case.rng.randint(1, 12))
    case.at_fault(_ENQUIRY, enquiry(case, s47e_s47_start_date=began))


@plants("enquiry_without_assessment")
def _enquiry_without_assessment(case: Case) -> None:
    of = referral(case, cine_referral_date=_OLDER_REFERRAL, cine_close_date=None, cine_close_reason=None)
    case.at_fault(_ENQUIRY, _recent_enquiry(case, s47e_referral_id=of))


# Initial conferences


@plants("conference_without_date")
def _conference_without_date(case: Case) -> None:
    key = conference(case, icpc_s47_enquiry_id=enquiry(case), icpc_icpc_date=None)
    case.at_fault(_CONFERENCE, key)


@plants("conference_without_team")
def _conference_without_team(case: Case) -> None:
    key = conference(case, icpc_s47_enquiry_id=enquiry(case), icpc_icpc_team=None)
    case.at_fault(_CONFERENCE, key)


@plants("conference_without_enquiry")
def _conference_without_enquiry(case: Case) -> None:
    case.at_fault(_CONFERENCE, conference(case, icpc_icpc_transfer_in="N"))


@plants("conference_of_another_childs_enquiry")
def _conference_of_another_child(case: Case) -> None:
    of = enquiry(case, s47e_person_id=case.another_child())
    case.at_fault(_CONFERENCE, conference(case, icpc_s47_enquiry_id=of))


@plants("conference_before_enquiry")
def _conference_before_enquiry(case: Case) -> None:
    began = HELD + days(case.rng.randint(1, 9))
    of = enquiry(case, s47e_s47_start_date=began, s47e_s47_end_date=began + days(10))
    case.at_fault(_CONFERENCE, conference(case, icpc_s47_enquiry_id=of))


@plants("conference_before_referral")
def _conference_before_referral(case: Case) -> None:
    """The referral is one that is counted, so the conference is given to a child of the world."""
    spell = recent_plan(case).spell
    assert spell.referral is not None
    key = conference(
        case,
        icpc_person_id=spell.child.id,
        icpc_referral_id=spell.referral.id,
        icpc_icpc_date=conference_day(spell.referral.day - days(6)),
    )
    case.at_fault(_CONFERENCE, key)


@plants("conference_of_a_referral_not_taken_further")
def _conference_not_taken_further(case: Case) -> None:
    of = referral(case, cine_referral_nfa="Y", cine_close_reason="RC8")
    case.at_fault(_CONFERENCE, conference(case, icpc_referral_id=of))


@plants("conference_after_case_closed")
def _conference_after_closure(case: Case) -> None:
    held = conference_day(_RECENT + days(case.rng.randint(0, 40)))
    key = conference(case, icpc_referral_id=_closed_referral(case), icpc_icpc_date=held)
    case.at_fault(_CONFERENCE, key)


@plants("conference_recorded_twice")
def _conference_twice(case: Case) -> None:
    of = enquiry(case)
    for _ in range(2):
        case.at_fault(_CONFERENCE, conference(case, icpc_s47_enquiry_id=of))


@plants("conference_at_a_weekend")
def _conference_at_a_weekend(case: Case) -> None:
    weekend = _RECENT - days(case.rng.randint(1, 2))
    case.at_fault(_CONFERENCE, conference(case, icpc_icpc_date=weekend))


@plants("conference_target_at_a_weekend")
def _target_at_a_weekend(case: Case) -> None:
    weekend = HELD - days(case.rng.randint(2, 3))
    key = conference(case, icpc_s47_enquiry_id=enquiry(case), icpc_icpc_target_date=weekend)
    case.at_fault(_CONFERENCE, key)


@plants("conference_for_a_plan_that_is_not_there")
def _conference_without_its_plan(case: Case) -> None:
    key = conference(case, icpc_s47_enquiry_id=enquiry(case), icpc_icpc_outcome_cp_flag="Y")
    case.at_fault(_CONFERENCE, key)


# Plans


@plants("cp_plan_without_start_date")
def _plan_without_start(case: Case) -> None:
    case.at_fault(_PLAN, protection_plan(case, cppl_cp_plan_start_date=None))


@plants("cp_plan_starts_and_ends_on_one_day")
def _plan_on_one_day(case: Case) -> None:
    case.at_fault(_PLAN, protection_plan(case, cppl_cp_plan_end_date=HELD))


@plants("cp_plan_still_open_after_a_later_one")
def _plan_still_open(case: Case) -> None:
    began = ELSEWHERE_FROM + days(case.rng.randint(20, 80))
    case.at_fault(_PLAN, elsewhere(case))
    elsewhere(case, cppl_cp_plan_start_date=began, cppl_cp_plan_end_date=began + days(70))


@plants("cp_plan_begins_the_day_another_ends")
def _plan_begins_as_another_ends(case: Case) -> None:
    day = HELD + days(case.rng.randint(90, 200))
    protection_plan(case, cppl_cp_plan_end_date=day)
    case.at_fault(_PLAN, protection_plan(case, cppl_cp_plan_start_date=day))


@plants("cp_plan_before_referral")
def _plan_before_referral(case: Case) -> None:
    began = conference_day(REFERRED - days(case.rng.randint(3, 20)))
    key = protection_plan(case, cppl_referral_id=referral(case), cppl_cp_plan_start_date=began)
    case.at_fault(_PLAN, key)


@plants("cp_plan_of_a_referral_not_taken_further")
def _plan_not_taken_further(case: Case) -> None:
    of = referral(case, cine_referral_nfa="Y", cine_close_reason="RC8")
    case.at_fault(_PLAN, protection_plan(case, cppl_referral_id=of))


@plants("cp_plan_runs_past_case_closure")
def _plan_past_closure(case: Case) -> None:
    of = referral(case, cine_close_date=PROTECTED_UNTIL - days(case.rng.randint(1, 60)))
    case.at_fault(_PLAN, protection_plan(case, cppl_referral_id=of))


@plants("cp_plan_runs_past_death")
def _plan_past_death(case: Case) -> None:
    case.about["pers_death_date"] = PROTECTED_UNTIL - days(case.rng.randint(1, 60))
    case.at_fault(_PLAN, protection_plan(case))


@plants("cp_plan_of_an_adult")
def _plan_of_an_adult(case: Case) -> None:
    case.born = dt.date(2000, 1, 20) + days(case.rng.randint(0, 150))
    case.at_fault(_PLAN, elsewhere(case))


@plants("cp_plan_without_conference")
def _plan_without_conference(case: Case) -> None:
    """Removes the links between a counted plan and its conference: only counted plans need one."""
    plan = recent_plan(case)
    ledgers, shown = case.book.ledgers, case.shown
    ledgers[_PLAN].change(shown, {"cppl_cp_plan_id": plan.id}, {"cppl_icpc_id": None})
    ledgers[_CONFERENCE].change(shown, {"icpc_icpc_id": plan.conference_id}, {"icpc_cp_plan_id": None})
    case.at_fault(_PLAN, plan.id)
    case.at_fault(_CONFERENCE, plan.conference_id, "conference_for_a_plan_that_is_not_there")


@plants("cp_plan_starts_on_another_day_than_its_conference")
def _plan_on_another_day(case: Case) -> None:
    """Moves the conference of a counted plan to a slightly earlier day that is still in time."""
    plan = recent_plan(case, _may_have_been_held_earlier)
    held = conference_day(plan.spell.start - days(1))
    where = {"icpc_icpc_id": plan.conference_id}
    case.book.ledgers[_CONFERENCE].change(case.shown, where, {"icpc_icpc_date": held})
    case.at_fault(_PLAN, plan.id)


def _may_have_been_held_earlier(plan: ProtectionPlan) -> bool:
    """Whether it was about one child, and the working day before is of the same month, after the enquiry began,
    and no less in time."""
    spell = plan.spell
    assert spell.referral is not None
    is_in_month = conference_day(spell.start - days(1)) < spell.start and spell.start.day > 1
    return spell.family is None and is_in_month and 10 < (spell.start - spell.referral.day).days < 20


@plants("cp_plan_of_another_childs_conference")
def _plan_of_another_child(case: Case) -> None:
    other = case.another_child()
    of = enquiry(case, s47e_person_id=other)
    held = conference(case, icpc_person_id=other, icpc_s47_enquiry_id=of, icpc_icpc_outcome_cp_flag="Y")
    case.at_fault(_PLAN, protection_plan(case, cppl_icpc_id=held))


@plants("cp_plan_against_its_conference")
def _plan_against_conference(case: Case) -> None:
    held = conference(case, icpc_s47_enquiry_id=enquiry(case))
    case.at_fault(_PLAN, protection_plan(case, cppl_icpc_id=held))


@plants("cp_plan_without_category")
def _plan_without_category(case: Case) -> None:
    lacking = case.rng.choice(("cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category"))
    case.at_fault(_PLAN, protection_plan(case, **{lacking: None}))


@plants("cp_plan_open_after_the_review_that_ended_it")
def _plan_open_after_review(case: Case) -> None:
    key = elsewhere(case)
    held = ELSEWHERE_FROM + days(case.rng.randint(80, 90))
    review(case, key, held, held, cppr_cp_review_outcome_continue_cp="N")
    case.at_fault(_PLAN, key)


@plants("cp_plan_of_a_child_without_case_worker")
def _plan_without_worker(case: Case) -> None:
    """A counted plan of a child whose team has allocated no worker."""
    plan = open_plan(case)
    where = {"invo_person_id": plan.spell.child.id, "invo_professional_role_id": "CW"}
    case.book.ledgers["ssd_involvements"].change(case.shown, where, {"invo_professional_id": "-1"})
    case.at_fault(_PLAN, plan.id)


# Reviews and visits


@plants("cp_review_without_date")
def _review_without_date(case: Case) -> None:
    case.at_fault(_REVIEW, review(case, protection_plan(case), None, HELD + days(91)))


@plants("cp_review_on_or_before_plan_start")
def _review_as_the_plan_starts(case: Case) -> None:
    held = HELD - days(case.rng.randint(0, 4))
    case.at_fault(_REVIEW, review(case, protection_plan(case), held, HELD + days(91)))


@plants("cp_review_after_plan_end")
def _review_after_plan(case: Case) -> None:
    held = PROTECTED_UNTIL + days(case.rng.randint(1, 30))
    case.at_fault(_REVIEW, review(case, protection_plan(case), held, held))


@plants("cp_review_of_another_childs_plan")
def _review_of_another_child(case: Case) -> None:
    plan = protection_plan(case, cppl_person_id=case.another_child())
    held = HELD + days(case.rng.randint(70, 90))
    case.at_fault(_REVIEW, review(case, plan, held, held))


@plants("cp_review_during_a_cin_plan")
def _review_during_cin_plan(case: Case) -> None:
    held = PROTECTED_UNTIL - days(case.rng.randint(10, 30))
    need = cin_plan(case, cinp_cin_plan_start_date=held - days(20), cinp_cin_plan_end_date=IN_NEED_UNTIL)
    case.at_fault(_REVIEW, review(case, protection_plan(case), held, held))
    case.at_fault("ssd_cin_plans", need, "cin_plan_alongside_a_cp_plan")


@plants("cp_visit_alone_but_not_seen")
def _alone_but_not_seen(case: Case) -> None:
    key = case.add(
        "ssd_cp_visits",
        cppv_cp_plan_id=protection_plan(case),
        cppv_cp_visit_date=HELD + days(case.rng.randint(10, 60)),
        cppv_cp_visit_seen="N",
        cppv_cp_visit_seen_alone="Y",
        cppv_cp_visit_bedroom="N",
    )
    case.at_fault("ssd_cp_visits", key)
