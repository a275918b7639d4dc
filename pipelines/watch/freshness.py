"""What is overdue: drops, the release made from them, published figures.

Belongs here: how long each may take. It reads folders and manifests only.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.calendar import Month, working_days_after
from pipelines.comparators.find_releases import newest_publication
from pipelines.ingest.arrivals import months_delivered
from pipelines.known_words import shown_folder_name
from pipelines.notify import Alert, Kind, send
from pipelines.publish import current_release
from pipelines.settings import AlertSettings, DataFolder
from pipelines.warehouse_file import make_private_folder, write_for_owner

DROPS, RELEASES, COMPARATORS = "drops", "releases", "comparators"

WORKING_DAYS_FOR_DROPS = 2
"""A drop is taken on the first working day after the month end; it is overdue at the end of the second."""
WORKING_DAYS_FOR_RELEASE = 5
"""Three more days to correct a refused drop."""
DAYS_FOR_COMPARATORS = 400
"""The published statistics come out once a year, in the autumn, on no fixed day."""
MONTHS_EXPECTED_FROM = 3
"""An authority that delivered for one of the last months is expected to deliver for the next."""


@dataclass(frozen=True)
class Freshness:
    """One thing that may be overdue. `newest` and `expected` are texts for a person."""

    name: str
    is_fresh: bool
    newest: str
    expected: str

    @property
    def line(self) -> str:
        state = "fresh" if self.is_fresh else "overdue"
        return f"{self.name}: {state}, newest {self.newest}, expected {self.expected}"


def month_due(day: dt.date, working_days: int) -> Month:
    """The newest month that should be there on a day: `working_days` working days since its end are over."""
    month = Month(day.year, day.month)
    while working_days_after(month.end, working_days) >= day:
        month = month.plus(-1)
    return month


def freshness(folder: DataFolder, today: dt.date) -> list[Freshness]:
    """Drops, releases and comparators on a day, in this order."""
    return [_drops(folder, today), _release(folder, today), _comparators(folder, today)]


def _drops(folder: DataFolder, today: dt.date) -> Freshness:
    due = month_due(today, WORKING_DAYS_FOR_DROPS)
    delivered: dict[str, Month] = {}
    for month in months_delivered(folder):
        for drop in folder.lcs.glob(f"*/{month}"):
            delivered[shown_folder_name(drop.parent.name)] = month
    if not delivered:
        return Freshness(DROPS, False, "none", str(due))
    return _each_authority(DROPS, delivered, due)


def _each_authority(name: str, at: Mapping[str, Month], due: Month) -> Freshness:
    """Whether every authority is at the month that is due. `at`: the newest month of each."""
    newest = max(at.values())
    # an authority that stopped delivering long ago, or was merged into another, is no longer waited for
    expected = [month for month in at.values() if month >= newest.plus(-MONTHS_EXPECTED_FROM)]
    late = sorted(la for la, month in at.items() if month in expected and month < due)
    awaited = f"{due} of {', '.join(late)}" if late else str(due)
    return Freshness(name, not late, str(newest), awaited)


def _release(folder: DataFolder, today: dt.date) -> Freshness:
    due = month_due(today, WORKING_DAYS_FOR_RELEASE)
    release = current_release(folder)
    at = release.newest_months if release else {}
    newest = max(at.values(), default="none")
    if newest == "none" or newest < str(due):
        return Freshness(RELEASES, False, newest, str(due))
    return _each_authority(RELEASES, {la_code: Month.parse(month) for la_code, month in at.items()}, due)


def _comparators(folder: DataFolder, today: dt.date) -> Freshness:
    oldest = today - dt.timedelta(days=DAYS_FOR_COMPARATORS)
    newest = newest_publication(folder)
    is_fresh = newest is not None and newest >= oldest
    return Freshness(COMPARATORS, is_fresh, str(newest or "none"), f"published since {oldest}")


def alert_changes(folder: DataFolder, state: list[Freshness], settings: AlertSettings) -> None:
    """Sends an alert when something becomes overdue or stops being overdue."""
    overdue = [thing.name for thing in state if not thing.is_fresh]
    file = folder.freshness
    before = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    if overdue == before:
        return
    kind = Kind.STALE if set(overdue) - set(before) else Kind.FRESH
    subject = f"overdue: {', '.join(overdue)}" if overdue else "nothing is overdue any more"
    send(folder, Alert(kind, subject, tuple(thing.line for thing in state)), settings)
    make_private_folder(folder.warehouse)
    write_for_owner(file, json.dumps(overdue).encode())
