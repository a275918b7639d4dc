"""Rows of the lists that reviewing officers keep: checks between reviews, challenges, why reviews were late, and
reviews of foster carers.

Belongs here: local_iro_contact, local_iro_challenge, local_review_delay, local_foster_review. Does not belong
here: reviews (`reviews`, `conferences`); officers and their posts (`reviewing_officers`); lists of conferences
(`conference_lists`).
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from warehouse_sample.book import Book, Gap
from warehouse_sample.care_targets import At, printed_codes, targets, the_target
from warehouse_sample.lives import Spell
from warehouse_sample.permanence_lists import version_with
from warehouse_sample.plans import add_months
from warehouse_sample.printed_figures import CLA, CP
from warehouse_sample.recording import Known, ended
from warehouse_sample.reported import is_looked_after_on, is_open_on
from warehouse_sample.timeline import DROPS, HORIZON, NEVER, days, drop_of, month_end, random_day
from warehouse_sample.world import World

_LISTED_FROM = -13
_CHECKED_IN_OTHER_MONTHS = {"cla": 0.848, "cp": 0.832}
"""Of the gaps between reviews those with a check. The shares of the best months are printed."""
_KINDS, _KIND_WEIGHTS = ("file_check", "visit", "call", "meeting", None), (50, 20, 18, 9, 3)

_CHALLENGES = {"problem_resolution": (24, 36), "management_alert": (34, 92), "informal": (20, 20)}
"""A month, before and after the printed year. In it there are as many as are printed."""
_INFORMAL = 240
_SOLVED_AFTER = {"problem_resolution": (1, 26), "management_alert": (1, 75), "informal": (1, 20)}
_WITHDRAWN = 0.03

_REASONS_WRITTEN, _CARERS_WRITTEN = (0, 2, 4, 7, 9, 12), (0, 3, 7, 9, 12)
"""Drops that hold the list. Between them it did not change."""
_REASON_KNOWN = 0.8
_OTHER_REASONS = (
    "social_worker_availability",
    "family_availability",
    "iro_sickness",
    "late_notification",
    "other",
)

_CARERS, _CARERS_LATE, _AFTER_ALLEGATION, _DUE_DAY_LISTED = 640, 0.09, 0.02, 0.5
_CARERS_FROM = dt.date(2017, 4, 1)


def write_reviewing_lists(book: Book, world: World) -> None:
    """All rows of this module."""
    _contacts(book)
    _challenges(book, world)
    _reasons(book)
    _foster_reviews(book)


# Checks between reviews


def _contacts(book: Book) -> None:
    months: dict[tuple[str, int], list[Gap]] = defaultdict(list)
    for gap in book.gaps:
        month = _month_of(gap.middle)
        at = At(max(0, month), month_end(month))
        is_asked = is_looked_after_on if gap.context == "cla" else is_open_on
        if _LISTED_FROM <= month <= DROPS[-1] and is_asked(gap.spell, at):
            months[gap.context, month].append(gap)
    printed = {(each.code, _month_of(each.at.day)): number / 1000 for each, number in targets("checked").items()}
    for (context, month), gaps in months.items():
        share = printed.get((context, month), _CHECKED_IN_OTHER_MONTHS[context])
        for gap in book.rng.sample(gaps, round(share * len(gaps))):
            spell = gap.spell
            before = min(gap.following or HORIZON, spell.earliest_end or HORIZON, month_end(month) + days(1))
            last = min(before - days(1), gap.middle + days(12))
            day = random_day(book.rng, max(gap.day, min(gap.middle, last) - days(25)), last)
            book.add_named(
                "local_iro_contact",
                (max(spell.since, drop_of(day)), spell.until),
                contact_id=book.id("94"),
                person_id=spell.child.id,
                contact_date=day,
                context=context,
                kind=book.rng.choices(_KINDS, _KIND_WEIGHTS)[0],
            )


def _month_of(day: dt.date) -> int:
    """The number of the drop of a day's month."""
    first = month_end(0)
    return (day.year - first.year) * 12 + day.month - first.month


# Challenges


def _challenges(book: Book, world: World) -> None:
    rng, subjects = book.rng, _Subjects(world)
    asked, _ = the_target("management_alert.context", "cla")
    first, last = _month_of(asked.first), _month_of(asked.at.day)
    for kind, (before, after) in _CHALLENGES.items():
        printed = {column: printed_codes(f"{kind}.{column}") for column in ("context", "category", "impact")}
        for codes in printed.values():
            rng.shuffle(codes)
        others = (*range(_LISTED_FROM, first), *range(last + 1, DROPS[-1] + 1))
        places: list[tuple[int, int | None]] = [
            (month, None) for month in others for _ in range(before if month < first else after)
        ]
        places += [(rng.randint(first, last), place) for place in range(len(printed["context"]) or _INFORMAL)]
        rows = []
        for month, place in places:
            chosen = {
                column: rng.choice(codes) if place is None else codes[place]
                for column, codes in printed.items()
                if codes
            }
            rows.append(_challenge(book, subjects, kind, month, chosen))
        _add_challenges(book, rows, printed_codes(f"{kind}.level"), (asked.first, asked.at.day))


class _Subjects:
    """Children whom a challenge may be about. State: those found already."""

    def __init__(self, world: World) -> None:
        self._spells = {
            context: [spell for spell in world.spells if spell.kind == kind and spell.until == NEVER]
            for context, kind in (("cla", CLA), ("cp", CP))
        }
        self._found: dict[tuple[str, int], list[Spell]] = {}

    def of(self, context: str, month: int) -> list[Spell]:
        """Spells that are open all the month."""
        if (context, month) not in self._found:
            first, last = month_end(month - 1), month_end(month)
            self._found[context, month] = [
                spell
                for spell in self._spells[context]
                if spell.latest_start <= first
                and (spell.earliest_end or HORIZON) > last
                and spell.child.turns_18 > last
                and spell.since <= max(0, month)
            ]
        return self._found[context, month]


def _challenge(book: Book, subjects: _Subjects, kind: str, month: int, chosen: dict[str, str]) -> dict[str, Any]:
    rng, context = book.rng, chosen.get("context", "cla")
    raised = random_day(rng, month_end(month - 1), month_end(month))
    child = rng.choice(subjects.of(context, month)).child
    officers = [officer for start, officer in book.officers[child.id] if start <= raised]
    solved = raised + days(rng.randint(*_SOLVED_AFTER[kind]))
    return chosen | {
        "challenge_id": book.id("95"),
        "person_id": child.id,
        "challenge_type": kind,
        "context": context,
        "raised_date": raised,
        "iro_worker_id": officers[-1] if officers else None,
        "resolved_date": solved,
        "outcome": "withdrawn" if rng.random() < _WITHDRAWN else "resolved",
    }


def _add_challenges(
    book: Book, rows: list[dict[str, Any]], percent: list[str], year: tuple[dt.date, dt.date]
) -> None:
    """Writes challenges of a kind, and at which levels they were resolved, of the printed year in its shares."""
    first, last = year
    of_year = [row for row in rows if first <= row["resolved_date"] <= last and row["outcome"] == "resolved"]
    levels = [percent[100 * number // len(of_year)] for number in range(len(of_year))] if percent else []
    book.rng.shuffle(levels)
    for row, of_row in zip(of_year, levels, strict=False):
        row["resolved_level"] = of_row
    for row in sorted(rows, key=lambda row: row["raised_date"]):
        known = drop_of(row["resolved_date"])
        level = row.get("resolved_level") or (percent and book.rng.choice(percent)) or None
        row["resolved_date"] = ended(known, row["resolved_date"])
        row["outcome"] = Known(((0, None), (known, row["outcome"])))
        row["resolved_level"] = Known(((0, None), (known, level)))
        book.add_named("local_iro_challenge", (drop_of(row["raised_date"]), NEVER), **row)


# Why reviews were late


def _reasons(book: Book) -> None:
    """Reasons for the late meetings of the printed year as are printed, and for most other late reviews."""
    rng, reasons = book.rng, printed_codes("late_reason")
    asked, _ = the_target("late_meetings", "North")
    rng.shuffle(reasons)
    of_meeting: dict[str, str] = {}
    for late in book.late_reviews:
        reason = of_meeting.get(late.meeting or "")
        if reason is None and late.meeting and asked.is_in_months(late.day):
            reason = of_meeting[late.meeting] = reasons.pop()
        if reason is None and rng.random() < _REASON_KNOWN:
            reason = rng.choice(_OTHER_REASONS)
        if reason:
            since, until = late.shown
            key = {"review_type": late.review_type, "review_id": late.key, "reason": reason}
            book.add_named("local_review_delay", (_version_from(since, _REASONS_WRITTEN), until), **key)


def _version_from(drop: int, written: tuple[int, ...]) -> int:
    return next((each for each in written if each >= drop), NEVER)


# Foster carers


def _foster_reviews(book: Book) -> None:
    rng = book.rng
    for _ in range(_CARERS):
        carer, approved = book.id("96"), random_day(rng, dt.date(2008, 1, 1), dt.date(2018, 12, 31))
        last, kind = approved, "first"
        while last < HORIZON:
            due = add_months(last, 12)
            held = due + days(rng.randint(1, 60) if rng.random() < _CARERS_LATE else -rng.randint(0, 30))
            if kind == "annual" and rng.random() < _AFTER_ALLEGATION:
                kind, held = "allegation", last + days(rng.randint(60, 300))
                due = held + days(rng.randint(-5, 20))
            if due > _CARERS_FROM:
                _foster_review(book, (carer, approved), kind, due, held)
            last, kind = held, "annual"


def _foster_review(book: Book, carer: tuple[str, dt.date], kind: str, due: dt.date, held: dt.date) -> None:
    key, approved = carer
    listed = version_with(min(due, held) - days(90), _CARERS_WRITTEN)
    is_due_day_listed = kind == "allegation" or book.rng.random() < _DUE_DAY_LISTED
    book.add_named(
        "local_foster_review",
        (listed, NEVER),
        review_id=book.id("99"),
        carer_id=key,
        approved_date=approved,
        due_date=due if is_due_day_listed else None,
        held_date=ended(version_with(held, _CARERS_WRITTEN), held),
        kind=kind,
    )
