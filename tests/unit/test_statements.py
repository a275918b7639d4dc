"""The stored statements of a month: each model is made whole or not at all, and what dbt may see is left to it."""

from types import SimpleNamespace

import pytest
from dbt.compilation import Linker

from pipelines.errors import StorageFullError
from pipelines.settings import DataFolder
from pipelines.transform import dbt_commands, is_built, statements
from pipelines.transform.project import manifest, project_digest
from pipelines.transform.statements import NodeStatements, Statements, as_text, run, shape
from pipelines.warehouse_file import open_warehouse

MODEL = NodeStatements("m", "model", "create or replace table core.m as (select id from raw.r)", "core.m")
TEST = NodeStatements(
    "ids_are_unique", "test", "select count(*) from (select id from core.m group by id having count(*) > 1)"
)


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    """A month that dbt built, and new rows in `raw` after it."""
    folder = DataFolder(tmp_path)
    with open_warehouse(folder) as connection:
        for schema, table in (("raw", "r"), ("core", "m")):
            connection.execute(f"create schema {schema}; create table {schema}.{table} (id integer)")
        connection.execute("insert into raw.r values (1), (2)")
    return folder


@pytest.fixture
def kept(folder) -> str:
    with open_warehouse(folder) as connection:
        return text(connection, MODEL, TEST)


def text(connection, *nodes):
    return as_text(Statements({"preserve_insertion_order": False}, nodes), shape(connection))


def ids(connection) -> list[tuple]:
    return connection.execute("from core.m order by id").fetchall()


def test_the_statements_make_the_month_and_give_a_result_for_each_node(folder, kept):
    with open_warehouse(folder) as connection:
        results = run(folder, connection, kept)
        assert [(result.name, result.resource_type, result.status) for result in results] == [
            ("m", "model", "success"),
            ("ids_are_unique", "test", "pass"),
        ]
        assert ids(connection) == [(1,), (2,)]


@pytest.mark.parametrize(
    "changed",
    [
        "alter table raw.r alter id type varchar",
        "drop table raw.r",
        "alter table core.m add column other integer",
    ],
    ids=["another type", "a table is missing", "a column more"],
)
def test_what_dbt_may_see_otherwise_is_left_to_dbt(folder, kept, changed):
    with open_warehouse(folder) as connection:
        connection.execute(changed)
        assert run(folder, connection, kept) is None
        assert ids(connection) == []


def test_a_failing_test_leaves_the_month_to_dbt_before_the_next_model(folder, capsys):
    after = NodeStatements("after", "model", "delete from core.m", "core.m")
    with open_warehouse(folder) as connection:
        connection.execute("insert into raw.r values (1)")
        assert run(folder, connection, text(connection, MODEL, TEST, after)) is None
        assert ids(connection) == [(1,), (1,), (2,)]
    assert "ids_are_unique failed with 1 rows" in capsys.readouterr().out


def test_a_model_is_made_whole_or_not_at_all(folder):
    halfway = NodeStatements("m", "model", "delete from core.m; insert into core.m values ('x')", "core.m")
    with open_warehouse(folder) as connection:
        connection.execute("insert into core.m values (7)")
        assert run(folder, connection, text(connection, halfway)) is None
        assert ids(connection) == [(7,)]


def test_a_statement_that_changes_the_columns_of_a_table_is_undone(folder):
    other = NodeStatements("m", "model", "create or replace table core.m as (select '1' as id)", "core.m")
    with open_warehouse(folder) as connection:
        assert run(folder, connection, text(connection, other)) is None
        assert ids(connection) == []


def test_no_model_runs_before_a_test_after_which_dbt_would_skip_it(dbt_manifest, monkeypatch):
    # dbt sets its flags in a process that has run it: this one may not have
    monkeypatch.setattr("dbt.compilation.get_flags", lambda: SimpleNamespace(USE_FAST_TEST_EDGES=False))
    project = manifest(DataFolder(dbt_manifest.parents[2]))
    graph = Linker()
    graph.link_graph(project)
    project.build_parent_and_child_maps()
    graph.add_test_edges(project)
    nodes = [node for node in project.nodes.values() if node.resource_type in ("model", "test")]
    order = {node.unique_id: number for number, node in enumerate(dbt_commands._in_order(nodes))}
    late = [edge for edge in graph.edges() if set(edge) <= order.keys() and order[edge[0]] > order[edge[1]]]
    assert len(order) == len(nodes)
    assert late == []


def test_statements_of_another_project_are_not_used(folder):
    with open_warehouse(folder) as connection:
        connection.execute("create schema pipeline; create table pipeline.built_project (sha256 varchar)")
        connection.execute("insert into pipeline.built_project values (?)", [project_digest()])
    assert is_built(folder)
    with open_warehouse(folder) as connection:
        connection.execute("update pipeline.built_project set sha256 = 'of another project'")
    assert not is_built(folder)


def test_a_line_that_leaves_the_month_to_dbt_quotes_no_value(folder, capsys):
    with open_warehouse(folder) as connection:
        failing = NodeStatements(
            "m", "model", "create or replace table core.m as select 'Quill'::int as id", "core.m"
        )
        assert run(folder, connection, text(connection, failing)) is None
    printed = capsys.readouterr().out
    assert "ConversionException" in printed
    assert "Quill" not in printed


def test_a_full_disk_is_reported_and_not_tried_again_with_dbt(folder, kept, monkeypatch):
    def full(*_: object) -> None:
        raise statements.duckdb.IOException('Could not write file "/d/w.wal": No space left on device')

    monkeypatch.setattr(statements, "_result", full)
    with open_warehouse(folder) as connection, pytest.raises(StorageFullError, match="no room to write"):
        run(folder, connection, kept)
