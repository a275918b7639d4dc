"""Tables and columns of a release against those of the last one, and what the changelog announced of them.

Belongs here: what changed for those who read the tables, and how an announcement is matched. Does not belong here:
values.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALL = "all"
SECTION = "data changes"
_HEADING = re.compile(r"#+\s+(.*)")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_CELLS = 4

Tables = Sequence[dict[str, Any]]
"""The entries of a manifest: `table`, `file`, `columns` with `name` and `type`."""


@dataclass(frozen=True)
class SchemaChange:
    """One change that a reader of a table meets. Without a column it is the table that came or went."""

    file: str
    table: str
    column: str | None
    old: str | None
    new: str | None

    @property
    def what(self) -> str:
        """The change in words."""
        name = f"column {self.column}" if self.column else "the table"
        if self.old is None:
            return f"{name} is new" + (f", {self.new}" if self.column else "")
        if self.new is None:
            return f"{name} is gone" + (f", it was {self.old}" if self.column else "")
        return f"{name} is {self.new}, it was {self.old}"

    @property
    def announcement(self) -> str:
        """The row of the changelog that announces it."""
        old = f" {self.old}" if self.column and self.old else ""
        new = "removed" if self.new is None else "added" if self.old is None else self.new
        return f"| {self.file.removesuffix('.parquet')} | {self.column or ''} |{old} | {new} |"


@dataclass(frozen=True)
class Announcement:
    """A row of a data-change table: the tables and columns it speaks of. No column: the tables themselves."""

    tables: frozenset[str]
    columns: frozenset[str]
    digest: str

    def covers(self, change: SchemaChange) -> bool:
        """True where it names the table, by its name or as `open/<table>`, and the column, or `all` of either."""
        file = change.file.removesuffix(".parquet")
        if not self.tables & {ALL, change.table, file, change.file}:
            return False
        return not self.columns if change.column is None else bool(self.columns & {ALL, change.column})


def schema_changes(before: Tables, after: Tables) -> list[SchemaChange]:
    """Every table and column that came, went or changed its type, room by room. Order of columns is no change."""
    old, new = ({table["file"]: table for table in tables} for tables in (before, after))
    return list(_changes(old, new))


def announcements(changelog: Path) -> list[Announcement]:
    """The rows of every data-change table of the changelog; none where there is no changelog."""
    if not changelog.is_file():
        return []
    rows = _rows(changelog.read_text(encoding="utf-8").splitlines())
    return [
        Announcement(_names(cells[0]), _names(cells[1]), hashlib.sha256("|".join(cells).encode()).hexdigest()[:16])
        for cells in rows
    ]


def new_announcements(all_of_them: Iterable[Announcement], known: Iterable[str]) -> list[Announcement]:
    """Those that were not in the changelog yet when the last release was published: the others announced that."""
    seen = set(known)
    return [one for one in all_of_them if one.digest not in seen]


def _changes(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> Iterator[SchemaChange]:
    for file in sorted({*old, *new}):
        name = (new.get(file) or old[file])["table"]
        if file not in new or file not in old:
            yield SchemaChange(file, name, None, *(name if file in side else None for side in (old, new)))
            continue
        types = [{column["name"]: column["type"] for column in side[file]["columns"]} for side in (old, new)]
        for column in dict.fromkeys([*types[0], *types[1]]):
            was, now = (side.get(column) for side in types)
            if was != now:
                yield SchemaChange(file, name, column, was, now)


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Cells of the rows below a heading `Data changes`, without the head of the table."""
    is_inside = False
    for line in lines:
        heading = _HEADING.fullmatch(line.strip())
        if heading:
            is_inside = heading[1].strip().lower() == SECTION
        elif is_inside and line.startswith("|"):
            cells = [cell.strip() for cell in _CELL_BORDER.split(line.strip())[1:-1]]
            is_head = cells[0].lower() == "table" or set(cells[0]) <= set("-: ")
            if len(cells) == _CELLS and not is_head:
                yield cells


def _names(cell: str) -> frozenset[str]:
    return frozenset(name for part in cell.split(",") if (name := part.strip().strip("`")))
