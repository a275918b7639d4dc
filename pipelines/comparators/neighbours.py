"""Lists of statistical neighbours as published: one row per authority, ten neighbours in columns.

In the list of 2021, ten columns have the same name (`SNP`: how close the preceding neighbour is), each line ends
with an empty column, and the lists of abolished authorities follow below a line of text.
"""

import re
from collections.abc import Sequence

import polars as pl

from pipelines.comparators.geography import authorities
from pipelines.comparators.headers import matched
from pipelines.comparators.reader_output import LEFT_OUT_SCHEMA, NEIGHBOUR_SCHEMA, Reading
from pipelines.comparators.source_file import Source

KIND = "neighbours"
NEIGHBOURS = 10
_WHOLE = re.compile(r"\.0$")
"""A workbook may store a code as a number that ends in .0."""


def read(source: Source) -> Reading:
    """The neighbours of every authority. Raises UnreadableError, and RefusedError where a column is not known."""
    lines = _lines(source)
    names = numbered_names(lines[0][1])
    match = matched(KIND, [name for name in names if name])
    positions = {column.header.column: names.index(column.name) for column in match.columns}
    neighbours: list[tuple[int, str, int, str, str | None]] = []
    left_out: list[tuple[int, str]] = []
    for number, fields in lines[1:]:
        cells = [field.strip() for field in fields] + [""] * (len(names) - len(fields))
        la_code = cells[positions["la_code"]]
        codes = [cells[positions[f"neighbour_{rank}"]] for rank in range(1, NEIGHBOURS + 1)]
        unknown = [code for code in codes if code not in authorities()]
        if la_code not in authorities():
            left_out.append((number, "no known authority in the first column"))
        elif unknown:
            left_out.append((number, f"a neighbour is not a known authority: {unknown[0]}"))
        else:
            closeness = [
                cells[positions[f"closeness_{rank}"]] if f"closeness_{rank}" in positions else ""
                for rank in range(1, NEIGHBOURS + 1)
            ]
            neighbours += [
                (number, la_code, rank, code, close or None)
                for rank, (code, close) in enumerate(zip(codes, closeness, strict=True), 1)
            ]
    return Reading(
        rows_read=len(lines) - 1,
        neighbours=pl.DataFrame(neighbours, schema=dict(NEIGHBOUR_SCHEMA), orient="row"),
        left_out=pl.DataFrame(left_out, schema=dict(LEFT_OUT_SCHEMA), orient="row"),
    )


def numbered_names(header: Sequence[str]) -> list[str]:
    """The names of a header in lower case; names that occur several times get a number: `snp 1`, `snp 2`."""
    names = [name.strip().lower() for name in header]
    return [
        f"{name} {names[: position + 1].count(name)}" if name and names.count(name) > 1 else name
        for position, name in enumerate(names)
    ]


def _lines(source: Source) -> list[tuple[int, Sequence[str]]]:
    """The lines that are not empty, with their numbers."""
    if source.file.lower().endswith(".xlsx"):
        rows = [[_WHOLE.sub("", cell or "") for cell in row] for row in source.content.sheet_rows()]
        numbered: list[tuple[int, Sequence[str]]] = list(enumerate(rows, 1))
    else:
        numbered = [*source.content.csv_lines()]
    return [(number, row) for number, row in numbered if any(cell.strip() for cell in row)]
