"""Nobody can work out a suppressed figure: an attacker with all of `open/` leaves each of them two possible
values."""

import dataclasses
from collections.abc import Callable
from itertools import pairwise

import figures_of_chance
import numpy as np
import polars as pl
import pytest
from disclosure_attack import Equations, given_away

from pipelines.publish.disclosure import months_of_a_year, open_tables, records_at_fault, suppression
from pipelines.publish.disclosure.related_counts import RelatedCounts, related_counts
from pipelines.settings import DisclosureRules

SEEDS = (1, 2, 3)
ONE_SEED_AND_MORE = (*(pytest.param(seed, marks=pytest.mark.long) for seed in SEEDS[:-1]), SEEDS[-1])
ROUNDED = DisclosureRules(round_to=5)


def published(connection, name: str, rules: DisclosureRules | None = None) -> pl.DataFrame:
    """A table of `open/`, as made from the marts of a connection."""
    return connection.execute(dict(open_tables(connection, rules or DisclosureRules()))[name]).pl()


def attack(seed: int) -> list[str]:
    connection = figures_of_chance.warehouse(seed)
    return attack_on(connection, published(connection, "mart_indicator_monthly"))


def attack_on(connection, shown: pl.DataFrame) -> list[str]:
    truth = connection.execute("select * from marts.mart_indicator_monthly").pl()
    return given_away(shown, truth, connection.execute("select * from core.dim_team").pl())


def test_what_is_rounded_tells_no_more_than_what_is_suppressed():
    """Every rounded number follows from a shown one, for which the attack finds nothing; and from none that is
    hidden."""
    connection = figures_of_chance.warehouse(SEEDS[0])
    keys = ["indicator_id", "area_type", "area_name", "month", "extract_month"]
    exact, rounded = (
        published(connection, "mart_indicator_monthly", rules).sort(keys) for rules in (DisclosureRules(), ROUNDED)
    )
    assert rounded.schema == exact.schema
    assert rounded["status"].equals(exact["status"])
    assert "suppressed" in rounded["status"]
    people = rounded["unit"] == "percentage"
    for column, of_people in (("numerator", people | True), ("denominator", people)):
        assert rounded[column].is_null().equals(exact[column].is_null())
        now, was = rounded[column].filter(of_people), exact[column].filter(of_people)
        assert set(now.drop_nulls() % 5) == {0}
        assert (now - was).abs().max() == 2
        assert set(now.filter(was == 0)) <= {0}
    assert 0 in rounded["numerator"]
    rate = rounded.filter(people & (pl.col("denominator") > 0) & pl.col("value").is_not_null())
    assert rate.height > 0
    assert (rate["value"] - 100 * rate["numerator"] / rate["denominator"]).abs().max() < 1e-9


def test_rounded_counts_of_records_at_fault_are_those_that_are_shown():
    connection = figures_of_chance.warehouse(SEEDS[0])
    keys = ["rule", "area_name", "month"]
    exact, rounded = (
        published(connection, "mart_data_quality", rules).sort(keys) for rules in (DisclosureRules(), ROUNDED)
    )
    for column in ("checked", "failed", "new", "fixed"):
        assert rounded[column].is_null().equals(exact[column].is_null())
        assert set(rounded[column].drop_nulls() % 5) == {0}


@pytest.mark.parametrize("seed", ONE_SEED_AND_MORE)
def test_every_suppressed_figure_keeps_two_possible_values(seed):
    assert attack(seed) == []


def without(kind: str, nothing) -> Callable[[], RelatedCounts]:
    """The relations between counts, but for one kind."""
    return lambda: dataclasses.replace(related_counts(), **{kind: nothing})


@pytest.mark.parametrize(
    ("where", "name", "instead"),
    [
        (months_of_a_year, "protect", lambda table, hidden: hidden),
        (suppression, "related_counts", without("equal", ())),
        pytest.param(suppression, "related_counts", without("remainders", ()), marks=pytest.mark.long),
    ],
    ids=["no second cell", "counts taken one by one", "remainders passed over"],
)
def test_the_attack_finds_what_is_left_out(where, name, instead, monkeypatch):
    monkeypatch.setattr(suppression, "suppress_until_proven", lambda extract, hidden: hidden)
    monkeypatch.setattr(where, name, instead)
    assert attack(SEEDS[0])


@pytest.mark.long
def test_what_has_no_proof_is_suppressed_even_where_second_cells_were_chosen_badly(monkeypatch):
    monkeypatch.setattr(months_of_a_year, "protect", lambda table, hidden: hidden)
    assert attack(SEEDS[0]) == []


def test_the_attack_finds_what_the_months_around_tell(monkeypatch):
    monkeypatch.setattr(suppression, "suppress_until_proven", lambda extract, hidden: hidden)
    monkeypatch.setattr(months_of_a_year.Growing, "room_among_shown", lambda self, down, up, hidden: (down, up))
    monkeypatch.setattr(
        months_of_a_year.Growing, "stuck", lambda self, tree, down, up, hidden: np.zeros_like(hidden)
    )
    assert [found for seed in SEEDS for found in attack(seed)]


ORDERS = [
    pytest.param((0, 1), id="in order"),
    pytest.param((1, 0), id="the newest first", marks=pytest.mark.long),
]


@pytest.mark.parametrize("order", ORDERS)
def test_all_releases_together_tell_no_more_than_the_first_of_an_extract(order, tmp_path):
    """What one release tells is known for ever, whatever the next one suppresses."""
    key = ["indicator_id", "area_type", "area_name", "month", "extract_month"]
    whole = figures_of_chance.warehouse(SEEDS[0])
    told = whole.execute("select * from marts.mart_indicator_monthly").pl()
    known: pl.DataFrame | None = None
    before = None
    for number, _ in enumerate(order):
        connection = figures_of_chance.warehouse(SEEDS[0])
        held = [figures_of_chance.EXTRACTS[place] for place in order[: number + 1]]
        connection.execute(
            "delete from marts.mart_indicator_monthly where not list_contains(?, extract_month)", [held]
        )
        connection.execute("delete from marts.mart_data_quality where not list_contains(?, month)", [held])
        release = tmp_path / str(number)
        release.mkdir()
        for table, query in open_tables(connection, DisclosureRules(), before, tmp_path / "kept"):
            if table in {"mart_indicator_monthly", "mart_data_quality"}:
                connection.execute(f"copy ({query}) to '{release / table}.parquet' (format parquet)")
        shown = pl.read_parquet(release / "mart_indicator_monthly.parquet")
        if known is not None:
            both = known.join(shown, on=key, suffix="_now")
            for part in ("numerator", "denominator"):
                leaks = both.filter(pl.col(part).is_null() & pl.col(f"{part}_now").is_not_null())
                assert leaks.height == 0
            known = pl.concat([known, shown.join(known, on=key, how="anti").select(known.columns)])
        else:
            known = shown
        before = release
    assert known is not None
    assert known.height == told.height
    assert attack_on(whole, known) == []


def faults_given_away(seed: int) -> list[str]:
    """Records at fault: teams add up to the authority, and last month's less fixed plus new is this month's."""
    connection = figures_of_chance.warehouse(seed)
    shown = published(connection, "mart_data_quality")
    truth = connection.execute("select * from marts.mart_data_quality").pl()
    keys = ["rule", "area_name", "month"]
    rows = shown.join(truth, on=keys, suffix="_true").sort(keys).to_dicts()
    found = []
    for rule in sorted({row["rule"] for row in rows}):
        own = {(row["area_name"], row["month"]): row for row in rows if row["rule"] == rule}
        equations, terms, asked = Equations(), {}, {}
        for (area, month), row in own.items():
            for name in ("checked", "failed", "new", "fixed"):
                if row[name] is None:
                    unknown = equations.unknown(row[f"{name}_true"], 0)
                    terms[area, month, name] = ({unknown: 1.0}, 0.0)
                    if name in {"checked", "failed"} or row[f"{name}_true"]:
                        asked[f"{rule} {area} {month} {name}"] = {unknown: 1.0}
                else:
                    terms[area, month, name] = ({}, float(row[name]))

        def note(rows_of, *parts, terms=terms):
            total, constant = {}, 0.0
            for factor, key in parts:
                for unknown, one in terms[key][0].items():
                    total[unknown] = total.get(unknown, 0.0) + factor * one
                constant += factor * terms[key][1]
            if total:
                rows_of.append((total, -constant))

        areas = sorted({area for area, _ in own})
        months = sorted({month for _, month in own})
        for month in months:
            for name in ("checked", "failed", "new", "fixed"):
                members = [(-1.0, (area, month, name)) for area in areas if area != "999"]
                note(equations.exact, (1.0, ("999", month, name)), *members)
            for area in areas:
                note(equations.not_negative, (1.0, (area, month, "checked")), (-1.0, (area, month, "failed")))
                note(equations.not_negative, (1.0, (area, month, "failed")), (-1.0, (area, month, "new")))
        for area in areas:
            for before, now in pairwise(months):
                note(
                    equations.exact,
                    (1.0, (area, before, "failed")),
                    (-1.0, (area, now, "fixed")),
                    (1.0, (area, now, "new")),
                    (-1.0, (area, now, "failed")),
                )
        found += equations.given_away(asked)
    return found


@pytest.mark.parametrize("seed", ONE_SEED_AND_MORE)
def test_every_suppressed_number_of_faults_keeps_two_possible_values(seed):
    assert faults_given_away(seed) == []


def test_the_attack_on_faults_finds_what_is_left_out(monkeypatch):
    monkeypatch.setattr(records_at_fault, "protect", lambda table, hidden: hidden)
    assert faults_given_away(SEEDS[0])
