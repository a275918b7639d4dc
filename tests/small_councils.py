"""Small councils: the figures of some of the synthetic authority's children, as the marts would have them.

Belongs here: marts in memory that `open/` is made from. Does not belong here: what is published of them.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from release_rows import frame

from pipelines.seeds import seed_rows

REGISTER = pl.DataFrame(seed_rows("indicator_register")).select(
    "indicator_id", "unit", "period", has_team_rows=pl.col("has_team_rows") == "true"
)
NOT_LATE = 98
"""Of a hundred children, those that the extract of a month knows then; the others are recorded a month later."""
AREA_COLUMNS = {"authority": None, "locality": "locality_name", "team": "area_name"}
KEYS = ["indicator_id", "la_code", "area_type", "area_name", "month", "extract_month"]
POPULATION = 250_000
BREAKDOWN_COLUMNS = {
    **dict.fromkeys(("indicator_id", "la_code", "dimension", "code", "code_label", "unit", "period"), pl.String),
    "sort_order": pl.Int32,
    "extract_month": pl.Date,
    **dict.fromkeys(("numerator", "denominator", "value", "share"), pl.Float64),
    "status": pl.String,
}
NO_BREAKDOWNS = pl.DataFrame(schema=BREAKDOWN_COLUMNS)


@dataclass(frozen=True)
class Council:
    """Figures of a council by extract, `teams` of all extracts, and how many records fail each rule."""

    figures: pl.DataFrame
    teams: pl.DataFrame
    faults: pl.DataFrame

    @property
    def extracts(self) -> list[dt.date]:
        return sorted(self.figures["extract_month"].unique())

    def release(self, number: int) -> pl.DataFrame:
        """The figures of a release: all months of its own extract, and the own month of earlier ones."""
        last = self.extracts[number]
        return self.figures.filter(
            (pl.col("extract_month") == last)
            | ((pl.col("extract_month") < last) & (pl.col("month") == pl.col("extract_month")))
        )

    def warehouse(self, figures: pl.DataFrame, faults: pl.DataFrame) -> duckdb.DuckDBPyConnection:
        """A warehouse in memory with the marts that `open/` is made from."""
        connection = duckdb.connect()
        connection.execute("create schema marts; create schema core")
        last = figures["extract_month"].max()
        for name, rows in (
            ("marts.mart_indicator_monthly", figures),
            ("marts.mart_indicator_breakdown", NO_BREAKDOWNS),
            ("core.dim_team", self.teams),
            ("marts.mart_data_quality", faults.filter(pl.col("month") <= last)),
        ):
            connection.register("frame", rows)
            connection.execute(f"create table {name} as select * from frame")
        return connection


def council(release: Path, seed: int, one_in: int, releases: int, months: int = 13) -> Council:
    """The figures of one in so many children of a release, and of their records at fault, in the last extracts.

    Made from `restricted/`: the rows of children of its newest extract, for so many `months`. The extract of a
    month knows all children of the month but for a few, who are recorded a month later.
    """
    children, teams, faults, checked = (
        frame(release / "restricted", name)
        for name in ("fct_indicator_child", "dim_team", "fct_record_fault", "mart_data_quality")
    )
    # pseudonyms differ from run to run, ids do not
    lookup = pl.read_parquet(release.parent.parent / "warehouse" / "private" / "person_lookup.parquet")
    known_by = lookup.select("child_id", pl.col("person_id").alias("known_by"))
    children, faults = (rows.join(known_by, on="child_id", how="left") for rows in (children, faults))
    last = children["extract_month"].max()
    is_theirs = pl.col("known_by").hash(seed) % one_in == 0
    newest = children.filter((pl.col("extract_month") == last) & is_theirs)
    held = sorted(newest["month"].unique())[-months:]
    team_rows = teams.filter(pl.col("extract_month") == last).drop("extract_month")
    is_late = pl.struct("known_by", "month").hash(seed) % 100 >= NOT_LATE
    figures, of_teams = [], []
    for extract in held[-releases:]:
        known = newest.filter((pl.col("month") < extract) | ((pl.col("month") == extract) & ~is_late))
        own = _figures(known.filter(pl.col("month") >= held[0]), [month for month in held if month <= extract])
        figures.append(own.with_columns(extract_month=pl.lit(extract)))
        of_teams.append(team_rows.with_columns(extract_month=pl.lit(extract)))
    columns = [*KEYS, "period", "unit", "numerator", "denominator", "value", "status", "rag"]
    of_records = _faults(faults.filter(is_theirs), checked.filter(pl.col("area_type") == "authority"), one_in)
    return Council(pl.concat(figures).select(columns), pl.concat(of_teams), of_records)


def _faults(faults: pl.DataFrame, checked: pl.DataFrame, one_in: int) -> pl.DataFrame:
    """The authority's rows of mart_data_quality: how many records fail each rule, are new and fixed."""
    months = sorted(checked["month"].unique())
    place = pl.DataFrame({"month": months, "place": range(len(months))})
    records = faults.select("rule", "record_key", month="extract_month").unique().join(place, on="month")
    before, after = (
        records.select("rule", "record_key", pl.col("place") + step, pl.lit(True).alias(name))
        for step, name in ((1, "was_there"), (-1, "is_left"))
    )
    keys = ["rule", "record_key", "place"]
    followed = records.join(before, on=keys, how="left").join(after, on=keys, how="left")
    counted = followed.group_by("rule", "place").agg(
        failed=pl.len().cast(pl.Int64),
        new=(pl.col("was_there").is_null() & (pl.col("place") > 0)).sum().cast(pl.Int64),
        left=pl.col("is_left").is_null().sum().cast(pl.Int64),
    )
    fixed = counted.select("rule", pl.col("place") + 1, fixed="left")
    rows = (
        checked.select("rule", "object", "la_code", "area_type", "area_name", "month", pl.col("checked") // one_in)
        .join(place, on="month")
        .join(counted.drop("left"), on=["rule", "place"], how="left")
        .join(fixed, on=["rule", "place"], how="left")
        .with_columns(pl.col("failed", "new", "fixed").fill_null(0))
        .with_columns(checked=pl.max_horizontal("checked", "failed"))
    )
    # rules over one object check the same records
    rows = rows.with_columns(pl.col("checked").max().over("object", "month"))
    return rows.with_columns(failed_percent=100 * pl.col("failed") / pl.col("checked")).drop("place")


def _figures(rows: pl.DataFrame, months: list[dt.date]) -> pl.DataFrame:
    """The figures of one extract, for the authority and for areas with somebody in them."""
    la_code = rows["la_code"][0]
    counted = []
    for area_type, column in AREA_COLUMNS.items():
        area = pl.lit(la_code) if column is None else pl.col(column)
        counted.append(
            rows.group_by("indicator_id", "month", area.alias("area_name"))
            .agg(
                pl.col("numerator_value").sum().round(6).alias("numerator"),
                pl.len().cast(pl.Float64).alias("rows"),
            )
            .with_columns(area_type=pl.lit(area_type))
        )
    everywhere = REGISTER.select("indicator_id").join(pl.DataFrame({"month": months}), how="cross")
    authority = everywhere.join(counted[0], on=["indicator_id", "month"], how="left").with_columns(
        pl.col("numerator", "rows").fill_null(0), area_name=pl.lit(la_code), area_type=pl.lit("authority")
    )
    below = pl.concat(counted[1:]).join(REGISTER.filter("has_team_rows"), on="indicator_id", how="semi")
    figures = pl.concat([authority, below.select(authority.columns)]).join(REGISTER, on="indicator_id")
    unit, share = pl.col("unit"), pl.col("numerator") / pl.col("denominator")
    return (
        figures.with_columns(
            la_code=pl.lit(la_code),
            denominator=pl.when(unit == "rate_per_10000").then(POPULATION).when(unit != "number").then("rows"),
        )
        .with_columns(
            value=pl.when(unit == "number")
            .then("numerator")
            .when(unit == "percentage")
            .then(100 * share)
            .when(unit == "rate_per_10000")
            .then(10_000 * share)
            .otherwise(share)
        )
        .with_columns(value=pl.col("value").fill_nan(None), rag=pl.lit("green"))
        .with_columns(
            status=pl.when(pl.col("value").is_null()).then(pl.lit("not_available")).otherwise(pl.lit("shown"))
        )
    )
