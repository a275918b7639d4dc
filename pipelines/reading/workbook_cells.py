"""Shows the cells of a workbook that have no value of their own: errors, and formulas whose value is not stored.

The reader of workbooks gives both as blank. A blank end date says that a plan is open, so they become texts that
fit no column. Belongs here: which cells these are. Does not belong here: what a text means (`pipelines.ingest`).
"""

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import polars as pl

from pipelines.reading.file_checks import UnreadableError, sheet_part

if TYPE_CHECKING:
    import fastexcel

NO_FORMULA_VALUE = "#FORMULA WITHOUT A VALUE"
_ERRORS = {
    "NA": "#N/A",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
}
OTHER_ERROR = "#UNKNOWN!"
_ERROR_IN_WORDS = re.compile(r"Error\((\w+)\)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LETTERS = 26

Place = tuple[int, int]
"""Row and column of a cell, counted from 0."""


def text_of_sheet(sheet: "fastexcel.ExcelSheet", number: int, data: bytes) -> pl.DataFrame:
    """The loaded sheet as text, with a text for each error and each formula without a value.

    `number`: of the sheet in the workbook `data`, from 0. Raises UnreadableError.
    """
    frame = sheet.to_polars()
    cells = _errors(sheet) | dict.fromkeys(_without_value(data, number), NO_FORMULA_VALUE)
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), text in cells.items():
        if row >= 0 and 0 <= column < frame.width:
            by_column.setdefault(column, {})[row] = text
    # rows at the end that hold nothing but such formulas
    below = max((row for texts in by_column.values() for row in texts), default=-1) + 1 - frame.height
    if below > 0:
        frame = pl.concat([frame, frame.clear(below)])
    return frame.with_columns(
        frame.to_series(column).scatter(list(texts), list(texts.values())) for column, texts in by_column.items()
    )


def _errors(sheet: "fastexcel.ExcelSheet") -> dict[Place, str]:
    """The cells that the reader gives as blank though they hold something: errors, and days of no calendar."""
    _, faults = sheet.to_arrow_with_errors()
    texts = {}
    for fault in faults.errors if faults else ():
        kind = _ERROR_IN_WORDS.search(fault.detail)
        texts[fault.offset_position] = _ERRORS.get(kind[1], OTHER_ERROR) if kind else OTHER_ERROR
    return texts


def _without_value(data: bytes, number: int) -> list[Place]:
    """Formulas without a stored value, counted as the reader does: from the first row and column with a value."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as workbook:
            content = workbook.read(sheet_part(workbook, number))
        if not _FORMULA.search(content):
            return []
        return _formulas_without_value(content)
    except (
        zipfile.BadZipFile,
        KeyError,
        IndexError,
        zlib.error,
        ElementTree.ParseError,
        OSError,
        ValueError,
    ) as fault:
        raise UnreadableError("the workbook is cut off or damaged") from fault


def _formulas_without_value(content: bytes) -> list[Place]:
    formulas, first_row, first_column = [], None, None
    row = column = -1
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        kind = element.tag.rpartition("}")[2]
        if kind == "row":
            if event == "start":
                row, column = int(element.get("r", row + 2)) - 1, -1
            else:
                element.clear()
        elif kind == "c" and event == "end":
            place = _PLACE.fullmatch(element.get("r", ""))
            column = _number(place[1]) if place else column + 1
            parts = {part.tag.rpartition("}")[2]: part for part in element}
            value = parts.get("v")
            is_filled = (value is not None and bool(value.text)) or "is" in parts
            if is_filled:
                first_row = row if first_row is None else first_row
                first_column = column if first_column is None else min(first_column, column)
            elif "f" in parts and element.get("t") != "str":
                formulas.append((row, column))
    return [(row - (first_row or 0), column - (first_column or 0)) for row, column in formulas]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1
