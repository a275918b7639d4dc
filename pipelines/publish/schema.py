"""Compares the tables and columns of a release with those of the last one.

Belongs here: what changed for people who read the tables, and the line that announces it. Does not belong here:
values; which changes were announced (`data_changes`).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pipelines.release_layout import table_of

Tables = Sequence[dict[str, Any]]
"""The entries of a manifest: `table`, `file`, `columns` with `name` and `type`."""


@dataclass(frozen=True)
class SchemaChange:
    """A changed table or column. Without a column the table itself was added or removed."""

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
        """The line of `data_changes.csv` that announces it."""
        old = self.old if self.column and self.old else ""
        new = "removed" if self.new is None else "added" if self.old is None else self.new
        cells = (
            version("childrens-services-warehouse"),
            self.file,
            self.column,
            old,
            new,
        )
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(cells)
        return line.getvalue()


def schema_changes(before: Tables, after: Tables) -> list[SchemaChange]:
    """Every table and column that was added, removed or retyped, by folder. Order does not matter."""
    old, new = ({table_of(table): table for table in tables} for tables in (before, after))
    return list(_changes(old, new))


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
