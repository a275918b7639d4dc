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
from warehouse_sample.care_targets import targets
from warehouse_sample.lives import Spell
from warehouse_sample.organisation import REVIEWING_TEAM, team_id
from warehouse_sample.plans import stop_of, within
from warehouse_sample.printed_figures import CIN
from warehouse_sample.recording import Known, corrected, ended
from warehouse_sample.reported import is_shown, start_shown
from warehouse_sample.timeline import NEVER, days, drop_of, month_end, recorded
from warehouse_sample.world import World

_CONFERENCE_ON_TIME = 0.77
"""Share of the conferences that can be late; others follow the referral too soon. Of all it is about 0.86."""
_FIRST_MONTH = -24
_NO_PLAN_CONFERENCES, _NO_PLAN_ENQUIRIES = 22, 150
"""A month: conferences that end without a plan, section 47 enquiries that lead to no conference."""
_LED_ON_WHERE_LACKING = 0.5
"""In a month with a printed number of children who had a conference, until there are as many."""
_APART = days(120)
"""Between the first days of two enquiries of a child: the end of the first is known by then."""
_TRANSFERS = 0.02
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
    families: dict[object, _Together] = {}
    rooms = _Rooms()
    for plan in book.protection_plans:
        spell = plan.spell
        key = spell.family or spell
        if key not in families:
            families[key] = _Together(book, spell)
        began = _before_plan(book, plan, families[key], assessed)
        begun.setdefault(spell.child.id, []).append(began)
        if families[key].transfer == "N":
            rooms.take(spell)
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
                    _without_plan(book, spell, began, assessed, rooms)
                    break


def _stop(spell: Spell) -> dt.date:
    """The last day of the case on which something of the spell may be recorded."""
    closed = spell.referral.close if spell.referral else None
    return min(stop_of(spell), closed) if closed else stop_of(spell)


class _Together:
    """What the children of a family share: the meeting, and the first day of the enquiry."""

    def __init__(self, book: Book, spell: Spell) -> None:
        held = spell.earliest_start
        self.meeting = book.id("44")
        self.began = held - days(_wait(book.rng) * 7 / 5)
        self.transfer = "Y" if book.rng.random() < _TRANSFERS else "N"


class _Rooms:
    """How many more children may have an initial conference in the months with a printed number. State."""

    def __init__(self) -> None:
        self._left = dict(targets("initial_conferences"))

    def take(self, plan: Spell) -> None:
        """Takes the room of a child who is on a plan after it."""
        for asked in self._left:
            drop = asked.at.drop
            self._left[asked] -= is_shown(plan, drop) and asked.is_in_months(start_shown(plan, drop))

    def share(self, day: dt.date) -> float:
        """Of enquiries whose conference would be on a day, those that lead to one."""
        lacks = any(left > 0 and asked.is_in_months(day) for asked, left in self._left.items())
        return _LED_ON_WHERE_LACKING if lacks else _NO_PLAN_CONFERENCES / _NO_PLAN_ENQUIRIES

    def is_free(self, day: dt.date, shown: Shown) -> bool:
        """Whether there is room for a child who is on no plan after a conference; takes it."""
        for asked, left in self._left.items():
            if asked.is_in_months(day):
                is_free = left > 0 and shown[0] <= asked.at.drop < shown[1]
                self._left[asked] -= is_free
                return is_free
        return True


def _before_plan(book: Book, plan: ProtectionPlan, family: _Together, assessed: _Assessed) -> dt.date:
    """The enquiry and the conference that decided on a plan; returns the day on which the enquiry began."""
    rng, spell = book.rng, plan.spell
    conference_day = spell.earliest_start
    began = max(family.began, spell.referral.day) if spell.referral else family.began
    enquiry_id, worker = book.id("43"), book.workforce.someone(rng, spell.team)
    finished = min(began + days(rng.randint(3, 9)), conference_day)
    outcome = '{"OUTCOME_NFA_FLAG": "N", "OUTCOME_CP_CONFERENCE_FLAG": "Y"}'
    referral = _referral(book, spell, began, spell.shown, assessed)
    row = (enquiry_id, referral, spell.child.id, began, finished, "N", outcome, worker, team_id(spell.team))
    book.add("ssd_s47_enquiry", spell.shown, *row)
    meeting = (plan.conference_id, family.meeting, enquiry_id, spell.child.id, plan.id)
    referral_id = spell.referral.id if spell.referral else None
    held = corrected(spell.start, spell.start_correction)
    dates = (working_days_after(began, 15), held, "Y", '{"OUTCOME_CP_PLAN_FLAG": "Y"}')
    where = (team_id(spell.team), worker)
    book.add("ssd_initial_cp_conference", spell.shown, *meeting, referral_id, family.transfer, *dates, *where)
    return began


def _wait(rng: Random) -> int:
    """Working days from the strategy discussion to the initial conference."""
    return rng.randint(6, 14) if rng.random() < _CONFERENCE_ON_TIME else rng.randint(18, 28)


def _without_plan(book: Book, spell: Spell, began: dt.date, assessed: _Assessed, rooms: _Rooms) -> None:
    """An enquiry about a child in need; a few lead to a conference, which decides on no plan."""
    rng, team, stop = book.rng, spell.team, _stop(spell)
    enquiry_id, worker = book.id("43"), book.workforce.someone(rng, team)
    finished = min(began + days(rng.randint(1, 12)), stop)
    held = working_days_after(began, _wait(rng))
    is_led_on = rng.random() < rooms.share(held) and held <= stop
    shown = within(book, spell, began)
    conferred = max(shown[0], within(book, spell, held)[0]), spell.until
    is_led_on = is_led_on and rooms.is_free(held, conferred)
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
        book.add("ssd_initial_cp_conference", conferred, *ids, *dates, *where)


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
