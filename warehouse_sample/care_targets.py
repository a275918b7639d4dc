"""Counts that papers other than the monthly report print, of children looked after and of the reviewing service.

Belongs here: reading `care_targets.csv`, whose rows say what which drop should show for the end of which month.
Does not belong here: how lives and records are made to match them.
"""

import csv
import datetime as dt
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipelines.calendar import Month
from warehouse_sample.timeline import MONTHS, REVIEWED_DROP

_PRINTED_TO = 0.0005
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


def printed_codes(measure: str, drop: int = REVIEWED_DROP) -> list[str]:
    """The codes of a measure in a drop, each as often as is printed."""
    return [
        target.code for target, number in targets(measure).items() if target.at.drop == drop for _ in range(number)
    ]


def is_share(per_mille: int, number: int) -> bool:
    """Whether some of a number are a share of it, as it is printed with one decimal of a per cent."""
    return number > 0 and abs(round(per_mille * number / 1000) / number - per_mille / 1000) < _PRINTED_TO


def _target(row: dict[str, str]) -> Target:
    drop, month = (Month.parse(row[column]) for column in ("drop", "month"))
    first = Month.parse(row["first_month"]).first_day if row["first_month"] else dt.date.min
    return Target(row["measure"], At(MONTHS.index(drop), month.end), row["code"], first)
