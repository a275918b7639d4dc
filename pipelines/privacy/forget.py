"""Letting go what is older than a set number of years: drops, their archive, and every row that names a child.

Figures stay: what was reported of an authority, its localities and teams is no row of a child.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.errors import BadInputError, UsageError
from pipelines.ingest.pseudonyms import KINDS, Kind, keep_in_lookup
from pipelines.settings import DataFolder
from pipelines.warehouse_file import open_warehouse, transaction

FEWEST_YEARS = 1
FIGURES = {
    ("indicators", "fct_indicator_value"),
    ("marts", "mart_indicator_monthly"),
    ("core", "dim_team"),
    ("raw", "drop"),
    ("raw", "drop_file"),
    ("raw", "run"),
}
"""Tables of figures and of what was done, without a row of a child or worker: they stay. Counts of rules and of
records go with the records: without them the next run would count that nothing had been at fault."""
OTHER_MONTHS = {("core", "dq_issue"): "resolved_extract"}
"""Rows of children that bear another month than that of an extract."""


@dataclass(frozen=True)
class DatedTable:
    """A table with rows of people, and the column by which they grow old."""

    name: str
    month_column: str


@dataclass(frozen=True)
class Forgetting:
    """What is older than the first month that stays. `rows` by table; `folders` go with all they hold."""

    first_kept: Month
    folders: tuple[Path, ...]
    files: int
    rows: dict["DatedTable", int]

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
    """The first month that stays, counted from the newest that is held: `years` whole years, that month included.

    Raises UsageError for fewer than one year: the months that a run computes again would be among what leaves.
    """
    if years < FEWEST_YEARS:
        raise UsageError(f"at least {FEWEST_YEARS} year has to be kept")
    return newest.plus(-12 * years)


def what_to_forget(folder: DataFolder, years: int) -> Forgetting:
    """What `forget` would remove. Raises BadInputError where nothing was run yet."""
    with open_warehouse(folder, read_only=True) as connection:
        found = connection.execute("select strftime(max(extract_month), '%Y-%m') from raw.drop").fetchone()
        if not (found and found[0]):
            raise BadInputError(f"no month was run in {folder.root}: there is nothing to forget")
        first = first_kept(Month.parse(found[0]), years)
        tables = _tables_of_people(connection)
        rows = {table: count for table in tables if (count := _older(connection, table, first))}
    folders = tuple(_folders(folder, first))
    files = sum(1 for place in folders for path in place.rglob("*") if path.is_file())
    return Forgetting(first, folders, files, rows)


def forget(folder: DataFolder, found: Forgetting) -> None:
    """Removes what was found. Call it while no run is going (`pipelines.run.only_run`).

    The rows leave in one transaction, before the drops and their archive: cut short, it is called again and ends.
    """
    with open_warehouse(folder) as connection:
        with transaction(connection):
            for table in found.rows:
                connection.execute(
                    f"delete from {table.name} where {table.month_column} < ?", [found.first_kept.end]
                )
        connection.execute("checkpoint")
        for kind in KINDS:
            keep_in_lookup(folder, kind, _hashes(connection, kind))
    for place in found.folders:
        shutil.rmtree(place)


def _folders(folder: DataFolder, first: Month) -> Iterator[Path]:
    """Months' folders of drops, archive, and what was written for people of their children."""
    for pattern in (folder.lcs.glob("*/*"), folder.archive.glob("*/*"), (folder.warehouse / "feedback").glob("*")):
        for place in sorted(pattern):
            try:
                month = Month.parse(place.name)
            except UsageError:
                continue
            if month < first and place.is_dir():
                yield place


def _tables_of_people(connection: duckdb.DuckDBPyConnection) -> list[DatedTable]:
    """Every table with rows by extract month, but those of figures: a new table is let go unless it is listed."""
    found = connection.execute(
        """
        select columns.schema_name, columns.table_name, columns.column_name
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables using (database_oid, schema_oid, table_oid)
        where columns.database_name = current_database()
        order by all
        """
    ).fetchall()
    return [
        DatedTable(f"{schema}.{table}", column)
        for schema, table, column in found
        if (schema, table) not in FIGURES and column == OTHER_MONTHS.get((schema, table), "extract_month")
    ]


def _older(connection: duckdb.DuckDBPyConnection, table: DatedTable, first: Month) -> int:
    (count,) = connection.execute(
        f"select count(*) from {table.name} where {table.month_column} < ?", [first.end]
    ).fetchone() or (0,)
    return int(count)


def _hashes(connection: duckdb.DuckDBPyConnection, kind: Kind) -> pl.Series:
    """Every person or worker that some row of `raw` still names."""
    parts = [
        f'select "{column.name}" as hash from raw."{name}"'
        for name, one in contracts().items()
        for column in one.loaded_columns
        if column.privacy == kind
    ]
    return connection.execute(" union ".join(parts)).pl()["hash"].drop_nulls()
