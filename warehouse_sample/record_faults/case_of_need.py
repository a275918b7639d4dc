"""Sound records of a child in need: referral, enquiry, conference, plans, a review.

Belongs here: rows that several planters need; `values` replace cells. Unless they say otherwise the case was
closed in October 2015, before the first day that any figure of the first drop looks back to. A plan of another
authority (`elsewhere`) is open: no figure counts it or the child's plans here.
"""

import datetime as dt
from typing import Any

from pipelines.calendar import working_days_after
from warehouse_sample.organisation import team_id
from warehouse_sample.record_faults.case import Case
from warehouse_sample.timeline import days

REFERRED, ENQUIRED, HELD = dt.date(2014, 3, 3), dt.date(2014, 3, 4), dt.date(2014, 3, 18)
"""First days of the case, of the enquiry and of the protection plan, which begins with its conference."""
ASSESSED = dt.date(2014, 3, 5)
PROTECTED_UNTIL = dt.date(2015, 3, 17)
IN_NEED_FROM, IN_NEED_UNTIL = dt.date(2015, 4, 1), dt.date(2015, 9, 30)
CLOSED = dt.date(2015, 10, 14)
ELSEWHERE_FROM = dt.date(2018, 1, 15)


def referral(case: Case, **values: Any) -> str:
    """A referral with nothing at fault but what `values` say; gives its key."""
    about = {
        "cine_referral_date": REFERRED,
        "cine_cin_primary_need_code": "N1",
        "cine_referral_source_code": "6",
        "cine_referral_source_desc": "Police",
        "cine_referral_nfa": "N",
        "cine_close_reason": "RC7",
        "cine_close_date": CLOSED,
        "cine_referral_team": team_id(case.place.team),
        "cine_referral_worker_id": case.worker(),
    }
    return case.add("ssd_cin_episodes", **(about | values))


def assessment(case: Case, of: str | None, **values: Any) -> str:
    """An assessment after a referral, authorised in time unless it is given otherwise."""
    about = {
        "cina_referral_id": of,
        "cina_assessment_start_date": ASSESSED,
        "cina_assessment_child_seen": "Y",
        "cina_assessment_auth_date": ASSESSED + days(30),
        "cina_assessment_outcome_nfa": "N",
        "cina_assessment_team": team_id(case.place.team),
        "cina_assessment_worker_id": case.worker(),
    }
    return case.add("ssd_cin_assessments", **(about | values))


def cin_plan(case: Case, **values: Any) -> str:
    """A child in need plan with nothing at fault but what `values` say; gives its key."""
    about = {
        "cinp_cin_plan_start_date": IN_NEED_FROM,
        "cinp_cin_plan_end_date": IN_NEED_UNTIL,
        "cinp_cin_plan_team": team_id(case.place.team),
        "cinp_cin_plan_worker_id": case.worker(),
    }
    return case.add("ssd_cin_plans", **(about | values))


def enquiry(case: Case, **values: Any) -> str:
    """A section 47 enquiry with nothing at fault but what `values` say; gives its key."""
    about = {
        "s47e_s47_start_date": ENQUIRED,
        "s47e_s47_end_date": HELD,
        "s47e_s47_nfa": "N",
        "s47e_s47_completed_by_worker_id": case.worker(),
        "s47e_s47_completed_by_team": team_id(case.place.team),
    }
    return case.add("ssd_s47_enquiry", **(about | values))


def conference(case: Case, **values: Any) -> str:
    """An initial conference that decided on no plan; transferred in where no enquiry is given."""
    about = {
        "icpc_icpc_transfer_in": "N" if values.get("icpc_s47_enquiry_id") else "Y",
        "icpc_icpc_target_date": working_days_after(ENQUIRED, 15),
        "icpc_icpc_date": HELD,
        "icpc_icpc_outcome_cp_flag": "N",
        "icpc_icpc_team": team_id(case.place.team),
        "icpc_icpc_worker_id": case.worker(),
    }
    return case.add("ssd_initial_cp_conference", **(about | values))


def protection_plan(case: Case, **values: Any) -> str:
    """A child protection plan with nothing at fault but what `values` say; gives its key."""
    about = {
        "cppl_cp_plan_start_date": HELD,
        "cppl_cp_plan_end_date": PROTECTED_UNTIL,
        "cppl_cp_plan_initial_category": "Neglect",
        "cppl_cp_plan_ola": "N",
        "cppl_cp_plan_latest_category": "Neglect",
    }
    return case.add("ssd_cp_plans", **(about | values))


def elsewhere(case: Case, **values: Any) -> str:
    """A plan of another authority, still open."""
    about = {"cppl_cp_plan_start_date": ELSEWHERE_FROM, "cppl_cp_plan_end_date": None, "cppl_cp_plan_ola": "Y"}
    return protection_plan(case, **(about | values))


def review(case: Case, plan: str, held: dt.date | None, due: dt.date | None, **values: Any) -> str:
    """A review of a plan with nothing at fault but what `values` say; gives its key."""
    about = {
        "cppr_cp_plan_id": plan,
        "cppr_cp_review_due": due,
        "cppr_cp_review_date": held,
        "cppr_cp_review_outcome_continue_cp": "Y",
        "cppr_cp_review_quorate": "Y",
        "cppr_cp_review_participation": "PN6",
    }
    return case.add("ssd_cp_reviews", **(about | values))
