"""What an object of the drop still lacks, in the words of the person who adds it.

Belongs here: one list of everything an object needs. It is read from the files themselves, not from dbt's
manifest: dbt stops at the first gap, and this list names all of them. Does not belong here: whether its columns
are right.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from checkout import PROJECT_ROOT

from pipelines.contracts import contracts

CONTRACTS = "pipelines/contracts/objects"
MODELS = "dbt_project/models"
SUITES = "expectations/raw"
SOURCE_OF_PREFIX = {"ssd_": "lcs", "local_": "local"}
_READS = re.compile(r"'((?:ssd|local)_\w+)'")


@dataclass(frozen=True)
class ObjectSources:
    """Every place where an object is described, as it stands.

    `contracts`, `suites`: objects that have one; `sources`: dbt's sources, by table; `sql`: the SQL of each
    staging model, by name; `models`: the YAML of the models of staging and intermediate, by name.
    """

    contracts: frozenset[str]
    sources: Mapping[str, Mapping[str, Any]]
    sql: Mapping[str, str]
    models: Mapping[str, Mapping[str, Any]]
    suites: frozenset[str]

    @property
    def objects(self) -> list[str]:
        """Every object that any of the places names."""
        read = {name for sql in self.sql.values() for name in _READS.findall(sql)}
        return sorted({*self.contracts, *self.sources, *read, *self.suites})


def sources_of_the_project() -> ObjectSources:
    described = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for layer in ("staging", "intermediate")
        for path in (PROJECT_ROOT / MODELS / layer).rglob("*.yml")
    ]
    tables = [table for file in described for source in file.get("sources", ()) for table in source["tables"]]
    return ObjectSources(
        contracts=frozenset(contracts()),
        sources={table["name"]: table for table in tables if _is_object(table["name"])},
        sql={
            path.stem: path.read_text(encoding="utf-8")
            for path in (PROJECT_ROOT / MODELS / "staging").rglob("*.sql")
        },
        models={model["name"]: model for file in described for model in file.get("models", ())},
        suites=frozenset(path.stem for path in (PROJECT_ROOT / SUITES).glob("*.json") if _is_object(path.stem)),
    )


def what_an_object_lacks(name: str, sources: ObjectSources) -> list[str]:
    """Everything that is missing for one object, a sentence each with the file to write it in."""
    readers = [model for model, sql in sources.sql.items() if name in _READS.findall(sql)]
    lacking = [
        *([] if name in sources.contracts else [f"describe its columns in {CONTRACTS}/{name}.yml"]),
        *([] if readers else [f"read it in a staging model, {_staging(name)}__<what a row is>.sql"]),
        *_yaml(name, readers, sources),
        *([] if name in sources.suites else [f"write the checks of the raw gate in {SUITES}/{name}.json"]),
    ]
    return [f"{name}: {text}" for text in lacking]


def _yaml(name: str, readers: list[str], sources: ObjectSources) -> list[str]:
    source, file = sources.sources.get(name, {}), f"{_staging(name, '')}.yml"
    lacking = []
    if not source.get("description"):
        lacking.append(f"add it to the sources, with a description, in {file}")
    lacking += [
        f"describe {model} in {file}, with its grain"
        for model in readers
        if "grain" not in _meta(sources.models.get(model, {}))
    ]
    is_counted = any(name in _meta(model).get("records", ()) for model in sources.models.values())
    if is_counted == bool(_meta(source).get("not_counted")):
        lacking.append(
            f"say in {file} whether fct_record_count counts its records: `records: [{name}]` on"
            " its model, or `not_counted` with the reason on the source"
        )
    return lacking


def _meta(described: Mapping[str, Any]) -> Mapping[str, Any]:
    return described.get("config", {}).get("meta", {})


def _staging(name: str, file: str = "stg") -> str:
    """The beginning of the names of an object's staging models, with their folder."""
    [source] = [source for prefix, source in SOURCE_OF_PREFIX.items() if name.startswith(prefix)]
    return f"{MODELS}/staging/{source}/{file}_{source}"


def _is_object(name: str) -> bool:
    return name.startswith(tuple(SOURCE_OF_PREFIX))
