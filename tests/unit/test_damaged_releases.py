"""Releases with a damaged manifest, or a link in their folder: named in one line, and left alone."""

import json
import os
from pathlib import Path

import pytest
from hand_made_releases import write_release

from pipelines.cli import main
from pipelines.errors import BadInputError
from pipelines.publish import current_release, damaged_releases, releases, remove_old_releases
from pipelines.publish.published import (
    last_release,
    listed_releases,
    newest_as_published,
    newest_release,
    switch,
)
from pipelines.settings import DataFolder

FIRST, SECOND, THIRD = (f"2019-0{month}_20190{month + 1}02T070000Z" for month in (6, 7, 8))


@pytest.fixture(params=["manifest.json", "restricted/manifest.json"])
def full_manifest(request) -> str:
    """Where the full manifest is: in a release of an earlier version, and in one of today."""
    return request.param


@pytest.fixture
def folder(tmp_path, full_manifest) -> DataFolder:
    """Three releases; the newest is the latest."""
    data = DataFolder(tmp_path)
    for release_id in (FIRST, SECOND, THIRD):
        tables = {"open/mart": "select 1 as figure"}
        write_release(data, release_id, tables, tuple(dict.fromkeys(("manifest.json", full_manifest))))
    switch(data, THIRD)
    return data


def release_of(path: Path) -> Path:
    """The folder of the release that a manifest is in."""
    return path.parent.parent if path.parent.name == "restricted" else path.parent


def overwrite(content: str | bytes):
    def spoil(manifest: Path) -> None:
        manifest.write_bytes(content.encode() if isinstance(content, str) else content)

    return spoil


def changed(**values):
    def spoil(manifest: Path) -> None:
        content = json.loads(manifest.read_text(encoding="utf-8")) | values
        manifest.write_text(json.dumps(content), encoding="utf-8")

    return spoil


def replaced_by(make):
    def spoil(manifest: Path) -> None:
        manifest.unlink()
        make(manifest)

    return spoil


def link_to_a_copy(manifest: Path) -> None:
    outside = release_of(manifest).parents[2] / "outside.json"
    outside.write_bytes(manifest.read_bytes())
    manifest.unlink()
    manifest.symlink_to(outside)


def folder_that_is_a_link(manifest: Path) -> None:
    release = release_of(manifest)
    release.rename(release.parents[2] / "elsewhere")
    release.symlink_to(release.parents[2] / "elsewhere", target_is_directory=True)


def link_of_a_table(manifest: Path) -> None:
    table = release_of(manifest) / "open" / "mart.parquet"
    table.unlink()
    table.symlink_to("/etc/hostname")
    (table.parent / "a\nb").symlink_to("/etc/hostname")


WAYS = {
    "empty": overwrite(""),
    "cut off": overwrite('{"created_at": "2019-0'),
    "binary": overwrite(b"\xff\xfe\x00\x80"),
    "a list": overwrite("[]"),
    "a text": overwrite('"manifest"'),
    "nested": overwrite("[" * 100_000),
    "a number of many digits": overwrite('{"created_at": ' + "9" * 10_000 + "}"),
    "missing": Path.unlink,
    "a folder": replaced_by(Path.mkdir),
    "a pipe": replaced_by(os.mkfifo),
    "a link": link_to_a_copy,
    "a dangling link": replaced_by(lambda path: path.symlink_to("gone")),
    "a table that is a link": link_of_a_table,
    "a release that is a link": folder_that_is_a_link,
    "no tables": changed(tables=None),
    "a month that is none": changed(extract_month="August\n\x1b[2J"),
    "a time that is none": changed(created_at="yester\nday"),
    "a time without a zone": changed(created_at="2019-08-02T07:00:00"),
    "a table outside": changed(tables=[{"table": "a", "file": "../a", "sha256": "", "rows": 1, "columns": []}]),
    "drops of another form": changed(drops=[{"la_code": "888"}]),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_release_is_listed_and_left_alone(folder, full_manifest, way, capfd):
    if way == "missing" and full_manifest != "manifest.json":
        (folder.releases / FIRST / "manifest.json").write_text("{}", encoding="utf-8")
    WAYS[way](folder.releases / FIRST / full_manifest)
    assert [release.id for release in releases(folder)] == [SECOND, THIRD]
    (damaged,) = damaged_releases(folder)
    assert damaged.id == FIRST
    assert str(damaged).isprintable()
    # a run does not look into folders of releases that it does not use
    listed, warned = listed_releases(folder)
    found = "a table that is a link" not in way
    assert [release.id for release in listed] == [*([] if found else [FIRST]), SECOND, THIRD]
    assert list(map(str, warned)) == ([str(damaged)] if found else [])
    assert main(["releases", "--data", str(folder.root)]) == 0
    assert "damaged" in capfd.readouterr().out
    assert main(["rollback", "--data", str(folder.root), FIRST]) == 4
    assert len(capfd.readouterr().err.splitlines()) == 1
    assert main(["rollback", "--data", str(folder.root), SECOND]) == 0
    assert main(["rollback", "--data", str(folder.root), THIRD]) == 0
    assert [release.id for release in remove_old_releases(folder, 1)] == [SECOND]
    assert os.path.lexists(folder.releases / FIRST)
    assert main(["status", "--data", str(folder.root)]) == 0


@pytest.mark.parametrize("way", ["cut off", "no tables", "a release that is a link", "a table that is a link"])
def test_instead_of_a_damaged_current_release_the_newest_other_is_compared(folder, full_manifest, way, capfd):
    WAYS[way](folder.releases / THIRD / full_manifest)
    assert current_release(folder) is None
    assert last_release(folder).id == newest_release(folder).id == SECOND
    assert remove_old_releases(folder, 1) == []
    capfd.readouterr()
    assert main(["feedback", "--data", str(folder.root)]) == 4
    (line,) = capfd.readouterr().err.splitlines()
    assert f"release {THIRD} is damaged" in line
    assert main(["status", "--data", str(folder.root)]) == 0


def test_a_release_whose_public_manifest_is_damaged_is_damaged(folder):
    (folder.releases / FIRST / "manifest.json").write_text("{", encoding="utf-8")
    (damaged,) = damaged_releases(folder)
    assert str(damaged) == f"release {FIRST} is damaged: manifest.json is no JSON"


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"PAR1")])
def test_what_was_hidden_is_read_from_the_newest_release_that_is_as_published(folder, spoil):
    names = {"open/mart"}
    assert newest_as_published(folder, names)[0].id == THIRD
    for release_id, next_one in ((THIRD, SECOND), (SECOND, FIRST)):
        spoil(folder.releases / release_id / "open" / "mart.parquet")
        release, faults = newest_as_published(folder, names)
        assert release.id == next_one
        assert all("open/mart.parquet" in fault for fault in faults)
        assert faults
    spoil(folder.releases / FIRST / "open" / "mart.parquet")
    with pytest.raises(BadInputError, match=r"no release shows what was hidden before: .*open/mart.parquet"):
        newest_as_published(folder, names)


def test_before_the_first_release_nothing_was_hidden(tmp_path):
    assert newest_as_published(DataFolder(tmp_path), {"open/mart"}) == (None, [])


def test_latest_that_leads_out_of_the_releases_names_none(folder, tmp_path):
    outside = tmp_path / "outside" / THIRD
    (folder.releases / THIRD).rename(tmp_path / THIRD)
    outside.parent.mkdir()
    (tmp_path / THIRD).rename(outside)
    folder.latest.unlink()
    folder.latest.symlink_to(outside)
    assert current_release(folder) is None
    assert last_release(folder).id == SECOND


def test_the_releases_may_lie_on_another_disk(folder, tmp_path):
    folder.releases.rename(tmp_path / "disk")
    folder.releases.symlink_to(tmp_path / "disk", target_is_directory=True)
    assert current_release(folder).id == THIRD
