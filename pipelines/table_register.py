"""The register of tables: what `config.meta` in the dbt YAML says about each table.

Belongs here: reading these entries from dbt's manifest. A release, the comparison of releases, Dagster's edges,
`warehouse forget` and the tests go by them. Does not belong here: words for people (`pipelines.dictionary`).

| Key | Says |
|---|---|
| `grain` | what one row is |
| `release` | folders of a release that hold the table: `restricted`, `open`, `feedback` (as lists); `[]`: none |
| `people` | columns that hold a pseudonym; `[]`: no row is of a person |
| `extract` | column that dates the extract a row comes from; `null`: rows belong to no extract |
| `earlier_extracts` | `kept`, `kept_as_reported` (rows of an extract's own month), or `replaced` by the newest |
| `forget` | `never`, or the column that dates a row for `warehouse forget` if that is not `extract_month` |
| `records` | objects of the drop whose records the table holds |
| `not_counted` | why `fct_record_count` does not count an object (sources only) |
| `no_suite` | why no Great Expectations suite checks the table |

A text column of a list that the board writes leaves the service only if its own `config.meta` has `open`: `code`
for values of a closed list, `text`, or `role` for posts and services.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

RESTRICTED, OPEN, FEEDBACK = "restricted", "open", "feedback"
KEPT, KEPT_AS_REPORTED, REPLACED = "kept", "kept_as_reported", "replaced"
NEVER = "never"
RELEASE_FOLDERS = (RESTRICTED, OPEN, FEEDBACK)
EARLIER_EXTRACTS = (KEPT, KEPT_AS_REPORTED, REPLACED)


@dataclass(frozen=True)
class TableEntry:
    """A table of the warehouse, as its dbt YAML describes it. `layer` is the folder of its model, or `raw`."""

    schema: str
    name: str
    layer: str = ""
    is_view: bool = False
    release: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    is_incremental: bool = False
    extract: str | None = None
    earlier_extracts: str | None = None
    forget: str | None = None
    records: tuple[str, ...] = ()
    not_counted: str | None = None
    no_suite: str | None = None
    open_columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def keeps_extracts(self) -> bool:
        """Whether it has the rows of earlier extracts beside those of the newest."""
        return self.extract is not None and self.earlier_extracts != REPLACED

    @property
    def only_grows(self) -> bool:
        """Whether rows of an earlier extract stay as they are until it is delivered again or removed."""
        return self.is_incremental and self.earlier_extracts == KEPT


def table_register(manifest: Path) -> dict[str, TableEntry]:
    """Every source and model by `schema.table`, in this order. Raises OSError where there is no manifest."""
    read = manifest.stat()
    return _read(manifest, read.st_mtime_ns, read.st_size)


def released_tables(register: Mapping[str, TableEntry], *folders: str) -> dict[str, TableEntry]:
    """The tables of one of these folders of a release, by name: no two of a release have the same name."""
    return {entry.name: entry for entry in register.values() if set(folders) & set(entry.release)}


@lru_cache(maxsize=1)
def _read(manifest: Path, modified: int, size: int) -> dict[str, TableEntry]:
    content = json.loads(manifest.read_text(encoding="utf-8"))
    entries = [
        _entry(node)
        for node in (*content["sources"].values(), *content["nodes"].values())
        if node["resource_type"] in {"source", "model"}
    ]
    entries.sort(key=lambda entry: (entry.schema, entry.name))
    return {f"{entry.schema}.{entry.name}": entry for entry in entries}


def _entry(node: Mapping[str, Any]) -> TableEntry:
    meta = node["config"].get("meta", {})
    is_source = node["resource_type"] == "source"
    return TableEntry(
        schema=node["schema"],
        name=node["name"],
        layer="raw" if is_source else node["fqn"][1],
        is_view=not is_source and node["config"]["materialized"] == "view",
        is_incremental=not is_source and node["config"]["materialized"] == "incremental",
        release=tuple(meta.get("release", ())),
        people=tuple(meta.get("people", ())),
        extract=meta.get("extract"),
        earlier_extracts=meta.get("earlier_extracts"),
        forget=meta.get("forget"),
        records=tuple(meta.get("records", ())),
        not_counted=meta.get("not_counted"),
        no_suite=meta.get("no_suite"),
        open_columns={
            name: column["config"]["meta"]["open"]
            for name, column in node["columns"].items()
            if "open" in column.get("config", {}).get("meta", {})
        },
    )
