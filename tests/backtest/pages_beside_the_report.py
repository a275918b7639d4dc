"""The pages of the report beside the printed one: every printed figure stands on a page, as it is printed.

On the pages for people outside small numbers are not shown; those stand on the pages of the teams.
`python tests/backtest/pages_beside_the_report.py [RELEASE]`, with `tests` on the path, tells how many figures
stand where, for a release, without one for the latest of `data/`. Exit status 1 when one differs that is not in
the list of impossible ones.
"""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from report_tables import Page
from side_by_side import COUNTS, LATEST, Cell, Key, side_by_side

from pipelines.report.release_reader import register

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


def as_told(cell: Cell, told: str | None) -> Cell:
    """The printed cell beside what a page says; a whole number that is printed is near enough at a half."""
    if told is None or not told[0].isdigit():
        # a team that counts nobody has no row
        ours = Decimal(0) if told is None and cell.key[0] in COUNTS else None
        return replace(cell, ours=ours)
    ours = Decimal(told.replace(",", ""))
    is_rounded = cell.printed == cell.printed.to_integral_value() and cell.key[0] not in COUNTS
    return replace(cell, ours=cell.printed if is_rounded and abs(ours - cell.printed) <= Decimal("0.5") else ours)


def on_pages(
    printed: Iterable[Cell], open_pages: dict[Key, str], team_pages: dict[Key, str]
) -> tuple[Counter[str], list[Cell]]:
    """How many cells stand on which pages, and those that are not as they should be."""
    told: Counter[str] = Counter()
    wrong = []
    for cell in printed:
        is_hidden = open_pages.get(cell.key) == SUPPRESSED
        told["team" if is_hidden else "open"] += 1
        shown = as_told(cell, (team_pages if is_hidden else open_pages).get(cell.key))
        if not shown.is_as_it_should_be:
            wrong.append(shown)
    return told, wrong


if __name__ == "__main__":
    release = Path(sys.argv[1]) if len(sys.argv) > 1 else LATEST
    told, wrong = on_pages(side_by_side({}), on_indicator_pages(release), on_team_pages(release))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    places = f"{told['open']} of the report, {told['team']} of the teams"
    print(f"{told.total()} cells on pages: {places}, {len(wrong)} differ")
    sys.exit(bool(wrong))
