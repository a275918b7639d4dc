"""Care plans of children looked after: rows of ssd_cla_care_plan.

Belongs here: when a plan begins, and whether a plan for permanence is agreed in it. Does not belong here:
the steps to adoption (`care`).
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from random import Random

from warehouse_sample.book import Book
from warehouse_sample.care_periods import Care
from warehouse_sample.lives import Child
from warehouse_sample.plans import stop_of
from warehouse_sample.quotas import Quota
from warehouse_sample.recording import ended
from warehouse_sample.reported import REVIEWED_DROP, financial_year, is_shown
from warehouse_sample.review_dates import HeldReview
from warehouse_sample.timeline import days, recorded

_BY_SECOND_REVIEW = 0.72
"""Of periods of care that reach a second review, those with a plan for permanence by then; printed for 2018/19."""
_IN_FIRST_PLAN, _SOON_AFTER, _LATER = 0.3, 0.8, 0.93
_PERMANENCE_KEYS = (
    "REMAINSUP",
    "RETURN1M",
    "RETURN6M",
    "RETURNEV",
    "LTRELFR",
    "LTFOST18",
    "RESPLMT",
    "SUPPLIV",
    "ADOPTION",
    "OTHERPLN",
)


@dataclass(frozen=True)
class _Plan:
    """A care plan: its first day, the first drop that shows it, whether permanence is agreed."""

    day: dt.date
    since: int
    is_agreed: bool


def write_care_plans(book: Book, cares: list[Care], chains: list[tuple[HeldReview, ...]]) -> None:
    """The rows of all care plans."""
    agreed: dict[tuple[int, bool], Quota] = defaultdict(lambda: Quota(book.rng, _BY_SECOND_REVIEW))
    known_plans: dict[Child, int] = {}
    for care, chain in zip(cares, chains, strict=True):
        child = care.spell.child
        quota, had_one = None, False
        if len(chain) > 1:
            second = chain[1]
            is_counted = is_shown(care.spell, REVIEWED_DROP) and second.since <= REVIEWED_DROP
            quota = agreed[financial_year(second.day), is_counted]
            had_one = known_plans.get(child, second.since + 1) <= second.since
        plans = _plans(book.rng, care, chain, quota, had_one)
        _write(book, care, plans)
        for plan in plans:
            if plan.is_agreed and plan.since < care.spell.until:
                known_plans[child] = min(known_plans.get(child, plan.since), plan.since)


def _plans(
    rng: Random, care: Care, chain: tuple[HeldReview, ...], quota: Quota | None, had_one: bool
) -> list[_Plan]:
    spell = care.spell
    stop = stop_of(spell)
    first = spell.latest_start + days(rng.randint(3, 17))
    if first >= stop:
        return []
    if quota is None:
        plans = [_plan(rng, care, first, rng.random() < _IN_FIRST_PLAN)]
    else:
        plans = _until_second_review(rng, care, (first, chain[1]), had_one or quota.is_due())
        quota.record(had_one or any(plan.is_agreed for plan in plans))
        if not plans[-1].is_agreed:
            soon = chain[1].day + days(rng.randint(15, 120))
            plans.append(_plan(rng, care, soon, rng.random() < _SOON_AFTER))
    while plans[-1].day + days(700) < stop:
        day = plans[-1].day + days(rng.randint(300, 700))
        plans.append(_plan(rng, care, day, plans[-1].is_agreed or rng.random() < _LATER))
    return [plan for plan in plans if plan.day < stop]


def _until_second_review(
    rng: Random, care: Care, dates: tuple[dt.date, HeldReview], is_agreed: bool
) -> list[_Plan]:
    """The plan made at the start and usually a second one, as LCS knows them at the second review."""
    first, second = dates
    in_first = is_agreed and rng.random() < _IN_FIRST_PLAN
    plans = [_plan(rng, care, first, in_first, second.since)]
    if is_agreed and not in_first:
        day = first + days(rng.randint(1, max(1, (second.day - first).days)))
        plans.append(_plan(rng, care, min(day, second.day), True, second.since))
    return plans


def _plan(rng: Random, care: Care, day: dt.date, is_agreed: bool, known_by: int | None = None) -> _Plan:
    spell = care.spell
    since = min(max(recorded(rng, day), spell.since), spell.end_since)
    return _Plan(day, since if known_by is None else min(since, known_by), is_agreed)


def _write(book: Book, care: Care, plans: list[_Plan]) -> None:
    spell = care.spell
    for number, plan in enumerate(plans):
        following = plans[number + 1] if number + 1 < len(plans) else None
        chosen = _permanence_plan(book.rng, spell.child.age_years(plan.day)) if plan.is_agreed else None
        keys = ", ".join(f'"{key}": "{"Y" if key == chosen else ""}"' for key in _PERMANENCE_KEYS)
        end = ended(max(plan.since, following.since), following.day) if following else care.end
        row = (book.id("15"), spell.child.id, plan.day, end, "{" + keys + "}")
        book.add("ssd_cla_care_plan", (plan.since, spell.until), *row)


def _permanence_plan(rng: Random, age: float) -> str:
    if age < 4:
        return rng.choices(("ADOPTION", "RETURN6M", "LTRELFR", "LTFOST18"), (45, 20, 20, 15))[0]
    weights = (6, 5, 8, 4, 14, 45, 8, 2 if age < 15 else 30, 2, 3)
    return rng.choices(_PERMANENCE_KEYS, weights)[0]
