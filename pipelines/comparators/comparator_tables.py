"""The tables of published figures in the working file. Loading a file replaces all its rows.

Belongs here: the tables and their SQL. Does not belong here: reading files.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.comparators.find_releases import FileKey
from pipelines.comparators.reader_output import (
    DICTIONARY_SCHEMA,
    LEFT_OUT_SCHEMA,
    NEIGHBOUR_SCHEMA,
    VALUE_SCHEMA,
    Reading,
)
from pipelines.warehouse_file import transaction

_SQL_TYPES = {pl.String(): "varchar", pl.Int64(): "bigint", pl.Float64(): "double", pl.Date(): "date"}
_FILE = {"publisher": "varchar", "release": "varchar", "file": "varchar"}


def _columns(schema: Mapping[str, pl.DataType]) -> dict[str, str]:
    return _FILE | {name: _SQL_TYPES[dtype] for name, dtype in schema.items()}


_CONTENTS: Mapping[str, Mapping[str, str]] = {
    "comparator_value": _columns(VALUE_SCHEMA),
    "comparator_neighbour": _columns(NEIGHBOUR_SCHEMA),
    "comparator_dictionary": _columns(DICTIONARY_SCHEMA),
    "comparator_left_out": _columns(LEFT_OUT_SCHEMA),
}
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    **_CONTENTS,
    "comparator_file": {
        **_FILE,
        "sha256": "varchar",
        "read_with": "varchar",
        "outcome": "varchar",
        "reason": "varchar",
        "layout": "varchar",
        "rows_read": "bigint",
        "rows_loaded": "bigint",
        "rows_left_out": "bigint",
        "values_loaded": "bigint",
        "unknown_tokens": "bigint",
        "is_present": "boolean",
        "loaded_at": "timestamptz",
        "notes": "varchar",
    },
    "comparator_release": {
        "publisher": "varchar",
        "release": "varchar",
        "title": "varchar",
        "published_date": "date",
    },
}
TABLES = tuple(_COLUMNS)
"""Tables of the schema `raw` that this package writes."""


@dataclass(frozen=True)
class FileRecord:
    """The record of a file. `outcome`: loaded, passed_over, refused, duplicate or not_read. `reason`: why it was
    not loaded, or why its present version could not replace the figures of its earlier version. `notes`: what a
    person has to know of a loaded file."""

    publisher: str
    release: str
    file: str
    sha256: str
    read_with: str
    outcome: str
    reason: str
    layout: str | None
    rows_read: int
    rows_loaded: int
    rows_left_out: int
    values_loaded: int
    unknown_tokens: int
    is_present: bool
    loaded_at: dt.datetime | None
    notes: str | None = None

    @property
    def key(self) -> FileKey:
        return (self.publisher, self.release, self.file)

    @property
    def needs_a_day(self) -> bool:
        """Whether its content counts from the day of its publication."""
        return self.layout not in {"interactive_tool_dictionary", "population_workbook", "fingertips", "printed"}


def create_comparator_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the missing tables."""
    connection.execute("create schema if not exists raw")
    for table, columns in _COLUMNS.items():
        listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"create table if not exists raw.{table} ({listed})")
    # working files made by an earlier version
    connection.execute("alter table raw.comparator_file add column if not exists notes varchar")


def file_records(connection: duckdb.DuckDBPyConnection) -> dict[FileKey, FileRecord]:
    """The records of all files so far, by publisher, release and name."""
    names = ", ".join(_COLUMNS["comparator_file"])
    rows = connection.execute(f"select {names} from raw.comparator_file").fetchall()
    return {record.key: record for record in (FileRecord(*row) for row in rows)}


def load_reading(
    connection: duckdb.DuckDBPyConnection, record: FileRecord, reading: Reading, replaces: bool
) -> None:
    """Replaces the rows and the record of a file in one transaction."""
    with transaction(connection):
        for table, rows in {
            "comparator_value": reading.values,
            "comparator_neighbour": reading.neighbours,
            "comparator_dictionary": reading.dictionary,
            "comparator_left_out": reading.left_out,
        }.items():
            if replaces:
                connection.execute(
                    f"delete from raw.{table} where publisher = ? and release = ? and file = ?", list(record.key)
                )
            if not rows.is_empty():
                connection.register("incoming", rows)
                connection.execute(
                    f"insert into raw.{table} by name"
                    " select ? as publisher, ? as release, ? as file, * from incoming",
                    list(record.key),
                )
                connection.unregister("incoming")
        _write_record(connection, record)


def remove_figures(connection: duckdb.DuckDBPyConnection, key: FileKey) -> None:
    """Removes everything that was loaded from a file; its record stays."""
    with transaction(connection):
        for table in _CONTENTS:
            connection.execute(
                f"delete from raw.{table} where publisher = ? and release = ? and file = ?", list(key)
            )


def write_record(connection: duckdb.DuckDBPyConnection, record: FileRecord) -> None:
    """Replaces the record of a file; its loaded figures stay."""
    with transaction(connection):
        _write_record(connection, record)


def _write_record(connection: duckdb.DuckDBPyConnection, record: FileRecord) -> None:
    connection.execute(
        "delete from raw.comparator_file where publisher = ? and release = ? and file = ?", list(record.key)
    )
    marks = ", ".join("?" for _ in _COLUMNS["comparator_file"])
    values = [getattr(record, name) for name in _COLUMNS["comparator_file"]]
    connection.execute(f"insert into raw.comparator_file values ({marks})", values)


def newest_years(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, int]]:
    """The newest year of figures by dataset, for each release (publisher, release)."""
    sql = """
        select publisher, release, split_part(measure, '.', 1), max(year(period_end))
        from raw.comparator_value
        where source_kind in ('ees', 'first_release') and period_kind = 'financial_year' and period_end is not null
        group by all
    """
    years: dict[tuple[str, str], dict[str, int]] = {}
    for publisher, release, dataset, year in connection.execute(sql).fetchall():
        years.setdefault((publisher, release), {})[dataset] = year
    return years


def neighbours_of(connection: duckdb.DuckDBPyConnection, la_code: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """The neighbours of an authority in their order, for each release (publisher, release)."""
    sql = """
        select publisher, release, list(neighbour_code order by rank)
        from raw.comparator_neighbour
        where la_code = ?
        group by all
    """
    rows = connection.execute(sql, [la_code]).fetchall()
    return {(publisher, release): tuple(codes) for publisher, release, codes in rows}


def write_releases(
    connection: duckdb.DuckDBPyConnection, releases: Sequence[tuple[str, str, str | None, dt.date | None]]
) -> None:
    """Replaces the rows of these releases (publisher, release, title, publication day)."""
    for publisher, release, title, published in releases:
        connection.execute(
            "delete from raw.comparator_release where publisher = ? and release = ?", [publisher, release]
        )
        connection.execute(
            "insert into raw.comparator_release values (?, ?, ?, ?)", [publisher, release, title, published]
        )
