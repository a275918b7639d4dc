"""The printed figures that the synthetic authority is fitted to.

Belongs here: reading `figures.csv` (facts from the council's monthly performance report of August 2019), its
companion `impossible_figures.csv` (cells that contradict other cells, and percentages of an empty group), and
`looked_after_12_months.csv` (numbers of children that give the printed health percentages). Does not belong here:
how lives are made to match them.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

FIGURES = Path(__file__).with_name("figures.csv")
IMPOSSIBLE_FIGURES = Path(__file__).with_name("impossible_figures.csv")
_LONG_STAYS = Path(__file__).with_name("looked_after_12_months.csv")

CIN, CP, CLA = "cin", "cp", "cla"
KINDS = (CIN, CP, CLA)
INDICATOR_OF = {CIN: "cin_plans_open", CP: "cp_plans_open", CLA: "children_looked_after"}

Counts = dict[str, int]
"""Children per team."""


@cache
def printed_counts() -> dict[tuple[str, str], Counts]:
    """Printed number of children by (kind of spell, month as YYYY-MM), then by team; teams only."""
    kind_of = {indicator: kind for kind, indicator in INDICATOR_OF.items()}
    counts: dict[tuple[str, str], Counts] = {}
    with FIGURES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["area_type"] == "team" and row["indicator_id"] in kind_of:
                key = (kind_of[row["indicator_id"]], row["month"])
                counts.setdefault(key, {})[row["area_name"]] = int(row["value"])
    return counts


class LongStayCount(NamedTuple):
    """Children of a team looked after for twelve months at a month end, and those of them with a recent check."""

    looked_after: int
    health: int
    dental: int


@cache
def long_stay_counts() -> dict[tuple[str, str], LongStayCount]:
    """Counts implied by the printed health percentages, by (team, month as YYYY-MM)."""
    with _LONG_STAYS.open(encoding="utf-8", newline="") as lines:
        return {
            (row["team"], row["month"]): LongStayCount(
                int(row["looked_after_12_months"]), int(row["health_up_to_date"]), int(row["dental_up_to_date"])
            )
            for row in csv.DictReader(lines)
        }


@cache
def printed_county(indicator: str) -> tuple[int, ...]:
    """Printed figures of the county by month, of an indicator that is printed in whole numbers."""
    with FIGURES.open(encoding="utf-8", newline="") as lines:
        return tuple(
            int(row["value"])
            for row in csv.DictReader(lines)
            if row["indicator_id"] == indicator and row["area_type"] == "authority"
        )
