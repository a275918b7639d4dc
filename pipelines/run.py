"""A run of the pipeline over months, by the command: one at a time, each with its log and its record.

Belongs here: the lock and the log. The flow itself is the Dagster job; how a run ended is kept by `run_end`.
"""

import contextlib
import datetime as dt
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from pipelines import progress
from pipelines.calendar import Month
from pipelines.errors import BadInputError, BusyError, WarehouseError
from pipelines.file_lock import hold
from pipelines.publish import Corrections, Release, current_release
from pipelines.quality import Waivers
from pipelines.run_end import note_published, note_unpublished
from pipelines.run_log import STARTED, new_run, recorder, write_event
from pipelines.settings import DataFolder, prepare_environment
from pipelines.storage import storage_fault, storage_faults_told

_going: ContextVar[bool] = ContextVar("going", default=False)


@dataclass(frozen=True)
class Waived:
    """Gates that a person waives for a run, and the reason given."""

    names: list[str]
    reason: str | None


def months_with_drops(folder: DataFolder, months: list[Month]) -> list[Month]:
    """Those of the months for which some authority delivered; a warning for each that has nothing.

    Raises BadInputError when a month has not ended, or none of them has a drop.
    """
    for month in months:
        if month.end >= dt.date.today():
            raise BadInputError(f"{month} has not ended yet: there is no month-end drop of it")
    found = [month for month in months if any(folder.lcs.glob(f"*/{month}/*"))]
    if not found:
        asked = str(months[0]) if len(months) == 1 else f"{months[0]} to {months[-1]}"
        raise BadInputError(f"no drop of {asked} was found: looked for {folder.lcs}/<la_code>/<YYYY-MM>/")
    for month in months:
        if month not in found:
            progress.warning(f"{month}: no drop was found, the month is left out")
    return found


def run_months(folder: DataFolder, months: list[Month], waived: Waived, corrections: Corrections) -> list[Release]:
    """Runs the months in order and gives the release of each.

    Raises UsageError for a waiver or a correction that cannot be given, before anything is read; BusyError when
    another run is going, GateRefusedError, BadInputError, or WarehouseError for anything unexpected, which is then
    in the log.
    """
    Waivers.in_force(waived.names, waived.reason, dt.date.today())
    corrections.refuse_months_not_run(months)
    with only_run(folder):
        published = []
        for month in months_with_drops(folder, months):
            with progress.timed():
                published.append(_run_month(folder, month, waived, corrections))
        return published


@contextlib.contextmanager
def only_run(folder: DataFolder) -> Iterator[None]:
    """Holds the data folder for one run at a time; the lock goes with the process."""
    try:
        folder.warehouse.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = folder.run_lock.open("w", encoding="utf-8")
    except OSError as error:
        told = storage_fault(error, folder)
        raise told or BadInputError(f"cannot write {error.filename}: {error.strerror}") from error
    with lock:
        try:
            hold(lock)
        except BlockingIOError as error:
            raise BusyError(f"another run is going on in {folder.root}: wait until it has ended") from error
        token = _going.set(True)
        try:
            yield
        finally:
            _going.reset(token)


def is_going() -> bool:
    """Whether this process holds the data folder for a run."""
    return _going.get()


@contextlib.contextmanager
def _logged(folder: DataFolder, log_path: Path) -> Iterator[None]:
    """While open, what is printed goes to the log; it may be what there is no room for."""
    with storage_faults_told(folder):
        log_path.parent.mkdir(parents=True, exist_ok=True)
        with (
            log_path.open("w", encoding="utf-8") as log,
            contextlib.redirect_stdout(log),
            contextlib.redirect_stderr(log),
        ):
            yield


def _run_month(folder: DataFolder, month: Month, waived: Waived, corrections: Corrections) -> Release:
    log_path = folder.logs / f"{month}.log"
    run = new_run(month)
    write_event(folder, run, STARTED, by="command")
    try:
        with _logged(folder, log_path), progress.recorded(recorder(folder, run)):
            try:
                prepare_environment(folder)
                with progress.stage("start"):
                    # Dagster takes seconds to import: only a run pays for it
                    from pipelines.defs.execute import run_month  # noqa: PLC0415
                run_month(month, waived.names, waived.reason, corrections)
            except WarehouseError:
                raise
            except Exception as error:
                with contextlib.suppress(OSError):
                    traceback.print_exc()
                told = storage_fault(error, folder)
                raise told or WarehouseError(f"{month}: the run failed unexpectedly, see {log_path}") from error
        release = current_release(folder)
        if release is None:
            raise WarehouseError(f"{month}: the run ended without a release, see {log_path}")
    except WarehouseError as error:
        note_unpublished(folder, run, error, progress.stage_seconds())
        raise
    except KeyboardInterrupt:
        note_unpublished(folder, run, WarehouseError(f"{month}: stopped by hand"), progress.stage_seconds())
        raise
    note_published(folder, run, release.id, progress.stage_seconds())
    return release
