"""One made-up child with the records of one fault.

Belongs here: writing a child's rows by column name, and noting which of them are at fault. Does not belong here:
what is wrong with them (the modules of the domains).
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from warehouse_sample.book import Book, RecordFault
from warehouse_sample.layout import COLUMNS, key_column, person_column
from warehouse_sample.organisation import team_id
from warehouse_sample.record_faults.schedule import Place
from warehouse_sample.recording import Known
from warehouse_sample.timeline import DROPS, NEVER, days
from warehouse_sample.world import World

Planter = Callable[["Case"], None]

PLANTERS: dict[str, Planter] = {}
"""The planters by the rule that their fault breaks."""

_BORN = dt.date(2008, 5, 14)
_ALLOCATED = dt.date(2016, 9, 5)
_KEYS = "97"


class NobodyLeftError(Exception):
    """No child of the world can have the fault: the team goes without."""


def plants(rule: str) -> Callable[[Planter], Planter]:
    """Registers a function as what plants the faults of a rule."""

    def register(planter: Planter) -> Planter:
        if rule in PLANTERS:
            raise ValueError(f"{rule} is planted twice")
        PLANTERS[rule] = planter
        return planter

    return register


class Case:
    """A child for whom a fault is planted, of the team and in the drops of its place.

    State: who the child is (`born`, `sex` and `about`, further columns of ssd_person by name, may be set until the
    end), whether a case worker is allocated (`allocation` is the key of that row), and whether the child is made
    up: it is not where a child of the world has the fault. The place decides which drops show the rows.
    """

    def __init__(self, book: Book, world: World, rule: str, place: Place) -> None:
        self.world = world
        self.book, self.rng, self.rule, self.place = book, book.rng, rule, place
        self.shown = (place.since, place.until)
        self.id = book.numbers.next_person()
        self.allocation = book.id(_KEYS)
        self.born: dt.date | None = _BORN + days(self.rng.randint(-200, 200))
        self.sex = self.rng.choice("MF")
        self.about: dict[str, Any] = {}
        self.is_allocated = True
        self.is_made_up = True

    def add(self, name: str, **values: Any) -> str:
        """Adds a row for the child, empty where no value is given; returns its key, made up if missing."""
        columns = COLUMNS[name]
        unknown = sorted(set(values) - set(columns))
        if unknown:
            raise ValueError(f"{name} has no column {unknown[0]}")
        row = dict.fromkeys(columns) | values
        person = person_column(name)
        if person is not None and row[person] is None:
            row[person] = self.id
        key = key_column(name)
        if row[key] is None:
            row[key] = self.book.id(_KEYS)
        self.book.add(name, self.shown, *row.values())
        return str(row[key])

    def at_fault(self, name: str, key: str, *rules: str, until: int = NEVER) -> None:
        """Notes that the record breaks the case's rule, and `rules` where it breaks others instead or besides.

        `until` is the first drop that no longer finds it, though the record is still there.
        """
        since, gone = self.shown
        for rule in rules or (self.rule,):
            team = self.place.team if self.is_allocated else None
            self.book.faults.append(RecordFault(rule, name, key, team, since, min(gone, until)))

    def by_drop(self, value: Callable[[int], Any]) -> Known:
        """A cell with another value in every drop."""
        since, *later = DROPS[self.place.since :]
        return Known(((0, value(since)), *((drop, value(drop)) for drop in later)))

    def worker(self) -> str:
        """A worker of the case's team."""
        return self.book.workforce.someone(self.rng, self.place.team)

    def finish(self) -> None:
        """Writes the child itself and its case worker."""
        if not self.is_made_up:
            return
        if self.is_allocated:
            self.add(
                "ssd_involvements",
                invo_involvements_id=self.allocation,
                invo_professional_id=self.worker(),
                invo_professional_role_id="CW",
                invo_professional_team=team_id(self.place.team),
                invo_involvement_start_date=_ALLOCATED,
            )
        self._person(self.id)

    def another_child(self) -> str:
        """A second made-up child, with nothing but what rows are added for it; returns its id."""
        child = self.book.numbers.next_person()
        self._person(child)
        return child

    def _person(self, child: str) -> None:
        about = {
            "pers_person_id": child,
            "pers_forename": "Bracken",
            "pers_surname": "Faultley",
            "pers_sex": self.sex,
            "pers_gender": {"M": "01", "F": "02"}.get(self.sex, "09"),
            "pers_ethnicity": "WBRI",
            "pers_dob": self.born,
            "pers_legacy_id": f"L{child}",
            "pers_send_flag": "N",
            "pers_is_mother": "N",
        }
        self.add("ssd_person", **(about | (self.about if child == self.id else {})))
