"""Removing what is older than a number of years: drops, their archive, and every row that names a child.

Releases keep such rows unless they are removed or written again, too.

Figures stay: a figure of an authority, a locality or a team is no row of a child. A table's description says so
with `forget: never`; a table that is not described loses its old rows.
"""

import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.errors import BadInputError, UsageError
from pipelines.ingest.list_versions import counts_from
from pipelines.ingest.pseudonyms import HASH_LENGTH, KINDS, Kind, keep_in_lookup, stored_fingerprint
from pipelines.privacy import ForReleases
from pipelines.privacy.held_releases import (
    A_HASH,
    HeldRelease,
    held_releases,
    lines_of,
    releases_to_rewrite,
    settle_releases,
)
from pipelines.publish.rewrite_release import put_in_place, remove_leftovers, rewrite
from pipelines.settings import DataFolder
from pipelines.table_register import RESTRICTED, TableEntry, released_tables
from pipelines.warehouse_file import drop_removed_rows, has_table, open_warehouse, transaction

FEWEST_YEARS = 1
EXTRACT_MONTH = "extract_month"


@dataclass(frozen=True)
class DatedTable:
    """A table with rows that grow too old, and the column that dates them."""

    name: str
    month_column: str


@dataclass(frozen=True)
class Forgetting:
    """What is older than the first month kept. `rows` by table; `folders` are removed with their content.

    `releases` hold such rows; `dated_by` has the column that dates the rows of a released table, by its name.
    """

    first_kept: Month
    folders: tuple[Path, ...]
    files: int
    rows: dict[DatedTable, int]
    releases: tuple[HeldRelease, ...] = ()
    dated_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        return not self.folders and not self.rows and not self.releases

    def lines(self, asked: ForReleases = ForReleases.KEEP) -> list[str]:
        """What will be removed, for a person. `asked`: what becomes of releases."""
        if self.is_nothing:
            return [f"nothing is older than {self.first_kept}"]
        months = sorted({folder.name for folder in self.folders})
        return [
            f"everything before {self.first_kept} that names a child; figures stay",
            *([f"months: {', '.join(months)}"] if months else []),
            f"{self.files:,} files in {len(self.folders)} folders",
            *(f"folder {folder}" for folder in self.folders),
            *(f"{count:,} rows of {table.name}" for table, count in self.rows.items()),
            *lines_of(self.releases, asked),
        ]


def first_kept(newest: Month, years: int) -> Month:
    """The first month that is kept: `years` whole years before the newest month in the warehouse.

    Raises UsageError for fewer than one year: a run computes the twelve months before its own again.
    """
    if years < FEWEST_YEARS:
        raise UsageError(f"--older-than must be {FEWEST_YEARS} or more")
    return newest.plus(-12 * min(years, newest.year - 1))


def what_to_forget(folder: DataFolder, years: int, register: Mapping[str, TableEntry]) -> Forgetting:
    """What `forget` would remove. Raises BadInputError if no month was run yet."""
    with open_warehouse(folder, read_only=True) as connection:
        if not has_table(connection, "raw.drop"):
            raise BadInputError(f"no month was run in {folder.root}: there is nothing to forget")
        newest = connection.execute("select strftime(max(extract_month), '%Y-%m') from raw.drop").fetchone()
        if not (newest and newest[0]):
            raise BadInputError(f"no month was run in {folder.root}: there is nothing to forget")
    return what_is_older(folder, first_kept(Month.parse(newest[0]), years), register)


def what_is_older(folder: DataFolder, first: Month, register: Mapping[str, TableEntry]) -> Forgetting:
    """What `forget` would remove to keep nothing from before a month."""
    with open_warehouse(folder, read_only=True) as connection:
        tables = dated_tables(connection, register)
        rows = {table: count for table in tables if (count := _older_rows(connection, table, first))}
    folders = tuple(_older_folders(folder, first))
    files = sum(1 for path in folders if not path.is_symlink() for file in path.rglob("*") if file.is_file())
    released = released_tables(register, RESTRICTED)
    dated_by = {name: entry.forget for name, entry in released.items() if entry.forget}
    held = held_releases(folder, lambda connection, tables: _held(connection, tables, dated_by, first))
    return Forgetting(first, folders, files, rows, held, dated_by)


def forget(folder: DataFolder, forgetting: Forgetting, asked: ForReleases = ForReleases.KEEP) -> list[str]:
    """Removes it, and returns a line for each release that was written again or removed.

    Call it while no run is going (`only_run`). One transaction removes the rows. Then drops, archive and releases
    follow. A call that was cut short is repeated. Raises BadInputError, before it removes anything, if a release
    has to be written again and is damaged.
    """
    with open_warehouse(folder) as connection:
        key = stored_fingerprint(connection)
        put_in_place(folder, key)
        remove_leftovers(folder)
        held = [release for release in forgetting.releases if release.path.exists()]
        chosen = releases_to_rewrite(folder, held, asked)
        with transaction(connection):
            for table in forgetting.rows:
                connection.execute(f"delete from {table.name} where {_too_old(table, forgetting.first_kept)}")
        connection.execute("checkpoint")
        for kind in KINDS:
            keep_in_lookup(folder, kind, _hashes(connection, kind))
    drop_removed_rows(folder)
    for path in forgetting.folders:
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)
    # a rebuild or a change of keys that was killed leaves rows of every month
    shutil.rmtree(folder.rebuild, ignore_errors=True)
    # a run that was killed while it read leaves copies of delivered files
    shutil.rmtree(folder.reading, ignore_errors=True)
    for left_behind in folder.warehouse.glob(".rekey-*"):
        left_behind.unlink()
    for release in chosen:
        month = Month.parse(release.manifest["extract_month"])
        rewrite(folder, release, _WithoutOlderRows(forgetting.first_kept, month, forgetting.dated_by))
    return settle_releases(folder, held, asked, key)


@dataclass(frozen=True)
class _WithoutOlderRows:
    """A release of a month without the rows, lists and pages of children from before the first month kept."""

    first_kept: Month
    month: Month
    dated_by: Mapping[str, str]

    def rows(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        older = _older(table, columns, self.dated_by, self.first_kept)
        if older:
            connection.execute(f'delete from "{table}" where {older}')

    def text(self, name: str, text: str) -> str | None:
        is_older = any(_is_older(part, self.first_kept) for part in Path(name).parts)
        names_children = self.month < self.first_kept and re.search(A_HASH, text)
        return None if is_older or names_children else text


def dated_tables(connection: duckdb.DuckDBPyConnection, register: Mapping[str, TableEntry]) -> list[DatedTable]:
    """Every table of the working file whose rows grow too old, described or not."""
    columns = connection.execute(
        """
        select columns.schema_name || '.' || columns.table_name, columns.column_name
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables using (database_oid, schema_oid, table_oid)
        where columns.database_name = current_database()
        order by all
        """
    ).fetchall()
    dated_by = {name: entry.forget for name, entry in register.items() if entry.forget}
    return [
        DatedTable(table, column)
        for table, column in columns
        # `never` is no column
        if column == dated_by.get(table, EXTRACT_MONTH)
    ]


def _held(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str], dated_by: Mapping[str, str], first: Month
) -> str:
    """What a release holds from before the first month, in words."""
    total = 0
    for name, source in tables.items():
        columns = [column[0] for column in connection.execute(f"describe from {source}").fetchall()]
        older = _older(name, columns, dated_by, first)
        if older:
            (count,) = connection.execute(f"select count(*) from {source} where {older}").fetchone() or (0,)
            total += count
    return f"{total:,} rows from before {first}" if total else ""


def _older(table: str, columns: Collection[str], dated_by: Mapping[str, str], first: Month) -> str | None:
    """The condition of rows of a released table from before the first month; None if its rows grow no older."""
    column = dated_by.get(table, EXTRACT_MONTH)
    return f"\"{column}\" < date '{first.end}'" if column in columns else None


def _older_folders(folder: DataFolder, first: Month) -> Iterator[Path]:
    """Folders of months: drops, their archive, findings, and lists written for people."""
    months = (folder.findings.glob("*"), (folder.warehouse / "feedback").glob("*"))
    for paths in (folder.lcs.glob("*/*"), folder.archive.glob("*/*"), *months):
        yield from (path for path in sorted(paths) if path.is_dir() and _is_older(path.name, first))


def _is_older(name: str, first: Month) -> bool:
    """Whether it is the name of a month before the first one."""
    try:
        return Month.parse(name) < first
    except UsageError:
        return False


def _older_rows(connection: duckdb.DuckDBPyConnection, table: DatedTable, first: Month) -> int:
    (count,) = connection.execute(
        f"select count(*) from {table.name} where {_too_old(table, first)}"
    ).fetchone() or (0,)
    return int(count)


def _too_old(table: DatedTable, first: Month) -> str:
    """The condition of rows that are removed. A list stays that still counts for the first month kept."""
    is_older = f"{table.month_column} < date '{first.end}'"
    schema, _, name = table.name.partition(".")
    counts = counts_from(name, first) if schema == "raw" else None
    return f"{is_older} and not {counts}" if counts else is_older


def _hashes(connection: duckdb.DuckDBPyConnection, kind: Kind) -> pl.Series:
    """Everything of a kind that some row of `raw` still names, rejected rows included."""
    columns = [
        f'select "{column.name}" as hash from raw."{name}"'
        for name, contract in contracts().items()
        for column in contract.loaded_columns
        if column.privacy == kind
    ]
    a_hash = f"[0-9a-f]{{{HASH_LENGTH}}}"
    columns.append(f"select unnest(regexp_extract_all(raw_row, '{a_hash}')) as hash from raw.rejected_rows")
    return connection.execute(" union ".join(columns)).pl()["hash"].drop_nulls()
