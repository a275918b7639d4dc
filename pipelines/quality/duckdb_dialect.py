"""The one change that Great Expectations needs to read DuckDB.

It closes a connection before it reads a result that was fetched over it, unless the dialect is on its list of
those that need theirs kept. DuckDB invalidates the result with the connection, and GX then reports
`IndexError` or `No open result set` as a failed expectation. Adding DuckDB to that list keeps the connection
open. Tests hold that a broken expectation comes back as failed with a count, and a missing column as errored,
so that an upgrade of GX which changes this is noticed; and that GX 1.24 still needs it.
"""

from enum import StrEnum


class _Dialect(StrEnum):
    DUCKDB = "duckdb"


def keep_connections() -> None:
    """Makes Great Expectations keep its connection to DuckDB open while it reads a result."""
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine  # noqa: PLC0415

    kept = engine._PERSISTED_CONNECTION_DIALECTS
    if _Dialect.DUCKDB not in kept:
        engine._PERSISTED_CONNECTION_DIALECTS = (*kept, _Dialect.DUCKDB)  # type: ignore[assignment]
