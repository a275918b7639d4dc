"""Rows about care leavers: ssd_care_leavers, one row per person, rewritten drop after drop.

Belongs here: who is a care leaver in which drop, so that the printed number is shown, and the rows. Does not
belong here: contact, accommodation and activity (`leaver_states`), the years in care.
"""

from random import Random
from typing import Any

from warehouse_sample.board_lists import write_eet_plan
from warehouse_sample.book import Book
from warehouse_sample.leaver_states import Leaver, LeaverStates, fit_ages, leaver_states
from warehouse_sample.lives import Child, Spell, born_at_age, make_person
from warehouse_sample.organisation import CENTRAL, EAST, LEAVING_CARE, NORTH, TEAMS, team_id
from warehouse_sample.plans import add_months
from warehouse_sample.printed_figures import CLA, printed_county
from warehouse_sample.recording import Known
from warehouse_sample.timeline import DROPS, NEVER, days, month_end, random_day
from warehouse_sample.world import World

_HISTORY_BEGINS = month_end(-25)
"""No figure of the first drop looks back so far."""
_NO_PLAN = "1900-01-01 00:00:00"
_NEVER_PLANNED, _SLOWLY_PLANNED = 0.03, 0.18
_PLAN_DAYS, _SLOW_PLAN_DAYS = 150, 330
_TEAM_OF = {NORTH: "Leaving Care North", CENTRAL: "Leaving Care Central", EAST: "Leaving Care East"}
_ENDS, _ENDS_WEIGHTS = ("No Current Eligibility", "RHOM", "DIED"), (6, 3, 1)
_LEAVING = 2
"""People a month who are no longer supported, beyond what the figures ask for."""
_GONE_FROM_THE_START = 0.02
_TURNING_26 = 9
_TWO_ROWS, _TWO_ROWS_GONE = 3, 1
"""People with an earlier row that was never removed: still counted (as the later row says), no longer counted."""


def write_leavers(book: Book, world: World) -> None:
    """Writes the rows of people aged 16 or more who are looked after, or were at 16 or later."""
    leavers = [leaver for child in list(world.children) if (leaver := _from_care(book.rng, child))]
    leavers += [_older(book.rng, world, 25.2, 25.95, 0) for _ in range(_TURNING_26)]
    for drop in DROPS:
        _fit_number(book.rng, world, leavers, drop)
    states = leaver_states(book.rng, leavers)
    fit_ages(Random(f"{book.seed}:ages of leavers"), leavers, states.activity)
    write_eet_plan(book, leavers, states)
    twofold = _twofold(leavers)
    for leaver in leavers:
        if leaver in twofold:
            _write(book, leaver, states, is_earlier=True)
        team = _write(book, leaver, states)
        if not leaver.child.spells:
            _early_care(book, leaver)
            _personal_adviser(book, leaver, team)


def _from_care(rng: Random, child: Child) -> Leaver | None:
    care = [spell for spell in child.spells if spell.kind == CLA and spell.until == NEVER]
    if not care or not 16 <= child.age_years(month_end(12)) <= 25:
        return None
    last = care[-1]
    sixteen = add_months(child.turns_18, -24)
    if last.end and last.end < sixteen:
        return None
    seen = next((drop for drop in DROPS if month_end(drop) >= max(sixteen, last.start)), NEVER)
    since = max(seen, last.since)
    if since >= NEVER:
        return None
    leaver = Leaver(child, since, [_eligibility(child, last, drop) for drop in DROPS])
    if rng.random() < _GONE_FROM_THE_START and leaver.eligibility[since] != "Eligible":
        _leave(leaver, since, rng.choice(("RHOM", "RHOM", "DIED")))
    return leaver


def _eligibility(child: Child, last: Spell, drop: int) -> str:
    day = month_end(drop)
    if child.turns_18 <= day:
        return "Qualifying" if int(child.id) % 17 == 0 else "Former Relevant"
    has_left = last.end is not None and last.end <= day and last.end_since <= drop
    return "Relevant" if has_left else "Eligible"


def _older(rng: Random, world: World, youngest: float, oldest: float, since: int) -> Leaver:
    """A person who left care before the history begins."""
    child = make_person(rng, world.numbers, born_at_age(rng, month_end(0), youngest, oldest))
    world.children.append(child)
    eligibility = "Qualifying" if rng.random() < 0.06 else "Former Relevant"
    return Leaver(child, since, [eligibility for _ in DROPS])


def _leave(leaver: Leaver, drop: int, how: str) -> None:
    if how in ("RHOM", "DIED"):
        leaver.gone, leaver.gone_as = drop, how
    else:
        for later in DROPS[drop:]:
            leaver.eligibility[later] = how


def _fit_number(rng: Random, world: World, leavers: list[Leaver], drop: int) -> None:
    """Ends support for some people and records others for the first time until the number is the printed one."""
    counted = [leaver for leaver in leavers if leaver.is_counted(drop)]
    lacking = printed_county("care_leavers")[drop] - len(counted)
    if drop:
        older = [leaver for leaver in counted if leaver.since < drop and leaver.child.age_years(month_end(0)) > 18]
        for leaver in rng.sample(older, _LEAVING + max(0, -lacking - _LEAVING)):
            _leave(leaver, drop, rng.choices(_ENDS, _ENDS_WEIGHTS)[0])
            lacking += 1
    leavers += [_older(rng, world, 18.6, 24.7, drop) for _ in range(lacking)]


def _twofold(leavers: list[Leaver]) -> set[Leaver]:
    whole = [leaver for leaver in leavers if all(leaver.is_counted(drop) for drop in DROPS)]
    gone = [leaver for leaver in leavers if leaver.since == leaver.gone == 0]
    return {*whole[:_TWO_ROWS], *gone[:_TWO_ROWS_GONE]}


def _write(book: Book, leaver: Leaver, states: LeaverStates, is_earlier: bool = False) -> str:
    """Writes the row of a person; returns the team. An earlier row, where still there, says the opposite."""
    rng, child, since = book.rng, leaver.child, leaver.since
    area = TEAMS[child.team][1] if child.allocations else rng.choice((NORTH, CENTRAL, EAST))
    team = _TEAM_OF.get(area, rng.choice(tuple(LEAVING_CARE)))
    worker = book.workforce.someone(rng, team)
    adviser = worker if rng.random() < 0.93 else "-1"
    number = book.id("22")
    pathway: Any = _NO_PLAN
    if is_earlier or rng.random() >= _NEVER_PLANNED:
        pathway = _changing(since, _plans(rng))
    else:
        owed = range(since, leaver.no_longer_owed)
        book.note_fault("pathway_plan_without_review_date", "ssd_care_leavers", number, owed)
    row: tuple[Any, ...] = (
        _changing(since, leaver.eligibility),
        _changing(since, states.in_touch[leaver]),
        _changing(since, states.contact[leaver]),
        *(_changing(since, states.home[leaver, position]) for position in (0, 1)),
        _changing(since, states.activity[leaver]),
    )
    if is_earlier:
        is_in_work = states.activity[leaver][0][0] in "FP"
        row = ("Former Relevant", "NO", None, "S2", "2", "G5" if is_in_work else "F2")
    book.add("ssd_care_leavers", (since, NEVER), number, child.id, *row, pathway, adviser, team_id(team), worker)
    return team


def _early_care(book: Book, leaver: Leaver) -> None:
    """Writes the period of care of a person who left before the history begins."""
    rng, child, shown = book.rng, leaver.child, (leaver.since, NEVER)
    sixteen = add_months(child.turns_18, -24)
    end = random_day(rng, sixteen + days(91), min(child.turns_18, _HISTORY_BEGINS) - days(1), working=False)
    start = end - days(rng.randint(200, 1500))
    cla_id, placement = book.id("11"), book.id("12")
    home = (start, "U4", f"SC{rng.randint(100000, 999999)}", round(rng.expovariate(1 / 11), 1), cla_id, "PR1")
    book.add("ssd_cla_placement", shown, placement, *home, "ZZ5 1DB", end, None, child.id)
    row = (book.id("10"), child.id, start, "S", "N1", end, "E5", cla_id, None, placement, start, None)
    book.add("ssd_cla_episodes", shown, *row)
    book.add("ssd_legal_status", shown, book.id("13"), child.id, "C2", start, end)


def _personal_adviser(book: Book, leaver: Leaver, team: str) -> None:
    start = add_months(leaver.child.turns_18, -24) + days(book.rng.randint(5, 45))
    held = (book.workforce.someone(book.rng, team), "16PLUS", team_id(team), start, None, None)
    book.add("ssd_involvements", (leaver.since, NEVER), book.id("51"), *held, leaver.child.id, None)


def _plans(rng: Random) -> list[Any]:
    """The day of the latest review of the pathway plan, as seen in each drop."""
    every = _SLOW_PLAN_DAYS if rng.random() < _SLOWLY_PLANNED else _PLAN_DAYS
    day = month_end(0) - days(rng.randint(1, every))
    seen = []
    for drop in DROPS:
        while (following := day + days(rng.uniform(0.5, 1.5) * every + 1)) <= month_end(drop):
            day = following
        seen.append(day)
    return seen


def _changing(since: int, values: list[Any]) -> Any:
    """A cell with one value for each drop; only changes are amendments."""
    versions = [(0, values[since])]
    versions += [(drop, values[drop]) for drop in DROPS if drop > since and values[drop] != values[drop - 1]]
    return Known(tuple(versions)) if len(versions) > 1 else values[since]
