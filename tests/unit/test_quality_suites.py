"""Every suite is one that Great Expectations loads, and what is said about a file that cannot be used."""

import json
import re

import great_expectations as gx
import pytest
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from pipelines.contracts import contracts
from pipelines.quality import suite_tables
from pipelines.quality.comparisons import queries, tables_read
from pipelines.quality.object_suites import suite_text, template_names, written_suite
from pipelines.quality.suites import STAGES, load_suites
from pipelines.settings import EXPECTATIONS

FILES = sorted(path for stage in STAGES for path in (EXPECTATIONS / stage).glob("*.json"))
CHECKS = [(suite, check) for stage in STAGES for suite in load_suites(stage) for check in suite.checks]
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_great_expectations_loads_every_file_as_it_is(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    suite = gx.ExpectationSuite(**content)
    assert suite.name == path.stem
    assert [one.meta["name"] for one in suite.expectations] == [
        entry["meta"]["name"] for entry in content["expectations"]
    ]
    assert [one.severity.value for one in suite.expectations] == [
        entry["severity"] for entry in content["expectations"]
    ]
    # an unknown field would be left out without a word
    assert all(ExpectationConfiguration(**entry).to_domain_obj().meta for entry in content["expectations"])


def test_every_check_says_what_it_looks_for_and_why():
    silent = [f"{suite.name}/{check.name}" for suite, check in CHECKS if not (check.description and check.notes)]
    assert silent == []
    severities = {(check.expectation["severity"]) for _, check in CHECKS}
    assert severities == {"critical", "warning"}


def test_every_query_is_on_the_batch_and_reads_only_tables_that_are_there():
    for suite, check in CHECKS:
        if check.query:
            assert "{batch}" in check.query, f"{suite.name}/{check.name}"
        assert tables_read(check) <= queries(suite.stage).keys(), f"{suite.name}/{check.name}"


@pytest.mark.parametrize("stage", STAGES)
def test_every_comparison_is_read(stage):
    read = {name for suite in load_suites(stage) for check in suite.checks for name in tables_read(check)}
    read |= {name for query in queries(stage).values() for name in query.reads}
    assert {name for name, query in queries(stage).items() if not query.is_parameters} - read == set()


@pytest.mark.parametrize("stage", STAGES)
def test_every_parameter_that_is_computed_is_used_and_the_other_way_round(stage):
    sql = " ".join(query.sql for query in queries(stage).values() if query.is_parameters)
    for suite, check in CHECKS:
        if suite.stage == stage:
            for parameter in check.parameters:
                assert re.search(rf"\b{parameter.removeprefix(f'{suite.name}_')}\b", sql), parameter


def test_the_numbers_in_the_words_of_a_check_are_those_of_its_query():
    """A limit stands once: words that name another number than the query would be wrong and look right."""
    for suite, check in CHECKS:
        asked = set(NUMBER.findall(json.dumps(check.kwargs)))
        assert set(NUMBER.findall(check.description)) <= asked, f"{suite.name}/{check.name}"
        assert NUMBER.findall(check.notes) == [], f"{suite.name}/{check.name}: the reason repeats a number"


@pytest.mark.parametrize("stage", STAGES)
def test_the_numbers_in_the_words_of_a_comparison_are_those_of_its_query(stage):
    for query in queries(stage).values():
        numbers = set(NUMBER.findall(re.sub(r"--[^\n]*", "", query.sql)))
        head = re.sub(r"^\d\. ", "", query.words, flags=re.MULTILINE)
        assert set(NUMBER.findall(head)) <= numbers, query.name


@pytest.mark.parametrize("name", contracts())
def test_the_suite_of_an_object_is_as_written_from_the_template(name):
    path = EXPECTATIONS / "raw" / f"{name}.json"
    assert path.exists(), f"raw.{name} has no suite: run python -m pipelines.quality.object_suites"
    text = path.read_text(encoding="utf-8")
    assert text == suite_text(written_suite(contracts()[name], json.loads(text))), (
        f"expectations/raw/{name}.json is not as written: run python -m pipelines.quality.object_suites"
    )


def test_an_object_without_a_file_gets_the_checks_that_its_contract_allows():
    suite = written_suite(contracts()["ssd_contacts"], {})
    names = [expectation["meta"]["name"] for expectation in suite["expectations"]]
    assert names == [
        "row_count_near_last_drops",
        "newest_date_in_month",
        "mix_of_codes_moved_high",
        "mix_of_codes_moved_extreme",
        "no_new_code",
        "history_is_not_rewritten",
    ]
    assert suite["expectations"][0]["description"] == "number of rows"


def test_what_a_person_wrote_into_the_suite_of_an_object_stays():
    own = {"type": "own", "meta": {"name": "own"}}
    differs = {"type": "differs", "meta": {"name": "no_new_code", "differs": True}}
    suite = written_suite(
        contracts()["ssd_contacts"],
        {
            "expectations": [own, differs],
            "meta": {"without": ["mix_of_codes_moved_high"]},
        },
    )
    names = [expectation["meta"]["name"] for expectation in suite["expectations"]]
    assert set(names) & set(template_names()) == {
        "history_is_not_rewritten",
        "row_count_near_last_drops",
        "newest_date_in_month",
        "mix_of_codes_moved_extreme",
        "no_new_code",
    }
    assert differs in suite["expectations"]
    assert suite["expectations"][-1] == own


CHECK = {
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "team"},
    "meta": {"name": "teams_given"},
}


@pytest.fixture
def expectations(tmp_path, monkeypatch):
    for stage in STAGES:
        (tmp_path / stage).mkdir()
    monkeypatch.setattr("pipelines.quality.suites.EXPECTATIONS", tmp_path)
    return tmp_path


def write(expectations, *checks, **others):
    content = {"name": "people", "expectations": list(checks), "meta": {"table": "raw.people"}, **others}
    (expectations / "raw" / "people.json").write_text(json.dumps(content), encoding="utf-8")


def test_a_sound_suite_has_its_checks_and_no_fault(expectations):
    write(expectations, CHECK)
    (suite,) = load_suites("raw")
    assert (suite.name, suite.table, suite.fault) == ("people", "raw.people", None)
    assert [(check.name, check.severity) for check in suite.checks] == [("teams_given", "critical")]


@pytest.mark.parametrize(
    ("checks", "others", "fault"),
    [
        ([CHECK, CHECK], {}, "check teams_given occurs more than once"),
        ([], {}, "no expectation"),
        ([CHECK], {"name": "persons"}, "not the name of the file"),
        ([CHECK], {"meta": {}}, "'meta' must name the table"),
        ([CHECK], {"meta": None}, "'meta' must name the table"),
        ([CHECK | {"meta": {}}], {}, "the 'meta' of every expectation its name"),
        ([CHECK | {"meta": None}], {}, "the 'meta' of every expectation its name"),
        (["teams_given"], {}, "the 'meta' of every expectation its name"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_suite_with_a_fault_and_no_checks(expectations, checks, others, fault):
    write(expectations, *checks, **others)
    (suite,) = load_suites("raw")
    assert suite.checks == ()
    assert suite.fault.startswith("expectations/raw/people.json: ")
    assert fault in suite.fault


def test_a_file_that_is_not_json_is_a_fault_with_its_line_and_the_suite_is_still_listed(expectations):
    (expectations / "raw" / "people.json").write_text('{"name": "people",\n oops}', encoding="utf-8")
    assert load_suites("raw")[0].fault.startswith("expectations/raw/people.json: not JSON, line 2")
    assert suite_tables("raw") == {"people": "raw.people"}
