"""The pages about a subject, breakdowns, and lists of children, from releases made by hand, read back as HTML."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from browser import PHONE, axe_finds, cut_off_on_paper, opened, width
from report_release import (
    broken_down,
    child,
    figure,
    in_care,
    placement,
    published_share,
    tracked,
    write_release,
)
from report_tables import Page

from pipelines.dictionary.indicators import indicators
from pipelines.report import write_reports
from pipelines.report.audience import OUTSIDE
from pipelines.report.breakdowns import LOCALITY
from pipelines.report.subject_register import subject_register

CLA, OUT, TRACKER, LATE = (
    "children_looked_after",
    "cla_placed_out_of_area",
    "permanence_tracker_open",
    "discharge_filing_overdue",
)
CASE = "c1/discharge_parent/2019-03-04"
HIDDEN = {"numerator": None, "value": None, "share": None, "status": "suppressed"}
SEX = {"female": 52, "male": 66, "not_known": 2}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release whose `open/` has fewer numbers than `restricted/`."""
    east = {"area_type": "locality", "area_name": "East"}
    by_sex = broken_down(CLA, "sex", SEX)
    by_placement = broken_down(CLA, "placement_type", {"T4": 1, "U6": 119})
    folder = write_release(
        tmp_path_factory.mktemp("subjects") / "release",
        [
            figure(CLA, count=120),
            figure(CLA, ("locality", "East"), count=70),
            figure(CLA, ("team", "Burnley"), count=40),
            figure("children_looked_after_rate", count=120, of=240000, unit="rate_per_10000"),
            figure(OUT, count=30, of=120),
            figure(OUT, ("locality", "East"), count=13, of=50),
            figure(OUT, ("team", "Burnley"), count=3, of=40),
            figure(TRACKER, count=3),
            figure(TRACKER, ("team", "Burnley"), count=2),
            figure(TRACKER, ("team", "Pendle"), count=1),
            figure(LATE, count=1),
            figure(LATE, ("team", "Burnley"), count=1),
            figure("adoption_days_entry_to_placement", count=900, of=4, unit="days"),
        ],
        restricted__mart_breakdown_benchmark=[
            published_share("own_published", "female", 44.04),
            published_share(
                "own_published",
                "male",
                56.0,
                comparator_year="2016/17",
                definition_difference="It is of 31 March.",
            ),
            published_share("england", "female", 44.0, definition_difference="It is of 31 March. Ours is not."),
            published_share("england", "not_known", None, comparator_status="rounds_to_zero"),
            published_share("england", "male", 99.0, release_rule="newest_release"),
        ],
        open__mart_indicator_breakdown=[
            *(row | (HIDDEN if row["code"] == "not_known" else {"status": "shown"}) for row in by_sex),
            *(row | HIDDEN for row in by_placement),
        ],
        restricted__fct_indicator_breakdown=[
            *by_sex,
            *(row | {"numerator": row["numerator"] // 2} | east for row in by_sex if row["code"] != "not_known"),
            *by_placement,
            *broken_down(OUT, "placement_la", {"889": 20, "340": 10, "888": 0}, {"889": 20, "340": 10, "888": 90}),
            *broken_down(OUT, "sex", {"female": 13, "male": 17}, {"female": 52, "male": 68}),
            *(
                row | {"value": value}
                for row, value in zip(
                    broken_down(
                        "adoption_days_entry_to_placement",
                        "sex",
                        {"female": 500, "male": 400},
                        {"female": 1, "male": 3},
                    ),
                    (500.0, 133.3333),
                    strict=True,
                )
            ),
        ],
        restricted__fct_indicator_child=[
            child(OUT, "Burnley", "away"),
            child(OUT, "Burnley", "near", False, reason="Placed in the area"),
            child(OUT, "Burnley", "c1"),
            child(TRACKER, "Burnley", "c1", event_id=CASE, due_date=dt.date(2019, 6, 1)),
            child(TRACKER, "Burnley", "c2", event_id="c2/a plan of <our> own/2019-03-04"),
            child(TRACKER, "Pendle", "c3", event_id="c3/discharge_parent/2019-03-04"),
            child(LATE, "Burnley", "c1", event_id=CASE, due_date=dt.date(2019, 6, 1)),
        ],
        restricted__fct_period_of_care=[in_care(name) for name in ("away", "near", "c1", "c2", "nowhere")],
        restricted__fct_placement=[
            # away for a time from a placement that ended, one of an earlier period of care, and one in the same
            placement("away", "T4", placement_la_code="888"),
            placement("away", "K2", is_open=False, start_date=dt.date(2018, 3, 1), end_date=dt.date(2019, 1, 2)),
            placement("away", "U1", is_open=False, start_date=dt.date(2016, 3, 1), end_date=dt.date(2017, 1, 2)),
            placement("c1", distance_miles=999.0, provider_code=None),
        ],
        restricted__fct_permanence_tracker=[
            tracked("c1"),
            tracked("c2", "a plan of <our> own", "filed", filed_date=dt.date(2019, 5, 6)),
            tracked("c3", stage="filed"),
        ],
    )
    write_reports(folder, folder / "no commentary", 6)
    return folder


def service(release: Path, name: str) -> Page:
    return Page(release / "restricted" / "report" / "888" / f"{name}.html")


def outside(release: Path, name: str) -> Page:
    return Page(release / "report" / "888" / f"{name}.html")


def lines(page: Page, caption: str) -> list[tuple[str, list[str]]]:
    """The rows of a breakdown without the bar, which has no text, and with the group of each."""
    table = page.table(caption)
    bar = table.columns.index("Bar")
    return [(group, cells[:bar] + cells[bar + 1 :]) for group, cells in table.rows]


def test_a_breakdown_has_number_share_and_localities_in_the_order_of_the_codes(release):
    page = service(release, "looked-after")
    assert page.table("Children looked after, by sex").columns[-2:] == ["Lancashire, as published", "East"]
    assert lines(page, "Children looked after, by sex") == [
        ("", ["All", "120", "100.0", "", "", "70"]),
        ("Sex", ["Female", "52", "43.3", "44.0", "44.0", "26"]),
        ("Sex", ["Male", "66", "55.0", "", "56.0", "33"]),
        ("Sex", ["Not known", "2", "1.7", "under 0.5", "", "0"]),
    ]
    assert 'width="52"' in page.text  # 43.3 per cent of 120 pixels


def test_published_shares_have_their_year_and_what_differs(release):
    text = service(release, "looked-after").text
    assert '<th scope="col" class="number">England<small>2017/18</small></th>' in text
    assert "44.0<small>2017/18</small>" in text and "56.0<small>2016/17</small>" in text
    assert "taken. It is of 31 March. Ours is not.</p>" in text and "99.0" not in text


def test_figures_with_localities_are_shown_by_locality(release):
    table = outside(release, "looked-after").table("The figures of this page by locality")
    assert [cells for _, cells in table.rows] == [
        ["Children looked after", "120", "70"],
        ["Children looked after placed outside the authority's area", "25.0", "26.0"],
    ]


def test_a_share_is_broken_down_with_what_it_is_a_share_of(release):
    counted_only = "Authority of the placement (counted only)"
    assert lines(service(release, OUT), "Children looked after placed outside the authority's area, by ") == [
        ("", ["All", "30", "120", "25.0", "100.0"]),
        ("Sex", ["Female", "13", "52", "25.0", "43.3"]),
        ("Sex", ["Male", "17", "68", "25.0", "56.7"]),
        (counted_only, ["Blackburn with Darwen", "20", "20", "100.0", "66.7"]),
        (counted_only, ["Knowsley", "10", "10", "100.0", "33.3"]),
    ]


def test_a_mean_is_broken_down_with_what_it_is_a_mean_of(release):
    page = service(release, "adoption_days_entry_to_placement")
    assert lines(page, "Days from coming into care to being placed for adoption (A1), by sex")[1:] == [
        ("Sex", ["Female", "1", "500.0"]),
        ("Sex", ["Male", "3", "133.3"]),
    ]


def test_the_open_page_shows_what_open_holds_and_says_what_is_hidden(release):
    page = outside(release, "looked-after")
    rows = lines(page, "Children looked after, by sex")
    assert rows[-1] == ("Sex", ["Not known", "c", "c"])
    assert rows[1] == ("Sex", ["Female", "52", "43.3"])
    assert (
        "Not shown here: small numbers, or what would reveal them, or the numbers of another table." in page.text
    )
    assert "Foster" not in page.text


def test_nothing_of_children_or_of_restricted_tables_is_on_an_open_page(release, tmp_path):
    texts = {path.name: path.read_text() for path in (release / "report").rglob("*.html")}
    assert not [name for name, text in texts.items() if "Knowsley" in text or "c1" in text or "<details" in text]
    alone = shutil.copytree(release, tmp_path / "alone")
    shutil.rmtree(alone / "restricted")
    shutil.rmtree(alone / "report")
    (alone / "restricted").mkdir()
    write_reports(alone, alone / "no commentary", 6, audiences=[OUTSIDE])
    assert {path.name: path.read_text() for path in (alone / "report").rglob("*.html")} == texts


def test_the_list_of_an_area_shows_the_placement_that_counts(release):
    table = service(release, "looked-after").table("Children placed outside the area")
    assert table.columns[:5] == ["Child", "Team", "Authority of the placement", "Miles from home", "Placement"]
    assert [cells[:6] for _, cells in table.rows] == [
        ["away", "Burnley", "Blackburn with Darwen", "12.3", "Children's home", "Private"],
        ["c1", "Burnley", "Blackburn with Darwen", "", "Foster, other carer", ""],
    ]


def test_the_tracker_is_a_list_and_is_counted_by_plan_and_stage(release):
    page = service(release, "permanence")
    own, discharge = "a plan of <our> own", "Discharge of the care order to a parent"
    listed, counted = (
        next(table for table in page.tables if table.caption == f"The cases of the permanence tracker{words}")
        for words in ("", ", by plan and stage")
    )
    assert [cells[:7] for _, cells in listed.rows] == [
        ["c1", "Burnley", discharge, "Date to file by has passed", "4 Mar 2019", "1 Jun 2019", ""],
        ["c2", "Burnley", own, "Filed", "4 Mar 2019", "", "6 May 2019"],
        ["c3", "Pendle", discharge, "Filed", "4 Mar 2019", "", ""],
    ]
    assert counted.columns == ["Plan", "Filed", "Date to file by has passed", "All"]
    assert [cells for _, cells in counted.rows] == [
        [discharge, "1", "1", "2"],
        [own, "1", "0", "1"],
    ]


def test_a_team_has_the_lists_of_its_own_children(release):
    page = Page(release / "restricted" / "report" / "888" / "teams" / "Burnley.html")
    listed = {
        caption: [cells[0] for _, cells in page.table(caption).rows]
        for caption in (
            "The cases of the permanence tracker",
            "Discharges not filed by the day agreed",
            "Children placed outside the area",
        )
    }
    assert list(listed.values()) == [["c1", "c2"], ["c1"], ["away", "c1"]]
    pendle = Page(release / "restricted" / "report" / "888" / "teams" / "Pendle.html")
    assert [cells[0] for _, cells in pendle.table("The cases of the permanence tracker").rows] == ["c3"]
    # the list has every child of a count, so the children behind the count are not listed twice
    captions = [table.caption for table in page.tables]
    assert "Cases on the permanence tracker" not in captions
    assert "Children looked after placed outside the authority's area" in captions


def test_a_page_is_written_where_the_release_has_something_of_it_and_the_glance_leads_to_it(release, tmp_path):
    glances = {room: Page(release / room / "index.html").links for room in ("report", "restricted/report")}
    for links in glances.values():
        assert {"888/looked-after.html", "888/permanence.html"} <= set(links)
    plain = write_release(tmp_path / "release", [figure("contacts")])
    write_reports(plain, tmp_path / "no commentary", 6)
    assert {path.name for path in (plain / "report" / "888").iterdir()} == {"contacts.html"}


def test_the_register_names_figures_dimensions_and_lists_that_exist():
    register, known = subject_register(), indicators()
    annual = register.annual_report
    figures = {name for page in register.pages for section in page.sections for name in section.figures}
    named = {*figures, *register.lists, *register.in_localities, *annual.figures, *annual.rows_of_year}
    assert named <= set(known)
    wrong = [
        (section.title, name, dimension)
        for page in (*register.pages, annual)
        for section in page.sections
        for name, dimensions in section.breakdowns.items()
        for dimension in dimensions
        if dimension not in {LOCALITY.id, *(each.id for each in known[name].dimensions)}
    ]
    assert wrong == []
    counted = {(name, dimension) for name, source in annual.rows_of_year.items() for dimension in source.columns}
    assert counted <= {(name, dimension) for name, of_one in annual.breakdowns.items() for dimension in of_one}
    used = {name for page in register.pages for section in page.sections for name in section.lists}
    assert used == set(register.lists)
    whole_groups = {"permanence", "reviewing_service", "conferences"}
    missing = [name for name, one in known.items() if one.group in whole_groups and name not in figures]
    assert whole_groups <= {known[name].group for name in figures} and missing == []


@pytest.mark.parametrize(
    "name",
    [
        "report/888/looked-after.html",
        "restricted/report/888/looked-after.html",
        "restricted/report/888/permanence.html",
    ],
)
def test_axe_finds_nothing_and_a_phone_and_paper_show_the_whole_page(browser, release, name):
    page = opened(browser, release / name, PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert axe_finds(page) == []
    assert width(page) == PHONE["width"]
    assert cut_off_on_paper(page) == []
