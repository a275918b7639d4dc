"""On which days child protection plans begin: those of the conferences that decide on them, never at a weekend.

Belongs here: moving the first day of a plan to a working day close by. Does not belong here: which plans there
are (`history`, `months`), how long they last (`protection_history`).
"""

import datetime as dt

from pipelines.calendar import is_working_day
from warehouse_sample.lives import Spell
from warehouse_sample.printed_figures import CP
from warehouse_sample.timeline import days
from warehouse_sample.world import World


def hold_conferences_on_working_days(world: World) -> None:
    """Moves the plans that begin at a weekend or on a bank holiday, corrected first days as well."""
    for child in world.children:
        for before, spell in zip([None, *child.spells], child.spells, strict=False):
            if spell.kind == CP:
                _move(spell, before)


def conference_day(day: dt.date, earliest: dt.date = dt.date.min) -> dt.date:
    """A working day near `day`, of the same month where there is one, and not before `earliest`."""
    previous = following = day
    while not is_working_day(previous):
        previous -= days(1)
    while not is_working_day(following):
        following += days(1)
    return previous if previous >= earliest and previous.month == day.month else following


def _move(spell: Spell, before: Spell | None) -> None:
    earliest = spell.referral.day if spell.referral else dt.date.min
    if before and before.end:
        earliest = max(earliest, before.end)
    spell.start = conference_day(spell.start, earliest)
    if spell.start_correction:
        drop, start = spell.start_correction
        spell.start_correction = (drop, conference_day(start, earliest))
