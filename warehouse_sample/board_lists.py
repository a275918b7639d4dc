"""Rows of the Corporate Parenting Board's lists: local_delivery_plan and local_eet_plan.

Belongs here: what the board's plan says in which drop, from `delivery_plan.csv`, and the employment table counted
from the care leavers as ssd_care_leavers shows them. Does not belong here: who does what in which drop
(`leaver_states`).

`delivery_plan.csv` has a row for each version of an action, from its month on: an empty cell says what it said
before, and the rating `withdrawn` ends the action. Two entries of one action that begin together are two rows of
the plan. Numbers and dates resemble those of the council's own plan; words and posts are made up.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from pipelines.calendar import Month
from warehouse_sample.book import Book
from warehouse_sample.layout import COLUMNS
from warehouse_sample.leaver_states import Leaver, LeaverStates
from warehouse_sample.plans import add_months
from warehouse_sample.recording import Known
from warehouse_sample.timeline import DROPS, MONTHS, NEVER, month_end
from warehouse_sample.world import World

_PLAN = Path(__file__).with_name("delivery_plan.csv")
_COLUMNS = COLUMNS["local_delivery_plan"]
_WITHDRAWN = "withdrawn"

_TABLE_WRITTEN = (0, 1, 4, 7, 10)
"""Drops with a new employment table: the first one, and those of the quarters' ends."""
_EET, _NEET, _NOT_AVAILABLE, _NOT_KNOWN = "EET", "NEET", "not available for EET", "not known"
_GROUPS = (_EET, _NEET, _NOT_AVAILABLE, _NOT_KNOWN)
_GROUP_OF = {"F": _EET, "P": _EET, "G4": _NOT_AVAILABLE, "G5": _NEET, "G6": _NOT_AVAILABLE, "0": _NOT_KNOWN}
_COHORTS = ("Year 12", "Year 13", "Age 19-21")
_EVERYBODY = "Looked-after children and care leavers"
_TARGETS = (
    ("Year 11 leavers", "planned destination for September", "all", "text", "each September"),
    ("Year 12", "EET: more than in", "68", "percentage", "2018-06"),
    ("Year 13", "EET: more than in", "54.5", "percentage", "2018-06"),
    ("Age 19-21", "EET: more than in", "51.6", "percentage", "2018-06"),
    (_EVERYBODY, "full time in higher education: more than in", "49", "young people", "2018-06"),
    (_EVERYBODY, "part time in higher education: more than in", "2", "young people", "2018-06"),
    (_EVERYBODY, "apprenticeships at levels 2 to 7", "increase", "text", None),
    (_EVERYBODY, "employed by the council: rise of at least", "50", "percentage", "2018-19"),
    (_EVERYBODY, "employed by the council: rise from", "10", "young people", "2017-18"),
)


def write_delivery_plan(book: Book, world: World) -> None:
    """The plan as it stood at each drop, snapshots named by month."""
    actions: dict[tuple[str, str], list[list[tuple[int, dict[str, str]]]]] = {}
    with _PLAN.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            since = MONTHS.index(Month.parse(row.pop("from")))
            entries = actions.setdefault((row["objective_no"], row["action_ref"]), [])
            if not entries or entries[0][0][0] == since:
                entries.append([])
            entries[-1].append((since, row))
    for entries in actions.values():
        for versions in entries:
            _add_action(book, versions)


def _add_action(book: Book, versions: list[tuple[int, dict[str, str]]]) -> None:
    since, until = versions[0][0], NEVER
    if versions[-1][1]["brag"] == _WITHDRAWN:
        until = versions.pop()[0]
    row = {column: _amended(versions, column) for column in _COLUMNS}
    row["snapshot"] = Known(tuple((drop if drop > since else 0, str(MONTHS[drop])) for drop in DROPS[since:]))
    book.add("local_delivery_plan", (since, until), *row.values())


def _amended(versions: list[tuple[int, dict[str, str]]], column: str) -> Any:
    """A cell with its value in each version."""
    entries = [(since, row[column]) for since, row in versions if row.get(column)]
    if len(entries) > 1 or (entries and entries[0][0] > versions[0][0]):
        first = entries.pop(0)[1] if entries[0][0] == versions[0][0] else None
        return Known(((0, first), *entries))
    return entries[0][1] if entries else None


def write_eet_plan(book: Book, leavers: list[Leaver], states: LeaverStates) -> None:
    """Writes the table as it was counted last, and the targets."""
    for position, drop in enumerate(_TABLE_WRITTEN):
        until = _TABLE_WRITTEN[position + 1] if position + 1 < len(_TABLE_WRITTEN) else NEVER
        for cohort in _COHORTS:
            people = [leaver for leaver in leavers if _is_of(leaver, cohort, drop)]
            counts = Counter(_group(states.activity[leaver][drop]) for leaver in people)
            figures: list[tuple[str, str, str, str | None]] = [("number", str(len(people)), "young people", None)]
            for group in _GROUPS:
                share = f"{100 * counts[group] / len(people):.1f}"
                figures.append((group, share, "percentage", f"as written: {share}%"))
            for measure, value, unit, note in figures:
                row = ("table", cohort, measure, value, unit, str(MONTHS[drop]), None, note)
                book.add("local_eet_plan", (drop, until), *row)
    for target in _TARGETS:
        book.add("local_eet_plan", (0, NEVER), "target", *target, None, None)


def _group(activity: str) -> str:
    return _GROUP_OF.get(activity) or _GROUP_OF[activity[0]]


def _is_of(leaver: Leaver, cohort: str, drop: int) -> bool:
    """Whether a person is in a line of the table: care leavers by age, or a school year's looked-after people."""
    day, eighteen = month_end(drop), leaver.child.turns_18
    if cohort == "Age 19-21":
        return leaver.is_counted(drop) and add_months(eighteen, 12) <= day < add_months(eighteen, 48)
    is_there = leaver.since <= drop < leaver.gone and leaver.eligibility[drop] != "No Current Eligibility"
    school_year = day.year - (day.month < 9)
    # year 12 begins after the sixteenth birthday: who is in it turns 18 in the school year after
    years = 1 if cohort == "Year 12" else 0
    first = school_year + years
    return is_there and (first, 9) <= (eighteen.year, eighteen.month) < (first + 1, 9)
