"""Statistical first releases, to 2019: one row per area, several years in the names of the columns.

A column without a year in its name belongs to the year of the release: the latest year of the other columns, else
the year in `release.yml`, in the file's name or in the folder's name.
"""

import polars as pl

from pipelines.comparators.geography import (
    AUTHORITY,
    ENGLAND,
    INNER_LONDON,
    NATIONAL,
    OUTER_LONDON,
    area_columns,
    areas_by_gss,
    authority_of,
)
from pipelines.comparators.headers import Matched, matched
from pipelines.comparators.reader_output import (
    Reading,
    RefusedError,
    final_values,
    ragged_rows,
    repeated_figures,
    split_by_fault,
    unpivoted,
    with_period_end,
)
from pipelines.comparators.source_file import Source
from pipelines.reading.file_reading import TextTable

KIND = "first_release"


def read(source: Source) -> Reading:
    """The file's values. Raises UnreadableError, and RefusedError where a column or the year is not known."""
    table = source.table()
    match = matched(KIND, table.columns)
    rows, left_out = split_by_fault(
        _rows(table, match),
        [
            (
                pl.col("geography_code").is_null(),
                pl.format("not an area that comparators use: {}", "geography_name"),
            ),
            repeated_figures(["geography_level", "geography_code"]),
        ],
    )
    year = _year_of_release(match, source)
    measures = {
        column.name: {
            "measure": f"{match.dataset}.{column.header.column}",
            "unit": column.header.unit,
            "period": column.year or year,
            "period_kind": "financial_year",
        }
        for column in match.of("measure")
    }
    return Reading(
        rows_read=table.rows_read,
        values=final_values(with_period_end(unpivoted(rows, measures)), KIND),
        left_out=pl.concat([left_out, ragged_rows(table.ragged, len(table.columns))]),
    )


def _year_of_release(match: Matched, source: Source) -> str:
    years = {column.year for column in match.of("measure") if column.year}
    if years and source.year and max(years) != source.year:
        raise RefusedError(
            f"its columns end with {max(years)}, but its folder or its name says {source.year}: "
            "write the year into release.yml"
        )
    year = max(years, default=source.year)
    if year is None:
        raise RefusedError(
            "the year of its columns is unknown: put it into the name of the release's folder, or write "
            "year: YYYY into release.yml next to the file"
        )
    return year


def _rows(table: TextTable, match: Matched) -> pl.DataFrame:
    rows = table.frame.select(
        table.line_numbers.alias("row_number"),
        *(pl.col(column.name) for column in match.of("measure")),
        *(
            pl.col(column.name).str.strip_chars().replace("", None).alias(column.header.role)
            for column in match.columns
            if column.header.role not in ("measure", "ignored")
        ),
    )
    name = pl.col("name").str.to_uppercase()
    is_region, is_authority = pl.col("level") == "REGION", pl.col("level") == "LA"
    region_level, region_code = area_columns(areas_by_gss(), pl.col("gss_code"))
    # Inner and Outer London have the GSS code of London here: only the name distinguishes them.
    return rows.select(
        pl.exclude("level", "name"),
        pl.when(pl.col("level") == "NATIONAL")
        .then(pl.lit(NATIONAL))
        .when(is_region & (name == "INNER LONDON"))
        .then(pl.lit(INNER_LONDON[0]))
        .when(is_region & (name == "OUTER LONDON"))
        .then(pl.lit(OUTER_LONDON[0]))
        .when(is_region & (region_level != AUTHORITY))
        .then(region_level)
        .when(is_authority)
        .then(pl.lit(AUTHORITY))
        .alias("geography_level"),
        pl.when(pl.col("level") == "NATIONAL")
        .then(pl.lit(ENGLAND))
        .when(is_region & (name == "INNER LONDON"))
        .then(pl.lit(INNER_LONDON[1]))
        .when(is_region & (name == "OUTER LONDON"))
        .then(pl.lit(OUTER_LONDON[1]))
        .when(is_region)
        .then(region_code)
        .when(is_authority)
        .then(authority_of(pl.col("dfe_code"), pl.col("gss_code")))
        .alias("geography_code"),
        pl.col("name").alias("geography_name"),
        pl.lit("").alias("dimensions"),
    )
