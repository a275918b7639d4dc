"""Hands files to the process that reads them, and turns whatever happens there into one line.

Belongs here: private copies of delivered files, starting and ending the process, its time. Does not belong here:
how a format is read (`file_reading.py`).
"""

import atexit
import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import WarehouseError
from pipelines.input_files import copy_input
from pipelines.reading import reader_process
from pipelines.reading.file_checks import UnreadableError
from pipelines.reading.file_outline import FileOutline
from pipelines.reading.file_reading import RaggedRow, TextTable
from pipelines.reading.reader_process import (
    HEADER,
    LINE,
    LINES_OF_TEXT,
    OUT_OF_MEMORY,
    OUTLINE,
    RAGGED,
    ROWS,
    SHEETS,
    TABLE,
)
from pipelines.settings import INPUT_VARIABLES, DataFolder, InputLimits, environment_of_reader
from pipelines.warehouse_file import make_private_folder

_NO_MEMORY_LEFT = b"memory allocation of"
"""How Rust says that it ends a process for want of memory."""
_LONGEST_ANSWER = 64 << 20
_SECONDS_TO_START = 60
_WORDS_KEPT = 64 << 10


@dataclass(frozen=True)
class FileReader:
    """Takes delivered files into its folder, where a process of its own reads them."""

    folder: Path
    limits: InputLimits

    def take(self, root: Path, path: Path) -> "TakenFile":
        """A private copy of a delivered file. Raises InputFileError where it is none that may be read."""
        descriptor, copy = tempfile.mkstemp(".taken", dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                checksum = copy_input(root, path, file, self.limits.file_bytes)
        except BaseException:
            Path(copy).unlink()
            raise
        return TakenFile(path.name, Path(copy), checksum, self)

    def ask(self, file: "TakenFile", operation: str, **more: Any) -> Any:
        """The answer of the process to a question about a file. Raises UnreadableError, and OSError where the disk
        has no room for the answer."""
        request = {"operation": operation, "path": str(file.path), "name": file.name, "folder": str(self.folder)}
        answer = _process(self.limits).ask(request | more)
        if "errno" in answer:
            raise OSError(answer["errno"], os.strerror(answer["errno"]), answer["file"])
        if "fault" in answer:
            fault = answer["fault"]
            raise UnreadableError(_needs_memory(self.limits) if fault == OUT_OF_MEMORY else fault)
        return answer["facts"]

    def frame(self, name: str) -> pl.DataFrame:
        """A table that the process wrote for its last answer."""
        path = self.folder / name
        try:
            return pl.read_ipc(path)
        finally:
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class TakenFile:
    """A private copy of a delivered file, under the name that it was delivered with.

    What reads it raises UnreadableError, whatever is in the file.
    """

    name: str
    path: Path
    sha256: str
    reader: FileReader

    def table(self, known: Collection[str] = ()) -> TextTable:
        """The file as a table of text. `known`: names of columns by which its header is found."""
        facts = self.reader.ask(self, TABLE, known=[*known])
        frame = self.reader.frame(TABLE)
        ragged: tuple[RaggedRow, ...] = ()
        if facts["is_ragged"]:
            rows = self.reader.frame(RAGGED).iter_rows()
            ragged = tuple(RaggedRow(line, tuple(fields)) for line, fields in rows)
        numbers = frame.drop_in_place(LINE)
        frame.columns = facts["columns"]
        headers, columns, notes = (tuple(facts[name]) for name in ("headers", "columns", "notes"))
        return TextTable(headers, columns, frame, numbers, ragged, notes)

    def header(self) -> list[str]:
        """The names in its first line or row, trimmed and in lower case."""
        names: list[str] = self.reader.ask(self, HEADER)
        return names

    def sheet_names(self) -> list[str]:
        """The names of a workbook's sheets."""
        names: list[str] = self.reader.ask(self, SHEETS)
        return names

    def sheet_rows(self, sheet: int | str = 0, rows: int | None = None) -> list[tuple[str | None, ...]]:
        """The first rows of a sheet as text, or all of them; one empty row where there is none."""
        self.reader.ask(self, ROWS, sheet=sheet, rows=rows)
        return self.reader.frame(ROWS).rows() or [()]

    def csv_lines(self) -> list[tuple[int, list[str]]]:
        """Every line of a CSV file: its number and its fields."""
        self.reader.ask(self, LINES_OF_TEXT)
        return self.reader.frame(LINES_OF_TEXT).rows()

    def outline(self) -> FileOutline:
        """What the file shows of itself, whatever its form."""
        facts = self.reader.ask(self, OUTLINE)
        rows = tuple(tuple(row) for row in facts["rows"])
        return FileOutline(facts["form"], tuple(facts["sheets"]), rows, tuple(facts["elements"]))

    def remove(self) -> None:
        """Removes the copy."""
        self.path.unlink(missing_ok=True)


@contextlib.contextmanager
def file_reader(folder: DataFolder, limits: InputLimits) -> Iterator[FileReader]:
    """A reader with a folder of its own for its copies, which is removed afterwards.

    Also removes the folders of runs that were killed.
    """
    _process(limits)
    make_private_folder(folder.reading)
    for left_behind in folder.reading.iterdir():
        with _held(left_behind) as is_held:
            if is_held:
                shutil.rmtree(left_behind, ignore_errors=True)
    own = Path(tempfile.mkdtemp(dir=folder.reading))
    with _held(own):
        try:
            yield FileReader(own, limits)
        finally:
            shutil.rmtree(own, ignore_errors=True)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Holds a folder of copies while its reader lives; false where another reader holds it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


class _Process:
    """The process that reads, as long as it lives."""

    def __init__(self, limits: InputLimits) -> None:
        self.limits = limits
        self._is_ready = False
        # its last words may quote a cell: they stay in memory, and what does not fit is lost
        read, words = os.pipe()
        self._words = os.fdopen(read, "rb", buffering=0)
        os.set_blocking(words, False)
        self._connection, theirs = Pipe()
        with theirs, os.fdopen(words, "wb"):
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", reader_process.__name__),
                    *(str(theirs.fileno()), json.dumps(asdict(limits))),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                env=environment_of_reader(),
            )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer. Ends the process and says so where it takes too long or ended by itself."""
        try:
            self._wait_until_ready()
            self._connection.send_bytes(json.dumps(request).encode())
            if not self._connection.poll(self.limits.seconds):
                self.end()
                return {"fault": f"reading it takes more than {self.limits.seconds:,} seconds"}
            answer: dict[str, Any] = json.loads(self._connection.recv_bytes(_LONGEST_ANSWER))
        except (EOFError, OSError):
            return {"fault": self._how_it_ended()}
        except BaseException:
            # stopped by hand: the answer to this request must not be taken for that to the next one
            self.end()
            raise
        return answer

    def end(self) -> None:
        """Kills the process. A second time changes nothing."""
        self._process.kill()
        self._process.wait()
        self._connection.close()
        self._words.close()

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        try:
            self._is_ready = self._connection.poll(_SECONDS_TO_START) and bool(self._connection.recv_bytes())
        except EOFError:
            self._is_ready = False
        if not self._is_ready:
            self.end()
            variable = INPUT_VARIABLES["memory_mb"]
            raise WarehouseError(f"the process that reads files did not start: is {variable} too small?")

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=self.limits.seconds)
            os.set_blocking(self._words.fileno(), False)
            if _NO_MEMORY_LEFT in (self._words.read(_WORDS_KEPT) or b""):
                return OUT_OF_MEMORY
        finally:
            self.end()
        if -code == signal.SIGXCPU:
            return f"reading it takes more than {self.limits.seconds:,} seconds"
        how = signal.Signals(-code).name if code < 0 else f"status {code}"
        return f"the file is damaged: the process that read it ended with {how}; export it again"


_running: list[_Process] = []
"""The process of this Python process: starting one for each month of a run would take longer than reading it."""


def _process(limits: InputLimits) -> _Process:
    """The process that reads within these limits, started where there is none."""
    if not _running or not _running[0].is_alive or _running[0].limits != limits:
        end_reader()
        _running.append(_Process(limits))
    return _running[0]


@atexit.register
def end_reader() -> None:
    """Ends the process that reads, if there is one."""
    while _running:
        _running.pop().end()


def _needs_memory(limits: InputLimits) -> str:
    return (
        f"the file is damaged, or reading it needs more than {limits.memory_mb:,} MB of memory: delete empty "
        "columns and rows around the table of a workbook, or export a large table in several files"
    )
