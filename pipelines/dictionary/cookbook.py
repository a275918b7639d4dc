"""Reads the SQL cookbook: one query per file in `docs/cookbook/`, with its question above it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.settings import COOKBOOK

_PART = re.compile(r"-- (Question|Reads|Look out): (.*)")


class RecipeError(ValueError):
    """A file of the cookbook lacks a required line."""


@dataclass(frozen=True)
class Recipe:
    """One query. `reads` names the file of a release that it runs on; `look_out` warns of a likely misreading."""

    name: str
    question: str
    reads: str
    look_out: str
    sql: str


@cache
def cookbook() -> dict[str, Recipe]:
    """Every recipe by name, in the order of the numbers. Raises RecipeError with the name of the file."""
    return {path.stem: read_recipe(path) for path in sorted(COOKBOOK.glob("*.sql"))}


def read_recipe(path: Path) -> Recipe:
    """Reads a query and the comment above it, whose lines begin with Question, Reads and Look out."""
    text = path.read_text(encoding="utf-8")
    parts: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        heading = _PART.fullmatch(line)
        if heading:
            last = heading[1]
            parts[last] = heading[2].strip()
        elif last:
            parts[last] += " " + line.removeprefix("--").strip()
    missing = [name for name in ("Question", "Reads", "Look out") if not parts.get(name)]
    if missing:
        raise RecipeError(f"{path.name}: nothing follows '{missing[0]}:'")
    return Recipe(path.stem, parts["Question"], parts["Reads"], parts["Look out"], text)
