"""The tables of cases beside the models, run by dbt, and the project on a warehouse with nothing in it."""

import json
from pathlib import Path

import pytest
from dbt_process import run_dbt

from pipelines.calendar import Month
from pipelines.comparators.comparator_tables import create_comparator_tables
from pipelines.ingest.raw_tables import create_raw_tables, write_reference, write_run
from pipelines.quality.rule_tables import create_rule_tables
from pipelines.settings import DataFolder
from pipelines.warehouse_file import open_warehouse

RULES_WITH_EDGES = 65


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, str]:
    """Status of every node of a whole build, unit tests among them, by unique id."""
    folder = DataFolder(tmp_path_factory.mktemp("empty"))
    with open_warehouse(folder) as connection:
        create_raw_tables(connection)
        create_rule_tables(connection)
        create_comparator_tables(connection)
        write_reference(connection, [])
        write_run(connection, Month(2019, 3), [])
    target = folder.root / "target"
    outcome = run_dbt(["build"], folder.database, target)
    assert (target / "run_results.json").is_file(), outcome.stdout
    return statuses(target / "run_results.json")


def statuses(run_results: Path) -> dict[str, str]:
    found = json.loads(run_results.read_text(encoding="utf-8"))["results"]
    return {result["unique_id"]: result["status"] for result in found}


def test_every_table_of_cases_holds(results):
    tables = {name: status for name, status in results.items() if name.startswith("unit_test.")}
    assert [name for name, status in tables.items() if status != "pass"] == []
    assert len(tables) >= RULES_WITH_EDGES


def test_the_project_builds_on_a_warehouse_with_nothing_in_it(results):
    built = {name: status for name, status in results.items() if not name.startswith("exposure.")}
    assert [name for name, status in built.items() if status not in {"success", "pass"}] == []
