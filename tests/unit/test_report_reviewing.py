"""The pages of the reviewing service from a release made by hand: annual report, challenges, and officers."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from browser import PHONE, axe_finds, cut_off_on_paper, opened, width
from report_release import (
    AUGUST,
    allocated,
    broken_down,
    challenge,
    child,
    due,
    figure,
    published,
    thirteen_months,
    write_release,
)
from report_tables import Page

from pipelines.report import write_reports
from pipelines.report.audience import OUTSIDE

EAST, BURNLEY = ("locality", "East"), ("team", "Burnley")
CASELOAD, RAISED, RESOLUTIONS = "iro_caseload", "challenges_raised", "problem_resolutions_raised"
LATE, ANSWERS, APPEALS, CHECKS = (
    "conference_late",
    "conference_feedback_yes",
    "conference_appeals",
    "midpoint_monitoring_cla",
)
CLA, PLANS, LONG = "children_looked_after", "cp_plans_open", "cp_plans_ended_2_years"
JULY = dt.date(2019, 7, 31)
HIDDEN = {"numerator": None, "denominator": None, "value": None, "share": None, "status": "suppressed"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    late = broken_down(LATE, "late_reason", {"not_quorate": 12, "on_time": 0}, {"not_quorate": 12, "on_time": 28})
    answers = [
        row
        for month in (JULY, AUGUST)
        for row in broken_down(
            ANSWERS,
            "question",
            {"initial_met_chair": 20, "review_could_speak": 15},
            {"initial_met_chair": 20, "review_could_speak": 20},
            month=month,
            extract_month=month,
        )
    ]
    folder = write_release(
        tmp_path_factory.mktemp("reviewing") / "release",
        [
            *thirteen_months(AUGUST, CASELOAD, [*[60] * 8, 70, 71, 72, 73, 74], unit="per_fte"),
            *thirteen_months(AUGUST, RAISED, [*[50] * 8, 10, 11, 12, 13, 14]),
            *thirteen_months(AUGUST, RAISED, [*[20] * 8, 7, 7, 7, 7, 7], area=EAST),
            *thirteen_months(AUGUST, RESOLUTIONS, [*[30] * 8, 8, "suppressed", 2, 2, 2]),
            *thirteen_months(AUGUST, ANSWERS, [*[0] * 11, 35, 35], [*[0] * 11, 40, 40]),
            *thirteen_months(AUGUST, CHECKS, [9] * 13, [10] * 13),
            figure(LATE, count=12, of=40),
            figure(LATE, EAST, count=9, of=30),
            figure(LATE, ("locality", "North"), count=3, of=10),
            figure(
                APPEALS, count=None, status="not_available", not_available_reason="the list x was not delivered"
            ),
            figure("challenges_over_4_weeks", count=1),
            figure(CLA, count=3),
            figure(CLA, BURNLEY, count=3),
            figure(PLANS, count=1),
            figure(LONG, count=4, of=100),
            figure(PLANS, BURNLEY, count=1),
        ],
        open__mart_indicator_breakdown=[
            *(row | {"status": "shown"} for row in late),
            *(row | HIDDEN for row in answers),
        ],
        restricted__fct_indicator_breakdown=[*late, *answers],
        restricted__mart_delivery_objective=[
            {
                "la_code": "888",
                "extract_month": AUGUST,
                "level": level,
                "objective_no": "1",
                "objective_name": name,
                "actions": 5,
                "blue": 2,
                "green": 1,
                "amber": 1,
                "red": 1,
                "not_rated": 0,
                "overdue": 1,
                **dict.fromkeys(("closed_with_target_unmet", "better", "worse", "closed", "new", "gone"), 0),
                "previous_extract_month": None,
            }
            for level, name in (("objective", "Improve <plans>"), ("plan", "All objectives"))
        ],
        restricted__fct_comparator_figure=[
            published("england", year, value, indicator_id=LONG) for year, value in ((2018, 3.4), (2020, 9.9))
        ],
        restricted__fct_challenge=[
            challenge("over", dt.date(2019, 8, 1), child_id="c9"),
            challenge("on its last day", dt.date(2019, 8, 3), worker_id=None, team_name="Pendle"),
            # with the bank holiday its working days end after its 28 days
            challenge("near", dt.date(2019, 8, 9), challenge_type="management_alert", context=None),
            challenge("new", dt.date(2019, 8, 25), locality_name=None, team_name=None),
            challenge("resolved", dt.date(2019, 8, 26), resolved_date=dt.date(2019, 8, 30), outcome="resolved"),
            challenge("old", dt.date(2019, 4, 1), resolved_date=dt.date(2019, 5, 30), outcome="resolved"),
            challenge("informal", dt.date(2019, 8, 30), challenge_type="informal"),
            challenge("of an earlier extract", dt.date(2019, 7, 1), extract_month=JULY),
        ],
        restricted__fct_allocation=[
            allocated("c1", "o9", start_date=dt.date(2018, 1, 2), allocation_id="300"),
            allocated("c1", "o1", allocation_id="10"),
            allocated("c1", "o2", allocation_id="9"),
            allocated("c2", "o2"),
            allocated("c3", None),
            allocated("c4", "o3", is_open=False),
            allocated("c4", "o3", role_code="CW"),
        ],
        restricted__dim_worker=[
            {"la_code": "888", "worker_id": "o1", "full_time_equivalent": 0.8, "extract_month": AUGUST}
        ],
        restricted__mart_due_list=[
            due(item="cla_review", child_id="c1", due_date=dt.date(2019, 9, 10)),
            due(item="cp_review", child_id="c1", due_date=dt.date(2019, 8, 20), is_overdue=True),
            due(item="dental_check", child_id="c1"),
            due(item="cla_review", child_id="c3"),
        ],
        restricted__fct_indicator_child=[
            *(child(CLA, "Burnley", name) for name in ("c1", "c2", "c3")),
            child(PLANS, "Burnley", "c1"),
            child(CHECKS, "Burnley", "c1", False, due_date=dt.date(2019, 11, 4), actual_date=None),
            child(CHECKS, "Burnley", "c2"),
        ],
    )
    write_reports(folder, folder / "no commentary", 6)
    return folder


def service(release: Path, name: str) -> Page:
    return Page(release / "restricted" / "report" / "888" / f"{name}.html")


def outside(release: Path, name: str) -> Page:
    return Page(release / "report" / "888" / f"{name}.html")


ANNUAL, QUESTION = "iro-annual-2019-20", "Question of the form"


def test_the_annual_report_adds_up_the_year_and_has_means_and_the_year_before(release):
    page = service(release, ANNUAL)
    assert page.heading == "Annual report of the reviewing service 2019/20"
    service_table = page.table("The service and its caseloads: the year")
    assert service_table.columns[:3] == ["Indicator", "2019/20 to Aug", "2018/19 to Aug"]
    assert [cells[:3] for _, cells in service_table.rows] == [
        ["Children per full-time reviewing officer", "74.0", "60.0 r"],
        ["Children per full-time reviewing officer, mean of the month ends", "72.0", "x"],
    ]
    [raised, mean, *_] = [cells[:3] for _, cells in page.table("Challenges: the year").rows]
    assert raised == ["Formal challenges by reviewing officers", "60", "x"]
    assert mean == ["Formal challenges by reviewing officers, mean of the months", "12", "x"]


def test_the_annual_report_says_of_how_many_a_percentage_is(release):
    table = service(release, ANNUAL).table("What families said: the year")
    assert table.rows[0][1][1:3] == ["87.5", "x"]
    assert table.small[0][1] == "70 of 80"


def test_the_annual_report_has_localities_as_a_breakdown_and_at_its_end(release):
    page = service(release, ANNUAL)
    late = page.table("Review conferences held late, by why it was late and locality: 2019/20")
    assert [(group, cells[:5]) for group, cells in late.rows] == [
        ("", ["All", "12", "40", "30.0", "100.0"]),
        ("Why it was late (counted only)", ["Not quorate", "12", "12", "100.0", "100.0"]),
        ("Locality", ["East", "9", "30", "30.0", "75.0"]),
        ("Locality", ["North", "3", "10", "30.0", "25.0"]),
    ]
    localities = page.table("The figures of this report by locality")
    assert localities.column("East")["Formal challenges by reviewing officers"] == "35"


def test_a_breakdown_of_months_is_added_up_where_every_month_has_one_or_nothing(release):
    answers = service(release, ANNUAL).table("Answers of parents and carers that were yes, by ")
    assert [(group, cells[:5]) for group, cells in answers.rows] == [
        ("", ["All", "70", "80", "87.5", "100.0"]),
        (QUESTION, ["Initial conference: met the reviewing officer before", "40", "40", "100.0", "57.1"]),
        (QUESTION, ["Review conference: could speak", "30", "40", "75.0", "42.9"]),
    ]


def test_rows_of_a_fact_are_the_breakdown_if_they_are_as_many_as_the_year_counts(release, tmp_path):
    page = service(release, ANNUAL)
    # 60 were raised, and the list has six
    assert "Not available: there is no breakdown of April 2019 and 4 other months." in page.text
    folder = write_release(
        tmp_path / "release",
        [
            *thirteen_months(AUGUST, RAISED, [*[50] * 11, 0, 3]),
            *thirteen_months(AUGUST, RESOLUTIONS, [*[50] * 8, 0, 0, 0, 0, 2]),
        ],
        restricted__fct_challenge=[
            challenge("a", dt.date(2019, 8, 2)),
            challenge("b", dt.date(2019, 8, 3), context="cp", category_code=None, impact_code="of its own"),
            challenge("of the year before", dt.date(2019, 3, 31)),
            challenge("alert", dt.date(2019, 8, 3), challenge_type="management_alert"),
        ],
    )
    write_reports(folder, tmp_path / "no commentary", 6)
    table = service(folder, ANNUAL).table("Problem resolutions raised, by ")
    assert [(group, cells[:3]) for group, cells in table.rows[1:]] == [
        ("Looked after or child protection", ["Looked after", "1", "50.0"]),
        ("Looked after or child protection", ["Child protection", "1", "50.0"]),
        ("Subject of the challenge", ["Plan implementation", "1", "50.0"]),
        ("Subject of the challenge", ["Not recorded", "1", "50.0"]),
        ("Impact that the challenge names", ["Drift and delay", "1", "50.0"]),
        ("Impact that the challenge names", ["Not recorded", "1", "50.0"]),
    ]


def test_the_annual_report_has_the_years_up_to_its_own_with_published_figures(release):
    table = service(release, ANNUAL).table(
        "CP plans that lasted 2 years or more when they ended (NI64): years up to"
    )
    assert (table.columns[-1], [cells for _, cells in table.rows]) == ("England", [["2017/18", "", "3.4"]])


def test_the_annual_report_says_why_a_figure_is_not_available(release):
    text = service(release, ANNUAL).text
    assert "Appeals against a conference: not available. The list x was not delivered." in text
    assert "The drop of August 2019 has no" in outside(release, ANNUAL).text.replace("the drop", "The drop")


def test_what_was_promised_is_the_plan_by_objective(release):
    table = service(release, ANNUAL).table("The delivery plan by objective: August 2019")
    assert [cells for _, cells in table.rows] == [
        ["1: Improve <plans>", "5", "2", "1", "1", "1", "0", "1"],
        ["All objectives", "5", "2", "1", "1", "1", "0", "1"],
    ]


def test_the_open_annual_report_shows_what_open_holds(release, tmp_path):
    page = outside(release, ANNUAL)
    challenges = page.table("Challenges: the year").column("2019/20 to Aug")
    assert challenges["Formal challenges by reviewing officers"] == "60"
    assert challenges["Problem resolutions raised"] == "c"
    assert "Drift and delay" not in page.text
    alone = shutil.copytree(release, tmp_path / "alone")
    for folder in ("restricted", "report"):
        shutil.rmtree(alone / folder)
    (alone / "restricted").mkdir()
    write_reports(alone, alone / "no commentary", 6, audiences=[OUTSIDE])
    assert (alone / "report" / "888" / f"{ANNUAL}.html").read_text() == page.text


def test_the_commentary_of_a_year_is_that_of_the_month_of_its_extract(release, tmp_path):
    folder = tmp_path / "888" / "2019-08"
    folder.mkdir(parents=True)
    (folder / "iro-annual.md").write_text("What comes **next**", encoding="utf-8")
    again = shutil.copytree(release, tmp_path / "again", ignore=shutil.ignore_patterns("report"))
    assert write_reports(again, tmp_path, 6, audiences=[OUTSIDE]) == []
    assert "What comes <strong>next</strong>" in outside(again, ANNUAL).text


def test_challenges_are_counted_by_team_and_clock(release):
    table = service(release, "challenges").table("Challenges by the team of the child")
    assert table.columns[1:] == [
        "Raised in the last 7 days",
        "Outstanding",
        "Near 28 days",
        "Over 28 days",
        "Near 20 working days",
        "Over 20 working days",
    ]
    assert [(group, cells) for group, cells in table.rows] == [
        ("", ["Lancashire", "2", "4", "2", "1", "1", "1"]),
        ("East", ["All of East", "1", "3", "2", "1", "1", "1"]),
        ("East", ["Burnley", "1", "2", "1", "1", "0", "1"]),
        ("East", ["Pendle", "0", "1", "1", "0", "1", "0"]),
        ("Not allocated", ["All of Not allocated", "1", "1", "0", "0", "0", "0"]),
        ("Not allocated", ["Not allocated", "1", "1", "0", "0", "0", "0"]),
    ]


def test_the_weeks_to_come_have_what_passes_a_clock_in_them(release):
    weeks = service(release, "challenges").table("How many pass a clock")
    assert [cells for _, cells in weeks.rows][:4] == [
        ["1 September 2019 to 7 September 2019", "2", "1"],
        ["8 September 2019 to 14 September 2019", "0", "1"],
        ["15 September 2019 to 21 September 2019", "0", "0"],
        ["22 September 2019 to 28 September 2019", "1", "1"],
    ]


def test_challenges_are_listed_with_their_clocks(release):
    page = service(release, "challenges")
    outstanding = page.table("Outstanding challenges")
    assert outstanding.rows[0][1] == [
        "1 Aug 2019",
        "c9",
        "o1",
        "Burnley",
        "Problem resolution",
        "29 Aug 2019",
        "30 Aug 2019",
        "over 28 days, over 20 working days",
    ]
    assert [cells[0] for _, cells in outstanding.rows] == ["1 Aug 2019", "3 Aug 2019", "9 Aug 2019", "25 Aug 2019"]
    new = page.table("Challenges raised in the last seven days")
    assert [(cells[0], cells[-1]) for _, cells in new.rows] == [
        ("25 Aug 2019", ""),
        ("26 Aug 2019", "resolved 30 Aug 2019"),
    ]


def test_the_officers_are_listed_with_what_they_have(release):
    table = service(release, "officers/index").table("Reviewing officers by pseudonym")
    assert [cells for _, cells in table.rows] == [
        ["o1", "0.8", "1", "1", "1", "1", "1", "1", "3"],
        ["o2", "not known", "1", "1", "0", "0", "0", "0", "0"],
    ]


def test_the_page_of_an_officer_has_children_reviews_checks_and_challenges(release):
    page = service(release, "officers/o1")
    assert [cells[0:3] for _, cells in page.table("Children with this").rows] == [
        ["c1", "Burnley", "looked after, child protection plan"]
    ]
    assert [cells[1] for _, cells in page.table("Due within 60 days").rows] == ["Review of a child looked after"]
    assert [cells[1] for _, cells in page.table("Overdue").rows] == ["Child protection review conference"]
    [(_, check)] = page.table("Checks between reviews missing").rows
    assert check == ["c1", "Burnley", "Checks between reviews done, children looked after", "4 Nov 2019"]
    assert [cells[1] for _, cells in page.table("Challenges outstanding").rows] == ["c9", "c1", "c1"]


def test_lists_that_are_not_there_are_not_none(tmp_path):
    folder = write_release(
        tmp_path / "release",
        [
            figure(CLA, count=1),
            figure(CLA, BURNLEY, count=1),
            figure("challenges_over_4_weeks", count=None, status="not_available"),
        ],
        restricted__fct_allocation=[allocated("c1", "o1")],
        restricted__fct_indicator_child=[child(CLA, "Burnley", "c1")],
    )
    write_reports(folder, tmp_path / "no commentary", 6)
    assert not (folder / "restricted" / "report" / "888" / "challenges.html").exists()
    page = service(folder, "officers/o1")
    assert "the drop has no list of checks" in page.text and "the drop has no list of challenges" in page.text
    [(_, officer)] = service(folder, "officers/index").table("Reviewing officers by").rows
    assert officer[-2:] == ["x", "x"]


def test_lists_without_challenges_and_checks_are_none(tmp_path):
    folder = write_release(
        tmp_path / "release",
        [
            figure("challenges_over_4_weeks", count=0),
            figure(CLA, count=1),
            figure(CLA, BURNLEY, count=1),
            figure(CHECKS, count=0, of=0, status="not_available"),
        ],
        restricted__fct_allocation=[allocated("c1", "o1")],
        restricted__fct_indicator_child=[child(CLA, "Burnley", "c1")],
    )
    write_reports(folder, tmp_path / "no commentary", 6)
    officer = service(folder, "officers/o1").text
    assert "1 child at the month end" in officer and "has no list" not in officer
    page = service(folder, "challenges")
    assert [cells for _, cells in page.table("Challenges by the team").rows] == [["Lancashire", *["0"] * 6]]
    assert page.text.count("<p>None.</p>") == 2


def test_nothing_of_challenges_or_officers_is_on_an_open_page(release):
    names = {path.name for path in (release / "report").rglob("*.html")}
    assert {"challenges.html", "o1.html"}.isdisjoint(names)
    glance = Page(release / "restricted" / "report" / "index.html").links
    assert {"888/challenges.html", "888/officers/index.html", f"888/{ANNUAL}.html"} <= set(glance)


@pytest.mark.parametrize(
    "name",
    [
        f"report/888/{ANNUAL}.html",
        f"restricted/report/888/{ANNUAL}.html",
        "restricted/report/888/challenges.html",
        "restricted/report/888/officers/index.html",
        "restricted/report/888/officers/o1.html",
    ],
)
def test_axe_finds_nothing_and_a_phone_and_paper_show_the_whole_page(browser, release, name):
    page = opened(browser, release / name, PHONE)
    assert axe_finds(page) == []
    assert width(page) == PHONE["width"]
    assert cut_off_on_paper(page) == []
