"""The formal challenges of the reviewing officers at the month end, and the page that lists them week by week.

Belongs here: which of them are near or over a clock. Does not belong here: counting them; the indicators do that.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipelines.calendar import working_days_after
from pipelines.report import wording
from pipelines.report.audience import Audience
from pipelines.report.breakdowns import code_words
from pipelines.report.release_reader import OWN_ROWS, OwnTables, ReportedAuthority, Row, definition_numbers, rows
from pipelines.report.template import render
from pipelines.settings import NOT_ALLOCATED

FILE, TITLE = "challenges.html", "Challenges, week by week"

_WEEK = dt.timedelta(days=7)
_WEEKS_TO_COME = 5
_CHALLENGES = f"""
    select *
    from {OWN_ROWS}
    where challenge_type in ('problem_resolution', 'management_alert')
    qualify extract_month = max(extract_month) over (partition by la_code)
    order by raised_date, challenge_id
"""


@dataclass(frozen=True)
class Clocks:
    """The days and working days within which a challenge is to be resolved."""

    days: int
    working_days: int


@dataclass(frozen=True)
class Challenge:
    """A formal challenge that was raised by the month end."""

    row: Row
    raised: dt.date
    month: dt.date
    clocks: Clocks

    @property
    def is_outstanding(self) -> bool:
        resolved = self.row["resolved_date"]
        return resolved is None or resolved > self.month

    @property
    def is_new(self) -> bool:
        """Raised in the last seven days of the month."""
        return self.raised > self.month - _WEEK

    @property
    def last_day(self) -> dt.date:
        """The last day of the clock in days (`clocks.days` after it was raised)."""
        return self.raised + dt.timedelta(days=self.clocks.days)

    @cached_property
    def last_working_day(self) -> dt.date:
        """The last day of the clock in working days (`clocks.working_days` after it was raised)."""
        return working_days_after(self.raised, self.clocks.working_days)

    @property
    def is_over(self) -> bool:
        return self.last_day < self.month

    @property
    def is_near(self) -> bool:
        return not self.is_over and self.last_day < self.month + _WEEK

    @property
    def is_over_working_days(self) -> bool:
        return self.last_working_day <= self.month

    @property
    def is_near_working_days(self) -> bool:
        return not self.is_over_working_days and self.last_working_day <= self.month + _WEEK

    @property
    def clock(self) -> str:
        """Which clocks have run out or soon will: `over 28 days, near 20 working days`."""
        texts = []
        for name, is_over, is_near in (
            (f"{self.clocks.days} days", self.is_over, self.is_near),
            (f"{self.clocks.working_days} working days", self.is_over_working_days, self.is_near_working_days),
        ):
            texts += [f"over {name}"] if is_over else [f"near {name}"] if is_near else []
        return ", ".join(texts)

    @property
    def cells(self) -> dict[str, str]:
        """What a list says of it."""
        row = self.row
        return {
            "raised": wording.short_day(self.raised),
            "kind": code_words("challenge_type", row["challenge_type"]),
            "context": code_words("context", row["context"] or "not_known"),
            "subject": code_words("challenge_category", row["category_code"] or "not_recorded"),
            "child": row["child_id"] or "",
            "officer": row["worker_id"] or "",
            "team": row["team_name"] or "",
            "last_day": wording.short_day(self.last_day),
            "last_working_day": wording.short_day(self.last_working_day),
            "clock": self.clock,
            "resolved": "" if self.is_outstanding else wording.short_day(row["resolved_date"]),
        }


_COLUMNS: tuple[tuple[str, Callable[[Challenge], bool]], ...] = (
    ("Raised in the last 7 days", lambda one: one.is_new),
    ("Outstanding", lambda one: one.is_outstanding),
    ("Near {days} days", lambda one: one.is_outstanding and one.is_near),
    ("Over {days} days", lambda one: one.is_outstanding and one.is_over),
    ("Near {working_days} working days", lambda one: one.is_outstanding and one.is_near_working_days),
    ("Over {working_days} working days", lambda one: one.is_outstanding and one.is_over_working_days),
)


def challenges_of(tables: OwnTables, all_authorities: Iterable[ReportedAuthority]) -> dict[str, list[Challenge]]:
    """Outstanding and new challenges of each authority that keeps the list, the oldest first."""
    by_code = {authority.la_code: authority for authority in all_authorities}
    challenges: dict[str, list[Challenge]] = {
        la_code: [] for la_code, authority in by_code.items() if authority.has_figure("challenges_over_4_weeks")
    }
    for row in rows(_CHALLENGES, tables, "fct_challenge", 1):
        la_code, raised = row["la_code"], row["raised_date"]
        month = by_code[la_code].month
        if la_code in challenges and row["extract_month"] == month and raised and raised <= month:
            challenge = Challenge(row, raised, month, clocks(by_code[la_code], raised))
            challenges[la_code] += [challenge] if challenge.is_outstanding or challenge.is_new else []
    return challenges


def challenges_page(
    audience: Audience,
    authority: ReportedAuthority,
    challenges: Sequence[Challenge],
    trail_steps: Sequence[tuple[str, str]],
) -> str:
    """The page of an authority, as HTML for a folder one level below the stylesheet."""
    outstanding = [one for one in challenges if one.is_outstanding]
    now = clocks(authority, authority.month)
    return render(
        "challenges.html.j2",
        audience,
        root="../",
        trail_steps=trail_steps,
        authority=authority,
        clocks=now,
        columns=[name.format(days=now.days, working_days=now.working_days) for name, _ in _COLUMNS],
        whole=_counts(challenges),
        localities=_by_locality(challenges),
        weeks=_weeks(authority.month, outstanding),
        outstanding=[one.cells for one in outstanding],
        new=[one.cells for one in challenges if one.is_new],
    )


def clocks(authority: ReportedAuthority, day: dt.date) -> Clocks:
    """The clocks of a challenge that is raised on a day."""
    numbers = definition_numbers(tuple(authority.own_numbers), f"{day:%Y-%m}")
    return Clocks(int(numbers["days_to_resolve_challenge"]), int(numbers["working_days_to_resolve_challenge"]))


def _counts(challenges: Sequence[Challenge]) -> list[int]:
    return [sum(map(is_counted, challenges)) for _, is_counted in _COLUMNS]


def _by_locality(challenges: Sequence[Challenge]) -> list[dict[str, Any]]:
    """The teams of each locality with their counts; those that are not allocated last."""
    by_locality: dict[str, dict[str, list[Challenge]]] = {}
    for one in challenges:
        locality, team = (one.row[name] or NOT_ALLOCATED for name in ("locality_name", "team_name"))
        by_locality.setdefault(locality, {}).setdefault(team, []).append(one)
    return [
        {
            "name": locality,
            "whole": _counts([one for of_team in by_team.values() for one in of_team]),
            "teams": [(team, counts) for team in _in_order(by_team) if any(counts := _counts(by_team[team]))],
        }
        for locality, by_team in ((name, by_locality[name]) for name in _in_order(by_locality))
    ]


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (name == NOT_ALLOCATED, name))


def _weeks(month: dt.date, outstanding: Sequence[Challenge]) -> list[tuple[str, list[int]]]:
    """The weeks after the month end: how many challenges pass each clock in it if none is resolved."""
    passing = (
        [one.last_day + dt.timedelta(days=1) for one in outstanding],
        [one.last_working_day for one in outstanding],
    )
    weeks = []
    for number in range(_WEEKS_TO_COME):
        end, last = month + number * _WEEK, month + (number + 1) * _WEEK
        name = f"{wording.day(end + dt.timedelta(days=1))} to {wording.day(last)}"
        weeks.append((name, [sum(end < day <= last for day in days) for days in passing]))
    return weeks
