"""Nobody can work out a suppressed figure: an attacker with all of `open/` leaves each of them two possible
values."""

import figures_of_chance
import polars as pl
import pytest
from disclosure_attack import given_away

from pipelines.publish.disclosure import open_tables
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
        for table, query in open_tables(connection, DisclosureRules(), before, kept=tmp_path / "kept"):
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
