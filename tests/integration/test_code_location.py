"""The Dagster code location: what is in it, frozen, so that a change of a name is seen in review."""

import os
import subprocess
import sys

import pytest
from dagster import AssetKey

from pipelines.comparators import TABLES as COMPARATOR_TABLES
from pipelines.defs.definitions import build_defs
from pipelines.settings import DATA_VARIABLE, SEEDS, DataFolder
from pipelines.table_register import table_register


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    """The code location, loaded on an empty data folder as `make dagster` loads it."""
    return build_defs(DataFolder(tmp_path_factory.mktemp("code_location")))


def test_every_table_is_an_asset_under_the_name_that_an_analyst_queries(definitions, dbt_manifest):
    keys = {".".join(key.path) for key in definitions.resolve_asset_graph().materializable_asset_keys}
    seeds = {f"seeds.{path.stem}" for path in SEEDS.glob("*.csv")}
    comparators = {f"raw.{table}" for table in COMPARATOR_TABLES}
    assert keys == {*table_register(dbt_manifest), *seeds, *comparators, "release"}
    assert {"raw.ssd_person", "quality.rule_run", "core.fct_plan", "marts.mart_due_list", "release"} <= keys


def test_one_job_runs_a_month_from_drop_to_release(definitions):
    job = definitions.resolve_job_def("month_end")
    assert {node.name for node in job.graph.nodes} == {
        "comparators",
        "ingest",
        "gate_raw",
        "transform",
        "gate_marts",
        "release",
    }
    assert "2019-08" in job.partitions_def.get_partition_keys()


def test_schedules_and_sensors_run_as_soon_as_a_daemon_does(definitions):
    found = {one.name: one.default_status.value for one in (*definitions.schedules, *definitions.sensors)}
    assert found == dict.fromkeys(
        (
            "first_working_day",
            "every_working_day",
            "complete_drop",
            "month_published",
            "month_failed",
            "month_canceled",
        ),
        "RUNNING",
    )


def test_every_step_of_a_month_stands_in_the_pool_of_the_working_file(definitions):
    assert {node.definition.pool for node in definitions.resolve_job_def("month_end").graph.nodes} == {
        "working_file"
    }


def test_gates_stand_between_what_they_guard_and_what_comes_after(definitions):
    dependencies = definitions.resolve_job_def("month_end").graph.dependency_structure
    upstream = {
        node.name: {
            output.node_name
            for handle in [dependencies.input_to_upstream_outputs_for_node(node.name)]
            for outputs in handle.values()
            for output in outputs
        }
        for node in definitions.resolve_job_def("month_end").graph.nodes
    }
    assert {"ingest", "gate_raw"} <= upstream["transform"]
    assert {"transform", "gate_marts"} <= upstream["release"]


def test_every_asset_of_the_pipeline_has_an_owner_a_kind_and_a_group(definitions):
    keys = definitions.resolve_asset_graph().materializable_asset_keys
    specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs() if spec.key in keys}
    assert specs.keys() == keys
    assert not [key for key, spec in specs.items() if not (spec.owners and spec.kinds and spec.group_name)]
    assert specs[AssetKey("release")].freshness_policy is not None


def test_importing_the_code_location_reads_no_dbt_project_and_writes_nothing(tmp_path):
    code = "import sys, pipelines.defs.definitions; sys.exit('dbt.cli.main' in sys.modules)"
    data = tmp_path / "data"
    subprocess.run([sys.executable, "-c", code], env=os.environ | {DATA_VARIABLE: str(data)}, check=True)
    assert not data.exists()
