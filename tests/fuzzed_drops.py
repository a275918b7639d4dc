"""Drops made at random: a small authority's files with anything in cells, headers, encodings and bytes.

`deliveries` draws what a folder of a drop may hold. A file whose bytes were not damaged says how many rows it has:
a reader which loses or invents one is found.
"""

import csv
import datetime as dt
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import xlsxwriter
from checkout import PROJECT_ROOT
from hostile_authority import HOSTILE, Rows, clean_drop
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from pipelines.contracts import ColumnType, contracts

# what hypothesis keeps about Unicode; it keeps no examples
set_hypothesis_home_dir(PROJECT_ROOT / ".pytest_cache" / "hypothesis")

_CHECKS = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
SAME_EVERY_TIME = settings(max_examples=120, derandomize=True, **_CHECKS)
ANY = settings(max_examples=3000, print_blob=True, **_CHECKS)
WHOLE_RUNS = settings(max_examples=8, print_blob=True, phases=[Phase.generate], **_CHECKS)
"""A whole run is too dear to look for a smaller example; `--hypothesis-seed` repeats the one that failed."""

LIVES = 3
REQUIRED = tuple(name for name, contract in contracts().items() if contract.required)
OTHERS = tuple(name for name, contract in contracts().items() if not contract.required)
CLEAN = {name: rows[:LIVES] for name, rows in clean_drop().items()}

# lone surrogates are no text: no file can hold them
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
_DAYS = st.dates().map(str) | st.dates().map(lambda day: f"{day:%d/%m/%Y}") | st.datetimes().map(str)
_NUMBERS = st.integers().map(str) | st.floats().map(str) | st.decimals().map(str)
_LIKELY: dict[ColumnType, st.SearchStrategy[str]] = {"date": _DAYS, "integer": _NUMBERS, "number": _NUMBERS}
_TOKENS = (
    b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\n\n", b"\x00", b"\x1a", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\x80", b"\xc3", b"\xf0\x9f", b"sep=;\n", b"(3 rows affected)\n", b"NULL", b'"\n"', b"-" * 40, b" " * 300,
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32")
READ_ENCODINGS = ("utf-8", "utf-8-sig")


@dataclass(frozen=True)
class DeliveredFile:
    """A file of a drop. `rows`: how many it has, if it is certain that all of it can be read."""

    name: str
    content: bytes
    rows: int | None


Delivery = Sequence[DeliveredFile]


@st.composite
def deliveries(draw: st.DrawFn, most_objects: int = 2, most_cells: int = 4) -> Delivery:
    """The files of a drop, a few cells and at most one file of which are not what they should be."""
    chosen = draw(st.lists(st.sampled_from(OTHERS), max_size=most_objects, unique=True))
    tables = {name: [dict(row) for row in CLEAN[name]] for name in (*REQUIRED, *chosen)}
    for _ in range(draw(st.integers(0, most_cells))):
        _spoil_a_cell(draw, tables)
    files = [draw(_files(name, rows)) for name, rows in tables.items()]
    if draw(st.booleans()):
        place = draw(st.integers(0, len(files) - 1))
        damage = draw(st.sampled_from((_damaged, _with_other_header, _misnamed)))
        files[place] = damage(draw, files[place])
        if damage is _misnamed:
            # another file may have its name, or hold the same object
            files = [replace(file, rows=None) for file in files]
    if draw(st.integers(0, 9)) == 0:
        files.append(draw(_STRAYS))
    return files


def write(delivery: Delivery, folder: Path) -> None:
    """Writes the files of a drop into its folder; one that no file system can hold is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in delivery:
        try:
            (folder / file.name).write_bytes(file.content)
        except (OSError, ValueError):
            assert file.rows is None, file.name


def _spoil_a_cell(draw: st.DrawFn, tables: dict[str, Rows]) -> None:
    name = draw(st.sampled_from(sorted(tables)))
    column = draw(st.sampled_from(contracts()[name].columns))
    hostile = st.sampled_from(HOSTILE[column.type])
    value = draw(st.one_of(hostile, ANY_TEXT, _LIKELY.get(column.type, hostile)))
    tables[name][draw(st.integers(0, LIVES - 1))][column.name] = value


@st.composite
def _files(draw: st.DrawFn, name: str, rows: Rows) -> DeliveredFile:
    form = draw(st.sampled_from(("csv", "csv", "csv", "csv.gz", "parquet", "xlsx")))
    if form == "parquet":
        return DeliveredFile(f"{name}.parquet", _parquet(rows), len(rows))
    if form == "xlsx":
        return DeliveredFile(f"{name}.xlsx", _workbook(rows), None)
    encoding = draw(st.sampled_from((*READ_ENCODINGS * 4, *_ENCODINGS)))
    text = _csv_text(
        rows,
        draw(st.sampled_from(",;\t")),
        draw(st.sampled_from(("\n", "\r\n", "\r"))),
        draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))),
    )
    content = text.encode(encoding, errors="replace")
    # a file with NUL bytes is no text, and refused
    is_read = encoding in READ_ENCODINGS and "\x00" not in text
    return DeliveredFile(
        f"{name}.{form}",
        gzip.compress(content, mtime=0) if form == "csv.gz" else content,
        len(rows) if is_read else None,
    )


def _csv_text(rows: Rows, separator: str, line_end: str, quoting: int) -> str:
    text = io.StringIO(newline="")
    if any(set("\r\n") & set(value) for row in rows for value in row.values()):
        # the writer quotes no line break but the one that it ends lines with
        quoting = csv.QUOTE_ALL
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator, lineterminator=line_end, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _parquet(rows: Rows) -> bytes:
    content = io.BytesIO()
    pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)).write_parquet(content)
    return content.getvalue()


def _workbook(rows: Rows) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        # else two workbooks of the same rows differ
        workbook.set_properties({"created": dt.datetime(2019, 9, 2)})
        sheet = workbook.add_worksheet()
        for number, row in enumerate([{name: name for name in rows[0]}, *rows]):
            for place, value in enumerate(row.values()):
                # a cell holds 32,767 characters
                sheet.write_string(number, place, value[:32_000])
    return content.getvalue()


def _damaged(draw: st.DrawFn, file: DeliveredFile) -> DeliveredFile:
    """Some bytes are lost, doubled, others or more."""
    content = file.content
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        instead = draw(st.one_of(st.sampled_from((b"", content[start:end] * 2, *_TOKENS)), st.binary(max_size=8)))
        content = content[:start] + instead + content[end:]
    if draw(st.integers(0, 3)) == 0:
        content = content[: draw(st.integers(0, len(content)))]
    return DeliveredFile(file.name, content, None)


def _with_other_header(draw: st.DrawFn, file: DeliveredFile) -> DeliveredFile:
    """A CSV file with one name of its header line written otherwise, or anything for a header line."""
    if not file.name.endswith(".csv"):
        return _damaged(draw, file)
    head, line_end, rest = file.content.partition(b"\n")
    names = head.split(b",")
    place = draw(st.integers(0, len(names) - 1))
    names[place] = draw(
        st.one_of(
            st.sampled_from((names[0], names[-1], names[place].upper(), b" " + names[place] + b" ", *_TOKENS)),
            ANY_TEXT.map(str.encode),
        )
    )
    return DeliveredFile(file.name, b",".join(names) + line_end + rest, None)


def _misnamed(draw: st.DrawFn, file: DeliveredFile) -> DeliveredFile:
    """The file under the name of another format or object, or under one that nobody knows."""
    name = draw(
        st.one_of(
            st.sampled_from((*REQUIRED, *OTHERS)).flatmap(
                lambda name: st.sampled_from((".csv", ".CSV", ".csv.gz", ".parquet", ".xlsx", ".txt")).map(
                    lambda ending: name + ending
                )
            ),
            ANY_TEXT,
        )
    )
    return DeliveredFile(name, file.content, None)


_STRAYS = st.builds(
    DeliveredFile,
    st.one_of(ANY_TEXT, st.sampled_from(("SHA256SUMS", "Thumbs.db", "~$ssd_person.xlsx", "ssd_person.csv.tmp"))),
    st.binary(max_size=40),
    st.none(),
)
