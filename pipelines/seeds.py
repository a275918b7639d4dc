"""The rows of dbt's seeds, for Python that needs them before dbt runs or without dbt, and of the header maps."""

import csv
from pathlib import Path

from pipelines.settings import HEADER_MAPS, SEEDS

BREAKDOWNS = "breakdowns"
"""The header map of labels, not of columns."""


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a seed as text, empty cells as empty text."""
    return _rows(SEEDS / f"{name}.csv")


def header_map(name: str) -> list[dict[str, str]]:
    """The rows of a header map of published files, or of the breakdowns."""
    return _rows(HEADER_MAPS / f"{name}.csv")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def listed(cell: str) -> list[str]:
    """The texts of a cell that holds several, separated by ` | `."""
    return cell.split(" | ") if cell else []
