"""Every object of the drop is described in every place that needs it."""

import dataclasses

import pytest
from object_completeness import sources_of_the_project, what_an_object_lacks

NEW = "local_not_there_yet"
STAGED = "stg_local__not_there_yet"
YAML = "dbt_project/models/staging/local/_local.yml"
SOURCE = f"{NEW}: add it to the sources, with a description, in {YAML}"
CONTRACT = f"{NEW}: describe its columns in pipelines/contracts/objects/{NEW}.yml"
MODEL = f"{NEW}: read it in a staging model, dbt_project/models/staging/local/stg_local__<what a row is>.sql"
GRAIN = f"{NEW}: describe {STAGED} in {YAML}, with its grain"
COUNTED = (
    f"{NEW}: say in {YAML} whether fct_record_count counts its records: `records: [{NEW}]` on"
    " its model, or `not_counted` with the reason on the source"
)
SUITE = f"{NEW}: write the checks of the raw gate in expectations/raw/{NEW}.json"


@pytest.fixture(scope="module")
def sources():
    return sources_of_the_project()


def test_no_object_lacks_anything(sources):
    lacking = [text for name in sources.objects for text in what_an_object_lacks(name, sources)]
    assert lacking == []


def contract(sources):
    return {"contracts": sources.contracts | {NEW}}


def source(sources):
    return {"sources": {**sources.sources, NEW: {"name": NEW, "description": "Visits by an advocate."}}}


def sql(sources):
    return {
        "sql": {
            **sources.sql,
            STAGED: f"select * from ({{{{ rows_of_this_extract('{NEW}', source_name='local') }}}})",
        }
    }


def model(sources):
    described = {"name": STAGED, "config": {"meta": {"grain": "one visit", "records": [NEW]}}}
    return {"models": {**sources.models, STAGED: described}}


def suite(sources):
    return {"suites": sources.suites | {NEW}}


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ([contract], [MODEL, SOURCE, COUNTED, SUITE]),
        ([source], [CONTRACT, MODEL, COUNTED, SUITE]),
        ([sql], [CONTRACT, SOURCE, GRAIN, COUNTED, SUITE]),
        ([suite], [CONTRACT, MODEL, SOURCE, COUNTED]),
        ([contract, source, sql, suite], [GRAIN, COUNTED]),
        ([contract, source, sql, model], [SUITE]),
        ([contract, source, sql, model, suite], []),
    ],
)
def test_a_new_object_names_everything_it_lacks_at_once(sources, given, lacking):
    changes = {field: value for add in given for field, value in add(sources).items()}
    changed = dataclasses.replace(sources, **changes)
    assert NEW in changed.objects
    assert what_an_object_lacks(NEW, changed) == lacking
