"""Every figure of a made-up, untidy authority against a second reading of the definitions.

The second reading itself is held against cases counted by hand.
"""

import datetime as dt
import json
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from relations_of_children import (
    BY_CHANCE,
    PLACE,
    changes_said_by_register,
    changes_shown_by_rows,
    said_by_register,
    shown_by_rows,
    that_do_not_follow,
)
from release_rows import frame
from second_reading import AUTHORITY, SecondReading
from second_reading_extract import Row, Tables
from small_authority import write_drop
from untidy_authority import POSTCODES, UntidyAuthority, as_exported, write_reference_files

from pipelines.cli import main
from pipelines.contracts import contracts
from pipelines.release_layout import parquet_of
from pipelines.seeds import seed_rows
from pipelines.settings import DataFolder

LA = "888"
CHILDREN = 650
ONE_DAY = dt.timedelta(days=1)
COMMON = ("sex", "age_band", "ethnicity_group", "has_disability")
UNITS = {row["indicator_id"]: row["unit"] for row in seed_rows("indicator_register")}


def population(month_end: dt.date) -> int:
    return 247_856 if month_end < dt.date(2019, 7, 1) else 249_727


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((1, dt.date(2019, 5, 31)), id="May", marks=pytest.mark.long),
        pytest.param((2, dt.date(2019, 8, 31)), id="August"),
    ],
)
def authority(request: pytest.FixtureRequest) -> UntidyAuthority:
    seed, extract = request.param
    return UntidyAuthority(random.Random(seed), extract, CHILDREN)


@pytest.fixture(scope="module")
def expected(authority: UntidyAuthority) -> Counter:
    """Numerators and denominators by indicator, area, part and month: the second reading's."""
    reading = SecondReading(authority.tables(), POSTCODES)
    return +Counter(
        {
            (*key, month_end): figure
            for month_end in authority.month_ends
            for key, figure in reading.figures(month_end, population(month_end)).items()
        }
    )


@pytest.fixture(scope="module")
def restricted(authority: UntidyAuthority, built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the pipeline publishes in `restricted/`."""
    data: Path = tmp_path_factory.mktemp("untidy") / "data"
    shutil.copytree(built_project, data)
    month = f"{authority.month_ends[0]:%Y-%m}"
    rng = random.Random(month)
    tables = {name: as_exported(rng, name, rows) for name, rows in authority.tables().items()}
    write_drop(data, month, tables, la=LA)
    write_reference_files(data)
    assert main(["run", "--data", str(data), "--month", month, "--waive", "all", "--reason", "made up"]) == 0
    return data / "marts" / "latest" / "restricted"


@pytest.fixture(scope="module")
def found(restricted: Path) -> Counter:
    """The same of the pipeline."""
    figures: Counter = Counter()
    for indicator, area, month_end, numerator, denominator in duckdb.execute(
        """
        select
            indicator_id,
            case when area_type = 'authority' then ? else area_name end as area,
            month,
            numerator,
            coalesce(denominator, numerator)
        from read_parquet(?, hive_partitioning = false)
        where area_type in ('authority', 'team')
        """,
        [AUTHORITY, parquet_of(restricted, "fct_indicator_value")],
    ).fetchall():
        figures[indicator, area, "numerator", month_end] = numerator
        figures[indicator, area, "denominator", month_end] = denominator
    return +figures


def test_every_figure_of_every_team_and_month_is_that_of_the_second_reading(expected, found):
    # one cell of each indicator that differs: (area, which of the two, month, second reading, pipeline)
    differing = {
        indicator: (*cell, expected[indicator, *cell], found[indicator, *cell])
        for indicator, *cell in sorted({*expected, *found})
        if expected[indicator, *cell] != found[indicator, *cell]
    }
    assert differing == {}


def test_every_breakdown_of_the_month_is_that_of_the_second_reading(authority, restricted):
    (month_end, *_) = authority.month_ends
    read = SecondReading(authority.tables(), POSTCODES).breakdowns(month_end)
    published = Counter(
        {
            tuple(key): numerator
            for *key, numerator in duckdb.execute(
                """
                select
                    indicator_id,
                    case when area_type = 'authority' then ? else area_name end as area,
                    dimension,
                    code,
                    numerator
                from read_parquet(?, hive_partitioning = false)
                where area_type in ('authority', 'team')
                """,
                [AUTHORITY, parquet_of(restricted, "fct_indicator_breakdown")],
            ).fetchall()
        }
    )
    assert published.keys() ^ read.keys() == set()
    assert {key: (read[key], published[key]) for key in read if read[key] != published[key]} == {}


def test_the_build_adds_up_every_breakdown_of_every_indicator(restricted):
    with duckdb.connect(str(DataFolder(restricted.parents[2]).database)) as connection:
        kept = connection.execute("select statements from pipeline.built_project").fetchone()
        (at_fault,) = (
            node["sql"]
            for node in json.loads(kept[0])["nodes"]
            if node["name"] == "assert_breakdowns_add_up_to_values"
        )
        assert connection.execute(at_fault).fetchone() == (0,)
        broken_down = connection.execute(
            """
            select indicator_id, dimension, count(distinct (area_type, area_name))
            from indicators.fct_indicator_breakdown
            where numerator <> 0 or denominator <> 0
            group by all
            """
        ).fetchall()
        connection.execute("begin")
        connection.execute("delete from indicators.fct_indicator_breakdown")
        assert connection.execute(at_fault).fetchone() == (sum(areas for *_, areas in broken_down),)
        connection.execute("rollback")
        with_figure = {
            indicator
            for (indicator,) in connection.execute(
                """
                select indicator_id
                from indicators.fct_indicator_value
                where
                    month = extract_month and area_type = 'authority' and unit not in ('rate_per_10000', 'per_fte')
                    and (numerator <> 0 or denominator <> 0)
                """
            ).fetchall()
        }
    # in a month with few people one or two figures are 0
    assert len(with_figure) > 0.9 * len(UNITS)
    assert {(indicator, dimension) for indicator, dimension, _ in broken_down} == {
        (row["indicator_id"], dimension)
        for row in seed_rows("indicator_register")
        for dimension in (*row["dimensions"].split(), *(COMMON if row["is_of_children"] == "true" else ()))
        if row["indicator_id"] in with_figure
    }


def test_the_second_reading_knows_every_indicator_of_the_register(expected):
    assert {indicator for indicator, *_ in expected} == set(UNITS)


def test_the_ages_of_care_leavers_add_up_to_all_care_leavers(found):
    ages = ("16_17", "18", "19_21", "22_25")
    totals = {key[1:]: figure for key, figure in found.items() if key[0] == "care_leavers"}
    assert totals
    for (area, part, month_end), total in totals.items():
        if part == "numerator":
            by_age = [found[f"care_leavers_eet_{age}", area, "denominator", month_end] for age in ages]
            assert sum(by_age) == total, (area, month_end)


def test_the_untidy_authority_meets_every_indicator_both_ways(expected):
    totals: Counter = Counter()
    for (indicator, area, part, _), count in expected.items():
        if area == AUTHORITY:
            totals[indicator, part] += count
    for indicator in {indicator for indicator, _ in totals}:
        assert totals[indicator, "numerator"] > 0, indicator
        if UNITS[indicator] == "percentage":
            assert totals[indicator, "numerator"] < totals[indicator, "denominator"], indicator


def test_the_register_has_every_relation_between_counts_of_untidy_rows(restricted):
    children = frame(restricted, "fct_indicator_child")
    assert said_by_register().lacks(shown_by_rows(children)) == []
    assert that_do_not_follow(changes_shown_by_rows(children), changes_said_by_register()) == []


def test_untidy_rows_break_what_the_rows_of_the_sample_show_by_chance(restricted):
    shown = shown_by_rows(frame(restricted, "fct_indicator_child"))
    for first, verb, second in BY_CHANCE:
        pairs = shown.lies_in if verb == "lies in" else shown.disjoint
        assert not pairs[PLACE[first], PLACE[second]], (first, verb, second)


MARCH = dt.date(2019, 3, 31)


def a_row(table: str, **columns: Any) -> Row:
    """A row about the one child, with every column of its contract; dates are given as text."""
    row: Row = {column.name: None for column in contracts()[table].columns}
    for name in row:
        if name.endswith("person_id"):
            row[name] = "child"
    for column in contracts()[table].columns:
        if column.type == "date" and column.name in columns:
            columns[column.name] = dt.date.fromisoformat(columns[column.name])
    return row | columns


def of_one_child(*rows: tuple[str, Row], born: str = "2010-01-15") -> SecondReading:
    tables: Tables = {"ssd_department": [], "ssd_person": [a_row("ssd_person", pers_dob=born)]}
    for table, row in rows:
        tables.setdefault(table, []).append(row)
    return SecondReading(tables)


def in_care(entered: str) -> tuple[str, Row]:
    return "ssd_cla_episodes", a_row(
        "ssd_cla_episodes", clae_cla_episode_id="1", clae_cla_id="care", clae_cla_episode_start_date=entered
    )


def review(held: str, number: str = "1", **columns: Any) -> tuple[str, Row]:
    return "ssd_cla_reviews", a_row(
        "ssd_cla_reviews", clar_cla_review_id=number, clar_cla_id="care", clar_cla_review_date=held, **columns
    )


def legal_status(status: str, start: str, end: str) -> tuple[str, Row]:
    return "ssd_legal_status", a_row(
        "ssd_legal_status",
        lega_legal_status_id="1",
        lega_legal_status=status,
        lega_legal_status_start_date=start,
        lega_legal_status_end_date=end,
    )


def placement(kind: str, start: str, **columns: Any) -> tuple[str, Row]:
    return "ssd_cla_placement", a_row(
        "ssd_cla_placement",
        clap_cla_placement_type=kind,
        clap_cla_placement_start_date=start,
        **{"clap_cla_placement_id": "1"} | columns,
    )


def check(kind: str, day: str, status: str = "Completed") -> tuple[str, Row]:
    return "ssd_cla_health", a_row(
        "ssd_cla_health", clah_health_check_type=kind, clah_health_check_date=day, clah_health_check_status=status
    )


def figures(reading: SecondReading, indicator: str, month_end: dt.date = MARCH) -> tuple[int, int]:
    found = reading.figures(month_end, population(month_end))
    return found[indicator, AUTHORITY, "numerator"], found[indicator, AUTHORITY, "denominator"]


@pytest.mark.parametrize(
    ("entered", "held", "on_time", "reviewed"),
    [
        # the twentieth working day after Monday 4 March 2019 is 1 April: not yet in the cohort
        ("2019-03-04", [], (0, 0), (0, 0)),
        ("2019-03-01", [], (0, 0), (0, 1)),
        ("2019-03-01", ["2019-03-29"], (1, 1), (1, 1)),
        ("2019-03-01", ["2019-03-30"], (0, 1), (0, 1)),
        # three months after the first, then six; 31 August and six months is 28 February
        ("2018-08-31", ["2018-09-28", "2018-12-28"], (2, 2), (1, 1)),
        ("2018-08-31", ["2018-09-28", "2018-12-29"], (1, 2), (0, 1)),
        ("2017-05-01", ["2017-05-30", "2017-08-30", "2018-02-28", "2018-08-28", "2019-02-28"], (2, 2), (1, 1)),
        ("2017-05-01", ["2017-05-30", "2017-08-30", "2018-02-28", "2018-08-31", "2019-02-28"], (1, 2), (0, 1)),
        # what was late before April is forgiven; what fell due on the day before the month end is overdue
        ("2017-01-02", ["2017-03-31", "2017-06-30", "2017-12-31", "2018-06-30", "2018-10-01"], (2, 2), (1, 1)),
        ("2017-01-02", ["2017-01-30", "2017-04-28", "2017-10-28", "2018-04-28", "2018-09-30"], (2, 2), (0, 1)),
        # one from before the child came does not begin the chain
        ("2019-03-01", ["2019-02-28", "2019-03-29"], (1, 1), (1, 1)),
    ],
)
def test_reviews_fall_due_as_counted_by_hand(entered, held, on_time, reviewed):
    reading = of_one_child(in_care(entered), *(review(day, str(number)) for number, day in enumerate(held)))
    assert figures(reading, "cla_reviews_on_time") == on_time
    assert figures(reading, "cla_children_reviewed_on_time") == reviewed


def test_cancelled_reviews_and_those_on_a_short_break_are_not_there():
    reading = of_one_child(
        in_care("2019-03-01"),
        review("2019-03-20", "1", clar_cla_review_cancelled="Y", clar_cla_review_participation="PN7"),
        review("2019-03-12", "2", clar_cla_review_participation="PN7"),
        review("2019-03-25", "9", clar_cla_review_participation="PN7"),
        review("2019-03-25", "10", clar_cla_review_participation="PN0"),
        legal_status("V4", "2019-03-10", "2019-03-15"),
    )
    assert figures(reading, "cla_reviews_on_time") == (1, 1)
    assert figures(reading, "cla_review_participation") == (1, 1)


@pytest.mark.parametrize(
    ("born", "day", "up_to_date"),
    [
        ("2014-03-31", "2018-03-31", (1, 1)),
        ("2014-03-31", "2018-03-30", (0, 1)),
        ("2014-04-01", "2018-10-01", (1, 1)),
        ("2014-04-01", "2018-09-30", (0, 1)),
        ("2014-04-01", "2019-04-01", (0, 1)),
    ],
)
def test_a_health_assessment_lasts_six_months_before_the_fifth_birthday(born, day, up_to_date):
    reading = of_one_child(in_care("2018-03-31"), check("Health Assessment", day), born=born)
    assert figures(reading, "cla_health_assessment_up_to_date") == up_to_date


def test_a_short_break_in_the_twelve_months_takes_the_child_out_of_the_health_measures():
    seen = check("Dental Check", "2019-03-01")
    assert figures(of_one_child(in_care("2018-03-31"), seen), "cla_dental_check_up_to_date") == (1, 1)
    assert figures(of_one_child(in_care("2018-04-01"), seen), "cla_dental_check_up_to_date") == (0, 0)
    for end, expected in (("2018-04-01", (1, 1)), ("2018-04-02", (0, 0))):
        reading = of_one_child(in_care("2016-01-01"), seen, legal_status("V3", "2017-01-01", end))
        assert figures(reading, "cla_dental_check_up_to_date") == expected


def test_three_placements_with_a_day_in_the_year_are_three():
    def moved(first_end: str, kind: str = "U6") -> tuple[int, int]:
        reading = of_one_child(
            in_care("2016-01-01"),
            placement("U6", "2016-01-01", clap_cla_placement_end_date=first_end),
            placement(kind, "2018-06-01", clap_cla_placement_end_date="2018-06-05"),
            placement("K2", "2018-06-05", clap_cla_placement_end_date="2018-06-05"),
            placement("U4", "2018-06-05"),
        )
        return figures(reading, "cla_three_or_more_placements")

    assert moved("2018-04-02") == (1, 1)
    assert moved("2018-04-01") == (0, 1)
    assert moved("2018-04-02", "T3") == (0, 1)


@pytest.mark.parametrize(
    ("kind", "start", "stable"),
    [
        ("A5", "2018-06-02", (1, 1)),
        ("U4", "2018-06-01", (0, 1)),
        ("A3", "2018-06-03", (0, 1)),
        ("A6", "2018-06-01", (1, 1)),
    ],
)
def test_an_adoptive_placement_continues_the_one_before_it(kind, start, stable):
    reading = of_one_child(
        in_care("2016-09-30"),
        placement("U4", "2017-03-31", clap_cla_placement_end_date="2018-06-01"),
        placement(kind, start),
    )
    assert figures(reading, "cla_long_term_stability") == stable


@pytest.mark.parametrize(
    ("first", "away", "counting"),
    [
        # the placement that lasts, or the last that ended since the child entered care on 30 September 2016
        (("U6", "2018-01-01", None), ("T1", "2019-03-30", None), "foster"),
        (("U6", "2016-09-30", "2019-03-30"), ("T4", "2019-03-30", None), "foster"),
        (("U6", "2016-09-29", "2019-03-30"), ("T4", "2019-03-30", None), None),
        (("U6", "2018-01-01", "2019-04-01"), ("K2", "2019-03-31", None), "residential"),
        (("U6", "2018-01-01", "2019-03-31"), ("T4", "2019-03-01", "2019-03-31"), None),
    ],
)
def test_a_temporary_placement_gives_way_to_the_one_that_it_interrupts(first, away, counting):
    reading = of_one_child(
        in_care("2016-09-30"),
        *(
            placement(
                kind, start, clap_cla_placement_id=number, **({"clap_cla_placement_end_date": end} if end else {})
            )
            for number, (kind, start, end) in (("1", first), ("2", away))
        ),
    )
    assert figures(reading, "cla_in_foster_care") == (int(counting == "foster"), 1)
    assert figures(reading, "cla_in_residential_care") == (int(counting == "residential"), 1)


@pytest.mark.parametrize(
    ("ceased", "reason", "came_back", "returned"),
    [
        ("2018-04-01", "E4A", "2018-04-02", (1, 1)),
        ("2018-04-01", "E4A", "2018-04-01", (0, 1)),
        ("2018-03-31", "E4A", "2018-05-01", (0, 0)),
        ("2018-04-01", "X1", "2018-04-02", (0, 0)),
        ("2019-03-31", "E11", "2019-04-01", (0, 1)),
    ],
)
def test_a_child_comes_back_on_a_later_day_up_to_the_month_end(ceased, reason, came_back, returned):
    def episode(number: str, start: str, **columns: Any) -> tuple[str, Row]:
        named = {"clae_cla_episode_id": number, "clae_cla_id": number, "clae_cla_episode_start_date": start}
        return "ssd_cla_episodes", a_row("ssd_cla_episodes", **named, **columns)

    left = {"clae_cla_episode_ceased_date": ceased, "clae_cla_episode_ceased_reason": reason}
    reading = of_one_child(episode("1", "2015-01-01", **left), episode("2", came_back))
    assert figures(reading, "cla_returned_within_12_months") == returned
    assert figures(reading, "cla_ceased_adopted")[0] == int(reason == "E11")


@pytest.mark.parametrize(
    ("decided", "matched", "months"),
    [
        ("2018-01-01", "2018-01-31", (0.985626, 1)),
        ("2018-02-01", "2018-01-31", (0, 1)),
        ("2018-02-01", "2019-04-01", (0, 0)),
    ],
)
def test_months_to_a_match_are_counted_in_days(decided, matched, months):
    left = {"clae_cla_episode_ceased_date": "2019-03-31", "clae_cla_episode_ceased_reason": "E12"}
    days = {"perm_adm_decision_date": decided, "perm_matched_date": matched}
    adopted = a_row("ssd_cla_episodes", clae_cla_id="1", clae_cla_episode_start_date="2015-01-01", **left)
    reading = of_one_child(
        ("ssd_cla_episodes", adopted | {"clae_cla_episode_id": "1"}),
        ("ssd_permanence", a_row("ssd_permanence", perm_table_id="1", **days)),
    )
    assert figures(reading, "adoption_months_decision_to_match") == months


@pytest.mark.parametrize(
    ("text", "is_plan"),
    [
        ('{"ADOPTION": "N", "LTFOST18": "Y"}', 1),
        ('{"ADOPTION": "y"}', 0),
        ('{"OTHER": "Y"}', 0),
        ('["Y"]', 0),
        ("Y", 0),
        (None, 0),
    ],
)
def test_a_plan_for_permanence_has_a_key_set_to_y_by_the_second_review(text, is_plan):
    def plan(start: str) -> tuple[str, Row]:
        columns = {"lacp_cla_care_plan_start_date": start, "lacp_cla_care_plan_json": text}
        return "ssd_cla_care_plan", a_row("ssd_cla_care_plan", **columns)

    reviews = [in_care("2018-03-01"), review("2018-03-20", "1"), review("2018-06-20", "2")]
    assert figures(of_one_child(*reviews, plan("2018-06-20")), "permanence_plan_by_second_review") == (is_plan, 1)
    assert figures(of_one_child(*reviews, plan("2018-06-21")), "permanence_plan_by_second_review") == (0, 1)


@pytest.mark.parametrize(
    ("start", "held", "on_time", "reviewed"),
    [
        ("2018-12-31", [], (0, 0), (0, 1)),
        ("2019-01-01", [], (0, 0), (0, 0)),
        ("2018-12-31", ["2019-03-31"], (1, 1), (1, 1)),
        ("2018-12-31", ["2018-12-31", "2019-03-31"], (1, 1), (1, 1)),
        ("2017-06-15", ["2017-09-15", "2018-03-16", "2018-09-16", "2019-03-16"], (2, 2), (0, 1)),
        ("2017-06-15", ["2017-09-15", "2018-03-15", "2018-09-15", "2018-09-30"], (2, 2), (0, 1)),
        ("2017-06-15", ["2017-09-15", "2018-03-15", "2018-09-15", "2018-10-01"], (2, 2), (1, 1)),
    ],
)
def test_reviews_of_a_plan_are_judged_over_the_whole_plan(start, held, on_time, reviewed):
    plan = a_row("ssd_cp_plans", cppl_cp_plan_id="1", cppl_cp_plan_start_date=start)
    reviews = [a_row("ssd_cp_reviews", cppr_cp_plan_id="1", cppr_cp_review_date=day) for day in held]
    reading = of_one_child(("ssd_cp_plans", plan), *(("ssd_cp_reviews", row) for row in reviews))
    assert figures(reading, "cp_reviews_on_time") == on_time
    assert figures(reading, "cp_children_reviewed_on_time") == reviewed


@pytest.mark.parametrize(
    ("held", "transfer", "linked_to", "in_time"),
    [
        ("2019-03-25", "N", "1", (1, 1)),
        ("2019-03-26", None, "1", (0, 1)),
        ("2019-03-25", "Y", "1", (0, 0)),
        ("2019-03-25", "N", "2", (0, 0)),
    ],
)
def test_a_conference_has_fifteen_working_days(held, transfer, linked_to, in_time):
    reading = of_one_child(
        ("ssd_s47_enquiry", a_row("ssd_s47_enquiry", s47e_s47_enquiry_id="1", s47e_s47_start_date="2019-03-04")),
        (
            "ssd_initial_cp_conference",
            a_row(
                "ssd_initial_cp_conference",
                icpc_s47_enquiry_id=linked_to,
                icpc_icpc_transfer_in=transfer,
                icpc_icpc_date=held,
            ),
        ),
    )
    assert figures(reading, "icpc_within_15_working_days") == in_time


def test_an_assessment_has_forty_five_working_days_from_the_referral():
    june = dt.date(2019, 6, 30)
    referral = a_row("ssd_cin_episodes", cine_referral_id="1", cine_referral_date="2019-04-05")
    for linked_to, start, authorised, in_time in (
        ("1", "2019-04-08", "2019-06-13", 1),
        ("1", "2019-04-08", "2019-06-14", 0),
        ("none", "2019-04-05", "2019-06-13", 1),
        ("none", "2019-04-04", "2019-06-13", 0),
    ):
        columns = {"cina_assessment_start_date": start, "cina_assessment_auth_date": authorised}
        assessment = a_row("ssd_cin_assessments", cina_referral_id=linked_to, **columns)
        reading = of_one_child(("ssd_cin_episodes", referral), ("ssd_cin_assessments", assessment))
        assert figures(reading, "assessments_within_45_working_days", june) == (in_time, 1)


def test_a_referral_is_again_one_up_to_twelve_months_after_the_last():
    for earlier, again in (("2018-03-15", 1), ("2018-03-14", 0), ("2019-03-15", 0)):
        days = (earlier, "2019-03-15", "2019-03-15")
        rows = [
            a_row("ssd_cin_episodes", cine_referral_id=str(number), cine_referral_date=day)
            for number, day in enumerate(days)
        ]
        reading = of_one_child(*(("ssd_cin_episodes", row) for row in rows))
        assert figures(reading, "referrals") == (1, 1)
        assert figures(reading, "re_referrals_12_months") == (again, 1)


def leaver(number: str = "1", eligibility: str = "Former Relevant", **columns: Any) -> tuple[str, Row]:
    row = a_row("ssd_care_leavers", clea_table_id=number, clea_care_leaver_eligibility=eligibility, **columns)
    return "ssd_care_leavers", row


@pytest.mark.parametrize(
    ("contact", "month_end", "in_touch"),
    [
        ("2019-03-30", dt.date(2019, 6, 30), 1),
        ("2019-03-29", dt.date(2019, 6, 30), 0),
        ("2019-07-01", dt.date(2019, 6, 30), 0),
        ("2019-05-31", dt.date(2019, 7, 31), 1),
        ("2019-05-30", dt.date(2019, 7, 31), 0),
    ],
)
def test_care_leavers_are_in_touch_for_three_months_and_for_two_from_july_2019(contact, month_end, in_touch):
    reading = of_one_child(leaver(clea_care_leaver_latest_contact=contact), born="2000-01-15")
    assert figures(reading, "care_leavers_in_touch", month_end) == (in_touch, 1)


def test_care_leavers_are_sixteen_to_twenty_five_and_counted_by_their_last_row():
    for born, count in (("2003-03-31", 1), ("2003-04-01", 0), ("1993-04-01", 1), ("1993-03-31", 0)):
        assert figures(of_one_child(leaver(), born=born), "care_leavers") == (count, count)
    died = leaver("10", clea_care_leaver_in_touch="DIED")
    assert figures(of_one_child(leaver("9"), died, born="2000-01-15"), "care_leavers") == (0, 0)


def test_the_eligible_count_for_pathway_plans_and_advisers_only():
    adviser = a_row(
        "ssd_involvements", invo_professional_role_id="16PLUS", invo_involvement_start_date="2019-03-31"
    )
    eligible = leaver("1", "Eligible", clea_pathway_plan_review_date="2018-10-01")
    reading = of_one_child(eligible, ("ssd_involvements", adviser), born="2002-01-15")
    assert figures(reading, "care_leavers") == (0, 0)
    assert figures(reading, "care_leavers_pathway_plan_up_to_date") == (1, 1)
    assert figures(reading, "personal_adviser_allocated") == (1, 1)
    assert figures(reading, "personal_adviser_allocated", dt.date(2019, 2, 28)) == (0, 1)


def test_who_lives_abroad_is_not_asked_whether_that_is_suitable():
    for code, expected in (("G1", (0, 0)), ("B1", (1, 1)), ("S2", (0, 1)), (None, (0, 1))):
        suitable = (code or "")[1:] or None
        row = leaver(clea_care_leaver_accommodation=code, clea_care_leaver_accom_suitable=suitable)
        assert figures(of_one_child(row, born="2000-01-15"), "care_leavers_suitable_accommodation") == expected


@pytest.mark.parametrize(
    ("contact", "done"), [("2019-01-15", 0), ("2019-01-16", 1), ("2019-03-31", 1), ("2019-04-01", 0)]
)
def test_a_check_counts_from_the_day_after_the_review_up_to_the_month_end(contact, done):
    # from 15 January to 15 April are 90 days: the middle is 1 March
    check_made = a_row("local_iro_contact", context="CLA", contact_date=contact)
    care = [in_care("2018-12-17"), review("2019-01-15"), ("local_iro_contact", check_made)]
    assert figures(of_one_child(*care), "midpoint_monitoring_cla") == (done, 1)
    assert figures(of_one_child(*care, review("2019-03-01", "2")), "midpoint_monitoring_cla") == (0, 0)


@pytest.mark.parametrize(
    ("raised", "resolved", "outcome", "over", "in_time"),
    [
        ("2019-03-03", None, None, 0, (0, 1)),
        ("2019-03-02", None, None, 1, (0, 1)),
        ("2019-03-01", "2019-03-29", "resolved", 0, (1, 1)),
        ("2019-02-28", "2019-03-29", "resolved", 0, (0, 1)),
        ("2019-02-01", "2019-03-15", "withdrawn", 0, (0, 0)),
        ("2019-02-01", "2019-04-01", "withdrawn", 1, (0, 1)),
        ("2018-03-31", None, None, 1, (0, 0)),
    ],
)
def test_challenges_have_four_weeks_and_twenty_working_days(raised, resolved, outcome, over, in_time):
    days = {"raised_date": raised} | ({"resolved_date": resolved} if resolved else {})
    row = a_row("local_iro_challenge", challenge_type="Management Alert", outcome=outcome, **days)
    reading = of_one_child(("local_iro_challenge", row))
    assert figures(reading, "challenges_over_4_weeks") == (over, over)
    assert figures(reading, "challenges_resolved_20_working_days") == in_time


@pytest.mark.parametrize(
    ("share", "caseload", "over"), [(0.01, (1, 0.01), 1), (0.5, (1, 0.5), 0), (0, (1, 1), 0), (None, (1, 1), 0)]
)
def test_an_officer_counts_with_a_share_and_as_one_where_it_is_not_known(share, caseload, over):
    officer = a_row(
        "ssd_involvements",
        invo_involvements_id="1",
        invo_professional_id="w",
        invo_professional_role_id="IRO",
        invo_involvement_start_date="2019-03-31",
    )
    worker = a_row("ssd_professionals", prof_professional_id="w", prof_full_time_equivalency=share)
    reading = of_one_child(in_care("2019-03-22"), ("ssd_involvements", officer), ("ssd_professionals", worker))
    assert figures(reading, "iro_caseload") == caseload
    assert figures(reading, "iro_over_70") == (over, over)
    # the fifth working day after Friday 22 March is Friday 29 March
    for entered, without in (("2019-03-22", 1), ("2019-03-25", 0)):
        assert figures(of_one_child(in_care(entered)), "cla_without_iro") == (without, without)
