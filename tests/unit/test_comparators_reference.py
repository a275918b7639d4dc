"""The seeds and the shipped figures: whole, and in step with the readers' maps."""

import csv
import itertools
from collections import defaultdict

import polars as pl
import pytest
from taken_files import taken

from pipelines.comparators import ees, printed
from pipelines.comparators.breakdown_labels import known_breakdowns
from pipelines.comparators.find_releases import PUBLICATION_OF
from pipelines.comparators.geography import areas_by_gss, areas_by_name, areas_by_tool_number, authorities
from pipelines.comparators.headers import known_headers
from pipelines.comparators.interactive_tool import PERIOD_KINDS, default_year_types
from pipelines.comparators.source_file import Source
from pipelines.settings import SEEDS
from warehouse_sample.writing import PRINTED_COMPARATORS


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REGISTER = seed("comparator_measure")
INDICATORS = {row["indicator_id"]: row["unit"] for row in seed("indicator_register")}
PAPER = PRINTED_COMPARATORS / "papers" / "monthly_report_2019_08" / "comparators.csv"


@pytest.mark.parametrize("layout", ["ees", "first_release"])
def test_every_registered_measure_is_one_that_the_readers_can_give(layout):
    known = {f"{header.dataset}.{header.column}" for header in known_headers(layout) if header.role == "measure"}
    registered = {row["measure"] for row in REGISTER if row["source_kind"] == layout}
    assert registered and not registered - known


def test_every_registered_breakdown_is_one_that_the_readers_can_give():
    named = {
        (dataset, known.name.format(family=family))
        for (dataset, column), breakdowns in known_breakdowns().items()
        for known in breakdowns
        for family in {other.family for other in breakdowns}
    }
    named.add(("looked_after_outcomes", ees.HEALTH))
    parts = {
        (row["measure"].split(".")[0], part.split("=")[1])
        for row in REGISTER
        for part in row["dimensions"].split("; ")
        if part
    }
    assert parts and not parts - named


def test_a_registered_value_has_the_unit_of_its_indicator_and_the_code_of_a_count_is_a_share():
    wrong = [
        (row["measure"], row["indicator_id"], row["code"])
        for row in REGISTER
        if row["role"] == "value" and row["unit"] != compared_unit(row)
    ]
    assert not wrong


def compared_unit(row: dict[str, str]) -> str:
    unit = INDICATORS[row["indicator_id"]]
    return "percentage" if row["code"] and unit == "number" else unit


def test_a_registered_value_says_what_differs():
    assert all(row["definition_difference"] for row in REGISTER if row["role"] == "value")


def test_a_numerator_has_a_denominator_or_a_value():
    roles = defaultdict(set)
    for row in REGISTER:
        if row["is_comparable"] == "true":
            roles[row["source_kind"], row["indicator_id"], row["code"], compared_unit(row)].add(row["role"])
    assert not [key for key, held in roles.items() if "denominator" in held and "numerator" not in held]
    # the parts of a count are added up
    assert not [key for key, held in roles.items() if held == {"numerator"} and key[-1] != "number"]
    assert not [key for key, held in roles.items() if "denominator" in held and key[-1] == "number"]


def test_a_code_of_the_register_is_one_of_a_breakdown_of_its_indicator():
    common = {row["dimension"] for row in seed("dimension") if row["is_common"] == "true"}
    codes = {(row["dimension"], row["code"]) for row in seed("dimension_code")}
    dimensions = {
        row["indicator_id"]: {*row["dimensions"].split(), *(common if row["is_of_children"] == "true" else ())}
        for row in seed("indicator_register")
    }
    coded = [row for row in REGISTER if row["code"] or row["dimension"]]
    assert coded
    assert {(row["dimension"], row["code"]) for row in coded} <= codes
    assert all(row["dimension"] in dimensions[row["indicator_id"]] for row in coded)


def test_measures_of_another_definition_are_registered_as_not_comparable():
    figures = defaultdict(set)
    for row in REGISTER:
        figures[row["is_comparable"]].add((row["measure"], row["dimensions"], row["indicator_id"]))
    assert {
        ("CIN", "", "cin_plans_open_rate"),
        ("CareLeaversNEET", "", "care_leavers_eet"),
        ("CPPlans2yrsActive", "", "cp_plans_ended_2_years"),
    } <= figures["false"]
    assert not figures["true"] & figures["false"]


def test_every_registered_measure_of_the_tool_has_a_kind_of_year():
    registered = {row["measure"] for row in REGISTER if row["source_kind"] == "interactive_tool"}
    assert registered == set(default_year_types())
    assert {PERIOD_KINDS[year_type] for year_type in default_year_types().values()} == {"financial_year"}


def test_every_dataset_belongs_to_a_publication_with_known_days():
    datasets = {
        header.dataset
        for layout in ("ees", "first_release")
        for header in known_headers(layout)
        if header.role == "measure"
    }
    assert datasets - {"population"} == set(PUBLICATION_OF)
    known = {(row["publication"], row["reporting_year"]) for row in seed("comparator_release")}
    assert {(name, str(year)) for name in set(PUBLICATION_OF.values()) for year in range(2020, 2026)} <= known


def test_every_authority_is_an_area():
    assert authorities() == {row["la_code"] for row in seed("authority")}


def test_codes_that_changed_lead_to_the_authority_that_bore_them():
    assert areas_by_gss()["E08000020"] == areas_by_gss()["E08000037"] == ("local_authority", "390")
    assert areas_by_gss()["E10000009"] == ("local_authority", "835")
    assert areas_by_tool_number()["987"] == ("inner_london", "E13000001")
    assert areas_by_name()["921"] == ("local_authority", "921")


def test_changes_name_authorities_that_there_are():
    changes = seed("authority_change")
    codes = {row[name] for row in changes for name in ("old_la_code", "new_la_code")}
    assert codes <= authorities()
    newest = {row["geography_code"]: row["gss_code"] for row in seed("comparator_geography")}
    assert [row for row in changes if newest[row["new_la_code"]] != row["new_gss_code"]] == []


def test_a_list_of_neighbours_has_ten_in_order_and_one_list_is_in_force_a_day():
    models = defaultdict(list)
    for row in seed("shipped_neighbour_list"):
        models[row["la_code"], row["model"], row["valid_from"], row["valid_to"]].append(row)
    for rows in models.values():
        assert [row["neighbour_rank"] for row in rows] == [str(rank) for rank in range(1, 11)]
        codes = {row["neighbour_code"] for row in rows}
        assert len(codes) == 10 and codes <= authorities() - {rows[0]["la_code"]}
    spans = sorted((valid_from, valid_to) for _, _, valid_from, valid_to in models)
    assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(spans))


def shipped():
    with taken(PAPER.name, PAPER.read_bytes()) as file:
        return printed.read(Source("papers", "x", PAPER.name, file, None, {}))


def test_every_printed_figure_is_read():
    reading = shipped()
    assert reading.left_out.is_empty()
    assert set(reading.values["status"]) == {"value", "not_available"}


def test_a_comparator_of_2018_19_that_repeats_2017_18_is_not_available():
    values = shipped().values.filter(pl.col("geography_level") != "local_authority", period="2018/19")
    assert values.height == 18
    assert set(values["status"]) == {"not_available"}
    assert values["value"].null_count() == 18


@pytest.mark.parametrize(
    ("indicator", "level", "year", "value"),
    [
        ("children_looked_after_rate", "statistical_neighbours", "2017/18", 67.1),
        ("children_looked_after_rate", "national", "2010/11", 58.0),
        ("cp_plans_open_rate", "regional", "2013/14", 50.8),
        ("cp_children_reviewed_on_time", "statistical_neighbours", "2017/18", 94.6),
        ("cp_plans_ended_2_years", "national", "2016/17", 3.4),
        ("cla_dental_check_up_to_date", "local_authority", "2017/18", 90.4),
        ("cin_plans_open_rate", "local_authority", "2018/19", 74.2),
    ],
)
def test_printed_figures_are_as_printed(indicator, level, year, value):
    found = shipped().values.filter(measure=indicator, geography_level=level, period=year)
    assert found["value"].to_list() == [value]
