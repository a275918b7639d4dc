"""Lists of statistical neighbours as published: one row per authority, ten neighbours in columns.

The list of 2021 names ten columns alike (`SNP`, how close the neighbour before it is), ends each line with an
empty column and has the lists of abolished authorities below a line of words.
"""

import csv
import io
import re
from collections.abc import Sequence

import polars as pl

from pipelines.comparators.geography import authorities
from pipelines.comparators.headers import matched
from pipelines.comparators.reading import LEFT_OUT_SCHEMA, NEIGHBOUR_SCHEMA, Reading
from pipelines.comparators.recognise import sheet_rows, text_of
from pipelines.comparators.source import Source

KIND = "neighbours"
NEIGHBOURS = 10
_WHOLE = re.compile(r"\.0$")
"""A workbook may store a code as a number with a fraction of nought."""


def read(source: Source) -> Reading:
    """The neighbours of every authority. Raises UnreadableError, and RefusedError where a column is not known."""
    lines = _lines(source)
    names = told_apart(lines[0][1])
    match = matched(KIND, [name for name in names if name])
    place = {column.header.column: names.index(column.name) for column in match.columns}
    found: list[tuple[int, str, int, str, str | None]] = []
    left_out: list[tuple[int, str]] = []
    for number, fields in lines[1:]:
        cells = [field.strip() for field in fields] + [""] * (len(names) - len(fields))
        la_code = cells[place["la_code"]]
        codes = [cells[place[f"neighbour_{rank}"]] for rank in range(1, NEIGHBOURS + 1)]
        strange = [code for code in codes if code not in authorities()]
        if la_code not in authorities():
            left_out.append((number, "no authority in the first column"))
        elif strange:
            left_out.append((number, f"a neighbour is no authority that is known: {strange[0]}"))
        else:
            closeness = [
                cells[place[f"closeness_{rank}"]] if f"closeness_{rank}" in place else ""
                for rank in range(1, NEIGHBOURS + 1)
            ]
            found += [
                (number, la_code, rank, code, close or None)
                for rank, (code, close) in enumerate(zip(codes, closeness, strict=True), 1)
            ]
    return Reading(
        rows_read=len(lines) - 1,
        neighbours=pl.DataFrame(found, schema=dict(NEIGHBOUR_SCHEMA), orient="row"),
        left_out=pl.DataFrame(left_out, schema=dict(LEFT_OUT_SCHEMA), orient="row"),
    )


def told_apart(header: Sequence[str]) -> list[str]:
    """The names of a header in lower case, those that occur again numbered by their place among their like."""
    names = [name.strip().lower() for name in header]
    return [
        f"{name} {names[: place + 1].count(name)}" if name and names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]


def _lines(source: Source) -> list[tuple[int, Sequence[str]]]:
    """The lines that hold anything, with their numbers."""
    if source.file.lower().endswith(".xlsx"):
        rows = [[_WHOLE.sub("", cell or "") for cell in row] for row in sheet_rows(source.data, rows=None)]
        numbered: list[tuple[int, Sequence[str]]] = list(enumerate(rows, 1))
    else:
        reader = csv.reader(io.StringIO(text_of(source.file, source.data), newline=""))
        numbered = [(reader.line_num, row) for row in reader]
    return [(number, row) for number, row in numbered if any(cell.strip() for cell in row)]
