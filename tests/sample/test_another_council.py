"""Drops of another council and year: the days moved, some of the people, none of the county's names."""

import polars as pl
import pytest

from pipelines.calendar import Month
from pipelines.errors import UsageError
from warehouse_sample.another_council import Council, council_of


@pytest.mark.parametrize(
    ("given", "moved"),
    [
        ("2019-03-31 00:00:00,x", "2025-03-31 00:00:00,x"),
        ("2016-02-29", "2022-02-28"),
        ("2018-02-28,31/10/18,29/02/2016", "2024-02-28,31/10/24,28/02/2022"),
        ("1900-01-01,01/01/1900,2019-13-01,31/02/2019", "1900-01-01,01/01/1900,2025-13-01,31/02/2025"),
        ("1206527,0101,2018", "1206527,0101,2018"),
    ],
)
def test_every_day_moves_by_whole_years(given, moved):
    assert Council("330", 6).text(given) == moved


@pytest.mark.parametrize(
    ("newest", "year", "first"),
    [
        (None, 2025, Month(2024, 8)),
        (Month(2025, 3), None, Month(2024, 8)),
        (Month(2025, 11), None, Month(2025, 8)),
        (None, None, Month(2018, 8)),
    ],
)
def test_the_thirteen_months_are_those_with_the_newest_one_asked_for(newest, year, first):
    assert council_of("330", newest, year).month(Month(2018, 8)) == first


def test_the_countys_printed_figures_have_no_other_year():
    with pytest.raises(UsageError, match="name another council"):
        council_of("888", None, 2025)


def test_a_review_goes_with_the_period_of_care_that_it_is_of():
    people = [str(number) for number in range(100)]
    tables = {
        "ssd_cla_episodes": pl.DataFrame({"clae_cla_id": people, "clae_person_id": people}),
        "ssd_cla_reviews": pl.DataFrame({"clar_cla_id": [*people, None, "in no period"]}),
    }
    own = Council("330", 6).people(tables)
    assert 20 < own["ssd_cla_episodes"].height < 60
    assert own["ssd_cla_reviews"]["clar_cla_id"].to_list() == [
        *own["ssd_cla_episodes"]["clae_cla_id"],
        None,
        "in no period",
    ]
