"""The lock of a data folder: one run at a time. It ends with the process that holds it."""

import contextlib
from collections.abc import Iterator

from pipelines.errors import BadInputError, BusyError
from pipelines.month.file_lock import hold
from pipelines.settings import DataFolder
from pipelines.storage import storage_fault


@contextlib.contextmanager
def only_run(folder: DataFolder) -> Iterator[None]:
    """Locks the data folder for one run. Raises BusyError while another process, or this one, has locked it."""
    try:
        folder.warehouse.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = folder.run_lock.open("w", encoding="utf-8")
    except OSError as error:
        fault = storage_fault(error, folder)
        raise fault or BadInputError(f"cannot write {error.filename}: {error.strerror}") from error
    with lock:
        try:
            hold(lock)
        except BlockingIOError as error:
            raise BusyError(f"another run is going on in {folder.root}: wait until it has ended") from error
        yield
