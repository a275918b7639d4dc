"""Care leavers, read a second time: one row a person, as the extract shows it, whatever the month."""

import datetime as dt
from collections.abc import Iterator

from second_reading_extract import Counted, Extract, Row, add_months, age_on, letters_and_digits

LEFT_CARE = {"relevant", "formerrelevant", "qualifying"}
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
    if is_care_leaver:
        yield from _as_care_leaver(row, team, day)
    if is_care_leaver or eligibility == "eligible":
        reviewed = _lasts(row["clea_pathway_plan_review_date"], 6, day)
        yield "care_leavers_pathway_plan_up_to_date", team, reviewed
    if eligibility == "eligible" and age in (16, 17):
        yield "personal_adviser_allocated", team, bool(extract.involved(child, "16PLUS", day))


def _as_care_leaver(row: Row, team: str, day: dt.date) -> Iterator[Counted]:
    yield "care_leavers", team, True
    window = 2 if day >= TWO_MONTHS_FROM else 3
    yield "care_leavers_in_touch", team, _lasts(row["clea_care_leaver_latest_contact"], window, day)
    if (row["clea_care_leaver_accommodation"] or "")[:1] not in ("G", "H", "R"):
        yield "care_leavers_suitable_accommodation", team, row["clea_care_leaver_accom_suitable"] == "1"
    yield "care_leavers_eet", team, (row["clea_care_leaver_activity"] or "")[:1] in ("F", "P")
