"""Compares the pages of a release with the printed report: the report for the service has every printed figure.

The report for people outside hides some. `python tests/backtest/pages_beside_the_report.py [RELEASE]`, with
`tests` on the path, prints how many figures each report has, by default for the latest release in `data/`. Exit
status 1 if a figure of the service's pages differs that is not in the list of impossible cells.
"""

import datetime as dt
import sys
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from report_tables import Page
from side_by_side import COUNTS, LATEST, Cell, Key, side_by_side

from pipelines.publish.disclosure.related_counts import never_shown
from pipelines.report.audience import OUTSIDE, SERVICE, Audience
from pipelines.report.release_reader import register

SUPPRESSED = "c"
AREA_TYPES = {"": "authority", "Localities": "locality", "Teams": "team"}


def on_indicator_pages(release: Path, audience: Audience) -> dict[Key, str]:
    """Texts of the cells of the pages of indicators, by indicator, area and month."""
    texts: dict[Key, str] = {}
    closed = never_shown() if audience is OUTSIDE else ()
    names = [f"{indicator.id}.html" for indicator in register() if indicator.id not in closed]
    for path in (release / audience.pages / "888" / name for name in names):
        page = Page(path)
        months = page.table("The figures of the chart")
        texts |= {
            (path.stem, "authority", months.columns[1], month_of(month, "%B %Y")): text
            for month, text in months.column(months.columns[1]).items()
        }
        for table in (
            table for table in page.tables if table.columns[0] == "Area" and table.columns[-1] == "Trend"
        ):
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
    for path in (release / SERVICE.pages / "888" / "teams").glob("*.html"):
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
    if not text or not text[-1].isdigit():
        return replace(cell, ours=None)
    ours = Decimal(text.replace(",", ""))
    is_rounded = cell.printed == cell.printed.to_integral_value() and cell.key[0] not in COUNTS
    return replace(cell, ours=cell.printed if is_rounded and abs(ours - cell.printed) <= Decimal("0.5") else ours)


def found(printed: Iterable[Cell], pages: dict[Key, str]) -> tuple[list[Cell], list[Cell]]:
    """The possible cells that are on the pages as printed, and those that are not."""
    possible = [cell for cell in printed if cell.exception != "impossible"]
    shown = [as_shown(cell, pages.get(cell.key)) for cell in possible]
    right = [cell for cell in shown if cell.key in pages and cell.is_as_it_should_be]
    return right, [cell for cell in shown if cell not in right]


def _summary(name: str, printed: list[Cell], pages: dict[Key, str]) -> str:
    right, other = found(printed, pages)
    whole = [[cell for cell in cells if cell.key[1] == "authority"] for cells in (right, other)]
    hidden = sum(pages.get(cell.key) == SUPPRESSED for cell in other)
    return (
        f"{name}: {len(right):,} of {len(right) + len(other):,} possible cells, of the authority itself"
        f" {len(whole[0])} of {len(whole[0]) + len(whole[1])}; {hidden} are suppressed"
    )


if __name__ == "__main__":
    release = Path(sys.argv[1]) if len(sys.argv) > 1 else LATEST
    printed = side_by_side({})
    service = on_indicator_pages(release, SERVICE)
    _, missing = found(printed, service)
    print(*missing, sep="\n", end="\n" if missing else "")
    print(_summary("The report for the service", printed, service))
    print(_summary("The report for people outside", printed, on_indicator_pages(release, OUTSIDE)))
    sys.exit(bool(missing))
