"""What `warehouse status` shows: drops seen, what waits, the last run and its gates, the release, what is overdue.

Belongs here: which facts, and the lines in which a person reads them.
"""

import datetime as dt
from collections import Counter
from typing import Any

from pipelines.calendar import LONDON, Month
from pipelines.findings import MonthFindings, month_findings
from pipelines.known_words import shown_folder_name
from pipelines.month.run_end import PUBLISHED, last_run
from pipelines.publish import current_release
from pipelines.settings import DataFolder
from pipelines.watch.freshness import freshness

Facts = dict[str, Any]


def status(folder: DataFolder, now: dt.datetime) -> Facts:
    """Every fact as plain values for JSON. `problems` are lines for a person; it is empty when all is well."""
    drops = [_drops(folder, la_code, months) for la_code, months in _drops_seen(folder).items()]
    facts: Facts = {
        "data_folder": str(folder.root),
        "asked_at": now.isoformat(timespec="seconds"),
        "drops": drops,
        "last_run": _last_run(folder),
        "release": _release(folder, now),
        "freshness": [
            {"name": item.name, "is_fresh": item.is_fresh, "newest": item.newest, "expected": item.expected}
            for item in freshness(folder, now.astimezone(LONDON).date())
        ],
    }
    return facts | {"problems": [*_waiting_lines(drops), *_last_run_problem(facts["last_run"])]}


def status_lines(facts: Facts) -> list[str]:
    """The facts of `status` as lines for a person; first whether there is anything to do."""
    problems = facts["problems"]
    return [
        f"data folder      {facts['data_folder']}",
        f"state            {'nothing to do' if not problems else f'{len(problems)} waiting'}",
        *(f"waiting          {line}" for line in problems),
        *(_seen_line(drop) for drop in facts["drops"]),
        *([] if facts["drops"] else ["drops seen       none"]),
        *(_to_correct_line(drop) for drop in facts["drops"] if drop["to_put_right"]),
        *_last_run_lines(facts["last_run"]),
        *_release_lines(facts["release"]),
        *(_freshness_line(item) for item in facts["freshness"]),
    ]


def _drops_seen(folder: DataFolder) -> dict[str, list[str]]:
    """Months with a drop, by authority."""
    seen = {}
    for authority in sorted(path for path in folder.lcs.glob("*") if path.is_dir()):
        months = sorted(path.name for path in authority.glob("????-??") if path.is_dir() and any(path.iterdir()))
        if months:
            seen[shown_folder_name(authority.name)] = months
    return seen


def _drops(folder: DataFolder, la_code: str, months: list[str]) -> Facts:
    """An authority's drops: those that are in no release, with the reason, and what people have to correct."""
    findings = {month: month_findings(folder, Month.parse(month)) for month in months}
    read = {month: drop for month in months if (drop := _drop(la_code, findings[month]))}
    return {
        "la_code": la_code,
        "months": months,
        "not_run": [month for month in months if month not in read],
        "refused": [
            {"month": month, "reason": drop["reason"]} for month, drop in read.items() if not drop["accepted"]
        ],
        "stopped": [
            {
                "month": month,
                "gate": gate["stage"],
                "suites": [suite["suite"] for suite in gate["suites"] if suite["refuses"]],
            }
            for month, drop in read.items()
            if drop["accepted"]
            for gate in (*findings[month].gates, *_as_gate(findings[month].difference))
            if gate["refuses"]
        ],
        "to_put_right": _to_correct(la_code, read, findings),
    }


def _as_gate(difference: Facts | None) -> list[Facts]:
    """The comparison with the last release, in the form of a gate's result."""
    if difference is None:
        return []
    refused = {
        "columns": any(not change["is_announced"] for change in difference["schema"]),
        "reported figures": any(figure["reason"] is None for figure in difference["figures"]),
    }
    suites = [{"suite": name, "refuses": refuses} for name, refuses in refused.items()]
    return [{"stage": "release", "refuses": difference["refuses"], "suites": suites}]


def _drop(la_code: str, findings: MonthFindings) -> Facts | None:
    return next((drop for drop in findings.drops if drop["la_code"] == la_code), None)


def _to_correct(la_code: str, read: dict[str, Facts], findings: dict[str, MonthFindings]) -> Facts | None:
    """What people have to correct in the newest drop that was read: rejected rows, records at fault."""
    accepted = [month for month, drop in read.items() if drop["accepted"]]
    if not accepted:
        return None
    newest = accepted[-1]
    rules = [
        rule
        for authority in findings[newest].rules
        if authority["la_code"] == la_code
        for rule in authority["rules"]
    ]
    return {
        "month": newest,
        "rejected_rows": sum(file["rows_rejected"] for file in read[newest]["files"]),
        "records_at_fault": sum(rule["rows_failed"] for rule in rules),
    }


def _last_run(folder: DataFolder) -> Facts | None:
    run = last_run(folder)
    if run is None:
        return None
    month = Month.parse(run["month"])
    page = folder.quality_page(month)
    gates = [
        {"stage": gate["stage"], "refuses": gate["refuses"], **_verdicts(gate)}
        for gate in month_findings(folder, month).gates
    ]
    return run | {"gates": gates, "what_was_checked": str(page) if page.exists() else None}


def _verdicts(gate: Facts) -> dict[str, int]:
    counts = Counter(check["verdict"] for suite in gate["suites"] for check in suite["checks"])
    return {kind: counts[kind] for kind in ("passed", "failed", "errored")}


def _release(folder: DataFolder, now: dt.datetime) -> Facts | None:
    release = current_release(folder)
    if release is None:
        return None
    return {
        "id": release.id,
        "path": str(release.path),
        "created_at": release.manifest["created_at"],
        "age_days": (now - dt.datetime.fromisoformat(release.manifest["created_at"])).days,
        "newest_month": max(
            (drop["extract_month"] for drop in release.manifest["drops"] if drop["accepted"]), default="none"
        ),
    }


def _waiting_lines(drops: list[Facts]) -> list[str]:
    """Drops that are not in any release: not run yet, refused, or stopped at a gate."""
    lines = []
    for drop in drops:
        la_code, not_run = drop["la_code"], drop["not_run"]
        if not_run:
            lines.append(f"{la_code}: {len(not_run)} not run yet, {not_run[0]} to {not_run[-1]}")
        lines += [f"{la_code} {refused['month']}: refused: {refused['reason']}" for refused in drop["refused"]]
        lines += [
            f"{la_code} {gate['month']}: stopped at gate {gate['gate']}: {', '.join(gate['suites']) or 'no suite'}"
            for gate in drop["stopped"]
        ]
    return lines


def _last_run_problem(run: Facts | None) -> list[str]:
    if run is None or run["outcome"] == PUBLISHED:
        return []
    return [f"the last run, of {run['month']}, published nothing"]


def _seen_line(drop: Facts) -> str:
    months = drop["months"]
    return f"drops seen       {drop['la_code']}: {len(months)}, {months[0]} to {months[-1]}"


def _to_correct_line(drop: Facts) -> str:
    left = drop["to_put_right"]
    counts = f"{left['rejected_rows']:,} rejected rows, {left['records_at_fault']:,} records at fault"
    return f"to correct       {drop['la_code']} {left['month']}: {counts}"


def _last_run_lines(run: Facts | None) -> list[str]:
    if run is None:
        return ["last run         none"]
    lines = [f"last run         {run['month']}, ended {run['ended_at']}: {run['outcome']}"]
    lines += [
        f"gate {gate['stage']:<11} {gate['passed']} passed, {gate['failed']} failed, {gate['errored']} errored"
        for gate in run["gates"]
    ]
    if run["what_was_checked"]:
        lines.append(f"what was checked {run['what_was_checked']}")
    return lines


def _release_lines(release: Facts | None) -> list[str]:
    if release is None:
        return ["current release  none"]
    return [
        f"current release  {release['id']}, {release['age_days']} days old",
        f"newest month     {release['newest_month']}",
    ]


def _freshness_line(item: Facts) -> str:
    state = "fresh" if item["is_fresh"] else f"overdue, expected {item['expected']}"
    return f"{item['name']:<16} {state}; newest {item['newest']}"
