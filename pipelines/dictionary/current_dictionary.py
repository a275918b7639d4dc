"""Reads the dictionary of the current project from the right manifest of dbt."""

import tempfile
from pathlib import Path

from pipelines.dictionary.read_dictionary import Dictionary, read_dictionary
from pipelines.settings import DataFolder
from pipelines.transform import has_manifest, manifest_path


def dictionary_of(folder: DataFolder) -> Dictionary:
    """The dictionary of the current project.

    Reads the manifest of the last run if the project has not changed since, and otherwise a new manifest. Writes
    nothing into the data folder, because a run may be using it. Raises WarehouseError when dbt cannot read the
    project.
    """
    # a run that writes the manifest between the two replaces it whole
    if has_manifest(folder):
        return read_dictionary(folder.dbt_manifest)
    with tempfile.TemporaryDirectory() as temporary:
        return read_dictionary(manifest_path(DataFolder(Path(temporary))))
