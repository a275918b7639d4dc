"""Rows about the health and safety of children looked after.

Belongs here: ssd_cla_health, ssd_cla_immunisations, ssd_sdq_scores, ssd_missing.
Does not belong here: who is looked after.
"""

import datetime as dt

from pipelines.sample.book import Book
from pipelines.sample.figures import CLA
from pipelines.sample.lives import Spell
from pipelines.sample.plans import stop_of, within
from pipelines.sample.recording import ended
from pipelines.sample.timeline import days, month_end, recorded
from pipelines.sample.world import World

_HISTORY = month_end(-24)
_NOT_DONE = 0.1
"""Share of checks that were refused, cancelled or stayed planned."""
_MISSING_FROM = month_end(-13)


def write_health(book: Book, world: World) -> None:
    """All rows of this module, for every period of care of the world."""
    for spell in world.spells:
        if spell.kind == CLA:
            _checks(book, spell, "Health Assessment")
            _checks(book, spell, "Dental Check")
            _immunisations(book, spell)
            _scores(book, spell)
            _missing(book, spell)


def _checks(book: Book, spell: Spell, kind: str) -> None:
    rng, child = book.rng, spell.child
    day = spell.latest_start + days(rng.randint(12, 70))
    while day < stop_of(spell):
        is_done = rng.random() >= _NOT_DONE
        if day > _HISTORY:
            status = "Completed" if is_done else rng.choice(("Refused", "Cancelled", "Planned"))
            row = (book.id("18"), child.id, kind, day, status)
            book.add("ssd_cla_health", within(book, spell, day), *row)
        if not is_done:
            day += days(rng.randint(10, 40))
        elif kind == "Dental Check":
            day += days(rng.choice((rng.randint(180, 365), rng.randint(330, 640))))
        elif child.age_years(day) < 5:
            day += days(rng.randint(140, 190))
        else:
            day += days(rng.randint(310, 385))


def _immunisations(book: Book, spell: Spell) -> None:
    rng = book.rng
    day = spell.latest_start + days(rng.randint(20, 120))
    if day < stop_of(spell):
        row = (spell.child.id, "Y" if rng.random() < 0.9 else "N", day)
        book.add("ssd_cla_immunisations", within(book, spell, day), *row)


def _scores(book: Book, spell: Spell) -> None:
    rng, child = book.rng, spell.child
    day = max(spell.latest_start, _HISTORY) + days(rng.randint(60, 380))
    while day < stop_of(spell):
        if 4 <= child.age_years(day) < 17:
            has_score = rng.random() < 0.8
            score = str(min(40, max(0, round(rng.gauss(14, 7))))) if has_score else None
            reason = None if has_score else rng.choice(("SDQ2", "SDQ4", "SDQ5"))
            row = (book.id("19"), child.id, day, reason, score)
            book.add("ssd_sdq_scores", within(book, spell, day), *row)
        day += days(rng.randint(330, 400))


def _missing(book: Book, spell: Spell) -> None:
    rng, child = book.rng, spell.child
    if child.age_years(stop_of(spell)) < 11 or rng.random() > 0.16:
        return
    day = max(spell.latest_start, _MISSING_FROM) + days(rng.randint(5, 90))
    while day + dt.timedelta(days=4) < stop_of(spell):
        back = day + days(rng.choice((0, 0, 1, 1, 1, 2, 3)))
        offered = "Y" if rng.random() < 0.9 else "N"
        accepted = "NA" if offered == "N" else "Y" if rng.random() < 0.6 else "N"
        shown = within(book, spell, day)
        end = ended(max(shown[0], recorded(rng, back)), back)
        row = (book.id("20"), child.id, day, rng.choice(("M", "M", "A")), end, offered, accepted)
        book.add("ssd_missing", shown, *row)
        day += days(rng.expovariate(1 / 40) + 2)
