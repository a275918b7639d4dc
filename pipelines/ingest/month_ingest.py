"""Takes one month from the folder of drops into the working file: read, check and load, authority by authority.

Belongs here: the order of the steps, and the messages of a refusal. The steps are the other modules here.
"""

import dataclasses
import datetime as dt
import difflib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.calendar import Month
from pipelines.contracts import Contract, contract, contracts
from pipelines.errors import BadInputError
from pipelines.findings import INGEST, note_unread, write_findings
from pipelines.ingest.archive import archive_drop
from pipelines.ingest.derived_columns import DropContext, with_derived_columns
from pipelines.ingest.drop_results import DropFault, DropResult, FileResult, Issue, MonthIngest, Refusal, Reject
from pipelines.ingest.drops import FoundDrop, column_names, find_drops
from pipelines.ingest.list_versions import lines_on_lists
from pipelines.ingest.near_ids import near_id_lines
from pipelines.ingest.own_words import TEAMS, OwnWords, own_words
from pipelines.ingest.pseudonyms import Pseudonyms, add_to_lookups, lost_lookups, merge_lookups, pseudonym_key
from pipelines.ingest.raw_tables import (
    LoadableFile,
    create_raw_tables,
    load_drop,
    loaded,
    record_refusal,
    rows_of_last_drop,
    write_reference,
    write_run,
)
from pipelines.ingest.reach import lines_on_reach
from pipelines.ingest.recognise import likeness_of_layout
from pipelines.ingest.rejected_rows import hash_stored_rows, without_ids_and_persons
from pipelines.ingest.row_checks import LINE, CheckedFile, check_drop, missing_columns
from pipelines.ingest.unread_files import likeness_of_file, stray_line, unread_lines
from pipelines.input_files import InputFileError
from pipelines.known_words import shown_header
from pipelines.progress import Progress
from pipelines.reading.file_checks import UnreadableError
from pipelines.reading.file_reading import TextTable
from pipelines.reading.reader import FileReader, TakenFile, file_reader
from pipelines.reference import read_reference
from pipelines.settings import DataFolder, InputLimits, ShardFolder
from pipelines.storage import storage_fault
from pipelines.warehouse_file import open_warehouse

FEWEST_ROWS_WITH_DAYS = 50
"""From how many rows on a file without any first or last day is no chance."""
HEADERS_SHOWN = 60
"""Most columns that one message names."""
_LIKE_A_NAME = re.compile(r"[a-z][a-z0-9 _./()?'&-]*")
"""What a header may be, trimmed and in lower case: no number, no day, not blank."""
_TYPE_WORDS = {
    "date": "date",
    "datetime": "day and time without a zone",
    "integer": "whole number",
    "number": "number",
}
_READ_IN_PART = {
    Issue.TEXT_NOT_JSON: "texts of {} that are not JSON and count as empty",
    Issue.JSON_NOT_KNOWN: 'texts of {} with a key, or another value than "Y", that is not read and counts as'
    " empty",
    Issue.TIME_MISSING: "days of {} without a time, read as 00:00",
}
_FLAGS = {**_READ_IN_PART, Issue.DATE_IN_FUTURE: "dates of {} after the day of the extract, kept and flagged"}
"""What the run says of flagged rows. Of a list that is kept by hand it says more."""
_OTHER_TYPES = "value but an error, or a number that was cut short"


@dataclass(frozen=True)
class CheckedDrop:
    """A drop after reading and checking. A refused drop has no `files`."""

    result: DropResult
    files: dict[str, CheckedFile]
    taken: dict[str, TakenFile]


def ingest_month(
    folder: DataFolder,
    month: Month,
    progress: Progress,
    limits: InputLimits | None = None,
    only: Collection[str] = (),
) -> MonthIngest:
    """Loads every drop of a month that fits its contracts; refuses the others as a whole and records why.

    `limits`: how much of a file is read; without them, the usual ones. `only`: the authorities that are run, all
    if empty; drops and findings of the others stay as they are.
    Raises BadInputError if the month has no drop, or if all were refused, with a line per fault.
    """
    try:
        unread = unread_lines(folder)
        note_unread(folder, month, unread)
        results = _ingest(folder, month, progress, limits or InputLimits(), only)
    except OSError as fault:
        known = storage_fault(fault, folder)
        raise known or BadInputError(f"cannot write {fault.filename}: {fault.strerror}") from fault
    write_findings(folder, month, INGEST, [result.to_manifest() for result in results], only)
    if not any(result.accepted for result in results):
        for warning in (line for result in results for line in (*result.warnings, *result.near_ids)):
            progress.warning(warning)
        # a file that is named wrongly may be why another one is missing
        lines = [line for result in results for line in (*map(str, result.faults), *result.unread)]
        raise BadInputError("\n".join([*lines, *unread]))
    return MonthIngest(month, results)


def _wanted_drops(folder: DataFolder, month: Month, only: Collection[str]) -> list[FoundDrop]:
    """The drops of these authorities, of all if none is named. Raises BadInputError if one has no drop."""
    try:
        drops = find_drops(folder, month)
    except BadInputError as fault:
        raise BadInputError("\n".join([str(fault), *unread_lines(folder)])) from fault
    missing = sorted(set(only) - {drop.la_code for drop in drops})
    if missing:
        looked = f"looked for {folder.lcs}/<la_code>/{month}/"
        raise BadInputError(f"no drop of {month} was found for {', '.join(missing)}: {looked}")
    return [drop for drop in drops if not only or drop.la_code in only]


def _ingest(
    folder: DataFolder, month: Month, progress: Progress, limits: InputLimits, only: Collection[str]
) -> list[DropResult]:
    drops = _wanted_drops(folder, month, only)
    reference = read_reference(folder)
    words = own_words(reference)
    results = []
    with open_warehouse(folder) as connection, file_reader(folder, limits) as reader:
        create_raw_tables(connection)
        key = pseudonym_key(folder, connection)
        for line in lost_lookups(folder, connection):
            progress.warning(line)
        if hash_stored_rows(folder, connection, key):
            progress.warning(
                "ids in the rejected rows of earlier months are hashed now; releases published before have them"
                " as they were: run the newest month again, then remove those releases"
            )
        write_reference(connection, reference)
        last_rows = {drop.la_code: rows_of_last_drop(connection, drop.la_code, month) for drop in drops}
        read = _read_ahead(
            lambda drop: read_and_check(reader, folder.lcs, drop, last_rows[drop.la_code], words), drops
        )
        for _ in drops:
            with progress.stage("read and check"):
                checked = next(read)
            at = dt.datetime.now(dt.UTC)
            with progress.stage("load"):
                if checked.result.accepted:
                    store(folder, connection, checked, key, at)
                else:
                    record_refusal(connection, checked.result, at)
            progress.line(_summary(checked.result))
            results.append(checked.result)
        if not isinstance(folder, ShardFolder):
            # the shards of a region have one lookup: the region's run merges it when theirs have ended
            merge_lookups(folder)
        if any(result.accepted for result in results):
            # a drop that is refused leaves an earlier one of the month loaded, which is run again
            write_run(connection, month, [code for code in loaded(connection, month) if not only or code in only])
    return results


def _read_ahead(read: Callable[[FoundDrop], CheckedDrop], drops: Sequence[FoundDrop]) -> Iterator[CheckedDrop]:
    """The drops in order. The next one is read while the caller loads one."""
    with ThreadPoolExecutor(1) as pool:
        ahead = [pool.submit(read, drop) for drop in drops[:1]]
        for following in range(1, len(drops) + 1):
            checked = ahead.pop().result()
            ahead += [pool.submit(read, drop) for drop in drops[following : following + 1]]
            yield checked


def read_and_check(
    reader: FileReader, root: Path, drop: FoundDrop, last_rows: Mapping[str, int], words: OwnWords | None = None
) -> CheckedDrop:
    """Reads a drop and checks it.

    `root`: the folder of all drops that it is in. `last_rows`: rows per object of the authority's previous drop.
    `words`: the authorities' own names of columns and codes.
    """
    words = words or OwnWords()
    faults = list(drop.faults)
    warnings: list[str] = []
    taken, tables = _read(reader, root, drop, faults, words)
    unread = [
        stray_line(drop, path, likeness_of_file(taken[path.name]) if path.name in taken else None)
        for path in drop.strays
    ]
    faults += _missing_objects(drop, last_rows)
    for name, table in tables.items():
        faults += _file_faults(drop, name, table, last_rows.get(name, 0), taken[drop.files[name].name])
    for name, table in tables.items():
        warnings += _file_warnings(drop, name, table, bool(faults))
    if faults:
        return CheckedDrop(DropResult(drop.shown_code, drop.month, faults, warnings, unread=unread), {}, {})
    context = DropContext(drop.la_code, drop.month, words.postcodes)
    tables = {name: with_derived_columns(contract(name), table, context) for name, table in tables.items()}
    files = check_drop(tables, drop.month.extract_day)
    near_ids = [
        drop.line(line, drop.files[name].name)
        for name, lines in near_id_lines(files, tables).items()
        for line in lines
    ]
    faults = [fault for name, file in files.items() for fault in _column_faults(drop, name, file)]
    faults += _empty_files(drop, files)
    if faults:
        refused = DropResult(drop.shown_code, drop.month, faults, warnings, [], unread, near_ids)
        return CheckedDrop(refused, {}, {})
    for name, file in files.items():
        warnings += _row_warnings(drop, name, file)
    results = [_file_result(taken[drop.files[name].name], file) for name, file in sorted(files.items())]
    if TEAMS in files:
        if count := words.teams_without_zeros(drop.la_code, files[TEAMS].loaded):
            warnings.append(
                f"{drop.la_code} {drop.month}: teams of raw/reference/teams.csv that {TEAMS} has with other zeros"
                f" at the front: {count}. They count as teams of their own: write team_id as the drop has it"
            )
        with_teams = words.with_teams(drop.la_code, files[TEAMS].loaded)
        files[TEAMS] = dataclasses.replace(files[TEAMS], loaded=with_teams)
    result = DropResult(drop.la_code, drop.month, [], warnings, results, unread, near_ids)
    return CheckedDrop(result, files, taken)


def store(
    folder: DataFolder,
    connection: duckdb.DuckDBPyConnection,
    checked: CheckedDrop,
    key: bytes,
    at: dt.datetime,
) -> None:
    """Archives an accepted drop, hashes its ids and replaces its partition. Warns of what it seems to lack."""
    result = checked.result
    archive_drop(folder, result.la_code, result.extract_month, list(checked.taken.values()))
    pseudonyms = Pseudonyms(key, result.la_code)
    loadable = [
        LoadableFile(
            file.contract,
            file_result,
            pseudonyms.without_ids(file.contract, file.loaded),
            without_ids_and_persons(file.contract, file.rejected, pseudonyms),
            file.issues,
        )
        for file_result in result.files
        for file in (checked.files[file_result.object],)
    ]
    add_to_lookups(folder, pseudonyms)
    reach = load_drop(connection, result, loadable, at)
    lines = [*lines_on_reach(reach), *lines_on_lists(connection, result.la_code, result.extract_month)]
    result.warnings.extend(f"{result.la_code} {result.extract_month}: {line}" for line in lines)


def _read(
    reader: FileReader, root: Path, drop: FoundDrop, faults: list[DropFault], words: OwnWords
) -> tuple[dict[str, TakenFile], dict[str, TextTable]]:
    """The copy of every file by name, and the tables by object. Adds a fault for each unreadable file."""
    taken: dict[str, TakenFile] = {}
    tables: dict[str, TextTable] = {}
    strays = [path for path in drop.strays if path.is_file() and not path.is_symlink()]
    for name, path in [*drop.files.items(), *((None, path) for path in strays)]:
        try:
            file = taken[path.name] = reader.take(root, path)
            if name is not None:
                table = file.table([*column_names(path), *words.headers_of(drop.la_code, name)])
                tables[name] = words.in_words_of_contract(drop.la_code, name, table)
        except (InputFileError, UnreadableError) as fault:
            faults.append(drop.fault(Refusal.FILE_UNREADABLE, str(fault), path.name))
    return taken, tables


def _missing_objects(drop: FoundDrop, last_rows: Mapping[str, int]) -> list[DropFault]:
    """Faults for missing objects: required ones, and those of the previous drop.

    None for an unknown authority, or a folder that is not read at all: that is its fault.
    """
    if not drop.is_known or (drop.faults and not drop.files):
        return []
    return [
        drop.fault(
            Refusal.OBJECT_MISSING,
            f"the required object {name} is missing"
            if known.required
            else f"the object {name} is missing, but the last accepted drop had it",
        )
        for name, known in contracts().items()
        if name not in drop.files and (known.required or (name in last_rows and known.delivered == "every_month"))
    ]


def _file_faults(
    drop: FoundDrop, name: str, table: TextTable, last_rows: int, taken: TakenFile
) -> list[DropFault]:
    file = drop.files[name].name
    missing = missing_columns(contract(name), table)
    has_a_column = bool(set(table.columns) & {column.name for column in contract(name).columns})
    # where none is known, the same is wrong with all of them
    named = (
        [f"column {column} is" for column in missing] if has_a_column else [f"columns {', '.join(missing)} are"]
    )
    faults = [
        drop.fault(
            Refusal.REQUIRED_COLUMN_MISSING,
            f"required {text} missing ({_columns_found(contract(name), table, column, taken)})",
            file,
        )
        for column, text in zip(missing, named, strict=False)
    ]
    if not table.rows_read and last_rows and contract(name).delivered == "every_month":
        text = f"the file has no rows, but the last accepted drop had {last_rows}"
        faults.append(drop.fault(Refusal.FILE_EMPTY, text, file))
    return faults


def _columns_found(of_object: Contract, table: TextTable, missing: str, taken: TakenFile) -> str:
    """Lists the columns of a file and suggests the closest name. Shows no value if the header line is missing."""
    known = {column.name for column in of_object.columns}
    unknown = [column for column in table.columns if column not in known]
    columns = f"columns found: {', '.join(_shown_headers(of_object, table, table.columns))}"
    if len(unknown) == len(table.columns):
        if (alike := likeness_of_file(taken, likeness_of_layout)) is not None:
            return f"no column of this object was found; {alike}"
        if not all(_LIKE_A_NAME.fullmatch(column) for column in table.columns):
            return "no column of this object was found: is the header line missing?"
        return f"no column of this object was found; {columns}"
    meant = difflib.get_close_matches(missing, unknown, n=1, cutoff=0.8)
    return f"{columns}; did you mean {_shown_headers(of_object, table, meant)[0]}?" if meant else columns


def _shown_headers(of_object: Contract, table: TextTable, columns: Sequence[str]) -> list[str]:
    """The first of these columns as a message shows them, and how many more there are."""
    known = [column.name for column in of_object.columns]
    first = columns[:HEADERS_SHOWN]
    shown = [shown_header(column, table.columns.index(column) + 1, known) for column in first]
    return [*shown, *([f"and {len(columns) - len(first):,} more"] if len(columns) > len(first) else [])]


def _file_warnings(drop: FoundDrop, name: str, table: TextTable, is_refused: bool) -> list[str]:
    file = drop.files[name].name
    known = [column.name for column in contract(name).columns]
    unknown = [column for column in table.columns if column not in known]
    absent = [column for column in known if column not in table.columns]
    warnings = [drop.line(note, file) for note in table.notes]
    if is_refused and len(unknown) == len(table.columns):
        # its fault says so
        return warnings
    if not table.rows_read and contract(name).delivered == "when_it_changes" and not is_refused:
        warnings.append(drop.line("a header and no rows: from this month on the list is empty", file))
    if unknown:
        shown = ", ".join(_shown_headers(contract(name), table, unknown))
        left_out = "unknown columns" if is_refused else "loaded without the unknown columns"
        warnings.append(drop.line(f"{left_out} {shown}", file))
    if absent and not is_refused:
        warnings.append(drop.line(f"columns not delivered, taken as empty: {', '.join(absent)}", file))
    return warnings


def _column_faults(drop: FoundDrop, name: str, file: CheckedFile) -> list[DropFault]:
    """A fault for each column whose values can be read in two ways, or whose days are all missing."""
    doubts = dict(file.doubts)
    if file.contract.days and _has_no_value(file, day := file.contract.days[0]):
        doubts[day] = f"none of the {file.loaded.height:,} rows has a date, so no figure would count them"
    return [
        drop.fault(Refusal.COLUMN_IN_DOUBT, f"column {column}: {doubt}", drop.files[name].name)
        for column, doubt in doubts.items()
    ]


def _has_no_value(file: CheckedFile, column: str) -> bool:
    rows = file.loaded.height
    return rows >= FEWEST_ROWS_WITH_DAYS and file.loaded[column].null_count() == rows


def _empty_files(drop: FoundDrop, files: Mapping[str, CheckedFile]) -> list[DropFault]:
    """A fault for each file without a row to load whose rows other files name. Workers are in no figure."""
    faults = []
    for name, file in files.items():
        naming = {
            other.contract.object: number
            for other in files.values()
            for column in other.contract.loaded_columns
            if column.link and column.link[0] == name and column.privacy != "worker" and other is not file
            if (number := other.loaded.height - other.loaded[column.name].null_count())
        }
        rows = [f"{number:,} rows of {other}" for other, number in naming.items()]
        if file.loaded.is_empty() and rows:
            what = "no rows" if not file.rows_read else f"no row that fits, of {file.rows_read:,}"
            text = f"the file has {what}, but {' and '.join(rows)} name its rows: export it again"
            faults.append(drop.fault(Refusal.FILE_EMPTY, text, drop.files[name].name))
    return faults


def _row_warnings(drop: FoundDrop, name: str, file: CheckedFile) -> list[str]:
    """What the values of rejected rows look like, and which open or recent rows are among them, in a line."""
    parts = [
        f"{_rows(misfit.rows)} rejected because {misfit.column.name} is {misfit.shapes}, which is no "
        f"{_TYPE_WORDS.get(misfit.column.type, _OTHER_TYPES)} (first in line {misfit.first_line:,})"
        for misfit in file.misfits
    ]
    said = [*_READ_IN_PART, *([Issue.DATE_IN_FUTURE] if file.contract.is_list else [])]
    read_in_part = file.issues.filter(pl.col("rule").is_in([flag.value for flag in said]))
    parts += [
        f"{_FLAGS[Issue(rule)].format(column)}: {number:,} (first in line {line:,})"
        for column, rule, number, line in read_in_part.group_by("column_name", "rule")
        .agg(pl.len(), pl.col(LINE).min().alias("line"))
        .sort("column_name", "rule", descending=[False, True])
        .iter_rows()
    ]
    empty = [one.name for one in file.contract.loaded_columns if one.required and _has_no_value(file, one.name)]
    if empty:
        parts.append(
            f"none of the {file.loaded.height:,} rows has a value in {', '.join(empty)}, which figures read:"
            " fill it, or leave the file out so that they are not available"
        )
    lost = file.lost.words()
    if lost or file.contract.is_list:
        parts += [*_other_rejects(file), *([lost] if lost else [])]
    return [drop.line("; ".join(parts), drop.files[name].name)] if parts else []


def _other_rejects(file: CheckedFile) -> list[str]:
    """The rows that are rejected for another reason than a value that does not fit, by reason."""
    others = file.rejected.filter(pl.col("rule") != Reject.VALUE_DOES_NOT_FIT_TYPE.value)
    by_rule = others.group_by("rule", "column_name").agg(pl.len(), pl.col(LINE).min()).sort("rule", "column_name")
    return [
        f"{_rows(number)} rejected because of {rule}{f' in {column}' if column else ''} (first in line {line:,})"
        for rule, column, number, line in by_rule.iter_rows()
    ]


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _file_result(taken: TakenFile, file: CheckedFile) -> FileResult:
    return FileResult(
        object=file.contract.object,
        file=taken.name,
        sha256=taken.sha256,
        rows_read=file.rows_read,
        rows_loaded=file.loaded.height,
        rows_rejected=file.rejected.height,
        lost=file.lost,
        rejected_by_rule=dict(sorted(Counter(file.rejected["rule"].to_list()).items())),
    )


def _summary(result: DropResult) -> str:
    if not result.accepted:
        return f"{result.la_code} {result.extract_month}: refused (faults: {len(result.faults)})"
    read, loaded, rejected = (
        sum(counts)
        for counts in zip(*((f.rows_read, f.rows_loaded, f.rows_rejected) for f in result.files), strict=True)
    )
    return (
        f"{result.la_code} {result.extract_month}: {len(result.files)} files, {read:,} rows read, "
        f"{loaded:,} loaded, {rejected:,} rejected"
    )
