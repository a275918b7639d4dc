"""Publication: a release is written beside the others and `latest` is switched to it in one step.

Here belong the files of a release, disclosure control, the manifest and the switch. No Dagster, and no rule
about children: those are SQL.
"""

from pipelines.publish.feedback import feedback_with_lcs_ids
from pipelines.publish.release import Release, current_release, publish_month, releases, roll_back

__all__ = ["Release", "current_release", "feedback_with_lcs_ids", "publish_month", "releases", "roll_back"]
