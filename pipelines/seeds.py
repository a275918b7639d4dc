"""What the project says in files of its own: dbt's seeds, which Python needs without dbt, header maps and YAML."""

import csv
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import HEADER_MAPS, SEEDS

BREAKDOWNS = "breakdowns"
"""The header map of labels, not of columns."""


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a seed as text, empty cells as empty text."""
    return _rows(SEEDS / f"{name}.csv")


def header_map(name: str) -> list[dict[str, str]]:
    """The rows of a header map of published files, or of the breakdowns."""
    return _rows(HEADER_MAPS / f"{name}.csv")


def own_yaml(path: Path) -> Any:
    """The content of a YAML file of the project. The parser in C takes an eighth of the time of Python's."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def listed(cell: str) -> list[str]:
    """The texts of a cell that holds several, separated by ` | `."""
    return cell.split(" | ") if cell else []
