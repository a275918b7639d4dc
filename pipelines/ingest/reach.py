"""From when on a drop is complete, object by object, and whether it holds every event or the latest only.

The council says so in `raw/reference/drop_reach.csv`. Where it says nothing, the data show it:

* A window keeps what is open and what ended since its first day. So the oldest end shows where an object
  begins. An object with fewer than `FEWEST` rows shows nothing by itself.
* A window is seen where `TOGETHER` objects begin within `DAYS_TOGETHER` days and `FEWEST_LACK` of them lack ends:
  of the rows that had begun a year before, at least `LACKING`, and `LACKING_SHARE` of all, would have ended
  before, if as often as in the year since. Every case system is empty one day.
* A list lacks what is older, alone or with others, where rows that name it, or that it names, lack their
  counterpart just where they are old (`pipelines/ingest/reach_links.py`). No honest list shows that, and a cut by
  start shows nothing else. Then what holds no row from before its first day lacks what was open then, too.
* What began more than `LONGEST` months before the month end is taken as complete: no window is longer.
* Where a drop has a window, an object that shows nothing by itself has it as well, unless it holds older events.
* An object in which no child has two events, over years or in very many rows, holds the latest only. Where
  `TOGETHER` objects do, each does in which no child has two events.

Belongs here: what the rows of `raw` show, and what was declared. Does not belong here: what an indicator needs
(`seeds/indicator_register.csv`).
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import duckdb

from pipelines.calendar import Month, is_working_day
from pipelines.contracts import Contract, contracts
from pipelines.ingest.reach_links import OF_EACH_CHILD, Lack, lists_that_lack_older
from pipelines.seeds import seed_rows

FEWEST = 30
TOGETHER = 3
DAYS_TOGETHER, DAYS_NEAR = 3, 31
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
SHORTLY = 3
"""A list cut by end holds what was open, so that its oldest row is about as old as the longest one lasted."""
MONTHS_AGAIN = 12
"""Months before its own for which a drop gives figures."""
ODD_DATES = 0.0005
"""Share of dates that are too early by a typing error and are passed over."""
BY_CHANCE = 10
"""Most events, as many as the object usually has in that time, that can be missing by chance."""
STARTS_MATTER = {"ssd_cin_episodes": "ssd_cin_assessments"}
"""Objects whose indicators count starts, so that a window of starts is complete for them; and the object whose
events need a row of them that may be older."""

Basis = Literal["declared", "seen", "in doubt", "taken as complete"]


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
    day. `lacking`: ends to be expected before `begins` of rows that had begun a year before, if as often as in the
    year since. `longest`, `usual`: days of the longest row, and the median of those that have ended. `old`,
    `not_recent`: rows that ended more than `MONTHS_KNOWN` and `MONTHS_RECENT` months ago. `most`: most rows of a
    child, or of what the contract names in `latest_per`. `earliest`: first day of the oldest row, open or not.
    `is_period`: a row has a first and a last day. `lacks_older`: what other lists show of it.
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
    earliest: dt.date | None = None
    is_period: bool = False
    lacks_older: Lack = field(default_factory=Lack)

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

    @property
    def lacks_ends_before_it(self) -> bool:
        """Whether the ends that lack are those before the first day: between it and the first end, none is cut."""
        first = self.first_day
        return bool(first and self.begins and self.lacks_ends and self.begins <= _plus(first, DAYS_TOGETHER))


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
    known = reach_of(shown_of(connection, delivered, la_code, month), month)
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
    """What the data show where nothing is declared: a line per first day, for the latest only, and for doubts."""
    by_day: dict[str, list[str]] = {}
    for name, known in reach.items():
        if known.basis == "seen":
            first = known.complete_from
            what = f"begin on {first:%Y-%m-%d}" if first else "hold the latest events only"
            by_day.setdefault(what, []).append(name)
    in_doubt = ", ".join(name for name, known in reach.items() if known.basis == "in doubt")
    doubts = [
        f"the files of {in_doubt} may lack what is older, and then figures are wrong: other files name rows that"
        " they do not hold, but too few to be sure. Say in raw/reference/drop_reach.csv from when on they are"
        " complete, or all"
    ]
    return [
        f"the files of {', '.join(names)} seem to {what}: figures that need more are not available. If they hold"
        " more, say so in raw/reference/drop_reach.csv"
        for what, names in sorted(by_day.items())
    ] + (doubts if in_doubt else [])


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
        line = by_object.get(name) or (by_object.get("all") if _has_events(contracts()[name]) else None)
        if line:
            reach[name] = Reach(_first_day(line[0], month), line[1] != "latest", "declared")
    return reach


def _has_events(of_object: Contract) -> bool:
    """Whether it comes from the case system and has days, so that an extract may cut it."""
    return of_object.days is not None and not of_object.is_list


def _first_day(text: str, month: Month) -> dt.date | None:
    """The day that a cell says: a window of months ends with the month."""
    if text == "all":
        return None
    return month.plus(1 - int(text)).first_day if text.isdecimal() else dt.date.fromisoformat(text)


def shown_of(
    connection: duckdb.DuckDBPyConnection, delivered: Iterable[str], la_code: str, month: Month
) -> dict[str, Shown | None]:
    """What the rows of each delivered object show, and the links between them."""
    names = list(delivered)
    lacks = lists_that_lack_older(connection, names, la_code, month, ODD_DATES)
    shown = {name: shown_by(connection, contracts()[name], la_code, month) for name in names}
    return {name: facts and replace(facts, lacks_older=lacks.get(name, Lack())) for name, facts in shown.items()}


def shown_by(
    connection: duckdb.DuckDBPyConnection, of_object: Contract, la_code: str, month: Month
) -> Shown | None:
    """What the rows of an object show; None where it has no events, and for a list that is kept by hand."""
    if not _has_events(of_object) or of_object.days is None:
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

        -- days that a row was open before the first end, and in the year since, of rows that had begun a year
        -- before: those that began later end at another rate
        open_days as (
            select
                date_diff('day', events.first_day, ended.begins) as days_before,
                date_diff(
                    'day',
                    ended.begins,
                    least(coalesce(events.last_day, $month_end), $month_end, ended.begins + 365)
                ) as days_since,
                not events.is_open and events.last_day <= ended.begins + 365 as has_ended_since
            from events
            cross join ended
            where events.first_day > $believable_since and events.first_day < ended.begins - 365
        ),

        lacking as (
            select
                count(*) filter (where has_ended_since) / nullif(sum(days_since), 0)
                * sum(least(days_before, $days_before)) as ends
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
            coalesce(max(events.of_group), 1),
            quantile_disc(events.first_day, $odd_dates) filter (where events.first_day > $believable_since)
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
    return replace(Shown(*row), is_period=start != end) if row else None


def reach_of(shown: Mapping[str, Shown | None], month: Month) -> dict[str, Reach]:
    """The reach of every object by what the data show; those without events are complete."""
    cuts = _cuts(shown, month)
    reach = {}
    for name, facts in shown.items():
        first = None
        if facts and name in cuts.alone:
            first = cuts.alone[name].day
        elif facts and cuts.windows:
            first = _in_a_window(facts, cuts.windows, month)
        reach[name] = _reach(first, facts) if facts else Reach()
        if name in cuts.in_doubt and reach[name] == Reach():
            reach[name] = Reach(basis="in doubt")
    for name, facts in shown.items():
        first = reach[name].complete_from
        if facts and first and (days := _complete_again(name, facts, first, cuts, month)):
            reach[name] = replace(reach[name], complete_from=days[0])
            lacking = STARTS_MATTER.get(name, name)
            if lacking in reach:
                reach[lacking] = Reach(days[1], reach[lacking].is_every_event, "seen")
    if sum(not known.is_every_event for known in reach.values()) >= TOGETHER:
        # where several objects hold the latest only, so does one that is too young or too small to show it
        for name, facts in shown.items():
            if facts and facts.most == 1:
                reach[name] = replace(reach[name], is_every_event=False, basis="seen")
    return reach


def _complete_again(
    name: str, facts: Shown, first: dt.date, cuts: "_Cuts", month: Month
) -> tuple[dt.date, dt.date] | None:
    """Where an object lacks what had begun before its first day: that day, and when all of that had ended."""
    lacks_open = name in cuts.alone and cuts.alone[name].is_of_open_rows
    if cuts.starts and facts.is_period and not (facts.earliest and _plus(facts.earliest, DAYS_NEAR) < cuts.starts):
        lacks_open, first = True, min(cuts.starts, first)
    if not lacks_open and not facts.is_window_of_starts:
        return None
    never = _plus(month.extract_day, 1)
    is_short = facts.rows >= FEWEST and 2 * facts.longest < (month.end - first).days
    return first, min(_plus(first, facts.longest), never) if is_short or not lacks_open else never


@dataclass(frozen=True)
class _Begin:
    """The day on which a list that lacks what is older begins; `is_of_open_rows`: it holds no older row at all."""

    day: dt.date
    is_of_open_rows: bool


@dataclass(frozen=True)
class _Cuts:
    """How a drop is cut. `windows`: first days of several lists. `alone`: lists that are cut by themselves.

    `starts`: the first day if the drop is cut by start. `in_doubt`: lists of which the data leave a doubt.
    """

    windows: Sequence[dt.date]
    alone: Mapping[str, _Begin]
    starts: dt.date | None
    in_doubt: Iterable[str]


def _cuts(shown: Mapping[str, Shown | None], month: Month) -> _Cuts:
    by_ends = _windows(
        (facts for facts in shown.values() if facts and facts.rows >= FEWEST), _oldest_window(month)
    )
    lacking, in_doubt = _lists_that_lack_older(shown, month)
    windows, alone, starts = by_ends, {}, []
    for name, begin in lacking.items():
        together = _begin_near(begin.day, shown)
        if len(together) < TOGETHER:
            alone[name] = begin
            continue
        if not any(abs((window - begin.day).days) <= DAYS_NEAR for window in windows):
            windows = sorted([*windows, together[0]])
        # a list that lacks ends holds what began before the window: then the drop is cut by end
        if not by_ends and begin.is_of_open_rows and (facts := shown[name]) and facts.lacks_older.is_of_open_rows:
            starts.append(begin.day)
    return _Cuts(windows, alone, min(starts, default=None), in_doubt)


def _lists_that_lack_older(
    shown: Mapping[str, Shown | None], month: Month
) -> tuple[dict[str, _Begin], dict[str, _Begin]]:
    """Where lists begin that lack what is older, and those that are in doubt. Two lists in doubt are no chance."""
    begins = {}
    for name, facts in shown.items():
        if facts and facts.lacks_older.strength != "no" and (begin := _begin_of(facts, shown, month)):
            is_of_each = name in itertools.chain(*OF_EACH_CHILD.values())
            lacks_open = begin.is_of_open_rows and (facts.lacks_older.is_of_open_rows or is_of_each)
            if begin.day > _matters_since(name, month, lacks_open):
                begins[name] = begin
    sure = {
        name: begin
        for name, begin in begins.items()
        if (facts := shown[name]) and facts.lacks_older.strength == "yes"
    }
    if len(begins) >= FEWEST_LACK:
        return begins, {}
    return sure, {name: begin for name, begin in begins.items() if name not in sure}


def _begin_of(facts: Shown, shown: Mapping[str, Shown | None], month: Month) -> _Begin | None:
    """The begin of a list: its first end, or its oldest row if it is cut by start.

    Then other lists begin with that row, or the first end followed it shortly.
    """
    if facts.is_period and facts.earliest:
        until_end = (facts.begins or month.end) - facts.earliest
        is_young = facts.begins is None or until_end.days < facts.longest / SHORTLY
        is_with_others = len(_begin_near(facts.earliest, shown)) >= TOGETHER
        if is_young or (is_with_others and until_end < (month.end - facts.earliest) * 2 / 3):
            return _Begin(facts.earliest, True)
    return _Begin(facts.begins, False) if facts.begins else None


def _begin_near(day: dt.date, shown: Mapping[str, Shown | None]) -> list[dt.date]:
    """The first days of lists that begin near a day: their oldest row, or the first end."""
    days = [[facts.first_day, facts.earliest] for facts in shown.values() if facts]
    near = [[first for first in firsts if first and abs((first - day).days) <= DAYS_NEAR] for firsts in days]
    return sorted(min(firsts) for firsts in near if firsts)


def _matters_since(name: str, month: Month, is_of_open_rows: bool) -> dt.date:
    """The first day of which an indicator needs the object, for the oldest month that a drop computes again.

    Where it lacks open rows, a month end may need much older ones.
    """
    if is_of_open_rows and name not in STARTS_MATTER:
        return _oldest_window(month)
    needs = [
        need.split(":")[1]
        for row in seed_rows("indicator_register")
        for need in row["needs"].split()
        if need.split(":")[0].split(".")[0] == name
    ]
    months = [
        LONGEST if need in ("all", "plan") else 12 * need.startswith("ytd") + int("0" + re.sub(r"\D", "", need))
        for need in needs
    ]
    return month.plus(-min(LONGEST, MONTHS_AGAIN + max(months, default=0))).end


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
    begins = [(facts.first_day, facts.lacks_ends_before_it) for facts in shown if facts.first_day]
    starts: list[dt.date] = []
    for day in sorted({day for day, _ in begins if day > since}):
        together = [lacks for other, lacks in begins if day <= other <= _plus(day, DAYS_TOGETHER)]
        is_new = not starts or day > _plus(starts[-1], DAYS_TOGETHER)
        if is_new and len(together) >= TOGETHER and sum(together) >= FEWEST_LACK:
            starts.append(day)
    return starts


def _in_a_window(facts: Shown, windows: Sequence[dt.date], month: Month) -> dt.date | None:
    """The first day of the window in which an object begins, or its own if that is another day.

    None where it holds events from before every window.
    """
    day = facts.first_day
    if day is None:
        return windows[-1]
    if day <= _oldest_window(month):
        return None
    earlier = [window for window in windows if window <= day]
    if facts.rows < FEWEST:
        return earlier[-1] if earlier else None
    if not earlier:
        return day
    missing = _working_days(earlier[-1], day) * facts.rows / max(1, _working_days(day, month.end))
    return earlier[-1] if missing <= BY_CHANCE else day


def _oldest_window(month: Month) -> dt.date:
    return month.plus(-LONGEST).end


def _working_days(first: dt.date, day: dt.date) -> int:
    """Working days from the first day on, before the other one: on others most objects have few events."""
    return sum(is_working_day(_plus(first, number)) for number in range((day - first).days))


def _plus(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)
