"""Reads the description of every table from dbt's manifest: grain, columns, tests, cases, and parents.

Belongs here: reading the manifest into plain values. Does not belong here: pages and pictures.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from pipelines.dictionary.indicator_parameters import Parameter, newest_numbers, with_numbers

LAYERS = {
    "drop": "Objects of the drop",
    "seeds": "Reference data as shipped",
    "reference": "Reference data that an authority may replace",
    "staging": "Staging",
    "intermediate": "Intermediate",
    "core": "Facts and dimensions",
    "indicators": "Indicators",
    "marts": "Marts",
}
"""Layers in the order of the flow. `drop` holds everything that was read, including published figures."""


@dataclass(frozen=True)
class DescribedColumn:
    """One column. `code_set` names the code set of its values; `tests` are in words."""

    name: str
    type: str
    meaning: str
    code_set: str | None = None
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cases:
    """A table of cases: input rows by table, and expected rows. `sentence` states the rule."""

    name: str
    sentence: str
    table: str
    given: tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]
    expected: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class DescribedTable:
    """A model, a seed, or an object of the drop. `parents`: the tables that it is made from. `is_published`: a
    release holds it."""

    name: str
    layer: str
    grain: str
    description: str
    columns: tuple[DescribedColumn, ...] = ()
    tests: tuple[str, ...] = ()
    cases: tuple[Cases, ...] = ()
    parents: tuple[str, ...] = ()
    sql: str = ""
    file: str = ""
    is_published: bool = False


def tables_of(manifest: Mapping[str, Any], own: Iterable[Parameter] = ()) -> dict[str, DescribedTable]:
    """Every table of the project by name, and the published tables that dbt does not make.

    `own`: numbers of definitions that authorities set.
    """
    nodes = manifest["nodes"]
    names = {id: _name(node) for id, node in {**nodes, **manifest["sources"]}.items()}
    tests = _tests(nodes.values())
    schemas = {node["source_name"]: node["schema"] for node in manifest["sources"].values()}
    cases = _cases(manifest["unit_tests"].values(), schemas)
    written = yaml.safe_load((Path(__file__).parent / "published_tables.yml").read_text(encoding="utf-8"))
    sources = manifest["sources"].values()
    tables = [_source(source) for source in sources if source["name"] not in written["tables"]]
    tables += [
        _table(node, names, tests.get(id, []), cases.get(node["name"], ()))
        for id, node in nodes.items()
        if node["resource_type"] in {"model", "seed"}
    ]
    tables = [_with_added(table, written["added_in_open"]) for table in tables]
    tables += _other_tables(written["tables"])
    numbers, order = newest_numbers(own), list(LAYERS)
    return {
        table.name: _with_numbers(table, numbers)
        for table in sorted(tables, key=lambda table: (order.index(table.layer), table.name))
    }


def _with_numbers(table: DescribedTable, numbers: Mapping[str, str]) -> DescribedTable:
    return replace(
        table,
        description=with_numbers(table.description, numbers),
        columns=tuple(replace(each, meaning=with_numbers(each.meaning, numbers)) for each in table.columns),
    )


def made_from(tables: Mapping[str, DescribedTable], name: str) -> set[str]:
    """Every table that a table is made from, directly or through others."""
    sources: set[str] = set()
    waiting = [name]
    while waiting:
        parents = [parent for parent in tables[waiting.pop()].parents if parent not in sources]
        sources.update(parents)
        waiting += parents
    return sources


def _name(node: Mapping[str, Any]) -> str:
    """The name of a node; for a source with its schema, because a seed and a source may share a name."""
    is_source = node["resource_type"] == "source"
    return f"{node['schema']}.{node['name']}" if is_source else str(node["name"])


def _source(node: Mapping[str, Any]) -> DescribedTable:
    return DescribedTable(
        name=_name(node),
        layer="drop",
        grain="",
        description=node["description"],
        file=f"dbt_project/{node['original_file_path']}",
    )


def _table(
    node: Mapping[str, Any],
    names: Mapping[str, str],
    tests: list[Mapping[str, Any]],
    cases: tuple[Cases, ...],
) -> DescribedTable:
    is_seed = node["resource_type"] == "seed"
    types = node["config"].get("column_types") or {}
    columns = (
        [DescribedColumn(name, type, "") for name, type in types.items()]
        if is_seed
        else [_column(column, tests) for column in node["columns"].values()]
    )
    return DescribedTable(
        name=node["name"],
        layer="seeds" if is_seed else node["fqn"][1],
        grain=node["config"]["meta"].get("grain", ""),
        description=node["description"],
        columns=tuple(columns),
        tests=tuple(_in_words(test) for test in tests if not test.get("column_name")),
        cases=cases,
        parents=tuple(sorted({names[parent] for parent in node.get("depends_on", {}).get("nodes", [])})),
        sql="" if is_seed else node["raw_code"],
        file=f"dbt_project/{node['original_file_path']}",
        is_published=bool(node["config"]["meta"].get("release")),
    )


def _column(column: Mapping[str, Any], tests: list[Mapping[str, Any]]) -> DescribedColumn:
    own = [test for test in tests if test.get("column_name") == column["name"]]
    return DescribedColumn(
        name=column["name"],
        type=column["data_type"] or "",
        meaning=column["description"],
        code_set=column["config"]["meta"].get("code_set"),
        tests=tuple(_in_words(test) for test in own),
    )


def _tests(nodes: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Tests by node: a generic test belongs to one node, another test to every node that it reads."""
    tests: dict[str, list[Mapping[str, Any]]] = {}
    for node in nodes:
        if node["resource_type"] == "test":
            for id in [node["attached_node"]] if node.get("attached_node") else node["depends_on"]["nodes"]:
                tests.setdefault(id, []).append(node)
    return tests


def _kind(test: Mapping[str, Any]) -> str | None:
    metadata = test.get("test_metadata")
    return metadata["name"] if metadata else None


def _in_words(test: Mapping[str, Any]) -> str:
    if _kind(test) is None:
        return str(test["name"]).removeprefix("assert_").replace("_", " ")
    arguments = test["test_metadata"]["kwargs"]
    match _kind(test):
        case "grain_is_unique":
            nullable = arguments.get("nullable") or []
            words = "one row per " + ", ".join(arguments["columns"])
            return words + (f"; only {', '.join(nullable)} may be empty" if nullable else "; none of them empty")
        case "accepted_values":
            return "one of: " + ", ".join(str(value) for value in arguments["values"])
        case "relationships":
            target = str(arguments["to"]).removeprefix("ref('").removesuffix("')")
            return f"found in {target}.{arguments['field']}"
        case kind:
            return str(kind).replace("_", " ")


def _cases(unit_tests: Iterable[Mapping[str, Any]], schemas: Mapping[str, str]) -> dict[str, tuple[Cases, ...]]:
    """Tables of cases by model. `schemas`: the schema of a source, by its name in dbt."""
    by_model: dict[str, tuple[Cases, ...]] = {}
    for test in unit_tests:
        cases = Cases(
            name=test["name"],
            sentence=" ".join(test["description"].split()) or test["name"].replace("_", " ").capitalize(),
            table=test["model"],
            given=tuple(
                (_input_name(given["input"], schemas), tuple(given["rows"] or ())) for given in test["given"]
            ),
            expected=tuple(test["expect"]["rows"] or ()),
        )
        by_model[test["model"]] = (*by_model.get(test["model"], ()), cases)
    return by_model


def _input_name(text: str, schemas: Mapping[str, str]) -> str:
    """`ref('x')` or `source('lcs', 'x')` as the table's name."""
    source, name = text.split("'")[1], text.split("'")[-2]
    return f"{schemas[source]}.{name}" if text.startswith("source") else name


def _other_tables(written: Mapping[str, Any]) -> Iterator[DescribedTable]:
    for name, table in written.items():
        yield DescribedTable(
            name,
            "drop",
            table["grain"],
            table["description"].strip(),
            _written(table["columns"]),
            is_published=True,
        )


def _with_added(table: DescribedTable, added: Mapping[str, Any]) -> DescribedTable:
    """The table with the columns that only `open/` has."""
    return replace(table, columns=(*table.columns, *_written(added.get(table.name, {}))))


def _written(columns: Mapping[str, Any]) -> tuple[DescribedColumn, ...]:
    return tuple(DescribedColumn(name, words["type"].lower(), words["meaning"]) for name, words in columns.items())
