"""Going back to an earlier release, from releases made by hand."""

import fcntl
import hashlib
import json
from pathlib import Path

import pytest
from hand_made_releases import write_release

from pipelines.cli import main
from pipelines.publish import current_release, releases
from pipelines.settings import DataFolder

FIRST, SECOND = "2019-07_20190802T070000Z", "2019-08_20190902T070000Z"


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    """Two releases of one table each; the second is the latest."""
    data = DataFolder(tmp_path)
    for release_id in (FIRST, SECOND):
        write_release(data, release_id, {"open/mart": f"select '{release_id}' as id"})
    data.latest.symlink_to(Path("releases") / SECOND)
    return data


def roll_back(folder: DataFolder, release_id: str) -> int:
    return main(["rollback", "--data", str(folder.root), release_id])


def test_latest_is_the_release_that_was_asked_for_and_none_is_lost(folder, capfd):
    assert roll_back(folder, FIRST) == 0
    assert FIRST.encode() in (folder.latest / "open" / "mart.parquet").read_bytes()
    assert [release.id for release in releases(folder)] == [FIRST, SECOND]
    assert FIRST in capfd.readouterr().out
    assert roll_back(folder, SECOND) == 0
    assert current_release(folder).id == SECOND


def test_a_release_of_an_earlier_version_is_not_for_handing_out(folder, capfd):
    (folder.releases / FIRST / "restricted" / "manifest.json").unlink()
    assert main(["releases", "--data", str(folder.root)]) == 0
    assert "earlier version" in capfd.readouterr().out
    assert roll_back(folder, FIRST) == 0
    assert "do not hand it out beside newer releases" in capfd.readouterr().err
    assert roll_back(folder, SECOND) == 0
    assert capfd.readouterr().err == ""


def test_a_reader_of_the_other_release_keeps_its_files(folder):
    with (folder.latest / "open" / "mart.parquet").open("rb") as opened:
        assert roll_back(folder, FIRST) == 0
        assert SECOND.encode() in opened.read()


def spoil(folder: DataFolder, how: str) -> None:
    file = folder.releases / FIRST / "open" / "mart.parquet"
    if how == "missing":
        file.unlink()
    else:
        file.write_text("other figures", encoding="utf-8")


@pytest.mark.parametrize(
    ("how", "words"), [("missing", "open/mart.parquet is missing"), ("changed", "open/mart.parquet differs")]
)
def test_a_release_that_is_not_as_it_was_published_is_refused(folder, capfd, how, words):
    spoil(folder, how)
    assert roll_back(folder, FIRST) == 4
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert FIRST in line
    assert words in line
    assert current_release(folder).id == SECOND


def test_a_page_that_was_changed_is_refused_too(folder, capfd):
    page = folder.releases / FIRST / "report" / "index.html"
    page.parent.mkdir()
    page.write_text("figures", encoding="utf-8")
    manifest = folder.releases / FIRST / "restricted" / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["files"] = [{"file": "report/index.html", "sha256": hashlib.sha256(b"figures").hexdigest()}]
    manifest.write_text(json.dumps(content), encoding="utf-8")
    assert roll_back(folder, FIRST) == 0
    assert roll_back(folder, SECOND) == 0
    page.write_text("other figures", encoding="utf-8")
    assert roll_back(folder, FIRST) == 4
    assert "report/index.html differs" in capfd.readouterr().err


def test_a_release_that_is_not_there_is_wrong_usage_with_the_nearest_one(folder, capfd):
    assert roll_back(folder, FIRST[:-3]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert f"there is no release {FIRST[:-3]}" in line
    assert f"did you mean {FIRST}?" in line
    assert current_release(folder).id == SECOND


def test_nothing_is_switched_during_a_run(folder, capfd):
    folder.warehouse.mkdir()
    with folder.run_lock.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert roll_back(folder, FIRST) == 1
    assert "another run is going on" in capfd.readouterr().err
    assert current_release(folder).id == SECOND
