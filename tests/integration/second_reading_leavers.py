"""Care leavers, read a second time: one row a person, as the extract shows it, whatever the month."""

import datetime as dt
from collections.abc import Iterator

from second_reading_care import ONE_DAY, last_ceased_episode
from second_reading_dimensions import PLACEMENT_GROUPS
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
EET_BY_AGE = {
    (16, 17): "care_leavers_eet_16_17",
    (18,): "care_leavers_eet_18",
    (19, 20, 21): "care_leavers_eet_19_21",
    (22, 23, 24, 25): "care_leavers_eet_22_25",
}
TWO_MONTHS_FROM = dt.date(2019, 7, 1)


def _lasts(date: dt.date | None, months: int, day: dt.date) -> bool:
    return date is not None and date <= day <= add_months(date, months)


def care_leavers(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    row = _row(extract, child)
    if row is None:
        return
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
    if (
        age is not None
        and eligibility in ELIGIBILITIES
        and row["clea_care_leaver_in_touch"] not in ("DIED", "RHOM")
    ):
        assert born is not None
        began = dt.date(day.year if day >= dt.date(day.year, 8, 31) else day.year - 1, 8, 31)
        if year := {16: "eet_year_12", 17: "eet_year_13"}.get(age_on(born, began)):
            yield year, team, codes["eet_class"] == "EET", codes
    if eligibility == "eligible" and age in (16, 17):
        yield "personal_adviser_allocated", team, bool(extract.involved(child, "16PLUS", day))


def staying_put(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    """Who left a foster placement at 18, and whether the list has them with their former carers."""
    born = extract.born[child]
    if born is None or not 18 <= age_on(born, day) <= 20:
        return
    if not any(_left_foster_care_at_18(extract, child, born, day)):
        return
    row = _row(extract, child) or {}
    stayed = (row.get("clea_care_leaver_accommodation") or "").startswith("Z")
    team = extract.team_name(row.get("clea_care_leaver_allocated_team"))
    yield "care_leavers_staying_put_18_20", team, stayed, {"age_single": str(age_on(born, day))}


def _left_foster_care_at_18(extract: Extract, child: str, born: dt.date, day: dt.date) -> Iterator[bool]:
    for period in extract.periods_of_care(child):
        last = last_ceased_episode(extract, period, day)
        if last and age_on(born, last["clae_cla_episode_ceased_date"] + ONE_DAY) >= 18:
            placement = extract.placement(child, last["clae_cla_episode_ceased_date"] - ONE_DAY)
            kind = placement["clap_cla_placement_type"] if placement else None
            yield kind in PLACEMENT_GROUPS["foster"].split()


def _row(extract: Extract, child: str) -> Row | None:
    return max(
        extract.rows("ssd_care_leavers", child),
        key=lambda row: extract.id_order("ssd_care_leavers", "clea_table_id", row),
        default=None,
    )


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
    yield "care_leavers_neet", team, row["clea_care_leaver_activity"] in CLASSES, codes
    age = int(codes["age_single"])
    for ages, indicator in EET_BY_AGE.items():
        if age in ages:
            yield indicator, team, codes["eet_class"] == "EET", codes
    counts = {
        "care_leavers_higher_education": codes["activity"] in ("F1", "P1"),
        "care_leavers_apprenticeship": codes["activity"] in ("F4", "P4"),
        "care_leavers_homeless_or_bed_and_breakfast": codes["accommodation"] in ("S", "V", "W"),
        "care_leavers_staying_put": codes["accommodation"] == "Z" and age in (18, 19, 20),
        "care_leavers_independent": codes["accommodation"] == "U",
        "care_leavers_custody": codes["accommodation"] == "X",
    }
    for indicator, counts_here in counts.items():
        if counts_here:
            yield indicator, team, True, codes
