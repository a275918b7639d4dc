"""Rows about child protection plans: the plans, the visits, pre-proceedings.

Belongs here: ssd_cp_plans, ssd_cp_visits, ssd_pre_proceedings. Does not belong here: which plans there are; review
conferences (`conferences`); what led to a plan (`enquiries`).
"""

from random import Random

from warehouse_sample.book import Book, ProtectionPlan
from warehouse_sample.conferences import write_conferences
from warehouse_sample.enquiries import write_enquiries
from warehouse_sample.lives import Spell
from warehouse_sample.organisation import DISTRICTS, SEND, team_id
from warehouse_sample.plans import VISITS_FROM, cin_plan_row, referral_id, stop_of, within
from warehouse_sample.printed_figures import CIN, CLA, CP
from warehouse_sample.protection_history import TWO_YEARS
from warehouse_sample.recording import Known, corrected, ended
from warehouse_sample.reported import end_shown, financial_year, is_open_for_an_adult, is_shown, start_shown
from warehouse_sample.timeline import DROPS, NEVER, REVIEWED_DROP, days, drop_of, month_end, recorded
from warehouse_sample.world import World

CATEGORIES = (
    "Emotional abuse",
    "Neglect",
    "Physical abuse",
    "Sexual abuse",
    "Multiple: Neglect, Emotional abuse",
)
_CATEGORY_WEIGHTS = (47, 38, 7, 4, 4)
_AFTER_TWO_YEARS = dict(zip(CATEGORIES, (46, 39, 6, 3, 6), strict=True))
"""Per cent of the plans of 2018/19 that ended after two years, by category, as printed."""
_CATEGORY_CODES = {"Emotional abuse": "EMO", "Neglect": "NEG", "Physical abuse": "PHY", "Sexual abuse": "SAB"}
_VISIT_DAYS = (30, 48)
_PRE_PROCEEDINGS_LAST = 60
"""Days of pre-proceedings for each meeting with the parents, and at most so many more."""
_OUTCOMES = (("Step down", False), ("Decision to issue care proceedings", True), ("Step down", False))
_OTHER_AUTHORITIES_PLANS = 26


def write_protection(book: Book, world: World) -> None:
    """All rows of this module, of `conferences` and of `enquiries`, for every plan of the world."""
    spells = [spell for spell in world.spells if spell.kind == CP]
    categories = _categories_after_two_years(Random(f"{book.seed}:categories"), spells)
    book.protection_plans = [_cp_plan(book, spell, categories.get(spell)) for spell in spells]
    write_conferences(book, {plan.spell: plan.id for plan in book.protection_plans})
    _other_authorities_plans(book, world)
    write_enquiries(book, world)


def _categories_after_two_years(rng: Random, spells: list[Spell]) -> dict[Spell, str]:
    """The latest category of each plan that ended after two years in the year of the printed shares."""
    drop, last = REVIEWED_DROP, month_end(REVIEWED_DROP)
    long = [
        spell
        for spell in spells
        if is_shown(spell, drop)
        and (end := end_shown(spell, drop))
        and end <= last
        and financial_year(end) == financial_year(last)
        and (end - start_shown(spell, drop)).days + 1 > TWO_YEARS
    ]
    rng.shuffle(long)
    categories: list[str] = []
    for category, percent in _AFTER_TWO_YEARS.items():
        categories += [category] * round(percent * len(long) / 100)
    return dict(zip(long, categories, strict=False))


def _cp_plan(book: Book, spell: Spell, known_category: str | None) -> ProtectionPlan:
    """Writes a plan with its visits and pre-proceedings."""
    rng, child = book.rng, spell.child
    plan_id, conference_id = book.id("41"), book.id("42")
    category = rng.choices(CATEGORIES, _CATEGORY_WEIGHTS)[0]
    latest = category if rng.random() < 0.85 else rng.choices(CATEGORIES, _CATEGORY_WEIGHTS)[0]
    latest = known_category or latest
    if rng.random() < 0.1:
        category = _CATEGORY_CODES.get(category, "MUL")
    end = ended(spell.end_since, spell.end, spell.end_correction)
    start = corrected(spell.start, spell.start_correction)
    referral = referral_id(spell.referral)
    row = (plan_id, referral, conference_id, child.id, start, end, category, "N", latest)
    book.add("ssd_cp_plans", spell.shown, *row)
    _cp_visits(book, spell, plan_id)
    if rng.random() < 0.06:
        _pre_proceedings(book, spell)
    of_age = [drop for drop in DROPS if is_open_for_an_adult(spell, drop)]
    book.note_fault("cp_plan_of_an_adult", "ssd_cp_plans", plan_id, of_age)
    return ProtectionPlan(spell, plan_id, conference_id)


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
    meetings = rng.randint(1, 4)
    key, family = book.id("71"), book.id("72")
    shown = within(book, spell, decided + days(21))
    over = decided + days(_PRE_PROCEEDINGS_LAST * meetings + int(key) % _PRE_PROCEEDINGS_LAST)
    since = max(shown[0], drop_of(over))
    outcome, is_issued = _OUTCOMES[int(key) % len(_OUTCOMES)]
    outcome_shown = Known(((0, None), (since, outcome))) if since < NEVER else None
    letter = over + days(7)
    agreed = ended(since, over)
    issued = ended(max(shown[0], drop_of(letter)), letter) if is_issued else None
    row = (key, spell.child.id, family, decided, decided + days(21), outcome_shown, agreed)
    letters = (decided + days(10), issued, meetings, "Y", *[None] * 9)
    book.add("ssd_pre_proceedings", shown, *row, *numbers, *letters)


# Plans of other authorities


def _other_authorities_plans(book: Book, world: World) -> None:
    """Writes children on another authority's plan; half have a CiN plan here, which must not count then."""
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
            key = cin_plan_row(book, ours, (ours.shown, begin, ended(finish_since, finish)), team_id(team))
            book.note_fault("cin_plan_alongside_a_cp_plan", "ssd_cin_plans", key, range(since, len(DROPS)))
