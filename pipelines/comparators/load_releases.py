"""Loads new and changed files of published figures into the working file and skips unchanged ones.

Belongs here: the order of the steps and the lines of the run. Nothing here stops a run: it prints one line for a
file that it cannot use, and loads the others.
"""

import dataclasses
import datetime as dt
import hashlib
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from pipelines.comparators import interactive_tool
from pipelines.comparators.added_names import AddedNames, added_names
from pipelines.comparators.comparator_tables import (
    FileRecord,
    create_comparator_tables,
    file_records,
    load_reading,
    neighbours_of,
    newest_years,
    remove_figures,
    write_record,
    write_releases,
)
from pipelines.comparators.find_releases import (
    PUBLICATION_DAYS,
    FileKey,
    ReleaseFolder,
    ReleaseNotes,
    day_of_content,
    day_of_neighbours,
    files_outside_releases,
    find_releases,
    own_releases,
    title_and_day,
)
from pipelines.comparators.reader_output import PassedOverError, Reading, RefusedError
from pipelines.comparators.readers import layout_of_file, read_as
from pipelines.comparators.source_file import Source
from pipelines.comparators.unfound_figures import unfound
from pipelines.findings import write_comparator_findings
from pipelines.input_files import InputFileError, checksum_of_input
from pipelines.reading.file_checks import UnreadableError
from pipelines.reading.reader import FileReader, TakenFile, file_reader
from pipelines.reference.own_files import own_rows
from pipelines.settings import SEEDS, DataFolder, InputLimits
from pipelines.warehouse_file import open_warehouse

ROOM = Path(__file__).parent
SEEDS_READ = ("comparator_geography", "authority_change", "indicator_register", "comparator_measure")
LOADED, PASSED_OVER, REFUSED = "loaded", "passed_over", "refused"
DUPLICATE, NOT_READ = "duplicate", "not_read"
OWN_LIST = "888"
"""The authority whose lists of neighbours are shipped: its list tells which model a file has."""
TOKENS_LISTED = 5


@dataclass
class ComparatorLoad:
    """Result of one scan of the comparator releases. `warnings` are lines for a person."""

    warnings: list[str] = field(default_factory=list)
    files: int = 0
    unchanged: int = 0
    loaded: int = 0
    passed_over: int = 0
    values: int = 0
    undated: list[str] = field(default_factory=list)
    """Releases without a day of publication, as `publisher/release`."""

    def line(self) -> str:
        """The line that a run prints."""
        parts = [f"comparators: {self.files:,} files", f"{self.unchanged:,} unchanged", f"{self.loaded:,} loaded"]
        if self.passed_over:
            parts.append(f"{self.passed_over:,} passed over, as the register uses nothing in them")
        not_used = self.files - self.unchanged - self.loaded - self.passed_over
        if not_used:
            parts.append(f"{not_used:,} not used")
        line = ", ".join([*parts, f"{self.values:,} values"])
        if self.undated:
            line += (
                f"; the day of publication is unknown, so no month counts it as known: {', '.join(self.undated)}: "
                "write published_date: YYYY-MM-DD into release.yml in that folder, or a line into "
                "raw/reference/publication_days.csv"
            )
        return line

    def warn(self, key: Sequence[str], text: str) -> None:
        """Adds a line about a release or one of its files."""
        self.warnings.append(f"comparators {'/'.join(key[:2])}{''.join(f' {name}' for name in key[2:])}: {text}")


@dataclass(frozen=True)
class _File:
    """A file of a release. `root` is the folder of all publishers that it lies in."""

    key: FileKey
    root: Path
    path: Path
    sha256: str
    year: str | None


def load_comparators(
    folder: DataFolder, report: Callable[[str], None], limits: InputLimits | None = None
) -> ComparatorLoad:
    """Loads every new or changed file, and warns about files that it cannot use.

    `limits`: how much of a file is read; without them, the usual ones.
    Raises BusyError and WarehouseError for the working file, and nothing for a faulty file.
    """
    releases = find_releases(folder)
    with open_warehouse(folder) as connection, file_reader(folder, limits or InputLimits()) as reader:
        create_comparator_tables(connection)
        loader = _Loader(connection, reader, added_names(folder))
        for path in files_outside_releases(folder):
            parts = path.relative_to(folder.comparators).parts
            loader.result.warn(parts, "not read: move it into the folder of a release (<publisher>/<release>/)")
        for release in releases:
            loader.load_release(release)
        loader.record_missing_files(releases)
        rows = _release_rows(connection, releases, own_releases(own_rows(folder, PUBLICATION_DAYS)))
        write_releases(connection, rows)
        loader.tell_undated(rows)
        write_comparator_findings(folder, loader.not_used())
    report(loader.result.line())
    return loader.result


def _release_rows(
    connection: duckdb.DuckDBPyConnection,
    releases: Sequence[ReleaseFolder],
    own: Mapping[tuple[str, str], ReleaseNotes],
) -> list[tuple[str, str, str | None, dt.date | None]]:
    """Publisher, release, title and publication day. Without a day in `title_and_day`, what it holds says it."""
    known = {(release.publisher, release.release): title_and_day(release, own) for release in releases}
    is_complete = all(day for _, day in known.values())
    years = {} if is_complete else newest_years(connection)
    lists = {} if is_complete else neighbours_of(connection, OWN_LIST)
    return [
        (*key, title, day or day_of_content(key[1], years.get(key, {})) or day_of_neighbours(lists.get(key, ())))
        for key, (title, day) in known.items()
    ]


class _Loader:
    """Updates the working file, file by file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, reader: FileReader, added: AddedNames) -> None:
        self._added = added
        self.result = ComparatorLoad()
        self._connection = connection
        self._known = file_records(connection)
        self._reader = reader
        self._taken: dict[FileKey, TakenFile] = {}

    def load_release(self, release: ReleaseFolder) -> None:
        """Loads the new and changed files of a release."""
        for line in release.faults:
            self.result.warn((release.publisher, release.release), line)
        for path in release.strays:
            self.result.files += 1
            self.result.unchanged += 1
            self._note(release.key_of(path), "", NOT_READ, "not a csv, parquet or xlsx file")
        files = [file for path in release.files if (file := self._read(release, path))]
        dictionaries = [file for file in files if self._layout(file) == interactive_tool.DICTIONARY]
        for file in files:
            self._load(file, dictionaries)
        while self._taken:
            self._taken.popitem()[1].remove()

    def tell_undated(self, rows: Sequence[tuple[str, str, str | None, dt.date | None]]) -> None:
        """Notes the releases with figures that no month can count as known at its time."""
        held = {key[:2] for key, record in self._known.items() if record.outcome == LOADED and record.needs_a_day}
        self.result.undated = [
            f"{publisher}/{release}"
            for publisher, release, _, day in rows
            if not day and (publisher, release) in held
        ]

    def not_used(self) -> list[dict[str, str]]:
        """Files that are refused or passed over, and what a person has to know of others; refused ones first."""
        listed = [
            {
                "file": "/".join(record.key),
                "outcome": REFUSED if record.outcome == LOADED and record.reason else record.outcome,
                "reason": record.reason or record.notes or "",
            }
            for record in self._known.values()
            if record.is_present and (record.outcome in {REFUSED, PASSED_OVER} or record.reason or record.notes)
        ]
        return sorted(listed, key=lambda each: (each["outcome"] != REFUSED, each["outcome"], each["file"]))

    def record_missing_files(self, releases: Sequence[ReleaseFolder]) -> None:
        """Marks files that are missing. Their figures stay: earlier months were compared with them."""
        present = {release.key_of(path) for release in releases for path in (*release.files, *release.strays)}
        for record in list(self._known.values()):
            if record.key not in present and record.is_present:
                self._write(dataclasses.replace(record, is_present=False))
                if record.outcome == LOADED:
                    self.result.warn(record.key, "missing from its folder; its figures stay loaded")

    def _read(self, release: ReleaseFolder, path: Path) -> _File | None:
        self.result.files += 1
        key = release.key_of(path)
        try:
            checksum = checksum_of_input(release.root, path, self._reader.limits.file_bytes)
        except InputFileError as fault:
            self._refuse(key, "", str(fault))
            return None
        return _File(key, release.root, path, checksum, release.year_of(path))

    def _content(self, file: _File) -> TakenFile:
        """A copy of the file that can be read. Raises UnreadableError and RefusedError."""
        if file.key not in self._taken:
            try:
                taken = self._reader.take(file.root, file.path)
            except InputFileError as fault:
                raise RefusedError(str(fault)) from fault
            if taken.sha256 != file.sha256:
                raise RefusedError("the file changed while it was read: run again when it is written completely")
            self._taken[file.key] = taken
        return self._taken[file.key]

    def _layout(self, file: _File) -> str | None:
        """The layout of a file, or None where no layout matches. Unchanged files are not opened."""
        before = self._known.get(file.key)
        if before and before.outcome == LOADED and before.sha256 == file.sha256:
            return before.layout
        try:
            return layout_of_file(self._content(file))
        except (UnreadableError, RefusedError):
            return None

    def _load(self, file: _File, dictionaries: Sequence[_File]) -> None:
        read_with = self._read_with(file, dictionaries)
        before = self._known.get(file.key)
        if before and (before.sha256, before.read_with, before.outcome) == (file.sha256, read_with, LOADED):
            self.result.unchanged += 1
            self._write(dataclasses.replace(before, reason="", is_present=True))
        elif original := self._file_with_same_content(file):
            self.result.unchanged += 1
            reason = "the same content as {}/{} {}".format(*original)
            if before and before.outcome == LOADED:
                # its earlier figures are no longer in any file of this name
                remove_figures(self._connection, file.key)
            if self._note(file.key, file.sha256, DUPLICATE, reason):
                self.result.warn(file.key, f"not loaded again: {reason}")
        else:
            self._read_and_load(file, read_with, dictionaries)

    def _read_and_load(self, file: _File, read_with: str, dictionaries: Sequence[_File]) -> None:
        try:
            layout = layout_of_file(self._content(file))
            year_types = self._year_types(dictionaries) if layout == interactive_tool.KIND else {}
            reading = read_as(layout, Source(*file.key, self._content(file), file.year, year_types, self._added))
            _check_row_counts(reading)
            _check_that_rows_are_used(reading)
        except PassedOverError as fault:
            self._pass_over(file, str(fault))
            return
        except (UnreadableError, RefusedError) as fault:
            self._refuse(file.key, file.sha256, str(fault))
            return
        except OSError:
            # the disk has no room for a copy: that is no fault of the file
            raise
        except Exception as fault:
            # A fault in our reader must not stop a month: the run prints one line, and the log has the traceback.
            traceback.print_exc()
            self._refuse(file.key, file.sha256, f"its reader crashed ({type(fault).__name__}); see the log")
            return
        before = self._known.get(file.key)
        if before and before.outcome == LOADED and before.sha256 != file.sha256:
            self.result.warn(
                file.key,
                "its content changed, so its figures were replaced; put a corrected file into a folder of its "
                "own to keep both",
            )
        unknown = reading.unknown_tokens
        notes = [*reading.told, *unfound(layout, reading.values)]
        if unknown:
            notes.append(f"signs with an unknown meaning, kept as published: {_token_list(unknown)}")
        record = FileRecord(
            *file.key,
            sha256=file.sha256,
            read_with=read_with,
            outcome=LOADED,
            reason="",
            layout=layout,
            rows_read=reading.rows_read,
            rows_loaded=reading.rows_loaded,
            rows_left_out=reading.left_out.height,
            values_loaded=reading.values.height,
            unknown_tokens=sum(unknown.values()),
            is_present=True,
            loaded_at=dt.datetime.now(dt.UTC),
            notes="; ".join(notes) or None,
        )
        load_reading(self._connection, record, reading, replaces=before is not None)
        self._known[file.key] = record
        self.result.loaded += 1
        self.result.values += record.values_loaded
        for line in notes:
            self.result.warn(file.key, line)

    def _read_with(self, file: _File, dictionaries: Sequence[_File]) -> str:
        """A checksum of everything besides the file that a reading depends on: readers, year and dictionaries."""
        version = readers_version(self._added)
        parts = [version, str(file.year), *sorted(dictionary.sha256 for dictionary in dictionaries)]
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]

    def _year_types(self, dictionaries: Sequence[_File]) -> dict[str, str]:
        """Kinds of year by measure of the interactive tool. Raises UnreadableError and RefusedError."""
        year_types: dict[str, str] = {}
        for file in dictionaries:
            source = Source(*file.key, self._content(file), None, {}, self._added)
            entries = interactive_tool.read_measure_dictionary(source).dictionary
            year_types |= dict(entries.select("measure", "year_type").drop_nulls().iter_rows())
        return year_types

    def _file_with_same_content(self, file: _File) -> FileKey | None:
        """Another loaded file with the same content."""
        return next(
            (
                record.key
                for record in self._known.values()
                if record.outcome == LOADED and record.sha256 == file.sha256 and record.key != file.key
            ),
            None,
        )

    def _refuse(self, key: FileKey, sha256: str, reason: str) -> None:
        """Records a refusal and warns. The figures of an earlier version of the file stay loaded."""
        before = self._known.get(key)
        if before and before.outcome == LOADED:
            self._write(dataclasses.replace(before, reason=reason, is_present=True))
            self.result.warn(key, f"refused; the figures of its earlier version stay: {reason}")
        else:
            self._note(key, sha256, REFUSED, reason)
            self.result.warn(key, f"refused: {reason}")

    def _pass_over(self, file: _File, reason: str) -> None:
        """Records a file that holds nothing that the register uses. One line tells of all such files."""
        before = self._known.get(file.key)
        if before and before.outcome == LOADED:
            self._refuse(file.key, file.sha256, reason)
            return
        self.result.passed_over += 1
        self._note(file.key, file.sha256, PASSED_OVER, reason)

    def _note(self, key: FileKey, sha256: str, outcome: str, reason: str) -> bool:
        """Records a file that was not loaded. Returns True if the record changed."""
        return self._write(FileRecord(*key, sha256, "", outcome, reason, None, 0, 0, 0, 0, 0, True, None))

    def _write(self, record: FileRecord) -> bool:
        if self._known.get(record.key) == record:
            return False
        write_record(self._connection, record)
        self._known[record.key] = record
        return True


def _check_row_counts(reading: Reading) -> None:
    """Raises RefusedError where a row was neither loaded nor listed as left out, or was both."""
    if reading.rows_read != reading.rows_loaded + reading.left_out.height:
        raise RefusedError(
            f"{reading.rows_read:,} rows read, but {reading.rows_loaded:,} loaded and "
            f"{reading.left_out.height:,} listed as left out"
        )


def _check_that_rows_are_used(reading: Reading) -> None:
    """Raises RefusedError where a file gives nothing: it has no rows, or all of them are left out."""
    if not reading.rows_read:
        raise RefusedError("it has a header and no rows")
    if not reading.rows_loaded:
        line, reason = reading.left_out.row(0)
        raise RefusedError(f"all of its {reading.rows_read:,} rows are left out; row {line}: {reason}")


def _token_list(tokens: Mapping[str, int]) -> str:
    listed = ", ".join(f"{token!r} ({count:,})" for token, count in list(tokens.items())[:TOKENS_LISTED])
    return f"{listed} and {len(tokens) - TOKENS_LISTED} others" if len(tokens) > TOKENS_LISTED else listed


@cache
def readers_version(added: AddedNames) -> str:
    """A checksum of the readers and their maps. When it changes, every file is read again."""
    checksum = hashlib.sha256(f"{pl.__version__} {added}".encode())
    files = [path for pattern in ("*.py", "*.csv", "headers/*.*") for path in sorted(ROOM.glob(pattern))]
    for path in [*files, *(SEEDS / f"{name}.csv" for name in SEEDS_READ)]:
        checksum.update(path.read_bytes())
    return checksum.hexdigest()
