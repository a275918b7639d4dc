"""Keyed hashes in place of the ids of persons and workers, the key, and the way back for those allowed.

Belongs here: everything that sees both an id and its hash. Does not belong here: which columns are hashed
(`pipelines.contracts`).
"""

import hmac
import os
import secrets
from typing import Literal

import polars as pl

from pipelines.contracts import Contract
from pipelines.errors import BadInputError, UsageError
from pipelines.settings import PSEUDONYM_KEY_VARIABLE, DataFolder
from pipelines.warehouse_file import OWNER_ONLY_FILE, make_private_folder, write_for_owner

Kind = Literal["person", "worker"]
SHORTEST_KEY = 16
HASH_LENGTH = 32
_LOOKUP = pl.Schema({"la_code": pl.String, "child_id": pl.String, "person_id": pl.String})


def pseudonym_key(folder: DataFolder) -> bytes:
    """The key: `WAREHOUSE_PSEUDONYM_KEY`, else the key file, which is made where there is none.

    Raises UsageError when the variable's key is too short, BadInputError when the file is too short or others
    than its owner can read it.
    """
    given = os.environ.get(PSEUDONYM_KEY_VARIABLE)
    if given:
        if len(given) < SHORTEST_KEY:
            raise UsageError(f"{PSEUDONYM_KEY_VARIABLE} must have at least {SHORTEST_KEY} characters")
        return given.encode()
    file = make_private_folder(folder.private) / "pseudonym.key"
    if not file.exists():
        write_for_owner(file, secrets.token_hex(32).encode())
    if file.stat().st_mode & 0o077:
        raise BadInputError(f"others can read the pseudonym key {file}: make it readable by its owner only")
    key = file.read_bytes().strip()
    if len(key) < SHORTEST_KEY:
        raise BadInputError(f"the pseudonym key {file} has fewer than {SHORTEST_KEY} characters")
    return key


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
                known[one] = self._hash(kind, one)
            hashes.append(known[one])
        return ids.replace_strict(distinct, pl.Series(hashes, dtype=pl.String), default=None)

    def _hash(self, kind: Kind, one: str) -> str:
        return hmac.digest(self._key, f"{kind}:{self._la_code}:{one}".encode(), "sha256").hex()[:HASH_LENGTH]

    def without_ids(self, one: Contract, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the ids of persons and workers replaced."""
        return rows.with_columns(
            self.hashed(rows[column.name], "person" if column.privacy == "person" else "worker").alias(column.name)
            for column in one.loaded_columns
            if column.privacy in ("person", "worker")
        )

    @property
    def persons(self) -> pl.DataFrame:
        """The way back: la_code, child_id and person_id of every person hashed so far."""
        known = self._known["person"]
        return pl.DataFrame(
            {"child_id": known.values(), "person_id": known.keys()}, schema_overrides=_LOOKUP
        ).select(pl.lit(self._la_code).alias("la_code"), "child_id", "person_id")


def add_to_lookup(folder: DataFolder, persons: pl.DataFrame) -> None:
    """Adds persons to `person_lookup.parquet`, which only its owner can read, beside the key."""
    file = make_private_folder(folder.private) / "person_lookup.parquet"
    held = pl.read_parquet(file) if file.exists() else pl.DataFrame(schema=_LOOKUP)
    merged = pl.concat([held, persons]).unique().sort("la_code", "person_id", "child_id")
    if merged.height > held.height:
        beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        beside.touch(mode=OWNER_ONLY_FILE)
        merged.write_parquet(beside)
        beside.replace(file)
