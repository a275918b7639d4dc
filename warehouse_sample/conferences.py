"""Review conferences of child protection plans: rows of ssd_cp_reviews.

Belongs here: which conferences of a family are late, and who took part. Does not belong here: the dates of a chain
(`review_dates`); who are a family (`families`); initial conferences (`enquiries`); meetings in all (`meetings`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from warehouse_sample.book import Book, Gap, LateReview
from warehouse_sample.care_targets import Target, is_share, targets, the_target
from warehouse_sample.lives import Spell
from warehouse_sample.organisation import TEAMS
from warehouse_sample.plans import add_months, stop_of
from warehouse_sample.reported import financial_year, is_open_at_month_end, is_open_on, start_shown, team_on
from warehouse_sample.review_dates import HeldReview, ReviewRule, gaps, hold_reviews, next_due
from warehouse_sample.timeline import REVIEWED_DROP, days, month_end

_RULE = ReviewRule(lambda start: add_months(start, 3), 6, earliness=14)
_LATE_IN_OTHER_YEARS = 0.005
"""Of conferences. So two or three plans that are open at the printed day had a late one before that year."""
_LATE_SIZES = (1,) * 5 + (2,) * 10 + (3,) * 5
"""Children of each late meeting of the printed year: 40 in 20 meetings, the largest in the largest locality."""
_PARTICIPATION = ("PN0", "PN1", "PN3", "PN5", "PN6", "PN7", None)
_PARTICIPATION_WEIGHTS = (35, 6, 1, 3, 28, 7, 20)
_QUORATE = 0.95
_REVIEWED_DAY = month_end(REVIEWED_DROP)
_REVIEWED_YEAR = financial_year(_REVIEWED_DAY)
_ALMOST = days(40)
"""A conference that is due so long before the printed year and late may be held in it."""

_Chain = tuple[HeldReview, ...]
_Family = list[Spell]


def write_conferences(book: Book, plan_ids: dict[Spell, str]) -> None:
    """Writes the review conferences of the plans, given with their ids in LCS."""
    rng = book.rng
    families: dict[object, _Family] = defaultdict(list)
    for spell in plan_ids:
        families[spell.family or spell].append(spell)
    together = list(families.values())
    chains = _hold_all(rng, together)
    for family, chain in zip(together, chains, strict=True):
        for held in chain:
            meeting = book.id("44")
            quorate = "Y" if rng.random() < _QUORATE else "N"
            for spell in _present(family, held):
                shown, key = (max(held.since, spell.since), spell.until), book.id("45")
                taking_part = rng.choices(_PARTICIPATION, _PARTICIPATION_WEIGHTS)[0]
                row = (key, spell.child.id, plan_ids[spell], held.due, held.day, meeting)
                book.add("ssd_cp_reviews", shown, *row, "Y", quorate, taking_part)
                if held.is_late:
                    book.late_reviews.append(LateReview("cp_review", key, shown, held.day, meeting))
        for spell in family:
            book.gaps += _gaps(spell, family, chain)


def _hold_all(rng: Random, families: list[_Family]) -> list[_Chain]:
    """The conferences of each family, in the printed year as many late ones in each locality as are printed."""
    chains = [_chain(rng, family, lambda number, due: _is_late_elsewhere(rng, due)) for family in families]
    sizes = list(_LATE_SIZES)
    able = rng.sample(range(len(families)), len(families))
    for asked, number in targets("late_meetings").items():
        for _ in range(number):
            size = sizes.pop()
            for place in able:
                late = _late_once(rng, families[place], chains[place], asked.code, size)
                if late:
                    chains[place] = late
                    able.remove(place)
                    break
    _fit_gaps(rng, families, chains, able)
    return chains


def _fit_gaps(rng: Random, families: list[_Family], chains: list[_Chain], able: list[int]) -> None:
    """Holds conferences of some families on other days, until the printed share of the gaps is a whole number."""
    asked, per_mille = the_target("checked", "cp")
    numbers = [_gaps_in(asked, *each) for each in zip(families, chains, strict=True)]
    able = [place for place in able if numbers[place] and not any(held.is_late for held in chains[place])]
    while able and not is_share(per_mille, sum(numbers)):
        place = rng.choice(able)
        chains[place] = _chain(rng, families[place], lambda number, due: False)
        numbers[place] = _gaps_in(asked, families[place], chains[place])


def _gaps_in(asked: Target, family: _Family, chain: _Chain) -> int:
    open_gaps = [gap for spell in family if is_open_on(spell, asked.at) for gap in _gaps(spell, family, chain)]
    return sum(asked.is_in_months(gap.middle) for gap in open_gaps)


def _gaps(spell: Spell, family: _Family, chain: _Chain) -> list[Gap]:
    return gaps("cp", spell, [spell.start, *(held.day for held in chain if spell in _present(family, held))])


def _chain(rng: Random, family: _Family, is_late: Callable[[int, dt.date], bool]) -> _Chain:
    """The conferences of the child whose plan lasts longest: the others come to those within their own."""
    chain = hold_reviews(rng, max(family, key=_stop), _RULE, is_late)
    return tuple(
        replace(held, since=min(held.since, REVIEWED_DROP)) if held.day <= _REVIEWED_DAY else held
        for held in chain
    )


def _stop(spell: Spell) -> dt.date:
    return min(stop_of(spell), spell.child.turns_18)


def _present(family: _Family, held: HeldReview) -> _Family:
    return [spell for spell in family if spell.latest_start < held.day < _stop(spell)]


def _is_late_elsewhere(rng: Random, due: dt.date) -> bool:
    years = {financial_year(due), financial_year(due + _ALMOST)}
    return _REVIEWED_YEAR not in years and rng.random() < _LATE_IN_OTHER_YEARS


def _late_once(rng: Random, family: _Family, chain: _Chain, area: str, size: int) -> _Chain | None:
    """The conferences with one late in the printed year: of so many children of a locality, all still on plans."""
    for number in rng.sample(range(len(chain)), len(chain)):
        if _is_of(family, chain[number], area, size):
            again = _chain(rng, family, partial(_is_number, number))
            is_late = len(again) > number and _is_of(family, again[number], area, size)
            if is_late and not any(_is_overdue(spell, again) for spell in family):
                return again
    return None


def _is_number(late: int, number: int, due: dt.date) -> bool:
    return number == late


def _is_of(family: _Family, held: HeldReview, area: str, size: int) -> bool:
    present = _present(family, held)
    return (
        len(present) == size
        and financial_year(held.day) == _REVIEWED_YEAR
        and held.since <= REVIEWED_DROP
        and all(map(_is_in_cohort, present))
        and {TEAMS[team_on(spell.child, held.day)][1] for spell in present} == {area}
    )


def _is_in_cohort(spell: Spell) -> bool:
    """Whether the plan is open at the printed day, and was three months before it."""
    due = _RULE.first_due(start_shown(spell, REVIEWED_DROP))
    return is_open_at_month_end(spell, REVIEWED_DROP) and due <= _REVIEWED_DAY


def _is_overdue(spell: Spell, chain: _Chain) -> bool:
    """Whether a conference is overdue at the printed day."""
    held = tuple(each for each in chain if each.day <= _REVIEWED_DAY)
    return _is_in_cohort(spell) and next_due(start_shown(spell, REVIEWED_DROP), _RULE, held) <= _REVIEWED_DAY
