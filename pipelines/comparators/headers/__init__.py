"""The header map: every column name that releases use, and the name that we use for it.

Belongs here: names of columns and breakdowns, as data, one CSV file per layout. When a release renames a column,
add one line: same dataset and column, the new header. Headers are compared trimmed and in lower case. `{year}` is
the year inside the column names of the statistical first releases.
"""

import csv
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.comparators.reader_output import RefusedError

ROOM = Path(__file__).parent
EVERY_FILE = "every_file"
NAMES_LISTED = 8
_YEAR_AT_END = re.compile(r"(20\d\d|19\d\d)$")


@dataclass(frozen=True)
class Header:
    """A known name of a column. `column` is our name for it; `unit` is empty where the layout has none."""

    dataset: str
    column: str
    role: str
    unit: str
    required: bool
    name: str


@dataclass(frozen=True)
class FileColumn:
    """A column of a file: its name in the file, its entry in the map, and the year inside its name."""

    name: str
    header: Header
    year: str | None = None


@dataclass(frozen=True)
class Matched:
    """The columns of a file, matched with the header map."""

    dataset: str
    columns: tuple[FileColumn, ...]

    def of(self, role: str) -> list[FileColumn]:
        """The columns with a role, in the order of the file."""
        return [column for column in self.columns if column.header.role == role]


@cache
def known_headers(layout: str) -> tuple[Header, ...]:
    """Every name of the layout's header map."""
    with (ROOM / f"{layout}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Header(
                row["dataset"], row["column"], row["role"], row["unit"], row["required"] == "true", row["header"]
            )
            for row in csv.DictReader(file)
        )


@cache
def breakdowns() -> dict[tuple[str, str], dict[str, str]]:
    """Our names of breakdowns by their published names, per dataset and header (`*`: any header of the
    dataset)."""
    names: dict[tuple[str, str], dict[str, str]] = {}
    with (ROOM / "breakdowns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names.setdefault((row["dataset"], row["header"]), {})[row["published"]] = row["breakdown"]
    return names


def matched(layout: str, columns: Sequence[str]) -> Matched:
    """The columns of a file by the header map, in the dataset of the layout that matches most of them.

    Raises RefusedError where a column is not in the map or a required column is missing; the text names each
    unknown column with the nearest known name, and each missing column. An unknown column is never ignored: it
    may be a breakdown, and then the file holds each figure several times.
    """
    datasets = {header.dataset for header in known_headers(layout)} - {EVERY_FILE}
    results = [_in_dataset(layout, dataset, columns) for dataset in sorted(datasets)]
    best, unknown, missing = min(results, key=lambda result: len(result[1]) + len(result[2]))
    if unknown or missing:
        raise RefusedError(_refusal(layout, best.dataset, unknown, missing))
    return best


def _in_dataset(layout: str, dataset: str, columns: Sequence[str]) -> tuple[Matched, list[str], list[Header]]:
    headers = [header for header in known_headers(layout) if header.dataset in (dataset, EVERY_FILE)]
    by_name = {header.name: header for header in headers}
    matched_columns: list[FileColumn] = []
    unknown: list[str] = []
    for name in columns:
        year = _YEAR_AT_END.search(name)
        if name in by_name:
            matched_columns.append(FileColumn(name, by_name[name]))
        elif year and (header := by_name.get(_YEAR_AT_END.sub("{year}", name))):
            matched_columns.append(FileColumn(name, header, year.group()))
        else:
            unknown.append(name)
    present = {column.header.column for column in matched_columns}
    absent = {header.column: header for header in headers if header.required and header.column not in present}
    return Matched(dataset, tuple(matched_columns)), unknown, list(absent.values())


def _refusal(layout: str, dataset: str, unknown: Sequence[str], missing: Sequence[Header]) -> str:
    headers = [header for header in known_headers(layout) if header.dataset in (dataset, EVERY_FILE)]
    names = [header.name for header in headers]
    parts = []
    if unknown:
        listed = [f"{name}{_nearest(name, names)}" for name in unknown[:NAMES_LISTED]]
        more = f" and {len(unknown) - NAMES_LISTED} others" if len(unknown) > NAMES_LISTED else ""
        parts.append(f"columns not in the header map: {', '.join(listed)}{more}")
    if missing:
        listed = [
            " or ".join(header.name for header in headers if header.column == absent.column) for absent in missing
        ]
        parts.append(f"columns missing: {', '.join(listed)}")
    return f"read as {layout} {dataset}; {'; '.join(parts)}"


def _nearest(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" (nearest known name: {near[0]})" if near else ""
