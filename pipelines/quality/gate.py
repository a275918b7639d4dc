"""Runs a gate: all suites of a stage, for one month and every authority whose drop is loaded.

Belongs here: which suites can be run, how an outcome becomes a verdict, and where the findings are kept. Does not
belong here: Great Expectations itself (`checkpoint`), what a month is compared with (`comparisons`), the checks
(`expectations/`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pipelines.calendar import Month
from pipelines.findings import write_findings
from pipelines.processes import spread
from pipelines.quality.checkpoint import Asked, Gate, Outcome, opened_gate, readable_fault
from pipelines.quality.comparisons import compute_comparisons
from pipelines.quality.suites import Check, Json, Suite, load_suites
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
from pipelines.settings import DataFolder, workers
from pipelines.warehouse_file import open_warehouse

AUTHORITIES_TOGETHER = 16
"""How many authorities are checked together. Their comparisons are in memory at the same time."""
_LA_CODE = re.compile(r"[0-9]{3}")


@dataclass(frozen=True)
class _Run:
    """What all suites of a gate share. tables: every table and view of the working file."""

    month: Month
    la_codes: tuple[str, ...]
    tables: frozenset[str]
    waivers: Waivers


def run_gate(
    folder: DataFolder,
    stage: str,
    month: Month,
    waivers: Waivers,
    report: Callable[[str], None],
) -> GateResult:
    """Runs a gate and keeps its findings. `raw.drop` says in `is_fit` what both gates think of a drop."""
    result = gate_result(folder, stage, month, waivers, report)
    if stage == "raw":
        record_fitness(folder, month, result)
    elif result.unfit_authorities:
        record_unfit(folder, month, result.unfit_authorities)
    by_authority = [result.of(la_code).to_manifest() for la_code in result.la_codes]
    write_findings(folder, month, stage, by_authority or [result.to_manifest()], result.la_codes)
    return result


def gate_result(
    folder: DataFolder,
    stage: str,
    month: Month,
    waivers: Waivers,
    report: Callable[[str], None],
) -> GateResult:
    """Runs every suite of the stage on the drops of the run.

    A finding, or a check that cannot run, is a verdict and never raises. Raises BusyError or BadInputError where
    the working file cannot be opened. Reports findings that do not refuse, and a summary; the caller raises for
    what refuses.
    """
    suites = load_suites(stage)
    la_codes, tables = _loaded_drops(folder, month)
    run = _Run(month, la_codes, tables, waivers)
    try:
        results = _run_suites(folder, run, suites)
    except Exception as error:  # where the tool itself cannot start, nothing was checked
        results = tuple(_crashed(run, suite, readable_fault(error)) for suite in suites)
    result = GateResult(stage, month, la_codes, results, waivers)
    for line in (*result.warning_lines(), result.summary_line()):
        report(line)
    return result


def record_fitness(folder: DataFolder, month: Month, result: GateResult) -> None:
    """Writes the verdict of the raw gate to the loaded drops of the month. What is waived counts as fit."""
    unfit = result.unfit_authorities
    with open_warehouse(folder) as connection:
        for la_code in result.la_codes:
            connection.execute(
                "update raw.drop set is_fit = ? where is_loaded and la_code = ? and extract_month = ?",
                [la_code not in unfit, la_code, month.end],
            )


def record_unfit(folder: DataFolder, month: Month, la_codes: Iterable[str]) -> None:
    """Writes to the loaded drops of these authorities that they are not fit for use."""
    with open_warehouse(folder) as connection:
        for la_code in la_codes:
            connection.execute(
                "update raw.drop set is_fit = false where is_loaded and la_code = ? and extract_month = ?",
                [la_code, month.end],
            )


def _loaded_drops(folder: DataFolder, month: Month) -> tuple[tuple[str, ...], frozenset[str]]:
    """Authorities of the run whose drop is loaded, and every table and view of the working file."""
    with open_warehouse(folder, read_only=True) as connection:
        tables = frozenset(
            row[0]
            for row in connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            ).fetchall()
        )
        if not {"raw.drop", "raw.run"} <= tables:
            return (), tables
        la_codes = connection.execute(
            "select distinct la_code from raw.drop inner join raw.run using (la_code, extract_month)"
            " where is_loaded and extract_month = ? order by la_code",
            [month.end],
        ).fetchall()
    return tuple(row[0] for row in la_codes), tables


def _run_suites(folder: DataFolder, run: _Run, suites: list[Suite]) -> tuple[SuiteResult, ...]:
    """Runs the suites that can be run; the others are one errored check each."""
    faults = {suite.name: _why_not(run, suite) for suite in suites}
    sound = [suite for suite in suites if not faults[suite.name]]
    checks: dict[str, list[CheckResult]] = {suite.name: [] for suite in suites}
    la_codes = run.la_codes if sound else ()
    parts = [
        la_codes[first : first + AUTHORITIES_TOGETHER] for first in range(0, len(la_codes), AUTHORITIES_TOGETHER)
    ]
    for results in spread(partial(_authorities, folder, run, sound), parts, workers()):
        for result in results:
            checks[result.suite].append(result)
    return tuple(
        SuiteResult(suite.name, suite.table, tuple(checks[suite.name]))
        if not (fault := faults[suite.name])
        else _crashed(run, suite, fault)
        for suite in suites
    )


def _authorities(
    folder: DataFolder, run: _Run, suites: Sequence[Suite], la_codes: Sequence[str]
) -> list[CheckResult]:
    with opened_gate(folder) as gate:
        return list(_checked(gate, run, suites, la_codes))


def _checked(gate: Gate, run: _Run, suites: Sequence[Suite], la_codes: Sequence[str]) -> Iterator[CheckResult]:
    compared = {
        la_code: compute_comparisons(gate.run, readable_fault, suites, run.month, la_code) for la_code in la_codes
    }
    faults = {
        la_code: {
            f"{suite.name}/{check.name}": fault
            for suite in suites
            for check in suite.checks
            if (fault := of_authority.fault(suite, check))
        }
        for la_code, of_authority in compared.items()
    }
    names = {f"{suite.name}/{check.name}" for suite in suites for check in suite.checks}
    asked = [
        Asked(la_code, [suite.with_checks(names - faults[la_code].keys()) for suite in suites], of.parameters)
        for la_code, of in compared.items()
    ]
    results = gate.check(run.month.end, asked)
    for la_code, of_authority in compared.items():
        outcomes = results[la_code] | {
            name: Outcome(False, {}, fault=fault) for name, fault in faults[la_code].items()
        }
        for suite in suites:
            for check in suite.checks:
                outcome = outcomes[f"{suite.name}/{check.name}"]
                is_judged = bool(outcome.fault) or of_authority.can_judge(check)
                result = _result(suite, check, outcome, of_authority.parameters, is_judged)
                is_waived = result.verdict != PASSED and run.waivers.covers(suite.name, check.name, la_code)
                yield replace(result, la_code=la_code, is_waived=is_waived)


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


def _result(suite: Suite, check: Check, outcome: Outcome, parameters: Json, is_judged: bool) -> CheckResult:
    # without an outcome a limit may still be the name of a parameter
    expected = "" if outcome.fault else expected_text(outcome.kwargs or check.kwargs)
    if outcome.fault:
        verdict, message = ERRORED, f"the check could not be run: {outcome.fault}"
    elif not is_judged:
        verdict, message = PASSED, f"{check.description}: not judged, there is too little to judge by"
    else:
        verdict = PASSED if outcome.success else FAILED
        message = f"{check.description}: {_observed_text(outcome, expected)}"
        if check.detail and verdict == FAILED:
            message += f" ({parameters[check.detail]})"
    return CheckResult(
        suite=suite.name,
        name=check.name,
        la_code=None,
        severity=check.severity,
        verdict=verdict,
        expected=expected,
        message=message,
        why=check.notes,
        observed=outcome.observed,
        unexpected_count=outcome.unexpected_count,
        element_count=outcome.element_count,
        is_judged=is_judged,
    )


def _observed_text(outcome: Outcome, expected: str) -> str:
    if outcome.findings:
        return "; ".join(outcome.findings)
    if outcome.element_count is not None:
        return f"{number_text(outcome.unexpected_count)} of {number_text(outcome.element_count)} rows"
    if outcome.unexpected_count is not None:
        return number_text(outcome.unexpected_count) if outcome.unexpected_count else "none"
    return f"{number_text(outcome.observed)}, expected {expected}"
