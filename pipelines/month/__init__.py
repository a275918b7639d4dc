"""One month from its drops to its release: the order of the steps, and running them.

Belongs here: the list of steps (`steps`), what each receives (`context`), the run with its lock, its log and the
record of how it ended. Does not belong here: the work of a step (`ingest`, `quality`, `transform`, `publish`),
Dagster. The command, Dagster's assets and the tests all start the same steps.
"""

from pipelines.month.context import MonthContext, Options
from pipelines.month.run_lock import holder, only_run

__all__ = ["MonthContext", "Options", "holder", "only_run"]
