"""The Dagster code location: what is in it, frozen, so that a change of a name is seen in review.

And its pages, as `make dagster` starts them: what other pages in the same browser, and other people, can do there.
"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from dagster import AssetKey, DagsterInstance
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pipelines.comparators.comparator_tables import TABLES as COMPARATOR_TABLES
from pipelines.defs import pages
from pipelines.defs.definitions import build_defs
from pipelines.defs.instance import prepare_instance
from pipelines.settings import DATA_VARIABLE, SEEDS, DataFolder
from pipelines.table_register import table_register


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> DataFolder:
    """An empty data folder."""
    return DataFolder(tmp_path_factory.mktemp("code_location"))


@pytest.fixture(scope="module")
def definitions(folder):
    """The code location, loaded on an empty data folder as `make dagster` loads it."""
    return build_defs(folder)


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


LAUNCH = """mutation {
    launchRun(executionParams: {
        selector: {
            repositoryLocationName: "pipelines.defs.definitions"
            repositoryName: "__repository__"
            jobName: "month_end"
        },
        runConfigData: {ops: {gate_raw: {config: {waive: ["all"], reason: "none", waived_by: "nobody"}}}},
        executionMetadata: {tags: [{key: "dagster/partition", value: "2019-01"}]}
    }) { __typename }
}"""
JSON = {"Content-Type": "application/json"}
BODY = json.dumps({"query": LAUNCH})
SECONDS_TO_START = 60
FOREIGN = "https://evil.example"


@dataclass
class Pages:
    """Dagster's pages that a person started at a desk."""

    port: int
    prefix: str
    home: Path

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: str | None = None):
        """Status and text of an answer to a request below the prefix; `//path` is one without it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path[1:] if path.startswith("//") else self.prefix + path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def runs(self) -> int:
        with DagsterInstance.from_config(str(self.home)) as instance:
            return instance.get_runs_count()


@pytest.fixture(scope="module")
def desk(folder, definitions) -> Iterator[Pages]:
    """The pages of `make dagster` without its daemon, which would carry out the runs."""
    home, told = prepare_instance(folder), folder.root / "pages.log"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = f"from pipelines.defs.pages import *; serve(desk_options(['--port', '{port}']))"
    environment = os.environ | {DATA_VARIABLE: str(folder.root), "DAGSTER_HOME": str(home)}
    with told.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(SECONDS_TO_START * 10):
            serving = re.search(rf"on http://127\.0\.0\.1:{port}(/\S{{32}}) in", told.read_text())
            with suppress(ConnectionRefusedError):
                if serving and (started := Pages(port, serving[1], home)).ask("GET", "/server_info")[0] == 200:
                    break
            assert process.poll() is None, told.read_text()
            time.sleep(0.1)
        else:
            raise AssertionError(told.read_text())
        yield started
    finally:
        process.terminate()
        process.wait(timeout=30)


ATTACKS = {
    "a picture": ("GET", f"/graphql?query={quote(LAUNCH)}", {"Origin": FOREIGN}, None),
    "a picture whose request names no origin": ("GET", f"/graphql?query={quote(LAUNCH)}", {}, None),
    "a script of another page": ("POST", "/graphql", JSON | {"Origin": FOREIGN}, BODY),
    "a page without an origin": ("POST", "/graphql", JSON | {"Origin": "null"}, BODY),
    "a page on another port": ("POST", "/graphql", JSON | {"Origin": "http://127.0.0.1:1"}, BODY),
    "a form": ("POST", f"/graphql?query={quote(LAUNCH)}", {"Content-Type": "text/plain"}, "x"),
    "a form that names JSON": ("POST", "/graphql", {"Content-Type": "text/plain; a=application/json"}, BODY),
    "a form without a type": ("POST", f"/graphql?query={quote(LAUNCH)}", {}, None),
    "GraphQL as text": ("POST", "/graphql", {"Content-Type": "application/graphql"}, LAUNCH),
    "a name that resolves to this machine": ("POST", "/graphql", JSON | {"Host": "evil.example"}, BODY),
    "a path without the prefix": ("POST", "//graphql", JSON, BODY),
    "a report on a table": ("POST", "/report_asset_materialization/release", {"Origin": FOREIGN}, None),
    "a report on a table by a form": ("POST", "/report_asset_materialization/release?partition=2019-01", {}, None),
    "a report on a check": ("POST", "/report_asset_check/release?check_name=a&passed=true", {}, None),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_of_another_site_starts_nothing(desk, attack):
    status, text = desk.ask(*ATTACKS[attack])
    assert status in {400, 403, 404}, text
    assert "LaunchRunSuccess" not in text
    assert desk.runs() == 0


def test_nothing_tells_the_path_of_the_pages(desk):
    for path in ("//", "//graphql", "//server_info", "//..", "//%2e%2e/graphql"):
        status, text = desk.ask("GET", path)
        assert status in {403, 404}, path
        assert desk.prefix not in text, path


@pytest.mark.parametrize("origin", [FOREIGN, None, "null"])
def test_a_web_socket_of_another_page_is_refused(desk, origin):
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://127.0.0.1:{desk.port}{desk.prefix}/graphql", origin=origin),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_a_mutation_over_a_web_socket_starts_nothing(desk):
    own, address = f"http://127.0.0.1:{desk.port}", f"ws://127.0.0.1:{desk.port}{desk.prefix}/graphql"
    with connect(address, origin=own, subprotocols=["graphql-ws"]) as pages_socket:
        pages_socket.send(json.dumps({"type": "start", "id": "1", "payload": {"query": LAUNCH}}))
        assert json.loads(pages_socket.recv(timeout=30))["type"] == "error"
    assert desk.runs() == 0


def test_the_pages_themselves_are_answered(desk):
    own = JSON | {"Origin": f"http://127.0.0.1:{desk.port}"}
    status, text = desk.ask("POST", "/graphql", own, json.dumps({"query": "{ version }"}))
    assert (status, list(json.loads(text)["data"])) == (200, ["version"])


@pytest.mark.long
def test_the_pages_themselves_start_a_run(desk):
    """The last of the tests on these pages: the request of the attacks, sent as the pages send it, is taken."""
    status, text = desk.ask("POST", "/graphql", JSON | {"Origin": f"http://127.0.0.1:{desk.port}"}, BODY)
    assert (status, json.loads(text)["data"]["launchRun"]["__typename"]) == (200, "LaunchRunSuccess")
    assert desk.runs() == 1
    assert desk.ask("GET", "/graphql", {"Accept": "text/html"})[0] == 200


def test_the_pages_of_a_server_only_show(monkeypatch, tmp_path):
    given = []
    monkeypatch.setattr(pages, "dagster_webserver", lambda options, standalone_mode: given.append(options))
    monkeypatch.setattr(sys, "argv", ["pages", "webserver", "--host", "0.0.0.0"])
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    pages.main()
    assert given[0][-3:] == ["--host", "0.0.0.0", "--read-only"]


def test_pages_at_a_desk_listen_on_this_machine_whatever_is_given():
    options = pages.desk_options(["--host", "0.0.0.0", "--path-prefix", "/known"])
    assert options[-4:-1] == ["--host", "127.0.0.1", "--path-prefix"]
    assert options[-1] != pages.desk_options([])[-1]
