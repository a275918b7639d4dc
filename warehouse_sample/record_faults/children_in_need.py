"""Faults of child in need plans and visits."""

import datetime as dt

from warehouse_sample.record_faults.case import Case, plants
from warehouse_sample.record_faults.case_of_need import (
    IN_NEED_FROM,
    IN_NEED_UNTIL,
    PROTECTED_UNTIL,
    REFERRED,
    cin_plan,
    elsewhere,
    protection_plan,
    referral,
)
from warehouse_sample.record_faults.lent_from_plans import looked_after_child
from warehouse_sample.timeline import days, month_end

DOMAIN = "children_in_need"

_OBJECT = "ssd_cin_plans"
_ALONGSIDE = "cin_plan_alongside_a_cp_plan"
_BEGAN = dt.date(2018, 2, 5)
"""Of plans open in every drop: of children on another authority's plan, who are not counted as in need."""


@plants("cin_plan_without_start_date")
def _without_start(case: Case) -> None:
    case.at_fault(_OBJECT, cin_plan(case, cinp_cin_plan_start_date=None))


@plants("cin_plan_without_team")
def _without_team(case: Case) -> None:
    elsewhere(case)
    key = cin_plan(case, cinp_cin_plan_start_date=_BEGAN, cinp_cin_plan_end_date=None, cinp_cin_plan_team=None)
    case.at_fault(_OBJECT, key, case.rule, _ALONGSIDE)


@plants("cin_plan_starts_and_ends_on_one_day")
def _on_one_day(case: Case) -> None:
    case.at_fault(_OBJECT, cin_plan(case, cinp_cin_plan_end_date=IN_NEED_FROM))


@plants("cin_plan_before_referral")
def _before_referral(case: Case) -> None:
    of, began = referral(case), REFERRED - days(case.rng.randint(1, 20))
    case.at_fault(_OBJECT, cin_plan(case, cinp_referral_id=of, cinp_cin_plan_start_date=began))


@plants("cin_plan_of_another_childs_referral")
def _of_another_child(case: Case) -> None:
    of = referral(case, cine_person_id=case.another_child())
    case.at_fault(_OBJECT, cin_plan(case, cinp_referral_id=of))


@plants("cin_plan_of_a_referral_not_taken_further")
def _not_taken_further(case: Case) -> None:
    of = referral(case, cine_referral_nfa="Y", cine_close_reason="RC8")
    case.at_fault(_OBJECT, cin_plan(case, cinp_referral_id=of))


@plants("cin_plan_still_open_after_a_later_one")
def _still_open(case: Case) -> None:
    elsewhere(case)
    earlier = cin_plan(case, cinp_cin_plan_start_date=_BEGAN, cinp_cin_plan_end_date=None)
    began = _BEGAN + days(70)
    later = cin_plan(case, cinp_cin_plan_start_date=began, cinp_cin_plan_end_date=began + days(60))
    case.at_fault(_OBJECT, earlier, case.rule, _ALONGSIDE)
    case.at_fault(_OBJECT, later, _ALONGSIDE)


@plants(_ALONGSIDE)
def _alongside(case: Case) -> None:
    protection_plan(case)
    began = PROTECTED_UNTIL - days(case.rng.randint(1, 60))
    case.at_fault(_OBJECT, cin_plan(case, cinp_cin_plan_start_date=began))


@plants("cin_plan_of_a_child_looked_after")
def _of_a_child_looked_after(case: Case) -> None:
    """Of a child of the world: a child looked after is counted, but a plan of such a child is not."""
    child = looked_after_child(case)
    key = cin_plan(
        case,
        cinp_person_id=child.id,
        cinp_cin_plan_start_date=month_end(case.place.since) - days(case.rng.randint(0, 20)),
        cinp_cin_plan_end_date=None,
    )
    case.at_fault(_OBJECT, key)


@plants("cin_plan_of_an_adult")
def _of_an_adult(case: Case) -> None:
    case.born = dt.date(2000, 1, 20) + days(case.rng.randint(0, 150))
    there = elsewhere(case)
    key = cin_plan(case, cinp_cin_plan_start_date=_BEGAN, cinp_cin_plan_end_date=None)
    case.at_fault(_OBJECT, key, case.rule, _ALONGSIDE)
    case.at_fault("ssd_cp_plans", there, "cp_plan_of_an_adult")


@plants("cin_plan_runs_past_death")
def _past_death(case: Case) -> None:
    case.about["pers_death_date"] = IN_NEED_UNTIL - days(case.rng.randint(1, 60))
    case.at_fault(_OBJECT, cin_plan(case))


@plants("cin_plan_runs_past_case_closure")
def _past_closure(case: Case) -> None:
    of = referral(case, cine_close_date=IN_NEED_UNTIL - days(case.rng.randint(1, 60)))
    case.at_fault(_OBJECT, cin_plan(case, cinp_referral_id=of))


@plants("cin_visit_alone_but_not_seen")
def _alone_but_not_seen(case: Case) -> None:
    cin_plan(case)
    key = case.add(
        "ssd_cin_visits",
        cinv_cin_visit_date=IN_NEED_FROM + days(case.rng.randint(10, 60)),
        cinv_cin_visit_seen="N",
        cinv_cin_visit_seen_alone="Y",
        cinv_cin_visit_bedroom="N",
    )
    case.at_fault("ssd_cin_visits", key)
