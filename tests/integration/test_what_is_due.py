"""A small authority in which nothing is done in August: what July projected is what August reports.

889, counted on fingers. What each person is there for stands in the id.
"""

import shutil
from pathlib import Path

import duckdb
import pytest
from release_rows import Tables
from small_authority import LA, case_worker, cp_plan, drop, episode, legal_status, person, write_drop

from pipelines.cli import main

pytestmark = pytest.mark.long

IN_CARE = ("in_time", "due_in_august", "five_in_august", "new")
LEAVERS = {"touched_in_june": "2019-06-30", "touched_on_1_july": "2019-07-01"}


def review(number: int, child: str, held: str) -> dict[str, str]:
    return {
        "clar_cla_review_id": f"r{number}",
        "clar_cla_id": f"care-{child}",
        "clar_cla_review_date": held,
        "clar_cla_review_cancelled": "N",
        "clar_cla_review_participation": "PN1",
    }


def check(number: int, child: str, day: str, kind: str = "Health Assessment") -> dict[str, str]:
    return {
        "clah_health_check_id": f"h{number}",
        "clah_person_id": child,
        "clah_health_check_type": kind,
        "clah_health_check_date": day,
        "clah_health_check_status": "Completed",
    }


def leaver(number: int, name: str, contact: str) -> dict[str, str]:
    return {
        "clea_table_id": f"l{number}",
        "clea_person_id": name,
        "clea_care_leaver_eligibility": "Former Relevant",
        "clea_care_leaver_latest_contact": contact,
        "clea_pathway_plan_review_date": "2019-02-28" if number else "2019-03-01",
        "clea_care_leaver_allocated_team": "t1",
    }


def extract() -> dict[str, list[dict[str, str]]]:
    """What July and August both know: nothing was recorded in between."""
    started = dict.fromkeys(IN_CARE, "2018-01-01") | {"new": "2019-07-15"}
    born = dict.fromkeys(IN_CARE, "2010-01-01") | {"five_in_august": "2014-08-15"}
    # on time: the first within 20 working days, the second within three months, the later within six
    held = {
        "in_time": ("2018-01-20", "2018-04-10", "2018-10-05", "2019-03-01"),
        "due_in_august": ("2018-01-20", "2018-04-10", "2018-09-28", "2019-02-28"),
        "five_in_august": ("2018-01-20", "2018-04-10", "2018-10-05", "2019-04-01"),
    }
    reviews = [(child, day) for child, days in held.items() for day in days]
    return drop("2019-03") | {
        "ssd_person": [
            *(person(child, born[child]) for child in IN_CARE),
            *(person(name, "2000-01-01") for name in LEAVERS),
            person("on_plan"),
        ],
        "ssd_involvements": [case_worker(child, child, "t1", "2018-01-01") for child in (*IN_CARE, "on_plan")],
        "ssd_cin_plans": [],
        "ssd_cp_plans": [cp_plan("p1", "on_plan", "2019-05-20")],
        "ssd_cp_reviews": [],
        "ssd_cla_episodes": [episode(child, child, started[child]) for child in IN_CARE],
        "ssd_legal_status": [legal_status(child, child, "C2", started[child]) for child in IN_CARE],
        "ssd_cla_reviews": [review(number, *one) for number, one in enumerate(reviews)],
        "ssd_cla_health": [
            check(1, "in_time", "2018-08-31"),
            check(2, "due_in_august", "2018-08-30"),
            check(3, "five_in_august", "2019-02-20"),
            check(4, "in_time", "2018-08-01", "Dental Check"),
        ],
        "ssd_care_leavers": [leaver(number, *one) for number, one in enumerate(LEAVERS.items())],
        # a plan that intends no permanence
        "ssd_cla_care_plan": [
            {
                "lacp_table_id": "p1",
                "lacp_person_id": "in_time",
                "lacp_cla_care_plan_start_date": "2018-02-01",
            }
        ],
        "local_permanence_tracker": [
            {
                "person_id": "in_time",
                "plan": "discharge_parent",
                "identified_date": "2019-05-01",
                "filing_due_date": "2019-08-15",
            }
        ],
    }


@pytest.fixture(scope="module")
def releases(built_project, tmp_path_factory) -> list[Path]:
    """The releases of July and of August."""
    data = tmp_path_factory.mktemp("nothing_done") / "data"
    shutil.copytree(built_project, data)
    for month in ("2019-07", "2019-08"):
        write_drop(data, month, extract())
    assert main(["run", "--data", str(data), "--from", "2019-07", "--to", "2019-08"]) == 0
    return sorted((data / "marts" / "releases").iterdir())


def rows(release: Path, query: str) -> list[tuple]:
    return duckdb.sql(query.format(restricted=Tables(release / "restricted"))).fetchall()


def test_the_projection_of_august_is_the_one_counted_by_hand(releases):
    found = rows(
        releases[0],
        f"""
        select
            indicator_id, numerator, denominator, projected_numerator, projected_denominator, items_falling_due
        from {{restricted[mart_projection]}}
        where area_type = 'authority' and la_code = '{LA}' and projected_month = date '2019-08-31'
        order by indicator_id
        """,
    )
    assert found == [
        # a contact on 30 June counts up to 30 August, one on 1 July up to 1 September
        ("care_leavers_in_touch", 2, 2, 1, 2, 1),
        # a review of 28 February counts up to 28 August, one of 1 March up to 1 September
        ("care_leavers_pathway_plan_up_to_date", 2, 2, 1, 2, 1),
        # due on 28 August; the first review of who came on 15 July is due on 12 August
        ("cla_children_reviewed_on_time", 3, 3, 2, 4, 2),
        ("cla_dental_check_up_to_date", 1, 3, 0, 3, 1),
        # 30 August 2018 and a year; the child who turns five has until February 2020
        ("cla_health_assessment_up_to_date", 3, 3, 2, 3, 1),
        ("cla_reviews_overdue", 0, None, 2, None, 2),
        # who came in January 2018 waits since May
        ("cla_without_permanence_plan", 3, None, 3, None, 0),
        # a plan of 20 May is first reviewed by 20 August
        ("cp_children_reviewed_on_time", 0, 0, 0, 1, 1),
        # filing is planned for 15 August
        ("discharge_filing_overdue", 0, None, 1, None, 1),
    ]


def test_where_nothing_is_done_the_next_month_reports_what_was_projected(releases):
    key = "indicator_id, area_type, area_name"
    projected = rows(
        releases[0],
        f"select {key}, projected_numerator, projected_denominator from {{restricted[mart_projection]}} "
        "order by all",
    )
    reported = rows(
        releases[1],
        f"""
        select {key}, numerator, denominator
        from {{restricted[fct_indicator_value]}}
        where basis = 'as_reported' and month = date '2019-08-31' and indicator_id in (
            select indicator_id from {Tables(releases[0] / "restricted")["mart_projection"]}
        )
        order by all
        """,
    )
    assert len(projected) > 7
    assert projected == reported


def test_what_failed_in_august_was_on_the_list_of_july(releases):
    listed = rows(
        releases[0],
        """
        select item, due_date::varchar, team_name, would_fail_month::varchar, is_failing_now
        from {restricted[mart_due_list]}
        where would_fail_month <= date '2019-08-31'
        order by item, due_date nulls first
        """,
    )
    assert listed == [
        ("cla_review", "2019-08-12", "Burnley", "2019-08-31", False),
        ("cla_review", "2019-08-28", "Burnley", "2019-08-31", False),
        ("cp_review", "2019-08-20", "Burnley", "2019-08-31", False),
        ("dental_check", None, "Burnley", "2019-07-31", True),
        ("dental_check", None, "Burnley", "2019-07-31", True),
        ("dental_check", "2019-08-01", "Burnley", "2019-08-31", False),
        ("health_assessment", "2019-08-30", "Burnley", "2019-08-31", False),
        ("pathway_plan", "2019-08-28", "Burnley", "2019-08-31", False),
        *[("permanence_plan", "2018-05-01", "Burnley", "2019-07-31", True)] * 3,
        ("tracker_filing", "2019-08-15", "Burnley", "2019-08-31", False),
    ]
