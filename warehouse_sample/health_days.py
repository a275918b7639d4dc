"""Days of health assessments, moved until as many were done in time as papers print.

Belongs here: initial assessments within 20 working days of the first day in care, and reviews by the day on which
they are due. No child changes between up to date and not up to date at the month end of a drop. Does not belong
here: which checks there are (`health`, `health_checks`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from pipelines.calendar import working_days_after
from warehouse_sample.care_targets import At, Target, targets
from warehouse_sample.health_checks import HEALTH
from warehouse_sample.leaver_states import nearest
from warehouse_sample.lives import Child, Spell
from warehouse_sample.plans import add_months, stop_of
from warehouse_sample.reported import end_shown, is_looked_after_on, is_shown, start_shown
from warehouse_sample.timeline import MONTHS, days, drop_of

INITIAL_UNTIL = days(75)
"""From the first day in care on, a health assessment is the initial one for so long."""
_WORKING_DAYS = 20
_TOO_LATE = (2, 20)
"""Days after the last one that is in time."""
_NEW = days(60)
"""Twenty working days are shorter, whatever holidays are in them."""


@dataclass(slots=True)
class HealthRow:
    """A row of ssd_cla_health. `words` is its type as written; `is_initial` says what the words are of."""

    spell: Spell
    since: int
    until: int
    key: str
    kind: str
    words: str
    is_initial: bool
    day: dt.date
    status: str

    def is_shown(self, drop: int) -> bool:
        return self.since <= drop < self.until

    def may_be(self, initial: bool) -> bool:
        """Whether its words are of an initial assessment, or of a review, or leave it open."""
        return self.is_initial is initial or self.words == HEALTH

    def move(self, day: dt.date) -> None:
        self.day, self.since = day, max(self.spell.since, drop_of(day))


class _Held:
    """The completed health assessments by child."""

    def __init__(self, rows: Iterable[HealthRow]) -> None:
        self._rows: dict[Child, list[HealthRow]] = defaultdict(list)
        for row in rows:
            if row.kind == HEALTH and row.status == "Completed":
                self._rows[row.spell.child].append(row)

    def between(self, child: Child, first: dt.date, last: dt.date, drop: int) -> list[HealthRow]:
        """Those from one day to another that a drop shows, the earliest first."""
        rows = (row for row in self._rows[child] if first <= row.day <= last and row.is_shown(drop))
        return sorted(rows, key=lambda row: row.day)

    def initial(self, spell: Spell, last: dt.date, drop: int) -> list[HealthRow]:
        """Those that may be the initial one, from the first day in care to another day."""
        rows = self.between(spell.child, start_shown(spell, drop), last, drop)
        return [row for row in rows if row.may_be(initial=True)]


def settle_days(rng: Random, rows: list[HealthRow], care: list[Spell]) -> None:
    """Moves health assessments in place until the printed numbers are those of the drops that show them."""
    held = _Held(rows)
    for target, number in targets("initial_assessment_pending").items():
        _leave_pending(rng, held, care, target.at, number)
    for target, percent in targets("initial_assessment_in_time").items():
        _hold_initial(rng, held, care, target.at, percent)
    for target, percent in targets("review_assessment_in_time").items():
        _hold_reviews(rng, held, care, target, percent)


# Initial assessments


def _last_in_time(spell: Spell, drop: int) -> dt.date:
    return working_days_after(start_shown(spell, drop), _WORKING_DAYS)


def _leave_pending(rng: Random, held: _Held, care: list[Spell], at: At, number: int) -> None:
    """Moves assessments over a month end until so many children wait for one that is still in time."""
    waiting = [
        spell
        for spell in care
        if is_looked_after_on(spell, at)
        and start_shown(spell, at.drop) > at.day - _NEW
        and _last_in_time(spell, at.drop) > at.day
    ]
    done = [spell for spell in waiting if held.initial(spell, at.day, at.drop)]
    surplus = number - len(waiting) + len(done)
    for spell in rng.sample(done, min(len(done), max(0, surplus))):
        left = _last_in_time(spell, at.drop) - at.day
        for row in held.initial(spell, at.day, at.drop):
            row.move(at.day + days(rng.randint(1, left.days)))
    later = _later(held, {spell: at.day for spell in waiting if spell not in done}, at)
    for spell in rng.sample(list(later), min(len(later), max(0, -surplus))):
        later[spell].move(at.day - days(rng.randint(0, (at.day - start_shown(spell, at.drop)).days // 2)))


def _hold_initial(rng: Random, held: _Held, care: list[Spell], at: At, percent: int) -> None:
    """Moves assessments of a month out of their time or into it, where their time ends in the month."""
    first = MONTHS[at.drop].first_day
    asked: dict[Spell, dt.date] = {}
    for spell in care:
        if is_shown(spell, at.drop) and start_shown(spell, at.drop) > first - _NEW:
            last, end = _last_in_time(spell, at.drop), end_shown(spell, at.drop)
            if first <= last <= at.day and (end is None or end > last):
                asked[spell] = last
    in_time = {spell: rows for spell, last in asked.items() if (rows := held.initial(spell, last, at.drop))}
    surplus = len(in_time) - nearest(percent, len(asked))
    able = [
        spell
        for spell, rows in in_time.items()
        if rows[0].day >= first and asked[spell] + days(_TOO_LATE[1]) < stop_of(spell)
    ]
    for spell in rng.sample(able, min(len(able), max(0, surplus))):
        for row in in_time[spell]:
            row.move(asked[spell] + days(rng.randint(*_TOO_LATE)))
    later = _later(held, {spell: last for spell, last in asked.items() if spell not in in_time}, at)
    for spell in rng.sample(list(later), min(len(later), max(0, -surplus))):
        later[spell].move(max(first, asked[spell] - days(rng.randint(0, 4))))


def _later(held: _Held, without: dict[Spell, dt.date], at: At) -> dict[Spell, HealthRow]:
    """The first initial assessment after a day of those who had none by then, where they had one soon after."""
    rows = {spell: held.initial(spell, day + days(40), at.drop + 1) for spell, day in without.items()}
    return {spell: assessments[0] for spell, assessments in rows.items() if assessments}


# Reviews


def _due(row: HealthRow) -> dt.date:
    return add_months(row.day, 6 if row.spell.child.completed_years(row.day) < 5 else 12)


def _hold_reviews(rng: Random, held: _Held, care: list[Spell], target: Target, percent: int) -> None:
    """Moves reviews of a month before the day on which they are due.

    Where these are too few, assessments that were never repeated move back to the end of the month before. Then
    they are due a month earlier.
    """
    at, first = target.at, MONTHS[target.at.drop].first_day
    asked = {
        (row.spell.child, row.day): row
        for spell in care
        if is_looked_after_on(spell, at)
        for row in held.between(spell.child, start_shown(spell, at.drop), at.day, at.drop)
        if first <= _due(row) <= at.day
    }
    in_time, late, never = 0, [], []
    for row in asked.values():
        following = held.between(row.spell.child, row.day + days(1), at.day, at.drop)
        reviews = [each for each in following if each.may_be(initial=False)]
        if any(each.day <= _due(row) for each in reviews):
            in_time += 1
        elif reviews:
            late.append((reviews[0], _due(row)))
        elif _may_move_back(held, row):
            never.append(row)
    number = len(asked)
    for review, due in rng.sample(late, min(len(late), max(0, nearest(percent, number) - in_time))):
        review.move(due - days(rng.randint(0, min(4, due.day - 1))))
        in_time += 1
    for row in rng.sample(never, len(never)):
        if nearest(percent, number) <= in_time:
            break
        row.move(row.day - days(row.day.day))
        number -= 1


def _may_move_back(held: _Held, row: HealthRow) -> bool:
    """Whether it is from before the first drop, and then still a review, and the child's latest one."""
    before = row.day - days(row.day.day)
    is_free = not held.between(row.spell.child, before, row.day - days(1), row.since)
    is_review = before - row.spell.latest_start >= INITIAL_UNTIL
    return is_free and is_review and row.since == 0 and _due(row) == add_months(row.day, 12)
