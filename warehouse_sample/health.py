"""Rows about the health and safety of children looked after.

Belongs here: ssd_cla_health, ssd_cla_immunisations, ssd_sdq_scores, ssd_missing. Does not belong here: who is
looked after; who must be up to date at which month end (`health_checks`), which assessments are in time
(`health_days`).
"""

import datetime as dt
from collections.abc import Iterator
from random import Random

from warehouse_sample.book import Book, Shown
from warehouse_sample.health_checks import CHECKS_FROM, DENTAL, HEALTH, CompletedCheck, fitted_checks
from warehouse_sample.health_days import INITIAL_UNTIL, HealthRow, settle_days
from warehouse_sample.lives import Spell
from warehouse_sample.plans import stop_of, within
from warehouse_sample.printed_figures import CLA
from warehouse_sample.recording import ended
from warehouse_sample.timeline import days, drop_of, month_end
from warehouse_sample.world import World

_NOT_DONE = 0.1
"""Share of checks that were refused, cancelled or stayed planned."""
_INITIAL_WORDS = (
    *["Initial Health Assessment"] * 6,
    *["Initial Health Assessment (IHA)"] * 2,
    "IHA",
    "Initial HA",
    "Health Assessment",
)
_WORDS = {
    HEALTH: (
        *["Review Health Assessment"] * 6,
        *["Health Assessment"] * 4,
        "Review Health Assessment (RHA)",
        "RHA",
        "review health assessment",
    ),
    DENTAL: (*["Dental Check"] * 9, "Dental Check-Up", "Dentist"),
}
"""Types of checks as they are written: teams and forms differ, and some say nothing of the kind."""
_MISSING_FROM = month_end(-13)


def write_health(book: Book, world: World) -> None:
    """All rows of this module, for every period of care of the world."""
    fitted = fitted_checks(book.rng, world)
    care = [spell for spell in world.spells if spell.kind == CLA]
    rows: list[HealthRow] = []
    for spell in care:
        for kind in (HEALTH, DENTAL):
            if spell in fitted[kind]:
                rows += _fitted(book, spell, kind, fitted[kind][spell])
            else:
                rows += _usual(book, spell, kind)
        _immunisations(book, spell)
        _scores(book, spell)
        _missing(book, spell)
    settle_days(Random(f"{book.seed}:health days"), rows, care)
    for row in rows:
        values = (row.key, row.spell.child.id, row.words, row.day, row.status)
        book.add("ssd_cla_health", (row.since, row.until), *values)


def _row(book: Book, spell: Spell, shown: Shown, check: tuple[str, dt.date, str]) -> HealthRow:
    """A row of a check: its kind, day and status. Its type is written in one of the words that are in use."""
    kind, day, status = check
    key = book.id("18")
    is_initial = kind == HEALTH and day - spell.latest_start < INITIAL_UNTIL
    words = _INITIAL_WORDS if is_initial else _WORDS[kind]
    return HealthRow(spell, *shown, key, kind, words[int(key) % len(words)], is_initial, day, status)


def _not_done(book: Book, spell: Spell, kind: str, day: dt.date) -> HealthRow:
    status = book.rng.choice(("Refused", "Cancelled", "Planned"))
    return _row(book, spell, within(book, spell, day), (kind, day, status))


def _fitted(book: Book, spell: Spell, kind: str, checks: list[CompletedCheck]) -> Iterator[HealthRow]:
    rng = book.rng
    for check in checks:
        yield _row(book, spell, (check.since, min(check.until, spell.until)), (kind, check.day, "Completed"))
        before = check.day - days(rng.randint(10, 40))
        if rng.random() < _NOT_DONE and before > spell.latest_start:
            yield _not_done(book, spell, kind, before)
    day = month_end(0) + days(rng.randint(-300, 300))
    if rng.random() < _NOT_DONE and spell.latest_start < day < stop_of(spell):
        yield _not_done(book, spell, kind, day)


def _usual(book: Book, spell: Spell, kind: str) -> Iterator[HealthRow]:
    """A stay's checks that no figure needs."""
    rng, child = book.rng, spell.child
    day = spell.latest_start + days(rng.randint(12, 70))
    while day < stop_of(spell):
        is_done = rng.random() >= _NOT_DONE
        if day > CHECKS_FROM and is_done:
            yield _row(book, spell, within(book, spell, day), (kind, day, "Completed"))
        elif day > CHECKS_FROM:
            yield _not_done(book, spell, kind, day)
        if not is_done:
            day += days(rng.randint(10, 40))
        elif kind == DENTAL:
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
    day = max(spell.latest_start, CHECKS_FROM) + days(rng.randint(60, 380))
    while day < stop_of(spell):
        if 4 <= child.age_years(day) < 17:
            has_score = rng.random() < 0.8
            score = str(min(40, max(0, round(rng.gauss(14, 7))))) if has_score else None
            reason = None if has_score else rng.choice(("SDQ2", "SDQ4", "SDQ5"))
            row = (book.id("19"), child.id, day, reason, score)
            book.add("ssd_sdq_scores", within(book, spell, day), *row)
        day += days(rng.randint(330, 400))


def _missing(book: Book, spell: Spell) -> None:
    """Writes the missing episodes. Returns are recorded on time: no drop shows a child missing and moved on."""
    rng, child = book.rng, spell.child
    if child.age_years(stop_of(spell)) < 11 or rng.random() > 0.16:
        return
    day = max(spell.latest_start, _MISSING_FROM) + days(rng.randint(5, 90))
    while day + dt.timedelta(days=4) < stop_of(spell):
        back = day + days(rng.choice((0, 0, 1, 1, 1, 2, 3)))
        offered = "Y" if rng.random() < 0.9 else "N"
        accepted = "NA" if offered == "N" else "Y" if rng.random() < 0.6 else "N"
        shown = within(book, spell, day)
        end = ended(max(shown[0], drop_of(back)), back)
        row = (book.id("20"), child.id, day, rng.choice(("M", "M", "A")), end, offered, accepted)
        book.add("ssd_missing", shown, *row)
        day += days(rng.expovariate(1 / 40) + 2)
