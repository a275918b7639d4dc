"""The register of row rules: every rule is there, says what it reads, and reads what there is."""

import csv
import re

import pytest

from pipelines.contracts import contracts
from pipelines.quality.rules import ROOM, VIEWS, Rule, rules
from pipelines.settings import DBT_PROJECT

OBJECT = re.compile(r"\b(?:ssd|local)_[a-z0-9_]+\b")
COMMENT = re.compile(r"--[^\n]*")
LITERAL = re.compile(r"'[^']*'")


def sql_of(rule: Rule) -> str:
    """The SQL without comments and texts, and with what it reads through a view."""
    sql = LITERAL.sub("''", COMMENT.sub("", rule.sql_path.read_text(encoding="utf-8")))
    through = [" ".join((name, *columns)) for view, (name, columns) in VIEWS.items() if view in sql]
    return "\n".join([sql, *through])


def test_every_rule_has_a_file_and_every_file_a_rule():
    files = {path.relative_to(ROOM).with_suffix("").as_posix() for path in ROOM.glob("*/*.sql")}
    assert files == {f"{rule.domain}/{rule.rule}" for rule in rules().values()}


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.rule)
def test_a_rule_names_exactly_what_it_reads_and_the_contracts_have_it(rule):
    sql = sql_of(rule)
    named = {word for word in OBJECT.findall(sql) if word in contracts()}
    assert named == set(rule.reads)
    assert rule.object in rule.reads
    for name, columns in rule.reads.items():
        held = {column.name for column in contracts()[name].loaded_columns}
        assert set(columns) <= held
        assert {word for word in re.findall(r"\b[a-z0-9_]+\b", sql) if word in held} >= set(columns)
        unnamed = {word for word in re.findall(r"\b[a-z0-9_]+\b", sql) if word in held} - set(columns)
        assert not unnamed, f"{name}: read but not named"


def test_rules_threaten_indicators_of_the_register():
    with (DBT_PROJECT / "seeds" / "indicator_register.csv").open(encoding="utf-8", newline="") as lines:
        indicators = {row["indicator_id"] for row in csv.DictReader(lines)}
    assert not [rule.rule for rule in rules().values() if not set(rule.threatens) <= indicators]


def test_a_rule_tells_people_what_is_wrong_and_why_it_matters():
    assert not [rule.rule for rule in rules().values() if not rule.title.strip() or not rule.why.strip()]
    titles = [rule.title for rule in rules().values()]
    assert len(set(titles)) == len(titles)
