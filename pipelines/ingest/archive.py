"""The archive of accepted drops: every file unchanged, with its checksum. Nothing here is ever rewritten."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipelines.calendar import Month
from pipelines.settings import DataFolder
from pipelines.warehouse_file import OWNER_ONLY_FILE, make_private_folder

CHECKSUMS = "SHA256SUMS"


def archive_drop(folder: DataFolder, la_code: str, month: Month, files: Mapping[str, bytes]) -> Path:
    """The folder that holds exactly these files (bytes by name), named after their checksums.

    The same content is archived once: loading it again adds nothing.
    """
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    home = folder.archive
    for part in ("", la_code, str(month)):
        home = make_private_folder(home / part)
    place = home / hashlib.sha256(sums.encode()).hexdigest()[:12]
    for left_behind in home.glob(".*"):
        # of a run that was killed: personal data that no month would ever let go
        shutil.rmtree(left_behind)
    if place.exists():
        return place
    beside = make_private_folder(home / f".{place.name}.unfinished")
    try:
        for name, data in [*files.items(), (CHECKSUMS, sums.encode())]:
            (beside / name).touch(mode=OWNER_ONLY_FILE)
            (beside / name).write_bytes(data)
        beside.rename(place)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return place
