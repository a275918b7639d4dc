"""Writing a release beside the others; when it may take the place of the last one, `latest` is switched to it.

A release is complete or it is not there: it is written into a folder of its own under a name that nothing
reads, and renamed when every file is closed. Files under `restricted/` are readable by their owner only.
"""

import datetime as dt
import json
import os
import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.errors import BadInputError, GateRefusedError, WarehouseError
from pipelines.findings import DIFFERENCE, MonthFindings, keep, month_findings
from pipelines.progress import Progress
from pipelines.publish.corrections import Corrections
from pipelines.publish.data_changes import announcements
from pipelines.publish.disclosure import UnprotectedWarning, open_tables
from pipelines.publish.feedback import write_feedback
from pipelines.publish.published import HIDDEN, Release, last_release, releases, switch
from pipelines.publish.release_comparison import Comparison, compare
from pipelines.publish.release_manifest import drops_used, sha256_of, versions, write_manifest
from pipelines.report import (
    quality_page,
    write_dictionary,
    write_month_page,
    write_monthly_report,
    write_team_report,
)
from pipelines.settings import DataFolder, DisclosureRules
from pipelines.table_register import OPEN, RESTRICTED, TableEntry, released_tables, table_register
from pipelines.warehouse_file import open_warehouse, transaction

Queries = list[tuple[str, str]]
"""Tables with the query that gives each."""

UNFINISHED = f"{HIDDEN}unfinished-"


def publish_month(
    folder: DataFolder,
    month: Month,
    corrections: Corrections,
    rules: DisclosureRules,
    progress: Progress,
) -> Release:
    """Writes the release of a month's run, with what was found of the month, and makes it the latest.

    Raises GateRefusedError when tables or figures differ from the last release's without having been announced,
    BadInputError when the marts folder cannot be written to; the earlier release stays as it was.
    """
    created_at = dt.datetime.now(dt.UTC)
    try:
        folder.releases.mkdir(parents=True, exist_ok=True)
        _remove_unfinished(folder)
        release_id = _free_id(folder, f"{month}_{created_at:%Y%m%dT%H%M%SZ}")
        unfinished = folder.releases / (UNFINISHED + release_id)
        _make_folders(unfinished)
        register = table_register(folder.dbt_manifest)
        open_queries = partial(_open_queries, folder=folder, rules=rules, progress=progress)
        tables, drops = _write_tables(folder, month_findings(folder, month), unfinished, register, open_queries)
        announced = announcements()
        written = Release(unfinished, {"extract_month": str(month), "tables": tables})
        described = released_tables(register, RESTRICTED, OPEN)
        compared = compare(last_release(folder), written, announced, corrections, described)
        _refuse_unannounced(folder, compared, unfinished)
        found = month_findings(folder, month)
        _write_quality(found, unfinished / "quality")
        _write_report(folder, unfinished, rules, progress)
        write_dictionary(folder.dbt_manifest, unfinished / "report", tables)
        manifest = {
            "release_id": release_id,
            "created_at": created_at.isoformat(timespec="seconds"),
            "extract_month": str(month),
            "versions": versions(),
            "drops": drops,
            "rules": found.rule_health,
            "gates": found.gates,
            "waivers": found.waivers_used,
            "differences": compared.summary(),
            "corrections": compared.corrections_made(),
            "data_changes": [one.digest for one in announced],
            "tables": tables,
            "seconds": {name: round(taken, 3) for name, taken in progress.seconds.items()},
        }
        write_manifest(unfinished / "manifest.json", manifest)
        _protect(unfinished / "restricted")
        final = folder.releases / release_id
        unfinished.rename(final)
        switch(folder, release_id)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise BadInputError(f"the release cannot be written: {error.strerror}: {error.filename}") from error
    return Release(final, manifest)


def _refuse_unannounced(folder: DataFolder, compared: Comparison, unfinished: Path) -> None:
    """Keeps what was compared with the findings of the month, where it can be looked at also when it refuses."""
    keep(folder, compared.month, DIFFERENCE, compared.to_json())
    lines = compared.refusal_lines()
    if lines:
        write_month_page(folder, compared.month)
        shutil.rmtree(unfinished)
        raise GateRefusedError("\n".join(lines))


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
    for name, content in (("gates", found.gates), ("rules", found.rules), (DIFFERENCE, found.difference)):
        (room / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _write_report(folder: DataFolder, release: Path, rules: DisclosureRules, progress: Progress) -> None:
    """Pages for people from the release's own tables."""
    for warning in write_monthly_report(release, folder.commentary, rules.smallest_shown):
        progress.warning(warning)
    write_team_report(release)


def _write_tables(
    folder: DataFolder,
    found: MonthFindings,
    release: Path,
    register: Mapping[str, TableEntry],
    open_queries: Callable[[duckdb.DuckDBPyConnection], Queries],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    with open_warehouse(folder, read_only=True) as connection:
        restricted = released_tables(register, RESTRICTED).values()
        contents = {
            "restricted": [(table.name, f"select * from {table.schema}.{table.name}") for table in restricted],
            "open": open_queries(connection),
        }
        _refuse_undescribed(contents["open"], released_tables(register, OPEN))
        connection.execute(
            f"attach '{_quoted(release / 'restricted' / 'warehouse.duckdb')}' as restricted_file (read_write)"
        )
        connection.execute(f"attach '{_quoted(release / 'open' / 'marts.duckdb')}' as open_file (read_write)")
        # half of the cores write tables, the other half parquet files: more would wait for each other
        threads = max(1, (os.cpu_count() or 1) // 2)
        connection.execute(f"set threads = {threads}")
        with ThreadPoolExecutor(1) as beside:
            # a cursor of its own for the other thread
            written = beside.submit(
                _write_parquet, connection.cursor(), release, "restricted", contents["restricted"]
            )
            for room, queries in contents.items():
                # the file is written once, not after every table
                with transaction(connection):
                    for table, query in queries:
                        connection.execute(f"create table {room}_file.{table} as {query}")
            tables = written.result() + _write_parquet(connection, release, "open", contents["open"])
        connection.execute("reset threads")
        _add_current_views(connection, [table.name for table in restricted if table.schema == "core"])
        connection.execute("detach restricted_file; detach open_file")
        write_feedback(connection, found.month, release / "restricted" / "feedback" / str(found.month))
        drops = drops_used(connection, found)
    return tables, drops


def _refuse_undescribed(queries: Sequence[tuple[str, str]], described: Mapping[str, TableEntry]) -> None:
    """Raises WarehouseError unless `open/` gets exactly the tables whose description says `release: [open]`."""
    differing = {table for table, _ in queries} ^ described.keys()
    if differing:
        names = ", ".join(sorted(differing))
        raise WarehouseError(f"{names}: disclosure control and `release` in the dbt YAML disagree on `open`")


def _open_queries(
    connection: duckdb.DuckDBPyConnection, folder: DataFolder, rules: DisclosureRules, progress: Progress
) -> Queries:
    """The tables of `open/` with their queries. Cells that could not be protected become warnings of the run."""
    before = releases(folder)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UnprotectedWarning)
        queries = open_tables(
            connection,
            rules,
            published=before[-1].path / "open" if before else None,
            kept=folder.decisions,
        )
    for warning in caught:
        if issubclass(warning.category, UnprotectedWarning):
            progress.warning(str(warning.message))
        else:
            warnings.showwarning(warning.message, warning.category, warning.filename, warning.lineno)
    return queries


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, release: Path, room: str, queries: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    """The parquet file of each table of a room; gives their entries in the manifest."""
    entries = []
    for table, query in queries:
        path = release / room / f"{table}.parquet"
        rows = connection.execute(
            f"copy ({query}) to '{_quoted(path)}' (format parquet, compression zstd)"
        ).fetchone()
        columns = connection.execute(f"describe {query}").fetchall()
        entries.append(
            {
                "table": table,
                "file": f"{room}/{path.name}",
                "rows": rows[0] if rows else 0,
                "sha256": sha256_of(path),
                "columns": [{"name": column[0], "type": column[1]} for column in columns],
            }
        )
    return entries


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
