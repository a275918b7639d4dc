"""What the row rules find in the synthetic authority against the list of what was planted in it."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.quality.rules import rules
from warehouse_sample.record_faults import PLANTERS
from warehouse_sample.record_faults.schedule import FAULTS_BY_TEAM

Fault = tuple[str, str, str]
"""Rule, object and key of the record."""


@pytest.fixture(scope="module")
def planted(published: Any, lancashire: Path) -> dict[str, dict[Fault, str]]:
    """By month: every fault of the list, with the team it was planted in, empty where it belongs to no team."""
    folder = lancashire / "raw" / "lcs_planted_faults" / "888"
    by_month = {}
    for month in published.months:
        with (folder / f"{month}-records.csv").open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        by_month[month] = {(line["rule"], line["object"], line["key"]): line["team"] for line in lines}
        assert len(by_month[month]) == len(lines), "a fault is listed twice"
    return by_month


@pytest.fixture(scope="module")
def found(published: Any, lancashire: Path) -> dict[str, dict[Fault, str]]:
    """By month: every record that a row rule found, with its child's team. People bear their LCS ids again."""
    lookup = pl.read_parquet(lancashire / "warehouse" / "private" / "person_lookup.parquet")
    person_ids = dict(lookup.select("child_id", "person_id").iter_rows())
    rows = duckdb.execute(
        "select strftime(extract_month, '%Y-%m'), rule, object, record_key, team_name from read_parquet(?)",
        [str(published.release / "restricted" / "fct_record_fault.parquet")],
    ).fetchall()
    by_month: dict[str, dict[Fault, str]] = {month: {} for month in published.months}
    for month, rule, name, key, team in rows:
        if rule in rules():
            by_month[month][rule, name, person_ids.get(key, key)] = team
    return by_month


def test_every_rule_is_planted() -> None:
    assert set(PLANTERS) == set(rules())


def test_what_is_found_is_what_was_planted(found, planted, published) -> None:
    for month in published.months:
        unplanted = Counter(rule for rule, *_ in set(found[month]) - set(planted[month]))
        missed = Counter(rule for rule, *_ in set(planted[month]) - set(found[month]))
        assert (dict(unplanted), dict(missed)) == ({}, {}), month


def test_every_rule_finds_faults_in_every_drop(found, published) -> None:
    for month in published.months:
        assert set(rules()) - {rule for rule, *_ in found[month]} == set(), month


def test_a_fault_is_found_in_the_team_it_was_planted_in(found, planted, published) -> None:
    for month in published.months:
        elsewhere = {
            fault: team for fault, team in planted[month].items() if team and found[month].get(fault) != team
        }
        assert elsewhere == {}, month


def test_some_teams_have_more_faults_than_others(found, published) -> None:
    by_team = Counter(team for faults in found.values() for team in faults.values())
    assert by_team["Preston"] > by_team["Pendle"] > by_team["Burnley"] > by_team["Rossendale"]
    assert sum(FAULTS_BY_TEAM.values()) >= 10
