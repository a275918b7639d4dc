"""Counting who the children looked after are, where they live and how they leave: by hand, on the CSV files alone.

For the tests of the synthetic authority, beside `sample_counting`: an independent reading of the definitions of
the looked-after profile, in plain Python. It shares no code with the generator or the pipeline, but for
the calendar of working days.
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from functools import cache, cached_property
from pathlib import Path

from sample_counting import (
    CHECK_WORDS,
    NOT_LOOKED_AFTER,
    SHORT_BREAKS,
    CountedDrop,
    Row,
    add_months,
    age,
    day,
    is_open,
    read_object,
    words,
)

from pipelines.calendar import working_days_after

GROUPS = {
    **dict.fromkeys(("U1", "U2", "U3", "U4", "U5", "U6"), "foster"),
    **dict.fromkeys(("A3", "A4", "A5", "A6"), "adoptive"),
    **dict.fromkeys(("K1", "K2", "R1", "R2", "R3", "R5", "S1"), "residential"),
    **dict.fromkeys(("H5", "K3", "P2", "P3", "Z1", "Z11", "Z12", "Z13", "Z14"), "community"),
    **dict.fromkeys(("T0", "T1", "T2", "T3", "T4"), "temporary"),
    "P1": "parents",
}
AGE_BANDS = ((1, "under_1"), (5, "1_4"), (10, "5_9"), (16, "10_15"), (18, "16_17"))
"""Under which age, and the name of the band."""
ETHNIC_GROUPS = {
    **dict.fromkeys(("WBRI", "WIRI", "WIRT", "WROM", "WOTH"), "white"),
    **dict.fromkeys(("MWBC", "MWBA", "MWAS", "MOTH"), "mixed"),
    **dict.fromkeys(("AIND", "APKN", "ABAN", "AOTH"), "asian"),
    **dict.fromkeys(("BCRB", "BAFR", "BOTH"), "black"),
    # where the Department counted Chinese children in 2018
    **dict.fromkeys(("OOTH", "CHNE"), "other"),
}
PROVIDERS = {
    "PR0": "parent",
    "PR1": "own",
    "PR2": "other_authority",
    "PR3": "other_public",
    "PR4": "private",
    "PR5": "voluntary",
}
ADOPTIVE = ("A3", "A4", "A5", "A6")
ADOPTED, INDEPENDENT = ("E11", "E12"), ("E5", "E6")
SPECIAL_GUARDIANSHIP = ("E43", "E44", "E45", "E46", "E47", "E48")
PERMANENCE_KEYS = {
    "REMAINSUP",
    "RETURN1M",
    "RETURN6M",
    "RETURNEV",
    "LTRELFR",
    "LTFOST18",
    "RESPLMT",
    "SUPPLIV",
    "ADOPTION",
    "OTHERPLN",
}
_STATUS_WORDS = (
    ("placementorder", "E1"),
    ("interim", "C1"),
    ("careorder", "C2"),
    ("coextended", "C2"),
    ("police", "L1"),
    ("emergency", "L2"),
    ("remanded", "J1"),
    ("singleplacement", "V2"),
)
ONE_DAY = dt.timedelta(days=1)
INITIAL_WORDS = {"initialhealthassessment", "initialhealthassessmentiha", "initialha", "iha"}
UNTOLD_WORDS = {"healthassessment"}
REVIEW_WORDS = CHECK_WORDS["Health Assessment"] - INITIAL_WORDS - UNTOLD_WORDS

Stay = tuple[dt.date, dt.date | None, int, str, str]
"""Start, end, id, type and postcode of a placement."""
Ceased = tuple[str, str, dt.date, str]
"""Person, period of care, day and reason of a ceasing."""


def status_code(said: str) -> str:
    """The code of an effective legal status as `CountedDrop.statuses` words it; "none" for none."""
    return next((code for part, code in _STATUS_WORDS if part in said), said.upper()) or "none"


def group_of(kind: str) -> str:
    return GROUPS.get(kind, "other") if kind else "none"


class ProfiledDrop(CountedDrop):
    """One drop, without the rows in `skipped`; its postcodes looked up in `postcodes`."""

    def __init__(self, drop: Path, skipped: set[tuple[str, int]], postcodes: dict[str, str]) -> None:
        super().__init__(drop, skipped)
        self._drop, self._skipped, self._postcodes = drop, skipped, postcodes
        self._cohorts: dict[dt.date, set[str]] = {}

    def rows(self, name: str) -> list[Row]:
        """The rows of an object or list; none of one that the drop does not hold."""
        if not list(self._drop.glob(f"{name}.csv*")):
            return []
        return [row for row in read_object(self._drop, name) if (name, int(row["line"])) not in self._skipped]

    def looked_after(self, at: dt.date) -> set[str]:
        if at not in self._cohorts:
            self._cohorts[at] = super().looked_after(at)
        return self._cohorts[at]

    @cached_property
    def _statuses_of(self) -> dict[str, list[tuple[dt.date, dt.date | None, int, str]]]:
        found: dict[str, list[tuple[dt.date, dt.date | None, int, str]]] = defaultdict(list)
        for row in self.tables["ssd_legal_status"]:
            said, start = words(row["lega_legal_status"]), day(row["lega_legal_status_start_date"])
            if start and said not in NOT_LOOKED_AFTER and not said.startswith("notacode"):
                spell = (start, day(row["lega_legal_status_end_date"]), int(row["lega_legal_status_id"]), said)
                found[row["lega_person_id"]].append(spell)
        return found

    def said_on(self, person: str, at: dt.date) -> str:
        """The effective legal status of a day in the words of the drop; empty for none."""
        opened = [spell for spell in self._statuses_of[person] if is_open(spell[0], spell[1], at)]
        return max(opened, key=lambda spell: (spell[0], spell[2]), default=(at, None, 0, ""))[3]

    def status_at(self, person: str, at: dt.date) -> str:
        return status_code(self.said_on(person, at))

    def is_on_short_break(self, person: str, at: dt.date) -> bool:
        return self.said_on(person, at) in SHORT_BREAKS

    # Periods of care

    @cached_property
    def entered(self) -> dict[str, dt.date]:
        """First day by period of care."""
        given: dict[str, dt.date] = {}
        started: dict[str, dt.date] = {}
        for row in self.tables["ssd_cla_episodes"]:
            period = row["clae_cla_id"]
            dates = (row["clae_entered_care_date"], row["clae_cla_episode_start_date"])
            for found, text in zip((given, started), dates, strict=True):
                if on := day(text):
                    found[period] = min(found.get(period, on), on)
        return started | given

    @cached_property
    def _last_episodes(self) -> dict[str, Row]:
        latest: dict[str, Row] = {}
        for row in self.tables["ssd_cla_episodes"]:
            known = latest.setdefault(row["clae_cla_id"], row)
            if _order(row) > _order(known):
                latest[row["clae_cla_id"]] = row
        return latest

    @cache  # noqa: B019
    def period_at(self, at: dt.date) -> dict[str, str]:
        """Period of care at D by child looked after."""
        latest: dict[str, Row] = {}
        for row in self.tables["ssd_cla_episodes"]:
            start, end = day(row["clae_cla_episode_start_date"]), day(row["clae_cla_episode_ceased_date"])
            if is_open(start, end, at):
                known = latest.setdefault(row["clae_person_id"], row)
                if _order(row) > _order(known):
                    latest[row["clae_person_id"]] = row
        return {person: row["clae_cla_id"] for person, row in latest.items() if person in self.looked_after(at)}

    @cache  # noqa: B019
    def ceased(self, after: dt.date, until: dt.date) -> tuple[Ceased, ...]:
        """The periods of care that ceased later than one day and not later than another."""
        found = []
        for period, row in self._last_episodes.items():
            on, reason = day(row["clae_cla_episode_ceased_date"]), row["clae_cla_episode_ceased_reason"]
            if on and after < on <= until and reason != "X1":
                person = row["clae_person_id"]
                if not self.is_on_short_break(person, on - ONE_DAY):
                    found.append((person, period, on, reason))
        return tuple(found)

    def ceased_in_12_months(self, at: dt.date) -> tuple[Ceased, ...]:
        return self.ceased(add_months(at, -12), at)

    def came_back(self, at: dt.date) -> int:
        """Periods that ceased in twelve months, of children with a later period of care."""
        person_of = {period: row["clae_person_id"] for period, row in self._last_episodes.items()}
        begun: dict[str, list[dt.date]] = defaultdict(list)
        for period, on in self.entered.items():
            begun[person_of[period]].append(on)
        return sum(
            any(on < start <= at and not self.is_on_short_break(person, start) for start in begun[person])
            for person, _, on, _ in self.ceased_in_12_months(at)
        )

    def ceased_at_home(self, status: str, first: dt.date, last: dt.date) -> int:
        """Periods that ceased between two days, both included, from a placement with parents under an order."""
        number = 0
        for person, _, on, _ in self.ceased(first - ONE_DAY, last):
            before = on - ONE_DAY
            born = day(self.persons[person]["pers_dob"])
            aged_out = status == "C2" and (born is None or age(born, on + ONE_DAY) >= 18)
            is_so = self.status_at(person, before) == status and self.placement_on(person, before)[3] == "P1"
            number += is_so and not aged_out
        return number

    # Placements

    @cached_property
    def _placed(self) -> list[Row]:
        return self.rows("ssd_cla_placement")

    @cached_property
    def stays(self) -> dict[str, list[Stay]]:
        found: dict[str, list[Stay]] = defaultdict(list)
        for row in self._placed:
            start, end = day(row["clap_cla_placement_start_date"]), day(row["clap_cla_placement_end_date"])
            if start and row["clap_person_id"] in self.persons:
                kept = (row["clap_cla_placement_type"], row["clap_cla_placement_postcode"])
                found[row["clap_person_id"]].append((start, end, int(row["clap_cla_placement_id"]), *kept))
        return found

    def placement_on(self, person: str, at: dt.date) -> Stay:
        """The placement of a day; one without a type and a postcode where there is none."""
        none: Stay = (dt.date.min, None, 0, "", "")
        stays = self.stays[person]
        opened = [stay for stay in stays if is_open(stay[0], stay[1], at)]
        best = max(opened, key=lambda stay: (stay[0], stay[2]), default=none)
        if group_of(best[3]) != "temporary":
            return best
        lasting = [stay for stay in opened if group_of(stay[3]) != "temporary"]
        if lasting:
            return max(lasting, key=lambda stay: (stay[0], stay[2]))
        period = self.period_at(at).get(person)
        before = [
            stay
            for stay in stays
            if group_of(stay[3]) != "temporary" and period and stay[0] >= self.entered[period]
            if stay[1] and stay[1] <= at
        ]
        return max(before, key=lambda stay: (stay[1], stay[0], stay[2]), default=best)

    @cache  # noqa: B019
    def placements(self, at: dt.date) -> dict[str, Stay]:
        """The placement at D by child looked after."""
        return {person: self.placement_on(person, at) for person in self.looked_after(at)}

    def authority_of(self, postcode: str) -> str | None:
        """The authority of the longest beginning of a postcode that the reference has; None where it has none."""
        sought = "".join(letter for letter in postcode.upper() if letter.isalnum())
        beginnings = (sought[:length] for length in range(len(sought), 0, -1))
        return next((self._postcodes[start] for start in beginnings if start in self._postcodes), None)

    def out_of_area(self, at: dt.date, kinds: tuple[str, ...] = ()) -> int:
        """Children placed outside the area: all, or those in placements of some types or groups."""
        return sum(
            self.authority_of(postcode) not in (None, "888")
            and (not kinds or kind in kinds or group_of(kind) in kinds)
            for *_, kind, postcode in self.placements(at).values()
        )

    def placed(self, at: dt.date, kind: str, statuses: tuple[str, ...] = ()) -> int:
        """Children in placements of a type or group, under some legal statuses or under any."""
        return sum(
            kind in (each, group_of(each)) and (not statuses or self.status_at(person, at) in statuses)
            for person, (*_, each, _) in self.placements(at).items()
        )

    def to_step_down(self, at: dt.date) -> int:
        """Children of 16 and 17 in residential care or in accommodation that is to be reviewed."""
        number = 0
        for person, (*_, kind, _) in self.placements(at).items():
            born = day(self.persons[person]["pers_dob"])
            number += born is not None and age(born, at) in (16, 17) and kind in ("H5", "K1", "K2", "R1")
        return number

    def disruptions(self, at: dt.date) -> int:
        """Placements with adopters that ended in twelve months without an order and without other adopters."""
        adopted = {(person, on) for person, _, on, reason in self.ceased(dt.date.min, at) if reason in ADOPTED}
        number = 0
        for person, stays in self.stays.items():
            starts = {stay[0] for stay in stays if stay[3] in ADOPTIVE}
            for start, end, _, kind, _ in stays:
                is_ended = end is not None and add_months(at, -12) < end <= at and end > start
                if kind in ADOPTIVE and is_ended and end and (person, end) not in adopted:
                    number += not starts & {end, end + ONE_DAY}
        return number

    def profile(self, at: dt.date) -> Counter[tuple[str, str]]:
        """Children looked after by dimension and code, as the Department's release of 2018 breaks them down."""
        providers = {row["clap_cla_placement_id"]: row["clap_cla_placement_provider"] for row in self._placed}
        counted: Counter[tuple[str, str]] = Counter()
        for person, (*_, number, kind, postcode) in self.placements(at).items():
            row = self.persons[person]
            born = day(row["pers_dob"])
            authority = self.authority_of(postcode)
            codes = {
                "sex": {"F": "female", "M": "male"}.get(row["pers_sex"]),
                "age_band": next(band for limit, band in AGE_BANDS if born and age(born, at) < limit),
                "ethnicity_group": ETHNIC_GROUPS.get(row["pers_ethnicity"], "not_known"),
                "placement_group": group_of(kind),
                "provider_group": PROVIDERS.get(providers.get(str(number), ""), "not_known"),
                "location": "out_of_area" if authority not in (None, "888") else "in_area" if authority else None,
                "legal_status": self.status_at(person, at),
            }
            counted.update((dimension, str(code)) for dimension, code in codes.items())
        counted["asylum", "UASC"] = self.unaccompanied(at)
        return counted

    # Legal statuses, asylum, adoption, lists

    def under(self, at: dt.date, code: str) -> int:
        return sum(self.status_at(person, at) == code for person in self.looked_after(at))

    def unaccompanied(self, at: dt.date) -> int:
        alone = {
            row["immi_person_id"]
            for row in self.rows("ssd_immigration_status")
            if row["immi_immigration_status"] == "UASC"
            and (not (start := day(row["immi_immigration_status_start_date"])) or start <= at)
            and (not (end := day(row["immi_immigration_status_end_date"])) or end > at)
        }
        return len(self.looked_after(at) & alone)

    def early_permanence(self, first: dt.date, last: dt.date) -> int:
        placed = {
            (row["perm_person_id"], on)
            for row in self.rows("ssd_permanence")
            if (on := day(row["perm_placed_ffa_cp_date"])) and first <= on <= last
        }
        return len(placed)

    @cached_property
    def care_plans(self) -> dict[str, list[tuple[dt.date, dt.date | None, bool]]]:
        """Start, end and whether permanence is agreed, of the care plans of a person."""
        found = defaultdict(list)
        for row in self.rows("ssd_cla_care_plan"):
            if start := day(row["lacp_cla_care_plan_start_date"]):
                chosen = {key for key, value in json.loads(row["lacp_cla_care_plan_json"]).items() if value == "Y"}
                plan = (start, day(row["lacp_cla_care_plan_end_date"]), bool(chosen & PERMANENCE_KEYS))
                found[row["lacp_person_id"]].append(plan)
        return found

    def without_a_plan_under(self, at: dt.date, code: str) -> int:
        return sum(
            self.status_at(person, at) == code
            and not any(is_open(start, end, at) for start, end, _ in self.care_plans[person])
            for person in self.looked_after(at)
        )

    def new_entrants(self, first: dt.date, at: dt.date) -> tuple[int, int, int]:
        """Periods that began in the year and had their second review in it; of them, those with a plan for
        permanence by that review, and those with one by now."""
        held: dict[str, set[dt.date]] = defaultdict(set)
        for row in self.rows("ssd_cla_reviews"):
            on = day(row["clar_cla_review_date"])
            if on and on <= at and row["clar_cla_review_cancelled"] != "Y":
                held[row["clar_cla_id"]].add(on)
        number = by_review = by_now = 0
        for period, entered in self.entered.items():
            person = self._last_episodes[period]["clae_person_id"]
            if not first <= entered <= at or self.is_on_short_break(person, entered):
                continue
            counted = [on for on in sorted(held[period]) if not self.is_on_short_break(person, on)]
            if len(counted) > 1:
                agreed = [start for start, _, is_agreed in self.care_plans[person] if is_agreed]
                number += 1
                by_review += any(start <= counted[1] for start in agreed)
                by_now += any(start <= at for start in agreed)
        return number, by_review, by_now

    def plan_for_education(self, at: dt.date, terms: tuple[str, ...]) -> float:
        """Of pupils looked after for 20 working days, the percentage with a meeting in one of the terms."""
        first, last = (dt.date(at.year - (at.month < 9) - years, 8, 31) for years in (16, 4))
        pupils = {
            person
            for person, period in self.period_at(at).items()
            if (born := day(self.persons[person]["pers_dob"]))
            and first < born <= last
            and working_days_after(self.entered[period], 20) <= at
        }
        met = {row["person_id"] for row in self.rows("local_pep") if row["term"] in terms}
        return 100 * len(pupils & met) / len(pupils)

    @cached_property
    def _assessments(self) -> dict[str, set[tuple[dt.date, str]]]:
        """Days and words of the completed health assessments of a person."""
        found = defaultdict(set)
        for row in self.rows("ssd_cla_health"):
            said, on = words(row["clah_health_check_type"]), day(row["clah_health_check_date"])
            if on and row["clah_health_check_status"] == "Completed" and said in CHECK_WORDS["Health Assessment"]:
                found[row["clah_person_id"]].add((on, said))
        return found

    def _had_initial(self, person: str, first: dt.date, last: dt.date) -> bool:
        may_be = INITIAL_WORDS | UNTOLD_WORDS
        return any(said in may_be and first <= on <= last for on, said in self._assessments[person])

    def initial_pending(self, at: dt.date) -> int:
        """Children looked after without an initial assessment for which there is still time."""
        begun = {person: self.entered[period] for person, period in self.period_at(at).items()}
        return sum(
            working_days_after(entered, 20) > at and not self._had_initial(person, entered, at)
            for person, entered in begun.items()
            if entered > at - dt.timedelta(days=60)
        )

    def initial_in_time(self, first: dt.date, at: dt.date) -> float:
        """Of the periods of care whose 20th working day is in a month, the percentage assessed by then."""
        in_time = []
        for period, entered in self.entered.items():
            if not first - dt.timedelta(days=60) < entered <= at:
                continue
            last = working_days_after(entered, 20)
            rows = [row for row in self.tables["ssd_cla_episodes"] if row["clae_cla_id"] == period]
            spans = [(row["clae_cla_episode_start_date"], row["clae_cla_episode_ceased_date"]) for row in rows]
            person = self._last_episodes[period]["clae_person_id"]
            is_there = any(is_open(day(start), day(end), last) for start, end in spans)
            if first <= last <= at and is_there and not self.is_on_short_break(person, entered):
                in_time.append(self._had_initial(person, entered, last))
        return 100 * sum(in_time) / len(in_time)

    def reviewed_in_time(self, first: dt.date, at: dt.date) -> float:
        """Of the assessments to be repeated in a month, the percentage that were by then."""
        in_time = []
        for person, period in self.period_at(at).items():
            born = day(self.persons[person]["pers_dob"])
            reviews = {on for on, said in self._assessments[person] if said in REVIEW_WORDS | UNTOLD_WORDS}
            for held in {on for on, _ in self._assessments[person] if self.entered[period] <= on <= at}:
                due = add_months(held, 6 if born and age(born, held) < 5 else 12)
                if first <= due <= at:
                    in_time.append(any(held < review <= due for review in reviews))
        return 100 * sum(in_time) / len(in_time)

    def private_fostering(self, at: dt.date) -> int:
        return len(
            {
                row["person_id"]
                for row in self.rows("local_private_fostering")
                if is_open(day(row["start_date"]), day(row["end_date"]), at)
            }
        )

    def tracked(self, at: dt.date) -> list[tuple[str, str]]:
        """Plan and stage of every case on the permanence tracker."""
        return [
            (row["plan"], _stage(row, at))
            for row in self.rows("local_permanence_tracker")
            if is_open(day(row["identified_date"]), day(row["closed_date"]), at)
        ]


def _order(row: Row) -> tuple[dt.date, int]:
    return day(row["clae_cla_episode_start_date"]) or dt.date.min, int(row["clae_cla_episode_id"])


def _stage(row: Row, at: dt.date) -> str:
    for column, stage in (("order_date", "made"), ("court_date", "in_court"), ("filed_date", "filed")):
        on = day(row[column])
        if on and on <= at:
            return stage
    due = day(row["filing_due_date"])
    if due is None:
        return "no_date"
    if due < at:
        return "date_passed"
    if due <= add_months(at, 1):
        return "within_1_month"
    return "within_3_months" if due <= add_months(at, 3) else "over_3_months"
