"""What `warehouse status` shows: drops seen, what waits, the last run and its gates, the release, what is overdue.

Belongs here: which facts, and the lines in which a person reads them.
"""

import contextlib
import datetime as dt
from collections import Counter
from dataclasses import asdict
from typing import Any

from pipelines.calendar import LONDON, Month
from pipelines.errors import BadInputError, UsageError
from pipelines.findings import OUTCOMES, MonthFindings, comparator_findings, counts_text, month_findings, outcome
from pipelines.ingest.arrivals import holds_something
from pipelines.ingest.unread_files import stray_lines, unread_lines
from pipelines.known_words import shown_folder_name
from pipelines.month.redelivery import changed_settings
from pipelines.month.run_end import death_line, last_run, release_of
from pipelines.month.run_lock import Holder, holder, killed_holder, stuck_line
from pipelines.month.run_record import DIED, FAILED, PUBLISHED, STOPPED, RunRecord, run_records
from pipelines.publish import current_release, damaged_releases
from pipelines.reference import reference_of
from pipelines.settings import DataFolder
from pipelines.watch.freshness import freshness

Facts = dict[str, Any]
_PASSED_OVER = "passed_over"
_NAMES_SHOWN = 5


def status(folder: DataFolder, now: dt.datetime) -> Facts:
    """Every fact as plain values for JSON. `problems` are lines for a person; it is empty when all is well."""
    damaged: list[str] = []
    all_findings = _Findings(folder, damaged)
    drops = [_drops(all_findings, la_code, months) for la_code, months in _drops_seen(folder, damaged).items()]
    holding = holder(folder)
    unread, reference = unread_lines(folder), reference_of(folder)
    facts: Facts = {
        "data_folder": str(folder.root),
        "asked_at": now.isoformat(timespec="seconds"),
        "going_on": _going_on(folder, holding),
        "drops": drops,
        "unread": unread,
        "comparators": _comparators(folder, damaged),
        "reference": [
            {"file": own.register.file, "sha256": own.sha256, "rows": len(own.rows)}
            for own in reference.files.values()
        ],
        "last_run": _last_run(folder, all_findings),
        "release": _release(folder, now),
        "freshness": [
            {"name": item.name, "is_fresh": item.is_fresh, "newest": item.newest, "expected": item.expected}
            for item in freshness(folder, now.astimezone(LONDON).date())
        ],
    }
    ended_badly = _run_lines(folder, holding, drops)
    problems = [
        *([stuck_line(holding)] if holding and holding.is_stuck(now) else []),
        *_killed_lines(folder, holding),
        *ended_badly,
        *damaged,
        *(f"{fault}: no command uses it" for fault in damaged_releases(folder)),
        *_waiting_lines(drops),
        *_stray_lines(folder, drops),
        *unread,
        *reference.faults,
        *_changed_settings_lines(folder),
        *([] if ended_badly else _last_run_problem(facts["last_run"])),
        *(" ".join(_freshness_line(item).split()) for item in facts["freshness"] if not item["is_fresh"]),
    ]
    return facts | {"problems": problems}


def status_lines(facts: Facts) -> list[str]:
    """The facts of `status` as lines for a person; first whether there is anything to do."""
    problems = facts["problems"]
    return [
        f"data folder      {facts['data_folder']}",
        f"state            {_state(facts)}",
        *([f"going on         {facts['going_on']['line']}"] if facts["going_on"] else []),
        *(f"waiting          {line}" for line in problems),
        *(_seen_line(drop) for drop in facts["drops"]),
        *([] if facts["drops"] else ["drops seen       none"]),
        *(_to_correct_line(drop) for drop in facts["drops"] if drop["to_put_right"]),
        *_comparator_lines(facts["comparators"]),
        *(f"own settings     {own['file']}: {own['rows']:,} rows" for own in facts["reference"]),
        *_last_run_lines(facts["last_run"]),
        *_release_lines(facts["release"]),
        *(_freshness_line(item) for item in facts["freshness"]),
    ]


def _state(facts: Facts) -> str:
    """Whether anybody has to act, in two words."""
    if facts["problems"]:
        return f"{len(facts['problems'])} waiting"
    return "nothing to do until this has ended" if facts["going_on"] else "nothing to do"


class _Findings:
    """The findings of months. A damaged file is reported once, and counts as none."""

    def __init__(self, folder: DataFolder, damaged: list[str]) -> None:
        self._folder, self._damaged = folder, damaged

    def of(self, month: Month) -> MonthFindings:
        try:
            return month_findings(self._folder, month)
        except BadInputError as fault:
            if str(fault) not in self._damaged:
                self._damaged.append(str(fault))
            return MonthFindings(month, [], [], [])


def _going_on(folder: DataFolder, holding: Holder | None) -> Facts | None:
    """Who holds the lock, since when, and at which step a run is."""
    if holding is None:
        return None
    line = str(holding)
    for record in run_records(folder):
        if record.over_at is None and _is_going_on(record, holding):
            line += f", {record.month} at {record.step} since {record.step_at}"
    return {**asdict(holding), "line": line}


def _killed_lines(folder: DataFolder, holding: Holder | None) -> list[str]:
    """What was killed that is no run: nothing else keeps a record of it."""
    killed = None if holding else killed_holder(folder)
    if killed is None or killed.what.startswith("the run of"):
        return []
    return [f"{killed} was killed before it was done: give the command again"]


def _run_lines(folder: DataFolder, holding: Holder | None, drops: list[Facts]) -> list[str]:
    """A line for each month whose last run did not come to its end, with what follows."""
    told_below = {refused["month"] for drop in drops for refused in drop["refused"]}
    lines = [
        _run_line(folder, record, holding)
        for record in run_records(folder)
        if not (record.status == FAILED and record.month in told_below)
    ]
    return [line for line in lines if line]


def _run_line(folder: DataFolder, record: RunRecord, holding: Holder | None) -> str | None:
    if record.over_at is None and record.status is None and not _is_going_on(record, holding):
        release = release_of(folder, record)
        if release is None:
            return death_line(record)
        return f"{record.month}: its run was killed when {release.id} was published: the next run records it"
    outcome = (record.outcome or "").partition("\n")[0]
    if record.status == DIED:
        return outcome
    if record.status in {STOPPED, FAILED}:
        by_hand = f"`warehouse run --month {record.month}`"
        return (
            f"{outcome}: {f'the daemon runs it again, or {by_hand} does' if record.again else f'give {by_hand}'}"
        )
    return None


def _is_going_on(record: RunRecord, holding: Holder | None) -> bool:
    return holding is not None and (record.pid, record.host) == (holding.pid, holding.host)


def _drops_seen(folder: DataFolder, damaged: list[str]) -> dict[str, list[str]]:
    """Months with a drop, by authority. A folder that cannot be read counts as one with a drop."""
    seen = {}
    for authority in sorted(path for path in folder.lcs.glob("[!.]*") if path.is_dir()):
        name = shown_folder_name(authority.name)
        try:
            folders = [path for path in authority.glob("????-??") if path.is_dir() and holds_something(path)]
        except OSError as fault:
            damaged.append(f"{name}: its folder in raw/lcs cannot be read: {fault.strerror}")
            continue
        months = sorted(path.name for path in folders if _is_a_month(path.name))
        if months:
            seen[name] = months
    return seen


def _comparators(folder: DataFolder, damaged: list[str]) -> list[dict[str, str]]:
    """Files of published figures that the last run refused, passed over, or has something to say about."""
    try:
        return comparator_findings(folder)
    except BadInputError as fault:
        damaged.append(str(fault))
        return []


def _comparator_lines(files: list[dict[str, str]]) -> list[str]:
    """A line for each file that somebody may have to look at, and one for all that hold something else."""
    lines = [
        f"comparators      {each['file']}: {each['outcome']}: {each['reason']}"
        for each in files
        if each["outcome"] != _PASSED_OVER
    ]
    others = [each["file"] for each in files if each["outcome"] == _PASSED_OVER]
    if others:
        more = f" and {len(others) - _NAMES_SHOWN:,} others" if len(others) > _NAMES_SHOWN else ""
        lines.append(
            f"comparators      {len(others):,} passed over, as the register uses nothing in them: "
            f"{', '.join(others[:_NAMES_SHOWN])}{more}"
        )
    return lines


def _is_a_month(text: str) -> bool:
    with contextlib.suppress(UsageError):
        Month.parse(text)
        return True
    return False


def _drops(all_findings: _Findings, la_code: str, months: list[str]) -> Facts:
    """An authority's drops: those that are in no release, with the reason, and what people have to correct."""
    findings = {month: all_findings.of(Month.parse(month)) for month in months}
    read = {month: drop for month in months if (drop := _drop(la_code, findings[month]))}
    return {
        "la_code": la_code,
        "months": months,
        "not_run": [month for month in months if month not in read],
        "refused": [
            {"month": month, "reason": drop.get("withdrawn") or drop["reason"], "unread": drop.get("unread", [])}
            for month, drop in read.items()
            if not drop["accepted"] or "withdrawn" in drop
        ],
        "stopped": [
            {
                "month": month,
                "gate": gate["stage"],
                "suites": [suite["suite"] for suite in gate["suites"] if suite["refuses"]],
            }
            for month, drop in read.items()
            if drop["accepted"] and "withdrawn" not in drop
            for gate in (*findings[month].gates, *_as_gate(findings[month].difference))
            if gate["refuses"] and la_code in gate.get("unfit_authorities", [la_code])
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


def _last_run(folder: DataFolder, all_findings: _Findings) -> Facts | None:
    run = last_run(folder)
    if run is None:
        return None
    month = Month.parse(run["month"])
    page = folder.quality_page(month)
    gates = [
        {"stage": gate["stage"], "refuses": gate["refuses"], **_verdicts(gate)}
        for gate in all_findings.of(month).gates
    ]
    return run | {"gates": gates, "what_was_checked": str(page) if page.exists() else None}


def _verdicts(gate: Facts) -> dict[str, int]:
    counts = Counter(outcome(check) for suite in gate["suites"] for check in suite["checks"])
    return {kind: counts[kind] for kind in OUTCOMES}


def _release(folder: DataFolder, now: dt.datetime) -> Facts | None:
    release = current_release(folder)
    if release is None:
        return None
    return {
        "id": release.id,
        "path": str(release.path),
        "created_at": release.manifest["created_at"],
        "age_days": (now - dt.datetime.fromisoformat(release.manifest["created_at"])).days,
        "newest_month": max(release.newest_months.values(), default="none"),
        "months": release.newest_months,
    }


def _changed_settings_lines(folder: DataFolder) -> list[str]:
    files = changed_settings(folder)
    return [f"raw/reference: the next run uses what changed: {', '.join(files)}"] if files else []


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


def _stray_lines(folder: DataFolder, drops: list[Facts]) -> list[str]:
    """Files of drops in no release that fit no contract: one may be why another is missing."""
    refused = [line for drop in drops for month in drop["refused"] for line in month["unread"]]
    not_run = [
        line
        for drop in drops
        for month in drop["not_run"]
        for line in stray_lines(folder, drop["la_code"], Month.parse(month))
    ]
    return [*refused, *not_run]


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
    lines += [f"gate {gate['stage']:<11} {counts_text(gate)}" for gate in run["gates"]]
    if run["what_was_checked"]:
        lines.append(f"what was checked {run['what_was_checked']}")
    return lines


def _release_lines(release: Facts | None) -> list[str]:
    if release is None:
        return ["current release  none"]
    newest = release["newest_month"]
    behind = [f"; {la_code} is at {month}" for la_code, month in release["months"].items() if month != newest]
    return [
        f"current release  {release['id']}, {release['age_days']} days old",
        f"newest month     {newest}{''.join(behind)}",
    ]


def _freshness_line(item: Facts) -> str:
    state = "fresh" if item["is_fresh"] else f"overdue, expected {item['expected']}"
    return f"{item['name']:<16} {state}; newest {item['newest']}"
