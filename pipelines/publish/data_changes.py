"""The changes of tables that the project has announced to readers: `data_changes.csv`.

A line has the version, the tables, the columns, what was and what is now; its cells are Markdown, for CHANGELOG.md
shows them. An empty column speaks of the tables themselves. Does not belong here: which changes a release makes
(`schema`).
"""

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.publish.schema import SchemaChange

DATA_CHANGES = Path(__file__).with_name("data_changes.csv")
ALL = "all"


@dataclass(frozen=True)
class Announcement:
    """A line of the file: the announced tables and columns. Without a column it announces whole tables."""

    tables: frozenset[str]
    columns: frozenset[str]
    digest: str
    """Of the cells without the version. Manifests of releases hold it: it must not change."""

    def covers(self, change: SchemaChange) -> bool:
        """Whether it names the table (as `<table>` or `open/<table>`) and the column, or says `all`."""
        if not self.tables & {ALL, change.table, change.file}:
            return False
        return not self.columns if change.column is None else bool(self.columns & {ALL, change.column})


def announcements(path: Path = DATA_CHANGES) -> list[Announcement]:
    """Every line of the file, in its order."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Announcement(_names(row["table"]), _names(row["column"]), _digest(row))
            for row in csv.DictReader(lines)
        ]


def new_announcements(announced: Iterable[Announcement], known: Iterable[str]) -> list[Announcement]:
    """The announcements that the last release did not have. Older ones announced changes of earlier releases."""
    digests = set(known)
    return [announcement for announcement in announced if announcement.digest not in digests]


def _digest(row: dict[str, str]) -> str:
    cells = (row[name].strip() for name in ("table", "column", "old", "new"))
    return hashlib.sha256("|".join(cells).encode()).hexdigest()[:16]


def _names(cell: str) -> frozenset[str]:
    return frozenset(
        name.removesuffix(".parquet") for part in cell.split(",") if (name := part.strip().strip("`"))
    )
