"""Every table is described in its dbt YAML, and whoever repeats a part of it agrees with it."""

import json
import re
from collections.abc import Iterator

import pytest

from pipelines.contracts import contracts
from pipelines.dictionary.indicators import NO_OBJECT, indicators
from pipelines.table_register import (
    EARLIER_EXTRACTS,
    NEVER,
    OPEN,
    RELEASE_FOLDERS,
    TableEntry,
    table_register,
)

DESCRIBED = {"core", "indicators", "marts"}
REQUIRED = {
    "grain": "what one row is",
    "release": f"the folders of a release that hold it: {', '.join(RELEASE_FOLDERS)}, or []",
    "people": "its columns with a pseudonym, or []",
    "extract": "its column with the extract of a row, or null",
}
KNOWN = {*REQUIRED, "earlier_extracts", "forget", "records", "not_counted", "no_suite"}
NAMES_A_PERSON = {"child_id", "worker_id"}


def nodes_of(manifest) -> dict[str, dict]:
    nodes = [*manifest["sources"].values(), *manifest["nodes"].values()]
    return {
        f"{node['schema']}.{node['name']}": node for node in nodes if node["resource_type"] in {"source", "model"}
    }


@pytest.fixture(scope="module")
def nodes(dbt_manifest) -> dict[str, dict]:
    return nodes_of(json.loads(dbt_manifest.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def register(dbt_manifest) -> dict[str, TableEntry]:
    return table_register(dbt_manifest)


def faults_of_an_entry(entry: TableEntry, node: dict) -> Iterator[str]:
    """What a table's description lacks or says wrongly, each in a sentence."""
    yield from faults_of_keys(entry, node["config"]["meta"])
    if node["columns"]:
        yield from faults_of_columns(entry, set(node["columns"]))
    if node["config"].get("materialized") == "incremental" and node["config"]["full_refresh"] is not False:
        yield "it is incremental without `full_refresh: false`: `dbt build --full-refresh` would erase history"


def faults_of_keys(entry: TableEntry, meta: dict) -> Iterator[str]:
    must_say = REQUIRED if entry.layer in DESCRIBED or entry.release else {}
    for key in must_say.keys() - meta.keys():
        yield f"`{key}` is missing: {must_say[key]}"
    for key in meta.keys() - KNOWN:
        yield f"`{key}` is no key of a description: {', '.join(sorted(KNOWN))}"
    if unknown := set(entry.release) - set(RELEASE_FOLDERS):
        yield f"`release` names {unknown}: {REQUIRED['release']}"
    if OPEN in entry.release and entry.people:
        yield "`release` says open, but `people` has columns: no row of a person may leave the service"
    if must_say and (entry.extract is None) != (entry.earlier_extracts is None):
        yield f"`earlier_extracts` goes with `extract`: {', '.join(EARLIER_EXTRACTS)}"
    elif entry.earlier_extracts not in {None, *EARLIER_EXTRACTS}:
        yield f"`earlier_extracts` says {entry.earlier_extracts}: {', '.join(EARLIER_EXTRACTS)}"
    if entry.forget == NEVER and entry.people:
        yield "`forget: never` is for tables without rows of people"
    for name in sorted(set(entry.records) - set(contracts())):
        yield f"`records` names {name}, which has no contract"


def faults_of_columns(entry: TableEntry, columns: set[str]) -> Iterator[str]:
    dates = {entry.extract, entry.forget} - {None, NEVER}
    for column in sorted((set(entry.people) | dates) - columns):
        yield f"column {column} is not among its columns"
    for column in sorted((columns & NAMES_A_PERSON) - set(entry.people)):
        yield f"column {column} is missing in `people`"
    if entry.people and not columns & {"extract_month", entry.forget}:
        yield "`forget` is missing: the column by which its rows grow too old"


def test_every_table_is_described(register, nodes):
    faults = [
        f"{name}: {fault}" for name, entry in register.items() for fault in faults_of_an_entry(entry, nodes[name])
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("change", "config", "fault"),
    [
        ({"release": None}, {}, "`release` is missing"),
        ({"people": None}, {}, "`people` is missing"),
        ({"people": ["child_id"]}, {}, "column worker_id is missing in `people`"),
        ({"people": ["child_id", "worker_id", "nurse_id"]}, {}, "column nurse_id is not among its columns"),
        ({"release": ["public"]}, {}, "`release` names {'public'}"),
        ({"release": ["open"]}, {}, "`release` says open"),
        ({"extract": "month"}, {}, "column month is not among its columns"),
        ({"earlier_extracts": "some"}, {}, "`earlier_extracts` says some"),
        ({"earlier_extracts": None}, {}, "`earlier_extracts` goes with `extract`"),
        ({"forget": "never"}, {}, "`forget: never`"),
        ({"records": ["ssd_nothing"]}, {}, "`records` names ssd_nothing"),
        ({"publish": True}, {}, "`publish` is no key"),
        ({}, {"full_refresh": None}, "it is incremental"),
    ],
)
def test_a_fault_of_a_description_is_named(dbt_manifest, tmp_path, change, config, fault):
    manifest = json.loads(dbt_manifest.read_text(encoding="utf-8"))
    node = manifest["nodes"]["model.warehouse.fct_plan"]
    meta = node["config"]["meta"] | change
    node["config"] |= {"meta": {key: value for key, value in meta.items() if value is not None}} | config
    changed = tmp_path / "manifest.json"
    changed.write_text(json.dumps(manifest), encoding="utf-8")
    faults = list(faults_of_an_entry(table_register(changed)["core.fct_plan"], node))
    assert any(found.startswith(fault) for found in faults), faults


def counted(nodes) -> dict[str, str]:
    """The model that fct_record_count counts of each object."""
    listed = nodes["core.fct_record_count"]["raw_code"].partition("%}")[0]
    return dict(re.findall(r"\('(\w+)', '(\w+)'\)", listed))


def test_the_list_of_record_counts_is_that_of_the_descriptions(register, nodes):
    """dbt has to know every `ref` when it reads the project: the SQL keeps a list, which agrees with `meta`."""
    described = {
        object_: entry.name
        for entry in register.values()
        if entry.layer in {"staging", "intermediate"}
        for object_ in entry.records
    }
    listed = counted(nodes)
    faults = [
        f"core/fct_record_count.sql: add ('{object_}', '{model}'), as `records` of {model} says"
        for object_, model in described.items()
        if listed.get(object_) != model
    ]
    faults += [
        f"{model}: `records: [{object_}]` is missing, which core/fct_record_count.sql counts"
        for object_, model in listed.items()
        if object_ not in described
    ]
    assert faults == []


def test_a_record_that_an_indicator_needs_has_its_versions_compared(register, nodes):
    """Without it the restatement of an indicator has no cause but `other`."""
    needed = {name for indicator in indicators().values() for name in indicator.objects}
    needed -= set(NO_OBJECT)
    listed = set(re.findall(r"\('(\w+)[^']*', '(\w+)',", nodes["indicators.ind_record_version"]["raw_code"]))
    recorded = {
        (object_, entry.name) for entry in register.values() if entry.layer == "core" for object_ in entry.records
    }
    faults = [
        f"{object_}: `records: [{object_}]` is missing on its core model"
        for object_ in needed - {object_ for object_, _ in recorded}
    ]
    faults += [
        f"indicators/ind_record_version.sql: add ('{object_}', '{model}', ...), as `records` of {model} says"
        for object_, model in recorded - listed
        if object_ in needed
    ]
    faults += [f"{model}: `records: [{object_}]` is missing" for object_, model in listed - recorded]
    assert faults == []
