"""Reviewing officers and foster carers: for each rule the right case, the edge and the wrong one.

The key of a record says what it shows. The drop is that of August 2019 (`rule_cases`).
"""

import pytest
from rule_cases import failing, rules_of


def challenge(key, raised="2019-05-01", resolved=None, outcome=None, officer="iro"):
    return {
        "challenge_id": key,
        "person_id": "ann",
        "raised_date": raised,
        "resolved_date": resolved,
        "outcome": outcome,
        "iro_worker_id": officer,
    }


def contact(key, day, child="ann"):
    return {"contact_id": key, "person_id": child, "contact_date": day}


def post(key, start="2018-01-01", **others):
    return {"post_id": key, "start_date": start, "fte": 1, "role": "iro", "filled_by": "permanent"} | {
        "worker_id": "iro",
        **others,
    }


def key_of(name, start="2018-01-01"):
    return f"{name}|{start}"


def officer_of(key, worker="iro", start="2019-05-01", end=None, role="IRO", child="ann"):
    return {
        "invo_involvements_id": key,
        "invo_person_id": child,
        "invo_professional_id": worker,
        "invo_professional_role_id": role,
        "invo_involvement_start_date": start,
        "invo_involvement_end_date": end,
    }


def worker(key, share):
    return {"prof_professional_id": key, "prof_full_time_equivalency": share}


def foster_review(key, held="2019-05-01", **others):
    return {"review_id": key, "carer_id": "carers", "held_date": held, **others}


CASES = {
    "challenge_resolved_before_raised": (
        {"the day before"},
        {
            "local_iro_challenge": [
                challenge("the day before", resolved="2019-04-30"),
                challenge("the same day", resolved="2019-05-01"),
                challenge("outstanding"),
                challenge("not known when", raised=None, resolved="2019-04-30"),
            ]
        },
    ),
    "challenge_without_raised_date": (
        {"not known when"},
        {"local_iro_challenge": [challenge("known"), challenge("not known when", raised=None)]},
    ),
    "challenge_outcome_and_day_not_both_given": (
        {"day alone", "outcome alone"},
        {
            "local_iro_challenge": [
                challenge("both", resolved="2019-05-02", outcome="withdrawn"),
                challenge("outstanding"),
                challenge("day alone", resolved="2019-05-02"),
                challenge("outcome alone", outcome="withdrawn"),
            ]
        },
    ),
    "challenge_by_no_reviewing_officer": (
        {"left that day", "begins a day later", "social worker", "unknown worker"},
        {
            "local_iro_challenge": [
                challenge("in post"),
                challenge("in post until the day after", officer="leaves on 2 May"),
                challenge("left that day", officer="leaves on 1 May"),
                challenge("begins a day later", officer="begins on 2 May"),
                challenge("manager", officer="manager"),
                challenge("reviews a child without a post", officer="involved"),
                challenge("social worker", officer="social worker"),
                challenge("unknown worker", officer="unheard of"),
                challenge("no worker", officer=None),
                challenge("before the last financial year", raised="2018-03-31", officer="unheard of"),
            ],
            "local_workforce_post": [
                post("1"),
                post("2", worker_id="leaves on 2 May", end_date="2019-05-02"),
                post("3", worker_id="leaves on 1 May", end_date="2019-05-01"),
                post("4", "2019-05-02", worker_id="begins on 2 May"),
                post("5", worker_id="manager", role="iro_manager"),
                post("6", worker_id="social worker", role="social_worker"),
                post("7", worker_id="iro", role="foster_iro"),
            ],
            "ssd_involvements": [
                officer_of("1", "involved"),
                officer_of("2", "social worker", role="CW"),
            ],
        },
    ),
    "iro_contact_without_date": (
        {"without"},
        {"local_iro_contact": [contact("with", "2019-05-01"), contact("without", None)]},
    ),
    "iro_contact_of_a_child_not_under_review": (
        {"on the day care ended", "before the plan", "of nobody's child"},
        {
            "local_iro_contact": [
                contact("in care", "2019-05-31", "in care until 1 June"),
                contact("on the day care ended", "2019-06-01", "in care until 1 June"),
                contact("on the first day of the plan", "2019-06-01", "on a plan from 1 June"),
                contact("before the plan", "2019-05-31", "on a plan from 1 June"),
                contact("of nobody's child", "2018-04-01", "never"),
                contact("before the last financial year", "2018-03-31", "never"),
                contact("no day", None, "never"),
            ],
            "ssd_cla_episodes": [
                {
                    "clae_cla_episode_id": "1",
                    "clae_person_id": "in care until 1 June",
                    "clae_cla_episode_start_date": "2018-01-01",
                    "clae_cla_episode_ceased_date": "2019-06-01",
                }
            ],
            "ssd_cp_plans": [
                {
                    "cppl_cp_plan_id": "1",
                    "cppl_person_id": "on a plan from 1 June",
                    "cppl_cp_plan_start_date": "2019-06-01",
                }
            ],
        },
    ),
    "post_without_fte": (
        {key_of("nothing"), key_of("empty"), key_of("less than nothing")},
        {
            "local_workforce_post": [
                post("half", fte=0.5),
                post("nothing", fte=0),
                post("empty", fte=None),
                post("less than nothing", fte=-1),
                post("ended", fte=0, end_date="2019-08-31"),
                post("later", "2019-09-01", fte=0),
            ]
        },
    ),
    "post_over_full_time": (
        {key_of("hours"), key_of("a little")},
        {
            "local_workforce_post": [
                post("full"),
                post("hours", fte=37),
                post("a little", fte=1.01),
                post("empty", fte=None),
            ]
        },
    ),
    "filled_post_without_worker": (
        {key_of("permanent"), key_of("agency")},
        {
            "local_workforce_post": [
                post("permanent", worker_id=None),
                post("agency", filled_by="agency", worker_id=None),
                post("vacant", filled_by="vacant", worker_id=None),
                post("named"),
            ]
        },
    ),
    "vacant_post_with_worker": (
        {key_of("named")},
        {
            "local_workforce_post": [
                post("named", filled_by="vacant"),
                post("nobody", filled_by="vacant", worker_id=None),
                post("filled"),
            ]
        },
    ),
    "post_filled_twice_at_once": (
        {key_of("overlaps", "2019-05-01"), key_of("never ended", "2019-05-01")},
        {
            "local_workforce_post": [
                post("follows", end_date="2019-05-01"),
                post("follows", "2019-05-01"),
                post("overlaps", end_date="2019-05-02"),
                post("overlaps", "2019-05-01"),
                post("never ended"),
                post("never ended", "2019-05-01"),
                post("another"),
            ]
        },
    ),
    "post_of_an_unknown_team": (
        {key_of("unknown"), key_of("none")},
        {
            "local_workforce_post": [
                post("by id", team_id="7"),
                post("by name", team_id="reviewing  TEAM"),
                post("unknown", team_id="8"),
                post("none"),
                post("ended", team_id="8", end_date="2019-08-31"),
            ],
            "ssd_department": [{"dept_team_id": "7", "dept_team_name": "Reviewing Team"}],
        },
    ),
    "leaving_reason_of_a_post_still_held": (
        {key_of("still there")},
        {
            "local_workforce_post": [
                post("still there", leaving_reason="retirement"),
                post("left", leaving_reason="retirement", end_date="2019-05-01"),
                post("no reason"),
            ]
        },
    ),
    "reviewing_officer_without_fte": (
        {"empty", "nothing"},
        {
            "ssd_professionals": [
                worker("half", 0.5),
                worker("empty", None),
                worker("nothing", 0),
                worker("no officer", None),
                worker("no officer any more", None),
            ],
            "ssd_involvements": [
                officer_of("1", "half"),
                officer_of("2", "empty"),
                officer_of("3", "nothing"),
                officer_of("4", "no officer", role="CW"),
                officer_of("5", "no officer any more", end="2019-08-31"),
            ],
        },
    ),
    "child_with_two_reviewing_officers": (
        {"first of two", "second of two"},
        {
            "ssd_involvements": [
                officer_of("first of two", "a"),
                officer_of("second of two", "b", start="2019-08-31"),
                officer_of("one after the other", "a", child="ben", end="2019-08-31"),
                officer_of("the other", "b", child="ben", start="2019-08-31"),
                officer_of("the same", "a", child="cid"),
                officer_of("the same again", "a", child="cid", start="2019-06-01"),
                officer_of("a case worker, too", "b", child="cid", role="CW"),
                officer_of("no worker", None, child="cid"),
            ]
        },
    ),
    "foster_review_before_approval": (
        {"the day before"},
        {
            "local_foster_review": [
                foster_review("the day before", approved_date="2019-05-02"),
                foster_review("the same day", approved_date="2019-05-01"),
                foster_review("not held", held=None, approved_date="2019-05-02"),
                foster_review("not known when"),
            ]
        },
    ),
    "foster_review_without_due_day": (
        {"the first", "the same day", "no carers"},
        {
            "local_foster_review": [
                foster_review("the first"),
                foster_review("the same day"),
                foster_review("a later one", held="2019-06-01"),
                foster_review("day given", due_date="2019-05-01"),
                foster_review("approved", approved_date="2018-05-01"),
                foster_review("not held", held=None, carer_id="others"),
                foster_review("no carers", held="2019-06-01", carer_id=None),
            ]
        },
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_the_wrong_records_and_no_other(rule):
    wrong, objects = CASES[rule]
    assert failing(rule, **objects) == wrong


def test_every_rule_of_the_domain_has_its_cases():
    assert set(CASES) == rules_of("reviewing_service")
