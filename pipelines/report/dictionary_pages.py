"""The dictionary as pages: `report/dictionary/` of a release.

Belongs here: the list of pages, their content, and the links between them. Does not belong here: the texts, which
`pipelines.dictionary` collects.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.dictionary.current_dictionary import written_dictionary
from pipelines.dictionary.indicators import BETTER, GROUPS, PERIODS, UNITS
from pipelines.dictionary.read_dictionary import CHILD_ROWS, Dictionary
from pipelines.dictionary.tables import LAYERS, DescribedColumn, DescribedTable, made_from
from pipelines.reference import reference_of
from pipelines.release_layout import readable
from pipelines.report.audience import OUTSIDE
from pipelines.report.lineage_picture import by_layer, lineage_picture
from pipelines.report.links import DICTIONARY, indicator_file, table_file
from pipelines.report.template import render
from pipelines.settings import COOKBOOK, EXPECTATIONS, DataFolder

ROWS_SHOWN = 40
"""Rows shown of each input of a case. Calendars have hundreds of rows that look alike."""
_WHERE_FIGURES_GO = (CHILD_ROWS, "fct_indicator_child", "fct_indicator_value", "mart_indicator_monthly")


def write_dictionary(data: DataFolder, report: Path, tables: Iterable[Mapping[str, Any]]) -> None:
    """Writes the pages into the folder `dictionary` in `report`.

    `data` has dbt's manifest of the project and the authorities' own settings; `tables` are the tables of the
    release, from the release's manifest.
    """
    folder = report / DICTIONARY
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _pages(data, dictionary_state(data, tables), _files(tables)).items():
        (folder / name).write_text(content, encoding="utf-8")


def dictionary_state(data: DataFolder, tables: Iterable[Mapping[str, Any]]) -> str:
    """Hex SHA-256 over all that the pages are made of: while it stays the same, so do they."""
    digest = hashlib.sha256(f"{_product()} {_files(tables)}".encode())
    digest.update(data.dbt_manifest.read_bytes())
    for file in reference_of(data).files.values():
        digest.update(file.sha256.encode())
    return digest.hexdigest()


def _files(tables: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Each table, with the file to open."""
    return tuple(sorted((str(table["table"]), readable(table)) for table in tables))


@cache
def _product() -> str:
    """Hex SHA-256 over the texts and templates, and over the code that makes pages of them."""
    digest = hashlib.sha256(version("jinja2").encode())
    for room in (Path(__file__).parents[1], EXPECTATIONS, COOKBOOK):
        for path in sorted(path for path in room.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{path.relative_to(room)}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _pages(data: DataFolder, state: str, where: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The pages, made once per process and state: they do not change by month."""
    files: dict[str, list[str]] = {}
    for table, file in where:
        files.setdefault(table, []).append(file)
    return dictionary_pages(written_dictionary(data.dbt_manifest, data), files)


def dictionary_pages(dictionary: Dictionary, files: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Every page by file name. `files` lists the files of a release that hold a table."""
    children = _children(dictionary)
    shared = {
        "root": "../",
        "dictionary": dictionary,
        "LAYERS": LAYERS,
        "GROUPS": GROUPS,
        "UNITS": UNITS,
        "PERIODS": PERIODS,
        "BETTER": BETTER,
        "ROWS_SHOWN": ROWS_SHOWN,
    }

    def page(template: str, **content: Any) -> str:
        return render(f"{DICTIONARY}/{template}", OUTSIDE, **shared, **content)

    pages = {
        "index.html": page("index.html.j2", letters=_letters(dictionary)),
        "tables.html": page("tables.html.j2"),
        "columns.html": page("columns.html.j2", letters=_letters(dictionary)),
        "codes.html": page("codes.html.j2", used=_users_of_codes(dictionary)),
        "rules.html": page("rules.html.j2", domains=_rules_by_domain(dictionary)),
        "cookbook.html": page("cookbook.html.j2"),
    }
    for id, indicator in dictionary.indicators.items():
        family = dictionary.family(id)
        behind = made_from(dictionary.tables, family.name)
        pages[indicator_file(id)] = page(
            "indicator.html.j2",
            indicator=indicator,
            family=family,
            picture=lineage_picture(dictionary.tables, behind | {family.name, *_WHERE_FIGURES_GO}, family.name),
            layers=by_layer(dictionary.tables, behind),
        )
    for name, table in dictionary.tables.items():
        behind = made_from(dictionary.tables, name)
        around = behind | {name} | children[name]
        pages[table_file(name)] = page(
            "table.html.j2",
            table=table,
            contract=dictionary.contracts.get(name.removeprefix("raw.")) if table.layer == "drop" else None,
            suites=dictionary.suites_of(name.split(".")[-1]),
            children=sorted(children[name]),
            files=files.get(name, ()),
            picture=lineage_picture(dictionary.tables, around, name) if len(around) > 1 else None,
            layers=by_layer(dictionary.tables, behind),
        )
    return pages


def _children(dictionary: Dictionary) -> dict[str, set[str]]:
    children: dict[str, set[str]] = {name: set() for name in dictionary.tables}
    for name, table in dictionary.tables.items():
        for parent in table.parents:
            children[parent].add(name)
    return children


def _letters(dictionary: Dictionary) -> dict[str, dict[str, list[tuple[DescribedTable, DescribedColumn]]]]:
    """Columns of published tables and of the drop, by first letter and name, with every table that has the
    column."""
    by_name: dict[str, list[tuple[DescribedTable, DescribedColumn]]] = {}
    for table in dictionary.published.values():
        for column in table.columns:
            by_name.setdefault(column.name, []).append((table, column))
    for contract in dictionary.contracts.values():
        raw_table = dictionary.tables.get(f"raw.{contract.object}")
        if raw_table is not None:
            for given in contract.columns:
                column = DescribedColumn(given.name, given.type, given.meaning, given.code_set)
                by_name.setdefault(given.name, []).append((raw_table, column))
    letters: dict[str, dict[str, list[tuple[DescribedTable, DescribedColumn]]]] = {}
    for name in sorted(by_name):
        letters.setdefault(name[0].upper(), {})[name] = by_name[name]
    return letters


def _users_of_codes(dictionary: Dictionary) -> dict[str, list[tuple[str, str]]]:
    """Tables and columns by the code set of their values."""
    users: dict[str, list[tuple[str, str]]] = {name: [] for name in dictionary.code_sets}
    for table in dictionary.tables.values():
        for column in table.columns:
            if column.code_set:
                users[column.code_set].append((table.name, column.name))
    for contract in dictionary.contracts.values():
        for given in contract.columns:
            if given.code_set:
                users[given.code_set].append((f"raw.{contract.object}", given.name))
    return users


def _rules_by_domain(dictionary: Dictionary) -> dict[str, list[Any]]:
    domains: dict[str, list[Any]] = {}
    for rule in dictionary.rules.values():
        domains.setdefault(rule.domain, []).append(rule)
    return domains
