"""Lists of statistical neighbours as published: one row per authority, ten neighbours in columns.

The header may stand below lines of text, and in any sheet of a workbook. In the list of 2021, ten columns have the
same name (`SNP`: how close the preceding neighbour is), each line ends with an empty column, and the lists of
abolished authorities follow below a line of text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.comparators.geography import AUTHORITY, areas_of_names, authorities
from pipelines.comparators.reader_output import LEFT_OUT_SCHEMA, NEIGHBOUR_SCHEMA, Reading, RefusedError
from pipelines.comparators.source_file import Source
from pipelines.reading.reader import TakenFile

KIND = "neighbours"
NEIGHBOURS = 10
LINES_OF_TEXT = 20
_CODE_NAMES = ("la num", "la number", "la no", "la code", "la", "old la code", "dfe code", "dfe number", "lea")
_NEIGHBOUR = re.compile(r"(?:sn|(?:statistical )?neighbour) ?(\d+)")
_CLOSENESS = re.compile(r"snp|sn ?\d+ ?p")
_WHOLE = re.compile(r"\.0$")
"""A workbook may store a code as a number that ends in .0."""

Line = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class NeighbourTable:
    """The lines of a list, the header first. `places`: the columns of the neighbours by rank."""

    lines: Sequence[Line]
    la_code: int
    places: Sequence[int]
    closeness: Sequence[int | None]


def neighbour_table(file: TakenFile) -> NeighbourTable | None:
    """The list in a file, or None. Raises UnreadableError, and RefusedError for one without authorities' codes."""
    is_workbook = file.name.lower().endswith(".xlsx")
    sheets: list[str | None] = [*file.sheet_names()] if is_workbook else [None]
    for sheet in sheets:
        lines = _lines(file, sheet)
        for position, (_, cells) in enumerate(lines[:LINES_OF_TEXT]):
            names = [" ".join(re.sub(r"[_\W]+", " ", cell.lower()).split()) for cell in cells]
            ranks = {
                int(match[1]): place
                for place, name in reversed([*enumerate(names)])
                if (match := _NEIGHBOUR.fullmatch(name))
            }
            code = next((names.index(name) for name in _CODE_NAMES if name in names), None)
            if not set(range(1, NEIGHBOURS + 1)) <= ranks.keys():
                continue
            if code is None:
                raise RefusedError(
                    "its list of neighbours has no column with the authority's code, such as LA number"
                )
            places = [ranks[rank] for rank in range(1, NEIGHBOURS + 1)]
            after = [
                place + 1 if _CLOSENESS.fullmatch(next(iter(names[place + 1 :]), "")) else None for place in places
            ]
            return NeighbourTable(lines[position:], code, places, after)
    return None


def read(source: Source) -> Reading:
    """The neighbours of every authority, of a file that has a list. Raises UnreadableError and RefusedError."""
    table = neighbour_table(source.content)
    if table is None:
        raise RefusedError("it has no list of neighbours")
    neighbours: list[tuple[int, str, int, str, str | None]] = []
    left_out: list[tuple[int, str]] = []
    width = len(table.lines[0][1])
    for number, fields in table.lines[1:]:
        cells = [field.strip() for field in fields] + [""] * (width - len(fields))
        named = [cells[place] for place in table.places]
        codes = [_code(cell) for cell in named]
        la_code = _code(cells[table.la_code])
        if la_code is None:
            left_out.append((number, "no known authority in the first column"))
        elif None in codes:
            left_out.append((number, f"a neighbour is not a known authority: {named[codes.index(None)]}"))
        else:
            neighbours += [
                (number, la_code, rank, code, (cells[place] or None) if place is not None else None)
                for rank, (code, place) in enumerate(zip(codes, table.closeness, strict=True), 1)
                if code
            ]
    return Reading(
        rows_read=len(table.lines) - 1,
        neighbours=pl.DataFrame(neighbours, schema=dict(NEIGHBOUR_SCHEMA), orient="row"),
        left_out=pl.DataFrame(left_out, schema=dict(LEFT_OUT_SCHEMA), orient="row"),
    )


def _code(cell: str) -> str | None:
    """The code of an authority by its code or its name."""
    if cell in authorities():
        return cell
    level, code = areas_of_names(pl.Series([cell])).get(cell, ("", ""))
    return code if level == AUTHORITY else None


def _lines(file: TakenFile, sheet: str | None) -> list[Line]:
    """The lines that are not empty, with their numbers."""
    numbered: list[Line] = (
        [*file.csv_lines()]
        if sheet is None
        else [
            (number, [_WHOLE.sub("", cell or "") for cell in row])
            for number, row in enumerate(file.sheet_rows(sheet), 1)
        ]
    )
    return [(number, row) for number, row in numbered if any(cell.strip() for cell in row)]
