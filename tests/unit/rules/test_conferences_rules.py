"""Child protection conferences as meetings: for each rule the right case, the edge and the wrong one.

The key of a record says what it shows. The drop is that of August 2019 (`rule_cases`).
"""

import pytest
from rule_cases import failing, rules_of

DAY, NEXT_DAY = "2019-05-20", "2019-05-21"


def conference(key, meeting="m", date=DAY, child="ann"):
    return {"icpc_icpc_id": key, "icpc_icpc_meeting_id": meeting, "icpc_icpc_date": date, "icpc_person_id": child}


def review(key, meeting="m", date=DAY, child="ann"):
    return {
        "cppr_cp_review_id": key,
        "cppr_cp_review_meeting_id": meeting,
        "cppr_cp_review_date": date,
        "cppr_person_id": child,
    }


def invitation(meeting, number=1, date=DAY):
    return {"meeting_id": meeting, "invitation_no": number, "meeting_date": date}


def listed(meeting, child="ann", date=DAY):
    return {"meeting_id": meeting, "person_id": child, "meeting_date": date}


def form(key, date=DAY, **answers):
    return {"form_id": key, "meeting_date": date, **answers}


def appeal(key, received=DAY, decided=None, outcome=None, reason=None):
    return {
        "appeal_id": key,
        "received_date": received,
        "decided_date": decided,
        "outcome": outcome,
        "upheld_reason": reason,
    }


def delay(kind, review_id):
    return {"review_type": kind, "review_id": review_id}


MEETINGS = {
    "ssd_initial_cp_conference": [
        conference("held", "initial"),
        conference("not held", "not held", date=None),
        conference("without an id", None, child="ben"),
    ],
    "ssd_cp_reviews": [review("1", "review", NEXT_DAY, child="cid")],
}
TWO_DAYS = {
    "ssd_initial_cp_conference": [
        conference("first day"),
        conference("second day", date=NEXT_DAY),
        conference("with a review", "n"),
        conference("shared", "shared"),
        conference("shared, too", "shared", child="ben"),
        conference("no id", None),
        conference("no id either", None, date=NEXT_DAY),
        conference("no day", "shared", date=None),
    ],
    "ssd_cp_reviews": [
        review("on another day", "n", NEXT_DAY),
        review("on the day", "shared"),
        review("two reviews", "r"),
        review("of one day", "r", child="ben"),
        review("no id", None, NEXT_DAY),
    ],
}

CASES = {
    "conference_meeting_on_two_days": ({"first day", "second day", "with a review"}, TWO_DAYS),
    "cp_review_meeting_on_two_days": ({"on another day"}, TWO_DAYS),
    "invitation_to_a_meeting_that_is_not_there": (
        {"initial|2", "initial|3"},
        MEETINGS
        | {
            "local_conference_attendance": [
                invitation("initial"),
                invitation("initial", 2, NEXT_DAY),
                invitation("initial", 3, None),
                invitation("review", date=NEXT_DAY),
                invitation("not held"),
                invitation("no such meeting"),
            ]
        },
    ),
    "meeting_without_a_child": (
        {"no such meeting|2", "not held|1"},
        MEETINGS
        | {
            "local_conference_attendance": [
                invitation("no such meeting", 3),
                invitation("no such meeting", 2),
                invitation("not held"),
                invitation("initial"),
                invitation("review", 2, None),
            ],
        },
    ),
    "child_at_a_meeting_that_is_not_there": (
        {"initial|ben", "review|cid", "initial|dan", "no such meeting|ann"},
        MEETINGS
        | {
            "local_conference_child": [
                listed("initial"),
                listed("initial", "ben"),
                listed("initial", "dan", None),
                listed("review", "cid"),
                listed("no such meeting"),
            ]
        },
    ),
    "feedback_without_a_conference_that_day": (
        {"another day", "no day"},
        MEETINGS
        | {
            "local_conference_feedback": [
                form("of an initial conference"),
                form("of a review", NEXT_DAY),
                form("another day", "2019-05-22"),
                form("no day", None),
            ]
        },
    ),
    "answer_to_a_question_not_asked": (
        {"core groups at the initial conference", "plan at the initial conference", "chair at the review"},
        {
            "local_conference_feedback": [
                form("initial", meeting_type="initial", met_chair="N", could_speak="Y"),
                form("review", meeting_type="review", invited_core_groups="N", understands_plan="unsure"),
                form("core groups at the initial conference", meeting_type="initial", invited_core_groups="N"),
                form("plan at the initial conference", meeting_type="initial", understands_plan="Y"),
                form("chair at the review", meeting_type="review", met_chair="unsure"),
                form("kind not known", met_chair="Y", understands_plan="Y"),
            ]
        },
    ),
    "appeal_without_received_date": (
        {"no day"},
        {"local_conference_appeal": [appeal("received"), appeal("no day", None, DAY)]},
    ),
    "appeal_decided_before_received": (
        {"the day before"},
        {
            "local_conference_appeal": [
                appeal("the day before", NEXT_DAY, DAY),
                appeal("the same day", DAY, DAY),
                appeal("open"),
                appeal("no day of receipt", None, DAY),
            ]
        },
    ),
    "appeal_outcome_and_day_not_both_given": (
        {"outcome without a day", "day without an outcome"},
        {
            "local_conference_appeal": [
                appeal("outcome without a day", outcome="upheld"),
                appeal("day without an outcome", decided=NEXT_DAY),
                appeal("both", decided=NEXT_DAY, outcome="upheld"),
                appeal("neither"),
            ]
        },
    ),
    "upheld_reason_without_an_upheld_appeal": (
        {"not upheld", "open"},
        {
            "local_conference_appeal": [
                appeal("not upheld", outcome="not_upheld", reason="procedure"),
                appeal("open", reason="other"),
                appeal("upheld", outcome="upheld", reason="procedure"),
                appeal("upheld without a reason", outcome="upheld"),
            ]
        },
    ),
    "delay_of_a_cla_review_that_is_not_there": (
        {"cla_review|2"},
        {
            "ssd_cla_reviews": [{"clar_cla_review_id": "1"}],
            "local_review_delay": [delay("cla_review", "1"), delay("cla_review", "2"), delay("cp_review", "2")],
        },
    ),
    "delay_of_a_conference_that_is_not_there": (
        {"cp_review|2", "icpc|1"},
        {
            "ssd_cp_reviews": [review("1")],
            "ssd_initial_cp_conference": [conference("2")],
            "local_review_delay": [
                delay("cp_review", "1"),
                delay("cp_review", "2"),
                delay("icpc", "1"),
                delay("icpc", "2"),
                delay("cla_review", "3"),
            ],
        },
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_the_wrong_records_and_no_other(rule):
    wrong, objects = CASES[rule]
    assert failing(rule, **objects) == wrong


def test_every_rule_of_the_domain_has_its_cases():
    assert set(CASES) == rules_of("conferences")
