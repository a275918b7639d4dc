"""The reading rules between the rooms, over dbt's manifest and the imports of the Python."""

import ast
import json
import re
from pathlib import Path

import pytest
from checkout import PROJECT_ROOT

MAY_READ = {
    "staging": {"source", "seeds"},
    "intermediate": {"staging", "intermediate", "seeds"},
    "core": {"staging", "intermediate", "core", "seeds"},
    "indicators": {"intermediate", "core", "indicators", "seeds"},
    "marts": {"core", "indicators", "seeds"},
}
PREFIXES = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "core": ("dim_", "fct_", "dq_"),
    "indicators": ("ind_", "fct_indicator_"),
    "marts": ("mart_",),
}
KNOWS_DAGSTER = {"defs"}
KNOWS_GREAT_EXPECTATIONS = {"quality"}


@pytest.fixture(scope="module")
def nodes(dbt_manifest: Path) -> dict[str, dict]:
    manifest = json.loads(dbt_manifest.read_text(encoding="utf-8"))
    return {**manifest["nodes"], **manifest["sources"]}


@pytest.fixture(scope="module")
def models(nodes) -> list[dict]:
    return [node for node in nodes.values() if node["resource_type"] == "model"]


def room_of(node: dict) -> str:
    return {"source": "source", "seed": "seeds"}.get(node["resource_type"]) or node["fqn"][1]


def test_every_model_reads_only_the_rooms_it_may(nodes, models):
    wrong = [
        f"{model['name']} reads {nodes[parent]['name']}"
        for model in models
        for parent in model["depends_on"]["nodes"]
        if room_of(nodes[parent]) not in MAY_READ[room_of(model)]
    ]
    assert not wrong


def test_staging_models_join_nothing(models):
    joining = [m["name"] for m in models if room_of(m) == "staging" and " join " in m["raw_code"].lower()]
    assert not joining


def test_every_model_bears_the_name_of_its_room(models):
    assert not [m["name"] for m in models if not m["name"].startswith(PREFIXES[room_of(m)])]


def test_every_model_and_seed_says_its_grain_first(nodes):
    tables = [n for n in nodes.values() if n["resource_type"] in {"model", "seed"}]
    assert not [t["name"] for t in tables if not t["description"].startswith("One row per ")]
    assert not [t["name"] for t in tables if not t["config"]["meta"].get("grain")]


def test_every_model_past_staging_has_a_test_of_its_grain(nodes, models):
    tested = {
        parent
        for node in nodes.values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {})
        and node["test_metadata"]["name"] == "grain_is_unique"
        for parent in node["depends_on"]["nodes"]
    }
    assert not [m["name"] for m in models if room_of(m) != "staging" and m["unique_id"] not in tested]


def test_every_column_of_core_and_marts_is_typed_described_and_enforced(models):
    public = [m for m in models if room_of(m) in {"core", "marts"} or m["name"].startswith("fct_")]
    assert public
    for model in public:
        assert model["config"]["contract"]["enforced"], model["name"]
        for name, column in model["columns"].items():
            assert column["description"], f"{model['name']}.{name}"
            assert column["data_type"], f"{model['name']}.{name}"


def test_functions_that_differ_between_databases_stand_in_macros_only():
    forbidden = (
        "date_diff(",
        "datediff(",
        "interval ",
        "isodow(",
        "regexp_",
        "date_add(",
        "strptime(",
        "json_",
    )
    found = [
        f"{path.name}: {word}"
        for path in (PROJECT_ROOT / "dbt_project" / "models").rglob("*.sql")
        for word in forbidden
        # a macro may bear such a word in its name
        if word in re.sub(r"{{.*?}}", "", path.read_text().lower(), flags=re.DOTALL)
    ]
    assert not found


def imported_packages(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize(
    ("package", "rooms"), [("dagster", KNOWS_DAGSTER), ("great_expectations", KNOWS_GREAT_EXPECTATIONS)]
)
def test_a_framework_is_known_in_its_room_only(package, rooms):
    for path in (PROJECT_ROOT / "pipelines").rglob("*.py"):
        room = path.relative_to(PROJECT_ROOT / "pipelines").parts[0]
        uses = {name for name in imported_packages(path) if name.split(".")[0].startswith(package)}
        assert not uses or room in rooms, path
