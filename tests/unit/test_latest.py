"""`latest` as a link and as a file, and the lock of a run, where the system has neither links nor POSIX locks."""

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hand_made_releases import write_release

from pipelines.cli import main
from pipelines.month import file_lock
from pipelines.publish import current_release
from pipelines.publish.published import switch
from pipelines.settings import DataFolder

FIRST, SECOND = "2019-07_20190802T070000Z", "2019-08_20190902T070000Z"


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    data = DataFolder(tmp_path)
    for release_id in (FIRST, SECOND):
        write_release(data, release_id, {"open/mart": f"select '{release_id}' as id"})
    return data


def without_links(monkeypatch) -> None:
    def refused(*_arguments) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "symlink_to", refused)


def on_windows(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")


@pytest.mark.parametrize("system", [without_links, on_windows])
def test_where_there_are_no_links_latest_is_a_file_with_the_release(folder, monkeypatch, system):
    system(monkeypatch)
    switch(folder, FIRST)
    assert not folder.latest.is_symlink()
    assert folder.latest.read_text(encoding="utf-8") == f"{FIRST}\n"
    assert current_release(folder).id == FIRST
    switch(folder, SECOND)
    assert current_release(folder).path == folder.releases / SECOND
    assert sorted(path.name for path in folder.latest.parent.iterdir()) == ["latest", "releases"]


def test_where_there_are_links_latest_is_one(folder):
    switch(folder, FIRST)
    assert folder.latest.is_symlink()
    assert (folder.latest / "open" / "mart.parquet").is_file()


@pytest.mark.parametrize("first", ["a link", "a file"])
def test_a_link_and_a_file_take_each_others_place(folder, monkeypatch, first):
    with monkeypatch.context() as system:
        if first == "a file":
            without_links(system)
        switch(folder, FIRST)
    with monkeypatch.context() as system:
        if first == "a link":
            without_links(system)
        switch(folder, SECOND)
    assert current_release(folder).id == SECOND
    assert folder.latest.is_symlink() == (first == "a file")


def test_the_commands_follow_a_file(folder, monkeypatch, capfd):
    without_links(monkeypatch)
    switch(folder, SECOND)
    assert main(["rollback", "--data", str(folder.root), FIRST]) == 0
    assert main(["releases", "--data", str(folder.root)]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert ["current" in line for line in lines if FIRST in line and "latest is" not in line] == [True]


@pytest.mark.parametrize("text", ["", "\n", "2019-09_gone\n", "..\n", "/\n", "../releases\n"])
def test_a_file_that_names_no_release_is_none(folder, text):
    folder.latest.write_text(text, encoding="utf-8")
    assert current_release(folder) is None


def test_a_copied_file_may_end_otherwise_or_bear_the_folder(folder):
    for text in (SECOND, f"{SECOND}\r\n", f"releases/{SECOND}\n"):
        folder.latest.write_text(text, encoding="utf-8")
        assert current_release(folder).id == SECOND


@pytest.fixture
def windows_lock(monkeypatch):
    """The lock as Windows has it: no `fcntl`, and `msvcrt` that says no while a file is held."""
    held: set[int] = set()

    def locking(descriptor: int, mode: int, size: int) -> None:
        if held:
            raise PermissionError(13, "Permission denied")
        held.add(descriptor)

    with monkeypatch.context() as system:
        system.setattr(sys, "platform", "win32")
        system.setitem(sys.modules, "fcntl", None)
        system.setitem(sys.modules, "msvcrt", SimpleNamespace(LK_NBLCK=2, locking=locking))
        yield importlib.reload(file_lock)
    importlib.reload(file_lock)


def test_windows_locks_natively_and_says_it_alike(windows_lock, tmp_path):
    with (tmp_path / "run.lock").open("w") as one, (tmp_path / "run.lock").open("w") as other:
        windows_lock.hold(one)
        with pytest.raises(BlockingIOError):
            windows_lock.hold(other)


def test_posix_locks_for_one_at_a_time(tmp_path):
    with (tmp_path / "run.lock").open("w") as one:
        file_lock.hold(one)
        with (tmp_path / "run.lock").open("w") as other, pytest.raises(BlockingIOError):
            file_lock.hold(other)
    with (tmp_path / "run.lock").open("w") as another:
        file_lock.hold(another)
