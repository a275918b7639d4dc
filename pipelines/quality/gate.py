"""Running a gate: all suites of a stage, for one month, authority by authority.

Belongs here: what a suite is run on, how an outcome becomes a verdict, and where the findings are kept. Does
not belong here: Great Expectations itself (`duckdb_dialect`), the checks (`expectations/`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.calendar import Month
from pipelines.findings import keep
from pipelines.quality.duckdb_dialect import Asked, Inspector, Outcome, inspector, readable_fault
from pipelines.quality.measures import (
    DETAIL,
    MeasureError,
    Values,
    filled,
    filled_arguments,
    measures_query,
    one_row_query,
    rows_query,
    values_of,
)
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

_LA_CODE = re.compile(r"[0-9]{3}")


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
            results = _run_suites(opened, run, suites)
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


def _run_suites(opened: Inspector, run: _Run, suites: list[Suite]) -> tuple[SuiteResult, ...]:
    """Takes the measures suite by suite, has all of an authority judged at once, and gives every suite its own."""
    faults = {suite.name: _why_not(run, suite) for suite in suites}
    checks: dict[str, list[CheckResult]] = {suite.name: [] for suite in suites}
    for la_code in run.la_codes:
        questions = [_questions(opened, run, suite, la_code) for suite in suites if not faults[suite.name]]
        outcomes = _outcomes(opened, questions)
        for one in questions:
            checks[one.suite.name] += _check_results(run, one, outcomes)
    return tuple(
        SuiteResult(suite.name, suite.table, tuple(checks[suite.name]))
        if not (fault := faults[suite.name])
        else _crashed(run, suite, fault)
        for suite in suites
    )


def _why_not(run: _Run, suite: Suite) -> str | None:
    """Why a suite can be run for no authority; null where it can."""
    if suite.fault:
        return suite.fault
    if suite.table not in run.tables:
        return f"there is no table {suite.table}"
    if not run.la_codes:
        return f"no drop of {run.month} is loaded"
    # the code goes into SQL
    if not all(_LA_CODE.fullmatch(la_code) for la_code in run.la_codes):
        return "a loaded drop has an authority code that is not three digits"
    return None


def _crashed(run: _Run, suite: Suite, reason: str, la_code: str | None = None) -> SuiteResult:
    """The suite as one errored check, for an authority or for every one."""
    check = CheckResult(
        suite=suite.name,
        name=None,
        la_code=la_code,
        severity="critical",
        verdict=ERRORED,
        expected="",
        message=f"the suite could not be run: {reason}",
        why="",
        is_waived=run.waivers.covers(suite.name, None, la_code),
    )
    return SuiteResult(suite.name, suite.table, (check,))


@dataclass(frozen=True)
class _Questions:
    """What a suite asks of one authority: its checks with their arguments, and the measures they look at.

    observes: what is observed, in words, by check. fault: why the suite cannot be run for the authority.
    """

    suite: Suite
    la_code: str
    rows_query: str = ""
    asked: Mapping[str, Asked] = field(default_factory=dict)
    observes: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None

    def on_rows(self) -> list[Asked]:
        return [replace(self.asked[c.name], name=self.key(c)) for c in self._checks("rows")]

    def on_measures(self) -> list[Asked]:
        """What is asked of the measures, of columns whose names no other suite has."""
        return [
            Asked(self.key(c), c.type, {**kwargs, "column": self._column(kwargs["column"])})
            for c in self._checks("measures")
            for kwargs in (self.asked[c.name].kwargs,)
        ]

    def row(self) -> dict[str, Any]:
        return {self._column(name): value for name, value in self.measures.items() if not name.endswith(DETAIL)}

    def detail(self, check: Check) -> str | None:
        """What the measures say in words about a check."""
        return self.measures.get(f"{check.kwargs['column']}{DETAIL}") if check.on == "measures" else None

    def key(self, check: Check) -> str:
        return f"{self.suite.name}/{check.name}"

    def _checks(self, on: str) -> list[Check]:
        return [] if self.fault else [check for check in self.suite.checks if check.on == on]

    def _column(self, measure: str) -> str:
        return f"{self.suite.name}__{measure}"


def _questions(opened: Inspector, run: _Run, suite: Suite, la_code: str) -> _Questions:
    values = values_of(suite, run.month, la_code)
    try:
        asked = {c.name: Asked(c.name, c.type, filled_arguments(c, values)) for c in suite.checks}
        observes = {c.name: filled(c.observes, values) for c in suite.checks}
        measures = _taken(opened, suite, values)
        found = _Questions(suite, la_code, rows_query(suite, values), asked, observes, measures)
        one_row_query(found.row())
    except MeasureError as reason:
        return _Questions(suite, la_code, fault=str(reason))
    except Exception as error:  # a crash is a verdict, never a pass
        return _Questions(suite, la_code, fault=readable_fault(error))
    return found


def _taken(opened: Inspector, suite: Suite, values: Values) -> Mapping[str, Any]:
    """The measures of a suite: one row."""
    if not suite.measures:
        return {}
    rows = opened.fetch(measures_query(suite, values))
    if len(rows) != 1:
        raise MeasureError(f"{len(rows)} rows of measures instead of one")
    return rows[0]


def _outcomes(opened: Inspector, questions: list[_Questions]) -> dict[str, Outcome]:
    """The outcome of every check of an authority, by `suite/check`.

    The measures of all suites are one question: GX takes longer to be asked than to answer. What is at fault
    in one suite may spoil the answer for others, so where there is a fault each suite is asked alone.
    """
    outcomes: dict[str, Outcome] = {}
    for one in questions:
        if one.on_rows():
            outcomes |= opened.inspect(one.rows_query, one.on_rows())
    together = _about_measures(opened, questions)
    for one in questions:
        if any(together[asked.name].fault for asked in one.on_measures()):
            together |= _about_measures(opened, [one])
    return outcomes | together


def _about_measures(opened: Inspector, questions: list[_Questions]) -> dict[str, Outcome]:
    asked = [one for suite in questions for one in suite.on_measures()]
    if not asked:
        return {}
    row = {name: value for suite in questions for name, value in suite.row().items()}
    return opened.inspect(one_row_query(row), asked)


def _check_results(run: _Run, one: _Questions, outcomes: Mapping[str, Outcome]) -> tuple[CheckResult, ...]:
    if one.fault:
        return _crashed(run, one.suite, one.fault, one.la_code).checks
    return tuple(_result(run, one, check, outcomes[one.key(check)]) for check in one.suite.checks)


def _result(run: _Run, one: _Questions, check: Check, outcome: Outcome) -> CheckResult:
    is_judged = True
    observes, expected = one.observes[check.name], expected_text(one.asked[check.name].kwargs)
    if outcome.fault:
        verdict, message = ERRORED, f"the check could not be run: {outcome.fault}"
    elif check.on == "measures" and outcome.observed is None and outcome.unexpected_count is None:
        is_judged = False
        verdict, message = PASSED, f"{observes} is not judged: there is too little to judge by"
    else:
        verdict = PASSED if outcome.success else FAILED
        detail = None if outcome.success else one.detail(check)
        message = f"{observes} {_observed_text(outcome)}, expected {expected}{f' ({detail})' if detail else ''}"
    return CheckResult(
        suite=one.suite.name,
        name=check.name,
        la_code=one.la_code,
        severity=check.severity,
        verdict=verdict,
        expected=expected,
        message=message,
        why=check.why,
        observed=outcome.observed,
        unexpected_count=outcome.unexpected_count,
        element_count=outcome.element_count,
        is_judged=is_judged,
        is_waived=verdict != PASSED and run.waivers.covers(one.suite.name, check.name, one.la_code),
    )


def _observed_text(outcome: Outcome) -> str:
    if outcome.unexpected_count is not None:
        of = f" of {number_text(outcome.element_count)}" if outcome.element_count is not None else ""
        return f"in {number_text(outcome.unexpected_count)}{of} rows"
    return f"is {number_text(outcome.observed)}"
