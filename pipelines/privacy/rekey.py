"""Changing the key of the pseudonyms: every hash in the working file becomes the hash of the new key.

The lookups lead from the old hash to the id of the case system, the new key from there to the new hash. A copy of
the working file is changed and then replaces the original in one step. Killed before that step, nothing has
changed; killed after it, the next command that needs the key finishes the change.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts import contracts
from pipelines.errors import BadInputError
from pipelines.ingest.pseudonyms import (
    KINDS,
    LOOKUP_COLUMNS,
    Kind,
    Pseudonyms,
    fingerprint,
    new_key,
    pseudonym_key,
    read_lookup,
    settle_change,
    stage_change,
    store_fingerprint,
)
from pipelines.settings import DataFolder
from pipelines.warehouse_file import OWNER_ONLY_FILE, open_warehouse, transaction

COPY = ".rekey-"
_A_HASH = "[0-9a-f]{32}"


@dataclass(frozen=True)
class Rekeying:
    """What a change of keys will change. `columns` are (schema, table, column) that hold a hash."""

    persons: int
    workers: int
    columns: tuple[tuple[str, str, str], ...]

    def lines(self) -> list[str]:
        """What will be done, for a person."""
        columns, tables = len(self.columns), len({(schema, table) for schema, table, _ in self.columns})
        return [
            f"a new key for the pseudonyms of {self.persons:,} persons and {self.workers:,} workers",
            f"replaced in {columns} columns of {tables} tables of the working file, and in the lookups",
            "releases that are published keep the old pseudonyms: the next run publishes the new ones",
        ]


def what_to_rekey(folder: DataFolder) -> Rekeying:
    """What `rekey` would do. Changes nothing, except that it finishes an interrupted change of keys.

    Raises BadInputError if there is nothing to change, if the key is not the one that the file was filled with, or
    if no lookup has the id of a hash.
    """
    with _in_use(folder) as connection:
        _refuse_unknown(connection, folder)
        counts = [read_lookup(folder, kind).height for kind in KINDS]
        return Rekeying(counts[0], counts[1], tuple(_columns_with_hashes(connection)))


def rekey(folder: DataFolder) -> Rekeying:
    """Changes the key. Call it while no run is going (`only_run`).

    Raises what `what_to_rekey` raises, and UsageError if there is no new key.
    """
    rekeying = what_to_rekey(folder)
    key = new_key(folder)
    lookups = {kind: _hashed_anew(read_lookup(folder, kind), kind, key) for kind in KINDS}
    copy = folder.warehouse / f"{COPY}{secrets.token_hex(4)}.duckdb"
    try:
        copy.touch(mode=OWNER_ONLY_FILE)
        shutil.copyfile(folder.database, copy)
        _replace_hashes(copy, rekeying, folder, lookups, key)
        stage_change(folder, key, lookups)
        _to_disk(copy)
        copy.replace(folder.database)
    finally:
        copy.unlink(missing_ok=True)
        copy.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    settle_change(folder, fingerprint(key))
    return rekeying


@contextmanager
def _in_use(folder: DataFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working file, with an earlier change of keys finished. Raises BadInputError unless the key fits it."""
    if not folder.database.exists():
        raise BadInputError(f"there is no working file {folder.database}: there is nothing to change")
    for left_behind in folder.warehouse.glob(f"{COPY}*"):
        left_behind.unlink()
    with open_warehouse(folder) as connection:
        pseudonym_key(folder, connection, may_be_short=True)
        yield connection


def _refuse_unknown(connection: duckdb.DuckDBPyConnection, folder: DataFolder) -> None:
    """Raises BadInputError if a person or worker in `raw` is in no lookup, with the months of these rows."""
    missing: set[str] = set()
    months: set[str] = set()
    for kind in KINDS:
        connection.register("known", read_lookup(folder, kind))
        for table, column in _hashed_columns(kind):
            for pseudonym, month in connection.execute(
                f"""
                select distinct "{column}", strftime(extract_month, '%Y-%m')
                from raw."{table}"
                where "{column}" not in (select known.{LOOKUP_COLUMNS[kind][0]} from known)
                """
            ).fetchall():
                missing.add(pseudonym)
                months.add(month)
        connection.unregister("known")
    if missing:
        raise BadInputError(
            f"{len(missing):,} pseudonyms are in no lookup of {folder.private}: "
            f"first run {', '.join(sorted(months))} again, which adds them"
        )


def _hashed_columns(kind: Kind) -> Iterator[tuple[str, str]]:
    """Table and column of `raw` that hold hashes of a kind."""
    for name, contract in contracts().items():
        for column in contract.loaded_columns:
            if column.privacy == kind:
                yield name, column.name


def _columns_with_hashes(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """Every column that holds a hash, alone or as part of a composite key: the values decide, not a list."""
    for schema, table, column in connection.execute(
        """
        select columns.schema_name, columns.table_name, columns.column_name
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables using (database_oid, schema_oid, table_oid)
        where columns.database_name = current_database() and columns.data_type = 'VARCHAR'
        order by all
        """
    ).fetchall():
        holds = f"""select 1 from {schema}."{table}" where regexp_matches("{column}", '{_A_HASH}') limit 1"""
        if connection.execute(holds).fetchone():
            yield schema, table, column


def _hashed_anew(lookup: pl.DataFrame, kind: Kind, key: bytes) -> pl.DataFrame:
    column, id_column = LOOKUP_COLUMNS[kind]
    by_authority = [
        rows.with_columns(Pseudonyms(key, str(la_code)).hashed(rows[id_column], kind).alias(column))
        for (la_code,), rows in lookup.group_by("la_code", maintain_order=True)
    ]
    return pl.concat(by_authority) if by_authority else lookup


def _replace_hashes(
    copy: Path, rekeying: Rekeying, folder: DataFolder, lookups: dict[Kind, pl.DataFrame], key: bytes
) -> None:
    changes = pl.concat(
        [
            read_lookup(folder, kind)
            .join(lookups[kind], on=["la_code", LOOKUP_COLUMNS[kind][1]], suffix="_new")
            .select(pl.col(column).alias("old"), pl.col(f"{column}_new").alias("new"))
            for kind in KINDS
            for column in (LOOKUP_COLUMNS[kind][0],)
        ]
    )
    with duckdb.connect(str(copy)) as connection:
        connection.register("given", changes)
        connection.execute("create temp table changes as select distinct old, new from given")
        with transaction(connection):
            for schema, table, column in rekeying.columns:
                _replace_in_column(connection, f'{schema}."{table}"', column)
            store_fingerprint(connection, key)
        connection.execute("checkpoint")


def _replace_in_column(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    """Replaces every hash of a column, also if a value holds several."""
    connection.execute(
        f"""
        create or replace temp table changed_values as
        with
        old_values as (
            select distinct "{column}" as old_value
            from {table}
            where regexp_matches("{column}", '{_A_HASH}')
        ),

        pieces as (
            select
                old_value,
                unnest(regexp_extract_all(old_value, '{_A_HASH}')) as old,
                generate_subscripts(regexp_extract_all(old_value, '{_A_HASH}'), 1) as n
            from old_values
        ),

        between_pieces as (select old_value, string_split_regex(old_value, '{_A_HASH}') as parts from old_values)

        select
            old_value,
            parts[1]
            || string_agg(coalesce(changes.new, pieces.old) || parts[n + 1], '' order by n) as new_value
        from pieces
        inner join between_pieces using (old_value)
        left join changes on changes.old = pieces.old
        group by old_value, parts
        """
    )
    connection.execute(
        f"""
        update {table} set "{column}" = changed_values.new_value
        from changed_values
        where "{column}" = changed_values.old_value
        """
    )


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
