"""The tables of cases beside the models, run by dbt, and the project on a warehouse with nothing in it."""

import json
import shutil

from dbt_process import run_dbt
from empty_warehouse import RESULTS

from pipelines.settings import DataFolder

RULES_WITH_EDGES = 65


def test_every_table_of_cases_holds(built_project, tmp_path):
    """On a copy, because dbt reads the columns of what a model refers to from the tables."""
    database = shutil.copy(DataFolder(built_project).database, tmp_path)
    outcome = run_dbt(["test", "--select", "test_type:unit"], database, tmp_path / "target")
    assert (tmp_path / "target" / "run_results.json").is_file(), outcome.stdout
    results = json.loads((tmp_path / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert [result["unique_id"] for result in results if result["status"] != "pass"] == []
    assert len(results) >= RULES_WITH_EDGES


def test_the_project_builds_on_a_warehouse_with_nothing_in_it(built_project, dbt_manifest):
    nodes = json.loads(dbt_manifest.read_text(encoding="utf-8"))["nodes"].values()
    statuses = json.loads((built_project / RESULTS).read_text(encoding="utf-8"))
    built = {node["name"]: statuses.get(node["name"]) for node in nodes}
    assert {name: status for name, status in built.items() if status not in {"success", "pass"}} == {}
