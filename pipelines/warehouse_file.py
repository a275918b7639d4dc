"""Opening and closing the working DuckDB file, for every room that reads or writes it.

Belongs here: folders and files that only their owner can read, DuckDB's refusals in our own words, creating and
moving tables that a caller names. Does not belong here: what a table means. There is one writer at a time: whoever
opens the file closes it before the next step.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import BadInputError, BusyError, WarehouseError
from pipelines.processes import processes_sharing
from pipelines.settings import LEAST_MEMORY_MB, MEMORY_OF_CONTAINER, DataFolder, memory_mb

OWNER_ONLY_FOLDER = 0o700
OWNER_ONLY_FILE = 0o600
SPILL = ".spill"
"""Name of the folder for what DuckDB cannot hold in memory, where it has no file of its own."""


def make_private_folder(path: Path) -> Path:
    """The folder, made where missing, for its owner only. Raises BadInputError where it cannot be made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(OWNER_ONLY_FOLDER)
    except OSError as fault:
        raise BadInputError(f"cannot write to the folder {path}: {fault.strerror}") from fault
    return path


def write_for_owner(path: Path, data: bytes) -> None:
    """Writes the whole file or nothing. Only its owner can ever read it."""
    with replaced_when_written(path) as unfinished:
        unfinished.write_bytes(data)


@contextmanager
def replaced_when_written(path: Path) -> Iterator[Path]:
    """A temporary file, readable by its owner only, that replaces `path` if the block succeeds.

    It has the same name every time: what a run that was killed left there is gone when the file is next written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE))
        yield unfinished
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def append_for_owner(path: Path, text: str) -> None:
    """Adds to a file that only its owner can read, making it and its folder where missing: all, or OSError."""
    make_private_folder(path.parent)
    added, descriptor = text.encode(), os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY_FILE)
    with os.fdopen(descriptor, "ab", buffering=0) as file:
        before = file.seek(0, os.SEEK_END)
        # a disk that fills up takes the beginning of a line, which the next one would make unreadable
        if file.write(added) < len(added):
            file.truncate(before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


@contextmanager
def open_warehouse(folder: DataFolder, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working file, closed on leaving.

    Raises BusyError while another process holds it, and BadInputError where it cannot be written, is no DuckDB
    file or, for reading, does not exist yet.
    """
    if read_only and not folder.database.exists():
        raise BadInputError(f"there is no working file {folder.database} yet: run a month first")
    if not read_only:
        make_private_folder(folder.warehouse)
    connection = _connect(folder.database, read_only)
    try:
        if not read_only:
            folder.database.chmod(OWNER_ONLY_FILE)
            # no other process has the file open, so DuckDB's temporary files are from a killed one
            shutil.rmtree(f"{folder.database}.tmp", ignore_errors=True)
            # one checkpoint when the file is closed, not one after every big table
            connection.execute("set checkpoint_threshold = '1GB'")
        # most statements are small: two threads take more processor time and as long
        connection.execute("set threads = 1")
        connection.execute(f"set memory_limit = '{memory_limit()}'")
        yield connection
    finally:
        connection.close()


@contextmanager
def open_in_memory(spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB without a file of its own.

    What does not fit into memory goes to the folder `spill`, which goes with the connection. Without one DuckDB
    would write it to the folder from which the command is called: then it may write nothing.
    """
    with duckdb.connect() as connection:
        connection.execute(f"set temp_directory = '{quoted(spill) if spill else ''}'")
        connection.execute(f"set memory_limit = '{memory_limit()}'")
        yield connection


def memory_limit() -> str:
    """What DuckDB may hold in memory before it writes to disk: the setting, or half of the machine's memory.

    In a container, half of the container's. The other half is for Python and the process that reads files. The
    processes that share a step share it.
    """
    megabytes = memory_mb() or (_memory_of_machine() >> 20) // 2
    return f"{max(LEAST_MEMORY_MB, megabytes // processes_sharing())}MiB"


def _memory_of_machine() -> int:
    """Bytes of memory of this machine, or of the container in which the command runs."""
    limits = [file.read_text().strip() for file in MEMORY_OF_CONTAINER if file.is_file()]
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *(int(limit) for limit in limits if limit.isdecimal())])


def copy_without_removed_rows(database: Path, copy: Path) -> None:
    """Copies a DuckDB file with what its tables hold now. A file keeps the bytes of rows that were removed."""
    copy.unlink(missing_ok=True)
    copy.with_name(f"{copy.name}.wal").unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"set memory_limit = '{memory_limit()}'")
        connection.execute(f"attach '{quoted(copy)}' as copy_of_all")
        (name,) = connection.execute("select current_database()").fetchone() or ("",)
        connection.execute(f'copy from database "{name}" to copy_of_all')
        connection.execute("detach copy_of_all")
    copy.chmod(OWNER_ONLY_FILE)


def quoted(path: Path | str) -> str:
    """The path as the content of an SQL string."""
    return str(path).replace("'", "''")


def drop_removed_rows(folder: DataFolder) -> None:
    """Replaces the working file by one that keeps no bytes of rows that were removed."""
    with replaced_when_written(folder.database) as copy:
        copy_without_removed_rows(folder.database, copy)


def has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether there is a table or view of this name, given as `schema.name`."""
    schema, table = name.split(".")
    return bool(
        connection.execute(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
        ).fetchone()
    )


def _connect(database: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(database), read_only=read_only)
    except (duckdb.IOException, duckdb.ConnectionException) as fault:
        text = str(fault)
        if "lock on file" in text or "different configuration" in text:
            raise BusyError(f"another run holds {database}: try again when it is done") from fault
        if "Permission denied" in text or "Cannot open file" in text:
            raise BadInputError(f"cannot open {database} for writing: check the folder's permissions") from fault
        if "not a valid DuckDB database" in text:
            raise BadInputError(
                f"{database} is damaged or no DuckDB file: move it away, then `warehouse rebuild` makes it again"
            ) from fault
        raise WarehouseError(f"{database} cannot be opened: {text.splitlines()[0]}") from fault


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commits what is done within, or rolls all of it back."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def create_tables(
    connection: duckdb.DuckDBPyConnection, schema: str, tables: Mapping[str, Mapping[str, str]]
) -> None:
    """Creates a schema, its missing tables, and the columns that an existing table lacks.

    `tables` holds the SQL type of every column, by table and column.
    """
    connection.execute(f"create schema if not exists {schema}")
    existing: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = ? and database_name = current_database()",
        [schema],
    ).fetchall():
        existing.setdefault(table, set()).add(column)
    for table, columns in tables.items():
        if table not in existing:
            definitions = ", ".join(f'"{name}" {sql_type}' for name, sql_type in columns.items())
            connection.execute(f'create table {schema}."{table}" ({definitions})')
            continue
        for name, sql_type in columns.items():
            if name not in existing[table]:
                connection.execute(f'alter table {schema}."{table}" add column "{name}" {sql_type}')


def take_over_from_raw(connection: duckdb.DuckDBPyConnection, schema: str, tables: Sequence[str]) -> None:
    """Moves tables that earlier versions kept in the schema `raw` to their own schema, with all rows."""
    existing = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    moving = [name for name in tables if ("raw", name) in existing and (schema, name) not in existing]
    if not moving:
        return
    with transaction(connection):
        connection.execute(f"create schema if not exists {schema}")
        for name in moving:
            connection.execute(f'create table {schema}."{name}" as select * from raw."{name}"')
            connection.execute(f'drop table raw."{name}"')
