"""Archives accepted drops: every file unchanged, with its checksum. Archived files are never rewritten.

Also finds rows of an archived file again, for people who may see them as they were delivered.
"""

import hashlib
import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from pipelines.calendar import Month
from pipelines.ingest.drops import column_names, object_name
from pipelines.ingest.own_words import own_words
from pipelines.ingest.row_checks import row_as_json
from pipelines.input_files import InputFileError, read_input
from pipelines.reading.file_checks import UnreadableError
from pipelines.reading.file_reading import TextTable
from pipelines.reading.reader import TakenFile, file_reader
from pipelines.reference import read_reference
from pipelines.settings import DataFolder, input_limits
from pipelines.warehouse_file import OWNER_ONLY_FILE, make_private_folder

CHECKSUMS = "SHA256SUMS"
"""Name of the checksums that the archive adds. Where the sender's file has this name, it gets a number."""


def archive_drop(folder: DataFolder, la_code: str, month: Month, files: Sequence[TakenFile]) -> Path:
    """Moves the copies that were read into a folder named after their checksums, and returns the folder.

    Content that is archived already is not archived again.
    """
    # a name with a line feed has no line of its own among the checksums; only a file without a contract has one
    named = sorted((file for file in files if "\n" not in file.name), key=lambda file: file.name)
    sums = os.fsencode("".join(f"{file.sha256}  {file.name}\n" for file in named))
    month_folder = folder.archive
    for part in ("", la_code, str(month)):
        month_folder = make_private_folder(month_folder / part)
    drop_folder = month_folder / _folder_name(sums)
    for left_behind in month_folder.glob(".*"):
        # a killed run left personal data here, which nothing else would ever remove
        shutil.rmtree(left_behind)
    if drop_folder.exists():
        return drop_folder
    unfinished = make_private_folder(month_folder / f".{drop_folder.name}.unfinished")
    try:
        for file in named:
            # copied where the archive is on another disk
            shutil.move(file.path, unfinished / file.name)
        checksums = unfinished / _free_name({file.name.casefold() for file in named})
        checksums.touch(mode=OWNER_ONLY_FILE)
        checksums.write_bytes(sums)
        unfinished.rename(drop_folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return drop_folder


def checksums_of(folder: DataFolder, home: Path) -> dict[str, str]:
    """SHA-256 of every file of an archived drop, by name; empty where its own list is gone or changed."""
    for path in sorted(home.glob(f"{CHECKSUMS}*")):
        try:
            sums = read_input(folder.archive, path)
        except InputFileError:
            continue
        if _folder_name(sums) == home.name:
            lines = (line.partition("  ") for line in os.fsdecode(sums).split("\n")[:-1])
            # earlier versions wrote their list over a file of the sender's with this name
            return {name: checksum for checksum, _, name in lines if name != path.name}
    return {}


def _folder_name(sums: bytes) -> str:
    """The name of a drop's folder. It says which list of checksums is the archive's own."""
    return hashlib.sha256(sums).hexdigest()[:12]


def _free_name(taken: Collection[str]) -> str:
    """The first name of a list of checksums that no file of the drop has, whatever its case."""
    names = (CHECKSUMS, *(f"{CHECKSUMS}.{number}" for number in range(1, len(taken) + 1)))
    return next(name for name in names if name.casefold() not in taken)


def archived_rows(
    folder: DataFolder, drop: Path, name: str, checksum: str, lines: Collection[int]
) -> dict[int, str]:
    """The rows of an archived file on these lines, as JSON text; empty if no archived file has the checksum.

    `drop` is `<la_code>/<YYYY-MM>`, as the archive has it.
    """
    words = own_words(read_reference(folder))
    with file_reader(folder, input_limits()) as reader:
        for path in sorted((folder.archive / drop).glob(f"*/{name}")):
            try:
                file = reader.take(folder.archive, path)
                if file.sha256 == checksum:
                    own = words.headers_of(drop.parts[0], object_name(path) or "")
                    names = [*column_names(path), *own]
                    return _rows_on(file.table(names), lines)
            except (InputFileError, UnreadableError):
                continue
    return {}


def _rows_on(table: TextTable, lines: Collection[int]) -> dict[int, str]:
    whole = (
        (line, table.frame.row(row)) for row, line in enumerate(table.line_numbers.to_list()) if line in lines
    )
    ragged = ((row.line_number, row.fields) for row in table.ragged if row.line_number in lines)
    return {line: row_as_json(table.headers, values) for line, values in (*whole, *ragged)}
