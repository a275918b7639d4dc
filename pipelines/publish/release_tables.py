"""The tables of a release: each as a parquet file, and all of a folder in one DuckDB file.

Belongs here: writing `restricted/` and `open/` from the working file. Does not belong here: which rows may leave
the service (`disclosure`), which tables a release has (their dbt YAML).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.errors import WarehouseError
from pipelines.findings import MonthFindings
from pipelines.progress import Progress
from pipelines.publish.disclosure import (
    LISTS,
    REMEMBERED,
    board_lists,
    left_out_rows,
    open_tables,
    rows_held_back,
)
from pipelines.publish.feedback import months_with_lists, write_feedback
from pipelines.publish.published import Release, last_release, newest_as_published
from pipelines.publish.release_database import DATABASES, add_current_views, database_checksums, write_database
from pipelines.publish.release_manifest import LEFT_OUT, drops_used, newest_months, reference_used
from pipelines.publish.shared_partitions import (
    EarlierFiles,
    Entries,
    PlannedTable,
    TableRows,
    compute_new,
    plan,
    write_parquet,
)
from pipelines.publish.working_files import open_for_release
from pipelines.settings import DataFolder, DisclosureRules
from pipelines.table_register import OPEN, RESTRICTED, TableEntry, released_tables, table_register

Queries = Sequence[tuple[str, str]]
"""Names of tables, each with the query for its rows."""


@dataclass(frozen=True)
class WrittenTables:
    """What the manifests say of the tables, and of the drops that they were made from.

    `left_out` names the rows that disclosure control keeps out of `open/` altogether. `databases`: the SHA-256 of
    each DuckDB file. `authorities`: at which month each authority is.
    """

    tables: Entries
    drops: Entries
    reference: Entries
    left_out: Entries
    databases: dict[str, str]
    authorities: Entries


def write_tables(
    folder: DataFolder,
    findings: MonthFindings,
    release: Path,
    rules: DisclosureRules,
    progress: Progress,
) -> WrittenTables:
    """Writes every table of a release, and the lists of records to correct, into its folder.

    Raises WarehouseError if disclosure control and the tables' descriptions disagree on what is open.
    """
    register = table_register(folder.dbt_manifest)
    described = released_tables(register, RESTRICTED)
    queries: Queries = [(table.name, f"select * from {table.schema}.{table.name}") for table in described.values()]
    with open_for_release(folder) as connection:
        tables = {RESTRICTED: _planned(connection, RESTRICTED, queries, described)}
    # opened again: DuckDB keeps in memory what it has read, and planning reads every row
    with open_for_release(folder) as connection:
        open_queries, left_out = _open_queries(connection, folder, rules, progress)
        queries = [*open_queries, *_lists_of_the_board(connection, register, rules, progress)]
        _refuse_undescribed(queries, released_tables(register, OPEN))
        tables[OPEN] = _planned(connection, OPEN, queries, released_tables(register, OPEN))
        entries = _write_files(connection, release, tables, last_release(folder), progress)
        for month in months_with_lists(connection, findings.month):
            write_feedback(connection, month, release / RESTRICTED / "feedback" / str(month))
        drops, at_month = drops_used(connection, findings), newest_months(connection)
        reference = reference_used(connection)
    facts = [table.name for table in described.values() if table.schema == "core"]
    add_current_views(release / RESTRICTED / DATABASES[RESTRICTED], facts)
    return WrittenTables(entries, drops, reference, left_out, database_checksums(release), at_month)


def _open_queries(
    connection: duckdb.DuckDBPyConnection, folder: DataFolder, rules: DisclosureRules, progress: Progress
) -> tuple[Queries, Entries]:
    """The tables of `open/`, and the rows that are left out of them: a line of the run says how many."""
    published, faults = newest_as_published(folder, [f"{OPEN}/{table}" for table in REMEMBERED])
    for fault in faults:
        progress.warning(f"{fault}. What it hid is taken from {published.id if published else 'no release'}")
    queries = open_tables(
        connection,
        rules,
        published=published.path / OPEN if published else None,
        left_out=published.manifest.get(LEFT_OUT, []) if published else [],
        kept=folder.decisions,
    )
    left_out = left_out_rows(connection)
    if left_out:
        progress.line(
            f"disclosure: {len(left_out)} figures left out of open/, because others give a small number;"
            f" {LEFT_OUT} in manifest.json names them"
        )
    return queries, left_out


def _lists_of_the_board(
    connection: duckdb.DuckDBPyConnection,
    register: Mapping[str, TableEntry],
    rules: DisclosureRules,
    progress: Progress,
) -> Queries:
    """The board's lists in `open/`. Rows that look personal are left out and become warnings of the run."""
    declared = {table: register[f"marts.{table}"].open_columns for table in LISTS}
    queries = board_lists(connection, declared, rules.smallest_shown)
    for line in rows_held_back(connection, declared):
        progress.warning(line)
    return queries


def _refuse_undescribed(queries: Queries, described: Mapping[str, TableEntry]) -> None:
    differing = {table for table, _ in queries} ^ described.keys()
    if differing:
        names = ", ".join(sorted(differing))
        raise WarehouseError(f"{names}: disclosure control and `release` in the dbt YAML disagree on `open`")


def _write_files(
    connection: duckdb.DuckDBPyConnection,
    release: Path,
    tables: Mapping[str, Sequence[PlannedTable]],
    last: Release | None,
    progress: Progress,
) -> Entries:
    """Writes the parquet files of `restricted/` in a second thread, and everything else meanwhile."""
    earlier = EarlierFiles([last] if last else [])
    tables = {**tables, OPEN: [compute_new(connection, OPEN, table, earlier) for table in tables[OPEN]]}
    with _half_of_the_cores(connection), ThreadPoolExecutor(1) as pool:
        restricted = pool.submit(
            write_parquet, connection.cursor(), release, RESTRICTED, tables[RESTRICTED], earlier
        )
        lines = [write_database(connection, release, room, tables[room], last) for room in DATABASES]
        entries = restricted.result() + write_parquet(connection, release, OPEN, tables[OPEN], earlier)
    for line in (*earlier.damaged, *filter(None, lines)):
        progress.warning(line)
    return entries


@contextmanager
def _half_of_the_cores(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """For large tables. Two threads write at the same time: with all cores each would wait for the other."""
    connection.execute(f"set threads = {max(1, (os.cpu_count() or 1) // 2)}")
    yield
    connection.execute("set threads = 1")


def _planned(
    connection: duckdb.DuckDBPyConnection, room: str, queries: Queries, described: Mapping[str, TableEntry]
) -> list[PlannedTable]:
    """The tables of a room with their partitions. Nothing that was open to everybody may be left in a file."""
    return [
        plan(
            connection,
            TableRows(
                table,
                query,
                described[table].extract if described[table].keeps_extracts else None,
                only_grows=room == OPEN or described[table].only_grows,
            ),
        )
        for table, query in queries
    ]
