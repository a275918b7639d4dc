"""Which published measures the register takes, from `seeds/comparator_measure.csv`.

Belongs here: what a file is asked for. Does not belong here: which indicator is compared with which figure (dbt).
"""

from dataclasses import dataclass
from functools import cache

import polars as pl

from pipelines.seeds import seed_rows


@dataclass(frozen=True)
class RegisteredMeasure:
    """A row of the register. `dimensions` is empty where the layout has no breakdown."""

    measure: str
    dimensions: str
    indicator_id: str
    role: str
    is_comparable: bool

    @property
    def dataset(self) -> str:
        return self.measure.partition(".")[0]


@cache
def published_measures(source_kind: str) -> tuple[RegisteredMeasure, ...]:
    """The measures that the register takes from a kind of source."""
    return tuple(
        RegisteredMeasure(
            row["measure"],
            row["dimensions"],
            row["indicator_id"],
            row["role"],
            row["is_comparable"] == "true",
        )
        for row in seed_rows("comparator_measure")
        if row["source_kind"] == source_kind
    )


def indicators_in(source_kind: str, values: pl.DataFrame) -> tuple[set[str], set[str]]:
    """Indicators that the register finds in the values of a file, and those of which it finds a part only.

    A part: a count of a percentage, and neither the percentage nor what it is a percentage of.
    """
    present = set(values.select("measure", "dimensions").unique().iter_rows())
    roles: dict[str, set[str]] = {}
    for row in published_measures(source_kind):
        if (row.measure, row.dimensions) in present:
            roles.setdefault(row.indicator_id, set()).add(row.role)
    whole = {indicator for indicator, held in roles.items() if "value" in held or len(held) == 2}
    return whole, roles.keys() - whole
