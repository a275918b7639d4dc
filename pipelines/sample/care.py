"""Rows about children looked after: episodes, placements, legal statuses, reviews, visits, care plans.

Belongs here: ssd_cla_episodes, ssd_cla_placement, ssd_legal_status, ssd_cla_reviews, ssd_cla_visits,
ssd_cla_care_plan, ssd_permanence, ssd_immigration_status; and short breaks, which are recorded in the first
three but make nobody looked after. Does not belong here: who is looked after when; health (`health`).
"""

import datetime as dt
from dataclasses import dataclass
from random import Random

from pipelines.calendar import working_days_after
from pipelines.sample.book import Book, Shown
from pipelines.sample.figures import CIN, CLA
from pipelines.sample.lives import Spell
from pipelines.sample.organisation import ADOPTION, SEND
from pipelines.sample.plans import VISITS_FROM, add_months, stop_of, within
from pipelines.sample.recording import Known, corrected, ended
from pipelines.sample.timeline import HORIZON, NEVER, days, drop_of, month_end, recorded
from pipelines.sample.world import World

_STAYS = {
    "first": ((5, 40, 26), (41, 150, 24), (151, 3000, 50)),
    "later": ((8, 70, 27), (71, 240, 22), (241, 4000, 51)),
}
"""Days a placement lasts: from, to, weight."""
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
_REVIEW_LATE, _REVIEW_CANCELLED = 0.019, 0.02
_CLA_VISIT_DAYS = (50, 85)
_SHORT_BREAK_CHILDREN = 70
_AFTER_CARE = {"E45": "Special guardianship order", "E46": "Special guardianship order"}
_AFTER_CARE |= {"E41": "Child arrangements order"}
_PERMANENCE_KEYS = (
    "REMAINSUP",
    "RETURN1M",
    "RETURN6M",
    "RETURNEV",
    "LTRELFR",
    "LTFOST18",
    "RESPLMT",
    "SUPPLIV",
    "ADOPTION",
    "OTHERPLN",
)


@dataclass(frozen=True)
class _Change:
    """A day on which placement or legal status changed, and the first drop that shows it."""

    day: dt.date
    since: int
    placement: bool
    legal: bool


@dataclass(frozen=True)
class _Order:
    """A legal status with its first day and the first drop that shows it."""

    code: str
    day: dt.date
    since: int


@dataclass(frozen=True)
class _Care:
    """One period of care while its rows are written."""

    book: Book
    spell: Spell
    cla_id: str
    changes: tuple[_Change, ...]
    orders: tuple[_Order, ...]
    ceased_reason: str

    @property
    def end(self) -> Known | None:
        return ended(self.spell.end_since, self.spell.end, self.spell.end_correction)

    @property
    def start(self) -> dt.date | Known:
        return corrected(self.spell.start, self.spell.start_correction)


def write_care(book: Book, world: World) -> None:
    """All rows of this module, for every period of care of the world, and the short breaks."""
    for spell in world.spells:
        if spell.kind == CLA:
            care = _care(book, spell)
            placements = _placements(care)
            _episodes(care, placements)
            _legal_statuses(care)
            _reviews(care)
            _visits(care)
            _care_plans(care)
            _permanence(care)
            _immigration(care)
    _short_breaks(book, world)


# What changes in a period of care


def _care(book: Book, spell: Spell) -> _Care:
    rng = book.rng
    first, stop = spell.latest_start + days(5), stop_of(spell)
    orders = _orders(rng, spell, first, stop)
    changed = {order.day: order for order in orders[1:]}
    moves: list[dt.date] = []
    bands = _STAYS["first"]
    day = first
    while True:
        low, high, _ = rng.choices(bands, [weight for *_, weight in bands])[0]
        day += days(rng.randint(low, high))
        if day >= stop:
            break
        moves.append(day)
        bands = _STAYS["later"]
    since = spell.since
    changes = []
    for when in sorted({*moves, *changed}):
        known = changed[when].since if when in changed else _known(rng, spell, when)
        since = min(max(since, known), spell.end_since)
        changes.append(_Change(when, since, when in moves, when in changed))
    by_day = {change.day: change.since for change in changes}
    orders = [_Order(order.code, order.day, by_day.get(order.day, order.since)) for order in orders]
    reason = _ceased_reason(rng, spell, orders[-1])
    return _Care(book, spell, book.id("11"), tuple(changes), tuple(orders), reason)


def _known(rng: Random, spell: Spell, day: dt.date) -> int:
    return min(max(recorded(rng, day), spell.since), spell.end_since)


def _orders(rng: Random, spell: Spell, first: dt.date, stop: dt.date) -> list[_Order]:
    age = spell.child.age_years(spell.start)
    if spell.team == ADOPTION:
        path = [("C2", 0), ("E1", 30)]
    else:
        path = rng.choices(
            (
                [("V2", 0)],
                [("V2", 0), ("C1", 90)],
                [("V2", 0), ("C1", 60), ("C2", 210)],
                [("C1", 0), ("C2", 220)],
                [("L1", 0), ("C1", 3), ("C2", 200)],
                [("L2", 0), ("C1", 8), ("C2", 200)],
                [("C1", 0), ("C2", 190), ("E1", 12)],
                [("J1", 0), ("V2", 60)] if age > 12 else [("V2", 0)],
            ),
            (30, 6, 22, 24, 8, 3, 12 if age < 4 else 0, 3),
        )[0]
    if age > 15:
        path = path[:1] if path[0][0] in ("V2", "J1") else path[:2]
    orders = [_Order(path[0][0], spell.start, spell.since)]
    day = first
    for code, wait in path[1:]:
        day += days(wait * rng.uniform(0.7, 1.4) + 1)
        if day >= stop:
            break
        orders.append(_Order(code, day, _known(rng, spell, day)))
    return orders


def _ceased_reason(rng: Random, spell: Spell, last: _Order) -> str:
    if spell.end is None:
        return "E8"
    if spell.end >= spell.child.turns_18:
        return rng.choices(("E5", "E6", "E17", "E7", "E8"), (40, 10, 35, 5, 10))[0]
    if last.code == "E1" or spell.child.team == ADOPTION:
        return rng.choice(("E11", "E12", "E12"))
    reasons = ("E4A", "E4B", "E45", "E46", "E41", "E13", "E5", "E8", "E3", "E9")
    old = spell.child.age_years(spell.end) > 16
    return rng.choices(reasons, (40, 10, 18, 5, 8, 7, 30 if old else 0, 6, 2, 2 if old else 0))[0]


# Placements and episodes


def _placements(care: _Care) -> list[tuple[dt.date, str]]:
    """Writes the placements; returns (first day, id) of each."""
    book, spell, rng = care.book, care.spell, care.book.rng
    starts: list[tuple[dt.date, int]] = [(spell.start, spell.since)]
    starts += [(change.day, change.since) for change in care.changes if change.placement]
    written = []
    for number, (day, since) in enumerate(starts):
        is_last = number == len(starts) - 1
        kind = _placement_type(rng, care, day)
        provider = "PR0" if kind == "P1" else rng.choices(("PR1", "PR2", "PR4", "PR5"), (55, 4, 36, 5))[0]
        is_regulated = kind[0] in "KUR"
        urn = (f"SC{rng.randint(100000, 999999)}" if rng.random() > 0.04 else "XXXXXXX") if is_regulated else None
        distance = 999.9 if rng.random() < 0.02 else round(rng.expovariate(1 / 11), 1)
        end = care.end if is_last else ended(starts[number + 1][1], starts[number + 1][0])
        reasons = ("CARPL", "CREQB", "CREQO", "CHILD", "LAREQ", "STAND", "CLOSE", "OTHER")
        reason = None if is_last else rng.choices(reasons, (50, 14, 12, 6, 6, 3, 3, 6))[0]
        reason_shown = Known(((0, None), (starts[number + 1][1], reason))) if reason else None
        number_id = book.id("12")
        row = (number_id, care.start if number == 0 else day, kind, urn, distance, care.cla_id, provider)
        where = f"ZZ{rng.randint(1, 14)} {rng.randint(1, 9)}{rng.choice('ABDEFGHJ')}{rng.choice('LNPQRSTU')}"
        book.add("ssd_cla_placement", (since, spell.until), *row, where, end, reason_shown, spell.child.id)
        written.append((day, number_id))
    return written


def _placement_type(rng: Random, care: _Care, day: dt.date) -> str:
    age = care.spell.child.age_years(day)
    if care.spell.child.team == ADOPTION and care.spell.team == ADOPTION:
        return rng.choice(("A5", "A6", "A6", "U5", "U6"))
    if age < 10:
        return rng.choices(("U6", "U4", "U3", "U1", "P1", "R3", "K2", "A6"), (40, 12, 14, 8, 20, 2, 2, 2))[0]
    if age < 16:
        return rng.choices(("U6", "U4", "U3", "U1", "P1", "K2", "S1", "K1"), (24, 14, 9, 8, 17, 26, 4, 0.5))[0]
    return rng.choices(("U6", "U4", "H5", "P2", "P1", "K2", "R5", "U3"), (14, 10, 30, 12, 11, 20, 1, 3))[0]


def _episodes(care: _Care, placements: list[tuple[dt.date, str]]) -> None:
    book, spell, rng = care.book, care.spell, care.book.rng
    need = rng.choices(("N1", "N2", "N3", "N4", "N5", "N6", "N8"), (64, 5, 4, 8, 12, 2, 5))[0]
    entered = None if rng.random() < _NO_ENTERED_DATE else care.start
    reason_start, day, since = "S", spell.start, spell.since
    boundaries: list[_Change | None] = [*care.changes, None]
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


def _legal_statuses(care: _Care) -> None:
    book, spell, rng = care.book, care.spell, care.book.rng
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


def _words(rng: Random, spell: Spell, order: _Order) -> str:
    if rng.random() < _WRITTEN_AS_CODE:
        return order.code
    if order.code == "V2":
        return _V2_OVER_16 if spell.child.age_years(order.day) >= 16 else _V2_UNDER_16
    return rng.choice(_WORDS[order.code])


# Reviews, visits, plans


def _reviews(care: _Care) -> None:
    book, spell, rng = care.book, care.spell, care.book.rng
    due, number = working_days_after(spell.start, 20), 1
    while True:
        late = rng.random() < _REVIEW_LATE
        early = min(14, (due - spell.start).days // 2)
        held = due + days(rng.randint(1, 20)) if late else due - days(rng.randint(0, early))
        if held >= stop_of(spell) or held <= spell.latest_start:
            return
        shown = within(book, spell, held)
        if rng.random() < _REVIEW_CANCELLED:
            cancelled = (book.id("14"), care.cla_id, due, held - days(2), "Y", None)
            book.add("ssd_cla_reviews", shown, *cancelled)
        row = (book.id("14"), care.cla_id, due, held, "N", _participation(rng, spell.child.age_years(held)))
        book.add("ssd_cla_reviews", shown, *row)
        due = add_months(held, 3 if number == 1 else 6)
        number += 1


def _participation(rng: Random, age: float) -> str | None:
    if age < 4:
        return "PN0"
    codes = ("PN1", "PN2", "PN3", "PN5", "PN6", "PN7", "PN4", None)
    return rng.choices(codes, (52, 4, 3, 6, 34, 0.15, 0.1, 0.6))[0]


def _visits(care: _Care) -> None:
    book, spell, rng = care.book, care.spell, care.book.rng
    day = max(spell.latest_start, VISITS_FROM) + days(rng.randint(2, 30))
    while day < stop_of(spell):
        seen = "Y" if rng.random() < 0.95 else "N"
        alone = "Y" if seen == "Y" and rng.random() < 0.6 else "N"
        row = (book.id("63"), care.cla_id, spell.child.id, day, seen, alone)
        book.add("ssd_cla_visits", within(book, spell, day), *row)
        day += days(rng.randint(*_CLA_VISIT_DAYS))


def _care_plans(care: _Care) -> None:
    book, spell, rng = care.book, care.spell, care.book.rng
    starts = [spell.latest_start + days(rng.randint(5, 25))]
    if rng.random() < 0.9:
        starts.append(starts[0] + days(rng.randint(60, 125)))
    while starts[-1] + days(700) < stop_of(spell):
        starts.append(starts[-1] + days(rng.randint(300, 700)))
    starts = [day for day in starts if day < stop_of(spell)]
    known = [min(max(recorded(rng, day), spell.since), spell.end_since) for day in starts]
    for number, (day, since) in enumerate(zip(starts, known, strict=True)):
        agreed = rng.random() < (0.3 if number == 0 else 0.76 if number == 1 else 0.93)
        chosen = _permanence_plan(rng, spell.child.age_years(day)) if agreed else None
        keys = ", ".join(f'"{key}": "{"Y" if key == chosen else ""}"' for key in _PERMANENCE_KEYS)
        is_last = number == len(starts) - 1
        end = care.end if is_last else ended(max(since, known[number + 1]), starts[number + 1])
        row = (book.id("15"), spell.child.id, day, end, "{" + keys + "}")
        book.add("ssd_cla_care_plan", (since, spell.until), *row)


def _permanence_plan(rng: Random, age: float) -> str:
    if age < 4:
        return rng.choices(("ADOPTION", "RETURN6M", "LTRELFR", "LTFOST18"), (45, 20, 20, 15))[0]
    weights = (6, 5, 8, 4, 14, 45, 8, 2 if age < 15 else 30, 2, 3)
    return rng.choices(_PERMANENCE_KEYS, weights)[0]


def _permanence(care: _Care) -> None:
    """The road to adoption of a child with a placement order."""
    book, spell, rng = care.book, care.spell, care.book.rng
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


def _immigration(care: _Care) -> None:
    book, spell, rng = care.book, care.spell, care.book.rng
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
