"""Rows about child protection: plans, initial conferences, section 47 enquiries, visits.

Belongs here: ssd_cp_plans, ssd_cp_visits, ssd_initial_cp_conference, ssd_s47_enquiry, ssd_pre_proceedings.
Does not belong here: which plans there are; review conferences (`conferences`).
"""

from random import Random

from pipelines.calendar import working_days_after
from pipelines.sample.book import Book
from pipelines.sample.conferences import write_conferences
from pipelines.sample.figures import CIN, CLA, CP
from pipelines.sample.lives import Child, Spell
from pipelines.sample.organisation import DISTRICTS, REVIEWING_TEAM, SEND, team_id
from pipelines.sample.plans import VISITS_FROM, cin_plan_row, referral_id, stop_of, within
from pipelines.sample.recording import corrected, ended
from pipelines.sample.timeline import NEVER, days, month_end, recorded
from pipelines.sample.world import World

CATEGORIES = (
    "Emotional abuse",
    "Neglect",
    "Physical abuse",
    "Sexual abuse",
    "Multiple: Neglect, Emotional abuse",
)
_CATEGORY_WEIGHTS = (47, 38, 7, 4, 4)
_CATEGORY_CODES = {"Emotional abuse": "EMO", "Neglect": "NEG", "Physical abuse": "PHY", "Sexual abuse": "SAB"}
_VISIT_DAYS = (30, 48)
_CONFERENCE_ON_TIME = 0.86
_OTHER_AUTHORITIES_PLANS = 26
_NO_PLAN_CONFERENCES, _NO_PLAN_ENQUIRIES = 22, 150
"""A month: conferences that end without a plan, section 47 enquiries that lead to no conference."""


def write_protection(book: Book, world: World) -> None:
    """All rows of this module, and of `conferences`, for every plan of the world."""
    plan_ids = {spell: _cp_plan(book, spell) for spell in world.spells if spell.kind == CP}
    write_conferences(book, plan_ids)
    _other_authorities_plans(book, world)
    _enquiries_without_plan(book, world)


def _cp_plan(book: Book, spell: Spell) -> str:
    """Writes a plan and all about it but its reviews; returns its id."""
    rng, child = book.rng, spell.child
    plan_id, conference_id = book.id("41"), book.id("42")
    category = rng.choices(CATEGORIES, _CATEGORY_WEIGHTS)[0]
    latest = category if rng.random() < 0.85 else rng.choices(CATEGORIES, _CATEGORY_WEIGHTS)[0]
    if rng.random() < 0.1:
        category = _CATEGORY_CODES.get(category, "MUL")
    end = ended(spell.end_since, spell.end, spell.end_correction)
    start = corrected(spell.start, spell.start_correction)
    referral = referral_id(spell.referral)
    row = (plan_id, referral, conference_id, child.id, start, end, category, "N", latest)
    book.add("ssd_cp_plans", spell.shown, *row)
    _conference(book, child, spell, (conference_id, plan_id, spell.team))
    _cp_visits(book, spell, plan_id)
    if rng.random() < 0.06:
        _pre_proceedings(book, spell)
    return plan_id


def _conference(book: Book, child: Child, spell: Spell, ids: tuple[str, str, str]) -> None:
    rng = book.rng
    conference_id, plan_id, team = ids
    enquiry_id = book.id("43")
    began = spell.start - days(_wait(rng) * 7 / 5)
    worker = book.workforce.someone(rng, team)
    referral = referral_id(spell.referral)
    outcome = '{"OUTCOME_NFA_FLAG": "N", "OUTCOME_CP_CONFERENCE_FLAG": "Y"}'
    row = (enquiry_id, referral, child.id, began, began + days(rng.randint(3, 9)), "N", outcome)
    book.add("ssd_s47_enquiry", spell.shown, *row, worker, team_id(team))
    transfer = "Y" if rng.random() < 0.02 else "N"
    target = working_days_after(began, 15)
    meeting = (conference_id, book.id("44"), enquiry_id, child.id, plan_id, referral, transfer)
    dates = (target, corrected(spell.start, spell.start_correction), "Y")
    outcome = '{"OUTCOME_CP_PLAN_FLAG": "Y"}'
    book.add("ssd_initial_cp_conference", spell.shown, *meeting, *dates, outcome, team_id(team), worker)


def _wait(rng: Random) -> int:
    """Working days from the strategy discussion to the initial conference."""
    return rng.randint(6, 14) if rng.random() < _CONFERENCE_ON_TIME else rng.randint(18, 28)


def _cp_visits(book: Book, spell: Spell, plan_id: str) -> None:
    rng = book.rng
    day = max(spell.latest_start, VISITS_FROM) + days(rng.randint(1, 10))
    while day < stop_of(spell):
        seen = "Y" if rng.random() < 0.94 else "N"
        alone = "Y" if seen == "Y" and rng.random() < 0.7 else "N"
        bedroom = "Y" if rng.random() < 0.5 else "N"
        row = (book.id("62"), spell.child.id, plan_id, day, seen, alone, bedroom)
        book.add("ssd_cp_visits", within(book, spell, day), *row)
        day += days(rng.randint(*_VISIT_DAYS))


def _pre_proceedings(book: Book, spell: Spell) -> None:
    rng = book.rng
    decided = spell.latest_start + days(rng.randint(30, 150))
    if decided + days(60) > stop_of(spell):
        return
    numbers = (rng.randint(0, 2), "Proceed", rng.randint(0, 1), rng.randint(0, 1))
    letters = (decided + days(10), None, rng.randint(1, 4), "Y", *[None] * 9)
    row = (book.id("71"), spell.child.id, book.id("72"), decided, decided + days(21), None, None)
    book.add("ssd_pre_proceedings", within(book, spell, decided + days(21)), *row, *numbers, *letters)


# Plans of other authorities, and what led to no plan


def _other_authorities_plans(book: Book, world: World) -> None:
    """Children on another authority's plan; half have a CiN plan of ours, which must then not count."""
    rng = book.rng
    for number in range(_OTHER_AUTHORITIES_PLANS):
        team = rng.choice(DISTRICTS)
        start = month_end(-6) + days(rng.randint(0, 480))
        child = world.newcomer(CLA, SEND, start, month_end(18))
        end = start + days(rng.randint(70, 300))
        shown = (recorded(rng, start, 0), NEVER)
        end_since = recorded(rng, end, 0)
        category = rng.choices(CATEGORIES, _CATEGORY_WEIGHTS)[0]
        row = (book.id("41"), None, None, child.id, start, ended(end_since, end), category, "Y", category)
        book.add("ssd_cp_plans", shown, *row)
        if number % 2:
            begin, finish = start + days(3), end - days(3)
            since, finish_since = recorded(rng, begin, 0), recorded(rng, finish, 0)
            ours = Spell(child, CIN, team, begin, since, None, finish, finish_since)
            cin_plan_row(book, ours, (ours.shown, begin, ended(finish_since, finish)), team_id(team))


def _enquiries_without_plan(book: Book, world: World) -> None:
    rng = book.rng
    plans = [spell for spell in world.spells if spell.kind == CIN and spell.start > month_end(-24)]
    for month in range(-24, 13):
        for _ in range(_NO_PLAN_ENQUIRIES + _NO_PLAN_CONFERENCES):
            spell = rng.choice(plans)
            began = month_end(month) + days(rng.randint(1, 30))
            if spell.since > 0 and began < spell.start:
                began = spell.start + days(rng.randint(1, 30))
            enquiry_id, team = book.id("43"), spell.team
            worker = book.workforce.someone(rng, team)
            conference = rng.random() < _NO_PLAN_CONFERENCES / _NO_PLAN_ENQUIRIES
            outcome = '{"OUTCOME_NFA_FLAG": "' + ("N" if conference else "Y") + '"}'
            finished = began + days(rng.randint(1, 12))
            end = ended(recorded(rng, finished), finished)
            referral = referral_id(spell.referral)
            row = (enquiry_id, referral, spell.child.id, began, end, "N" if conference else "Y", outcome)
            shown = within(book, spell, began)
            book.add("ssd_s47_enquiry", shown, *row, worker, team_id(team))
            if conference:
                held = working_days_after(began, _wait(rng))
                ids = (book.id("42"), book.id("44"), enquiry_id, spell.child.id, None, referral, "N")
                dates = (working_days_after(began, 15), held, "N", '{"OUTCOME_CP_PLAN_FLAG": "N"}')
                where = (REVIEWING_TEAM[0] if rng.random() < 0.1 else team_id(team), worker)
                first = max(shown[0], within(book, spell, held)[0])
                book.add("ssd_initial_cp_conference", (first, spell.until), *ids, *dates, *where)
