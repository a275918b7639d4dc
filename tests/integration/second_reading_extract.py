"""One extract, for the second reading of the definitions: whose rows are whose, and how a child stood on a day.

Belongs here: what several indicators ask (team, legal status, looked after, period of care) and the arithmetic of
dates. Does not belong here: the rule of any one indicator.
"""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Codes = dict[str, Any]
"""Codes of dimensions that the rule knows; `day` is the day of the row where that is not the month end, and
`denominator` what it adds to the denominator if not 1."""
Counted = tuple[str, str | None, float] | tuple[str, str | None, float, Codes]
"""Indicator, team (None: the indicator has no teams), what is in the numerator: whether it is, or a value."""

LEGAL_STATUS_CODES = {
    "C1": "C1", "C2": "C2", "D1": "D1", "E1": "E1", "V1": "V1", "V2": "V2", "V3": "V3", "V4": "V4",
    "L1": "L1", "L2": "L2", "L3": "L3", "J1": "J1", "J2": "J2", "J3": "J3",
    "Interim care order Sec. 38(1)": "C1",
    "Care Order Sec. 31(a)": "C2",
    "C.O. Extended S40(5) CA": "C2",
    "Wardship": "C2",
    "Child freed for adoption": "D1",
    "Placement Order (Sec. 21)": "E1",
    "Care Order Sec.31(a) & Placement Order (Sec. 21)": "E1",
    "Single placement acc. by LA S20(1) CA under 16": "V2",
    "Single placement acc. by LA S20(3) CA 16 & over": "V2",
    "Regular occ. acc by LA S20(3) CA 16 & over": "V3",
    "Regular occ. acc. by LA S.20(1) CA under 16": "V3",
    "Police protection power Sec.38(1)": "L1",
    "Emergency protection order - LA": "L2",
    "Child assessment order Sec. 43(1)": "L3",
    "Remanded to LA accommodation S20": "J1",
    "P.A.C.E Interview (CYP)": "J2",
    "S.43 CJA 91 Post-sent Und 22": "J3",
}  # fmt: skip
"""Statuses that make a child looked after, and their codes."""
OWN_AREA = "888"
SHORT_BREAKS = ("V1", "V3", "V4")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")

PERSON_COLUMNS = {
    "ssd_involvements": "invo_person_id",
    "ssd_cin_plans": "cinp_person_id",
    "ssd_cp_plans": "cppl_person_id",
    "ssd_cla_episodes": "clae_person_id",
    "ssd_legal_status": "lega_person_id",
    "ssd_cla_placement": "clap_person_id",
    "ssd_cla_health": "clah_person_id",
    "ssd_cla_care_plan": "lacp_person_id",
    "ssd_initial_cp_conference": "icpc_person_id",
    "ssd_contacts": "cont_person_id",
    "ssd_cin_episodes": "cine_person_id",
    "ssd_cin_assessments": "cina_person_id",
    "ssd_care_leavers": "clea_person_id",
    "ssd_s47_enquiry": "s47e_person_id",
    "ssd_cin_visits": "cinv_person_id",
    "ssd_cp_visits": "cppv_person_id",
    "ssd_cla_visits": "clav_person_id",
    "ssd_missing": "miss_person_id",
    "ssd_disability": "disa_person_id",
    "ssd_immigration_status": "immi_person_id",
    "ssd_permanence": "perm_person_id",
    "ssd_pre_proceedings": "prep_person_id",
    "local_permanence_tracker": "person_id",
    "local_private_fostering": "person_id",
    "local_iro_contact": "person_id",
    "local_iro_challenge": "person_id",
    "local_conference_child": "person_id",
    "local_pep": "person_id",
}


def add_months(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def first_of_april(day: dt.date) -> dt.date:
    """Of the financial year of a day."""
    return dt.date(day.year if day.month >= 4 else day.year - 1, 4, 1)


def open_on(start: dt.date | None, end: dt.date | None, day: dt.date) -> bool:
    return start is not None and start <= day and (end is None or end > day)


def within(first: dt.date, day: dt.date | None, last: dt.date) -> bool:
    return day is not None and first <= day <= last


def age_on(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def known_need(code: str | None) -> str:
    return code if code in [f"N{number}" for number in range(10)] else "not_known"


def band(since: dt.date, day: dt.date, *edges: tuple[int, str], last: str) -> str:
    """The name of the first edge of which so many months after `since` are later than the day."""
    return next((name for months, name in edges if add_months(since, months) > day), last)


def letters_and_digits(text: str | None) -> str:
    return "".join(character for character in (text or "").lower() if character.isalnum())


@dataclass
class PeriodOfCare:
    """The episodes under one `clae_cla_id`, and the reviews that name it."""

    cla_id: str
    child: str
    episodes: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)

    @property
    def entered(self) -> dt.date | None:
        given = [row["clae_entered_care_date"] for row in self.episodes if row["clae_entered_care_date"]]
        starts = [
            row["clae_cla_episode_start_date"] for row in self.episodes if row["clae_cla_episode_start_date"]
        ]
        return min(given or starts, default=None)


class Extract:
    """Rows that have passed the ingest, with the dataset's column names and dates as dates."""

    def __init__(self, tables: Tables, postcodes: dict[str, str] | None = None) -> None:
        self.tables: Tables = defaultdict(list, tables)
        self.people = {row["pers_person_id"]: row for row in tables["ssd_person"]}
        self.postcodes = postcodes or {}
        self.born = {row["pers_person_id"]: row["pers_dob"] for row in tables["ssd_person"]}
        self.expected = {row["pers_person_id"]: row["pers_expected_dob"] for row in tables["ssd_person"]}
        self.teams = {row["dept_team_id"]: row["dept_team_name"] for row in tables["ssd_department"]}
        self._whole_numbers: dict[tuple[str, str], bool] = {}
        self._by_person: dict[str, dict[str, list[Row]]] = {}
        for table, column in PERSON_COLUMNS.items():
            self._by_person[table] = self.grouped(table, column)
        self.cp_reviews = self.grouped("ssd_cp_reviews", "cppr_cp_plan_id")
        self.plans = self.grouped("ssd_cp_plans", "cppl_cp_plan_id")
        self.delays = self.grouped("local_review_delay", "review_id")
        self.assessments = self.grouped("ssd_cin_assessments", "cina_referral_id")
        self.conferences_of = self.grouped("ssd_initial_cp_conference", "icpc_s47_enquiry_id")
        self.enquiries = {row["s47e_s47_enquiry_id"]: row for row in self.tables["ssd_s47_enquiry"]}
        self.referrals = {row["cine_referral_id"]: row for row in self.tables["ssd_cin_episodes"]}
        self._periods: dict[str, dict[str, PeriodOfCare]] = defaultdict(dict)
        self._read_periods_of_care()
        self._legal_statuses = {letters_and_digits(text): code for text, code in LEGAL_STATUS_CODES.items()}

    def grouped(self, table: str, column: str) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables[table]:
            groups[row[column]].append(row)
        return groups

    def _read_periods_of_care(self) -> None:
        by_id: dict[str, PeriodOfCare] = {}
        for row in self.tables["ssd_cla_episodes"]:
            child, cla_id = row["clae_person_id"], row["clae_cla_id"]
            if cla_id is not None:
                period = self._periods[child].setdefault(cla_id, PeriodOfCare(cla_id, child))
                period.episodes.append(row)
                by_id.setdefault(cla_id, period)
        for row in self.tables["ssd_cla_reviews"]:
            if row["clar_cla_id"] in by_id:
                by_id[row["clar_cla_id"]].reviews.append(row)

    def rows(self, table: str, child: str) -> list[Row]:
        return self._by_person[table].get(child, [])

    def id_order(self, table: str, column: str, row: Row) -> tuple[int, str]:
        """What the id of a row is compared by: its number where all ids of the column are whole numbers."""
        if (table, column) not in self._whole_numbers:
            ids = [other[column] or "" for other in self.tables[table]]
            self._whole_numbers[table, column] = all(one.isdigit() for one in ids)
        return (int(row[column]), "") if self._whole_numbers[table, column] else (0, row[column] or "")

    def latest(self, table: str, id_column: str, date_column: str, rows: Iterable[Row]) -> Row | None:
        """The row with the latest date, then the highest id."""
        return max(rows, key=lambda row: (row[date_column], self.id_order(table, id_column, row)), default=None)

    def team_name(self, team_id: str | None) -> str:
        return self.teams.get(team_id or "") or "Not allocated"

    def involved(self, child: str, role: str, day: dt.date) -> list[Row]:
        return [
            row
            for row in self.rows("ssd_involvements", child)
            if row["invo_professional_role_id"] == role
            and open_on(row["invo_involvement_start_date"], row["invo_involvement_end_date"], day)
        ]

    def team_of_child(self, child: str, day: dt.date) -> str:
        latest = self.latest(
            "ssd_involvements",
            "invo_involvements_id",
            "invo_involvement_start_date",
            self.involved(child, "CW", day),
        )
        return self.team_name(latest["invo_professional_team"] if latest else None)

    def legal_status(self, child: str, day: dt.date) -> str | None:
        latest = self.latest(
            "ssd_legal_status",
            "lega_legal_status_id",
            "lega_legal_status_start_date",
            [
                row
                for row in self.rows("ssd_legal_status", child)
                if letters_and_digits(row["lega_legal_status"]) in self._legal_statuses
                and open_on(row["lega_legal_status_start_date"], row["lega_legal_status_end_date"], day)
            ],
        )
        return self._legal_statuses[letters_and_digits(latest["lega_legal_status"])] if latest else None

    def on_short_break(self, child: str, day: dt.date) -> bool:
        return self.legal_status(child, day) in SHORT_BREAKS

    def ever_on_short_break(self, child: str, first: dt.date, last: dt.date) -> bool:
        """On any day from the first to the last: it can only begin on the first or where a row starts or ends."""
        changes = {first}
        for row in self.rows("ssd_legal_status", child):
            changes |= {row["lega_legal_status_start_date"], row["lega_legal_status_end_date"]}
        return any(within(first, day, last) and self.on_short_break(child, day) for day in changes)

    def open_episodes(self, child: str, day: dt.date) -> list[Row]:
        return [
            row
            for row in self.rows("ssd_cla_episodes", child)
            if open_on(row["clae_cla_episode_start_date"], row["clae_cla_episode_ceased_date"], day)
        ]

    def looked_after(self, child: str, day: dt.date) -> bool:
        born = self.born[child]
        return (
            born is not None
            and age_on(born, day) < 18
            and bool(self.open_episodes(child, day))
            and not self.on_short_break(child, day)
        )

    def periods_of_care(self, child: str) -> Iterable[PeriodOfCare]:
        return self._periods[child].values() if child in self._periods else ()

    def present_period(self, child: str, day: dt.date) -> PeriodOfCare | None:
        """That of the episode open on the day, of several the latest; one that names no period stands alone."""
        latest = self.latest(
            "ssd_cla_episodes",
            "clae_cla_episode_id",
            "clae_cla_episode_start_date",
            self.open_episodes(child, day),
        )
        if latest is None:
            return None
        if latest["clae_cla_id"] is None:
            return PeriodOfCare("", child, [latest])
        return self._periods[child][latest["clae_cla_id"]]

    def need(self, child: str, day: dt.date) -> str | None:
        """The need of the episode that is open on the day."""
        episode = self.latest(
            "ssd_cla_episodes",
            "clae_cla_episode_id",
            "clae_cla_episode_start_date",
            self.open_episodes(child, day),
        )
        return known_need(episode["clae_cla_primary_need_code"] if episode else None)

    def in_care_since(self, child: str, day: dt.date) -> dt.date | None:
        """The day on which the present period began; without one, the first day of episodes without a gap."""
        period = self.present_period(child, day)
        if period is None or period.cla_id:
            return period.entered if period else None
        since = day
        while earlier := [
            row["clae_cla_episode_start_date"]
            for row in self.rows("ssd_cla_episodes", child)
            if row["clae_cla_episode_start_date"] is not None
            and row["clae_cla_episode_start_date"] < since
            and (row["clae_cla_episode_ceased_date"] or dt.date.max) >= since
        ]:
            since = min(earlier)
        return since

    def area(self, placement: Row) -> str | None:
        """The authority by the longest beginning of its postcode; None where none is known."""
        postcode = letters_and_digits(placement["clap_cla_placement_postcode"]).upper()
        known = [start for start in self.postcodes if postcode.startswith(start)]
        return self.postcodes[max(known, key=len)] if known else None

    def placement(self, child: str, day: dt.date) -> Row | None:
        """The placement that counts on a day."""

        def order(row: Row) -> tuple[dt.date, tuple[int, str]]:
            number = self.id_order("ssd_cla_placement", "clap_cla_placement_id", row)
            return row["clap_cla_placement_start_date"], number

        rows = [row for row in self.rows("ssd_cla_placement", child) if row["clap_cla_placement_start_date"]]
        open_rows = [
            row
            for row in rows
            if open_on(row["clap_cla_placement_start_date"], row["clap_cla_placement_end_date"], day)
        ]
        best = max(open_rows, key=order, default=None)
        if best is None or best["clap_cla_placement_type"] not in TEMPORARY:
            return best
        lasting = [row for row in rows if row["clap_cla_placement_type"] not in TEMPORARY]
        if still_open := [row for row in lasting if row in open_rows]:
            return max(still_open, key=order)
        entered = self.in_care_since(child, day)
        ended = [
            row
            for row in lasting
            if entered
            and row["clap_cla_placement_start_date"] >= entered
            and within(entered, row["clap_cla_placement_end_date"], day)
        ]
        return max(ended, key=lambda row: (row["clap_cla_placement_end_date"], *order(row)), default=best)
