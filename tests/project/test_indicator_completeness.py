"""Every indicator of the register is described in every place that needs it."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from indicator_completeness import IndicatorSources, sources_of_the_project, what_an_indicator_lacks

SHARE = "cla_dental_check_up_to_date"


@pytest.fixture(scope="module")
def sources(dbt_manifest: Path) -> IndicatorSources:
    return sources_of_the_project(dbt_manifest)


def test_no_indicator_lacks_anything(sources):
    lacking = [text for row in sources.register for text in what_an_indicator_lacks(row["indicator_id"], sources)]
    assert not lacking, "\n".join(lacking)


def test_everything_that_a_new_indicator_lacks_is_listed_at_once(sources):
    new = dict.fromkeys(sources.register[0], "") | {
        "indicator_id": "advocacy_visits",
        "indicator_group": "voice",
        "unit": "percentage",
        "period": "month",
        "polarity": "neither",
    }
    changed = dataclasses.replace(sources, register=[*sources.register, new])
    assert what_an_indicator_lacks("advocacy_visits", changed) == [
        "advocacy_visits: the indicator_group 'voice' has no words;"
        " add them to pipelines/dictionary/indicators.py",
        "advocacy_visits: write the objects of the drop in the column needs of seeds/indicator_register.csv",
        "advocacy_visits: write in the column reasons of seeds/indicator_register.csv why a row is not in the"
        " numerator",
        "advocacy_visits: write in the column relations of seeds/indicator_register.csv which counts its numerator"
        " and denominator equal or are part of, or `none (why)`; without it small counts can be worked out from"
        " open/",
        "advocacy_visits: write what it counts in pipelines/dictionary/indicators.yml",
        "advocacy_visits: make its child rows with child_rows() in a model that ind_child_row unites"
        " (dbt_project/models/indicators)",
        "advocacy_visits: read its definition a second time, in plain Python, in"
        " tests/integration/second_reading_*.py",
    ]
    assert what_an_indicator_lacks("advocacy_visits", sources) == [
        "advocacy_visits: add a row to seeds/indicator_register.csv"
    ]


def with_cell(column: str, cell: str) -> Callable[[IndicatorSources], IndicatorSources]:
    def changed(sources: IndicatorSources) -> IndicatorSources:
        rows = [row | {column: cell} if row["indicator_id"] == SHARE else row for row in sources.register]
        return dataclasses.replace(sources, register=rows)

    return changed


def without_words(sources: IndicatorSources) -> IndicatorSources:
    own = {key: value for key, value in sources.words[SHARE].items() if key not in ("denominator", "edges")}
    return dataclasses.replace(sources, words={**sources.words, SHARE: own})


def made_twice(sources: IndicatorSources) -> IndicatorSources:
    sql = sources.models["ind_cla_health"]
    return dataclasses.replace(sources, models={**sources.models, "ind_cla_placements": sql})


def without_cases(sources: IndicatorSources) -> IndicatorSources:
    return dataclasses.replace(sources, cases={})


def without_a_second_reading(sources: IndicatorSources) -> IndicatorSources:
    return dataclasses.replace(sources, second_reading=sources.second_reading.replace(SHARE, "other"))


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        (with_cell("needs", ""), ["write the objects of the drop"]),
        (with_cell("needs", "ssd_cla_helth:0"), ["seeds/indicator_register.csv: needs has ssd_cla_helth:0"]),
        (with_cell("needs", "ssd_cla_health"), ["seeds/indicator_register.csv: needs has ssd_cla_health,"]),
        (
            with_cell("needs", "ssd_cla_health:long"),
            ["seeds/indicator_register.csv: needs has ssd_cla_health:long"],
        ),
        (with_cell("reasons", ""), ["write in the column reasons"]),
        (with_cell("reasons", "No check | No completed dental check"), ["give the reason 'No check', which"]),
        (with_cell("unit", "number"), ["delete the reasons in seeds/indicator_register.csv: the unit is number"]),
        (with_cell("relations", ""), ["write in the column relations"]),
        (with_cell("relations", "none"), ["the relation 'none' cannot be read: write `none (why)`"]),
        (without_words, ["write edges in", "write denominator in"]),
        (made_twice, ["its child rows are made in more than one model: "]),
        (without_cases, ["add a table of cases whose expected rows name it to the unit tests of ind_cla_health"]),
        (without_a_second_reading, ["read its definition a second time"]),
    ],
)
def test_each_gap_is_named(sources, change, lacking):
    texts = what_an_indicator_lacks(SHARE, change(sources))
    assert len(texts) == len(lacking)
    for text, beginning in zip(texts, lacking, strict=True):
        assert text.startswith(f"{SHARE}: {beginning}")
