"""Changing the key of the pseudonyms: every hash in the working file becomes the hash of the new key.

The lookups lead from the old hash to the id of the case system, the new key from there to the new hash. A copy of
the working file is changed and then replaces the original in one step. Killed before that step, nothing has
changed; killed after it, the next command that needs the key finishes the change.
"""

import hmac
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts import contracts
from pipelines.errors import BadInputError
from pipelines.ingest.pseudonyms import (
    HASH_LENGTH,
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
    stored_fingerprint,
)
from pipelines.privacy import ForReleases
from pipelines.privacy.held_releases import (
    A_HASH,
    HeldRelease,
    held_releases,
    lines_of,
    releases_to_rewrite,
    settle_releases,
)
from pipelines.publish.published import REWRITTEN
from pipelines.publish.rewrite_release import put_in_place, remove_leftovers, rewrite
from pipelines.settings import DataFolder
from pipelines.warehouse_file import (
    OWNER_ONLY_FILE,
    copy_without_removed_rows,
    has_table,
    open_warehouse,
    transaction,
)

COPY = ".rekey-"
_HASH_IN_TEXT = re.compile(f"(?<![0-9a-f]){A_HASH}(?![0-9a-f])")


@dataclass(frozen=True)
class Rekeying:
    """What a change of keys will change. `columns` are (schema, table, column) that hold a hash.

    `releases` hold pseudonyms, and so do the lists in `feedback`.
    """

    persons: int
    workers: int
    columns: tuple[tuple[str, str, str], ...]
    releases: tuple[HeldRelease, ...] = ()
    feedback: Path | None = None

    def lines(self, asked: ForReleases = ForReleases.KEEP) -> list[str]:
        """What will be done, for a person. `asked`: what becomes of releases."""
        columns, tables = len(self.columns), len({(schema, table) for schema, table, _ in self.columns})
        return [
            f"a new key for the pseudonyms of {self.persons:,} persons and {self.workers:,} workers",
            f"replaced in {columns} columns of {tables} tables of the working file, and in the lookups",
            *lines_of(self.releases, asked),
            *([self._feedback_line(asked)] if self.feedback else []),
        ]

    def _feedback_line(self, asked: ForReleases) -> str:
        if asked is ForReleases.KEEP:
            return f"the lists in {self.feedback} keep the old pseudonyms"
        return f"the lists in {self.feedback} are removed: warehouse feedback --with-lcs-ids writes them again"


def what_to_rekey(folder: DataFolder) -> Rekeying:
    """What `rekey` would do. Changes nothing, except that it finishes an interrupted change of keys.

    Raises BadInputError if there is nothing to change, if the key is not the one that the file was filled with, or
    if no lookup has the id of a hash.
    """
    with _in_use(folder) as connection:
        _refuse_unknown(connection, folder)
        counts = [read_lookup(folder, kind).height for kind in KINDS]
        columns = tuple(_columns_with_hashes(connection))
        put_in_place(folder, stored_fingerprint(connection))
    lists = folder.warehouse / "feedback"
    return Rekeying(counts[0], counts[1], columns, held_releases(folder, _held), lists if lists.exists() else None)


def rekey(folder: DataFolder, asked: ForReleases = ForReleases.KEEP) -> list[str]:
    """Changes the key, and returns a line for each release that was written again or removed.

    Call it while no run is going (`only_run`). Raises what `what_to_rekey` raises, UsageError if there is no new
    key, and BadInputError if a release has to be written again and is damaged. Then nothing has changed.
    """
    rekeying = what_to_rekey(folder)
    key = new_key()
    chosen = releases_to_rewrite(folder, rekeying.releases, asked)
    remove_leftovers(folder)
    lookups = {kind: _hashed_anew(read_lookup(folder, kind), kind, key) for kind in KINDS}
    changes = _changes(folder, lookups)
    copy = folder.warehouse / f"{COPY}{secrets.token_hex(4)}.duckdb"
    changed = copy.with_name(f"{COPY}{secrets.token_hex(4)}.duckdb")
    try:
        for path in (copy, changed):
            path.touch(mode=OWNER_ONLY_FILE)
        shutil.copyfile(folder.database, copy)
        _replace_hashes(copy, rekeying, changes, key)
        copy_without_removed_rows(copy, changed)
        for release in chosen:
            rewrite(folder, release, _WithNewHashes(changes, key), fingerprint(key))
        stage_change(folder, key, lookups)
        _to_disk(changed)
        changed.replace(folder.database)
    except BaseException:
        if changed.exists():
            # nothing has changed, so no rewritten release may take the place of the first one
            remove_leftovers(folder, REWRITTEN)
        raise
    finally:
        _remove_copies(folder)
    settle_change(folder, fingerprint(key))
    if asked is not ForReleases.KEEP and rekeying.feedback:
        shutil.rmtree(rekeying.feedback)
    return settle_releases(folder, rekeying.releases, asked, fingerprint(key))


@dataclass
class _WithNewHashes:
    """A release with the hashes of a new key. `known` has the new hash of each old one.

    A hash that no lookup has, because its rows were forgotten since, gets a new one too.
    """

    changes: pl.DataFrame
    key: bytes
    known: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = dict(self.changes.select("old", "new").iter_rows())

    def rows(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        for column in list(_hash_columns(connection, f'"{table}"')):
            pieces = f"""unnest(regexp_extract_all("{column}", '{A_HASH}'))"""
            for (old,) in connection.execute(f'select distinct {pieces} from "{table}"').fetchall():
                if old not in self.known:
                    made_anew = hmac.digest(self.key, f"unknown:{old}".encode(), "sha256")
                    self.known[old] = made_anew.hex()[:HASH_LENGTH]
            _use_changes(connection, pl.DataFrame(list(self.known.items()), ["old", "new"], orient="row"))
            _replace_in_column(connection, f'"{table}"', column)

    def text(self, name: str, text: str) -> str | None:
        return _HASH_IN_TEXT.sub(lambda match: self.known.get(match[0], match[0]), text)


def _held(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> str:
    """Whether a release holds pseudonyms, in words."""
    has_hashes = any(column for source in tables.values() for column in _hash_columns(connection, source))
    return "the old pseudonyms" if has_hashes else ""


def _hash_columns(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[str]:
    """The columns of a table, or of SQL that reads one, that hold a hash: the values decide."""
    for column, type, *_ in connection.execute(f"describe from {source}").fetchall():
        holds = f"""select 1 from {source} where regexp_matches("{column}", '{A_HASH}') limit 1"""
        if type == "VARCHAR" and connection.execute(holds).fetchone():
            yield column


@contextmanager
def _in_use(folder: DataFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working file, with an earlier change of keys finished. Raises BadInputError unless the key fits it."""
    if not folder.database.exists():
        raise BadInputError(f"there is no working file {folder.database}: there is nothing to change")
    _remove_copies(folder)
    with open_warehouse(folder) as connection:
        if not has_table(connection, "raw.ssd_person"):
            raise BadInputError(f"no month was run in {folder.root}: there is nothing to change")
        pseudonym_key(folder, connection, may_be_short=True)
        yield connection


def _remove_copies(folder: DataFolder) -> None:
    for left_behind in folder.warehouse.glob(f"{COPY}*"):
        left_behind.unlink()


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
        holds = f"""select 1 from {schema}."{table}" where regexp_matches("{column}", '{A_HASH}') limit 1"""
        if connection.execute(holds).fetchone():
            yield schema, table, column


def _hashed_anew(lookup: pl.DataFrame, kind: Kind, key: bytes) -> pl.DataFrame:
    column, id_column = LOOKUP_COLUMNS[kind]
    by_authority = [
        rows.with_columns(Pseudonyms(key, str(la_code)).hashed(rows[id_column], kind).alias(column))
        for (la_code,), rows in lookup.group_by("la_code", maintain_order=True)
    ]
    return pl.concat(by_authority) if by_authority else lookup


def _changes(folder: DataFolder, lookups: Mapping[Kind, pl.DataFrame]) -> pl.DataFrame:
    """The new hash of every old one."""
    return pl.concat(
        [
            read_lookup(folder, kind)
            .join(lookups[kind], on=["la_code", LOOKUP_COLUMNS[kind][1]], suffix="_new")
            .select(pl.col(column).alias("old"), pl.col(f"{column}_new").alias("new"))
            for kind in KINDS
            for column in (LOOKUP_COLUMNS[kind][0],)
        ]
    ).unique()


def _use_changes(connection: duckdb.DuckDBPyConnection, changes: pl.DataFrame) -> None:
    connection.register("given", changes)
    connection.execute("create or replace temp table changes as select distinct old, new from given")
    connection.unregister("given")


def _replace_hashes(copy: Path, rekeying: Rekeying, changes: pl.DataFrame, key: bytes) -> None:
    with duckdb.connect(str(copy)) as connection:
        _use_changes(connection, changes)
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
            where regexp_matches("{column}", '{A_HASH}')
        ),

        pieces as (
            select
                old_value,
                unnest(regexp_extract_all(old_value, '{A_HASH}')) as old,
                generate_subscripts(regexp_extract_all(old_value, '{A_HASH}'), 1) as n
            from old_values
        ),

        between_pieces as (select old_value, string_split_regex(old_value, '{A_HASH}') as parts from old_values)

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
