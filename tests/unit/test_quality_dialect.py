"""What Great Expectations gives back when it runs inside DuckDB."""

import datetime as dt

import duckdb
import pytest

from pipelines.quality.duckdb_dialect import Asked, inspector
from pipelines.settings import DataFolder

ROWS = "select * from raw.people"
SECRET = "Zebediah"


@pytest.fixture
def folder(tmp_path):
    folder = DataFolder(tmp_path)
    folder.warehouse.mkdir()
    with duckdb.connect(str(folder.database)) as connection:
        connection.execute("create schema raw")
        connection.execute(
            f"create table raw.people as select * from (values ('{SECRET}', null, date '2019-08-02'), "
            f"('{SECRET}', 't1', date '2019-08-30'), ('{SECRET}', 't2', null)) as rows (name, team, began)"
        )
    return folder


def inspect(folder, type_, query=ROWS, **kwargs):
    with inspector(folder) as opened:
        return opened.inspect(query, [Asked("it", type_, kwargs)])["it"]


def test_a_broken_expectation_comes_back_as_failed_with_a_count(folder):
    outcome = inspect(folder, "expect_column_values_to_not_be_null", column="team")
    assert (outcome.success, outcome.fault) == (False, None)
    assert (outcome.unexpected_count, outcome.element_count) == (1, 3)


def test_a_met_expectation_comes_back_as_success(folder):
    outcome = inspect(folder, "expect_column_values_to_not_be_null", column="name")
    assert (outcome.success, outcome.fault, outcome.unexpected_count) == (True, None, 0)


@pytest.mark.parametrize("type_", ["expect_column_values_to_not_be_null", "expect_column_max_to_be_between"])
def test_a_missing_column_comes_back_as_a_fault_that_names_it(folder, type_):
    outcome = inspect(folder, type_, column="no_such_column")
    assert not outcome.success
    assert "no_such_column" in outcome.fault


def test_a_fault_of_one_expectation_leaves_the_others_judged(folder):
    asked = [
        Asked("crashes", "expect_column_values_to_not_be_null", {"column": "no_such_column"}),
        Asked("is_no_expectation", "expect_miracles", {}),
        Asked("lacks_its_column", "expect_column_values_to_not_be_null", {}),
        Asked("is_met", "expect_column_values_to_not_be_null", {"column": "name"}),
    ]
    with inspector(folder) as opened:
        outcomes = opened.inspect(ROWS, asked)
    assert [name for name, outcome in outcomes.items() if outcome.fault] == [
        "crashes",
        "is_no_expectation",
        "lacks_its_column",
    ]
    assert outcomes["is_no_expectation"].fault == "there is no expectation of type expect_miracles"
    assert outcomes["is_met"].success


def test_the_newest_date_of_a_table_is_given(folder):
    outcome = inspect(folder, "expect_column_max_to_be_between", column="began", min_value=dt.date(2019, 9, 1))
    assert (outcome.success, outcome.observed) == (False, dt.date(2019, 8, 30))


@pytest.mark.parametrize(
    ("type_", "kwargs"),
    [
        ("expect_column_max_to_be_between", {"column": "name", "max_value": "A"}),
        ("expect_column_distinct_values_to_be_in_set", {"column": "name", "value_set": ["A"]}),
        ("expect_column_values_to_be_in_set", {"column": "name", "value_set": ["A"]}),
        ("expect_column_values_to_match_regex", {"column": "name", "regex": "^A"}),
        ("unexpected_rows_expectation", {"unexpected_rows_query": "select * from {batch}"}),
    ],
)
def test_no_outcome_holds_a_value_of_a_row(folder, type_, kwargs):
    outcome = inspect(folder, type_, **kwargs)
    assert not outcome.success
    assert SECRET not in repr(outcome)


def test_a_crash_is_told_without_the_value_that_caused_it(folder):
    query = "select cast(name as integer) as number from raw.people"
    outcome = inspect(folder, "expect_column_values_to_not_be_null", query, column="number")
    assert outcome.fault
    assert SECRET not in outcome.fault


def test_the_working_file_can_be_written_once_the_inspector_is_closed(folder):
    inspect(folder, "expect_column_values_to_not_be_null", column="name")
    with duckdb.connect(str(folder.database)) as connection:
        connection.execute("create table raw.more (i integer)")
