"""Alerts: a gate refused, a run failed, a month was published again, something is overdue.

Belongs here: what an alert looks like and how it is sent: a webhook, e-mail, and a log that is always kept. Does
not belong here: when an alert is due. No personal value goes into an alert, and an alert that cannot be sent never
stops a run.
"""

from pipelines.notify.alert import Alert, Kind
from pipelines.notify.send import send

__all__ = ["Alert", "Kind", "send"]
