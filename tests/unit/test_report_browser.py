"""The pages in Chromium: what it finds of accessibility, on a phone, on paper, without network and scripts."""

import re
from pathlib import Path

import pytest
from browser import DESK, PHONE, WIDTH_OF_A4, axe_finds, cut_off_on_paper, opened, width
from report_release import (
    AUGUST,
    JULY,
    broken_down,
    child,
    compared,
    due,
    figure,
    following,
    in_care,
    placement,
    published,
    signal,
    write_release,
)

from pipelines.calendar import Month
from pipelines.findings import MonthFindings
from pipelines.report import quality_page, write_reports

A4 = rb"/MediaBox\s*\[0 0 59[45]\.?\d* 84[12]\.?\d*\]"
DENTAL, RATE = "cla_dental_check_up_to_date", "cp_plans_open_rate"
PAGES = (
    "restricted/report/index.html",
    "restricted/report/888/cp_plans_open.html",
    f"report/888/{DENTAL}.html",
    f"report/888/{RATE}.html",
    "restricted/report/888/teams/Hyndburn & Ribble Valley.html",
    "restricted/quality/index.html",
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with everything that a page can show, of teams with long names."""
    team = ("team", "Hyndburn & Ribble Valley")
    months = [Month(2019, 8).plus(-back).end for back in range(13)]
    comments = tmp_path_factory.mktemp("comments")
    (comments / "888" / "2019-08").mkdir(parents=True)
    (comments / "888" / "2019-08" / f"{DENTAL}.md").write_text(
        "# Why\n\nTwo *practices* closed.\n\n### What now\n\n* x\n"
    )
    folder = write_release(
        tmp_path_factory.mktemp("shown") / "release",
        [
            *(figure(month=month, count=1388 - number) for number, month in enumerate(months)),
            *(figure(area=team, month=month, count=132 + number) for number, month in enumerate(months)),
            figure(area=("team", "MASH" * 75), count=3, status="suppressed"),
            figure(month=JULY, extract=AUGUST, count=1390),
            *(figure(DENTAL, month=month, count=964 + n, of=1546) for n, month in enumerate(months[:4])),
            figure(DENTAL, team, count=86, of=199),
            figure(DENTAL, count=1, of=2, month=JULY, extract=AUGUST),
            figure(
                "personal_adviser_allocated",
                count=9,
                of=10,
                target_value=100.0,
                rag="red",
                target_source="A board",
            ),
            figure("cla_placed_out_of_area", count=1, of=2),
            figure("cla_placed_out_of_area", team, count=1, of=2),
            figure(RATE, count=1388, of=249727, unit="rate_per_10000"),
        ],
        open__mart_indicator_benchmark=[
            compared(DENTAL, "england", 83.8),
            compared(DENTAL, "region", 86.2, is_more_than_chance=False),
            compared(DENTAL, "statistical_neighbours", 81.1, verdict="better"),
        ],
        open__fct_comparator_figure=[published("england", year, 40.0 + year % 7) for year in range(2011, 2019)],
        open__mart_indicator_signal=[
            signal("cp_plans_open"),
            signal(DENTAL, signal="common_variation", rule=None, confidence_low=59.9, confidence_high=64.7),
        ],
        restricted__mart_indicator_signal=[signal("cp_plans_open", team)],
        restricted__mart_due_list=[
            due(team[1], child_id="a" * 32, worker_id="b" * 32),
            due(
                team[1], child_id="c" * 32, worker_id="d" * 32, due_date=None, days_until_due=None, is_overdue=True
            ),
        ],
        restricted__mart_projection=[following(team[1])],
        restricted__fct_indicator_child=[
            child(DENTAL, team[1], "a" * 32, False),
            child(DENTAL, team[1], "c" * 32),
            child("cla_placed_out_of_area", team[1], "a" * 32),
        ],
        restricted__fct_indicator_breakdown=broken_down("cp_plans_open", "cp_category", {"NEG": 900, "EMO": 488}),
        restricted__fct_period_of_care=[in_care("a" * 32)],
        restricted__fct_placement=[placement("a" * 32)],
        restricted__dim_team=[
            {"la_code": "888", "team_name": team[1], "locality_name": "East", "extract_month": AUGUST}
        ],
    )
    assert write_reports(folder, comments, 6) == []
    (folder / "restricted" / "quality").mkdir()
    (folder / "restricted" / "quality" / "index.html").write_text(quality_page(_findings()))
    return folder


def _findings() -> MonthFindings:
    check = {
        "name": "row_count",
        "la_code": "888",
        "severity": "critical",
        "verdict": "failed",
        "is_waived": True,
        "message": "rows are fewer than ever",
        "why": "fewer is a broken export",
    }
    waiver = {
        "gate": "raw",
        "name": "ssd_person/row_count",
        "reason": "schools closed",
        "la_code": None,
        "until": None,
    }
    suite = {"suite": "ssd_person", "table": "raw.ssd_person", "verdict": "failed", "checks": [check]}
    gate = {"refuses": False, "waived": [waiver | {"found": ["too few"]}], "suites": [suite]}
    file = {
        "file": "ssd_person.csv",
        "rows_read": 9,
        "rows_loaded": 8,
        "rows_rejected": 1,
        "rejected_by_rule": {"a": 1},
    }
    drop = {"la_code": "888", "accepted": True, "reason": "", "warnings": ["one"], "files": [file]}
    rule = {
        "rule": "a_rule_with_a_name_that_goes_on_for_a_while",
        "severity": "error",
        "title": "A fault",
        "outcome": "ran",
        "reason": "",
        "rows_checked": 40,
        "rows_failed": 12,
    }
    gates = [gate | {"stage": "raw"}, gate | {"stage": "marts"}]
    return MonthFindings(Month(2019, 8), [drop], [{"la_code": "888", "rules": [rule]}], gates)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser, release, name):
    page = opened(browser, release / name)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert axe_finds(page) == []


def test_axe_finds_nothing_on_the_pages_of_several_authorities(browser, tmp_path):
    release = write_release(tmp_path / "release", [figure(), figure(la_code="889", count=7)])
    write_reports(release, tmp_path / "no comments", 6)
    for name in ("report/index.html", "report/889/index.html"):
        assert axe_finds(opened(browser, release / name)) == []


def test_axe_would_find_something(browser, release):
    page = opened(browser, release / PAGES[0])
    page.evaluate("document.querySelector('main').innerHTML += '<img src=x><p style=\"color:#ccc\">pale</p>'")
    assert {"image-alt", "color-contrast"} <= {found.partition(":")[0] for found in axe_finds(page)}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_no_wider_than_the_screen_and_what_is_wider_scrolls_by_itself(browser, release, name):
    page = opened(browser, release / name, PHONE)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert width(page) <= size["width"]
        wide = page.evaluate(
            "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth)"
            ".map(one => [one.tabIndex, one.getAttribute('role'), !!one.getAttribute('aria-label')])"
        )
        assert all(one == [0, "region", True] for one in wide)
        assert wide or size == DESK


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_a_page_is_a4_and_nothing_is_cut_off(browser, release, name):
    page = opened(browser, release / name, {"width": WIDTH_OF_A4, "height": 1000})
    pdf = page.pdf(format="A4")
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert len(re.findall(A4, pdf)) in (1, sheets)
    assert 1 <= sheets <= 4
    assert cut_off_on_paper(page) == []


def test_without_scripts_and_network_the_page_says_the_same(browser, release):
    texts = [
        opened(browser, release / PAGES[2], has_script=has_script).inner_text("main")
        for has_script in (True, False)
    ]
    assert texts[0] == texts[1]
    assert "August 2019: 62.4% (964 of 1,546)" in texts[0]


def test_the_first_key_leads_past_the_head_of_the_page(browser, release):
    page = opened(browser, release / PAGES[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
