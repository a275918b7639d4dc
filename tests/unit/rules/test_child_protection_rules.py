"""Enquiries, conferences, protection plans and reviews: of each rule the right case, the edge and the wrong one.

The key of a record says what it shows. The drop is that of August 2019 (`rule_cases`).
"""

import pytest
from rule_cases import failing, rules_of


def person(child, **others):
    return {"pers_person_id": child, **others}


def referral(key, date="2019-05-01", child="ann", **others):
    return {"cine_referral_id": key, "cine_person_id": child, "cine_referral_date": date, **others}


def enquiry(key, start="2019-05-10", end=None, child="ann", referral=None, **others):
    return {
        "s47e_s47_enquiry_id": key,
        "s47e_person_id": child,
        "s47e_referral_id": referral,
        "s47e_s47_start_date": start,
        "s47e_s47_end_date": end,
        **others,
    }


def conference(key, date="2019-05-20", child="ann", **others):
    return {"icpc_icpc_id": key, "icpc_person_id": child, "icpc_icpc_date": date, **others}


def plan(key, start="2019-05-20", end=None, child="ann", **others):
    return {
        "cppl_cp_plan_id": key,
        "cppl_person_id": child,
        "cppl_cp_plan_start_date": start,
        "cppl_cp_plan_end_date": end,
        **others,
    }


def review(key, date, plan="p", child="ann", **others):
    return {
        "cppr_cp_review_id": key,
        "cppr_person_id": child,
        "cppr_cp_plan_id": plan,
        "cppr_cp_review_date": date,
        **others,
    }


def in_need_plan(child, start, end=None):
    return {
        "cinp_cin_plan_id": child,
        "cinp_person_id": child,
        "cinp_cin_plan_start_date": start,
        "cinp_cin_plan_end_date": end,
    }


def assessment(key, referral):
    return {"cina_assessment_id": key, "cina_referral_id": referral}


def visit(key, seen, alone):
    return {
        "cppv_cp_visit_id": key,
        "cppv_person_id": "ann",
        "cppv_cp_visit_seen": seen,
        "cppv_cp_visit_seen_alone": alone,
    }


def allocation(child, role="CW", start="2019-05-01", end=None, worker="w1"):
    return {
        "invo_involvements_id": child,
        "invo_person_id": child,
        "invo_professional_id": worker,
        "invo_professional_role_id": role,
        "invo_involvement_start_date": start,
        "invo_involvement_end_date": end,
    }


REFERRALS = [
    referral("taken further", cine_referral_nfa="N"),
    referral("not taken further", cine_referral_nfa="Y"),
    referral("not known"),
]

ENQUIRIES = {
    "enquiry_without_start_date": (
        {"no start"},
        {"ssd_s47_enquiry": [enquiry("started"), enquiry("no start", None)]},
    ),
    "enquiry_before_referral": (
        {"day before", "first day that matters"},
        {
            "ssd_cin_episodes": [
                referral("r"),
                referral("at the turn", "2018-04-02"),
                referral("old", "2018-04-01"),
            ],
            "ssd_s47_enquiry": [
                enquiry("same day", "2019-05-01", referral="r"),
                enquiry("day before", "2019-04-30", referral="r"),
                enquiry("first day that matters", "2018-04-01", referral="at the turn"),
                enquiry("long ago", "2018-03-31", referral="old"),
                enquiry("no referral", "2019-04-30"),
            ],
        },
    ),
    "enquiry_of_another_childs_referral": (
        {"brother's"},
        {
            "ssd_cin_episodes": [referral("r")],
            "ssd_s47_enquiry": [
                enquiry("own", referral="r"),
                enquiry("brother's", child="ben", referral="r"),
                enquiry("no referral", child="ben"),
            ],
        },
    ),
    "enquiry_of_a_referral_not_taken_further": (
        {"not taken further"},
        {
            "ssd_cin_episodes": REFERRALS,
            "ssd_s47_enquiry": [
                enquiry(one["cine_referral_id"], referral=one["cine_referral_id"]) for one in REFERRALS
            ],
        },
    ),
    "enquiry_after_case_closed": (
        {"day after", "first day that matters"},
        {
            "ssd_cin_episodes": [
                referral("r", cine_close_date="2019-06-01"),
                referral("old", "2018-01-01", cine_close_date="2018-03-01"),
                referral("open"),
            ],
            "ssd_s47_enquiry": [
                enquiry("that day", "2019-06-01", referral="r"),
                enquiry("day after", "2019-06-02", referral="r"),
                enquiry("first day that matters", "2018-04-01", referral="old"),
                enquiry("long ago", "2018-03-31", referral="old"),
                enquiry("never closed", "2019-06-02", referral="open"),
            ],
        },
    ),
    "enquiry_unfinished_on_a_closed_case": (
        {"unfinished", "conference without a day"},
        {
            "ssd_cin_episodes": [referral("closed", cine_close_date="2019-06-01"), referral("open")],
            "ssd_s47_enquiry": [
                enquiry("unfinished", referral="closed"),
                enquiry("finished", end="2019-05-20", referral="closed"),
                enquiry("not taken further", referral="closed", s47e_s47_nfa="Y"),
                enquiry("conference held", referral="closed"),
                enquiry("conference without a day", referral="closed"),
                enquiry("case open", referral="open"),
            ],
            "ssd_initial_cp_conference": [
                conference("1", icpc_s47_enquiry_id="conference held"),
                conference("2", None, icpc_s47_enquiry_id="conference without a day"),
            ],
        },
    ),
    "enquiry_open_15_working_days_without_conference": (
        {"22 days", "conference without a day"},
        {
            "ssd_s47_enquiry": [
                enquiry("21 days", "2019-08-10"),
                enquiry("22 days", "2019-08-09"),
                enquiry("finished", "2019-08-09", "2019-08-31"),
                enquiry("not taken further", "2019-08-09", s47e_s47_nfa="Y"),
                enquiry("conference held", "2019-08-09"),
                enquiry("conference without a day", "2019-08-09"),
            ],
            "ssd_initial_cp_conference": [
                conference("1", "2019-08-20", icpc_s47_enquiry_id="conference held"),
                conference("2", None, icpc_s47_enquiry_id="conference without a day"),
            ],
        },
    ),
    "enquiry_begins_during_another": (
        {"during an open one", "during a finished one", "one of two on a day", "other of two on a day"},
        {
            "ssd_s47_enquiry": [
                enquiry("open one", "2019-05-01"),
                enquiry("during an open one", "2019-05-20"),
                enquiry("finished one", "2019-05-01", "2019-05-10", child="ben"),
                enquiry("during a finished one", "2019-05-09", "2019-05-10", child="ben"),
                enquiry("the day it ended", "2019-05-10", child="ben"),
                enquiry("one of two on a day", "2019-05-01", child="cat"),
                enquiry("other of two on a day", "2019-05-01", child="cat"),
            ]
        },
    ),
    "enquiry_without_assessment": (
        {"none", "first day that matters"},
        {
            "ssd_cin_episodes": [referral("assessed"), referral("not assessed")],
            "ssd_cin_assessments": [assessment("a", "assessed")],
            "ssd_s47_enquiry": [
                enquiry("assessed", referral="assessed"),
                enquiry("none", referral="not assessed"),
                enquiry("first day that matters", "2018-04-01", referral="not assessed"),
                enquiry("long ago", "2018-03-31", referral="not assessed"),
                enquiry("no referral"),
            ],
        },
    ),
}

CONFERENCES = {
    "conference_without_date": (
        {"due on the month end", "never due"},
        {
            "ssd_initial_cp_conference": [
                conference("held", icpc_icpc_target_date="2019-05-31"),
                conference("due on the month end", None, icpc_icpc_target_date="2019-08-31"),
                conference("due a day later", None, icpc_icpc_target_date="2019-09-01"),
                conference("never due", None),
            ]
        },
    ),
    "conference_without_team": (
        {"no team"},
        {"ssd_initial_cp_conference": [conference("with team", icpc_icpc_team="t1"), conference("no team")]},
    ),
    "conference_without_enquiry": (
        {"no enquiry", "no enquiry, not said whether a transfer"},
        {
            "ssd_initial_cp_conference": [
                conference("linked", icpc_s47_enquiry_id="e", icpc_icpc_transfer_in="N"),
                conference("no enquiry", icpc_icpc_transfer_in="N"),
                conference("no enquiry, not said whether a transfer"),
                conference("transfer", icpc_icpc_transfer_in="Y"),
            ]
        },
    ),
    "conference_of_another_childs_enquiry": (
        {"brother's"},
        {
            "ssd_s47_enquiry": [enquiry("e")],
            "ssd_initial_cp_conference": [
                conference("own", icpc_s47_enquiry_id="e"),
                conference("brother's", child="ben", icpc_s47_enquiry_id="e"),
                conference("no enquiry", child="ben"),
            ],
        },
    ),
    "conference_before_enquiry": (
        {"day before"},
        {
            "ssd_s47_enquiry": [enquiry("e", "2019-05-10")],
            "ssd_initial_cp_conference": [
                conference("same day", "2019-05-10", icpc_s47_enquiry_id="e"),
                conference("day before", "2019-05-09", icpc_s47_enquiry_id="e"),
                conference("no enquiry", "2019-05-09"),
            ],
        },
    ),
    "conference_before_referral": (
        {"day before", "first day that matters"},
        {
            "ssd_cin_episodes": [
                referral("r"),
                referral("at the turn", "2018-04-02"),
                referral("old", "2018-04-01"),
            ],
            "ssd_initial_cp_conference": [
                conference("same day", "2019-05-01", icpc_referral_id="r"),
                conference("day before", "2019-04-30", icpc_referral_id="r"),
                conference("first day that matters", "2018-04-01", icpc_referral_id="at the turn"),
                conference("long ago", "2018-03-31", icpc_referral_id="old"),
                conference("no referral", "2019-04-30"),
            ],
        },
    ),
    "conference_of_a_referral_not_taken_further": (
        {"not taken further"},
        {
            "ssd_cin_episodes": REFERRALS,
            "ssd_initial_cp_conference": [
                conference(one["cine_referral_id"], icpc_referral_id=one["cine_referral_id"]) for one in REFERRALS
            ],
        },
    ),
    "conference_after_case_closed": (
        {"day after", "first day that matters"},
        {
            "ssd_cin_episodes": [
                referral("r", cine_close_date="2019-06-01"),
                referral("old", "2018-01-01", cine_close_date="2018-03-01"),
                referral("open"),
            ],
            "ssd_initial_cp_conference": [
                conference("that day", "2019-06-01", icpc_referral_id="r"),
                conference("day after", "2019-06-02", icpc_referral_id="r"),
                conference("first day that matters", "2018-04-01", icpc_referral_id="old"),
                conference("long ago", "2018-03-31", icpc_referral_id="old"),
                conference("never closed", "2019-06-02", icpc_referral_id="open"),
            ],
        },
    ),
    "conference_recorded_twice": (
        {"once", "once more"},
        {
            "ssd_initial_cp_conference": [
                conference("once"),
                conference("once more"),
                conference("another day", "2019-05-21"),
                conference("sister's", child="bea"),
                conference("no day", None, child="cat"),
                conference("no day either", None, child="cat"),
            ]
        },
    ),
    "conference_at_a_weekend": (
        {"Saturday", "Sunday", "first day that matters, a Sunday"},
        {
            "ssd_initial_cp_conference": [
                conference("Friday", "2019-05-17"),
                conference("Saturday", "2019-05-18"),
                conference("Sunday", "2019-05-19"),
                conference("Monday", "2019-05-20"),
                conference("first day that matters, a Sunday", "2018-04-01"),
                conference("Saturday long ago", "2018-03-31"),
            ]
        },
    ),
    "conference_target_at_a_weekend": (
        {"Saturday", "Sunday"},
        {
            "ssd_initial_cp_conference": [
                conference("Friday", icpc_icpc_target_date="2019-05-17"),
                conference("Saturday", icpc_icpc_target_date="2019-05-18"),
                conference("Sunday", icpc_icpc_target_date="2019-05-19"),
                conference("none"),
            ]
        },
    ),
    "conference_for_a_plan_that_is_not_there": (
        {"no plan", "plan unknown"},
        {
            "ssd_cp_plans": [plan("p"), plan("q", cppl_icpc_id="named by its plan")],
            "ssd_initial_cp_conference": [
                conference("names its plan", icpc_icpc_outcome_cp_flag="Y", icpc_cp_plan_id="p"),
                conference("named by its plan", icpc_icpc_outcome_cp_flag="Y"),
                conference("no plan", icpc_icpc_outcome_cp_flag="Y"),
                conference("plan unknown", icpc_icpc_outcome_cp_flag="Y", icpc_cp_plan_id="z"),
                conference("decided on none", icpc_icpc_outcome_cp_flag="N"),
            ],
        },
    ),
}

PLANS = {
    "cp_plan_without_start_date": (
        {"no start"},
        {"ssd_cp_plans": [plan("started"), plan("no start", None)]},
    ),
    "cp_plan_starts_and_ends_on_one_day": (
        {"one day"},
        {
            "ssd_cp_plans": [
                plan("one day", "2019-05-20", "2019-05-20"),
                plan("two days", "2019-05-20", "2019-05-21"),
                plan("open"),
            ]
        },
    ),
    "cp_plan_still_open_after_a_later_one": (
        {"left open"},
        {
            "ssd_cp_plans": [
                plan("left open", "2019-01-10"),
                plan("latest", "2019-05-01"),
                plan("ended in time", "2019-01-10", "2019-02-01", child="ben"),
                plan("after the ended one", "2019-05-01", child="ben"),
                plan("only one", "2019-01-10", child="cat"),
            ]
        },
    ),
    "cp_plan_begins_the_day_another_ends": (
        {"same day"},
        {
            "ssd_cp_plans": [
                plan("first", "2019-01-10", "2019-05-01"),
                plan("same day", "2019-05-01"),
                plan("first of another", "2019-01-10", "2019-05-01", child="ben"),
                plan("day after", "2019-05-02", child="ben"),
                plan("of one day only", "2019-05-01", "2019-05-01", child="cat"),
                plan("that began that day too", "2019-05-01", child="cat"),
            ]
        },
    ),
    "cp_plan_before_referral": (
        {"day before"},
        {
            "ssd_cin_episodes": [referral("r")],
            "ssd_cp_plans": [
                plan("same day", "2019-05-01", cppl_referral_id="r"),
                plan("day before", "2019-04-30", cppl_referral_id="r"),
                plan("no referral", "2019-04-30"),
            ],
        },
    ),
    "cp_plan_of_a_referral_not_taken_further": (
        {"not taken further"},
        {
            "ssd_cin_episodes": REFERRALS,
            "ssd_cp_plans": [
                plan(one["cine_referral_id"], cppl_referral_id=one["cine_referral_id"]) for one in REFERRALS
            ],
        },
    ),
    "cp_plan_runs_past_case_closure": (
        {"ended the day after", "left open"},
        {
            "ssd_cin_episodes": [referral("closed", cine_close_date="2019-07-01"), referral("open")],
            "ssd_cp_plans": [
                plan("ended that day", end="2019-07-01", cppl_referral_id="closed"),
                plan("ended the day after", end="2019-07-02", cppl_referral_id="closed"),
                plan("left open", cppl_referral_id="closed"),
                plan("case open", cppl_referral_id="open"),
                plan("no case"),
            ],
        },
    ),
    "cp_plan_runs_past_death": (
        {"ended the day after", "left open", "begun after"},
        {
            "ssd_person": [person("ann", pers_death_date="2019-07-01"), person("ben")],
            "ssd_cp_plans": [
                plan("ended that day", end="2019-07-01"),
                plan("begun and ended that day", "2019-07-01", "2019-07-01"),
                plan("ended the day after", end="2019-07-02"),
                plan("left open"),
                plan("begun after", "2019-07-02", "2019-07-03"),
                plan("alive", child="ben"),
            ],
        },
    ),
    "cp_plan_of_an_adult": (
        {"18 on the month end", "begun that day"},
        {
            "ssd_person": [
                person("ann", pers_dob="2001-08-31"),
                person("ben", pers_dob="2001-09-01"),
                person("cat", pers_expected_dob="2019-11-01"),
            ],
            "ssd_cp_plans": [
                plan("18 on the month end"),
                plan("begun that day", "2019-08-31"),
                plan("ended in time", end="2019-08-31"),
                plan("18 a day later", child="ben"),
                plan("not born yet", child="cat"),
            ],
        },
    ),
    "cp_plan_without_conference": (
        {"none", "first day that matters"},
        {
            "ssd_initial_cp_conference": [
                conference("c"),
                conference("d", icpc_cp_plan_id="named by its conference"),
            ],
            "ssd_cp_plans": [
                plan("names its conference", cppl_icpc_id="c"),
                plan("named by its conference"),
                plan("none", cppl_cp_plan_ola="N"),
                plan("another authority's", cppl_cp_plan_ola="Y"),
                plan("first day that matters", "2018-04-01"),
                plan("long ago", "2018-03-31"),
            ],
        },
    ),
    "cp_plan_starts_on_another_day_than_its_conference": (
        {"day after", "day before", "first day that matters"},
        {
            "ssd_initial_cp_conference": [conference("c", "2019-05-20"), conference("no day", None)],
            "ssd_cp_plans": [
                plan("same day", "2019-05-20", cppl_icpc_id="c"),
                plan("day after", "2019-05-21", cppl_icpc_id="c"),
                plan("day before", "2019-05-19", cppl_icpc_id="c"),
                plan("another authority's", "2019-05-21", cppl_icpc_id="c", cppl_cp_plan_ola="Y"),
                plan("first day that matters", "2018-04-01", cppl_icpc_id="c"),
                plan("long ago", "2018-03-31", cppl_icpc_id="c"),
                plan("conference without a day", cppl_icpc_id="no day"),
            ],
        },
    ),
    "cp_plan_of_another_childs_conference": (
        {"brother's"},
        {
            "ssd_initial_cp_conference": [conference("c")],
            "ssd_cp_plans": [
                plan("own", cppl_icpc_id="c"),
                plan("brother's", child="ben", cppl_icpc_id="c"),
                plan("no conference", child="ben"),
            ],
        },
    ),
    "cp_plan_against_its_conference": (
        {"decided on none"},
        {
            "ssd_initial_cp_conference": [
                conference("yes", icpc_icpc_outcome_cp_flag="Y"),
                conference("no", icpc_icpc_outcome_cp_flag="N"),
                conference("not said"),
            ],
            "ssd_cp_plans": [
                plan("decided on one", cppl_icpc_id="yes"),
                plan("decided on none", cppl_icpc_id="no"),
                plan("outcome not said", cppl_icpc_id="not said"),
            ],
        },
    ),
    "cp_plan_without_category": (
        {"no first", "no latest"},
        {
            "ssd_cp_plans": [
                plan("both", cppl_cp_plan_initial_category="NEG", cppl_cp_plan_latest_category="EMO"),
                plan("no first", cppl_cp_plan_latest_category="EMO"),
                plan("no latest", cppl_cp_plan_initial_category="NEG"),
            ]
        },
    ),
    "cp_plan_open_after_the_review_that_ended_it": (
        {"left open", "last of two on a day", "review on the month end"},
        {
            "ssd_cp_plans": [
                plan("left open"),
                plan("ended that day", end="2019-08-20"),
                plan("goes on"),
                plan("last of two on a day"),
                plan("ended on the month end", end="2019-08-31"),
                plan("review on the month end"),
                plan("review after the month end"),
                plan("never reviewed"),
            ],
            "ssd_cp_reviews": [
                review("1", "2019-08-01", "left open", cppr_cp_review_outcome_continue_cp="Y"),
                review("2", "2019-08-20", "left open", cppr_cp_review_outcome_continue_cp="N"),
                review("3", "2019-08-20", "ended that day", cppr_cp_review_outcome_continue_cp="N"),
                review("4", "2019-08-01", "goes on", cppr_cp_review_outcome_continue_cp="N"),
                review("5", "2019-08-20", "goes on", cppr_cp_review_outcome_continue_cp="Y"),
                review("9", "2019-08-20", "last of two on a day", cppr_cp_review_outcome_continue_cp="Y"),
                review("10", "2019-08-20", "last of two on a day", cppr_cp_review_outcome_continue_cp="N"),
                review("12", "2019-08-20", "ended on the month end", cppr_cp_review_outcome_continue_cp="N"),
                review("13", "2019-08-31", "review on the month end", cppr_cp_review_outcome_continue_cp="N"),
                review("11", "2019-09-01", "review after the month end", cppr_cp_review_outcome_continue_cp="N"),
            ],
        },
    ),
    "cp_plan_of_a_child_without_case_worker": (
        {
            "nobody",
            "team without a worker",
            "worker left on the month end",
            "worker from the next day",
            "personal adviser only",
            "begun that day",
        },
        {
            "ssd_cp_plans": [
                plan("with worker", child="ann"),
                plan("nobody", child="ben"),
                plan("worker left on the month end", child="cat"),
                plan("personal adviser only", child="dan"),
                plan("worker from that day", child="gus"),
                plan("worker from the next day", child="hal"),
                plan("begun that day", "2019-08-31", child="ida"),
                plan("team without a worker", child="jon"),
                plan("plan ended", end="2019-08-31", child="eve"),
                plan("another authority's", child="fay", cppl_cp_plan_ola="Y"),
            ],
            "ssd_involvements": [
                allocation("ann", end="2019-09-01"),
                allocation("cat", end="2019-08-31"),
                allocation("dan", role="16PLUS"),
                allocation("gus", start="2019-08-31"),
                allocation("hal", start="2019-09-01"),
                allocation("jon", worker=None),
            ],
        },
    ),
}

REVIEWS = {
    "cp_review_without_date": (
        {"due on the month end", "never due"},
        {
            "ssd_cp_reviews": [
                review("held", "2019-08-20", cppr_cp_review_due="2019-08-31"),
                review("due on the month end", None, cppr_cp_review_due="2019-08-31"),
                review("due a day later", None, cppr_cp_review_due="2019-09-01"),
                review("never due", None),
            ]
        },
    ),
    "cp_review_on_or_before_plan_start": (
        {"first day", "day before"},
        {
            "ssd_cp_plans": [plan("p", "2019-05-20")],
            "ssd_cp_reviews": [
                review("first day", "2019-05-20"),
                review("day before", "2019-05-19"),
                review("second day", "2019-05-21"),
                review("no plan", "2019-05-19", plan=None),
            ],
        },
    ),
    "cp_review_after_plan_end": (
        {"day after"},
        {
            "ssd_cp_plans": [plan("p", end="2019-08-20"), plan("open")],
            "ssd_cp_reviews": [
                review("day of the end", "2019-08-20"),
                review("day after", "2019-08-21"),
                review("plan open", "2019-08-21", plan="open"),
            ],
        },
    ),
    "cp_review_of_another_childs_plan": (
        {"brother's"},
        {
            "ssd_cp_plans": [plan("p")],
            "ssd_cp_reviews": [
                review("own", "2019-08-20"),
                review("brother's", "2019-08-20", child="ben"),
                review("no plan", "2019-08-20", plan=None, child="ben"),
            ],
        },
    ),
    "cp_review_during_a_cin_plan": (
        {"during an open one", "day before its end", "no protection plan known"},
        {
            "ssd_cp_plans": [plan("p"), plan("ends with it", end="2019-08-20", child="ben")],
            "ssd_cin_plans": [
                in_need_plan("ann", "2019-08-10"),
                in_need_plan("ben", "2019-08-10"),
                in_need_plan("cat", "2019-07-01", "2019-08-20"),
            ],
            "ssd_cp_reviews": [
                review("during an open one", "2019-08-20"),
                review("on its first day", "2019-08-10"),
                review("ends the protection plan", "2019-08-20", plan="ends with it", child="ben"),
                review("day before its end", "2019-08-19", child="cat"),
                review("on its end", "2019-08-20", child="cat"),
                review("no plan in need", "2019-08-20", child="dan"),
                review("no protection plan known", "2019-08-21", plan=None),
            ],
        },
    ),
    "cp_visit_alone_but_not_seen": (
        {"alone, not seen"},
        {
            "ssd_cp_visits": [
                visit("seen alone", "Y", "Y"),
                visit("seen with others", "Y", "N"),
                visit("alone, not seen", "N", "Y"),
                visit("not seen", "N", "N"),
                visit("alone, not said whether seen", None, "Y"),
            ]
        },
    ),
}

CASES = ENQUIRIES | CONFERENCES | PLANS | REVIEWS


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_the_wrong_records_and_no_other(rule):
    wrong, objects = CASES[rule]
    assert failing(rule, **objects) == wrong


def test_every_rule_of_the_domain_has_its_cases():
    assert set(CASES) == rules_of("child_protection")
