"""Finds an accepted drop again: its files by name and checksum, and a folder that still has them.

Belongs here: matching checksums. Does not belong here: writing to the archive (`archive`), which drop is behind a
release (`pipelines.history`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.ingest.archive import checksums_of
from pipelines.ingest.drops import object_name
from pipelines.input_files import InputFileError, checksum_of_input
from pipelines.settings import DataFolder, input_limits


@dataclass(frozen=True)
class DropFiles:
    """An accepted drop: where its files are, and the SHA-256 of each object's file by its name.

    `others` are files of no contract: the archive keeps them too.
    """

    la_code: str
    month: Month
    root: Path
    """The archive, or `raw/lcs`."""
    folder: Path
    checksums: Mapping[str, str]
    others: tuple[str, ...] = ()


def find_drop(folder: DataFolder, la_code: str, month: Month, wanted: Mapping[str, str]) -> DropFiles | None:
    """The archived drop with these checksums, else the delivered one, else None.

    The files themselves must have the checksums: an archived file that was damaged is not used.
    """
    archived = (folder.archive / la_code / str(month)).glob("*")
    for home in sorted(archived):
        sums = checksums_of(folder, home)
        if sums and _objects(sums) == wanted and _has_files(folder.archive, home, sums):
            return DropFiles(la_code, month, folder.archive, home, wanted, tuple(sums.keys() - wanted.keys()))
    if is_delivered(folder, la_code, month, wanted):
        return DropFiles(la_code, month, folder.lcs, folder.lcs / la_code / str(month), wanted)
    return None


def is_delivered(folder: DataFolder, la_code: str, month: Month, wanted: Mapping[str, str]) -> bool:
    """Whether `raw/lcs` has the files with these checksums."""
    return bool(wanted) and _has_files(folder.lcs, folder.lcs / la_code / str(month), wanted)


def is_in_a_folder(folder: DataFolder, la_code: str, month: Month) -> bool:
    """Whether the archive or `raw/lcs` has a folder of the month. After `warehouse forget` neither has."""
    return any((parent / la_code / str(month)).is_dir() for parent in (folder.archive, folder.lcs))


def _objects(sums: Mapping[str, str]) -> dict[str, str]:
    """Leaves out files without a contract: the archive has them, manifests do not."""
    return {name: checksum for name, checksum in sums.items() if object_name(Path(name)) in contracts()}


def _has_files(root: Path, home: Path, sums: Mapping[str, str]) -> bool:
    return all(_sha256(root, home / name) == checksum for name, checksum in sums.items())


def _sha256(root: Path, path: Path) -> str | None:
    try:
        return checksum_of_input(root, path, input_limits().file_bytes)
    except InputFileError:
        return None
