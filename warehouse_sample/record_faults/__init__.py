"""Records that break a row rule: a known number for every rule, by team, and the list of them.

Belongs here: for every row rule, made-up children whose records are sound except for the fault. No figure changes:
the children are outside every counted group, or the fault is in a cell that no figure reads. Does not belong here:
rows that ingest rejects or flags (`dirt`).

`case` is what a planter works with; `schedule` says how many, in which teams, in which drops; `backdrop` and
`case_of_need` hold records that several planters need around their fault; `lent_from_plans` and `lent_from_care`
find children of the world for faults that only counted children can have; each domain of the rules has a module of
planters.
"""

from contextlib import suppress

from warehouse_sample.book import Book
from warehouse_sample.record_faults.care_leavers import DOMAIN as _CARE_LEAVERS
from warehouse_sample.record_faults.case import PLANTERS, Case, NobodyLeftError
from warehouse_sample.record_faults.child_protection import DOMAIN as _CHILD_PROTECTION
from warehouse_sample.record_faults.children_in_need import DOMAIN as _CHILDREN_IN_NEED
from warehouse_sample.record_faults.front_door import DOMAIN as _FRONT_DOOR
from warehouse_sample.record_faults.looked_after import DOMAIN as _LOOKED_AFTER
from warehouse_sample.record_faults.missing import DOMAIN as _MISSING
from warehouse_sample.record_faults.people import DOMAIN as _PEOPLE
from warehouse_sample.record_faults.placements import DOMAIN as _PLACEMENTS
from warehouse_sample.record_faults.reviewing_service import DOMAIN as _REVIEWING_SERVICE
from warehouse_sample.record_faults.schedule import places_of
from warehouse_sample.world import World

__all__ = ["PLANTERS", "write_record_faults"]

DOMAINS = (
    _CARE_LEAVERS,
    _CHILD_PROTECTION,
    _CHILDREN_IN_NEED,
    _FRONT_DOOR,
    _LOOKED_AFTER,
    _MISSING,
    _PEOPLE,
    _PLACEMENTS,
    _REVIEWING_SERVICE,
)
"""Domains whose planters are loaded: the modules register them in PLANTERS."""


def write_record_faults(book: Book, world: World) -> None:
    """Plants the faults of every rule. Comes last: it looks for children in what is written."""
    for number, (rule, plant) in enumerate(sorted(PLANTERS.items())):
        for place in places_of(number):
            case = Case(book, world, rule, place)
            with suppress(NobodyLeftError):
                plant(case)
                case.finish()
