"""A month from the folder into the working file: what is accepted, what is refused, what stays as it was."""

import datetime as dt
import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys

import duckdb
import polars as pl
import pytest
from ingest_drops import ALLOCATION, PERSON, PLAN, TEAM, place, text, write

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.errors import BadInputError, BusyError, UsageError
from pipelines.ingest import month_ingest, raw_tables
from pipelines.ingest.archived_drops import find_drop
from pipelines.ingest.drop_results import FileResult, LostRows
from pipelines.ingest.month_ingest import ingest_month
from pipelines.ingest.pseudonyms import keep_in_lookup, read_lookup
from pipelines.progress import Progress
from pipelines.settings import PSEUDONYM_KEY_VARIABLE, DataFolder
from pipelines.warehouse_file import open_warehouse

AUGUST = Month.parse("2019-08")
KEY = "a key for the tests of the ingest"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, KEY)
    return DataFolder(tmp_path)


def ingest(folder, month="2019-08"):
    lines = []
    progress = Progress(recorder=lambda event, facts: lines.append(facts) if event == "line" else None)
    found = ingest_month(folder, Month.parse(month), progress)
    assert len(lines) == len(found.drops)
    for drop in found.drops:
        for file in drop.files:
            assert file.rows_read == file.rows_loaded + file.rows_rejected
    return found


def refused(folder, month="2019-08"):
    with pytest.raises(BadInputError) as raised:
        ingest_month(folder, Month.parse(month), Progress())
    assert raised.value.exit_status == 4
    return str(raised.value).splitlines()


def rows(folder, sql):
    with open_warehouse(folder, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def everything(folder):
    """All rows of all tables but those of attempts, which a second attempt adds to."""
    tables = [*contracts(), "rejected_rows", "dq_issue", "run", "reference_population"]
    with open_warehouse(folder, read_only=True) as connection:
        return {
            table: connection.execute(f"select * from raw.{table} order by all").fetchall() for table in tables
        }


def as_of(plans, *rest):
    return {"ssd_cin_plans": [PLAN | {"cinp_cin_plan_id": f"P{n}"} for n in range(plans)], **dict(rest)}


def test_an_accepted_drop_is_in_raw_with_where_it_came_from(folder):
    write(folder, {"ssd_cin_plans": [PLAN | {"cinp_cin_plan_end_date": "01/08/2019"}]})
    (drop,) = ingest(folder).drops
    assert drop.accepted and drop.reason == ""
    found = rows(
        folder,
        "select cinp_cin_plan_id, cinp_cin_plan_start_date, cinp_cin_plan_end_date, la_code, extract_month,"
        " source_file, line_number from raw.ssd_cin_plans",
    )
    end = dt.date(2019, 8, 31)
    assert found == [("P1", dt.date(2019, 1, 1), dt.date(2019, 8, 1), "888", end, "ssd_cin_plans.csv", 2)]
    assert rows(folder, "select * from raw.run") == [(end, "888")]
    assert rows(folder, "select accepted, reason, is_loaded, is_fit from raw.drop") == [(True, "", True, None)]


def test_every_object_has_its_table_also_where_nothing_came(folder):
    write(folder, {})
    ingest(folder)
    held = {}
    for table, column in rows(
        folder,
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw' order by column_index",
    ):
        held.setdefault(table, []).append(column)
    for name, one in contracts().items():
        loaded = [column.name for column in (*one.columns, *one.derived) if column.privacy != "drop"]
        assert held[name] == [*loaded, "la_code", "extract_month", "source_file", "line_number"]
    assert rows(folder, "select count(*) from raw.ssd_cin_plans") == [(0,)]


def test_a_table_gains_the_columns_that_its_contract_gained(folder):
    with open_warehouse(folder) as connection:
        raw_tables.create_raw_tables(connection)
        connection.execute("alter table raw.ssd_cin_plans drop column cinp_referral_id")
    write(folder, {"ssd_cin_plans": [PLAN | {"cinp_referral_id": "R1"}]})
    ingest(folder)
    assert rows(folder, "select cinp_referral_id, cinp_cin_plan_id from raw.ssd_cin_plans") == [("R1", "P1")]


def test_loading_a_month_again_changes_nothing(folder):
    bad = PLAN | {"cinp_cin_plan_id": "P2", "cinp_cin_plan_start_date": "31/02/2019"}
    write(folder, {"ssd_cin_plans": [PLAN, bad, PLAN | {"cinp_cin_plan_id": "P3", "cinp_cin_plan_team": "T9"}]})
    ingest(folder)
    before = everything(folder)
    assert before["rejected_rows"] and before["dq_issue"]
    ingest(folder)
    assert everything(folder) == before
    assert rows(folder, "select is_loaded from raw.drop order by attempted_at") == [(False,), (True,)]
    assert len(list((folder.archive / "888" / "2019-08").iterdir())) == 1


def test_a_new_drop_replaces_its_own_month_and_authority_only(folder):
    write(folder, as_of(2), month="2019-07")
    write(folder, as_of(3))
    write(folder, as_of(4), la_code="889")
    ingest(folder, "2019-07")
    ingest(folder)
    write(folder, as_of(1))
    ingest(folder)
    counts = "select extract_month, la_code, count(*) from raw.ssd_cin_plans group by all order by all"
    assert rows(folder, counts) == [
        (dt.date(2019, 7, 31), "888", 2),
        (dt.date(2019, 8, 31), "888", 1),
        (dt.date(2019, 8, 31), "889", 4),
    ]
    assert len(list((folder.archive / "888" / "2019-08").iterdir())) == 2


def test_months_loaded_in_any_order_give_the_same_tables(folder, tmp_path):
    other = DataFolder(tmp_path / "other")
    for one in (folder, other):
        for month, plans in (("2019-06", 1), ("2019-07", 2), ("2019-08", 3)):
            write(one, as_of(plans), month=month)
    for month in ("2019-06", "2019-07", "2019-08"):
        ingest(folder, month)
    for month in ("2019-07", "2019-06", "2019-08"):
        ingest(other, month)
    assert everything(folder) == everything(other)


def test_rejected_rows_and_flags_say_where_and_why(folder):
    bad = PLAN | {"cinp_cin_plan_id": "P2", "cinp_cin_plan_start_date": "31/02/2019"}
    flagged = PLAN | {
        "cinp_cin_plan_id": "P3",
        "cinp_cin_plan_team": "T9",
        "cinp_cin_plan_end_date": "2019-02-01",
    }
    write(folder, {"ssd_cin_plans": [PLAN | {"cinp_cin_plan_start_date": "2019-03-01"}, bad, flagged]})
    (drop,) = ingest(folder).drops
    (file,) = [file for file in drop.files if file.object == "ssd_cin_plans"]
    assert (file.rows_read, file.rows_loaded, file.rows_rejected) == (3, 2, 1)
    month = dt.date(2019, 8, 31)
    (rejected,) = rows(
        folder, "select * exclude (raw_row), raw_row::json ->> 'cinp_cin_plan_start_date' from raw.rejected_rows"
    )
    assert rejected == (
        *("888", month, "ssd_cin_plans", "ssd_cin_plans.csv", 3),
        *("value_does_not_fit_type", "cinp_cin_plan_start_date", "31/02/2019"),
    )
    (child,) = rows(folder, "select cinp_person_id from raw.ssd_cin_plans where cinp_cin_plan_id = 'P3'")
    assert rows(folder, "select * from raw.dq_issue where object = 'ssd_cin_plans'") == [
        (
            "888",
            month,
            "ssd_cin_plans",
            "ssd_cin_plans.csv",
            4,
            "orphaned_link",
            "cinp_cin_plan_team",
            "P3",
            *child,
        )
    ]


def test_rows_read_that_are_not_loaded_or_rejected_are_an_error():
    with pytest.raises(AssertionError, match="3 rows read"):
        FileResult("ssd_cin_plans", "ssd_cin_plans.csv", "", rows_read=3, rows_loaded=1, rows_rejected=1)


def test_the_four_formats_are_loaded_alike(folder):
    months = ["2019-05", "2019-06", "2019-07", "2019-08"]
    for month, ending in zip(months, ("csv", "csv.gz", "parquet", "xlsx"), strict=True):
        path = write(folder, {"ssd_cin_plans": [PLAN]}, month=month)
        frame = pl.read_csv(path / "ssd_cin_plans.csv", infer_schema=False)
        (path / "ssd_cin_plans.csv").unlink()
        target = path / f"ssd_cin_plans.{ending}"
        if ending == "parquet":
            frame.write_parquet(target)
        elif ending == "xlsx":
            frame.write_excel(target)
        else:
            frame.write_csv(target, compression="gzip" if ending == "csv.gz" else "uncompressed")
        ingest(folder, month)
    found = rows(folder, "select distinct * exclude (extract_month, source_file) from raw.ssd_cin_plans")
    assert len(found) == 1
    assert rows(folder, "select count(*) from raw.ssd_cin_plans") == [(4,)]


# Refusals


def test_no_drop_at_all_says_where_it_looked(folder):
    (line,) = refused(folder)
    assert "no drop of 2019-08 was found" in line and str(folder.lcs) in line
    write(folder, {}, month="2019-07")
    assert "no drop of 2019-08 was found" in refused(folder)[0]


def test_a_drop_without_what_it_must_hold_is_refused_with_every_fault_on_a_line(folder):
    path = write(folder, {"ssd_cin_plans": [PLAN]})
    (path / "ssd_person.csv").unlink()
    (path / "ssd_department.csv").unlink()
    (path / "ssd_cin_plans.csv").write_text("")
    assert refused(folder) == [
        "888 2019-08 ssd_cin_plans.csv: the file is empty",
        "888 2019-08: the required object ssd_department is missing",
        "888 2019-08: the required object ssd_person is missing",
    ]
    ((accepted, reason, is_loaded),) = rows(folder, "select accepted, reason, is_loaded from raw.drop")
    assert not accepted and not is_loaded and reason.count("; ") == 2
    assert rows(folder, "select * from raw.run") == []


def test_a_misspelt_header_is_named_with_what_is_probably_meant(folder):
    path = write(folder, {"ssd_cin_plans": [PLAN]})
    file = path / "ssd_cin_plans.csv"
    file.write_text(file.read_text().replace("cinp_person_id", "cinp_persn_id"))
    (line,) = refused(folder)
    assert line.startswith(
        "888 2019-08 ssd_cin_plans.csv: required column cinp_person_id is missing (columns found: "
    )
    assert line.endswith("; did you mean cinp_persn_id?)")


def test_a_file_without_a_header_line_shows_none_of_its_values(folder):
    path = write(folder, {})
    (path / "ssd_cin_plans.csv").write_text("4711,Smith,,2019-01-01,,T1,W1\n4712,Smith,,2019-01-01,,T1,W1\n")
    lines = refused(folder)
    assert "is the header line missing?" in lines[0]
    assert not any(value in line for line in lines for value in ("4711", "Smith"))


def test_headers_that_are_the_same_show_no_value(folder):
    path = write(folder, {})
    (path / "ssd_cin_plans.csv").write_text("Smith,Smith\n1,2\n")
    assert refused(folder) == ["888 2019-08 ssd_cin_plans.csv: the header names column 2 the same as column 1"]


def test_a_file_cut_off_in_the_middle_refuses_the_drop(folder):
    path = write(folder, {"ssd_cin_plans": [PLAN]})
    data = (path / "ssd_cin_plans.csv").read_bytes()
    (path / "ssd_cin_plans.csv").write_bytes(data[:-12])
    (line,) = refused(folder)
    assert "cut off in line 2" in line


def test_an_object_delivered_twice_is_refused(folder):
    path = write(folder, {"ssd_cin_plans": [PLAN]})
    pl.read_csv(path / "ssd_cin_plans.csv").write_parquet(path / "ssd_cin_plans.parquet")
    (line,) = refused(folder)
    assert line == (
        "888 2019-08 ssd_cin_plans: delivered more than once: ssd_cin_plans.csv, ssd_cin_plans.parquet"
    )


@pytest.mark.parametrize("name", ["999", "88", "lancashire", "0888"])
def test_a_folder_of_an_unknown_authority_is_one_line(folder, name):
    write(folder, {}, la_code=name)
    (line,) = refused(folder)
    assert line.startswith(f"{name} 2019-08: a folder for an authority that is not known")


def test_other_authorities_go_on_when_one_is_refused(folder):
    write(folder, {"ssd_cin_plans": [PLAN]})
    (write(folder, {}, la_code="889") / "ssd_person.csv").unlink()
    write(folder, {}, la_code="999")
    found = ingest(folder)
    assert [(drop.la_code, drop.accepted) for drop in found.drops] == [
        ("888", True),
        ("889", False),
        ("999", False),
    ]
    assert found.drops[1].reason == "889 2019-08: the required object ssd_person is missing"
    assert rows(folder, "select la_code, accepted from raw.drop order by 1") == [
        ("888", True),
        ("889", False),
        ("999", False),
    ]


def test_a_refusal_leaves_the_partition_the_archive_and_the_run_as_they_were(folder):
    path = write(folder, {"ssd_cin_plans": [PLAN]})
    ingest(folder)
    before, archived = everything(folder), sorted(folder.archive.rglob("*"))
    (path / "ssd_person.csv").unlink()
    refused(folder)
    assert everything(folder) == before
    assert sorted(folder.archive.rglob("*")) == archived
    assert rows(folder, "select accepted, is_loaded from raw.drop order by attempted_at") == [
        (True, True),
        (False, False),
    ]


def test_an_object_that_the_last_drop_held_must_come_again(folder):
    write(folder, {"ssd_cin_plans": [PLAN]}, month="2019-06")
    write(folder, {})
    ingest(folder, "2019-06")
    assert refused(folder) == [
        "888 2019-08: the object ssd_cin_plans is missing, but the last accepted drop had it"
    ]


def test_a_file_empty_of_rows_is_refused_only_where_the_last_drop_had_rows(folder):
    write(folder, {"ssd_cin_plans": []}, month="2019-06")
    write(folder, {"ssd_cin_plans": [PLAN]}, month="2019-07")
    write(folder, {"ssd_cin_plans": []})
    ingest(folder, "2019-06")
    ingest(folder, "2019-07")
    assert refused(folder) == [
        "888 2019-08 ssd_cin_plans.csv: the file has no rows, but the last accepted drop had 1"
    ]


def test_a_file_without_rows_that_other_files_name_is_refused_in_a_first_month_too(folder):
    review = {"cppr_cp_review_id": "R1", "cppr_person_id": "1", "cppr_cp_plan_id": "P1"}
    write(folder, {"ssd_cp_plans": [], "ssd_cp_reviews": [review, review | {"cppr_cp_review_id": "R2"}]})
    assert refused(folder) == [
        "888 2019-08 ssd_cp_plans.csv: the file has no rows, but 2 rows of ssd_cp_reviews name its rows: export it"
        " again"
    ]
    write(folder, {"ssd_cp_plans": [], "ssd_cp_reviews": [review | {"cppr_cp_plan_id": ""}]})
    assert ingest(folder).drops[0].accepted


def test_a_column_that_can_be_read_in_two_ways_refuses_the_drop_with_its_file_and_pattern(folder):
    days = ("08/31/2019", "09/08/2019")
    plans = [PLAN | {"cinp_cin_plan_id": day[:2], "cinp_cin_plan_start_date": day} for day in days]
    write(folder, {"ssd_cin_plans": plans})
    assert refused(folder) == [
        "888 2019-08 ssd_cin_plans.csv: column cinp_cin_plan_start_date: 1 of its dates is written so that day and"
        " month, or the year, can be read in two ways (`99/99/9999`): export dates as YYYY-MM-DD"
    ]


def test_the_run_says_which_values_do_not_fit_and_which_children_leave_a_count(folder):
    persons = [PERSON | {"pers_person_id": str(number)} for number in range(1, 9)]
    plans = [
        PLAN | {"cinp_cin_plan_id": f"P{number}", "cinp_person_id": str(number)} | change
        for number, change in enumerate(
            [
                {},
                {"cinp_cin_plan_start_date": "31/02/2019"},
                {"cinp_cin_plan_end_date": "#N/A"},
                # had ended long before, is of nobody, has another open plan, begins later
                {"cinp_cin_plan_start_date": "2015-01-01", "cinp_cin_plan_end_date": "2014-01-01"},
                {"cinp_person_id": "99"},
                {"cinp_cin_plan_start_date": "#REF!", "cinp_person_id": "1"},
                {"cinp_cin_plan_start_date": "2019-10-01", "cinp_cin_plan_end_date": "2019-09-30"},
            ],
            1,
        )
    ]
    write(folder, {"ssd_person": persons, "ssd_cin_plans": plans})
    (drop,) = ingest(folder).drops
    lost = next(file.lost for file in drop.files if file.object == "ssd_cin_plans")
    assert lost == LostRows(5, 4, 5, 4, 3)
    kept = rows(folder, "select open_rows_rejected, children_lost from raw.drop_file where open_rows > 1")
    assert kept == [(4, 3)]
    assert drop.warnings == [
        "888 2019-08 ssd_cin_plans.csv: 2 rows rejected because cinp_cin_plan_start_date is `#REF!`, `99/99/9999`,"
        " which is no date (first in line 3); 1 row rejected because cinp_cin_plan_end_date is `#N/A`, which is no"
        " date (first in line 4); 2 rows rejected because of end_before_start in cinp_cin_plan_end_date (first in"
        " line 5); 1 row rejected because of person_not_in_ssd_person in cinp_person_id (first in line 6);"
        " rejected of the 5 rows open at the month end: 4,"
        " children who leave its counts: 3, rejected of the 5 rows of the last 12 months: 4"
    ]


def test_a_file_in_which_no_row_has_its_day_is_refused_and_other_empty_columns_are_named(folder):
    plans = [PLAN | {"cinp_cin_plan_id": f"P{number}"} for number in range(50)]
    write(folder, {"ssd_cin_plans": [plan | {"cinp_cin_plan_start_date": "1900-01-01"} for plan in plans]})
    assert refused(folder) == [
        "888 2019-08 ssd_cin_plans.csv: column cinp_cin_plan_start_date: none of the 50 rows has a date, so no"
        " figure would count them"
    ]
    write(folder, {"ssd_cin_plans": plans})
    assert ingest(folder).drops[0].warnings == [
        "888 2019-08 ssd_cin_plans.csv: none of the 50 rows has a value in cinp_cin_plan_end_date,"
        " cinp_cin_plan_team, which figures read: fill it, or leave the file out so that they are not available"
    ]
    plans[7] |= {"cinp_cin_plan_end_date": "2019-05-01", "cinp_cin_plan_team": "T1"}
    write(folder, {"ssd_cin_plans": plans})
    assert ingest(folder).drops[0].warnings == []


def test_the_run_names_json_that_counts_as_empty_with_its_file_column_and_row(folder):
    texts = ['{"ADOPTION": "Y"}', '{"adoption": "Y"}', "ADOPTION=Y", '{"plan": "Adoption"}']
    plan = {"lacp_person_id": "1", "lacp_cla_care_plan_start_date": "2019-01-01"}
    plans = [
        plan | {"lacp_table_id": str(number), "lacp_cla_care_plan_json": text} for number, text in enumerate(texts)
    ]
    write(folder, {"ssd_cla_care_plan": plans})
    (drop,) = ingest(folder).drops
    assert drop.warnings == [
        "888 2019-08 ssd_cla_care_plan.csv: texts of lacp_cla_care_plan_json that are not JSON and count as empty:"
        ' 1 (first in line 4); texts of lacp_cla_care_plan_json with a key, or another value than "Y", that is not'
        " read and counts as empty: 2 (first in line 3)"
    ]
    assert rows(folder, "select line_number, rule from raw.dq_issue order by all") == [
        (3, "json_not_known"), (4, "text_not_json"), (5, "json_not_known"),
    ]  # fmt: skip


def test_a_person_who_is_rejected_is_counted_in_the_run(folder):
    persons = [PERSON, PERSON | {"pers_person_id": "2", "pers_dob": "31/02/2010"}]
    write(folder, {"ssd_person": persons})
    assert ingest(folder).drops[0].warnings[0].endswith("and with them all their rows in every file: 1")


def test_a_drop_that_was_found_unfit_or_of_a_later_month_or_of_others_is_no_yardstick(folder):
    write(folder, {"ssd_cin_plans": [PLAN]}, month="2019-07")
    write(folder, {"ssd_cin_plans": [PLAN]}, month="2019-09")
    write(folder, {"ssd_cin_plans": [PLAN]}, month="2019-07", la_code="889")
    ingest(folder, "2019-07")
    ingest(folder, "2019-09")
    with open_warehouse(folder) as connection:
        connection.execute("update raw.drop set is_fit = false where extract_month = '2019-07-31'")
    write(folder, {})
    assert ingest(folder).drops[0].accepted


def test_a_crash_while_loading_leaves_the_partition_whole(folder, monkeypatch):
    write(folder, {"ssd_cin_plans": [PLAN]})
    ingest(folder)
    before = everything(folder)
    write(folder, as_of(5))
    monkeypatch.setattr(raw_tables, "_insert_file", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ingest(folder)
    assert everything(folder) == before


# Warnings


def test_an_unknown_column_and_an_unknown_file_are_warned_of_once_and_not_loaded(folder):
    path = write(folder, {})
    header, *rest = text("ssd_cin_plans", [PLAN, PLAN | {"cinp_cin_plan_id": "P2"}]).splitlines()
    (path / "ssd_cin_plans.csv").write_text(
        "\n".join([header + ",notes,Zebedee,1206933", *(line + ",7,8,9" for line in rest)])
    )
    (path / "local_visits.csv").write_text("a\n1\n")
    (path / "ssd_address.csv").write_text("addr_table_id\n1\n")
    (path / "notes.txt").write_text("hello")
    (path / ".hidden.csv").write_text("hello")
    (drop,) = ingest(folder).drops
    assert drop.unread == [
        "888 2019-08 local_visits.csv: no contract for this file, not loaded",
        "888 2019-08 notes.txt: no contract for this file, not loaded",
        "888 2019-08 ssd_address.csv: no contract for this file, not loaded",
    ]
    assert drop.warnings == [
        "888 2019-08 ssd_cin_plans.csv: loaded without the unknown columns notes, column 9, column 10",
    ]
    assert rows(folder, "select count(*) from raw.ssd_cin_plans") == [(2,)]


def test_a_column_that_is_not_required_may_be_missing(folder):
    path = write(folder, {})
    (path / "ssd_cin_visits.csv").write_text("cinv_cin_visit_id,cinv_person_id\nV1,1\n")
    # nothing of a drop that is refused is taken as empty
    (write(folder, {}, la_code="889") / "ssd_cin_visits.csv").write_text("cinv_cin_visit_id,cinv_persn_id\nV1,1\n")
    drop, refused = ingest(folder).drops
    assert "did you mean cinv_persn_id" in str(refused.faults[0])
    assert refused.warnings == ["889 2019-08 ssd_cin_visits.csv: unknown columns cinv_persn_id"]
    (warning,) = drop.warnings
    assert "columns not delivered, taken as empty: cinv_cin_visit_date, " in warning
    assert rows(folder, "select cinv_cin_visit_id, cinv_cin_visit_date from raw.ssd_cin_visits") == [("V1", None)]


# Privacy


def test_ids_are_hashed_alike_wherever_they_occur_and_differ_between_authorities(folder):
    write(folder, {"ssd_cin_plans": [PLAN | {"cinp_cin_plan_worker_id": "W1"}]})
    write(folder, {"ssd_cin_plans": [PLAN]}, la_code="889")
    ingest(folder)
    # printf 'person:888:1' | openssl dgst -sha256 -hmac 'a key for the tests of the ingest'
    expected = "e55c01b3fb6c2e1857fab6d080889986"
    people = dict(rows(folder, "select la_code, pers_person_id from raw.ssd_person"))
    assert people["888"] != people["889"]
    assert people == dict(rows(folder, "select la_code, cinp_person_id from raw.ssd_cin_plans"))
    assert people == dict(rows(folder, "select la_code, invo_person_id from raw.ssd_involvements"))
    ((worker, other),) = rows(
        folder,
        "select cinp_cin_plan_worker_id, invo_professional_id from raw.ssd_cin_plans"
        " inner join raw.ssd_involvements using (la_code) where la_code = '888'",
    )
    assert worker == other != people["888"]
    assert people["888"] == expected


def test_another_key_gives_other_hashes(folder, monkeypatch):
    write(folder, {})
    ingest(folder)
    first = rows(folder, "select pers_person_id from raw.ssd_person")
    shutil.rmtree(folder.warehouse)
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, "another key of thirty-two characters")
    ingest(folder)
    assert rows(folder, "select pers_person_id from raw.ssd_person") != first


def test_another_key_than_the_one_the_file_was_filled_with_is_refused(folder, monkeypatch):
    write(folder, {})
    ingest(folder)
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, "another key of thirty-two characters")
    (line,) = refused(folder)
    assert "were hashed with another key than the one given" in line
    # also where the working file is from before its key was noted in it
    with open_warehouse(folder) as connection:
        connection.execute("drop table pipeline.pseudonym_key")
    assert refused(folder) == [line]


def test_the_key_that_an_earlier_version_noted_in_raw_is_still_known(folder, monkeypatch):
    write(folder, {})
    ingest(folder)
    with open_warehouse(folder) as connection:
        connection.execute("create table raw.pseudonym_key as from pipeline.pseudonym_key")
        connection.execute("drop table pipeline.pseudonym_key")
    ingest(folder)
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, "another key of thirty-two characters")
    assert "were hashed with another key than the one given" in refused(folder)[0]
    assert len(rows(folder, "from pipeline.pseudonym_key")) == 1
    assert not rows(folder, "from duckdb_tables() where schema_name = 'raw' and table_name = 'pseudonym_key'")


def test_a_key_file_that_is_lost_is_not_made_anew(folder, monkeypatch):
    monkeypatch.delenv(PSEUDONYM_KEY_VARIABLE)
    write(folder, {})
    ingest(folder)
    (folder.private / "pseudonym.key").unlink()
    assert "were hashed with another key than the one given" in refused(folder)[0]
    assert not (folder.private / "pseudonym.key").exists()


def test_no_name_number_postcode_or_id_of_a_person_reaches_raw(folder):
    secrets = {
        "pers_person_id": "S3CRET01",
        "pers_forename": "S3CRET02",
        "pers_surname": "S3CRET03",
        "pers_common_child_id": "S3CRET04",
        "pers_legacy_id": "S3CRET05",
    }
    place_of = {
        "clap_cla_placement_id": "L1",
        "clap_person_id": "S3CRET01",
        "clap_cla_placement_postcode": "S3CRET06",
    }
    worker = {
        "prof_professional_id": "S3CRET07",
        "prof_professional_name": "S3CRET08",
        "prof_staff_id": "S3CRET09",
        "prof_social_worker_registration_no": "S3CRET10",
    }
    write(
        folder,
        {
            "ssd_person": [PERSON | secrets],
            "ssd_cla_placement": [place_of | {"clap_cla_placement_type": "odd"}],
            "ssd_professionals": [worker],
            "ssd_involvements": [ALLOCATION | {"invo_person_id": "S3CRET01", "invo_professional_id": "S3CRET07"}],
            "ssd_cin_plans": [PLAN | {"cinp_person_id": "S3CRET01", "cinp_cin_plan_team": "T9"}],
            "ssd_immigration_status": [{"immi_immigration_status_id": "1", "immi_person_id": "S3CRET01"}],
            "ssd_department": [TEAM],
        },
    )
    (drop,) = ingest(folder).drops
    assert sum(file.rows_loaded for file in drop.files) == 7
    assert rows(folder, "select count(*) from raw.dq_issue") != [(0,)]
    for table, held in everything(folder).items():
        assert "S3CRET" not in repr(held), table
    assert b"S3CRET" not in folder.database.read_bytes()


def test_a_key_of_a_flag_on_a_person_is_the_hash(folder):
    write(folder, {"ssd_person": [PERSON | {"pers_sex": "?"}]})
    ingest(folder)
    ((key,),) = rows(folder, "select record_key from raw.dq_issue")
    assert [(key,)] == rows(folder, "select pers_person_id from raw.ssd_person")


def test_the_lookup_leads_back_and_keeps_the_people_of_earlier_drops(folder):
    write(folder, {}, month="2019-07")
    write(folder, {"ssd_person": [PERSON | {"pers_person_id": "2"}], "ssd_involvements": []})
    ingest(folder, "2019-07")
    with open_warehouse(folder) as connection:
        connection.execute("delete from raw.drop")
    ingest(folder)
    lookup = folder.private / "person_lookup.parquet"
    held = pl.read_parquet(lookup)
    assert held.columns == ["la_code", "child_id", "person_id"]
    assert held["person_id"].to_list() == ["1", "2"]
    assert held["child_id"].to_list() == [
        child for (child,) in rows(folder, "select pers_person_id from raw.ssd_person order by extract_month")
    ]
    assert lookup.stat().st_mode & 0o777 == 0o600


def test_a_run_that_stops_before_it_merges_the_lookups_leaves_every_entry_where_it_is_found(folder, monkeypatch):
    for la_code, person in (("201", "1"), ("888", "2")):
        other = {"ssd_person": [PERSON | {"pers_person_id": person}], "ssd_involvements": []}
        write(folder, other, la_code=la_code)
    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr(month_ingest, "merge_lookups", lambda _: signal.raise_signal(signal.SIGINT))
        ingest(folder)
    pseudonyms = [child for (child,) in rows(folder, "select pers_person_id from raw.ssd_person order by la_code")]
    left = sorted(folder.private.glob("person_lookup*"))
    assert [file.stat().st_mode & 0o777 for file in left] == [0o600, 0o600]
    assert read_lookup(folder, "person")["child_id"].to_list() == pseudonyms
    assert keep_in_lookup(folder, "person", pl.Series(pseudonyms[:1])) == 1
    assert read_lookup(folder, "person")["child_id"].to_list() == pseudonyms[:1]
    ingest(folder)
    assert pl.read_parquet(folder.private / "person_lookup.parquet")["child_id"].to_list() == pseudonyms
    assert len(list(folder.private.glob("person_lookup*"))) == 1


def test_a_key_is_made_once_and_kept_for_its_owner_only(folder, monkeypatch):
    monkeypatch.delenv(PSEUDONYM_KEY_VARIABLE)
    write(folder, {})
    ingest(folder)
    file = folder.private / "pseudonym.key"
    key = file.read_bytes()
    assert len(key) >= 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.private.stat().st_mode & 0o777 == 0o700
    first = rows(folder, "select pers_person_id from raw.ssd_person")
    ingest(folder)
    assert file.read_bytes() == key
    assert rows(folder, "select pers_person_id from raw.ssd_person") == first


def test_a_key_that_others_can_read_or_that_is_too_short_is_refused(folder, monkeypatch):
    write(folder, {})
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, "too short")
    with pytest.raises(UsageError, match="fewer than 32 characters, which can be guessed: give one of 32"):
        ingest(folder)
    monkeypatch.delenv(PSEUDONYM_KEY_VARIABLE)
    folder.private.mkdir(parents=True, exist_ok=True)
    file = folder.private / "pseudonym.key"
    file.write_text(KEY)
    file.chmod(0o644)
    assert "others can read the pseudonym key" in refused(folder)[0]
    file.write_text("short")
    file.chmod(0o600)
    assert "fewer than 32 characters" in refused(folder)[0]


# Archive, permissions, one writer


def test_the_archive_holds_the_files_unchanged_with_their_checksums(folder):
    path = write(folder, {"ssd_cin_plans": [PLAN]})
    (path / "local_visits.csv").write_text("a\n1\n")
    ingest(folder)
    (kept,) = (folder.archive / "888" / "2019-08").iterdir()
    assert len(kept.name) == 12
    sums = dict(reversed(line.split("  ")) for line in (kept / "SHA256SUMS").read_text().splitlines())
    assert sorted(sums) == sorted(file.name for file in path.iterdir())
    for name, checksum in sums.items():
        assert (kept / name).read_bytes() == (path / name).read_bytes()
        assert hashlib.sha256((kept / name).read_bytes()).hexdigest() == checksum
    delivered = dict(rows(folder, "select file, sha256 from raw.drop_file"))
    assert delivered.items() <= sums.items()


@pytest.mark.parametrize("name", ["SHA256SUMS", "sha256sums", "SHA256SUMS.1", "ssd.sha256"])
def test_a_checksum_file_of_the_sender_stays_as_it_is_and_verifies_in_the_archive(folder, name):
    path = write(folder, {})
    data = {file.name: file.read_bytes() for file in path.iterdir()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()} *{file}\n" for file, content in data.items())
    (path / name).write_text(sums)
    (path / "SHA256SUMS.2").write_text("another")
    ingest(folder)
    (kept,) = (folder.archive / "888" / "2019-08").iterdir()
    assert (kept / name).read_text() == sums
    subprocess.run(["sha256sum", "--check", "--quiet", name], cwd=kept, check=True)
    (own,) = {file.name for file in kept.iterdir()} - {*data, name, "SHA256SUMS.2"}
    subprocess.run(["sha256sum", "--check", "--quiet", own], cwd=kept, check=True)
    wanted = {file: hashlib.sha256(content).hexdigest() for file, content in data.items()}
    found = find_drop(folder, "888", Month.parse("2019-08"), wanted)
    assert found is not None and found.folder == kept and set(found.others) == {name, "SHA256SUMS.2"}
    (kept / own).write_text("changed")
    assert find_drop(folder, "888", Month.parse("2019-08"), wanted).root == folder.lcs


def test_what_the_pipeline_writes_is_for_its_owner_only(folder):
    write(folder, {})
    ingest(folder)
    assert folder.warehouse.stat().st_mode & 0o777 == 0o700
    for path in folder.warehouse.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_a_folder_that_cannot_be_written_is_one_line(folder):
    write(folder, {})
    folder.warehouse.write_text("a file where the folder should be")
    (line,) = refused(folder)
    assert "cannot write" in line and str(folder.warehouse) in line


def test_a_source_file_that_cannot_be_read_refuses_the_drop(folder, monkeypatch):
    write(folder, {"ssd_cin_plans": [PLAN]})
    opened = os.open

    def open_unless_denied(path, *given, **named):
        if path == "ssd_cin_plans.csv":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path, *given, **named)

    # Not by the file's mode, because the tests may run as a user who can read every file.
    monkeypatch.setattr(os, "open", open_unless_denied)
    assert refused(folder) == ["888 2019-08 ssd_cin_plans.csv: the file cannot be read: Permission denied"]


def test_a_second_writer_is_told_to_wait(folder):
    write(folder, {})
    ingest(folder)
    program = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder.database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BusyError, match="another run holds"):
            ingest(folder)
        other.stdin.close()
    assert ingest(folder).drops[0].accepted


def test_reading_a_working_file_that_is_not_there_yet_says_so(folder):
    with pytest.raises(BadInputError, match="run a month first"), open_warehouse(folder, read_only=True):
        pass


def test_a_working_file_opened_for_reading_cannot_be_written(folder):
    write(folder, {})
    ingest(folder)
    with open_warehouse(folder, read_only=True) as connection, pytest.raises(duckdb.Error):
        connection.execute("delete from raw.run")


# Reference data


def test_bank_holidays_on_working_days_are_those_of_england(folder):
    write(folder, {})
    ingest(folder)
    found = rows(
        folder,
        "select holiday_date from raw.bank_holiday"
        " where year(holiday_date) = 2020 and isodow(holiday_date) <= 5 order by 1",
    )
    assert [day.strftime("%d %b") for (day,) in found] == [
        "01 Jan", "10 Apr", "13 Apr", "08 May", "25 May", "31 Aug", "25 Dec", "28 Dec",
    ]  # fmt: skip
    ingest(folder)
    assert rows(folder, "select count(*) = count(distinct holiday_date) from raw.bank_holiday") == [(True,)]


def test_the_authoritys_own_populations_are_taken_and_replaced(folder):
    write(folder, {})
    folder.reference.mkdir(parents=True)
    file = folder.reference / "population.csv"
    file.write_text(
        "la_code,mid_year,population,first_month_used\n888,2018,249727,2019-07\n888,2017,247856,2018-07-31\n"
    )
    ingest(folder)
    expected = [("888", 2017, 247856, dt.date(2018, 7, 31)), ("888", 2018, 249727, dt.date(2019, 7, 31))]
    assert rows(folder, "select * from raw.reference_population order by mid_year") == expected
    file.unlink()
    ingest(folder)
    assert rows(folder, "select * from raw.reference_population") == []


def test_a_faulty_population_refuses_the_month_with_a_line(folder):
    write(folder, {})
    folder.reference.mkdir(parents=True)
    (folder.reference / "population.csv").write_text("la_code,mid_year,population\n888,2018,1\n")
    (line,) = refused(folder)
    assert "population.csv" in line and "column first_month_used is missing" in line


def test_hidden_folders_are_no_authorities(folder):
    write(folder, {})
    place(folder, la_code=".trash")
    assert [drop.la_code for drop in ingest(folder).drops] == ["888"]


def test_the_august_drop_was_taken_on_the_second_of_september():
    assert AUGUST.extract_day == dt.date(2019, 9, 2)


def test_a_drop_with_anything_but_files_is_refused_and_the_others_are_loaded(folder):
    secret = folder.root / "secret.csv"
    secret.write_text("Anna Smith,1\n")
    path = write(folder, {})
    (path / "ssd_cin_plans.csv").symlink_to(secret)
    (path / "ssd_cp_plans.csv").symlink_to("nothing")
    os.mkfifo(path / "ssd_cla_episodes.csv")
    # what is no object is not archived either
    (path / "notes.txt").symlink_to(secret)
    os.mkfifo(path / "other.csv")
    write(folder, {}, la_code="889")
    of_888, of_889 = ingest(folder).drops
    assert of_889.accepted
    assert [str(fault) for fault in of_888.faults] == [
        "888 2019-08 ssd_cin_plans.csv: it is a link, not a file: put the file itself there",
        "888 2019-08 ssd_cla_episodes.csv: it is a pipe, not a file: put a file there",
        "888 2019-08 ssd_cp_plans.csv: it is a link, not a file: put the file itself there",
    ]
    for name in ("ssd_cin_plans.csv", "ssd_cp_plans.csv", "ssd_cla_episodes.csv"):
        (path / name).unlink()
    assert [drop.accepted for drop in ingest(folder).drops] == [True, True]
    archived = {file.name for file in folder.archive.rglob("*") if file.is_file()}
    assert archived == {"ssd_person.csv", "ssd_department.csv", "ssd_involvements.csv", "SHA256SUMS"}


def test_a_drop_behind_a_link_is_refused_and_the_others_are_loaded(folder):
    path = write(folder, {})
    elsewhere = folder.root / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    write(folder, {}, la_code="889")
    of_888, of_889 = ingest(folder).drops
    assert of_889.accepted
    assert of_888.reason == "888 2019-08: its folder is a link: put the folder itself there"
