"""Verdicts of checks, suites and gates, and the lines that report them.

Belongs here: what counts as a refusal, and the one line per finding. Everything in here goes to logs,
manifests and pages: it holds counts, shares and dates of a whole table, never a value of a row.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipelines.calendar import Month
from pipelines.findings import OUTCOMES, counts_text, outcome, worst
from pipelines.quality.waivers import Waivers

PASSED, FAILED, ERRORED = "passed", "failed", "errored"

Observed = int | float | dt.date | None


def number_text(value: Observed) -> str:
    """A number or a date as people read it; numbers to two decimals at most."""
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else str(value)


def expected_text(kwargs: Mapping[str, Any]) -> str:
    """What a check expects, in words, from the arguments of its expectation."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is not None and high is not None:
        expected = f"from {number_text(low)} to {number_text(high)}"
    elif low is not None:
        expected = _low_text(low, is_strict=bool(kwargs.get("strict_min")))
    elif high == 0:
        expected = "none"
    elif high is not None:
        expected = f"on or before {high}" if isinstance(high, dt.date) else f"at most {number_text(high)}"
    elif "value" in kwargs:
        expected = f"exactly {kwargs['value']}"
    else:
        expected = "none"
    if "mostly" in kwargs:
        expected += f" in at least {number_text(100.0 * kwargs['mostly'])} % of the rows"
    return expected


def _low_text(low: int | float | dt.date, is_strict: bool) -> str:
    if isinstance(low, dt.date):
        return f"after {low}" if is_strict else f"on or after {low}"
    return f"more than {number_text(low)}" if is_strict else f"at least {number_text(low)}"


@dataclass(frozen=True)
class CheckResult:
    """One check for one authority; `la_code` is null where a suite could not be run for any.

    observed: the number or date of a whole table or measure. unexpected_count: rows at fault, of
    element_count. message: the finding in words.
    """

    suite: str
    name: str | None
    la_code: str | None
    severity: str
    verdict: str
    expected: str
    message: str
    why: str
    observed: Observed = None
    unexpected_count: int | None = None
    element_count: int | None = None
    is_judged: bool = True
    is_waived: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.suite}/{self.name}" if self.name else self.suite

    @property
    def outcome(self) -> str:
        """The verdict in the word for people: only what refuses, unless waived, is said to have failed."""
        return outcome({"verdict": self.verdict, "severity": self.severity})

    @property
    def would_refuse(self) -> bool:
        """A critical failure, or a check that could not run, whatever its severity."""
        return self.verdict == ERRORED or (self.verdict == FAILED and self.severity == "critical")

    @property
    def refuses(self) -> bool:
        return self.would_refuse and not self.is_waived

    def line(self, stage: str, month: Month) -> str:
        """The finding as one readable line."""
        where = f"for {self.la_code} {month}" if self.la_code else f"in {month}"
        why = f" — {self.why}" if self.why else ""
        return f"gate {stage}, {self.full_name} {self.outcome.upper()} {where}: {self.message}{why}"

    def to_manifest(self) -> dict[str, Any]:
        observed = self.observed.isoformat() if isinstance(self.observed, dt.date) else self.observed
        return {
            "name": self.name,
            "la_code": self.la_code,
            "severity": self.severity,
            "verdict": self.verdict,
            "is_judged": self.is_judged,
            "is_waived": self.is_waived,
            "expected": self.expected,
            "observed": observed,
            "unexpected_count": self.unexpected_count,
            "element_count": self.element_count,
            "message": self.message,
            "why": self.why,
        }


@dataclass(frozen=True)
class SuiteResult:
    """All checks of one suite, for every authority of the month."""

    name: str
    table: str
    checks: tuple[CheckResult, ...]

    @property
    def verdict(self) -> str:
        return worst([check.verdict for check in self.checks])

    @property
    def refuses(self) -> bool:
        return any(check.refuses for check in self.checks)

    def to_manifest(self) -> dict[str, Any]:
        return {
            "suite": self.name,
            "table": self.table,
            "verdict": self.verdict,
            "refuses": self.refuses,
            "checks": [check.to_manifest() for check in self.checks],
        }


@dataclass(frozen=True)
class GateResult:
    """What a gate found for a month, for the authorities whose drops are loaded."""

    stage: str
    month: Month
    la_codes: tuple[str, ...]
    suites: tuple[SuiteResult, ...]
    waivers: Waivers

    def of(self, la_code: str) -> "GateResult":
        """What it found for an authority."""
        suites = tuple(
            replace(suite, checks=tuple(check for check in suite.checks if check.la_code in (la_code, None)))
            for suite in self.suites
        )
        return replace(self, la_codes=(la_code,), suites=suites)

    @property
    def checks(self) -> list[CheckResult]:
        return [check for suite in self.suites for check in suite.checks]

    @property
    def verdict(self) -> str:
        return worst([suite.verdict for suite in self.suites])

    @property
    def refuses(self) -> bool:
        """True where something was found that is not waived, or nothing was checked at all."""
        return not self.suites or any(suite.refuses for suite in self.suites)

    @property
    def refuses_all(self) -> bool:
        """True where it refuses every authority: nothing is left to publish."""
        return self.refuses and set(self.unfit_authorities) == set(self.la_codes)

    @property
    def unfit_authorities(self) -> tuple[str, ...]:
        """Authorities refused by a finding of their own, or by a suite that could not run for any authority."""
        refusing = {check.la_code for check in self.checks if check.refuses}
        none_judged = not self.suites or None in refusing
        return tuple(la_code for la_code in self.la_codes if none_judged or la_code in refusing)

    def refusal_lines(self) -> list[str]:
        """One readable line per check that refuses, with the end of a waiver that no longer covers it."""
        if not self.suites:
            return [f"gate {self.stage} ERRORED in {self.month}: there is no suite in expectations/{self.stage}"]
        return [self._refusal_line(check) for check in self.checks if check.refuses]

    def _refusal_line(self, check: CheckResult) -> str:
        ended = self.waivers.ended_on(check.suite, check.name, check.la_code)
        return check.line(self.stage, self.month) + (f" (a waiver ended on {ended})" if ended else "")

    def warning_lines(self) -> list[str]:
        """One readable line per finding that does not refuse: warnings, and what was waived."""
        return [
            check.line(self.stage, self.month) + (" (waived)" if check.is_waived else "")
            for check in self.checks
            if check.verdict != PASSED and not check.refuses
        ]

    def summary_line(self) -> str:
        counts = Counter(check.outcome for check in self.checks)
        verdicts = counts_text(counts, [kind for kind in OUTCOMES if counts[kind]])
        return f"gate {self.stage} {self.month}: {len(self.checks)} checks, {verdicts or 'none run'}"

    def waived(self) -> list[dict[str, Any]]:
        """Every waiver that concerns this gate, with what the waived checks had found."""
        entries = []
        for waiver in self.waivers.entries:
            covered = [check for check in self.checks if waiver.covers(check.suite, check.name, check.la_code)]
            if covered:
                lines = [check.line(self.stage, self.month) for check in covered if check.verdict != PASSED]
                entries.append({"gate": self.stage, **waiver.model_dump(mode="json"), "found": lines})
        return entries

    def to_manifest(self) -> dict[str, Any]:
        """Everything above as plain values for JSON."""
        return {
            "stage": self.stage,
            "extract_month": str(self.month),
            "la_codes": list(self.la_codes),
            "verdict": self.verdict,
            "refuses": self.refuses,
            "unfit_authorities": list(self.unfit_authorities),
            "waived": self.waived(),
            "suites": [suite.to_manifest() for suite in self.suites],
        }
