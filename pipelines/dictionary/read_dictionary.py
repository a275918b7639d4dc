"""Collects the texts of the project from the single place of each."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.contracts import CodeSet, Contract, code_sets, contracts
from pipelines.dictionary.cookbook import Recipe, cookbook
from pipelines.dictionary.indicator_parameters import Parameter
from pipelines.dictionary.indicators import Indicator, indicators, with_own_targets
from pipelines.dictionary.tables import Cases, DescribedTable, made_from, tables_of
from pipelines.quality.rules import Rule, rules
from pipelines.quality.suites import STAGES, Suite, load_suites
from pipelines.reference import Row

CHILD_ROWS = "ind_child_row"
"""The model that unites the child rows of all indicators."""


@dataclass(frozen=True)
class Dictionary:
    """Indicators, tables, codes, rules, contracts, suites and recipes by name."""

    indicators: Mapping[str, Indicator]
    tables: Mapping[str, DescribedTable]
    code_sets: Mapping[str, CodeSet]
    contracts: Mapping[str, Contract]
    rules: Mapping[str, Rule]
    suites: Mapping[str, Suite]
    recipes: Mapping[str, Recipe]

    @cached_property
    def published(self) -> dict[str, DescribedTable]:
        """The tables of a release."""
        return {name: table for name, table in self.tables.items() if table.is_published}

    @cached_property
    def families(self) -> dict[str, str]:
        """The model that makes the child rows of each indicator."""
        return {
            indicator: name
            for name in self.tables[CHILD_ROWS].parents
            for indicator in indicators_made_in(self.tables[name].sql)
        }

    def family(self, indicator_id: str) -> DescribedTable:
        """The model that makes the child rows of an indicator."""
        return self.tables[self.families[indicator_id]]

    def cases(self, indicator_id: str) -> list[Cases]:
        """The tables of cases that show its rule: those that name this indicator or none."""
        selected = []
        for cases in self.family(indicator_id).cases:
            named = {row.get("indicator_id") for row in cases.expected} - {None}
            if not named or indicator_id in named:
                selected.append(cases)
        return selected

    def cases_behind(self, indicator_id: str) -> list[Cases]:
        """The tables of cases of the models that it is made from."""
        behind = made_from(self.tables, self.families[indicator_id])
        return [cases for name, table in self.tables.items() if name in behind for cases in table.cases]

    def threats(self, indicator_id: str) -> list[Rule]:
        """The row rules whose faults threaten it."""
        return [rule for rule in self.rules.values() if indicator_id in rule.threatens]

    def suites_of(self, table: str) -> list[Suite]:
        """The suites of a table, in any schema."""
        return [suite for suite in self.suites.values() if suite.table.split(".")[1] == table]


def indicators_made_in(sql: str) -> list[str]:
    """The indicators whose child rows a model makes: the second argument of its calls of child_rows()."""
    return list(dict.fromkeys(re.findall(r"\bchild_rows\(\s*'[^']+',\s*'([^']+)'", sql)))


def read_dictionary(manifest: Path, own: tuple[Parameter, ...] = (), targets: Sequence[Row] = ()) -> Dictionary:
    """Reads the dictionary of the project from dbt's manifest, with what authorities set themselves.

    `own`: their numbers of definitions; `targets`: the rows of `targets.csv`.
    """
    return Dictionary(
        indicators=with_own_targets(indicators(own), targets),
        tables=tables_of(json.loads(manifest.read_text(encoding="utf-8")), own),
        code_sets=code_sets(),
        contracts=contracts(),
        rules=rules(),
        suites={f"{suite.stage}/{suite.name}": suite for stage in STAGES for suite in load_suites(stage)},
        recipes=cookbook(),
    )
