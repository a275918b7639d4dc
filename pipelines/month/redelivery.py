"""Which authorities a run works on that a new drop has started.

Belongs here: when the drops of the others need not be run again. Does not belong here: what counts as the same
drop (`pipelines.ingest.arrivals`). A person who runs a month runs every drop of it, or names authorities.
"""

from pipelines.calendar import Month
from pipelines.ingest.arrivals import changed_since_run
from pipelines.month.run_record import PUBLISHED, record_of
from pipelines.publish import current_release
from pipelines.reference import reference_of, reference_register
from pipelines.settings import DataFolder
from pipelines.transform import is_built


def authorities_to_run(folder: DataFolder, month: Month) -> tuple[str, ...]:
    """The authorities whose drops changed since the month was published; empty for all of the month.

    All, unless the last run of the month published it and neither the project nor the own settings have
    changed since: only then a run would build the same again of the others.
    """
    record = record_of(folder, month)
    if record is None or record.status != PUBLISHED or not is_built(folder) or changed_settings(folder):
        return ()
    return tuple(sorted(changed_since_run(folder, month)))


def changed_settings(folder: DataFolder) -> list[str]:
    """The files of `raw/reference/` that are not those the current release was made with."""
    release = current_release(folder)
    if release is None:
        return []
    names = {entry.file for entry in reference_register().values()}
    used = {file["file"]: file["sha256"] for file in release.manifest.get("reference", ())}
    now = {own.register.file: own.sha256 for own in reference_of(folder).files.values()}
    return sorted(file for file in names if used.get(file) != now.get(file))
