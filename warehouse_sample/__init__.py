"""The synthetic authority 888: month-end drops with the counts that its county printed.

Belongs here: the lives, what LCS knew of them at each extract, and the files of a drop. Does not belong here:
anything about the models that read the drops. The product does not import this package: `warehouse sample` finds
`command` by its entry point.

How a drop is made: `history` and `months` make lives that fit the printed counts (`printed_figures`, `flows`,
`world`, `lives`, `long_stays`); `conference_days`, `families` and `protection_history` settle when plans began,
of whom, and how long they had lasted, `care_history` the year of care before the first drop. `plans`, `care`
(with `departures`, `care_periods`, `homes`, `areas`, `placements`, `reviews`, `care_plans`), `education`,
`health` (with `health_checks` and `health_days`), `front_door`, `protection_plans` (with `conferences` and
`enquiries`, which look up assessments), `leavers` (with `leaver_states`), `board_lists`, `permanence_lists`,
`reviewing_officers`, `people`, `meetings`, `reviewing_lists` and `conference_lists` write them into the ledgers
of LCS (`book`, `recording`), which keep each cell with the drops that show it. `quotas` keeps shares as printed;
`fitting` changes choices until counts are the wanted ones, which for children looked after are in
`care_targets`; `reported` computes what a drop shows. `record_faults` plants records that break a row rule,
`dirt` plants rows that ingest rejects or flags; `writing` writes the files. `another_council` makes drops of
another code and year from some of the same people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from pipelines.calendar import Month, months_between
from pipelines.errors import UsageError
from pipelines.settings import DataFolder
from warehouse_sample.another_council import LA_CODE, Council
from warehouse_sample.board_lists import write_delivery_plan
from warehouse_sample.book import Book
from warehouse_sample.care import write_care
from warehouse_sample.care_history import settle_care
from warehouse_sample.conference_days import hold_conferences_on_working_days
from warehouse_sample.conference_lists import write_conference_lists
from warehouse_sample.education import write_education
from warehouse_sample.families import gather_families
from warehouse_sample.front_door import write_front_door
from warehouse_sample.health import write_health
from warehouse_sample.history import live_history
from warehouse_sample.leavers import write_leavers
from warehouse_sample.meetings import write_meetings
from warehouse_sample.months import live_months
from warehouse_sample.organisation import make_workforce
from warehouse_sample.people import write_people
from warehouse_sample.permanence_lists import write_private_fostering
from warehouse_sample.plans import write_plans
from warehouse_sample.protection_history import settle_protection
from warehouse_sample.protection_plans import write_protection
from warehouse_sample.record_faults import write_record_faults
from warehouse_sample.reviewing_lists import write_reviewing_lists
from warehouse_sample.reviewing_officers import write_reviewing_officers
from warehouse_sample.timeline import FIRST_MONTH, LAST_MONTH
from warehouse_sample.world import World
from warehouse_sample.writing import (
    SampleDrop,
    make_folders,
    refuse_to_overwrite,
    write_drops,
    write_postcodes,
    write_printed_comparators,
    write_published_profile,
)

__all__ = [
    "DEFAULT_SEED",
    "FIRST_MONTH",
    "LAST_MONTH",
    "LA_CODE",
    "Council",
    "SampleDrop",
    "SampleResult",
    "write_sample",
    "write_sample_of",
]

DEFAULT_SEED = 20190831


@dataclass(frozen=True)
class SampleResult:
    """The drops that were written, and their seed."""

    seed: int
    drops: tuple[SampleDrop, ...]


def write_sample(
    folder: DataFolder, first: Month, last: Month, seed: int, report: Callable[[str], None]
) -> SampleResult:
    """Writes the month-end drops of authority 888, with its printed figures, as `write_sample_of` does."""
    return write_sample_of(Council(), folder, (first, last), seed, report)


def write_sample_of(
    council: Council, folder: DataFolder, months: tuple[Month, Month], seed: int, report: Callable[[str], None]
) -> SampleResult:
    """Writes the month-end drops of a council from the first to the last of two months.

    The same seed gives the same bytes, whatever range is asked for. Another seed gives other lives with the
    same as-reported counts. Raises UsageError outside the thirteen months that the sample has, or where a month
    holds a drop that is not a sample; BadInputError where the data folder cannot be written to.
    """
    first, last = months
    if first > last:
        raise UsageError(f"the first month, {first}, is after the last one, {last}")
    from_month, to_month = council.month(FIRST_MONTH), council.month(LAST_MONTH)
    if first < from_month or last > to_month:
        figures = "printed figures exist" if council.is_the_county else "the sample has months"
        raise UsageError(f"no sample for {first} to {last}: {figures} for {from_month} to {to_month} only")
    authority = folder.lcs / council.la_code
    wanted = tuple(months_between(first, last))
    refuse_to_overwrite(authority, wanted)
    make_folders(authority)
    if council.is_the_county:
        write_printed_comparators(folder)
        write_published_profile(folder)
        write_postcodes(folder)
    report(f"making lives (seed {seed})")
    book = _write_books(seed)
    return SampleResult(seed, write_drops(authority, council, book, wanted, report))


def _write_books(seed: int) -> Book:
    world = World(Random(f"{seed}:lives"))
    live_history(world)
    live_months(world)
    settle_care(world, Random(f"{seed}:care history"))
    hold_conferences_on_working_days(world)
    gather_families(world, Random(f"{seed}:families"))
    settle_protection(world)
    workforce = make_workforce(Random(f"{seed}:workforce"))
    book = Book(Random(f"{seed}:books"), world.numbers, workforce, seed)
    for write in (
        write_plans,
        write_care,
        write_education,
        write_health,
        write_front_door,
        write_protection,
        write_leavers,
        write_reviewing_officers,
        write_delivery_plan,
        write_private_fostering,
        write_people,
        write_record_faults,
        write_meetings,
        write_reviewing_lists,
        write_conference_lists,
    ):
        book.rng = Random(f"{seed}:{write.__name__}")
        write(book, world)
    return book
