"""The pages about a subject: figures, breakdowns, localities, and in the report for the service lists of children.

Belongs here: what a page has of a release. Does not belong here: what a page shows if the release has everything;
`subject_pages.yml` says that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.report.audience import Audience
from pipelines.report.breakdowns import BreakdownTable
from pipelines.report.child_lists import ListedChildren
from pipelines.report.release_reader import ReportedAuthority, Row
from pipelines.report.subject_register import Section, SubjectPage
from pipelines.report.template import render
from pipelines.settings import NOT_ALLOCATED


@dataclass(frozen=True)
class SubjectContent:
    """What the pages about a subject can show of an authority, by indicator: `figures` are lines of the glance."""

    figures: Mapping[str, Row]
    breakdowns: Mapping[str, BreakdownTable]
    lists: Mapping[str, ListedChildren]
    """Empty in the report for people outside."""


def subject_page(
    audience: Audience, authority: ReportedAuthority, page: SubjectPage, content: SubjectContent, **also: Any
) -> str | None:
    """The page as HTML for a folder one level below the stylesheet; None where the release has nothing of it.

    `also` goes to the template: `trail_steps` (links upwards), and `smallest_shown`, the smallest count that
    `open/` shows.
    """
    sections = [
        section
        for number, written in enumerate(page.sections)
        if (section := _section(f"section-{number}", written, content))
    ]
    if not sections:
        return None
    shown = {row["indicator"].id: row["indicator"] for section in sections for row in section["figures"]}.values()
    areas_of = {indicator.id: authority.areas(indicator, "locality") for indicator in shown}
    areas = {area for of_indicator in areas_of.values() for area in of_indicator}
    localities = sorted(areas, key=lambda area: (area[1] == NOT_ALLOCATED, area[1]))
    return render(
        "subject.html.j2",
        audience,
        root="../",
        authority=authority,
        page=page,
        sections=sections,
        localities=[name for _, name in localities],
        by_locality=[
            (
                indicator,
                [authority.cell(indicator, area, authority.month) for area in (authority.whole, *localities)],
            )
            for indicator in shown
            # a rate has no localities
            if areas_of[indicator.id]
        ],
        **also,
    )


def _section(id: str, written: Section, content: SubjectContent) -> dict[str, Any]:
    """What the release has of a section; empty where it has nothing."""
    tables = [
        content.breakdowns[indicator].only(dimensions)
        for indicator, dimensions in written.breakdowns.items()
        if indicator in content.breakdowns
    ]
    section: dict[str, Sequence[Any]] = {
        "figures": [content.figures[name] for name in written.figures if name in content.figures],
        "breakdowns": [table for table in tables if table.groups],
        "lists": [content.lists[name] for name in written.lists if name in content.lists],
    }
    return {"id": id, "title": written.title, **section} if any(section.values()) else {}
