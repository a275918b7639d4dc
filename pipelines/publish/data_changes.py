"""What the authors of the project announced to people who read the tables: `data_changes.csv`.

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
    """A line of the file: the tables and columns it speaks of. No column: the tables themselves."""

    tables: frozenset[str]
    columns: frozenset[str]
    digest: str
    """Of the cells without the version. Manifests of releases hold it: it must not change."""

    def covers(self, change: SchemaChange) -> bool:
        """True where it names the table, by its name or as `open/<table>`, and the column, or `all` of either."""
        file = change.file.removesuffix(".parquet")
        if not self.tables & {ALL, change.table, file, change.file}:
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
    """Those whose digest the last release does not know: the others announced what that one changed."""
    digests = set(known)
    return [announcement for announcement in announced if announcement.digest not in digests]


def _digest(row: dict[str, str]) -> str:
    cells = (row[name].strip() for name in ("table", "column", "old", "new"))
    return hashlib.sha256("|".join(cells).encode()).hexdigest()[:16]


def _names(cell: str) -> frozenset[str]:
    return frozenset(name for part in cell.split(",") if (name := part.strip().strip("`")))
