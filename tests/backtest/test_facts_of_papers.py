"""What papers other than the monthly report print, against the releases of the synthetic authority."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from facts_of_papers import Compared, Fact, Releases, compared, facts, lines

from pipelines.seeds import seed_rows

COUNTS = {"fit": 313, "contradiction": 15, "outside_sample": 20}


@pytest.fixture(scope="module")
def results(published: Any) -> list[Compared]:
    return compared(published.release, published.months)


def test_every_fact_of_the_months_run_is_as_it_should_be(results):
    print(*lines(results), sep="\n")
    assert len(results) > 20
    assert [result for result in results if not result.is_as_it_should_be] == []


def test_a_wrong_figure_would_be_seen(results):
    for result in results:
        assert replace(result, ours=None).is_as_it_should_be is (result.fact.verdict == "outside_sample")
        if result.fact.expected:
            wrong = float(result.fact.expected) + 1.01 * float(result.fact.tolerance) + 0.01
            assert not replace(result, ours=wrong).is_as_it_should_be
    contradicted = next(result for result in results if result.fact.verdict == "contradiction")
    assert not replace(contradicted, ours=float(contradicted.fact.paper_value)).is_as_it_should_be


def test_every_fact_is_of_an_indicator_and_a_code_that_there_are():
    dimensions = {row["indicator_id"]: row["dimensions"].split() for row in seed_rows("indicator_register")}
    codes = {(row["dimension"], row["code"]) for row in seed_rows("dimension_code")}
    open_ones = {row["dimension"] for row in seed_rows("dimension") if row["is_open"] == "true"}
    for fact in facts():
        assert fact.indicator_id in dimensions, fact
        if fact.dimension:
            assert fact.dimension in dimensions[fact.indicator_id], fact
            is_known = fact.dimension in open_ones or {(fact.dimension, code) for code in fact.codes} <= codes
            # short breaks have no code: a paper counts them
            assert is_known or fact.verdict != "fit", fact


def test_a_fact_stands_once_and_one_that_cannot_be_says_why():
    assert Counter(fact.verdict for fact in facts()) == COUNTS
    assert len(set(facts())) == len(facts())
    for fact in facts():
        assert (fact.expected and fact.tolerance) or fact.verdict != "fit", fact
    assert [fact for fact in facts() if fact.verdict != "fit" and not fact.reason] == []


# Every kind of aggregation, on a release made by hand

MAY, JUNE = dt.date(2019, 5, 31), dt.date(2019, 6, 30)
FACT = Fact(
    fact_id="X-1",
    paper="a paper",
    indicator_id="checks_held",
    measure="value",
    dimension="",
    code="",
    area_type="authority",
    area_name="Lancashire",
    months="2019-05..2019-06",
    extract_month="2019-06",
    aggregation="sum of months",
    paper_value="",
    expected="",
    tolerance="",
    verdict="fit",
    reason="",
)


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """Of 10 checks of May, 5 were held, 1 of 2 in the East; of 30 of June 24, by two kinds 20 of 25 and 4 of 5."""
    room = tmp_path_factory.mktemp("by_hand") / "latest" / "restricted"
    room.mkdir(parents=True)
    keys = {"indicator_id": "checks_held", "unit": "percentage", "extract_month": JUNE}
    areas = (("authority", "Lancashire", MAY, 5, 10), ("locality", "East", MAY, 1, 2))
    areas += (("authority", "Lancashire", JUNE, 24, 30), ("locality", "East", JUNE, 6, 7))
    names = ("area_type", "area_name", "month", "numerator", "denominator")
    pl.DataFrame([keys | dict(zip(names, area, strict=True)) for area in areas]).write_parquet(
        room / "fct_indicator_value.parquet"
    )
    codes = (("first", 20, 25), ("second", 3, 4), ("third", 1, 1))
    whole = {"area_type": "authority", "area_name": "Lancashire", "month": JUNE, "dimension": "kind"}
    pl.DataFrame(
        [
            keys | whole | {"code": code, "numerator": numerator, "denominator": denominator}
            for code, numerator, denominator in codes
        ]
    ).write_parquet(room / "fct_indicator_breakdown.parquet")
    return Releases(room.parent)


@pytest.mark.parametrize(
    ("changed", "ours"),
    [
        ({"aggregation": "sum of numerators / sum of denominators"}, 72.5),
        ({"aggregation": "mean of the twelve months"}, 65),
        ({"aggregation": "difference of the two months"}, 30),
        ({"measure": "numerator"}, 29),
        ({"measure": "denominator"}, 40),
        ({"measure": "denominator - numerator"}, 11),
        ({"measure": "numerator", "area_type": "locality", "area_name": "East"}, 7),
        ({"measure": "share", "area_type": "locality", "area_name": "East"}, 100 * 7 / 29),
        # an area without rows
        ({"measure": "numerator", "area_type": "locality", "area_name": "North"}, 0),
        ({"area_type": "locality", "area_name": "North"}, None),
        ({"months": "2019-06"}, 80),
        ({"months": "2019-06", "dimension": "kind", "code": "second"}, 75),
        ({"months": "2019-06", "dimension": "kind", "code": "second + third"}, 80),
        ({"months": "2019-06", "dimension": "kind", "code": "second + third", "measure": "share"}, 100 * 4 / 24),
        ({"months": "2019-06", "dimension": "kind", "code": "fourth", "measure": "numerator"}, 0),
        # months that no release has
        ({"months": "2019-04..2019-06"}, None),
        ({"months": "2019-06", "extract_month": "2019-07"}, None),
        ({"months": "2019-06", "indicator_id": "checks_not_held"}, None),
    ],
)
def test_facts_are_added_up_as_their_row_says(by_hand: Releases, changed: dict[str, str], ours: float | None):
    figure = by_hand.ours(replace(FACT, **changed))
    assert figure == (None if ours is None else pytest.approx(ours))
