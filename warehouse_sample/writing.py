"""Writing drops to disk: one file per object, and in another folder the lists of bad rows and records.

Belongs here: file names, endings, bytes. Does not belong here: what is in the rows.
"""

import csv
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.calendar import Month
from pipelines.errors import BadInputError, UsageError
from pipelines.ingest.unread_files import NOT_READ
from pipelines.settings import DataFolder
from warehouse_sample.another_council import Council
from warehouse_sample.areas import reference_of_postcodes
from warehouse_sample.book import Book, RecordFault
from warehouse_sample.dirt import PlantedFault, plant
from warehouse_sample.layout import WHEN_IT_CHANGES
from warehouse_sample.recording import LedgerReader
from warehouse_sample.timeline import MONTHS

PRINTED_COMPARATORS = Path(__file__).parent / "comparators"
PUBLISHED_PROFILE = Path(__file__).parent / "published"
FAULTS_FOLDER = "lcs_planted_faults"
_ZIPPED_EVERY_OTHER_MONTH = "ssd_contacts"


@dataclass(frozen=True)
class SampleDrop:
    """A drop as written: rows by object, including the planted ones."""

    month: Month
    folder: Path
    rows: dict[str, int]
    faults: int


def refuse_to_overwrite(authority: Path, wanted: tuple[Month, ...]) -> None:
    """Raises UsageError where a month holds a drop without a list of faults: this package did not write it."""
    for month in wanted:
        if any((authority / str(month)).glob("*")) and not _fault_file(authority, month).exists():
            raise UsageError(f"{authority / str(month)} holds a drop that is no sample: it would be overwritten")


def make_folders(authority: Path) -> None:
    """Makes the authority's folder and that of the fault lists. Raises BadInputError where that fails."""
    for folder in (authority, _fault_folder(authority)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise _unwritable(folder, fault) from fault
    (_fault_folder(authority) / NOT_READ).touch()


def write_printed_comparators(folder: DataFolder) -> None:
    """Writes the comparators that the county's papers print to the published figures, unless they are there."""
    _write_missing(PRINTED_COMPARATORS, folder.comparators)


def write_published_profile(folder: DataFolder) -> None:
    """Writes who was looked after in England, the region, the county and its neighbours on 31 March 2018, as the
    Department published it, to the published figures, unless it is there."""
    _write_missing(PUBLISHED_PROFILE, folder.comparators)


def _write_missing(source: Path, place: Path) -> None:
    try:
        for file in source.rglob("*.*"):
            copy = place / file.relative_to(source)
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())
    except OSError as fault:
        raise _unwritable(place, fault) from fault


def write_postcodes(folder: DataFolder) -> None:
    """Writes which postcodes lie in which authority to the reference data, unless that is there."""
    try:
        postcodes = folder.reference / "postcode.csv"
        if not postcodes.exists():
            folder.reference.mkdir(parents=True, exist_ok=True)
            postcodes.write_text(reference_of_postcodes(), encoding="utf-8")
    except OSError as fault:
        raise _unwritable(folder.reference, fault) from fault


def write_drops(
    authority: Path, council: Council, book: Book, wanted: tuple[Month, ...], report: Callable[[str], None]
) -> tuple[SampleDrop, ...]:
    """Writes the drops of the wanted months into `<authority>/<YYYY-MM>/`.

    Raises BadInputError where that folder cannot be written to.
    """
    readers = {name: LedgerReader(ledger) for name, ledger in book.ledgers.items()}
    written = []
    before = {
        name: pl.DataFrame(schema=dict.fromkeys(book.ledgers[name].columns, pl.String)) for name in WHEN_IT_CHANGES
    }
    for drop, month in enumerate(map(council.month, MONTHS)):
        if month > wanted[-1]:
            break
        clean = {name: reader.read(drop) for name, reader in readers.items()}
        unchanged = {name for name in WHEN_IT_CHANGES if clean[name].equals(before[name])}
        before = clean
        if month not in wanted:
            continue
        clean = {name: rows for name, rows in clean.items() if name not in unchanged}
        clean = council.people(clean)
        records = council.records(clean)
        at_fault = [
            fault
            for fault in book.faults
            if fault.since <= drop < fault.until
            and (council.is_the_county or fault.key.partition("|")[0] in records[fault.object])
        ]
        planted = plant(clean, drop, book.seed, {(fault.object, fault.key) for fault in at_fault})
        try:
            made = _write_drop(authority, drop, council, *planted)
            _record_fault_file(authority, month).write_text(_record_fault_list(month, at_fault), encoding="utf-8")
        except OSError as fault:
            raise _unwritable(authority, fault) from fault
        rows = sum(made.rows.values())
        report(f"{made.month}: {len(made.rows)} files, {rows:,} rows, {made.faults} planted faults")
        written.append(made)
    return tuple(written)


def _unwritable(folder: Path, fault: OSError) -> BadInputError:
    return BadInputError(f"cannot write to {fault.filename or folder}: {fault.strerror}")


def _fault_file(authority: Path, month: Month) -> Path:
    return _fault_folder(authority) / f"{month}.csv"


def _record_fault_file(authority: Path, month: Month) -> Path:
    return _fault_folder(authority) / f"{month}-records.csv"


def _fault_folder(authority: Path) -> Path:
    return authority.parent.parent / FAULTS_FOLDER / authority.name


def _write_drop(
    authority: Path, drop: int, council: Council, tables: dict[str, pl.DataFrame], faults: list[PlantedFault]
) -> SampleDrop:
    month = council.month(MONTHS[drop])
    folder = authority / str(month)
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        data = council.text(table.write_csv()).encode()
        is_zipped = name == _ZIPPED_EVERY_OTHER_MONTH and drop % 2 == 1
        ending = "csv.gz" if is_zipped else "csv"
        (folder / f"{name}.{ending}").write_bytes(gzip.compress(data, 3, mtime=0) if is_zipped else data)
    _fault_file(authority, month).write_text(_fault_list(month, faults), encoding="utf-8")
    return SampleDrop(month, folder, {name: table.height for name, table in tables.items()}, len(faults))


def _fault_list(month: Month, faults: list[PlantedFault]) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("month", "object", "line_number", "key", "rule", "note"))
    for fault in faults:
        lines.writerow((month, fault.object, fault.line_number, fault.key, fault.rule, fault.note))
    return text.getvalue()


def _record_fault_list(month: Month, faults: list[RecordFault]) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("month", "rule", "object", "key", "team"))
    for fault in faults:
        lines.writerow((month, fault.rule, fault.object, fault.key, fault.team))
    return text.getvalue()
