"""A page has every printed figure, and no public page shows what `open/` suppresses."""

from typing import Any

import polars as pl
import pytest
from pages_beside_the_report import SUPPRESSED, as_shown, on_indicator_pages, on_pages, on_team_pages
from side_by_side import Cell, Key, side_by_side


@pytest.fixture(scope="module")
def open_pages(published: Any) -> dict[Key, str]:
    return on_indicator_pages(published.release)


@pytest.fixture(scope="module")
def team_pages(published: Any) -> dict[Key, str]:
    return on_team_pages(published.release)


@pytest.fixture(scope="module")
def printed(published: Any) -> list[Cell]:
    return [cell for cell in side_by_side({}) if cell.key[3] in published.months]


def test_every_figure_of_the_printed_report_is_on_a_page(printed, open_pages, team_pages):
    counts, wrong = on_pages(printed, open_pages, team_pages)
    assert wrong == []
    assert counts["open"] > 4 * counts["team"] > 0


def test_pages_of_teams_and_public_pages_have_the_same_figures(open_pages, team_pages):
    both = [key for key in team_pages if key in open_pages and open_pages[key] != SUPPRESSED]
    assert [key for key in both if open_pages[key] != team_pages[key]] == []
    assert len(both) > 1000


def test_no_public_page_shows_what_open_suppresses(published, open_pages):
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
    assert as_shown(cell, open_pages[cell.key]).is_as_it_should_be
    for text in ("116", "c", "z", None):
        assert not as_shown(cell, text).is_as_it_should_be
