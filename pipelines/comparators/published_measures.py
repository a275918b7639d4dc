"""Which published measures the register takes, from `seeds/comparator_measure.csv`.

Belongs here: what a file is asked for. Does not belong here: which indicator is compared with which figure (dbt).
"""

from dataclasses import dataclass
from functools import cache

import polars as pl

from pipelines.seeds import seed_rows


@dataclass(frozen=True)
class RegisteredMeasure:
    """A row of the register. `dimensions` is empty where the layout has no breakdown. `code` is `dimension=code`,
    and empty where the figure is that of the indicator itself."""

    measure: str
    dimensions: str
    indicator_id: str
    code: str
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
            row["code"] and f"{row['dimension']}={row['code']}",
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
    needed: dict[str, set[str]] = {}
    held: dict[str, set[str]] = {}
    for row in published_measures(source_kind):
        figure = f"{row.indicator_id} {row.code}".strip()
        needed.setdefault(figure, set()).update({row.role} - {"value"})
        if (row.measure, row.dimensions) in present:
            held.setdefault(figure, set()).add(row.role)
    whole = {figure for figure, roles in held.items() if "value" in roles or roles == needed[figure]}
    return whole, held.keys() - whole
