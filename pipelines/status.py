"""What `warehouse status` says: drops seen, what waits, the last run and its gates, the release and its age."""

import datetime as dt
import json
from typing import Any

from pipelines.calendar import Month
from pipelines.findings import MonthFindings, month_findings
from pipelines.publish import current_release
from pipelines.settings import DataFolder


def status_lines(folder: DataFolder) -> list[str]:
    """One line per fact, readable as it is. Reads files only: it may be asked while a run is going."""
    drops = _drops_seen(folder)
    found = {month: month_findings(folder, Month.parse(month)) for months in drops.values() for month in months}
    return [
        f"data folder      {folder.root}",
        *(_seen_line(la_code, months) for la_code, months in drops.items()),
        *([] if drops else [f"drops seen       none in {folder.lcs}"]),
        *(line for la_code, months in drops.items() for line in _waiting(la_code, months, found)),
        *(line for la_code, months in drops.items() for line in _to_put_right(la_code, months, found)),
        *_last_run(folder),
        *_release(folder),
    ]


def _drops_seen(folder: DataFolder) -> dict[str, list[str]]:
    """Months with a drop, by authority."""
    seen = {}
    for authority in sorted(path for path in folder.lcs.glob("*") if path.is_dir()):
        months = sorted(path.name for path in authority.glob("????-??") if path.is_dir() and any(path.iterdir()))
        if months:
            seen[authority.name] = months
    return seen


def _seen_line(la_code: str, months: list[str]) -> str:
    return f"drops seen       {la_code}: {len(months)}, {months[0]} to {months[-1]}"


def _waiting(la_code: str, months: list[str], found: dict[str, MonthFindings]) -> list[str]:
    """Drops that are not in any release: not run yet, refused, or stopped at a gate."""
    unread = [month for month in months if _drop(la_code, found[month]) is None]
    lines = (
        [f"waiting          {la_code}: {len(unread)} not run yet, {unread[0]} to {unread[-1]}"] if unread else []
    )
    for month in months:
        drop = _drop(la_code, found[month])
        if drop and not drop["accepted"]:
            lines.append(f"waiting          {la_code} {month}: refused: {drop['reason']}")
            continue
        for gate in found[month].gates:
            suites = [suite["suite"] for suite in gate["suites"] if suite["refuses"]]
            if gate["refuses"]:
                names = ", ".join(suites) or "no suite"
                lines.append(f"waiting          {la_code} {month}: stopped at gate {gate['stage']}: {names}")
    return lines


def _to_put_right(la_code: str, months: list[str], found: dict[str, MonthFindings]) -> list[str]:
    """What the newest drop that was read leaves to people: rows that were rejected, records at fault."""
    read = [month for month in months if (_drop(la_code, found[month]) or {}).get("accepted")]
    if not read:
        return []
    newest = found[read[-1]]
    rejected = sum(file["rows_rejected"] for file in (_drop(la_code, newest) or {})["files"])
    at_fault = sum(
        rule["rows_failed"]
        for authority in newest.rules
        if authority["la_code"] == la_code
        for rule in authority["rules"]
    )
    return [f"to put right     {la_code} {read[-1]}: {rejected:,} rejected rows, {at_fault:,} records at fault"]


def _drop(la_code: str, found: MonthFindings) -> dict[str, Any] | None:
    return next((drop for drop in found.drops if drop["la_code"] == la_code), None)


def _last_run(folder: DataFolder) -> list[str]:
    if not folder.last_run.is_file():
        return ["last run         none"]
    run = json.loads(folder.last_run.read_text(encoding="utf-8"))
    lines = [f"last run         {run['month']}, ended {run['ended_at']}: {run['outcome']}"]
    month = Month.parse(run["month"])
    lines += [f"gate {gate['stage']:<11} {_verdicts(gate)}" for gate in month_findings(folder, month).gates]
    if folder.quality_page(month).exists():
        lines.append(f"what was checked {folder.quality_page(month)}")
    return lines


def _verdicts(gate: dict[str, Any]) -> str:
    verdicts = [check["verdict"] for suite in gate["suites"] for check in suite["checks"]]
    return ", ".join(f"{verdicts.count(kind)} {kind}" for kind in ("passed", "failed", "errored"))


def _release(folder: DataFolder) -> list[str]:
    release = current_release(folder)
    if release is None:
        return ["current release  none"]
    age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(release.manifest["created_at"])
    newest = max(drop["extract_month"] for drop in release.manifest["drops"] if drop["accepted"])
    return [
        f"current release  {release.id}, {age.days} days old",
        f"newest month     {newest}",
    ]
