"""Reading the reference files of a data folder.

Belongs here: which files are there, their rows as values, and lines about what is wrong. Nothing here stops at the
first fault: a person corrects a file once.
"""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from pipelines.errors import BadInputError
from pipelines.input_files import InputFileError, is_hidden, is_there, read_input, text_of_input
from pipelines.known_words import shown_file_name
from pipelines.reference.authorities import authorities
from pipelines.reference.columns import CellError, Value, read_cell
from pipelines.reference.register import ReferenceFile, reference_register
from pipelines.settings import DataFolder

Row = Mapping[str, Value | None]
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of xlsx and xls."""
FAULTS_LISTED = 10
"""Most lines about one file."""


@dataclass(frozen=True)
class OwnFile:
    """A reference file that is there: its digest and its rows. `faults`: why it cannot be used."""

    register: ReferenceFile
    sha256: str
    rows: Sequence[Row] = ()
    faults: Sequence[str] = ()


@dataclass(frozen=True)
class OwnReference:
    """The reference files of a data folder, by name. `other`: files with other names, which hold no settings."""

    files: Mapping[str, OwnFile] = field(default_factory=dict)
    other: Sequence[Path] = ()

    def rows(self, name: str) -> Sequence[Row]:
        """The rows of a file; empty if it is not there."""
        return self.files[name].rows if name in self.files else ()

    @property
    def faults(self) -> list[str]:
        return [fault for file in self.files.values() for fault in file.faults]


def reference_of(folder: DataFolder) -> OwnReference:
    """Every reference file of the data folder. A faulty file has faults and no rows."""
    register = reference_register()
    files = {
        name: _read(folder, entry) for name, entry in register.items() if is_there(folder.reference / entry.file)
    }
    names = {entry.file for entry in register.values()}
    paths = sorted(folder.reference.iterdir()) if folder.reference.is_dir() else []
    return OwnReference(files, [path for path in paths if path.name not in names and not is_hidden(path)])


def read_reference(folder: DataFolder) -> OwnReference:
    """The same. Raises BadInputError with a line per fault."""
    reference = reference_of(folder)
    if reference.faults:
        raise BadInputError("\n".join(reference.faults))
    return reference


def own_rows(folder: DataFolder, name: str) -> Sequence[Row]:
    """The rows of one reference file; empty if it is not there. Raises BadInputError with a line per fault."""
    entry = reference_register()[name]
    if not is_there(folder.reference / entry.file):
        return ()
    file = _read(folder, entry)
    if file.faults:
        raise BadInputError("\n".join(file.faults))
    return file.rows


def named_like(path: Path) -> str | None:
    """The reference file that another file's name is nearest to."""
    near = get_close_matches(path.stem.lower(), reference_register(), n=1, cutoff=0.75)
    return reference_register()[near[0]].file if near else None


def _read(folder: DataFolder, entry: ReferenceFile) -> OwnFile:
    path = folder.reference / entry.file
    try:
        data = read_input(folder.reference, path, entry.most_bytes)
    except InputFileError as fault:
        return OwnFile(entry, "", faults=[f"{path}: {fault}"])
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        if data.startswith(WORKBOOKS):
            raise InputFileError("it is a workbook with the name of a csv file: save it as CSV UTF-8")
        lines = _lines(data)
        number, cells = next(lines, (1, []))
        header = [name.strip().lower() for name in cells]
        faults = _header_faults(entry, header)
        if faults:
            return OwnFile(entry, sha256, faults=[f"{path} line {number}: {fault}" for fault in faults])
        rows, faults = _rows(entry, header, lines)
    except InputFileError as fault:
        return OwnFile(entry, sha256, faults=[f"{path}: {fault}"])
    except csv.Error:
        return OwnFile(entry, sha256, faults=[f"{path}: cannot be read as a csv file"])
    more = len(faults) - FAULTS_LISTED
    listed = [*faults[:FAULTS_LISTED], *([f"and {more:,} more lines with faults"] if more > 0 else [])]
    return OwnFile(entry, sha256, () if faults else rows, [f"{path} {fault}" for fault in listed])


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of each line that is not blank."""
    text = text_of_input(data)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _header_faults(entry: ReferenceFile, header: Sequence[str]) -> list[str]:
    """What is wrong with the header. A column that is not in the register is left out, unless it is nearly one."""
    if not any(header):
        return [f"the file is empty: write the header {entry.header} and a line below it, or remove the file"]
    if not set(header) & set(entry.columns):
        return [f"it has none of the columns: write the header {entry.header}"]
    unknown = [name for name in header if name not in entry.columns]
    faults = []
    for name, column in entry.columns.items():
        near = [] if name in header else get_close_matches(name, unknown, n=1, cutoff=0.8)
        meant = f": is it column {header.index(near[0]) + 1}, {shown_file_name(near[0])}?" if near else ""
        if name not in header and not column.optional:
            faults.append(f"column {name} is missing{meant}; write the header {entry.header}")
        elif near:
            faults.append(f"column {name} is missing{meant}")
        elif header.count(name) > 1:
            faults.append(f"column {name} is there twice")
    return faults


def _rows(
    entry: ReferenceFile, header: Sequence[str], lines: Iterator[tuple[int, list[str]]]
) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    faults: list[str] = []
    first_line: dict[tuple[object, ...], int] = {}
    for number, cells in lines:
        texts = dict.fromkeys(entry.columns, "") | {
            name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in entry.columns
        }
        row, wrong = _row(entry, texts)
        place = f"line {number}:{_authority(texts)}"
        if any(cell.strip() for cell in cells[len(header) :]):
            faults.append(
                f"{place} {len(cells)} cells, but the header has {len(header)}: put a text with a"
                " separator in it between double quotes"
            )
        elif wrong:
            faults.append(f"{place} {'; '.join(f'column {name}: {text}' for name, text in wrong)}")
        else:
            for names in filter(None, (entry.key, entry.second_key)):
                key = (names, *(row[name] for name in names))
                if key in first_line:
                    faults.append(f"{place} the same {', '.join(names)} as line {first_line[key]}")
                first_line.setdefault(key, number)
            rows.append(row)
    return rows, faults


def _row(entry: ReferenceFile, texts: Mapping[str, str]) -> tuple[Row, list[tuple[str, str]]]:
    row: dict[str, Value | None] = {}
    wrong: list[tuple[str, str]] = []
    for name, column in entry.columns.items():
        if not texts[name]:
            row[name] = None
            if not column.optional:
                wrong.append((name, "it is empty"))
            continue
        try:
            row[name] = read_cell(column.type, texts[name], texts)
        except CellError as fault:
            wrong.append((name, str(fault)))
            continue
        first = row.get(column.not_before or "")
        if isinstance(first, dt.date) and row[name] < first:  # type: ignore[operator]
            wrong.append((name, f"the day is before {column.not_before}"))
    return row, wrong


def _authority(texts: Mapping[str, str]) -> str:
    la_code = texts.get("la_code", "")
    return f" authority {la_code}," if la_code in authorities() else ""
