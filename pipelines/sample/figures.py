"""The printed counts that the synthetic authority is fitted to.

Belongs here: reading `figures.csv` (facts from the council's monthly performance report of August 2019).
Does not belong here: how lives are made to match them.
"""

import csv
from functools import cache
from pathlib import Path

FIGURES = Path(__file__).with_name("figures.csv")

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
