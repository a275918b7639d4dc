"""The definitions of the indicators once more, written plainly over lists of dictionaries.

It shares no code with the pipeline and takes its time: one child, one month after another. It reads rows that
have passed the ingest, with the column names of the Standard Safeguarding Dataset and dates as dates.
"""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Counted = tuple[str, str, bool]
"""Indicator, team, whether in the numerator."""

SHORT_BREAKS = {
    "V1": True, "V3": True, "V4": True, "C1": False, "C2": False, "V2": False, "E1": False, "L1": False,
    "Care Order Sec. 31(a)": False, "Single placement acc. by LA S20(1) CA under 16": False,
    "Regular occ. acc by LA S20(3) CA 16 & over": True,
}  # fmt: skip
"""Statuses that make a child looked after, and whether they are short breaks."""


def add_months(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def open_on(start: dt.date | None, end: dt.date | None, day: dt.date) -> bool:
    return start is not None and start <= day and (end is None or end > day)


def number_of(text: str, column: Iterable[str]) -> tuple[int, str]:
    return (int(text), "") if all(other.isdigit() for other in column) else (0, text)


def age_on(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class SecondReading:
    """One extract, read for any month."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.born = {row["pers_person_id"]: row["pers_dob"] for row in tables["ssd_person"]}
        self.teams = {row["dept_team_id"]: row["dept_team_name"] for row in tables["ssd_department"]}
        self.by_person: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for table, column in (
            ("ssd_involvements", "invo_person_id"),
            ("ssd_cin_plans", "cinp_person_id"),
            ("ssd_cp_plans", "cppl_person_id"),
            ("ssd_cla_episodes", "clae_person_id"),
            ("ssd_legal_status", "lega_person_id"),
        ):
            for row in tables[table]:
                self.by_person[table][row[column]].append(row)

    def rows(self, table: str, child: str) -> list[Row]:
        return self.by_person[table][child]

    def ids(self, table: str, column: str) -> list[str]:
        return [row[column] for row in self.tables[table]]

    def team_name(self, team_id: str | None) -> str:
        return self.teams.get(team_id or "") or "Not allocated"

    def team_of_child(self, child: str, day: dt.date) -> str:
        ids = self.ids("ssd_involvements", "invo_involvements_id")
        found = [
            row
            for row in self.rows("ssd_involvements", child)
            if row["invo_professional_role_id"] == "CW"
            and open_on(row["invo_involvement_start_date"], row["invo_involvement_end_date"], day)
        ]
        if not found:
            return "Not allocated"
        latest = max(
            found,
            key=lambda row: (row["invo_involvement_start_date"], number_of(row["invo_involvements_id"], ids)),
        )
        return self.team_name(latest["invo_professional_team"])

    def on_short_break(self, child: str, day: dt.date) -> bool:
        ids = self.ids("ssd_legal_status", "lega_legal_status_id")
        found = [
            row
            for row in self.rows("ssd_legal_status", child)
            if row["lega_legal_status"] in SHORT_BREAKS
            and open_on(row["lega_legal_status_start_date"], row["lega_legal_status_end_date"], day)
        ]
        if not found:
            return False
        latest = max(
            found,
            key=lambda row: (row["lega_legal_status_start_date"], number_of(row["lega_legal_status_id"], ids)),
        )
        return SHORT_BREAKS[latest["lega_legal_status"]]

    def looked_after(self, child: str, day: dt.date) -> bool:
        born = self.born[child]
        return (
            born is not None
            and age_on(born, day) < 18
            and not self.on_short_break(child, day)
            and any(
                open_on(row["clae_cla_episode_start_date"], row["clae_cla_episode_ceased_date"], day)
                for row in self.rows("ssd_cla_episodes", child)
            )
        )

    def counted(self, month_end: dt.date) -> Iterator[Counted]:
        """Every child or event of every indicator for a month."""
        for child in self.born:
            yield from self._cin(child, month_end)
            yield from self._cp(child, month_end)
            yield from self._care(child, month_end)

    def _cin(self, child: str, day: dt.date) -> Iterator[Counted]:
        def are_open(table: str, prefix: str) -> list[Row]:
            return [
                row
                for row in self.rows(table, child)
                if open_on(row[f"{prefix}_start_date"], row[f"{prefix}_end_date"], day)
            ]

        plans = are_open("ssd_cin_plans", "cinp_cin_plan")
        if not plans or are_open("ssd_cp_plans", "cppl_cp_plan") or self.looked_after(child, day):
            return
        ids = self.ids("ssd_cin_plans", "cinp_cin_plan_id")
        first = min(
            plans, key=lambda row: (row["cinp_cin_plan_start_date"], number_of(row["cinp_cin_plan_id"], ids))
        )
        start, team = first["cinp_cin_plan_start_date"], self.team_name(first["cinp_cin_plan_team"])
        yield "cin_plans_open", team, True
        yield "cin_plans_open_0_3_months", team, add_months(start, 3) >= day
        yield "cin_plans_open_over_12_months", team, add_months(start, 12) < day

    def _cp(self, child: str, day: dt.date) -> Iterator[Counted]:
        april = dt.date(day.year if day.month >= 4 else day.year - 1, 4, 1)
        plans = self.rows("ssd_cp_plans", child)
        own = [row for row in plans if row["cppl_cp_plan_ola"] != "Y"]
        if any(open_on(row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"], day) for row in own):
            yield "cp_plans_open", self.team_of_child(child, day), True
        for row in own:
            start, end = row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"]
            if end and april <= end <= day:
                team = self.team_of_child(child, end - dt.timedelta(days=1))
                yield "cp_plans_ended_2_years", team, start is not None and (end - start).days + 1 > 729
            if start and april <= start <= day:
                others = [other for other in plans if other is not row]
                team = self.team_of_child(child, start)
                starts = [other["cppl_cp_plan_start_date"] for other in others]
                ends = [other["cppl_cp_plan_end_date"] for other in others]
                yield "cp_plans_repeat", team, any(other and other < start for other in starts)
                within = any(other and other <= start and add_months(other, 12) >= start for other in ends)
                yield "cp_plans_repeat_12_months", team, within

    def _care(self, child: str, day: dt.date) -> Iterator[Counted]:
        if self.looked_after(child, day):
            yield "children_looked_after", self.team_of_child(child, day), True
        periods: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("ssd_cla_episodes", child):
            if row["clae_cla_id"] is not None:
                periods[row["clae_cla_id"]].append(row)
        for episodes in periods.values():
            given = [row["clae_entered_care_date"] for row in episodes if row["clae_entered_care_date"]]
            starts = [row["clae_cla_episode_start_date"] for row in episodes if row["clae_cla_episode_start_date"]]
            entered = min(given or starts, default=None)
            if entered and day.replace(day=1) <= entered <= day and not self.on_short_break(child, entered):
                yield "cla_started", self.team_of_child(child, entered), True
            begun = [row for row in episodes if (row["clae_cla_episode_start_date"] or dt.date.max) <= day]
            if begun:
                yield from self._ceased(child, day, begun)

    def _ceased(self, child: str, day: dt.date, begun: list[Row]) -> Iterator[Counted]:
        ids = self.ids("ssd_cla_episodes", "clae_cla_episode_id")
        last = max(
            begun,
            key=lambda row: (
                row["clae_cla_episode_start_date"],
                row["clae_cla_episode_ceased_date"] or dt.date.max,
                number_of(row["clae_cla_episode_id"], ids),
            ),
        )
        ceased = last["clae_cla_episode_ceased_date"]
        if ceased and day.replace(day=1) <= ceased <= day and last["clae_cla_episode_ceased_reason"] != "X1":
            the_day_before = ceased - dt.timedelta(days=1)
            if not self.on_short_break(child, the_day_before):
                yield "cla_ceased", self.team_of_child(child, the_day_before), True
