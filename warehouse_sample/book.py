"""The books of LCS: one ledger per object, the first drop that mentions each person, and the records at fault.

Belongs here: collecting rows. Does not belong here: making them up.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from warehouse_sample.layout import COLUMNS, person_column
from warehouse_sample.lives import Numbers, Spell
from warehouse_sample.organisation import Workforce
from warehouse_sample.recording import Ledger
from warehouse_sample.timeline import NEVER

Shown = tuple[int, int]
"""The first drop that shows a row, and the first that no longer does."""


@dataclass(frozen=True, slots=True)
class RecordFault:
    """A record that breaks a row rule in the drops from `since` to the one before `until`.

    `team` is that of the child's case worker, where the fault was planted in a team.
    """

    rule: str
    object: str
    key: str
    team: str | None
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class ProtectionPlan:
    """A child protection plan of the world, with the keys of its row and of that of its conference."""

    spell: Spell
    id: str
    conference_id: str


class LateReview(NamedTuple):
    """A review that was held late: the code of its type, its key, its day, and its meeting if it has one."""

    review_type: str
    key: str
    shown: Shown
    day: dt.date
    meeting: str | None = None


class Gap(NamedTuple):
    """The time from a review to the next one, with its middle day. `context` is cla or cp."""

    context: str
    spell: Spell
    day: dt.date
    middle: dt.date
    following: dt.date | None


@dataclass
class Meeting:
    """A conference of one day. `rows`: what it is made of, as ledger and number of the row."""

    id: str
    day: dt.date
    is_initial: bool
    rows: list[tuple[Ledger, int]] = field(default_factory=list)
    children: dict[str, Shown] = field(default_factory=dict)

    @property
    def shown(self) -> Shown:
        """The first drop that shows it, and the first that no longer does."""
        since, until = zip(*self.children.values(), strict=True)
        return min(since), max(until)

    def is_shown(self, drop: int) -> bool:
        """Whether the drop shows it."""
        return any(since <= drop < until for since, until in self.children.values())


class Book:
    """All ledgers. State: the rows, the first drop in which each person is mentioned, the records at fault.

    `protection_plans` are the world's plans as written; `lent` are people of the world who were given a fault;
    `gaps` are those between reviews, and `officers` the reviewing officers of a person with their first days.
    """

    def __init__(self, rng: Random, numbers: Numbers, workforce: Workforce, seed: int = 0) -> None:
        self.rng, self.numbers, self.workforce, self.seed = rng, numbers, workforce, seed
        self.ledgers = {name: Ledger(name, columns) for name, columns in COLUMNS.items()}
        self.first_seen: dict[str, int] = {}
        self.faults: list[RecordFault] = []
        self.protection_plans: list[ProtectionPlan] = []
        self.lent: set[str] = set()
        self.late_reviews: list[LateReview] = []
        self.gaps: list[Gap] = []
        self.meetings: list[Meeting] = []
        self.officers: dict[str, list[tuple[dt.date, str]]] = defaultdict(list)
        persons = {name: person_column(name) for name in COLUMNS}
        self._person_position = {name: COLUMNS[name].index(column) for name, column in persons.items() if column}

    def add(self, name: str, shown: Shown, *values: Any) -> None:
        """Adds a row of an object, its values in the order of the columns."""
        self.ledgers[name].add(shown, *values)
        position = self._person_position.get(name)
        if position is not None and shown[0] < min(shown[1], NEVER):
            person = values[position]
            self.first_seen[person] = min(self.first_seen.get(person, NEVER), shown[0])

    def add_named(self, name: str, shown: Shown, **values: Any) -> None:
        """Adds a row of an object, its values by column; the others are empty."""
        self.add(name, shown, *(dict.fromkeys(COLUMNS[name]) | values).values())

    def note_fault(self, rule: str, name: str, key: str, drops: Iterable[int]) -> None:
        """Notes a record of the lives themselves that breaks a row rule in these drops."""
        self.faults += [RecordFault(rule, name, key, None, drop, drop + 1) for drop in drops]

    def id(self, prefix: str) -> str:
        """The next id of a kind."""
        return self.numbers.next(prefix)
