"""Running a gate: all suites of a stage, for one month, authority by authority.

Belongs here: what a suite is run on, how an outcome becomes a verdict, and where the findings are kept. Does
not belong here: Great Expectations itself (`duckdb_dialect`), the checks (`expectations/`).
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pipelines.calendar import Month
from pipelines.findings import keep
from pipelines.quality.duckdb_dialect import Asked, Inspector, Outcome, inspector, readable_fault
from pipelines.quality.suites import Check, Suite, load_suites
from pipelines.quality.verdicts import (
    ERRORED,
    FAILED,
    PASSED,
    CheckResult,
    GateResult,
    SuiteResult,
    expected_text,
    number_text,
)
from pipelines.quality.waivers import Waivers
from pipelines.settings import DataFolder
from pipelines.warehouse_file import open_warehouse

_ONE_ROW = Asked("measures_are_one_row", "expect_table_row_count_to_equal", {"value": 1})
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LA_CODE = re.compile(r"[0-9]{3}")


class _SuiteCannotRunError(Exception):
    """Why a suite cannot be run at all, in words."""


@dataclass(frozen=True)
class _Run:
    """What all suites of a gate share. tables: every table and view of the working file."""

    month: Month
    la_codes: tuple[str, ...]
    tables: frozenset[str]
    waivers: Waivers


def pass_gate(
    folder: DataFolder,
    stage: str,
    month: Month,
    waivers: Waivers,
    report: Callable[[str], None],
) -> GateResult:
    """Runs a gate and keeps what it found; for the raw gate also in `raw.drop`, as the drop's fitness."""
    found = run_gate(folder, stage, month, waivers, report)
    if stage == "raw":
        record_fitness(folder, month, found)
    keep(folder, month, stage, found.to_manifest())
    return found


def run_gate(
    folder: DataFolder,
    stage: str,
    month: Month,
    waivers: Waivers,
    report: Callable[[str], None],
) -> GateResult:
    """Runs every suite of the stage on the drops of the month that are loaded.

    Never raises for what a check finds or for a check that cannot run: that is a verdict. Raises BusyError
    or BadInputError where the working file cannot be opened. Reports findings that do not refuse, and a
    summary; what refuses is for the caller to raise.
    """
    suites = load_suites(stage)
    la_codes, tables = _loaded_drops(folder, month)
    run = _Run(month, la_codes, tables, waivers)
    try:
        with inspector(folder) as opened:
            results = tuple(_run_suite(opened, run, suite) for suite in suites)
    except Exception as error:  # where the tool itself cannot start, nothing was checked
        results = tuple(_crashed(run, suite, readable_fault(error)) for suite in suites)
    found = GateResult(stage, month, la_codes, results, waivers)
    for line in (*found.warning_lines(), found.summary_line()):
        report(line)
    return found


def record_fitness(folder: DataFolder, month: Month, found: GateResult) -> None:
    """Writes the verdict of the raw gate to the loaded drops of the month. What is waived counts as fit."""
    unfit = found.unfit_authorities
    with open_warehouse(folder) as connection:
        for la_code in found.la_codes:
            connection.execute(
                "update raw.drop set is_fit = ? where is_loaded and la_code = ? and extract_month = ?",
                [la_code not in unfit, la_code, month.end],
            )


def _loaded_drops(folder: DataFolder, month: Month) -> tuple[tuple[str, ...], frozenset[str]]:
    """Authorities whose drop of the month is loaded, and every table and view of the working file."""
    with open_warehouse(folder, read_only=True) as connection:
        tables = frozenset(
            row[0]
            for row in connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            ).fetchall()
        )
        if "raw.drop" not in tables:
            return (), tables
        la_codes = connection.execute(
            "select distinct la_code from raw.drop where is_loaded and extract_month = ? order by la_code",
            [month.end],
        ).fetchall()
    return tuple(row[0] for row in la_codes), tables


def _run_suite(opened: Inspector, run: _Run, suite: Suite) -> SuiteResult:
    try:
        _can_run(run, suite)
        checks = [result for la_code in run.la_codes for result in _run_checks(opened, run, suite, la_code)]
    except _SuiteCannotRunError as reason:
        return _crashed(run, suite, str(reason))
    except Exception as error:  # a crash is a verdict, never a pass
        return _crashed(run, suite, readable_fault(error))
    return SuiteResult(suite.name, suite.table, tuple(checks))


def _can_run(run: _Run, suite: Suite) -> None:
    if suite.fault:
        raise _SuiteCannotRunError(suite.fault)
    if suite.table not in run.tables:
        raise _SuiteCannotRunError(f"there is no table {suite.table}")
    if not run.la_codes:
        raise _SuiteCannotRunError(f"no drop of {run.month} is loaded")
    # the code goes into SQL
    if not all(_LA_CODE.fullmatch(la_code) for la_code in run.la_codes):
        raise _SuiteCannotRunError("a loaded drop has an authority code that is not three digits")


def _crashed(run: _Run, suite: Suite, reason: str) -> SuiteResult:
    """The suite as one errored check, for every authority."""
    check = CheckResult(
        suite=suite.name,
        name=None,
        la_code=None,
        severity="critical",
        verdict=ERRORED,
        expected="",
        message=f"the suite could not be run: {reason}",
        why="",
        is_waived=run.waivers.covers(suite.name, None, None),
    )
    return SuiteResult(suite.name, suite.table, (check,))


def _run_checks(opened: Inspector, run: _Run, suite: Suite, la_code: str) -> list[CheckResult]:
    values = _values(suite, run.month, la_code)
    asked = [Asked(check.name, check.type, _filled_arguments(check, values)) for check in suite.checks]
    outcomes = _outcomes(opened, suite, values, asked)
    return [
        _result(run, suite, la_code, check, expected_text(one.kwargs), outcomes[check.name])
        for check, one in zip(suite.checks, asked, strict=True)
    ]


def _outcomes(
    opened: Inspector, suite: Suite, values: dict[str, str | dt.date], asked: list[Asked]
) -> dict[str, Outcome]:
    """The outcome of every check, those on the rows first."""
    place = {check.name: check.on for check in suite.checks}
    on_rows = [one for one in asked if place[one.name] == "rows"]
    on_measures = [one for one in asked if place[one.name] == "measures"]
    outcomes: dict[str, Outcome] = {}
    if on_rows:
        query = f"select * from {suite.table} where {_partition(values)}"
        outcomes |= opened.inspect(query, on_rows)
    if on_measures:
        query = _measures_query(suite, values)
        found = opened.inspect(query, [*on_measures, _ONE_ROW])
        outcomes |= _with_details(opened, query, on_measures, _if_one_row(found))
    return outcomes


def _if_one_row(found: dict[str, Outcome]) -> dict[str, Outcome]:
    """The outcomes, or a fault for each where the measures are not the one row they must be."""
    rows = found[_ONE_ROW.name]
    if rows.success:
        return found
    fault = rows.fault or f"{rows.observed} rows of measures instead of one"
    return {name: outcome if outcome.fault else Outcome(False, fault=fault) for name, outcome in found.items()}


def _with_details(
    opened: Inspector, query: str, asked: list[Asked], found: dict[str, Outcome]
) -> dict[str, Outcome]:
    """The outcomes, those that failed with what the measures say about them in words."""
    failed = [one for one in asked if not found[one.name].success and not found[one.name].fault]
    if not failed:
        return found
    measures = opened.fetch(query)[0]
    details = {one.name: measures.get(f"{one.kwargs.get('column')}_detail") for one in failed}
    return found | {name: replace(found[name], detail=detail) for name, detail in details.items()}


def _values(suite: Suite, month: Month, la_code: str) -> dict[str, str | dt.date]:
    """What a placeholder in a suite may stand for."""
    return {
        "la_code": la_code,
        "extract_month": month.end,
        "last_month_end": month.plus(-1).end,
        # last month's drop can hold events up to this day
        "last_extract_day": month.plus(-1).extract_day,
        "table": suite.table,
        "object": suite.table.split(".")[1],
        "event_date": suite.event_date or "null",
    }


def _partition(values: dict[str, str | dt.date]) -> str:
    return f"la_code = '{values['la_code']}' and extract_month = date '{values['extract_month']}'"


def _measures_query(suite: Suite, values: dict[str, str | dt.date]) -> str:
    steps = [
        f"this_partition as (select * from {suite.table} where {_partition(values)})",
        suite.shared_sql.strip(),
        f"measures as (\n{suite.measures_sql}\n)",
    ]
    with_steps = "with " + ",\n".join(step for step in steps if step)
    # GX takes only queries that begin with select
    return _filled(f"select * from (\n{with_steps}\nselect * from measures\n) as measured", values)


def _filled(sql: str, values: dict[str, str | dt.date]) -> str:
    unknown = sorted(set(_PLACEHOLDER.findall(sql)) - set(values))
    if unknown:
        raise _SuiteCannotRunError(f"unknown placeholder {{{unknown[0]}}} (there are {', '.join(values)})")
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), sql)


def _filled_arguments(check: Check, values: dict[str, str | dt.date]) -> dict[str, Any]:
    """The arguments of an expectation; a placeholder becomes its value, a date a date."""
    filled: dict[str, Any] = dict(check.kwargs)
    for name, given in check.kwargs.items():
        found = _PLACEHOLDER.fullmatch(given) if isinstance(given, str) else None
        if found and found[1] not in values:
            raise _SuiteCannotRunError(f"check {check.name}: unknown placeholder {given}")
        if found:
            filled[name] = values[found[1]]
    return filled


def _result(  # noqa: PLR0913, PLR0917
    run: _Run, suite: Suite, la_code: str, check: Check, expected: str, outcome: Outcome
) -> CheckResult:
    is_judged = True
    if outcome.fault:
        verdict, message = ERRORED, f"the check could not be run: {outcome.fault}"
    elif check.on == "measures" and outcome.observed is None and outcome.unexpected_count is None:
        is_judged = False
        verdict, message = PASSED, f"{check.observes} is not judged: there is too little to judge by"
    else:
        verdict = PASSED if outcome.success else FAILED
        detail = f" ({outcome.detail})" if outcome.detail else ""
        message = f"{check.observes} {_observed_text(outcome)}, expected {expected}{detail}"
    return CheckResult(
        suite=suite.name,
        name=check.name,
        la_code=la_code,
        severity=check.severity,
        verdict=verdict,
        expected=expected,
        message=message,
        why=check.why,
        observed=outcome.observed,
        unexpected_count=outcome.unexpected_count,
        element_count=outcome.element_count,
        is_judged=is_judged,
        is_waived=verdict != PASSED and run.waivers.covers(suite.name, check.name, la_code),
    )


def _observed_text(outcome: Outcome) -> str:
    if outcome.unexpected_count is not None:
        of = f" of {number_text(outcome.element_count)}" if outcome.element_count is not None else ""
        return f"in {number_text(outcome.unexpected_count)}{of} rows"
    return f"is {number_text(outcome.observed)}"
