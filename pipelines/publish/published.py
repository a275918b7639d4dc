"""Which releases there are, and which of them people read.

Belongs here: finding releases, and `latest`, which names the current one and is switched in one step. It is a
link, or a file with the release's id on systems without links (Windows, some file shares). Does not belong here:
writing a release (`write_release`), removing one (`retention`).
"""

import difflib
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import BadInputError, UsageError
from pipelines.publish.release_manifest import (
    AUTHORITIES,
    FULL_MANIFEST,
    DamagedReleaseError,
    read_listed,
    read_manifest,
    sha256_of,
)
from pipelines.release_layout import files_of, table_of
from pipelines.settings import DataFolder

HIDDEN = "."
"""Prefix of folders that are no releases: unfinished, or being removed. Nothing reads them."""
REWRITTEN = f"{HIDDEN}rewritten-"
"""Prefix of a release that was written again and has not yet taken the place of the first one."""
_ID = re.compile(r"\d{4}-\d{2}_[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class Release:
    """A release: its folder and its manifest."""

    path: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def newest_months(self) -> dict[str, str]:
        """The month that each authority is at. Earlier versions did not say it: there the newest accepted drop."""
        known = self.manifest.get(AUTHORITIES)
        entries = [drop for drop in self.manifest["drops"] if drop["accepted"]] if known is None else known
        in_order = sorted((entry["la_code"], entry["extract_month"]) for entry in entries)
        return dict(in_order)

    @property
    def is_of_earlier_version(self) -> bool:
        """Whether it has counts where everybody could read them, and small numbers suppressed in another way."""
        return not (self.path / FULL_MANIFEST).exists()


def releases(folder: DataFolder) -> list[Release]:
    """All releases that can be read, oldest first."""
    return _oldest_first(_in_the_folder(folder))


def damaged_releases(folder: DataFolder) -> list[DamagedReleaseError]:
    """Each release that cannot be read, with its fault. Every command leaves it alone."""
    return [each for each in _in_the_folder(folder) if isinstance(each, DamagedReleaseError)]


def listed_releases(folder: DataFolder) -> tuple[list[Release], list[DamagedReleaseError]]:
    """Releases, oldest first, and damaged ones, by their manifests only: see `read_listed`.

    For a run, which uses one or two of them: read these with `whole_release`.
    """
    listed = _in_the_folder(folder, read_listed)
    return _oldest_first(listed), [each for each in listed if isinstance(each, DamagedReleaseError)]


def newest_release(folder: DataFolder) -> Release | None:
    """The newest release that can be read, whether people read it or not."""
    listed, _ = listed_releases(folder)
    return next(filter(None, (whole_release(release) for release in reversed(listed))), None)


def whole_release(listed: Release) -> Release | None:
    """A listed release with its full manifest; None if anything in its folder is damaged."""
    release = _read(listed.path)
    return release if isinstance(release, Release) else None


def current_release(folder: DataFolder) -> Release | None:
    """The release that `latest` names; None before the first, and where that one is damaged."""
    current = _current(folder)
    return current if isinstance(current, Release) else None


def needed_release(folder: DataFolder) -> Release:
    """The current release. Raises BadInputError before the first, DamagedReleaseError if it is damaged."""
    current = _current(folder)
    if current is None:
        raise BadInputError(f"there is no release in {folder.releases} yet: run a month first")
    if isinstance(current, DamagedReleaseError):
        raise current
    return current


def last_release(folder: DataFolder) -> Release | None:
    """The release that a new one is compared with: the current one, since people read it.

    If `latest` is lost, or its release is damaged, it is the newest that can be read: otherwise figures could
    change without a comparison.
    """
    return current_release(folder) or newest_release(folder)


def roll_back(folder: DataFolder, release_id: str) -> Release:
    """Makes an earlier release the latest again. The release that was the latest stays.

    Raises UsageError if there is no such release, and BadInputError if it is damaged, if one of its files is
    missing or has changed since it was published, or if `latest` cannot be switched. Then nothing is switched.
    """
    known = {release.id: release for release in releases(folder)}
    if release_id not in known:
        for damaged in damaged_releases(folder):
            if damaged.id == release_id:
                raise damaged
        near = difflib.get_close_matches(release_id, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"there is no release {release_id}: `warehouse releases` lists them{hint}")
    release = known[release_id]
    refuse_changed(release)
    try:
        switch(folder, release_id)
    except OSError as error:
        raise BadInputError(f"latest cannot be switched: {error.strerror}: {error.filename}") from error
    return release


def newest_as_published(folder: DataFolder, tables: Collection[str]) -> tuple[Release | None, list[str]]:
    """The newest release whose files of these tables are as published, and a line for each newer one.

    None before the first release. Raises BadInputError if there are releases and none is so.
    """
    faults: list[str] = []
    for release in filter(None, (whole_release(each) for each in reversed(listed_releases(folder)[0]))):
        try:
            _refuse_changed_files(release, _checksums(release, tables))
        except BadInputError as fault:
            faults.append(str(fault))
        else:
            return release, faults
    if faults:
        raise BadInputError(
            f"no release shows what was hidden before: {faults[0]}. Restore this file from a backup or a copy"
        )
    return None, []


def refuse_changed(release: Release) -> None:
    """Raises BadInputError if a file of the release is missing or has changed since it was published."""
    checksums = {entry["file"]: entry["sha256"] for entry in release.manifest.get("files", ())}
    _refuse_changed_files(release, checksums | _checksums(release))


def _checksums(release: Release, tables: Collection[str] = ()) -> dict[str, str]:
    """The SHA-256 of the files of tables, written as in `open/mart_eet_plan`; of all tables if none is named."""
    entries = [entry for entry in release.manifest["tables"] if not tables or table_of(entry) in tables]
    return {file: sha256 for entry in entries for file, sha256 in files_of(entry).items()}


def _refuse_changed_files(release: Release, checksums: Mapping[str, str]) -> None:
    for file, sha256 in checksums.items():
        path = release.path / file
        if not path.is_file():
            raise BadInputError(f"release {release.id} is incomplete: {file} is missing")
        if sha256_of(path) != sha256:
            raise BadInputError(f"release {release.id} has changed since publication: {file} differs")


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
        path.chmod(0o644)
        file.write(f"{release_id}\n")
        file.flush()
        os.fsync(file.fileno())


def _current(folder: DataFolder) -> Release | DamagedReleaseError | None:
    path = _named(folder)
    return _read(path) if path and path.is_dir() else None


def _named(folder: DataFolder) -> Path | None:
    """The folder that `latest` names; None where it names no release."""
    if folder.latest.is_symlink():
        named = folder.latest.readlink()
        if (folder.latest.parent / named).parent.resolve() != folder.releases.resolve():
            return None
        name = named.name
    elif folder.latest.is_file():
        name = Path(folder.latest.read_text(encoding="utf-8", errors="replace").strip()).name
    else:
        return None
    return folder.releases / name if _ID.fullmatch(name) else None


def _in_the_folder(
    folder: DataFolder, read: Callable[[Path], dict[str, Any]] = read_manifest
) -> list[Release | DamagedReleaseError]:
    """Every folder with the name of a release, in the order of the names."""
    paths = sorted(folder.releases.iterdir()) if folder.releases.is_dir() else []
    return [_read(path, read) for path in paths if _ID.fullmatch(path.name) and path.is_dir()]


def _oldest_first(known: Iterable[Release | DamagedReleaseError]) -> list[Release]:
    readable = [each for each in known if isinstance(each, Release)]
    return sorted(readable, key=lambda release: (release.manifest["created_at"], release.id))


def _read(path: Path, read: Callable[[Path], dict[str, Any]] = read_manifest) -> Release | DamagedReleaseError:
    try:
        return Release(path, read(path))
    except DamagedReleaseError as damaged:
        return damaged
