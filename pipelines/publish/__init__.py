"""Publishes a month: writes a new release and switches `latest` to it in one step.

Belongs here: the files of a release, disclosure control, the manifest, what may differ from the last release, the
switch, how long releases stay. Does not belong here: Dagster, rules about children (those are SQL).
"""

from pipelines.publish.corrections import Corrections
from pipelines.publish.published import (
    Release,
    current_release,
    damaged_releases,
    needed_release,
    releases,
    roll_back,
)
from pipelines.publish.release_manifest import DamagedReleaseError
from pipelines.publish.retention import marks, remove_old_releases

__all__ = [
    "Corrections",
    "DamagedReleaseError",
    "Release",
    "current_release",
    "damaged_releases",
    "marks",
    "needed_release",
    "releases",
    "remove_old_releases",
    "roll_back",
]
