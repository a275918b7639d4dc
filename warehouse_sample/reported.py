"""What a drop shows of a spell.

Belongs here: dates and states as LCS knew them at an extract. Does not belong here: what is counted from them.
"""

import datetime as dt

from warehouse_sample.care_targets import At
from warehouse_sample.lives import Child, Spell
from warehouse_sample.printed_figures import CLA
from warehouse_sample.timeline import month_end


def financial_year(day: dt.date) -> int:
    """The year in which the financial year of `day` began."""
    return day.year - (day.month < 4)


def is_shown(spell: Spell, drop: int) -> bool:
    """Whether the drop has the spell at all."""
    return spell.since <= drop < spell.until


def start_shown(spell: Spell, drop: int) -> dt.date:
    """The start as the drop has it, whether or not the drop shows the spell."""
    correction = spell.start_correction
    return correction[1] if correction and correction[0] <= drop else spell.start


def end_shown(spell: Spell, drop: int) -> dt.date | None:
    """The end as the drop has it; None where it has none yet."""
    if spell.end is None or spell.end_since > drop:
        return None
    correction = spell.end_correction
    return correction[1] if correction and correction[0] <= drop else spell.end


def is_open_on(spell: Spell, at: At) -> bool:
    """Whether the spell is open on a day, as a drop shows it."""
    end = end_shown(spell, at.drop)
    return is_shown(spell, at.drop) and start_shown(spell, at.drop) <= at.day and (end is None or end > at.day)


def is_open_at_month_end(spell: Spell, drop: int) -> bool:
    """Whether the spell is open at the month end of a drop, as that drop shows it."""
    return is_open_on(spell, At(drop, month_end(drop)))


def run_together(one: Spell, other: Spell, drop: int) -> bool:
    """Whether a drop shows both spells and a day on which both are open."""
    if not (is_shown(one, drop) and is_shown(other, drop)):
        return False
    ends = [end for end in (end_shown(one, drop), end_shown(other, drop)) if end]
    return max(start_shown(one, drop), start_shown(other, drop)) < min(ends, default=dt.date.max)


def is_open_for_an_adult(spell: Spell, drop: int) -> bool:
    """Whether the spell is open at the month end of a drop and its child is known to be 18 or over."""
    is_adult = spell.child.has_dob and spell.child.turns_18 <= month_end(drop)
    return is_adult and is_open_at_month_end(spell, drop)


def is_looked_after_on(spell: Spell, at: At) -> bool:
    """Whether the child is looked after by this spell on a day, as a drop shows it."""
    is_child = spell.child.has_dob and spell.child.turns_18 > at.day
    return spell.kind == CLA and is_child and is_open_on(spell, at)


def is_looked_after(spell: Spell, drop: int) -> bool:
    """Whether the child is looked after by this spell at the month end of a drop."""
    return is_looked_after_on(spell, At(drop, month_end(drop)))


def team_on(child: Child, day: dt.date) -> str:
    """The team of the child's latest allocation up to a day."""
    return next((held.team for held in reversed(child.allocations) if held.start <= day), child.team)
