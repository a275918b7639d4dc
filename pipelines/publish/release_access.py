"""Who may read what of a release: everybody `open/`, `report/` and `manifest.json`, only its owner the rest.

Belongs here: the modes of files and folders. They do not depend on the umask. Does not belong here: what is in the
files, who may read the working file (`pipelines.warehouse_file`).
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.publish.release_manifest import FULL_MANIFEST, MANIFEST, PUBLIC_ROOMS, entries_below
from pipelines.warehouse_file import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER

PUBLIC_FOLDER = 0o755
PUBLIC_FILE = 0o644
_BITS = 0o7777


def make_public_folder(path: Path) -> None:
    """Makes a folder that everybody can read, and missing folders above it. Does not change one that is there."""
    if not path.is_dir():
        make_public_folder(path.parent)
        path.mkdir()
        path.chmod(PUBLIC_FOLDER)


def give_modes(release: Path) -> None:
    """Gives everything in a release that was just written the mode that it should have; the folder itself last.

    A file that an earlier release shares has it already. If not, it only loses what others could do with it.
    """
    for path, mode in _modes(release, entries_below(release)):
        status = path.stat()
        now = status.st_mode & _BITS
        if now != mode:
            is_shared = path.is_file() and status.st_nlink > 1
            path.chmod(now & mode if is_shared else mode)


def take_modes_away(release: Path) -> None:
    """Takes away what only the owner may do with a release that was published earlier. Gives nothing.

    A release of an earlier version has `quality/` and the full manifest where everybody could read them. Looks
    into the folders of a release only if one of them has a mode of an earlier version: only the owner can enter
    the others. Raises OSError where a mode cannot be changed.
    """
    with os.scandir(release) as folders:
        if not any(_gives_more(path, mode) for path, mode in _modes(release, folders)):
            return
    for path, mode in _modes(release, entries_below(release)):
        if _gives_more(path, mode):
            path.chmod(path.stat().st_mode & _BITS & mode)


def _gives_more(path: Path, mode: int) -> bool:
    return bool(path.stat().st_mode & _BITS & ~mode)


def _modes(release: Path, entries: Iterable[os.DirEntry[str]]) -> Iterator[tuple[Path, int]]:
    """These files and folders with their modes, then the release. Leaves out links: they have none."""
    public_files = [MANIFEST] if (release / FULL_MANIFEST).exists() else []
    for entry in entries:
        path = Path(entry.path)
        room = path.parts[len(release.parts)]
        is_public = room in PUBLIC_ROOMS or room in public_files
        if entry.is_dir(follow_symlinks=False):
            yield path, PUBLIC_FOLDER if is_public else OWNER_ONLY_FOLDER
        elif entry.is_file(follow_symlinks=False):
            yield path, PUBLIC_FILE if is_public else OWNER_ONLY_FILE
    yield release, PUBLIC_FOLDER
