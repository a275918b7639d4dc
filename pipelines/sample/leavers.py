"""Rows about care leavers: ssd_care_leavers, one row a person, rewritten drop after drop.

Belongs here: contact, accommodation, activity, pathway plan. Does not belong here: the years in care.
Not yet fitted to the printed care leaver figures: numbers are of the right size only.
"""

import datetime as dt
from random import Random
from typing import Any

from pipelines.sample.book import Book
from pipelines.sample.figures import CLA
from pipelines.sample.lives import Child, born_at_age, make_person
from pipelines.sample.organisation import CENTRAL, EAST, LEAVING_CARE, NORTH, TEAMS, team_id
from pipelines.sample.recording import Known
from pipelines.sample.timeline import DROPS, EXTRACT_DAYS, NEVER, days, month_end
from pipelines.sample.world import World

_OLDER_LEAVERS = 260
"""People who left care before the history begins."""
_NO_PLAN = dt.date(1900, 1, 1)
_TEAM_OF = {NORTH: "Leaving Care North", CENTRAL: "Leaving Care Central", EAST: "Leaving Care East"}
_IN_TOUCH = (("YES", 86), ("NO", 6), ("REFU", 3), ("NREQ", 2), ("RHOM", 2), ("DIED", 0.4))
_ACTIVITIES = (
    ("F1", 6),
    ("F2", 22),
    ("P2", 4),
    ("F5", 4),
    ("F3", 13),
    ("P3", 4),
    ("G4", 11),
    ("G5", 24),
    ("G6", 9),
    ("0", 5),
)
_ACCOMMODATION = "BDEKUUUVWXZSRG"
_UNSUITABLE = {"S": 1.0, "X": 1.0, "V": 0.5, "W": 0.6, "R": 0.5}


def write_leavers(book: Book, world: World) -> None:
    """Rows of everybody aged 16 to 25 who is, or was at 16 or later, looked after."""
    for child in list(world.children):
        care = [spell for spell in child.spells if spell.kind == CLA and spell.until == NEVER]
        if not care or not 16 <= child.age_years(month_end(12)) <= 25:
            continue
        last = care[-1]
        sixteen = child.turns_18 - days(730)
        left = last.end
        if left and left < sixteen:
            continue
        seen = next((drop for drop in DROPS if EXTRACT_DAYS[drop] >= max(sixteen, last.start)), NEVER)
        _leaver(book, child, left, max(seen, last.since), last.end_since)
    for _ in range(_OLDER_LEAVERS):
        child = make_person(book.rng, world.numbers, born_at_age(book.rng, month_end(0), 19.2, 24.5))
        world.children.append(child)
        since = 0 if book.rng.random() < 0.55 else 2 if book.rng.random() < 0.5 else book.rng.randint(1, 12)
        _leaver(book, child, child.turns_18, since, 0)


def _leaver(book: Book, child: Child, left: dt.date | None, since: int, left_since: int) -> None:
    rng = book.rng
    if since >= NEVER:
        return
    area = TEAMS[child.team][1] if child.allocations else rng.choice((NORTH, CENTRAL, EAST))
    team = _TEAM_OF.get(area, rng.choice(tuple(LEAVING_CARE)))
    worker = book.workforce.someone(rng, team)
    in_touch = _pick(rng, _IN_TOUCH)
    letter = rng.choice(_ACCOMMODATION)
    suitable = "2" if rng.random() < _UNSUITABLE.get(letter, 0.03) else "1"
    activity = _pick(rng, _ACTIVITIES)
    eligibility = _changing(since, [_eligibility(child, left, left_since, drop) for drop in DROPS])
    is_gone = in_touch in ("RHOM", "DIED")
    often = rng.choice((35, 45, 55, 80)) if in_touch == "YES" else 240
    contact = _changing(since, _latest(rng, often))
    pathway = _NO_PLAN if rng.random() < 0.04 else _changing(since, _latest(rng, 150))
    where = ("0", "0", "0") if is_gone else (f"{letter}{suitable}", suitable, activity)
    adviser = worker if rng.random() < 0.93 else "-1"
    row: tuple[Any, ...] = (child.id, eligibility, in_touch, contact, *where, pathway, adviser)
    book.add("ssd_care_leavers", (since, NEVER), book.id("22"), *row, team_id(team), worker)


def _pick(rng: Random, weighted: tuple[tuple[str, float], ...]) -> str:
    return rng.choices([code for code, _ in weighted], [weight for _, weight in weighted])[0]


def _eligibility(child: Child, left: dt.date | None, left_since: int, drop: int) -> str:
    day = month_end(drop)
    if child.turns_18 <= day:
        return "Qualifying" if int(child.id) % 17 == 0 else "Former Relevant"
    has_left = left is not None and left <= day and left_since <= drop
    return "Relevant" if has_left else "Eligible"


def _latest(rng: Random, every: int) -> list[dt.date]:
    """The day of the latest of events some `every` days apart, as seen at each extract."""
    day = EXTRACT_DAYS[0] - days(rng.randint(1, every))
    seen = []
    for extract in EXTRACT_DAYS:
        while (following := day + days(rng.uniform(0.5, 1.5) * every + 1)) <= extract:
            day = following
        seen.append(day)
    return seen


def _changing(since: int, values: list[Any]) -> Any:
    """A cell with one value for each drop; only changes are amendments."""
    versions = [(0, values[since])]
    versions += [(drop, values[drop]) for drop in DROPS if drop > since and values[drop] != values[drop - 1]]
    return Known(tuple(versions)) if len(versions) > 1 else values[since]
