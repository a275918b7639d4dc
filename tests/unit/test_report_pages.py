"""The pages of the monthly report and of teams, from releases made by hand, read back as HTML."""

import datetime as dt
import itertools
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest
from report_release import (
    AUGUST,
    JULY,
    child,
    compared,
    due,
    figure,
    following,
    frame,
    published,
    signal,
    write_release,
)
from report_tables import Page

from pipelines.calendar import Month
from pipelines.dictionary.indicator_parameters import Parameter
from pipelines.file_names import visible
from pipelines.findings import MonthFindings
from pipelines.report import quality_page, write_reports
from pipelines.report.audience import OUTSIDE, SERVICE
from pipelines.report.charts import Change, Line, chart, trend
from pipelines.report.release_reader import OwnTables, authorities, register
from pipelines.report.template import render

BURNLEY, PENDLE, EAST = ("team", "Burnley"), ("team", "Pendle"), ("locality", "East")
DENTAL, RATE, TOUCH = "cla_dental_check_up_to_date", "cp_plans_open_rate", "care_leavers_in_touch"
MARCH = dt.date(2019, 3, 31)


def a_release(folder: Path, *more, **tables) -> Path:
    """A plain release with every kind of figure."""
    figures = [
        figure(),
        figure(area=BURNLEY, count=17),
        figure(area=PENDLE, count=3, status="suppressed"),
        figure(month=JULY, count=1388),
        figure(month=JULY, extract=AUGUST, count=1390),
        figure(month=MARCH, extract=AUGUST, count=1300),
        figure(DENTAL, count=964, of=1546),
        figure(DENTAL, BURNLEY, count=109, of=199),
        figure(RATE, count=1388, of=249727, unit="rate_per_10000"),
        figure(RATE, month=JULY, count=1388, of=247856, unit="rate_per_10000"),
        *more,
    ]
    given = {
        "open__mart_indicator_benchmark": [compared(DENTAL, "england", 83.8), compared(DENTAL, "region", 86.2)],
        "open__fct_comparator_figure": [published("england", 2018, 45.3)],
        "open__mart_indicator_signal": [signal("cp_plans_open"), signal(DENTAL, signal="common_variation")],
        "restricted__mart_indicator_signal": [signal("cp_plans_open", BURNLEY)],
        "restricted__mart_due_list": [due()],
        "restricted__mart_projection": [following()],
        "restricted__fct_indicator_child": [child("cp_plans_open", "Burnley", "c1")],
        "restricted__dim_team": [
            {"la_code": "888", "team_name": "Burnley", "locality_name": "East", "extract_month": AUGUST}
        ],
    }
    return write_release(folder, figures, **given | tables)


def write(release: Path, comments: Path | None = None) -> list[str]:
    return write_reports(release, comments or release / "no commentary", 6)


def report(release: Path) -> Path:
    write(release)
    return release / "report"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plain release with its pages, which no test changes."""
    release = a_release(tmp_path_factory.mktemp("plain") / "release")
    write(release)
    return release


def indicator(release: Path, name: str = "cp_plans_open", la_code: str = "888") -> Page:
    return Page(release / "report" / la_code / f"{name}.html")


def test_the_glance_holds_each_indicator_with_its_months_and_others(plain):
    page = Page(plain / "report" / "index.html")
    table = page.table("Children looked after")
    assert table.columns == [
        "Indicator",
        "Aug 19",
        "Jul 19",
        "Aug 18",
        "Trend",
        "Signal",
        "England",
        "North West",
        "Statistical neighbours",
    ]
    assert table.rows == [
        ("", ["Dental check in the last 12 months", "62.4", "x", "x", "", "● As usual", "83.8", "86.2", ""])
    ]
    plans = page.table("Plans")
    assert plans.column("Aug 19") == {
        "Children on child protection plans": "20",
        "Children on child protection plans per 10000": "55.6",
    }
    assert plans.column("Jul 19")["Children on child protection plans"] == "1,388"
    assert plans.column("Signal")["Children on child protection plans"] == "▼ Lower than usual: worse"


def test_a_restated_figure_that_differs_is_next_to_the_reported_one(plain):
    page = indicator(plain)
    months = page.table("The figures of the chart")
    assert months.column("Lancashire")["July 2019"] == "1,388"
    assert months.column("From the newest extract")["July 2019"] == "1,390"
    assert months.column("From the newest extract")["August 2019"] == ""
    assert "Months with a different figure in the newest extract: 1," in page.text
    # where nothing differs there is no column for it
    assert "From the newest extract" not in indicator(plain, DENTAL).table("The figures of the chart").columns


def test_a_month_that_was_never_reported_is_marked(plain):
    months = indicator(plain).table("The figures of the chart")
    assert months.column("Lancashire")["March 2019"] == "1,300 r"
    years = indicator(plain).table("Years up to")
    assert years.column("Lancashire, from its extracts") == {"2018/19": "1,300 r"}


CELLS = [
    ("shown", figure(area=BURNLEY, count=17), "17"),
    ("nought", figure(area=BURNLEY, count=0), "0"),
    ("suppressed", figure(area=BURNLEY, count=3, status="suppressed"), "c"),
    ("no row: nobody", None, "0"),
]
SHARES = [
    ("shown", figure(DENTAL, BURNLEY, count=109, of=199), "54.8"),
    ("suppressed", figure(DENTAL, BURNLEY, count=2, of=9, status="suppressed"), "c"),
    ("of nobody", figure(DENTAL, BURNLEY, count=0, of=0, status="not_available"), "x"),
    ("no row: nobody", None, "z"),
]


@pytest.mark.parametrize(
    ("name", "row", "shown"),
    [("cp_plans_open", row, shown) for _, row, shown in CELLS]
    + [(DENTAL, row, shown) for _, row, shown in SHARES],
    ids=[f"count, {words}" for words, *_ in CELLS] + [f"share, {words}" for words, *_ in SHARES],
)
def test_every_cell_is_a_number_or_says_why_not(tmp_path, name, row, shown):
    whole = figure() if name == "cp_plans_open" else figure(DENTAL, count=964, of=1546)
    of_july = whole | {"month": JULY, "extract_month": JULY}
    # Burnley has a row in July, so that it is listed
    july = figure(name, BURNLEY, JULY, count=10, of=None if name == "cp_plans_open" else 20)
    release = write_release(tmp_path / "release", [whole, of_july, july, *([row] if row else [])])
    write(release)
    assert indicator(release, name).table("Teams").column("Aug 19")["Burnley"] == shown


def test_an_indicator_without_what_it_needs_is_not_available_in_any_area(tmp_path):
    figures = [
        figure(),
        figure(count=None, status="not_available", indicator="contacts"),
        figure(month=JULY),
        figure(month=JULY, indicator="contacts", count=30),
    ]
    release = write_release(tmp_path / "release", figures)
    months = Page(report(release) / "888" / "contacts.html").table("The figures of the chart")
    assert [months.column("Lancashire")[month] for month in ("July 2019", "August 2019")] == ["30", "x"]


def test_a_figure_that_the_extract_cannot_give_has_its_reason_on_its_page(tmp_path):
    reason = "Contacts: this drop begins on 1 August 2019, the figure needs all from 1 July 2019 on"
    july = figure(count=30, month=JULY, indicator="contacts", not_available_reason=None)
    again = figure(count=None, month=JULY, extract=AUGUST, indicator="contacts", status="not_available")
    figures = [
        figure(not_available_reason=None),
        figure(count=None, status="not_available", indicator="contacts", not_available_reason=reason),
        july,
        again | {"basis": "restated", "not_available_reason": reason},
    ]
    release = write_release(tmp_path / "release", figures)
    page = Page(report(release) / "888" / "contacts.html")
    assert f"Not available in August 2019. {reason}." in page.text
    # the later extract corrects nothing
    assert "Months with a different figure in the newest extract" not in page.text


def test_a_figure_that_open_leaves_out_is_suppressed_on_its_page_and_neither_zero_nor_recomputed(tmp_path):
    figures = [
        figure(),
        figure(area=EAST, count=9),
        figure(area=EAST, month=JULY, count=9),
        figure(month=JULY, extract=AUGUST, count=1390),
        figure(month=MARCH, count=1200),
        figure(area=EAST, month=MARCH, count=9),
        figure(DENTAL, count=964, of=1546),
    ]
    release = write_release(tmp_path / "release", figures)
    pages = {"left out": ("c", "c"), "never reported": ("1,390 r", "0 r")}
    for name, expected in pages.items():
        # the row of July is in the list of what is left out, or there was none
        rows = [
            {"la_code": "888", "indicator_id": "cp_plans_open", "month": "2019-07", "extract_month": "2019-07"}
        ]
        folder = shutil.copytree(release, tmp_path / name)
        (folder / "open" / "mart_indicator_monthly.parquet").unlink()
        open_rows = [row for row in figures if (row["month"], row["area_type"]) != (JULY, "locality")]
        frame(open_rows).write_parquet(folder / "open" / "mart_indicator_monthly.parquet")
        write_reports(folder, tmp_path / "none", 6, rows if name == "left out" else [])
        page = indicator(folder)
        shown = (
            page.table("The figures of the chart").column("Lancashire")["July 2019"],
            page.table("Localities").column("Jul 19")["East"],
        )
        assert shown == expected, name
    service = Page(folder / "restricted" / "report" / "888" / "cp_plans_open.html")
    assert service.table("Localities").column("Aug 19")["East"] == "9"


def test_nothing_that_open_hides_is_on_a_page_for_people_outside(tmp_path):
    """The pages come out the same when there is nothing but `open/`."""
    release = a_release(tmp_path / "release")
    write(release)
    texts = {path.name: path.read_text() for path in (release / "report").rglob("*.html")}
    shutil.rmtree(release / "report")
    shutil.rmtree(release / "restricted")
    write_reports(release, tmp_path / "no commentary", 6, audiences=[OUTSIDE])
    assert {path.name: path.read_text() for path in (release / "report").rglob("*.html")} == texts
    assert len(texts) == 4
    assert indicator(release).table("Teams").column("Aug 19")["Pendle"] == "c"


def test_localities_and_teams_are_in_groups_and_not_allocated_is_last(tmp_path):
    areas = [("team", "Not allocated"), ("team", "West"), EAST, BURNLEY]
    release = a_release(tmp_path / "release", *(figure(area=area, month=JULY, count=9) for area in areas))
    write(release)
    rows = indicator(release).table("Localities and teams").rows
    assert [(group, cells[0]) for group, cells in rows] == [
        ("", "Lancashire"),
        ("Localities", "East"),
        ("Teams", "Burnley"),
        ("Teams", "Pendle"),
        ("Teams", "West"),
        ("Teams", "Not allocated"),
    ]


def test_a_change_of_definition_is_marked_in_chart_table_and_notes(tmp_path):
    release = write_release(
        tmp_path / "release",
        [figure(TOUCH, month=month, count=68, of=100) for month in (dt.date(2019, 6, 30), JULY, AUGUST)],
    )
    page = Page(report(release) / "888" / f"{TOUCH}.html")
    assert ">Definition changed</text>" in page.text
    assert "<small>Definition changed: months since contact: 2, before 3</small>" in page.text
    assert "The definition changed in July 2019" in page.text


def test_a_page_has_the_own_number_of_its_authority_and_no_other(tmp_path):
    release = write_release(tmp_path / "release", [figure(TOUCH, month=AUGUST, count=68, of=100)])
    numbers = [
        Parameter("months_since_contact", "4", "2019-01", "888"),
        Parameter("months_since_contact", "9", "2019-01", "330"),
        Parameter("years_of_long_cp_plan", "7", "2019-01", "888"),
    ]
    write_reports(release, tmp_path / "no commentary", 6, own_numbers=numbers)
    text = (release / "restricted" / "report" / "888" / f"{TOUCH}.html").read_text()
    assert "Lancashire sets numbers of this definition itself: months since contact: 4 from 2019-01 on." in text
    assert "Those whose latest contact is no longer ago than 4 months." in text
    assert "The definition changed in January 2019 (months since contact: 4, before 3)" in text
    assert "July 2019 (months since contact" not in text


def test_a_list_that_is_written_over_is_not_counted_again(tmp_path):
    figures = [
        figure(TOUCH, count=68, of=100),
        figure(TOUCH, month=JULY, count=67, of=100),
        figure(TOUCH, month=JULY, extract=AUGUST, count=5, of=100),
        figure(TOUCH, month=MARCH, extract=AUGUST, count=2, of=100),
    ]
    page = Page(report(write_release(tmp_path / "release", figures)) / "888" / f"{TOUCH}.html")
    months = page.table("The figures of the chart")
    assert "From the newest extract" not in months.columns
    assert (months.column("Lancashire")["July 2019"], months.column("Lancashire")["March 2019"]) == ("67.0", "x")
    assert "overwritten each month" in page.text


def test_the_page_has_the_definition(plain):
    assert (
        "<strong>Counted</strong></dt><dd>Children with a child protection plan open at D."
        in indicator(plain).text
    )
    assert "<strong>Denominator</strong></dt><dd>" in indicator(plain, DENTAL).text


def test_the_population_of_a_rate_has_the_month_of_its_change(plain):
    assert "247,856 from July 2019, 249,727 from August 2019." in indicator(plain, RATE).text


def test_published_figures_have_their_year_and_day(plain):
    beside = indicator(plain, DENTAL).table("Published figures known")
    assert beside.rows[0][1][:5] == ["England", "2017/18", "83.8", "▼ worse", "15 November 2018"]
    assert [cells[0] for _, cells in beside.rows] == ["England", "North West"]


YEARS = [
    published("england", 2017, 43.3),
    # a newer release of the year exists
    published("england", 2018, 45.3, is_latest=False),
    published("england", 2018, 45.4, release="r2"),
    published("region", 2018, None),
    published("region", 2017, 1.0, method="pooled", is_latest=False),
    # of a year that is not over when the month ends
    published("england", 2020, 46.0),
]


def test_each_year_shows_the_figure_that_the_mart_takes(tmp_path):
    release = a_release(tmp_path / "release", open__fct_comparator_figure=YEARS)
    write(release)
    table = indicator(release, RATE).table("Years up to")
    assert table.column("England") == {"2016/17": "43.3", "2017/18": "45.4"}
    assert table.column("North West") == {"2016/17": "", "2017/18": "c"}


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ({"target_value": 70.0, "rag": "red"}, "70.0✗ Red: target missed"),
        ({"target_value": 60.0, "rag": "green"}, "60.0✓ Green: target met"),
        ({"target_value": 60.0, "rag": None}, "60.0"),
    ],
)
def test_red_amber_and_green_are_shown_only_with_a_target(tmp_path, target, shown):
    figures = [figure(), figure(DENTAL, count=964, of=1546, target_source="The board, 2019", **target)]
    page = report(write_release(tmp_path / "release", figures))
    text = re.sub(r"<[^>]+>", "", (page / "index.html").read_text())
    assert shown in text
    assert "Target" not in Page(page / "index.html").table("Plans").columns
    assert "The board, 2019" in (page / "888" / f"{DENTAL}.html").read_text()


def test_several_authorities_have_an_index_and_a_glance_each(tmp_path):
    release = a_release(
        tmp_path / "release", figure(la_code="889", count=1), figure(DENTAL, count=1, of=2, la_code="889")
    )
    write(release)
    index = Page(release / "report" / "index.html")
    assert index.table("Authorities").column("Indicators") == {"Lancashire": "3", "Testshire": "2"}
    assert index.links == ["#content", "888/index.html", "889/index.html"]
    assert Page(release / "report" / "889" / "index.html").table("Plans").column("Aug 19") == {
        "Children on child protection plans": "1"
    }


def test_authorities_that_are_read_apart_have_the_same_pages(tmp_path, monkeypatch):
    rows = [figure(), figure(la_code="889", count=1), figure(DENTAL, count=1, of=2, la_code="889")]
    together, apart = (write_release(tmp_path / name, rows) for name in ("together", "apart"))
    write(together)
    monkeypatch.setattr("pipelines.report.monthly._TOGETHER", 1)
    write(apart)
    pages = {path.relative_to(together): path.read_text() for path in together.rglob("*.html")}
    assert pages == {path.relative_to(apart): path.read_text() for path in apart.rglob("*.html")}


def test_every_authority_has_its_own_newest_month(tmp_path):
    release = write_release(
        tmp_path / "release", [figure(), figure(la_code="889", month=JULY), figure(DENTAL, count=1, of=2)]
    )
    index = Page(report(release) / "index.html")
    assert index.table("Authorities").column("Month") == {"Lancashire": "August 2019", "Testshire": "July 2019"}
    behind = "Other authorities in this release are at August 2019."
    pages = (release / "report").rglob("*.html")
    assert {page.parent.name for page in pages if behind in page.read_text()} == {"889"}


def test_commentary_is_on_its_page_and_a_wrong_file_name_gives_a_warning(tmp_path):
    room = tmp_path / "commentary" / "888" / "2019-08"
    room.mkdir(parents=True)
    for name in ("index", DENTAL, "dental"):
        (room / f"{name}.md").write_text(f"Words to {name}.")
    release = a_release(tmp_path / "release")
    warnings = write(release, tmp_path / "commentary")
    assert [path.stem for path in (release / "report").rglob("*.html") if "Words to" in path.read_text()] == [
        "index",
        DENTAL,
    ]
    assert len(warnings) == 1


def test_reading_an_indicator_without_figures_does_not_add_it_to_the_authority(tmp_path):
    [authority] = authorities(OwnTables(a_release(tmp_path / "release") / "open", ["888"]))
    before = [indicator.id for indicator in authority.indicators]
    [absent] = [indicator for indicator in register() if indicator.id == "contacts"]
    assert authority.cell(absent, authority.whole, AUGUST).text == "x"
    assert authority.restated_cell(absent, AUGUST) is None
    assert authority.target(absent) is None
    assert authority.counted_months(absent) == set()
    assert [indicator.id for indicator in authority.indicators] == before
    assert absent.id not in before


def service_glance(release: Path) -> Page:
    return Page(release / "restricted" / "report" / "index.html")


def team(release: Path, name: str = "Burnley") -> Page:
    return Page(release / "restricted" / "report" / "888" / "teams" / f"{name}.html")


def test_a_team_sees_its_small_numbers_and_what_comes_next(plain):
    glance = team(plain).table("The month, the month before")
    dental = dict(zip(glance.columns, glance.rows[1][1], strict=True))
    assert dental == {
        "Indicator": "Dental check in the last 12 months",
        "Aug 19": "54.8",
        "Jul 19": "x",
        "Aug 18": "x",
        "Lancashire": "62.4",
        "Signal": "",
        "Sep 19, if nothing is done": "47.5",
    }
    assert glance.column("Signal")["Children on child protection plans"] == "▼ Lower than usual: worse"
    assert team(plain, "Pendle").table("The month, the month before").column("Aug 19") == {
        "Children on child protection plans": "3"
    }


DUE = [
    (
        due(),
        "Dental check in the last 12 months: fails from Sep 19, -2.5 points for the team, -0.06 points for the"
        " authority",
    ),
    (
        due(is_failing_now=True, effect_on_team=None, effect_on_authority=None),
        "Dental check in the last 12 months: fails already",
    ),
    (due(indicator_id=None, item="pep", would_fail_month=None), ""),
]


@pytest.mark.parametrize(("row", "effect"), DUE)
def test_what_is_due_says_what_it_does_to_the_figure(tmp_path, row, effect):
    release = a_release(tmp_path / "release", restricted__mart_due_list=[row])
    write(release)
    (_, cells), *_ = team(release).table("Due within 60 days").rows
    assert cells[-1] == effect


def test_due_items_are_in_the_order_of_dates_and_never_done_ones_first(tmp_path):
    rows = [
        due(due_date=dt.date(2019, 9, 20), days_until_due=20, child_id="later"),
        due(child_id="sooner"),
        due(due_date=dt.date(2019, 8, 1), days_until_due=-30, is_overdue=True, child_id="overdue"),
        due(due_date=None, days_until_due=None, is_overdue=True, child_id="never"),
        due("Pendle", child_id="of others"),
    ]
    release = a_release(tmp_path / "release", restricted__mart_due_list=rows)
    write(release)
    shown = {name: [cells[2] for _, cells in team(release).table(name).rows] for name in ("Due within", "Overdue")}
    assert shown == {"Due within": ["sooner", "later"], "Overdue": ["never", "overdue"]}
    assert "30 days overdue" in team(release).text
    index = service_glance(release).table("Teams of Lancashire")
    assert (index.column("Overdue"), index.column("Due in the next 60 days")) == (
        {"Burnley": "2", "Pendle": "0"},
        {"Burnley": "2", "Pendle": "1"},
    )


def test_the_children_behind_a_figure_are_listed_those_not_in_the_numerator_first(tmp_path):
    rows = [
        child(DENTAL, "Burnley", "in"),
        child(DENTAL, "Burnley", "out", False, due_date=dt.date(2019, 3, 5)),
        child(DENTAL, "Pendle", "of others"),
        child("cp_plans_open", "Burnley", "counted"),
        child("cp_plans_open", "Burnley", "in july", month=JULY),
        # a rate has the children of its count
        child(RATE, "Burnley", "counted"),
    ]
    release = a_release(tmp_path / "release", restricted__fct_indicator_child=rows)
    write(release)
    dental = team(release).table("Dental check")
    assert dental.rows[0][1] == ["out", "no", "Last check more than 12 months ago", "5 Mar 2019", "5 Mar 2018"]
    assert [cells[0] for _, cells in dental.rows] == ["out", "in"]
    assert [cells[0] for _, cells in team(release).table("Children on child protection plans").rows] == ["counted"]


HOSTILE = [
    "A/B: North*",
    "O'Brien & Co",
    "../x",
    "CON",
    "mash",
    "MASH",
    "a/b",
    ".",
    "trailing  ",
    "x" * 300,
    "\u202eright to left",
    "bell\x07 and\nline",
    "<script>alert(1)</script>",
    '" onclick="alert(1)',
    "{{ 7 * 7 }}",
    "#100%?",
]


def test_teams_with_odd_names_have_a_page_each_that_the_glance_leads_to(tmp_path):
    figures = [figure(area=("team", name), count=8) for name in HOSTILE]
    release = a_release(tmp_path / "release", *figures, restricted__mart_due_list=[due(name) for name in HOSTILE])
    write(release)
    pages = list((release / "restricted" / "report" / "888" / "teams").iterdir())
    assert len({path.name.casefold() for path in pages}) == len(pages) == len(HOSTILE) + 2
    glance = service_glance(release)
    folder = release / "restricted" / "report"
    assert {(folder / unquote(link)).resolve() for link in glance.links if "/teams/" in link} == set(pages)
    shown = {" ".join(visible(name, keep="\n").split()) for name in [*HOSTILE, "Burnley", "Pendle"]}
    assert set(glance.table("Teams of").column("Locality")) == shown
    assert {Page(path).heading.removesuffix(": August 2019").strip() for path in pages} == shown
    for page in (glance, indicator(release), *map(Page, pages)):
        assert not {"script", "img"} & set(page.tags) and "onclick" not in page.attributes
        assert page.hidden_characters == set()


def test_numbers_and_dates_beyond_belief_are_shown_and_break_no_page(tmp_path):
    odd = [float("nan"), float("inf"), -1e300, 2.0**62]
    figures = [
        row | {"value": value}
        for value, row in zip(
            odd,
            [figure(), figure(month=JULY), figure(month=MARCH), figure(month=dt.date(2019, 5, 31))],
            strict=True,
        )
    ]
    release = write_release(
        tmp_path / "release",
        [*figures, figure(area=BURNLEY, count=2**62)],
        restricted__mart_due_list=[
            due(due_date=date, last_done_date=date, days_until_due=-(2**31), would_fail_month=date)
            for date in (dt.date(9999, 12, 31), dt.date(1, 1, 1))
        ],
        restricted__mart_projection=[following(projected_value=float("inf"))],
        restricted__fct_indicator_child=[child("cp_plans_open", "Burnley", "c1", due_date=dt.date(9999, 12, 31))],
    )
    far = release / "restricted" / "mart_due_list.parquet"
    rows = far.with_name("again.parquet")
    # a date that Python cannot hold
    duckdb.sql(
        f"copy (from '{far}' union all select * replace (date '290000-01-01' as due_date) from '{far}') "
        f"to '{rows}'"
    )
    rows.replace(far)
    write(release)
    months = indicator(release).table("The figures of the chart").column("Lancashire")
    assert [months[f"{month} 2019"] for month in ("August", "July", "March")] == ["x", "x", "-1e+300"]
    assert {cells[0] for _, cells in team(release).table("Due within").rows} == {
        "290000-01-01",
        "31 Dec 9999",
        "1 Jan 1",
    }


def test_teams_of_one_name_in_two_authorities_have_a_page_each(tmp_path):
    release = a_release(
        tmp_path / "release", figure(la_code="889", count=9), figure(la_code="889", area=BURNLEY, count=9)
    )
    write(release)
    room = release / "restricted" / "report"
    assert {str(path.relative_to(room)) for path in room.rglob("teams/*.html")} == {
        "888/teams/Burnley.html",
        "888/teams/Pendle.html",
        "889/teams/Burnley.html",
    }


def test_the_report_for_the_service_has_every_page_with_small_numbers_and_teams(plain):
    """The pages that open has, with the numbers that it hides, and those of the teams."""
    outside, service = plain / "report", plain / "restricted" / "report"
    pages = [{str(path.relative_to(room)) for path in room.rglob("*.html")} for room in (outside, service)]
    assert pages[1] - pages[0] == {"888/teams/Burnley.html", "888/teams/Pendle.html"}
    assert pages[0] - pages[1] == set()
    for name in pages[0]:
        assert "888/teams" not in (outside / name).read_text()
    page = Page(service / "888" / "cp_plans_open.html")
    assert page.table("Teams").column("Aug 19") == {"Lancashire": "20", "Burnley": "17", "Pendle": "3"}
    assert "<dt>c</dt>" not in page.text and "<dt>c</dt>" in indicator(plain).text


def test_every_page_says_at_its_top_whether_it_may_leave_the_service(plain):
    for path in all_pages(plain):
        top, _, _ = path.read_text().partition("<main")
        for audience in (OUTSIDE, SERVICE):
            is_for_it = path.is_relative_to(plain / audience.pages)
            assert (audience.notice in top) == is_for_it, path
    quality = quality_page(MonthFindings(Month(2019, 8), [], [], []))
    assert SERVICE.notice in quality.partition("<main")[0]


def all_pages(release: Path) -> list[Path]:
    return [*(release / "report").rglob("*.html"), *(release / "restricted" / "report").rglob("*.html")]


def test_no_page_needs_a_network_or_a_script(plain):
    for path in all_pages(plain):
        page = Page(path)
        assert not {"script", "iframe", "img", "object", "form"} & set(page.tags), path
        assert [address for address in page.addresses if re.match(r"[a-z]+:|//", address)] == [], path
        assert "http" not in page.text, path
    assert not re.search(r"@import|url\(", (plain / "report" / "style.css").read_text())


def test_every_link_leads_to_a_page_of_its_own_room(plain):
    for path in all_pages(plain):
        room = plain / path.relative_to(plain).parts[0]
        for address in Page(path).addresses:
            target, _, place = unquote(address).partition("#")
            if "/dictionary/" in target:
                # its pages are made from the project, not from a release made by hand
                page = plain / "report" / "dictionary" / f"indicator-{path.stem}.html"
                assert (path.parent / target).resolve() == page, path
                continue
            found = (path.parent / target).resolve() if target else path
            assert found.is_file() and found.is_relative_to(room), (path, address)
            assert not place or f'id="{place}"' in found.read_text(), (path, address)


def test_every_page_has_a_language_a_title_headings_in_order_and_tables_that_say_what_they_head(plain):
    for path in all_pages(plain):
        page = Page(path)
        assert page.language == "en-GB", path
        assert page.headings[0] == 1 and page.headings.count(1) == 1, path
        assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
        assert page.links[0] == "#content" and 'id="content"' in page.text, path
        for table in page.tables:
            assert table.caption and not table.unscoped, path
            assert all(len(cells) == len(table.columns) for _, cells in table.rows), (path, table.caption)
    for room in ("report", "restricted/report"):
        titles = [re.search("<title>(.*)</title>", path.read_text())[1] for path in (plain / room).rglob("*.html")]
        assert all(titles) and len(set(titles)) == len(titles)


MONTHS = [dt.date(2019, 6, 30), JULY, AUGUST]


def drawn(lines: list[Line], unit: str = "percentage", *changes: Change, text: str = "") -> str:
    """The chart as the page has it."""
    return render("chart.svg.j2", OUTSIDE, chart=chart(MONTHS, lines, unit, changes, text))


def test_a_chart_says_in_words_what_it_shows_and_draws_every_line_in_its_own_dash():
    lines = [Line("As reported", [1, 2, 3]), Line("England", [2, 2, 2])]
    svg = drawn(lines, "percentage", Change(JULY, "Definition changed"), text='A & "B"')
    assert svg.startswith("<svg") and 'role="img" aria-label="A &amp; &#34;B&#34;"' in svg
    assert svg.count("role=") == 1
    assert ">England</text>" in svg and ">Definition changed</text>" in svg and ">Jun 19</text>" in svg
    assert 'stroke-dasharray="2,2"' in svg
    assert "xmlns" not in svg


def test_a_gap_is_not_drawn_across():
    paths = [chart(MONTHS, [Line("England", points)], "number", [], "") for points in ([1, None, 3], [1, 2, 3])]
    assert [path["lines"][0]["path"].count("L") for path in paths] == [0, 2]


def test_nothing_to_draw_is_no_chart():
    for nothing in (None, float("nan"), float("inf"), 1e300):
        assert chart(MONTHS, [Line("As reported", [nothing] * 3)], "number", [], "") == {}


AXES = [
    ([1, 2, 3], "number", ["1", "2", "3"]),
    ([0, 0, 0], "number", ["0", "1"]),
    ([20, 20, 20], "number", ["19", "20", "21"]),
    ([58.0, 86.2], "percentage", ["55", "60", "65", "70", "75", "80", "85", "90"]),
    ([0.1, 0.3], "rate_per_10000", ["0.10", "0.15", "0.20", "0.25", "0.30"]),
    ([1000, 1388], "number", ["1,000", "1,100", "1,200", "1,300", "1,400"]),
    ([-5, 5], "percentage", ["-6", "-4", "-2", "0", "2", "4", "6"]),
    ([5, float("nan"), 1e300], "number", ["4", "5", "6"]),
]


@pytest.mark.parametrize(("points", "unit", "labels"), AXES)
def test_an_axis_has_round_numbers_around_the_figures(points, unit, labels):
    months = MONTHS[: len(points)]
    picture = chart(months, [Line("As reported", points)], unit, [], "")
    assert [label for _, label in picture["ticks"]] == labels
    heights = [y for y, _ in picture["ticks"]]
    assert all(min(heights) <= y <= max(heights) for line in picture["lines"] for _, y in line["dots"])


EDGES = (None, float("nan"), -float("inf"), -3.0, 0.0, 1e-320, 62.0, 62.0 + 1e-9, 1e9, 1e9 - 1e-6, 1e15)


@pytest.mark.parametrize("unit", ["number", "percentage"])
def test_any_points_make_a_picture_within_its_frame(unit):
    for points in itertools.product(EDGES, repeat=len(MONTHS)):
        if picture := chart(MONTHS, [Line("As reported", points)], unit, [], ""):
            assert 2 <= len(picture["ticks"]) <= 9
            assert all(
                picture["left"] <= x <= picture["right"] and picture["top"] - 1 <= y <= picture["bottom"] + 1
                for x, y in picture["lines"][0]["dots"]
            )
        assert not re.search("nan|inf", trend(points)["path"])


@pytest.mark.parametrize(
    ("points", "path", "end"),
    [
        ([1, 2, 3], "M3 19L45 11L87 3", (87.0, 3.0)),
        ([1, None, 3], "M3 19M87 3", (87.0, 3.0)),
        ([1, 3, None], "M3 19L45 3", None),
        ([5, 5], "M3 11L87 11", (87.0, 11.0)),
        ([None, 5], "", None),
        ([], "", None),
    ],
)
def test_a_small_trend_runs_from_its_lowest_to_its_highest_point(points, path, end):
    drawn = trend(points)
    assert (drawn["path"], drawn["end"]) == (path, end)


def test_the_quality_page_needs_no_other_file():
    assert "<style>" in quality_page(MonthFindings(Month(2019, 8), [], [], []))
