"""History: the working file with all its extracts, made again from archived drops ([how](../../docs/history.md)).

Belongs here: which drops a release was made from, what a rebuild will do, doing all of it or nothing. Does not
belong here: the steps of a month (`pipelines.month`), how figures are compared (`pipelines.publish`).
"""

from pipelines.history.plan import RebuildPlan, what_to_rebuild
from pipelines.history.rebuild import rebuild

__all__ = ["RebuildPlan", "rebuild", "what_to_rebuild"]
