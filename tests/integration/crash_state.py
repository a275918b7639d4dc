"""What a data folder holds, told so that two of them can be compared: tables by content, files by name.

Left out is what differs between two runs of the same month that were not disturbed: the times at which something
was done, the ids of runs and releases, and the attempts at a drop before the one that is loaded.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release_layout import files_of
from pipelines.settings import DataFolder

Contents = dict[str, tuple[int, int]]
"""Rows of every table and a checksum over them, whatever their order."""

ONLY_THE_DROP_LOADED = {
    "raw.drop": "where is_loaded",
    "raw.drop_file": "where (la_code, extract_month, attempted_at) in"
    " (select (la_code, extract_month, attempted_at) from raw.drop where is_loaded)",
}


def tables(database: Path) -> Contents:
    """Every table of a DuckDB file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        columns: dict[str, list[str]] = {}
        for name, column, kind in connection.execute(
            "select c.schema_name || '.' || c.table_name, c.column_name, c.data_type from duckdb_columns() as c"
            " inner join duckdb_tables() as t using (table_oid, schema_oid, database_oid)"
            " where t.database_name = current_database() and not t.temporary"
        ).fetchall():
            kept = columns.setdefault(name, [])
            if kind != "TIMESTAMP WITH TIME ZONE":
                kept.append(f'"{column}"')
        return _contents(
            connection,
            {
                name: f"select {', '.join(sorted(kept))} from {name} {ONLY_THE_DROP_LOADED.get(name, '')}"
                for name, kept in columns.items()
            },
        )


def published(release: Path) -> Contents:
    """Every parquet file of a release."""
    files = sorted(release.rglob("*.parquet"))
    with duckdb.connect() as connection:
        return _contents(
            connection,
            {
                str(file.relative_to(release)): f"select * from read_parquet('{file}', hive_partitioning = false)"
                for file in files
            },
        )


def _contents(connection: duckdb.DuckDBPyConnection, queries: dict[str, str]) -> Contents:
    told = " union all ".join(
        f"select '{name}', count(*), coalesce(sum(hash(content)::hugeint), 0) from ({query}) as content"
        for name, query in queries.items()
    )
    return {name: (rows, checksum) for name, rows, checksum in connection.execute(told).fetchall()}


def files(folder: DataFolder) -> set[str]:
    """Names of all files of the working folder and of the current release. A run that failed has told of it: the
    log of alerts is not looked for. Nor are decisions on disclosure, which are kept by what they were made from: a
    release that was whole before its run was killed is part of that.
    """
    release = folder.latest.resolve()
    return {
        f"{name}/{path.relative_to(root)}"
        for name, root in (("warehouse", folder.warehouse), ("latest", release))
        for path in root.rglob("*")
        if path.is_file() and path != folder.alerts and path.parent != folder.decisions
    }


def unfinished(folder: DataFolder) -> list[str]:
    """Everything below the data folder that is not whole: files beside the one they were to become, and JSON that
    ends in its middle."""
    found = [
        path
        for path in folder.root.rglob("*")
        if path.name.startswith(".")
        or path.suffix in {".wal", ".tmp"}
        or folder.reading in path.parents
        or not (path.exists() and _is_whole(path))
    ]
    return sorted(str(path.relative_to(folder.root)) for path in found)


def _is_whole(path: Path) -> bool:
    try:
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                json.loads(line)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class CurrentRelease:
    """The release that `latest` named, and a checksum of each of its files, at a time."""

    path: Path
    checksums: dict[str, str]

    @property
    def month(self) -> str:
        manifest = json.loads((self.path / "restricted" / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["extract_month"])


def current(folder: DataFolder) -> CurrentRelease:
    """The current release. Fails where it is not whole or cannot be read."""
    path = folder.latest.resolve(strict=True)
    manifest = json.loads((path / "restricted" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["release_id"] == path.name
    checksums = dict(_checksums(path))
    for table in manifest["tables"]:
        for file, sha256 in files_of(table).items():
            assert checksums[file] == sha256, file
    for room, database in (("open", "marts.duckdb"), ("restricted", "warehouse.duckdb")):
        promised = {
            table["table"]: table["rows"] for table in manifest["tables"] if table["file"].startswith(room)
        }
        with duckdb.connect(str(path / room / database), read_only=True) as connection:
            counts = " union all ".join(f"select '{name}', count(*) from {name}" for name in promised)
            assert dict(connection.execute(counts).fetchall()) == promised, database
    return CurrentRelease(path, checksums)


def _checksums(release: Path) -> Iterator[tuple[str, str]]:
    for path in release.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(release)), hashlib.sha256(path.read_bytes()).hexdigest()
