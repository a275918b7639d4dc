"""Archives accepted drops: every file unchanged, with its checksum. Archived files are never rewritten."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipelines.calendar import Month
from pipelines.settings import DataFolder
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
