"""What becomes of a month in which a gate or a data test refuses the drops of some authorities."""

import datetime as dt
import json
import shutil

import duckdb
import pytest
from ingest_drops import PERSON, PLAN, write

from pipelines.calendar import Month
from pipelines.errors import GateRefusedError
from pipelines.findings import GATE_RAW, month_findings, write_findings
from pipelines.ingest.month_ingest import ingest_month
from pipelines.month import MonthContext, Options
from pipelines.month.redelivery import authorities_to_run
from pipelines.month.run_end import note_published
from pipelines.month.run_log import RunOfMonth
from pipelines.month.run_record import begin
from pipelines.month.steps import refuse_or_pass
from pipelines.progress import Progress
from pipelines.quality import CheckResult, GateResult, SuiteResult, Waivers, run_rules_of_month
from pipelines.quality.gate import record_fitness
from pipelines.settings import PSEUDONYM_KEY_VARIABLE, AlertSettings, DataFolder, Settings
from pipelines.transform.build import DataTestsError, FailedTest, _authorities_at_fault, remove_built
from pipelines.warehouse_file import open_warehouse

JULY, AUGUST = Month(2019, 7), Month(2019, 8)
TWO = ("888", "889")
KEY = "a key for the tests of withdrawal"


@pytest.fixture(scope="module")
def two_months(tmp_path_factory):
    """888 and 889 with July and August loaded, all fit."""
    found = DataFolder(tmp_path_factory.mktemp("two_months"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PSEUDONYM_KEY_VARIABLE, KEY)
        for month in (JULY, AUGUST):
            for la_code in TWO:
                write(found, {"ssd_cin_plans": [PLAN]}, str(month), la_code)
            load(found, month)
    return found


@pytest.fixture
def folder(two_months, tmp_path, monkeypatch):
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, KEY)
    shutil.copytree(two_months.root, tmp_path / "data")
    return DataFolder(tmp_path / "data")


def load(folder: DataFolder, month: Month, only: tuple[str, ...] = (), unfit: tuple[str, ...] = ()) -> GateResult:
    """Loads the drops, runs the rules, and has the raw gate refuse the authorities that are named."""
    ingest_month(folder, month, Progress(), only=only)
    run_rules_of_month(folder, month, lambda line: None)
    la_codes = only or TWO
    checks = tuple(check(la_code, "failed" if la_code in unfit else "passed") for la_code in la_codes)
    result = GateResult("raw", month, la_codes, (SuiteResult("ssd_person", "raw.ssd_person", checks),), Waivers())
    record_fitness(folder, month, result)
    by_authority = [result.of(la_code).to_manifest() for la_code in la_codes]
    write_findings(folder, month, GATE_RAW, by_authority, la_codes)
    return result


def check(la_code: str, verdict: str) -> CheckResult:
    return CheckResult(
        "ssd_person", "row_count", la_code, "critical", verdict, "more", "too few people", "why", observed=1
    )


def rows(folder: DataFolder, sql: str) -> list[tuple]:
    with open_warehouse(folder, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def context(folder: DataFolder, month: Month, warnings: list[str]) -> MonthContext:
    def record(event, facts):
        if event == "warning":
            warnings.append(facts["text"])

    return MonthContext(folder, month, Options(Settings()), Progress(recorder=record))


def test_the_refused_drop_is_withdrawn_and_the_month_goes_on_for_the_others(folder):
    warnings: list[str] = []
    refuse_or_pass(context(folder, AUGUST, warnings), load(folder, AUGUST, unfit=("889",)))
    (line,) = warnings
    assert line.startswith("889 2019-08: refused, so its earlier drop of the month stays: gate raw, ssd_person/")
    assert rows(folder, "select la_code from raw.run") == [("888",)]
    assert month_findings(folder, AUGUST).withdrawn.keys() == {"889"}


def test_an_authority_without_an_earlier_drop_of_the_month_stays_at_its_last_month(folder):
    with open_warehouse(folder) as connection:
        connection.execute("delete from raw.drop where la_code = '889' and extract_month = '2019-08-31'")
    warnings: list[str] = []
    refuse_or_pass(context(folder, AUGUST, warnings), load(folder, AUGUST, unfit=("889",)))
    assert warnings[0].startswith("889 2019-08: refused, so it stays at its drop of 2019-07: gate raw, ")
    for table in ("raw.ssd_person", "raw.ssd_cin_plans", "quality.rule_run"):
        found = rows(folder, f"select distinct la_code, month(extract_month) from {table} order by all")
        assert found == [("888", 7), ("888", 8), ("889", 7)]
    drops = "select accepted, is_loaded, is_fit, reason from raw.drop where la_code = '889' order by attempted_at"
    assert [drop[:3] for drop in rows(folder, drops)] == [(True, True, True), (False, False, False)]
    assert "ssd_person/row_count FAILED for 889 2019-08" in rows(folder, drops)[1][3]


def test_the_earlier_drop_of_the_month_is_loaded_as_it_was(folder):
    person = (
        "select la_code, extract_month, pers_person_id, source_file, line_number from raw.ssd_person order by all"
    )
    results = "select * from quality.rule_run order by all"
    drops = "select * from raw.drop where la_code = '889' order by attempted_at"
    before, rules_before, (_, first) = rows(folder, person), rows(folder, results), rows(folder, drops)
    files = f"select * from raw.drop_file where attempted_at = '{first[2]}' order by object"
    files_before = rows(folder, files)
    write(folder, {"ssd_person": [PERSON, PERSON | {"pers_person_id": "2"}]}, "2019-08", "889")
    result = load(folder, AUGUST, only=("889", "888"), unfit=("889",))
    assert rows(folder, person) != before
    refuse_or_pass(context(folder, AUGUST, []), result)
    assert (rows(folder, person), rows(folder, results)) == (before, rules_before)
    loaded, refused = rows(folder, drops)[1:]
    assert loaded == first
    assert refused[3:] == (False, refused[4], False, False, "ssd")
    assert rows(folder, files) == files_before


def test_an_earlier_drop_that_is_gone_stops_the_month_and_says_where_to_put_it(folder):
    write(folder, {"ssd_person": [PERSON, PERSON | {"pers_person_id": "2"}]}, "2019-08", "889")
    result = load(folder, AUGUST, unfit=("889",))
    for file in (folder.archive / "889" / "2019-08").glob("*/ssd_person.csv"):
        file.unlink()
    with pytest.raises(GateRefusedError, match="put its files into raw/lcs/889/2019-08") as raised:
        refuse_or_pass(context(folder, AUGUST, []), result)
    assert "ssd_person/row_count FAILED for 889 2019-08" in str(raised.value)


def test_a_gate_that_refuses_every_authority_stops_the_month_and_says_which_ids_look_alike(folder):
    write(folder, {"ssd_cin_plans": [PLAN | {"cinp_person_id": "01"}]}, "2019-08", "889")
    result = load(folder, AUGUST, unfit=TWO)
    with pytest.raises(GateRefusedError) as raised:
        refuse_or_pass(context(folder, AUGUST, []), result)
    lines = str(raised.value).splitlines()
    assert len(lines) == 3
    assert lines[2].startswith(
        "889 2019-08 ssd_cin_plans.csv: cinp_person_id: 1 of 1 rows have an id that ssd_person"
    )
    assert month_findings(folder, AUGUST).withdrawn == {}
    assert rows(folder, "select count(*) from raw.drop where is_loaded and month(extract_month) = 8") == [(2,)]


def test_a_run_of_one_authority_leaves_rows_and_findings_of_the_others(folder):
    by_authority = "select * from raw.{} where la_code = '888' order by all"
    before = [rows(folder, by_authority.format(table)) for table in ("ssd_person", "drop", "drop_file")]
    load(folder, AUGUST, only=("889",), unfit=("889",))
    assert [rows(folder, by_authority.format(table)) for table in ("ssd_person", "drop", "drop_file")] == before
    assert rows(folder, "select la_code from raw.run") == [("889",)]
    found = month_findings(folder, AUGUST)
    assert [drop["la_code"] for drop in found.drops] == ["888", "889"]
    assert [entry["la_code"] for entry in found.rules] == ["888", "889"]
    (gate,) = found.gates
    assert (gate["la_codes"], gate["unfit_authorities"]) == (["888", "889"], ["889"])
    verdicts = {check["la_code"]: check["verdict"] for suite in gate["suites"] for check in suite["checks"]}
    assert verdicts == {"888": "passed", "889": "failed"}
    assert (gate["verdict"], gate["refuses"]) == ("failed", True)


def test_a_new_drop_alone_is_run_where_the_month_is_published(folder, monkeypatch):
    monkeypatch.setattr("pipelines.month.redelivery.is_built", lambda _: True)
    run = RunOfMonth(AUGUST, "r1")
    begin(folder, run, by="dagster")
    write(folder, {"ssd_cin_plans": [PLAN, PLAN | {"cinp_cin_plan_id": "P2"}]}, "2019-08", "889")
    assert authorities_to_run(folder, AUGUST) == ()
    note_published(folder, run, "one", Progress(), AlertSettings())
    assert authorities_to_run(folder, AUGUST) == ("889",)
    monkeypatch.setattr("pipelines.month.redelivery.is_built", lambda _: False)
    assert authorities_to_run(folder, AUGUST) == ()


def test_people_are_alerted_once_of_what_was_refused_in_a_published_month(folder):
    refuse_or_pass(context(folder, AUGUST, []), load(folder, AUGUST, unfit=("889",)))
    for run_id in ("r1", "r2"):
        note_published(folder, RunOfMonth(AUGUST, run_id), run_id, Progress(), AlertSettings())
    (alert,) = [json.loads(line) for line in folder.alerts.read_text(encoding="utf-8").splitlines()]
    assert alert["kind"] == "refused"
    assert alert["subject"] == "2019-08 is published without the refused drops of 889"


def test_what_was_built_of_a_withdrawn_drop_is_removed(folder):
    with open_warehouse(folder) as connection:
        connection.execute("create schema core")
        connection.execute(
            "create table core.fct_plan as select '889' as la_code, date '2019-08-31' as extract_month"
        )
        connection.execute("insert into core.fct_plan values ('889', '2019-07-31'), ('888', '2019-08-31')")
        connection.execute("create table core.dim_month as select date '2019-08-31' as extract_month")
    assert remove_built(folder, AUGUST, {"889"}) == {"889"}
    assert remove_built(folder, AUGUST, {"889"}) == frozenset()
    kept = rows(folder, "select la_code, extract_month from core.fct_plan order by all")
    assert kept == [("888", dt.date(2019, 8, 31)), ("889", dt.date(2019, 7, 31))]


@pytest.mark.parametrize(
    ("sql", "la_codes"),
    [
        ("select * from (values ('889', 1), ('889', 2)) as found (la_code, row_number)", {"889"}),
        ("select * from (values ('889', 1), (null, 2)) as found (la_code, row_number)", None),
        ("select 1 as outcome", None),
    ],
)
def test_rows_of_a_failed_test_say_whose_they_are_or_nobody_is_left_out(sql, la_codes):
    with duckdb.connect() as connection:
        assert _authorities_at_fault(connection, sql) == la_codes


def test_a_test_that_does_not_say_whose_rows_failed_refuses_all():
    known = FailedTest("dbt test one failed with 1 rows", frozenset({"889"}))
    assert DataTestsError([known]).reasons() == {"889": "dbt test one failed with 1 rows"}
    assert DataTestsError([known, FailedTest("dbt test two failed with 3 rows", None)]).reasons() == {}
