"""Anything public has its words: what people read in a release, type on a terminal or set in an environment."""

import argparse
import dataclasses
import re
from pathlib import Path

import pytest
import yaml
from browser import PHONE, axe_finds, opened, width
from checkout import PROJECT_ROOT

from pipelines import cli, settings
from pipelines.dictionary import Dictionary, read_dictionary
from pipelines.dictionary.indicator_relations import stay_restricted
from pipelines.dictionary.indicators import BETTER, GROUPS, PERIODS, UNITS, Words
from pipelines.report.dictionary_pages import dictionary_pages
from pipelines.report.template import stylesheet

OUTSIDE = {"../style.css", "../index.html"}
"""Pages of the report outside the dictionary."""
OF_EACH_KIND = (
    "index.html",
    "indicator-cla_dental_check_up_to_date.html",
    "table-mart_indicator_monthly.html",
    "table-raw-ssd_cla_health.html",
    "cookbook.html",
)
LONG_PAGES = ("columns.html", "codes.html", "rules.html", "tables.html")


@pytest.fixture(scope="module")
def words(dbt_manifest: Path) -> Dictionary:
    return read_dictionary(dbt_manifest)


@pytest.fixture(scope="module")
def pages(words) -> dict[str, str]:
    return dictionary_pages(words, {})


def without_words(words: Dictionary) -> list[str]:
    """Everything of a release that lacks a word."""
    lacking = []
    for table in words.published.values():
        lacking += [table.name] if not (table.description and table.grain and table.columns) else []
        lacking += [
            f"{table.name}.{column.name}" for column in table.columns if not (column.meaning and column.type)
        ]
    for code_set in words.code_sets.values():
        lacking += [f"{code_set.name} {code}" for code, label in code_set.codes.items() if not label.strip()]
    for rule in words.rules.values():
        lacking += [rule.rule] if not (rule.title and rule.why and rule.sql_path.is_file()) else []
    for contract in words.contracts.values():
        lacking += [contract.object] if not (contract.title and contract.grain) else []
        lacking += [f"{contract.object}.{column.name}" for column in contract.columns if not column.meaning]
    for id, indicator in words.indicators.items():
        told = indicator.words
        is_share = indicator.unit != "number"
        if not told.numerator or is_share != bool(told.denominator) or not told.edges or not told.differs:
            lacking.append(id)
        may_have_reasons = indicator.unit == "percentage"
        needs_reasons = may_have_reasons and id not in stay_restricted()
        if not needs_reasons <= bool(indicator.reasons) <= may_have_reasons:
            lacking.append(f"reasons of {id}")
        if not words.cases(id):
            lacking.append(f"cases of {id}")
        kinds = ((indicator.unit, UNITS), (indicator.period, PERIODS), (indicator.group, GROUPS))
        lacking += [
            f"{kind} of {id}" for kind, known in (*kinds, (indicator.polarity, BETTER)) if kind not in known
        ]
    return lacking


def test_everything_that_is_published_has_its_words(words):
    assert without_words(words) == []
    assert len(words.published) >= 38
    assert len(words.rules) >= 178


def with_table(words: Dictionary, **changes) -> Dictionary:
    table = dataclasses.replace(words.tables["fct_plan"], **changes)
    return dataclasses.replace(words, tables={**words.tables, "fct_plan": table})


def test_a_column_a_code_or_an_indicator_without_words_is_noticed(words):
    column, *rest = words.tables["fct_plan"].columns
    mute = dataclasses.replace(column, meaning="")
    assert without_words(with_table(words, columns=(mute, *rest))) == ["fct_plan.plan_id"]
    assert without_words(with_table(words, grain="")) == ["fct_plan"]

    sexes = words.code_sets["sex"].model_copy(update={"codes": {"M": "male", "F": " "}})
    changed = dataclasses.replace(words, code_sets={**words.code_sets, "sex": sexes})
    assert without_words(changed) == ["sex F"]

    one = words.indicators["cp_plans_repeat"]
    told = one.words.model_copy(update={"denominator": None})
    changed = dataclasses.replace(
        words, indicators={**words.indicators, one.id: dataclasses.replace(one, words=told, reasons=())}
    )
    assert without_words(changed) == ["cp_plans_repeat", "reasons of cp_plans_repeat"]


def test_no_words_are_of_an_indicator_that_is_not_registered(words):
    told = yaml.safe_load((PROJECT_ROOT / "pipelines/dictionary/indicators.yml").read_text(encoding="utf-8"))
    assert list(told) == list(words.indicators)
    for one in told.values():
        Words.model_validate(one)


def test_rules_threaten_and_columns_name_what_there_is(words):
    assert {id for rule in words.rules.values() for id in rule.threatens} <= set(words.indicators)
    named = {column.code_set for table in words.tables.values() for column in table.columns} - {None}
    assert len(named) > 15
    assert named <= set(words.code_sets)


def documents() -> str:
    paths = [PROJECT_ROOT / "README.md", *sorted((PROJECT_ROOT / "docs").glob("*.md"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_every_command_is_in_the_readme():
    readme = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    [commands] = [
        action.choices
        for action in cli._parser(cli._added_commands())._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    assert [name for name in commands if f"`warehouse {name}" not in readme] == []


def test_every_setting_is_documented():
    variables = [
        value for name, value in vars(settings).items() if name.endswith("_VARIABLE") and isinstance(value, str)
    ]
    variables += settings.INPUT_VARIABLES.values()
    assert len(variables) > 10
    text = documents()
    assert [name for name in variables if f"`{name}`" not in text] == []


def test_every_link_of_the_pages_leads_somewhere(pages):
    anchors = {name: set(re.findall(r'id="([^"]+)"', text)) for name, text in pages.items()}
    broken = set()
    for name, text in pages.items():
        for link in re.findall(r'href="([^"]+)"', text):
            file, _, anchor = link.partition("#")
            file = file or name
            if link in OUTSIDE:
                continue
            if file not in pages or (anchor and anchor not in anchors[file]):
                broken.add(f"{name}: {link}")
    assert not broken


def test_the_index_leads_to_every_indicator_published_table_and_recipe(words, pages):
    for id in words.indicators:
        assert f'href="indicator-{id}.html"' in pages["index.html"]
    for name in words.published:
        assert f'href="table-{name}.html"' in pages["index.html"]
    for name in words.recipes:
        assert f'href="cookbook.html#{name}"' in pages["index.html"]
    for rule in words.rules:
        assert f'id="{rule}"' in pages["rules.html"]


def test_no_page_needs_a_script_or_a_network_and_every_id_is_unique(pages):
    for name, text in pages.items():
        assert "<script" not in text
        assert not re.search(r'(src|href)="(https?:)?//', text)
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), name


def test_an_indicators_page_has_definition_cases_sql_and_lineage(pages):
    page = pages["indicator-cla_dental_check_up_to_date.html"]
    assert "Those whose latest completed dental check was held no more than 12 months before D." in page
    assert "No completed dental check" in page
    assert 'id="who_counts_for_health_checks"' in page
    assert "in_care_for_a_day_less" in page
    assert "as dental_due_date" in page
    assert "<svg" in page
    assert 'href="table-raw-ssd_cla_health.html"' in page
    assert "Months since contact" in pages["indicator-care_leavers_in_touch.html"]
    assert (
        "care_leavers_eet (denominator) equals care_leavers (numerator)." in pages["indicator-care_leavers.html"]
    )
    assert "None that disclosure control uses." in pages["indicator-contacts.html"]


@pytest.fixture(scope="module")
def room(pages, tmp_path_factory) -> Path:
    """The folder of the dictionary, in that of a report."""
    report = tmp_path_factory.mktemp("report")
    (report / "style.css").write_text(stylesheet(), encoding="utf-8")
    room = report / "dictionary"
    room.mkdir()
    for name, text in pages.items():
        (room / name).write_text(text, encoding="utf-8")
    return room


@pytest.mark.parametrize(
    "name", [*OF_EACH_KIND, *(pytest.param(name, marks=pytest.mark.long) for name in LONG_PAGES)]
)
def test_a_page_is_accessible_and_fits_a_phone(browser, room, name):
    page = opened(browser, room / name, PHONE)
    assert axe_finds(page) == []
    assert width(page) == PHONE["width"]
