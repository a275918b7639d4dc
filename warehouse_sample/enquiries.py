"""Rows about section 47 enquiries, the initial conferences that they lead to, and assessments made for them.

Belongs here: ssd_s47_enquiry, ssd_initial_cp_conference; assessments of cases that had none when the enquiry was
made. Does not belong here: the plans that conferences decide on (`protection_plans`), other assessments
(`front_door`). All of it lies within the time for which the case is open, and no enquiry of a child begins
during another.
"""

import datetime as dt
from random import Random

from pipelines.calendar import working_days_after
from warehouse_sample.book import Book, ProtectionPlan, Shown
from warehouse_sample.lives import Spell
from warehouse_sample.organisation import REVIEWING_TEAM, team_id
from warehouse_sample.plans import stop_of, within
from warehouse_sample.printed_figures import CIN
from warehouse_sample.recording import Known, corrected, ended
from warehouse_sample.timeline import NEVER, days, drop_of, month_end, recorded
from warehouse_sample.world import World

_CONFERENCE_ON_TIME = 0.74
"""Share of the conferences that can be late; others follow the referral too soon. Of all it is about 0.86."""
_FIRST_MONTH = -24
_NO_PLAN_CONFERENCES, _NO_PLAN_ENQUIRIES = 22, 150
"""A month: conferences that end without a plan, section 47 enquiries that lead to no conference."""
_APART = days(120)
"""Between the first days of two enquiries of a child: the end of the first is known by then."""
_TRIES = 8
_ASSESSED_FROM = dt.date(2017, 4, 1)
"""Assessments of older enquiries are not kept."""
_ASSESSMENT_DAYS = (20, 55)

_Assessed = dict[str, int]
"""The first drop that shows an assessment, by referral."""


def write_enquiries(book: Book, world: World) -> None:
    """Writes all rows of this module, for the plans in the book and for children who got no plan."""
    assessed = book.ledgers["ssd_cin_assessments"].first_shown("cina_referral_id")
    begun: dict[str, list[dt.date]] = {}
    for plan in book.protection_plans:
        began = _before_plan(book, plan, assessed)
        begun.setdefault(plan.spell.child.id, []).append(began)
    plans = [spell for spell in world.spells if spell.kind == CIN]
    for month in range(_FIRST_MONTH, 13):
        first, last = month_end(month - 1) + days(1), month_end(month)
        able = [spell for spell in plans if spell.latest_start < last and _stop(spell) > first]
        for _ in range(_NO_PLAN_ENQUIRIES + _NO_PLAN_CONFERENCES):
            for _ in range(_TRIES):
                spell = book.rng.choice(able)
                low, high = max(first, spell.latest_start), min(last, _stop(spell))
                began = low + days(book.rng.randint(0, (high - low).days))
                others = begun.setdefault(spell.child.id, [])
                if all(abs(began - other) > _APART for other in others):
                    others.append(began)
                    _without_plan(book, spell, began, assessed)
                    break


def _stop(spell: Spell) -> dt.date:
    """The last day of the case on which something of the spell may be recorded."""
    closed = spell.referral.close if spell.referral else None
    return min(stop_of(spell), closed) if closed else stop_of(spell)


def _before_plan(book: Book, plan: ProtectionPlan, assessed: _Assessed) -> dt.date:
    """The enquiry and the conference that decided on a plan; returns the day on which the enquiry began."""
    rng, spell = book.rng, plan.spell
    conference_day = spell.start
    if spell.start_correction:
        conference_day = min(conference_day, spell.start_correction[1])
    began = conference_day - days(_wait(rng) * 7 / 5)
    if spell.referral:
        began = max(began, spell.referral.day)
    enquiry_id, worker = book.id("43"), book.workforce.someone(rng, spell.team)
    finished = min(began + days(rng.randint(3, 9)), conference_day)
    outcome = '{"OUTCOME_NFA_FLAG": "N", "OUTCOME_CP_CONFERENCE_FLAG": "Y"}'
    referral = _referral(book, spell, began, spell.shown, assessed)
    row = (enquiry_id, referral, spell.child.id, began, finished, "N", outcome, worker, team_id(spell.team))
    book.add("ssd_s47_enquiry", spell.shown, *row)
    transfer = "Y" if rng.random() < 0.02 else "N"
    meeting = (plan.conference_id, book.id("44"), enquiry_id, spell.child.id, plan.id)
    referral_id = spell.referral.id if spell.referral else None
    held = corrected(spell.start, spell.start_correction)
    dates = (working_days_after(began, 15), held, "Y", '{"OUTCOME_CP_PLAN_FLAG": "Y"}')
    where = (team_id(spell.team), worker)
    book.add("ssd_initial_cp_conference", spell.shown, *meeting, referral_id, transfer, *dates, *where)
    return began


def _wait(rng: Random) -> int:
    """Working days from the strategy discussion to the initial conference."""
    return rng.randint(6, 14) if rng.random() < _CONFERENCE_ON_TIME else rng.randint(18, 28)


def _without_plan(book: Book, spell: Spell, began: dt.date, assessed: _Assessed) -> None:
    """An enquiry about a child in need; a few lead to a conference, which decides on no plan."""
    rng, team, stop = book.rng, spell.team, _stop(spell)
    enquiry_id, worker = book.id("43"), book.workforce.someone(rng, team)
    finished = min(began + days(rng.randint(1, 12)), stop)
    held = working_days_after(began, _wait(rng))
    is_led_on = rng.random() < _NO_PLAN_CONFERENCES / _NO_PLAN_ENQUIRIES and held <= stop
    shown = within(book, spell, began)
    end_since = drop_of(finished) if is_led_on else _known_before_closure(spell, recorded(rng, finished))
    outcome = '{"OUTCOME_NFA_FLAG": "' + ("N" if is_led_on else "Y") + '"}'
    referral = _referral(book, spell, began, shown, assessed)
    row = (enquiry_id, referral, spell.child.id, began, ended(end_since, finished), "N" if is_led_on else "Y")
    book.add("ssd_s47_enquiry", shown, *row, outcome, worker, team_id(team))
    if is_led_on:
        referral_id = spell.referral.id if spell.referral else None
        ids = (book.id("42"), book.id("44"), enquiry_id, spell.child.id, None, referral_id, "N")
        dates = (working_days_after(began, 15), held, "N", '{"OUTCOME_CP_PLAN_FLAG": "N"}')
        where = (REVIEWING_TEAM[0] if rng.random() < 0.1 else team_id(team), worker)
        first = max(shown[0], within(book, spell, held)[0])
        book.add("ssd_initial_cp_conference", (first, spell.until), *ids, *dates, *where)


def _known_before_closure(spell: Spell, since: int) -> int:
    """A case is closed once everything in it has ended."""
    closed = spell.referral.close if spell.referral else None
    return min(since, drop_of(closed)) if closed else since


def _referral(book: Book, spell: Spell, began: dt.date, shown: Shown, assessed: _Assessed) -> str | Known | None:
    """The referral of an enquiry, linked once it has an assessment; where it has none, one is made."""
    referral = spell.referral
    if referral is None or began < _ASSESSED_FROM:
        return referral.id if referral else None
    if referral.id not in assessed:
        _assessment(book, spell, began, shown[0])
        assessed[referral.id] = shown[0]
    if assessed[referral.id] > shown[0]:
        return Known(((0, None), (assessed[referral.id], referral.id)))
    return referral.id


def _assessment(book: Book, spell: Spell, began: dt.date, since: int) -> None:
    """An assessment that begins with the enquiry, authorised in time and before the case is closed."""
    rng, referral = book.rng, spell.referral
    if referral is None:
        return
    finished = began + days(rng.randint(*_ASSESSMENT_DAYS))
    if referral.close:
        finished = min(finished, referral.close)
    authorised = ended(max(since, drop_of(finished)), finished)
    row = (book.id("32"), spell.child.id, referral.id, began, "Y", authorised, '{"OUTCOME_NFA_FLAG": "N"}', "N")
    where = (team_id(spell.team), book.workforce.someone(rng, spell.team))
    book.add("ssd_cin_assessments", (since, NEVER), *row, *where)
