"""Rows about people: ssd_person, ssd_disability, ssd_involvements, ssd_professionals, ssd_department.

Does not belong here: what happens to them. All names are made up and look it.
"""

import datetime as dt
from dataclasses import dataclass

from warehouse_sample.book import Book
from warehouse_sample.lives import Allocation, Child
from warehouse_sample.organisation import (
    DISTRICTS,
    LEAVING_CARE,
    MASH,
    SEND,
    department_rows,
    team_id,
)
from warehouse_sample.printed_figures import CLA, CP
from warehouse_sample.quotas import Quota
from warehouse_sample.recording import Known, ended
from warehouse_sample.timeline import DROPS, HORIZON, NEVER, days, drop_of, month_end, recorded
from warehouse_sample.world import World

_FORENAMES = ("Acorn", "Birch", "Cedar", "Daisy", "Elm", "Fir", "Gorse", "Holly", "Ivy", "Juniper", "Larch")
_FORENAMES_MORE = (
    "Maple",
    "Nettle",
    "Olive",
    "Poppy",
    "Quince",
    "Rowan",
    "Sorrel",
    "Thistle",
    "Violet",
    "Willow",
)
_SURNAMES = ("Sampleton", "Testwood", "Mockbury", "Demoford", "Fakenby", "Notreal", "Pretendle", "Invented")
_UNKNOWN_UPN = ("UN1", "UN2", "UN3", "UN4", "UN5")
_DISABILITIES = ("LD", "AUT", "BEH", "COMM", "MOB", "CON", "HEAR", "VIS", "PC", "INC", "HAND", "DDA")
_WORKER_STAYS = (110, 520)
_WORKERS_KNOWN_FROM = month_end(-14)
"""Changes of worker within a team are kept from here on."""
_CHANGE_REASONS = ("MANAGE", "LEFTRL", "TSPROC", "ORGRST", "OTHERS")
_STALE_ALLOCATION = 0.03
_NO_WORKER = 0.01
_PERSONAL_ADVISER = 0.96


@dataclass(frozen=True)
class _AllocationRow:
    """An involvement of a case worker, with the first drop that shows it and the first that shows its end."""

    id: str
    team: str
    start: dt.date
    since: int
    end: dt.date | None
    end_since: int

    def is_open(self, drop: int) -> bool:
        """Whether it is open at the month end of a drop, as that drop shows it."""
        at = month_end(drop)
        is_over = self.end is not None and self.end_since <= drop and self.end <= at
        return self.since <= drop and self.start <= at and not is_over


def write_people(book: Book, world: World) -> None:
    """Writes all rows of this module. Must run last: every person mentioned so far has a row."""
    _staff(book)
    advised = Quota(book.rng, _PERSONAL_ADVISER)
    for child in world.children:
        if child.id in book.first_seen or child.spells:
            held: list[_AllocationRow] = []
            for number, allocation in enumerate(child.allocations):
                held += _allocation(book, child, allocation, _referral_of(child, allocation))
                if number == 0:
                    held += _stale_allocation(book, child, allocation)
            _note_two_teams(book, held)
            _personal_adviser(book, child, advised)
    for child in world.children:
        _disability(book, child)
    for child in world.children:
        _person(book, child)


def _staff(book: Book) -> None:
    for row in department_rows():
        book.add("ssd_department", (0, NEVER), *row)
    for team, workers in book.workforce.by_team.items():
        for worker in workers:
            registered = f"SW{worker.id}" if worker.title != "Personal Adviser" else None
            about = (worker.title, worker.caseload, team, worker.full_time_equivalent)
            agency = "Y" if worker.is_agency else "N"
            known_as = (worker.id, f"ST{worker.id}", worker.name, registered)
            book.add("ssd_professionals", (0, NEVER), *known_as, *about, agency)


def _referral_of(child: Child, allocation: Allocation) -> str | None:
    ids = [referral.id for referral in child.referrals if referral.day <= allocation.start]
    return ids[-1] if ids else None


def _allocation(book: Book, child: Child, allocation: Allocation, referral: str | None) -> list[_AllocationRow]:
    """The allocation of a team, cut where its worker changed; each change shows both halves at once."""
    rows: list[_AllocationRow] = []
    rng = book.rng
    last = allocation.end or HORIZON
    start, since = allocation.start, allocation.since
    while since < NEVER:
        change = max(start, _WORKERS_KNOWN_FROM) + days(rng.randint(*_WORKER_STAYS))
        known = min(max(recorded(rng, change), since), allocation.end_since)
        last_day: dt.date | None = change
        if change >= last:
            known, last_day = allocation.end_since, allocation.end
        end = ended(known, last_day)
        has_worker = rng.random() > _NO_WORKER or any(spell.kind == CP for spell in child.spells)
        worker = book.workforce.someone(rng, allocation.team) if has_worker else "-1"
        reason = Known(((0, None), (known, rng.choice(_CHANGE_REASONS)))) if end else None
        rows.append(_AllocationRow(book.id("51"), allocation.team, start, since, last_day, known))
        held = (worker, "CW", team_id(allocation.team), start, end, reason)
        book.add("ssd_involvements", (since, NEVER), rows[-1].id, *held, child.id, referral)
        if change >= last:
            return rows
        start, since = change, known
    return rows


def _stale_allocation(book: Book, child: Child, first: Allocation) -> list[_AllocationRow]:
    """An earlier allocation that was never closed: two are open, and the later start decides."""
    rng = book.rng
    if rng.random() >= _STALE_ALLOCATION or child.born > first.start:
        return []
    team = rng.choice((MASH, *DISTRICTS))
    worker = book.workforce.someone(rng, team)
    start = first.start - days(rng.randint(2, 40))
    end, end_since = None, NEVER
    if first.end and rng.random() < 0.6:
        end = first.end + days(rng.randint(0, 40))
        end_since = recorded(rng, end)
    held = _AllocationRow(book.id("51"), team, start, first.since, end, end_since)
    row = (held.id, worker, "CW", team_id(team), start, ended(end_since, end), None, child.id, None)
    book.add("ssd_involvements", (first.since, NEVER), *row)
    return [held]


def _note_two_teams(book: Book, held: list[_AllocationRow]) -> None:
    """Notes children with two teams: an allocation was not closed, or its end was recorded late."""
    for drop in DROPS:
        are_open = [each for each in held if each.is_open(drop)]
        if len({each.team for each in are_open}) > 1:
            for each in are_open:
                book.note_fault("child_allocated_to_two_teams", "ssd_involvements", each.id, [drop])


def _personal_adviser(book: Book, child: Child, advised: Quota) -> None:
    rng = book.rng
    sixteen = dt.date(child.born.year + 16, child.born.month, min(child.born.day, 28))
    in_care = [spell for spell in child.spells if spell.kind == CLA and (spell.end or HORIZON) > sixteen]
    if not in_care or sixteen > HORIZON or not advised.take():
        return
    start = max(sixteen, in_care[0].start) + days(rng.randint(5, 45))
    team = rng.choice(tuple(LEAVING_CARE))
    worker = book.workforce.someone(rng, team)
    row = (book.id("51"), worker, "16PLUS", team_id(team), start, None, None, child.id, None)
    book.add("ssd_involvements", (max(recorded(rng, start), in_care[0].since), in_care[0].until), *row)


def _disability(book: Book, child: Child) -> None:
    rng = book.rng
    seen = book.first_seen.get(child.id, NEVER)
    is_disabled = any(spell.team == SEND for spell in child.spells) or rng.random() < 0.02
    if seen == NEVER or not (is_disabled or (child.spells and rng.random() < 0.04)):
        return
    codes = rng.sample(_DISABILITIES, rng.choice((1, 1, 2, 3))) if is_disabled else ["NONE"]
    for code in codes:
        book.add("ssd_disability", (seen, NEVER), child.id, book.id("81"), code)


def _person(book: Book, child: Child) -> None:
    rng = book.rng
    since = book.first_seen.get(child.id, NEVER)
    if since == NEVER:
        return
    birth: dt.date | Known | None = child.born if child.has_dob else None
    expected: dt.date | Known | None = None
    sex: str | Known = child.sex
    born_seen = drop_of(child.born)
    if born_seen > since:
        expected_day = child.born + days(rng.randint(-12, 12))
        birth = Known(((0, None), (born_seen, child.born)))
        expected = Known(((0, expected_day), (born_seen, None)))
        sex = Known(((0, "U"), (born_seen, child.sex)))
    upn_unknown = rng.choice(_UNKNOWN_UPN) if rng.random() < 0.15 else None
    mother = "Y" if child.sex == "F" and child.age_years(HORIZON) > 15 and rng.random() < 0.03 else "N"
    send = "Y" if any(spell.team == SEND for spell in child.spells) else "N"
    gender = {"M": "01", "F": "02"}[child.sex] if rng.random() > 0.01 else "09"
    names = (rng.choice(_FORENAMES + _FORENAMES_MORE), rng.choice(_SURNAMES))
    unknown = (
        f"99{rng.randint(0, 10**8 - 1):08d}",
        f"L{child.id}",
        upn_unknown,
        send,
        expected,
        None,
        mother,
    )
    row = (child.id, *names, sex, gender, child.ethnicity, birth, *unknown, None)
    book.add("ssd_person", (since, NEVER), *row)
