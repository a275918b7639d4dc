"""When dbt reads its project, and when its manifest of the last time will do."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import pipelines.transform
from pipelines.settings import DataFolder
from pipelines.transform import has_manifest, manifest_path, project

Change = Callable[[DataFolder, Path, pytest.MonkeyPatch], None]


@pytest.fixture
def read(tmp_path, monkeypatch) -> list[DataFolder]:
    """The folders for which dbt read the project. The project is one model; its manifest is a line."""
    (tmp_path / "project" / "models").mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml", "selectors.yml", "models/a.sql"):
        (tmp_path / "project" / name).write_text("as it was")
    folders: list[DataFolder] = []

    def parse(folder: DataFolder) -> None:
        folders.append(folder)
        folder.dbt_target.mkdir(parents=True, exist_ok=True)
        folder.dbt_manifest.write_text(f"manifest {len(folders)}")

    monkeypatch.setattr(project, "DBT_PROJECT", tmp_path / "project")
    monkeypatch.setattr(pipelines.transform, "dbt_commands", SimpleNamespace(parse=parse), raising=False)
    new_process(monkeypatch)
    return folders


def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "_READ", {})


def test_another_process_finds_the_manifest_and_leaves_the_project_unread(read, tmp_path, monkeypatch):
    folder = DataFolder(tmp_path / "data")
    path = manifest_path(folder)
    new_process(monkeypatch)
    assert (manifest_path(folder), path.read_text(), has_manifest(folder)) == (path, "manifest 1", True)
    assert read == [folder]


def change_a_model(folder: DataFolder, dbt_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dbt_project / "models" / "a.sql").write_text("changed")


def add_a_test(folder: DataFolder, dbt_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dbt_project / "tests").mkdir()
    (dbt_project / "tests" / "b.sql").write_text("")


def install_another_dbt(folder: DataFolder, dbt_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "version", lambda package: "9.9")


def cut_the_manifest(folder: DataFolder, dbt_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.dbt_manifest.write_text("mani")


def lose_the_mark(folder: DataFolder, dbt_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.manifest_mark.unlink()


@pytest.mark.parametrize(
    "change", [change_a_model, add_a_test, install_another_dbt, cut_the_manifest, lose_the_mark]
)
def test_dbt_reads_the_project_again_where_the_manifest_may_be_of_another(read, change, tmp_path, monkeypatch):
    folder = DataFolder(tmp_path / "data")
    manifest_path(folder)
    change(folder, tmp_path / "project", monkeypatch)
    new_process(monkeypatch)
    assert not has_manifest(folder)
    assert manifest_path(folder).read_text() == "manifest 2"
    assert has_manifest(folder)


def test_a_second_folder_gets_what_the_first_was_read_for(read, tmp_path):
    first, second = DataFolder(tmp_path / "first"), DataFolder(tmp_path / "second")
    manifest_path(first)
    assert manifest_path(second).read_text() == "manifest 1"
    assert (has_manifest(second), read) == (True, [first])
