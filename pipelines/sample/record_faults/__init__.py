"""Records that a row rule finds wrong: a known number of every rule, other numbers by team, and the list of them.

Belongs here: for every row rule, children who are made up for it, with records that are as they should be but for
the fault. They are outside every counted group, or their fault changes nothing that is counted: no figure moves.
Does not belong here: rows that a reader rejects or flags (`dirt`).

`case` is what a planter works with; `schedule` says how many, in which teams, in which drops; `backdrop` holds
records that several planters need around their fault; each domain of the rules has a module of planters.
"""

from pipelines.sample.book import Book
from pipelines.sample.record_faults.care_leavers import DOMAIN as _CARE_LEAVERS
from pipelines.sample.record_faults.case import PLANTERS, Case
from pipelines.sample.record_faults.front_door import DOMAIN as _FRONT_DOOR
from pipelines.sample.record_faults.missing import DOMAIN as _MISSING
from pipelines.sample.record_faults.people import DOMAIN as _PEOPLE
from pipelines.sample.record_faults.schedule import places_of
from pipelines.sample.world import World

__all__ = ["PLANTERS", "write_record_faults"]

DOMAINS = (_CARE_LEAVERS, _FRONT_DOOR, _MISSING, _PEOPLE)
"""Domains whose planters are loaded: the modules register them in PLANTERS."""


def write_record_faults(book: Book, _: World) -> None:
    """Plants the faults of every rule. Comes last: the children are nobody of the world."""
    for number, (rule, plant) in enumerate(sorted(PLANTERS.items())):
        for place in places_of(number):
            case = Case(book, rule, place)
            plant(case)
            case.finish()
