"""Contacts, referrals and assessments: for each rule the right case, the edge and the wrong one.

The key of a record says what it shows. The drop is that of August 2019 (`rule_cases`).
"""

import pytest
from rule_cases import failing, rules_of


def person(child, **others):
    return {"pers_person_id": child, **others}


def contact(key, date):
    return {"cont_contact_id": key, "cont_person_id": "ann", "cont_contact_date": date}


def referral(key, date="2019-05-01", child="ann", **others):
    return {"cine_referral_id": key, "cine_person_id": child, "cine_referral_date": date, **others}


def assessment(key, start, authorised=None, referral="r", child="ann", **others):
    return {
        "cina_assessment_id": key,
        "cina_person_id": child,
        "cina_referral_id": referral,
        "cina_assessment_start_date": start,
        "cina_assessment_auth_date": authorised,
        **others,
    }


CASES = {
    "contact_without_date": (
        {"no date"},
        {"ssd_contacts": [contact("dated", "2019-08-01"), contact("no date", None)]},
    ),
    "referral_without_date": (
        {"no date"},
        {"ssd_cin_episodes": [referral("dated"), referral("no date", None)]},
    ),
    "referral_still_open_after_a_later_one": (
        {"left open"},
        {
            "ssd_cin_episodes": [
                referral("left open", "2019-01-10"),
                referral("latest", "2019-05-01"),
                referral("only one", "2019-01-10", child="ben"),
                referral("not taken further", "2019-01-10", child="cat", cine_referral_nfa="Y"),
                referral("after that", "2019-05-01", child="cat"),
                referral("closed in time", "2019-01-10", child="dan", cine_close_date="2019-02-01"),
                referral("after the closed one", "2019-05-01", child="dan"),
                referral("one of two on a day", "2019-05-01", child="eve"),
                referral("other of two on a day", "2019-05-01", child="eve"),
            ]
        },
    ),
    "referral_closed_without_reason": (
        {"no reason"},
        {
            "ssd_cin_episodes": [
                referral("open"),
                referral("both", cine_close_date="2019-06-01", cine_close_reason="RC7"),
                referral("no reason", cine_close_date="2019-06-01"),
            ]
        },
    ),
    "closure_reason_without_close_date": (
        {"no date"},
        {
            "ssd_cin_episodes": [
                referral("open"),
                referral("both", cine_close_date="2019-06-01", cine_close_reason="RC7"),
                referral("no date", cine_close_reason="RC7"),
            ]
        },
    ),
    "referral_without_primary_need": (
        {"no need"},
        {
            "ssd_cin_episodes": [
                referral("with need", cine_referral_nfa="N", cine_cin_primary_need_code="N1"),
                referral("no need", cine_referral_nfa="N"),
                referral("not taken further", cine_referral_nfa="Y"),
                referral("not known whether taken further"),
            ]
        },
    ),
    "referral_without_decision": (
        {"no decision"},
        {"ssd_cin_episodes": [referral("decided", cine_referral_nfa="N"), referral("no decision")]},
    ),
    "referral_without_source": (
        {"no source"},
        {"ssd_cin_episodes": [referral("police", cine_referral_source_code="6"), referral("no source")]},
    ),
    "referral_without_team": (
        {"no team"},
        {"ssd_cin_episodes": [referral("with team", cine_referral_team="t1"), referral("no team")]},
    ),
    "referral_after_death": (
        {"day after"},
        {
            "ssd_person": [person("ann", pers_death_date="2019-05-01"), person("ben")],
            "ssd_cin_episodes": [
                referral("day of death", "2019-05-01"),
                referral("day after", "2019-05-02"),
                referral("alive", "2019-05-02", child="ben"),
            ],
        },
    ),
    "referral_over_40_weeks_before_birth": (
        {"281 days", "281 days expected"},
        {
            # 280 days before 8 October 2019 is 1 January 2019
            "ssd_person": [person("ann", pers_dob="2019-10-08"), person("bea", pers_expected_dob="2019-10-08")],
            "ssd_cin_episodes": [
                referral("280 days", "2019-01-01"),
                referral("281 days", "2018-12-31"),
                referral("281 days expected", "2018-12-31", child="bea"),
                referral("after birth", "2019-11-01"),
            ],
        },
    ),
    "episode_of_need_past_25th_birthday": (
        {"open at 25", "closed after the birthday"},
        {
            "ssd_person": [
                person("past 25", pers_dob="1994-08-30"),
                person("25 on the month end", pers_dob="1994-08-31"),
                person("long past 25", pers_dob="1990-03-01"),
            ],
            "ssd_cin_episodes": [
                referral("open at 25", child="past 25"),
                referral("open on the birthday", child="25 on the month end"),
                referral("closed on the birthday", child="long past 25", cine_close_date="2015-03-01"),
                referral("closed after the birthday", child="long past 25", cine_close_date="2015-03-02"),
            ],
        },
    ),
    "closed_by_death_without_day_of_death": (
        {"no day of death"},
        {
            "ssd_person": [person("ann"), person("ben", pers_death_date="2019-06-01")],
            "ssd_cin_episodes": [
                referral("no day of death", cine_close_reason="RC2"),
                referral("died", child="ben", cine_close_reason="RC2"),
                referral("adopted", cine_close_reason="RC1"),
            ],
        },
    ),
    "closed_after_an_assessment_never_made": (
        {"none made", "none made, early help", "first day that matters"},
        {
            "ssd_cin_episodes": [
                referral("assessed", cine_close_reason="RC8", cine_close_date="2019-06-01"),
                referral("none made", cine_close_reason="RC8", cine_close_date="2019-06-01"),
                referral("none made, early help", cine_close_reason="RC9", cine_close_date="2019-06-01"),
                referral("other reason", cine_close_reason="RC7", cine_close_date="2019-06-01"),
                referral("first day that matters", cine_close_reason="RC8", cine_close_date="2018-04-01"),
                referral("long ago", cine_close_reason="RC8", cine_close_date="2018-03-31"),
            ],
            "ssd_cin_assessments": [assessment("a", "2019-05-02", referral="assessed")],
        },
    ),
    "closed_after_assessment_despite_later_work": (
        {"enquiry", "conference", "plan", "protection plan"},
        {
            "ssd_cin_episodes": [
                referral(key, cine_close_reason=reason, cine_close_date=closed)
                for key, reason, closed in (
                    ("nothing more", "RC8", "2019-06-01"),
                    ("enquiry", "RC8", "2019-06-01"),
                    ("conference", "RC8", "2019-06-01"),
                    ("plan", "RC9", "2018-04-01"),
                    ("protection plan", "RC8", "2019-06-01"),
                    ("enquiry, other reason", "RC7", "2019-06-01"),
                    ("long ago", "RC8", "2018-03-31"),
                )
            ],
            "ssd_s47_enquiry": [
                {"s47e_s47_enquiry_id": "e1", "s47e_referral_id": "enquiry"},
                {"s47e_s47_enquiry_id": "e2", "s47e_referral_id": "enquiry"},
                {"s47e_s47_enquiry_id": "e3", "s47e_referral_id": "enquiry, other reason"},
                {"s47e_s47_enquiry_id": "e4", "s47e_referral_id": "long ago"},
                {"s47e_s47_enquiry_id": "e5"},
            ],
            "ssd_initial_cp_conference": [{"icpc_icpc_id": "c", "icpc_referral_id": "conference"}],
            "ssd_cin_plans": [{"cinp_cin_plan_id": "p", "cinp_referral_id": "plan"}],
            "ssd_cp_plans": [{"cppl_cp_plan_id": "p", "cppl_referral_id": "protection plan"}],
        },
    ),
    "assessment_without_start_date": (
        {"no start"},
        {"ssd_cin_assessments": [assessment("started", "2019-05-02"), assessment("no start", None, "2019-06-01")]},
    ),
    "assessment_without_team": (
        {"no team"},
        {
            "ssd_cin_assessments": [
                assessment("with team", "2019-05-02", cina_assessment_team="t1"),
                assessment("no team", "2019-05-02"),
            ]
        },
    ),
    "assessment_before_referral": (
        {"day before", "first day that matters"},
        {
            "ssd_cin_episodes": [
                referral("r", "2019-05-01"),
                referral("at the turn", "2018-04-02"),
                referral("old", "2018-04-01"),
            ],
            "ssd_cin_assessments": [
                assessment("same day", "2019-05-01"),
                assessment("day before", "2019-04-30"),
                assessment("first day that matters", "2018-04-01", referral="at the turn"),
                assessment("long ago", "2018-03-31", referral="old"),
                assessment("no referral", "2019-04-30", referral=None),
            ],
        },
    ),
    "assessment_of_another_childs_referral": (
        {"brother's"},
        {
            "ssd_cin_episodes": [referral("r")],
            "ssd_cin_assessments": [
                assessment("own", "2019-05-02"),
                assessment("brother's", "2019-05-02", child="ben"),
                assessment("no referral", "2019-05-02", child="ben", referral=None),
            ],
        },
    ),
    "assessment_of_a_referral_not_taken_further": (
        {"not taken further"},
        {
            "ssd_cin_episodes": [
                referral("yes", cine_referral_nfa="Y"),
                referral("no", cine_referral_nfa="N"),
                referral("unknown"),
            ],
            "ssd_cin_assessments": [
                assessment("not taken further", "2019-05-02", referral="yes"),
                assessment("taken further", "2019-05-02", referral="no"),
                assessment("not known", "2019-05-02", referral="unknown"),
            ],
        },
    ),
    "assessment_open_beyond_45_working_days": (
        {"64 days"},
        {
            "ssd_cin_assessments": [
                assessment("63 days", "2019-06-29"),
                assessment("64 days", "2019-06-28"),
                assessment("authorised", "2019-06-28", "2019-08-31"),
            ]
        },
    ),
    "assessment_unfinished_on_a_closed_case": (
        {"unfinished"},
        {
            "ssd_cin_episodes": [referral("open"), referral("closed", cine_close_date="2019-06-01")],
            "ssd_cin_assessments": [
                assessment("unfinished", "2019-05-02", referral="closed"),
                assessment("finished", "2019-05-02", "2019-06-01", referral="closed"),
                assessment("still going on", "2019-05-02", referral="open"),
            ],
        },
    ),
    "assessment_after_case_closed": (
        {"begun after", "authorised after", "first closure that matters"},
        {
            "ssd_cin_episodes": [
                referral("r", cine_close_date="2019-06-01"),
                referral("old", "2018-01-01", cine_close_date="2018-03-31"),
                referral("at the turn", "2018-01-01", cine_close_date="2018-04-01"),
                referral("open"),
            ],
            "ssd_cin_assessments": [
                assessment("authorised that day", "2019-05-02", "2019-06-01"),
                assessment("authorised after", "2019-05-02", "2019-06-02"),
                assessment("begun that day", "2019-06-01"),
                assessment("begun after", "2019-06-02"),
                assessment("first closure that matters", "2018-04-02", referral="at the turn"),
                assessment("closed long ago", "2018-04-02", referral="old"),
                assessment("never closed", "2019-06-02", referral="open"),
            ],
        },
    ),
    "assessment_begins_during_another": (
        {"during an open one", "during a finished one", "one of two on a day", "other of two on a day"},
        {
            "ssd_cin_assessments": [
                assessment("open one", "2019-05-01", referral="a"),
                assessment("during an open one", "2019-05-20", referral="a"),
                assessment("finished one", "2019-05-01", "2019-06-01", referral="b"),
                assessment("during a finished one", "2019-05-31", "2019-06-01", referral="b"),
                assessment("the day it was authorised", "2019-06-01", referral="b"),
                assessment("one of two on a day", "2019-05-01", referral="c"),
                assessment("other of two on a day", "2019-05-01", referral="c"),
                assessment("of no referral", "2019-05-01", referral=None),
                assessment("of no referral either", "2019-05-20", referral=None),
            ]
        },
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_the_wrong_records_and_no_other(rule):
    wrong, objects = CASES[rule]
    assert failing(rule, **objects) == wrong


def test_every_rule_of_the_domain_has_its_cases():
    assert set(CASES) == rules_of("front_door")
