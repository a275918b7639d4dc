"""Faults in what reviewing officers list, in their posts, and in the lists about conferences.

Lists without a child have three faults of each rule, which every version of the list shows. None is of the days
that a figure counts, and no post is one of those that are counted.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from warehouse_sample.organisation import REVIEWING_TEAM
from warehouse_sample.record_faults.case import Case, NobodyLeftError, Planter, plants
from warehouse_sample.record_faults.case_of_need import HELD, conference, protection_plan, review
from warehouse_sample.record_faults.schedule import FAULTS_BY_TEAM
from warehouse_sample.timeline import NEVER, REVIEWED_DROP, days

DOMAIN = "reviewing_service"

_CHALLENGE, _CONTACT, _POST = "local_iro_challenge", "local_iro_contact", "local_workforce_post"
_INVITATION, _CHILD, _FORM = (
    "local_conference_attendance",
    "local_conference_child",
    "local_conference_feedback",
)
_APPEAL, _DELAY, _FOSTER_REVIEW = "local_conference_appeal", "local_review_delay", "local_foster_review"
_TEAM = next(iter(FAULTS_BY_TEAM))
_OFFICERS = "28110", "28120"
_RECENT = dt.date(2018, 5, 14)
"""A Monday that every drop looks back to."""
_LONG_AGO = dt.date(2014, 3, 18)
"""A day on which no figure counts anything, and on which children of other faults had a conference."""
_SUNDAY = dt.date(2014, 2, 2)


def _of_a_list(since: int = 0) -> Callable[[Planter], Planter]:
    """For a list without a child: the faults of one team only, which all drops from one on show, and no child."""

    def wrap(planter: Planter) -> Planter:
        def plant(case: Case) -> None:
            if case.shown != (0, NEVER) or case.place.team != _TEAM:
                raise NobodyLeftError(f"{case.place.team} has no list of its own for {case.rule}")
            case.shown, case.is_allocated, case.is_made_up = (since, NEVER), False, False
            planter(case)

        return plant

    return wrap


# Challenges and checks


def _challenge(case: Case, **values: Any) -> None:
    """An informal challenge, which no figure counts."""
    about = {"challenge_type": "informal", "context": "cla", "raised_date": _RECENT, "iro_worker_id": _OFFICERS[0]}
    case.at_fault(_CHALLENGE, case.add(_CHALLENGE, **(about | values)))


@plants("challenge_resolved_before_raised")
def _resolved_before_raised(case: Case) -> None:
    _challenge(case, resolved_date=_RECENT - days(3), outcome="resolved")


@plants("challenge_without_raised_date")
def _without_raised_date(case: Case) -> None:
    _challenge(case, raised_date=None)


@plants("challenge_outcome_and_day_not_both_given")
def _outcome_without_day(case: Case) -> None:
    _challenge(case, outcome="resolved")


@plants("challenge_by_no_reviewing_officer")
def _challenge_by_another(case: Case) -> None:
    _challenge(case, iro_worker_id=case.worker())


@plants("iro_contact_without_date")
def _contact_without_date(case: Case) -> None:
    case.at_fault(_CONTACT, case.add(_CONTACT, context="cla", kind="visit"))


@plants("iro_contact_of_a_child_not_under_review")
def _contact_outside_reviews(case: Case) -> None:
    case.at_fault(_CONTACT, case.add(_CONTACT, context="cla", kind="visit", contact_date=_RECENT))


@plants("child_with_two_reviewing_officers")
def _two_officers(case: Case) -> None:
    for officer in _OFFICERS:
        case.at_fault("ssd_involvements", _involvement(case, officer))


def _involvement(case: Case, officer: str) -> str:
    return case.add(
        "ssd_involvements",
        invo_professional_id=officer,
        invo_professional_role_id="IRO",
        invo_professional_team=REVIEWING_TEAM[0],
        invo_involvement_start_date=_RECENT,
    )


# Posts


def _post(case: Case, **values: Any) -> None:
    about = {
        "start_date": _LONG_AGO,
        "role": "other",
        "team_id": REVIEWING_TEAM[0],
        "fte": "1.0",
        "filled_by": "permanent",
        "worker_id": f"W{case.book.id('97')}",
    }
    row = about | values
    post = case.add(_POST, **row)
    case.at_fault(_POST, f"{post}|{row['start_date']}")


@plants("post_without_fte")
@_of_a_list()
def _post_without_fte(case: Case) -> None:
    _post(case, fte=None)


@plants("post_over_full_time")
@_of_a_list()
def _post_over_full_time(case: Case) -> None:
    _post(case, fte="1.4")


@plants("filled_post_without_worker")
@_of_a_list()
def _filled_post_without_worker(case: Case) -> None:
    _post(case, worker_id=None)


@plants("vacant_post_with_worker")
@_of_a_list()
def _vacant_post_with_worker(case: Case) -> None:
    _post(case, filled_by="vacant")


@plants("post_filled_twice_at_once")
@_of_a_list()
def _post_filled_twice(case: Case) -> None:
    post = case.book.id("97")
    _post(case, post_id=post, start_date=_LONG_AGO + days(200))
    earlier = {"post_id": post, "start_date": _LONG_AGO, "role": "other", "fte": "0.5", "filled_by": "permanent"}
    case.add(_POST, team_id=REVIEWING_TEAM[0], worker_id=f"W{post}", **earlier)


@plants("post_of_an_unknown_team")
@_of_a_list()
def _post_of_an_unknown_team(case: Case) -> None:
    _post(case, team_id="6999")


@plants("leaving_reason_of_a_post_still_held")
@_of_a_list()
def _leaving_reason(case: Case) -> None:
    _post(case, leaving_reason="other")


@plants("reviewing_officer_without_fte")
@_of_a_list()
def _officer_without_fte(case: Case) -> None:
    names = {"prof_professional_job_title": "Locum", "prof_professional_name": "Locum Reviewer"}
    officer = case.add("ssd_professionals", **names)
    case.is_made_up = True
    _involvement(case, officer)
    case.at_fault("ssd_professionals", officer)


# Foster carers


def _foster_review(case: Case, **values: Any) -> None:
    about = {"carer_id": case.book.id("97"), "kind": "annual", "held_date": _LONG_AGO}
    case.at_fault(_FOSTER_REVIEW, case.add(_FOSTER_REVIEW, **(about | values)))


@plants("foster_review_before_approval")
@_of_a_list()
def _review_before_approval(case: Case) -> None:
    _foster_review(case, approved_date=_LONG_AGO + days(9), due_date=_LONG_AGO)


@plants("foster_review_without_due_day")
@_of_a_list()
def _review_without_due_day(case: Case) -> None:
    _foster_review(case)


# Meetings


@plants("conference_meeting_on_two_days")
def _conference_on_two_days(case: Case) -> None:
    meeting = case.book.id("97")
    for held in (HELD, HELD + days(7)):
        key = conference(case, icpc_icpc_meeting_id=meeting, icpc_icpc_date=held)
        case.at_fault("ssd_initial_cp_conference", key)


@plants("cp_review_meeting_on_two_days")
def _review_on_two_days(case: Case) -> None:
    meeting, plan = case.book.id("97"), protection_plan(case)
    for held in (HELD + days(86), HELD + days(93)):
        key = review(case, plan, held, HELD + days(92), cppr_cp_review_meeting_id=meeting)
        case.at_fault("ssd_cp_reviews", key)


def _invite(case: Case, meeting: str, held: dt.date) -> None:
    row = {"meeting_date": held, "agency": "gp", "is_invited": "Y", "has_attended": "Y", "has_sent_report": "N"}
    case.add(_INVITATION, meeting_id=meeting, invitation_no="1", **row)
    case.at_fault(_INVITATION, f"{meeting}|1")


@plants("invitation_to_a_meeting_that_is_not_there")
@_of_a_list()
def _invitation_on_another_day(case: Case) -> None:
    meeting = case.book.id("97")
    case.is_made_up = True
    conference(case, icpc_icpc_meeting_id=meeting)
    _invite(case, meeting, HELD + days(1))


@plants("meeting_without_a_child")
@_of_a_list()
def _meeting_without_a_child(case: Case) -> None:
    _invite(case, case.book.id("97"), HELD)


@plants("child_at_a_meeting_that_is_not_there")
def _child_at_no_meeting(case: Case) -> None:
    meeting = case.book.id("97")
    case.add(_CHILD, meeting_id=meeting, meeting_date=HELD, has_form="N", took_part="under_age")
    case.at_fault(_CHILD, f"{meeting}|{case.id}")


# Forms, appeals and reasons


def _form(case: Case, **values: Any) -> None:
    about = {"meeting_date": _LONG_AGO, "meeting_type": "initial", "could_speak": "Y"}
    case.at_fault(_FORM, case.add(_FORM, **(about | values)))


@plants("feedback_without_a_conference_that_day")
@_of_a_list(REVIEWED_DROP)
def _form_of_a_sunday(case: Case) -> None:
    _form(case, meeting_date=_SUNDAY)


@plants("answer_to_a_question_not_asked")
@_of_a_list(REVIEWED_DROP)
def _answer_not_asked(case: Case) -> None:
    _form(case, invited_core_groups="Y")


def _appeal(case: Case, **values: Any) -> None:
    about = {"received_date": _LONG_AGO, "ground": "process"}
    case.at_fault(_APPEAL, case.add(_APPEAL, **(about | values)))


@plants("appeal_without_received_date")
@_of_a_list()
def _appeal_without_received_date(case: Case) -> None:
    _appeal(case, received_date=None)


@plants("appeal_decided_before_received")
@_of_a_list()
def _decided_before_received(case: Case) -> None:
    _appeal(case, decided_date=_LONG_AGO - days(2), outcome="not_upheld")


@plants("appeal_outcome_and_day_not_both_given")
@_of_a_list()
def _decided_without_outcome(case: Case) -> None:
    _appeal(case, decided_date=_LONG_AGO + days(20))


@plants("upheld_reason_without_an_upheld_appeal")
@_of_a_list()
def _reason_without_upheld(case: Case) -> None:
    _appeal(case, decided_date=_LONG_AGO + days(20), outcome="not_upheld", upheld_reason="procedure")


def _delay(case: Case, review_type: str) -> None:
    key = case.book.id("97")
    case.add(_DELAY, review_type=review_type, review_id=key, reason="human_error")
    case.at_fault(_DELAY, f"{review_type}|{key}")


@plants("delay_of_a_cla_review_that_is_not_there")
@_of_a_list()
def _delay_of_no_review(case: Case) -> None:
    _delay(case, "cla_review")


@plants("delay_of_a_conference_that_is_not_there")
@_of_a_list()
def _delay_of_no_conference(case: Case) -> None:
    _delay(case, "cp_review")
