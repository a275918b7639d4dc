"""People, their disabilities and who works with them: for each rule the right case, the edge and the wrong one.

The key of a record says what it shows. The drop is that of August 2019 (`rule_cases`).
"""

import pytest
from rule_cases import failing, rules_of


def person(key, **others):
    return {"pers_person_id": key, **others}


def disability(key, code, child="ann"):
    return {"disa_table_id": key, "disa_person_id": child, "disa_disability_code": code}


def immigration_status(key, start, end):
    return {
        "immi_immigration_status_id": key,
        "immi_person_id": "ann",
        "immi_immigration_status_start_date": start,
        "immi_immigration_status_end_date": end,
    }


def allocation(key, team, child="ann", start="2019-05-01", end=None, role="CW"):
    return {
        "invo_involvements_id": key,
        "invo_person_id": child,
        "invo_professional_role_id": role,
        "invo_professional_team": team,
        "invo_involvement_start_date": start,
        "invo_involvement_end_date": end,
    }


def team(key, locality=None):
    return {"dept_team_id": key, "dept_team_parent_name": locality}


def care(key, start, child):
    return {"clae_cla_episode_id": key, "clae_person_id": child, "clae_cla_episode_start_date": start}


CASES = {
    "born_and_still_expected": (
        {"both"},
        {
            "ssd_person": [
                person("born", pers_dob="2019-05-01"),
                person("expected", pers_expected_dob="2019-11-01"),
                person("both", pers_dob="2019-05-01", pers_expected_dob="2019-05-10"),
                person("neither"),
            ]
        },
    ),
    "unborn_child_with_a_sex": (
        {"unborn boy"},
        {
            "ssd_person": [
                person("unborn", pers_expected_dob="2019-11-01", pers_sex="U"),
                person("unborn boy", pers_expected_dob="2019-11-01", pers_sex="M"),
                person("unborn, nothing recorded", pers_expected_dob="2019-11-01"),
                person("born", pers_dob="2019-05-01", pers_expected_dob="2019-05-10", pers_sex="M"),
                person("nothing known", pers_sex="M"),
            ]
        },
    ),
    "birth_expected_at_an_impossible_time": (
        {"31 days ago", "nine months and a day"},
        {
            "ssd_person": [
                person("30 days ago", pers_expected_dob="2019-08-01"),
                person("31 days ago", pers_expected_dob="2019-07-31"),
                person("in nine months", pers_expected_dob="2020-05-31"),
                person("nine months and a day", pers_expected_dob="2020-06-01"),
                person("born since", pers_dob="2019-07-20", pers_expected_dob="2019-07-31"),
            ]
        },
    ),
    "person_without_sex": (
        {"not recorded"},
        {"ssd_person": [person("girl", pers_sex="F"), person("not known", pers_sex="U"), person("not recorded")]},
    ),
    "person_without_ethnicity": (
        {"not recorded"},
        {
            "ssd_person": [
                person("recorded", pers_ethnicity="WBRI"),
                person("not yet obtained", pers_ethnicity="NOBT"),
                person("not recorded"),
            ]
        },
    ),
    "died_before_birth": (
        {"day before"},
        {
            "ssd_person": [
                person("day of birth", pers_dob="2019-05-01", pers_death_date="2019-05-01"),
                person("day before", pers_dob="2019-05-01", pers_death_date="2019-04-30"),
                person("alive", pers_dob="2019-05-01"),
                person("never born", pers_expected_dob="2019-11-01", pers_death_date="2019-08-01"),
            ]
        },
    ),
    "looked_after_before_birth": (
        {"day before"},
        {
            "ssd_person": [person("ann", pers_dob="2019-05-01"), person("ben")],
            "ssd_cla_episodes": [
                care("from birth", "2019-05-01", "ann"),
                care("day before", "2019-04-30", "ann"),
                care("birth not known", "2019-04-30", "ben"),
            ],
        },
    ),
    "no_disability_beside_another": (
        {"none beside one"},
        {
            "ssd_disability": [
                disability("none beside one", "NONE"),
                disability("the other", "LD"),
                disability("none alone", "NONE", child="ben"),
                disability("one of two", "LD", child="cat"),
                disability("two of two", "AUT", child="cat"),
            ]
        },
    ),
    "disability_recorded_twice": (
        {"once", "once more"},
        {
            "ssd_disability": [
                disability("once", "LD"),
                disability("once more", "LD"),
                disability("another", "AUT"),
                disability("another child's", "LD", child="ben"),
                disability("not said", None, child="cat"),
                disability("not said either", None, child="cat"),
            ]
        },
    ),
    "immigration_status_ends_before_it_starts": (
        {"day before"},
        {
            "ssd_immigration_status": [
                immigration_status("same day", "2019-05-01", "2019-05-01"),
                immigration_status("day before", "2019-05-01", "2019-04-30"),
                immigration_status("no end", "2019-05-01", None),
            ]
        },
    ),
    "child_allocated_to_two_teams": (
        {"one team", "other team", "ends the next day", "from that day"},
        {
            "ssd_involvements": [
                allocation("one team", "t1"),
                allocation("other team", "t2"),
                allocation("two workers", "t1", child="ben"),
                allocation("of one team", "t1", child="ben"),
                allocation("ended on the month end", "t1", child="cat", end="2019-08-31"),
                allocation("begun that day", "t2", child="cat", start="2019-08-31"),
                allocation("ends the next day", "t1", child="fay", end="2019-09-01"),
                allocation("from that day", "t2", child="fay", start="2019-08-31"),
                allocation("now", "t1", child="gus"),
                allocation("from the next day", "t2", child="gus", start="2019-09-01"),
                allocation("case worker", "t1", child="dan"),
                allocation("personal adviser", "t2", child="dan", role="16PLUS"),
                allocation("with team", "t1", child="eve"),
                allocation("without team", None, child="eve"),
            ]
        },
    ),
    "case_worker_without_team": (
        {"no team", "from that day", "ends the next day"},
        {
            "ssd_involvements": [
                allocation("with team", "t1"),
                allocation("no team", None),
                allocation("from that day", None, start="2019-08-31"),
                allocation("ends the next day", None, end="2019-09-01"),
                allocation("from the next day", None, start="2019-09-01"),
                allocation("ended on the month end", None, end="2019-08-31"),
                allocation("personal adviser", None, role="16PLUS"),
            ]
        },
    ),
    "team_without_locality": (
        {"no locality", "from that day"},
        {
            "ssd_department": [
                team("with locality", "North"),
                team("no locality"),
                team("no case worker"),
                team("none any more"),
                team("from that day"),
                team("from the next day"),
                team("personal adviser only"),
            ],
            "ssd_involvements": [
                allocation("1", "with locality"),
                allocation("2", "no locality"),
                allocation("3", "no locality", child="ben"),
                allocation("4", "none any more", end="2019-08-31"),
                allocation("5", "from that day", start="2019-08-31", end="2019-09-01"),
                allocation("6", "from the next day", start="2019-09-01"),
                allocation("7", "personal adviser only", role="16PLUS"),
            ],
        },
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_the_wrong_records_and_no_other(rule):
    wrong, objects = CASES[rule]
    assert failing(rule, **objects) == wrong


def test_every_rule_of_the_domain_has_its_cases():
    assert set(CASES) == rules_of("people")
