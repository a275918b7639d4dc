"""Nobody can work out a hidden figure: an attacker who has all releases and knows how figures are hidden finds
another filling for each of them, and the product would have published the same tables for it.

The councils are small: a tenth of the synthetic authority's children, in six months.
"""

import dataclasses
from typing import Any

import polars as pl
import pytest
from disclosure_attack import COUNTED, KEYS, MEANS, Extract, Faults, attack
from releases_in_a_row import FAULTS, FIGURES, LEFT_OUT, Releases
from small_councils import council

from pipelines.publish.disclosure import hidden_figures, suppression
from pipelines.publish.disclosure.related_counts import related_counts
from pipelines.settings import DisclosureRules

SEEDS = (1, 2, 3)
ONE_SEED_AND_MORE = (SEEDS[0], *(pytest.param(seed, marks=pytest.mark.long) for seed in SEEDS[1:]))
A_TENTH, MONTHS = 10, 6
ROUNDED = DisclosureRules(round_to=5)


@pytest.fixture(scope="module", params=ONE_SEED_AND_MORE)
def two_releases(
    request: pytest.FixtureRequest, published: Any, tmp_path_factory: pytest.TempPathFactory
) -> Releases:
    """Two releases of a small council, the second made after the first."""
    own = council(published.release, request.param, A_TENTH, releases=2, months=MONTHS)
    made = Releases(own, tmp_path_factory.mktemp("releases"))
    for _ in range(2):
        made.publish()
    return made


def always(_: Any) -> bool:
    return True


@pytest.mark.long
@pytest.mark.parametrize("number", [0, 1])
def test_every_hidden_figure_has_another_filling_that_is_published_alike(two_releases, number):
    extract = two_releases.extract(number)
    alike = two_releases.is_published_alike(number, extract)
    assert attack(extract, alike).given_away == []


def test_every_hidden_number_of_records_has_another_filling_that_is_published_alike(two_releases):
    faults = two_releases.faults(1)
    alike = two_releases.are_faults_published_alike(1, faults)
    assert attack(faults, alike).given_away == []


def test_a_release_shows_nothing_that_an_earlier_one_hides(two_releases):
    first, second = (frames[FIGURES] for frames in two_releases.frames)
    both = first.join(second, on=KEYS, suffix="_now")
    assert both.height > 0
    for part in ("numerator", "denominator"):
        assert both.filter(pl.col(part).is_null() & pl.col(f"{part}_now").is_not_null()).height == 0
    left_out = two_releases.frames[0][LEFT_OUT]
    names = ["indicator_id", "la_code", "month", "extract_month"]
    shown = second.filter(pl.col("area_type") == "authority").select(
        *names[:2], *(pl.col(name).dt.strftime("%Y-%m") for name in names[2:])
    )
    assert left_out.height > 0
    assert shown.join(left_out, on=names, how="semi").height == 0


def test_what_is_rounded_tells_no_more_than_what_is_hidden(two_releases, tmp_path):
    """Every rounded number follows from a shown one, for which the attack finds nothing."""
    rounded = Releases(two_releases.council, tmp_path, ROUNDED).publish()
    exact = two_releases.frames[0]
    for name, columns in (
        (FIGURES, ("numerator", "denominator")),
        (FAULTS, ("checked", "failed", "new", "fixed")),
    ):
        assert rounded[name]["status"].equals(exact[name]["status"])
        for column in columns:
            # of a mean the denominator is the count, of a rate and a number the numerator
            of_units = pl.col("unit").is_in(COUNTED)
            if column == "numerator":
                of_units = ~pl.col("unit").is_in(MEANS)
            is_theirs = pl.lit(True) if name == FAULTS else of_units
            now, was = (own[name].filter(is_theirs)[column] for own in (rounded, exact))
            assert now.is_null().equals(was.is_null())
            assert set(now.drop_nulls() % 5) == {0}
            assert (now - was).abs().max() <= 2


def test_one_round_of_the_attack_finds_another_filling_for_every_hidden_figure(two_releases):
    """Otherwise the next test could not fail: what one round leaves open would count as found."""
    assert attack(two_releases.extract(0), always, rounds=1).given_away == []


@pytest.mark.parametrize(
    "rule",
    [
        "equal",
        "rests",
        "flows",
        "flows in areas",
    ],
)
def test_the_attack_finds_what_a_rule_protects(two_releases, tmp_path, monkeypatch, rule):
    if rule == "flows in areas":
        # the search for proofs would hide instead what the rule no longer hides
        monkeypatch.setattr(
            hidden_figures, "hidden_until_proven", lambda extract: extract.decision(extract.counts)
        )
        monkeypatch.setattr(suppression.Extract, "_with_flows_of_areas", lambda _, above, hidden: hidden)
    else:
        without = dataclasses.replace(related_counts(), **{rule: ()})
        monkeypatch.setattr(hidden_figures, "related_counts", lambda: without)
    made = Releases(two_releases.council, tmp_path)
    made.publish()
    assert attack(made.extract(0), always, rounds=1).given_away


def test_the_attack_finds_a_small_figure_where_the_others_of_its_table_are_shown(two_releases):
    """A table is hidden as a whole: here only its small numbers are."""
    own = pl.col("extract_month") == two_releases.council.extracts[1]
    truth = two_releases.council.figures.filter(own)
    shown = two_releases.frames[1][FIGURES].filter(own).join(truth, on=KEYS, how="left", suffix="_true")
    for part in ("numerator", "denominator"):
        is_large = ~pl.col(f"{part}_true").is_between(1, 5) & (pl.col("area_type") != "authority")
        shown = shown.with_columns(pl.when(is_large).then(f"{part}_true").otherwise(part).alias(part))
    teams = two_releases.council.teams.filter(own).select("team_name", "locality_name").iter_rows()
    assert attack(Extract(shown.select(truth.columns), truth, teams), always, rounds=1).given_away


def test_the_attack_finds_what_failed_between_two_shown_changes(two_releases):
    """Changes are hidden with what failed: here only what failed is hidden."""
    faults = two_releases.faults(1)
    shown = (
        two_releases.frames[1][FAULTS]
        .drop("new", "fixed")
        .join(faults.figures.select("rule", "month", "new", "fixed"), on=["rule", "month"])
    )
    assert attack(Faults(shown, faults.figures), always, rounds=1).given_away
