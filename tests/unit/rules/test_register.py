"""The register of row rules: every rule has its SQL, and what it says of a rule exists."""

import csv

import duckdb
import pytest
from rule_cases import empty_drop

from pipelines.contracts import contracts
from pipelines.quality.rules import ROOM, SHARED, objects_read, rules
from pipelines.settings import DBT_PROJECT


def test_every_rule_has_a_file_and_every_file_a_rule():
    files = {path.relative_to(ROOM).with_suffix("").as_posix() for path in ROOM.glob("*/*.sql")}
    shared = {f"{SHARED.name}/{path.stem}" for path in SHARED.glob("*.sql")}
    assert files - shared == {f"{rule.domain}/{rule.rule}" for rule in rules().values()}


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.rule)
def test_a_rule_reads_the_object_that_it_judges(rule):
    assert rule.object in contracts()
    assert rule.object in objects_read(empty_drop(), rule.sql_path.read_text(encoding="utf-8"))


def test_what_a_rule_reads_through_another_query_counts_as_read():
    read = objects_read(empty_drop(), rules()["short_break_over_17_days"].sql_path.read_text(encoding="utf-8"))
    assert read == {"ssd_cla_episodes", "ssd_legal_status"}
    assert objects_read(duckdb.connect(), "with ssd_contacts as (select 1) from ssd_contacts") == set()


def test_rules_threaten_indicators_of_the_register():
    with (DBT_PROJECT / "seeds" / "indicator_register.csv").open(encoding="utf-8", newline="") as lines:
        indicators = {row["indicator_id"] for row in csv.DictReader(lines)}
    assert not [rule.rule for rule in rules().values() if not set(rule.threatens) <= indicators]


def test_a_rule_says_what_is_wrong_and_why_it_matters():
    assert not [rule.rule for rule in rules().values() if not rule.title.strip() or not rule.why.strip()]
    titles = [rule.title for rule in rules().values()]
    assert len(set(titles)) == len(titles)
