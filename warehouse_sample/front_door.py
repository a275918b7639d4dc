"""Rows about the front door: ssd_contacts, ssd_cin_episodes (referrals), ssd_cin_assessments.

Belongs here: the referrals of children with plans, and the many people who come once and never have a plan.
Does not belong here: plans.
"""

import datetime as dt
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from pipelines.calendar import Month
from warehouse_sample.book import Book, Shown
from warehouse_sample.lives import Child, Referral, born_at_age, make_person
from warehouse_sample.organisation import DISTRICTS, EXPLOITATION, MASH, SEND, team_id
from warehouse_sample.recording import Known, ended
from warehouse_sample.timeline import NEVER, days, drop_of, month_end, random_day, recorded
from warehouse_sample.world import World

CONTACTS_FROM, REFERRALS_FROM, ASSESSMENTS_FROM = -3, -13, -3
"""First month of the history of each, counted from August 2018."""
_CONTACTS, _REFERRALS, _REASSESSMENTS = 2090, 720, 750
"""A month, on top of those of children who get a plan."""
_BACK_WITHIN_A_YEAR, _CONTACTED_BEFORE = 0.26, 0.6
_LAST_MET, _LAST_REFERRED = 11_000, 7_500
"""How many of the latest people are candidates for coming again; for referrals about a year of them."""
_REFERRED_WITHOUT_DOB = 0.0008
_WITHDRAWN = 0.003
_NO_TEAM = 0.005
_NOT_ASSESSED = 0.06
_OVERDUE = days(64)
"""After so many days an assessment is late; it is finished before a drop shows that it still goes on."""

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


@dataclass(frozen=True)
class _Case:
    """A referral of a child, the first drop that shows it closed, and the drop in which it vanishes."""

    child: Child
    referral: Referral
    close_since: int
    until: int = NEVER

    def is_known_to_be_over(self, day: dt.date) -> bool:
        """Whether the child can be referred again on a day."""
        close = self.referral.close
        return close is not None and close < day and self.close_since <= drop_of(day)


_Met = deque[tuple[dt.date, Child]]
"""People and the days they came, the latest last."""
_Assessed = tuple[dt.date, dt.date]
"""The days on which an assessment began and was authorised."""


def write_front_door(book: Book, world: World) -> None:
    """All rows of this module."""
    with_plans = list(world.children)
    for child in with_plans:
        for case in _cases(book, child):
            day = case.referral.day
            _referral(book, case, is_nfa=False, why="RC7")
            if day > month_end(CONTACTS_FROM - 1):
                _contact(book, child, day, (case.referral.since, NEVER), became_referral=True)
            if day > month_end(ASSESSMENTS_FROM - 1) and book.rng.random() >= _NOT_ASSESSED:
                _assessment(book, child, _days_of_assessment(book.rng, day), case)
    _passers_by(book, world)
    _reassessments(book, with_plans)


def _cases(book: Book, child: Child) -> list[_Case]:
    """The referrals of a child with plans.

    A case is closed before the next referral is recorded. Where its plans are still open then, it is at fault.
    """
    cases = []
    for referral, following in zip_longest(child.referrals, child.referrals[1:]):
        next_since = following.since if following else NEVER
        # a withdrawn spell is over as well; a spell without an end does not keep the case open
        over = [min(spell.end_since, spell.until) for spell in child.spells if spell.referral is referral]
        over_since = max((drop for drop in over if drop < NEVER), default=0)
        close_since = max(min(_close_since(book, referral), next_since), over_since)
        overdue = range(next_since, close_since)
        book.note_fault("referral_still_open_after_a_later_one", "ssd_cin_episodes", referral.id, overdue)
        cases.append(_Case(child, referral, close_since))
    return cases


def _close_since(book: Book, referral: Referral) -> int:
    return max(referral.since, recorded(book.rng, referral.close)) if referral.close else NEVER


def _passers_by(book: Book, world: World) -> None:
    """People whose referral or contact led to no plan."""
    rng = book.rng
    met: _Met = deque(maxlen=_LAST_MET)
    referred: _Met = deque(maxlen=_LAST_REFERRED)
    latest: dict[Child, _Case] = {}
    for month in range(REFERRALS_FROM, 13):
        for _ in range(round(_REFERRALS * rng.uniform(0.9, 1.1))):
            day = random_day(rng, month_end(month - 1), month_end(month))
            child = None
            if rng.random() < _BACK_WITHIN_A_YEAR:
                child = _met_before(rng, referred, day, latest)
            child = child or _stranger(book, world, day)
            referred.append((day, child))
            met.append((day, child))
            latest[child] = _passer_by(book, child, day)
            if month >= CONTACTS_FROM:
                shown = latest[child].referral.since, latest[child].until
                _contact(book, child, day, shown, became_referral=True)
        for _ in range(round(_CONTACTS * rng.uniform(0.93, 1.07)) if month >= CONTACTS_FROM else 0):
            day = random_day(rng, month_end(month - 1), month_end(month))
            child = _met_before(rng, met, day, {}) if rng.random() < _CONTACTED_BEFORE else None
            child = child or _stranger(book, world, day)
            if rng.random() < 0.4:
                met.append((day, child))
            _contact(book, child, day, _shown(book, day, recorded(rng, day)), became_referral=False)


def _passer_by(book: Book, child: Child, day: dt.date) -> _Case:
    """Writes a referral that leads to an assessment at most."""
    rng = book.rng
    is_nfa = rng.random() < 0.18
    close = day + days(rng.randint(0, 4) if is_nfa else rng.randint(15, 90))
    why = "RC7"
    assessed: _Assessed | None = None
    if day > month_end(ASSESSMENTS_FROM - 1) and not is_nfa and rng.random() >= _NOT_ASSESSED:
        assessed = _days_of_assessment(rng, day)
        close = assessed[1] + days(rng.randint(0, 10))
        why = rng.choice(("RC7", "RC7", "RC8", "RC9"))
    team = rng.choices(_REFERRAL_TEAMS, (20, 4, 3, *([8] * len(DISTRICTS))))[0]
    referral = Referral(book.id("31"), day, recorded(rng, day), team, close)
    case = _Case(child, referral, _close_since(book, referral), _shown(book, day, referral.since)[1])
    _referral(book, case, is_nfa, why)
    if assessed:
        _assessment(book, child, assessed, case)
    return case


def _shown(book: Book, day: dt.date, since: int) -> Shown:
    """The drops that show a row; a few rows vanish again."""
    is_withdrawn = book.rng.random() < _WITHDRAWN and day > month_end(-3)
    return since, since + book.rng.randint(1, 3) if is_withdrawn else NEVER


def _met_before(rng: Random, met: _Met, day: dt.date, latest: Mapping[Child, _Case]) -> Child | None:
    """A person who came earlier and whose latest case is over."""
    for _ in range(12 if met else 0):
        before, child = rng.choice(met)
        is_free = child not in latest or latest[child].is_known_to_be_over(day)
        if before < day and child.turns_18 > day and is_free:
            return child
    return None


def _stranger(book: Book, world: World, day: dt.date) -> Child:
    child = make_person(book.rng, world.numbers, born_at_age(book.rng, day, 0.02, 17.6))
    child.has_dob = book.rng.random() >= _REFERRED_WITHOUT_DOB
    world.children.append(child)
    return child


def _contact(book: Book, child: Child, day: dt.date, shown: Shown, became_referral: bool) -> None:
    rng = book.rng
    code = rng.choices(tuple(_SOURCES), _SOURCE_WEIGHTS)[0]
    at = dt.datetime.combine(day, dt.time(rng.randint(7, 20), rng.randint(0, 59), rng.randint(0, 59)))
    flags = ("Y", "N") if became_referral else ("N", "Y")
    outcome = f'{{"NEW_REFERRAL_FLAG": "{flags[0]}", "NFA_FLAG": "{flags[1]}"}}'
    book.add("ssd_contacts", shown, book.id("21"), child.id, at, code, _SOURCES[code], outcome)


def _referral(book: Book, case: _Case, is_nfa: bool, why: str) -> None:
    """`why` is the reason for closure."""
    rng, referral = book.rng, case.referral
    code = rng.choices(tuple(_SOURCES), _SOURCE_WEIGHTS)[0]
    need = rng.choices(_NEEDS, _NEED_WEIGHTS)[0]
    close = ended(case.close_since, referral.close)
    reason = Known(((0, None), (case.close_since, why))) if close else None
    shown = referral.since, case.until
    team = team_id(referral.team)
    if rng.random() < _NO_TEAM:
        team = "-1"
        book.note_fault("referral_without_team", "ssd_cin_episodes", referral.id, range(*shown))
    outcome = f'{{"NFA_FLAG": "{"Y" if is_nfa else "N"}"}}'
    row = (referral.id, case.child.id, referral.day, need, code, _SOURCES[code], outcome, "Y" if is_nfa else "N")
    worker = book.workforce.someone(rng, referral.team)
    book.add("ssd_cin_episodes", shown, *row, reason, close, team, worker)


def _days_of_assessment(rng: Random, begin: dt.date) -> _Assessed:
    start = begin + days(rng.choice((0, 0, 1, 1, 2, 3, 5)))
    late = start + _OVERDUE
    bands = ((0, 20, 28), (21, 61, 53), (_OVERDUE.days, (_last_of_month(late) - start).days, 19))
    low, high, _ = rng.choices(bands, [weight for *_, weight in bands])[0]
    return start, start + days(rng.randint(low, high))


def _last_of_month(day: dt.date) -> dt.date:
    return Month(day.year, day.month).end


def _assessment(book: Book, child: Child, assessed: _Assessed, case: _Case | None) -> None:
    """An assessment after a referral, finished before the case is closed; or of a child who is worked with."""
    rng = book.rng
    start, finish = assessed
    since, known = recorded(rng, start), min(recorded(rng, finish), drop_of(_last_of_month(start + _OVERDUE)))
    until = NEVER
    if case:
        since = min(max(since, case.referral.since), case.close_since)
        start, finish = (min(day, case.referral.close or day) for day in (start, finish))
        known, until = min(known, case.close_since), case.until
    team = case.referral.team if case else rng.choice(DISTRICTS)
    worker = book.workforce.someone(rng, team) if rng.random() > 0.01 else "-1"
    is_nfa = "Y" if rng.random() < 0.3 else "N"
    row = (
        book.id("32"),
        child.id,
        case.referral.id if case else None,
        start,
        "Y" if rng.random() < 0.95 else "N",
    )
    outcome = f'{{"OUTCOME_NFA_FLAG": "{is_nfa}"}}'
    authorised = ended(max(since, known), finish)
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
                _assessment(book, child, _days_of_assessment(rng, day), None)
