"""The dictionary as pages: `report/dictionary/` of a release.

Belongs here: which pages there are, what stands on each, and links between them. Does not belong here: the words,
which `pipelines.dictionary` gathers.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.dictionary.indicators import BETTER, GROUPS, PERIODS, UNITS
from pipelines.dictionary.tables import LAYERS, Column, Table, made_from
from pipelines.dictionary.words import CHILD_ROWS, Dictionary, read_dictionary
from pipelines.report.lineage_picture import by_layer, lineage_picture
from pipelines.report.links import DICTIONARY, indicator_page, table_page
from pipelines.report.template import render

ROWS_SHOWN = 40
"""Of each input of a table of cases: calendars have hundreds of rows, and every one says the same."""
_WHERE_FIGURES_GO = (CHILD_ROWS, "fct_indicator_child", "fct_indicator_value", "mart_indicator_monthly")


def write_dictionary(manifest: Path, report: Path, tables: Iterable[Mapping[str, Any]]) -> None:
    """Writes the pages into a folder of their own below `report`.

    `manifest` is dbt's file of the project; `tables` are the release's own, as its manifest tells them.
    """
    room = report / DICTIONARY
    room.mkdir(parents=True, exist_ok=True)
    where = tuple(sorted((str(table["table"]), str(table["file"])) for table in tables))
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    for name, content in _pages(manifest, digest, where).items():
        (room / name).write_text(content, encoding="utf-8")


@cache
def _pages(manifest: Path, digest: str, where: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Once per process and state of the project: nothing on the pages changes from month to month."""
    files: dict[str, list[str]] = {}
    for table, file in where:
        files.setdefault(table, []).append(file)
    return dictionary_pages(read_dictionary(manifest), files)


def dictionary_pages(words: Dictionary, files: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Every page by the name of its file. `files` tells in which files of a release a table is."""
    children = _children(words)
    shared = {
        "root": "../",
        "dictionary": words,
        "LAYERS": LAYERS,
        "GROUPS": GROUPS,
        "UNITS": UNITS,
        "PERIODS": PERIODS,
        "BETTER": BETTER,
        "ROWS_SHOWN": ROWS_SHOWN,
    }

    def page(template: str, **content: Any) -> str:
        return render(f"{DICTIONARY}/{template}", **shared, **content)

    found = {
        "index.html": page("index.html.j2", letters=_letters(words)),
        "tables.html": page("tables.html.j2"),
        "columns.html": page("columns.html.j2", letters=_letters(words)),
        "codes.html": page("codes.html.j2", used=_users_of_codes(words)),
        "rules.html": page("rules.html.j2", domains=_rules_by_domain(words)),
        "cookbook.html": page("cookbook.html.j2"),
    }
    for id, indicator in words.indicators.items():
        family = words.family(id)
        behind = made_from(words.tables, family.name)
        found[indicator_page(id)] = page(
            "indicator.html.j2",
            indicator=indicator,
            family=family,
            picture=lineage_picture(words.tables, behind | {family.name, *_WHERE_FIGURES_GO}, family.name),
            layers=by_layer(words.tables, behind),
        )
    for name, table in words.tables.items():
        behind = made_from(words.tables, name)
        around = behind | {name} | children[name]
        found[table_page(name)] = page(
            "table.html.j2",
            table=table,
            contract=words.contracts.get(name.removeprefix("raw.")) if table.layer == "drop" else None,
            suites=words.suites_of(name.split(".")[-1]),
            children=sorted(children[name]),
            files=files.get(name, ()),
            picture=lineage_picture(words.tables, around, name) if len(around) > 1 else None,
            layers=by_layer(words.tables, behind),
        )
    return found


def _children(words: Dictionary) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in words.tables}
    for name, table in words.tables.items():
        for parent in table.parents:
            found[parent].add(name)
    return found


def _letters(words: Dictionary) -> dict[str, dict[str, list[tuple[Table, Column]]]]:
    """Columns of published tables and of the drop: by first letter, by name, with every table that has one."""
    by_name: dict[str, list[tuple[Table, Column]]] = {}
    for table in words.published.values():
        for column in table.columns:
            by_name.setdefault(column.name, []).append((table, column))
    for contract in words.contracts.values():
        for given in contract.columns:
            column = Column(given.name, given.type, given.meaning, given.code_set)
            by_name.setdefault(given.name, []).append((words.tables[f"raw.{contract.object}"], column))
    found: dict[str, dict[str, list[tuple[Table, Column]]]] = {}
    for name in sorted(by_name):
        found.setdefault(name[0].upper(), {})[name] = by_name[name]
    return found


def _users_of_codes(words: Dictionary) -> dict[str, list[tuple[str, str]]]:
    """Tables and columns whose values are from each code set."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in words.code_sets}
    for table in words.tables.values():
        for column in table.columns:
            if column.code_set:
                found[column.code_set].append((table.name, column.name))
    for contract in words.contracts.values():
        for given in contract.columns:
            if given.code_set:
                found[given.code_set].append((f"raw.{contract.object}", given.name))
    return found


def _rules_by_domain(words: Dictionary) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for rule in words.rules.values():
        found.setdefault(rule.domain, []).append(rule)
    return found
