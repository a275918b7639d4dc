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


def test_a_new_indicator_is_told_everything_it_lacks_at_once(sources):
    new = sources.register[0] | {"indicator_id": "advocacy_visits", "indicator_group": "voice"}
    changed = dataclasses.replace(sources, register=[*sources.register, new])
    assert what_an_indicator_lacks("advocacy_visits", changed) == [
        "advocacy_visits: the indicator_group 'voice' has no words;"
        " add them to pipelines/dictionary/indicators.py",
        "advocacy_visits: add the objects of the drop that it needs to seeds/indicator_object.csv",
        "advocacy_visits: has no row in seeds/indicator_relation.csv: say which counts its numerator and"
        " denominator equal or are part of, or write the relation none; without it small counts can be worked out"
        " from open/",
        "advocacy_visits: write what it counts in pipelines/dictionary/indicators.yml",
        "advocacy_visits: make its child rows with child_rows() in a model that ind_child_row unites"
        " (dbt_project/models/indicators)",
        "advocacy_visits: read its definition a second time, in plain Python, in"
        " tests/integration/second_reading_*.py",
    ]
    assert what_an_indicator_lacks("advocacy_visits", sources) == [
        "advocacy_visits: add a row to seeds/indicator_register.csv"
    ]


def without_rows(kind: str) -> Callable[[IndicatorSources], IndicatorSources]:
    def changed(sources: IndicatorSources) -> IndicatorSources:
        rows = [row for row in getattr(sources, kind) if SHARE not in row.values()]
        return dataclasses.replace(sources, **{kind: rows})

    return changed


def without_words(sources: IndicatorSources) -> IndicatorSources:
    own = {key: value for key, value in sources.words[SHARE].items() if key not in ("denominator", "edges")}
    return dataclasses.replace(sources, words={**sources.words, SHARE: own})


def without_a_reason(sources: IndicatorSources) -> IndicatorSources:
    return dataclasses.replace(sources, reasons=[row for row in sources.reasons if "dental" not in row["reason"]])


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
        (without_rows("objects"), ["add the objects of the drop"]),
        (without_rows("relations"), ["has no row in seeds/indicator_relation.csv"]),
        (without_words, ["write edges in", "write denominator in"]),
        (without_a_reason, ["add the reason 'No completed dental check'", "add the reason 'Last dental check"]),
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
