"""Runs the suites of a gate with Great Expectations: a checkpoint with a validation definition for each suite.

Each suite is run on a batch: the rows of its table for one authority and month, as a query asset on the
working file. Where the suite names the date of its events, the rows have a column `is_before_month_end` more,
for row conditions.

Results are asked for without values (`BASIC`, no unexpected values). Of the rows that a query of a suite
finds, only the column `finding` is kept, which the query itself writes from counts and names of codes. What
GX says about a crash is cut to the part about the SQL, for the rest of such a message may quote a value.

Belongs here: everything of Great Expectations but the change for DuckDB (`duckdb_dialect`). Does not belong
here: verdicts. GX takes seconds to import: it is imported when a gate runs.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from pipelines.quality.comparisons import SCHEMA, UnknownPlaceholderError
from pipelines.quality.duckdb_dialect import keep_connections
from pipelines.quality.suites import Json, Suite
from pipelines.settings import NO_TELEMETRY, DataFolder

_BATCH = "authority and month"
_VALUE_FREE = {"result_format": "BASIC", "partial_unexpected_count": 0}
_SPEAKS_OF_SQL = (
    re.compile(r"(?:Binder|Catalog|Parser) Error: [^\n]*"),
    re.compile(r'The column "[^"]*" in BatchData does not exist'),
)


@dataclass(frozen=True)
class Outcome:
    """The result of an expectation. `fault` says why it could not be judged.

    kwargs: its arguments with the parameters filled in. observed: a number or a date of the whole batch, else
    null. findings: what the query of the suite says about the rows that it found.
    """

    success: bool
    kwargs: Json
    observed: int | float | dt.date | None = None
    unexpected_count: int | None = None
    element_count: int | None = None
    findings: tuple[str, ...] = ()
    fault: str | None = None


class Gate:
    """The working file as Great Expectations reads it, with the tables that a month is compared with."""

    def __init__(self, database: str) -> None:
        os.environ.update(NO_TELEMETRY)
        import great_expectations as gx  # noqa: PLC0415

        keep_connections()
        self._gx = gx
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        self._address = f"duckdb:///{database}?access_mode=read_only"
        self._sources = [self._source("comparisons", [])]
        self._connection = self._sources[0].get_engine().connect()
        self.run(f"attach ':memory:' as {SCHEMA} (read_write)")

    def run(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query."""
        with self._connection.begin():
            result = self._connection.exec_driver_sql(query)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    def check(
        self, la_code: str, month_end: dt.date, suites: Sequence[Suite], parameters: Json
    ) -> dict[str, Outcome]:
        """The outcome of every expectation on an authority's rows, by `suite/check`; a crash is an outcome too."""
        source = self._source(f"drop of {la_code}", [_asset(suite, la_code, month_end) for suite in suites])
        self._sources.append(source)
        outcomes: dict[str, Outcome] = {}
        definitions = []
        for suite in suites:
            loaded, faults = self._loaded(suite.content)
            outcomes |= {f"{suite.name}/{name}": Outcome(False, {}, fault=fault) for name, fault in faults.items()}
            if loaded.expectations:
                batch = source.get_asset(suite.name).get_batch_definition(_BATCH)
                kept = self._context.suites.add_or_update(loaded)
                name = f"{suite.name} of {la_code}"
                definition = self._gx.ValidationDefinition(name=name, data=batch, suite=kept)
                definitions.append(self._context.validation_definitions.add(definition))
        if definitions:
            outcomes |= self._outcomes(f"gate of {la_code}", definitions, parameters)
        return outcomes

    def close(self) -> None:
        """Closes every connection to the working file."""
        self._connection.close()
        for source in self._sources:
            engine = source.get_execution_engine()
            engine.close()
            engine.engine.dispose()
            source.get_engine().dispose()

    def _source(self, name: str, assets: list[Json]) -> Any:
        """The working file as a data source, with all its assets: adding one later would write down all again."""
        return self._context.data_sources.add_sql(  # type: ignore[call-arg]
            name=name, connection_string=self._address, assets=assets
        )

    def _loaded(self, content: Json) -> tuple[Any, dict[str, str]]:
        """The suite, and faults by check where an expectation cannot be built. The others stay in the suite.

        The suite itself would leave out some of these expectations with no more than a line in the log.
        """
        from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415
            ExpectationConfiguration,
        )

        sound, faults = [], {}
        for expectation in content["expectations"]:
            try:
                sound.append(ExpectationConfiguration(**expectation).to_domain_obj())
            except Exception as error:
                faults[expectation["meta"]["name"]] = _unusable(str(expectation.get("type")), error)
        return self._gx.ExpectationSuite(**{**content, "expectations": sound}), faults

    def _outcomes(self, name: str, definitions: list[Any], parameters: Json) -> dict[str, Outcome]:
        """What the checkpoint finds. A crash in one suite stops the whole checkpoint: then each runs alone."""
        checkpoint = self._gx.Checkpoint(name=name, validation_definitions=definitions, result_format=_VALUE_FREE)
        try:
            run = self._context.checkpoints.add(checkpoint).run(expectation_parameters=dict(parameters))
        except Exception as error:
            if len(definitions) > 1:
                alone = [self._outcomes(f"{name}, {single.name}", [single], parameters) for single in definitions]
                return {check: outcome for outcomes in alone for check, outcome in outcomes.items()}
            return _lost(definitions[0].suite, readable_fault(error))
        definition_of = {definition.suite.name: definition for definition in definitions}
        outcomes: dict[str, Outcome] = {}
        for results in run.run_results.values():
            definition = definition_of[results.suite_name]
            outcomes |= _lost(definition.suite, "the check gave no result")
            for result in results.results:
                check = result.expectation_config.meta["name"]  # type: ignore[union-attr]
                outcomes[f"{results.suite_name}/{check}"] = replace(
                    _outcome(result), findings=self._findings(result, definition.asset.query)
                )
        return outcomes

    def _findings(self, result: Any, batch: str) -> tuple[str, ...]:
        """The column `finding` of the rows that a query found; nothing else of them is kept."""
        query = result.expectation_config.kwargs.get("unexpected_rows_query", "")
        if result.success or "finding" not in query:
            return ()
        with suppress(Exception):  # the verdict does not need the words
            rows = self.run(query.format(batch=f"({batch})"))
            return tuple(str(row["finding"]) for row in rows if row.get("finding") is not None)
        return ()


@contextmanager
def opened_gate(folder: DataFolder) -> Iterator[Gate]:
    """The gate on the working file, closed on leaving so that the next step can write."""
    gate = Gate(str(folder.database))
    try:
        yield gate
    finally:
        gate.close()


def readable_fault(error: object) -> str:
    """A crash in words: the message if it is about the SQL, else only the type, as a message may quote a value."""
    if isinstance(error, UnknownPlaceholderError):
        return str(error)
    for pattern in _SPEAKS_OF_SQL:
        match = pattern.search(str(error))
        if match:
            return match[0].strip()
    return f"it raised {type(error).__name__}" if isinstance(error, Exception) else "it could not be computed"


def _unusable(expectation_type: str, error: Exception) -> str:
    if type(error).__name__ == "ExpectationNotFoundError":
        return f"there is no expectation of type {expectation_type}"
    return f"{expectation_type} cannot be built from its arguments ({type(error).__name__})"


def _asset(suite: Suite, la_code: str, month_end: dt.date) -> Json:
    """The rows of the suite's table for an authority and month, as an asset with one batch."""
    month, event_date = suite.meta.get("month_column", "extract_month"), suite.meta.get("event_date")
    more = f", {event_date} <= extract_month as is_before_month_end" if event_date else ""
    return {
        "name": suite.name,
        "type": "query",
        "query": f"select *{more} from {suite.table} where la_code = '{la_code}' and {month} = date '{month_end}'",
        "batch_definitions": [{"name": _BATCH}],
    }


def _lost(suite: Any, fault: str) -> dict[str, Outcome]:
    names = [expectation.meta["name"] for expectation in suite.expectations]
    return {f"{suite.name}/{name}": Outcome(False, {}, fault=fault) for name in names}


def _outcome(result: Any) -> Outcome:
    config, values = result.expectation_config, result.result
    if _has_raised(result.exception_info):
        return Outcome(False, config.kwargs, fault=readable_fault(result.exception_info))
    if not values:
        return Outcome(False, config.kwargs, fault="it gave no result")
    has_query = "unexpected_rows_query" in config.kwargs
    return Outcome(
        success=bool(result.success),
        kwargs=config.kwargs,
        observed=None if has_query else _value_free(values.get("observed_value")),
        unexpected_count=values.get("observed_value" if has_query else "unexpected_count"),
        element_count=values.get("element_count"),
    )


def _has_raised(info: Mapping[str, Any] | None) -> bool:
    """GX gives one record, or one per metric that raised."""
    records = [info or {}, *(record for record in (info or {}).values() if isinstance(record, Mapping))]
    return any(record.get("raised_exception") for record in records)


def _value_free(observed: object) -> int | float | dt.date | None:
    """Keeps numbers and dates only. Text may be a value of a row, for example the greatest id of a column."""
    if isinstance(observed, dt.datetime):
        return observed.date()
    is_number = isinstance(observed, int | float) and not isinstance(observed, bool)
    return observed if is_number or isinstance(observed, dt.date) else None  # type: ignore[return-value]
