"""What a month is compared with: the one step before a gate that computes tables and parameters for an authority.

`expectations/<stage>/comparisons/<name>.sql` becomes the table `compared.<name>`, in memory next to the
working file. So does `expectations/<stage>/parameters/<name>.sql`, and each of its columns becomes a
parameter of the suites: `<object>_<column>` for the row of an object. A query may read other tables of
`compared`. Each authority has its own tables, in a schema of `compared`.

Placeholders: `{la_code}`, `{extract_month}`, `{last_month_end}`, `{last_extract_day}`,
`{last_but_one_extract_day}`, `{codes_read}`. A query with one of `{table}`, `{object}`, `{rows}`, `{event_date}`,
`{team}`, `{code_columns}`, `{code_sets}`, `{same_record}`, `{changed_counts}`, `{fixed_columns}` and `{was_over}`
runs once for each suite that needs it.

Belongs here: filling the queries and running those that the suites need, in order. Does not belong here: what
they compute (`expectations/`), Great Expectations.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import takewhile
from typing import Any

from pipelines.calendar import Month
from pipelines.contracts import Contract, contracts
from pipelines.quality.suites import Check, Suite
from pipelines.settings import EXPECTATIONS

SCHEMA = "compared"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COMPARED = re.compile(rf"\b{SCHEMA}\.(\w+)")
_OF_A_SUITE = {
    *("table", "object", "rows", "event_date", "team", "code_columns", "code_sets"),
    *("same_record", "changed_counts", "fixed_columns", "was_over"),
}

Run = Callable[[str], list[dict[str, Any]]]


@dataclass(frozen=True)
class Query:
    """A query of a stage. is_parameters: its columns become parameters of the suites."""

    name: str
    sql: str
    is_parameters: bool

    @property
    def words(self) -> str:
        """What it computes, in words: its first comment."""
        lines = self.sql.splitlines()
        return "\n".join(
            line.removeprefix("--").strip() for line in takewhile(lambda line: line[:2] == "--", lines)
        )

    @property
    def reads(self) -> set[str]:
        """The tables of `compared` that it reads."""
        return set(_COMPARED.findall(self.sql))

    @property
    def is_per_suite(self) -> bool:
        return not _OF_A_SUITE.isdisjoint(_PLACEHOLDER.findall(self.sql))


@dataclass
class Compared:
    """What the queries computed for one authority.

    parameters: those of the suites. empty: what there is too little of to judge by, among what the checks name in
    `judged`. faults: why a table could not be computed, by table and suite (null: for all suites).
    """

    parameters: dict[str, Any] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    faults: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def can_judge(self, check: Check) -> bool:
        """False where there is too little to judge by: every limit is null, or there is nothing to compare."""
        if check.limits:
            return any(self.parameters[name] is not None for name in check.limits)
        return check.judged not in self.empty

    def fault(self, suite: Suite, check: Check) -> str | None:
        """Why a check cannot be run: a table that it reads or a parameter that it needs is missing."""
        missing = [name for name in check.parameters if name not in self.parameters]
        for (table, of_suite), fault in self.faults.items():
            if of_suite in {None, suite.name} and (missing or table in tables_read(check)):
                return fault
        return f"there is no parameter {missing[0]}" if missing else None


def queries(stage: str) -> dict[str, Query]:
    """The queries of a stage by name."""
    return {
        path.stem: Query(path.stem, path.read_text(encoding="utf-8"), folder == "parameters")
        for folder in ("comparisons", "parameters")
        for path in sorted((EXPECTATIONS / stage / folder).glob("*.sql"))
    }


def tables_read(check: Check) -> set[str]:
    """The tables of `compared` that a check reads."""
    return set(_COMPARED.findall(f"{check.query} {check.judged or ''}"))


def of_authority(sql: str, la_code: str) -> str:
    """SQL of a comparison or a check that reads the tables of an authority, and its rows of a batch of several."""
    own = _COMPARED.sub(rf"{_schema(la_code)}.\1", sql)
    return own.replace("{batch}", f"(from {{batch}} where la_code = '{la_code}')")


def _schema(la_code: str) -> str:
    return f"{SCHEMA}.la_{la_code}"


def compute_comparisons(
    run: Run, readable: Callable[[Exception], str], suites: Sequence[Suite], month: Month, la_code: str
) -> Compared:
    """Computes the tables and parameters that the suites need. A query that fails is a fault and never raises."""
    compared = Compared()
    run(f"create schema if not exists {_schema(la_code)}")
    for query in _needed(suites):
        sql = {suite.name if suite else None: (query.sql, suite) for suite in _runs_for(query, suites)}
        filled: dict[str | None, str] = {}
        for of_suite, (text, suite) in sql.items():
            try:
                filled[of_suite] = of_authority(_filled(text, _values(month, la_code, suite)), la_code)
            except UnknownPlaceholderError as error:
                compared.faults[query.name, of_suite] = str(error)
        table = f"{_schema(la_code)}.{query.name}"
        compared.faults |= {
            (query.name, of_suite): readable(error) for of_suite, error in _create(run, table, filled).items()
        }
        if query.is_parameters and any((query.name, of_suite) not in compared.faults for of_suite in sql):
            compared.parameters |= _parameters(run, table, query, suites, compared)
    judged = [c.judged for s in suites for c in s.checks if not compared.fault(s, c)]
    compared.empty = _empty(run, judged, la_code)
    return compared


def _empty(run: Run, judged: Sequence[str | None], la_code: str) -> set[str]:
    """The tables that have no row."""
    names = sorted({name for name in judged if name})
    columns = ", ".join(f'exists (select 1 from {of_authority(name, la_code)}) as "{name}"' for name in names)
    rows = run(f"select {columns}") if names else []
    return {name for row in rows for name, is_there in row.items() if not is_there}


def _create(run: Run, table: str, sql: Mapping[str | None, str]) -> dict[str | None, Exception]:
    """Creates the table from all queries at once, or else from those that work. Returns the faults of the rest."""
    faults: dict[str | None, Exception] = {}
    while sound := {suite: query for suite, query in sql.items() if suite not in faults}:
        try:
            rows = " union all by name ".join(f"from (\n{query}\n)" for query in sound.values())
            run(f"create or replace table {table} as {rows}")
            return faults
        except Exception as error:  # a crash is a verdict, never a pass
            alone = {suite: _fault(run, table, query) for suite, query in sound.items()} if len(sound) > 1 else {}
            faults |= {suite: fault for suite, fault in alone.items() if fault} or dict.fromkeys(sound, error)
    run(f"drop table if exists {table}")
    return faults


def _fault(run: Run, table: str, query: str) -> Exception | None:
    try:
        run(f"create or replace table {table} as from (\n{query}\n)")
    except Exception as error:
        return error
    return None


def _needed(suites: Sequence[Suite]) -> list[Query]:
    """The queries that the suites need, each after those that it reads."""
    known = queries(suites[0].stage) if suites else {}
    checks = [check for suite in suites for check in suite.checks]
    names = {name for check in checks for name in tables_read(check)}
    if any(check.parameters for check in checks):
        names |= {query.name for query in known.values() if query.is_parameters}
    graph: dict[str, set[str]] = {}
    while names := {name for name in names if name in known and name not in graph}:
        graph |= {name: known[name].reads for name in names}
        names = {read for name in names for read in graph[name]}
    return [known[name] for name in TopologicalSorter(graph).static_order() if name in known]


def _runs_for(query: Query, suites: Sequence[Suite]) -> Sequence[Suite | None]:
    """The suites that a query is run for, one by one; one null where it is run once for all."""
    if not query.is_per_suite:
        return [None]
    if query.is_parameters:
        asked = _OF_A_SUITE.intersection(_PLACEHOLDER.findall(query.sql))
        return [suite for suite in suites if asked <= _suite_values(suite).keys()]
    return [suite for suite in suites if any(query.name in tables_read(check) for check in suite.checks)]


def _parameters(run: Run, table: str, query: Query, suites: Sequence[Suite], compared: Compared) -> dict[str, Any]:
    """A parameter for each column and suite without a fault; null where the table has no row of the suite."""
    rows = {row.pop("object"): row for row in run(f"from {table}")}
    columns = [row["column_name"] for row in run(f"describe {table}")]
    return {
        f"{suite.name}_{column}": rows.get(suite.name, {}).get(column)
        for suite in suites
        if (query.name, suite.name) not in compared.faults
        for column in columns
    }


def _values(month: Month, la_code: str, suite: Suite | None) -> dict[str, str]:
    """The values of the placeholders."""
    return {
        "la_code": la_code,
        "extract_month": str(month.end),
        "last_month_end": str(month.plus(-1).end),
        # last month's drop can hold events up to this day
        "last_extract_day": str(month.plus(-1).extract_day),
        "last_but_one_extract_day": str(month.plus(-2).extract_day),
        "codes_read": codes_read(),
        **(_suite_values(suite) if suite else {}),
    }


def codes_read() -> str:
    """The columns that a figure reads by their code, as values in SQL: object and column."""
    return ", ".join(
        f"('{name}', '{column.name}')"
        for name, contract in contracts().items()
        for column in contract.loaded_columns
        if column.read_by_code
    )


def _suite_values(suite: Suite) -> Mapping[str, str]:
    words = {name: suite.meta[name] for name in ("rows", "event_date", "team") if name in suite.meta}
    contract = contracts().get(suite.name)
    code_sets = {c.name: c.code_set for c in contract.loaded_columns if c.code_set} if contract else {}
    if code_sets:
        words["code_columns"] = ", ".join(code_sets)
        words["code_sets"] = ", ".join(f"('{column}', '{code_set}')" for column, code_set in code_sets.items())
    if contract and (columns := unchanging_columns(contract, suite.meta)):
        words |= _history_values(contract, columns, suite.meta)
    return {"table": suite.table, "object": suite.name, **words}


def unchanging_columns(contract: Contract, meta: Mapping[str, Any]) -> list[str]:
    """The columns of a record that stay as they are: those that `unchanging` in the suite's `meta` names, else its
    person and its days. None where records have no key by which they are found again."""
    days = contract.period or ((contract.event_day,) if contract.event_day else ())
    named = meta.get("unchanging", [contract.person, *days] if days else [])
    return [name for name in named if name and name not in contract.key] if contract.key else []


def _history_values(contract: Contract, columns: Sequence[str], meta: Mapping[str, Any]) -> dict[str, str]:
    """What a query about changed records asks. A record is over when it has ended, or its event was."""
    day = contract.period[1] if contract.period else contract.event_day
    is_changed = "rows_then.{0} is not null and rows_now.{0} is distinct from rows_then.{0}"
    return {
        "same_record": " and ".join(f"rows_now.{name} = rows_then.{name}" for name in contract.key),
        "changed_counts": ", ".join(f"count(*) filter ({is_changed.format(name)}) as {name}" for name in columns),
        "fixed_columns": ", ".join(columns),
        "was_over": "true" if "unchanging" in meta or not day else f"rows_then.{day} <= rows_then.extract_month",
    }


def _filled(sql: str, values: Mapping[str, str]) -> str:
    unknown = sorted(set(_PLACEHOLDER.findall(sql)) - set(values))
    if unknown:
        raise UnknownPlaceholderError(f"unknown placeholder {{{unknown[0]}}} (there are {', '.join(values)})")
    return _PLACEHOLDER.sub(lambda match: values[match[1]], sql)


class UnknownPlaceholderError(Exception):
    """A query has a placeholder for which the suite has no value."""
