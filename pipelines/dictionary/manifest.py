"""Which of dbt's manifests the words are read from."""

import tempfile
from pathlib import Path

from pipelines.dictionary.words import Dictionary, read_dictionary
from pipelines.settings import DBT_PROJECT, DataFolder
from pipelines.transform import manifest_path

_DECIDES = {".sql", ".yml", ".csv"}


def dictionary_of(folder: DataFolder) -> Dictionary:
    """The words of the project as it stands: from the manifest that the last run left, if the project has not
    changed since, else from one made for the question.

    The data folder is left as it is: another run may be at work in it. Raises WarehouseError when dbt cannot read
    the project.
    """
    left = folder.dbt_manifest
    try:
        if left.stat().st_mtime >= _last_change():
            return read_dictionary(left)
    except (OSError, ValueError):
        # there is none, or a run is just writing it
        pass
    with tempfile.TemporaryDirectory() as room:
        return read_dictionary(manifest_path(DataFolder(Path(room))))


def _last_change() -> float:
    return max(path.stat().st_mtime for path in DBT_PROJECT.rglob("*") if path.suffix in _DECIDES)
