"""The outline of a file of any form: names of its sheets, its first rows, or the names of its XML elements.

Belongs here: finding them by the file's bytes, whatever its name. Does not belong here: which layout has them.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import islice

import polars as pl

from pipelines.reading.file_checks import check_workbook, unzipped
from pipelines.reading.file_reading import (
    LINES_SEARCHED,
    LONGEST_HEADER,
    SEPARATORS,
    header_names,
    opened_workbook,
    plain_text,
    text_as_published,
)
from pipelines.settings import InputLimits

SHEETS_LOOKED_INTO = 4
MOST_CELLS = 200
LONGEST_NAME = 100
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_GZIP, _ZIP, _OLD_WORKBOOK = b"\x1f\x8b", b"PK", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class FileOutline:
    """What a file shows of itself. `form`: text, XML, workbook, old workbook, zip or parquet."""

    form: str
    sheets: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    elements: tuple[str, ...] = ()


def outline(data: bytes, limits: InputLimits) -> FileOutline:
    """The outline of a file's bytes. Raises UnreadableError where they are of no form that is known."""
    if data.startswith(_GZIP):
        data = unzipped(data, limits)
    if data.startswith(b"PAR1"):
        return FileOutline("parquet", rows=(_cut(header_names("a.parquet", data, limits)),))
    if data.startswith((_ZIP, _OLD_WORKBOOK)):
        return _of_workbook(data, limits)
    # whole letters also of UTF-16
    text = text_as_published(plain_text("", data[:LONGEST_HEADER], limits))
    if text.lstrip().startswith("<"):
        names = dict.fromkeys(element[1] for element in _ELEMENT.finditer(text))
        return FileOutline("XML", elements=_cut(list(names)))
    lines = list(islice(text.splitlines(), LINES_SEARCHED))
    separator = max(SEPARATORS, key="\n".join(lines).count)
    return FileOutline("text", rows=tuple(_cut(line.split(separator)) for line in lines))


def _of_workbook(data: bytes, limits: InputLimits) -> FileOutline:
    if data.startswith(_ZIP):
        if not _is_workbook(data):
            return FileOutline("zip")
        check_workbook(data, limits)
    with opened_workbook(data) as workbook:
        names = workbook.sheet_names
        sheets = [
            workbook.load_sheet(number, header_row=None, n_rows=LINES_SEARCHED, dtypes="string").to_polars()
            for number in range(min(len(names), SHEETS_LOOKED_INTO))
        ]
    form = "workbook" if data.startswith(_ZIP) else "old workbook"
    return FileOutline(form, _cut(names), tuple(row for sheet in sheets for row in _rows(sheet)))


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not {"content.xml", "[Content_Types].xml"}.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return True  # what is damaged is said where it is read


def _rows(sheet: pl.DataFrame) -> list[tuple[str, ...]]:
    return [_cut([value or "" for value in row]) for row in sheet.rows()]


def _cut(names: list[str]) -> tuple[str, ...]:
    return tuple(name.strip(' "\t\r')[:LONGEST_NAME] for name in names[:MOST_CELLS])
