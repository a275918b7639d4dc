"""From when on a drop is complete, object by object, and whether it holds every event or the latest only.

The council says so in `raw/reference/drop_reach.csv`. Where it says nothing, the data show it:

* A window keeps what is open and what ended since its first day. So the oldest end shows where an object
  begins. An object with fewer than `FEWEST` rows shows nothing by itself.
* A window is seen where `TOGETHER` objects begin within `DAYS_TOGETHER` days and some of what one of them holds
  (`SHARE_BEFORE`) had begun a year before its first end; or where much of what one object holds
  (`SHARE_BEFORE_ALONE`) had begun before it. Every case system is empty one day, and a young list has no past.
* What began more than `LONGEST` months before the month end is taken as complete: no window is longer.
* Where a drop has a window, an object that shows nothing by itself has it as well, unless it holds older events.
* Where the system's first day is the start of many rows (`SHARE_ON_FIRST_DAY`), what was open then was taken over
  from another system. That is a window, too; how long such a row has lasted is not known.
* Lists that go together (`COMPANIONS`) show it by one another: reviews begin late if many periods ended before.
* Reviews of children for whom nothing had begun by then (`REVIEWED`) show that what began before is missing.
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
DAYS_TOGETHER, DAYS_BY_CHANCE = 3, 31
SHARE_BEFORE_ALONE = 0.2
SHARE_BEFORE = 0.02
LONGEST = 96
COMPANIONS = {
    "ssd_cla_episodes": ("ssd_cla_reviews", "ssd_cla_placement", "ssd_legal_status"),
    "ssd_cla_placement": ("ssd_cla_episodes",),
    "ssd_legal_status": ("ssd_cla_episodes",),
    "ssd_cla_reviews": ("ssd_cla_episodes",),
    "ssd_cla_health": ("ssd_cla_episodes",),
    "ssd_cp_plans": ("ssd_cp_reviews", "ssd_initial_cp_conference"),
    "ssd_cp_reviews": ("ssd_cp_plans",),
}
"""Lists of which each has something wherever the others have, in the same weeks."""
MANY, SHARE_OF_MANY = 10, 0.05
"""So many rows of another list, and such a share of them, are no chance: they ended before an object begins."""
MONTHS_NEEDED, MONTHS_NEEDED_OF = 48, {"ssd_cla_health": 23}
"""How far back an object's late begin matters to an indicator. Many systems hold checks for some years only."""
REVIEWED = {"ssd_cp_reviews": "ssd_cp_plans", "ssd_cla_reviews": "ssd_cla_episodes"}
"""Reviews, and what they are reviews of: it had begun by then, or a list chosen by starts lacks it."""
SHARE_ON_FIRST_DAY = 0.1
DAYS_OF_LONG_PLAN = 731
"""An indicator asks whether a protection plan had lasted two years when it ended."""
FEWEST_LATEST = 50
FEWEST_OLD = 10
FEWEST_OF_SERIES = (20, 5)
"""Both, of lists that hold a series of events of each, such as reviews: one event each is no chance there."""
FEWEST_LATEST_OF_YOUNG = 1000
NEARLY_ALL = 0.99
"""Share of rows that decides how many events a child has: of two events on one day a source may keep both."""
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
    day. `before`, `long_before`: rows that had begun before `begins`, and a year before it. `longest`, `usual`:
    days of the longest row, and the median of those that have ended. `old`, `not_recent`: rows that ended more
    than `MONTHS_KNOWN` and `MONTHS_RECENT` months ago. `most`: most rows of a child, or of what the contract names
    in `latest_per`.
    """

    rows: int
    begins: dt.date | None = None
    started: dt.date | None = None
    before: int = 0
    long_before: int = 0
    longest: int = 0
    usual: float = 0
    old: int = 0
    not_recent: int = 0
    most: int = 1
    on_first_day: int = 0
    companions_before: int = 0
    earliest: dt.date | None = None
    lacks_older: bool = False
    is_of_older: bool = False

    @property
    def is_taken_over(self) -> bool:
        """Many rows began on the first day of all."""
        return self.on_first_day >= max(FEWEST / 3, SHARE_ON_FIRST_DAY * self.rows)

    @property
    def is_window_of_starts(self) -> bool:
        """Nothing is there that began before a day and has ended: its rows are chosen by their start."""
        is_near = bool(self.begins and self.started and (self.begins - self.started).days < self.usual / 2)
        return self.lacks_older or (is_near and not self.is_taken_over)

    @property
    def first_day(self) -> dt.date | None:
        """The day on which the object begins."""
        return self.started if self.is_window_of_starts or self.is_taken_over else self.begins

    @property
    def has_a_past(self) -> bool:
        """Some of it had begun a year before anything ended."""
        return (
            self.is_taken_over or self.is_of_older or self.long_before >= max(FEWEST / 3, SHARE_BEFORE * self.rows)
        )

    @property
    def has_a_long_past(self) -> bool:
        """Much of it had: enough to be seen by itself."""
        return self.before >= max(FEWEST, SHARE_BEFORE_ALONE * self.rows) and self.long_before >= FEWEST / 3


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
    shown = {name: _shown(connection, contracts()[name], la_code, month) for name in delivered}
    known = reach_of(_with_companions(connection, shown, la_code, month), month)
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
    """What the data show that nobody declared: a line per first day, and one for the latest only."""
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


def _shown(connection: duckdb.DuckDBPyConnection, of_object: Contract, la_code: str, month: Month) -> Shown | None:
    """What the rows of an object show; None where it has no events."""
    if of_object.days is None:
        return None
    start, end = of_object.days
    # a child may have come into care before the first episode that the drop holds
    past = "clae_entered_care_date" if of_object.object == "ssd_cla_episodes" else start
    group = ", ".join(of_object.latest_per or [of_object.person or ""])
    row = connection.execute(
        f"""
        with events as (
            select
                {start} as first_day,
                {end} as last_day,
                least({start}, {past}) as past_day,
                {end} is null or {end} > $month_end as is_open,
                count(*) over (partition by {group}) as of_group
            from raw.{of_object.object}
            where la_code = $la_code and extract_month = $month_end and {start} is not null
        ),

        earliest as (select quantile_disc(first_day, $odd_dates) as first_day from events),

        ended as (
            select
                quantile_disc(last_day, $odd_dates) as begins,
                quantile_disc(first_day, $odd_dates) as started
            from events
            where not is_open
        )

        select
            count(*),
            any_value(ended.begins),
            any_value(ended.started),
            count(*) filter (where events.first_day < ended.begins),
            count(*) filter (where events.past_day < ended.begins - interval 1 year),
            coalesce(max(date_diff('day', events.first_day, least(events.last_day, $month_end))), 0),
            coalesce(
                median(date_diff('day', events.first_day, events.last_day)) filter (where not events.is_open), 0
            ),
            count(*) filter (where events.last_day between $believable_since and $known_since),
            count(*) filter (where events.last_day < $recent_since),
            coalesce(quantile_disc(events.of_group, $nearly_all), 1),
            count(*) filter (where events.first_day = earliest.first_day and $is_period),
            0,
            any_value(earliest.first_day)
        from events
        cross join ended
        cross join earliest
        """,
        {
            "la_code": la_code,
            "month_end": month.end,
            "believable_since": month.plus(-MONTHS_BELIEVABLE).end,
            "known_since": month.plus(-MONTHS_KNOWN).end,
            "recent_since": month.plus(-MONTHS_RECENT).end,
            "odd_dates": ODD_DATES,
            "nearly_all": NEARLY_ALL,
            "is_period": start != end,
        },
    ).fetchone()
    return Shown(*row) if row else None


def _with_companions(
    connection: duckdb.DuckDBPyConnection, shown: Mapping[str, Shown | None], la_code: str, month: Month
) -> dict[str, Shown | None]:
    """What is shown, with what other lists show: rows that ended before an object begins, events of older."""
    compared = dict(shown)
    for name, companions in COMPANIONS.items():
        facts = shown.get(name)
        for companion in companions:
            other, days = contracts()[companion], contracts()[companion].days
            if facts is None or shown.get(companion) is None or days is None:
                continue
            # an event may precede the first end of a period, and not the first start
            is_event_of_period = contracts()[name].period and not other.period
            before, rows = connection.execute(
                f"select count(*) filter (where {days[1]} < ?), count(*) from raw.{companion}"
                " where la_code = ? and extract_month = ?",
                [facts.earliest if is_event_of_period else facts.begins, la_code, month.end],
            ).fetchall()[0]
            if before >= max(MANY, SHARE_OF_MANY * rows):
                compared[name] = replace(facts, companions_before=before)
    for name, reviewed in REVIEWED.items():
        reviews, periods = compared.get(name), compared.get(reviewed)
        if (
            reviews
            and periods
            and _are_of_older(connection, contracts()[name], contracts()[reviewed], la_code, month)
        ):
            compared[name] = replace(reviews, is_of_older=True)
            compared[reviewed] = replace(periods, lacks_older=True)
    return compared


def _are_of_older(
    connection: duckdb.DuckDBPyConnection, reviews: Contract, periods: Contract, la_code: str, month: Month
) -> bool:
    """Whether many reviews are of children for whom no period had begun by the day of the review."""
    assert periods.period
    key = periods.person if reviews.person else periods.latest_per[0]
    before, rows = connection.execute(
        f"""
        with first_periods as (
            select {key} as id, min({periods.period[0]}) as first_day
            from raw.{periods.object}
            where la_code = $la_code and extract_month = $month_end
            group by all
        )

        select
            count(*) filter (
                where first_periods.first_day is null or first_periods.first_day > {reviews.event_date}
            ),
            count(*)
        from raw.{reviews.object} as reviews
        left join first_periods on reviews.{reviews.person or reviews.latest_per[0]} = first_periods.id
        where reviews.la_code = $la_code and reviews.extract_month = $month_end
        """,
        {"la_code": la_code, "month_end": month.end},
    ).fetchall()[0]
    # where nearly all do, the ids of the two lists differ in form
    return bool(max(MANY, SHARE_OF_MANY * rows) <= before <= NEARLY_ALL * rows)


def reach_of(shown: Mapping[str, Shown | None], month: Month) -> dict[str, Reach]:
    """The reach of every object by what the data show; those without events are complete."""
    since = month.plus(-LONGEST).end
    shown = _all_chosen_by_starts(shown, since)
    judged = {name: facts for name, facts in shown.items() if facts and facts.rows >= FEWEST}
    windows = _windows(list(judged.values()), since, month)
    reach = {}
    for name, facts in shown.items():
        if facts is None:
            reach[name] = Reach()
        elif windows:
            reach[name] = _reach(name, _in_a_window(facts, windows, month, since), facts)
        elif _begins_late_alone(name, facts, name in judged, month):
            reach[name] = _reach(name, facts.first_day, facts)
        else:
            reach[name] = _reach(name, None, facts)
        if facts and facts.lacks_older and reach[name].complete_from is None:
            reach[name] = _reach(name, facts.earliest, facts)
    _know_less_of_taken_over(shown, reach, month)
    for name, facts in shown.items():
        if facts and facts.is_window_of_starts and (first := reach[name].complete_from):
            # of what ended in it, it lacks what began before: none from the day on by which that had ended, too
            # a row of half the window's length does not show how long one can be
            never = _plus(month.extract_day, 1)
            is_cut = facts.lacks_older or 2 * facts.longest > (month.end - first).days
            ended = never if is_cut else min(_plus(first, facts.longest), never)
            lacking = STARTS_MATTER.get(name, name)
            if lacking in reach:
                reach[lacking] = Reach(ended, reach[lacking].is_every_event, "seen")
    if sum(not known.is_every_event for known in reach.values()) >= TOGETHER:
        # where several objects hold the latest only, so does one that is too young or too small to show it
        for name, facts in shown.items():
            if facts and facts.most == 1:
                reach[name] = replace(reach[name], is_every_event=False, basis="seen")
    return reach


def _all_chosen_by_starts(shown: Mapping[str, Shown | None], since: dt.date) -> Mapping[str, Shown | None]:
    """Where one list is chosen by starts, so is every other of which nothing is older."""
    if not any(facts and facts.lacks_older for facts in shown.values()):
        return shown
    return {
        name: replace(facts, lacks_older=True)
        if facts and contracts()[name].period and facts.earliest and facts.earliest > since
        else facts
        for name, facts in shown.items()
    }


def _begins_late_alone(name: str, facts: Shown, is_judged: bool, month: Month) -> bool:
    """Whether an object begins late in a drop without a window: by its companions, or by its own long past."""
    if not facts.begins:
        return False
    by_companions = facts.companions_before > 0 and facts.begins > _needed_since(name, month)
    is_recent = facts.begins > month.plus(-LONGEST).end
    return by_companions or (is_judged and is_recent and facts.has_a_long_past and facts.most > 1)


def _know_less_of_taken_over(shown: Mapping[str, Shown | None], reach: dict[str, Reach], month: Month) -> None:
    """Plans that were taken over: how long they lasted, and when their reviews were due, is not known."""
    plans = shown.get("ssd_cp_plans")
    first = reach["ssd_cp_plans"].complete_from if plans else None
    if not plans or not plans.is_taken_over or not first:
        return
    known = min(_plus(first, DAYS_OF_LONG_PLAN), month.first_day)
    reach["ssd_cp_plans"] = replace(reach["ssd_cp_plans"], complete_from=max(first, known))
    if reviews := reach.get("ssd_cp_reviews"):
        after = _plus(first, 1)
        complete_from = max(reviews.complete_from or after, after)
        reach["ssd_cp_reviews"] = replace(reviews, complete_from=complete_from, basis="seen")


def _reach(name: str, complete_from: dt.date | None, facts: Shown) -> Reach:
    is_series = contracts()[name].event_date and contracts()[name].latest_per
    fewest, fewest_old = FEWEST_OF_SERIES if is_series else (FEWEST_LATEST, FEWEST_OLD)
    is_latest = facts.most == 1 and (
        (facts.rows >= fewest and facts.old >= fewest_old)
        or (
            facts.rows >= FEWEST_LATEST_OF_YOUNG
            and (complete_from is not None or facts.not_recent >= FEWEST_LATEST)
        )
    )
    if complete_from is None and not is_latest:
        return Reach()
    return Reach(complete_from, not is_latest, "seen")


def _needed_since(name: str, month: Month) -> dt.date:
    return month.plus(-MONTHS_NEEDED_OF.get(name, MONTHS_NEEDED)).end


def _windows(shown: Sequence[Shown], since: dt.date, month: Month) -> list[dt.date]:
    """The first days of windows: several objects begin within a few days, one of them with what is older."""
    begins = [(facts.first_day, facts) for facts in shown if facts.first_day and facts.first_day > since]
    starts: list[dt.date] = []
    for day in sorted({day for day, _ in begins}):
        together = [facts for other, facts in begins if day <= other <= _plus(day, _late_by_chance(facts, month))]
        is_new = not starts or day > _plus(starts[-1], DAYS_TOGETHER)
        if is_new and len(together) >= TOGETHER and any(facts.has_a_past for facts in together):
            starts.append(day)
    return starts


def _late_by_chance(facts: Shown, month: Month) -> int:
    """Days that an object may begin after others: twice the usual time between its rows, where they are few."""
    assert facts.first_day
    if facts.first_day <= month.plus(-MONTHS_NEEDED).end:
        return DAYS_TOGETHER
    return max(DAYS_TOGETHER, min(DAYS_BY_CHANCE, 2 * (month.end - facts.first_day).days // facts.rows))


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
        is_near = not earlier and windows[0] <= _plus(day, DAYS_BY_CHANCE)
        return earlier[-1] if earlier else day if is_near else None
    if not earlier:
        return day
    missing = _working_days(earlier[-1], day) * facts.rows / max(1, _working_days(day, month.end))
    return earlier[-1] if missing <= BY_CHANCE else day


def _working_days(first: dt.date, day: dt.date) -> int:
    """Working days from the first day on, before the other one: on others most objects have few events."""
    return sum(is_working_day(_plus(first, number)) for number in range((day - first).days))


def _plus(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)
