"""How long releases stay: the newest ones for a time, and the end of every financial year for good.

Belongs here: which releases stay and why, removing the others. Does not belong here: what is in a release.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipelines.calendar import Month
from pipelines.publish.published import HIDDEN, Release, current_release, listed_releases, whole_release
from pipelines.settings import DataFolder

REMOVED = f"{HIDDEN}removed-"
YEAR_END = 3
"""March: the last month of a financial year."""
CURRENT, ROLLED_BACK = "current", "rolled back from"


def marks(known: Sequence[Release], current: Release | None) -> dict[str, list[str]]:
    """Why releases stay whatever their age, by id: current, newer than the current one, or the end of a year.

    `known` is in the order of publication, oldest first. The end of a financial year is the newest release of its
    March.
    """
    reasons: dict[str, list[str]] = {release.id: [] for release in known}
    ids = list(reasons)
    if current and current.id in reasons:
        reasons[current.id].append(CURRENT)
        for newer in ids[ids.index(current.id) + 1 :]:
            reasons[newer].append(ROLLED_BACK)
    for release_id, year in _year_ends(known).items():
        reasons[release_id].append(f"year end {year}")
    return reasons


def removable(known: Sequence[Release], current: Release | None, kept: int | None) -> list[Release]:
    """The releases to remove, oldest first: neither marked nor among the `kept` newest. None: all stay."""
    if kept is None or current is None:
        return []
    marked = marks(known, current)
    return [release for release in known[: max(len(known) - kept, 0)] if not marked[release.id]]


def remove_old_releases(folder: DataFolder, kept: int | None) -> list[Release]:
    """Removes what is `removable`, and returns it. Call it while no other run is going (`only_run`).

    A folder is renamed before its files are removed: a removal that was cut short leaves no broken release, and
    the next call finishes it. A reader that has a file open can go on reading. Raises OSError if a folder cannot
    be removed.
    """
    listed, _ = listed_releases(folder)
    leaving = [release for release in removable(listed, current_release(folder), kept) if whole_release(release)]
    for release in leaving:
        _hide(release.path)
    for renamed in folder.releases.glob(REMOVED + "*"):
        shutil.rmtree(renamed)
    return leaving


def remove_release(path: Path) -> None:
    """Removes a release, in the same way."""
    shutil.rmtree(_hide(path))


def _hide(path: Path) -> Path:
    return path.rename(path.with_name(REMOVED + path.name))


def _year_ends(known: Sequence[Release]) -> dict[str, str]:
    """The newest release of every March, with its financial year."""
    newest = {}
    for release in known:
        month = Month.parse(release.manifest["extract_month"])
        if month.number == YEAR_END:
            newest[month] = release.id
    return {release_id: f"{month.year - 1}/{month.year % 100:02d}" for month, release_id in newest.items()}
