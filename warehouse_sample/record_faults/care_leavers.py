"""Faults of young people owed leaving care support.

None of them is counted: they are no longer owed support where the rule allows that, and otherwise over 25, under
16, or at home again.
"""

import datetime as dt
from typing import Any

from warehouse_sample.organisation import LEAVING_CARE, team_id
from warehouse_sample.record_faults.backdrop import short_break, stay
from warehouse_sample.record_faults.case import Case, plants
from warehouse_sample.timeline import EXTRACT_DAYS, days, month_end

DOMAIN = "care_leavers"

_OBJECT = "ssd_care_leavers"
_OVER_25, _AT_18, _AT_16_OR_17 = dt.date(1990, 6, 12), dt.date(2000, 2, 8), dt.date(2002, 3, 5)
"""Dates of birth; who is 16 or 17 is so in all drops."""
_CARE = dt.date(2006, 4, 3), dt.date(2007, 9, 14)
"""The period of care of those who are over 25."""
_AT_HOME = {
    "clea_care_leaver_in_touch": "RHOM",
    "clea_care_leaver_accommodation": "0",
    "clea_care_leaver_accom_suitable": "0",
    "clea_care_leaver_activity": "0",
}


def _leaver(case: Case, eligibility: str = "No Current Eligibility", **values: Any) -> str:
    """Writes the row of a person with whom the service is no longer in touch."""
    about = {
        "clea_care_leaver_eligibility": eligibility,
        "clea_care_leaver_in_touch": "NO",
        "clea_care_leaver_latest_contact": dt.date(2017, 5, 22),
        "clea_care_leaver_accommodation": "U1",
        "clea_care_leaver_accom_suitable": "1",
        "clea_care_leaver_activity": "F2",
        "clea_pathway_plan_review_date": dt.date(2018, 5, 9),
        "clea_care_leaver_personal_advisor": case.worker(),
        "clea_care_leaver_allocated_team": team_id(case.place.team),
        "clea_care_leaver_worker_id": case.worker(),
    }
    return case.add(_OBJECT, **(about | values))


def _care_long_ago(case: Case) -> None:
    case.born = _OVER_25
    stay(case, *_CARE, ceased_reason="E5")


def _adviser(case: Case) -> None:
    team = case.rng.choice(tuple(LEAVING_CARE))
    case.add(
        "ssd_involvements",
        invo_professional_id=case.book.workforce.someone(case.rng, team),
        invo_professional_role_id="16PLUS",
        invo_professional_team=team_id(team),
        invo_involvement_start_date=_CARE[1],
    )


# Where they live and what they do


def _plant_state(case: Case, **values: Any) -> None:
    case.born = _AT_18
    case.at_fault(_OBJECT, _leaver(case, **values))


@plants("homeless_or_in_custody_yet_suitable")
def _homeless_yet_suitable(case: Case) -> None:
    _plant_state(case, clea_care_leaver_accommodation="X")


@plants("accommodation_and_suitability_disagree")
def _suitability_disagrees(case: Case) -> None:
    _plant_state(case, clea_care_leaver_accommodation="U2")


@plants("activity_of_one_who_died_or_returned_home")
def _active_after_return(case: Case) -> None:
    _plant_state(case, clea_care_leaver_in_touch="RHOM")


@plants("activity_and_accommodation_not_both_given")
def _activity_alone(case: Case) -> None:
    _plant_state(case, clea_care_leaver_accommodation=None, clea_care_leaver_accom_suitable="0")


@plants("accommodation_below_its_age")
def _below_its_age(case: Case) -> None:
    case.born = _AT_16_OR_17
    case.at_fault(_OBJECT, _leaver(case, clea_care_leaver_accommodation="Z1"))


# Contact and plans


@plants("in_touch_without_activity_or_accommodation")
def _in_touch_but_unknown(case: Case) -> None:
    _plant_state(case, clea_care_leaver_in_touch="YES", clea_care_leaver_activity="0")


@plants("in_touch_without_contact")
def _in_touch_without_contact(case: Case) -> None:
    _plant_state(case, clea_care_leaver_in_touch="YES", clea_care_leaver_latest_contact=None)


@plants("not_in_touch_yet_contacted")
def _not_in_touch_yet_contacted(case: Case) -> None:
    lately = case.by_drop(lambda drop: month_end(drop) - days(20))
    _plant_state(case, clea_care_leaver_latest_contact=lately)


@plants("care_leaver_contact_after_the_month")
def _contact_after_the_month(case: Case) -> None:
    after = case.by_drop(lambda drop: EXTRACT_DAYS[drop])
    _plant_state(case, clea_care_leaver_in_touch="YES", clea_care_leaver_latest_contact=after)


@plants("contact_before_leaving_care")
def _contact_before_leaving_care(case: Case) -> None:
    _care_long_ago(case)
    _adviser(case)
    before = _CARE[1] - days(40)
    case.at_fault(_OBJECT, _leaver(case, "Former Relevant", clea_care_leaver_latest_contact=before))


@plants("pathway_plan_without_review_date")
def _without_review_date(case: Case) -> None:
    _care_long_ago(case)
    _adviser(case)
    never = {"clea_pathway_plan_review_date": "1900-01-01 00:00:00"}
    case.at_fault(_OBJECT, _leaver(case, "Former Relevant", **never))


# Who they are


@plants("care_leaver_never_looked_after")
def _never_looked_after(case: Case) -> None:
    case.born = _OVER_25
    _adviser(case)
    case.at_fault(_OBJECT, _leaver(case, "Former Relevant"))


@plants("care_leaver_over_25_without_support")
def _over_25_without_support(case: Case) -> None:
    _care_long_ago(case)
    case.at_fault(_OBJECT, _leaver(case, "Former Relevant"))


@plants("eligible_or_relevant_from_18")
def _relevant_from_18(case: Case) -> None:
    _care_long_ago(case)
    _adviser(case)
    case.at_fault(_OBJECT, _leaver(case, "Relevant"))


@plants("former_relevant_under_18")
def _former_relevant_under_18(case: Case) -> None:
    case.born = _AT_16_OR_17
    stay(case)
    case.at_fault(_OBJECT, _leaver(case, "Former Relevant", **_AT_HOME))


@plants("care_leaver_under_16")
def _under_16(case: Case) -> None:
    stay(case)
    case.at_fault(_OBJECT, _leaver(case, "Relevant"))


@plants("care_leaver_still_looked_after")
def _still_looked_after(case: Case) -> None:
    """On short breaks, which do not count as looked after."""
    case.born = _AT_16_OR_17
    short_break(case, end=None)
    case.at_fault(_OBJECT, _leaver(case, "Relevant", **_AT_HOME))


@plants("eligible_but_not_looked_after")
def _eligible_but_not_looked_after(case: Case) -> None:
    """Every Eligible person is counted, except by an earlier row: the later one decides, and both are flagged."""
    case.born = _AT_16_OR_17
    stay(case)
    case.at_fault(_OBJECT, _leaver(case, "Eligible"))
    _leaver(case)
