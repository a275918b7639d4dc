"""The page of what was checked in a month and what was found, `quality/index.html` of a release.

Belongs here: what the page shows, and of how few records it does not tell the number. It holds counts, shares and
dates of whole tables, never a value of a row. Does not belong here: verdicts, which the gates give.
"""

from typing import Any

from pipelines.calendar import Month
from pipelines.findings import MonthFindings, month_findings, write_beside
from pipelines.report.template import render
from pipelines.settings import SMALLEST_SHOWN_COUNT, DataFolder

_WORST_FIRST = ("errored", "failed", "passed")


def quality_page(found: MonthFindings) -> str:
    """The page as HTML."""
    return render(
        "quality.html.j2",
        month=str(found.month),
        verdict=_verdict(found),
        waivers=found.waivers_used,
        difference=_difference(found),
        gates=[_gate(gate) for gate in found.gates],
        health=found.rule_health,
        rules=_rules_that_found(found),
        drops=found.drops,
    )


def write_month_page(folder: DataFolder, month: Month) -> None:
    """The page of a month as far as its run got, in the working folder: for a month that is not published, too."""
    write_beside(folder, folder.quality_page(month), quality_page(month_findings(folder, month)))


def _verdict(found: MonthFindings) -> str:
    if not any(drop["accepted"] for drop in found.drops):
        return "No drop was accepted: nothing was checked."
    if any(gate["refuses"] for gate in found.gates):
        return "A gate refused: nothing of this run is published."
    if len(found.gates) < len(("raw", "marts")):
        return "The run did not get through both gates: nothing of it is published."
    if found.difference and found.difference["refuses"]:
        return "Both gates let the month pass, but not what it changes of the last release: nothing is published."
    return "Both gates let the month pass."


def _gate(gate: dict[str, Any]) -> dict[str, Any]:
    """A gate with its checks in one list, the worst first."""
    checks = [{"suite": suite["suite"], **check} for suite in gate["suites"] for check in suite["checks"]]
    checks.sort(key=lambda check: _WORST_FIRST.index(check["verdict"]))
    counts = {verdict: sum(check["verdict"] == verdict for check in checks) for verdict in _WORST_FIRST}
    return {"stage": gate["stage"], "refuses": gate["refuses"], "checks": checks, "counts": counts}


def _difference(found: MonthFindings) -> dict[str, Any] | None:
    """The release beside the last one, without the tables whose earlier months are what they were."""
    if found.difference is None:
        return None
    rows = [
        {
            "file": table["file"],
            "month": month["month"] or "all",
            **{kind: _count_text(month[kind]) for kind in ("gone", "new")},
        }
        for table in found.difference["tables"]
        for month in table["changed"]
    ]
    return found.difference | {"rows": rows}


def _rules_that_found(found: MonthFindings) -> list[dict[str, Any]]:
    """Rules with records to put right, errors first, those with most records first."""
    rules = [
        {"la_code": authority["la_code"], **rule, "failed": _count_text(rule["rows_failed"])}
        for authority in found.rules
        for rule in authority["rules"]
        if rule["rows_failed"]
    ]
    return sorted(rules, key=lambda rule: (rule["severity"] != "error", -rule["rows_failed"], rule["rule"]))


def _count_text(count: int) -> str:
    return f"{count:,}" if not count or count >= SMALLEST_SHOWN_COUNT else f"1 to {SMALLEST_SHOWN_COUNT - 1}"
