"""The header map: every column name that a release was seen to use, and the one name it has here.

Belongs here: names of columns and of breakdowns, as data, one CSV file per layout. A release that renames a
column is read again after one line is added: same dataset and column, the new header. Headers are compared in
lower case and trimmed. `{year}` stands for the year inside the column names of the statistical first releases.
"""

import csv
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.comparators.reading import RefusedError

ROOM = Path(__file__).parent
EVERY_FILE = "every_file"
NAMES_TOLD = 8
_YEAR_AT_END = re.compile(r"(20\d\d|19\d\d)$")


@dataclass(frozen=True)
class Header:
    """One known name of a column. `column` is its name here; `unit` is empty where the layout tells none."""

    dataset: str
    column: str
    role: str
    unit: str
    required: bool
    name: str


@dataclass(frozen=True)
class Column:
    """A column of a file: as the file names it, what it is, and the year inside its name."""

    name: str
    header: Header
    year: str | None = None


@dataclass(frozen=True)
class Matched:
    """The columns of a file, all of them known."""

    dataset: str
    columns: tuple[Column, ...]

    def of(self, role: str) -> list[Column]:
        """The columns with a role, in the order of the file."""
        return [column for column in self.columns if column.header.role == role]

    def one(self, role: str) -> str | None:
        """The name in the file of the one column with a role."""
        return next((column.name for column in self.of(role)), None)


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
    """Names of breakdowns here by those published, per dataset and header (`*`: any header of the dataset)."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    with (ROOM / "breakdowns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["dataset"], row["header"]), {})[row["published"]] = row["breakdown"]
    return found


def matched(layout: str, columns: Sequence[str]) -> Matched:
    """The columns of a file by the header map, in the dataset of the layout that explains most of them.

    Raises RefusedError, naming every unknown column with the nearest known name, and every missing one, where a
    column is not in the map or one that the dataset needs is not in the file. A column that is not known is
    never passed over: it may be a breakdown, and the file would hold each figure several times.
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
    found: list[Column] = []
    unknown: list[str] = []
    for name in columns:
        year = _YEAR_AT_END.search(name)
        if name in by_name:
            found.append(Column(name, by_name[name]))
        elif year and (header := by_name.get(_YEAR_AT_END.sub("{year}", name))):
            found.append(Column(name, header, year.group()))
        else:
            unknown.append(name)
    present = {column.header.column for column in found}
    absent = {header.column: header for header in headers if header.required and header.column not in present}
    return Matched(dataset, tuple(found)), unknown, list(absent.values())


def _refusal(layout: str, dataset: str, unknown: Sequence[str], missing: Sequence[Header]) -> str:
    headers = [header for header in known_headers(layout) if header.dataset in (dataset, EVERY_FILE)]
    names = [header.name for header in headers]
    parts = []
    if unknown:
        told = [f"{name}{_nearest(name, names)}" for name in unknown[:NAMES_TOLD]]
        more = f" and {len(unknown) - NAMES_TOLD} others" if len(unknown) > NAMES_TOLD else ""
        parts.append(f"columns not in the header map: {', '.join(told)}{more}")
    if missing:
        told = [
            " or ".join(header.name for header in headers if header.column == absent.column) for absent in missing
        ]
        parts.append(f"columns missing: {', '.join(told)}")
    return f"taken for {layout} {dataset}; {'; '.join(parts)}"


def _nearest(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" (nearest known name: {near[0]})" if near else ""
