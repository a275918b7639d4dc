"""Compares months of the synthetic authority with the printed comparators that the project ships."""

from typing import Any

import duckdb
import pytest

from pipelines.release_layout import parquet_of

CLA_RATE = "children_looked_after_rate"


def march_2019(published: Any, indicator: str, release_rule: str, year_rule: str) -> dict[str, tuple]:
    """Figure, year, distance in years, difference, verdict and status, by comparator."""
    rows = duckdb.execute(
        """
        select
            comparator, comparator_value, comparator_year, years_apart, round(difference, 2), verdict,
            is_more_than_chance, status
        from read_parquet(?, hive_partitioning = false)
        where
            indicator_id = ? and area_type = 'authority' and month = date '2019-03-31'
            and release_rule = ? and comparator_year_rule = ?
        """,
        [
            parquet_of(published.release / "open", "mart_indicator_benchmark"),
            indicator,
            release_rule,
            year_rule,
        ],
    ).fetchall()
    return {comparator: tuple(values) for comparator, *values in rows}


NOT_PUBLISHED = (None, None, None, None, "not_judged", None, "not_available")


@pytest.mark.parametrize("indicator", [CLA_RATE, "cp_plans_open_rate", "cla_health_assessment_up_to_date"])
def test_an_unpublished_year_is_empty_where_the_report_repeated_the_year_before(published, indicator):
    figures = march_2019(published, indicator, "as_known_then", "same_year")
    assert figures == dict.fromkeys(
        ("england", "region", "statistical_neighbours", "own_published"), NOT_PUBLISHED
    )


def test_the_year_before_is_shown_with_its_distance(published):
    # 2,128 of 247,856 is 85.86
    assert march_2019(published, CLA_RATE, "as_known_then", "latest_published_year") == {
        "england": (64.0, "2017/18", 1, 21.86, "not_judged", None, "shown"),
        "region": (91.0, "2017/18", 1, -5.14, "not_judged", None, "shown"),
        "statistical_neighbours": (67.1, "2017/18", 1, 18.76, "not_judged", None, "shown"),
        "own_published": NOT_PUBLISHED,
    }


def test_the_authoritys_own_figure_is_there_once_its_report_was_published(published):
    figures = march_2019(published, CLA_RATE, "latest", "same_year")
    assert figures["own_published"] == (85.9, "2018/19", 0, -0.04, "not_judged", None, "shown")


def test_health_is_judged_by_polarity_and_chance(published):
    # 88.7 per cent of about 1,500 children: two points from 90.4 are past chance, half a point from 88.3 is not
    figures = march_2019(published, "cla_health_assessment_up_to_date", "as_known_then", "latest_published_year")
    assert [figures[area][4:6] for area in ("england", "statistical_neighbours")] == [
        ("better", False),
        ("worse", True),
    ]


def test_codes_of_breakdowns_have_what_the_department_published(published):
    """Of England, the region, the neighbours and the authority, on 31 March 2018."""
    rows = duckdb.execute(
        """
        select dimension || '=' || code, comparator, comparator_value, compared_with, comparator_year, years_apart
        from read_parquet(?, hive_partitioning = false)
        where
            indicator_id = 'children_looked_after' and month = date '2019-03-31'
            and release_rule = 'as_known_then' and comparator_year_rule = 'latest_published_year'
        """,
        [parquet_of(published.release / "open", "mart_breakdown_benchmark")],
    ).fetchall()
    assert {row[3:] for row in rows} == {("share", "2017/18", 1)}
    found = {(code, comparator): value for code, comparator, value, *_ in rows}
    areas = ("england", "region", "own_published")
    assert [found["placement_group=foster", area] for area in areas] == [73, 69, 62]
    assert [found["legal_status=V2", area] for area in areas] == [19, 10, 9]
    # 735 of 1,964: only the counts are published
    assert [found["provider_group=private", area] for area in areas] == [33.9, 29.4, 37.4]
    # the mean of ten authorities
    assert found["location=out_of_area", "statistical_neighbours"] == 32.6


def test_localities_and_teams_are_judged_in_the_service_only(published):
    areas = duckdb.execute(
        """
        select area_type, count(*) filter (where status = 'shown') > 0
        from read_parquet(?, hive_partitioning = false)
        group by all
        order by all
        """,
        [parquet_of(published.release / "restricted", "mart_indicator_benchmark")],
    ).fetchall()
    assert areas == [("authority", True), ("locality", True), ("team", True)]
