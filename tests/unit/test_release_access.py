"""Who may read what of a release, whatever the umask; the two manifests; what an earlier version left open."""

import json
import os
from pathlib import Path

import pytest

from pipelines.calendar import Month
from pipelines.errors import WarehouseError
from pipelines.progress import Progress
from pipelines.publish.release_access import give_modes, make_public_folder
from pipelines.publish.release_manifest import checksums, public_tables, write_manifests
from pipelines.publish.write_release import _begin, _protect_earlier_releases
from pipelines.settings import DataFolder

FILES = ("open/mart.parquet", "report/888/page.html", "restricted/quality/gates.json", "restricted/fct.parquet")
LEFT_OUT = {
    "indicator_id": "care_leavers",
    "la_code": "888",
    "month": "2019-08",
    "extract_month": "2019-08",
    "reason": "no cell could be proven",
}


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def write(release: Path, *files: str) -> Path:
    for name in files:
        (release / name).parent.mkdir(parents=True, exist_ok=True)
        (release / name).write_text(name, encoding="utf-8")
    return release


def modes(release: Path) -> dict[str, str]:
    return {
        path.relative_to(release.parent).as_posix(): oct(path.stat().st_mode & 0o7777)
        for path in (release, *sorted(release.rglob("*")))
    }


def test_modes_do_not_depend_on_the_umask(tmp_path, umask):
    release = write(tmp_path / "r", *FILES, "manifest.json", "restricted/manifest.json", "stray.txt")
    # a file that was there with a wider mode
    (release / "restricted" / "fct.parquet").chmod(0o666)
    (release / "open" / "mart.parquet").chmod(0o666)
    give_modes(release)
    assert modes(release) == {
        "r": "0o755",
        "r/manifest.json": "0o644",
        "r/open": "0o755",
        "r/open/mart.parquet": "0o644",
        "r/report": "0o755",
        "r/report/888": "0o755",
        "r/report/888/page.html": "0o644",
        "r/restricted": "0o700",
        "r/restricted/fct.parquet": "0o600",
        "r/restricted/manifest.json": "0o600",
        "r/restricted/quality": "0o700",
        "r/restricted/quality/gates.json": "0o600",
        "r/stray.txt": "0o600",
    }


def test_a_release_in_work_is_its_owners_only_and_its_folders_can_be_reached(tmp_path, umask):
    folder = DataFolder(tmp_path)
    draft = _begin(folder, Month(2019, 8))
    assert draft.path.stat().st_mode & 0o777 == 0o700
    for reached in (folder.releases, folder.releases.parent):
        assert reached.stat().st_mode & 0o777 == 0o755


def test_a_folder_that_is_there_keeps_its_mode(tmp_path):
    (tmp_path / "marts").mkdir(mode=0o750)
    make_public_folder(tmp_path / "marts" / "releases")
    assert (tmp_path / "marts").stat().st_mode & 0o777 == 0o750


def test_what_an_earlier_version_left_open_is_closed_and_nothing_is_opened(tmp_path):
    folder = DataFolder(tmp_path)
    old = write(folder.releases / "2019-07_a", *FILES, "manifest.json", "quality/gates.json")
    new = write(folder.releases / "2019-08_a", *FILES, "manifest.json", "restricted/manifest.json")
    for path in (*old.rglob("*"), *new.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (old / "open").chmod(0o700)
    (old / "restricted" / "link").symlink_to(write(tmp_path / "outside", "file") / "file")
    (tmp_path / "outside" / "file").chmod(0o666)
    _protect_earlier_releases(folder, Progress())
    closed = modes(old)
    assert {name: mode for name, mode in closed.items() if "restricted" not in name} == {
        "2019-07_a": "0o755",
        "2019-07_a/manifest.json": "0o600",
        "2019-07_a/open": "0o700",
        "2019-07_a/open/mart.parquet": "0o644",
        "2019-07_a/quality": "0o700",
        "2019-07_a/quality/gates.json": "0o600",
        "2019-07_a/report": "0o755",
        "2019-07_a/report/888": "0o755",
        "2019-07_a/report/888/page.html": "0o644",
    }
    assert closed["2019-07_a/restricted/quality/gates.json"] == "0o600"
    assert modes(new)["2019-08_a/manifest.json"] == "0o644"
    assert (tmp_path / "outside" / "file").stat().st_mode & 0o777 == 0o666


def test_a_mode_that_cannot_be_changed_is_a_warning(tmp_path, monkeypatch):
    folder, said = DataFolder(tmp_path), []
    write(folder.releases / "2019-07_a", "quality/gates.json")

    def refused(path, mode) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "chmod", refused)
    progress = Progress()
    monkeypatch.setattr(progress, "warning", said.append)
    _protect_earlier_releases(folder, progress)
    (line,) = said
    assert "2019-07_a" in line
    assert "Operation not permitted" in line


def test_the_public_manifest_has_no_row_count_and_no_table_of_the_restricted_part(tmp_path):
    write(tmp_path, *FILES)
    tables = [
        {"table": "mart", "file": "open/mart.parquet", "rows": 12, "sha256": "a", "columns": []},
        {"table": "fct", "file": "restricted/fct.parquet", "rows": 345, "sha256": "b", "columns": []},
    ]
    public = {"release_id": "r", "left_out_of_open": [LEFT_OUT], "tables": public_tables(tables)}
    full = write_manifests(tmp_path, public, {"drops": [{"rows_read": 345}], "tables": tables})
    written = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert written["tables"] == [{"table": "mart", "file": "open/mart.parquet", "sha256": "a", "columns": []}]
    assert written["left_out_of_open"] == [LEFT_OUT]
    assert [file["file"] for file in written["files"]] == ["open/mart.parquet", "report/888/page.html"]
    assert "345" not in json.dumps(written | {"files": []})
    assert full["tables"] == tables
    assert json.loads((tmp_path / "restricted" / "manifest.json").read_text(encoding="utf-8")) == full


@pytest.mark.parametrize(
    "row",
    [
        LEFT_OUT | {"numerator": "3"},
        LEFT_OUT | {"reason": "only 3 children"},
        LEFT_OUT | {"month": 3},
        {name: text for name, text in LEFT_OUT.items() if name != "reason"},
    ],
)
def test_a_row_left_out_is_named_without_a_number(tmp_path, row):
    write(tmp_path, *FILES)
    with pytest.raises(WarehouseError, match="left_out_of_open"):
        write_manifests(tmp_path, {"left_out_of_open": [row], "tables": []}, {})


def test_checksums_are_of_the_files_that_may_leave(tmp_path):
    write(tmp_path, *FILES)
    assert [entry["file"] for entry in checksums(tmp_path, ("open", "report", "gone"))] == list(FILES[:2])
