"""A small authority, made by hand: a few children whose figures can be counted on fingers.

889 in three months, January to March 2019. What each child is there for stands in the id.
"""

import csv
from pathlib import Path

from pipelines.contracts import contracts

LA = "889"
Rows = list[dict[str, str]]

TEAMS = {"t1": ("Burnley", "East"), "t2": ("Preston", "Central"), "t3": ("MASH", "")}


def person(person_id: str, born: str = "2010-01-01") -> dict[str, str]:
    return {
        "pers_person_id": person_id,
        "pers_dob": born,
        "pers_forename": "Zebedee",
        "pers_surname": "Quillfeather",
    }


def case_worker(involvement_id: str, person_id: str, team: str, start: str, end: str = "") -> dict[str, str]:
    return {
        "invo_involvements_id": involvement_id,
        "invo_professional_id": "w1",
        "invo_professional_role_id": "CW",
        "invo_professional_team": team,
        "invo_involvement_start_date": start,
        "invo_involvement_end_date": end,
        "invo_person_id": person_id,
    }


def cin_plan(plan_id: str, person_id: str, start: str, end: str = "", team: str = "t1") -> dict[str, str]:
    return {
        "cinp_cin_plan_id": plan_id,
        "cinp_person_id": person_id,
        "cinp_cin_plan_start_date": start,
        "cinp_cin_plan_end_date": end,
        "cinp_cin_plan_team": team,
        "cinp_cin_plan_worker_id": "w1",
    }


def cp_plan(plan_id: str, person_id: str, start: str, end: str = "", ola: str = "N") -> dict[str, str]:
    return {
        "cppl_cp_plan_id": plan_id,
        "cppl_person_id": person_id,
        "cppl_cp_plan_start_date": start,
        "cppl_cp_plan_end_date": end,
        "cppl_cp_plan_ola": ola,
        "cppl_cp_plan_latest_category": "Neglect",
    }


def episode(episode_id: str, person_id: str, start: str, ceased: str = "", reason: str = "") -> dict[str, str]:
    return {
        "clae_cla_episode_id": episode_id,
        "clae_person_id": person_id,
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_ceased_date": ceased,
        "clae_cla_episode_ceased_reason": reason,
        "clae_cla_id": f"care-{episode_id}",
        "clae_entered_care_date": start,
    }


def legal_status(status_id: str, person_id: str, status: str, start: str, end: str = "") -> dict[str, str]:
    return {
        "lega_legal_status_id": status_id,
        "lega_person_id": person_id,
        "lega_legal_status": status,
        "lega_legal_status_start_date": start,
        "lega_legal_status_end_date": end,
    }


PEOPLE = ["cin", "cin_late", "cp", "cp_elsewhere", "cla", "cla_short_break", "moved"]


def drop(month: str) -> dict[str, Rows]:
    """What the case system knew on the first working day after the month.

    `cin_late` was on a plan from 20 January, recorded in February: as reported January has one child fewer
    than restated. `moved` went from Burnley to Preston on 15 February.
    """
    late = [cin_plan("c2", "cin_late", "2019-01-20", team="t2")] if month >= "2019-02" else []
    ended = "2019-03-10" if month >= "2019-03" else ""
    return {
        "ssd_person": [person(name) for name in PEOPLE],
        "ssd_department": [
            {"dept_team_id": team_id, "dept_team_name": name, "dept_team_parent_name": parent}
            for team_id, (name, parent) in TEAMS.items()
        ],
        "ssd_involvements": [
            case_worker("1", "cp", "t1", "2018-01-01"),
            case_worker("2", "cla", "t2", "2018-01-01"),
            case_worker("3", "moved", "t1", "2018-01-01", "2019-02-15"),
            case_worker("4", "moved", "t2", "2019-02-15"),
        ],
        "ssd_cin_plans": [
            cin_plan("c1", "cin", "2018-06-01", ended),
            cin_plan("c3", "cla", "2018-06-01"),
            cin_plan("c4", "cp_elsewhere", "2018-06-01"),
            *late,
        ],
        "ssd_cp_plans": [
            cp_plan("p1", "cp", "2018-10-01"),
            cp_plan("p0", "cp", "2017-01-01", "2018-02-01"),
            cp_plan("p2", "cp_elsewhere", "2018-10-01", ola="Y"),
            cp_plan("p3", "moved", "2018-12-01"),
        ],
        "ssd_cla_episodes": [
            episode("e1", "cla", "2018-01-01"),
            episode("e2", "cla_short_break", "2018-01-01"),
        ],
        "ssd_legal_status": [
            legal_status("l1", "cla", "C2", "2018-01-01"),
            legal_status("l2", "cla_short_break", "V4", "2018-01-01"),
        ],
    }


def write_drop(data: Path, month: str, objects: dict[str, Rows], la: str = LA) -> Path:
    """Writes a drop as csv files with every column of the contracts; gives its folder."""
    folder = data / "raw" / "lcs" / la / month
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in objects.items():
        columns = [column.name for column in contracts()[name].columns]
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder
