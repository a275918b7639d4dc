"""Compares the findings of the row rules with the faults planted in the synthetic authority."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.calendar import Month, months_between
from pipelines.quality.rules import rules
from pipelines.release_layout import sql_of
from warehouse_sample import FIRST_MONTH
from warehouse_sample.record_faults import PLANTERS
from warehouse_sample.record_faults.schedule import FAULTS_BY_TEAM

Fault = tuple[str, str, str]
"""Rule, object and key of the record."""

NOT_PLANTED = {
    str(month): {"feedback_without_a_conference_that_day", "answer_to_a_question_not_asked"}
    for month in months_between(FIRST_MONTH, Month(2019, 2))
} | {"2019-07": {"looked_after_without_legal_status"}}
"""Rules without a fault in a month: families were first asked in March 2019; and the legal statuses printed for
July 2019 are those of all children looked after."""


@pytest.fixture(scope="module")
def planted(published: Any, lancashire: Path) -> dict[str, dict[Fault, str]]:
    """Every planted fault by month, with its team; empty where it has no team."""
    folder = lancashire / "raw" / "lcs_planted_faults" / "888"
    by_month = {}
    for month in published.months:
        with (folder / f"{month}-records.csv").open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        by_month[month] = {(line["rule"], line["object"], line["key"]): line["team"] for line in lines}
        assert len(by_month[month]) == len(lines), "a fault is listed twice"
    return by_month


@pytest.fixture(scope="module")
def reported(published: Any, lancashire: Path) -> dict[str, dict[Fault, str]]:
    """Every record that a row rule reported, by month, with its team and with LCS ids instead of pseudonyms."""
    private = lancashire / "warehouse" / "private"
    ids = dict(pl.read_parquet(private / "person_lookup.parquet").select("child_id", "person_id").iter_rows())
    workers = pl.read_parquet(private / "worker_lookup.parquet")
    ids |= dict(workers.select("worker_id", "professional_id").iter_rows())
    rows = duckdb.execute(
        f"""
        select strftime(extract_month, '%Y-%m'), rule, object, record_key, team_name
        from {sql_of(published.release / "restricted", "fct_record_fault")}
        """
    ).fetchall()
    by_month: dict[str, dict[Fault, str]] = {month: {} for month in published.months}
    for month, rule, name, key, team in rows:
        if rule in rules():
            parts = (ids.get(part, part) for part in key.split("|"))
            by_month[month][rule, name, "|".join(parts)] = team
    return by_month


def test_every_rule_is_planted() -> None:
    assert set(PLANTERS) == set(rules())


def test_the_rules_report_exactly_the_planted_faults(reported, planted, published) -> None:
    for month in published.months:
        unplanted = Counter(rule for rule, *_ in set(reported[month]) - set(planted[month]))
        missed = Counter(rule for rule, *_ in set(planted[month]) - set(reported[month]))
        assert (dict(unplanted), dict(missed)) == ({}, {}), month


def test_every_rule_finds_faults_in_every_drop(reported, published) -> None:
    for month in published.months:
        assert set(rules()) - {rule for rule, *_ in reported[month]} == NOT_PLANTED.get(month, set()), month


def test_a_fault_is_found_in_the_team_it_was_planted_in(reported, planted, published) -> None:
    for month in published.months:
        elsewhere = {
            fault: team for fault, team in planted[month].items() if team and reported[month].get(fault) != team
        }
        assert elsewhere == {}, month


def test_some_teams_have_more_faults_than_others(reported, published) -> None:
    by_team = Counter(team for faults in reported.values() for team in faults.values())
    assert by_team["Preston"] > by_team["Pendle"] > by_team["Burnley"] > by_team["Rossendale"]
    assert sum(FAULTS_BY_TEAM.values()) >= 10
