"""Reviews of children looked after: rows of ssd_cla_reviews.

Belongs here: how many are late, who took part, and reviews that do not count: cancelled ones and the
first of two on one day. Does not belong here: the dates of a chain (`review_dates`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from random import Random

from pipelines.calendar import working_days_after
from warehouse_sample.book import Book, LateReview, RecordFault
from warehouse_sample.care_periods import Care
from warehouse_sample.care_targets import the_target
from warehouse_sample.quotas import Quota
from warehouse_sample.reported import financial_year, is_looked_after, is_shown, start_shown
from warehouse_sample.review_dates import HeldReview, ReviewRule, gaps, hold_reviews, next_due
from warehouse_sample.timeline import REVIEWED_DROP, days, month_end

_RULE = ReviewRule(lambda start: working_days_after(start, 20), 3, earliness=9)
_NOT_REVIEWED_ON_TIME = 0.0315
"""Of the children looked after at the printed day: a review of theirs was late in the year, or is overdue."""
_LATE, _LATE_IN_OTHER_PERIODS, _LATE_AGAIN = 0.018, 0.058, 0.25
"""Of reviews: in other financial years; in the printed year, of children who left or entered care recently; after
a late review."""
_REVIEWED_YEAR = financial_year(month_end(REVIEWED_DROP))
_NOT_TAKING_PART = 0.0022
_CANCELLED, _TWICE = 0.0035, 0.0025
_UNTIDY_FROM = month_end(-5)

_LATE_AT = (range(0), range(1, 2), range(2))
"""Which reviews of new entrants are late, as long as too many had their second one: none, the second, both."""

Reviews = tuple[HeldReview, ...]


def hold_all(rng: Random, cares: list[Care]) -> list[Reviews]:
    """The reviews of each period of care."""
    return _fit_new_entrants(rng, cares, _Lateness(rng).hold_all(cares))


def new_entrants(cares: list[Care], chains: list[Reviews]) -> list[int]:
    """The numbers of the periods that began in the printed year and had their second review in it."""
    return [number for number, pair in enumerate(zip(cares, chains, strict=True)) if _is_new_entrant(*pair)]


def _is_new_entrant(care: Care, chain: Reviews) -> bool:
    asked, _ = the_target("new_entrants", "second_review")
    shown = [held for held in chain if held.since <= asked.at.drop and held.day <= asked.at.day]
    is_new = is_shown(care.spell, asked.at.drop) and asked.is_in_months(start_shown(care.spell, asked.at.drop))
    return is_new and len(shown) > 1


def _fit_new_entrants(rng: Random, cares: list[Care], chains: list[Reviews]) -> list[Reviews]:
    """The reviews, with second ones after the end of the printed year until its number of new entrants is reached.

    Most are held on the day they are due. Where that is not enough, some are late, as others are late no more.
    """
    asked, wanted = the_target("new_entrants", "second_review")
    entrants = new_entrants(cares, chains)
    held = list(chains)
    surplus = len(entrants) - wanted
    on_the_day = replace(_RULE, earliness=0)
    for late in _LATE_AT:
        for number in rng.sample(entrants, len(entrants)):
            if surplus <= 0 or not _is_new_entrant(cares[number], held[number]):
                continue
            again = hold_reviews(rng, cares[number].spell, on_the_day, _late_at(late))
            was, now = (_fails(cares[number], chain, asked.at.day) for chain in (held[number], again))
            is_worse = now and not was
            if _is_new_entrant(cares[number], again) or (is_worse and not (late and _make_up(rng, cares, held))):
                continue
            held[number] = again
            surplus -= 1
    return held


def _make_up(rng: Random, cares: list[Care], chains: list[Reviews]) -> bool:
    """Holds the late reviews of another child of the cohort on time; whether there was one."""
    at = month_end(REVIEWED_DROP)
    failed = [
        number
        for number, (care, chain) in enumerate(zip(cares, chains, strict=True))
        if _is_in_cohort(care) and _fails(care, chain, at) and not _is_new_entrant(care, chain)
    ]
    for number in rng.sample(failed, len(failed)):
        again = hold_reviews(rng, cares[number].spell, _RULE, _late_at(range(0)))
        if not _fails(cares[number], again, at) and not _is_new_entrant(cares[number], again):
            chains[number] = again
            return True
    return False


class _Lateness:
    """Decides which reviews are late. State: the quotas of the years."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.late: dict[int, Quota] = defaultdict(lambda: Quota(rng, _LATE))
        self.late_elsewhere = Quota(rng, _LATE_IN_OTHER_PERIODS)
        self.not_on_time = Quota(rng, _NOT_REVIEWED_ON_TIME)

    def hold_all(self, cares: list[Care]) -> list[Reviews]:
        return [self._of_cohort(care) if _is_in_cohort(care) else self._of_other(care) for care in cares]

    def _of_cohort(self, care: Care) -> Reviews:
        """The reviews of a child looked after at the printed day: late or overdue ones by quota of children."""
        at = month_end(REVIEWED_DROP)
        chain = hold_reviews(self.rng, care.spell, _RULE, self._usual)
        fails = _fails(care, chain, at)
        if not fails and self.not_on_time.is_due():
            unlucky = [number for number, held in enumerate(chain) if _is_of_year(held.due)]
            for number in self.rng.sample(unlucky, len(unlucky)):
                late = range(number, number + 1 + (self.rng.random() < _LATE_AGAIN))
                again = hold_reviews(self.rng, care.spell, _RULE, _late_at(late))
                if _fails(care, again, at):
                    chain, fails = again, True
                    break
        self.not_on_time.record(fails)
        return chain

    def _of_other(self, care: Care) -> Reviews:
        return hold_reviews(self.rng, care.spell, _RULE, self._in_other_periods)

    def _usual(self, number: int, due: dt.date) -> bool:
        """Whether a review is late, by a quota of reviews. The printed year has a quota of children instead."""
        return not _is_of_year(due) and self.late[financial_year(due)].take()

    def _in_other_periods(self, number: int, due: dt.date) -> bool:
        quota = self.late_elsewhere if _is_of_year(due) else self.late[financial_year(due)]
        return quota.take()


def _late_at(numbers: range) -> Callable[[int, dt.date], bool]:
    return lambda number, due: number in numbers


def _is_of_year(day: dt.date) -> bool:
    return financial_year(day) == _REVIEWED_YEAR


def _is_in_cohort(care: Care) -> bool:
    """Whether the child is looked after at the printed day, for 20 working days or more."""
    spell = care.spell
    first_due = _RULE.first_due(start_shown(spell, REVIEWED_DROP))
    return is_looked_after(spell, REVIEWED_DROP) and first_due <= month_end(REVIEWED_DROP)


def _fails(care: Care, chain: Reviews, at: dt.date) -> bool:
    """Whether the drop of the printed day shows a late review in its year, or an overdue one."""
    shown = [held for held in chain if held.since <= REVIEWED_DROP and held.day <= at]
    was_late = any(held.is_late and _is_of_year(held.day) for held in shown)
    return was_late or next_due(start_shown(care.spell, REVIEWED_DROP), _RULE, tuple(shown)) <= at


def write_reviews(book: Book, cares: list[Care], chains: list[Reviews]) -> None:
    """The rows of all reviews."""
    takes_no_part: dict[int, Quota] = defaultdict(lambda: Quota(book.rng, _NOT_TAKING_PART))
    for care, chain in zip(cares, chains, strict=True):
        for held in chain:
            age, quota = care.spell.child.completed_years(held.day), takes_no_part[financial_year(held.day)]
            _write(book, care, held, _participation(book.rng, age, quota))
        book.gaps += gaps("cla", care.spell, [held.day for held in chain])


def _write(book: Book, care: Care, held: HeldReview, participation: str) -> None:
    """Writes the row of a review, and sometimes before it a cancelled one or one of the same day."""
    rng, shown = book.rng, (held.since, care.spell.until)
    is_recent = held.day > _UNTIDY_FROM
    if is_recent and rng.random() < _CANCELLED:
        planned = held.day - days(rng.choice((2, 7)))
        book.add("ssd_cla_reviews", shown, book.id("14"), care.cla_id, held.due, planned, "Y", None)
    is_twofold = is_recent and rng.random() < _TWICE
    if is_twofold:
        first = book.id("14")
        book.add("ssd_cla_reviews", shown, first, care.cla_id, held.due, held.day, "N", None)
        book.faults.append(
            RecordFault("held_review_without_participation", "ssd_cla_reviews", first, None, *shown)
        )
    key = book.id("14")
    book.add("ssd_cla_reviews", shown, key, care.cla_id, held.due, held.day, "N", participation)
    if held.is_late:
        book.late_reviews.append(LateReview("cla_review", key, shown, held.day))
    if is_twofold:
        book.faults.append(RecordFault("two_reviews_within_14_days", "ssd_cla_reviews", key, None, *shown))


def _participation(rng: Random, age: int, takes_no_part: Quota) -> str:
    is_old_enough = age >= 4
    happens = is_old_enough and takes_no_part.is_due()
    takes_no_part.record(happens)
    if not is_old_enough:
        return "PN0"
    if happens:
        return rng.choice(("PN4", "PN7", "PN7"))
    return rng.choices(("PN1", "PN2", "PN3", "PN5", "PN6"), (52, 4, 3, 6, 34))[0]
