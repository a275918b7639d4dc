"""Drops that have come and are complete, and whether what they hold has been run.

Belongs here: when a drop counts as complete, and telling one content from another. Does not belong here: what is
in a file, and starting anything.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from pipelines.calendar import Month
from pipelines.errors import UsageError
from pipelines.findings import INGEST, kept
from pipelines.ingest.drops import MARK, FoundDrop, find_drops
from pipelines.settings import DataFolder

_MONTH_FOLDER = re.compile(r"\d{4}-\d{2}")


class KnownDrop(BaseModel):
    """A drop as it was last looked at. `stamp` tells cheaply that nothing changed, `content` what it holds."""

    stamp: str
    content: str


class Known(BaseModel):
    """What a look remembers for the next one.

    `drops` by `<la_code>/<month>`; by month, `asked` the content that it was last asked to be run with, `times`
    how often it was asked for.
    """

    drops: dict[str, KnownDrop] = {}
    asked: dict[str, str] = {}
    times: dict[str, int] = {}


@dataclass(frozen=True)
class Arrival:
    """A month to be run: every drop of it is complete, and one at least holds what was not run.

    `content` names what the drops hold; `key` also tells one time that they hold it from another.
    """

    month: Month
    content: str
    key: str


@dataclass(frozen=True)
class Look:
    """What one look found: months to be run, months that wait for a drop to be complete, and what to remember."""

    arrivals: list[Arrival]
    incomplete: list[Month]
    known: Known = field(default_factory=Known)


def look_for_drops(folder: DataFolder, known: Known, now: dt.datetime, quiet: float | None) -> Look:
    """Looks at every drop of every month that has ended.

    A month is run once for a content: not while a drop of it is still being written, and not when it was asked
    for before or the last run of the month read just this. Files are read only where name, size or time changed.
    Raises BadInputError where the folder cannot be read.
    """
    arrivals, incomplete = [], []
    seen = Known(asked=dict(known.asked), times=dict(known.times))
    for month in months_delivered(folder):
        if month.end >= now.date():
            continue
        drops = find_drops(folder, month)
        if not all(is_complete(folder, drop, now, quiet) for drop in drops):
            incomplete.append(month)
            continue
        contents = {}
        for drop in drops:
            name, stamp = f"{drop.la_code}/{month}", _stamp(drop)
            before = known.drops.get(name)
            content = before.content if before and before.stamp == stamp else content_of(drop)
            seen.drops[name] = KnownDrop(stamp=stamp, content=content)
            contents[drop.la_code] = content
        together = _digest(contents)
        if seen.asked.get(str(month)) == together or contents == contents_run(folder, month):
            continue
        seen.asked[str(month)] = together
        seen.times[str(month)] = seen.times.get(str(month), 0) + 1
        arrivals.append(Arrival(month, together, f"{month}-{together[:12]}-{seen.times[str(month)]}"))
    return Look(arrivals, incomplete, seen)


def months_delivered(folder: DataFolder) -> list[Month]:
    """Months for which some authority's folder holds a file, in order."""
    found = set()
    for place in folder.lcs.glob("*/*"):
        if _MONTH_FOLDER.fullmatch(place.name) and place.is_dir() and any(place.iterdir()):
            try:
                found.add(Month.parse(place.name))
            except UsageError:
                continue
    return sorted(found)


def is_complete(folder: DataFolder, drop: FoundDrop, now: dt.datetime, quiet: float | None) -> bool:
    """Whether the drop bears its mark, or has not changed for `quiet` minutes (None: only the mark counts)."""
    place = folder.lcs / drop.la_code / str(drop.month)
    if (place / MARK).exists():
        return True
    if quiet is None:
        return False
    # copying tools set the time of a file back to that of its original, which the time of its entry survives
    states = [path.stat() for path in (place, *place.iterdir())]
    changed = max(max(state.st_mtime, state.st_ctime) for state in states)
    return now.timestamp() - changed >= quiet * 60


def content_of(drop: FoundDrop) -> str:
    """Hex SHA-256 over the objects' files: their names and what they hold."""
    return _digest({path.name: _sha256(path) for path in drop.files.values()})


def contents_run(folder: DataFolder, month: Month) -> dict[str, str]:
    """By authority, the content that the last run of a month accepted, as `content_of` tells it."""
    return {
        drop["la_code"]: _digest({file["file"]: file["sha256"] for file in drop["files"]})
        for drop in kept(folder, month, INGEST) or []
        if drop["accepted"]
    }


def _digest(named: Mapping[str, str]) -> str:
    return hashlib.sha256(
        "".join(f"{value}  {name}\n" for name, value in sorted(named.items())).encode()
    ).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(drop: FoundDrop) -> str:
    return _digest(
        {
            path.name: f"{state.st_size}:{state.st_mtime_ns}:{state.st_ctime_ns}"
            for path in drop.files.values()
            for state in (path.stat(),)
        }
    )
