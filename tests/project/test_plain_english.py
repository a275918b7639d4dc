"""Texts use the terms of the glossary, and names say what a file, a class or a variable is."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from checkout import PROJECT_ROOT

BETTER_WORDS = {
    r"put right": "correct",
    r"(?:is|are|was|were|be|been|being) told": "say who says it: the page shows, the run reports",
    r"of nobody|counts nobody|nobody is": "zero, an empty group, no child",
    r"(?:stands?|stood|standing) beside": "is compared with, is next to",
    r"held? against|holds? (?:it|them|this) against": "compared with",
    r"be had (?:from|of)": "comes from",
    r"in no way": "not",
    r"bears?": "has",
    r"counted otherwise|known otherwise|otherwise than": "differs",
}
"""Phrases that readers had to read twice, as regular expressions, and what to write instead."""
EMPTY_NAMES = {"found", "told"}
"""Names of variables that do not say what a variable holds."""
TEXTS = {
    "": ("*.md",),
    "docs": ("**/*.md", "**/*.sql"),
    "pipelines": ("**/*.py", "**/*.j2", "**/*.yml"),
    "dbt_project": ("models/**/*.*", "macros/*", "tests/*", "*.yml", "seeds/*.yml"),
    "expectations": ("**/*.sql", "**/*.yml", "**/*.json"),
    "warehouse_sample": ("**/*.py",),
    "bench": ("*.py",),
    "deploy": ("*",),
}


def relative(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()


def texts(*endings: str) -> list[Path]:
    """Every file with texts for people, by ending."""
    paths = {
        path
        for folder, patterns in TEXTS.items()
        for pattern in patterns
        for path in (PROJECT_ROOT / folder).glob(pattern)
    }
    return sorted(path for path in paths if path.suffix in endings)


def test_texts_use_plain_words():
    awkward = re.compile("|".join(rf"\b(?:{phrase})\b" for phrase in BETTER_WORDS), re.IGNORECASE)
    lines = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in texts(".md", ".sql", ".py", ".j2", ".yml", ".yaml", ".json")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if awkward.search(line)
    ]
    assert lines == [], f"write instead: {BETTER_WORDS}"


def variables(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def test_variables_are_named_after_what_they_hold():
    empty = {
        f"{relative(path)}: {name}"
        for path in texts(".py")
        for name in variables(ast.parse(path.read_text(encoding="utf-8"))) & EMPTY_NAMES
    }
    assert empty == set()


def names_and_places() -> dict[str, list[str]]:
    """Where `pipelines` has a file, a package or a class of a name; a leading underscore makes no other name."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted((PROJECT_ROOT / "pipelines").rglob("*.py")):
        is_package = path.name == "__init__.py"
        places[path.parent.name if is_package else path.stem].append(relative(path))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(relative(path))
    return places


def test_no_file_and_no_class_shares_its_name_with_another():
    twice = {name: places for name, places in names_and_places().items() if len(places) > 1}
    assert twice == {}


@pytest.mark.parametrize(
    "sentence", ["records to be put right", "Nobody is told: 0 is shown", "a figure that stands beside ours"]
)
def test_an_awkward_phrase_is_noticed(sentence):
    assert [phrase for phrase in BETTER_WORDS if re.search(rf"\b(?:{phrase})\b", sentence, re.IGNORECASE)]
