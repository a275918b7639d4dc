"""Alerts to people who do not watch: a gate refused, a run failed, all is well again, something is overdue.

Belongs here: what an alert looks like and the ways it goes: a log that is always kept, a webhook, e-mail. Does not
belong here: when one is due. No personal value goes into an alert, and one that cannot be sent never stops a run.
"""

from pipelines.notify.alert import Alert, Kind
from pipelines.notify.send import send

__all__ = ["Alert", "Kind", "send"]
