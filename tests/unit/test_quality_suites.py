"""What is said of a suite's file that cannot be used."""

import json

import pytest

from pipelines.quality import suite_tables
from pipelines.quality.suites import STAGES, load_suites

CHECK = {
    "name": "teams_are_given",
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "team"},
    "severity": "critical",
    "observes": "team is empty",
    "why": "every row has one",
}


@pytest.fixture
def expectations(tmp_path, monkeypatch):
    for stage in STAGES:
        (tmp_path / stage).mkdir()
    monkeypatch.setattr("pipelines.quality.suites.EXPECTATIONS", tmp_path)
    return tmp_path


def write(expectations, *checks, table="raw.people", **others):
    content = {"table": table, "expectations": list(checks), **others}
    (expectations / "raw" / "people.json").write_text(json.dumps(content), encoding="utf-8")


def test_a_sound_suite_has_its_checks_and_no_fault(expectations):
    write(expectations, CHECK)
    (suite,) = load_suites("raw")
    assert (suite.name, suite.table, suite.fault) == ("people", "raw.people", None)
    assert [(check.name, check.on) for check in suite.checks] == [("teams_are_given", "rows")]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": None}, "check number 1 has no name of small letters, digits and underscores"),
        ({"name": "Teams given"}, "check number 1 has no name of small letters, digits and underscores"),
        ({"type": ""}, "check teams_are_given: 'type' is missing"),
        ({"why": None}, "check teams_are_given: 'why' is missing"),
        ({"observes": None}, "check teams_are_given: 'observes' is missing"),
        ({"severity": "grave"}, "check teams_are_given: severity must be one of critical, warning"),
        ({"on": "table"}, "check teams_are_given: 'on' must be one of rows, measures"),
        ({"on": "measures"}, "a check looks at measures, but there is no people.sql beside it"),
        ({"kwargs": []}, "check teams_are_given: 'kwargs' must be a JSON object"),
        ({"serverity": "warning"}, "check teams_are_given: unknown field 'serverity'"),
    ],
)
def test_a_faulty_check_makes_a_faulty_suite_with_the_file_and_the_fault(expectations, change, fault):
    write(expectations, CHECK | change)
    (suite,) = load_suites("raw")
    assert suite.checks == ()
    assert suite.fault.startswith(f"expectations/raw/people.json: {fault}")


def test_two_checks_of_one_name_are_a_fault(expectations):
    write(expectations, CHECK, CHECK)
    assert "check teams_are_given occurs more than once" in load_suites("raw")[0].fault


def test_a_suite_without_checks_is_a_fault(expectations):
    write(expectations)
    assert "must be lists, with at least one check in them" in load_suites("raw")[0].fault


def test_a_table_without_its_schema_is_a_fault(expectations):
    write(expectations, CHECK, table="people")
    assert "'table' must be given as schema.table" in load_suites("raw")[0].fault


@pytest.mark.parametrize("word", ["event_date", "team", "rows"])
@pytest.mark.parametrize("given", [3, "", "start_date; drop table people", ["start_date"]])
def test_a_word_that_is_no_name_is_a_fault(expectations, word, given):
    write(expectations, CHECK, **{word: given})
    assert f"'{word}' must be a name of small letters, digits" in load_suites("raw")[0].fault


def test_a_field_of_a_suite_that_is_not_known_is_a_fault(expectations):
    write(expectations, CHECK, evnt_date="start_date")
    assert "unknown field 'evnt_date'" in load_suites("raw")[0].fault


SHARED = {
    "rows_are_there": {
        "measured_by": "counts",
        "type": "expect_column_max_to_be_between",
        "kwargs": {"column": "rows_now", "min_value": 1},
        "severity": "critical",
        "observes": "number of rows",
        "why": "an empty table has no figures",
    }
}


def share(expectations, checks=SHARED, sql="select 1 as rows_now"):
    folder = expectations / "raw" / "shared"
    folder.mkdir()
    (folder / "checks.json").write_text(
        checks if isinstance(checks, str) else json.dumps(checks), encoding="utf-8"
    )
    if sql:
        (folder / "counts.sql").write_text(sql, encoding="utf-8")


def test_a_shared_check_is_taken_over_by_name_with_its_measure(expectations):
    share(expectations)
    write(expectations, uses=["rows_are_there"])
    (suite,) = load_suites("raw")
    assert (suite.fault, suite.measures) == (None, {"counts": "select 1 as rows_now"})
    (check,) = suite.checks
    assert (check.name, check.on, check.measured_by) == ("rows_are_there", "measures", "counts")


def test_a_suite_says_what_is_otherwise_in_it(expectations):
    share(expectations)
    write(expectations, uses=[{"name": "rows_are_there", "severity": "warning", "why": "a short list"}])
    (check,) = load_suites("raw")[0].checks
    assert (check.severity, check.why, check.observes) == ("warning", "a short list", "number of rows")


@pytest.mark.parametrize(
    ("uses", "fault"),
    [
        (["rows_are_here"], "number 1 of 'uses' is no check of shared/checks.json"),
        (["rows_are_there", 3], "number 2 of 'uses' is no check of shared/checks.json"),
        (["rows_are_there", "rows_are_there"], "check rows_are_there occurs more than once"),
        ([{"name": "rows_are_there", "severity": "grave"}], "check rows_are_there: severity must be one of"),
        ([{"name": "rows_are_there", "kwargs": {}}], "names its 'column' in 'kwargs'"),
        ("rows_are_there", "'uses' and 'expectations' must be lists"),
    ],
)
def test_a_use_that_cannot_be_made_is_a_fault(expectations, uses, fault):
    share(expectations)
    write(expectations, uses=uses)
    assert fault in load_suites("raw")[0].fault


@pytest.mark.parametrize(
    ("checks", "sql", "fault"),
    [
        ("{ oops", "select 1", "shared/checks.json: not JSON, line 1"),
        ({"rows_are_there": {"type": "x"}}, "select 1", "rows_are_there has no 'measured_by'"),
        (SHARED, None, "there is no shared/counts.sql"),
    ],
)
def test_a_fault_of_what_is_shared_is_a_fault_of_the_suites_that_use_it(expectations, checks, sql, fault):
    share(expectations, checks, sql)
    write(expectations, uses=["rows_are_there"])
    assert fault in load_suites("raw")[0].fault


def test_a_file_that_is_not_json_is_a_fault_with_its_line_and_the_suite_is_still_listed(expectations):
    (expectations / "raw" / "people.json").write_text('{"table": "raw.people",\n oops}', encoding="utf-8")
    assert load_suites("raw")[0].fault.startswith("expectations/raw/people.json: not JSON, line 2")
    assert suite_tables("raw") == {"people": "raw.people"}


@pytest.mark.parametrize("stage", STAGES)
def test_the_suites_of_the_project_have_no_fault(stage):
    suites = load_suites(stage)
    assert suites
    assert [suite.fault for suite in suites if suite.fault] == []
