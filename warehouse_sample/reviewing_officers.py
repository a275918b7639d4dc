"""Independent reviewing officers: their rows in ssd_professionals, and their involvements (role IRO).

Belongs here: who reviews which child, from the first day of care or of a child protection plan to the last.
Does not belong here: reviews (`reviews`, `conferences`); case workers and personal advisers (`people`).
"""

import datetime as dt
from dataclasses import dataclass
from random import Random

from warehouse_sample.book import Book
from warehouse_sample.lives import Child
from warehouse_sample.organisation import CENTRAL, EAST, NORTH, REVIEWING_TEAM, TEAMS
from warehouse_sample.printed_figures import CLA, CP
from warehouse_sample.recording import Known, ended
from warehouse_sample.timeline import HORIZON, NEVER, days, month_end, recorded
from warehouse_sample.world import World

_FULL_TIME, _HALF_TIME = 43, 4
"""47 people, 45 full-time equivalents: as printed."""
_AREAS = ((NORTH, 8), (CENTRAL, 16), (EAST, 23))
"""Officers by locality: one, two and three teams."""
_FIRST_ID = 28_100
_AGENCY = 3
_KNOWN_FROM = month_end(-14)
_STAYS_ON_AVERAGE = 2600
"""Days a child keeps an officer, while reviews go on."""


@dataclass
class _Span:
    """A time in which a child has reviews: of care or of plans that follow each other without a gap."""

    start: dt.date
    since: int
    end: dt.date | None
    end_since: int
    until: int


def write_reviewing_officers(book: Book, world: World) -> None:
    """All rows of this module."""
    officers = _staff(book)
    for child in world.children:
        for span in _spans(child):
            if not span.end or span.end > _KNOWN_FROM:
                _involvements(book, child, span, officers)


def _staff(book: Book) -> dict[str, list[str]]:
    """Writes the officers; returns their ids by locality."""
    rng = book.rng
    shares = ["1.0"] * _FULL_TIME + ["0.5"] * _HALF_TIME
    rng.shuffle(shares)
    number, officers = _FIRST_ID, {}
    for area, size in _AREAS:
        officers[area] = [str(number + 10 * position) for position in range(size)]
        number += 10 * size
    everybody = [officer for area in officers.values() for officer in area]
    agency = set(rng.sample(everybody, _AGENCY))
    for officer, share in zip(everybody, shares, strict=True):
        name = f"Reviewer {officer}"
        about = ("Independent Reviewing Officer", rng.randint(70, 90), REVIEWING_TEAM[1], share)
        row = (officer, f"ST{officer}", name, f"SW{officer}", *about, "Y" if officer in agency else "N")
        book.add("ssd_professionals", (0, NEVER), *row)
    return officers


def _spans(child: Child) -> list[_Span]:
    spans: list[_Span] = []
    for spell in sorted(child.spells, key=lambda each: each.start):
        if spell.kind not in (CP, CLA):
            continue
        last = spans[-1] if spans else None
        if last and spell.until < NEVER == last.until and (not last.end or last.end > spell.start):
            # The child has an officer already, and keeps that one when the spell vanishes.
            continue
        if not last or last.until < NEVER or spell.until < NEVER or (last.end and last.end < spell.start):
            spans.append(_Span(spell.start, spell.since, spell.end, spell.end_since, spell.until))
        elif not spell.end or (last.end and last.end < spell.end):
            last.end, last.end_since = spell.end, spell.end_since
    return spans


def _involvements(book: Book, child: Child, span: _Span, officers: dict[str, list[str]]) -> None:
    """The officers of a child in turn; each change of officer is shown by both rows at once."""
    rng = book.rng
    area = TEAMS[child.team][1]
    able = officers.get(area) or officers[rng.choice(tuple(officers))]
    start, since = span.start, span.since
    last = span.end or HORIZON
    while since < NEVER:
        change = max(start, _KNOWN_FROM) + days(_stay(rng))
        is_last = change >= last
        known = span.end_since if is_last else min(max(recorded(rng, change), since), span.end_since)
        end = ended(known, span.end if is_last else change)
        reason = Known(((0, None), (known, rng.choice(("MANAGE", "LEFTRL"))))) if end and not is_last else None
        row = (book.id("51"), rng.choice(able), "IRO", REVIEWING_TEAM[0], start, end, reason, child.id, None)
        book.add("ssd_involvements", (since, span.until), *row)
        if is_last:
            return
        start, since = change, known


def _stay(rng: Random) -> float:
    return 30 + rng.expovariate(1 / _STAYS_ON_AVERAGE)
