"""The numbers of the definitions: the seed `shipped_indicator_parameter.csv`.

Belongs here: reading and checking the seed, and texts with its numbers filled in. Does not belong here: what a
number means for a figure, which the SQL says.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pipelines.seeds import seed_rows

ALWAYS = "1900-01"
"""The first month of a value that is as old as the definition."""
PLACEHOLDER = re.compile("[{]([a-z_]+)[}]")


@dataclass(frozen=True)
class Parameter:
    """A value of a definition and the first month, as YYYY-MM, for which it is used.

    `la_code`: the authority that it holds for; empty for all that have no value of their own.
    """

    name: str
    value: str
    first_month_used: str
    la_code: str = ""

    @property
    def words(self) -> str:
        """`months since contact`."""
        return self.name.replace("_", " ")

    @property
    def since(self) -> str:
        """`from 2019-07 on`, `from the beginning`."""
        return "from the beginning" if self.first_month_used == ALWAYS else f"from {self.first_month_used} on"

    @property
    def authority(self) -> str:
        """`authority 888`, `all authorities`."""
        return f"authority {self.la_code}" if self.la_code else "all authorities"


def parameters_of(indicator_id: str) -> tuple[Parameter, ...]:
    """The numbers of an indicator's definition in the order of the seed."""
    return tuple(
        Parameter(row["parameter"], row["parameter_value"], row["first_month_used"][:7], row["la_code"])
        for row in seed_rows("shipped_indicator_parameter")
        if row["indicator_id"] == indicator_id
    )


def with_newest_values(text: str) -> str:
    """A text with the newest value for all authorities in place of each `{parameter}`.

    Raises ValueError for a parameter that the seed does not have.
    """
    values = _newest_values()

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise ValueError(
                f"seeds/shipped_indicator_parameter.csv has no parameter {match[1]}, named in: {text}"
            )
        return values[match[1]]

    return PLACEHOLDER.sub(value, text)


@cache
def _newest_values() -> dict[str, str]:
    rows = [row for row in seed_rows("shipped_indicator_parameter") if not row["la_code"]]
    return {
        row["parameter"]: row["parameter_value"] for row in sorted(rows, key=lambda row: row["first_month_used"])
    }


def differing_parameters(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Parameters that several indicators share and for which the seed gives them different values."""
    values: dict[str, dict[str, set[tuple[str, ...]]]] = {}
    for row in rows:
        value = (row["la_code"], row["first_month_used"], row["parameter_value"])
        values.setdefault(row["parameter"], {}).setdefault(row["indicator_id"], set()).add(value)
    return [
        f"{parameter} differs between {' and '.join(sorted(by_indicator))}"
        for parameter, by_indicator in values.items()
        if len({frozenset(value) for value in by_indicator.values()}) > 1
    ]
