"""The report for the service has every printed figure; the open one shows nothing that `open/` suppresses."""

from typing import Any

import polars as pl
import pytest
from pages_beside_the_report import SUPPRESSED, as_shown, found, on_indicator_pages, on_team_pages
from release_rows import frame
from side_by_side import Cell, Key, side_by_side

from pipelines.report.audience import OUTSIDE, SERVICE

POSSIBLE = 1074


@pytest.fixture(scope="module")
def open_pages(published: Any) -> dict[Key, str]:
    return on_indicator_pages(published.release, OUTSIDE)


@pytest.fixture(scope="module")
def service_pages(published: Any) -> dict[Key, str]:
    return on_indicator_pages(published.release, SERVICE)


@pytest.fixture(scope="module")
def team_pages(published: Any) -> dict[Key, str]:
    return on_team_pages(published.release)


@pytest.fixture(scope="module")
def printed(published: Any) -> list[Cell]:
    return [cell for cell in side_by_side({}) if cell.key[3] in published.months]


def test_every_figure_of_the_printed_report_is_in_the_report_for_the_service(printed, service_pages):
    right, missing = found(printed, service_pages)
    assert missing == []
    assert len(right) == sum(cell.exception != "impossible" for cell in printed)


def test_the_printed_report_has_as_many_possible_figures():
    right, missing = found(side_by_side({}), {})
    assert (len(right), len(missing)) == (0, POSSIBLE)


def test_the_pages_of_teams_have_the_figures_of_the_report_for_the_service(service_pages, team_pages):
    assert [key for key, text in team_pages.items() if service_pages.get(key) != text] == []
    assert len(team_pages) > 1000


def test_no_open_page_shows_what_open_suppresses(published, open_pages):
    figures = frame(published.release / "open", "mart_indicator_monthly").filter(
        pl.col("basis") == "as_reported", pl.col("status") == "suppressed"
    )
    hidden = figures.select("indicator_id", "area_type", "area_name", pl.col("month").dt.strftime("%Y-%m")).rows()
    assert hidden
    assert {open_pages[key] for key in hidden} == {SUPPRESSED}


def test_a_wrong_figure_on_a_page_would_be_seen(printed, service_pages):
    cell = next(cell for cell in printed if cell.key == ("cp_plans_open", "team", "Burnley", "2019-03"))
    assert as_shown(cell, service_pages[cell.key]).is_as_it_should_be
    for text in ("116", "c", "z", None):
        assert not as_shown(cell, text).is_as_it_should_be
        assert found([cell], {cell.key: text or ""})[0] == []
