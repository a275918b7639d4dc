"""Our months compared with published figures: what was known then stays, what is added later is added, and
nothing small leaves the service. Rates keep the population that was in force."""

import shutil
from pathlib import Path

import duckdb
import pytest
from release_rows import Tables
from small_authority import LA, drop, write_drop

from pipelines.cli import main
from pipelines.publish.disclosure.related_counts import never_shown

FIRST, SECOND = "2019-01", "2019-02"
RATE = "cp_plans_open_rate"
EARLIER_RELEASE = f"""indicator_id,geography,year,value,published_date
{RATE},England,2016/17,43.3,2017-11-02
{RATE},England,2017/18,45.4,2018-10-26
{RATE},North West,2017/18,c,2018-10-25
{RATE},Blackburn with Darwen,2017/18,60.1,2018-10-25
cp_plans_open,Blackburn with Darwen,2017/18,231,2018-10-25
cp_plans_open,England,2017/18,53790,2018-10-25
"""
# told anew on the very day of the first month's extract
LATER_RELEASE = f"indicator_id,geography,year,value,published_date\n{RATE},England,2017/18,45.9,2019-02-01\n"
IN_FORCE = "la_code,mid_year,population,first_month_used\n889,2017,40000,2018-01\n"
LATER = "889,2018,41000,2019-02\n"
PUT_IN_FORCE_EARLIER = "la_code,mid_year,population,first_month_used\n889,2018,41000,2018-01\n"


def write(data: Path, name: str, content: str) -> None:
    path = data / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def run(data: Path, month: str) -> None:
    assert main(["run", "--data", str(data), "--month", month]) == 0


def rows(data: Path, query: str) -> list[tuple]:
    latest = data / "marts" / "latest"
    return duckdb.sql(
        query.format(restricted=Tables(latest / "restricted"), open=Tables(latest / "open"))
    ).fetchall()


@pytest.fixture(scope="module")
def data(built_project, tmp_path_factory) -> Path:
    """Two months; before the second one a release and a population came."""
    folder = tmp_path_factory.mktemp("beside") / "data"
    shutil.copytree(built_project, folder)
    for month in (FIRST, SECOND):
        write_drop(folder, month, drop(month))
    write(folder, "comparators/papers/earlier/comparators.csv", EARLIER_RELEASE)
    write(folder, "reference/population.csv", IN_FORCE)
    run(folder, FIRST)
    write(folder, "comparators/papers/later/comparators.csv", LATER_RELEASE)
    write(folder, "reference/population.csv", IN_FORCE + LATER)
    run(folder, SECOND)
    return folder


@pytest.mark.parametrize(
    ("month", "release_rule", "expected"),
    [
        ("2019-01-31", "as_known_then", (45.4, "2017/18", 1, "earlier")),
        ("2019-01-31", "latest", (45.9, "2017/18", 1, "later")),
        ("2019-02-28", "as_known_then", (45.9, "2017/18", 1, "later")),
        ("2019-02-28", "latest", (45.9, "2017/18", 1, "later")),
    ],
)
def test_a_later_release_changes_what_is_known_now_and_not_what_was_known_then(
    data, month, release_rule, expected
):
    found = rows(
        data,
        f"""
        select comparator_value, comparator_year, years_apart, release
        from {{restricted[mart_indicator_benchmark]}}
        where
            indicator_id = '{RATE}' and la_code = '{LA}' and comparator = 'england'
            and month = date '{month}' and release_rule = '{release_rule}'
            and comparator_year_rule = 'latest_published_year'
        """,
    )
    assert found == [expected]


def test_no_month_of_a_year_that_is_not_out_has_a_comparator_of_its_own_year(data):
    assert rows(
        data,
        """
        select distinct comparator_value, comparator_status, release, difference
        from {restricted[mart_indicator_benchmark]}
        where comparator_year_rule = 'same_year'
        """,
    ) == [(None, "not_available", None, None)]


def test_nothing_small_leaves_the_service_by_way_of_a_comparator(data):
    query = f"""
        select
            count(*), count(numerator), count(value), count(difference), count(is_more_than_chance),
            count(*) filter (where verdict <> 'not_judged'), count(*) filter (where status = 'shown')
        from {{open[mart_indicator_benchmark]}}
        where indicator_id in ('{RATE}', 'cp_plans_open')
    """
    (told,) = rows(data, query)
    assert told[0] > 0
    # the denominator of a rate is the population, which is no secret
    assert told[1:] == (0, 0, 0, 0, 0, 0)
    ours = rows(data, query.replace("{open[", "{restricted["))[0]
    assert all(ours[number] > 0 for number in (1, 2, 3, 6))


def test_every_comparison_of_the_authority_goes_out_suppressed_as_in_the_monthly_mart(data):
    assert rows(
        data,
        f"""
        select count(*)
        from {{restricted[mart_indicator_benchmark]}} as beside
        anti join {{open[mart_indicator_benchmark]}} as shown
            using (indicator_id, la_code, area_type, area_name, month, extract_month, comparator)
        where beside.area_type = 'authority' and not list_contains({[*never_shown()]}, beside.indicator_id)
        """,
    ) == [(0,)]
    assert rows(
        data,
        """
        select count(*)
        from {open[mart_indicator_benchmark]} as beside
        inner join {open[mart_indicator_monthly]} as monthly
            using (indicator_id, la_code, area_type, area_name, month, extract_month)
        where (beside.numerator, beside.value) is distinct from (monthly.numerator, monthly.value)
        """,
    ) == [(0,)]


def test_a_count_is_compared_only_with_the_authoritys_own_published_count(data):
    assert rows(
        data,
        "select distinct comparator from {open[mart_indicator_benchmark]} where unit = 'number'",
    ) == [("own_published",)]


def rates_of_january(data: Path) -> dict[str, int]:
    return dict(
        rows(
            data,
            f"""
            select basis, denominator
            from {{restricted[fct_indicator_value]}}
            where indicator_id = '{RATE}' and month = date '2019-01-31'
            """,
        )
    )


@pytest.mark.long
def test_a_later_population_changes_no_month_before_it_unless_it_is_put_in_force_for_it(data):
    assert rates_of_january(data) == {"as_reported": 40000, "restated": 40000}
    assert rows(
        data,
        f"""
        select denominator from {{restricted[fct_indicator_value]}}
        where indicator_id = '{RATE}' and month = date '2019-02-28'
        """,
    ) == [(41000,)]
    write(data, "reference/population.csv", PUT_IN_FORCE_EARLIER)
    run(data, SECOND)
    assert rates_of_january(data) == {"as_reported": 40000, "restated": 41000}
    assert rows(
        data,
        f"""
        select reported_denominator, restated_denominator from {{restricted[mart_restatement]}}
        where indicator_id = '{RATE}' and month = date '2019-01-31'
        """,
    ) == [(40000, 41000)]
