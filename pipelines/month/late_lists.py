"""Building extracts again with the version of a list that came after them.

Belongs here: the order of the builds, and what the run says. Does not belong here: which version counts for an
extract (`pipelines.ingest.list_versions`, `macros/lists.sql`).
"""

from pipelines.ingest.list_versions import note_built, note_late, stale_extracts
from pipelines.ingest.raw_tables import write_run
from pipelines.month.context import MonthContext
from pipelines.month.withdrawal import authorities_of_run
from pipelines.transform import build
from pipelines.warehouse_file import open_warehouse


def build_with_late_lists(context: MonthContext) -> None:
    """Notes the lists that the month was built with, and builds again what other lists count for now."""
    folder, of_run = context.folder, authorities_of_run(context)
    with open_warehouse(folder) as connection:
        note_built(connection, context.month, of_run)
        stale = stale_extracts(connection)
    for month, lists in stale.items():
        la_codes = {late.la_code for late in lists}
        with open_warehouse(folder) as connection:
            # first: where the run dies after the build, the next release may still change these figures
            note_late(connection, lists)
            write_run(connection, month, la_codes)
        build(folder, month)
        with open_warehouse(folder) as connection:
            note_built(connection, month, la_codes)
        for late in lists:
            context.progress.warning(f"{late.reason}: {month} was built again")
    if stale:
        with open_warehouse(folder) as connection:
            write_run(connection, context.month, of_run)
