"""What a rejected row keeps: where and why, and nothing that leads from a pseudonym to a child."""

import json
import re

import pytest
from ingest_drops import PERSON, PLAN, text, write

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.ingest.month_ingest import ingest_month
from pipelines.ingest.pseudonyms import Pseudonyms, read_lookup
from pipelines.privacy.forget import forget, what_to_forget
from pipelines.privacy.rekey import rekey
from pipelines.progress import Progress
from pipelines.settings import DataFolder
from pipelines.warehouse_file import open_warehouse

ID = "LCS-1206933"
SECRETS = (ID, "Quillfeather", "Zebedee", "2010-03-04", "ZX9 9QZ", "PLAN-4711", "WORKER-9", "marigold")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> DataFolder:
    monkeypatch.delenv("WAREHOUSE_PSEUDONYM_KEY", raising=False)
    return DataFolder(tmp_path / "data")


def ingest(folder: DataFolder, month: str = "2019-08") -> list[str]:
    said: list[str] = []

    class Said:
        def stage(self, name): ...
        def line(self, text): ...
        def warning(self, text):
            said.append(text)

    ingest_month(folder, Month.parse(month), Progress(Said()))
    return said


def rejected(folder: DataFolder) -> dict[tuple[str, str], dict]:
    with open_warehouse(folder, read_only=True) as connection:
        rows = connection.execute(
            "select object, rule, raw_row from raw.rejected_rows order by object, line_number"
        ).fetchall()
    return {(name, rule): json.loads(row) for name, rule, row in rows}


def everything(folder: DataFolder) -> str:
    with open_warehouse(folder, read_only=True) as connection:
        names = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        return str([connection.execute(f'from {schema}."{table}"').fetchall() for schema, table in names])


def hashes(rows: dict) -> set[str]:
    return set(re.findall("[0-9a-f]{32}", str(rows)))


def plan(**changes: str) -> dict[str, str]:
    return (
        PLAN
        | {"cinp_cin_plan_id": "PLAN-4711", "cinp_person_id": ID, "cinp_cin_plan_worker_id": "WORKER-9"}
        | changes
    )


CHILD = PERSON | {
    "pers_person_id": ID,
    "pers_forename": "Zebedee",
    "pers_surname": "Quillfeather",
    "pers_dob": "2010-03-04",
}


def faulty(folder: DataFolder, month: str = "2019-08") -> None:
    """A child whose plan is rejected, a child rejected with a name in a date, and rows that are shifted."""
    twice = CHILD | {"pers_person_id": f"{ID}-2", "pers_expected_dob": "Zebedee Quillfeather"}
    path = write(folder, {"ssd_person": [PERSON, CHILD, twice]}, month=month)
    header, row = text("ssd_cin_plans", [plan(cinp_cin_plan_start_date="marigold")]).splitlines()
    lines = [
        f"{header},postcode,{ID}",
        f"{row},ZX9 9QZ,{ID}",
        f"{ID},Zebedee,Quillfeather,2010-03-04",
        f"{text('ssd_cin_plans', [plan(cinp_person_id='LCS-1206933 Quillfeather')]).splitlines()[1]},,",
    ]
    (path / "ssd_cin_plans.csv").write_text("\n".join(lines) + "\n")


def test_no_lcs_id_name_birthday_or_unknown_column_is_kept(folder):
    faulty(folder)
    ingest(folder)
    content = everything(folder)
    rows = rejected(folder)
    assert len(rows) == 4
    assert [secret for secret in SECRETS if secret in str(rows)] == []
    assert [secret for secret in SECRETS if secret in content and secret != "2010-03-04"] == []


def test_ids_are_hashed_with_the_key_so_that_a_row_leads_to_its_pseudonym(folder):
    faulty(folder)
    ingest(folder)
    row = rejected(folder)["ssd_cin_plans", "value_does_not_fit_type"]
    key = (folder.private / "pseudonym.key").read_bytes()
    assert row["cinp_person_id"] == Pseudonyms(key, "888").hash_of("person", ID)
    assert row["cinp_cin_plan_worker_id"] == Pseudonyms(key, "888").hash_of("worker", "WORKER-9")
    assert row["cinp_cin_plan_id"] == Pseudonyms(key, "888").hash_of("record", "PLAN-4711")
    assert row["cinp_cin_plan_id"] != Pseudonyms(b"another key of at least thirty-two bytes", "888").hash_of(
        "record", "PLAN-4711"
    )
    lookups = [read_lookup(folder, kind) for kind in ("person", "worker", "record")]
    assert "PLAN-4711" in lookups[2]["record_id"].to_list()
    assert "LCS-1206933 Quillfeather" in lookups[0]["person_id"].to_list()


def test_a_value_that_does_not_fit_is_shown_by_its_shape_unless_it_is_like_a_day(folder):
    path = write(folder, {})
    lines = text("ssd_cin_plans", [plan(cinp_person_id="1", cinp_cin_plan_start_date=day) for day in ("x", "y")])
    days = {"31/02/2019": "31/02/2019", "Zoë born 4/3/10": "Aaa aaaa 9/9/99", "1206933": "9999999"}
    header, row, _ = lines.splitlines()
    (path / "ssd_cin_plans.csv").write_text(
        "\n".join([header, *(row.replace(",x,", f",{day},") for day in days)]) + "\n"
    )
    ingest(folder)
    with open_warehouse(folder, read_only=True) as connection:
        shown = connection.execute(
            "select raw_row::json ->> 'cinp_cin_plan_start_date' from raw.rejected_rows order by line_number"
        ).fetchall()
    assert [day for (day,) in shown] == list(days.values())


def test_a_shifted_row_keeps_no_value(folder):
    faulty(folder)
    ingest(folder)
    assert rejected(folder)["ssd_cin_plans", "wrong_number_of_fields"] == {"fields": 4}


def test_rows_stored_by_an_earlier_version_are_hashed_by_the_next_run(folder):
    faulty(folder, "2019-07")
    write(folder, {"ssd_cin_plans": [PLAN]}, month="2019-08")
    ingest(folder, "2019-07")
    rows_of_now = rejected(folder)
    with open_warehouse(folder) as connection:
        connection.execute("comment on table raw.rejected_rows is null")
        earlier = {"cinp_person_id": ID, " CINP_cin_plan_id": "PLAN-4711", "note": "Zebedee Quillfeather"}
        connection.execute(
            "update raw.rejected_rows set raw_row = ?"
            " where rule = 'value_does_not_fit_type' and object <> 'ssd_person'",
            [json.dumps(earlier)],
        )
        connection.execute("delete from raw.rejected_rows where raw_row not like '%PLAN-4711%'")
        connection.execute(
            "insert into raw.rejected_rows (la_code, object, rule, raw_row) values"
            " ('888', 'ssd_gone', 'x', '{\"id\": \"LCS-1206933\"}')"
        )
    assert any("rejected rows of earlier months" in line for line in ingest(folder))
    assert [secret for secret in SECRETS if secret in str(rejected(folder))] == []
    row = rejected(folder)["ssd_cin_plans", "value_does_not_fit_type"]
    assert row.items() <= rows_of_now["ssd_cin_plans", "value_does_not_fit_type"].items()
    assert len(row) == 2
    assert not any("rejected rows" in line for line in ingest(folder))


def test_a_new_key_and_forgetting_reach_the_hashes_of_rejected_rows(folder):
    faulty(folder, "2017-08")
    faulty(folder)
    for month in ("2017-08", "2019-08"):
        ingest(folder, month)
    before = rejected(folder)
    rekey(folder)
    after = rejected(folder)
    assert not hashes(before) & hashes(after) and len(hashes(before)) == len(hashes(after)) == 5
    faulty(folder)
    ingest(folder)
    assert rejected(folder) == after
    write(folder, {"ssd_person": [PERSON], "ssd_cin_plans": [PLAN]})
    ingest(folder)
    forget(folder, what_to_forget(folder, 1, {}))
    assert read_lookup(folder, "record").is_empty()
    assert ID not in read_lookup(folder, "person")["person_id"].to_list()


def test_every_day_of_birth_or_death_is_marked_as_personal_and_names_are_never_loaded():
    for contract in contracts().values():
        for column in contract.columns:
            words = set(column.name.split("_"))
            if words & {"dob", "birth", "death", "born"}:
                assert column.is_personal or not column.is_loaded, column.name
            if words & {"forename", "surname", "postcode", "email", "phone", "address", "nhs", "upn"}:
                assert not column.is_loaded, column.name
