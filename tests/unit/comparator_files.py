"""Small files in the layouts of publishers, with made-up figures, and reading them."""

import csv
import io
from collections.abc import Sequence

import polars as pl
from taken_files import taken

from pipelines.comparators.reader_output import Reading
from pipelines.comparators.readers import layout_of_file, read_as
from pipelines.comparators.source_file import Source

EES_PLACE = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
)
ENGLAND = ("National", "E92000001", "England", "", "", "", "", "")
NORTH_WEST = ("Regional", "E92000001", "England", "E12000002", "North West", "", "", "")
LONDON = ("Regional", "E92000001", "England", "E12000007", "London", "", "", "")
INNER_LONDON = ("Regional", "E92000001", "England", "E13000001", "Inner London", "", "", "")
LANCASHIRE = (
    "Local authority",
    "E92000001",
    "England",
    "E12000002",
    "North West",
    "888",
    "E10000017",
    "Lancashire",
)
ISLE_OF_WIGHT = (
    "Local authority",
    "921",
    "England",
    "E12000008",
    "South East",
    "921",
    "E06000046",
    "Isle of Wight",
)


def csv_bytes(header: Sequence[str], *rows: Sequence[object], mark: bytes = b"") -> bytes:
    """A CSV file, with a byte-order mark where given."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return mark + text.getvalue().encode()


def ees(measures: Sequence[str], *rows: tuple[tuple[str, ...], str, Sequence[object]], mark: bytes = b"") -> bytes:
    """A file of Explore Education Statistics; each row is an area, a year and the cells of the measures."""
    return csv_bytes(
        [*EES_PLACE, *measures],
        *((year, "Reporting year", *area, *cells) for area, year, cells in rows),
        mark=mark,
    )


def lait(*rows: tuple[str, str, str, str, str, float]) -> bytes:
    """A long file of the interactive tool; each row is measure, description, year, area, value and number."""
    frame = pl.DataFrame(
        [(*row, "NA") for row in rows],
        schema={
            "Short Desc": pl.String,
            "Data item": pl.String,
            "Years": pl.String,
            "LA and Regions": pl.String,
            "Values": pl.String,
            "LA Number": pl.Float64,
            "Region": pl.String,
        },
        orient="row",
    ).with_columns(pl.col("Data item").replace("", None))
    data = io.BytesIO()
    frame.write_parquet(data)
    return data.getvalue()


def reading_of(data: bytes, name: str = "x.csv", year: str | None = None) -> Reading:
    """The file read by the reader that its header asks for; every row of it is accounted for."""
    with taken(name, data) as file:
        reading = read_as(layout_of_file(file), Source("dfe", "release", name, file, year, {}))
    assert reading.rows_read == reading.rows_loaded + reading.left_out.height
    return reading


def figures(reading: Reading, *columns: str) -> list[tuple[object, ...]]:
    """The named columns of the values, in the order of the file."""
    return reading.values.select(columns).rows()
