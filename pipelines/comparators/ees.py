"""Explore Education Statistics: CSV files since 2020, wide (measures in columns) and long (breakdowns in columns).

A row holds one area and year, and in long files one breakdown. The columns may come in any order; the header map
has their names. The population file has this layout too, with mid-years.
"""

import polars as pl

from pipelines.comparators.geography import (
    AUTHORITY,
    ENGLAND,
    NATIONAL,
    area_columns,
    areas_by_gss,
    authority_of,
)
from pipelines.comparators.headers import Matched, breakdowns, matched
from pipelines.comparators.reader_output import (
    Reading,
    dimension_text,
    final_values,
    ragged_rows,
    repeated_figures,
    split_by_fault,
    unpivoted,
    with_period_end,
)
from pipelines.comparators.source_file import Source
from pipelines.reading.file_reading import TextTable

KIND = "ees"
PERIOD_KINDS = {
    "Reporting year": "financial_year",
    "Financial year": "financial_year",
    "Academic year": "academic_year",
    "Calendar year": "calendar_year",
}
POPULATION = "population"
_AREA_COLUMNS = (
    "geographic_level",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
    "category",
)
"""Columns that may be missing: a file about England alone has no regions, a long file has no category."""
_IS_ENGLAND = pl.col("geographic_level") == "National"
_IS_REGION = pl.col("geographic_level") == "Regional"
_IS_AUTHORITY = pl.col("geographic_level") == "Local authority"


def read(source: Source) -> Reading:
    """The file's values. Raises UnreadableError, and RefusedError where a column is not known."""
    table = source.table()
    match = matched(KIND, table.columns)
    rows, left_out = split_by_fault(
        _rows(table, match),
        [
            (pl.col("geography_code").is_null(), pl.format("not an area that comparators use: {}", "area_text")),
            (pl.col("period_end").is_null(), pl.format("not a year: {} {}", "time_identifier", "period")),
            repeated_figures(["geography_level", "geography_code", "period", "dimensions"]),
        ],
    )
    measures = {
        column.name: {"measure": f"{match.dataset}.{column.header.column}", "unit": column.header.unit}
        for column in match.of("measure")
    }
    return Reading(
        rows_read=table.rows_read,
        values=final_values(unpivoted(rows, measures), KIND),
        left_out=pl.concat([left_out, ragged_rows(table.ragged, len(table.columns))]),
    )


def _rows(table: TextTable, match: Matched) -> pl.DataFrame:
    """The rows with area, year and breakdown recognised; the measures are still columns."""
    dimensions = match.of("dimension")
    cells = table.frame.select(
        table.line_numbers.alias("row_number"),
        *(pl.col(column.name) for column in match.of("measure")),
        *(
            pl.col(column.name).str.strip_chars().replace("", None).alias(column.header.column)
            for column in match.columns
            if column.header.role not in ("measure", "dimension")
        ),
        dimension_text(
            {column.header.column: _breakdown(match.dataset, column.name) for column in dimensions}
        ).alias("dimensions"),
    )
    cells = cells.with_columns(
        pl.lit(None, pl.String).alias(name) for name in _AREA_COLUMNS if name not in cells.columns
    )
    region_level, region_code = area_columns(areas_by_gss(), pl.col("region_code"))
    rows = cells.with_columns(
        pl.when(_IS_ENGLAND)
        .then(pl.lit(NATIONAL))
        .when(_IS_REGION & (region_level != AUTHORITY))
        .then(region_level)
        .when(_IS_AUTHORITY)
        .then(pl.lit(AUTHORITY))
        .alias("geography_level"),
        pl.when(_IS_ENGLAND)
        .then(pl.lit(ENGLAND))
        .when(_IS_REGION & (region_level != AUTHORITY))
        .then(region_code)
        .when(_IS_AUTHORITY)
        .then(authority_of(pl.col("old_la_code"), pl.col("new_la_code")))
        .alias("geography_code"),
        _of_level("la_name", "region_name", "country_name").alias("geography_name"),
        _of_level("new_la_code", "region_code", "country_code").alias("gss_code"),
        pl.when(_IS_AUTHORITY).then("old_la_code").alias("dfe_code"),
        pl.concat_str(
            ["geographic_level", "region_name", "la_name", "old_la_code"], separator=" ", ignore_nulls=True
        ).alias("area_text"),
        pl.col("category").alias("measure_title"),
        pl.col("time_period").fill_null("").alias("period"),
        pl.lit("mid_year").alias("period_kind")
        if match.dataset == POPULATION
        else pl.col("time_identifier").replace_strict(PERIOD_KINDS, default=None).alias("period_kind"),
    )
    return with_period_end(rows.with_columns(pl.col("time_identifier").fill_null("")))


def _of_level(of_authority: str, of_region: str, of_england: str) -> pl.Expr:
    """The column that describes the area, which depends on the level of the row."""
    return pl.when(_IS_AUTHORITY).then(of_authority).when(_IS_REGION).then(of_region).otherwise(of_england)


def _breakdown(dataset: str, header: str) -> pl.Expr:
    """The name that we use for a breakdown; a breakdown that is not in the map keeps its published name."""
    known = breakdowns().get((dataset, "*"), {}) | breakdowns().get((dataset, header), {})
    return pl.col(header).str.strip_chars().replace(known)
