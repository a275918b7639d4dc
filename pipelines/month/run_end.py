"""How a run ended: its record, and the alert if people need to know.

Belongs here: the record of the last run, and which end is worth an alert. Does not belong here: how an alert is
sent.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from pipelines.calendar import MonthText
from pipelines.errors import BadInputError, DiedError, GateRefusedError, StoppedError, WarehouseError
from pipelines.findings import month_findings
from pipelines.month.run_log import ENDED, RunOfMonth, write_event
from pipelines.month.run_record import (
    DEATHS_AT_MOST,
    DIED,
    FAILED,
    PUBLISHED,
    REFUSED,
    STOPPED,
    RunRecord,
    note_over,
    record_of,
    run_records,
    update,
)
from pipelines.notify import Alert, Kind, send
from pipelines.progress import Progress
from pipelines.publish import Release, current_release
from pipelines.settings import AlertSettings, DataFolder
from pipelines.warehouse_file import make_private_folder, write_for_owner


class _LastRun(BaseModel):
    """What readers of the record rely on."""

    month: MonthText
    ended_at: str
    status: str
    outcome: str


def last_run(folder: DataFolder) -> dict[str, Any] | None:
    """The record of the run that ended last; None before the first.

    `status` is `published`, `refused` (by a gate), `failed`, `stopped` (by a signal or a person) or `died`
    (killed); `outcome` is `published` or the lines that say why not; `withdrawn` says why it was published without
    an authority's drop; `seconds` are by stage, where the run kept them. A record that cannot be read counts as
    none: the next run writes it again.
    """
    try:
        record: dict[str, Any] = json.loads(folder.last_run.read_text(encoding="utf-8"))
        _LastRun.model_validate(record)
    except (OSError, ValueError, RecursionError):
        return None
    return record


def note_published(
    folder: DataFolder, run: RunOfMonth, release: str | None, progress: Progress, alerts: AlertSettings
) -> None:
    """Records that a month was published. Sends an alert if the run before did not publish."""
    if _is_noted(folder, run):
        return
    before = last_run(folder)
    _alert_of_withdrawn(folder, run, before, alerts)
    end = {"status": PUBLISHED, "outcome": PUBLISHED, "release": release, "again": False}
    _keep(folder, run, end, progress)
    if before and before["outcome"] != PUBLISHED:
        lines = (
            f"{before['month']} had ended with: {_first_line(before['outcome'])}",
            f"now published: {release or run.month}",
        )
        subject = f"{run.month} is published, all is well again"
        send(folder, Alert(Kind.RECOVERED, subject, lines, str(run.month), run.id), alerts)


def _alert_of_withdrawn(
    folder: DataFolder, run: RunOfMonth, before: Mapping[str, Any] | None, alerts: AlertSettings
) -> None:
    """Alerts people of drops that a gate or a data test refused while the others were published."""
    withdrawn = _withdrawn(folder, run)
    if not withdrawn or (before and before["month"] == str(run.month) and before.get("withdrawn") == withdrawn):
        return
    subject = f"{run.month} is published without the refused drops of {', '.join(withdrawn)}"
    page = f"what was checked: {folder.quality_page(run.month)}"
    send(folder, Alert(Kind.REFUSED, subject, (*withdrawn.values(), page), str(run.month), run.id), alerts)


def _withdrawn(folder: DataFolder, run: RunOfMonth) -> dict[str, str]:
    try:
        return month_findings(folder, run.month).withdrawn
    except BadInputError:
        # `status` says that the findings are damaged
        return {}


def note_unpublished(
    folder: DataFolder, run: RunOfMonth, error: WarehouseError, progress: Progress, alerts: AlertSettings
) -> None:
    """Records why a month was not published, and alerts people. Does nothing for a run whose end is recorded."""
    if _is_noted(folder, run):
        return
    status, what = next((end for kind, end in _ENDS.items() if isinstance(error, kind)), (FAILED, "failed"))
    record = record_of(folder, run.month)
    deaths = record.deaths + 1 if record is not None and status == DIED else 0
    again = 0 < deaths < DEATHS_AT_MOST or (isinstance(error, StoppedError) and error.again)
    end = {"status": status, "outcome": str(error), "release": None, "again": again}
    _keep(folder, run, end, progress, deaths)
    kind = Kind.REFUSED if status == REFUSED else Kind.FAILED
    whose = str(run.month) if status == REFUSED else f"the run of {run.month}"
    subject = f"{whose} {what}, nothing was published"
    lines = str(error).split("\n")
    if folder.quality_page(run.month).exists():
        lines.append(f"what was checked: {folder.quality_page(run.month)}")
    send(folder, Alert(kind, subject, tuple(lines), str(run.month), run.id), alerts)


def note_dead_runs(folder: DataFolder, alerts: AlertSettings) -> list[RunRecord]:
    """Records and reports the runs that were killed, and returns their records as they were.

    The caller has locked the data folder and begun no run yet: a run without an end has no process then.
    """
    dead = [record for record in run_records(folder) if record.over_at is None and record.status is None]
    for record in dead:
        note_death(folder, record, alerts)
    return dead


def note_death(folder: DataFolder, record: RunRecord, alerts: AlertSettings) -> None:
    """Records the end of a run that was killed: published if the release was complete, else died."""
    release = release_of(folder, record)
    note_over(folder, record.run)
    if release is not None:
        note_published(folder, record.run, release.id, Progress(), alerts)
    else:
        note_unpublished(folder, record.run, DiedError(death_line(record)), Progress(), alerts)


def release_of(folder: DataFolder, record: RunRecord) -> Release | None:
    """The release that the recorded run made the current one; None where it did not get that far."""
    release = current_release(folder)
    if release is None or release.manifest["extract_month"] != record.month:
        return None
    return release if release.manifest["created_at"] >= record.started_at else None


def death_line(record: RunRecord) -> str:
    """What happened to a run that was killed, and what follows."""
    what = f"{record.month}: the run died at {record.step} (process {record.pid}, began {record.started_at})"
    if record.deaths + 1 < DEATHS_AT_MOST:
        return f"{what}: the daemon runs it again, or `warehouse run --month {record.month}` does"
    log = f"warehouse/logs/{record.month}.jsonl"
    return (
        f"{what}, as did the {record.deaths} before it: nothing runs it again by itself. Look at {log}, then give"
        f" `warehouse run --month {record.month}`"
    )


_ENDS: dict[type[WarehouseError], tuple[str, str]] = {
    GateRefusedError: (REFUSED, "was refused by a gate"),
    StoppedError: (STOPPED, "was stopped"),
    DiedError: (DIED, "died"),
}


def _is_noted(folder: DataFolder, run: RunOfMonth) -> bool:
    """Whether the end of this run is recorded: the daemon may report an end a second time."""
    record = record_of(folder, run.month)
    return record is not None and record.run_id == run.id and record.status is not None


def _keep(
    folder: DataFolder, run: RunOfMonth, end: Mapping[str, Any], progress: Progress, deaths: int = 0
) -> None:
    """Writes how a run ended into its log, its record, and the record of the last run."""
    ended_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    shown = {name: value for name, value in end.items() if name != "again"}
    content = {
        "month": str(run.month),
        "run_id": run.id,
        "ended_at": ended_at,
        **shown,
        "withdrawn": _withdrawn(folder, run) if end["status"] == PUBLISHED else {},
        "seconds": {name: round(taken, 3) for name, taken in progress.seconds.items()},
    }
    write_event(folder, run, ENDED, **shown)
    update(folder, run, over_at=ended_at, deaths=deaths, **end)
    try:
        make_private_folder(folder.warehouse)
        write_for_owner(folder.last_run, (json.dumps(content, indent=2) + "\n").encode())
    except (OSError, BadInputError) as fault:
        # the result of the run is the same without its record
        progress.warning(f"the record of this run could not be written: {fault}")


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""
