"""Reads the bytes of one file into a table of text, whatever its format, encoding and separator.

Belongs here: what a line, a field and a header are. Does not belong here: what a column means (`row_checks`).
Values keep their text, blanks included, so that a rejected row can be shown as delivered.
"""

import csv
import datetime as dt
import io
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import fastexcel

from pipelines.reading.file_checks import (
    UnreadableError,
    check_cells,
    check_size,
    check_workbook,
    refuse_no_parquet,
    refuse_other_kind,
    refuse_page,
    unzipped,
)
from pipelines.reading.workbook_cells import text_of_sheet
from pipelines.settings import InputLimits

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SEPARATORS = ",;\t|"
LONGEST_HEADER = 1 << 20
LONGEST_CELL = csv.field_size_limit()
"""Bytes of a cell. An assessment or a plan as free text has a tenth of it."""
MOST_RAGGED = 100_000
"""Rows with another number of fields than the header that are kept to be shown."""
LINES_SEARCHED = 10
"""A header is one of the first lines or rows: below a title, or on another sheet than a cover."""
SHEETS_SEARCHED = 20
LEAST_KNOWN = 2
"""As many names of columns as make a line a header."""
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MARKS_OF_UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_LETTERS_LOOKED_AT = 100
_END_OF_DOS_TEXT = b"\x1a"
_SEPARATOR_FOR_EXCEL = re.compile(rb'"?sep=(.)"?[,;\t|]*(?:\r\n|\n|\r)', re.IGNORECASE)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|$)")
_DAY = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_FIRST_DAY, _LAST_DAY = ((day - dt.date(1970, 1, 1)).days for day in (dt.date.min, dt.date.max))
"""Counted from 1970, as parquet counts."""
_FIRST_YEAR_OF_CLOCKS = 1900
_END_OF_FILE = "\x00end of file"


@dataclass(frozen=True)
class RaggedRow:
    """A row with more or fewer fields than the header."""

    line_number: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class TextTable:
    """A file as text.

    `headers`: as written. `columns`: the same, trimmed and in lower case, as in `frame`. `line_numbers`: the line
    on which each row begins; the header is line 1, or below a title. `ragged`: rows with too many or too few
    fields. `notes`: what a person should know about where the table was found.
    """

    headers: tuple[str, ...]
    columns: tuple[str, ...]
    frame: pl.DataFrame
    line_numbers: pl.Series
    ragged: tuple[RaggedRow, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rows_read(self) -> int:
        return self.frame.height + len(self.ragged)


def read_table(
    file_name: str, data: bytes, limits: InputLimits | None = None, known: Collection[str] = ()
) -> TextTable:
    """The table in a file's bytes. The ending of its name gives the format. Raises UnreadableError.

    `known`: names of columns by which a header is found below a title, or on another sheet than the first.
    Reading a damaged or hostile file can end the process: `reader.py` calls this in one of its own.
    """
    limits = limits or InputLimits()
    if not data:
        raise UnreadableError("the file is empty")
    name = file_name.lower()
    if name.endswith(".parquet"):
        table = _read_parquet(data, limits)
    elif name.endswith(".xlsx"):
        table = _read_workbook(data, limits, known)
    else:
        table = _read_csv(plain_text(name, data, limits), limits, known)
    return _without_rows_of_nothing(table, known)


def _without_rows_of_nothing(table: TextTable, known: Collection[str]) -> TextTable:
    """The table without rows that have a value in unknown columns only, such as the number of a line."""
    columns = [column for column in table.columns if column in known]
    if not columns or len(columns) == len(table.columns):
        return table
    if not table.frame.select(_is_blank(pl.col(columns[0]))).to_series().any():
        return table
    is_row = ~table.frame.select(pl.all_horizontal(_is_blank(pl.col(columns)))).to_series()
    if is_row.all():
        return table
    note = f"rows with no value in any known column, which are no rows: {(~is_row).sum():,}"
    return replace(
        table,
        frame=table.frame.filter(is_row),
        line_numbers=table.line_numbers.filter(is_row),
        notes=(*table.notes, note),
    )


def header_names(file_name: str, data: bytes, limits: InputLimits) -> list[str]:
    """The header of a CSV or parquet file, or the first row of a workbook, trimmed and in lower case.

    Raises UnreadableError.
    """
    name = file_name.lower()
    if name.endswith(".parquet"):
        names: Sequence[str | None] = list(_parquet_schema(data, limits))
    elif name.endswith(".xlsx"):
        rows = sheet_rows(data, 0, 1, limits).rows()
        names = rows[0] if rows else []
    else:
        text = text_as_published(plain_text(name, data, limits)[:LONGEST_HEADER])
        try:
            names = next(csv.reader(io.StringIO(text)), [])
        except csv.Error as fault:
            raise UnreadableError("a field of the first line does not end") from fault
    check_size(len(names), 1, limits)
    return [(header or "").strip().lower() for header in names]


def sheet_names(data: bytes, limits: InputLimits) -> list[str]:
    """The names of a workbook's sheets. Raises UnreadableError."""
    check_workbook(data, limits)
    with opened_workbook(data) as workbook:
        return list(workbook.sheet_names)


@contextmanager
def opened_workbook(data: bytes) -> Iterator["fastexcel.ExcelReader"]:
    """A workbook, xlsx or xls. Raises UnreadableError where it cannot be opened, or a sheet cannot be loaded."""
    import fastexcel  # noqa: PLC0415  slow to import, and few files are workbooks

    try:
        yield fastexcel.read_excel(data)
    except fastexcel.FastExcelError as fault:
        raise UnreadableError("the workbook is cut off or damaged") from fault


def sheet_rows(data: bytes, sheet: int | str, rows: int | None, limits: InputLimits) -> pl.DataFrame:
    """The first rows of a sheet as text, or all with `rows=None`. Raises UnreadableError."""
    return _load_sheet(data, sheet, rows, limits).to_polars()


def _load_sheet(data: bytes, sheet: int | str, rows: int | None, limits: InputLimits) -> "fastexcel.ExcelSheet":
    check_workbook(data, limits, sheet)
    with opened_workbook(data) as workbook:
        loaded = workbook.load_sheet(sheet, header_row=None, n_rows=rows, dtypes="string")
    check_size(loaded.width, loaded.height, limits)
    return loaded


def csv_lines(file_name: str, data: bytes, limits: InputLimits) -> pl.DataFrame:
    """Every line of a CSV file of no regular width: its number and its fields. Raises UnreadableError."""
    text = text_as_published(plain_text(file_name, data, limits))
    reader = csv.reader(io.StringIO(text, newline=""))
    lines, cells = [], 0
    try:
        for fields in reader:
            cells += len(fields)
            check_size(len(fields), 1, limits)
            check_cells(cells, limits)
            lines.append((reader.line_num, fields))
    except csv.Error as fault:
        raise UnreadableError(f"a field that begins after line {reader.line_num} does not end") from fault
    return pl.DataFrame(lines, schema=LINES, orient="row")


LINES = pl.Schema({"line": pl.Int64(), "fields": pl.List(pl.String())})


def plain_text(file_name: str, data: bytes, limits: InputLimits) -> bytes:
    """The bytes of a CSV file, unpacked, UTF-16 as UTF-8, and without the Ctrl-Z that ends a DOS text.

    Raises UnreadableError.
    """
    if file_name.lower().endswith(".gz"):
        refuse_other_kind(b"" if data.startswith(b"\x1f\x8b") else data, "a gzip file")
        data = unzipped(data, limits)
    refuse_other_kind(data, "a CSV file")
    data = _without_utf_16(data)
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise UnreadableError(f"a NUL byte in line {line}: export the file as UTF-8 text")
    text = data.rstrip(b"\x1a\r\n ")
    end = data.find(_END_OF_DOS_TEXT, len(text))
    return data if end < 0 else data[:end]


def _without_utf_16(data: bytes) -> bytes:
    """UTF-16 text as UTF-8, whether it has a mark or not; other bytes as they are. Raises UnreadableError."""
    if data.startswith(_MARKS_OF_UTF_32):
        raise UnreadableError("the file is UTF-32: export it as UTF-8")
    encoding = "utf-16" if data.startswith(_MARKS_OF_UTF_16) else _utf_16_without_mark(data)
    if encoding is None:
        return data
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError as fault:
        raise UnreadableError("the file is UTF-16 and cut off or damaged: export it again, as UTF-8") from fault


def _utf_16_without_mark(data: bytes) -> str | None:
    """The encoding where every other byte of the first letters is NUL, as in the names of a header; else None."""
    first, second = data[0 : 2 * _LETTERS_LOOKED_AT : 2], data[1 : 2 * _LETTERS_LOOKED_AT : 2]
    if second and not any(second) and all(first):
        return "utf-16-le"
    return "utf-16-be" if second and not any(first) and all(second) else None


def text_as_published(data: bytes) -> str:
    """UTF-8 or cp1252 as text; a byte that is neither becomes a sign for it."""
    plain = data.removeprefix(BYTE_ORDER_MARK)
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError:
        return plain.decode("cp1252", errors="replace")


def _parquet_schema(data: bytes, limits: InputLimits) -> pl.Schema:
    refuse_no_parquet(data)
    try:
        schema = pl.Schema(pl.read_parquet_schema(io.BytesIO(data)))
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise UnreadableError("the parquet file is cut off or damaged") from fault
    for number, dtype in enumerate(schema.dtypes(), 1):
        if dtype.is_nested() or dtype in (pl.Object, pl.Binary, pl.Duration):
            kind = str(dtype.base_type()).lower()
            raise UnreadableError(f"column {number} is of the type {kind}: export one text, number or day a cell")
    check_size(len(schema), 1, limits)
    return schema


def _read_parquet(data: bytes, limits: InputLimits) -> TextTable:
    columns = _parquet_schema(data, limits)
    try:
        rows = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
        check_size(len(columns), rows, limits)
        frame = pl.read_parquet(io.BytesIO(data))
        frame = frame.select(_as_text(column) for column in frame)
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise UnreadableError("the parquet file is cut off or damaged") from fault
    return _table(tuple(frame.columns), frame, pl.int_range(2, frame.height + 2, eager=True))


def _as_text(column: pl.Series) -> pl.Series:
    """Values as text, as a case system exports them: whole numbers without a fraction, ISO dates."""
    if column.dtype == pl.Date:
        return _days_as_text(column, 1, "%Y-%m-%d")
    if isinstance(column.dtype, pl.Datetime):
        return _days_as_text(column, _DAY[column.dtype.time_unit], "%Y-%m-%d %H:%M:%S%.f")
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        is_whole = whole.cast(column.dtype) == column
        return whole.cast(pl.String).zip_with(is_whole.fill_null(False), column.cast(pl.String))
    if column.dtype.is_decimal():
        return column.cast(pl.String).str.replace(r"\.0+$", "")
    return column.cast(pl.String)


def _days_as_text(column: pl.Series, day: int, form: str) -> pl.Series:
    """ISO dates and times. What lies outside the years 1 to 9999 becomes a text that fits no column of a contract.

    `day`: a day in the units in which the column counts.
    """
    numbers = column.to_physical()
    is_known = (numbers // day).is_between(_FIRST_DAY, _LAST_DAY).fill_null(True)
    days = numbers.set(~is_known, None).cast(column.dtype)
    texts = (_by_clocks_in_england(days) if getattr(days.dtype, "time_zone", None) else days).dt.to_string(form)
    return texts.zip_with(is_known, numbers.cast(pl.String) + " since 1970")


def _by_clocks_in_england(moments: pl.Series) -> pl.Series:
    """Moments without their zone, as the text of such a moment is read. Before 1900 they are signs for no day."""
    in_utc = moments.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    local = moments.dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)
    return local.zip_with((in_utc.dt.year() >= _FIRST_YEAR_OF_CLOCKS).fill_null(value=True), in_utc)


@dataclass(frozen=True)
class _HeaderPlace:
    """Where a header was found: on which sheet, how many lines are above it, and how many names it has.

    `unread`: other sheets that hold a table of this object, or rows with more than half as many columns.
    """

    sheet: int
    above: int
    names: int
    unread: tuple[int, ...] = ()

    def notes(self, sheets: int = 1) -> tuple[str, ...]:
        on_sheet = (f"the table was read from sheet {self.sheet + 1} of {sheets}",) if self.sheet else ()
        lines = "the line above it was" if self.above == 1 else f"the {self.above} lines above it were"
        above = (f"the header was found in line {self.above + 1}, and {lines} left out",) if self.above else ()
        unread = tuple(f"sheet {sheet + 1} of {sheets} holds rows too, and was not read" for sheet in self.unread)
        return (*on_sheet, *above, *unread)


def _find_header(rows: Iterable[Collection[str]], known: Collection[str], sheet: int = 0) -> _HeaderPlace | None:
    """The first of the rows that names a column, if it is the first, or several, if it is below a title."""
    for above, row in enumerate(rows):
        names = len({name.strip().lower() for name in row} & set(known))
        if names >= (LEAST_KNOWN if above else 1):
            return _HeaderPlace(sheet, above, names)
    return None


def _read_workbook(data: bytes, limits: InputLimits, known: Collection[str]) -> TextTable:
    sheets = len(sheet_names(data, limits))
    first = _load_sheet(data, 0, None, limits)
    header = _header_of_workbook(data, first, sheets, limits, known)
    loaded = _load_sheet(data, header.sheet, None, limits) if header.sheet else first
    sheet = text_of_sheet(loaded, header.sheet, data)[header.above :]
    if not sheet.height:
        raise UnreadableError("the file is empty")
    headers = tuple(value or "" for value in sheet.row(0))
    below = header.above + 2
    rows = sheet.slice(1).with_columns(pl.int_range(below, sheet.height + below - 1).alias("line"))
    return replace(_table(headers, rows.drop("line"), rows["line"]), notes=header.notes(sheets))


def _header_of_workbook(
    data: bytes, first: "fastexcel.ExcelSheet", sheets: int, limits: InputLimits, known: Collection[str]
) -> _HeaderPlace:
    """The header with most known names. A hidden sheet counts only if no other has one. Raises UnreadableError."""
    others = range(1, min(sheets, SHEETS_SEARCHED) if known else 0)
    loaded = [first, *(_load_sheet(data, sheet, LINES_SEARCHED, limits) for sheet in others)]
    headers = [
        (sheet.visible == "visible", header)
        for number, sheet in enumerate(loaded)
        if (header := _find_header(_first_rows(sheet), known, number))
    ]
    shown = [header for is_visible, header in headers if is_visible] or [header for _, header in headers]
    most = max((header.names for header in shown), default=0)
    best = [header for header in shown if header.names == most]
    if len(best) > 1:
        places = " and ".join(str(header.sheet + 1) for header in best)
        raise UnreadableError(f"the sheets {places} each hold a table of this object: deliver one of them")
    if not best:
        return _HeaderPlace(0, 0, 0)
    with_table = {header.sheet for _, header in headers}
    width = loaded[best[0].sheet].width
    unread = [n for n, sheet in enumerate(loaded) if n in with_table or (sheet.height and 2 * sheet.width > width)]
    return replace(best[0], unread=tuple(n for n in unread if n != best[0].sheet))


def _first_rows(sheet: "fastexcel.ExcelSheet") -> list[list[str]]:
    return [[value or "" for value in row] for row in sheet.to_polars().head(LINES_SEARCHED).rows()]


def _read_csv(data: bytes, limits: InputLimits, known: Collection[str]) -> TextTable:
    data = _utf8(data)
    refuse_page(data, "a CSV file")
    separator, above = None, 0
    if for_excel := _SEPARATOR_FOR_EXCEL.match(data):
        separator, above, data = for_excel[1].decode(errors="replace"), 1, data[for_excel.end() :]
    header = _header_below_a_title(data, separator, known)
    if header is not None and header.above:
        data = data[sum(len(line) for line in _first_lines(data)[: header.above]) :]
        above += header.above
        header = replace(header, above=above)
    header_line = re.split(rb"[\r\n]", data[: LONGEST_HEADER + 1].lstrip(), maxsplit=1)[0]
    if not header_line and not data.strip():
        raise UnreadableError("the file is empty")
    if len(header_line) > LONGEST_HEADER - 1:
        raise UnreadableError(
            f"the first line has more than {LONGEST_HEADER >> 20} MB: are the line ends missing?"
        )
    names = header_line.decode(errors="replace")
    separator = separator or max(SEPARATORS, key=names.count)
    columns = names.count(separator) + 1
    check_size(columns, data.count(b"\n") + 1 if columns > 1 else 1, limits)
    table = _read_regular(data, separator, above) or _read_line_by_line(data.decode(), separator, limits, above)
    return replace(table, notes=header.notes()) if header is not None else table


def _first_lines(data: bytes) -> list[bytes]:
    lines = _LINE.finditer(data[:LONGEST_HEADER])
    return [line[0] for line in itertools.islice(lines, LINES_SEARCHED)]


def _header_below_a_title(data: bytes, separator: str | None, known: Collection[str]) -> _HeaderPlace | None:
    """The header of a CSV file by its names, with whichever separator; None where no line names columns."""
    for line_separator in (separator or SEPARATORS) if known else ():
        rows = [
            [name.strip(' "') for name in line.decode(errors="replace").strip("\r\n").split(line_separator)]
            for line in _first_lines(data)
        ]
        if (header := _find_header(rows, known)) is not None:
            return header
    return None


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


def _read_regular(data: bytes, separator: str, above: int = 0) -> TextTable | None:
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
    return _table(headers, frame, pl.int_range(above + 2, frame.height + above + 2, eager=True))


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


def _read_line_by_line(text: str, separator: str, limits: InputLimits, above: int = 0) -> TextTable:
    """The table with exact line numbers, read row by row, whatever their widths. Raises UnreadableError."""
    is_last_line_whole = text.endswith(("\n", "\r"))
    source = io.StringIO(text + ("" if is_last_line_whole else "\n") + _END_OF_FILE, newline="")
    reader = csv.reader(source, delimiter=separator)
    records: list[tuple[int, list[str]]] = []
    line_number, cells = above + 1, 0
    try:
        for fields in reader:
            cells += len(fields)
            check_size(len(fields), 1, limits)
            check_cells(cells, limits)
            if len(fields) > 1 or "".join(fields).strip():
                records.append((line_number, fields))
            line_number = above + reader.line_num + 1
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
    headers, rows = _without_last_separators(headers, rows)
    whole = [row for row in rows if len(row[1]) == len(headers)]
    if len(rows) - len(whole) > MOST_RAGGED:
        raise UnreadableError(
            f"{len(rows) - len(whole):,} rows have more or fewer fields than the header: is {separator!r} the "
            "separator of the whole file?"
        )
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


def _without_last_separators(
    headers: list[str], rows: list[tuple[int, list[str]]]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows of one width where an exporter ends each row, or the header alone, with a separator.

    Only if all rows are so: in a single one, a separator inside a text would move the values behind it.
    """
    widths = {len(fields) for _, fields in rows if len(fields) > 1}
    width = max(widths, default=0)
    if len(widths) > 1 or len(rows) == 1 or width == len(headers):
        return headers, rows
    if width < len(headers):
        return (headers if "".join(headers[width:]).strip() else headers[:width]), rows
    if any("".join(fields[len(headers) :]).strip() for _, fields in rows):
        return headers, rows
    return headers, [(line, fields[: len(headers)]) for line, fields in rows]


def _table(
    headers: tuple[str, ...], frame: pl.DataFrame, line_numbers: pl.Series, ragged: Sequence[RaggedRow] = ()
) -> TextTable:
    """The table of a file. Raises UnreadableError if two headers are the same."""
    columns = tuple(header.strip().lower() or f"column {number}" for number, header in enumerate(headers, 1))
    first: dict[str, int] = {}
    for number, name in enumerate(columns, 1):
        if name in first:
            raise UnreadableError(f"the header names column {number} the same as column {first[name]}")
        first[name] = number
    frame.columns = list(columns)
    frame, line_numbers = _without_blank_rows(frame, line_numbers)
    ragged = [row for row in ragged if any(field.strip() for field in row.fields)]
    longest = frame.select(pl.all().str.len_bytes().max()).row(0) if frame.height else ()
    for number, length in enumerate(longest, 1):
        if length is not None and length > LONGEST_CELL:
            raise UnreadableError(f"a cell of column {number} has more than {LONGEST_CELL:,} bytes")
    return TextTable(headers, columns, frame, line_numbers, tuple(ragged))


def _without_blank_rows(frame: pl.DataFrame, line_numbers: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """The rows that have a value: a spreadsheet writes lines of separators for rows that were emptied."""
    if not frame.width or not frame.select(_is_blank(pl.first())).to_series().any():
        return frame, line_numbers
    has_value = ~frame.select(pl.all_horizontal(_is_blank(pl.all()))).to_series()
    return frame.filter(has_value), line_numbers.filter(has_value)


def _is_blank(values: pl.Expr) -> pl.Expr:
    return values.str.strip_chars().fill_null("") == ""
