"""Takes loaded drops out of the working file again, after a gate or a data test refused them.

Belongs here: the rows of `raw`, and what `raw.drop` says. Does not belong here: why a drop is refused, and the
tables that are built from `raw`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.ingest.archived_drops import DropFiles, find_drop
from pipelines.ingest.drops import FoundDrop, object_name
from pipelines.ingest.month_ingest import read_and_check, store
from pipelines.ingest.own_words import own_words
from pipelines.ingest.pseudonyms import merge_lookups, pseudonym_key
from pipelines.ingest.raw_tables import remove_drop, rows_of_last_drop
from pipelines.reading.reader import file_reader
from pipelines.reference import read_reference
from pipelines.settings import DataFolder, InputLimits
from pipelines.warehouse_file import open_warehouse, transaction


@dataclass(frozen=True)
class _ReplacedDrop:
    """A drop that was loaded before, and when."""

    drop: DropFiles
    attempted_at: dt.datetime


def withdraw_drops(
    folder: DataFolder, month: Month, reasons: Mapping[str, str], limits: InputLimits
) -> frozenset[str]:
    """Withdraws the drop of each authority, and loads the one again that it had replaced, if there was one.

    `reasons`: why a drop is refused, by authority. Returns the authorities whose earlier drop is loaded again.
    Raises BadInputError if an earlier drop is not found; then no drop is withdrawn.
    """
    with open_warehouse(folder) as connection:
        earlier = {la_code: _earlier_drop(folder, connection, la_code, month) for la_code in reasons}
        for la_code, reason in reasons.items():
            connection.execute(
                "update raw.drop set accepted = false, is_fit = false, reason = ?"
                " where is_loaded and la_code = ? and extract_month = ?",
                [reason, la_code, month.end],
            )
            replaced = earlier[la_code]
            if replaced is None:
                remove_drop(connection, la_code, month)
            else:
                _load_again(folder, connection, replaced, limits)
        merge_lookups(folder)
    return frozenset(la_code for la_code, replaced in earlier.items() if replaced)


def _earlier_drop(
    folder: DataFolder, connection: duckdb.DuckDBPyConnection, la_code: str, month: Month
) -> _ReplacedDrop | None:
    """The drop that the loaded one replaced; None if there was none, or if it was refused as well."""
    row = connection.execute(
        """
        select max(attempted_at)
        from raw.drop
        where la_code = ? and extract_month = ? and accepted and not is_loaded and is_fit
        """,
        [la_code, month.end],
    ).fetchone()
    if not row or row[0] is None:
        return None
    files = connection.execute(
        "select file, sha256 from raw.drop_file where la_code = ? and extract_month = ? and attempted_at = ?",
        [la_code, month.end, row[0]],
    ).fetchall()
    drop = find_drop(folder, la_code, month, dict(files))
    if drop is None:
        raise BadInputError(
            f"{la_code} {month}: the drop that was accepted before is missing in the archive, or was changed: put"
            f" its files into raw/lcs/{la_code}/{month} and run the month again"
        )
    return _ReplacedDrop(drop, row[0])


def _load_again(
    folder: DataFolder, connection: duckdb.DuckDBPyConnection, replaced: _ReplacedDrop, limits: InputLimits
) -> None:
    """Loads a drop, as the attempt that it was when it was loaded first: the refusal stays the last one."""
    drop, at = replaced.drop, dt.datetime.now(dt.UTC)
    files = {object_name(Path(name)) or name: drop.folder / name for name in drop.checksums}
    strays = tuple(drop.folder / name for name in drop.others)
    delivered = FoundDrop(drop.la_code, drop.month, files, strays, ())
    last_rows = rows_of_last_drop(connection, drop.la_code, drop.month)
    words = own_words(read_reference(folder))
    with file_reader(folder, limits) as reader:
        checked = read_and_check(reader, drop.root, delivered, last_rows, words)
        if checked.result.faults:
            raise BadInputError("\n".join(map(str, checked.result.faults)))
        store(folder, connection, checked, pseudonym_key(folder, connection), at)
    partition = [drop.la_code, drop.month.end]
    of_attempt = "where la_code = ? and extract_month = ? and attempted_at = ?"
    with transaction(connection):
        connection.execute(f"update raw.drop set is_fit = true {of_attempt}", [*partition, at])
        for table in ("raw.drop", "raw.drop_file"):
            connection.execute(f"delete from {table} {of_attempt}", [*partition, replaced.attempted_at])
            connection.execute(
                f"update {table} set attempted_at = ? {of_attempt}", [replaced.attempted_at, *partition, at]
            )
