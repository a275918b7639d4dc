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
from warehouse_sample.care_targets import the_target
from warehouse_sample.lives import Child
from warehouse_sample.plans import stop_of
from warehouse_sample.quotas import Exactly, Quota
from warehouse_sample.recording import ended
from warehouse_sample.reported import financial_year, is_looked_after_on, is_shown
from warehouse_sample.review_dates import HeldReview
from warehouse_sample.reviews import new_entrants
from warehouse_sample.timeline import REVIEWED_DROP, days, drop_of, recorded

_BY_SECOND_REVIEW = 0.72
"""Of periods of care that reach a second review, those with a plan for permanence by then; printed for 2018/19."""
_IN_FIRST_PLAN, _SOON_AFTER, _LATER = 0.3, 0.8, 0.93
_WITHOUT_FOR = days(150)
"""The longest that a child on section 20 is without a plan."""
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


@dataclass(frozen=True)
class _Agreement:
    """What decides when permanence is agreed: reviews, quotas by the second one and by now, an old plan."""

    reviews: tuple[HeldReview, ...]
    by_second_review: Quota | None
    by_now: Quota | None
    had_one: bool


def write_care_plans(book: Book, cares: list[Care], chains: list[tuple[HeldReview, ...]]) -> None:
    """The rows of all care plans."""
    made = _made(book.rng, cares, chains)
    over = _over_too_soon(book.rng, cares, made)
    for number, (care, plans) in enumerate(zip(cares, made, strict=True)):
        _write(book, care, plans, over.get(number))


def _made(rng: Random, cares: list[Care], chains: list[tuple[HeldReview, ...]]) -> list[list[_Plan]]:
    """The plans of each period."""
    agreed: dict[tuple[int, bool], Quota] = defaultdict(lambda: Quota(rng, _BY_SECOND_REVIEW))
    known_plans: dict[Child, int] = {}
    entrants = frozenset(new_entrants(cares, chains))
    (_, by_then), (_, by_now) = (the_target("new_entrants", code) for code in ("plan_by_then", "plan_by_now"))
    of_entrants = Exactly(rng, by_then, len(entrants))
    of_others_yet = Exactly(rng, by_now - by_then, len(entrants) - by_then)
    made = []
    for number, (care, chain) in enumerate(zip(cares, chains, strict=True)):
        quota, had_one = None, False
        if len(chain) > 1:
            second = chain[1]
            is_counted = is_shown(care.spell, REVIEWED_DROP) and second.since <= REVIEWED_DROP
            quota = of_entrants if number in entrants else agreed[financial_year(second.day), is_counted]
            had_one = known_plans.get(care.spell.child, second.since + 1) <= second.since
        by_now_or_later = of_others_yet if number in entrants else None
        plans = _plans(rng, care, _Agreement(chain, quota, by_now_or_later, had_one))
        made.append(plans)
        for plan in plans:
            if plan.is_agreed and plan.since < care.spell.until:
                child = care.spell.child
                known_plans[child] = min(known_plans.get(child, plan.since), plan.since)
    return made


def _plans(rng: Random, care: Care, about: _Agreement) -> list[_Plan]:
    spell, chain, quota, had_one = care.spell, about.reviews, about.by_second_review, about.had_one
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
            plans.append(_after_second_review(rng, care, chain[1].day, about.by_now))
    while plans[-1].day + days(700) < stop:
        day = plans[-1].day + days(rng.randint(300, 700))
        plans.append(_plan(rng, care, day, plans[-1].is_agreed or rng.random() < _LATER))
    return [plan for plan in plans if plan.day < stop]


def _after_second_review(rng: Random, care: Care, review: dt.date, by_now: Quota | None) -> _Plan:
    """The plan after a second review without one for permanence; for new entrants, by the printed day or later."""
    if by_now is None:
        return _plan(rng, care, review + days(rng.randint(15, 120)), rng.random() < _SOON_AFTER)
    at = the_target("new_entrants", "plan_by_now")[0].at
    last = min(at.day, stop_of(care.spell) - days(1), review + days(120))
    is_in_time = review < last and by_now.is_due()
    by_now.record(is_in_time)
    if is_in_time:
        return _plan(rng, care, review + days(rng.randint(1, (last - review).days)), True, at.drop)
    return _plan(rng, care, at.day + days(rng.randint(5, 90)), True)


def _over_too_soon(rng: Random, cares: list[Care], made: list[list[_Plan]]) -> dict[int, tuple[int, dt.date]]:
    """By number of a period: which of its plans ended and when, so that as many as printed have none.

    They are of children accommodated under section 20. The plans of all others end with care.
    """
    target, wanted = the_target("section_20_without_plan")
    open_plans: dict[int, int] = {}
    for number, (care, plans) in enumerate(zip(cares, made, strict=True)):
        if is_looked_after_on(care.spell, target.at) and care.order_on(target.at) == "V2":
            shown = [plan for plan in plans if plan.day <= target.at.day and plan.since <= target.at.drop]
            wanted -= not shown
            if shown and shown[-1].day < target.at.day:
                open_plans[number] = plans.index(shown[-1])
    chosen = rng.sample(sorted(open_plans), max(0, min(len(open_plans), wanted)))
    ends = {}
    for number in chosen:
        begun = made[number][open_plans[number]].day
        since = max(begun, target.at.day - _WITHOUT_FOR)
        ends[number] = (open_plans[number], since + days(rng.randint(1, (target.at.day - since).days)))
    return ends


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


def _write(book: Book, care: Care, plans: list[_Plan], over: tuple[int, dt.date] | None) -> None:
    spell = care.spell
    for number, plan in enumerate(plans):
        following = plans[number + 1] if number + 1 < len(plans) else None
        chosen = _permanence_plan(book.rng, spell.child.age_years(plan.day)) if plan.is_agreed else None
        keys = ", ".join(f'"{key}": "{"Y" if key == chosen else ""}"' for key in _PERMANENCE_KEYS)
        end = ended(max(plan.since, following.since), following.day) if following else care.end
        if over and over[0] == number:
            end = ended(max(plan.since, drop_of(over[1])), over[1])
        row = (book.id("15"), spell.child.id, plan.day, end, "{" + keys + "}")
        book.add("ssd_cla_care_plan", (plan.since, spell.until), *row)


def _permanence_plan(rng: Random, age: float) -> str:
    if age < 4:
        return rng.choices(("ADOPTION", "RETURN6M", "LTRELFR", "LTFOST18"), (45, 20, 20, 15))[0]
    weights = (6, 5, 8, 4, 14, 45, 8, 2 if age < 15 else 30, 2, 3)
    return rng.choices(_PERMANENCE_KEYS, weights)[0]
