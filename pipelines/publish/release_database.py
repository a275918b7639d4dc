"""The DuckDB file of a folder of a release: every table of the folder, and the views `current_*`.

Belongs here: writing the file anew, or going on from the last release's file. Does not belong here: parquet files,
which partitions a table has (`shared_partitions`).

A copy of the last file with its changed partitions replaced costs little, however many extracts there are. But
DuckDB keeps the bytes of removed rows until it needs their space. So a file is written anew if rows of an extract
were removed, or anything that everybody may read.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.published import Release
from pipelines.publish.release_manifest import sha256_of, versions
from pipelines.publish.shared_partitions import NOT_AS_PUBLISHED, PlannedTable, partitions_of
from pipelines.release_layout import table_of
from pipelines.table_register import OPEN, RESTRICTED
from pipelines.warehouse_file import quoted, transaction

DATABASES = {RESTRICTED: "warehouse.duckdb", OPEN: "marts.duckdb"}
CHECKSUMS = "databases"
"""The key of the full manifest with the SHA-256 of these files."""
_LARGEST_FREE_SHARE = 0.5
"""A file with a larger share of free blocks is written anew."""
_MERGING = "max_vacuum_tasks"
"""DuckDB's setting for making larger row groups of a file: it compresses those of earlier vintages again."""
_ROW_GROUP = 122_880
"""Rows of a row group of DuckDB. Vintages with more rows in all tables are large enough as they are."""
_LARGEST_REMOVED_SHARE = 1 / 3
"""A table with a larger share of removed rows in its row groups is written anew."""


def write_database(
    connection: duckdb.DuckDBPyConnection,
    release: Path,
    room: str,
    tables: Sequence[PlannedTable],
    last: Release | None,
) -> str | None:
    """Writes the DuckDB file of `restricted/` or `open/`, going on from the one of the last release if it may.

    Returns a line if the last release's file is not as published: then this one is written anew.
    """
    path = release / room / DATABASES[room]
    statements = _changes(last, room, tables) if last else None
    if last is None or statements is None:
        _write_anew(connection, path, tables)
        return None
    file = f"{room}/{path.name}"
    if not _copied(last, path, file):
        _write_anew(connection, path, tables)
        return f"release {last.id}: {file} {NOT_AS_PUBLISHED}"
    with _attached(connection, path):
        emptied = [table for table in tables if _removed_share(connection, table) > _LARGEST_REMOVED_SHARE]
        connection.execute(f"reset {_MERGING}" if _has_small_vintages(tables) else f"set {_MERGING} = 0")
        with transaction(connection):
            for statement in (*statements, *map(_create, emptied)):
                connection.execute(statement)
        connection.execute("checkpoint release_file")
        sizes = "from pragma_database_size() where database_name = 'release_file'"
        free = connection.execute(f"select free_blocks / total_blocks {sizes}").fetchone() or (0,)
    if free[0] > _LARGEST_FREE_SHARE:
        path.unlink()
        _write_anew(connection, path, tables)
    return None


def _has_small_vintages(tables: Sequence[PlannedTable]) -> bool:
    """Whether a vintage has fewer rows than a row group, on average."""
    partitions = [
        (name.split("/")[0], partition.rows) for table in tables for name, partition in table.partitions.items()
    ]
    return sum(rows for _, rows in partitions) < _ROW_GROUP * len({vintage for vintage, _ in partitions})


def _removed_share(connection: duckdb.DuckDBPyConnection, table: PlannedTable) -> float:
    """The share of rows that were removed and are still in the row groups of a table."""
    if table.extract is None or table.table.only_grows:
        return 0
    (held,) = connection.execute(
        f"""
        select sum(count)
        from pragma_storage_info('release_file.{table.name}')
        where column_id = 0 and segment_type <> 'VALIDITY'
        """
    ).fetchone() or (0,)
    (rows,) = connection.execute(f"select count(*) from release_file.{table.name}").fetchone() or (0,)
    return 1 - rows / held if held else 0


def add_current_views(database: Path, tables: Sequence[str]) -> None:
    """Adds `current_plan` for `fct_plan`, and so on: the rows of the newest extract of each authority."""
    with duckdb.connect(str(database), config={_MERGING: 0}) as connection:
        for table in tables:
            if {"la_code", "extract_month"} <= set(connection.table(table).columns):
                connection.execute(
                    f"""
                    create or replace view current_{table.removeprefix("fct_").removeprefix("dim_")} as
                    select {table}.*
                    from {table}
                    where {table}.extract_month = (
                        select max(newest.extract_month)
                        from {table} as newest
                        where newest.la_code = {table}.la_code
                    )
                    """
                )


def database_checksums(release: Path) -> dict[str, str]:
    """The SHA-256 of the DuckDB files of a release, by their path in it."""
    files = (f"{room}/{name}" for room, name in DATABASES.items())
    return {file: sha256_of(release / file) for file in files if (release / file).is_file()}


def _write_anew(connection: duckdb.DuckDBPyConnection, path: Path, tables: Sequence[PlannedTable]) -> None:
    """Writes all tables in one transaction: a checkpoint after every table takes longer."""
    with _attached(connection, path), transaction(connection):
        for table in tables:
            connection.execute(_create(table))


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    connection.execute(f"attach '{quoted(path)}' as release_file (read_write)")
    try:
        yield
    finally:
        connection.execute("detach release_file")


def _copied(last: Release, path: Path, file: str) -> bool:
    """Whether the last release's file is copied and is what was published."""
    sha256 = last.manifest.get(CHECKSUMS, {}).get(file)
    if sha256 is None or not (last.path / file).is_file():
        return False
    _copy(last.path / file, path)
    if sha256_of(path) == sha256:
        return True
    path.unlink()
    return False


def _copy(file: Path, target: Path) -> None:
    """Copies a file; where the file system can, both share their blocks until one of them is changed."""
    try:
        with file.open("rb") as source, target.open("xb") as copy:
            while os.copy_file_range(source.fileno(), copy.fileno(), 1 << 30):
                pass
    except (AttributeError, OSError):
        # not on Linux, or between two file systems
        shutil.copyfile(file, target)


def _changes(last: Release, room: str, tables: Sequence[PlannedTable]) -> list[str] | None:
    """The statements that make the last release's file that of the new one; None: it has to be written anew."""
    entries = {
        table_of(entry).split("/")[1]: entry
        for entry in last.manifest["tables"]
        if table_of(entry).startswith(f"{room}/")
    }
    of_this_version = last.manifest.get("versions", {}).get("duckdb") == versions()["duckdb"]
    if not of_this_version or entries.keys() != {table.name for table in tables}:
        return None
    statements = []
    for table in tables:
        changes = _changes_of(entries[table.name], table)
        if changes is None:
            return None
        statements += changes
    return statements


def _changes_of(entry: Mapping[str, Any], table: PlannedTable) -> list[str] | None:
    before, now = partitions_of(entry), table.partitions
    if entry["columns"] != table.columns or entry.get("extract") != table.extract or not before:
        return None
    removed = [name for name, partition in before.items() if now.get(name) != partition and partition.rows]
    added = [name for name, partition in now.items() if before.get(name) != partition and partition.rows]
    if removed and table.table.only_grows:
        return None
    if table.extract is None:
        return [_create(table)] if removed or added else []
    name = f"release_file.{table.name}"
    conditions = " or ".join(f"({table.condition(part)})" for part in removed)
    return [
        *([f"delete from {name} where {conditions}"] if removed else []),
        *(f"insert into {name} {table.query(part)}" for part in added),
    ]


def _create(table: PlannedTable) -> str:
    return f"create or replace table release_file.{table.name} as {table.table.query}"
