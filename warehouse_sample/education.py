"""Rows about the education of children looked after: local_pep, which the virtual school keeps.

Belongs here: meetings about personal education plans, one a term where all goes well. Does not belong here: who
is looked after.
"""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from pipelines.calendar import working_days_after
from warehouse_sample.book import Book
from warehouse_sample.care_targets import At
from warehouse_sample.lives import Child, Spell
from warehouse_sample.plans import stop_of
from warehouse_sample.printed_figures import CLA
from warehouse_sample.quotas import Quota
from warehouse_sample.reported import is_looked_after_on, start_shown
from warehouse_sample.timeline import REVIEWED_DROP, days, month_end, random_day, recorded
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


class _Printed(NamedTuple):
    """A share printed for a month end, as a drop shows it: of children looked after of school age who had been for
    20 working days, those with a meeting in one of two terms."""

    at: At
    terms: tuple[int, int]
    share: float


_UP_TO_DATE = (
    _Printed(At(0, month_end(-5)), (1, 0), 0.764),
    _Printed(At(REVIEWED_DROP, month_end(REVIEWED_DROP)), (4, 3), 0.77),
)
_ASKED_AFTER = 20
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
    quotas = [(printed, Quota(rng, printed.share)) for printed in _UP_TO_DATE]
    for child in world.children:
        periods = [spell for spell in child.spells if spell.kind == CLA]
        meetings = [
            meeting
            for spell in periods
            for term in range(len(_TERMS))
            if rng.random() < _A_TERM and (meeting := _meeting(rng, spell, term))
        ]
        for printed, quota in quotas:
            asked = [spell for spell in periods if _is_asked(spell, printed)]
            if asked:
                meetings = _fitted(rng, asked[-1], meetings, printed, quota)
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


def _is_asked(spell: Spell, printed: _Printed) -> bool:
    first_due = working_days_after(start_shown(spell, printed.at.drop), _ASKED_AFTER)
    is_there = is_looked_after_on(spell, printed.at) and first_due <= printed.at.day
    return is_there and _is_pupil(spell.child, printed.terms[0])


def _fitted(
    rng: Random, spell: Spell, meetings: list[_Meeting], printed: _Printed, quota: Quota
) -> list[_Meeting]:
    """The meetings, with or without one in the printed terms that the drop shows, as the quota decides."""
    terms, drop = printed.terms, printed.at.drop
    others = [meeting for meeting in meetings if meeting.term not in terms]
    if not quota.is_due():
        quota.record(False)
        return others
    for meeting in (*meetings, *(_meeting(rng, spell, term) for term in terms)):
        if meeting and meeting.term in terms and meeting.since <= drop:
            quota.record(True)
            return meetings if meeting in meetings else [*others, meeting]
    quota.record(False)
    return others
