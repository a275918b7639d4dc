"""Runs the suites of a gate with Great Expectations: a checkpoint with a validation definition for each suite.

Each suite is run on a batch: the rows of its table for some authorities and a month, as a query asset on the
working file. Where the suite names the date of its events, the rows have a column `is_before_month_end` more,
for row conditions. A query of a suite is asked once, as the union of what it asks of each authority; any other
expectation is asked for each authority, with a row condition. What cannot be run for several authorities
together is run for each alone.

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

from pipelines.quality.comparisons import SCHEMA, UnknownPlaceholderError, of_authority
from pipelines.quality.duckdb_dialect import keep_connections
from pipelines.quality.suites import Json, Suite
from pipelines.settings import NO_TELEMETRY, DataFolder
from pipelines.warehouse_file import memory_limit

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


@dataclass(frozen=True)
class Asked:
    """What is asked of the rows of an authority: suites, with those checks that can be run, and parameters."""

    la_code: str
    suites: Sequence[Suite]
    parameters: Json


@dataclass(frozen=True)
class _Found:
    """An outcome of the authorities in the `la_codes` of an expectation's `meta`."""

    meta: Json
    outcome: Outcome


Queries = dict[str, dict[str, str]]
"""By check and authority."""


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
        self._number_of_checks = 0
        self.run(f"set memory_limit = '{memory_limit()}'")
        self.run(f"attach ':memory:' as {SCHEMA} (read_write)")

    def run(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query."""
        with self._connection.begin():
            result = self._connection.exec_driver_sql(query)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    def check(self, month_end: dt.date, asked: Sequence[Asked]) -> dict[str, dict[str, Outcome]]:
        """The outcome of every expectation, by authority and `suite/check`; a crash is an outcome too."""
        outcomes = self._check_together(month_end, asked)
        if len(asked) > 1:
            crashed = {
                name for by_check in outcomes.values() for name, outcome in by_check.items() if outcome.fault
            }
            for authority in asked if crashed else ():
                alone = [suite.with_checks(crashed) for suite in authority.suites]
                outcomes[authority.la_code] |= self._check_together(month_end, [replace(authority, suites=alone)])[
                    authority.la_code
                ]
        return outcomes

    def _check_together(self, month_end: dt.date, asked: Sequence[Asked]) -> dict[str, dict[str, Outcome]]:
        """One outcome for each authority and expectation. The same crash is the outcome of all authorities."""
        self._number_of_checks += 1
        suites = {suite.name: suite for authority in asked for suite in authority.suites if suite.checks}
        la_codes = [authority.la_code for authority in asked]
        assets = [_asset(suite, la_codes, month_end) for suite in suites.values()]
        source = self._source(f"rows for check {self._number_of_checks}", assets)
        self._sources.append(source)
        outcomes: dict[str, dict[str, Outcome]] = {la_code: {} for la_code in la_codes}
        parameters = {
            _parameter_of(name, authority.la_code): value
            for authority in asked
            for name, value in authority.parameters.items()
        }
        for suite in suites.values():
            content, queries = _pooled(suite, asked)
            loaded, faults = self._loaded(content)
            results = [*faults, *_lost(loaded, "the check gave no result")]
            if loaded.expectations:
                results += self._validated(source.get_asset(suite.name), loaded, parameters, queries)
            for each in results:
                for la_code in each.meta["la_codes"]:
                    outcomes[la_code][f"{suite.name}/{each.meta['name']}"] = each.outcome
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

    def _loaded(self, content: Json) -> tuple[Any, list[_Found]]:
        """The suite, and a fault for each expectation that cannot be built. The others stay in the suite.

        The suite itself would leave out some of these expectations with no more than a line in the log.
        """
        from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415
            ExpectationConfiguration,
        )

        sound, faults = [], []
        for expectation in content["expectations"]:
            try:
                sound.append(ExpectationConfiguration(**expectation).to_domain_obj())
            except Exception as error:
                fault = Outcome(False, {}, fault=_unusable(str(expectation.get("type")), error))
                faults.append(_Found(expectation["meta"], fault))
        return self._gx.ExpectationSuite(**{**content, "expectations": sound}), faults

    def _validated(self, asset: Any, suite: Any, parameters: Json, queries: Queries) -> list[_Found]:
        """What the expectations of a suite find in the batch of an asset. A crash of GX is that of all of them."""
        try:
            batch = asset.get_batch_definition(_BATCH).get_batch()
            run = batch.validate(suite, result_format=_VALUE_FREE, expectation_parameters=dict(parameters))
        except Exception as error:
            return _lost(suite, readable_fault(error))
        return [outcome for result in run.results for outcome in self._found(result, asset.query, queries)]

    def _found(self, result: Any, batch: str, queries: Queries) -> list[_Found]:
        """What an expectation found: for a query, the rows of each authority are counted apart."""
        meta, outcome = result.expectation_config.meta, _outcome(result)
        if outcome.fault or outcome.success or meta["name"] not in queries:
            return [_Found(meta, outcome)]
        own = {la_code: query.format(batch=f"({batch})") for la_code, query in queries[meta["name"]].items()}
        try:
            counts = [self.run(f"select count(*) as row_count from (\n{query}\n)") for query in own.values()]
        except Exception as error:
            return [_Found(meta, Outcome(False, {}, fault=readable_fault(error)))]
        return [
            _Found(
                {"name": meta["name"], "la_codes": [la_code]},
                replace(
                    outcome,
                    success=not row["row_count"],
                    unexpected_count=row["row_count"],
                    findings=self._findings(query) if row["row_count"] else (),
                ),
            )
            for (la_code, query), (row,) in zip(own.items(), counts, strict=True)
        ]

    def _findings(self, query: str) -> tuple[str, ...]:
        """The column `finding` of the rows that a query found; nothing else of them is kept."""
        if "finding" not in query:
            return ()
        with suppress(Exception):  # the verdict does not need the words
            return tuple(str(row["finding"]) for row in self.run(query) if row.get("finding") is not None)
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


def _asset(suite: Suite, la_codes: Sequence[str], month_end: dt.date) -> Json:
    """The rows of the suite's table for authorities and a month, as an asset with one batch."""
    month, event_date = suite.meta.get("month_column", "extract_month"), suite.meta.get("event_date")
    more = f", {event_date} <= extract_month as is_before_month_end" if event_date else ""
    codes = ", ".join(f"'{la_code}'" for la_code in la_codes)
    return {
        "name": suite.name,
        "type": "query",
        "query": f"select *{more} from {suite.table} where la_code in ({codes}) and {month} = date '{month_end}'",
        "batch_definitions": [{"name": _BATCH}],
    }


def _pooled(suite: Suite, asked: Sequence[Asked]) -> tuple[Json, Queries]:
    """The suite as it is asked of several authorities: a query once, any other expectation for each of them.

    The `meta` of an expectation has the name of its check and its `la_codes`. GX copies it many times, so the
    query of each authority is returned apart.
    """
    has_check = {
        authority.la_code: {
            check.name
            for of_authority in authority.suites
            if of_authority.name == suite.name
            for check in of_authority.checks
        }
        for authority in asked
    }
    expectations = []
    queries: Queries = {}
    for check in suite.checks:
        la_codes = [la_code for la_code, names in has_check.items() if check.name in names]
        if check.query:
            own = queries[check.name] = {la_code: of_authority(check.query, la_code) for la_code in la_codes}
            union = "\nunion all\n".join(f"from (\n{query}\n)" for query in own.values())
            meta = {"name": check.name, "la_codes": la_codes}
            expectations.append({**check.expectation, "kwargs": {"unexpected_rows_query": union}, "meta": meta})
            continue
        for la_code in la_codes:
            meta = {"name": check.name, "la_codes": [la_code]}
            kwargs = _of_authority(check.kwargs, la_code, is_alone=len(asked) == 1)
            expectations.append({**check.expectation, "kwargs": kwargs, "meta": meta})
    return {**suite.content, "expectations": expectations}, queries


def _of_authority(kwargs: Json, la_code: str, is_alone: bool) -> Json:
    """The arguments of an expectation with the parameters of an authority and, in a batch of several, its rows."""
    own = {
        name: {"$PARAMETER": _parameter_of(value["$PARAMETER"], la_code)}
        if isinstance(value, Mapping) and "$PARAMETER" in value
        else value
        for name, value in kwargs.items()
    }
    if is_alone:
        return own
    rows = {"type": "comparison", "column": {"name": "la_code"}, "operator": "==", "parameter": la_code}
    condition = kwargs.get("row_condition")
    return own | {"row_condition": {"type": "and", "conditions": [rows, condition]} if condition else rows}


def _parameter_of(name: str, la_code: str) -> str:
    return f"{name}_of_{la_code}"


def _lost(suite: Any, fault: str) -> list[_Found]:
    outcome = Outcome(False, {}, fault=fault)
    return [_Found(expectation.meta, outcome) for expectation in suite.expectations]


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
