"""Counts of children looked after that are printed in papers other than the monthly report.

Belongs here: reading `care_targets.csv`, whose rows say what which drop should show for the end of which month.
Does not belong here: how lives and records are made to match them.
"""

import csv
import datetime as dt
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipelines.calendar import Month
from warehouse_sample.timeline import MONTHS

_TARGETS = Path(__file__).with_name("care_targets.csv")


class At(NamedTuple):
    """A month end as a drop shows it."""

    drop: int
    day: dt.date


class Target(NamedTuple):
    """A count: of what, as which drop shows it for which month end, of which code (empty for all).

    `first` is the first day, where the count is of what happened in some months.
    """

    measure: str
    at: At
    code: str
    first: dt.date = dt.date.min

    def is_in_months(self, day: dt.date | None) -> bool:
        """Whether a day is in the months that are asked."""
        return day is not None and self.first <= day <= self.at.day


@cache
def targets(*measures: str) -> dict[Target, int]:
    """The wanted numbers of some measures."""
    with _TARGETS.open(encoding="utf-8", newline="") as lines:
        return {_target(row): int(row["number"]) for row in csv.DictReader(lines) if row["measure"] in measures}


def the_target(measure: str, code: str = "") -> tuple[Target, int]:
    """The one target of a measure and a code, and its number."""
    (wanted,) = (each for each in targets(measure).items() if each[0].code == code)
    return wanted


def _target(row: dict[str, str]) -> Target:
    drop, month = (Month.parse(row[column]) for column in ("drop", "month"))
    first = Month.parse(row["first_month"]).first_day if row["first_month"] else dt.date.min
    return Target(row["measure"], At(MONTHS.index(drop), month.end), row["code"], first)
