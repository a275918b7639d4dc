"""What an indicator still lacks, in the words of the person who adds it.

Belongs here: one list of everything an indicator needs, read from the files themselves, so that one gap does not
hide the next. Does not belong here: whether a definition is right.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from checkout import PROJECT_ROOT

from pipelines.contracts import contracts
from pipelines.dictionary.indicator_relations import RESTRICTED, faulty_relations
from pipelines.dictionary.indicators import BETTER, GROUPS, NEED, NO_OBJECT, PERIODS, UNITS
from pipelines.dictionary.read_dictionary import CHILD_ROWS, indicators_made_in
from pipelines.seeds import listed, seed_rows

SECOND_READING = PROJECT_ROOT / "tests" / "integration"
INDICATORS = "dbt_project/models/indicators"
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class IndicatorSources:
    """Every place where an indicator is described, as it stands.

    `models`: the SQL of each model behind `ind_child_row`; `cases`: which indicators the expected rows of its unit
    tests name (empty: the model makes one indicator only); `second_reading`: the plain Python of the definitions.
    """

    register: Rows
    words: Mapping[str, Mapping[str, Any]]
    models: Mapping[str, str]
    cases: Mapping[str, list[set[str]]]
    second_reading: str


def sources_of_the_project(manifest: Path) -> IndicatorSources:
    dbt = json.loads(manifest.read_text(encoding="utf-8"))
    models = {node["name"]: node for node in dbt["nodes"].values() if node["resource_type"] == "model"}
    parents = [name.rpartition(".")[2] for name in models[CHILD_ROWS]["depends_on"]["nodes"]]
    cases: dict[str, list[set[str]]] = {}
    for test in dbt["unit_tests"].values():
        named = {row.get("indicator_id") for row in test["expect"]["rows"] or ()} - {None}
        cases.setdefault(test["model"], []).append(named)
    return IndicatorSources(
        register=seed_rows("indicator_register"),
        words=yaml.safe_load((PROJECT_ROOT / "pipelines/dictionary/indicators.yml").read_text(encoding="utf-8")),
        models={name: models[name]["raw_code"] for name in parents if name in models},
        cases=cases,
        second_reading="".join(
            path.read_text(encoding="utf-8") for path in sorted(SECOND_READING.glob("second_reading*.py"))
        ),
    )


def what_an_indicator_lacks(indicator_id: str, sources: IndicatorSources) -> list[str]:
    """Everything that is missing for one indicator, a sentence each with the file to write it in."""
    [row] = [row for row in sources.register if row["indicator_id"] == indicator_id] or [None]
    if row is None:
        return [f"{indicator_id}: add a row to seeds/indicator_register.csv"]
    lacking = [
        *_register(row),
        *_relations(indicator_id, sources),
        *_words(row, sources),
        *_sql_and_cases(row, sources),
        *_second_reading(row, sources),
    ]
    return [f"{indicator_id}: {text}" for text in lacking]


def _register(row: Mapping[str, str]) -> list[str]:
    known = {"unit": UNITS, "period": PERIODS, "polarity": BETTER, "indicator_group": GROUPS}
    return [
        f"the {column} {row[column]!r} has no words; add them to pipelines/dictionary/indicators.py"
        for column, words in known.items()
        if row[column] not in words
    ] + _needs_and_reasons(row)


def _needs_and_reasons(row: Mapping[str, str]) -> list[str]:
    lacking = [
        f"seeds/indicator_register.csv: needs has {need}, which is no object with how far back it must go, such as"
        " ssd_cla_placement:12"
        for need in row["needs"].split()
        if not (parts := NEED.fullmatch(need)) or parts[1] not in (*contracts(), *NO_OBJECT)
    ]
    if not row["needs"]:
        lacking.append("write the objects of the drop in the column needs of seeds/indicator_register.csv")
    may_have = row["unit"] == "percentage"
    must_have = may_have and RESTRICTED not in row["relations"]
    if not must_have <= bool(row["reasons"]) <= may_have:
        lacking.append(
            "write in the column reasons of seeds/indicator_register.csv why a row is not in the numerator"
            if not row["reasons"]
            else f"delete the reasons in seeds/indicator_register.csv: the unit is {row['unit']}"
        )
    return lacking


def _relations(indicator_id: str, sources: IndicatorSources) -> list[str]:
    prefix = f"{indicator_id}: "
    cells = {row["indicator_id"]: row["relations"] for row in sources.register}
    return [fault.removeprefix(prefix) for fault in faulty_relations(cells) if fault.startswith(prefix)]


def _words(row: Mapping[str, str], sources: IndicatorSources) -> list[str]:
    words = sources.words.get(row["indicator_id"])
    if words is None:
        return ["write what it counts in pipelines/dictionary/indicators.yml"]
    wanted = ["counts", "numerator", "edges", "differs"]
    wanted += ["denominator"] if row["unit"] != "number" else []
    return [f"write {key} in pipelines/dictionary/indicators.yml" for key in wanted if not words.get(key)]


def _sql_and_cases(row: Mapping[str, str], sources: IndicatorSources) -> list[str]:
    indicator_id = row["indicator_id"]
    makers = [name for name, sql in sources.models.items() if indicator_id in indicators_made_in(sql)]
    if not makers:
        return [f"make its child rows with child_rows() in a model that {CHILD_ROWS} unites ({INDICATORS})"]
    if len(makers) > 1:
        return [f"its child rows are made in more than one model: {', '.join(makers)}"]
    [maker] = makers
    lacking = [
        f"give the reason {reason!r}, which the register lists, in {maker} ({INDICATORS})"
        for reason in listed(row["reasons"])
        if f"'{reason}'" not in sources.models[maker]
    ]
    is_shown = any(
        indicator_id in named or (not named and indicators_made_in(sources.models[maker]) == [indicator_id])
        for named in sources.cases.get(maker, [])
    )
    if not is_shown:
        lacking.append(
            f"add a table of cases whose expected rows name it to the unit tests of {maker} ({INDICATORS})"
        )
    return lacking


def _second_reading(row: Mapping[str, str], sources: IndicatorSources) -> list[str]:
    is_read = re.search(rf'"{row["indicator_id"]}"', sources.second_reading) is not None
    if is_read or row["unit"] == "rate_per_10000":
        return []
    return ["read its definition a second time, in plain Python, in tests/integration/second_reading_*.py"]
