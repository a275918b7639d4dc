"""Sends an alert in every configured way and logs whether it was sent."""

import datetime as dt
import json
from collections.abc import Callable

from pipelines.errors import UsageError
from pipelines.notify.alert import Alert
from pipelines.notify.ways import mail, post
from pipelines.settings import AlertSettings, DataFolder
from pipelines.warehouse_file import append_for_owner

SENT = "sent"


def send(folder: DataFolder, alert: Alert, settings: AlertSettings) -> dict[str, str]:
    """Sends an alert and returns, by way, `sent` or why not. Raises nothing: an alert never stops a run.

    The alert and the result are kept in `warehouse/logs/alerts.jsonl`.
    """
    url, server = settings.webhook, settings.mail
    outcomes: dict[str, str] = {}
    if url:
        outcomes["webhook"] = _try(lambda: post(alert, url))
    if server:
        outcomes["mail"] = _try(lambda: mail(alert, server))
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    entry = {"at": at, **alert.to_json(), "outcomes": outcomes}
    del entry["text"]
    outcomes["log"] = _try(lambda: append_for_owner(folder.alerts, json.dumps(entry) + "\n"))
    return outcomes


def _try(way: Callable[[], None]) -> str:
    try:
        way()
    except UsageError as fault:
        return f"not sent: {fault}"
    except Exception as fault:
        # the text of an answer may repeat an address or a password: only the kind of fault is logged
        return f"not sent: {type(fault).__name__}"
    return SENT
