"""What leaves the service in a release of the synthetic authority, against an attacker."""

import json
import shutil
import stat
from typing import Any

import duckdb
import polars as pl
import pytest
from breakdown_attack import Breakdowns
from disclosure_attack import KEYS, MEANS, Extract, attack
from release_rows import frame

from pipelines.dictionary.indicator_relations import stay_restricted
from pipelines.release_layout import sql_of, tables_of
from pipelines.report import write_reports
from pipelines.report.audience import OUTSIDE
from pipelines.seeds import seed_rows

AREA = ["indicator_id", "la_code", "area_type", "area_name"]
STAYS_BACK = stay_restricted() | {"permanence_plan_by_second_review_new_entrants"}
IS_OPEN = ~pl.col("indicator_id").is_in(STAYS_BACK)


@pytest.fixture(scope="module")
def shown(published: Any) -> pl.DataFrame:
    return frame(published.release / "open", "mart_indicator_monthly")


def test_every_hidden_number_of_every_extract_has_another_filling(published, shown):
    """The newest extract has all months; of the earlier ones the own month is left."""
    restricted = published.release / "restricted"
    periods = pl.DataFrame(seed_rows("indicator_register")).select("indicator_id", "period")
    truth = frame(restricted, "fct_indicator_value").filter(IS_OPEN).join(periods, on="indicator_id")
    teams = frame(restricted, "dim_team")
    assert shown.filter(pl.col("status") == "suppressed").height > 500
    for month in sorted(truth["extract_month"].unique()):
        own = pl.col("extract_month") == month
        localities = teams.filter(own).select("team_name", "locality_name").iter_rows()
        extract = Extract(shown.filter(own), truth.filter(own), localities)
        assert attack(extract, lambda counts: True).given_away == [], month


def test_the_headlines_are_shown_but_for_those_that_are_small(published, shown):
    assert (
        set(shown["indicator_id"]) == {row["indicator_id"] for row in seed_rows("indicator_register")} - STAYS_BACK
    )
    restricted = frame(published.release / "restricted", "fct_indicator_value").filter(IS_OPEN)
    is_headline = (pl.col("area_type") == "authority") & (pl.col("month") == pl.col("extract_month"))
    others = pl.when(pl.col("unit") == "percentage").then(pl.col("denominator") - pl.col("numerator"))
    is_mean = pl.col("unit").is_in(MEANS)
    counted = pl.when(~is_mean).then("numerator")
    base = pl.when(is_mean | (pl.col("unit") == "percentage")).then("denominator")
    small = pl.any_horizontal(*(number.is_between(1, 5).fill_null(False) for number in (counted, base, others)))
    hidden = restricted.filter(is_headline).join(
        shown.filter(pl.col("status") != "suppressed"), on=KEYS, how="anti"
    )
    # with its other order, nearly all children who are placed with their parents
    left_out = hidden.filter(~small & (pl.col("indicator_id") != "interim_order_placed_with_parents"))
    assert left_out.height <= 1


def test_every_small_number_of_a_breakdown_has_another_filling(published, shown):
    names = ["indicator_id", "dimension", "extract_month"]
    told = frame(published.release / "open", "mart_indicator_breakdown")
    not_shown = [row["dimension"] for row in seed_rows("dimension") if row["stays_restricted"] == "true"]
    truth = frame(published.release / "restricted", "fct_indicator_breakdown").filter(
        IS_OPEN, pl.col("area_type") == "authority", ~pl.col("dimension").is_in(not_shown)
    )
    is_shown = pl.col("status") != "suppressed"
    assert told.select(names).unique().sort(names).equals(truth.select(names).unique().sort(names))
    assert (
        told.filter(~is_shown, pl.any_horizontal(pl.col("numerator", "denominator", "value", "share"))).height == 0
    )
    keys = [*names, "code"]
    numbers = ["numerator", "denominator", "value", "share"]
    exact = truth.join(told.filter(is_shown), on=names, how="semi").select(*keys, *numbers).sort(keys)
    assert exact.equals(told.filter(is_shown).select(*keys, *numbers).sort(keys))
    assert told.filter(is_shown).select(names).n_unique() > 150
    units = pl.DataFrame(seed_rows("indicator_register")).select("indicator_id", "unit")
    figures = shown.filter(
        pl.col("month") == pl.col("extract_month"), pl.col("area_type") == "authority", is_shown
    )
    for month in sorted(told["extract_month"].unique()):
        own = pl.col("extract_month") == month
        breakdowns = Breakdowns(
            told.filter(own & is_shown),
            truth.filter(own).join(units, on="indicator_id"),
            set(figures.filter(own)["indicator_id"]),
        )
        assert attack(breakdowns, lambda numbers: True).given_away == [], month


def test_a_signal_is_shown_only_with_every_figure_of_its_baseline(published, shown):
    signals = frame(published.release / "open", "mart_indicator_signal")
    told = signals.filter(
        pl.any_horizontal(pl.col("value", "centre", "lower_limit", "upper_limit", "signal", "rule").is_not_null())
    )
    assert told.height > 0
    months = sorted(signals["month"].unique())
    needed = (
        told.with_columns(needed=pl.lit(months))
        .explode("needed")
        .filter(pl.col("needed").is_between(pl.coalesce("baseline_from", "month"), pl.col("month")))
    )
    figures = shown.filter(pl.col("month") == pl.col("extract_month"))
    not_shown = figures.filter(pl.col("status") == "suppressed").select(*AREA, needed="month")
    assert needed.join(not_shown, on=[*AREA, "needed"], how="semi").height == 0
    # a row left out is not a headline with a signal
    authority = needed.filter(pl.col("area_type") == "authority")
    assert authority.join(figures.select(*AREA, needed="month"), on=[*AREA, "needed"], how="anti").height == 0


def test_a_comparison_is_shown_only_with_our_own_figure(published, shown):
    compared = frame(published.release / "open", "mart_indicator_benchmark")
    told = compared.filter(
        pl.any_horizontal(
            pl.col("numerator", "value", "difference", "is_more_than_chance").is_not_null(),
            pl.col("verdict") != "not_judged",
        )
    )
    assert told.height > 0
    figures = shown.filter(pl.col("status") == "shown").select(*KEYS, "numerator", "denominator", "value")
    assert told.join(figures, on=[*KEYS, "numerator", "value"], how="anti").height == 0
    # a denominator alone is shown where its own table is
    bases = shown.filter(pl.col("denominator").is_not_null()).select(*KEYS, "denominator")
    alone = compared.filter(pl.col("denominator").is_not_null())
    assert alone.join(bases, on=[*KEYS, "denominator"], how="anti").height == 0


def test_no_row_of_a_team_leaves_the_service(published):
    for table in sorted((published.release / "open").rglob("*.parquet")):
        columns = pl.read_parquet_schema(table)
        if "area_type" in columns:
            assert "team" not in pl.read_parquet(table, columns=["area_type"])["area_type"], table.name


def test_pages_are_made_from_the_open_tables_and_nothing_else(published, lancashire, tmp_path):
    """What another filling does not change in `open/`, it does not change on a page either."""
    alone = tmp_path / "release"
    shutil.copytree(published.release / "open", alone / "open")
    left_out = json.loads((published.release / "manifest.json").read_text())["left_out_of_open"]
    write_reports(alone, lancashire / "raw" / "commentary", 6, left_out, audiences=[OUTSIDE])
    pages = sorted(path.relative_to(alone) for path in (alone / "report").rglob("*") if path.is_file())
    assert len(pages) > 35
    for page in pages:
        assert (alone / page).read_bytes() == (published.release / page).read_bytes(), page
    others = {
        path.relative_to(published.release)
        for path in (published.release / "report").rglob("*")
        if path.is_file() and "dictionary" not in path.parts
    }
    assert others == set(pages)


def test_the_public_manifest_and_the_names_of_files_hold_no_number_of_ours(published):
    manifest = json.loads((published.release / "manifest.json").read_text())
    assert numbers_in(manifest) == []
    listed = {row["file"] for row in (*manifest["files"], *manifest["tables"])}
    assert {name.split("/")[0] for name in listed} == {"open", "report"}
    known = {row["indicator_id"] for row in seed_rows("indicator_register")} | {"888"}
    known |= {f"extract_month={month}" for month in published.months} | {
        "iro-annual-2018-19",
        "iro-annual-2019-20",
    }
    for path in (*(published.release / "open").rglob("*"), *(published.release / "report" / "888").rglob("*")):
        assert path.stem in known or not any(sign.isdigit() for sign in path.stem), path.name


def numbers_in(value: Any, where: str = "") -> list[str]:
    if isinstance(value, dict):
        return [found for key, own in value.items() for found in numbers_in(own, f"{where}/{key}")]
    if isinstance(value, list):
        return [found for own in value for found in numbers_in(own, where)]
    return [where] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_the_open_database_holds_the_open_tables_and_nothing_else(published):
    room = published.release / "open"
    with duckdb.connect(str(room / "marts.duckdb"), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        assert tables == set(tables_of(room))
        for name in sorted(tables):
            more = f"select count(*) from (from {name} except all from {sql_of(room, name)})"
            assert connection.execute(more).fetchall() == [(0,)], name


def test_nobody_else_can_read_more_than_open_and_report(published):
    release = published.release.resolve()
    readable = {
        path.relative_to(release).parts[0]
        for path in release.rglob("*")
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    }
    assert readable == {"open", "report", "manifest.json"}
