"""Small drops written by hand for the tests of ingest."""

from pathlib import Path

from pipelines.contracts import contract
from pipelines.settings import DataFolder

PERSON = {"pers_person_id": "1", "pers_dob": "2010-05-01"}
TEAM = {"dept_team_id": "T1", "dept_team_name": "North", "dept_team_parent_name": "County"}
ALLOCATION = {
    "invo_involvements_id": "I1",
    "invo_person_id": "1",
    "invo_professional_id": "W1",
    "invo_professional_role_id": "CW",
    "invo_professional_team": "T1",
    "invo_involvement_start_date": "2019-01-01",
}
PLAN = {"cinp_cin_plan_id": "P1", "cinp_person_id": "1", "cinp_cin_plan_start_date": "2019-01-01"}


def place(folder: DataFolder, month: str = "2019-08", la_code: str = "888") -> Path:
    path = folder.lcs / la_code / month
    path.mkdir(parents=True, exist_ok=True)
    return path


def text(name: str, rows: list[dict[str, str]]) -> str:
    """All columns of the contract; what a row does not give is empty."""
    columns = [column.name for column in contract(name).columns]
    lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in rows)]
    return "\n".join(lines) + "\n"


def write(folder: DataFolder, rows: dict[str, list[dict[str, str]]], month: str = "2019-08", la_code: str = "888"):
    """A drop of the three objects that it must hold, with those given added or instead. The drop's folder."""
    path = place(folder, month, la_code)
    held = {"ssd_person": [PERSON], "ssd_department": [TEAM], "ssd_involvements": [ALLOCATION], **rows}
    for name, one in held.items():
        (path / f"{name}.csv").write_text(text(name, one), encoding="utf-8")
    return path
