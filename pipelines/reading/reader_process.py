"""The process that reads files, one request after the other, within limits of memory and time.

`reader.py` starts it, and starts another when this one ended. It knows no key, no working file and no delivered
folder: a request names the private copy of a file, and a folder for the tables that were read from it.
"""

import contextlib
import errno
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.reading.file_checks import UnreadableError
from pipelines.reading.file_outline import outline
from pipelines.reading.file_reading import (
    LINES,
    csv_lines,
    header_names,
    read_table,
    sheet_names,
    sheet_rows,
)
from pipelines.settings import InputLimits

Answer = dict[str, Any]
Request = Mapping[str, Any]
LINE = "line"
TABLE, RAGGED, HEADER, SHEETS, ROWS, LINES_OF_TEXT = "table", "ragged", "header", "sheets", "rows", "lines"
OUTLINE = "outline"
READY = b"ready"
OUT_OF_MEMORY = "out of memory"
"""What an answer says of a file that needs more memory than the limit."""


def main() -> None:
    """Answers requests until the process that started this one closes the connection or ends."""
    connection, limits = Connection(int(sys.argv[1])), InputLimits(**json.loads(sys.argv[2]))
    os.umask(0o077)
    # whoever stops the run by hand stops the other process, which ends this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(limits)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send_bytes(READY)
        while True:
            request = json.loads(connection.recv_bytes())
            connection.send_bytes(json.dumps(_answer(request, limits)).encode())


def _answer(request: Request, limits: InputLimits) -> Answer:
    _limit_processor_time(limits)
    folder = Path(request["folder"])
    try:
        data = Path(request["path"]).read_bytes()
        return {"facts": _OPERATIONS[request["operation"]](request, data, folder, limits)}
    except UnreadableError as fault:
        return {"fault": str(fault)}
    except MemoryError:
        return {"fault": OUT_OF_MEMORY}
    except OSError as fault:
        return {"errno": error_number(fault), "file": str(fault.filename or folder)}
    except BaseException as fault:
        # a panic in Rust is no Exception; the text of an error of a package may quote a cell
        return {"fault": f"the file is damaged or of no known form ({type(fault).__name__}): export it again"}


def error_number(fault: OSError) -> int:
    """The system's number of an error. Polars gives it in words: `No space left on device (os error 28)`."""
    if fault.errno is not None:
        return fault.errno
    match = re.search(r"\(os error (\d+)\)", str(fault))
    return int(match[1]) if match else errno.EIO


def _limit_memory(limits: InputLimits) -> None:
    """Counts memory that can be written to, not addresses: packages reserve far more of those than they use."""
    size, (_, hard) = limits.memory_mb << 20, resource.getrlimit(resource.RLIMIT_DATA)
    size = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_processor_time(limits: InputLimits) -> None:
    """Ends this process some time after the other one stopped waiting, also where that one was killed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 2 * limits.seconds * (os.cpu_count() or 1)
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _read_whole(request: Request, data: bytes, folder: Path, limits: InputLimits) -> Answer:
    table = read_table(request["name"], data, limits, request.get("known", ()))
    numbered = table.frame.rename({name: str(number) for number, name in enumerate(table.columns)})
    _write(numbered.with_columns(table.line_numbers.alias(LINE)), folder / TABLE, limits)
    if table.ragged:
        rows = [(row.line_number, row.fields) for row in table.ragged]
        _write(pl.DataFrame(rows, schema=LINES, orient="row"), folder / RAGGED, limits)
    facts = {"headers": table.headers, "columns": table.columns, "notes": table.notes}
    return {**facts, "is_ragged": bool(table.ragged)}


def _read_header(request: Request, data: bytes, folder: Path, limits: InputLimits) -> list[str]:
    return header_names(request["name"], data, limits)


def _read_sheets(request: Request, data: bytes, folder: Path, limits: InputLimits) -> list[str]:
    return sheet_names(data, limits)


def _read_rows(request: Request, data: bytes, folder: Path, limits: InputLimits) -> None:
    _write(sheet_rows(data, request["sheet"], request["rows"], limits), folder / ROWS, limits)


def _read_outline(request: Request, data: bytes, folder: Path, limits: InputLimits) -> Answer:
    return asdict(outline(data, limits))


def _read_lines(request: Request, data: bytes, folder: Path, limits: InputLimits) -> None:
    _write(csv_lines(request["name"], data, limits), folder / LINES_OF_TEXT, limits)


_OPERATIONS: Mapping[str, Callable[[Request, bytes, Path, InputLimits], Any]] = {
    TABLE: _read_whole,
    HEADER: _read_header,
    SHEETS: _read_sheets,
    ROWS: _read_rows,
    OUTLINE: _read_outline,
    LINES_OF_TEXT: _read_lines,
}


def _write(frame: pl.DataFrame, path: Path, limits: InputLimits) -> None:
    if frame.estimated_size() > limits.unpacked_mb << 20:
        raise UnreadableError(
            f"the table unpacks to more than {limits.unpacked_mb:,} MB: export it in several files"
        )
    with path.open("wb") as file:
        frame.write_ipc(file, compression="uncompressed")


if __name__ == "__main__":
    main()
