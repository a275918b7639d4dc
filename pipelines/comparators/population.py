"""The mid-year population workbook of the Office for National Statistics: people aged 0 to 17 by authority.

Its sheet of persons has a line per area and a column per year of age, below some lines of text that name the
mid-year. The reader loads counties and unitary authorities; it lists districts, metropolitan counties and the
other countries as left out. (The reader `ees` reads the population file of Explore Education Statistics.)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.comparators.geography import area_columns, areas_by_gss
from pipelines.comparators.reader_output import (
    Reading,
    RefusedError,
    final_values,
    split_by_fault,
    with_period_end,
    without_repeats,
)
from pipelines.comparators.source_file import Source
from pipelines.reading.reader import TakenFile

KIND = "population_workbook"
MEASURE = "population.population_0_17"
AGES = [str(age) for age in range(18)]
LINES_OF_TEXT = 20
_MID_YEAR = re.compile(r"mid[- ]?(20\d\d)|30 June (20\d\d)", re.IGNORECASE)


@dataclass(frozen=True)
class PersonsSheet:
    """The sheet of persons: the index of its header row (from 0), and the mid-year, where the sheet names one."""

    name: str
    header_row: int
    mid_year: str | None


def persons_sheet(file: TakenFile) -> PersonsSheet | None:
    """The sheet of a workbook that has persons by single year of age, or None. Raises UnreadableError."""
    for name in sorted(file.sheet_names(), key=lambda sheet: "person" not in sheet.lower()):
        if "male" in name.lower():
            continue
        rows = file.sheet_rows(name, LINES_OF_TEXT)
        for position, row in enumerate(rows):
            if {"code", "name", *AGES} <= set(_header(row)):
                words = " ".join(cell for above in rows[:position] for cell in above if cell)
                year = _MID_YEAR.search(f"{name} {words}")
                return PersonsSheet(name, position, next(filter(None, year.groups())) if year else None)
    return None


def read(source: Source, sheet: PersonsSheet) -> Reading:
    """People aged 0 to 17. Raises RefusedError where the mid-year is unknown."""
    year = sheet.mid_year or source.year
    if year is None:
        raise RefusedError("its mid-year is unknown: write year: YYYY into release.yml next to the file")
    rows = source.content.sheet_rows(sheet.name)
    header = _header(rows[sheet.header_row])
    body = [
        (number, *row) for number, row in enumerate(rows[sheet.header_row + 1 :], sheet.header_row + 2) if any(row)
    ]
    names = ["row_number", *(name or f"column {position}" for position, name in enumerate(header))]
    table = pl.DataFrame(body, schema=dict.fromkeys(names, pl.String) | {"row_number": pl.Int64}, orient="row")
    level, code = area_columns(areas_by_gss(), pl.col("code"))
    ages = [pl.col(age).cast(pl.Float64, strict=False) for age in AGES]
    cells = table.select(
        "row_number",
        level,
        code,
        pl.col("name").fill_null("").alias("geography_name"),
        pl.col("code").alias("gss_code"),
        pl.sum_horizontal(ages, ignore_nulls=False).cast(pl.Int64).cast(pl.String).alias("raw_token"),
        pl.lit(MEASURE).alias("measure"),
        pl.lit("age_group=0 to 17").alias("dimensions"),
        pl.lit("number").alias("unit"),
        pl.lit(year).alias("period"),
        pl.lit("mid_year").alias("period_kind"),
    )
    kept, left_out = split_by_fault(
        with_period_end(cells),
        [
            (
                pl.col("geography_code").is_null(),
                pl.format("not an area that comparators use: {}", "geography_name"),
            ),
            (pl.col("raw_token").is_null(), "an age from 0 to 17 has no number"),
        ],
    )
    kept, repeated = without_repeats(kept, ["geography_level", "geography_code"], ["raw_token"])
    return Reading(
        rows_read=table.height, values=final_values(kept, KIND), left_out=pl.concat([left_out, repeated])
    )


def _header(row: Sequence[str | None]) -> list[str]:
    return [re.sub(r"\.0$", "", (cell or "").strip().lower()) for cell in row]
