"""The record of each month's last run: which step it is at, how it ended, and whether it died.

Belongs here: the record and what follows from it. It is written when a run begins, at every step, and when the run
ended. A record without an end whose process does not hold the lock is that of a run that was killed.
"""

import contextlib
import datetime as dt
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from pipelines.calendar import Month, MonthText
from pipelines.errors import BadInputError, UsageError
from pipelines.month.run_lock import note_activity
from pipelines.month.run_log import RunOfMonth, write_event
from pipelines.progress import BEGUN, Recorder
from pipelines.settings import DataFolder
from pipelines.warehouse_file import make_private_folder, write_for_owner

PUBLISHED, REFUSED, FAILED, STOPPED, DIED = "published", "refused", "failed", "stopped", "died"

DEATHS_AT_MOST = 3
"""After so many runs of a month that died one after another, nothing runs the month again by itself."""


class RunRecord(BaseModel):
    """A month's last run. Times are UTC in ISO format.

    `over_at`: when its process ended it in order. `status`: how it ended, once that is known. `again`: whether the
    month is run again by itself. `deaths`: how many runs of the month died one after another, this one included.
    """

    month: MonthText
    run_id: str
    by: str
    pid: int
    host: str
    started_at: str
    step: str = "start"
    step_at: str = ""
    over_at: str | None = None
    status: str | None = None
    outcome: str | None = None
    release: str | None = None
    again: bool = False
    deaths: int = 0

    @property
    def run(self) -> RunOfMonth:
        return RunOfMonth(Month.parse(self.month), self.run_id)


def begin(folder: DataFolder, run: RunOfMonth, by: str) -> RunRecord:
    """The record of a run that begins. The caller has locked the data folder.

    by: what started it, `command` or `dagster`.
    """
    before = record_of(folder, run.month)
    record = RunRecord(
        month=str(run.month),
        run_id=run.id,
        by=by,
        pid=os.getpid(),
        host=socket.gethostname(),
        started_at=_now(),
        step_at=_now(),
        deaths=before.deaths if before and before.status == DIED else 0,
    )
    _write(folder, record)
    return record


def step_recorder(folder: DataFolder, run: RunOfMonth) -> Recorder:
    """Returns a function that writes what the run reports to its log, and the step it is at to its record."""

    def record(event: str, facts: dict[str, object]) -> None:
        write_event(folder, run, event, **facts)
        if event == BEGUN:
            note_activity(folder)
            update(folder, run, step=facts["stage"], step_at=_now())

    return record


def update(folder: DataFolder, run: RunOfMonth, **facts: Any) -> None:
    """Changes the record of a run; does nothing where the month's record is that of another run."""
    record = record_of(folder, run.month)
    if record is not None and record.run_id == run.id:
        _write(folder, record.model_copy(update=facts))


def note_over(folder: DataFolder, run: RunOfMonth) -> None:
    """Says that the process of a run ended it in order; how it ended is noted by whoever knows."""
    update(folder, run, over_at=_now())


def record_of(folder: DataFolder, month: Month) -> RunRecord | None:
    """The record of a month's last run; None before the first, and where the file cannot be read."""
    with contextlib.suppress(OSError, ValidationError):
        return RunRecord.model_validate_json(_file(folder, month).read_bytes())
    return None


def run_records(folder: DataFolder) -> Iterator[RunRecord]:
    """The records of all months, in order."""
    for path in sorted(folder.runs.glob("????-??.json")):
        with contextlib.suppress(UsageError):
            record = record_of(folder, Month.parse(path.stem))
            if record is not None:
                yield record


def months_to_run_again(folder: DataFolder) -> set[Month]:
    """Months whose last run died or was stopped before it was done, and that are run again by themselves."""
    return {Month.parse(record.month) for record in run_records(folder) if record.again}


def _write(folder: DataFolder, record: RunRecord) -> None:
    # a run goes on without its record: what keeps it from being written stops the run's own files as well
    with contextlib.suppress(OSError, BadInputError):
        make_private_folder(folder.warehouse)
        make_private_folder(folder.runs)
        text = json.dumps(record.model_dump(), indent=2, ensure_ascii=False) + "\n"
        write_for_owner(_file(folder, Month.parse(record.month)), text.encode())


def _file(folder: DataFolder, month: Month) -> Path:
    return folder.runs / f"{month}.json"


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
