"""Finds drops that have arrived completely and whose content was not run yet.

Belongs here: when a drop counts as complete, and whether two drops have the same content. Does not belong here:
what is in a file, and starting a run.
"""

import contextlib
import datetime as dt
import hashlib
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from pipelines.calendar import Month
from pipelines.errors import BadInputError, UsageError
from pipelines.findings import INGEST, read_findings
from pipelines.ingest.drops import MARK, FoundDrop, find_drops
from pipelines.input_files import InputFileError, checksum_of_input
from pipelines.settings import DataFolder, input_limits

_MONTH_FOLDER = re.compile(r"\d{4}-\d{2}")


class KnownDrop(BaseModel):
    """A drop as it was last seen. `stamp` changes when a file may have changed, `content` when one has."""

    stamp: str
    content: str


class Known(BaseModel):
    """What one look keeps for the next.

    `drops`: by `<la_code>/<month>`. `asked`: the content for which a run of a month was last requested, by month.
    `times`: how often a run was requested, by month.
    """

    drops: dict[str, KnownDrop] = {}
    asked: dict[str, str] = {}
    times: dict[str, int] = {}


@dataclass(frozen=True)
class Arrival:
    """A month to run: all its drops are complete, and at least one has content that was not run.

    `content`: digest of all its drops. `key`: unique per request, also when a content comes back.
    """

    month: Month
    content: str
    key: str


@dataclass(frozen=True)
class Look:
    """Result of one look: months to run, months with an incomplete drop, and what to keep for the next look."""

    arrivals: list[Arrival]
    incomplete: list[Month]
    known: Known = field(default_factory=Known)


def look_for_drops(
    folder: DataFolder, known: Known, now: dt.datetime, quiet: float | None, again: Collection[Month] = ()
) -> Look:
    """Looks at every drop of every month that has ended, and returns the months to run.

    A month is skipped while one of its drops is still being written, or if a run of the same content was requested
    before or was the last run of the month; the months of `again` are not skipped for that. A file is read only if
    its name, size or time has changed. A file that cannot be read counts as content of its own: the run says what
    is wrong with it.
    """
    largest = input_limits().file_bytes
    arrivals, incomplete = [], []
    seen = Known(asked=dict(known.asked), times=dict(known.times))
    for month in months_delivered(folder):
        if month.end >= now.date():
            continue
        try:
            drops = find_drops(folder, month)
        except BadInputError:
            # taken away meanwhile
            continue
        if not all(is_complete(folder, drop, now, quiet) for drop in drops):
            incomplete.append(month)
            continue
        contents = {}
        for drop in drops:
            name, stamp = f"{drop.la_code}/{month}", _stamp(drop)
            before = known.drops.get(name)
            content = before.content if before and before.stamp == stamp else content_of(folder, drop, largest)
            seen.drops[name] = KnownDrop(stamp=stamp, content=content)
            contents[drop.la_code] = content
        together = _digest(contents)
        was_run = seen.asked.get(str(month)) == together or contents == contents_run(folder, month)
        if was_run and month not in again:
            continue
        seen.asked[str(month)] = together
        seen.times[str(month)] = seen.times.get(str(month), 0) + 1
        arrivals.append(Arrival(month, together, f"{month}-{together[:12]}-{seen.times[str(month)]}"))
    return Look(arrivals, incomplete, seen)


def months_delivered(folder: DataFolder) -> list[Month]:
    """Months for which an authority has delivered a file, in order."""
    months = set()
    for path in folder.lcs.glob("[!.]*/*"):
        if _MONTH_FOLDER.fullmatch(path.name) and path.is_dir() and holds_something(path):
            try:
                months.add(Month.parse(path.name))
            except UsageError:
                continue
    return sorted(months)


def is_complete(folder: DataFolder, drop: FoundDrop, now: dt.datetime, quiet: float | None) -> bool:
    """Whether the drop has its mark, or has not changed for `quiet` minutes (None: only the mark counts)."""
    drop_folder = folder.lcs / drop.la_code / str(drop.month)
    if (drop_folder / MARK).exists():
        return True
    if quiet is None:
        return False
    # copying tools give a copy the modification time of its original, but they cannot set its change time
    states = [state for path in (drop_folder, *_listed(drop_folder)) if (state := _state(path))]
    changed = max((max(state.st_mtime, state.st_ctime) for state in states), default=now.timestamp())
    return now.timestamp() - changed >= quiet * 60


def content_of(folder: DataFolder, drop: FoundDrop, largest: int) -> str:
    """Hex SHA-256 over the names and contents of the drop's files of up to `largest` bytes each."""
    return _digest({path.name: _sha256(folder, path, largest) for path in drop.files.values()})


def contents_run(folder: DataFolder, month: Month) -> dict[str, str]:
    """Content that the last run of a month accepted, by authority, as `content_of` computes it.

    Findings that are damaged count as none: the month is run again, which writes them.
    """
    with contextlib.suppress(BadInputError, KeyError, TypeError):
        return {
            drop["la_code"]: _digest({file["file"]: file["sha256"] for file in drop["files"]})
            for drop in read_findings(folder, month, INGEST) or []
            if drop["accepted"]
        }
    return {}


def changed_since_run(folder: DataFolder, month: Month) -> set[str]:
    """Authorities whose drop of the month is not the one that the last run of the month accepted."""
    run, largest = contents_run(folder, month), input_limits().file_bytes
    return {
        drop.la_code
        for drop in find_drops(folder, month)
        if run.get(drop.la_code) != content_of(folder, drop, largest)
    }


def content_run(folder: DataFolder, month: Month) -> str:
    """The content that the last run of a month accepted, as `Arrival.content` has it."""
    return _digest(contents_run(folder, month))


def _digest(named: Mapping[str, str]) -> str:
    return hashlib.sha256(
        "".join(f"{value}  {name}\n" for name, value in sorted(named.items())).encode()
    ).hexdigest()


def _sha256(folder: DataFolder, path: Path, largest: int) -> str:
    """The checksum of the file or, where it cannot be read, why."""
    try:
        return checksum_of_input(folder.lcs, path, largest)
    except InputFileError as fault:
        return str(fault)


def holds_something(path: Path) -> bool:
    """Whether there is anything in a folder; True where it cannot be read, of which a run tells."""
    try:
        return any(path.iterdir())
    except OSError:
        return True


def _listed(path: Path) -> list[Path]:
    try:
        return list(path.iterdir())
    except OSError:
        return []


def _state(path: Path) -> os.stat_result | None:
    """The state of the file or of a link, not of what a link names; None for a file that went meanwhile."""
    try:
        return path.lstat()
    except OSError:
        return None


def _stamp(drop: FoundDrop) -> str:
    return _digest(
        {
            path.name: f"{state.st_size}:{state.st_mtime_ns}:{state.st_ctime_ns}" if state else ""
            for path in drop.files.values()
            for state in (_state(path),)
        }
    )
