"""The authorities' own names of published columns and breakdowns, from `raw/reference/`.

Belongs here: the lines of `published_headers.csv` and `published_codes.csv`. The header map and the breakdowns add
them to what is shipped.
"""

from dataclasses import dataclass

from pipelines.reference import own_rows
from pipelines.settings import DataFolder

HEADERS, CODES = "published_headers", "published_codes"


@dataclass(frozen=True)
class AddedNames:
    """`headers`: layout, dataset, header and column. `codes`: dataset, column, text and breakdown."""

    headers: tuple[tuple[str, ...], ...] = ()
    codes: tuple[tuple[str, ...], ...] = ()


NONE_ADDED = AddedNames()


def added_names(folder: DataFolder) -> AddedNames:
    """The names in a data folder. Raises BadInputError with a line per fault."""

    def lines(name: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(map(str, row.values())) for row in own_rows(folder, name))

    return AddedNames(lines(HEADERS), lines(CODES))
