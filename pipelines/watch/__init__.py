"""Between runs: which drops and releases exist, what waits, what is overdue.

Belongs here: facts read from files, so that they can be asked for while a run is going. Does not belong here: how
an alert is sent (`notify`), how a run ended (`month`).
"""

from pipelines.watch.freshness import COMPARATORS, DROPS, RELEASES, alert_changes, freshness
from pipelines.watch.status import status, status_lines

__all__ = ["COMPARATORS", "DROPS", "RELEASES", "alert_changes", "freshness", "status", "status_lines"]
