"""Rows about children in need: ssd_cin_plans, ssd_cin_visits; and the dates that rows of any spell need.

Does not belong here: which plans there are; child protection (`protection_plans`).
"""

import datetime as dt

from warehouse_sample.book import Book, Shown
from warehouse_sample.lives import Referral, Spell
from warehouse_sample.organisation import DISTRICTS, team_id
from warehouse_sample.printed_figures import CIN, CLA, CP
from warehouse_sample.recording import Known, corrected, ended
from warehouse_sample.reported import is_looked_after, is_open_at_month_end, is_open_for_an_adult, run_together
from warehouse_sample.timeline import DROPS, EXTRACT_DAYS, HORIZON, NEVER, days, month_end, recorded
from warehouse_sample.world import World

VISITS_FROM = month_end(-1)
_SECOND_PLAN = 0.04
_VISIT_DAYS = (55, 95)

Dates = tuple[Shown, dt.date | Known, dt.date | Known | None]
"""Which drops show a plan, its start, its end."""


def write_plans(book: Book, world: World) -> None:
    """All rows of this module, for every plan of the world."""
    for spell in world.spells:
        if spell.kind == CIN:
            _note_faults(book, spell, _cin_plan(book, spell))


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
    """The key of a referral, if there is one."""
    return referral.id if referral else None


# Children in need


def _cin_plan(book: Book, spell: Spell) -> str:
    """Writes a plan with its visits; returns its key."""
    rng, child = book.rng, spell.child
    team: str | Known = team_id(spell.team)
    if spell.team_changes:
        team = Known(tuple((drop, team_id(name)) for drop, name in spell.team_changes))
    end = ended(spell.end_since, spell.end, spell.end_correction)
    key = cin_plan_row(book, spell, (spell.shown, corrected(spell.start, spell.start_correction), end), team)
    still = spell.end is None and spell.until == NEVER and not spell.team_changes
    if still and spell.since == 0 and rng.random() < _SECOND_PLAN:
        start = spell.latest_start + days(rng.randint(30, 120))
        if start < EXTRACT_DAYS[0]:
            second = cin_plan_row(book, spell, ((0, NEVER), start, None), team_id(rng.choice(DISTRICTS)))
            book.note_fault("cin_plan_still_open_after_a_later_one", "ssd_cin_plans", key, DROPS)
            _note_faults(book, spell, second)
    day = max(spell.latest_start, VISITS_FROM) + days(rng.randint(3, 20))
    while day < stop_of(spell):
        seen = "Y" if rng.random() < 0.93 else "N"
        alone = "Y" if seen == "Y" and rng.random() < 0.6 else "N"
        row = (book.id("61"), child.id, day, seen, alone, "Y" if rng.random() < 0.4 else "N")
        book.add("ssd_cin_visits", within(book, spell, day), *row)
        day += days(rng.randint(*_VISIT_DAYS))
    return key


def cin_plan_row(book: Book, spell: Spell, dates: Dates, team: str | Known) -> str:
    """Writes the row of a plan; returns its key."""
    shown, start, end = dates
    worker = book.workforce.someone(book.rng, spell.team)
    referral = referral_id(spell.referral)
    key = book.id("33")
    book.add("ssd_cin_plans", shown, key, referral, spell.child.id, start, end, team, worker)
    return key


def _note_faults(book: Book, spell: Spell, key: str) -> None:
    """Notes a plan that was left open when the child moved on to another service or turned 18."""
    others = [other for other in spell.child.spells if other.kind == CP]
    care = [other for other in spell.child.spells if other.kind == CLA]
    open_in = [drop for drop in DROPS if is_open_at_month_end(spell, drop)]
    drops = {
        "cin_plan_alongside_a_cp_plan": [
            drop for drop in DROPS if any(run_together(spell, other, drop) for other in others)
        ],
        "cin_plan_of_a_child_looked_after": [
            drop for drop in open_in if any(is_looked_after(other, drop) for other in care)
        ],
        "cin_plan_of_an_adult": [drop for drop in DROPS if is_open_for_an_adult(spell, drop)],
    }
    for rule, drops_at_fault in drops.items():
        book.note_fault(rule, "ssd_cin_plans", key, drops_at_fault)
