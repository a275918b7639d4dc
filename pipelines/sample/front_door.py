"""Rows about the front door: ssd_contacts, ssd_cin_episodes (referrals), ssd_cin_assessments.

Belongs here: the referrals of children with plans, and the many people who come once and never get a plan.
Does not belong here: plans.
"""

import datetime as dt
from collections import deque

from pipelines.sample.book import Book, Shown
from pipelines.sample.lives import Child, Referral, born_at_age, make_person
from pipelines.sample.organisation import DISTRICTS, EXPLOITATION, MASH, SEND, team_id
from pipelines.sample.recording import Known, ended
from pipelines.sample.timeline import NEVER, days, month_end, random_day, recorded
from pipelines.sample.world import World

CONTACTS_FROM, REFERRALS_FROM, ASSESSMENTS_FROM = -3, -13, -3
"""First month of the history of each, counted from August 2018."""
_CONTACTS, _REFERRALS, _REASSESSMENTS = 2090, 720, 750
"""A month, on top of those of children who get a plan."""
_BACK_WITHIN_A_YEAR, _CONTACTED_BEFORE = 0.26, 0.6
_LAST_MET, _LAST_REFERRED = 11_000, 7_500
"""Among how many of the latest those who come again are looked for; for referrals about a year of them."""
_REFERRED_WITHOUT_DOB = 0.0008
_WITHDRAWN = 0.003

_SOURCES = {
    "6": "Police",
    "2A": "School",
    "3A": "General practice",
    "3B": "Health visitor",
    "5B": "Other service of the authority",
    "1A": "Family member",
    "5A": "Social care",
    "4": "Housing",
    "9": "Anonymous",
    "8": "Other",
    "3E": "Accident and emergency",
}
_SOURCE_WEIGHTS = (30, 19, 6, 6, 9, 8, 5, 3, 4, 6, 4)
_NEEDS = ("N1", "N2", "N3", "N4", "N5", "N6", "N8", "N0")
_NEED_WEIGHTS = (56, 8, 4, 10, 14, 4, 2, 2)
_REFERRAL_TEAMS = (MASH, SEND, EXPLOITATION, *DISTRICTS)

_Met = deque[tuple[dt.date, Child]]
"""People and the days they came, the latest last."""


def write_front_door(book: Book, world: World) -> None:
    """All rows of this module."""
    with_plans = list(world.children)
    for child in with_plans:
        for referral in child.referrals:
            _referral(book, child, referral, is_nfa=False)
            if referral.day > month_end(CONTACTS_FROM - 1):
                _contact(book, child, referral.day, (referral.since, NEVER), became_referral=True)
            if referral.day > month_end(ASSESSMENTS_FROM - 1):
                _assessment(book, child, referral.day, referral)
    _passers_by(book, world)
    _reassessments(book, with_plans)


def _passers_by(book: Book, world: World) -> None:
    """People whose referral or contact led to no plan."""
    rng = book.rng
    met: _Met = deque(maxlen=_LAST_MET)
    referred: _Met = deque(maxlen=_LAST_REFERRED)
    for month in range(REFERRALS_FROM, 13):
        for _ in range(round(_REFERRALS * rng.uniform(0.9, 1.1))):
            day = random_day(rng, month_end(month - 1), month_end(month))
            child = _somebody(book, world, referred, day, _BACK_WITHIN_A_YEAR)
            referred.append((day, child))
            met.append((day, child))
            is_nfa = rng.random() < 0.18
            close = day + days(rng.randint(0, 4) if is_nfa else rng.randint(15, 90))
            team = rng.choices(_REFERRAL_TEAMS, (20, 4, 3, *([8] * len(DISTRICTS))))[0]
            referral = Referral(book.id("31"), day, recorded(rng, day), team, close)
            shown = _shown(book, day, referral.since)
            _referral(book, child, referral, is_nfa, shown)
            if month >= CONTACTS_FROM:
                _contact(book, child, day, shown, became_referral=True)
            if month >= ASSESSMENTS_FROM and not is_nfa:
                _assessment(book, child, day, referral, shown[1])
        for _ in range(round(_CONTACTS * rng.uniform(0.93, 1.07)) if month >= CONTACTS_FROM else 0):
            day = random_day(rng, month_end(month - 1), month_end(month))
            child = _somebody(book, world, met, day, _CONTACTED_BEFORE)
            if rng.random() < 0.4:
                met.append((day, child))
            _contact(book, child, day, _shown(book, day, recorded(rng, day)), became_referral=False)


def _shown(book: Book, day: dt.date, since: int) -> Shown:
    """For the odd row the drop in which it vanishes again."""
    is_withdrawn = book.rng.random() < _WITHDRAWN and day > month_end(-3)
    return since, since + book.rng.randint(1, 3) if is_withdrawn else NEVER


def _somebody(book: Book, world: World, met: _Met, day: dt.date, known: float) -> Child:
    rng = book.rng
    if met and rng.random() < known:
        for _ in range(12):
            before, child = rng.choice(met)
            if before < day and child.turns_18 > day:
                return child
    child = make_person(rng, world.numbers, born_at_age(rng, day, 0.02, 17.6))
    child.has_dob = rng.random() >= _REFERRED_WITHOUT_DOB
    world.children.append(child)
    return child


def _contact(book: Book, child: Child, day: dt.date, shown: Shown, became_referral: bool) -> None:
    rng = book.rng
    code = rng.choices(tuple(_SOURCES), _SOURCE_WEIGHTS)[0]
    at = dt.datetime.combine(day, dt.time(rng.randint(7, 20), rng.randint(0, 59), rng.randint(0, 59)))
    flags = ("Y", "N") if became_referral else ("N", "Y")
    outcome = f'{{"NEW_REFERRAL_FLAG": "{flags[0]}", "NFA_FLAG": "{flags[1]}"}}'
    book.add("ssd_contacts", shown, book.id("21"), child.id, at, code, _SOURCES[code], outcome)


def _referral(book: Book, child: Child, referral: Referral, is_nfa: bool, shown: Shown | None = None) -> None:
    rng = book.rng
    code = rng.choices(tuple(_SOURCES), _SOURCE_WEIGHTS)[0]
    need = rng.choices(_NEEDS, _NEED_WEIGHTS)[0]
    close_since = NEVER
    if referral.close:
        close_since = max(referral.since, referral.close_since, recorded(rng, referral.close))
    close = ended(close_since, referral.close)
    why = "RC8" if is_nfa else rng.choice(("RC7", "RC7", "RC8", "RC9"))
    reason = Known(((0, None), (close_since, why))) if close else None
    team = team_id(referral.team) if rng.random() > 0.005 else "-1"
    outcome = f'{{"NFA_FLAG": "{"Y" if is_nfa else "N"}"}}'
    row = (referral.id, child.id, referral.day, need, code, _SOURCES[code], outcome, "Y" if is_nfa else "N")
    worker = book.workforce.someone(rng, referral.team)
    shown = shown or (referral.since, NEVER)
    book.add("ssd_cin_episodes", shown, *row, reason, close, team, worker)


def _assessment(book: Book, child: Child, begin: dt.date, referral: Referral | None, until: int = NEVER) -> None:
    rng = book.rng
    if referral and rng.random() < 0.06:
        return
    start = begin + days(rng.choice((0, 0, 1, 1, 2, 3, 5)))
    low, high, _ = rng.choices(((0, 20, 28), (21, 61, 53), (66, 110, 19)), (28, 53, 19))[0]
    finish = start + days(rng.randint(low, high))
    since = max(recorded(rng, start), referral.since if referral else 0)
    authorised = ended(max(since, recorded(rng, finish)), finish)
    team = referral.team if referral else rng.choice(DISTRICTS)
    worker = book.workforce.someone(rng, team) if rng.random() > 0.01 else "-1"
    is_nfa = "Y" if rng.random() < 0.3 else "N"
    row = (
        book.id("32"),
        child.id,
        referral.id if referral else None,
        start,
        "Y" if rng.random() < 0.95 else "N",
    )
    outcome = f'{{"OUTCOME_NFA_FLAG": "{is_nfa}"}}'
    book.add("ssd_cin_assessments", (since, until), *row, authorised, outcome, is_nfa, team_id(team), worker)


def _reassessments(book: Book, with_plans: list[Child]) -> None:
    """Assessments of children who are already worked with; LCS links them to no referral."""
    rng = book.rng
    able = [child for child in with_plans if child.spells and child.spells[-1].since == 0]
    for month in range(ASSESSMENTS_FROM, 13):
        for _ in range(_REASSESSMENTS):
            child = rng.choice(able)
            day = random_day(rng, month_end(month - 1), month_end(month))
            if child.spells[-1].start < day and child.born < day:
                _assessment(book, child, day, None)
