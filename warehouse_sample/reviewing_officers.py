"""Independent reviewing officers: their rows in ssd_professionals and in the list of posts, and their involvements
(role IRO).

Belongs here: who is in post, who reviews which child, from the first day of care or of a child protection plan to
the last. Does not belong here: reviews (`reviews`, `conferences`); case workers and personal advisers (`people`).

`officers.csv` has a row for each officer and manager, with the years in which they qualified and began as printed.
`post` names the post: who follows an officer in it has the same. Between them it is vacant.
"""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, combinations, pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from warehouse_sample.book import Book
from warehouse_sample.care_targets import At
from warehouse_sample.lives import Child
from warehouse_sample.organisation import CENTRAL, EAST, NORTH, REVIEWING_TEAM, TEAMS
from warehouse_sample.printed_figures import CLA, CP
from warehouse_sample.recording import Known, ended
from warehouse_sample.reported import is_looked_after_on, is_open_on
from warehouse_sample.timeline import DROPS, HORIZON, NEVER, REVIEWED_DROP, days, drop_of, month_end, recorded
from warehouse_sample.world import World

_OFFICERS = Path(__file__).with_name("officers.csv")
_AREAS = (NORTH, CENTRAL, CENTRAL, EAST, EAST, EAST)
"""Localities have one, two and three teams."""
_FIRST_ID = 28_100
_KNOWN_FROM = month_end(-14)
_STAYS_ON_AVERAGE = 2600
"""Days a child keeps an officer, while reviews go on."""
_CASELOAD_FROM, _CASELOADS = -5, (74.3, 81.0)
"""Children for each full-time officer who has any: in March 2018 and in March 2019, as printed. Between them
evenly, so that the mean of the year is the printed one too."""
_AWAY_AT_ONCE = 4
_NEW_FOR, _TAKES_MORE = days(40), 4
"""For so long an officer who is new, or back, takes so many times as many children as others."""


class _Officer(NamedTuple):
    id: str
    post: str
    role: str
    fte: float
    filled_by: str
    qualified: int
    began: int
    start: dt.date
    end: dt.date | None
    leaving_reason: str
    area: str

    def is_in_post(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


_Desk = tuple[_Officer, dt.date, dt.date]
"""An officer with the time, from a first day to before a last one, in which he has cases."""


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
    desks = _desks(world, [officer for officer in officers if officer.role == "iro"])
    for child in world.children:
        for span in _spans(child):
            if not span.end or span.end > _KNOWN_FROM:
                _involvements(book, child, span, desks)


# Who is in post


def _staff(book: Book) -> list[_Officer]:
    """Writes the officers and their posts."""
    with _OFFICERS.open(encoding="utf-8", newline="") as lines:
        officers = [_officer(row) for row in csv.DictReader(lines)]
    posts: dict[str, list[_Officer]] = defaultdict(list)
    for officer in officers:
        title = "Quality and Review Manager" if officer.role == "iro_manager" else "Independent Reviewing Officer"
        about = (title, book.rng.randint(70, 90), REVIEWING_TEAM[1], officer.fte)
        agency = "Y" if officer.filled_by == "agency" else "N"
        known_as = (officer.id, f"ST{officer.id}", f"Reviewer {officer.id}", f"SW{officer.id}")
        book.add("ssd_professionals", (drop_of(officer.start), NEVER), *known_as, *about, agency)
        posts[officer.post].append(officer)
    for holders in posts.values():
        for officer in holders:
            _post(book, officer, officer.start, officer.end)
        for officer, following in pairwise(holders):
            if officer.end and officer.end < following.start:
                vacant = officer._replace(id="", filled_by="vacant", qualified=0, began=0, leaving_reason="")
                _post(book, vacant, officer.end, following.start)
    return officers


def _officer(row: dict[str, str]) -> _Officer:
    number, end = int(row["number"]), row["end"]
    return _Officer(
        str(_FIRST_ID + 10 * number),
        f"RO{int(row['post']):03d}",
        row["role"],
        float(row["fte"]),
        row["filled_by"],
        int(row["qualified_year"]),
        int(row["began_year"]),
        dt.date.fromisoformat(row["start"]),
        dt.date.fromisoformat(end) if end else None,
        row["leaving_reason"],
        _AREAS[number % len(_AREAS)],
    )


def _post(book: Book, holder: _Officer, start: dt.date, end: dt.date | None) -> None:
    known = drop_of(end) if end else NEVER
    years = [dt.date(year, 1, 1) if year else None for year in (holder.qualified, holder.began)]
    reason = Known(((0, None), (known, holder.leaving_reason))) if end and holder.leaving_reason else None
    row = (holder.post, start, ended(known, end), holder.role, REVIEWING_TEAM[0], holder.fte, holder.filled_by)
    book.add("local_workforce_post", (drop_of(start), NEVER), *row, holder.id or None, *years, reason)


# Who has cases


def _desks(world: World, officers: list[_Officer]) -> list[_Desk]:
    """When each officer has cases: at each month end officers of as many full-time posts as the caseload asks."""
    at_work: dict[_Officer, list[int]] = defaultdict(list)
    away: frozenset[_Officer] = frozenset()
    for month, wanted in _wanted_posts(world).items():
        last = month_end(month)
        in_post = [officer for officer in officers if officer.is_in_post(last)]
        away = _away(in_post, sum(officer.fte for officer in in_post) - wanted, away)
        for officer in in_post:
            if officer not in away:
                at_work[officer].append(month)
    desks: list[_Desk] = []
    for officer, months in at_work.items():
        for month in months:
            first = dt.date.min if month == _CASELOAD_FROM else month_end(month - 1) + days(1)
            last = dt.date.max if month == DROPS[-1] else month_end(month) + days(1)
            if desks and desks[-1][0] is officer and desks[-1][2] == first:
                first = desks.pop()[1]
            desks.append((officer, first, last))
    return [(officer, max(first, officer.start), min(last, officer.end or last)) for officer, first, last in desks]


def _wanted_posts(world: World) -> dict[int, float]:
    """Full-time posts with cases at the month ends."""
    low, high = _CASELOADS
    wanted = {}
    for month in range(_CASELOAD_FROM, len(DROPS)):
        drop = 0 if month == _CASELOAD_FROM else max(month, REVIEWED_DROP)
        at = At(drop, month_end(month))
        children = {
            spell.child
            for spell in world.spells
            if (spell.kind == CP and is_open_on(spell, at)) or is_looked_after_on(spell, at)
        }
        part = min(1, (month - _CASELOAD_FROM) / (REVIEWED_DROP - _CASELOAD_FROM))
        wanted[month] = len(children) / (low + part * (high - low))
    return wanted


def _away(in_post: list[_Officer], posts: float, before: frozenset[_Officer]) -> frozenset[_Officer]:
    """Officers of about so many posts who have no cases, with as few changes as can be."""
    able = [officer for officer in in_post if officer.fte < 1] + in_post[:2]
    groups = chain.from_iterable(combinations(able, number) for number in range(_AWAY_AT_ONCE + 1))

    def cost(group: Iterable[_Officer]) -> tuple[float, int]:
        return round(abs(sum(each.fte for each in group) - posts), 1), len(before.symmetric_difference(group))

    return frozenset(min(groups, key=cost))


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


def _involvements(book: Book, child: Child, span: _Span, desks: list[_Desk]) -> None:
    """The officers of a child in turn; each change of officer is shown by both rows at once."""
    rng = book.rng
    area = TEAMS[child.team][1]
    start, since = span.start, span.since
    last = span.end or HORIZON
    while since < NEVER:
        officer, until = _someone(rng, desks, area, max(start, _KNOWN_FROM))
        change = max(start, _KNOWN_FROM) + days(_stay(rng))
        is_leaving = until <= change
        change = min(change, until)
        is_last = change >= last
        noticed = drop_of(change) if is_leaving else recorded(rng, change)
        known = span.end_since if is_last else min(max(noticed, since), span.end_since)
        end = ended(known, span.end if is_last else change)
        reason = Known(((0, None), (known, rng.choice(("MANAGE", "LEFTRL"))))) if end and not is_last else None
        row = (book.id("51"), officer, "IRO", REVIEWING_TEAM[0], start, end, reason, child.id, None)
        book.add("ssd_involvements", (since, span.until), *row)
        book.officers[child.id].append((start, officer))
        if is_last:
            return
        start, since = change, known


def _someone(rng: Random, desks: list[_Desk], area: str, day: dt.date) -> tuple[str, dt.date]:
    """An officer who has cases on a day, of the area if it has officers, and until when."""
    able = [desk for desk in desks if desk[1] <= day < desk[2]]
    able = [desk for desk in able if desk[0].area == area] or able
    more = [desk for desk in able if desk[1] + _NEW_FOR > day] * (_TAKES_MORE - 1)
    officer, _, until = rng.choice(able + more)
    return officer.id, until


def _stay(rng: Random) -> float:
    return 30 + rng.expovariate(1 / _STAYS_ON_AVERAGE)
