"""Conferences as meetings: of the children who share a meeting id on a day.

Belongs here: how many there are in the printed year, and which children were at each. Does not belong here: who
are a family (`families`), their conferences (`enquiries`, `conferences`).
"""

import datetime as dt

from warehouse_sample.book import Book, Meeting
from warehouse_sample.care_targets import Target, targets
from warehouse_sample.recording import Ledger
from warehouse_sample.timeline import REVIEWED_DROP
from warehouse_sample.world import World

_OBJECTS = (
    ("ssd_initial_cp_conference", "icpc_icpc_meeting_id", "icpc_icpc_date", "icpc_person_id", "icpc_cp_plan_id"),
    ("ssd_cp_reviews", "cppr_cp_review_meeting_id", "cppr_cp_review_date", "cppr_person_id", "cppr_cp_plan_id"),
)


def write_meetings(book: Book, world: World) -> None:
    """Collects the meetings, and gives the last child of some a meeting of its own, until there are as many in the
    printed month and then in the printed year as are printed."""
    meetings = _meetings(book, REVIEWED_DROP)
    late = {review.meeting for review in book.late_reviews}
    settled: list[Target] = []
    for asked, wanted in sorted(targets("meetings").items(), key=lambda each: each[0].first, reverse=True):
        held = [each for each in meetings if asked.is_in_months(each.day) and each.is_shown(asked.at.drop)]
        able = [
            each
            for each in held
            if not (each.id in late or any(other.is_in_months(each.day) for other in settled))
            and _are_all_shown(each, asked.at.drop)
        ]
        parted = book.rng.sample(able, min(len(able), max(0, wanted - len(held))))
        meetings += [_part(book, meeting) for meeting in parted]
        settled.append(asked)
    book.meetings = [each for each in meetings if each.id]


def _part(book: Book, meeting: Meeting) -> Meeting:
    """Takes the last child out of a meeting; returns its own."""
    ledger, row = meeting.rows.pop()
    key = ledger.cells[_position(ledger, 1)][row] = book.id("44")
    person = ledger.cells[_position(ledger, 3)][row] or ""
    own = {person: meeting.children.pop(person)}
    return Meeting(key, meeting.day, ledger.name == _OBJECTS[0][0], [(ledger, row)], own)


def _are_all_shown(meeting: Meeting, drop: int) -> bool:
    shown = [since <= drop < until for since, until in meeting.children.values()]
    return len(shown) == len(meeting.rows) > 1 and all(shown)


def _position(ledger: Ledger, column: int) -> int:
    names = next(columns for columns in _OBJECTS if columns[0] == ledger.name)
    return ledger.columns.index(names[column])


def _meetings(book: Book, drop: int) -> list[Meeting]:
    """The meetings as a drop has them. Those on a day that is corrected, or without an id, have the id ""."""
    meetings: dict[object, Meeting] = {}
    plans = book.ledgers["ssd_cp_plans"]
    keys, others = (plans.cells[plans.columns.index(name)] for name in ("cppl_cp_plan_id", "cppl_cp_plan_ola"))
    elsewhere = {key for key, other in zip(keys, others, strict=True) if other == "Y"}
    for name, *_ in _OBJECTS:
        ledger = book.ledgers[name]
        ids, held, persons, plans_of = (ledger.cells[_position(ledger, column)] for column in (1, 2, 3, 4))
        days: dict[int, str | None] = {}
        for since, changes in sorted(ledger.amendments.items()):
            for position, row, text in changes:
                if position == _position(ledger, 2):
                    days[row] = text if since <= drop else days.get(row, held[row])
        for row, (key, first, person, plan) in enumerate(zip(ids, held, persons, plans_of, strict=True)):
            day = days.get(row, first)
            if day and person and plan not in elsewhere:
                of = (key, day[:10]) if key else (name, person, day[:10])
                known = "" if row in days else key or ""
                is_initial = name == _OBJECTS[0][0]
                meeting = meetings.setdefault(of, Meeting(known, dt.date.fromisoformat(day[:10]), is_initial))
                meeting.rows.append((ledger, row))
                meeting.children[person] = ledger.since[row], ledger.until[row]
    return list(meetings.values())
