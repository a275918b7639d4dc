"""What `warehouse status` says, to a person and to machines."""

import datetime as dt
import json
from pathlib import Path

import pytest

from pipelines.calendar import Month
from pipelines.cli import main
from pipelines.errors import GateRefusedError
from pipelines.findings import (
    DIFFERENCE,
    GATE_RAW,
    INGEST,
    RULES,
    MonthFindings,
    write_comparator_findings,
    write_findings,
)
from pipelines.month.run_end import note_published, note_unpublished
from pipelines.month.run_log import RunOfMonth
from pipelines.progress import Progress
from pipelines.report.quality_page import quality_page
from pipelines.settings import AlertSettings, DataFolder
from pipelines.watch.status import status, status_lines
from warehouse_sample.writing import write_printed_comparators

NOW = dt.datetime(2019, 3, 6, 9, tzinfo=dt.UTC)
CHECKS = [{"verdict": "passed"}, {"verdict": "failed"}, {"verdict": "failed", "severity": "warning"}]
REFUSING = {"suite": "ssd_cp_plans", "refuses": True, "checks": CHECKS}


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    """888 delivered three months: January was published, February stopped at the gate, March not run."""
    found = DataFolder(tmp_path)
    write_printed_comparators(found)
    for month in ("2019-01", "2019-02", "2019-03"):
        place = found.lcs / "888" / month
        place.mkdir(parents=True)
        (place / "ssd_person.csv").touch()
    for month in (Month(2019, 1), Month(2019, 2)):
        files = [{"file": "ssd_person.csv", "rows_rejected": 3, "sha256": "00"}]
        write_findings(found, month, INGEST, [{"la_code": "888", "accepted": True, "reason": "", "files": files}])
        write_findings(
            found, month, RULES, [{"la_code": "888", "rules": [{"rows_failed": 2}, {"rows_failed": 5}]}]
        )
    write_findings(
        found, Month(2019, 2), GATE_RAW, {"stage": "raw", "refuses": True, "suites": [REFUSING], "waived": []}
    )
    publish(found, "2019-01")
    write_printed_comparators(found)
    note_unpublished(
        found, RunOfMonth(Month(2019, 2), "r2"), GateRefusedError("too few plans"), Progress(), AlertSettings()
    )
    return found


def publish(folder: DataFolder, month: str) -> None:
    release = folder.releases / f"{month}_a"
    release.mkdir(parents=True)
    drops = [{"la_code": "888", "extract_month": month, "accepted": True, "files": []}]
    created_at = "2019-03-01T08:00:00+00:00"
    manifest = {"created_at": created_at, "extract_month": month, "drops": drops, "tables": []}
    (release / "manifest.json").write_text(json.dumps(manifest))
    folder.latest.symlink_to(Path("releases") / release.name)


def test_every_fact_is_there_for_machines(folder):
    facts = status(folder, NOW)
    assert facts["drops"] == [
        {
            "la_code": "888",
            "months": ["2019-01", "2019-02", "2019-03"],
            "not_run": ["2019-03"],
            "refused": [],
            "stopped": [{"month": "2019-02", "gate": "raw", "suites": ["ssd_cp_plans"]}],
            "to_put_right": {"month": "2019-02", "rejected_rows": 3, "records_at_fault": 7},
        }
    ]
    assert (facts["last_run"]["status"], facts["last_run"]["run_id"]) == ("refused", "r2")
    assert facts["last_run"]["gates"] == [
        {"stage": "raw", "refuses": True, "passed": 1, "warning": 1, "failed": 1, "errored": 0}
    ]
    assert (facts["release"]["age_days"], facts["release"]["newest_month"]) == (5, "2019-01")
    assert {one["name"]: one["is_fresh"] for one in facts["freshness"]} == {
        "drops": True,
        "releases": True,
        "comparators": True,
    }
    assert json.loads(json.dumps(facts)) == facts


def test_a_person_sees_first_what_there_is_to_do(folder):
    assert status_lines(status(folder, NOW))[1:5] == [
        "state            3 waiting",
        "waiting          888: 1 not run yet, 2019-03 to 2019-03",
        "waiting          888 2019-02: stopped at gate raw: ssd_cp_plans",
        "waiting          the last run, of 2019-02, published nothing",
    ]


def test_what_is_overdue_is_said_and_waits(folder):
    facts = status(folder, dt.datetime(2019, 3, 12, tzinfo=dt.UTC))
    assert "releases         overdue, expected 2019-02; newest 2019-01" in status_lines(facts)
    assert "releases overdue, expected 2019-02; newest 2019-01" in facts["problems"]


def test_files_of_published_figures_that_are_not_used_are_named(folder):
    passed_over = [
        {"file": f"dfe/outcomes/ks{number}.csv", "outcome": "passed_over", "reason": "ks"} for number in range(7)
    ]
    refused = {"file": "dfe/cla_2025/rates.csv", "outcome": "refused", "reason": "columns missing: number"}
    write_comparator_findings(folder, [refused, *passed_over])
    facts = status(folder, NOW)
    assert facts["comparators"] == [refused, *passed_over]
    assert [line for line in status_lines(facts) if line.startswith("comparators  ") and "dfe/" in line] == [
        "comparators      dfe/cla_2025/rates.csv: refused: columns missing: number",
        "comparators      7 passed over, as the register uses nothing in them: dfe/outcomes/ks0.csv, "
        "dfe/outcomes/ks1.csv, dfe/outcomes/ks2.csv, dfe/outcomes/ks3.csv, dfe/outcomes/ks4.csv and 2 others",
    ]
    page = quality_page(MonthFindings(Month(2019, 1), [], [], [], comparators=facts["comparators"]))
    assert all(f'<th scope="row">{each["file"]}</th>' in page for each in facts["comparators"])


def test_nothing_waits_when_everything_was_published(tmp_path):
    folder = DataFolder(tmp_path)
    write_printed_comparators(folder)
    note_published(folder, RunOfMonth(Month(2019, 1), "r1"), "2019-01_a", Progress(), AlertSettings())
    write_printed_comparators(folder)
    facts = status(folder, NOW)
    assert facts["problems"] == [
        "drops overdue, expected 2019-02; newest none",
        "releases overdue, expected 2019-01; newest none",
    ]
    assert status_lines(facts)[1] == "state            2 waiting"


def test_own_settings_are_shown_with_their_faults_and_what_changed_since_the_release(folder):
    folder.reference.mkdir()
    (folder.reference / "teams.csv").write_text("la_code,team_id\n888,T1\n")
    (folder.reference / "targets.csv").write_text("la_code\n888\n")
    facts = status(folder, NOW)
    assert "own settings     teams.csv: 1 rows" in status_lines(facts)
    assert any("targets.csv line 1: column indicator_id is missing" in line for line in facts["problems"])
    assert "raw/reference: the next run uses what changed: targets.csv, teams.csv" in facts["problems"]


def test_the_command_gives_json_that_machines_can_read(folder, capfd):
    assert main(["status", "--data", str(folder.root), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["last_run"]["month"] == "2019-02"


@pytest.mark.parametrize(
    ("is_announced", "reason", "suites"),
    [
        (True, None, ["reported figures"]),
        (False, "a late record", ["columns"]),
        (False, None, ["columns", "reported figures"]),
    ],
)
def test_a_month_that_may_not_take_the_place_of_the_last_release_waits(folder, is_announced, reason, suites):
    difference = {"refuses": True, "schema": [{"is_announced": is_announced}], "figures": [{"reason": reason}]}
    write_findings(folder, Month(2019, 1), DIFFERENCE, difference)
    facts = status(folder, NOW)
    assert facts["drops"][0]["stopped"][0] == {"month": "2019-01", "gate": "release", "suites": suites}
    assert f"888 2019-01: stopped at gate release: {', '.join(suites)}" in facts["problems"]


def test_a_month_that_was_corrected_waits_for_nobody(folder):
    difference = {"refuses": False, "schema": [], "figures": [{"reason": "a late record"}]}
    write_findings(folder, Month(2019, 1), DIFFERENCE, difference)
    assert [one["month"] for one in status(folder, NOW)["drops"][0]["stopped"]] == ["2019-02"]
