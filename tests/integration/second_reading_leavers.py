"""Care leavers, read a second time: one row a person, as the extract shows it, whatever the month."""

import datetime as dt
from collections.abc import Iterator

from second_reading_extract import Codes, Counted, Extract, Row, add_months, age_on, letters_and_digits

LEFT_CARE = {"relevant", "formerrelevant", "qualifying"}
ELIGIBILITIES = {
    "eligible": "Eligible",
    "relevant": "Relevant",
    "formerrelevant": "Former Relevant",
    "qualifying": "Qualifying",
}
ACTIVITIES = ("F1", "F2", "F3", "F4", "F5", "P1", "P2", "P3", "P4", "P5", "G4", "G5", "G6")
CLASSES = {"G5": "NEET", "G4": "not_available", "G6": "not_available"}
TWO_MONTHS_FROM = dt.date(2019, 7, 1)


def _lasts(date: dt.date | None, months: int, day: dt.date) -> bool:
    return date is not None and date <= day <= add_months(date, months)


def care_leavers(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    rows = extract.rows("ssd_care_leavers", child)
    if not rows:
        return
    row = max(rows, key=lambda row: extract.id_order("ssd_care_leavers", "clea_table_id", row))
    team = extract.team_name(row["clea_care_leaver_allocated_team"])
    eligibility = letters_and_digits(row["clea_care_leaver_eligibility"])
    born = extract.born[child]
    age = None if born is None else age_on(born, day)
    is_care_leaver = (
        eligibility in LEFT_CARE
        and age is not None
        and 16 <= age <= 25
        and row["clea_care_leaver_in_touch"] not in ("DIED", "RHOM")
    )
    codes = _codes(row, eligibility, age)
    if is_care_leaver:
        yield from _as_care_leaver(row, team, day, codes)
    if is_care_leaver or eligibility == "eligible":
        reviewed = _lasts(row["clea_pathway_plan_review_date"], 6, day)
        yield "care_leavers_pathway_plan_up_to_date", team, reviewed, codes
    if eligibility == "eligible" and age in (16, 17):
        yield "personal_adviser_allocated", team, bool(extract.involved(child, "16PLUS", day))


def _codes(row: Row, eligibility: str, age: int | None) -> Codes:
    activity, letter = row["clea_care_leaver_activity"], (row["clea_care_leaver_accommodation"] or "0")[0]
    works = (activity or "")[:1] in ("F", "P")
    return {
        "eligibility": ELIGIBILITIES.get(eligibility, "other"),
        "accommodation": letter if letter in "BCDEGHKRSTUVWXYZ" else "not_known",
        "activity": activity if activity in ACTIVITIES else "not_known",
        "age_single": str(age) if age in range(16, 26) else "other",
        "eet_class": "EET" if works else CLASSES.get(activity, "not_known"),
    }


def _as_care_leaver(row: Row, team: str, day: dt.date, codes: Codes) -> Iterator[Counted]:
    yield "care_leavers", team, True, codes
    window = 2 if day >= TWO_MONTHS_FROM else 3
    in_touch = _lasts(row["clea_care_leaver_latest_contact"], window, day)
    yield "care_leavers_in_touch", team, in_touch, codes
    if (row["clea_care_leaver_accommodation"] or "")[:1] not in ("G", "H", "R"):
        is_suitable = row["clea_care_leaver_accom_suitable"] == "1"
        yield "care_leavers_suitable_accommodation", team, is_suitable, codes
    yield "care_leavers_eet", team, codes["eet_class"] == "EET", codes
