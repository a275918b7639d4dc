"""Statistical first releases, to 2019: one row per area, several years in the names of the columns.

A column without a year in its name belongs to the year of the release: the latest year of the other columns, else
the year in `release.yml`, in the file's name or in the folder's name. Every column is a figure: one that the map
does not know is loaded under its own name.
"""

from collections.abc import Sequence

import polars as pl

from pipelines.comparators.geography import (
    AUTHORITY,
    ENGLAND,
    NATIONAL,
    authority_of,
    is_england,
    may_be_authority,
    region_of,
)
from pipelines.comparators.headers import FileColumn, Matched, wide_columns
from pipelines.comparators.reader_output import (
    UNKNOWN_AUTHORITY,
    Reading,
    RefusedError,
    final_values,
    ragged_rows,
    split_by_fault,
    unpivoted,
    with_period_end,
    without_repeats,
)
from pipelines.comparators.source_file import Source
from pipelines.comparators.tokens import status_of
from pipelines.reading.file_reading import TextTable

KIND = "first_release"
AREA_COLUMNS = {"level": "geog_l", "dfe_code": "geog_c", "name": "geog_n", "gss_code": "new_geog_code"}


def read(source: Source) -> Reading:
    """The file's values. Raises UnreadableError, and RefusedError where the areas or the year are not known."""
    table = source.table()
    match = wide_columns(KIND, table.columns, source.added)
    if missing := [role for role in ("level", "name") if not match.of(role)]:
        raise RefusedError(f"columns missing: {', '.join(AREA_COLUMNS[role] for role in missing)}")
    columns = [column for column in match.of("measure") if not _holds_words(table.frame[column.name])]
    rows, left_out = split_by_fault(
        _rows(table, match),
        [
            (
                pl.col("geography_code").is_null() & may_be_authority(pl.col("gss_code")),
                pl.format(UNKNOWN_AUTHORITY + "{} {}", "gss_code", pl.col("geography_name").fill_null("")),
            ),
            (
                pl.col("geography_code").is_null(),
                pl.format("not an area that comparators use: {}", pl.col("geography_name").fill_null("")),
            ),
        ],
    )
    names = list(dict.fromkeys(column.name for column in columns))
    rows, repeated = without_repeats(rows, ["geography_level", "geography_code"], names)
    year = _year_of_release(match, source)
    values = pl.concat(unpivoted(rows, measures) for measures in _measures(columns, year))
    return Reading(
        rows_read=table.rows_read,
        values=final_values(with_period_end(values), KIND),
        left_out=pl.concat([left_out, repeated, ragged_rows(table.ragged, len(table.columns))]),
        notes=match.notes,
    )


def _holds_words(cells: pl.Series) -> bool:
    """Whether a column holds no figures at all, but words."""
    status = pl.select(status_of(pl.lit(cells), KIND)).to_series()
    return bool((status == "unknown").any()) and not (status == "value").any()


def _measures(columns: Sequence[FileColumn], year: str) -> list[dict[str, dict[str, str | None]]]:
    """What each column holds, by its name. A column that two datasets share is in two lists."""
    measures: list[dict[str, dict[str, str | None]]] = [{}]
    for column in columns:
        facts: dict[str, str | None] = {
            "measure": column.header.measure,
            "unit": column.header.unit,
            "period": column.year or year,
            "period_kind": "financial_year",
        }
        place = next((each for each in measures if column.name not in each), None)
        if place is None:
            measures.append(place := {})
        place[column.name] = facts
    return measures


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
        *dict.fromkeys(column.name for column in match.of("measure")),
        *(
            pl.col(column.name).str.strip_chars().replace("", None).alias(column.header.role)
            for column in match.columns
            if column.header.role in AREA_COLUMNS
        ),
    )
    rows = rows.with_columns(
        pl.lit(None, pl.String).alias(name) for name in AREA_COLUMNS if name not in rows.columns
    )
    level = pl.col("level").str.to_uppercase()
    is_region, is_authority = level == "REGION", level == "LA"
    is_nation = (level == "NATIONAL") & is_england(pl.col("gss_code"), pl.col("name"))
    # Inner and Outer London have the GSS code of London here: only the name distinguishes them.
    region_level, region_code = region_of(pl.col("gss_code"), pl.col("name"))
    authority = authority_of(pl.col("dfe_code"), pl.col("gss_code"), pl.col("name"))
    return rows.select(
        pl.exclude("level", "name"),
        pl.when(is_nation)
        .then(pl.lit(NATIONAL))
        .when(is_region)
        .then(region_level)
        .when(is_authority)
        .then(pl.lit(AUTHORITY))
        .alias("geography_level"),
        pl.when(is_nation)
        .then(pl.lit(ENGLAND))
        .when(is_region)
        .then(region_code)
        .when(is_authority)
        .then(authority)
        .alias("geography_code"),
        pl.col("name").alias("geography_name"),
        pl.lit("").alias("dimensions"),
    )
