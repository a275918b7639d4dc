"""The statements of a month as dbt compiled them, run without dbt while the project stays the same.

Each model is a transaction, as in dbt: what is not committed yet, DuckDB holds in memory. dbt builds the month
whenever it could find something else than these statements do: another project, tables of another shape, a test or
a statement that fails. It then also builds again what was committed by then: tests run as early as they can.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import duckdb

from pipelines.settings import DataFolder
from pipelines.storage import storage_fault
from pipelines.transform.node_result import NodeResult
from pipelines.warehouse_file import transaction

_SETTINGS = {
    # small tables wait in the log for each other: to write the tables costs the file's metadata each time
    "checkpoint_threshold": "16MB",
}


@dataclass(frozen=True)
class NodeStatements:
    """What a model or test runs. A test counts the rows that fail. `relation`: the table or view of a model."""

    name: str
    resource_type: str
    sql: str
    relation: str = ""


@dataclass(frozen=True)
class Statements:
    """What a month runs, in order, with the settings of DuckDB."""

    settings: Mapping[str, object]
    nodes: Sequence[NodeStatements]


class _LeftToDbtError(Exception):
    """Says why the statements did not make the month."""


def as_text(statements: Statements, shape: str) -> str:
    """The statements for working files of one shape, to keep in the working file."""
    return json.dumps({"shape": shape, **asdict(statements)})


def run(folder: DataFolder, connection: duckdb.DuckDBPyConnection, kept: str) -> list[NodeResult] | None:
    """Runs the statements of the month. None where dbt has to build it, also after some of them.

    `kept` is the text of `as_text`.
    """
    stored = json.loads(kept)
    if stored["shape"] != shape(connection):
        return None
    for name, value in (stored["settings"] | _SETTINGS).items():
        connection.execute(f"set {name} = '{value}'")
    try:
        return [_result(connection, NodeStatements(**node)) for node in stored["nodes"]]
    except (duckdb.Error, _LeftToDbtError) as reason:
        fault = storage_fault(reason, folder)
        if fault is not None:
            raise fault from reason
        # what DuckDB says may quote a value
        why = reason if isinstance(reason, _LeftToDbtError) else type(reason).__name__
        print(f"dbt builds the month, because the stored statements did not: {why}")
        return None


def shape(connection: duckdb.DuckDBPyConnection) -> str:
    """Hex SHA-256 over the columns of every table and view of the working file, with their types."""
    columns = connection.execute(
        "select schema_name, table_name, column_index, column_name, data_type from duckdb_columns()"
        " where database_name = current_database() order by all"
    ).fetchall()
    return hashlib.sha256(repr(columns).encode()).hexdigest()


def _result(connection: duckdb.DuckDBPyConnection, node: NodeStatements) -> NodeResult:
    began = time.perf_counter()
    if node.resource_type == "test":
        status, failures = "pass", (connection.execute(node.sql).fetchone() or (0,))[0]
        if failures:
            raise _LeftToDbtError(f"{node.name} failed with {failures} rows")
    else:
        status = "success"
        with transaction(connection):
            columns = _columns(connection, node)
            connection.execute(node.sql)
            if _columns(connection, node) != columns:
                raise _LeftToDbtError(f"the columns of {node.name} changed")
    return NodeResult(node.name, node.resource_type, status, time.perf_counter() - began, 0, "")


def _columns(connection: duckdb.DuckDBPyConnection, node: NodeStatements) -> list[tuple[str, str]]:
    """Name and type of each column of a model."""
    return [row[:2] for row in connection.execute(f"describe {node.relation}").fetchall()]
