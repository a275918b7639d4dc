"""Faults of people, their disabilities and immigration statuses, their case workers and teams."""

import datetime as dt

from warehouse_sample.organisation import DISTRICTS, team_id
from warehouse_sample.record_faults.backdrop import STAY_BEGAN, stay
from warehouse_sample.record_faults.case import Case, plants
from warehouse_sample.timeline import days, month_end

DOMAIN = "people"

_PERSON, _DISABILITY, _ALLOCATION = "ssd_person", "ssd_disability", "ssd_involvements"
_HELD_BEFORE = dt.date(2016, 8, 1)
"""First day of an allocation that began before the team's; the team's decides."""


# The person


@plants("person_without_sex")
def _without_sex(case: Case) -> None:
    case.about = {"pers_sex": None}
    case.at_fault(_PERSON, case.id)


@plants("person_without_ethnicity")
def _without_ethnicity(case: Case) -> None:
    case.about = {"pers_ethnicity": None}
    case.at_fault(_PERSON, case.id)


@plants("died_before_birth")
def _died_before_birth(case: Case) -> None:
    case.born = dt.date(2010, 7, 21)
    case.about = {"pers_death_date": dt.date(2010, 7, 12)}
    case.at_fault(_PERSON, case.id)


@plants("born_and_still_expected")
def _born_and_still_expected(case: Case) -> None:
    case.born = dt.date(2016, 5, 3)
    case.about = {"pers_expected_dob": dt.date(2016, 5, 9)}
    case.at_fault(_PERSON, case.id)


@plants("birth_expected_at_an_impossible_time")
def _expected_long_ago(case: Case) -> None:
    case.born, case.sex = None, "U"
    case.about = {"pers_expected_dob": dt.date(2016, 12, 1)}
    case.at_fault(_PERSON, case.id)


@plants("unborn_child_with_a_sex")
def _unborn_with_a_sex(case: Case) -> None:
    """The expected birth is put off every month: an overdue one would break another rule."""
    case.born = None
    case.about = {"pers_expected_dob": case.by_drop(lambda drop: month_end(drop) + days(70))}
    case.at_fault(_PERSON, case.id)


@plants("looked_after_before_birth")
def _looked_after_before_birth(case: Case) -> None:
    case.born = STAY_BEGAN + days(6)
    case.at_fault("ssd_cla_episodes", stay(case).episode)


# Disabilities and immigration


@plants("disability_recorded_twice")
def _disability_twice(case: Case) -> None:
    for _ in range(2):
        case.at_fault(_DISABILITY, case.add(_DISABILITY, disa_disability_code="AUT"))


@plants("no_disability_beside_another")
def _none_beside_another(case: Case) -> None:
    case.add(_DISABILITY, disa_disability_code="HEAR")
    case.at_fault(_DISABILITY, case.add(_DISABILITY, disa_disability_code="NONE"))


@plants("immigration_status_ends_before_it_starts")
def _status_ends_before_it_starts(case: Case) -> None:
    key = case.add(
        "ssd_immigration_status",
        immi_immigration_status="LR",
        immi_immigration_status_start_date=dt.date(2015, 4, 2),
        immi_immigration_status_end_date=dt.date(2014, 4, 1),
    )
    case.at_fault("ssd_immigration_status", key)


# Case workers and teams


def _case_worker(case: Case, team: str | None) -> str:
    return case.add(
        _ALLOCATION,
        invo_professional_id=case.worker(),
        invo_professional_role_id="CW",
        invo_professional_team=team,
        invo_involvement_start_date=_HELD_BEFORE,
    )


@plants("case_worker_without_team")
def _case_worker_without_team(case: Case) -> None:
    case.at_fault(_ALLOCATION, _case_worker(case, None))


@plants("child_allocated_to_two_teams")
def _two_teams(case: Case) -> None:
    others = [team for team in DISTRICTS if team != case.place.team]
    case.at_fault(_ALLOCATION, _case_worker(case, team_id(case.rng.choice(others))))
    case.at_fault(_ALLOCATION, case.allocation)


@plants("team_without_locality")
def _team_without_locality(case: Case) -> None:
    """A team without a locality; the child is with it and with no other team."""
    case.is_allocated = False
    number = case.book.id("97")
    team = case.add("ssd_department", dept_team_id=number, dept_team_name=f"Faultley Team {number}")
    _case_worker(case, team)
    case.at_fault("ssd_department", team)
