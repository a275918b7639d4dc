"""Reads the dictionary of the current project from the right manifest of dbt."""

import tempfile
from pathlib import Path

from pipelines.dictionary.read_dictionary import Dictionary, read_dictionary
from pipelines.settings import DBT_PROJECT, DataFolder
from pipelines.transform import manifest_path

_DECIDES = {".sql", ".yml", ".csv"}


def dictionary_of(folder: DataFolder) -> Dictionary:
    """The dictionary of the current project.

    Reads the manifest of the last run if the project has not changed since, and otherwise a new manifest. Writes
    nothing into the data folder, because a run may be using it. Raises WarehouseError when dbt cannot read the
    project.
    """
    last_manifest = folder.dbt_manifest
    try:
        if last_manifest.stat().st_mtime >= _last_change():
            return read_dictionary(last_manifest)
    except (OSError, ValueError):
        # the manifest is missing, or a run is writing it
        pass
    with tempfile.TemporaryDirectory() as temporary:
        return read_dictionary(manifest_path(DataFolder(Path(temporary))))


def _last_change() -> float:
    return max(path.stat().st_mtime for path in DBT_PROJECT.rglob("*") if path.suffix in _DECIDES)
