"""Reads the bytes of one file into a table of text, whatever its format, encoding and separator.

Belongs here: what a line, a field and a header are. Does not belong here: what a column means (`row_checks`).
Values keep their text, blanks included, so that a rejected row can be shown as delivered.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SEPARATORS = ",;\t"
ENDINGS = (".csv", ".csv.gz", ".parquet", ".xlsx")
_END_OF_FILE = "\x00end of file"


class UnreadableError(Exception):
    """The file cannot be read. The message says why and shows no value."""


@dataclass(frozen=True)
class RaggedRow:
    """A row with more or fewer fields than the header."""

    line_number: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class TextTable:
    """A file as text.

    `headers`: as written. `columns`: the same, trimmed and in lower case, as in `frame`. `line_numbers`: the line
    on which each row begins; the header is line 1. `ragged`: rows with too many or too few fields.
    """

    headers: tuple[str, ...]
    columns: tuple[str, ...]
    frame: pl.DataFrame
    line_numbers: pl.Series
    ragged: tuple[RaggedRow, ...] = ()

    @property
    def rows_read(self) -> int:
        return self.frame.height + len(self.ragged)


def read_table(file_name: str, data: bytes) -> TextTable:
    """The table in a file's bytes. The ending of its name gives the format. Raises UnreadableError."""
    if not data:
        raise UnreadableError("the file is empty")
    name = file_name.lower()
    if name.endswith(".parquet"):
        return _read_parquet(data)
    if name.endswith(".xlsx"):
        return _read_workbook(data)
    return _read_csv(_unzipped(data) if name.endswith(".gz") else data)


def _unzipped(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as fault:
        raise UnreadableError("the compressed file is cut off or damaged") from fault


def _read_parquet(data: bytes) -> TextTable:
    try:
        frame = pl.read_parquet(io.BytesIO(data))
        frame = frame.select(_as_text(column) for column in frame)
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise UnreadableError("the parquet file is cut off or damaged") from fault
    return _table(tuple(frame.columns), frame, pl.int_range(2, frame.height + 2, eager=True))


def _as_text(column: pl.Series) -> pl.Series:
    """Values as text, as a case system exports them: whole numbers without a fraction, ISO dates."""
    if column.dtype == pl.Datetime:
        return column.dt.to_string("%Y-%m-%d %H:%M:%S%.f")
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        is_whole = whole.cast(column.dtype) == column
        return whole.cast(pl.String).zip_with(is_whole.fill_null(False), column.cast(pl.String))
    if column.dtype.is_decimal():
        return column.cast(pl.String).str.replace(r"\.0+$", "")
    return column.cast(pl.String)


def _read_workbook(data: bytes) -> TextTable:
    import fastexcel  # noqa: PLC0415  slow to import, and few drops have a workbook

    try:
        sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, dtypes="string").to_polars()
    except fastexcel.FastExcelError as fault:
        raise UnreadableError("the workbook is cut off or damaged") from fault
    if not sheet.height:
        raise UnreadableError("the file is empty")
    headers = tuple(value or "" for value in sheet.row(0))
    rows = sheet.slice(1).with_columns(pl.int_range(2, sheet.height + 1).alias("line"))
    rows = rows.filter(~pl.all_horizontal(pl.exclude("line").is_null()))
    return _table(headers, rows.drop("line"), rows["line"])


def _read_csv(data: bytes) -> TextTable:
    data = _utf8(data)
    if not data.strip():
        raise UnreadableError("the file is empty")
    header_line = re.split(rb"[\r\n]", data.lstrip(), maxsplit=1)[0].decode()
    separator = max(SEPARATORS, key=header_line.count)
    return _read_regular(data, separator) or _read_line_by_line(data.decode(), separator)


def _utf8(data: bytes) -> bytes:
    data = data.removeprefix(BYTE_ORDER_MARK)
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
        return data
    except UnicodeDecodeError as fault:
        # another encoding fails at the first letter with an accent, not only at the end of the file
        if fault.reason == "unexpected end of data" and not data[: fault.start].isascii():
            raise UnreadableError("the file is cut off in the middle of a letter") from fault
    try:
        return data.decode("cp1252").encode()
    except UnicodeDecodeError as fault:
        raise UnreadableError("the file is neither UTF-8 nor cp1252") from fault


def _read_regular(data: bytes, separator: str) -> TextTable | None:
    """The table, read fast, or None unless it is certain that every line is one row of full width.

    The fast reader silently pads short rows and misreads stray quotes. Therefore lines and separators (without
    those inside values) are counted: there must be as many as in rows of full width.
    """
    if data.count(b"\r") not in (0, data.count(b"\r\n")):
        return None
    headers = _header(data.partition(b"\n")[0].decode(), separator)
    if headers is None or len(headers) == 1:
        return None
    if b'"' in data and not _quotes_enclose_fields(data, separator.encode()):
        return None
    try:
        frame = pl.read_csv(data, separator=separator, infer_schema=False, empty_string_is_null=False)
    except pl.exceptions.PolarsError:
        return None
    if not _is_rectangular(frame, headers, data, separator):
        return None
    return _table(headers, frame, pl.int_range(2, frame.height + 2, eager=True))


def _is_rectangular(frame: pl.DataFrame, headers: tuple[str, ...], data: bytes, separator: str) -> bool:
    """Whether each line of the file is one row of full width, by its number of separators."""
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    inside = sum(header.count(separator) for header in headers)
    if b'"' in data and frame.height:
        inside += sum(frame.select(pl.all().str.count_matches(separator, literal=True).sum()).row(0))
    between = data.count(separator.encode()) - inside
    is_one_row_a_line = frame.width == len(headers) and frame.height + 1 == lines
    return is_one_row_a_line and between == lines * (len(headers) - 1)


def _header(line: str, separator: str) -> tuple[str, ...] | None:
    """The names in a header line, or None if it is blank or has quotes other than around names."""
    if line.count('"') % 2 or not line.strip():
        return None
    names = tuple(next(csv.reader([line.removesuffix("\r")], delimiter=separator)))
    return None if any('"' in name for name in names) else names


def _quotes_enclose_fields(data: bytes, separator: bytes) -> bool:
    """Whether each quote, except doubled ones, opens or closes a field."""
    rest = data.replace(b'""', b"")
    opening = rest.count(separator + b'"') + rest.count(b'\n"') + rest.startswith(b'"')
    closing = rest.count(b'"' + separator) + rest.count(b'"\n') + rest.count(b'"\r\n') + rest.endswith(b'"')
    return opening == closing == rest.count(b'"') / 2


def _read_line_by_line(text: str, separator: str) -> TextTable:
    """The table with exact line numbers, read row by row, whatever their widths. Raises UnreadableError."""
    is_last_line_whole = text.endswith(("\n", "\r"))
    source = io.StringIO(text + ("" if is_last_line_whole else "\n") + _END_OF_FILE, newline="")
    reader = csv.reader(source, delimiter=separator)
    records: list[tuple[int, list[str]]] = []
    line_number = 1
    try:
        for fields in reader:
            if len(fields) > 1 or "".join(fields).strip():
                records.append((line_number, fields))
            line_number = reader.line_num + 1
    except csv.Error as fault:
        raise UnreadableError(f"a field that begins after line {line_number} does not end") from fault
    last_line, last = records.pop()
    if last != [_END_OF_FILE]:
        raise UnreadableError(f"the file is cut off: a quote opened on line {last_line} is never closed")
    if not records:
        raise UnreadableError("the file is empty")
    _, headers = records[0]
    rows = records[1:]
    if rows and not is_last_line_whole and len(rows[-1][1]) < len(headers):
        raise UnreadableError(f"the file is cut off in line {rows[-1][0]}")
    whole = [row for row in rows if len(row[1]) == len(headers)]
    frame = pl.DataFrame(
        [list(values) for values in zip(*(fields for _, fields in whole), strict=True)] or None,
        schema={f"column {number}": pl.String for number in range(len(headers))},
    )
    return _table(
        tuple(headers),
        frame,
        pl.Series([line for line, _ in whole], dtype=pl.Int64),
        tuple(RaggedRow(line, tuple(fields)) for line, fields in rows if len(fields) != len(headers)),
    )


def _table(
    headers: tuple[str, ...], frame: pl.DataFrame, line_numbers: pl.Series, ragged: Sequence[RaggedRow] = ()
) -> TextTable:
    """The table of a file. Raises UnreadableError if two headers are the same."""
    columns = tuple(header.strip().lower() or f"column {number}" for number, header in enumerate(headers, 1))
    for number, name in enumerate(columns, 1):
        if name in columns[: number - 1]:
            first = columns.index(name) + 1
            raise UnreadableError(f"the header names column {number} the same as column {first}")
    frame.columns = list(columns)
    return TextTable(headers, columns, frame, line_numbers, tuple(ragged))
