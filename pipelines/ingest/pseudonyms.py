"""Replaces the ids of persons and workers by keyed hashes; keeps the key, and the lookups from hash to id.

Belongs here: everything that sees both an id and its hash. Does not belong here: which columns are hashed
(`pipelines.contracts`).
"""

import hmac
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import duckdb
import polars as pl

from pipelines.contracts import Contract, contracts
from pipelines.errors import BadInputError, UsageError
from pipelines.settings import NEW_PSEUDONYM_KEY_VARIABLE, PSEUDONYM_KEY_VARIABLE, DataFolder, ShardFolder
from pipelines.warehouse_file import (
    make_private_folder,
    replaced_when_written,
    take_over_from_raw,
    write_for_owner,
)

Kind = Literal["person", "worker", "record"]
"""What an id is of. Ids of records are hashed in rejected rows only."""
KINDS: tuple[Kind, ...] = ("person", "worker", "record")
SHORTEST_KEY = 32
HASH_LENGTH = 32
KEY_FILE = "pseudonym.key"
NEXT = "next-"
"""Prefix of the folder with a new key and its lookups during a change of keys; its fingerprint follows."""
LOOKUP_COLUMNS: Mapping[Kind, tuple[str, str]] = {
    "person": ("child_id", "person_id"),
    "worker": ("worker_id", "professional_id"),
    "record": ("record_hash", "record_id"),
}
"""Columns with the hash and the id in the lookup of each kind."""


def pseudonym_key(
    folder: DataFolder, connection: duckdb.DuckDBPyConnection, *, may_be_short: bool = False
) -> bytes:
    """The key that hashes the ids of the working file: from `WAREHOUSE_PSEUDONYM_KEY`, else from the key file.

    Creates a key file if nothing was hashed or published yet. Raises UsageError if the key in the variable is too
    short, and BadInputError if the key file is too short, lost or readable by others, or if the ids of the working
    file were hashed with another key: the same child would get two pseudonyms. `may_be_short` is for replacing a
    key that an earlier version allowed.
    """
    stored = stored_fingerprint(connection)
    settle_change(folder, stored)
    key = _given_key() or _key_of_file(folder, may_make=stored is None and _lookup_agrees(folder, None))
    is_new = stored is None and _lookup_agrees(folder, key)
    if not is_new and stored != fingerprint(key):
        raise BadInputError(_not_the_key(folder))
    if len(key) < SHORTEST_KEY and not may_be_short:
        _refuse_short_key(folder, not is_new)
    if is_new:
        store_fingerprint(connection, key)
    return key


def fingerprint(key: bytes) -> str:
    """Fingerprint of a key, safe to store: 16 hexadecimal characters."""
    return hmac.digest(key, b"fingerprint", "sha256").hex()[:16]


def store_fingerprint(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Writes the fingerprint of the key that hashes its ids into the working file."""
    connection.execute("create schema if not exists pipeline")
    connection.execute(
        "create or replace table pipeline.pseudonym_key as select ? as fingerprint", [fingerprint(key)]
    )


def new_key() -> bytes:
    """A new key: a random one, or `WAREHOUSE_PSEUDONYM_KEY_NEW` where the environment supplies the keys.

    Raises UsageError if that variable is missing, too short, or the key in use.
    """
    if not os.environ.get(PSEUDONYM_KEY_VARIABLE):
        return secrets.token_hex(32).encode()
    given = os.fsencode(os.environ.get(NEW_PSEUDONYM_KEY_VARIABLE, ""))
    if not given or given == _given_key():
        raise UsageError(
            f"the key comes from {PSEUDONYM_KEY_VARIABLE}: give another in {NEW_PSEUDONYM_KEY_VARIABLE}"
        )
    if len(given) < SHORTEST_KEY:
        raise UsageError(f"{NEW_PSEUDONYM_KEY_VARIABLE} must have at least {SHORTEST_KEY} characters")
    return given


def stage_change(folder: DataFolder, key: bytes, lookups: Mapping[Kind, pl.DataFrame]) -> None:
    """Stores a new key and its lookups until the working file has its fingerprint."""
    staged = make_private_folder(make_private_folder(folder.private) / f"{NEXT}{fingerprint(key)}")
    if not os.environ.get(PSEUDONYM_KEY_VARIABLE):
        write_for_owner(staged / KEY_FILE, key)
    for kind, rows in lookups.items():
        _write_lookup(lookup_file(folder, kind, staged), rows)


def settle_change(folder: DataFolder, stored: str | None) -> None:
    """Finishes an interrupted change of keys: keeps the new key if the working file has it, else removes it."""
    for staged in folder.private.glob(f"{NEXT}*"):
        if staged.name == f"{NEXT}{stored}":
            # the new lookups have the ids in these, which still have the old hashes
            for file in (file for kind in KINDS for file in _additions(folder, kind)):
                file.unlink()
            for file in staged.iterdir():
                file.replace(folder.private / file.name)
        shutil.rmtree(staged)


def stored_fingerprint(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The fingerprint of the key that hashed the ids of the working file; None if nothing was hashed yet."""
    take_over_from_raw(connection, "pipeline", ["pseudonym_key"])
    exists = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'pipeline' and table_name = 'pseudonym_key'"
    ).fetchone()
    row = connection.execute("select fingerprint from pipeline.pseudonym_key").fetchone() if exists else None
    return str(row[0]) if row else None


def _lookup_agrees(folder: DataFolder, key: bytes | None) -> bool:
    """Whether the key gives the hashes of the lookup. For working files without a fingerprint."""
    entries = read_lookup(folder, "person").head(1).rows()
    return all(
        key is not None and Pseudonyms(key, la_code).hash_of("person", person_id) == child_id
        for la_code, child_id, person_id in entries
    )


def lost_lookups(folder: DataFolder, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A line for each lookup that is missing although rows of the working file name its people."""
    lines = []
    for kind in ("person", "worker"):
        if lookup_file(folder, kind).exists() or (isinstance(folder, ShardFolder) and _additions(folder, kind)):
            continue
        months: set[str] = set()
        for name, contract in contracts().items():
            for column in (column for column in contract.loaded_columns if column.privacy == kind):
                query = f'select distinct extract_month from raw."{name}" where "{column.name}" is not null'
                months |= {f"{month:%Y-%m}" for (month,) in connection.execute(query).fetchall()}
        if months:
            lines.append(
                f"the lookup {lookup_file(folder, kind)} is lost: pseudonyms no longer lead to ids of the case"
                f" system. Restore it, or run again {', '.join(sorted(months))}, which makes the same pseudonyms"
            )
    return lines


def make_key(folder: DataFolder) -> None:
    """Makes the key file of a data folder where nothing was hashed yet, before several processes need it.

    Raises BadInputError where the key is lost.
    """
    if _given_key() is None:
        _key_of_file(folder, may_make=_lookup_agrees(folder, None))


def _given_key() -> bytes | None:
    given = os.environ.get(PSEUDONYM_KEY_VARIABLE)
    return os.fsencode(given) if given else None


def _key_of_file(folder: DataFolder, may_make: bool) -> bytes:
    file = make_private_folder(folder.private) / KEY_FILE
    if not file.exists():
        if not may_make:
            raise BadInputError(_not_the_key(folder))
        if any(folder.releases.glob("[!.]*/manifest.json")):
            raise BadInputError(
                f"the pseudonym key {file} is lost, and releases exist: restore it from a backup. With a new key"
                f" every child would get another pseudonym. To begin anew on purpose, remove {folder.releases}"
            )
        write_for_owner(file, secrets.token_hex(32).encode())
    if file.stat().st_mode & 0o077:
        raise BadInputError(f"others can read the pseudonym key {file}: make it readable by its owner only")
    return file.read_bytes().strip()


def _refuse_short_key(folder: DataFolder, is_in_use: bool) -> None:
    wanted = f"{SHORTEST_KEY} characters or more, such as those of `openssl rand -hex 32`"
    is_given = _given_key() is not None
    todo = (
        f"give one of {wanted}"
        if not is_in_use
        else f"change it with `warehouse rekey`, and {NEW_PSEUDONYM_KEY_VARIABLE} of {wanted}"
        if is_given
        else "change it with `warehouse rekey`"
    )
    name = PSEUDONYM_KEY_VARIABLE if is_given else folder.private / KEY_FILE
    fault = UsageError if is_given else BadInputError
    raise fault(f"the pseudonym key {name} has fewer than {SHORTEST_KEY} characters, which can be guessed: {todo}")


def _not_the_key(folder: DataFolder) -> str:
    return (
        f"the ids in {folder.database} were hashed with another key than the one given: restore "
        f"{PSEUDONYM_KEY_VARIABLE} or {folder.private / KEY_FILE}; only warehouse rekey changes the key"
    )


class Pseudonyms:
    """Hashes the ids of one authority; each id is hashed once, however often it occurs."""

    def __init__(self, key: bytes, la_code: str) -> None:
        self._key = key
        self.la_code = la_code
        self._known: dict[Kind, dict[str, str]] = {kind: {} for kind in KINDS}

    def hashed(self, ids: pl.Series, kind: Kind) -> pl.Series:
        """The ids' hashes: 32 lower-case hexadecimal characters; null stays null."""
        distinct = ids.unique().drop_nulls()
        hashes = [self.hash_of(kind, id) for id in distinct.to_list()]
        return ids.replace_strict(distinct, pl.Series(hashes, dtype=pl.String), default=None)

    def hash_of(self, kind: Kind, id: str) -> str:
        """The hash of one id."""
        known = self._known[kind]
        if id not in known:
            keyed = hmac.digest(self._key, f"{kind}:{self.la_code}:{id}".encode(), "sha256")
            known[id] = keyed.hex()[:HASH_LENGTH]
        return known[id]

    def without_ids(self, contract: Contract, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the ids of persons and workers replaced by their hashes."""
        return rows.with_columns(
            self.hashed(rows[column.name], "person" if column.privacy == "person" else "worker").alias(column.name)
            for column in contract.loaded_columns
            if column.privacy in ("person", "worker")
        )

    def known(self, kind: Kind) -> pl.DataFrame:
        """The lookup: la_code, hash and id of everything of a kind that was hashed so far."""
        column, id_column = LOOKUP_COLUMNS[kind]
        known = self._known[kind]
        return pl.DataFrame(
            {"la_code": [self.la_code] * len(known), column: list(known.values()), id_column: list(known.keys())},
            schema=_lookup_schema(kind),
        )


def lookup_file(folder: DataFolder, kind: Kind, parent: Path | None = None) -> Path:
    """Path of the lookup of persons or workers: in the private folder, or in `parent`."""
    return (parent or folder.private) / f"{kind}_lookup.parquet"


def read_lookup(folder: DataFolder, kind: Kind, la_code: str | None = None) -> pl.DataFrame:
    """The lookup, of one authority or of all; it has no rows if nothing was hashed yet."""
    added = [_addition(folder, kind, la_code)] if la_code else _additions(folder, kind)
    files = [file for file in (lookup_file(folder, kind), *added) if file.exists()]
    if not files:
        return pl.DataFrame(schema=_lookup_schema(kind))
    rows = pl.scan_parquet(files)
    # a run that was killed while it merged leaves entries in two files
    return (rows if la_code is None else rows.filter(la_code=la_code)).unique(maintain_order=True).collect()


def add_to_lookups(folder: DataFolder, pseudonyms: Pseudonyms) -> None:
    """Adds the persons and workers of an authority to the lookups, readable by their owner only.

    They go to a file of the authority until `merge_lookups`: writing the whole lookup for each authority of a run
    would take time with the square of their number.
    """
    make_private_folder(folder.private)
    for kind in KINDS:
        known = pseudonyms.known(kind)
        added = known.join(read_lookup(folder, kind, pseudonyms.la_code), on=known.columns, how="anti")
        if not added.is_empty():
            file = _addition(folder, kind, pseudonyms.la_code)
            _write_lookup(file, pl.concat([*([pl.read_parquet(file)] if file.exists() else []), added]))


def merge_lookups(folder: DataFolder) -> None:
    """Moves what was added to the lookups into `<kind>_lookup.parquet`, also what a killed run had added."""
    for kind in KINDS:
        if _additions(folder, kind):
            _replace_lookup(folder, kind, read_lookup(folder, kind))


def keep_in_lookup(folder: DataFolder, kind: Kind, hashes: pl.Series) -> int:
    """Removes every entry whose hash is not among these. Returns how many were removed."""
    lookup = read_lookup(folder, kind)
    kept = lookup.filter(pl.col(LOOKUP_COLUMNS[kind][0]).is_in(hashes.implode()))
    if kept.height < lookup.height:
        _replace_lookup(folder, kind, kept)
    return lookup.height - kept.height


def _replace_lookup(folder: DataFolder, kind: Kind, rows: pl.DataFrame) -> None:
    """Writes all entries into one file."""
    _write_lookup(lookup_file(folder, kind), rows)
    for file in _additions(folder, kind):
        file.unlink()


def _addition(folder: DataFolder, kind: Kind, la_code: str) -> Path:
    return folder.private / f"{kind}_lookup_{la_code}.parquet"


def _additions(folder: DataFolder, kind: Kind) -> list[Path]:
    return sorted(folder.private.glob(f"{kind}_lookup_*.parquet"))


def _lookup_schema(kind: Kind) -> pl.Schema:
    return pl.Schema(dict.fromkeys(("la_code", *LOOKUP_COLUMNS[kind]), pl.String()))


def _write_lookup(file: Path, rows: pl.DataFrame) -> None:
    column, id_column = rows.columns[1:]
    with replaced_when_written(file) as unfinished:
        rows.sort("la_code", id_column, column).write_parquet(unfinished)
