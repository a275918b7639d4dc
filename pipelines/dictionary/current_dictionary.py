"""Reads the dictionary of the current project from the right manifest of dbt."""

import tempfile
from pathlib import Path

from pipelines.dictionary.indicators import own_numbers
from pipelines.dictionary.read_dictionary import Dictionary, read_dictionary
from pipelines.reference import own_rows
from pipelines.settings import DataFolder
from pipelines.transform import has_manifest, manifest_path


def dictionary_of(folder: DataFolder) -> Dictionary:
    """The dictionary of the current project, with the numbers and targets that the authorities set themselves.

    Reads the manifest of the last run if the project has not changed since, and otherwise a new manifest. Writes
    nothing into the data folder, because a run may be using it. Raises WarehouseError when dbt cannot read the
    project, BadInputError for a faulty file of `raw/reference/`.
    """
    # a run that writes the manifest between the two replaces it whole
    if has_manifest(folder):
        return written_dictionary(folder.dbt_manifest, folder)
    with tempfile.TemporaryDirectory() as temporary:
        return written_dictionary(manifest_path(DataFolder(Path(temporary))), folder)


def written_dictionary(manifest: Path, folder: DataFolder) -> Dictionary:
    """The dictionary by a manifest of dbt, with what authorities set in a data folder."""
    return read_dictionary(manifest, own_numbers(own_rows(folder, "parameters")), own_rows(folder, "targets"))
