"""Figures copied from a paper: `indicator_id, geography, year, value`, and what is known beside them.

`unit`, `source`, `note` and `published_date` may be told.
`geography` is a name or a code: an authority, a region, England, or `Statistical neighbours of <authority>`.
`published_date` is the day on which the figure became public, where the paper repeats an earlier publication.
"""

import csv
import difflib
from functools import cache

import polars as pl

from pipelines.comparators.geography import area_columns, areas_of_names
from pipelines.comparators.headers import matched
from pipelines.comparators.periods import last_year
from pipelines.comparators.reading import (
    Reading,
    finished,
    ragged_rows,
    told_earlier,
    with_period_end,
    without,
)
from pipelines.comparators.source import Source
from pipelines.settings import SEEDS

KIND = "printed"
MAY_BE_TOLD = ("unit", "source", "note", "published_date")


@cache
def indicator_units() -> dict[str, str]:
    """Units of the indicators that are computed."""
    with (SEEDS / "indicator_register.csv").open(encoding="utf-8", newline="") as file:
        return {row["indicator_id"]: row["unit"] for row in csv.DictReader(file)}


def read(source: Source) -> Reading:
    """The file's values. Raises UnreadableError, and RefusedError where a column is not known."""
    table = source.table()
    names = {column.header.column: column.name for column in matched(KIND, table.columns).columns}

    def cell(column: str) -> pl.Expr:
        if column not in names:
            return pl.lit(None, pl.String).alias(column)
        return pl.col(names[column]).str.strip_chars().replace("", None).alias(column)

    told = table.frame.select(
        table.line_numbers.alias("row_number"),
        *(cell(name) for name in ("indicator_id", "geography", "year", *MAY_BE_TOLD)),
        pl.col(names["value"]).alias("raw_token"),
    )
    places = areas_of_names(told["geography"])
    known = list(indicator_units())
    nearest = {
        name: (difflib.get_close_matches(name, known, n=1, cutoff=0.5) or ["none"])[0]
        for name in told["indicator_id"].unique().drop_nulls()
    }
    rows = told.select(
        "row_number",
        "raw_token",
        pl.col("indicator_id").fill_null("").alias("measure"),
        pl.lit("").alias("dimensions"),
        *area_columns(places, pl.col("geography")),
        pl.col("geography").fill_null("").alias("geography_name"),
        pl.col("year").fill_null("").alias("period"),
        pl.lit("financial_year").alias("period_kind"),
        pl.coalesce("unit", pl.col("indicator_id").replace_strict(indicator_units(), default=None)).alias("unit"),
        pl.concat_str(["source", "note"], separator="; ", ignore_nulls=True).replace("", None).alias("note"),
        pl.col("published_date").alias("date_told"),
        pl.col("published_date").str.to_date("%Y-%m-%d", strict=False),
        pl.col("indicator_id").replace_strict(nearest, default="none").alias("nearest"),
    )
    rows, left_out = without(
        with_period_end(rows),
        [
            (
                ~pl.col("measure").is_in(known),
                pl.format("no indicator {} is computed; nearest: {}", "measure", "nearest"),
            ),
            (pl.col("geography_code").is_null(), pl.format("no area, or more than one: {}", "geography_name")),
            (last_year(pl.col("period")).is_null(), pl.format("not a year: {}", "period")),
            (
                pl.col("date_told").is_not_null() & pl.col("published_date").is_null(),
                pl.format("not a date, write YYYY-MM-DD: {}", "date_told"),
            ),
            told_earlier(["measure", "geography_level", "geography_code", "period_end"]),
        ],
    )
    return Reading(
        rows_read=table.rows_read,
        values=finished(rows, KIND),
        left_out=pl.concat([left_out, ragged_rows(table.ragged, len(table.columns))]),
    )
