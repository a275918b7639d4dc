"""Compares the pages of a release with the printed report: a page has every printed figure, as printed.

Public pages suppress small numbers; the pages of teams have those. `python
tests/backtest/pages_beside_the_report.py [RELEASE]`, with `tests` on the path, prints how many figures each kind
of page has, by default for the latest release in `data/`. Exit status 1 if a figure differs that is not in the
list of impossible cells.
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
    """Texts of the cells of public pages, by indicator, area and month."""
    texts: dict[Key, str] = {}
    for path in (release / "report" / "888" / f"{indicator.id}.html" for indicator in register()):
        page = Page(path)
        months = page.table("The figures of the chart")
        texts |= {
            (path.stem, "authority", months.columns[1], month_of(month, "%B %Y")): text
            for month, text in months.column(months.columns[1]).items()
        }
        for table in (table for table in page.tables if table.caption.startswith("Localities and teams")):
            texts |= {
                (path.stem, AREA_TYPES[group], cells[0], month_of(month, "%b %y")): text
                for group, cells in table.rows
                if group in AREA_TYPES
                for month, text in zip(table.columns[1:-1], cells[1:-1], strict=True)
            }
    return texts


def on_team_pages(release: Path) -> dict[Key, str]:
    """Texts of the cells of the pages of teams."""
    ids = {indicator.name: indicator.id for indicator in register()}
    texts: dict[Key, str] = {}
    for path in (release / "restricted" / "report").glob("*.html"):
        if path.stem == "index":
            continue
        table = Page(path).table("Thirteen months")
        texts |= {
            (ids[cells[0]], "team", path.stem, month_of(month, "%b %y")): text
            for _, cells in table.rows
            for month, text in zip(table.columns[1:-1], cells[1:-1], strict=True)
        }
    return texts


def month_of(words: str, layout: str) -> str:
    return f"{dt.datetime.strptime(words, layout):%Y-%m}"


def as_shown(cell: Cell, text: str | None) -> Cell:
    """The printed cell with the number on a page; for a printed whole per cent a difference up to 0.5 is equal."""
    if text is None or not text[0].isdigit():
        # a team with a count of zero has no row
        ours = Decimal(0) if text is None and cell.key[0] in COUNTS else None
        return replace(cell, ours=ours)
    ours = Decimal(text.replace(",", ""))
    is_rounded = cell.printed == cell.printed.to_integral_value() and cell.key[0] not in COUNTS
    return replace(cell, ours=cell.printed if is_rounded and abs(ours - cell.printed) <= Decimal("0.5") else ours)


def on_pages(
    printed: Iterable[Cell], open_pages: dict[Key, str], team_pages: dict[Key, str]
) -> tuple[Counter[str], list[Cell]]:
    """The number of cells by kind of page, and the cells that differ."""
    counts: Counter[str] = Counter()
    wrong = []
    for cell in printed:
        is_hidden = open_pages.get(cell.key) == SUPPRESSED
        counts["team" if is_hidden else "open"] += 1
        shown = as_shown(cell, (team_pages if is_hidden else open_pages).get(cell.key))
        if not shown.is_as_it_should_be:
            wrong.append(shown)
    return counts, wrong


if __name__ == "__main__":
    release = Path(sys.argv[1]) if len(sys.argv) > 1 else LATEST
    counts, wrong = on_pages(side_by_side({}), on_indicator_pages(release), on_team_pages(release))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    by_kind = f"{counts['open']} of the report, {counts['team']} of the teams"
    print(f"{counts.total()} cells on pages: {by_kind}, {len(wrong)} differ")
    sys.exit(bool(wrong))
