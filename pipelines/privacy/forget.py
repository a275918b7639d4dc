"""Removing what is older than a number of years: drops, their archive, and every row that names a child.

Figures stay: a figure of an authority, a locality or a team is no row of a child. A table's description says so
with `forget: never`; a table that is not described loses its old rows.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.errors import BadInputError, UsageError
from pipelines.ingest.pseudonyms import HASH_LENGTH, KINDS, Kind, keep_in_lookup
from pipelines.settings import DataFolder
from pipelines.table_register import TableEntry
from pipelines.warehouse_file import open_warehouse, transaction

FEWEST_YEARS = 1
EXTRACT_MONTH = "extract_month"


@dataclass(frozen=True)
class DatedTable:
    """A table with rows that grow too old, and the column that dates them."""

    name: str
    month_column: str


@dataclass(frozen=True)
class Forgetting:
    """What is older than the first month kept. `rows` by table; `folders` are removed with their content."""

    first_kept: Month
    folders: tuple[Path, ...]
    files: int
    rows: dict[DatedTable, int]

    @property
    def is_nothing(self) -> bool:
        return not self.folders and not self.rows

    def lines(self) -> list[str]:
        """What will be removed, for a person."""
        if self.is_nothing:
            return [f"nothing is older than {self.first_kept}"]
        months = sorted({folder.name for folder in self.folders})
        return [
            f"everything before {self.first_kept} that names a child; figures stay",
            *([f"months: {', '.join(months)}"] if months else []),
            f"{self.files:,} files in {len(self.folders)} folders",
            *(f"folder {folder}" for folder in self.folders),
            *(f"{count:,} rows of {table.name}" for table, count in self.rows.items()),
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
        newest = connection.execute("select strftime(max(extract_month), '%Y-%m') from raw.drop").fetchone()
        if not (newest and newest[0]):
            raise BadInputError(f"no month was run in {folder.root}: there is nothing to forget")
        first = first_kept(Month.parse(newest[0]), years)
        tables = dated_tables(connection, register)
        rows = {table: count for table in tables if (count := _older_rows(connection, table, first))}
    folders = tuple(_older_folders(folder, first))
    files = sum(1 for path in folders for file in path.rglob("*") if file.is_file())
    return Forgetting(first, folders, files, rows)


def forget(folder: DataFolder, forgetting: Forgetting) -> None:
    """Removes it. Call it while no run is going (`only_run`).

    One transaction removes the rows, before the drops and their archive go: a call that was cut short is repeated.
    """
    with open_warehouse(folder) as connection:
        with transaction(connection):
            for table in forgetting.rows:
                connection.execute(
                    f"delete from {table.name} where {table.month_column} < ?", [forgetting.first_kept.end]
                )
        connection.execute("checkpoint")
        for kind in KINDS:
            keep_in_lookup(folder, kind, _hashes(connection, kind))
    for path in forgetting.folders:
        shutil.rmtree(path)
    # a rebuild that was killed leaves rows of every month
    shutil.rmtree(folder.rebuild, ignore_errors=True)
    # a run that was killed while it read leaves copies of delivered files
    shutil.rmtree(folder.reading, ignore_errors=True)


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


def _older_folders(folder: DataFolder, first: Month) -> Iterator[Path]:
    """Folders of months: drops, their archive, and lists written for people."""
    for paths in (folder.lcs.glob("*/*"), folder.archive.glob("*/*"), (folder.warehouse / "feedback").glob("*")):
        for path in sorted(paths):
            try:
                month = Month.parse(path.name)
            except UsageError:
                continue
            if month < first and path.is_dir():
                yield path


def _older_rows(connection: duckdb.DuckDBPyConnection, table: DatedTable, first: Month) -> int:
    (count,) = connection.execute(
        f"select count(*) from {table.name} where {table.month_column} < ?", [first.end]
    ).fetchone() or (0,)
    return int(count)


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
