"""The page of what was checked, from findings made by hand."""

import pytest

from pipelines.calendar import Month
from pipelines.findings import MonthFindings
from pipelines.report import quality_page

DROP = {
    "la_code": "888",
    "extract_month": "2019-08",
    "accepted": True,
    "reason": "",
    "faults": [],
    "warnings": [],
    "files": [],
}
CHECK = {
    "name": "row_count",
    "la_code": "888",
    "severity": "critical",
    "verdict": "passed",
    "is_waived": False,
    "message": "rows are as many as ever",
    "why": "fewer is a broken export",
}
RULE = {
    "rule": "a_rule",
    "severity": "error",
    "title": "A fault",
    "outcome": "ran",
    "reason": "",
    "rows_checked": 40,
    "rows_failed": 0,
}
WAIVER = {
    "gate": "raw",
    "name": "ssd_person/row_count",
    "reason": "two schools < one",
    "la_code": None,
    "until": "2019-09-30",
    "found": ["gate raw, ssd_person/row_count FAILED for 888 2019-08: too few"],
}


def gate(stage: str, *checks: dict, refuses: bool = False, waived: tuple = ()) -> dict:
    suite = {"suite": "ssd_person", "table": "raw.ssd_person", "verdict": "passed", "checks": list(checks)}
    unfit = ["888"] if refuses else []
    return {
        "stage": stage,
        "refuses": refuses,
        "unfit_authorities": unfit,
        "waived": list(waived),
        "suites": [suite],
    }


def page(drops=(DROP,), rules=(RULE,), gates=None, difference=None) -> str:
    found_rules = [{"la_code": "888", "rules": list(rules)}] if rules else []
    both = [gate("raw", CHECK), gate("marts", CHECK)]
    shown = both if gates is None else gates
    return quality_page(MonthFindings(Month(2019, 8), list(drops), found_rules, shown, difference))


@pytest.mark.parametrize(
    ("drops", "gates", "verdict"),
    [
        ([DROP], [gate("raw", CHECK), gate("marts", CHECK)], "Both gates passed."),
        ([DROP], [gate("raw", CHECK, refuses=True)], "A gate refused: nothing is published."),
        (
            [DROP | {"withdrawn": "888 2019-08: too few people"}],
            [gate("raw", CHECK, refuses=True), gate("marts", CHECK)],
            "Refused: 888, which stay at an earlier month or drop.",
        ),
        ([DROP], [gate("raw", CHECK)], "The run stopped before both gates had finished"),
        ([DROP], [], "The run stopped before both gates had finished"),
        ([DROP | {"accepted": False, "reason": "888 2019-08: no"}], [], "No drop was accepted"),
        ([], [], "No drop was accepted"),
    ],
)
def test_the_page_begins_with_what_became_of_the_month(drops, gates, verdict):
    assert f'<p class="lead">{verdict}' in page(drops=drops, gates=gates)


def test_a_waiver_is_shown_with_its_end_its_reason_and_what_it_let_pass():
    shown = page(gates=[gate("raw", CHECK, waived=(WAIVER,)), gate("marts", CHECK)])
    for words in ("ssd_person/row_count", "2019-09-30", "two schools &lt; one", "FAILED for 888 2019-08: too few"):
        assert words in shown


def test_a_rule_that_crashed_is_named():
    crashed = RULE | {"outcome": "crashed", "reason": "BinderException"}
    shown = page(rules=[RULE, crashed | {"rule": "broken_rule"}])
    assert "1 ran, 0 skipped, 1 crashed" in shown
    assert '<th scope="row">broken_rule</th><td class="errored">crashed</td><td>BinderException</td>' in shown


@pytest.mark.parametrize(("count", "shown"), [(1, "1 to 5"), (5, "1 to 5"), (6, "6"), (1234, "1,234")])
def test_a_small_number_of_records_is_hidden(count, shown):
    assert f'<td class="number">{shown}</td></tr>' in page(rules=[RULE | {"rows_failed": count}])


def test_the_worst_checks_come_first():
    checks = [
        CHECK,
        CHECK | {"name": "a_warning", "verdict": "failed", "severity": "warning"},
        CHECK | {"name": "failed_one", "verdict": "failed"},
        CHECK | {"name": "e", "verdict": "errored"},
    ]
    shown = page(gates=[gate("raw", *checks), gate("marts", CHECK)])
    places = [
        shown.index(f'<th scope="row">{name}</th>') for name in ("e", "failed_one", "a_warning", "row_count")
    ]
    assert places == sorted(places)
    assert "4 checks: 1 passed, 1 warning, 1 failed, 1 errored." in shown
    assert '<td class="warning">warning</td>' in shown


DIFFERENCE = {
    "compared_with": "2019-07_a",
    "refuses": False,
    "schema": [],
    "figures": [],
    "tables": [{"file": "open/mart.parquet", "rows_before": 9, "rows_after": 10, "changed": []}],
}
COLUMN = {"file": "restricted/fct_plan.parquet", "what": "column x is new, DATE", "is_announced": False}
FIGURES = {
    "la_code": "888",
    "month": "2019-07",
    "differing": 2,
    "gone": 0,
    "new": 1,
    "examples": ["cin_plans_open of Burnley"],
    "reason": None,
}


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (None, "The run stopped before the comparison."),
        (DIFFERENCE | {"compared_with": None}, "There is no earlier release."),
        (DIFFERENCE, "No table, column or reported figure changed, and no row of another month."),
        (DIFFERENCE | {"schema": [COLUMN]}, '<td class="failed">no: refused</td>'),
        (DIFFERENCE | {"schema": [COLUMN | {"is_announced": True}]}, '<td class="passed">yes</td>'),
        (DIFFERENCE | {"figures": [FIGURES]}, '<td class="failed">no correction given: refused</td>'),
        (DIFFERENCE | {"figures": [FIGURES | {"reason": "two < three"}]}, "two &lt; three"),
        (
            DIFFERENCE | {"figures": [FIGURES], "refuses": True},
            '<p class="lead">Both gates passed, but',
        ),
    ],
)
def test_what_differs_from_the_last_release_is_shown(difference, words):
    assert words in page(difference=difference)


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (3, "1 to 5"), (1234, "1,234")])
def test_a_small_number_of_changed_rows_is_hidden(count, text):
    rows = {"file": "restricted/fct_plan.parquet", "changed": [{"month": "2019-07", "gone": count, "new": 7}]}
    shown = page(difference=DIFFERENCE | {"tables": [rows]})
    assert f'<td>2019-07</td><td class="number">{text}</td><td class="number">7</td></tr>' in shown
