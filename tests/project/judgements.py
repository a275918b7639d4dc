"""What every place of the project judges, in one vocabulary: table, columns, kind of question, place.

The places: the contracts, which ingest holds rows against; the SQL of the row rules; the tests of dbt's manifest;
the suites. A question that fits none of the kinds is told in its own words (a rule's condition, a measure), so
that two places that ask it in the same words are seen as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.contracts import PERSON_OBJECT, Contract, ContractColumn
from pipelines.quality.rules import Rule
from pipelines.quality.suites import Suite

NOT_NULL, UNIQUE, IN_SET, LINKED = "is given", "is unique", "is in its set", "is found where it points"
IN_ORDER, NO_OVERLAP, NOT_IN_FUTURE = "is in order", "does not overlap", "is not in the future"

_KIND_OF_EXPECTATION = {
    "expect_column_values_to_not_be_null": NOT_NULL,
    "expect_column_values_to_be_unique": UNIQUE,
    "expect_compound_columns_to_be_unique": UNIQUE,
    "expect_column_values_to_be_in_set": IN_SET,
    "expect_column_distinct_values_to_be_in_set": IN_SET,
    "expect_column_pair_values_a_to_be_greater_than_b": IN_ORDER,
}
_IS_NULL = re.compile(r"(?:\w+\.)?(\w+) is null")
_COMPARED = re.compile(r"(?:\w+\.)?(\w+) [<>]=? (?:\w+\.)?([a-z]\w*)")


@dataclass(frozen=True)
class Judgement:
    """A question about columns of a table, which have no order: an end before a start is a start after an end."""

    table: str
    columns: frozenset[str]
    kind: str
    where: str

    @property
    def question(self) -> tuple[str, frozenset[str], str]:
        return self.table, self.columns, self.kind


def asked_twice(judgements: Iterable[Judgement]) -> list[str]:
    """Every question that is asked in two places, in words."""
    first: dict[tuple[str, frozenset[str], str], Judgement] = {}
    found = []
    for one in judgements:
        earlier = first.setdefault(one.question, one)
        if earlier is not one:
            columns = ", ".join(sorted(one.columns))
            found.append(f"{one.table} ({columns}) {one.kind}: {earlier.where} and {one.where}")
    return found


def of_contracts(contracts: Mapping[str, Contract]) -> Iterator[Judgement]:
    """What ingest rejects or flags, row by row."""
    for name, one in contracts.items():
        for kind, columns in (
            *_of_rows(one),
            *(asked for column in one.loaded_columns for asked in _of_column(column)),
        ):
            yield Judgement(f"raw.{name}", frozenset(columns), kind, f"the contract of {name}")


def _of_rows(one: Contract) -> Iterator[tuple[str, tuple[str, ...]]]:
    if one.key:
        yield UNIQUE, one.key
    # a row without a person is rejected as one whose person is not known
    has_owner = one.person and one.object != PERSON_OBJECT and one.person not in one.key
    for column in (*one.key, *([one.person] if has_owner else [])):
        yield NOT_NULL, (column,)
    if one.one_row_per_person:
        yield UNIQUE, (one.person,)
    if one.period:
        yield IN_ORDER, one.period
    if one.no_overlap:
        yield NO_OVERLAP, one.period


def _of_column(column: ContractColumn) -> Iterator[tuple[str, tuple[str, ...]]]:
    if column.code_set:
        yield IN_SET, (column.name,)
    if column.link:
        yield LINKED, (column.name,)
    if column.type == "date" and not column.may_be_future:
        yield NOT_IN_FUTURE, (column.name,)
    if column.expected:
        yield NOT_NULL, (column.name,)
    if column.expected_or:
        yield NOT_NULL, (column.name, column.expected_or)


def of_rules(
    rules: Iterable[Rule], sql: Mapping[str, str], contracts: Mapping[str, Contract]
) -> Iterator[Judgement]:
    """What the row rules ask, from their SQL."""
    for rule in rules:
        words = " ".join(re.sub(r"--[^\n]*", "", sql[rule.rule]).split())
        kind, columns = _kind_of_rule(words, contracts[rule.object])
        yield Judgement(f"raw.{rule.object}", columns, kind, f"rule {rule.rule}")


def _kind_of_rule(words: str, one: Contract) -> tuple[str, frozenset[str]]:
    body = re.sub(r"^.*? from ", "", words)
    _, _, condition = words.partition(f" from {one.object} where ")
    if found := _IS_NULL.fullmatch(condition):
        return NOT_NULL, frozenset(found.groups())
    if found := _COMPARED.fullmatch(condition):
        return IN_ORDER, frozenset(found.groups())
    if one.period and body.count(f"{one.object} as ") > 1:
        start, end = one.period
        if re.search(rf"\.{start} < (?:coalesce\()?\w+\.{end}", body) and " where " not in body:
            return NO_OVERLAP, frozenset(one.period)
    return body, frozenset()


def of_dbt(manifest: Mapping[str, Any]) -> Iterator[Judgement]:
    """What dbt's generic tests ask. A test of a grain asks that the whole is unique and its parts are given."""
    nodes = {**manifest["nodes"], **manifest["sources"]}
    kinds = {"unique": UNIQUE, "not_null": NOT_NULL, "accepted_values": IN_SET, "relationships": LINKED}
    for node in nodes.values():
        told = node.get("test_metadata") if node["resource_type"] == "test" else None
        if not told:
            continue
        held = nodes[node["attached_node"] or node["depends_on"]["nodes"][0]]
        table, where = f"{held['schema']}.{held['name']}", f"dbt's test {node['name']}"
        if told["name"] == "grain_is_unique":
            columns, nullable = told["kwargs"]["columns"], told["kwargs"].get("nullable", [])
            yield Judgement(table, frozenset(columns), UNIQUE, where)
            for column in columns:
                if column not in nullable:
                    yield Judgement(table, frozenset([column]), NOT_NULL, where)
        else:
            kind = kinds.get(told["name"], told["name"])
            yield Judgement(table, frozenset([told["kwargs"]["column_name"]]), kind, where)


def of_suites(suites: Iterable[Suite]) -> Iterator[Judgement]:
    """What the gates ask: about columns by kind, in a query of ours in the words of the query."""
    for suite in suites:
        for check in suite.checks:
            named = [
                value
                for argument, value in check.kwargs.items()
                if argument in {"column", "column_A", "column_B", "column_list"}
            ]
            columns = frozenset(name for value in named for name in ([value] if isinstance(value, str) else value))
            kind = check.query or _KIND_OF_EXPECTATION.get(check.type, check.type)
            yield Judgement(suite.table, columns, kind, f"check {suite.name}/{check.name}")
