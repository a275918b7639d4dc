"""Releases made by hand: a folder, a manifest, and tables given as SQL."""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import Release
from pipelines.settings import DataFolder


def write_release(
    folder: DataFolder,
    release_id: str,
    tables: dict[str, str] | None = None,
    manifests: tuple[str, ...] = ("manifest.json", "restricted/manifest.json"),
    **more: Any,
) -> Release:
    """A release of the month and the time that its id tells. `tables`: the query of each, by `room/table`.

    An earlier version wrote only `manifest.json`.
    """
    path = folder.releases / release_id
    (path / "open").mkdir(parents=True)
    (path / "restricted").mkdir()
    manifest = {
        "created_at": release_id.split("_")[1],
        "extract_month": release_id[:7],
        "tables": [_write_table(path, name, query) for name, query in (tables or {}).items()],
        "drops": [],
        **more,
    }
    for name in manifests:
        (path / name).write_text(json.dumps(manifest), encoding="utf-8")
    return Release(path, manifest)


def in_partitions(release: Release) -> Release:
    """The same release with a file for each authority and extract of the tables that have both."""
    for entry in release.manifest["tables"]:
        if {"la_code", "extract_month"} <= {column["name"] for column in entry["columns"]}:
            table = release.path / entry["file"].removesuffix(".parquet")
            files = {}
            whole = table.with_suffix(".parquet")
            with duckdb.connect() as connection:
                keys = f"select distinct la_code, extract_month from '{whole}'"
                for la_code, extract_month in connection.execute(keys).fetchall():
                    name = f"extract_month={extract_month:%Y-%m}/{la_code}.parquet"
                    (table / name).parent.mkdir(parents=True, exist_ok=True)
                    connection.execute(
                        f"copy (from '{whole}' where la_code = ? and extract_month = ?)"
                        f" to '{table / name}' (format parquet)",
                        [la_code, extract_month],
                    )
                    files[name] = {"sha256": hashlib.sha256((table / name).read_bytes()).hexdigest()}
            whole.unlink()
            entry |= {"file": entry["file"].removesuffix(".parquet"), "files": files}
    return release


def _write_table(release: Path, name: str, query: str) -> dict[str, Any]:
    path = release / f"{name}.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{path}' (format parquet)")
        columns = connection.execute(f"describe from '{path}'").fetchall()
        (rows,) = connection.execute(f"select count(*) from '{path}'").fetchone()
    return {
        "table": path.stem,
        "file": f"{name}.parquet",
        "rows": rows,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "columns": [{"name": column[0], "type": column[1]} for column in columns],
    }
