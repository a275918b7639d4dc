"""What a rejected row keeps in `raw.rejected_rows`: enough to find it in its file and to see the fault.

Every id is hashed, also that of a plan or an episode: with an id of the case system beside what the facts know of
the same record, the pseudonym would lead to the child. A column of names, free text, days of birth or death, or
one that the contract does not know, is dropped. The archive has the row as it was.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache

import duckdb
import polars as pl

from pipelines.contracts import Contract, ContractColumn, code_sets, contracts
from pipelines.ingest.drop_results import Reject
from pipelines.ingest.pseudonyms import Kind, Pseudonyms, add_to_lookups
from pipelines.ingest.row_checks import matches
from pipelines.ingest.values import NO_ID, fits, shape
from pipelines.settings import DataFolder
from pipelines.warehouse_file import transaction

HASHED = "ids are hashed"
"""The comment on `raw.rejected_rows` when no row of it is older than this module."""
_KINDS: Mapping[str, Kind] = {"person": "person", "worker": "worker"}
_DROPPED_TYPES = ("text", "json")
_LIKE_A_DAY = re.compile(r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}([ T][0-9:.]{1,18})?")
_LIKE_A_NUMBER = re.compile(r"[+-]?[0-9.,]{1,6}")


def without_ids_and_persons(contract: Contract, rejected: pl.DataFrame, pseudonyms: Pseudonyms) -> pl.DataFrame:
    """The rejected rows of a file (`row_checks.REJECTED`), with what `raw_row` may keep."""
    return rejected.with_columns(
        pl.Series(
            "raw_row",
            [
                _kept(contract, rule, json.loads(row), pseudonyms)
                for rule, row in rejected.select("rule", "raw_row").iter_rows()
            ],
            dtype=pl.String,
        )
    )


def hash_stored_rows(folder: DataFolder, connection: duckdb.DuckDBPyConnection, key: bytes) -> int:
    """Does the same to rows that an earlier version stored as delivered. Returns how many there were."""
    state = connection.execute(
        "select comment from duckdb_tables() where schema_name = 'raw' and table_name = 'rejected_rows'"
    ).fetchone()
    if state == (HASHED,):
        return 0
    stored = connection.execute(
        "select rowid as row_number, la_code, object, rule, raw_row from raw.rejected_rows"
    ).pl()
    changed = []
    for (la_code,), of_authority in stored.group_by("la_code"):
        pseudonyms = Pseudonyms(key, str(la_code))
        for (name,), rows in of_authority.group_by("object"):
            known = contracts().get(str(name))
            # rows of an object that has lost its contract keep nothing
            nothing = rows.with_columns(raw_row=pl.lit("{}"))
            changed.append(without_ids_and_persons(known, rows, pseudonyms) if known else nothing)
        add_to_lookups(folder, pseudonyms)
    with transaction(connection):
        if changed:
            connection.register("changed_rows", pl.concat(changed))
            connection.execute(
                "update raw.rejected_rows set raw_row = changed_rows.raw_row from changed_rows"
                " where rejected_rows.rowid = changed_rows.row_number"
            )
            connection.unregister("changed_rows")
        connection.execute(f"comment on table raw.rejected_rows is '{HASHED}'")
    return stored.height


def _kept(contract: Contract, rule: str, row: Mapping[str, str | None], pseudonyms: Pseudonyms) -> str:
    if rule == Reject.WRONG_NUMBER_OF_FIELDS.value:
        # a value may be under the header of another
        return json.dumps({"fields": len(row)})
    given = {header.strip().lower(): (value or "").strip() for header, value in row.items()}
    kept = {
        column.name: _shown(column, given[column.name], pseudonyms)
        for column in contract.loaded_columns
        if column.name in given and column.type not in _DROPPED_TYPES and not column.is_personal
    }
    return json.dumps(kept, ensure_ascii=False)


def _shown(column: ContractColumn, value: str, pseudonyms: Pseudonyms) -> str | None:
    """A value as a rejected row keeps it: an id hashed, a harmless value as it is, and of any other its shape."""
    if not value:
        return None
    if column.type == "id":
        return None if value == NO_ID else pseudonyms.hash_of(_KINDS.get(column.privacy, "record"), value)
    return value if _is_harmless(column.type, column.code_set, value) else shape(value)


@lru_cache(maxsize=100_000)
def _is_harmless(type_name: str, code_set: str | None, value: str) -> bool:
    """Whether a value is a code of its set, a date or number, or written like one: `31/02/2019`, `0,5`."""
    if type_name == "code":
        return code_set is not None and bool(matches(pl.Series([value]), code_sets()[code_set])[0])
    like = _LIKE_A_DAY if type_name == "date" else _LIKE_A_NUMBER
    return fits(value, type_name) or like.fullmatch(value) is not None
