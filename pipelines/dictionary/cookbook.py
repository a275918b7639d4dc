"""The SQL cookbook: one query a file in `docs/cookbook/`, with its question above it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.settings import COOKBOOK

_PART = re.compile(r"-- (Question|Reads|Look out): (.*)")


class RecipeError(ValueError):
    """A file of the cookbook does not say what it has to: a fault of the project."""


@dataclass(frozen=True)
class Recipe:
    """One query. `reads` is the file of a release that it runs on, `look_out` what is easily read wrongly."""

    name: str
    question: str
    reads: str
    look_out: str
    sql: str


@cache
def cookbook() -> dict[str, Recipe]:
    """Every recipe by name, in the order of their numbers. Raises RecipeError, naming the file."""
    return {path.stem: read_recipe(path) for path in sorted(COOKBOOK.glob("*.sql"))}


def read_recipe(path: Path) -> Recipe:
    """The query of a file and the words above it: lines of comment that begin with Question, Reads, Look out."""
    text = path.read_text(encoding="utf-8")
    parts: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        found = _PART.fullmatch(line)
        if found:
            last = found[1]
            parts[last] = found[2].strip()
        elif last:
            parts[last] += " " + line.removeprefix("--").strip()
    missing = [name for name in ("Question", "Reads", "Look out") if not parts.get(name)]
    if missing:
        raise RecipeError(f"{path.name}: says nothing under '{missing[0]}'")
    return Recipe(path.stem, parts["Question"], parts["Reads"], parts["Look out"], text)
