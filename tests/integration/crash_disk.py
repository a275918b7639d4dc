"""Disks that are too small and folders that cannot be written to, where the machine lets a test make them."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

BLOCK = 4096


@dataclass(frozen=True)
class SmallDisk:
    """A disk of its own below a folder."""

    path: Path

    def make_room(self) -> None:
        """Enough for whatever comes."""
        _mount("-o", "remount,size=2g", str(self.path))


@contextmanager
def small_disk(path: Path, spare: int) -> Iterator[SmallDisk]:
    """Puts what is in a folder on a disk that has `spare` bytes left. Skips the test where none can be mounted."""
    # beside the data folder: a run names what lies in it and is not read
    content = path.parent.with_name(f"{path.parent.name} {path.name} aside")
    path.rename(content)
    path.mkdir()
    # what a folder or a file takes on such a disk: whole blocks
    used = sum(-(-place.stat().st_size // BLOCK) for place in content.rglob("*") if place.is_file()) * BLOCK
    try:
        _mount("-t", "tmpfs", "-o", f"size={used + spare}", "tmpfs", str(path))
        try:
            subprocess.run(["cp", "-a", f"{content}/.", str(path)], check=True)
            yield SmallDisk(path)
        finally:
            subprocess.run(["umount", str(path)], check=True)
    finally:
        shutil.rmtree(content)


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """Makes a folder one that nobody can write to. Skips the test where that needs rights that it has not."""
    _mount("--bind", str(path), str(path))
    try:
        _mount("-o", "remount,ro,bind", str(path))
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)


def _mount(*arguments: str) -> None:
    try:
        done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
