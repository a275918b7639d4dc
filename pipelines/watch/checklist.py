"""`warehouse check`: what is there, what is missing, and what each missing thing costs. It runs nothing.

Belongs here: what an installation needs for its next month, read from folders, first lines of files and the
working file. Does not belong here: reading rows of a drop, which a run does.
"""

import csv
import datetime as dt
import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.comparators.find_releases import PUBLICATION_DAYS, find_releases, own_releases, title_and_day
from pipelines.comparators.own_population import may_hold_populations
from pipelines.contracts import contract, contracts
from pipelines.dictionary.indicators import indicators
from pipelines.errors import BadInputError, BusyError
from pipelines.ingest.arrivals import months_delivered
from pipelines.ingest.drops import FoundDrop, find_drops
from pipelines.ingest.own_words import OwnWords, own_words
from pipelines.input_files import InputFileError, open_input
from pipelines.known_words import shown_file_name, shown_folder_name
from pipelines.population_age import age_in_months, is_old
from pipelines.reading.file_reading import SEPARATORS, text_as_published
from pipelines.reference import OwnReference, named_like, reference_of, reference_register
from pipelines.reference.authorities import authorities
from pipelines.seeds import seed_rows
from pipelines.settings import DataFolder
from pipelines.settings_file import NAME as SETTINGS
from pipelines.warehouse_file import open_warehouse
from pipelines.watch.new_folder import README

LONGEST_LINE = 1 << 16
INDICATORS_LISTED = 4
UNREAD = "no run reads it"
NO_DAY = (
    "the day of publication is unknown, so no month counts it as known then: write published_date: YYYY-MM-DD into"
    " release.yml in that folder, or a line into raw/reference/publication_days.csv"
)
_OF_LAST_RUN = {
    "populations": "select la_code, mid_year, first_month_used from raw.published_population",
    "population_files": "select file from raw.published_population_file",
    "neighbours": """
        select distinct neighbour.la_code
        from raw.comparator_neighbour as neighbour
        join raw.comparator_release using (publisher, release)
        where published_date is not null
    """,
    "undated": """
        select distinct publisher, release
        from raw.comparator_release
        semi join raw.comparator_value using (publisher, release)
        where published_date is null
    """,
}
"""Queries on the working file, by the name of what they find."""


class State(Enum):
    """Whether a thing is there, missing at a cost, not there and not needed, or at fault, which stops a run."""

    THERE = "there"
    MISSING = "missing"
    OPTIONAL = "optional"
    FAULT = "fault"


@dataclass(frozen=True)
class Item:
    """A thing of the checklist. `text`: its facts; of a missing one, what that costs and what to do."""

    state: State
    name: str
    text: str

    @property
    def line(self) -> str:
        return f"{self.state.value:<9} {self.name:<24} {self.text}"


@dataclass(frozen=True)
class Checklist:
    """The things of a data folder, in the order in which a newcomer needs them."""

    items: Sequence[Item] = field(default_factory=tuple)

    @property
    def faults(self) -> list[Item]:
        return [item for item in self.items if item.state is State.FAULT]

    def lines(self) -> list[str]:
        """A line per thing, and a last one that counts them."""
        counts = {state: sum(item.state is state for item in self.items) for state in State}
        summary = ", ".join(f"{count} {state.value}" for state, count in counts.items() if count)
        return [*(item.line for item in self.items), summary]


def checklist(folder: DataFolder) -> Checklist:
    """What is there and what is missing in a data folder."""
    reference = reference_of(folder)
    codes = _authorities(folder)
    drops = _drops(folder)
    newest = [known[-1] for known in drops]
    items = [
        *_folders(folder, codes),
        *(item for known in drops for item in _newest_drop(folder, known, own_words(reference))),
        *_reference(folder, reference, codes, newest),
        *_comparators(folder, reference),
    ]
    return Checklist(items)


def _authorities(folder: DataFolder) -> list[str]:
    """The authorities with a folder for drops."""
    paths = sorted(folder.lcs.glob("[!.]*")) if folder.lcs.is_dir() else []
    return [path.name for path in paths if path.is_dir() and path.name in authorities()]


def _drops(folder: DataFolder) -> list[list[FoundDrop]]:
    """The drops of each known authority, the newest last."""
    drops: dict[str, list[FoundDrop]] = {}
    for month in months_delivered(folder):
        for drop in find_drops(folder, month):
            if drop.is_known:
                drops.setdefault(drop.la_code, []).append(drop)
    return [drops[code] for code in sorted(drops)]


def _folders(folder: DataFolder, codes: Sequence[str]) -> Iterator[Item]:
    if not folder.root.is_dir():
        yield Item(State.MISSING, "data folder", f"{folder.root} is not there: `warehouse init LA_CODE` makes it")
        return
    yield Item(State.THERE, "data folder", str(folder.root))
    is_there = (folder.root / SETTINGS).exists()
    yield (
        Item(State.THERE, SETTINGS, "settings of this folder")
        if is_there
        else Item(
            State.OPTIONAL,
            SETTINGS,
            "without it every setting has its default; `warehouse init LA_CODE` writes one",
        )
    )
    unknown = [path.name for path in folder.lcs.glob("[!.]*") if path.is_dir() and path.name not in authorities()]
    for name in sorted(unknown):
        text = "a folder in raw/lcs that is no authority's code (three digits, such as 330): nothing reads it"
        yield Item(State.FAULT, shown_folder_name(name), text)
    if not codes:
        text = "no folder raw/lcs/<la_code>/: `warehouse init LA_CODE` makes it"
        yield Item(State.MISSING, "authority", text)
    delivered = {path.parent.name for path in folder.lcs.glob("*/????-??")}
    for code in codes:
        yield Item(State.THERE, f"authority {code}", authorities()[code])
        if code not in delivered:
            text = f"without one there is no month to run: put it into raw/lcs/{code}/<YYYY-MM>/"
            yield Item(State.MISSING, f"drop of {code}", text)


def _newest_drop(folder: DataFolder, drops: Sequence[FoundDrop], words: OwnWords) -> Iterator[Item]:
    *earlier, drop = drops
    where = f"{drop.la_code} {drop.month}"
    yield Item(State.THERE, f"drop of {drop.la_code}", f"{drop.month}: {len(drop.files)} objects")
    for fault in drop.faults:
        yield Item(State.FAULT, where, str(fault))
    for path in drop.strays:
        yield Item(State.OPTIONAL, where, drop.line("no object has this name: the file is not read", path.name))
    for name, known in contracts().items():
        if name in drop.files:
            yield from _headers(folder, drop, name, words)
        elif known.required:
            yield Item(State.FAULT, f"{where} {name}", f"{known.title}: a drop without it is refused")
        elif known.delivered == "when_it_changes" and (came := [each for each in earlier if name in each.files]):
            text = f"comes when it changes; the version of {came[-1].month} counts once that month has run"
            yield Item(State.THERE, f"{where} {name}", f"{known.title}: {text}")
        elif needed := [indicator.id for indicator in indicators().values() if name in indicator.objects]:
            yield Item(State.MISSING, f"{where} {name}", f"{known.title}: not available: {_listed(needed)}")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - INDICATORS_LISTED
    return ", ".join(names[:INDICATORS_LISTED]) + (f" and {more} more" if more > 0 else "")


def _headers(folder: DataFolder, drop: FoundDrop, name: str, words: OwnWords) -> Iterator[Item]:
    """The required columns that the first line of a text file does not have."""
    try:
        columns = _first_line(folder.lcs, drop.files[name])
    except InputFileError as fault:
        yield Item(State.FAULT, f"{drop.la_code} {drop.month} {name}", str(fault))
        return
    own = words.headers_of(drop.la_code, name)
    named = {own.get(column, column) for column in columns}
    required = [column.name for column in contract(name).columns if column.required]
    missing = [column for column in required if column not in named]
    # a title or `sep=;` may be above the header: a run finds it there
    if columns and missing and len(missing) < len(required):
        text = (
            f"the header has no {', '.join(missing)}: a run refuses the drop; raw/reference/headers.csv can map it"
        )
        yield Item(State.FAULT, f"{drop.la_code} {drop.month} {name}", text)


def _first_line(root: Path, path: Path) -> list[str]:
    """The names in the first line of a csv file; none of a workbook or a parquet file, which a run reads."""
    name = path.name.lower()
    if not name.endswith((".csv", ".csv.gz")):
        return []
    try:
        with open_input(root, path, largest=1 << 40) as file:
            line = (gzip.GzipFile(fileobj=file) if name.endswith(".gz") else file).readline(LONGEST_LINE)
        text = text_as_published(line)
        cells = next(csv.reader([text], delimiter=max(SEPARATORS, key=text.count)), [])
    except (OSError, EOFError, zlib.error, csv.Error):
        return []
    return [cell.strip().lower() for cell in cells]


def _reference(
    folder: DataFolder, reference: OwnReference, codes: Sequence[str], newest: Sequence[FoundDrop]
) -> Iterator[Item]:
    for fault in reference.faults:
        yield Item(State.FAULT, "raw/reference", fault)
    months = {drop.la_code: drop.month for drop in newest}
    last = _last_run(folder)
    for name, entry in reference_register().items():
        if name in reference.files and not reference.files[name].faults:
            yield Item(State.THERE, entry.file, f"{entry.title}: rows: {len(reference.files[name].rows):,}")
        elif name not in reference.files and not entry.needed:
            yield Item(State.OPTIONAL, entry.file, f"{entry.title}: {entry.without}")
    read = {file for (file,) in last["population_files"]}
    others = [path for path in reference.other if path.name != README]
    yield from (_other(path, path.name in read) for path in others)
    unread = [
        shown_file_name(path.name) for path in others if path.name not in read and may_hold_populations(path)
    ]
    for code in codes:
        estimates = _estimates(reference, last["populations"], code)
        yield _population(code, estimates, months.get(code), unread)
        yield _neighbours(reference, code, (code,) in last["neighbours"])


_Rows = Sequence[tuple[Any, ...]]


def _last_run(folder: DataFolder) -> dict[str, _Rows]:
    """What runs have read of downloaded files so far, by the names of the queries; empty before the first run."""
    nothing: dict[str, _Rows] = dict.fromkeys(_OF_LAST_RUN, ())
    if not folder.database.exists():
        return nothing
    try:
        with open_warehouse(folder, read_only=True) as connection:
            return {name: connection.execute(query).fetchall() for name, query in _OF_LAST_RUN.items()}
    except (BusyError, BadInputError, duckdb.Error):
        # a run has the file, or an earlier version made it
        return nothing


def _other(path: Path, is_read: bool) -> Item:
    """A file of raw/reference with another name than those of the register."""
    name, near = shown_file_name(path.name), named_like(path)
    if is_read:
        return Item(State.THERE, name, "a downloaded file: rates use its populations")
    text = "no file of own settings: " + (
        "a run looks for populations in it" if may_hold_populations(path) else UNREAD
    )
    if near:
        return Item(State.MISSING, name, f"{text}; if it is meant as {near}, rename it")
    return Item(State.OPTIONAL, name, text)


def _estimates(
    reference: OwnReference, published: Sequence[tuple[str, int, dt.date]], code: str
) -> list[tuple[int, dt.date]]:
    """Mid-year and first month of each population of an authority."""
    shipped = [
        (row["la_code"], int(row["mid_year"]), dt.date.fromisoformat(row["first_month_used"]))
        for row in seed_rows("shipped_population")
    ]
    own = [(row["la_code"], row["mid_year"], row["first_month_used"]) for row in reference.rows("population")]
    return [(year, first) for la_code, year, first in (*shipped, *published, *own) if la_code == code]  # type: ignore[misc]


def _population(
    code: str, estimates: Sequence[tuple[int, dt.date]], month: Month | None, unread: Sequence[str]
) -> Item:
    """`unread`: files that may hold one, which no run has read."""
    entry = reference_register()["population"]
    name = f"population of {code}"
    if not estimates and unread:
        return Item(State.MISSING, name, f"not known before a run, which looks for it in {', '.join(unread)}")
    if not estimates:
        text = f"{entry.without}: put the file of the Office for National Statistics into raw/reference"
        return Item(State.MISSING, name, text)
    at = month or max(Month(first.year, first.month) for _, first in estimates)
    used = [estimate for estimate in estimates if estimate[1] <= at.end] or [min(estimates, key=lambda e: e[1])]
    mid_year = max(used, key=lambda estimate: estimate[1])[0]
    if is_old(mid_year, at):
        age = age_in_months(mid_year, at)
        text = f"mid-{mid_year} is {age} months old in {at}: rates may be too high or too low; add a newer one"
        return Item(State.MISSING, name, text)
    return Item(State.THERE, name, f"mid-{mid_year}")


def _neighbours(reference: OwnReference, code: str, is_published: bool) -> Item:
    """`is_published`: a run has read a list of the authority in raw/comparators."""
    entry = reference_register()["neighbours"]
    name = f"neighbours of {code}"
    days = [str(row["valid_from"]) for row in reference.rows("neighbours") if row["la_code"] == code]
    shipped = any(row["la_code"] == code for row in seed_rows("shipped_neighbour_list"))
    if is_published or shipped:
        text = "own list and a published one" if days else "shipped list" if shipped else "published list"
        return Item(State.THERE, name, text)
    if days:
        text = (
            f"own list from {min(days)}: years that ended before that day are not compared; add the list before it"
        )
        return Item(State.THERE, name, text)
    text = f"{entry.without} and a run has read it; else write {entry.file} into raw/reference"
    return Item(State.MISSING, name, text)


def _comparators(folder: DataFolder, reference: OwnReference) -> Iterator[Item]:
    releases = find_releases(folder)
    if not releases:
        text = (
            "no figure is compared with England, the region or neighbours: put the Department's files, as"
            " downloaded, into raw/comparators/<publisher>/<release>/"
        )
        yield Item(State.MISSING, "published figures", text)
        return
    own = own_releases(reference.rows(PUBLICATION_DAYS))
    dated = [day for release in releases if (day := title_and_day(release, own)[1])]
    newest = f", the newest of {max(dated)}" if dated else ""
    yield Item(State.THERE, "published figures", f"{len(releases)} releases{newest}")
    folders = {f"{release.publisher}/{release.release}" for release in releases}
    for release in releases:
        for fault in release.faults:
            yield Item(State.MISSING, f"{release.publisher}/{release.release}", fault)
    for key in sorted(key for row in _last_run(folder)["undated"] if (key := "/".join(row)) in folders):
        if tuple(key.split("/")) not in own:
            yield Item(State.MISSING, key, NO_DAY)
    for key in sorted("/".join(key) for key in own):
        if key not in folders:
            near = get_close_matches(key, folders, n=1)
            text = (
                f"a line is for a folder that raw/comparators lacks{f'; did you mean {near[0]}?' if near else ''}"
            )
            yield Item(State.MISSING, f"{PUBLICATION_DAYS}.csv", text)
