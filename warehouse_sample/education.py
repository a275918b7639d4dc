"""Rows about the education of children looked after: local_pep, which the virtual school keeps.

Belongs here: meetings about personal education plans, one a term where all goes well. Does not belong here: who
is looked after.
"""

import datetime as dt
from dataclasses import dataclass
from random import Random

from warehouse_sample.book import Book
from warehouse_sample.lives import Child, Spell
from warehouse_sample.plans import stop_of
from warehouse_sample.printed_figures import CLA
from warehouse_sample.quotas import Quota
from warehouse_sample.reported import REVIEWED_DROP, is_looked_after
from warehouse_sample.timeline import days, random_day, recorded
from warehouse_sample.world import World

_TERMS = (
    ("Autumn 2017", dt.date(2017, 9, 11), dt.date(2017, 12, 15)),
    ("Spring 2018", dt.date(2018, 1, 8), dt.date(2018, 3, 23)),
    ("Summer 2018", dt.date(2018, 4, 16), dt.date(2018, 7, 13)),
    ("Autumn 2018", dt.date(2018, 9, 10), dt.date(2018, 12, 14)),
    ("Spring 2019", dt.date(2019, 1, 7), dt.date(2019, 3, 29)),
    ("Summer 2019", dt.date(2019, 4, 23), dt.date(2019, 7, 12)),
)
"""Terms, with the days between which meetings were held."""
_PRINTED_TERMS = (4, 3)
_UP_TO_DATE = 0.77
"""Printed for March 2019: of children looked after of school age."""
_A_TERM = 0.52
_FIRST_MEETING_AFTER = days(15)
_LATE = 0.05


@dataclass(frozen=True)
class _Meeting:
    term: int
    day: dt.date
    since: int
    spell: Spell


def write_education(book: Book, world: World) -> None:
    """Writes the list of meetings."""
    rng = book.rng
    up_to_date = Quota(rng, _UP_TO_DATE)
    for child in world.children:
        periods = [spell for spell in child.spells if spell.kind == CLA]
        meetings = [
            meeting
            for spell in periods
            for term in range(len(_TERMS))
            if rng.random() < _A_TERM and (meeting := _meeting(rng, spell, term))
        ]
        present = [spell for spell in periods if is_looked_after(spell, REVIEWED_DROP)]
        if present and _is_pupil(child, _PRINTED_TERMS[0]):
            meetings = _fitted(rng, present[-1], meetings, up_to_date)
        for meeting in meetings:
            row = (child.id, f"{meeting.day:%d/%m/%Y}", _TERMS[meeting.term][0])
            book.add("local_pep", (meeting.since, meeting.spell.until), *row)


def _is_pupil(child: Child, term: int) -> bool:
    """Whether the child is of school age: four to fifteen on the last day of August before the term."""
    start = _TERMS[term][1]
    year = start.year - (start.month < 9)
    return dt.date(year - 16, 8, 31) < child.born <= dt.date(year - 4, 8, 31)


def _meeting(rng: Random, spell: Spell, term: int) -> _Meeting | None:
    _, first, last = _TERMS[term]
    first, last = max(first, spell.latest_start + _FIRST_MEETING_AFTER), min(last, stop_of(spell) - days(1))
    if first >= last or not _is_pupil(spell.child, term):
        return None
    day = random_day(rng, first, last)
    return _Meeting(term, day, max(recorded(rng, day, _LATE), spell.since), spell)


def _fitted(rng: Random, spell: Spell, meetings: list[_Meeting], up_to_date: Quota) -> list[_Meeting]:
    """The meetings, with or without one in the printed terms that the drop shows, as the quota decides."""
    others = [meeting for meeting in meetings if meeting.term not in _PRINTED_TERMS]
    if not up_to_date.is_due():
        up_to_date.record(False)
        return others
    for meeting in (*meetings, *(_meeting(rng, spell, term) for term in _PRINTED_TERMS)):
        if meeting and meeting.term in _PRINTED_TERMS and meeting.since <= REVIEWED_DROP:
            up_to_date.record(True)
            return meetings if meeting in meetings else [*others, meeting]
    up_to_date.record(False)
    return others
