"""A made-up authority at random, as untidy as the rules can be put to the test.

Dates fall on and around month ends, anniversaries, birthdays and due dates far more often than in life, so that
the edges of every rule are met in combination. What the ingest would reject is not in it: every row is loaded.
"""

import datetime as dt
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from second_reading_extract import LEGAL_STATUS_CODES, add_months, age_on
from second_reading_reviews import PERMANENCE_KEYS
from untidy_visits import Visits

from pipelines.calendar import working_days_after
from pipelines.contracts import contracts

Rows = list[dict[str, Any]]
Period = tuple[dt.date | None, dt.date | None]

TEAMS = ("01", "02", "3", "04")
ANY_TEAM = (*TEAMS, *TEAMS, "99", None)
ONE_DAY = dt.timedelta(days=1)
LONG_AGO = dt.date(2012, 2, 29)
FEBRUARIES = (dt.date(2019, 2, 28), dt.date(2018, 2, 28), dt.date(2018, 8, 31), dt.date(2016, 2, 29))
OBJECTS = (
    "ssd_person", "ssd_department", "ssd_involvements", "ssd_cin_plans", "ssd_cp_plans", "ssd_cp_reviews",
    "ssd_cla_episodes", "ssd_legal_status", "ssd_cla_reviews", "ssd_cla_placement", "ssd_cla_health",
    "ssd_cla_care_plan", "ssd_contacts", "ssd_cin_episodes", "ssd_cin_assessments", "ssd_s47_enquiry",
    "ssd_initial_cp_conference", "ssd_care_leavers", "ssd_disability", "ssd_immigration_status", "ssd_permanence",
    "ssd_pre_proceedings", "local_permanence_tracker", "local_private_fostering", "ssd_professionals",
    "local_workforce_post", "local_iro_contact", "local_iro_challenge", "local_foster_review",
    "local_conference_attendance", "local_conference_child", "local_conference_feedback",
    "local_conference_appeal", "local_review_delay", "ssd_cin_visits", "ssd_cp_visits", "ssd_cla_visits",
    "ssd_missing", "local_pep",
)  # fmt: skip
ANSWERS = (
    "saw_other_reports", "met_chair", "could_speak", "understood_concerns", "invited_core_groups",
    "understands_plan",
)  # fmt: skip
MEETINGS = (*(f"M{number}" for number in range(6)), None, None)
CODES = {
    "ssd_person": {
        "pers_sex": ("F", "M", "F", "M", "U", "I", None),
        "pers_ethnicity": (
            "WBRI",
            "A3",
            "MWBC",
            "B4",
            "AIND",
            "E1",
            "BCRB",
            "D2",
            "OOTH",
            "E2",
            "REFU",
            "E5",
            "ZZ",
            None,
        ),
    },
    "ssd_disability": {"disa_disability_code": ("NONE", "NONE", "NONE", "MOB", "DDA", "ZZ", None)},
    "ssd_cp_plans": {
        "cppl_cp_plan_latest_category": ("NEG", "PHY", "Sexual abuse", "EMO", "Multiple", "no such text", None),
    },
    "ssd_cp_reviews": {
        "cppr_cp_review_meeting_id": MEETINGS,
        "cppr_cp_review_quorate": ("Y", "yes", "Y", "N", "inquorate", None, None),
    },
    "ssd_initial_cp_conference": {"icpc_icpc_meeting_id": MEETINGS},
    "local_conference_attendance": {
        "agency": ("police", "GP", "Health visitor/nurse/midwife", "fire brigade", None),
        "is_invited": ("Y", "Y", "N", None),
        "has_attended": ("N", "No", "Y", "perhaps", None),
        "has_sent_report": ("N", "0", "Y", None),
    },
    "local_conference_child": {
        "has_form": ("Y", "N", "1", None),
        "took_part": ("attended", "Views given", "views_not_available", "under_age", "by telephone", None),
    },
    "local_conference_feedback": {
        "meeting_type": ("initial", "Review", "review", "strategy", None),
        "report_received": ("in_time", "In time", "day_before", "never", "last week", None),
        **dict.fromkeys(ANSWERS, ("Y", "N", "unsure", "Not sure", "TRUE", "sometimes", None)),
    },
    "local_conference_appeal": {
        "ground": ("process", "decision", "Plan", "the weather", None),
        "outcome": ("upheld", "upheld", "Not upheld", "withdrawn", "dropped", None),
        "upheld_reason": ("procedure", "other", "the weather", None),
    },
    "local_review_delay": {"reason": ("human_error", "IRO sickness", "not_quorate", "the weather", None)},
    "ssd_cla_episodes": {"clae_cla_primary_need_code": (*(f"N{number}" for number in range(10)), "N99", None)},
    "ssd_cla_placement": {"clap_cla_placement_provider": (*(f"PR{number}" for number in range(7)), None)},
    "ssd_contacts": {
        "cont_contact_source_code": ("1A", "2A", "2B", "3C", "4", "5D", "6", "7", "8", "9", "10", "ZZ", None)
    },
    "ssd_cin_episodes": {
        "cine_referral_source_code": ("1D", "2A", "2B", "3F", "4", "5A", "6", "7", "8", "9", "10", "1", None),
        "cine_cin_primary_need_code": ("N1", "N5", "N0", "X1", None),
    },
}
"""Codes that the breakdowns read, some outside their sets."""
NOTHING = {"date": ("", "", "1900-01-01", "01/01/1900"), "id": ("", "-1")}
"""What may stand where there is nothing, by the type of the column."""
LEGAL_STATUSES = (
    *LEGAL_STATUS_CODES, *("V1", "V3", "V4") * 3, *("C1", "C2", "V2") * 4, "care order SEC 31 a", "c2", "v4",
    "Special guardianship order", "no such text", None,
)  # fmt: skip
PLACEMENT_TYPES = (
    *("U1", "U4", "U6", "K2", "P1", "T0", "T1", "T2", "T3", "T4", "A3", "A4", "A5", "A6", "ZZ", None),
    *("P1", "P1", "H5", "K1", "K3", "P2", "R1", "R5", "S1"),
)  # fmt: skip
CEASED_REASONS = ("X1", "X1", "E4A", None, "E11", "E12", "E45", "E4B", "E13", "E5", "E6", "E8")
POSTCODES = {"ZZ": "888", "ZZ1": "889", "ZZ12": "888", "YB": "889", "YS": "SCO"}
"""The authority of each beginning of a postcode."""
DELIVERED_POSTCODES = ("ZZ2 4AA", "zz1 1aa", "ZZ12 1AA", "Z Z12AA", "YB1 1AA", "YS1 1AA", "QQ1 1AA", "Z", None)
TRACKER_PLANS = (("discharge_parent", "Discharge Parent"), ("sgo_carer", "SGO carer"), ("long_term", "unheard of"))
IMMIGRATION_STATUSES = ("UASC", "uasc", "Unaccompanied Asylum-Seeking Child (UASC)", "ILR", "Dublin III", None)
CHECK_TYPES = (*("Health Assessment", "Dental Check") * 4, "health assessment", "DENTAL-CHECK", "Optician", None)
CHECK_STATUSES = (*("Completed",) * 5, "completed", "Planned", "Refused", "Cancelled", "Done", None)
CARE_PLANS = (
    *(json.dumps({key: "Y"}) for key in PERMANENCE_KEYS),
    json.dumps(dict.fromkeys(PERMANENCE_KEYS, "N")),
    json.dumps(dict.fromkeys(PERMANENCE_KEYS, "") | {"LTFOST18": "Y"}),
    '{"ADOPTION": "y"}', '{"ADOPTION": " Y "}', '{"ADOPTION": true}', '{"ADOPTION": null}', '{"ADOPTION": ["Y"]}',
    '{"adoption": "Y"}', '{"PERMANENCE": "Y"}', '{"PLAN": {"ADOPTION": "Y"}}', '[{"ADOPTION": "Y"}]',
    '["ADOPTION"]', '"ADOPTION"', "{'ADOPTION': 'Y'}", '{"ADOPTION": "Y"',
    '{"ADOPTION": "Y"} and more', '{"ADOPTION": "Y",}', "ADOPTION=Y", "Y", "1", "null", "{}", None,
)  # fmt: skip
ELIGIBILITIES = (
    "Relevant", "Former Relevant", "Former relevant", "FORMER RELEVANT", "Qualifying", "Eligible", "Eligible",
    "eligible", "No Current Eligibility", "Formerly", None,
)  # fmt: skip
IN_TOUCH = (*("YES",) * 4, "NO", "REFU", "NREQ", "DIED", "RHOM", None)
ACCOMMODATION = (*(letter + suffix for letter in "BCDEGHKRSTUVWXYZ" for suffix in ("", "1", "2")), "0", None)
ACTIVITIES = ("F1", "P1", "F2", "P2", "F3", "P3", "F4", "P4", "F5", "P5", "G4", "G5", "G6", "0", None)


OFFICERS = {"r1": 1.0, "r2": 0.5, "r3": 0.05, "r4": 0.37, "r5": 0.0, "r6": None}
"""Officers and the share of a full post that the list of workers gives; r7 and r8 are not listed."""
ROLES = ("iro", "iro", "IRO", "foster_iro", "Foster-IRO", "iro_manager", "social_worker", "Chair", None)
FILLED_BY = ("permanent", "Permanent", "permanent", "agency", "AGENCY", "vacant", "locum", None)
CONTEXTS = ("cla", "cp", "CLA", "C.P.", "both", None)
CHALLENGE_TYPES = ("problem_resolution", "Problem Resolution", "management_alert", "informal", "escalation", None)
LEVELS = ("practice_manager", "Team Manager", "head_of_service", "director", None)


class UntidyAuthority:
    """Tables in the making; `tables()` gives them when all children are there."""

    def __init__(self, rng: random.Random, extract: dt.date, children: int) -> None:
        self.rng = rng
        # of its own, so that it changes no day
        self.codes = random.Random(extract.toordinal())
        first = extract + ONE_DAY
        self.month_ends = [add_months(first, -back) - ONE_DAY for back in range(13)]
        months = [add_months(first, -back) for back in range(-2, 32)]
        self.edges = [month - dt.timedelta(days=days) for month in months for days in (-1, 0, 1, 2)]
        self.edges += FEBRUARIES
        self._numbers = iter(rng.sample(range(1, 1_000_000), 100_000))
        self._tables: dict[str, Rows] = {name: [] for name in contracts() if name in OBJECTS}
        self._tables["ssd_department"] = [
            {"dept_team_id": team, "dept_team_name": f"Team {team}", "dept_team_parent_name": "North"}
            for team in TEAMS
        ]
        for index in range(children):
            self._child(f"{index:05d}")
        ReviewingService(self._tables, self.edges, extract)
        self._around_conferences()
        Visits(self._tables, self.month_ends, extract)
        self._left_foster_care_at_18(extract)

    def tables(self) -> dict[str, Rows]:
        return self._tables

    def _child(self, child: str) -> None:
        self._person(child)
        self._involvements(child)
        for _ in range(self.codes.randrange(4)):
            number = f"{len(self._tables['ssd_disability'])}"
            self._add("ssd_disability", {"disa_table_id": number, "disa_person_id": child})
        self._plans(child)
        is_settled = self._chance(0.4)
        self._care(child, is_settled)
        self._legal_statuses(child, is_settled)
        self._placements(child, is_settled)
        self._adoption(child)
        if self._chance(0.3):
            self._left_from_home(child)
        self._before_care(child)
        self._lists(child)
        self._health(child)
        self._front_door(child)
        self._conferences(child)
        self._care_leaver(child)

    def _add(self, table: str, row: dict[str, Any]) -> None:
        codes = {name: self.codes.choice(values) for name, values in CODES.get(table, {}).items()}
        self._tables[table].append(row | codes)

    def _id(self) -> str:
        return str(next(self._numbers))

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _day(self) -> dt.date:
        if self._chance(0.7):
            return self.rng.choice(self.edges)
        return self.edges[0] - dt.timedelta(days=self.rng.randrange(1100))

    def _near(self, day: dt.date) -> dt.date:
        return day + self.rng.choice((-1, 0, 0, 1)) * ONE_DAY

    def _before_a_month_end(self, *months: int) -> dt.date:
        """So many months before one of the month ends, or a day beside it."""
        return self._near(add_months(self.rng.choice(self.month_ends), -self.rng.choice(months)))

    def _or_none(self, day: dt.date, share: float = 0.03) -> dt.date | None:
        return None if self._chance(share) else day

    def _period(self) -> Period:
        start = self._or_none(self._day(), 0.02)
        if self._chance(0.4):
            return start, None
        lengths = (0, 1, 89, 92, 365, 366, 728, 729, 730, self.rng.randrange(900))
        return start, (start or self._day()) + dt.timedelta(days=self.rng.choice(lengths))

    def _person(self, child: str) -> None:
        born: dt.date | None
        chance = self.rng.random()
        if chance < 0.03:
            born = None
        elif chance < 0.6:
            years = self.rng.choice((18, 18, 16, 16, 5, 5, 26))
            born = add_months(self.rng.choice(self.edges), -12 * years)
        elif chance < 0.65:
            born = self.rng.choice((dt.date(2000, 2, 29), dt.date(1992, 2, 29)))
        else:
            born = dt.date(1994 + self.rng.randrange(24), 1 + self.rng.randrange(12), 15)
        expected = self._or_none(self._day(), 0.5) if born is None else None
        self._add("ssd_person", {"pers_person_id": child, "pers_dob": born, "pers_expected_dob": expected})

    def _involvements(self, child: str) -> None:
        if self._chance(0.7):
            self._involvement(child, "CW", (LONG_AGO, None))
        for _ in range(self.rng.randrange(5)):
            self._involvement(child, self.rng.choice(("CW", "CW", "16PLUS", None)), self._period())

    def _involvement(self, child: str, role: str | None, period: Period) -> None:
        start, end = period
        self._add(
            "ssd_involvements",
            {
                "invo_involvements_id": self._id(),
                "invo_person_id": child,
                "invo_professional_id": "w",
                "invo_professional_role_id": role,
                "invo_professional_team": self.rng.choice(ANY_TEAM),
                "invo_involvement_start_date": start,
                "invo_involvement_end_date": end,
            },
        )

    def _plans(self, child: str) -> None:
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            start, end = self._period()
            self._add(
                "ssd_cin_plans",
                {
                    "cinp_cin_plan_id": self._id(),
                    "cinp_person_id": child,
                    "cinp_cin_plan_start_date": start,
                    "cinp_cin_plan_end_date": end,
                    "cinp_cin_plan_team": self.rng.choice(ANY_TEAM),
                },
            )
        for _ in range(self.rng.choice((0, 0, 1, 2, 3))):
            start, end = self._period()
            # a letter in one id makes the whole column text
            plan = f"P{self._id()}"
            self._add(
                "ssd_cp_plans",
                {
                    "cppl_cp_plan_id": plan,
                    "cppl_person_id": child,
                    "cppl_cp_plan_start_date": start,
                    "cppl_cp_plan_end_date": end,
                    "cppl_cp_plan_ola": self.rng.choice(("N", "N", "N", "Y", None)),
                },
            )
            due = add_months(start or self._day(), 3)
            for held in self._held_days(due, (6, 6, 6, 6)):
                self._add(
                    "ssd_cp_reviews",
                    {
                        "cppr_cp_review_id": self._id(),
                        "cppr_person_id": child,
                        "cppr_cp_plan_id": self.rng.choice((*(plan,) * 30, "no such plan", None)),
                        "cppr_cp_review_date": held,
                        "cppr_cp_review_due": self._day(),
                    },
                )

    def _held_days(self, due: dt.date, intervals: Iterable[int]) -> list[dt.date | None]:
        """Days of a chain of reviews: mostly on the due day or beside it, some early, some twice, some astray."""
        days: list[dt.date | None] = []
        for months in intervals:
            if self._chance(0.12):
                break
            held = self._near(due) if self._chance(0.7) else due - dt.timedelta(days=self.rng.randrange(60))
            days.append(held)
            if self._chance(0.08):
                days.append(held)
            due = add_months(held, months)
        if self._chance(0.3):
            days.append(self._before_a_month_end(3, 6))
        if self._chance(0.15):
            days.append(self._or_none(self._day(), 0.3))
        self.rng.shuffle(days)
        return days

    def _care(self, child: str, is_settled: bool) -> None:
        """One spell of care that lasts, for a settled child; what chance gives for the others."""
        entered_care: dict[str, dt.date] = {}
        for _ in range(1 if is_settled else self.rng.choice((0, 0, 1, 2, 3))):
            start, end = self._settled_period() if is_settled else self._period()
            period = self.rng.choice((f"{child}-a", f"{child}-a", f"{child}-a", f"{child}-b", None))
            entered = self.rng.choice((start, start, None, None, self._day()))
            self._episode(child, (start, end), period, self.rng.choice(CEASED_REASONS), entered)
            if is_settled and start and self._chance(0.5):
                left = self._near(add_months(entered or start, -self.rng.choice((0, 6, 12))))
                self._past_care(child, (LONG_AGO, left), "before", self.rng.choice(CEASED_REASONS))
            if period is not None:
                known = entered or start or self._day()
                entered_care[period] = min(known, entered_care.get(period, known))
        for period, entered in entered_care.items():
            reviews = self._looked_after_reviews(period, entered)
            self._care_plans(child, reviews)
            self._first_weeks(child, entered, reviews)

    def _episode(
        self,
        child: str,
        days: Period,
        period: str | None,
        ceased_reason: str | None,
        entered: dt.date | None = None,
    ) -> None:
        start, end = days
        self._add(
            "ssd_cla_episodes",
            {
                "clae_cla_episode_id": self._id(),
                "clae_person_id": child,
                "clae_cla_episode_start_date": start,
                "clae_cla_episode_ceased_date": end,
                "clae_cla_episode_ceased_reason": ceased_reason if end else None,
                "clae_cla_id": period,
                "clae_entered_care_date": entered,
            },
        )

    def _past_care(self, child: str, days: Period, name: str, ceased_reason: str | None) -> None:
        """A period of care that ends, with its care plan: without one, the list of plans would look cut."""
        self._episode(child, days, f"{child}-{name}", ceased_reason)
        plans = self._tables["ssd_cla_care_plan"]
        plans.append(
            {
                "lacp_table_id": f"{len(plans)}-{name}",
                "lacp_person_id": child,
                "lacp_cla_care_plan_start_date": days[0],
                "lacp_cla_care_plan_end_date": days[1],
                "lacp_cla_care_plan_json": "{}",
            }
        )

    def _legal_statuses(self, child: str, is_settled: bool) -> None:
        if is_settled and self._chance(0.25):
            ended = self._before_a_month_end(12) + ONE_DAY
            self._legal_status(child, self.rng.choice(("V1", "V3", "V4", "C2")), (LONG_AGO, ended))
        elif is_settled and self._chance(0.6):
            self._legal_status(child, self.rng.choice(("C1", "C2", "V2", "V2")), (LONG_AGO, None))
        for _ in range(self.rng.choice((0, 0, 0, 1)) if is_settled else self.rng.randrange(4)):
            self._legal_status(child, self.rng.choice(LEGAL_STATUSES), self._period())

    def _legal_status(self, child: str, status: str | None, period: Period) -> None:
        start, end = period
        self._add(
            "ssd_legal_status",
            {
                "lega_legal_status_id": self._id(),
                "lega_person_id": child,
                "lega_legal_status": status,
                "lega_legal_status_start_date": start,
                "lega_legal_status_end_date": end,
            },
        )

    def _settled_period(self) -> Period:
        if self._chance(0.2):
            due = self.rng.choice(self.month_ends)
            start = next(day for day in self._days_before(due) if working_days_after(day, 20) <= due)
        else:
            start = self._before_a_month_end(5, 6, 7, 9, 12, 12, 24, 30, 30, 36, 42, 42)
        end = start + dt.timedelta(days=self.rng.randrange(900))
        return self._near(start), end + ONE_DAY if self._chance(0.3) else None

    def _days_before(self, day: dt.date) -> Iterator[dt.date]:
        return (day - dt.timedelta(days=days) for days in range(1, 100))

    def _looked_after_reviews(self, period: str, entered: dt.date) -> list[dt.date]:
        """The days on which they were held."""
        days = self._held_days(working_days_after(entered, 20), (3, 6, 6, 6, 6, 6, 6))
        if self._chance(0.08):
            days.append(entered - self.rng.randrange(40) * ONE_DAY)
        for held in days:
            self._add(
                "ssd_cla_reviews",
                {
                    "clar_cla_review_id": self._id(),
                    "clar_cla_id": self.rng.choice((*(period,) * 40, "no such period", None)),
                    "clar_cla_review_date": held,
                    "clar_cla_review_due_date": self._day(),
                    "clar_cla_review_cancelled": self.rng.choice((*("N",) * 15, None, "Y")),
                    "clar_cla_review_participation": self.rng.choice(
                        (*(f"PN{number}" for number in range(8)), "PN9", None)
                    ),
                },
            )
        return [held for held in days if held is not None]

    def _placements(self, child: str, is_settled: bool) -> None:
        start = self._or_none(self._before_a_month_end(12, 24, 24, 36))
        if is_settled and self._chance(0.6):
            began, moved = self._before_a_month_end(24), self._before_a_month_end(3, 12)
            self._placement(child, began, moved)
            start = moved + self.rng.choice((0, 1, 1, 2)) * ONE_DAY
            self._placement(child, start, None, self.rng.choice(("A3", "A4", "A5", "A6", "U1")))
        elif is_settled and self._chance(0.6):
            self._placement(child, self._before_a_month_end(24), None)
        for _ in range(self.rng.choice((0, 1, 1, 2, 3, 4, 5))):
            lengths = (0, 1, 30, 92, 365, self.rng.randrange(900))
            end = (start or self._day()) + self.rng.choice(lengths) * ONE_DAY
            if self._chance(0.35):
                end = max(end, self._before_a_month_end(0, 12, 24))
            self._placement(child, start, None if self._chance(0.3) else end)
            # one after the other, mostly without a gap
            start = self._or_none(end + self.rng.choice((0, 0, 0, 1, 1, 2, -1)) * ONE_DAY)

    def _placement(self, child: str, start: dt.date | None, end: dt.date | None, kind: str | None = None) -> None:
        self._add(
            "ssd_cla_placement",
            {
                "clap_cla_placement_id": self._id(),
                "clap_person_id": child,
                "clap_cla_placement_start_date": start,
                "clap_cla_placement_end_date": end,
                "clap_cla_placement_type": kind or self.rng.choice(PLACEMENT_TYPES),
                "clap_cla_id": self.rng.choice((f"{child}-a", f"{child}-b", None)),
                "clap_cla_placement_postcode": self.rng.choice(DELIVERED_POSTCODES),
                "clap_cla_placement_distance": self.rng.choice(
                    (0.0, 20.0, 20.1, 20.1, 300.5, 300.5, 999.0, 999.9, None)
                ),
            },
        )

    def _adoption(self, child: str) -> None:
        """Records of adoption, and an adoption on the day on which a placement ended, or a day beside it."""
        for ended in [
            row["clap_cla_placement_end_date"]
            for row in self._tables["ssd_cla_placement"]
            if row["clap_person_id"] == child and row["clap_cla_placement_type"] in ("A3", "A4", "A5", "A6")
        ]:
            if ended is not None and self._chance(0.4):
                start = self.rng.choice((LONG_AGO, add_months(ended, -8)))
                self._past_care(child, (start, self._near(ended)), "adopted", self.rng.choice(("E11", "E12")))
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            decided = self._day()
            dates = [self._or_none(self._near(add_months(decided, months)), 0.1) for months in (0, 0, 2, 4, 4)]
            self._add(
                "ssd_permanence",
                {
                    "perm_table_id": self._id(),
                    "perm_person_id": child,
                    "perm_cla_id": self.rng.choice((f"{child}-a", f"{child}-adopted", f"{child}-adopted", None)),
                    "perm_adm_decision_date": dates[0],
                    "perm_placement_order_date": dates[1],
                    "perm_matched_date": dates[2],
                    "perm_placed_for_adoption_date": dates[3],
                    "perm_placed_ffa_cp_date": self.rng.choice((None, None, dates[4])),
                },
            )

    def _left_from_home(self, child: str) -> None:
        """A period of care that ended around a month's edge, under an order and in a placement with parents."""
        start, end = LONG_AGO, self._day()
        self._past_care(child, (start, end), "home", self.rng.choice(CEASED_REASONS))
        self._legal_status(child, self.rng.choice(("C1", "C2")), (add_months(end, -6), self._near(end)))
        self._placement(child, add_months(end, -3), self._near(end), self.rng.choice(("P1", "P1", "U6")))

    def _left_foster_care_at_18(self, extract: dt.date) -> None:
        """Periods of care that ended around an 18th birthday, mostly in foster care, and where they live now.

        With chances of its own, after all other rows: no day of the others changes.
        """
        self.rng = random.Random(extract.toordinal())
        for person in self._tables["ssd_person"]:
            child, born = person["pers_person_id"], person["pers_dob"]
            if born is None or not 18 <= age_on(born, extract) <= 22 or self._chance(0.4):
                continue
            end = self._near(add_months(born, 12 * 18))
            self._past_care(child, (add_months(end, -30), end), "of_age", self.rng.choice(CEASED_REASONS))
            self._placement(child, add_months(end, -20), end, self.rng.choice(("U1", "U4", "U6", "K2")))
            self._care_leaver(child)
            for row in self._tables["ssd_care_leavers"]:
                if row["clea_person_id"] == child and self._chance(0.7):
                    row["clea_care_leaver_accommodation"] = self.rng.choice(("Z", "Z1", "Z2"))

    def _before_care(self, child: str) -> None:
        for _ in range(self.rng.choice((0, 0, 1, 1, 2))):
            start, end = self._period()
            self._add(
                "ssd_immigration_status",
                {
                    "immi_immigration_status_id": self._id(),
                    "immi_person_id": child,
                    "immi_immigration_status": self.rng.choice(IMMIGRATION_STATUSES),
                    "immi_immigration_status_start_date": start and self._or_none(start, 0.2),
                    "immi_immigration_status_end_date": end,
                },
            )
        for _ in range(self.rng.choice((0, 0, 1, 1, 2))):
            start, end = self._period()
            self._add(
                "ssd_pre_proceedings",
                {
                    "prep_table_id": self._id(),
                    "prep_plo_family_id": self._id(),
                    "prep_person_id": child,
                    "prep_pre_pro_decision_date": start,
                    "prep_agree_stepdown_issue_date": end and self._or_none(end, 0.5),
                    "prep_care_pro_letter_date": end and self._or_none(self._near(end), 0.5),
                },
            )

    def _lists(self, child: str) -> None:
        """Rows of the permanence tracker, whose days may be in any order, and private fostering."""
        identified = {self._day() for _ in range(self.rng.choice((0, 0, 1, 2)))}
        for spellings in self.rng.sample(TRACKER_PLANS, 2):
            for day in sorted(identified):
                self._add(
                    "local_permanence_tracker",
                    {
                        "person_id": child,
                        "plan": self.rng.choice(spellings),
                        "identified_date": day,
                        "filing_due_date": self._or_none(self._near(self._day()), 0.2),
                        "filed_date": self._or_none(self._near(self._day()), 0.6),
                        "court_date": self._or_none(self._day(), 0.8),
                        "order_date": self._or_none(self._day(), 0.8),
                        "closed_date": self.rng.choice((None, None, day + self.rng.randrange(400) * ONE_DAY)),
                    },
                )
        for _ in range(self.rng.choice((0, 0, 0, 1, 2))):
            start, end = self._period()
            self._add(
                "local_private_fostering",
                {"arrangement_id": self._id(), "person_id": child, "start_date": start, "end_date": end},
            )

    def _health(self, child: str) -> None:
        for _ in range(self.rng.choice((0, 1, 2, 4, 6))):
            day = self._before_a_month_end(0, 6, 6, 12, 12) if self._chance(0.8) else self._day()
            self._add(
                "ssd_cla_health",
                {
                    "clah_health_check_id": self._id(),
                    "clah_person_id": child,
                    "clah_health_check_type": self.rng.choice(CHECK_TYPES),
                    "clah_health_check_date": self._or_none(day),
                    "clah_health_check_status": self.rng.choice(CHECK_STATUSES),
                },
            )

    def _first_weeks(self, child: str, entered: dt.date, reviews: list[dt.date]) -> None:
        """What falls due after a child entered care, and meetings of school terms."""
        # of its own: another draw here changes nothing elsewhere
        rng = random.Random(f"{child} {entered} {self.month_ends[0]}")
        last_day = working_days_after(entered, 20)
        beside = rng.choice((-1, 0, 0, 1)) * ONE_DAY
        if rng.random() < 0.6:
            done = rng.choice((entered, last_day, last_day)) + beside
            row = {
                "clah_health_check_id": f"I{len(self._tables['ssd_cla_health'])}",
                "clah_person_id": child,
                "clah_health_check_type": rng.choice(("IHA", "Initial Medical", "HA", "RHA", "Annual HA")),
                "clah_health_check_date": done,
                "clah_health_check_status": "Completed",
            }
            self._add("ssd_cla_health", row)
        term_ends = [dt.date(year, month, 1) - ONE_DAY for year in (2018, 2019) for month in (1, 4, 9)]
        edges = [*reviews[:1], entered, *rng.sample(self.month_ends, 2), *term_ends]
        known = {row["meeting_date"] for row in self._tables["local_pep"] if row["person_id"] == child}
        for day in {edge + beside for edge in rng.sample(edges, rng.randrange(3)) if edge} - known:
            self._add("local_pep", {"person_id": child, "meeting_date": day, "term": "autumn"})

    def _care_plans(self, child: str, reviews: list[dt.date]) -> None:
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            start, end = self._period()
            if reviews and self._chance(0.7):
                start, end = self._near(self.rng.choice(reviews)), None
                if len(reviews) > 1 and self._chance(0.4):
                    start = sorted(reviews)[1] + self.rng.randrange(1, 90) * ONE_DAY
            self._add(
                "ssd_cla_care_plan",
                {
                    "lacp_table_id": self._id(),
                    "lacp_person_id": child,
                    "lacp_cla_care_plan_start_date": start,
                    "lacp_cla_care_plan_end_date": end,
                    "lacp_cla_care_plan_json": self.rng.choice(CARE_PLANS),
                },
            )

    def _front_door(self, child: str) -> None:
        for _ in range(self.rng.randrange(3)):
            self._add(
                "ssd_contacts",
                {
                    "cont_contact_id": self._id(),
                    "cont_person_id": child,
                    "cont_contact_date": self._or_none(self._day()),
                },
            )
        referrals: list[tuple[str, dt.date | None]] = []
        day = self._day()
        for _ in range(self.rng.choice((0, 1, 2, 3, 4))):
            # of different lengths, and with a letter: compared as text
            referrals.append((f"R{self._id()}", self._or_none(day, 0.06)))
            self._add(
                "ssd_cin_episodes",
                {
                    "cine_referral_id": referrals[-1][0],
                    "cine_person_id": child,
                    "cine_referral_date": referrals[-1][1],
                    "cine_referral_team": self.rng.choice(ANY_TEAM),
                    "cine_referral_nfa": self.rng.choice(("Y", "N", None)),
                },
            )
            day = self.rng.choice(
                (day, self._near(add_months(day, 12)), self._near(add_months(day, -12)), self._day())
            )
        for referral, referred in [*referrals, ("no such referral", None), (None, None)]:
            if self._chance(0.7):
                self._assessment(child, referral, referred)

    def _assessment(self, child: str, referral: str | None, referred: dt.date | None) -> None:
        start = self._or_none(self._near(referred or self._day()))
        due = working_days_after(referred or start or self._day(), 45)
        authorised = self._near(due) if self._chance(0.7) else self._day()
        if start is not None and authorised < start:
            authorised = start
        self._add(
            "ssd_cin_assessments",
            {
                "cina_assessment_id": self._id(),
                "cina_person_id": child,
                "cina_referral_id": referral,
                "cina_assessment_start_date": start,
                "cina_assessment_auth_date": self._or_none(authorised),
                "cina_assessment_team": self.rng.choice(ANY_TEAM),
            },
        )

    def _conferences(self, child: str) -> None:
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            began = self._day()
            enquiry = self._id()
            self._add(
                "ssd_s47_enquiry",
                {
                    "s47e_s47_enquiry_id": enquiry,
                    "s47e_person_id": child,
                    "s47e_s47_start_date": self._or_none(began, 0.06),
                },
            )
            held = self._near(working_days_after(began, 15)) if self._chance(0.8) else self._near(began)
            self._add(
                "ssd_initial_cp_conference",
                {
                    "icpc_icpc_id": self._id(),
                    "icpc_person_id": child,
                    "icpc_s47_enquiry_id": self.rng.choice((*(enquiry,) * 12, "no such enquiry", None)),
                    "icpc_icpc_transfer_in": self.rng.choice(("N", "N", "N", "N", None, "Y")),
                    "icpc_icpc_date": self._or_none(held),
                    "icpc_icpc_team": self.rng.choice(ANY_TEAM),
                },
            )

    def _around_conferences(self) -> None:
        """Children and professionals at conferences, forms, appeals, and why reviews were late."""
        for row in self._tables["ssd_person"]:
            for meeting in self.rng.sample(range(9), self.rng.choice((0, 0, 1, 3))):
                child = {"meeting_id": f"M{meeting}", "person_id": row["pers_person_id"]}
                self._add("local_conference_child", child | {"meeting_date": self._or_none(self._day())})
        for number in range(600):
            own = {"meeting_id": f"M{number % 9}", "invitation_no": number, "meeting_date": self._day()}
            self._add("local_conference_attendance", own)
            self._add("local_conference_feedback", {"form_id": f"F{number}", "meeting_date": self._day()})
            received = self._day()
            decided = self._or_none(self._near(add_months(received, self.rng.choice((0, 1, 3)))), 0.3)
            own = {"appeal_id": f"A{number}", "received_date": received, "decided_date": decided}
            self._add("local_conference_appeal", own)
        for kind, table, column in (
            ("cla_review", "ssd_cla_reviews", "clar_cla_review_id"),
            ("CP review", "ssd_cp_reviews", "cppr_cp_review_id"),
            ("cla_review", "ssd_cp_reviews", "cppr_cp_review_id"),
            ("icpc", "ssd_initial_cp_conference", "icpc_icpc_id"),
        ):
            for row in self._tables[table]:
                if self._chance(0.4):
                    self._add("local_review_delay", {"review_type": kind, "review_id": row[column]})

    def _care_leaver(self, child: str) -> None:
        for _ in range(self.rng.choice((0, 1, 1, 1, 2))):
            self._add(
                "ssd_care_leavers",
                {
                    "clea_table_id": self._id(),
                    "clea_person_id": child,
                    "clea_care_leaver_eligibility": self.rng.choice(ELIGIBILITIES),
                    "clea_care_leaver_in_touch": self.rng.choice(IN_TOUCH),
                    "clea_care_leaver_latest_contact": self._or_none(self._before_a_month_end(0, 2, 3), 0.1),
                    "clea_care_leaver_accommodation": self.rng.choice(ACCOMMODATION),
                    "clea_care_leaver_accom_suitable": self.rng.choice(("1", "1", "2", "0", "01", "Y", None)),
                    "clea_care_leaver_activity": self.rng.choice(ACTIVITIES),
                    "clea_pathway_plan_review_date": self._or_none(self._before_a_month_end(0, 3, 6, 6), 0.1),
                    "clea_care_leaver_allocated_team": self.rng.choice(ANY_TEAM),
                },
            )


class ReviewingService:
    """Adds the reviewing officers to the tables, with chances of its own: no day of the others changes."""

    def __init__(self, tables: dict[str, Rows], edges: list[dt.date], extract: dt.date) -> None:
        self.rng = random.Random(extract.toordinal() + 1)
        self._tables, self._edges = tables, edges
        children = [row["pers_person_id"] for row in tables["ssd_person"]]
        held = self._reviews_held()
        for child in children:
            self._officers(child)
            self._contacts(child, held.get(child, []))
            self._challenges(child)
        tables["ssd_professionals"] += [
            {"prof_professional_id": officer, "prof_full_time_equivalency": share}
            for officer, share in OFFICERS.items()
        ]
        self._posts()
        self._foster_reviews()

    def _any(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def _day(self) -> dt.date:
        return self.rng.choice(self._edges) + self._any(0, 0, 10, -10) * ONE_DAY

    def _officer(self) -> str | None:
        return self._any(*OFFICERS, *OFFICERS, "r7", "r8", None)

    def _number(self) -> str:
        return str(self.rng.randrange(10**12))

    def _reviews_held(self) -> dict[str, list[dt.date]]:
        """The days of reviews by child, and the first days of its plans."""
        child_of = {row["clae_cla_id"]: row["clae_person_id"] for row in self._tables["ssd_cla_episodes"]}
        days = [
            *(
                (child_of.get(r["clar_cla_id"]), r["clar_cla_review_date"])
                for r in self._tables["ssd_cla_reviews"]
            ),
            *((r["cppr_person_id"], r["cppr_cp_review_date"]) for r in self._tables["ssd_cp_reviews"]),
            *((r["cppl_person_id"], r["cppl_cp_plan_start_date"]) for r in self._tables["ssd_cp_plans"]),
        ]
        held: dict[str, list[dt.date]] = {}
        for child, day in days:
            if child is not None and day is not None:
                held.setdefault(child, []).append(day)
        return held

    def _officers(self, child: str) -> None:
        for _ in range(self._any(0, 1, 1, 2, 3)):
            start = self._any(LONG_AGO, LONG_AGO, self._day(), None)
            end = self._any(None, None, None, start and start + self.rng.randrange(900) * ONE_DAY)
            self._tables["ssd_involvements"].append(
                {
                    "invo_involvements_id": self._number(),
                    "invo_person_id": child,
                    "invo_professional_id": self._officer(),
                    "invo_professional_role_id": "IRO",
                    "invo_professional_team": self._any(*ANY_TEAM),
                    "invo_involvement_start_date": start,
                    "invo_involvement_end_date": end,
                }
            )

    def _contacts(self, child: str, held: list[dt.date]) -> None:
        near = [day + self._any(0, 1, 40, 80) * ONE_DAY for day in held if self._any(True, False)]
        for day in [*near, self._day()]:
            self._tables["local_iro_contact"].append(
                {
                    "contact_id": self._number(),
                    "person_id": child,
                    "contact_date": self._any(*(day,) * 30, None),
                    "context": self._any("cla", "cp", *CONTEXTS),
                }
            )

    def _challenges(self, child: str) -> None:
        for _ in range(self._any(0, 1, 1, 2)):
            raised = self._day()
            last_day = working_days_after(raised, 20)
            ended = (None, None, raised, last_day, last_day + ONE_DAY, raised - ONE_DAY, self._day())
            self._tables["local_iro_challenge"].append(
                {
                    "challenge_id": self._number(),
                    "person_id": child,
                    "challenge_type": self._any("problem_resolution", *CHALLENGE_TYPES),
                    "context": self._any(*CONTEXTS),
                    "category": self._any("compliance", "Visit not recorded", "multiple_other", "weather", None),
                    "impact": self._any("risk", "Drift/Delay", "outcomes", "none", None),
                    "raised_date": self._any(*(raised,) * 20, None),
                    "resolved_date": self._any(*ended),
                    "resolved_level": self._any(*LEVELS),
                    "outcome": self._any("resolved", "resolved", "withdrawn", "Withdrawn", "closed", None),
                }
            )

    def _posts(self) -> None:
        for number in range(200):
            start = self._any(LONG_AGO, self._day())
            for _ in range(self._any(1, 2, 3)):
                end = self._any(None, self._day(), self._day())
                end = None if end is None or end <= start else end
                years = [self._any(None, dt.date(2003, 1, 1), self._day()) for _ in range(2)]
                self._tables["local_workforce_post"].append(
                    {
                        "post_id": f"{number}",
                        "start_date": start,
                        "end_date": end,
                        "role": self._any(*ROLES),
                        "team_id": self._any(*ANY_TEAM, "team 01"),
                        "fte": self._any(1.0, 1.0, 0.5, 0.37, 0.1, 0.0, 37.0, None),
                        "filled_by": self._any(*FILLED_BY),
                        "worker_id": self._any(self._officer(), f"p{number}"),
                        "qualified_date": years[0],
                        "began_role_date": years[1],
                        "leaving_reason": self._any("retirement", "Other employer", "illness", None),
                    }
                )
                if end is None:
                    break
                start = end

    def _foster_reviews(self) -> None:
        for number in range(200):
            held = self._any(*(self._day(),) * 9, None)
            year_ago = add_months(held or self._day(), -12)
            self._tables["local_foster_review"].append(
                {
                    "review_id": f"F{number}",
                    "carer_id": self._any(*(f"carer {number // 3}",) * 9, None),
                    "held_date": held,
                    "due_date": self._any(None, None, None, held, self._day()),
                    "approved_date": self._any(None, year_ago, year_ago - ONE_DAY),
                    "kind": self._any("first", "Annual", "allegation", "again", None),
                }
            )


def as_exported(rng: random.Random, table: str, rows: Rows) -> list[dict[str, str]]:
    """Rows as an export may write them: dates in any of their three forms, nothing in any of its own."""
    kinds = {column.name: column.type for column in contracts()[table].columns}
    return [{name: _as_written(rng, kinds[name], value) for name, value in row.items()} for row in rows]


def _as_written(rng: random.Random, kind: str, value: Any) -> str:
    if isinstance(value, dt.date):
        return value.strftime(rng.choice(("%Y-%m-%d", "%Y-%m-%d 00:00:00.000", "%d/%m/%Y")))
    if value is not None:
        return str(value)
    return rng.choice(NOTHING.get(kind, ("",)))


def write_reference_files(data: Path) -> None:
    """Writes postcodes, one of them for later drops, and that the drop is complete: it looks like a window."""
    postcodes = [f"{start},{la_code},2015-04" for start, la_code in POSTCODES.items()]
    files = {
        "postcode": ["postcode_start,la_code,first_month_used", *postcodes, "ZZ2,889,2030-01"],
        "drop_reach": ["la_code,object,complete_from", "888,all,all"],
    }
    folder = data / "raw" / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
