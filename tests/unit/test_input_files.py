"""What is opened as an input, and what is refused: links, pipes, devices, too much of it."""

import contextlib
import os
import socket
import threading
from pathlib import Path

import pytest

from pipelines.errors import BadInputError, UsageError
from pipelines.input_files import InputFileError, checksum_of_input, is_link, open_input, read_input
from pipelines.quality.waivers import standing_waivers
from pipelines.reference import read_reference
from pipelines.report.commentary import commentary
from pipelines.settings import LARGEST_COMMENTARY, DataFolder

SECRET = "the pseudonym key of this installation"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of inputs, beside a file that must not be read."""
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "key.md").write_text(SECRET)
    (tmp_path / "inputs" / "888").mkdir(parents=True)
    return tmp_path / "inputs"


def link(path: Path) -> None:
    path.symlink_to(path.parents[2] / "private" / "key.md")


def link_within_the_folder(path: Path) -> None:
    (path.parent / "other.md").write_text(SECRET)
    path.symlink_to("other.md")


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing")


def socket_(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(path.parent):
        listening.bind(path.name)


def unreadable(path: Path) -> None:
    path.write_text("x")
    path.chmod(0)


MADE = {
    "a link": link,
    "a link within the folder": link_within_the_folder,
    "a link to nothing": link_to_nothing,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": os.mkfifo,
    "a socket": socket_,
    "a folder": Path.mkdir,
    "a large file": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 1 << 40),
}
if os.geteuid() != 0:
    MADE["a file without permission"] = unreadable


@pytest.mark.parametrize("kind", MADE)
def test_what_is_no_plain_file_is_refused_at_once_and_its_content_is_never_told(root, kind):
    MADE[kind](root / "888" / "words.md")
    with pytest.raises(InputFileError) as raised:
        read_input(root, root / "888" / "words.md", 1000)
    assert SECRET not in str(raised.value)
    if "link" in kind:
        assert str(raised.value) == "it is a link, not a file: put the file itself there"


def test_a_folder_on_the_way_that_is_a_link_is_refused_and_the_folder_of_all_inputs_may_be_one(root, tmp_path):
    (root / "888" / "words.md").write_text("words")
    (root / "889").symlink_to(root / "888")
    (tmp_path / "installed").symlink_to(root)
    with pytest.raises(InputFileError, match="its folder is a link"):
        read_input(root, root / "889" / "words.md")
    assert is_link(root, root / "889" / "words.md")
    through = tmp_path / "installed"
    assert read_input(through, through / "888" / "words.md") == b"words"
    assert not is_link(through, through / "888" / "words.md")


def test_a_path_does_not_lead_out_of_its_folder(root):
    with pytest.raises(InputFileError, match="leads out of its folder"):
        read_input(root, root / "888" / ".." / ".." / "private" / "key.md")


def test_a_device_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="it is a device"):
        read_input(Path("/dev"), Path("/dev/null"))


def test_a_file_is_read_up_to_its_limit(root):
    file = root / "888" / "words.md"
    file.write_bytes(b"x" * 1000)
    assert read_input(root, file, 1000) == b"x" * 1000
    with pytest.raises(InputFileError, match="the file has more than 1 kB, the most that is read"):
        checksum_of_input(root, file, 999)


def test_a_file_that_grows_while_it_is_read_is_refused(root):
    file = root / "888" / "words.md"
    file.write_bytes(b"x")
    with pytest.raises(InputFileError, match="the file changed while it was read"), open_input(root, file, 1000):
        file.write_bytes(b"xy")


def test_a_file_that_is_exchanged_for_a_link_meanwhile_is_never_followed(root):
    """Two threads: one exchanges the file and a link to the secret all the time, the other reads."""
    file, spare, trap = (root / "888" / name for name in ("words.md", "spare.md", "trap.md"))
    file.write_text("words")
    done = threading.Event()

    def exchange() -> None:
        while not done.is_set():
            trap.symlink_to(root.parent / "private" / "key.md")
            trap.replace(file)
            spare.write_text("words")
            spare.replace(file)

    exchanging = threading.Thread(target=exchange)
    exchanging.start()
    read, refused = set(), 0
    for _ in range(2000):
        try:
            read.add(read_input(root, file))
        except InputFileError:
            refused += 1
    done.set()
    exchanging.join()
    assert read == {b"words"} and refused


@pytest.mark.parametrize("kind", MADE)
def test_commentary_shows_plain_files_only(root, kind):
    (root / "888" / "2019-08").mkdir()
    file = root / "888" / "2019-08" / "index.md"
    if kind == "a large file":
        file.write_bytes(b"x" * (LARGEST_COMMENTARY + 1))
    elif kind == "a link":
        file.symlink_to(root.parent / "private" / "key.md")
    else:
        MADE[kind](file)
    shown = commentary(root, "888", "2019-08", set())
    assert shown.html == {}
    assert any("2019-08: index.md is not shown: " in line and SECRET not in line for line in shown.warnings)


def test_commentary_shows_no_file_with_a_second_name_and_lists_no_other_folder(root):
    (root / "888" / "2019-08").mkdir()
    os.link(root.parent / "private" / "key.md", root / "888" / "2019-08" / "index.md")
    shown = commentary(root, "888", "2019-08", set())
    assert shown.html == {} and "it is a hard link" in shown.warnings[0]
    (root / "888" / "2019-09").symlink_to(root.parent / "private")
    assert commentary(root, "888", "2019-09", set()).warnings == [
        "commentary 888 2019-09 is not shown: its folder is a link"
    ]


@pytest.mark.parametrize("kind", MADE)
def test_the_populations_are_read_from_a_plain_file(tmp_path, kind):
    folder = DataFolder(tmp_path / "inputs")
    folder.reference.mkdir(parents=True)
    (tmp_path / "private").mkdir()
    MADE[kind](folder.reference / "population.csv")
    with pytest.raises(BadInputError, match=r"population\.csv: "):
        read_reference(folder)


@pytest.mark.parametrize("content", [None, "[" * 100_000])
def test_waivers_are_read_from_a_plain_file_that_is_not_nested_without_end(tmp_path, monkeypatch, content):
    path = tmp_path / "waivers.yml"
    monkeypatch.setattr("pipelines.quality.waivers.STANDING", path)
    if content is None:
        os.mkfifo(path)
    else:
        path.write_text(content)
    with pytest.raises(UsageError, match=r"expectations/waivers\.yml is not "):
        standing_waivers()
