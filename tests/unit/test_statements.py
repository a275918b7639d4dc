"""The stored statements of a month: they run whole, or leave the working file to dbt as it was."""

import pytest

from pipelines.errors import StorageFullError
from pipelines.settings import DataFolder
from pipelines.transform import is_built, statements
from pipelines.transform.project import project_digest
from pipelines.transform.statements import NodeStatements, Statements, as_text, run, shape
from pipelines.warehouse_file import open_warehouse

MODEL = NodeStatements("m", "model", "create or replace table core.m as (select id from raw.r)")
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
        "insert into raw.r values (1)",
        "alter table raw.r alter id type varchar",
        "drop table raw.r",
        "alter table core.m add column other integer",
    ],
    ids=["a test fails", "another type", "a table is missing", "a column more"],
)
def test_what_dbt_may_see_otherwise_is_left_to_dbt(folder, kept, changed):
    with open_warehouse(folder) as connection:
        connection.execute(changed)
        assert run(folder, connection, kept) is None
        assert ids(connection) == []


def test_a_statement_that_changes_the_columns_of_a_table_is_undone(folder):
    other = NodeStatements("m", "model", "create or replace table core.m as (select '1' as id)")
    with open_warehouse(folder) as connection:
        assert run(folder, connection, text(connection, other)) is None
        assert ids(connection) == []


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
        failing = NodeStatements("m", "model", "create or replace table core.m as (select 'Quill'::int as id)")
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
