"""The Local Authority Interactive Tool: its figures in long form, and the dictionary of its measures.

Only the first period of a measure has its description. Rows whose "year" is a rank, a trend, a change or a
quartile are the tool's own calculations and not published figures: the reader lists them as left out.
"""

import csv
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.comparators.geography import area_columns, areas_by_tool_number
from pipelines.comparators.headers import matched
from pipelines.comparators.periods import covers_several_years, last_year
from pipelines.comparators.reader_output import (
    DICTIONARY_SCHEMA,
    Reading,
    final_values,
    ragged_rows,
    split_by_fault,
    with_period_end,
    without_repeats,
)
from pipelines.comparators.source_file import Source

KIND = "interactive_tool"
DICTIONARY = "interactive_tool_dictionary"
PERIOD_KINDS = {
    "Financial Year": "financial_year",
    "Annual": "financial_year",
    "Academic Year": "academic_year",
    "Calendar Year": "calendar_year",
    "Annual - January": "january",
    "Annual (end of Sept)": "september",
}
"""Kinds of year in the dictionary, which uses `Annual` for counts at 31 March only."""


@cache
def default_year_types() -> dict[str, str]:
    """Kinds of year of the measures in our register, for a release without a dictionary."""
    with Path(__file__).with_name("interactive_tool_years.csv").open(encoding="utf-8", newline="") as file:
        return {row["measure"]: row["year_type"] for row in csv.DictReader(file)}


def read(source: Source) -> Reading:
    """The file's values. Raises UnreadableError, and RefusedError where a column is not known."""
    table = source.table()
    columns = {column.header.column: column.name for column in matched(KIND, table.columns, source.added).columns}
    cells = table.frame.select(
        table.line_numbers.alias("row_number"),
        pl.col(columns["short_desc"]).alias("measure"),
        pl.col(columns["data_item"]).alias("title"),
        pl.col(columns["years"]).alias("period"),
        pl.col(columns["la_and_regions"]).alias("geography_name"),
        pl.col(columns["values"]).alias("raw_token"),
        pl.col(columns["la_number"]).alias("dfe_code"),
    )
    has_title = pl.col("title").is_not_null() & ~pl.col("title").is_in(["", "NA"])
    titles = cells.filter(has_title).group_by("measure").agg(pl.col("title").first().alias("measure_title"))
    kinds = {
        measure: PERIOD_KINDS.get(year_type)
        for measure, year_type in (default_year_types() | source.year_types).items()
    }
    periods = cells.select("measure", "period").unique()
    periods = with_period_end(
        periods.with_columns(
            pl.when(covers_several_years(pl.col("period")))
            .then(pl.lit("several_years"))
            .otherwise(pl.col("measure").replace_strict(kinds, default="year_not_told"))
            .alias("period_kind")
        )
    ).with_columns(last_year(pl.col("period")).is_null().alias("is_no_year"))
    level, code = area_columns(areas_by_tool_number(), pl.col("dfe_code"))
    rows = (
        cells.drop("title")
        .join(periods, on=["measure", "period"], how="left", nulls_equal=True, maintain_order="left")
        .join(titles, on="measure", how="left", maintain_order="left")
        .with_columns(level, code, pl.lit("").alias("dimensions"))
    )
    rows, left_out = split_by_fault(
        rows,
        [
            (pl.col("is_no_year"), pl.format("not a year: {}", pl.col("period").fill_null(""))),
            (
                pl.col("geography_code").is_null(),
                pl.format("not an area that comparators use: {}", "geography_name"),
            ),
        ],
    )
    rows, repeated = without_repeats(rows, ["measure", "period", "dfe_code"], ["raw_token"])
    return Reading(
        rows_read=table.rows_read,
        values=final_values(rows, KIND),
        left_out=pl.concat([left_out, repeated, ragged_rows(table.ragged, len(table.columns))]),
    )


def read_measure_dictionary(source: Source) -> Reading:
    """The dictionary of the tool, one entry per measure. Raises UnreadableError and RefusedError."""
    table = source.table()
    columns = {
        column.header.column: column.name for column in matched(DICTIONARY, table.columns, source.added).columns
    }
    entries = table.frame.select(
        table.line_numbers.alias("row_number"),
        pl.col(columns["measure_short"]).alias("measure"),
        pl.col(columns["measure"]).alias("measure_title"),
        pl.col(columns["topic"]).alias("topic"),
        pl.col(columns["polarity"]).alias("polarity"),
        pl.col(columns["dps"]).cast(pl.Int64, strict=False).alias("decimals"),
        pl.col(columns["year_type"]).alias("year_type"),
        pl.col(columns["description"]).alias("description"),
        pl.col(columns["methodology"]).alias("methodology"),
    )
    entries, left_out = without_repeats(entries, ["measure"])
    return Reading(
        rows_read=table.rows_read,
        dictionary=entries.select(DICTIONARY_SCHEMA.keys()),
        left_out=pl.concat([left_out, ragged_rows(table.ragged, len(table.columns))]),
    )
