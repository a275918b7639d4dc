"""Which releases there are, and which of them people read.

Belongs here: finding releases, and `latest`, which names the current one and is switched in one step. It is a
link; where links cannot be made (Windows, some file shares) it is a file that holds the release's id. Does not
belong here: writing a release (`release`), removing one (`retention`).
"""

import difflib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import BadInputError, UsageError
from pipelines.publish.release_manifest import sha256_of
from pipelines.settings import DataFolder

HIDDEN = "."
"""With this a folder's name begins that is not, or no longer, a release: nothing reads it."""


@dataclass(frozen=True)
class Release:
    """One publication."""

    path: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        return self.path.name


def releases(folder: DataFolder) -> list[Release]:
    """All complete releases, oldest first."""
    paths = sorted(folder.releases.glob("*/manifest.json")) if folder.releases.is_dir() else []
    found = [_read(path.parent) for path in paths if not path.parent.name.startswith(HIDDEN)]
    return sorted(found, key=lambda release: (release.manifest["created_at"], release.id))


def current_release(folder: DataFolder) -> Release | None:
    """The release that `latest` names; None before the first."""
    path = _named(folder)
    return _read(path) if (path / "manifest.json").is_file() else None


def last_release(folder: DataFolder) -> Release | None:
    """The release that a new one is held against: the current one, since that is what people read.

    Where `latest` is lost it is the newest, so that no figure changes unseen for want of a link.
    """
    return current_release(folder) or next(reversed(releases(folder)), None)


def roll_back(folder: DataFolder, release_id: str) -> Release:
    """Makes an earlier release the latest again; the one that was it stays where it is.

    Raises UsageError where there is no such release, and BadInputError where a file of it is missing or is no
    longer what was published, or `latest` cannot be switched. Then nothing is switched.
    """
    known = {release.id: release for release in releases(folder)}
    if release_id not in known:
        near = difflib.get_close_matches(release_id, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"there is no release {release_id}: `warehouse releases` lists them{hint}")
    release = known[release_id]
    for table in release.manifest["tables"]:
        path = release.path / table["file"]
        if not path.is_file():
            raise BadInputError(f"release {release_id} is not whole: {table['file']} is missing")
        if sha256_of(path) != table["sha256"]:
            raise BadInputError(f"release {release_id} is not as it was published: {table['file']} has changed")
    try:
        switch(folder, release_id)
    except OSError as error:
        raise BadInputError(f"latest cannot be switched: {error.strerror}: {error.filename}") from error
    return release


def switch(folder: DataFolder, release_id: str) -> None:
    """A reader of `latest` sees the old release or the new one, never neither: what names it is replaced whole."""
    beside = folder.latest.with_name(".latest-next")
    beside.unlink(missing_ok=True)
    _name(beside, release_id)
    beside.replace(folder.latest)


def _name(path: Path, release_id: str) -> None:
    # Windows cannot replace a link to a folder in one step, even where it lets one be made
    if sys.platform != "win32":
        try:
            path.symlink_to(Path("releases") / release_id)
        except OSError:
            # a file system without links; where nothing can be written at all, the file says so
            pass
        else:
            return
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{release_id}\n")
        file.flush()
        os.fsync(file.fileno())


def _named(folder: DataFolder) -> Path:
    if folder.latest.is_file():
        return folder.releases / Path(folder.latest.read_text(encoding="utf-8").strip()).name
    return folder.latest.resolve()


def _read(path: Path) -> Release:
    return Release(path, json.loads((path / "manifest.json").read_text(encoding="utf-8")))
