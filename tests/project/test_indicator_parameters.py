"""Every number of a definition stands in `shipped_indicator_parameter.csv`, and the SQL reads it from there."""

import json
import re
from pathlib import Path

import pytest

from pipelines.dictionary.indicator_parameters import differing_parameters
from pipelines.seeds import seed_rows

ENDS = ("ind_child_row", "ind_due_item")
"""The models that the definitions end in: they and everything behind them are searched for numbers."""
NO_PARAMETER = {
    "placement_count >= 3": "three placements are what NI62 is",
    "Fewer than three placements in 12 months": "three placements in twelve months are what NI62 is",
    "'12 * years_in_placement'": "months of a year",
    "'-12 * years_in_placement'": "months of a year",
    "age >= 16": "the indicator is of children of 16 and 17",
    "add_months('looked_after.in_care_since', 4)": "four months are what the indicator is",
    "add_months('ceased_periods.ceased_date', 12)": "twelve months are what the indicator is",
    "in the 12 months before": "twelve months are what the indicator is",
    "distance_miles > 20 and distance_miles < 999": "20 miles are what the indicator is; 999 says not known",
    "coalesce(distance_miles, 999) >= 999": "999 miles says that the distance is not known",
    "'20 miles or less from home'": "20 miles are what the indicator is",
    "age between ": "the ages are what the indicator is",
    "age = 18": "the age is what the indicator is",
    "age_when_school_year_began = ": "years 12 and 13 begin at 16 and 17",
    "age_after_ceasing >= 18": "of age by law (Family Law Reform Act 1969, s 1)",
    "age_after_ceasing < 18": "a child by law (Children Act 1989, s 105)",
    "'open_cases.month') }} < 18": "a child by law (Children Act 1989, s 105)",
    "/ 30.4375": "days of a month, as the National Framework counts them",
    "365 * years_of_long_cp_plan": "days of a year, as NI64 counts them",
    "is_in_numerator=add_months('start_date', 3) ~": "three months are what the indicator is",
    "is_in_numerator=add_months('start_date', 24) ~": "24 months are what the indicator is",
    "'Plan open for ": "the months are what the indicator is",
    "working_day_15": "15 working days are what the indicator is",
    "working_day_45": "45 working days are what the indicator is",
    "'Authorised after 15 working days'": "15 working days are what the indicator is",
    "'Authorised in up to 45 working days'": "45 working days are what the indicator is",
    "add_days('placements.start_date', 7)": "a week, by regulation 28 of the care planning regulations",
    "add_days('start_date', 7)": "a week, by regulation 28 of the care planning regulations",
    "add_days('last_visits.last_visit_date', 28)": "by regulation 28 of the care planning regulations",
    "add_days('last_visits.last_visit_date', 42)": "by regulation 28 of the care planning regulations",
    "add_months('last_visits.last_visit_date', 3)": "by regulation 28 of the care planning regulations",
    "add_months('looked_after.start_date', 12)": "by regulation 28 of the care planning regulations",
    "add_months('people.date_of_birth', 18 * 12)": "a child by law (Children Act 1989, s 105)",
    "month(people.date_of_birth) = 2": "29 February",
    "review_number = 2": "the second review is what the indicator is",
    "between 4 and 15": "school age by law",
    "age < 18": "a child by law (Children Act 1989, s 105)",
    "add_months('month', -12)": "months of a year",
    "ection 47": "a section of the Children Act 1989",
    "hundreds.step * 100": "counting days",
    "steps_up_to(149)": "counting days",
    "steps_up_to(99)": "counting days",
    "iso_weekday('days.day') }} <= 5": "Monday to Friday",
    "last_day({{ add_months('month', 1) }})": "the next month",
    "when age ": "age bands of the care leavers return",
}
NUMBER = re.compile(r"(?<![\w.'\[-])-?\b([2-9]|\d\d+)\b(?!-|\w)")


def numbers_in(sql: str) -> list[str]:
    """The lines of a model that have a number of 2 or more which no entry of NO_PARAMETER explains."""
    without_comments = re.sub(r"--.*|\{#.*?#\}|date '[0-9-]+'", "", sql)
    lines = [line.strip() for line in without_comments.splitlines()]
    return [line for line in lines if NUMBER.search(line) and not any(allowed in line for allowed in NO_PARAMETER)]


@pytest.fixture(scope="module")
def definitions(dbt_manifest: Path) -> dict[str, str]:
    """The SQL of every model behind the definitions, staging left out."""
    nodes = json.loads(dbt_manifest.read_text(encoding="utf-8"))["nodes"]
    models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
    waiting = [name for name, node in models.items() if node["name"] in ENDS]
    found: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        if name in models and name not in found and models[name]["fqn"][1] != "staging":
            found[name] = models[name]["raw_code"]
            waiting += models[name]["depends_on"]["nodes"]
    return {models[name]["name"]: sql for name, sql in found.items()}


def test_no_definition_has_a_number_of_its_own(definitions):
    assert {name: lines for name, sql in definitions.items() if (lines := numbers_in(sql))} == {}
    assert len(definitions) > 30


def test_a_number_in_a_definition_is_noticed():
    assert numbers_in("select {{ add_months('start_date', 3) }} as due_date") != []
    assert numbers_in("where placement_count >= 4") != []
    assert numbers_in("reason=\"'Held after 15 working days'\"") != []
    assert numbers_in("where precedence = 1 -- of 3") == []


CALL = re.compile(r"with_parameters\(\s*'\w+',\s*'\w+',\s*\[([^\]]+)\]")


def test_the_sql_reads_every_parameter_of_the_seed_and_no_other(definitions):
    read = {
        name for sql in definitions.values() for call in CALL.findall(sql) for name in re.findall(r"\w+", call)
    }
    assert read == {row["parameter"] for row in seed_rows("shipped_indicator_parameter")}


def test_a_model_uses_each_parameter_that_it_reads(definitions):
    unused = {
        (model, name)
        for model, sql in definitions.items()
        for call in CALL.findall(sql)
        for name in re.findall(r"\w+", call)
        if name not in CALL.sub("", sql)
    }
    assert unused == set()


def test_indicators_that_share_a_parameter_have_the_same_values():
    assert differing_parameters(seed_rows("shipped_indicator_parameter")) == []


def test_a_shared_parameter_that_differs_is_named():
    row = {"parameter": "months_of_x", "la_code": "", "first_month_used": "1900-01-31", "parameter_value": "3"}
    rows = [row | {"indicator_id": "a"}, row | {"indicator_id": "b", "parameter_value": "4"}]
    assert differing_parameters(rows) == ["months_of_x differs between a and b"]


def test_parameters_belong_to_indicators_and_authorities_and_begin_at_month_ends():
    indicators = {row["indicator_id"] for row in seed_rows("indicator_register")}
    authorities = {row["la_code"] for row in seed_rows("authority")}
    keys = ("indicator_id", "parameter", "la_code", "first_month_used")
    rows = [tuple(row[key] for key in keys) for row in seed_rows("shipped_indicator_parameter")]
    assert len(rows) == len(set(rows))
    for row in seed_rows("shipped_indicator_parameter"):
        assert row["indicator_id"] in indicators
        assert row["la_code"] in authorities | {""}
        assert re.fullmatch(
            r"\d{4}-(0[13578]|1[02])-31|\d{4}-(0[469]|11)-30|\d{4}-02-2[89]", row["first_month_used"]
        )
        assert int(row["parameter_value"]) > 0
