"""Ids that match no row, and would if both files wrote them alike, are named by what makes them differ."""

import pytest
from ingest_drops import ALLOCATION, PERSON, PLAN, TEAM, write

from pipelines.calendar import Month
from pipelines.ingest.month_ingest import ingest_month
from pipelines.progress import Progress
from pipelines.settings import DataFolder


@pytest.fixture
def folder(tmp_path, monkeypatch) -> DataFolder:
    monkeypatch.setenv("WAREHOUSE_PSEUDONYM_KEY", "a key for the tests of ids that look alike")
    return DataFolder(tmp_path)


def near_ids(folder, **rows):
    write(folder, rows)
    (drop,) = ingest_month(folder, Month.parse("2019-08"), Progress()).drops
    assert drop.near_ids == drop.to_manifest()["near_ids"]
    assert set(drop.near_ids) <= set(drop.to_look_at)
    return drop.near_ids


@pytest.mark.parametrize(
    ("of_person", "of_plan", "how"),
    [
        ("1206933", "1206933.0", "`.0` at the end"),
        ("1206933.0", "1206933", "`.0` at the end"),
        ("0530", "530", "zeros at the beginning"),
        ("530", "000530", "zeros at the beginning"),
        ("P12", "p12", "capital letters"),
        ("P-12", "P12", "spaces and signs"),
        ("1206933", '"1,206,933"', "spaces and signs"),
        ("P0012", "p-0012.0", "several of these"),
    ],
)
def test_an_id_of_a_person_that_differs_in_form_is_named_by_its_form(folder, of_person, of_plan, how):
    (line,) = near_ids(
        folder,
        ssd_person=[PERSON, PERSON | {"pers_person_id": of_person}],
        ssd_cin_plans=[PLAN, PLAN | {"cinp_cin_plan_id": "P2", "cinp_person_id": of_plan}],
    )
    assert line == (
        "888 2019-08 ssd_cin_plans.csv: cinp_person_id: 1 of 2 rows have an id that ssd_person does not have, and"
        f" 1 of them look like one that it has, but for {how} (1): export ids as text, alike in all files"
    )


def test_ways_are_counted_and_other_ids_are_none_of_them(folder):
    people = [PERSON | {"pers_person_id": name} for name in ("1", "P12", "0530")]
    plans = [
        PLAN | {"cinp_cin_plan_id": f"P{number}", "cinp_person_id": name}
        for number, name in enumerate(("1", "1.0", "P12.0", "p12", "9", "", "-1"))
    ]
    (line,) = near_ids(folder, ssd_person=people, ssd_cin_plans=plans)
    assert "6 of 7 rows have an id that ssd_person does not have, and 3 of them look like" in line
    assert "but for `.0` at the end (2), capital letters (1): export" in line


def test_a_team_that_differs_in_form_is_named_too(folder):
    (line,) = near_ids(
        folder,
        ssd_department=[TEAM | {"dept_team_id": "0530"}],
        ssd_involvements=[ALLOCATION | {"invo_professional_team": "530"}],
    )
    assert "invo_professional_team: 1 of 1 rows have an id that ssd_department does not have" in line
    assert "zeros at the beginning (1)" in line


@pytest.mark.parametrize("name", ["2", "", "1.5", "10"])
def test_an_id_that_is_another_is_not_named(folder, name):
    assert near_ids(folder, ssd_cin_plans=[PLAN | {"cinp_person_id": name}]) == []
