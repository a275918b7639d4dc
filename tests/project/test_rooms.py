"""The reading rules between the layers of the dbt project; import-linter holds those between the Python rooms."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml
from checkout import PROJECT_ROOT
from dbt_process import run_dbt

from pipelines.settings import DBT_PROJECT

MAY_READ = {
    "staging": {"source", "seeds"},
    "reference": {"source", "staging", "seeds"},
    "intermediate": {"staging", "intermediate", "reference", "seeds"},
    "core": {"staging", "intermediate", "core", "reference", "seeds"},
    "indicators": {"intermediate", "core", "indicators", "reference", "seeds"},
}
"""What a mart may not read is private to another group, and dbt itself refuses it."""
PREFIXES = {
    "staging": ("stg_",),
    "reference": ("population", "indicator_", "neighbour_"),
    "intermediate": ("int_",),
    "core": ("dim_", "fct_", "dq_"),
    "indicators": ("ind_", "fct_indicator_"),
    "marts": ("mart_",),
}
ONE_DOC_BLOCK = re.compile(r"{{ doc\('\w+'\) }}")
OTHER_MEANING = {
    "fct_challenge.category_code",
    "fct_challenge.outcome",
    "fct_comparator.period",
    "fct_comparator.role",
    "fct_foster_review.kind",
    "fct_iro_contact.kind",
    "fct_legal_status.is_looked_after",
    "fct_period_of_care.is_looked_after",
    "fct_plan.category_code",
    "fct_post.role",
    "fct_pre_proceedings.outcome",
    "fct_rule_run.outcome",
    "mart_indicator_signal.method",
    "mart_indicator_signal.rule",
}
"""Columns with a name that means something else in other tables: published names, which stay."""


@pytest.fixture(scope="module")
def manifest(dbt_manifest: Path) -> dict[str, dict]:
    return json.loads(dbt_manifest.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def nodes(manifest) -> dict[str, dict]:
    return {**manifest["nodes"], **manifest["sources"]}


@pytest.fixture(scope="module")
def written_columns() -> list[tuple[str, str]]:
    """Every column of every model as `table.column`, with its description as it is written in the YAML."""
    files = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in DBT_PROJECT.rglob("models/**/*.yml"))
    models = [model for file in files for model in file.get("models", [])]
    return [(f"{m['name']}.{c['name']}", c["description"]) for m in models for c in m.get("columns", [])]


@pytest.fixture(scope="module")
def exposures(manifest) -> dict[str, dict]:
    return {exposure["name"]: exposure for exposure in manifest["exposures"].values()}


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
        if room_of(model) in MAY_READ and room_of(nodes[parent]) not in MAY_READ[room_of(model)]
    ]
    assert not wrong


def test_only_staging_and_reference_read_a_source(nodes, models):
    reading = {room_of(m) for m in models for p in m["depends_on"]["nodes"] if room_of(nodes[p]) == "source"}
    assert reading == {"staging", "reference"}


def test_only_reference_reads_what_is_shipped_for_authorities_to_replace(nodes, models):
    reading = {
        (room_of(m), nodes[p]["name"].removeprefix("shipped_") == m["name"])
        for m in models
        for p in m["depends_on"]["nodes"]
        if nodes[p]["name"].startswith("shipped_")
    }
    assert reading == {("reference", True)}


def test_models_that_people_do_not_read_are_private_to_the_group_that_makes_the_figures(models):
    hidden = [m for m in models if room_of(m) in {"staging", "intermediate"}]
    assert {(m["access"], m["group"]) for m in hidden} == {("private", "warehouse")}
    assert {m["group"] for m in models if room_of(m) == "marts"} == {"reporting"}


def test_dbt_refuses_a_mart_that_reads_a_private_model(dbt_manifest, tmp_path):
    project, target = tmp_path / "dbt_project", tmp_path / "target"
    shutil.copytree(DBT_PROJECT, project)
    shutil.copytree(dbt_manifest.parent, target)
    mart = project / "models" / "marts" / "action" / "mart_of_private_rows.sql"
    mart.write_text("select * from {{ ref('int_team') }}", encoding="utf-8")
    result = run_dbt(["parse", "--quiet"], tmp_path / "none.duckdb", target, project)
    assert result.returncode != 0
    assert "int_team, which is not allowed because the referenced node is private" in result.stdout


def test_what_a_release_holds_is_public_and_named_by_its_exposure(exposures, models):
    published = {m["name"] for m in models if m["config"]["meta"].get("release")}
    assert {m["name"] for m in models if m["access"] == "public"} == published
    assert exposed(exposures["release"]) == published


def test_an_exposure_names_the_tables_that_its_files_read(exposures, models):
    reading = [exposure for exposure in exposures.values() if "reads" in exposure["config"]["meta"]]
    assert reading
    for exposure in reading:
        files = PROJECT_ROOT.glob(exposure["config"]["meta"]["reads"])
        words = {word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))}
        assert exposed(exposure) == {m["name"] for m in models if m["access"] == "public"} & words


def exposed(exposure: dict) -> set[str]:
    return {node.rpartition(".")[2] for node in exposure["depends_on"]["nodes"]}


def test_staging_models_join_nothing(models):
    joining = [m["name"] for m in models if room_of(m) == "staging" and " join " in m["raw_code"].lower()]
    assert not joining


def test_every_model_bears_the_name_of_its_room(models):
    assert not [m["name"] for m in models if not m["name"].startswith(PREFIXES[room_of(m)])]


def test_every_model_and_seed_says_its_grain_first(nodes):
    tables = [n for n in nodes.values() if n["resource_type"] in {"model", "seed"}]
    assert not [t["name"] for t in tables if not t["description"].startswith("One row per ")]
    assert not [t["name"] for t in tables if not t["config"]["meta"].get("grain")]


STORED_AS = {"ind_child_row": "fct_indicator_child"}
"""A view whose rows a table stores as they are: the test of the table is that of the view."""


def test_every_model_past_staging_has_a_test_of_its_grain(nodes, models):
    tested = {
        parent
        for node in nodes.values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {})
        and node["test_metadata"]["name"] == "grain_is_unique"
        for parent in node["depends_on"]["nodes"]
    }
    names = {nodes[parent]["name"] for parent in tested}
    past_staging = [m["name"] for m in models if room_of(m) != "staging"]
    assert not [name for name in past_staging if STORED_AS.get(name, name) not in names]


def test_every_column_of_core_and_marts_is_typed_described_and_enforced(models):
    public = [m for m in models if room_of(m) in {"core", "marts"} or m["name"].startswith("fct_")]
    assert public
    for model in public:
        assert model["config"]["contract"]["enforced"], model["name"]
        for name, column in model["columns"].items():
            assert column["description"], f"{model['name']}.{name}"
            assert column["data_type"], f"{model['name']}.{name}"


def test_a_table_of_cases_has_a_short_name(manifest):
    assert not [test["name"] for test in manifest["unit_tests"].values() if len(test["name"]) > 60]


def test_a_description_stands_once(written_columns):
    plain = [text for _, text in written_columns if not ONE_DOC_BLOCK.fullmatch(text)]
    assert not [text for text, times in Counter(plain).items() if times > 1], (
        "write a doc block: models/_docs_*.md"
    )


def test_a_column_of_several_tables_has_one_meaning(written_columns):
    """Its description starts from a doc block that is named after the column."""
    columns = [name.partition(".")[2] for name, _ in written_columns]
    assert not [
        name
        for name, text in written_columns
        if columns.count(name.partition(".")[2]) > 1
        and name not in OTHER_MEANING
        and not text.startswith(f"{{{{ doc('{name.partition('.')[2]}")
    ]


def test_every_doc_block_is_used_twice(written_columns, manifest):
    used = Counter(block for _, text in written_columns for block in re.findall(r"doc\('(\w+)'\)", text))
    blocks = {doc["name"] for doc in manifest["docs"].values() if doc["package_name"] == "warehouse"}
    assert not [name for name in blocks if used[name] < 2]


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
