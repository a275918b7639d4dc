"""Finding releases: folders `<publisher>/<release>/` of the data folder, and those shipped with the project.

Belongs here: names of folders and files, and what stands in `release.yml`. A release is added by dropping its
folder; `release.yml` beside the files may tell what they do not: `title`, `published_date`, `year`.
"""

import csv
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.comparators.store import FileKey
from pipelines.ingest.reading import ENDINGS
from pipelines.settings import SEEDS, SHIPPED_COMPARATORS, DataFolder

NOTES = "release.yml"
MAY_TELL = "it may tell title, published_date (YYYY-MM-DD) and year"
_YEAR_IN_FOLDER = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_YEAR_IN_FILE = re.compile(r"(20\d\d)(?:_[a-z]+)?$", re.IGNORECASE)


class Notes(BaseModel):
    """What `release.yml` may tell. `year` is that of columns and workbooks that do not tell their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = None
    published_date: dt.date | None = None
    year: int | None = None


@dataclass(frozen=True)
class FoundRelease:
    """A release and its files. `faults` are lines about its notes that could not be read."""

    publisher: str
    release: str
    folder: Path
    files: tuple[Path, ...]
    strays: tuple[Path, ...]
    notes: Notes
    faults: tuple[str, ...]

    def key_of(self, file: Path) -> FileKey:
        """Publisher, release and the file's name below the folder of the release."""
        return (self.publisher, self.release, file.relative_to(self.folder).as_posix())

    def year_of(self, file: Path) -> str | None:
        """The year that `release.yml`, the name of the file or the name of the folder tells, in this order."""
        if self.notes.year:
            return str(self.notes.year)
        in_file = _YEAR_IN_FILE.search(file.name.partition(".")[0])
        in_folder = _YEAR_IN_FOLDER.findall(self.release)
        return in_file.group(1) if in_file else in_folder[-1] if in_folder else None


def find_releases(folder: DataFolder) -> list[FoundRelease]:
    """Every release, by publisher and name. One in the data folder stands in for a shipped one of its name."""
    found: dict[tuple[str, str], FoundRelease] = {}
    for root in (SHIPPED_COMPARATORS, folder.comparators):
        for place in sorted(root.glob("*/*")) if root.is_dir() else []:
            if place.is_dir() and not _is_hidden(place) and not _is_hidden(place.parent):
                found[place.parent.name, place.name] = _release(place)
    return [found[key] for key in sorted(found)]


def strays_beside(folder: DataFolder) -> list[Path]:
    """Files that lie in no folder of a release."""
    root = folder.comparators
    if not root.is_dir():
        return []
    return [
        path for path in sorted([*root.glob("*"), *root.glob("*/*")]) if path.is_file() and not _is_hidden(path)
    ]


@cache
def known_releases() -> dict[tuple[str, str], Notes]:
    """Titles of releases that are known, and their days of publication where sure, by publisher and folder."""
    with (SEEDS / "comparator_release.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["publisher"], row["release"]): Notes(
                title=row["title"], published_date=dt.date.fromisoformat(row["published_date"])
            )
            for row in csv.DictReader(file)
        }


def published_on(release: FoundRelease) -> dt.date | None:
    """The day of its publication: as its own notes say, else as the known releases do."""
    known = known_releases().get((release.publisher, release.release), Notes())
    return release.notes.published_date or known.published_date


def newest_publication(folder: DataFolder) -> dt.date | None:
    """The newest day on which any release came out; None where no release tells its day."""
    return max((day for release in find_releases(folder) if (day := published_on(release))), default=None)


def _release(place: Path) -> FoundRelease:
    try:
        paths = [path for path in sorted(place.rglob("*")) if path.is_file() and not _is_hidden(path)]
    except OSError as fault:
        line = f"the folder cannot be read: {fault.strerror}"
        return FoundRelease(place.parent.name, place.name, place, (), (), Notes(), (line,))
    data = [path for path in paths if path.name.lower().endswith(ENDINGS)]
    strays = [path for path in paths if path not in data and path.name != NOTES]
    notes, faults = _notes(place / NOTES)
    return FoundRelease(place.parent.name, place.name, place, tuple(data), tuple(strays), notes, tuple(faults))


def _notes(file: Path) -> tuple[Notes, Sequence[str]]:
    if not file.exists():
        return Notes(), []
    try:
        return Notes.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")) or {}), []
    except ValidationError as fault:
        first = fault.errors()[0]
        told = ".".join(str(part) for part in first["loc"])
        return Notes(), [f"{NOTES}: {told}: {first['msg']}; {MAY_TELL}"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return Notes(), [f"{NOTES} cannot be read as YAML; {MAY_TELL}"]


def _is_hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$"))
