"""Finding releases: folders `<publisher>/<release>/` of the data folder.

Belongs here: names of folders and files, and `release.yml`. To add a release, add its folder. A `release.yml`
next to the files may give what the files lack: `title`, `published_date`, `year`.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.input_files import InputFileError, is_hidden, is_link, is_there, read_input, text_of_input
from pipelines.reading import ENDINGS
from pipelines.reference.own_files import Row, own_rows
from pipelines.seeds import seed_rows
from pipelines.settings import DataFolder

NOTES = "release.yml"
PUBLICATION_DAYS = "publication_days"
ALLOWED_NOTES = "it may hold title, published_date (YYYY-MM-DD) and year"
_YEAR_IN_FOLDER = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_YEAR_IN_FILE = re.compile(r"(20\d\d)(?:_[a-z]+)?$", re.IGNORECASE)
_CORRECTION = re.compile(r"revis|amend|correct|updat|(?<![a-z])v\d", re.IGNORECASE)
PUBLICATION_OF: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "looked_after",
            "looked_after_ceased",
            "looked_after_characteristics",
            "looked_after_headline",
            "looked_after_outcomes",
            "placement_stability",
            "care_leavers",
            "care_leavers_accommodation",
            "care_leavers_activity",
            "former_care_leavers",
            "outcomes",
        ),
        "children looked after",
    ),
    **dict.fromkeys(
        (
            "cin_plans",
            "children_in_need",
            "referrals",
            "assessments",
            "enquiries_and_conferences",
            "cp_plans",
            "cp_plans_repeat",
            "cp_plans_open_duration",
            "cp_plans_reviewed",
            "cp_plans_ended_duration",
        ),
        "children in need",
    ),
}
"""Which publication a dataset is in."""

FileKey = tuple[str, str, str]
"""Publisher, release and name of a file."""


class ReleaseNotes(BaseModel):
    """The content of `release.yml`. `year` applies to columns and workbooks without a year of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = None
    published_date: dt.date | None = None
    year: int | None = None


@dataclass(frozen=True)
class ReleaseFolder:
    """A release and its files. `strays` are files of unknown types; `faults` are lines about unreadable notes."""

    publisher: str
    release: str
    folder: Path
    files: tuple[Path, ...]
    strays: tuple[Path, ...]
    notes: ReleaseNotes
    faults: tuple[str, ...]

    @property
    def root(self) -> Path:
        """The folder of all publishers that this release lies in."""
        return self.folder.parents[1]

    def key_of(self, file: Path) -> FileKey:
        """Publisher, release, and the file's path within the folder of the release."""
        return (self.publisher, self.release, file.relative_to(self.folder).as_posix())

    def year_of(self, file: Path) -> str | None:
        """The year in `release.yml`, else in the name of the file, else in the name of the folder."""
        if self.notes.year:
            return str(self.notes.year)
        in_file = _YEAR_IN_FILE.search(file.name.partition(".")[0])
        in_folder = _YEAR_IN_FOLDER.findall(self.release)
        return in_file.group(1) if in_file else in_folder[-1] if in_folder else None


def find_releases(folder: DataFolder) -> list[ReleaseFolder]:
    """Every release, by publisher and name."""
    root = folder.comparators
    return [
        _release(path)
        for path in (sorted(root.glob("*/*")) if root.is_dir() else [])
        if path.is_dir() and not is_hidden(path) and not is_hidden(path.parent)
    ]


def files_outside_releases(folder: DataFolder) -> list[Path]:
    """Files that are not in the folder of a release."""
    root = folder.comparators
    if not root.is_dir():
        return []
    return [
        path for path in sorted([*root.glob("*"), *root.glob("*/*")]) if not path.is_dir() and not is_hidden(path)
    ]


@cache
def known_releases() -> dict[tuple[str, str], ReleaseNotes]:
    """Titles and publication days of known releases, by publisher and folder."""
    return {
        (row["publisher"], row["release"]): ReleaseNotes(
            title=row["title"], published_date=dt.date.fromisoformat(row["published_date"])
        )
        for row in seed_rows("comparator_release")
    }


def day_of_content(release: str, newest_years: Mapping[str, int]) -> dt.date | None:
    """The publication day of a release by what it holds: the newest year of each dataset.

    Publishers' folders have many names, and a folder of one year may hold several publications: then the last day
    counts. None for a folder whose name says that it holds a correction, which was published later.
    """
    if not newest_years or _CORRECTION.search(release):
        return None
    days = {
        (row["publication"], int(row["reporting_year"])): row["published_date"]
        for row in seed_rows("comparator_release")
    }
    each_day = [days.get((PUBLICATION_OF.get(dataset, ""), year)) for dataset, year in newest_years.items()]
    return max((dt.date.fromisoformat(day) for day in each_day if day), default=None) if all(each_day) else None


def day_of_neighbours(lists: Sequence[str]) -> dt.date | None:
    """The day of a shipped list of neighbours with these codes, in this order."""
    models: dict[str, list[str]] = {}
    for row in seed_rows("shipped_neighbour_list"):
        models.setdefault(row["valid_from"], []).append(row["neighbour_code"])
    return next((dt.date.fromisoformat(day) for day, codes in models.items() if codes == list(lists)), None)


def own_releases(rows: Sequence[Row]) -> dict[tuple[str, str], ReleaseNotes]:
    """Titles and days by publisher and folder, from the rows of the authority's own `publication_days.csv`."""
    return {
        (str(row["publisher"]), str(row["release"])): ReleaseNotes.model_validate(
            {name: row.get(name) for name in ("title", "published_date")}
        )
        for row in rows
    }


def title_and_day(
    release: ReleaseFolder, own: Mapping[tuple[str, str], ReleaseNotes]
) -> tuple[str | None, dt.date | None]:
    """Title and publication day: each from the release's notes, else the authority's list, else the known ones."""
    key = (release.publisher, release.release)
    notes = (release.notes, own.get(key, ReleaseNotes()), known_releases().get(key, ReleaseNotes()))
    title = next((each.title for each in notes if each.title), None)
    return title, next((each.published_date for each in notes if each.published_date), None)


def newest_publication(folder: DataFolder) -> dt.date | None:
    """The newest publication day of all releases; None where no release has one."""
    own = own_releases(own_rows(folder, PUBLICATION_DAYS))
    days = (title_and_day(release, own)[1] for release in find_releases(folder))
    return max((day for day in days if day), default=None)


def _release(folder: Path) -> ReleaseFolder:
    def unread(line: str) -> ReleaseFolder:
        return ReleaseFolder(folder.parent.name, folder.name, folder, (), (), ReleaseNotes(), (line,))

    if is_link(folder.parents[1], folder):
        return unread("not read: its folder is a link; put the folder itself there")
    try:
        paths = [path for path in sorted(folder.rglob("*")) if not path.is_dir() and not is_hidden(path)]
    except OSError as fault:
        return unread(f"the folder cannot be read: {fault.strerror}")
    data = [path for path in paths if path.name.lower().endswith(ENDINGS)]
    strays = [path for path in paths if path not in data and path.name != NOTES]
    notes, faults = _notes(folder / NOTES)
    return ReleaseFolder(folder.parent.name, folder.name, folder, tuple(data), tuple(strays), notes, tuple(faults))


def _notes(file: Path) -> tuple[ReleaseNotes, Sequence[str]]:
    if not is_there(file):
        return ReleaseNotes(), []
    try:
        content = yaml.safe_load(text_of_input(read_input(file.parents[2], file)))
        return ReleaseNotes.model_validate(content or {}), []
    except ValidationError as fault:
        first = fault.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return ReleaseNotes(), [f"{NOTES}: {field}: {first['msg']}; {ALLOWED_NOTES}"]
    except InputFileError as fault:
        return ReleaseNotes(), [f"{NOTES} is not read: {fault}"]
    except (yaml.YAMLError, RecursionError):
        return ReleaseNotes(), [f"{NOTES} cannot be read as YAML; {ALLOWED_NOTES}"]
