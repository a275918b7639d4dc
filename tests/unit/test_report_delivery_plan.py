"""The page of the delivery plan, from a release made by hand, read back as HTML and opened in Chromium."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from browser import PHONE, axe_finds, opened, width
from report_release import AUGUST, JULY, figure, write_release
from report_tables import Page

from pipelines.report import write_reports

Row = dict[str, Any]


def action(ref: str, **more: Any) -> Row:
    """A row of `mart_delivery_plan` in `open/`."""
    return {
        "la_code": "888",
        "objective_no": "1",
        "objective_name": "Voice",
        "action_ref": ref,
        "action_key": f"1/{ref}",
        "entry_number": 1,
        "activity": f"Do {ref}",
        "responsible_role": "Head of Service",
        "is_listed": True,
        "brag_code": "green",
        "previous_extract_month": JULY,
        "previous_brag_code": "green",
        "change": "unchanged",
        "due_text": "31/12/19",
        "due_date": dt.date(2019, 12, 31),
        "due_reading": "day",
        "is_overdue": False,
        "days_overdue": None,
        "metric": "A share",
        "current_text": "59.3%",
        "current_date_text": "Feb-19",
        "target_text": "60%",
        "target_date_text": "01/06/2019",
        "target_direction": "at_least",
        "is_closed_with_target_unmet": False,
        "extract_month": AUGUST,
        "status": "shown",
        **more,
    }


def counts(level: str = "plan", **more: Any) -> Row:
    """A row of `mart_delivery_objective`."""
    words = "blue red amber green not_rated overdue closed_with_target_unmet better worse new closed reopened gone"
    return {
        "la_code": "888",
        "level": level,
        "objective_no": "all" if level == "plan" else "1",
        "objective_name": "All objectives" if level == "plan" else "Voice",
        "actions": 41,
        **{word: number for number, word in enumerate(words.split(), start=50)},
        "previous_extract_month": JULY,
        "extract_month": AUGUST,
        **more,
    }


def eet(measure: str, value: float | None, unit: str | None = "percentage", **more: Any) -> Row:
    """A row of `mart_eet_plan` in `open/`."""
    return {
        "la_code": "888",
        "kind": "table",
        "cohort": "Year 12",
        "measure": measure,
        "period": "2019-06",
        "entry_number": 1,
        "unit": unit,
        "value_text": None if value is None else str(value),
        "value": value,
        "status": "shown",
        "extract_month": AUGUST,
        **more,
    }


ACTIONS = [
    action("1"),
    action("2", brag_code="red", previous_brag_code="amber", change="worse", is_overdue=True, days_overdue=30),
    action("3", brag_code="amber", is_overdue=True, days_overdue=1234, due_text="Mar-16"),
    action("4", brag_code="blue", change="closed", is_closed_with_target_unmet=True),
    action("5", is_listed=False, brag_code=None, change="gone", is_overdue=None, is_closed_with_target_unmet=None),
    action("6", metric=None, current_text=None, status="suppressed", brag_code=None, change="new"),
    action("7", due_text="TBC", due_date=None, due_reading="no_date", is_overdue=None),
    action("old", extract_month=JULY, is_overdue=True, days_overdue=1, previous_extract_month=None, change=None),
]
OBJECTIVES = [counts("objective"), counts()]
EMPLOYMENT = [
    eet("number", 1207, "young_people"),
    eet("EET", 68.0),
    eet("NEET", None, status="suppressed"),
    eet("a target", None, None, kind="target", cohort="Everyone", value_text="increase", period="not given"),
]


HOSTILE = action(
    "<i>8</i>\u202e",
    activity="\x1b[31m" + "x" * 300,
    responsible_role="{{ 7 * 7 }}",
    current_text="1e400",
    due_text=None,
    is_overdue=True,
    days_overdue=10**9,
    due_date=dt.date(9999, 12, 31),
    objective_no="\x00",
)
HOSTILE_COUNTS = [counts("objective", objective_name="<b>\u2066", overdue=2**62), counts()]
HOSTILE_EMPLOYMENT = [
    eet("EET", float(value), value_text=text, cohort=f"of {value}")
    for value, text in (("nan", "NaN"), ("inf", "\x07much"), ("1e300", "1e300"), ("1234567.5", ""))
] + [eet("<script>", 1.0)]


def written(folder: Path, actions=ACTIONS, objectives=OBJECTIVES, employment=EMPLOYMENT) -> Path:
    given = {}
    for name, rows in (
        ("mart_delivery_plan", actions),
        ("mart_delivery_objective", objectives),
        ("mart_eet_plan", employment),
    ):
        given[f"open__{name}"] = rows
        # the restricted tables have no status, because they suppress nothing
        given[f"restricted__{name}"] = [{key: row[key] for key in row if key != "status"} for row in rows]
    release = write_release(folder / "release", [figure()], **{name: rows for name, rows in given.items() if rows})
    assert write_reports(release, folder / "no commentary", 6) == []
    return release / "report"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="module")
def page(report) -> Page:
    return Page(report / "888" / "delivery-plan.html")


def test_the_counts_are_those_of_the_mart(page):
    table = page.table("Ratings of the actions")
    assert [cells for _, cells in table.rows] == [
        ["1. Voice", "41", "50", "51", "52", "53", "54", "55", "56"],
        ["All objectives", "41", "50", "51", "52", "53", "54", "55", "56"],
    ]
    assert "41 actions: 55 overdue, 56 closed with the target unmet." in page.text
    assert "Since July 2019: 60 closed, 61 reopened, 57 better, 58 worse, 59 new, 62 gone." in page.text


def test_overdue_actions_are_in_the_order_of_days(page):
    assert page.table("Due before 31 August 2019").column("Days overdue") == {"1/3": "1,234", "1/2": "30"}


def test_an_action_closed_with_its_target_unmet_shows_both_values(page):
    ((_, cells),) = page.table("Rated blue").rows
    assert cells == ["1/4", "Head of Service", "A share", "59.3%", "at least 60%"]


def test_a_change_shows_the_rating_then_and_now(page):
    assert [cells for _, cells in page.table("Changes since July 2019").rows] == [
        ["1/2", "▼ worse", "! Amber", "✗ Red"],
        ["1/5", "no longer listed", "✓ Green", "not listed"],
        ["1/4", "closed", "✓ Green", "◆ Blue"],
        ["1/6", "new", "not listed", "not rated"],
    ]


def test_what_open_hides_is_marked_and_what_is_gone_or_of_another_month_is_not_listed(page):
    table = page.table("All actions")
    assert list(table.column("Action")) == ["1/1", "1/2", "1/3", "1/4", "1/6", "1/7"]
    assert table.column("Current")["1/6"] == table.column("Measure")["1/6"] == "c"


def test_the_employment_table_has_a_row_per_cohort_and_marks_what_is_hidden(page):
    table = page.table("Children looked after and care leavers")
    assert table.columns == ["Cohort", "Period", "number", "EET", "NEET"]
    assert table.rows == [("", ["Year 12", "2019-06", "1,207", "68%", "c"])]
    assert page.table("Targets").column("Value") == {"Everyone": "increase"}


def test_the_glance_leads_to_the_page_where_there_is_one(report, tmp_path):
    assert "888/delivery-plan.html" in Page(report / "index.html").links
    without = written(tmp_path, [], [], [])
    assert not (without / "888" / "delivery-plan.html").exists()
    assert "888/delivery-plan.html" not in Page(without / "index.html").links


def test_the_first_snapshot_is_held_against_nothing(tmp_path):
    first = [action("1", previous_extract_month=None, previous_brag_code=None, change=None)]
    written(tmp_path, first, [counts(previous_extract_month=None)], [])
    text = (tmp_path / "release" / "report" / "888" / "delivery-plan.html").read_text(encoding="utf-8")
    assert "This is the first snapshot" in text
    assert "Education, employment and training" not in text


def test_the_page_for_the_service_has_the_same_rows(report, page):
    service = Page(report.parent / "restricted" / "report" / "888" / "delivery-plan.html")
    assert [table.caption for table in service.tables] == [table.caption for table in page.tables]
    assert list(service.table("All actions").column("Action")) == list(page.table("All actions").column("Action"))
    assert "<dt>c</dt>" not in service.text


def test_hostile_texts_and_numbers_are_shown_and_break_nothing(tmp_path):
    report = written(tmp_path, [HOSTILE, *ACTIONS], HOSTILE_COUNTS, HOSTILE_EMPLOYMENT)
    page = Page(report / "888" / "delivery-plan.html")
    assert page.hidden_characters == set() and not {"i", "b", "script"} & set(page.tags)
    assert "\ufffd/<i>8</i>\ufffd" in page.table("All actions").column("Action")
    assert page.table("Due before").column("Days overdue")["\ufffd/<i>8</i>\ufffd"] == "1,000,000,000"
    assert page.table("Children looked after").column("EET") == {
        "Year 12": "",
        "of nan": "NaN",
        "of inf": "\ufffdmuch",
        "of 1e300": "1e+300%",
        "of 1234567.5": "1,234,567.5%",
    }


def test_axe_finds_nothing_and_a_phone_shows_the_whole_width(browser, report):
    page = opened(browser, report / "888" / "delivery-plan.html", PHONE)
    assert axe_finds(page) == []
    assert width(page) == PHONE["width"]
