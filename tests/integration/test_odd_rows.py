"""Rows that are loaded although something is wrong with them: what is flagged, and where each one is counted.

In the same month one authority sends clean rows, and another the same ones among hostile values.
"""

import shutil
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest
from hostile_authority import CLEAN_LIVES, clean_drop, hostile_drop, write_parquet_drop
from report_tables import Page
from small_authority import LA, TEAMS, case_worker, episode, legal_status, person, write_drop

from pipelines.cli import main
from pipelines.release_layout import parquet_of, sql_of

MONTH = "2019-08"
CLEAN, HOSTILE = "890", "891"


def care_leaver(row_id: str, person_id: str, **other: str) -> dict[str, str]:
    return {
        "clea_table_id": row_id,
        "clea_person_id": person_id,
        "clea_care_leaver_eligibility": "Former Relevant",
        "clea_care_leaver_in_touch": "YES",
        "clea_care_leaver_latest_contact": "2019-08-20",
        "clea_care_leaver_accommodation": "U1",
        "clea_care_leaver_accom_suitable": "1",
        "clea_care_leaver_activity": "F2",
        "clea_pathway_plan_review_date": "2019-06-01",
        "clea_care_leaver_allocated_team": "t1",
        **other,
    }


def review(review_id: str, period: str, held: str, participation: str = "PN1") -> dict[str, str]:
    return {
        "clar_cla_review_id": review_id,
        "clar_cla_id": period,
        "clar_cla_review_date": held,
        "clar_cla_review_cancelled": "N",
        "clar_cla_review_participation": participation,
    }


DROP = {
    "ssd_person": [
        *(person(name) for name in ("in_care", "no_period", "odd_legal_status", "odd_codes_in_care")),
        person("no_birth_date", born=""),
        *(person(name, born="2000-01-01") for name in ("leaver", "leaver_twice", "leaver_odd_codes")),
    ],
    "ssd_department": [
        {"dept_team_id": team, "dept_team_name": name, "dept_team_parent_name": parent}
        for team, (name, parent) in TEAMS.items()
    ],
    "ssd_involvements": [
        case_worker(str(n), name, "t1", "2018-01-01")
        for n, name in enumerate(
            ("in_care", "no_period", "odd_legal_status", "odd_codes_in_care", "no_birth_date")
        )
    ],
    "ssd_cla_episodes": [
        episode("e1", "in_care", "2019-08-01"),
        episode("e2", "no_period", "2019-08-01") | {"clae_cla_id": ""},
        episode("e3", "odd_legal_status", "2019-08-01"),
        episode("e4", "odd_codes_in_care", "2019-08-01"),
        episode("e5", "no_birth_date", "2019-08-01"),
    ],
    "ssd_legal_status": [
        legal_status("l1", "in_care", "C2", "2019-08-01"),
        legal_status("l3", "odd_legal_status", "an order that nobody knows", "2019-08-01"),
    ],
    "ssd_cla_reviews": [
        review("r1", "care-e1", "2019-08-20"),
        review("r2", "care-nobody-knows", "2019-08-20"),
        review("r4", "care-e4", "2019-08-20", participation="PN9"),
    ],
    "ssd_care_leavers": [
        care_leaver("1", "leaver"),
        care_leaver("9", "leaver_twice", clea_care_leaver_activity="G5"),
        care_leaver("10", "leaver_twice", clea_care_leaver_activity="F1"),
        care_leaver(
            "11", "leaver_odd_codes", clea_care_leaver_activity="Q7", clea_care_leaver_accommodation="?",
            clea_care_leaver_accom_suitable="3", clea_care_leaver_in_touch="MAYBE",
        ),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def data(built_project, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("odd_rows") / "data"
    shutil.copytree(built_project, folder)
    write_drop(folder, MONTH, DROP)
    write_drop(folder, MONTH, clean_drop(), la=CLEAN)
    write_parquet_drop(folder, HOSTILE, MONTH, hostile_drop())
    # the gates refuse so many faults in one drop, and what lies behind them is to be seen as well
    waivers = ["--waive", "all", "--reason", "a test of what hostile values do"]
    assert main(["run", "--data", str(folder), "--month", MONTH, *waivers]) == 0
    return folder


@pytest.fixture(scope="module")
def restricted(data) -> Path:
    return data / "marts" / "latest" / "restricted"


@pytest.fixture(scope="module")
def figures(restricted) -> dict[str, tuple[int | None, int | None]]:
    return {
        indicator: (numerator, denominator)
        for indicator, numerator, denominator in duckdb.execute(
            """
            select indicator_id, numerator, denominator
            from read_parquet(?, hive_partitioning = false)
            where area_type = 'authority' and basis = 'as_reported' and la_code = ?
            """,
            [parquet_of(restricted, "fct_indicator_value"), LA],
        ).fetchall()
    }


@pytest.fixture(scope="module")
def flags(restricted) -> set[tuple[str, str, str | None]]:
    found = duckdb.execute(
        f"select object, rule, column_name, record_key from {sql_of(restricted, 'dq_issue')} where la_code = ?",
        [LA],
    ).fetchall()
    return {(f"{object_}.{column}", rule, key) for object_, rule, column, key in found}


def test_no_row_is_rejected(restricted):
    rejected = duckdb.execute(
        "select count(*) from read_parquet(?, hive_partitioning = false) where la_code in (?, ?)",
        [parquet_of(restricted, "rejected_rows"), LA, CLEAN],
    ).fetchone()
    assert rejected == (0,)


def test_a_person_without_a_date_of_birth_is_in_no_indicator_that_asks_for_an_age_and_flagged(figures, flags):
    assert figures["children_looked_after"] == (4, None)
    assert ("ssd_person.pers_dob", "value_missing") in {flag[:2] for flag in flags}


def test_that_person_still_counts_where_no_age_is_asked(figures):
    # all five came into care in the month, but one of them under no period of care
    assert figures["cla_started"] == (4, None)


def test_an_episode_without_a_period_counts_its_child_as_looked_after_and_is_flagged(figures, flags):
    assert figures["children_looked_after"] == (4, None)
    assert ("ssd_cla_episodes.clae_cla_id", "value_missing", "e2") in flags


def test_an_unknown_legal_status_counts_the_child_as_looked_after_and_is_flagged(figures, flags):
    assert figures["children_looked_after"] == (4, None)
    assert ("ssd_legal_status.lega_legal_status", "code_outside_code_set", "l3") in flags


def test_a_review_of_an_unknown_period_is_kept_with_the_reason_and_flagged(restricted, figures, flags):
    assert figures["cla_reviews_on_time"] == (2, 2)
    assert ("ssd_cla_reviews.clar_cla_id", "orphaned_link", "r2") in flags
    kept = duckdb.execute(
        f"select is_counted, not_counted_reason from {sql_of(restricted, 'fct_review')} where review_id = 'r2'"
    ).fetchall()
    assert kept == [(False, "Period of care not known")]


def test_an_unknown_participation_code_counts_as_taking_part_and_is_flagged(figures, flags):
    assert figures["cla_review_participation"] == (2, 2)
    assert ("ssd_cla_reviews.clar_cla_review_participation", "code_outside_code_set", "r4") in flags


def test_of_two_rows_of_a_care_leaver_the_highest_id_counts_and_both_are_flagged(figures, flags):
    assert figures["care_leavers"] == (3, None)
    assert figures["care_leavers_eet"] == (2, 3)
    twice = {key for column, rule, key in flags if rule == "several_rows_of_person"}
    assert twice == {"9", "10"}


def test_unknown_codes_of_a_care_leaver_stay_in_the_denominators_and_are_flagged(figures, flags):
    assert figures["care_leavers_in_touch"] == (3, 3)
    assert figures["care_leavers_suitable_accommodation"] == (2, 3)
    outside = {column for column, rule, key in flags if rule == "code_outside_code_set" and key == "11"}
    assert outside == {
        "ssd_care_leavers.clea_care_leaver_activity",
        "ssd_care_leavers.clea_care_leaver_accommodation",
        "ssd_care_leavers.clea_care_leaver_accom_suitable",
        "ssd_care_leavers.clea_care_leaver_in_touch",
    }


def test_an_indicator_whose_list_was_not_delivered_is_not_available_rather_than_nought(figures):
    assert figures["contacts"] == (None, None)
    assert figures["cla_dental_check_up_to_date"] == (None, None)


def test_hostile_values_do_not_change_what_is_computed_from_clean_rows(data, restricted):
    def child_rows(la_code: str) -> list[tuple]:
        return duckdb.execute(
            """
            select
                lookup.person_id,
                rows.* exclude (la_code, child_id, unit_id, event_id),
                replace(event_id, child_id, '') as event_id,
                replace(unit_id, child_id, '') as unit_id
            from read_parquet(?, hive_partitioning = false) as rows
            inner join read_parquet(?, hive_partitioning = false) as lookup using (la_code, child_id)
            where la_code = ? and try_cast(lookup.person_id as integer) < ?
            order by all
            """,
            [
                parquet_of(restricted, "fct_indicator_child"),
                str(data / "warehouse" / "private" / "person_lookup.parquet"),
                la_code,
                CLEAN_LIVES,
            ],
        ).fetchall()

    clean = child_rows(CLEAN)
    assert len(clean) > 1000
    assert child_rows(HOSTILE) == clean


def test_no_row_rule_crashes_over_a_hostile_value(restricted):
    outcomes = duckdb.execute(
        "select distinct outcome from read_parquet(?, hive_partitioning = false) where la_code = ?",
        [parquet_of(restricted, "fct_rule_run"), HOSTILE],
    ).fetchall()
    assert outcomes == [("ran",)]


def test_every_page_is_written_shows_no_hidden_character_and_leads_to_pages_that_there_are(data, restricted):
    release = restricted.parent
    pages = [*release.glob(f"report/{HOSTILE}/*.html"), *restricted.rglob("*.html")]
    for path in pages:
        page = Page(path)
        assert page.hidden_characters == set(), path
        assert "script" not in page.tags, path
        links = [unquote(link.partition("#")[0]) for link in page.links]
        assert [link for link in links if not (path.parent / link).exists()] == [], path
    teams = [path.name.casefold() for path in restricted.glob(f"report/{HOSTILE}/teams/*.html")]
    named = duckdb.execute(
        """
        select count(distinct area_name)
        from read_parquet(?, hive_partitioning = false)
        where la_code = ? and area_type = 'team' and month = extract_month
        """,
        [parquet_of(restricted, "mart_indicator_monthly"), HOSTILE],
    ).fetchone()
    assert len(set(teams)) == len(teams) >= named[0] > 10


def test_every_published_date_and_number_is_one_that_readers_know(data):
    unknown = []
    for path in (data / "marts" / "latest").rglob("*.parquet"):
        for column, dtype, *_ in duckdb.execute(
            "describe select * from read_parquet(?, hive_partitioning = false)", [str(path)]
        ).fetchall():
            if dtype == "DATE":
                known = f"\"{column}\" between date '0001-01-01' and date '9999-12-31'"
            elif dtype in ("DOUBLE", "FLOAT"):
                known = f'isfinite("{column}")'
            else:
                continue
            rows = duckdb.execute(
                f"select count(*) from read_parquet(?, hive_partitioning = false) where not ({known})", [str(path)]
            )
            if rows.fetchone() != (0,):
                unknown.append(f"{path.stem}.{column}")
    assert unknown == []
