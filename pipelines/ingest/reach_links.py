"""Which lists of a drop lack what is older: what other lists show that name their rows, or whose rows they name.

Every honest list has links to rows that are missing, at any time. In a list that is cut they are missing where
they are old, and only there. Three measures, each far from what chance gives:

* Rows that name a missing row are older than those that name one that is there: by their ranks (Mann-Whitney), so
  many standard deviations, of all lists that name it together. A list cut by start lacks what was open then, so
  that reviews name periods that it does not hold.
* Rows that ended before a list's first event, that lasted long enough to have had one, and have none: so many
  events are expected, as often as rows that began since have one. That none happened has the chance
  exp(-expected).
* Periods that say themselves that they began before the list's first row.

Belongs here: links between lists. Does not belong here: from when on a list is complete (`reach`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import duckdb

from pipelines.calendar import Month
from pipelines.contracts import contracts

Strength = Literal["no", "perhaps", "yes"]

FEWEST = 20
DEVIATIONS = 5
FEWEST_IN_DOUBT, DEVIATIONS_IN_DOUBT = 5, 3
SHARE = 0.02
SHARE_BEGUN_BEFORE = 0.1
FEWEST_OPEN, SHARE_OPEN = 3, 0.2
OF_EACH_CHILD = {
    "ssd_cla_episodes": ("ssd_legal_status", "ssd_cla_health", "ssd_cla_care_plan", "ssd_involvements"),
    "ssd_cp_plans": ("ssd_involvements",),
}
"""Lists that name no row of another, but have something of each child in it."""
BEGAN = {"ssd_cla_episodes": ("clae_cla_id", "clae_entered_care_date")}
"""Lists whose rows say when the whole began of which each is a part: its id, and the day."""


@dataclass(frozen=True)
class Link:
    """A list that names rows of another by a column, or the children in it (`is_of_row` is false)."""

    naming: str
    column: str
    named: str
    key: str
    is_of_row: bool = True


@dataclass(frozen=True)
class Lack:
    """Whether a list lacks what is older, and whether it lacks what was open on its first day, too."""

    strength: Strength = "no"
    is_of_open_rows: bool = False


@dataclass
class _Evidence:
    """Of a list: rows that others miss in it and how much older those are, and the events that it lacks.

    `missing_since`: of the rows that others miss, those that they name after the first of the list has ended.
    """

    missing: int = 0
    missing_since: int = 0
    deviations: list[float] = field(default_factory=list)
    expected: float = 0
    rows: int = 0
    begun_before: int = 0
    wholes: int = 0

    def lack(self) -> Lack:
        is_of_open_rows = self.missing_since >= max(FEWEST_OPEN, SHARE_OPEN * self.missing)
        return Lack(self._strength(), is_of_open_rows or self.begun_before >= FEWEST)

    def _strength(self) -> Strength:
        deviations = sum(self.deviations) / max(1, len(self.deviations)) ** 0.5

        def is_shown_by(fewest: int, fewest_deviations: int) -> bool:
            return (
                (self.missing >= fewest and deviations >= fewest_deviations)
                or self.expected >= max(fewest, SHARE * self.rows)
                or self.begun_before >= max(fewest, SHARE_BEGUN_BEFORE * self.wholes)
            )

        if is_shown_by(FEWEST, DEVIATIONS):
            return "yes"
        return "perhaps" if is_shown_by(FEWEST_IN_DOUBT, DEVIATIONS_IN_DOUBT) else "no"


def lists_that_lack_older(
    connection: duckdb.DuckDBPyConnection, delivered: Iterable[str], la_code: str, month: Month, odd_dates: float
) -> dict[str, Lack]:
    """Whether each delivered list with days lacks what is older. `odd_dates`: share of days that do not count."""
    names = {name for name in delivered if contracts()[name].days}
    evidence: dict[str, _Evidence] = defaultdict(_Evidence)
    values = {
        "la_code": la_code,
        "month_end": month.end,
        "believable_since": month.plus(-240).end,
        "odd_dates": odd_dates,
    }
    for link in links():
        if {link.naming, link.named} <= names:
            rows, missing, missing_since, deviations, expected = _of_link(connection, link, values)
            if link.is_of_row and deviations is not None:
                evidence[link.named].missing += missing
                evidence[link.named].missing_since += missing_since
                evidence[link.named].deviations.append(deviations)
            of_naming = evidence[link.naming]
            of_naming.expected, of_naming.rows = max(of_naming.expected, expected), rows
    for name in BEGAN.keys() & names:
        evidence[name].begun_before, evidence[name].wholes = _begun_before(connection, name, values)
    return {name: shown.lack() for name, shown in evidence.items()}


def links() -> Iterator[Link]:
    """The links between lists with days: those of the contracts, and by child those of `OF_EACH_CHILD`."""
    for name, contract in contracts().items():
        for column in contract.loaded_columns:
            if contract.days and column.link and contracts()[column.link[0]].days:
                yield Link(name, column.name, *column.link)
    for named, naming in OF_EACH_CHILD.items():
        for name in naming:
            person, key = contracts()[name].person, contracts()[named].person
            assert person and key
            yield Link(name, person, named, key, is_of_row=False)


def _of_link(
    connection: duckdb.DuckDBPyConnection, link: Link, values: dict[str, object]
) -> tuple[int, int, int, float | None, float]:
    """What the two lists of a link show.

    Rows of the naming list; ids that it names and the other lacks, and those of them that it names after the first
    end in the other; by how many standard deviations they are older; events to be expected before its first one.
    """
    days, named_days = contracts()[link.naming].days, contracts()[link.named].days
    assert days and named_days
    row = connection.execute(
        f"""
        with naming as (
            select {link.column} as id, {days[0]} as first_day, {days[1]} as last_day
            from raw.{link.naming}
            where
                la_code = $la_code
                and extract_month = $month_end
                and {link.column} is not null
                and {days[0]} between $believable_since and $month_end
        ),

        first_end as (
            select quantile_disc(last_day, $odd_dates) as day
            from naming
            where last_day <= $month_end
        ),

        named as (
            select
                {link.key} as id,
                min({named_days[0]}) as first_day,
                case when count(*) = count({named_days[1]}) then max({named_days[1]}) end as last_day
            from raw.{link.named}
            where
                la_code = $la_code
                and extract_month = $month_end
                and {link.key} is not null
                and {named_days[0]} between $believable_since and $month_end
            group by all
        ),

        known as (
            select {link.key} as id
            from raw.{link.named}
            where la_code = $la_code and extract_month = $month_end
        ),

        first_named_end as (
            select quantile_disc({named_days[1]}, $odd_dates) as day
            from raw.{link.named}
            where la_code = $la_code and extract_month = $month_end and {named_days[1]} <= $month_end
        ),

        -- an id that many rows name counts once
        ids as (
            select
                id,
                min(first_day) as first_named,
                max(first_day) as last_named,
                avg(date_diff('day', $believable_since, first_day)) as mean_day,
                id in (from known) as is_there
            from naming
            group by id
        ),

        ranked as (
            select
                is_there,
                last_named,
                rank() over (order by mean_day) + (count(*) over (partition by mean_day) - 1) / 2 as place
            from ids
        ),

        places as (
            select
                count(*) filter (where not is_there) as missing,
                count(*) filter (where is_there) as present,
                count(*) filter (where not is_there and last_named > first_named_end.day) as missing_since,
                avg(place) filter (where is_there) - avg(place) filter (where not is_there) as later
            from ranked
            left join first_named_end on true
        ),

        of_named as (
            select
                named.first_day,
                coalesce(named.last_day, $month_end) as last_day,
                ids.first_named,
                named.first_day >= first_end.day as has_begun_since,
                named.last_day < first_end.day as has_ended_before
            from named
            cross join first_end
            left join ids on named.id = ids.id
        ),

        lag as (
            select coalesce(median(greatest(date_diff('day', first_day, first_named), 0)), 0) as days
            from of_named
            where has_begun_since and first_named is not null
        ),

        long_enough as (
            select of_named.*
            from of_named
            cross join lag
            where date_diff('day', of_named.first_day, of_named.last_day) >= lag.days
        )

        select
            (select count(*) from naming),
            places.missing,
            places.missing_since,
            places.later / nullif(sqrt((places.missing + places.present) * (places.missing + places.present + 1)
                * (places.missing + places.present) / (12.0 * places.missing * places.present)), 0),
            count(*) filter (where long_enough.has_ended_before),
            count(long_enough.first_named) filter (where long_enough.has_ended_before),
            coalesce(
                (count(long_enough.first_named) filter (where long_enough.has_begun_since))
                / nullif(count(*) filter (where long_enough.has_begun_since), 0),
                0
            )
        from places
        left join long_enough on true
        group by all
        """,
        values,
    ).fetchone()
    assert row
    *shown, ended_before, of_them_named, share = row
    expected = share * ended_before
    # where many have one, the others lack theirs for another reason
    return *shown, expected - of_them_named if of_them_named < expected / 2 else 0


def _begun_before(connection: duckdb.DuckDBPyConnection, name: str, values: dict[str, object]) -> tuple[int, int]:
    """Wholes that began before the first row of all, and all of them."""
    whole, began = BEGAN[name]
    days = contracts()[name].days
    assert days
    row = connection.execute(
        f"""
        with parts as (
            select {whole} as whole, {began} as began, {days[0]} as first_day
            from raw.{name}
            where
                la_code = $la_code
                and extract_month = $month_end
                and {days[0]} between $believable_since and $month_end
        ),

        oldest as (select quantile_disc(first_day, $odd_dates) as first_day from parts)

        select
            count(distinct parts.whole) filter (
                where parts.began > $believable_since and parts.began < oldest.first_day
            ),
            count(distinct parts.whole)
        from parts
        cross join oldest
        """,
        values,
    ).fetchone()
    assert row
    return row
