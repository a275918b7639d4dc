"""The log of runs for machines: one JSON object per line, each with the time and the run's id.

Belongs here: where the log is and what every line has. `Progress` and whoever runs a month say what happened.
"""

import contextlib
import datetime as dt
import json
import secrets
from dataclasses import dataclass

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.settings import DataFolder
from pipelines.warehouse_file import append_for_owner

STARTED, ENDED = "run_started", "run_ended"


@dataclass(frozen=True)
class RunOfMonth:
    """A run of one month, with the id that log, record and alerts use."""

    month: Month
    id: str


def new_run(month: Month) -> RunOfMonth:
    """A run with a new id. Ids sort by time."""
    return RunOfMonth(month, f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}")


def write_event(folder: DataFolder, run: RunOfMonth, event: str, **facts: object) -> None:
    """Adds a line to the log of the run's month. The run goes on if the log cannot be written."""
    at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    entry = {"at": at, "run_id": run.id, "month": str(run.month), "event": event, **facts}
    with contextlib.suppress(OSError, BadInputError):
        append_for_owner(folder.run_log(run.month), json.dumps(entry, ensure_ascii=False) + "\n")
