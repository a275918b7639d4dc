"""The rows of dbt's seeds, for Python that needs them before dbt runs or without dbt."""

import csv

from pipelines.settings import SEEDS


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a seed as text, empty cells as empty text."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def listed(cell: str) -> list[str]:
    """The texts of a cell that holds several, separated by ` | `."""
    return cell.split(" | ") if cell else []
