"""The numbers of the definitions: the seed `shipped_indicator_parameter.csv`.

Belongs here: reading and checking the seed, and texts with its numbers filled in. Does not belong here: what a
number means for a figure, which the SQL says.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.seeds import seed_rows

ALWAYS = "1900-01"
"""The first month of a value that is as old as the definition."""
NEVER = "9999-12"
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


def shared_numbers() -> list[Parameter]:
    """The numbers for all authorities, oldest first."""
    rows = sorted(seed_rows("shipped_indicator_parameter"), key=lambda row: row["first_month_used"])
    return [
        Parameter(row["parameter"], row["parameter_value"], row["first_month_used"][:7])
        for row in rows
        if not row["la_code"]
    ]


def numbers_that_count(shared: Iterable[Parameter], own: Iterable[Parameter]) -> list[Parameter]:
    """The numbers that an authority's figures follow: its own from their first month on, those of all before.

    Both are of one or more parameters; the result has the months in order.
    """
    own = sorted(own, key=lambda number: number.first_month_used)
    first = {number.name: number.first_month_used for number in reversed(own)}
    return [
        *(number for number in shared if number.first_month_used < first.get(number.name, NEVER)),
        *own,
    ]


def newest_numbers(own: Iterable[Parameter] = ()) -> dict[str, str]:
    """The newest value of each parameter in words: `2`, or `2 (3 for authority 330)`."""
    words = {number.name: number.value for number in shared_numbers()}
    newest = {
        (number.name, number.authority): number.value
        for number in sorted(own, key=lambda number: number.first_month_used)
    }
    for (name, authority), value in sorted(newest.items()):
        if name in words:
            words[name] += f" ({value} for {authority})"
    return words


def with_numbers(text: str, numbers: Mapping[str, str]) -> str:
    """A text with a number in place of each `{parameter}`. Raises ValueError for a parameter that there is not."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in numbers:
            raise ValueError(
                f"seeds/shipped_indicator_parameter.csv has no parameter {match[1]}, named in: {text}"
            )
        return numbers[match[1]]

    return PLACEHOLDER.sub(value, text)


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
