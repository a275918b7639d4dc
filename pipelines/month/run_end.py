"""How a run ended: its record, and the alert if people need to know.

Belongs here: the record of the last run, and which end is worth an alert. Does not belong here: how an alert is
sent.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from pipelines.errors import BadInputError, GateRefusedError, WarehouseError
from pipelines.month.run_log import ENDED, RunOfMonth, write_event
from pipelines.notify import Alert, Kind, send
from pipelines.progress import Progress
from pipelines.settings import AlertSettings, DataFolder
from pipelines.warehouse_file import make_private_folder, write_for_owner

PUBLISHED = "published"


def last_run(folder: DataFolder) -> dict[str, Any] | None:
    """The record of the run that ended last; None before the first.

    `status` is `published`, `refused` (by a gate) or `failed`; `outcome` is `published` or the lines that say why
    not; `seconds` are by stage, where the run kept them.
    """
    if not folder.last_run.is_file():
        return None
    record: dict[str, Any] = json.loads(folder.last_run.read_text(encoding="utf-8"))
    return record


def note_published(
    folder: DataFolder, run: RunOfMonth, release: str | None, progress: Progress, alerts: AlertSettings
) -> None:
    """Records that a month was published. Sends an alert if the run before did not publish."""
    before = last_run(folder)
    _keep(folder, run, {"status": PUBLISHED, "outcome": PUBLISHED, "release": release}, progress)
    if before and before["outcome"] != PUBLISHED:
        lines = (
            f"{before['month']} had ended with: {_first_line(before['outcome'])}",
            f"now published: {release or run.month}",
        )
        subject = f"{run.month} is published, all is well again"
        send(folder, Alert(Kind.RECOVERED, subject, lines, str(run.month), run.id), alerts)


def note_unpublished(
    folder: DataFolder, run: RunOfMonth, error: WarehouseError, progress: Progress, alerts: AlertSettings
) -> None:
    """Records why a month was not published, and alerts people."""
    if isinstance(error, GateRefusedError):
        kind, subject = Kind.REFUSED, f"{run.month} was refused by a gate, nothing was published"
    else:
        kind, subject = Kind.FAILED, f"the run of {run.month} failed, nothing was published"
    _keep(folder, run, {"status": str(kind), "outcome": str(error), "release": None}, progress)
    lines = str(error).split("\n")
    if folder.quality_page(run.month).exists():
        lines.append(f"what was checked: {folder.quality_page(run.month)}")
    send(folder, Alert(kind, subject, tuple(lines), str(run.month), run.id), alerts)


def _keep(folder: DataFolder, run: RunOfMonth, end: Mapping[str, str | None], progress: Progress) -> None:
    content = {
        "month": str(run.month),
        "run_id": run.id,
        "ended_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        **end,
        "seconds": {name: round(taken, 3) for name, taken in progress.seconds.items()},
    }
    write_event(folder, run, ENDED, **end)
    try:
        make_private_folder(folder.warehouse)
        write_for_owner(folder.last_run, (json.dumps(content, indent=2) + "\n").encode())
    except (OSError, BadInputError) as fault:
        # the result of the run is the same without its record
        progress.warning(f"the record of this run could not be written: {fault}")


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""
