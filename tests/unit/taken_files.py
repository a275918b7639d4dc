"""Bytes as a file that was taken to be read, for tests of what is made of it."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.reading.reader import TakenFile, file_reader
from pipelines.settings import DataFolder, InputLimits


@contextlib.contextmanager
def taken(name: str, data: bytes, limits: InputLimits | None = None) -> Iterator[TakenFile]:
    with (
        tempfile.TemporaryDirectory() as folder,
        file_reader(DataFolder(Path(folder)), limits or InputLimits()) as reader,
    ):
        path = Path(folder, name)
        path.write_bytes(data)
        yield reader.take(Path(folder), path)
