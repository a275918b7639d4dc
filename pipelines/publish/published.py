"""Which releases there are, and which of them people read.

Belongs here: finding releases, and `latest`, which names the current one and is switched in one step. It is a
link, or a file with the release's id on systems without links (Windows, some file shares). Does not belong here:
writing a release (`write_release`), removing one (`retention`).
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
"""Prefix of folders that are no releases: unfinished, or being removed. Nothing reads them."""


@dataclass(frozen=True)
class Release:
    """A release: its folder and its manifest."""

    path: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        return self.path.name


def releases(folder: DataFolder) -> list[Release]:
    """All complete releases, oldest first."""
    paths = sorted(folder.releases.glob("*/manifest.json")) if folder.releases.is_dir() else []
    read = [_read(path.parent) for path in paths if not path.parent.name.startswith(HIDDEN)]
    return sorted(read, key=lambda release: (release.manifest["created_at"], release.id))


def current_release(folder: DataFolder) -> Release | None:
    """The release that `latest` names; None before the first."""
    path = _named(folder)
    return _read(path) if (path / "manifest.json").is_file() else None


def last_release(folder: DataFolder) -> Release | None:
    """The release that a new one is compared with: the current one, since people read it.

    If `latest` is lost it is the newest: otherwise figures could change without a comparison.
    """
    return current_release(folder) or next(reversed(releases(folder)), None)


def roll_back(folder: DataFolder, release_id: str) -> Release:
    """Makes an earlier release the latest again. The release that was the latest stays.

    Raises UsageError if there is no such release, and BadInputError if one of its files is missing or has changed
    since it was published, or if `latest` cannot be switched. Then nothing is switched.
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
            raise BadInputError(f"release {release_id} is incomplete: {table['file']} is missing")
        if sha256_of(path) != table["sha256"]:
            raise BadInputError(f"release {release_id} has changed since publication: {table['file']} differs")
    try:
        switch(folder, release_id)
    except OSError as error:
        raise BadInputError(f"latest cannot be switched: {error.strerror}: {error.filename}") from error
    return release


def switch(folder: DataFolder, release_id: str) -> None:
    """Switches `latest` in one step: a reader always sees the old release or the new one."""
    next_name = folder.latest.with_name(".latest-next")
    next_name.unlink(missing_ok=True)
    _name(next_name, release_id)
    next_name.replace(folder.latest)


def _name(path: Path, release_id: str) -> None:
    # Windows may let us make a link to a folder, but cannot replace it in one step
    if sys.platform != "win32":
        try:
            path.symlink_to(Path("releases") / release_id)
        except OSError:
            # a file system without links; if nothing can be written at all, writing the file fails too
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
