"""Child in need plans and visits: for each rule the right case, the edge and the wrong one.

The key of a record says what it shows. The drop is that of August 2019 (`rule_cases`).
"""

import pytest
from rule_cases import failing, rules_of


def person(child, **others):
    return {"pers_person_id": child, **others}


def referral(key, date="2019-05-01", child="ann", **others):
    return {"cine_referral_id": key, "cine_person_id": child, "cine_referral_date": date, **others}


def plan(key, start="2019-05-10", end=None, child="ann", **others):
    return {
        "cinp_cin_plan_id": key,
        "cinp_person_id": child,
        "cinp_cin_plan_start_date": start,
        "cinp_cin_plan_end_date": end,
        **others,
    }


def protection_plan(key, start, end=None, child="ann"):
    return {
        "cppl_cp_plan_id": key,
        "cppl_person_id": child,
        "cppl_cp_plan_start_date": start,
        "cppl_cp_plan_end_date": end,
    }


def care(child, start="2019-06-01", end=None):
    return {
        "clae_cla_episode_id": child,
        "clae_person_id": child,
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_ceased_date": end,
    }


def status(key, child, text, start="2019-06-01", end=None):
    return {
        "lega_legal_status_id": key,
        "lega_person_id": child,
        "lega_legal_status": text,
        "lega_legal_status_start_date": start,
        "lega_legal_status_end_date": end,
    }


def visit(key, seen, alone):
    return {
        "cinv_cin_visit_id": key,
        "cinv_person_id": "ann",
        "cinv_cin_visit_seen": seen,
        "cinv_cin_visit_seen_alone": alone,
    }


IN_CARE = (
    "full order",
    "no status",
    "short breaks",
    "ended them that day",
    "highest id",
    "latest start",
    "later start",
)
NOT_IN_CARE = ("left on the month end", "18 on the month end", "not in care", "in care from the next day")

CASES = {
    "cin_plan_without_start_date": (
        {"no start"},
        {"ssd_cin_plans": [plan("started"), plan("no start", None)]},
    ),
    "cin_plan_without_team": (
        {"no team", "begun on the month end"},
        {
            "ssd_cin_plans": [
                plan("with team", cinp_cin_plan_team="t1"),
                plan("no team"),
                plan("begun on the month end", "2019-08-31"),
                plan("ended on the month end", end="2019-08-31"),
                plan("begun after it", "2019-09-01"),
            ]
        },
    ),
    "cin_plan_starts_and_ends_on_one_day": (
        {"one day"},
        {
            "ssd_cin_plans": [
                plan("one day", "2019-05-10", "2019-05-10"),
                plan("two days", "2019-05-10", "2019-05-11"),
                plan("open"),
            ]
        },
    ),
    "cin_plan_before_referral": (
        {"day before"},
        {
            "ssd_cin_episodes": [referral("r", "2019-05-01")],
            "ssd_cin_plans": [
                plan("same day", "2019-05-01", cinp_referral_id="r"),
                plan("day before", "2019-04-30", cinp_referral_id="r"),
                plan("no referral", "2019-04-30"),
            ],
        },
    ),
    "cin_plan_of_another_childs_referral": (
        {"brother's"},
        {
            "ssd_cin_episodes": [referral("r")],
            "ssd_cin_plans": [
                plan("own", cinp_referral_id="r"),
                plan("brother's", child="ben", cinp_referral_id="r"),
                plan("no referral", child="ben"),
            ],
        },
    ),
    "cin_plan_of_a_referral_not_taken_further": (
        {"not taken further"},
        {
            "ssd_cin_episodes": [
                referral("yes", cine_referral_nfa="Y"),
                referral("no", cine_referral_nfa="N"),
                referral("unknown"),
            ],
            "ssd_cin_plans": [
                plan("not taken further", cinp_referral_id="yes"),
                plan("taken further", cinp_referral_id="no"),
                plan("not known", cinp_referral_id="unknown"),
            ],
        },
    ),
    "cin_plan_still_open_after_a_later_one": (
        {"left open"},
        {
            "ssd_cin_plans": [
                plan("left open", "2019-01-10"),
                plan("latest", "2019-05-01"),
                plan("ended in time", "2019-01-10", "2019-02-01", child="ben"),
                plan("after the ended one", "2019-05-01", child="ben"),
                plan("only one", "2019-01-10", child="cat"),
            ]
        },
    ),
    "cin_plan_alongside_a_cp_plan": (
        {"both open", "begun the day before its end", "ended the day after its start"},
        {
            "ssd_cp_plans": [
                protection_plan("open", "2019-05-01", child="both open"),
                *(
                    protection_plan(child, "2019-05-01", "2019-06-01", child=child)
                    for child in ("a", "b", "c", "d")
                ),
                protection_plan("never begun", None, child="e"),
            ],
            "ssd_cin_plans": [
                plan("both open", "2019-01-01", child="both open"),
                plan("begun on the day of its end", "2019-06-01", child="a"),
                plan("begun the day before its end", "2019-05-31", child="b"),
                plan("ended on the day of its start", "2019-01-01", "2019-05-01", child="c"),
                plan("ended the day after its start", "2019-01-01", "2019-05-02", child="d"),
                plan("beside one never begun", "2019-01-01", child="e"),
                plan("no protection plan", "2019-01-01", child="f"),
                plan("never begun itself", None, child="both open"),
            ],
        },
    ),
    "cin_plan_of_a_child_looked_after": (
        {
            "full order",
            "no status",
            "ended them that day",
            "highest id",
            "later start",
            "in care and plan that day",
        },
        {
            "ssd_person": [
                person(child, pers_dob="2001-08-31" if child == "18 on the month end" else "2001-09-01")
                for child in (*IN_CARE, *NOT_IN_CARE, "plan ended", "plan not begun", "in care and plan that day")
            ],
            "ssd_cla_episodes": [
                *(care(child) for child in (*IN_CARE, "18 on the month end", "plan ended", "plan not begun")),
                care("full order", end="2019-09-01") | {"clae_cla_episode_id": "another one open"},
                care("left on the month end", end="2019-08-31"),
                care("in care from the next day", "2019-09-01"),
                care("in care and plan that day", "2019-08-31", "2019-09-01"),
            ],
            "ssd_legal_status": [
                status("1", "full order", "Care Order Sec. 31(a)"),
                status("2", "short breaks", "V3"),
                # one that makes nobody looked after does not stand before the short breaks
                status("3", "short breaks", "Special guardianship", "2019-07-01"),
                status("4", "ended them that day", "V3", end="2019-08-31"),
                status("9", "highest id", "V4"),
                status("10", "highest id", "V2"),
                status("11", "latest start", "V2"),
                status("12", "latest start", "V4", "2019-08-31", "2019-09-01"),
                status("13", "later start", "V2"),
                status("14", "later start", "V4", "2019-09-01"),
            ],
            "ssd_cin_plans": [
                *(plan(child, child=child) for child in (*IN_CARE, *NOT_IN_CARE)),
                plan("plan ended", end="2019-08-31", child="plan ended"),
                plan("plan not begun", "2019-09-01", child="plan not begun"),
                plan("in care and plan that day", "2019-08-31", child="in care and plan that day"),
            ],
        },
    ),
    "cin_plan_of_an_adult": (
        {"18 on the month end", "begun that day"},
        {
            "ssd_person": [
                person("ann", pers_dob="2001-08-31"),
                person("ben", pers_dob="2001-09-01"),
                person("cat"),
            ],
            "ssd_cin_plans": [
                plan("18 on the month end"),
                plan("begun that day", "2019-08-31"),
                plan("ended in time", end="2019-08-31"),
                plan("18 a day later", child="ben"),
                plan("age not known", child="cat"),
            ],
        },
    ),
    "cin_plan_runs_past_death": (
        {"left open", "ended the day after", "begun after"},
        {
            "ssd_person": [person("ann", pers_death_date="2019-07-01"), person("ben")],
            "ssd_cin_plans": [
                plan("ended that day", end="2019-07-01"),
                plan("begun and ended that day", "2019-07-01", "2019-07-01"),
                plan("ended the day after", end="2019-07-02"),
                plan("left open"),
                plan("begun after", "2019-07-02", "2019-07-03"),
                plan("alive", child="ben"),
            ],
        },
    ),
    "cin_plan_runs_past_case_closure": (
        {"left open", "ended the day after", "begun after"},
        {
            "ssd_cin_episodes": [referral("closed", cine_close_date="2019-07-01"), referral("open")],
            "ssd_cin_plans": [
                plan("ended that day", end="2019-07-01", cinp_referral_id="closed"),
                plan("begun and ended that day", "2019-07-01", "2019-07-01", cinp_referral_id="closed"),
                plan("ended the day after", end="2019-07-02", cinp_referral_id="closed"),
                plan("left open", cinp_referral_id="closed"),
                plan("begun after", "2019-07-02", "2019-07-03", cinp_referral_id="closed"),
                plan("case open", cinp_referral_id="open"),
                plan("no case"),
            ],
        },
    ),
    "cin_visit_alone_but_not_seen": (
        {"alone, not seen"},
        {
            "ssd_cin_visits": [
                visit("seen alone", "Y", "Y"),
                visit("seen with others", "Y", "N"),
                visit("alone, not seen", "N", "Y"),
                visit("not seen", "N", "N"),
                visit("alone, not said whether seen", None, "Y"),
            ]
        },
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_the_wrong_records_and_no_other(rule):
    wrong, objects = CASES[rule]
    assert failing(rule, **objects) == wrong


def test_every_rule_of_the_domain_has_its_cases():
    assert set(CASES) == rules_of("children_in_need")
