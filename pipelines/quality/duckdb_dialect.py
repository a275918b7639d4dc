"""The one place that knows Great Expectations: it runs expectations inside DuckDB, on the working file.

GX closes a connection before it reads a result that was fetched over it, unless the dialect is on its list of
those that need theirs kept. DuckDB invalidates the result with the connection, and GX then reports
`IndexError` or `No open result set` as a failed expectation. Adding DuckDB to that list keeps it open. Tests
hold that a broken expectation comes back as failed with a count, and a missing column as errored, so that an
upgrade of GX which changes this is noticed.

Results are asked for without values: GX's default holds values of the rows that failed. What GX says about a
crash is cut to the part that speaks of SQL, for the rest of such a message may quote a value.

GX takes seconds to import: everything else of this room can be imported without it.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipelines.settings import NO_TELEMETRY, DataFolder

_VALUE_FREE = {"result_format": "BASIC", "partial_unexpected_count": 0}
_SPEAKS_OF_SQL = (
    re.compile(r"(?:Binder|Catalog|Parser) Error: [^\n]*"),
    re.compile(r'The column "[^"]*" in BatchData does not exist'),
)


class _Dialect(StrEnum):
    DUCKDB = "duckdb"


@dataclass(frozen=True)
class Asked:
    """An expectation to run, under the name by which its outcome is given back."""

    name: str
    type: str
    kwargs: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came back: `fault` is set where the expectation could not be judged.

    observed is a number or a date of the whole batch, else null.
    """

    success: bool
    observed: int | float | dt.date | None = None
    unexpected_count: int | None = None
    element_count: int | None = None
    fault: str | None = None


class Inspector:
    """Runs expectations on the result of a query. Reads only."""

    def __init__(self, database: str) -> None:
        os.environ.update(NO_TELEMETRY)
        import great_expectations as gx  # noqa: PLC0415
        from great_expectations.execution_engine import sqlalchemy_execution_engine as engine  # noqa: PLC0415

        kept = engine._PERSISTED_CONNECTION_DIALECTS
        if _Dialect.DUCKDB not in kept:
            engine._PERSISTED_CONNECTION_DIALECTS = (*kept, _Dialect.DUCKDB)  # type: ignore[assignment]
        self._gx = gx
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        self._source = context.data_sources.add_sql(
            "working_file", connection_string=f"duckdb:///{database}?access_mode=read_only"
        )
        self._batches = 0

    def fetch(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query over the connection that the expectations use."""
        with self._source.get_engine().connect() as connection:
            return [dict(row) for row in connection.exec_driver_sql(query).mappings()]

    def inspect(self, query: str, asked: list[Asked]) -> dict[str, Outcome]:
        """The outcome of each expectation on the rows of the query; a crash is an outcome too."""
        outcomes: dict[str, Outcome] = {}
        built = []
        for one in asked:
            try:
                built.append(self._build(one))
            except Exception as error:
                outcomes[one.name] = Outcome(False, fault=_unusable(one, error))
        if built:
            try:
                outcomes |= self._validate(query, built)
            except Exception as error:
                fault = readable_fault(error)
                outcomes |= {e.meta["check"]: Outcome(False, fault=fault) for e in built}
        lost = Outcome(False, fault="the check gave no result")
        return {one.name: outcomes.get(one.name, lost) for one in asked}

    def close(self) -> None:
        engine = self._source.get_execution_engine()
        engine.close()
        engine.engine.dispose()
        self._source.get_engine().dispose()

    def _build(self, asked: Asked) -> Any:
        from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415
            ExpectationConfiguration,
        )

        return ExpectationConfiguration(
            type=asked.type, kwargs=dict(asked.kwargs), meta={"check": asked.name}
        ).to_domain_obj()

    def _validate(self, query: str, built: list[Any]) -> dict[str, Outcome]:
        self._batches += 1
        name = f"batch_{self._batches}"
        asset = self._source.add_query_asset(name, query=query)
        batch = asset.add_batch_definition_whole_table(name).get_batch()
        suite = self._gx.ExpectationSuite(name=name, expectations=built)
        found = batch.validate(suite, result_format=_VALUE_FREE)
        return {
            config.meta["check"]: _outcome(result)
            for result in found.results
            if (config := result.expectation_config) and config.meta
        }


@contextmanager
def inspector(folder: DataFolder) -> Iterator[Inspector]:
    """An inspector of the working file, closed on leaving so that the next step can write."""
    opened = Inspector(str(folder.database))
    try:
        yield opened
    finally:
        opened.close()


def readable_fault(error: object) -> str:
    """A crash in words: what it says of the SQL; of anything else only its kind, for it may quote a value."""
    for pattern in _SPEAKS_OF_SQL:
        found = pattern.search(str(error))
        if found:
            return found[0].strip()
    return f"it raised {type(error).__name__}" if isinstance(error, Exception) else "it could not be computed"


def _unusable(asked: Asked, error: Exception) -> str:
    if type(error).__name__ == "ExpectationNotFoundError":
        return f"there is no expectation of type {asked.type}"
    return f"{asked.type} cannot be built from its arguments ({type(error).__name__})"


def _outcome(result: Any) -> Outcome:
    if _has_raised(result.exception_info):
        return Outcome(False, fault=readable_fault(result.exception_info))
    found = result.result
    if not found:
        return Outcome(False, fault="it gave no result")
    return Outcome(
        success=bool(result.success),
        observed=_value_free(found.get("observed_value")),
        unexpected_count=found.get("unexpected_count"),
        element_count=found.get("element_count"),
    )


def _has_raised(info: Mapping[str, Any] | None) -> bool:
    """GX gives one record, or one per metric that raised."""
    records = [info or {}, *(record for record in (info or {}).values() if isinstance(record, Mapping))]
    return any(record.get("raised_exception") for record in records)


def _value_free(observed: object) -> int | float | dt.date | None:
    """Numbers and dates only: text, such as the greatest id of a column, is a value of a row."""
    if isinstance(observed, dt.datetime):
        return observed.date()
    is_number = isinstance(observed, int | float) and not isinstance(observed, bool)
    return observed if is_number or isinstance(observed, dt.date) else None  # type: ignore[return-value]
