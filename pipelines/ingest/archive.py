"""Archives accepted drops: every file unchanged, with its checksum. Archived files are never rewritten.

Also finds rows of an archived file again, for people who may see them as they were delivered.
"""

import hashlib
import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from pipelines.calendar import Month
from pipelines.ingest.file_reading import TextTable, UnreadableError, read_table
from pipelines.ingest.row_checks import row_as_json
from pipelines.input_files import InputFileError, read_input
from pipelines.settings import DataFolder, input_limits
from pipelines.warehouse_file import OWNER_ONLY_FILE, make_private_folder

CHECKSUMS = "SHA256SUMS"


def archive_drop(folder: DataFolder, la_code: str, month: Month, files: Mapping[str, bytes]) -> Path:
    """Archives files (bytes by name) in a folder named after their checksums, and returns the folder.

    Content that is archived already is not written again.
    """
    # a name with a line feed has no line of its own among the checksums; only a file without a contract has one
    files = {name: data for name, data in files.items() if "\n" not in name}
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    sums = os.fsencode("".join(lines))
    month_folder = folder.archive
    for part in ("", la_code, str(month)):
        month_folder = make_private_folder(month_folder / part)
    drop_folder = month_folder / hashlib.sha256(sums).hexdigest()[:12]
    for left_behind in month_folder.glob(".*"):
        # a killed run left personal data here, which nothing else would ever remove
        shutil.rmtree(left_behind)
    if drop_folder.exists():
        return drop_folder
    unfinished = make_private_folder(month_folder / f".{drop_folder.name}.unfinished")
    try:
        for name, data in [*files.items(), (CHECKSUMS, sums)]:
            (unfinished / name).touch(mode=OWNER_ONLY_FILE)
            (unfinished / name).write_bytes(data)
        unfinished.rename(drop_folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return drop_folder


def archived_rows(
    folder: DataFolder, drop: Path, name: str, checksum: str, lines: Collection[int]
) -> dict[int, str]:
    """The rows of an archived file on these lines, as JSON text; empty if no archived file has the checksum.

    `drop` is `<la_code>/<YYYY-MM>`, as the archive has it.
    """
    for path in sorted((folder.archive / drop).glob(f"*/{name}")):
        try:
            data = read_input(folder.archive, path, input_limits().file_bytes)
            if hashlib.sha256(data).hexdigest() == checksum:
                return _rows_on(read_table(name, data), lines)
        except (InputFileError, UnreadableError):
            continue
    return {}


def _rows_on(table: TextTable, lines: Collection[int]) -> dict[int, str]:
    whole = (
        (line, table.frame.row(row)) for row, line in enumerate(table.line_numbers.to_list()) if line in lines
    )
    ragged = ((row.line_number, row.fields) for row in table.ragged if row.line_number in lines)
    return {line: row_as_json(table.headers, values) for line, values in (*whole, *ragged)}
