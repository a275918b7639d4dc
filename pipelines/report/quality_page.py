"""The quality page: the checks of a month and their findings, `restricted/quality/index.html` of a release.

Belongs here: the content of the page, and which small counts it hides. The page holds counts, shares and dates of
whole tables, never a value of a row. Does not belong here: verdicts; the gates give them.
"""

from collections import Counter
from typing import Any

from pipelines.calendar import Month
from pipelines.findings import OUTCOMES, MonthFindings, counts_text, month_findings, outcome, write_findings_file
from pipelines.report.audience import SERVICE
from pipelines.report.template import render
from pipelines.settings import SMALLEST_SHOWN_COUNT, DataFolder


def quality_page(findings: MonthFindings) -> str:
    """The page as HTML."""
    return render(
        "quality.html.j2",
        SERVICE,
        month=str(findings.month),
        verdict=_verdict(findings),
        waivers=findings.waivers_used,
        difference=_difference(findings),
        gates=[_gate(gate) for gate in findings.gates],
        health=findings.rule_health,
        rules=_failing_rules(findings),
        drops=findings.drops,
        unread=findings.unread,
        comparators=findings.comparators,
    )


def write_month_page(folder: DataFolder, month: Month) -> None:
    """Writes the page into the working folder, with the findings so far, also for a month that is not
    published."""
    write_findings_file(folder, folder.quality_page(month), quality_page(month_findings(folder, month)))


def _verdict(findings: MonthFindings) -> str:
    if not any(drop["accepted"] for drop in findings.drops):
        return "No drop was accepted: nothing was checked."
    if any(gate["refuses"] and _is_end_of_month(gate, findings) for gate in findings.gates):
        return "A gate refused: nothing is published."
    if len(findings.gates) < len(("raw", "marts")):
        return "The run stopped before both gates had finished: nothing is published."
    if findings.difference and findings.difference["refuses"]:
        return "Both gates passed, but the comparison with the last release refused: nothing is published."
    if findings.withdrawn:
        codes = ", ".join(findings.withdrawn)
        return f"Refused: {codes}, which stay at an earlier month or drop. Both gates passed the others."
    return "Both gates passed."


def _is_end_of_month(gate: dict[str, Any], findings: MonthFindings) -> bool:
    """Whether the month stopped at a gate that refused, instead of going on without the drops that it refused."""
    return not gate["unfit_authorities"] or bool(set(gate["unfit_authorities"]) - findings.withdrawn.keys())


def _gate(gate: dict[str, Any]) -> dict[str, Any]:
    """A gate with its checks in one list, the worst first."""
    checks = [
        {"suite": suite["suite"], **check, "outcome": outcome(check)}
        for suite in gate["suites"]
        for check in suite["checks"]
    ]
    checks.sort(key=lambda check: OUTCOMES.index(check["outcome"]), reverse=True)
    counts = Counter(check["outcome"] for check in checks)
    return {"stage": gate["stage"], "refuses": gate["refuses"], "checks": checks, "counts": counts_text(counts)}


def _difference(findings: MonthFindings) -> dict[str, Any] | None:
    """The comparison with the last release, without tables whose earlier months are unchanged."""
    if findings.difference is None:
        return None
    rows = [
        {
            "file": table["file"],
            "month": month["month"] or "all",
            **{kind: _count_text(month[kind]) for kind in ("gone", "new")},
        }
        for table in findings.difference["tables"]
        for month in table["changed"]
    ]
    return findings.difference | {"rows": rows}


def _failing_rules(findings: MonthFindings) -> list[dict[str, Any]]:
    """Rules with records to correct: errors first, then by number of records."""
    rules = [
        {"la_code": authority["la_code"], **rule, "failed": _count_text(rule["rows_failed"])}
        for authority in findings.rules
        for rule in authority["rules"]
        if rule["rows_failed"]
    ]
    return sorted(rules, key=lambda rule: (rule["severity"] != "error", -rule["rows_failed"], rule["rule"]))


def _count_text(count: int) -> str:
    return f"{count:,}" if not count or count >= SMALLEST_SHOWN_COUNT else f"1 to {SMALLEST_SHOWN_COUNT - 1}"
