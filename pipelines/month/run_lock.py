"""The lock of a data folder: one run at a time. It ends with the process that holds it.

Belongs here: taking the lock, and who holds it. The file says what its holder does; it is empty when nobody holds
it, and keeps the words of a process that was killed.
"""

import contextlib
import datetime as dt
import json
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import IO

from pipelines.errors import BadInputError, BusyError
from pipelines.month.file_lock import hold
from pipelines.settings import DataFolder
from pipelines.storage import storage_fault

_TRIES, _SECONDS_BETWEEN = 4, 0.1
"""Who only asks whether the lock is held, holds it for an instant."""
LOCK_NAME = "warehouse/run.lock"
LONGEST_STEP = dt.timedelta(hours=1)
"""A step of the largest county takes minutes."""


@dataclass(frozen=True)
class Holder:
    """Who holds the lock, or held it when it was killed. `since` and `active_at` are times in UTC.

    `what`: what it does, as `the run of 2019-08`. `active_at`: when its last step began.
    """

    what: str
    pid: int
    host: str
    since: str
    active_at: str

    def is_stuck(self, now: dt.datetime) -> bool:
        """Whether its last step began so long ago that it hangs, or it has ended and left a process behind."""
        active_at = dt.datetime.fromisoformat(self.active_at) if self.active_at else now
        return not self.is_alive or now - active_at > LONGEST_STEP

    @property
    def is_alive(self) -> bool:
        """Whether the process still exists; True for one of another machine or container, which is not known."""
        if self.host != socket.gethostname():
            return True
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except OSError:
            pass
        return True

    def __str__(self) -> str:
        return f"{self.what} (process {self.pid} on {self.host}, since {self.since})"


def stuck_line(holder: Holder) -> str:
    """What is the case with a holder that is stuck, and what to do."""
    if not holder.is_alive:
        return (
            f"{holder} has ended, but a process that it started still holds {LOCK_NAME}: end that process"
            f" (`fuser` and `lsof` name it)"
        )
    return f"{holder} has begun no step since {holder.active_at}: if it hangs, end process {holder.pid}"


@contextlib.contextmanager
def only_run(folder: DataFolder, what: str = "a run") -> Iterator[None]:
    """Locks the data folder. Raises BusyError while another process, or this one, has locked it.

    what: what the holder does, for people who ask meanwhile.
    """
    try:
        folder.warehouse.mkdir(parents=True, exist_ok=True, mode=0o700)
        # not emptied by opening: the holder has written into it
        lock = os.fdopen(os.open(folder.run_lock, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
    except OSError as error:
        fault = storage_fault(error, folder)
        raise fault or BadInputError(f"cannot write {error.filename}: {error.strerror}") from error
    with lock:
        if not _taken(lock):
            words = _words(lock)
            doing = str(words) if words else "another run"
            raise BusyError(f"{doing} is going on in {folder.root}: wait until it has ended")
        _write(lock, what)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                lock.seek(0)
                lock.truncate()


def holder(folder: DataFolder) -> Holder | None:
    """Who holds the lock now; None where nobody does."""
    with _opened(folder) as lock:
        if lock is None:
            return None
        try:
            hold(lock)
        except BlockingIOError:
            return _words(lock) or Holder("a run", 0, "", "an unknown time", "")
    return None


def killed_holder(folder: DataFolder) -> Holder | None:
    """Who held the lock and was killed; None where the last holder ended in order. Ask while nobody holds it."""
    with _opened(folder) as lock:
        return _words(lock) if lock else None


def note_activity(folder: DataFolder) -> None:
    """Says that the holder, this process, has begun a step."""
    with contextlib.suppress(OSError):
        os.utime(folder.run_lock)


@contextlib.contextmanager
def _opened(folder: DataFolder) -> Iterator[IO[str] | None]:
    try:
        lock = folder.run_lock.open(encoding="utf-8")
    except OSError:
        yield None
        return
    with lock:
        yield lock


def _taken(lock: IO[str]) -> bool:
    for remaining in reversed(range(_TRIES)):
        try:
            hold(lock)
        except BlockingIOError:
            if remaining:
                time.sleep(_SECONDS_BETWEEN)
        else:
            return True
    return False


def _write(lock: IO[str], what: str) -> None:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    words = asdict(Holder(what, os.getpid(), socket.gethostname(), now, now))
    # a full disk stops the run's first step
    with contextlib.suppress(OSError):
        lock.seek(0)
        lock.truncate()
        lock.write(json.dumps(words))
        lock.flush()


def _words(lock: IO[str]) -> Holder | None:
    try:
        lock.seek(0)
        holder = Holder(**json.loads(lock.read()))
        active_at = dt.datetime.fromtimestamp(os.fstat(lock.fileno()).st_mtime, dt.UTC)
    except (OSError, TypeError, ValueError):
        return None
    return Holder(**{**asdict(holder), "active_at": active_at.isoformat(timespec="seconds")})
