"""Recognises the layout of a file from its header, never from its name."""

import csv
import gzip
import io
import zlib
from collections.abc import Sequence

import polars as pl

from pipelines.comparators.reader_output import RefusedError
from pipelines.ingest.file_reading import BYTE_ORDER_MARK, UnreadableError

MARKS = {
    "ees": ("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    "first_release": ("new_geog_code", "geog_l", "geog_c", "geog_n"),
    "interactive_tool": ("short desc", "data item", "years", "la and regions", "values", "la number"),
    "interactive_tool_dictionary": ("measure_code", "measure_short", "polarity", "dps", "year_type"),
    "fingertips": ("indicator id", "indicator name", "area code", "area type", "time period", "value"),
    "neighbours": ("sn1", "sn2", "sn3", "sn9", "sn10"),
    "printed": ("indicator_id", "geography", "year", "value"),
}
"""Columns that identify a layout. Most of them are enough, because a release may rename one."""
ENOUGH = 0.6
LONGEST_HEADER = 1 << 16


def layout_of(columns: Sequence[str]) -> str:
    """The layout with the largest share of its marks in the header. Raises RefusedError below `ENOUGH`."""
    squeezed = {column.replace("sn_", "sn") for column in columns}
    share = {
        layout: sum(mark in columns or mark in squeezed for mark in marks) / len(marks)
        for layout, marks in MARKS.items()
    }
    best = max(share, key=lambda layout: share[layout])
    if share[best] < ENOUGH:
        raise RefusedError("its header matches no known layout; layouts: " + ", ".join(MARKS))
    return best


def header_of(file_name: str, data: bytes) -> list[str]:
    """The header of a CSV or parquet file, or the first row of a workbook, trimmed and in lower case.

    Raises UnreadableError.
    """
    name = file_name.lower()
    if name.endswith(".parquet"):
        try:
            names: Sequence[str | None] = list(pl.read_parquet_schema(io.BytesIO(data)))
        except (pl.exceptions.PolarsError, OSError) as fault:
            raise UnreadableError("the parquet file is cut off or damaged") from fault
    elif name.endswith(".xlsx"):
        names = sheet_rows(data)[0]
    else:
        start = data if name.endswith(".gz") else data[:LONGEST_HEADER]
        names = next(csv.reader(io.StringIO(text_of(name, start))), [])
    return [(name or "").strip().lower() for name in names]


def text_of(file_name: str, data: bytes) -> str:
    """The text of a CSV file, compressed or not. Raises UnreadableError."""
    try:
        plain = gzip.decompress(data) if file_name.lower().endswith(".gz") else data
    except (EOFError, OSError, zlib.error) as fault:
        raise UnreadableError("the compressed file is cut off or damaged") from fault
    plain = plain.removeprefix(BYTE_ORDER_MARK)
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError:
        return plain.decode("cp1252", errors="replace")


def sheet_rows(data: bytes, sheet: int | str = 0, rows: int | None = 1) -> list[tuple[str | None, ...]]:
    """The first rows of a sheet as text, or all rows with `rows=None`. Raises UnreadableError."""
    import fastexcel  # noqa: PLC0415  imported only for a workbook

    try:
        loaded = fastexcel.read_excel(data).load_sheet(sheet, header_row=None, n_rows=rows, dtypes="string")
    except fastexcel.FastExcelError as fault:
        raise UnreadableError("the workbook is cut off or damaged") from fault
    filled = loaded.to_polars().rows()
    return filled or [()]
