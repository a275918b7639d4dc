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
    assert "must be a list with at least one check" in load_suites("raw")[0].fault


def test_a_table_without_its_schema_is_a_fault(expectations):
    write(expectations, CHECK, table="people")
    assert "'table' must be given as schema.table" in load_suites("raw")[0].fault


@pytest.mark.parametrize("event_date", [3, "", "start_date; drop table people", ["start_date"]])
def test_an_event_date_that_is_no_column_name_is_a_fault(expectations, event_date):
    write(expectations, CHECK, event_date=event_date)
    assert "'event_date' must be the name of a column" in load_suites("raw")[0].fault


def test_a_file_that_is_not_json_is_a_fault_with_its_line_and_the_suite_is_still_listed(expectations):
    (expectations / "raw" / "people.json").write_text('{"table": "raw.people",\n oops}', encoding="utf-8")
    assert load_suites("raw")[0].fault.startswith("expectations/raw/people.json: not JSON, line 2")
    assert suite_tables("raw") == {"people": "raw.people"}


@pytest.mark.parametrize("stage", STAGES)
def test_the_suites_of_the_project_have_no_fault(stage):
    suites = load_suites(stage)
    assert suites
    assert [suite.fault for suite in suites if suite.fault] == []
