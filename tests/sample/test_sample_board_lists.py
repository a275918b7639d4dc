"""The lists of the Corporate Parenting Board as the synthetic authority keeps them, month after month."""

import csv
import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.contracts import code_sets
from warehouse_sample import FIRST_MONTH, LAST_MONTH

MONTHS = [str(FIRST_MONTH.plus(number)) for number in range(13)]
GROUP_OF = {"F": "EET", "P": "EET", "G4": "not available for EET", "G5": "NEET", "G6": "not available for EET"}


@pytest.fixture(scope="module")
def drops(lancashire: Path) -> dict[str, Path]:
    assert MONTHS[-1] == str(LAST_MONTH)
    return {month: lancashire / "raw" / "lcs" / "888" / month for month in MONTHS}


def rows(drop: Path, name: str) -> list[dict[str, str]]:
    with (drop / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def ratings(drop: Path) -> dict[tuple[str, str, str], str]:
    """Rating in small letters, by action and, for one that is listed twice, measure."""
    return {
        (row["objective_no"], row["action_ref"], row["metric"]): row["brag"].lower()
        for row in rows(drop, "local_delivery_plan")
    }


def test_the_plan_moves_in_every_way_that_a_plan_can(drops):
    seen = set()
    order = ["red", "amber", "green", "blue"]
    for before, now in pairwise(MONTHS):
        then, later = ratings(drops[before]), ratings(drops[now])
        seen |= {"new"} if set(later) - set(then) else set()
        seen |= {"gone"} if set(then) - set(later) else set()
        for action in set(then) & set(later):
            was, is_now = order.index(then[action]), order.index(later[action])
            if was != is_now:
                kind = "closed" if is_now == 3 else "reopened" if was == 3 else ("better", "worse")[is_now < was]
                seen.add(kind)
    assert seen == {"new", "gone", "closed", "reopened", "better", "worse"}


def test_every_rating_is_one_of_the_code_set_and_nothing_names_a_person(drops):
    brags = {code.lower() for code in code_sets()["brag"].codes}
    for drop in drops.values():
        assert set(ratings(drop).values()) <= brags
        roles = {row["responsible_role"] for row in rows(drop, "local_delivery_plan")}
        assert all(
            any(
                word in role
                for word in ("Lead", "Head", "Team", "Service", "Partner", "Worker", "Nurse", "Health")
            )
            or role in ("Learning and Development", "Policy, Information and Commissioning", "Safeguarding Board")
            for role in roles
        ), roles


def test_the_newest_plan_holds_one_closed_short_of_its_target(drops):
    closed = {
        (row["objective_no"], row["action_ref"]): (
            row["current_value"],
            row["target_value"],
            row["target_direction"],
        )
        for row in rows(drops["2019-08"], "local_delivery_plan")
        if row["brag"] == "Blue" and row["target_value"]
    }
    assert closed["5", "1b"] == ("190", "183", "at most")


@pytest.mark.parametrize("month", ["2018-08", "2018-09", "2018-12", "2019-03", "2019-06"])
def test_the_employment_table_is_counted_from_the_care_leavers_of_its_month(drops, month):
    year, number = map(int, month.split("-"))
    day = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
    born = {row["pers_person_id"]: row["pers_dob"][:10] for row in rows(drops[month], "ssd_person")}
    newest: dict[str, dict[str, str]] = {}
    for row in rows(drops[month], "ssd_care_leavers"):
        person = row["clea_person_id"]
        if person not in newest or int(row["clea_table_id"]) > int(newest[person]["clea_table_id"]):
            newest[person] = row
    counts: dict[str, int] = {}
    for person, row in newest.items():
        birth = dt.date.fromisoformat(born[person])
        age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
        is_counted = row["clea_care_leaver_eligibility"] in ("Relevant", "Former Relevant", "Qualifying")
        if is_counted and 19 <= age <= 21 and row["clea_care_leaver_in_touch"] not in ("DIED", "RHOM"):
            activity = row["clea_care_leaver_activity"]
            group = GROUP_OF.get(activity) or GROUP_OF.get(activity[0], "not known")
            counts[group] = counts.get(group, 0) + 1
    of_table = {
        row["measure"]: row["value"]
        for row in rows(drops[month], "local_eet_plan")
        if row["kind"] == "table" and row["cohort"] == "Age 19-21" and row["period"] == month
    }
    people = sum(counts.values())
    shares = {group: f"{100 * counts.get(group, 0) / people:.1f}" for group in of_table if group != "number"}
    assert of_table == {"number": str(people)} | shares


def test_the_shares_of_every_cohort_add_up(drops):
    for drop in drops.values():
        cohorts: dict[str, float] = {}
        for row in rows(drop, "local_eet_plan"):
            if row["kind"] == "table" and row["unit"] == "percentage":
                cohorts[row["cohort"]] = cohorts.get(row["cohort"], 0) + float(row["value"])
        assert len(cohorts) == 3
        assert all(abs(total - 100) <= 0.2 for total in cohorts.values())
