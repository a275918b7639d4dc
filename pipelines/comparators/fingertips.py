"""Fingertips (Office for Health Improvement and Disparities): an indicator by area, sex, age and category.

A download holds several kinds of areas. The reader loads no districts, NHS areas and the like, and lists their
rows as left out. A county appears once per version of its boundaries: the first line counts.
"""

import polars as pl

from pipelines.comparators.geography import (
    AUTHORITY,
    area_columns,
    areas_by_gss,
    authority_of,
    may_be_authority,
)
from pipelines.comparators.headers import matched
from pipelines.comparators.periods import covers_several_years, last_year
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

KIND = "fingertips"


def read(source: Source) -> Reading:
    """The file's values. Raises UnreadableError, and RefusedError where a column is not known."""
    table = source.table()
    match = matched(KIND, table.columns, source.added)
    names = {column.header.column: column.name for column in match.columns}
    level, code = area_columns(areas_by_gss(), pl.col(names["area_code"]))
    by_name = authority_of(pl.lit(None, pl.String), pl.col(names["area_code"]), pl.col(names["area_name"]))
    period = pl.col(names["time_period"])
    several = covers_several_years(period)
    rows = table.frame.select(
        table.line_numbers.alias("row_number"),
        *(pl.col(column.name) for column in match.of("measure")),
        pl.col(names["indicator_id"]).alias("indicator"),
        pl.col(names["indicator_name"]).alias("measure_title"),
        pl.coalesce(level, pl.when(by_name.is_not_null()).then(pl.lit(AUTHORITY))),
        pl.coalesce(code, by_name),
        pl.col(names["area_name"]).alias("geography_name"),
        pl.col(names["area_type"]).fill_null("").alias("area_type"),
        pl.col(names["area_code"]).alias("gss_code"),
        period.alias("period"),
        pl.when(several)
        .then(pl.lit("several_years"))
        .when(period.str.contains("/"))
        .then(pl.lit("financial_year"))
        .otherwise(pl.lit("calendar_year"))
        .alias("period_kind"),
        dimension_text(
            {column.header.column: pl.col(column.name).replace("", None) for column in match.of("dimension")}
        ).alias("dimensions"),
        (pl.col(names["value_note"]) if "value_note" in names else pl.lit(None, pl.String)).alias("note"),
    )
    rows, left_out = split_by_fault(
        with_period_end(rows),
        [
            (
                pl.col("geography_code").is_null() & may_be_authority(pl.col("gss_code")),
                pl.format(UNKNOWN_AUTHORITY + "{} {}", "gss_code", pl.col("geography_name").fill_null("")),
            ),
            (pl.col("geography_code").is_null(), pl.format("not an area that comparators use: {}", "area_type")),
            (last_year(pl.col("period")).is_null(), pl.format("not a year: {}", "period")),
        ],
    )
    rows, repeated = without_repeats(
        rows, ["indicator", "geography_level", "geography_code", "period", "dimensions"]
    )
    measures = {
        column.name: {"part": column.header.column, "unit": column.header.unit or None}
        for column in match.of("measure")
    }
    kept = rows.rename({"indicator": "measure"})
    values = unpivoted(kept, measures).with_columns(
        pl.concat_str(["measure", "part"], separator=".").alias("measure"),
        # Fingertips leaves a suppressed cell blank and says so in a note
        pl.when(
            (pl.col("raw_token").fill_null("") == "")
            & pl.col("note").str.to_lowercase().str.contains("suppress|disclos|small number")
        )
        .then(pl.lit("*"))
        .otherwise("raw_token")
        .alias("read_token"),
    )
    shown = final_values(values.with_columns(pl.col("read_token").alias("raw_token")), KIND)
    return Reading(
        rows_read=table.rows_read,
        values=shown.with_columns(values["raw_token"]),
        left_out=pl.concat([left_out, repeated, ragged_rows(table.ragged, len(table.columns))]),
    )
