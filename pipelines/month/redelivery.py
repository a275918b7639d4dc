"""Which authorities a run works on that a new drop has started.

Belongs here: when the drops of the others need not be run again. Does not belong here: what counts as the same
drop (`pipelines.ingest.arrivals`). A person who runs a month runs every drop of it, or names authorities.
"""

from pipelines.calendar import Month
from pipelines.ingest.arrivals import changed_since_run
from pipelines.month.run_record import PUBLISHED, record_of
from pipelines.settings import DataFolder
from pipelines.transform import is_built


def authorities_to_run(folder: DataFolder, month: Month) -> tuple[str, ...]:
    """The authorities whose drops changed since the month was published; empty for all of the month.

    All, unless the last run of the month published it and the project has not changed since: only then a run
    would build the same again of the others.
    """
    record = record_of(folder, month)
    if record is None or record.status != PUBLISHED or not is_built(folder):
        return ()
    return tuple(sorted(changed_since_run(folder, month)))
