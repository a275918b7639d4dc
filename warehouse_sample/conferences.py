"""Review conferences of child protection plans: rows of ssd_cp_reviews.

Belongs here: how many are late, and who took part. Does not belong here: the dates of a chain
(`review_dates`); initial conferences (`enquiries`).
"""

from random import Random

from warehouse_sample.book import Book
from warehouse_sample.lives import Spell
from warehouse_sample.plans import add_months
from warehouse_sample.quotas import Quota
from warehouse_sample.reported import REVIEWED_DROP, financial_year, is_open_at_month_end, is_shown, start_shown
from warehouse_sample.review_dates import HeldReview, ReviewRule, hold_reviews, next_due
from warehouse_sample.timeline import month_end

_RULE = ReviewRule(lambda start: add_months(start, 3), 6, earliness=14)
_NOT_REVIEWED_ON_TIME = 40 / 890
"""Printed for 2018/19: plans with a late conference, of those reviewed."""
_LATE = 0.045
"""Of conferences: about the share of plans. For both to hold, few plans have late conferences, and most of those
plans' conferences are late."""
_LATE_IN_OTHER_YEARS, _LATE_EACH_TIME = 0.052, 0.95
"""Of plans without a conference in the printed year; of the later conferences of a plan that had a late one."""
_PARTICIPATION = ("PN0", "PN1", "PN3", "PN5", "PN6", "PN7", None)
_PARTICIPATION_WEIGHTS = (35, 6, 1, 3, 28, 7, 20)
_REVIEWED_YEAR = financial_year(month_end(REVIEWED_DROP))

_Chain = tuple[HeldReview, ...]


def write_conferences(book: Book, plan_ids: dict[Spell, str]) -> None:
    """Writes the review conferences of the plans, given with their ids in LCS."""
    rng = book.rng
    chains = _hold_all(rng, list(plan_ids))
    for spell, plan_id in plan_ids.items():
        for held in chains[spell]:
            taking_part = rng.choices(_PARTICIPATION, _PARTICIPATION_WEIGHTS)[0]
            quorate = "Y" if rng.random() < 0.95 else "N"
            row = (book.id("45"), spell.child.id, plan_id, held.due, held.day, book.id("44"))
            book.add("ssd_cp_reviews", (held.since, spell.until), *row, "Y", quorate, taking_part)


def _hold_all(rng: Random, spells: list[Spell]) -> dict[Spell, _Chain]:
    """The conferences of each plan: late ones by quota of plans first, then of conferences."""
    cohort, other_years = Quota(rng, _NOT_REVIEWED_ON_TIME), Quota(rng, _LATE_IN_OTHER_YEARS)
    chains: dict[Spell, _Chain] = {}
    able = []
    for spell in spells:
        if _is_in_cohort(spell):
            chains[spell] = _of_cohort(rng, spell, cohort)
            continue
        chains[spell] = _punctual_chain(rng, spell)
        if _of_year(spell, chains[spell]):
            able.append(spell)
        elif other_years.take():
            chains[spell] = _late_chain(rng, spell)
    held = [each for spell, chain in chains.items() for each in _of_year(spell, chain)]
    missing = round(_LATE * len(held)) - sum(each.is_late for each in held)
    for spell in rng.sample(able, len(able)):
        if missing <= 0:
            break
        chains[spell] = _late_chain(rng, spell)
        missing -= sum(each.is_late for each in _of_year(spell, chains[spell]))
    return chains


def _is_in_cohort(spell: Spell) -> bool:
    """Whether the plan is open at the printed day, and was three months before it."""
    due = _RULE.first_due(start_shown(spell, REVIEWED_DROP))
    return is_open_at_month_end(spell, REVIEWED_DROP) and due <= month_end(REVIEWED_DROP)


def _of_cohort(rng: Random, spell: Spell, quota: Quota) -> _Chain:
    chain = _punctual_chain(rng, spell)
    fails = _fails(spell, chain)
    if not fails and quota.is_due():
        chain = _late_chain(rng, spell)
        fails = _fails(spell, chain)
    quota.record(fails)
    return chain


def _punctual_chain(rng: Random, spell: Spell) -> _Chain:
    return hold_reviews(rng, spell, _RULE, lambda number, due: False)


def _late_chain(rng: Random, spell: Spell) -> _Chain:
    return hold_reviews(rng, spell, _RULE, lambda number, due: number == 0 or rng.random() < _LATE_EACH_TIME)


def _of_year(spell: Spell, chain: _Chain) -> list[HeldReview]:
    """The conferences of the printed year that the drop of the printed day shows."""
    if not is_shown(spell, REVIEWED_DROP):
        return []
    return [held for held in _shown(chain) if financial_year(held.day) == _REVIEWED_YEAR]


def _shown(chain: _Chain) -> _Chain:
    return tuple(held for held in chain if held.since <= REVIEWED_DROP and held.day <= month_end(REVIEWED_DROP))


def _fails(spell: Spell, chain: _Chain) -> bool:
    """Whether the drop of the printed day shows a late conference, or an overdue one."""
    shown = _shown(chain)
    due = next_due(start_shown(spell, REVIEWED_DROP), _RULE, shown)
    return any(held.is_late for held in shown) or due <= month_end(REVIEWED_DROP)
