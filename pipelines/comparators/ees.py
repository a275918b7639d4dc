"""Explore Education Statistics: CSV files since 2020, wide (measures in columns) and long (breakdowns in columns).

A row holds one area and year, and in long files one breakdown. The columns may come in any order; the header map
has their names. The population file has this layout too, with mid-years.
"""

from functools import cache

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
from pipelines.comparators.headers import Matched, matched
from pipelines.comparators.reader_output import (
    UNKNOWN_AUTHORITY,
    Reading,
    dimension_text,
    final_values,
    ragged_rows,
    split_by_fault,
    unpivoted,
    with_period_end,
    without_repeats,
)
from pipelines.comparators.source_file import Source
from pipelines.reading.file_reading import TextTable

KIND = "ees"
PERIOD_KINDS = {
    "reporting year": "financial_year",
    "financial year": "financial_year",
    "academic year": "academic_year",
    "calendar year": "calendar_year",
}
POPULATION = "population"
HEALTH = "health checks"
"""Our name for the group of children in the rows about health checks, whatever a release calls it."""
_GROUP = "cla_group"
_CHECKS = {"annual health assessment", "teeth checked"}
MOST_LABELS = 500
"""Different texts in a column with breakdowns, at most."""
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
_LEVEL = pl.col("geographic_level").str.to_lowercase()
_IS_NATION, _IS_REGION, _IS_AUTHORITY = (name == _LEVEL for name in ("national", "regional", "local authority"))


def read(source: Source) -> Reading:
    """The file's values. Raises UnreadableError, and RefusedError where a column is not known."""
    table = source.table()

    @cache
    def labels_of(column: str) -> tuple[str, ...]:
        labels = table.frame[column].str.strip_chars().unique().drop_nulls()
        return tuple(labels.sort()) if len(labels) <= MOST_LABELS else ()

    match = matched(KIND, table.columns, source.added, labels_of)
    rows, left_out = split_by_fault(
        _rows(table, match),
        [
            (
                pl.col("geography_code").is_null() & _IS_AUTHORITY & may_be_authority(pl.col("gss_code")),
                pl.format(UNKNOWN_AUTHORITY + "{} {}", "gss_code", pl.col("la_name").fill_null("")),
            ),
            (pl.col("geography_code").is_null(), pl.format("not an area that comparators use: {}", "area_text")),
            (pl.col("period_end").is_null(), pl.format("not a year: {} {}", "time_identifier", "period")),
        ],
    )
    rows, repeated = without_repeats(
        rows,
        ["geography_level", "geography_code", "period", "dimensions"],
        [column.name for column in match.of("measure")],
    )
    measures = {
        column.name: {"measure": f"{match.dataset}.{column.header.column}", "unit": column.header.unit}
        for column in match.of("measure")
    }
    return Reading(
        rows_read=table.rows_read,
        values=final_values(unpivoted(rows, measures), KIND),
        left_out=pl.concat([left_out, repeated, ragged_rows(table.ragged, len(table.columns))]),
        notes=match.notes,
    )


def _rows(table: TextTable, match: Matched) -> pl.DataFrame:
    """The rows with area, year and breakdown recognised; the measures are still columns."""
    cells = table.frame.select(
        table.line_numbers.alias("row_number"),
        *(pl.col(column.name) for column in match.of("measure")),
        *(
            pl.col(column.name).str.strip_chars().replace("", None).alias(column.header.column)
            for column in match.columns
            if column.header.role not in ("measure", "dimension")
        ),
        dimension_text(_breakdowns(table, match)).alias("dimensions"),
    )
    cells = cells.with_columns(
        pl.lit(None, pl.String).alias(name) for name in _AREA_COLUMNS if name not in cells.columns
    )
    region_level, region_code = region_of(pl.col("region_code"), pl.col("region_name"))
    england = _IS_NATION & is_england(pl.col("country_code"), pl.col("country_name"))
    rows = cells.with_columns(
        pl.when(england)
        .then(pl.lit(NATIONAL))
        .when(_IS_REGION)
        .then(region_level)
        .when(_IS_AUTHORITY)
        .then(pl.lit(AUTHORITY))
        .alias("geography_level"),
        pl.when(england)
        .then(pl.lit(ENGLAND))
        .when(_IS_REGION)
        .then(region_code)
        .when(_IS_AUTHORITY)
        .then(authority_of(pl.col("old_la_code"), pl.col("new_la_code"), pl.col("la_name")))
        .alias("geography_code"),
        _of_level("la_name", "region_name", "country_name").alias("geography_name"),
        _of_level("new_la_code", "region_code", "country_code").alias("gss_code"),
        pl.when(_IS_AUTHORITY).then("old_la_code").alias("dfe_code"),
        pl.concat_str(
            [
                pl.when(_IS_NATION).then("country_name").otherwise("geographic_level"),
                "region_name",
                "la_name",
                "old_la_code",
            ],
            separator=" ",
            ignore_nulls=True,
        ).alias("area_text"),
        pl.col("category").alias("measure_title"),
        pl.col("time_period").fill_null("").alias("period"),
        pl.lit("mid_year").alias("period_kind")
        if match.dataset == POPULATION
        else pl.col("time_identifier")
        .str.to_lowercase()
        .replace_strict(PERIOD_KINDS, default=None)
        .alias("period_kind"),
    )
    return with_period_end(rows.with_columns(pl.col("time_identifier").fill_null("")))


def _of_level(of_authority: str, of_region: str, of_england: str) -> pl.Expr:
    """The column that describes the area, which depends on the level of the row."""
    return pl.when(_IS_AUTHORITY).then(of_authority).when(_IS_REGION).then(of_region).otherwise(of_england)


def _breakdowns(table: TextTable, match: Matched) -> dict[str, pl.Expr]:
    """The breakdowns of a row by our names; one that is not known keeps its published name.

    Releases name the children of the health checks differently, and some have no column for them: the group of the
    rows about these checks gets one name.
    """
    names = match.breakdowns
    columns = {column.header.column: column.name for column in match.of("dimension")}
    breakdowns = {
        column: pl.col(name).str.strip_chars().replace(dict(names[name])) for column, name in columns.items()
    }
    checks = {
        name: [label for label, known in names[name].items() if known in _CHECKS] for name in columns.values()
    }
    of_checks = next((name for name, labels in checks.items() if labels), None)
    if of_checks is None:
        return breakdowns
    if _GROUP not in columns:
        return breakdowns | {_GROUP: pl.lit(HEALTH)}
    is_check = pl.col(of_checks).str.strip_chars().is_in(checks[of_checks])
    groups = table.frame.filter(is_check)[columns[_GROUP]].str.strip_chars().unique()
    if len(groups) > 1:
        groups = groups.filter(groups.str.to_lowercase().str.contains(r"\b(all|total)\b"))
    return breakdowns | {_GROUP: breakdowns[_GROUP].replace(groups[0], HEALTH)} if len(groups) == 1 else breakdowns
