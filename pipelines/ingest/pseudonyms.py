"""Keyed hashes in place of the ids of persons and workers, the key, and the way back for those allowed.

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

from pipelines.contracts import Contract
from pipelines.errors import BadInputError, UsageError
from pipelines.settings import NEW_PSEUDONYM_KEY_VARIABLE, PSEUDONYM_KEY_VARIABLE, DataFolder
from pipelines.warehouse_file import make_private_folder, take_over_from_raw, write_for_owner, written_beside

Kind = Literal["person", "worker"]
KINDS: tuple[Kind, ...] = ("person", "worker")
SHORTEST_KEY = 16
HASH_LENGTH = 32
KEY_FILE = "pseudonym.key"
NEXT = "next-"
"""Folder of a key that is being changed to, named after its fingerprint, with the lookups that go with it."""
LOOKUP_COLUMNS: Mapping[Kind, tuple[str, str]] = {
    "person": ("child_id", "person_id"),
    "worker": ("worker_id", "professional_id"),
}
"""Hash and id, in the lookup of each kind."""


def pseudonym_key(folder: DataFolder, connection: duckdb.DuckDBPyConnection) -> bytes:
    """The key by which the working file's ids are hashed: `WAREHOUSE_PSEUDONYM_KEY`, else the key file.

    A key file is made where nothing has been hashed yet. Raises UsageError when the variable's key is too short;
    BadInputError when the file is too short, others than its owner can read it, or the key is not the one by which
    the working file was filled: the same child would bear two names.
    """
    held = _fingerprint_held(connection)
    settle_change(folder, held)
    key = _given_key() or _key_of_file(folder, may_make=held is None and _lookup_agrees(folder, None))
    if held is None and _lookup_agrees(folder, key):
        hold_fingerprint(connection, key)
    elif held != fingerprint(key):
        raise BadInputError(_not_the_key(folder))
    return key


def fingerprint(key: bytes) -> str:
    """Tells one key from another and gives none away: 16 hexadecimal characters."""
    return hmac.digest(key, b"fingerprint", "sha256").hex()[:16]


def hold_fingerprint(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Writes down in the working file by which key its ids are hashed."""
    connection.execute("create schema if not exists pipeline")
    connection.execute(
        "create or replace table pipeline.pseudonym_key as select ? as fingerprint", [fingerprint(key)]
    )


def new_key(folder: DataFolder) -> bytes:
    """A key to change to: a fresh one, or where keys come by the environment, `WAREHOUSE_PSEUDONYM_KEY_NEW`.

    Raises UsageError where that variable is missing, too short, or the key in use.
    """
    if not os.environ.get(PSEUDONYM_KEY_VARIABLE):
        return secrets.token_hex(32).encode()
    given = _key_of_variable(NEW_PSEUDONYM_KEY_VARIABLE)
    if given is None or given == _given_key():
        raise UsageError(
            f"the key comes by {PSEUDONYM_KEY_VARIABLE}: give another by {NEW_PSEUDONYM_KEY_VARIABLE}"
        )
    return given


def stage_change(folder: DataFolder, key: bytes, lookups: Mapping[Kind, pl.DataFrame]) -> None:
    """Puts a key and its lookups aside until the working file bears its fingerprint."""
    place = make_private_folder(make_private_folder(folder.private) / f"{NEXT}{fingerprint(key)}")
    if not os.environ.get(PSEUDONYM_KEY_VARIABLE):
        write_for_owner(place / KEY_FILE, key)
    for kind, rows in lookups.items():
        _write_lookup(lookup_file(folder, kind, place), rows)


def settle_change(folder: DataFolder, held: str | None) -> None:
    """Ends a change of keys that was cut short: forward where the working file has changed, else back."""
    for place in folder.private.glob(f"{NEXT}*"):
        if place.name == f"{NEXT}{held}":
            for file in place.iterdir():
                file.replace(folder.private / file.name)
        shutil.rmtree(place)


def _fingerprint_held(connection: duckdb.DuckDBPyConnection) -> str | None:
    take_over_from_raw(connection, "pipeline", ["pseudonym_key"])
    known = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'pipeline' and table_name = 'pseudonym_key'"
    ).fetchone()
    found = connection.execute("select fingerprint from pipeline.pseudonym_key").fetchone() if known else None
    return str(found[0]) if found else None


def _lookup_agrees(folder: DataFolder, key: bytes | None) -> bool:
    """Whether the key gives the hashes of the lookup: for working files from before fingerprints were kept."""
    held = read_lookup(folder, "person").head(1).rows()
    return all(
        key is not None and Pseudonyms(key, la_code).hash_of("person", person_id) == child_id
        for la_code, child_id, person_id in held
    )


def _given_key() -> bytes | None:
    return _key_of_variable(PSEUDONYM_KEY_VARIABLE)


def _key_of_variable(name: str) -> bytes | None:
    given = os.environ.get(name)
    if given and len(given) < SHORTEST_KEY:
        raise UsageError(f"{name} must have at least {SHORTEST_KEY} characters")
    return given.encode() if given else None


def _key_of_file(folder: DataFolder, may_make: bool) -> bytes:
    file = make_private_folder(folder.private) / KEY_FILE
    if not file.exists():
        if not may_make:
            raise BadInputError(_not_the_key(folder))
        write_for_owner(file, secrets.token_hex(32).encode())
    if file.stat().st_mode & 0o077:
        raise BadInputError(f"others can read the pseudonym key {file}: make it readable by its owner only")
    key = file.read_bytes().strip()
    if len(key) < SHORTEST_KEY:
        raise BadInputError(f"the pseudonym key {file} has fewer than {SHORTEST_KEY} characters")
    return key


def _not_the_key(folder: DataFolder) -> str:
    return (
        f"the ids in {folder.database} were hashed with another key than the one given: bring back "
        f"{PSEUDONYM_KEY_VARIABLE} or {folder.private / KEY_FILE}; keys are changed by warehouse rekey only"
    )


class Pseudonyms:
    """Hashes of one authority's ids; each id is hashed once, however often and wherever it occurs."""

    def __init__(self, key: bytes, la_code: str) -> None:
        self._key = key
        self._la_code = la_code
        self._known: dict[Kind, dict[str, str]] = {"person": {}, "worker": {}}

    def hashed(self, ids: pl.Series, kind: Kind) -> pl.Series:
        """The ids' hashes: 32 lower-case hexadecimal characters; null stays null."""
        known = self._known[kind]
        distinct = ids.unique().drop_nulls()
        hashes = []
        for one in distinct.to_list():
            if one not in known:
                known[one] = self.hash_of(kind, one)
            hashes.append(known[one])
        return ids.replace_strict(distinct, pl.Series(hashes, dtype=pl.String), default=None)

    def hash_of(self, kind: Kind, one: str) -> str:
        """The hash of one id."""
        return hmac.digest(self._key, f"{kind}:{self._la_code}:{one}".encode(), "sha256").hex()[:HASH_LENGTH]

    def without_ids(self, one: Contract, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the ids of persons and workers replaced."""
        return rows.with_columns(
            self.hashed(rows[column.name], "person" if column.privacy == "person" else "worker").alias(column.name)
            for column in one.loaded_columns
            if column.privacy in ("person", "worker")
        )

    def known(self, kind: Kind) -> pl.DataFrame:
        """The way back: la_code, hash and id of every person or worker hashed so far."""
        column, id_column = LOOKUP_COLUMNS[kind]
        known = self._known[kind]
        return pl.DataFrame(
            {"la_code": [self._la_code] * len(known), column: list(known.values()), id_column: list(known.keys())},
            schema=_lookup_schema(kind),
        )


def lookup_file(folder: DataFolder, kind: Kind, place: Path | None = None) -> Path:
    """Where the lookup of persons or of workers is."""
    return (place or folder.private) / f"{kind}_lookup.parquet"


def read_lookup(folder: DataFolder, kind: Kind) -> pl.DataFrame:
    """The lookup; without rows where nothing was hashed yet."""
    file = lookup_file(folder, kind)
    return pl.read_parquet(file) if file.exists() else pl.DataFrame(schema=_lookup_schema(kind))


def add_to_lookups(folder: DataFolder, pseudonyms: Pseudonyms) -> None:
    """Adds persons and workers to `<kind>_lookup.parquet`, which only its owner can read, beside the key."""
    make_private_folder(folder.private)
    for kind in KINDS:
        held = read_lookup(folder, kind)
        merged = pl.concat([held, pseudonyms.known(kind)]).unique()
        if merged.height > held.height:
            _write_lookup(lookup_file(folder, kind), merged)


def keep_in_lookup(folder: DataFolder, kind: Kind, hashes: pl.Series) -> int:
    """Takes everybody out of a lookup whose hash is not among these; gives how many left."""
    held = read_lookup(folder, kind)
    kept = held.filter(pl.col(LOOKUP_COLUMNS[kind][0]).is_in(hashes.implode()))
    if kept.height < held.height:
        _write_lookup(lookup_file(folder, kind), kept)
    return held.height - kept.height


def _lookup_schema(kind: Kind) -> pl.Schema:
    return pl.Schema(dict.fromkeys(("la_code", *LOOKUP_COLUMNS[kind]), pl.String()))


def _write_lookup(file: Path, rows: pl.DataFrame) -> None:
    column, id_column = rows.columns[1:]
    with written_beside(file) as beside:
        rows.sort("la_code", id_column, column).write_parquet(beside)
