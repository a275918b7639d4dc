"""Records that a row rule finds wrong: a known number of every rule, other numbers by team, and the list of them.

Belongs here: for every row rule, children who are made up for it, with records that are as they should be but for
the fault. They are outside every counted group, or their fault changes nothing that is counted: no figure moves.
Does not belong here: rows that a reader rejects or flags (`dirt`).

`case` is what a planter works with; `schedule` says how many, in which teams, in which drops; `backdrop` holds
records that several planters need around their fault; `existing` finds children of the world for faults that
nobody else can have; each domain of the rules has a module of planters.
"""

from pipelines.sample.book import Book
from pipelines.sample.record_faults.case import PLANTERS, Case
from pipelines.sample.record_faults.looked_after import DOMAIN as _LOOKED_AFTER
from pipelines.sample.record_faults.missing import DOMAIN as _MISSING
from pipelines.sample.record_faults.placements import DOMAIN as _PLACEMENTS
from pipelines.sample.record_faults.schedule import places_of
from pipelines.sample.world import World

__all__ = ["PLANTERS", "write_record_faults"]

DOMAINS = (_LOOKED_AFTER, _MISSING, _PLACEMENTS)
"""Domains whose planters are loaded: the modules register them in PLANTERS."""


def write_record_faults(book: Book, _: World) -> None:
    """Plants the faults of every rule. Comes last: it looks for children in what is written."""
    for number, (rule, plant) in enumerate(sorted(PLANTERS.items())):
        for place in places_of(number):
            case = Case(book, rule, place)
            plant(case)
            case.finish()
