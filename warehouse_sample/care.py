"""Rows about children looked after: episodes, legal statuses, visits, steps to adoption, short breaks.

Belongs here: ssd_cla_episodes, ssd_legal_status, ssd_cla_visits, ssd_permanence, ssd_immigration_status; and
short breaks, which are recorded like care although the child is not looked after. Does not belong here: who is
looked after when; what happens in a period of care (`care_periods`); `placements`, `reviews`, `care_plans`,
`health`.
"""

import datetime as dt
from random import Random

from warehouse_sample.book import Book, RecordFault, Shown
from warehouse_sample.care_periods import ADOPTIVE, Care, Change, Order, live_care
from warehouse_sample.care_plans import write_care_plans
from warehouse_sample.care_targets import the_target
from warehouse_sample.homes import settle_homes
from warehouse_sample.lives import Child, Spell
from warehouse_sample.organisation import ADOPTION, SEND
from warehouse_sample.permanence_lists import write_tracker
from warehouse_sample.placements import write_placements
from warehouse_sample.plans import VISITS_FROM, stop_of, within
from warehouse_sample.printed_figures import CIN, CLA
from warehouse_sample.recording import Known, ended
from warehouse_sample.reported import is_looked_after_on
from warehouse_sample.reviews import hold_all, write_reviews
from warehouse_sample.timeline import DROPS, HORIZON, NEVER, days, drop_of, month_end, recorded
from warehouse_sample.world import World

_WORDS = {
    "C1": ("Interim care order Sec. 38(1)",),
    "C2": ("Care Order Sec. 31(a)", "Care Order Sec. 31(a)", "C.O. Extended S40(5) CA"),
    "E1": ("Placement Order (Sec. 21)", "Care Order Sec.31(a) & Placement Order (Sec. 21)"),
    "L1": ("Police protection power Sec.38(1)",),
    "L2": ("Emergency protection order - LA",),
    "J1": ("Remanded to LA accommodation S20",),
}
_V2_UNDER_16, _V2_OVER_16 = (
    "Single placement acc. by LA S20(1) CA under 16",
    "Single placement acc. by LA S20(3) CA 16 & over",
)
_AGREED_ONCE = "V4"
"""The code where only the agreement is recorded; with the other code each short break is."""
SHORT_BREAK_WORDS = (
    _AGREED_ONCE,
    "V3",
    "Regular occ. acc by LA S20(3) CA 16 & over",
    "regular occ. acc. by LA S.20(1) CA under 16",
)
_SHORT_BREAK_WEIGHTS = (70, 8, 4, 18)
_BREAK_LASTS, _BREAK_EVERY = (2, 4), (25, 35)
"""Days: far from the 17 that one may last and the 75 of a year (Care Planning Regulations 2010, reg 48)."""
_WRITTEN_AS_CODE = 0.25
_NO_ENTERED_DATE = 0.05
_ALONE_FROM, _ORDERS_ALONE = 14, ("V2", "C2")
"""Unaccompanied asylum-seeking children: their least age in years, and their legal statuses."""
_FOSTERED_FOR_ADOPTION = "U5"
_CLA_VISIT_DAYS = (50, 85)
_SHORT_BREAK_CHILDREN = 80
_AFTER_CARE = dict.fromkeys(("E45", "E46", "E47", "E48"), "Special guardianship order")
_AFTER_CARE |= {"E41": "Child arrangements order"}


def write_care(book: Book, world: World) -> None:
    """All rows of this module, `placements`, `reviews`, `care_plans` and the tracker of permanence plans."""
    spells = [spell for spell in world.spells if spell.kind == CLA]
    cares = settle_homes(book.rng, live_care(book.rng, spells, lambda: book.id("11")))
    reviews = hold_all(book.rng, cares)
    write_reviews(book, cares, reviews)
    write_care_plans(book, cares, reviews)
    alone = _who_came_alone(book.rng, cares)
    for care in cares:
        child = care.spell.child
        _episodes(book, care, write_placements(book, care, has_home_here=child not in alone))
        _legal_statuses(book, care)
        _visits(book, care)
        _permanence(book, care)
        if child in alone and child.spells[0] is care.spell:
            _immigration(book, care.spell)
    _short_breaks(book, world)
    write_tracker(book, cares)


# Episodes


def _episodes(book: Book, care: Care, placements: list[tuple[dt.date, str]]) -> None:
    spell, rng = care.spell, book.rng
    need = rng.choices(("N1", "N2", "N3", "N4", "N5", "N6", "N8"), (64, 5, 4, 8, 12, 2, 5))[0]
    entered = None if rng.random() < _NO_ENTERED_DATE else care.start
    reason_start, day, since = "S", spell.start, spell.since
    boundaries: list[Change | None] = [*care.changes, None]
    for change in boundaries:
        placement = [number for first, number in placements if first <= day][-1]
        seen = day + days(60)
        contact = ended(max(since, drop_of(seen)), seen) if rng.random() < 0.6 else None
        if change:
            end, known, reason = ended(change.since, change.day), change.since, "X1"
        else:
            end, known, reason = care.end, spell.end_since, care.ceased_reason
        reason_shown = Known(((0, None), (known, reason))) if end else None
        begun = care.start if day == spell.start else day
        key = book.id("10")
        row = (key, spell.child.id, begun, reason_start, need, end, reason_shown, care.cla_id)
        referral = spell.referral.id if spell.referral else None
        book.add("ssd_cla_episodes", (since, spell.until), *row, referral, placement, entered, contact)
        _note_open_past_18(book, spell, key, since, known if end else NEVER)
        if change:
            _note_unplaced(book, care, key, change)
            reason_start = ("B" if change.legal else "P") if change.placement else "L"
            day, since = change.day, change.since


def _note_unplaced(book: Book, care: Care, key: str, change: Change) -> None:
    """Notes an episode of a child whose next placement was recorded later than the end of the last one."""
    for stay in care.stays:
        if stay.day == change.day and stay.ends_before is not None:
            drops = range(stay.ends_before, stay.since)
            book.note_fault("looked_after_without_open_placement", "ssd_cla_episodes", key, drops)


def _note_open_past_18(book: Book, spell: Spell, key: str, since: int, closed: int) -> None:
    """Notes the episodes still open at 18: some ends are recorded late, others never."""
    first = next((drop for drop in DROPS if month_end(drop) >= spell.child.turns_18), NEVER)
    shown = (max(since, first), min(closed, spell.until))
    if shown[0] < shown[1]:
        book.faults.append(RecordFault("open_episode_past_18", "ssd_cla_episodes", key, None, *shown))


# Legal statuses


def _legal_statuses(book: Book, care: Care) -> None:
    spell, rng = care.spell, book.rng
    for number, order in enumerate(care.orders):
        is_last = number == len(care.orders) - 1
        following = None if is_last else care.orders[number + 1]
        end = ended(following.since, following.day) if following else care.end
        day = care.start if number == 0 else order.day
        row = (book.id("13"), spell.child.id, _words(rng, spell, order), day, end)
        book.add("ssd_legal_status", (order.since, spell.until), *row)
    after = _AFTER_CARE.get(care.ceased_reason)
    if after and spell.end and spell.end_since < NEVER and not spell.end_correction:
        row = (book.id("13"), spell.child.id, after, spell.end, None)
        book.add("ssd_legal_status", (spell.end_since, spell.until), *row)


def _words(rng: Random, spell: Spell, order: Order) -> str:
    if rng.random() < _WRITTEN_AS_CODE:
        return order.code
    if order.code == "V2":
        return _V2_OVER_16 if spell.child.age_years(order.day) >= 16 else _V2_UNDER_16
    return rng.choice(_WORDS[order.code])


# Visits, adoption, immigration


def _visits(book: Book, care: Care) -> None:
    spell, rng = care.spell, book.rng
    day = max(spell.latest_start, VISITS_FROM) + days(rng.randint(2, 30))
    while day < stop_of(spell):
        seen = "Y" if rng.random() < 0.95 else "N"
        alone = "Y" if seen == "Y" and rng.random() < 0.6 else "N"
        row = (book.id("63"), care.cla_id, spell.child.id, day, seen, alone)
        book.add("ssd_cla_visits", within(book, spell, day), *row)
        day += days(rng.randint(*_CLA_VISIT_DAYS))


def _permanence(book: Book, care: Care) -> None:
    """Writes the steps to adoption of a child with a placement order."""
    spell, rng = care.spell, book.rng
    order = care.orders[-1]
    if order.code != "E1":
        return
    decided = order.day - days(rng.randint(10, 50))
    placed = next((stay for stay in care.stays if stay.kind in ADOPTIVE), None)
    early = next((stay for stay in care.stays if stay.kind == _FOSTERED_FOR_ADOPTION), None)
    agreed = early and (early.day - days(rng.randint(3, 20)))
    known: tuple[Known | None, Known | None] = None, None
    if placed:
        matched = placed.day - days(30)
        match_since = min(max(recorded(rng, matched), order.since), placed.since)
        known = ended(match_since, matched), ended(placed.since, placed.day)
    adopted = care.ceased_reason in ("E11", "E12")
    siblings = rng.choice((None, 1, 2, 3))
    row = (
        book.id("16"),
        spell.child.id,
        care.cla_id,
        decided,
        agreed,
        order.day,
        known[1],
        known[0],
        "N",
        early and early.day,
        None,
        None,
    )
    made = (care.end, "Adoption" if adopted and spell.end else None) if adopted else (None, None)
    worker = book.workforce.someone(rng, ADOPTION)
    more = ("Y" if siblings else "N", siblings, 0 if siblings else None, None, None, *made, worker)
    adopters = (rng.choice(("MF", "MF", "MM", "FF", "F1")), rng.choice(("L11", "L3", "L0")), "2")
    book.add("ssd_permanence", (order.since, spell.until), *row, *more, *adopters)


def _who_came_alone(rng: Random, cares: list[Care]) -> set[Child]:
    """The unaccompanied asylum-seeking children, as many as printed. None was in care before."""
    target, wanted = the_target("unaccompanied")
    able = [care for care in cares if _may_have_come_alone(care)]
    asked = {care.spell for care in able if is_looked_after_on(care.spell, target.at)}
    share = min(1, wanted / max(1, len(asked)))
    chosen = rng.sample([care for care in able if care.spell in asked], min(wanted, len(asked)))
    chosen += [care for care in able if care.spell not in asked and rng.random() < share]
    return {care.spell.child for care in chosen}


def _may_have_come_alone(care: Care) -> bool:
    spell = care.spell
    is_new = spell.child.spells[0] is spell and spell.until == NEVER
    is_new = is_new and sum(other.kind == CLA for other in spell.child.spells) == 1
    return is_new and spell.child.age_years(spell.start) > _ALONE_FROM and care.orders[0].code in _ORDERS_ALONE


def _immigration(book: Book, spell: Spell) -> None:
    eighteen = spell.child.turns_18
    end = ended(recorded(book.rng, eighteen, 0), eighteen)
    row = (spell.child.id, book.id("17"), "UASC", spell.latest_start, end)
    book.add("ssd_immigration_status", spell.shown, *row)


# Short breaks


_Arrangement = tuple[Child, str, str]
"""Of a child's short breaks: the child, the words for the legal status, the number of the home."""


def _short_breaks(book: Book, world: World) -> None:
    """Writes short breaks of disabled children on a plan of the SEND team, who are not looked after."""
    rng = book.rng
    able = [
        spell
        for spell in world.spells
        if (spell.kind, spell.team) == (CIN, SEND)
        and len(spell.child.spells) == 1
        and spell.until == NEVER
        and (spell.end or HORIZON) > month_end(0)
    ]
    for spell in rng.sample(able, _SHORT_BREAK_CHILDREN):
        child = spell.child
        start = spell.latest_start + days(rng.randint(10, 90))
        stop = min(spell.earliest_end or dt.date.max, child.turns_18)
        since = max(recorded(rng, start), spell.since)
        if start >= min(stop, HORIZON):
            continue
        status = rng.choices(SHORT_BREAK_WORDS, _SHORT_BREAK_WEIGHTS)[0]
        agreed: _Arrangement = (child, status, f"SC{rng.randint(100000, 999999)}")
        if status == _AGREED_ONCE:
            finish = stop - days(1) if stop < dt.date.max else None
            _short_break(book, agreed, since, start, finish)
            continue
        while (finish := start + days(rng.randint(*_BREAK_LASTS))) < min(stop, HORIZON):
            _short_break(book, agreed, max(since, drop_of(start)), start, finish)
            start += days(rng.randint(*_BREAK_EVERY))


def _short_break(book: Book, agreed: _Arrangement, since: int, start: dt.date, finish: dt.date | None) -> None:
    child, status, home = agreed
    known = max(since, drop_of(finish)) if finish else NEVER
    end = ended(known, finish)
    reason = Known(((0, None), (known, "E8"))) if end else None
    shown: Shown = (since, NEVER)
    cla_id, placement = book.id("11"), book.id("12")
    book.add("ssd_legal_status", shown, book.id("13"), child.id, status, start, end)
    row = (book.id("10"), child.id, start, "S", "N2", end, reason, cla_id, None, placement)
    book.add("ssd_cla_episodes", shown, *row, start, None)
    where = (home, None, cla_id, "PR1", "ZZ2 2ZZ", end, None, child.id)
    book.add("ssd_cla_placement", shown, placement, start, "K2", *where)
