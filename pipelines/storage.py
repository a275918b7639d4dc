"""A full disk or a folder that cannot be written to, reported in one line, whichever package met it first.

Belongs here: recognising such a fault in an error of Python, polars, DuckDB or dbt, and its line.
"""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import BadInputError, StorageFullError, WarehouseError
from pipelines.settings import DataFolder

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
_PATH = re.compile(r'file "([^"]+)"')
"""How DuckDB names the file that it could not write, also where dbt repeats its words."""


def storage_fault(met: BaseException | str, folder: DataFolder) -> WarehouseError | None:
    """The message for a full disk or a closed folder in an error or its text; None for any other error.

    A full disk is a StorageFullError, a folder that cannot be written to a BadInputError. A line of ours that was
    being raised when storage failed is returned as it is. Only the system's words and the path go into the line:
    the rest of an error's text may quote a value.
    """
    errors: list[BaseException | str] = [met] if isinstance(met, str) else list(_causes(met))
    for error in errors:
        if isinstance(error, WarehouseError):
            # what followed a line of ours, such as a log that could not be closed, is not the fault
            return error
    for error in errors:
        code = _code(error)
        if code is not None:
            return _line(code, _path(error) or _fullest(folder))
    return None


@contextmanager
def storage_faults_as_lines(folder: DataFolder) -> Iterator[None]:
    """Raises a full disk or a closed folder as a fault of one line, and every other error unchanged."""
    try:
        yield
    except WarehouseError:
        raise
    except Exception as error:
        fault = storage_fault(error, folder)
        if fault is None:
            raise
        raise fault from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was raised from or while."""
    seen: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in seen:
        seen.append(following)
        yield following
        following = following.__cause__ or following.__context__


def _code(met: BaseException | str) -> int | None:
    if isinstance(met, OSError) and met.errno is not None:
        return met.errno if met.errno in (*_FULL, *_CLOSED) else None
    text = str(met)
    return next((code for code in (*_FULL, *_CLOSED) if os.strerror(code) in text), None)


def _path(met: BaseException | str) -> Path | None:
    if isinstance(met, OSError) and met.filename is not None:
        return Path(os.fsdecode(met.filename))
    match = _PATH.search(str(met))
    return Path(match[1]) if match else None


def _fullest(folder: DataFolder) -> Path:
    """The folder with the least room among those a run writes to: an error in an open file does not name it."""
    return min((folder.warehouse, folder.releases, Path(tempfile.gettempdir())), key=_free)


def _free(path: Path) -> int:
    """Bytes free on the disk of a path, or of its nearest folder that exists."""
    return shutil.disk_usage(next(parent for parent in (path, *path.parents) if parent.exists())).free


def _line(code: int, path: Path) -> WarehouseError:
    words = os.strerror(code)
    if code in _CLOSED:
        return BadInputError(f"{'cannot write' if code == errno.EROFS else 'no access to'} {path}: {words}")
    free = f"{_free(path) // 2**20:,} MB free there"
    return StorageFullError(f"no room to write {path}: {words} ({free}): make room and run again")
