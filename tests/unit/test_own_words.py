"""A drop with the authority's own headers, codes and team names, as `raw/reference/` explains them."""

import duckdb
import pytest
from ingest_drops import ALLOCATION, PERSON, TEAM, write

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.ingest.month_ingest import ingest_month
from pipelines.progress import Progress
from pipelines.settings import DataFolder


@pytest.fixture
def folder(tmp_path):
    folder = DataFolder(tmp_path)
    folder.reference.mkdir(parents=True)
    return folder


def own(folder, name, *lines):
    (folder.reference / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def rows(folder, query):
    ingest_month(folder, Month(2019, 8), Progress())
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def rename(drop, name, old, new):
    file = drop / f"{name}.csv"
    file.write_text(file.read_text().replace(old, new))


def test_a_file_with_the_authoritys_own_headers_is_read_as_the_object(folder):
    drop = write(folder, {"ssd_person": [PERSON, PERSON | {"pers_person_id": "2", "pers_dob": "31/02/2010"}]})
    rename(drop, "ssd_person", "pers_dob", "Date of Birth")
    own(folder, "headers", "la_code,object,header,column", "888,ssd_person,date of birth,pers_dob")
    assert rows(folder, "select pers_dob::varchar, line_number from raw.ssd_person") == [("2010-05-01", 2)]
    # the rejected row is kept without the day of birth, as the contract says of the column
    (kept,) = rows(folder, "select raw_row from raw.rejected_rows")
    assert "2010" not in kept[0]


def test_the_headers_of_one_authority_are_not_those_of_another(folder):
    drop = write(folder, {})
    rename(drop, "ssd_department", "dept_team_name", "Team")
    own(folder, "headers", "la_code,object,header,column", "330,ssd_department,Team,dept_team_name")
    with pytest.raises(BadInputError, match="required column dept_team_name is missing"):
        rows(folder, "select 1")


def test_a_text_in_a_column_of_codes_is_read_as_the_code(folder):
    write(
        folder, {"ssd_person": [PERSON | {"pers_sex": " Boy"}, PERSON | {"pers_person_id": "2", "pers_sex": "F"}]}
    )
    own(folder, "codes", "la_code,object,column,text,code", "888,ssd_person,pers_sex,boy,M")
    assert rows(folder, "select pers_sex from raw.ssd_person order by line_number") == [("M",), ("F",)]
    assert rows(folder, "select * from raw.dq_issue where column_name = 'pers_sex'") == []


def test_teams_get_the_authoritys_names_and_localities_and_others_are_added(folder):
    teams = [TEAM, TEAM | {"dept_team_id": "T2"}, TEAM | {"dept_team_id": "T3"}]
    write(folder, {"ssd_department": teams, "ssd_involvements": [ALLOCATION]})
    own(
        folder,
        "teams",
        "la_code,team_id,team_name,locality_name",
        "888,T2,South,",
        "888,T3,,West",
        "888,T9,New,East",
    )
    query = "select dept_team_id, dept_team_name, dept_team_parent_name from raw.ssd_department order by 1"
    assert rows(folder, query) == [
        ("T1", "North", "County"),
        ("T2", "South", "County"),
        ("T3", "North", "West"),
        ("T9", "New", "East"),
    ]
    counted = "select rows_read, rows_loaded, rows_rejected from raw.drop_file where object = 'ssd_department'"
    assert set(rows(folder, counted)) == {(3, 3, 0)}
