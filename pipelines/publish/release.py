"""Writing a release beside the others and switching `latest` to it in one step.

A release is complete or it is not there: it is written into a folder of its own under a name that nothing
reads, and renamed when every file is closed. Files under `restricted/` are readable by their owner only.
"""

import datetime as dt
import difflib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.errors import BadInputError, UsageError
from pipelines.findings import MonthFindings, month_findings
from pipelines.publish.disclosure import open_tables
from pipelines.publish.feedback import write_feedback
from pipelines.publish.manifest import drops_used, sha256_of, versions, write_manifest
from pipelines.report import quality_page
from pipelines.settings import DataFolder, disclosure_rules
from pipelines.warehouse_file import open_warehouse, transaction

UNFINISHED = ".unfinished-"
FACTS = """
    select schema_name, table_name
    from duckdb_tables()
    where
        database_name = current_database()
        and (
            schema_name = 'core'
            or (schema_name = 'indicators' and table_name like 'fct_%')
            or (
                schema_name = 'marts'
                and table_name in ('mart_restatement', 'mart_data_quality', 'mart_indicator_benchmark')
            )
            or (schema_name = 'raw' and table_name = 'rejected_rows')
        )
    order by schema_name, table_name
"""


@dataclass(frozen=True)
class Release:
    """One publication."""

    path: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        return self.path.name


def publish_month(folder: DataFolder, month: Month, seconds: dict[str, float]) -> Release:
    """Writes the release of a month's run, with what was found of the month, and makes it the latest.

    Raises BadInputError when the marts folder cannot be written to; the earlier release stays as it was.
    """
    created_at = dt.datetime.now(dt.UTC)
    try:
        folder.releases.mkdir(parents=True, exist_ok=True)
        _remove_unfinished(folder)
        release_id = _free_id(folder, f"{month}_{created_at:%Y%m%dT%H%M%SZ}")
        unfinished = folder.releases / (UNFINISHED + release_id)
        _make_folders(unfinished)
        found = month_findings(folder, month)
        tables, drops = _write_tables(folder, found, unfinished)
        _write_quality(found, unfinished / "quality")
        manifest = {
            "release_id": release_id,
            "created_at": created_at.isoformat(timespec="seconds"),
            "extract_month": str(month),
            "versions": versions(),
            "drops": drops,
            "rules": found.rule_health,
            "gates": found.gates,
            "waivers": found.waivers_used,
            "tables": tables,
            "seconds": {name: round(taken, 3) for name, taken in seconds.items()},
        }
        write_manifest(unfinished / "manifest.json", manifest)
        _protect(unfinished / "restricted")
        final = folder.releases / release_id
        unfinished.rename(final)
        _switch(folder, final)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise BadInputError(f"the release cannot be written: {error.strerror}: {error.filename}") from error
    return Release(final, manifest)


def releases(folder: DataFolder) -> list[Release]:
    """All complete releases, oldest first."""
    paths = sorted(folder.releases.glob("*/manifest.json")) if folder.releases.is_dir() else []
    found = [_read(path.parent) for path in paths if not path.parent.name.startswith(UNFINISHED)]
    return sorted(found, key=lambda release: (release.manifest["created_at"], release.id))


def current_release(folder: DataFolder) -> Release | None:
    """The release that `latest` points to; None before the first."""
    return _read(folder.latest.resolve()) if (folder.latest / "manifest.json").is_file() else None


def roll_back(folder: DataFolder, release_id: str) -> Release:
    """Makes an earlier release the latest again; the one that was it stays where it is.

    Raises UsageError where there is no such release, and BadInputError where a file of it is missing or is no
    longer what was published, or `latest` cannot be switched. Then nothing is switched.
    """
    known = {release.id: release for release in releases(folder)}
    if release_id not in known:
        near = difflib.get_close_matches(release_id, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"there is no release {release_id}: `warehouse releases` lists them{hint}")
    release = known[release_id]
    for table in release.manifest["tables"]:
        path = release.path / table["file"]
        if not path.is_file():
            raise BadInputError(f"release {release_id} is not whole: {table['file']} is missing")
        if sha256_of(path) != table["sha256"]:
            raise BadInputError(f"release {release_id} is not as it was published: {table['file']} has changed")
    try:
        _switch(folder, release.path)
    except OSError as error:
        raise BadInputError(f"latest cannot be switched: {error.strerror}: {error.filename}") from error
    return release


def _read(path: Path) -> Release:
    return Release(path, json.loads((path / "manifest.json").read_text(encoding="utf-8")))


def _remove_unfinished(folder: DataFolder) -> None:
    """What a run that was killed left behind; only one run at a time gets here."""
    for left_behind in folder.releases.glob(UNFINISHED + "*"):
        shutil.rmtree(left_behind)


def _free_id(folder: DataFolder, wanted: str) -> str:
    number, release_id = 1, wanted
    while (folder.releases / release_id).exists():
        number += 1
        release_id = f"{wanted}-{number}"
    return release_id


def _make_folders(release: Path) -> None:
    for name in ("open", "restricted", "quality"):
        (release / name).mkdir(parents=True)
    (release / "restricted").chmod(0o700)


def _write_quality(found: MonthFindings, room: Path) -> None:
    """What was checked and what was found, for people and for machines."""
    (room / "index.html").write_text(quality_page(found), encoding="utf-8")
    for name, content in (("gates", found.gates), ("rules", found.rules)):
        (room / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _write_tables(
    folder: DataFolder, found: MonthFindings, release: Path
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    with open_warehouse(folder, read_only=True) as connection:
        facts = connection.execute(FACTS).fetchall()
        contents = {
            "restricted": [(table, f"select * from {schema}.{table}") for schema, table in facts],
            "open": open_tables(connection, disclosure_rules()),
        }
        connection.execute(
            f"attach '{_quoted(release / 'restricted' / 'warehouse.duckdb')}' as restricted_file (read_write)"
        )
        connection.execute(f"attach '{_quoted(release / 'open' / 'marts.duckdb')}' as open_file (read_write)")
        tables = []
        for room, queries in contents.items():
            # the file is written once, not after every table
            with transaction(connection):
                tables += [_write_table(connection, release, room, *query) for query in queries]
        _add_current_views(connection, [table for schema, table in facts if schema == "core"])
        connection.execute("detach restricted_file; detach open_file")
        write_feedback(connection, found.month, release / "restricted" / "feedback" / str(found.month))
        drops = drops_used(connection, found)
    return tables, drops


def _write_table(
    connection: duckdb.DuckDBPyConnection, release: Path, room: str, table: str, query: str
) -> dict[str, Any]:
    """One parquet file and the same as a table for SQL users; gives its entry in the manifest."""
    path = release / room / f"{table}.parquet"
    connection.execute(f"create table {room}_file.{table} as {query}")
    connection.execute(f"copy {room}_file.{table} to '{_quoted(path)}' (format parquet, compression zstd)")
    columns = connection.execute(f"describe {room}_file.{table}").fetchall()
    rows = connection.execute(f"select count(*) from {room}_file.{table}").fetchone()
    return {
        "table": table,
        "file": f"{room}/{path.name}",
        "rows": rows[0] if rows else 0,
        "sha256": sha256_of(path),
        "columns": [{"name": column[0], "type": column[1]} for column in columns],
    }


def _add_current_views(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """`current_plan` beside `fct_plan`, and so on: the rows of the newest extract of each authority."""
    connection.execute("use restricted_file")
    for table in tables:
        columns = {column[0] for column in connection.execute(f"describe {table}").fetchall()}
        if {"la_code", "extract_month"} <= columns:
            connection.execute(
                f"""
                create view current_{table.removeprefix("fct_").removeprefix("dim_")} as
                select {table}.*
                from {table}
                where {table}.extract_month = (
                    select max(newest.extract_month) from {table} as newest where newest.la_code = {table}.la_code
                )
                """
            )
    connection.execute("use warehouse")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _protect(restricted: Path) -> None:
    for path in restricted.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _switch(folder: DataFolder, release: Path) -> None:
    """A reader of `latest` sees the old release or the new one, never neither: the link is replaced whole."""
    link = folder.latest.with_name(".latest-next")
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release.name)
    link.replace(folder.latest)
