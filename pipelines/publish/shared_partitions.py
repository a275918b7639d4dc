"""The parquet files of a release: which partitions a table has, writing them, sharing those that are unchanged.

Belongs here: partitions by authority and extract month, and the link to a file of an earlier release with the same
content. Does not belong here: where files are (`pipelines.release_layout`), the DuckDB file (`release_database`).

Two partitions are the same if they have the same columns, number of rows, and sum of the hashes of their rows.
This needs no note of what a run has changed: it also holds after a killed run, a rollback or a rebuild. A shared
file must have the SHA-256 that was published, so a damaged one is never passed on.
"""

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_IMODE
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.errors import WarehouseError
from pipelines.publish.published import Release
from pipelines.publish.release_access import PUBLIC_FILE
from pipelines.publish.release_manifest import sha256_of
from pipelines.release_layout import NO_MONTH, PARQUET, files_of, table_of
from pipelines.table_register import OPEN
from pipelines.warehouse_file import OWNER_ONLY_FILE, quoted

Entries = list[dict[str, Any]]
"""Entries of a manifest."""

NOT_AS_PUBLISHED = (
    "is missing or has changed since publication. The new release has it from the working file: restore it in the "
    "earlier ones"
)
_MONTH = "extract_month="
_NO_AUTHORITY = "all"
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class TableRows:
    """A table to write. `extract`: the column that dates an extract, for a table that keeps extracts.

    `only_grows`: its rows of earlier extracts never change unless one of them is delivered again or removed.
    """

    name: str
    query: str
    extract: str | None = None
    only_grows: bool = False


@dataclass(frozen=True)
class Partition:
    """Rows of one file. `state`: the sum of their hashes, as a hexadecimal number."""

    rows: int
    state: str


@dataclass(frozen=True)
class PlannedTable:
    """A table with its columns, and its partitions by the name of their file; `""` is the only one.

    `computed`: the partitions whose rows a temporary table `computed_<table>` has.
    """

    table: TableRows
    columns: Sequence[Mapping[str, str]]
    partitions: Mapping[str, Partition]
    computed: frozenset[str] = frozenset()

    def query(self, name: str) -> str:
        """SQL for the rows of a partition."""
        rows = f"from computed_{self.name}" if name in self.computed else self.table.query
        return f"select * from ({rows}) where {self.condition(name)}" if name else rows

    def condition(self, name: str) -> str:
        """SQL that is true for the rows of a partition, also of one that only an earlier release has."""
        month, la_code = name.removeprefix(_MONTH).removesuffix(PARQUET).split("/")
        conditions = [f"{self.extract} is null"]
        if month != NO_MONTH:
            end = Month.parse(month).end
            conditions = [f"{self.extract} between date '{end.replace(day=1)}' and date '{end}'"]
        if self.has_authorities:
            conditions.append("la_code is null" if la_code == _NO_AUTHORITY else f"la_code = '{la_code}'")
        return " and ".join(conditions)

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def extract(self) -> str | None:
        return self.table.extract

    @property
    def has_authorities(self) -> bool:
        return "la_code" in {column["name"] for column in self.columns}


class EarlierFiles:
    """Files of earlier releases that a new one may share. `damaged`: a line for each that is not as published."""

    def __init__(self, releases: Iterable[Release]) -> None:
        self.damaged: list[str] = []
        self._tables = [
            (
                release,
                {
                    table_of(entry): (entry["columns"], partitions_of(entry), files_of(entry))
                    for entry in release.manifest["tables"]
                },
            )
            for release in releases
        ]

    def share(self, room: str, table: PlannedTable, name: str, target: Path) -> str | None:
        """Makes `target` the file of an earlier release with the rows of this partition. Returns its SHA-256.

        None: there is no such file, or it is not as published.
        """
        for release, files in self._with(room, table, name):
            file = f"{room}/{table.name}/{name}" if name else f"{room}/{table.name}{PARQUET}"
            sha256 = files[file]
            mode = PUBLIC_FILE if room == OPEN else OWNER_ONLY_FILE
            if _is_shared(release.path / file, target, mode, sha256):
                return sha256
            self.damaged.append(f"release {release.id}: {file} {NOT_AS_PUBLISHED}")
        return None

    def have(self, room: str, table: PlannedTable, name: str) -> bool:
        """Whether a release has the rows of this partition."""
        return any(self._with(room, table, name))

    def _with(self, room: str, table: PlannedTable, name: str) -> Iterator[tuple[Release, Mapping[str, str]]]:
        """The releases that have the rows of a partition, each with the SHA-256 of the table's files."""
        for release, tables in self._tables:
            columns, partitions, files = tables.get(f"{room}/{table.name}", (None, {}, {}))
            if columns == table.columns and partitions.get(name) == table.partitions[name]:
                yield release, files


def share_folder(last: Release, folder: str, release: Path) -> bool:
    """Makes the files of a folder that may leave the service those of the last release.

    False, and there is no folder: one of the files is not as published.
    """
    (release / folder).mkdir(parents=True)
    files = [entry for entry in last.manifest["files"] if entry["file"].startswith(f"{folder}/")]
    if all(
        _is_shared(last.path / each["file"], release / each["file"], PUBLIC_FILE, each["sha256"]) for each in files
    ):
        return True
    shutil.rmtree(release / folder)
    return False


def plan(connection: duckdb.DuckDBPyConnection, table: TableRows) -> PlannedTable:
    """Columns and partitions of a table, in one pass over its rows."""
    described = connection.execute(f"describe {table.query}").fetchall()
    columns = [{"name": column[0], "type": column[1]} for column in described]
    names = ", ".join(f'"{column["name"]}"' for column in columns)
    authority = "la_code" if any(column["name"] == "la_code" for column in columns) else "null"
    # a hash of the hash: hashes of several columns are combined in a way that two differences could cancel
    parts = f"{table.extract}, {authority}" if table.extract else "null, null"
    sums = connection.execute(
        f"""
        select {parts}, count(*), sum(hash(hash({names})))
        from ({table.query})
        group by all
        """
    ).fetchall()
    rows: dict[str, int] = {}
    states: dict[str, int] = {}
    for day, la_code, count, total in sums or [(None, None, 0, 0)]:
        name = _file_name(day, la_code) if table.extract else ""
        rows[name] = rows.get(name, 0) + count
        states[name] = states.get(name, 0) + int(total or 0)
    return PlannedTable(
        table, columns, {name: Partition(rows[name], f"{states[name]:x}") for name in sorted(rows)}
    )


def compute_new(
    connection: duckdb.DuckDBPyConnection, room: str, table: PlannedTable, earlier: EarlierFiles
) -> PlannedTable:
    """The table, with those partitions computed that no earlier release has: several queries read each."""
    new = frozenset(name for name in table.partitions if not earlier.have(room, table, name))
    if not new:
        return table
    rows = " or ".join(f"({table.condition(name)})" for name in new if name) or "true"
    connection.execute(
        f"create or replace temp table computed_{table.name} as select * from ({table.table.query}) where {rows}"
    )
    if new == table.partitions.keys():
        table = replace(table, table=replace(table.table, query=f"from computed_{table.name}"))
    return replace(table, computed=new)


def write_parquet(
    connection: duckdb.DuckDBPyConnection,
    release: Path,
    room: str,
    tables: Sequence[PlannedTable],
    earlier: EarlierFiles | None = None,
) -> Entries:
    """Writes or shares the parquet files of the tables of `restricted/` or `open/`. Returns manifest entries."""
    return [_write_table(connection, release / room, table, earlier or EarlierFiles(())) for table in tables]


def partitions_of(entry: Mapping[str, Any]) -> dict[str, Partition]:
    """The partitions of a table in a manifest, by the name of their file. None in releases of earlier versions."""
    files = entry.get("files", {"": entry})
    return {name: Partition(file["rows"], file["state"]) for name, file in files.items() if "state" in file}


def link_or_copy(file: Path, target: Path, mode: int) -> None:
    """Makes `target` a link to a file that was published, or a copy if its mode or owner is not the wanted one.

    A link shares the mode: changing it would change that of the earlier release. Raises OSError.
    """
    status = file.lstat()
    if S_IMODE(status.st_mode) == mode and status.st_uid == target.parent.stat().st_uid:
        # fails on a file system without links, and if the file has too many of them
        with contextlib.suppress(OSError):
            os.link(file, target, follow_symlinks=False)
            return
    shutil.copyfile(file, target, follow_symlinks=False)


def _is_shared(file: Path, target: Path, mode: int, sha256: str) -> bool:
    """Whether `target` now is the published file with this SHA-256."""
    try:
        link_or_copy(file, target, mode)
        # the link itself is read: a change of the file before the link was made is found
        if sha256_of(target) == sha256:
            return True
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise
    target.unlink(missing_ok=True)
    return False


def _write_table(
    connection: duckdb.DuckDBPyConnection, room: Path, table: PlannedTable, earlier: EarlierFiles
) -> dict[str, Any]:
    name = table.name
    files = dict(_write_partitions(connection, room, table, earlier))
    entry: dict[str, Any] = {"table": name, "file": f"{room.name}/{name}"}
    rows = sum(partition.rows for partition in table.partitions.values())
    if table.extract is None:
        return entry | {"file": f"{room.name}/{name}{PARQUET}", "columns": table.columns} | files[""]
    return entry | {"extract": table.extract, "rows": rows, "columns": table.columns, "files": files}


def _write_partitions(
    connection: duckdb.DuckDBPyConnection, room: Path, table: PlannedTable, earlier: EarlierFiles
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The file of each partition with its rows, SHA-256 and state."""
    for name, partition in table.partitions.items():
        path = room / table.name / name if name else room / f"{table.name}{PARQUET}"
        path.parent.mkdir(parents=True, exist_ok=True)
        sha256 = earlier.share(room.name, table, name, path)
        if sha256 is None:
            connection.execute(
                f"copy ({table.query(name)}) to '{quoted(path)}' (format parquet, compression zstd)"
            )
            sha256 = sha256_of(path)
        yield name, {"rows": partition.rows, "sha256": sha256, "state": partition.state}


def _file_name(day: Any, la_code: str | None) -> str:
    if la_code is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", la_code):
        raise WarehouseError("a table of the release has a code of an authority that is no file name")
    month = NO_MONTH if day is None else f"{day:%Y-%m}"
    return f"{_MONTH}{month}/{_NO_AUTHORITY if la_code is None else la_code}{PARQUET}"
