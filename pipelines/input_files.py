"""Opens the files that people deliver: regular files in their own folder, never a link, a pipe or a device.

Belongs here: what may be opened, and how much of it is read. Does not belong here: what a file means. Every room
opens drops, published figures, reference files, commentary, waivers and archived files here
(`tests/project/test_who_opens_inputs.py`).
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipelines.settings import LARGEST_TEXT

BLOCK = 1 << 20
_AS_IT_IS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""A link is not followed, and a pipe that nobody writes to does not hold the process."""
_KINDS = (
    (stat.S_ISLNK, "a link", "put the file itself there"),
    (stat.S_ISDIR, "a folder", "put a file there"),
    (stat.S_ISFIFO, "a pipe", "put a file there"),
    (stat.S_ISSOCK, "a socket", "put a file there"),
    (stat.S_ISCHR, "a device", "put a file there"),
    (stat.S_ISBLK, "a device", "put a file there"),
)


class InputFileError(Exception):
    """The file is not opened, or not to its end. The message says why and what to do, without the file's name."""


def is_there(path: Path) -> bool:
    """Whether there is anything with this name, also a link to nothing: who looks for a file then says so."""
    return os.path.lexists(path)


def is_hidden(path: Path) -> bool:
    """Whether a system or an editor hides the file from people: `.name`, or Office's `~$name`."""
    return path.name.startswith((".", "~$"))


def is_link(root: Path, path: Path) -> bool:
    """Whether `path` or a folder between it and `root` is a link. `root` may be one that the installation made."""
    relative = path.relative_to(root)
    return any((root / part).is_symlink() for part in (relative, *relative.parents) if part.name)


@contextmanager
def open_input(root: Path, path: Path, largest: int) -> Iterator[BinaryIO]:
    """The file, open for reading its bytes. No part of `path` below `root` may be a link.

    Raises InputFileError if it is anything but a regular file, has more than `largest` bytes, or changed before
    the block ended.
    """
    try:
        descriptor = _open_below(root, path.relative_to(root))
    except OSError as fault:
        raise InputFileError(f"the file cannot be read: {fault.strerror}") from fault
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        _refuse_unless_file(before)
        if before.st_size > largest:
            raise InputFileError(_too_large(largest))
        yield file
        after = os.fstat(descriptor)
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise InputFileError("the file changed while it was read: run again when it is written completely")


def read_input(root: Path, path: Path, largest: int = LARGEST_TEXT, *, may_have_two_names: bool = True) -> bytes:
    """The bytes of the file. Raises InputFileError as `open_input` does.

    `may_have_two_names=False` refuses a hard link as well, whose other name may be that of a file which was never
    meant for us. A page shows commentary as it is; contracts and layouts guard the other files.
    """
    with open_input(root, path, largest) as file:
        if not may_have_two_names and os.fstat(file.fileno()).st_nlink > 1:
            raise InputFileError("it is a hard link, a file with a second name elsewhere: put a copy there")
        return _read(file, os.fstat(file.fileno()).st_size + 1)


def text_of_input(data: bytes) -> str:
    """UTF-8 bytes as text, without a mark of UTF-8 at their beginning. Raises InputFileError for other bytes."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputFileError("it is not UTF-8 text: save it as UTF-8") from fault


def copy_input(root: Path, path: Path, copy: BinaryIO, largest: int) -> str:
    """Copies the file block by block and returns its hex SHA-256. Raises InputFileError as `open_input` does."""
    checksum, copied = hashlib.sha256(), 0
    with open_input(root, path, largest) as file:
        size = os.fstat(file.fileno()).st_size
        # ends also where the file grows as fast as it is read
        while copied <= size and (block := _read(file, BLOCK)):
            checksum.update(block)
            copy.write(block)
            copied += len(block)
    return checksum.hexdigest()


def checksum_of_input(root: Path, path: Path, largest: int) -> str:
    """Hex SHA-256 of the file. Raises InputFileError as `open_input` does."""
    with Path(os.devnull).open("wb") as nowhere:
        return copy_input(root, path, nowhere, largest)


def _read(file: BinaryIO, size: int) -> bytes:
    """The next bytes. What else fails, such as writing a copy, is no fault of the file."""
    try:
        return file.read(size)
    except OSError as fault:
        raise InputFileError(f"the file cannot be read: {fault.strerror}") from fault


def _open_below(root: Path, relative: Path) -> int:
    """A descriptor of the file, opened folder by folder, so that none can be exchanged for a link meanwhile."""
    *folders, name = relative.parts
    if ".." in relative.parts:
        raise InputFileError("its path leads out of its folder")
    folder = os.open(root, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        for part in folders:
            inner = _open_part(part, folder, os.O_DIRECTORY, "its folder is a link: put the folder itself there")
            os.close(folder)
            folder = inner
        # looked at first: only opening a device may already do something
        _refuse_unless_file(os.stat(name, dir_fd=folder, follow_symlinks=False))
        return _open_part(name, folder, 0, "it is a link: put the file itself there")
    finally:
        os.close(folder)


def _open_part(name: str, folder: int, flags: int, if_link: str) -> int:
    try:
        return os.open(name, _AS_IT_IS | flags, dir_fd=folder)
    except OSError as fault:
        is_told = fault.errno in (errno.ELOOP, errno.EMLINK, errno.ENOTDIR)
        if is_told and stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise InputFileError(if_link) from fault
        raise


def _refuse_unless_file(state: os.stat_result) -> None:
    for is_kind, kind, remedy in _KINDS:
        if is_kind(state.st_mode):
            raise InputFileError(f"it is {kind}, not a file: {remedy}")


def _too_large(largest: int) -> str:
    size = f"{largest / BLOCK:,.0f} MB" if largest >= BLOCK else f"{largest / 1024:,.0f} kB"
    return f"the file has more than {size}, the most that is read"
