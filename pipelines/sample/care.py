"""Rows about children looked after: episodes, legal statuses, visits, the road to adoption, short breaks.

Belongs here: ssd_cla_episodes, ssd_legal_status, ssd_cla_visits, ssd_permanence, ssd_immigration_status; and
short breaks, which are recorded like care but make nobody looked after. Does not belong here: who is looked
after when; what happens in a period of care (`care_periods`); `placements`, `reviews`, `care_plans`, `health`.
"""

import datetime as dt
from random import Random

from pipelines.sample.book import Book, Shown
from pipelines.sample.care_periods import Care, Change, Order, live_care
from pipelines.sample.care_plans import write_care_plans
from pipelines.sample.figures import CIN, CLA
from pipelines.sample.lives import Spell
from pipelines.sample.organisation import ADOPTION, SEND
from pipelines.sample.placements import write_placements
from pipelines.sample.plans import VISITS_FROM, stop_of, within
from pipelines.sample.recording import Known, ended
from pipelines.sample.reviews import hold_all, write_reviews
from pipelines.sample.timeline import HORIZON, NEVER, days, drop_of, month_end, recorded
from pipelines.sample.world import World

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
_SHORT_BREAK_WORDS = (
    "V4",
    "V3",
    "Regular occ. acc by LA S20(3) CA 16 & over",
    "regular occ. acc. by LA S.20(1) CA under 16",
)
_WRITTEN_AS_CODE = 0.25
_NO_LEGAL_STATUS = 0.012
_NO_ENTERED_DATE = 0.05
_UNACCOMPANIED = 0.1
"""Share of those who come into care at 15 or later on a section 20."""
_CLA_VISIT_DAYS = (50, 85)
_SHORT_BREAK_CHILDREN = 70
_AFTER_CARE = {"E45": "Special guardianship order", "E46": "Special guardianship order"}
_AFTER_CARE |= {"E41": "Child arrangements order"}


def write_care(book: Book, world: World) -> None:
    """All rows of this module, `placements`, `reviews` and `care_plans`, for every period of care of the world."""
    spells = [spell for spell in world.spells if spell.kind == CLA]
    cares = live_care(book.rng, spells, lambda: book.id("11"))
    reviews = hold_all(book.rng, cares)
    write_reviews(book, cares, reviews)
    write_care_plans(book, cares, reviews)
    for care in cares:
        _episodes(book, care, write_placements(book, care))
        _legal_statuses(book, care)
        _visits(book, care)
        _permanence(book, care)
        _immigration(book, care)
    _short_breaks(book, world)


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
        row = (book.id("10"), spell.child.id, begun, reason_start, need, end, reason_shown, care.cla_id)
        referral = spell.referral.id if spell.referral else None
        book.add("ssd_cla_episodes", (since, spell.until), *row, referral, placement, entered, contact)
        if change:
            reason_start = ("B" if change.legal else "P") if change.placement else "L"
            day, since = change.day, change.since


# Legal statuses


def _legal_statuses(book: Book, care: Care) -> None:
    spell, rng = care.spell, book.rng
    if rng.random() < _NO_LEGAL_STATUS:
        return
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
    """The road to adoption of a child with a placement order."""
    spell, rng = care.spell, book.rng
    order = care.orders[-1]
    if order.code != "E1" or rng.random() < 0.1:
        return
    decided = order.day - days(rng.randint(10, 50))
    placed = order.day + days(rng.randint(60, 240))
    steps = (placed - days(30), placed)
    known = [ended(min(max(recorded(rng, day), order.since), spell.end_since), day) for day in steps]
    if placed >= stop_of(spell):
        known = [None, None]
    adopted = care.ceased_reason in ("E11", "E12")
    siblings = rng.choice((None, 1, 2, 3))
    row = (
        book.id("16"),
        spell.child.id,
        care.cla_id,
        decided,
        None,
        order.day,
        known[1],
        known[0],
        "N",
        None,
        None,
        None,
    )
    made = (care.end, "Adoption" if adopted and spell.end else None) if adopted else (None, None)
    worker = book.workforce.someone(rng, ADOPTION)
    more = ("Y" if siblings else "N", siblings, 0 if siblings else None, None, None, *made, worker)
    adopters = (rng.choice(("MF", "MF", "MM", "FF", "F1")), rng.choice(("L11", "L3", "L0")), "2")
    book.add("ssd_permanence", (order.since, spell.until), *row, *more, *adopters)


def _immigration(book: Book, care: Care) -> None:
    spell, rng = care.spell, book.rng
    arrives_old = spell.child.age_years(spell.start) > 15 and care.orders[0].code == "V2"
    if not arrives_old or rng.random() >= _UNACCOMPANIED:
        return
    eighteen = spell.child.turns_18
    end = ended(recorded(rng, eighteen, 0), eighteen)
    row = (spell.child.id, book.id("17"), "UASC", spell.latest_start, end)
    book.add("ssd_immigration_status", spell.shown, *row)


# Short breaks


def _short_breaks(book: Book, world: World) -> None:
    """Disabled children on a plan of the SEND team whose stays away make nobody looked after."""
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
        finish = stop - days(1) if stop < dt.date.max else None
        known = recorded(rng, finish) if finish else NEVER
        end = ended(known, finish)
        reason = Known(((0, None), (known, "E8"))) if end else None
        shown: Shown = (since, NEVER)
        cla_id, placement = book.id("11"), book.id("12")
        status = rng.choices(_SHORT_BREAK_WORDS, (40, 20, 5, 35))[0]
        book.add("ssd_legal_status", shown, book.id("13"), child.id, status, start, end)
        row = (book.id("10"), child.id, start, "S", "N2", end, reason, cla_id, None, placement)
        book.add("ssd_cla_episodes", shown, *row, start, None)
        home = (f"SC{rng.randint(100000, 999999)}", 6.4, cla_id, "PR1", "ZZ2 2ZZ", end, None, child.id)
        book.add("ssd_cla_placement", shown, placement, start, "K2", *home)
