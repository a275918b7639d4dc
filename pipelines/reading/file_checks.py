"""Looks at a file before it is read: is it what its name says, and how much would it unpack to?"""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from xml.etree import ElementTree

from pipelines.settings import InputLimits

MOST_ENTRIES = 10_000
"""Entries of a workbook: a large one has some hundred."""
_BLOCK = 1 << 20
_PARQUET = b"PAR1"
_SHORTEST_PARQUET = 12
_KINDS = (
    (b"PK\x03\x04", "a zip file or workbook"),
    (b"\x1f\x8b", "a gzip file"),
    (_PARQUET, "a parquet file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or protected Excel workbook"),
    (b"%PDF", "a PDF file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"{\\rtf", "a document"),
)
_PAGES = ((b"<html", "a web page"), (b"<!doctype html", "a web page"))
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*\bref=\"[A-Z]{1,3}\d+:([A-Z]{1,3})(\d{1,7})\"")
_START_OF_SHEET = 1 << 14
_SHEETS = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class UnreadableError(Exception):
    """The file cannot be read. The message says why and shows no value."""


def refuse_page(data: bytes, expected: str) -> None:
    """Raises UnreadableError if the file is a web page, such as a report saved as one, or a form to sign in."""
    refuse_other_kind(data[:_START_OF_SHEET].lstrip(b"\xef\xbb\xbf \t\r\n").lower(), expected, _PAGES)


def refuse_other_kind(data: bytes, expected: str, kinds: Sequence[tuple[bytes, str]] = _KINDS) -> None:
    """Raises UnreadableError if the file begins as one of another kind does."""
    for start, kind in kinds:
        if data.startswith(start):
            raise UnreadableError(f"the file is {kind}, not {expected}: export it again, or correct its name")


def refuse_no_parquet(data: bytes) -> None:
    """Raises UnreadableError unless the file begins and ends as a parquet file does."""
    if not data.startswith(_PARQUET):
        refuse_other_kind(data, "a parquet file")
    footer = int.from_bytes(data[-8:-4], "little")
    has_ends = data.startswith(_PARQUET) and data.endswith(_PARQUET) and len(data) >= _SHORTEST_PARQUET
    if not has_ends or not 0 < footer <= len(data) - _SHORTEST_PARQUET:
        raise UnreadableError("the parquet file is cut off or damaged")


def unzipped(data: bytes, limits: InputLimits) -> bytes:
    """The content of a gzip file. Raises UnreadableError before it is larger than the limits allow."""
    largest = limits.unpacked_bytes(len(data))
    content = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while part := packed.read(_BLOCK):
                content.write(part)
                if content.tell() > largest:
                    raise UnreadableError(_unpacks_to_more(largest))
    except (EOFError, OSError, zlib.error) as fault:
        raise UnreadableError("the compressed file is cut off or damaged") from fault
    return content.getvalue()


def check_workbook(data: bytes, limits: InputLimits, sheet: int | str = 0) -> None:
    """Raises UnreadableError if the workbook's directory, or the extent of the sheet, is beyond the limits."""
    if not data.startswith(b"PK"):
        refuse_other_kind(data, "an xlsx workbook")
        refuse_page(data, "an xlsx workbook")
        raise UnreadableError("the file is no xlsx workbook: export it again, or correct its name")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as workbook:
            _check_directory(workbook.infolist(), len(data), limits)
            _check_extent(workbook, sheet, limits)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, LookupError, ValueError) as fault:
        raise UnreadableError("the workbook is cut off or damaged") from fault


def _check_directory(entries: list[zipfile.ZipInfo], packed: int, limits: InputLimits) -> None:
    if len(entries) > MOST_ENTRIES:
        raise UnreadableError(f"the workbook has more than {MOST_ENTRIES:,} parts: export it again")
    if any(entry.filename.startswith("/") or ".." in entry.filename.split("/") for entry in entries):
        raise UnreadableError("the workbook names files outside of itself: export it again")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError("the workbook is protected by a password: export it without one")
    largest = limits.unpacked_bytes(packed)
    if sum(entry.file_size for entry in entries) > largest:
        raise UnreadableError(_unpacks_to_more(largest))


def _check_extent(workbook: zipfile.ZipFile, sheet: int | str, limits: InputLimits) -> None:
    """Raises UnreadableError if the sheet says that it reaches further than the limits allow.

    A sheet that says nothing, or not the truth, meets the limit of memory instead.
    """
    try:
        with workbook.open(sheet_part(workbook, sheet)) as content:
            start = content.read(_START_OF_SHEET)
    except (KeyError, IndexError, ElementTree.ParseError, zlib.error):
        return
    extent = _DIMENSION.search(start)
    if extent is None:
        return
    width = 0
    for letter in extent[1]:
        width = width * 26 + letter - ord("A") + 1
    check_size(width, int(extent[2]), limits, " Delete the empty columns and rows around the table.")


def sheet_part(workbook: zipfile.ZipFile, sheet: int | str) -> str:
    """The name of the part of a workbook that holds a sheet, given by its number from 0 or its name.

    Raises KeyError, IndexError or ParseError where the workbook does not say it.
    """
    names = {
        entry.attrib["Id"]: entry.attrib["Target"] for entry in ElementTree.fromstring(workbook.read(_RELATIONS))
    }
    sheets = [
        (entry.attrib["name"], names[entry.attrib[_RELATION]])
        for entry in ElementTree.fromstring(workbook.read(_SHEETS)).iterfind(".//{*}sheet")
    ]
    target = sheets[sheet][1] if isinstance(sheet, int) else dict(sheets)[sheet]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def check_size(columns: int, rows: int, limits: InputLimits, remedy: str = "") -> None:
    """Raises UnreadableError for more columns or cells than the limits allow."""
    if columns > limits.columns:
        raise UnreadableError(
            f"the table has {columns:,} columns, and at most {limits.columns:,} are read.{remedy}"
        )
    if columns * rows > limits.cells:
        raise UnreadableError(
            f"the table has {columns:,} columns and {rows:,} rows, and at most {limits.cells:,} cells are read."
            f"{remedy}"
        )


def check_cells(cells: int, limits: InputLimits) -> None:
    """Raises UnreadableError for more cells than the limits allow."""
    if cells > limits.cells:
        raise UnreadableError(f"the table has more than {limits.cells:,} cells, the most that are read")


def _unpacks_to_more(largest: int) -> str:
    return f"the file unpacks to more than {largest >> 20:,} MB, the most that is read of a file of its size"
