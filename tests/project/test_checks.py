"""Every table has its suite, nothing is checked twice, and the page of the checks is true."""

import json
from collections import Counter
from dataclasses import replace
from itertools import chain

import pytest
from checkout import PROJECT_ROOT
from judgements import (
    IN_ORDER,
    IN_SET,
    LINKED,
    NOT_NULL,
    UNIQUE,
    asked_twice,
    of_contracts,
    of_dbt,
    of_rules,
    of_suites,
)

from pipelines.contracts import contracts
from pipelines.quality.checks_page import written_page
from pipelines.quality.comparisons import queries
from pipelines.quality.rules import rules
from pipelines.quality.suites import load_suites
from pipelines.table_register import table_register


@pytest.fixture(scope="module")
def suites():
    return [suite for stage in ("raw", "marts") for suite in load_suites(stage)]


@pytest.fixture(scope="module")
def places(suites, dbt_manifest):
    """What each place judges."""
    known = rules()
    sql = {name: rule.sql_path.read_text(encoding="utf-8") for name, rule in known.items()}
    return {
        "contracts": list(of_contracts(contracts())),
        "rules": list(of_rules(known.values(), sql, contracts())),
        "dbt": list(of_dbt(json.loads(dbt_manifest.read_text(encoding="utf-8")))),
        "suites": list(of_suites(suites)),
    }


def test_every_table_that_comes_in_or_goes_out_has_a_suite_or_a_reason(suites, dbt_manifest):
    register = table_register(dbt_manifest)
    covered = {suite.table for suite in suites}
    asked = {name: table for name, table in register.items() if table.layer == "raw" or table.release}
    excused = {name for name, table in asked.items() if table.no_suite}
    faults = [f"{name}: add a suite, or `no_suite` to its dbt YAML" for name in asked.keys() - covered - excused]
    faults += [f"{name}: it has a suite and `no_suite`" for name in covered & excused]
    faults += [f"{name}: a suite checks it, but no release has it" for name in covered - asked.keys()]
    assert faults == []


def checks_by_object(suites):
    """The checks of each object's suite; `test_object_completeness` names an object without one."""
    return {suite.name: {check.name for check in suite.checks} for suite in suites if suite.name in contracts()}


def lists_that_come_when_they_change():
    return {name for name, one in contracts().items() if one.delivered == "when_it_changes"}


def test_every_object_is_counted_and_asked_whether_it_is_stale(suites):
    checks = checks_by_object(suites)
    stale = {"newest_date_in_month", "file_is_not_last_months"}
    assert [name for name in checks if "row_count_near_last_drops" not in checks[name]] == []
    # a list of teams or posts may stay the same for months, and what a board keeps from one meeting to the next
    may_stay = {"local_delivery_plan", "local_eet_plan", "local_workforce_post", "ssd_department"}
    may_stay |= lists_that_come_when_they_change()
    assert {name for name in checks if len(checks[name] & stale) != 1} == may_stay


def test_every_object_with_codes_is_asked_for_their_mix_and_for_new_ones(suites):
    checks = checks_by_object(suites)
    asked = {"mix_of_codes_moved_high", "mix_of_codes_moved_extreme", "no_new_code"}
    for name, asked_of_it in checks.items():
        has_codes = any(column.code_set for column in contracts()[name].loaded_columns)
        # a list that is kept by hand refuses no month
        by_hand = {name for name, one in contracts().items() if one.is_list}
        assert (asked - ({"mix_of_codes_moved_extreme"} if name in by_hand else set()) <= asked_of_it) is has_codes


def test_every_object_with_a_team_column_is_asked_for_teams(suites):
    checks = checks_by_object(suites)
    with_teams = {
        name
        for name in checks
        if name != "ssd_department"
        and any(column.links_to == "ssd_department.dept_team_id" for column in contracts()[name].columns)
    }
    assert with_teams == {name for name in checks if "share_without_team_high" in checks[name]}


def test_nothing_in_a_list_of_the_board_refuses_a_month(suites):
    about = {"local_delivery_plan", "local_eet_plan", "mart_delivery_plan", "mart_eet_plan"}
    checks = [(suite.name, check) for suite in suites if suite.name in about for check in suite.checks]
    assert {name for name, _ in checks} == about
    assert {check.severity for _, check in checks} == {"warning"}


def test_the_columns_that_a_suite_names_are_those_of_its_contract(suites):
    for suite in suites:
        if suite.name not in contracts():
            continue
        columns = {column.name: column for column in contracts()[suite.name].loaded_columns}
        if "team" in suite.meta:
            assert columns[suite.meta["team"]].links_to == "ssd_department.dept_team_id", suite.name


def test_nothing_is_checked_twice(places):
    assert asked_twice(chain.from_iterable(places.values())) == []


def test_every_place_is_read(places):
    kinds = {place: Counter(one.kind for one in judged) for place, judged in places.items()}
    assert len(places["rules"]) == len(rules())
    assert all(kinds["contracts"][kind] > 20 for kind in (NOT_NULL, UNIQUE, IN_SET, LINKED))
    assert kinds["rules"][NOT_NULL] > 5
    assert kinds["rules"][IN_ORDER] > 1
    assert kinds["dbt"][UNIQUE] > 60
    assert kinds["dbt"][IN_SET] > 4
    assert len(places["suites"]) > 150


def again_as(expectation):
    """A suite with the expectation under another name."""
    return {"expectations": [{**expectation, "meta": {"name": "again"}}]}


@pytest.mark.parametrize(
    ("table", "type_", "kwargs"),
    [
        # what ingest rejects: an empty key, a key that comes twice, an end before a start, an unknown code
        ("raw.ssd_person", "expect_column_values_to_not_be_null", {"column": "pers_person_id"}),
        ("raw.ssd_cp_plans", "expect_column_values_to_be_unique", {"column": "cppl_cp_plan_id"}),
        (
            "raw.ssd_cp_plans",
            "expect_column_pair_values_a_to_be_greater_than_b",
            {"column_A": "cppl_cp_plan_end_date", "column_B": "cppl_cp_plan_start_date"},
        ),
        ("raw.ssd_cla_placement", "expect_column_values_to_be_in_set", {"column": "clap_cla_placement_type"}),
        # what a row rule flags
        ("raw.ssd_cin_episodes", "expect_column_values_to_not_be_null", {"column": "cine_referral_date"}),
        # what dbt tests
        (
            "marts.mart_indicator_monthly",
            "expect_compound_columns_to_be_unique",
            {"column_list": ["indicator_id", "la_code", "area_type", "area_name", "month", "extract_month"]},
        ),
    ],
)
def test_a_check_that_repeats_another_place_is_seen(places, suites, table, type_, kwargs):
    suite = next(one for one in suites if one.table == table)
    again = replace(suite, content=again_as({"type": type_, "kwargs": kwargs}))
    (found,) = asked_twice([*chain.from_iterable(places.values()), *of_suites([again])])
    assert found.startswith(f"{table} (")
    assert found.endswith(f"and check {suite.name}/again")


@pytest.mark.parametrize(
    ("of", "sql"),
    [
        ("cp_plan_without_start_date", "select 1 from ssd_cp_plans where cppl_cp_plan_id is null"),
        (
            "cp_plan_without_start_date",
            "select 1 from ssd_cp_plans where cppl_cp_plan_end_date < cppl_cp_plan_start_date -- again",
        ),
        ("referral_without_team", "select 1\nfrom ssd_cin_episodes\nwhere cine_referral_date is null"),
    ],
)
def test_a_rule_that_repeats_another_place_is_seen(places, of, sql):
    again = rules()[of].model_copy(update={"rule": "again"})
    judged = [*chain.from_iterable(places.values()), *of_rules([again], {"again": sql}, contracts())]
    (found,) = asked_twice(judged)
    assert found.endswith("and rule again")


def test_a_check_that_stands_twice_in_one_suite_under_two_names_is_seen(places, suites):
    suite = next(one for one in suites if one.name == "drop_file")
    again = replace(suite, content=again_as(suite.checks[0].expectation))
    assert len(asked_twice([*places["suites"], *of_suites([again])])) == 1


PAGE = PROJECT_ROOT / "docs" / "checks.md"


def test_the_page_is_as_written_from_the_suites():
    page = PAGE.read_text(encoding="utf-8")
    assert page == written_page(page), "run python -m pipelines.quality.checks_page docs/checks.md"


def test_the_page_shows_a_limit_that_changes(monkeypatch):
    page = PAGE.read_text(encoding="utf-8")
    (suite,) = [suite for suite in load_suites("raw") if suite.name == "drop_file"]
    text = json.dumps(suite.content).replace("more than 1 %", "more than 2 %")
    changed = replace(suite, content=json.loads(text))
    monkeypatch.setattr("pipelines.quality.checks_page.load_suites", lambda stage: [changed])
    assert "files with more than 2 % of their rows rejected" in written_page(page)


@pytest.mark.parametrize("stage", ["raw", "marts"])
def test_the_page_names_every_check_and_explains_every_comparison(stage):
    page = PAGE.read_text(encoding="utf-8")
    named = [check.name for suite in load_suites(stage) for check in suite.checks] + [*queries(stage)]
    assert [name for name in named if f"`{name}`" not in page] == []
