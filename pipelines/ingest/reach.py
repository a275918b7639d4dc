"""From when on a drop is complete, object by object, and whether it holds every event or the latest only.

The council says so in `raw/reference/drop_reach.csv`. Where it says nothing, the data show it:

* A window keeps what is open and what ended since its first day. So the oldest end shows where an object
  begins. An object with fewer than `FEWEST` rows shows nothing by itself.
* A window is seen where `TOGETHER` objects begin within `DAYS_TOGETHER` days and `FEWEST_LACK` of them lack ends:
  by how often the rows of such an object end since, at least `LACKING` of those that had begun a year before, and
  `LACKING_SHARE` of all, would have ended before. Every case system is empty one day; one object that begins late
  shows nothing.
* What began more than `LONGEST` months before the month end is taken as complete: no window is longer.
* Where a drop has a window, an object that shows nothing by itself has it as well, unless it holds older events.
* An object in which no child has two events, over years or in very many rows, holds the latest only. Where
  `TOGETHER` objects do, each does in which no child has two events.

Belongs here: what the rows of `raw` show, and what was declared. Does not belong here: what an indicator needs
(`seeds/indicator_register.csv`).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import duckdb

from pipelines.calendar import Month, is_working_day
from pipelines.contracts import Contract, contracts

FEWEST = 30
TOGETHER = 3
DAYS_TOGETHER = 3
FEWEST_LACK, LACKING, LACKING_SHARE = 2, 20, 0.02
DAYS_BEFORE = 731
"""Of the time that a row was open before the first end, so much counts: a few very old rows show nothing."""
LONGEST = 96
FEWEST_LATEST = 50
FEWEST_OLD = 10
FEWEST_LATEST_OF_YOUNG = 1000
MONTHS_KNOWN = 24
MONTHS_BELIEVABLE = 240
MONTHS_RECENT = 6
ODD_DATES = 0.0005
"""Share of dates that are too early by a typing error and are passed over."""
BY_CHANCE = 10
"""Most events, as many as the object usually has in that time, that can be missing by chance."""
STARTS_MATTER = {"ssd_cin_episodes": "ssd_cin_assessments"}
"""Objects whose indicators count starts, so that a window of starts is complete for them; and the object whose
events need a row of them that may be older."""

Basis = Literal["declared", "seen", "taken as complete"]


@dataclass(frozen=True)
class Reach:
    """From when on an object is complete; None: it holds everything. `basis`: who or what says so."""

    complete_from: dt.date | None = None
    is_every_event: bool = True
    basis: Basis = "taken as complete"


@dataclass(frozen=True)
class Shown:
    """What the rows of an object show.

    `rows`: those with a date. `begins`: oldest last day of those that have ended. `started`: their oldest first
    day. `lacking`: ends to be expected before `begins`, by how often rows end since, of rows that had begun a year
    before. `longest`, `usual`: days of the longest row, and the median of those that have ended. `old`,
    `not_recent`: rows that ended more than `MONTHS_KNOWN` and `MONTHS_RECENT` months ago. `most`: most rows of a
    child, or of what the contract names in `latest_per`.
    """

    rows: int
    begins: dt.date | None = None
    started: dt.date | None = None
    lacking: float = 0
    longest: int = 0
    usual: float = 0
    old: int = 0
    not_recent: int = 0
    most: int = 1

    @property
    def lacks_ends(self) -> bool:
        """So many rows would have ended before the first end that chance does not explain it."""
        return self.lacking >= max(LACKING, LACKING_SHARE * self.rows)

    @property
    def is_window_of_starts(self) -> bool:
        """Nothing is there that began before a day and has ended: its rows are chosen by their start."""
        return bool(self.begins and self.started and (self.begins - self.started).days < self.usual / 2)

    @property
    def first_day(self) -> dt.date | None:
        """The day on which the object begins."""
        return self.started if self.is_window_of_starts else self.begins


def write_reach(connection: duckdb.DuckDBPyConnection, la_code: str, month: Month) -> dict[str, Reach]:
    """Writes `raw.drop_reach` for a loaded drop, one row per object that it holds, and returns it."""
    delivered = [
        name
        for (name,) in connection.execute(
            "select files.object from raw.drop_file as files inner join raw.drop as drops"
            " using (la_code, extract_month, attempted_at)"
            " where drops.is_loaded and files.la_code = ? and files.extract_month = ? order by files.object",
            [la_code, month.end],
        ).fetchall()
    ]
    known = reach_of({name: shown_by(connection, contracts()[name], la_code, month) for name in delivered}, month)
    known |= declared_reach(_declared(connection, la_code), delivered, month)
    connection.execute("delete from raw.drop_reach where la_code = ? and extract_month = ?", [la_code, month.end])
    for name, reach in known.items():
        connection.execute(
            "insert into raw.drop_reach by name select ? as la_code, ? as extract_month, ? as object,"
            " ? as title, ? as complete_from, ? as is_every_event, true as has_teams, ? as basis",
            [
                *(la_code, month.end, name, contracts()[name].title),
                *(reach.complete_from, reach.is_every_event, reach.basis),
            ],
        )
    return known


def lines_on_reach(reach: Mapping[str, Reach]) -> list[str]:
    """What the data show where nothing is declared: a line per first day, and one for the latest only."""
    by_day: dict[str, list[str]] = {}
    for name, known in reach.items():
        if known.basis == "seen":
            first = known.complete_from
            what = f"begin on {first:%Y-%m-%d}" if first else "hold the latest events only"
            by_day.setdefault(what, []).append(name)
    return [
        f"the files of {', '.join(names)} seem to {what}: figures that need more are not available. If they hold"
        " more, say so in raw/reference/drop_reach.csv"
        for what, names in sorted(by_day.items())
    ]


def _declared(connection: duckdb.DuckDBPyConnection, la_code: str) -> list[tuple[str, str, str | None]]:
    return connection.execute(
        "select object, complete_from, events from raw.reference_drop_reach where la_code = ?", [la_code]
    ).fetchall()


def declared_reach(
    lines: Iterable[tuple[str, str, str | None]], delivered: Iterable[str], month: Month
) -> dict[str, Reach]:
    """The reach of objects by `raw/reference/drop_reach.csv`: a line of the object comes before one of all."""
    by_object = {name: (complete_from, events) for name, complete_from, events in lines}
    reach = {}
    for name in delivered:
        line = by_object.get(name) or (by_object.get("all") if contracts()[name].days else None)
        if line:
            reach[name] = Reach(_first_day(line[0], month), line[1] != "latest", "declared")
    return reach


def _first_day(text: str, month: Month) -> dt.date | None:
    """The day that a cell says: a window of months ends with the month."""
    if text == "all":
        return None
    return month.plus(1 - int(text)).first_day if text.isdecimal() else dt.date.fromisoformat(text)


def shown_by(
    connection: duckdb.DuckDBPyConnection, of_object: Contract, la_code: str, month: Month
) -> Shown | None:
    """What the rows of an object show; None where it has no events."""
    if of_object.days is None:
        return None
    start, end = of_object.days
    group = ", ".join(of_object.latest_per or [of_object.person or ""])
    row = connection.execute(
        f"""
        with events as (
            select
                {start} as first_day,
                {end} as last_day,
                {end} is null or {end} > $month_end as is_open,
                count(*) over (partition by {group}) as of_group
            from raw.{of_object.object}
            where la_code = $la_code and extract_month = $month_end and {start} is not null
        ),

        ended as (
            select
                quantile_disc(last_day, $odd_dates) as begins,
                quantile_disc(first_day, $odd_dates) as started
            from events
            where not is_open
        ),

        -- days that each row was open before the first end, and since
        open_days as (
            select
                greatest(date_diff('day', events.first_day, ended.begins), 0) as days_before,
                greatest(
                    date_diff(
                        'day',
                        greatest(events.first_day, ended.begins),
                        least(coalesce(events.last_day, $month_end), $month_end)
                    ),
                    0
                ) as days_since,
                events.is_open
            from events
            cross join ended
            where events.first_day > $believable_since
        ),

        lacking as (
            select
                count(*) filter (where not is_open) / nullif(sum(days_since), 0)
                * sum(least(days_before, $days_before)) filter (where days_before > 365) as ends
            from open_days
        )

        select
            count(*),
            any_value(ended.begins),
            any_value(ended.started),
            coalesce(any_value(lacking.ends), 0),
            coalesce(max(date_diff('day', events.first_day, least(events.last_day, $month_end))), 0),
            coalesce(
                median(date_diff('day', events.first_day, events.last_day)) filter (where not events.is_open), 0
            ),
            count(*) filter (where events.last_day between $believable_since and $known_since),
            count(*) filter (where events.last_day < $recent_since),
            coalesce(max(events.of_group), 1)
        from events
        cross join ended
        cross join lacking
        """,
        {
            "la_code": la_code,
            "month_end": month.end,
            "believable_since": month.plus(-MONTHS_BELIEVABLE).end,
            "known_since": month.plus(-MONTHS_KNOWN).end,
            "recent_since": month.plus(-MONTHS_RECENT).end,
            "odd_dates": ODD_DATES,
            "days_before": DAYS_BEFORE,
        },
    ).fetchone()
    return Shown(*row) if row else None


def reach_of(shown: Mapping[str, Shown | None], month: Month) -> dict[str, Reach]:
    """The reach of every object by what the data show; those without events are complete."""
    since = month.plus(-LONGEST).end
    windows = _windows((facts for facts in shown.values() if facts and facts.rows >= FEWEST), since)
    reach = {}
    for name, facts in shown.items():
        if facts is None:
            reach[name] = Reach()
        elif windows:
            reach[name] = _reach(_in_a_window(facts, windows, month, since), facts)
        else:
            reach[name] = _reach(None, facts)
    for name, facts in shown.items():
        if facts and facts.is_window_of_starts and (first := reach[name].complete_from):
            # of what ended in it, it lacks what began before: none from the day on by which that had ended, too
            ended = min(_plus(first, facts.longest), _plus(month.extract_day, 1))
            lacking = STARTS_MATTER.get(name, name)
            if lacking in reach:
                reach[lacking] = Reach(ended, reach[lacking].is_every_event, "seen")
    if sum(not known.is_every_event for known in reach.values()) >= TOGETHER:
        # where several objects hold the latest only, so does one that is too young or too small to show it
        for name, facts in shown.items():
            if facts and facts.most == 1:
                reach[name] = replace(reach[name], is_every_event=False, basis="seen")
    return reach


def _reach(complete_from: dt.date | None, facts: Shown) -> Reach:
    is_latest = facts.most == 1 and (
        (facts.rows >= FEWEST_LATEST and facts.old >= FEWEST_OLD)
        or (
            facts.rows >= FEWEST_LATEST_OF_YOUNG
            and (complete_from is not None or facts.not_recent >= FEWEST_LATEST)
        )
    )
    if complete_from is None and not is_latest:
        return Reach()
    return Reach(complete_from, not is_latest, "seen")


def _windows(shown: Iterable[Shown], since: dt.date) -> list[dt.date]:
    """The first days of windows: several objects begin within a few days, and some of them lack ends."""
    begins = [(facts.first_day, facts.lacks_ends) for facts in shown if facts.first_day]
    starts: list[dt.date] = []
    for day in sorted({day for day, _ in begins if day > since}):
        together = [lacks for other, lacks in begins if day <= other <= _plus(day, DAYS_TOGETHER)]
        is_new = not starts or day > _plus(starts[-1], DAYS_TOGETHER)
        if is_new and len(together) >= TOGETHER and sum(together) >= FEWEST_LACK:
            starts.append(day)
    return starts


def _in_a_window(facts: Shown, windows: Sequence[dt.date], month: Month, since: dt.date) -> dt.date | None:
    """The first day of the window in which an object begins, or its own if that is another day.

    None where it holds events from before every window.
    """
    day = facts.first_day
    if day is None:
        return windows[-1]
    if day <= since:
        return None
    earlier = [window for window in windows if window <= day]
    if facts.rows < FEWEST:
        return earlier[-1] if earlier else None
    if not earlier:
        return day
    missing = _working_days(earlier[-1], day) * facts.rows / max(1, _working_days(day, month.end))
    return earlier[-1] if missing <= BY_CHANCE else day


def _working_days(first: dt.date, day: dt.date) -> int:
    """Working days from the first day on, before the other one: on others most objects have few events."""
    return sum(is_working_day(_plus(first, number)) for number in range((day - first).days))


def _plus(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)
