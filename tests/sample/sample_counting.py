"""Counting a drop by hand: an independent reading of the definitions, on the CSV files alone.

For the tests of the synthetic authority. It shares no code with the generator or the pipeline: plain Python
over rows of text, following the public interface (open at D, team of a child, legal status at a day).
"""

import csv
import datetime as dt
import gzip
from collections import Counter, defaultdict
from pathlib import Path

Row = dict[str, str]
Shares = dict[str, dict[str, tuple[int, int]]]
"""Numerator and denominator by indicator and area; the authority under "Lancashire"."""

SHORT_BREAKS = {
    "v1",
    "v3",
    "v4",
    "regularoccaccbylas203ca16over",
    "regularoccaccbylas201caunder16",
}
NOT_LOOKED_AFTER = {"specialguardianshiporder", "childarrangementsorder", "privatefostering", "careleaver"}
PERSON_COLUMN = {
    "ssd_cin_plans": "cinp_person_id",
    "ssd_cp_plans": "cppl_person_id",
    "ssd_cla_episodes": "clae_person_id",
    "ssd_legal_status": "lega_person_id",
    "ssd_involvements": "invo_person_id",
    "ssd_cla_health": "clah_person_id",
    "ssd_care_leavers": "clea_person_id",
}
CHECK_WORDS = {
    "Health Assessment": {
        "healthassessment",
        "initialhealthassessment",
        "initialhealthassessmentiha",
        "initialha",
        "iha",
        "reviewhealthassessment",
        "reviewhealthassessmentrha",
        "rha",
    },
    "Dental Check": {"dentalcheck", "dentalcheckup", "dentist"},
}
HEALTH, DENTAL = "cla_health_assessment_up_to_date", "cla_dental_check_up_to_date"
CONTACT_MONTHS_FROM_JULY_2019, CONTACT_MONTHS_BEFORE = 2, 3


def read_object(drop: Path, name: str) -> list[Row]:
    """The rows of an object in a drop, with the line each stands on under "line"."""
    plain, zipped = drop / f"{name}.csv", drop / f"{name}.csv.gz"
    text = plain.read_text("utf-8") if plain.exists() else gzip.decompress(zipped.read_bytes()).decode()
    rows = list(csv.DictReader(text.splitlines()))
    for number, row in enumerate(rows, start=2):
        row["line"] = str(number)
    return rows


def day(text: str) -> dt.date | None:
    """A date in any of the forms of a drop; None for none."""
    if not text or text.startswith("1900-01-01"):
        return None
    if text[2:3] == "/":
        return dt.datetime.strptime(text, "%d/%m/%Y").date()
    return dt.date.fromisoformat(text[:10])


def is_open(start: dt.date | None, end: dt.date | None, at: dt.date) -> bool:
    return start is not None and start <= at and (end is None or end > at)


def add_months(start: dt.date, months: int) -> dt.date:
    """The same day of another month, or its last day where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for number in range(start.day, 27, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    return dt.date(year, month + 1, start.day)


def words(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def age(born: dt.date, at: dt.date) -> int:
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


class CountedDrop:
    """One drop, without the rows in `skipped` (object, line)."""

    def __init__(self, drop: Path, skipped: set[tuple[str, int]]) -> None:
        def rows(name: str) -> list[Row]:
            return [row for row in read_object(drop, name) if (name, int(row["line"])) not in skipped]

        self.persons = {row["pers_person_id"]: row for row in rows("ssd_person")}
        self.teams = {row["dept_team_id"]: row["dept_team_name"] for row in rows("ssd_department")}
        self.tables = {
            name: [row for row in rows(name) if row[person] in self.persons]
            for name, person in PERSON_COLUMN.items()
        }

    def statuses(self, at: dt.date) -> dict[str, str]:
        """Effective legal status by person."""
        best: dict[str, tuple[dt.date, int, str]] = {}
        for row in self.tables["ssd_legal_status"]:
            start = day(row["lega_legal_status_start_date"])
            said = words(row["lega_legal_status"])
            if said in NOT_LOOKED_AFTER or said.startswith("notacode"):
                continue
            if start and is_open(start, day(row["lega_legal_status_end_date"]), at):
                found = (start, int(row["lega_legal_status_id"]), said)
                person = row["lega_person_id"]
                best[person] = max(best.get(person, found), found)
        return {person: found[2] for person, found in best.items()}

    def looked_after(self, at: dt.date) -> set[str]:
        statuses = self.statuses(at)
        found = set()
        for row in self.tables["ssd_cla_episodes"]:
            person = row["clae_person_id"]
            start, end = day(row["clae_cla_episode_start_date"]), day(row["clae_cla_episode_ceased_date"])
            born = day(self.persons[person]["pers_dob"])
            is_child = born is not None and age(born, at) < 18
            if is_open(start, end, at) and is_child and statuses.get(person) not in SHORT_BREAKS:
                found.add(person)
        return found

    def protected(self, at: dt.date, with_other_authorities: bool) -> set[str]:
        return {
            row["cppl_person_id"]
            for row in self.tables["ssd_cp_plans"]
            if is_open(day(row["cppl_cp_plan_start_date"]), day(row["cppl_cp_plan_end_date"]), at)
            and (with_other_authorities or row["cppl_cp_plan_ola"] != "Y")
        }

    def in_need(self, at: dt.date) -> dict[str, str]:
        """Team by child on a CiN plan that counts."""
        elsewhere = self.looked_after(at) | self.protected(at, with_other_authorities=True)
        earliest: dict[str, tuple[dt.date, int, str]] = {}
        for row in self.tables["ssd_cin_plans"]:
            start = day(row["cinp_cin_plan_start_date"])
            person = row["cinp_person_id"]
            if start and person not in elsewhere and is_open(start, day(row["cinp_cin_plan_end_date"]), at):
                found = (start, int(row["cinp_cin_plan_id"]), row["cinp_cin_plan_team"])
                earliest[person] = min(earliest.get(person, found), found)
        return {person: self.teams.get(found[2], "Not allocated") for person, found in earliest.items()}

    def allocated(self, at: dt.date) -> dict[str, str]:
        """Team of the latest open CW allocation by child."""
        latest: dict[str, tuple[dt.date, int, str]] = {}
        for row in self.tables["ssd_involvements"]:
            start = day(row["invo_involvement_start_date"])
            if row["invo_professional_role_id"] != "CW" or not start:
                continue
            if is_open(start, day(row["invo_involvement_end_date"]), at):
                found = (start, int(row["invo_involvements_id"]), row["invo_professional_team"])
                person = row["invo_person_id"]
                latest[person] = max(latest.get(person, found), found)
        return {person: self.teams.get(found[2], "Not allocated") for person, found in latest.items()}

    def counts(self, at: dt.date) -> dict[str, Counter[str]]:
        """Children by indicator and team; the authority under "Lancashire"."""
        allocated = self.allocated(at)
        result: dict[str, Counter[str]] = defaultdict(Counter)
        result["cin_plans_open"] = Counter(self.in_need(at).values())
        for indicator, children in (
            ("cp_plans_open", self.protected(at, with_other_authorities=False)),
            ("children_looked_after", self.looked_after(at)),
        ):
            result[indicator] = Counter(allocated.get(child, "Not allocated") for child in children)
        for counter in result.values():
            counter["Lancashire"] = counter.total()
        return dict(result)

    def in_care_for_12_months(self, at: dt.date) -> set[str]:
        """Children looked after whose open period of care began twelve months ago, short breaks left out."""
        year_ago = add_months(at, -12)
        entered: dict[str, dt.date] = {}
        current: dict[str, str] = {}
        for row in self.tables["ssd_cla_episodes"]:
            start, end = day(row["clae_cla_episode_start_date"]), day(row["clae_cla_episode_ceased_date"])
            began = day(row["clae_entered_care_date"]) or start
            if start is None or began is None:
                continue
            period = row["clae_cla_id"]
            entered[period] = min(entered.get(period, began), began)
            if is_open(start, end, at):
                current[row["clae_person_id"]] = period
        breaks = {
            row["lega_person_id"]
            for row in self.tables["ssd_legal_status"]
            if words(row["lega_legal_status"]) in SHORT_BREAKS
            and (start := day(row["lega_legal_status_start_date"])) is not None
            and start <= at
            and ((end := day(row["lega_legal_status_end_date"])) is None or end > year_ago + dt.timedelta(days=1))
        }
        return {
            child
            for child in self.looked_after(at) - breaks
            if child in current and add_months(entered[current[child]], 12) <= at
        }

    def latest_checks(self, kind: str, at: dt.date) -> dict[str, dt.date]:
        latest: dict[str, dt.date] = {}
        for row in self.tables["ssd_cla_health"]:
            held = day(row["clah_health_check_date"])
            is_of_kind = words(row["clah_health_check_type"]) in CHECK_WORDS[kind]
            is_done = is_of_kind and row["clah_health_check_status"] == "Completed"
            if is_done and held and held <= at:
                person = row["clah_person_id"]
                latest[person] = max(latest.get(person, held), held)
        return latest

    def health(self, at: dt.date) -> Shares:
        """Children in care for twelve months with a recent check, of all of them."""
        allocated = self.allocated(at)
        result: Shares = {}
        for indicator, kind in ((HEALTH, "Health Assessment"), (DENTAL, "Dental Check")):
            latest = self.latest_checks(kind, at)
            found: dict[str, list[bool]] = defaultdict(list)
            for child in self.in_care_for_12_months(at):
                born = day(self.persons[child]["pers_dob"])
                is_small = indicator == HEALTH and born is not None and age(born, at) < 5
                is_recent = child in latest and add_months(latest[child], 6 if is_small else 12) >= at
                for area in ("Lancashire", allocated.get(child, "Not allocated")):
                    found[area].append(is_recent)
            result[indicator] = {area: (sum(recent), len(recent)) for area, recent in found.items()}
        return result

    def care_leavers(self, at: dt.date) -> list[Row]:
        """The row that counts of every care leaver."""
        latest: dict[str, Row] = {}
        for row in sorted(self.tables["ssd_care_leavers"], key=lambda row: int(row["clea_table_id"])):
            latest[row["clea_person_id"]] = row
        return [
            row
            for person, row in latest.items()
            if row["clea_care_leaver_eligibility"] in ("Relevant", "Former Relevant", "Qualifying")
            and row["clea_care_leaver_in_touch"] not in ("DIED", "RHOM")
            and (born := day(self.persons[person]["pers_dob"])) is not None
            and 16 <= age(born, at) <= 25
        ]

    def leaving_care(self, at: dt.date) -> Shares:
        """Care leavers in touch, in suitable accommodation, in education, employment or training."""
        leavers = self.care_leavers(at)
        lasts = CONTACT_MONTHS_FROM_JULY_2019 if at > dt.date(2019, 7, 1) else CONTACT_MONTHS_BEFORE
        seen = [day(row["clea_care_leaver_latest_contact"]) for row in leavers]
        homes = [row for row in leavers if row["clea_care_leaver_accommodation"][:1] not in ("G", "H", "R")]
        suitable = [row["clea_care_leaver_accom_suitable"] == "1" for row in homes]
        active = [row["clea_care_leaver_activity"][:1] in ("F", "P") for row in leavers]
        return {
            "care_leavers_in_touch": {
                "Lancashire": (
                    sum(each is not None and each <= at <= add_months(each, lasts) for each in seen),
                    len(seen),
                )
            },
            "care_leavers_suitable_accommodation": {"Lancashire": (sum(suitable), len(suitable))},
            "care_leavers_eet": {"Lancashire": (sum(active), len(active))},
        }
