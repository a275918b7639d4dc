"""Rows about children in need: ssd_cin_plans, ssd_cin_visits; and what rows of any spell need to know of it.

Does not belong here: which plans there are; child protection (`protection`).
"""

import datetime as dt

from pipelines.sample.book import Book, Shown
from pipelines.sample.figures import CIN
from pipelines.sample.lives import Referral, Spell
from pipelines.sample.organisation import DISTRICTS, team_id
from pipelines.sample.recording import Known, corrected, ended
from pipelines.sample.timeline import EXTRACT_DAYS, HORIZON, NEVER, days, month_end, recorded
from pipelines.sample.world import World

VISITS_FROM = month_end(-1)
_SECOND_PLAN = 0.04
_VISIT_DAYS = (55, 95)

Dates = tuple[Shown, dt.date | Known, dt.date | Known | None]
"""Which drops show a plan, its start, its end."""


def write_plans(book: Book, world: World) -> None:
    """All rows of this module, for every plan of the world."""
    for spell in world.spells:
        if spell.kind == CIN:
            _cin_plan(book, spell)


def add_months(day: dt.date, months: int) -> dt.date:
    """Same day of a later month, or its last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    first = dt.date(index // 12, index % 12 + 1, 1)
    following = dt.date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return min(first + days(day.day - 1), following - days(1))


def stop_of(spell: Spell) -> dt.date:
    """The last day on which something of the spell may be recorded."""
    return min(spell.earliest_end or HORIZON, HORIZON)


def within(book: Book, spell: Spell, day: dt.date) -> Shown:
    """Which drops show an event of `day` that belongs to the spell."""
    return max(recorded(book.rng, day), spell.since), spell.until


def referral_id(referral: Referral | None) -> str | None:
    return referral.id if referral else None


# Children in need


def _cin_plan(book: Book, spell: Spell) -> None:
    rng, child = book.rng, spell.child
    team: str | Known = team_id(spell.team)
    if spell.team_changes:
        team = Known(tuple((drop, team_id(name)) for drop, name in spell.team_changes))
    end = ended(spell.end_since, spell.end, spell.end_correction)
    cin_plan_row(book, spell, (spell.shown, corrected(spell.start, spell.start_correction), end), team)
    still = spell.end is None and spell.until == NEVER and not spell.team_changes
    if still and spell.since == 0 and rng.random() < _SECOND_PLAN:
        start = spell.latest_start + days(rng.randint(30, 120))
        if start < EXTRACT_DAYS[0]:
            cin_plan_row(book, spell, ((0, NEVER), start, None), team_id(rng.choice(DISTRICTS)))
    day = max(spell.latest_start, VISITS_FROM) + days(rng.randint(3, 20))
    while day < stop_of(spell):
        seen = "Y" if rng.random() < 0.93 else "N"
        alone = "Y" if seen == "Y" and rng.random() < 0.6 else "N"
        row = (book.id("61"), child.id, day, seen, alone, "Y" if rng.random() < 0.4 else "N")
        book.add("ssd_cin_visits", within(book, spell, day), *row)
        day += days(rng.randint(*_VISIT_DAYS))


def cin_plan_row(book: Book, spell: Spell, dates: Dates, team: str | Known) -> None:
    shown, start, end = dates
    worker = book.workforce.someone(book.rng, spell.team)
    referral = referral_id(spell.referral)
    book.add("ssd_cin_plans", shown, book.id("33"), referral, spell.child.id, start, end, team, worker)
