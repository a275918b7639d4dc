"""The pages of the report beside the printed one: every printed figure stands on a page, as it is printed.

On the pages for people outside small numbers are not shown; those stand on the pages of the teams.
"""

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from report_tables import Page
from side_by_side import COUNTS, Cell, Key, side_by_side

from pipelines.report.figures import register

SUPPRESSED = "c"
AREA_TYPES = {"": "authority", "Teams": "team"}


def on_indicator_pages(release: Path) -> dict[Key, str]:
    """What stands on the pages for people outside, by indicator, area and month."""
    found: dict[Key, str] = {}
    for path in (release / "report" / "888" / f"{indicator.id}.html" for indicator in register()):
        page = Page(path)
        months = page.table("The figures of the chart")
        found |= {
            (path.stem, "authority", months.columns[1], month_of(month, "%B %Y")): told
            for month, told in months.column(months.columns[1]).items()
        }
        for table in (table for table in page.tables if table.caption.startswith("Localities and teams")):
            found |= {
                (path.stem, AREA_TYPES[group], cells[0], month_of(month, "%b %y")): told
                for group, cells in table.rows
                if group in AREA_TYPES
                for month, told in zip(table.columns[1:-1], cells[1:-1], strict=True)
            }
    return found


def on_team_pages(release: Path) -> dict[Key, str]:
    """What stands on the pages of the teams."""
    ids = {indicator.name: indicator.id for indicator in register()}
    found: dict[Key, str] = {}
    for path in (release / "restricted" / "report").glob("*.html"):
        if path.stem == "index":
            continue
        table = Page(path).table("Thirteen months")
        found |= {
            (ids[cells[0]], "team", path.stem, month_of(month, "%b %y")): told
            for _, cells in table.rows
            for month, told in zip(table.columns[1:-1], cells[1:-1], strict=True)
        }
    return found


def month_of(words: str, layout: str) -> str:
    return f"{dt.datetime.strptime(words, layout):%Y-%m}"


@pytest.fixture(scope="module")
def open_pages(published: Any) -> dict[Key, str]:
    return on_indicator_pages(published.release)


@pytest.fixture(scope="module")
def team_pages(published: Any) -> dict[Key, str]:
    return on_team_pages(published.release)


@pytest.fixture(scope="module")
def printed(published: Any) -> list[Cell]:
    return [cell for cell in side_by_side({}) if cell.key[3] in published.months]


def as_told(cell: Cell, told: str | None) -> Cell:
    """The printed cell beside what a page says; a whole number that is printed is near enough at a half."""
    if told is None or not told[0].isdigit():
        # a team that counts nobody has no row
        ours = Decimal(0) if told is None and cell.key[0] in COUNTS else None
        return replace(cell, ours=ours)
    ours = Decimal(told.replace(",", ""))
    is_rounded = cell.printed == cell.printed.to_integral_value() and cell.key[0] not in COUNTS
    return replace(cell, ours=cell.printed if is_rounded and abs(ours - cell.printed) <= Decimal("0.5") else ours)


def test_every_figure_of_the_printed_report_is_on_a_page(printed, open_pages, team_pages):
    wrong, told = [], Counter()
    for cell in printed:
        is_hidden = open_pages.get(cell.key) == SUPPRESSED
        told["team" if is_hidden else "open"] += 1
        shown = as_told(cell, (team_pages if is_hidden else open_pages).get(cell.key))
        if not shown.is_as_it_should_be:
            wrong.append(shown)
    assert wrong == []
    assert told["open"] > 4 * told["team"] > 0


def test_the_pages_of_teams_say_what_the_others_say(open_pages, team_pages):
    both = [key for key in team_pages if key in open_pages and open_pages[key] != SUPPRESSED]
    assert [key for key in both if open_pages[key] != team_pages[key]] == []
    assert len(both) > 1000


def test_what_open_hides_no_page_for_people_outside_tells(published, open_pages):
    hidden = (
        pl.read_parquet(published.release / "open" / "mart_indicator_monthly.parquet")
        .filter(
            pl.col("status") == "suppressed", pl.col("basis") == "as_reported", pl.col("area_type") != "locality"
        )
        .select("indicator_id", "area_type", "area_name", pl.col("month").dt.strftime("%Y-%m"))
        .rows()
    )
    assert len(hidden) > 100
    assert {open_pages[key] for key in hidden} == {SUPPRESSED}


def test_a_wrong_figure_on_a_page_would_be_seen(printed, open_pages):
    cell = next(cell for cell in printed if cell.key == ("cp_plans_open", "team", "Burnley", "2019-03"))
    assert as_told(cell, open_pages[cell.key]).is_as_it_should_be
    for told in ("116", "c", "z", None):
        assert not as_told(cell, told).is_as_it_should_be
