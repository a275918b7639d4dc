"""What `warehouse status` says: drops seen, the last run, its gates, the current release and how fresh it is."""

import datetime as dt
import json
from typing import Any

from pipelines.calendar import Month
from pipelines.publish import current_release
from pipelines.quality import read_gates
from pipelines.settings import DataFolder


def status_lines(folder: DataFolder) -> list[str]:
    """One line per fact, readable as it is. Reads files only: it may be asked while a run is going."""
    return [f"data folder      {folder.root}", *_drops(folder), *_last_run(folder), *_release(folder)]


def _drops(folder: DataFolder) -> list[str]:
    lines = []
    for authority in sorted(path for path in folder.lcs.glob("*") if path.is_dir()):
        months = sorted(path.name for path in authority.iterdir() if path.is_dir() and any(path.iterdir()))
        if months:
            lines.append(f"drops seen       {authority.name}: {len(months)}, {months[0]} to {months[-1]}")
    return lines or [f"drops seen       none in {folder.lcs}"]


def _last_run(folder: DataFolder) -> list[str]:
    if not folder.last_run.is_file():
        return ["last run         none"]
    run = json.loads(folder.last_run.read_text(encoding="utf-8"))
    lines = [f"last run         {run['month']}, ended {run['ended_at']}: {run['outcome']}"]
    gates = read_gates(folder, Month.parse(run["month"]))
    return lines + [f"gate {gate['stage']:<11} {_verdicts(gate)}" for gate in gates]


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
