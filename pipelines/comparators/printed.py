"""Figures copied from a paper: `indicator_id, geography, year, value`.

Optional columns are `unit`, `source`, `note` and `published_date`.
`geography` is a name or a code: an authority, a region, England, or `Statistical neighbours of <authority>`.
`published_date` is the day on which the figure became public, where the paper repeats an earlier publication.
"""

import difflib
from functools import cache

import polars as pl

from pipelines.comparators.geography import area_columns, areas_of_names
from pipelines.comparators.headers import matched
from pipelines.comparators.periods import last_year
from pipelines.comparators.reader_output import (
    Reading,
    final_values,
    ragged_rows,
    split_by_fault,
    with_period_end,
    without_repeats,
)
from pipelines.comparators.source_file import Source
from pipelines.seeds import seed_rows

KIND = "printed"
OPTIONAL_COLUMNS = ("unit", "source", "note", "published_date")


@cache
def indicator_units() -> dict[str, str]:
    """Units by indicator of the register."""
    return {row["indicator_id"]: row["unit"] for row in seed_rows("indicator_register")}


def read(source: Source) -> Reading:
    """The file's values. Raises UnreadableError, and RefusedError where a column is not known."""
    table = source.table()
    names = {column.header.column: column.name for column in matched(KIND, table.columns, source.added).columns}

    def cell(column: str) -> pl.Expr:
        if column not in names:
            return pl.lit(None, pl.String).alias(column)
        return pl.col(names[column]).str.strip_chars().replace("", None).alias(column)

    cells = table.frame.select(
        table.line_numbers.alias("row_number"),
        *(cell(name) for name in ("indicator_id", "geography", "year", *OPTIONAL_COLUMNS)),
        pl.col(names["value"]).alias("raw_token"),
    )
    areas = areas_of_names(cells["geography"])
    known = list(indicator_units())
    nearest = {
        name: (difflib.get_close_matches(name, known, n=1, cutoff=0.5) or ["none"])[0]
        for name in cells["indicator_id"].unique().drop_nulls()
    }
    rows = cells.select(
        "row_number",
        "raw_token",
        pl.col("indicator_id").fill_null("").alias("measure"),
        pl.lit("").alias("dimensions"),
        *area_columns(areas, pl.col("geography")),
        pl.col("geography").fill_null("").alias("geography_name"),
        pl.col("year").fill_null("").alias("period"),
        pl.lit("financial_year").alias("period_kind"),
        pl.coalesce("unit", pl.col("indicator_id").replace_strict(indicator_units(), default=None)).alias("unit"),
        pl.concat_str(["source", "note"], separator="; ", ignore_nulls=True).replace("", None).alias("note"),
        pl.col("published_date").alias("date_text"),
        pl.col("published_date").str.to_date("%Y-%m-%d", strict=False),
        pl.col("indicator_id").replace_strict(nearest, default="none").alias("nearest"),
    )
    rows, left_out = split_by_fault(
        with_period_end(rows),
        [
            (
                ~pl.col("measure").is_in(known),
                pl.format("unknown indicator {}; the nearest is {}", "measure", "nearest"),
            ),
            (
                pl.col("geography_code").is_null(),
                pl.format("no area or several areas have this name: {}", "geography_name"),
            ),
            (last_year(pl.col("period")).is_null(), pl.format("not a year: {}", "period")),
            (
                pl.col("date_text").is_not_null() & pl.col("published_date").is_null(),
                pl.format("not a date, write YYYY-MM-DD: {}", "date_text"),
            ),
        ],
    )
    rows, repeated = without_repeats(
        rows, ["measure", "geography_level", "geography_code", "period_end"], ["raw_token"]
    )
    return Reading(
        rows_read=table.rows_read,
        values=final_values(rows, KIND),
        left_out=pl.concat([left_out, repeated, ragged_rows(table.ragged, len(table.columns))]),
    )
