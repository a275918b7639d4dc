"""Columns of a release against the last one's, and which line of data_changes.csv announces a change."""

import pytest

from pipelines.publish.data_changes import announcements, new_announcements
from pipelines.publish.schema import SchemaChange, schema_changes


def table(file: str, columns: str) -> dict:
    """A manifest's entry from `room/table` and `name type, name type`."""
    found = [dict(zip(("name", "type"), column.split(), strict=True)) for column in columns.split(",") if column]
    return {"file": f"{file}.parquet", "table": file.split("/")[1], "columns": found}


PLAN = table("restricted/fct_plan", "plan_id VARCHAR, start_date DATE")
MART = table("open/mart", "value DOUBLE")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([PLAN, MART], [MART, PLAN], []),
        ([PLAN], [table("restricted/fct_plan", "start_date DATE, plan_id VARCHAR")], []),
        (
            [PLAN],
            [table("restricted/fct_plan", "plan_id VARCHAR, start_date DATE, end_date DATE")],
            ["restricted/fct_plan: column end_date is new, DATE"],
        ),
        (
            [PLAN],
            [table("restricted/fct_plan", "plan_id VARCHAR")],
            ["restricted/fct_plan: column start_date is gone, it was DATE"],
        ),
        (
            [PLAN],
            [table("restricted/fct_plan", "plan_id BIGINT, start_date DATE")],
            ["restricted/fct_plan: column plan_id is BIGINT, it was VARCHAR"],
        ),
        (
            [PLAN],
            [table("restricted/fct_plan", "id VARCHAR, start_date DATE")],
            [
                "restricted/fct_plan: column plan_id is gone, it was VARCHAR",
                "restricted/fct_plan: column id is new, VARCHAR",
            ],
        ),
        ([PLAN], [PLAN, MART], ["open/mart: the table is new"]),
        ([PLAN, MART], [PLAN], ["open/mart: the table is gone"]),
        # a table that moves from one room to the other is gone here and new there
        (
            [MART],
            [table("restricted/mart", "value DOUBLE")],
            ["open/mart: the table is gone", "restricted/mart: the table is new"],
        ),
    ],
)
def test_what_changed_for_readers(before, after, told):
    assert [f"{change.file}: {change.what}" for change in schema_changes(before, after)] == told


def data_changes(path, *lines: str):
    """A file of data changes with the lines."""
    file = path / "data_changes.csv"
    file.write_text("\n".join(["version,table,column,old,new", *lines, ""]), encoding="utf-8")
    return file


COLUMN = SchemaChange("restricted/fct_plan", "fct_plan", "end_date", None, "DATE")
TABLE = SchemaChange("restricted/fct_plan", "fct_plan", None, None, "fct_plan")


@pytest.mark.parametrize(
    ("line", "covers_column", "covers_table"),
    [
        ("1.0,fct_plan,end_date,,added", True, False),
        ("1.0,`fct_plan`,`end_date`,,added", True, False),
        ('1.0,"fct_review, fct_plan","start_date, end_date",,added', True, False),
        ("1.0,fct_plan,all,,", True, False),
        ("1.0,all,end_date,,", True, False),
        ("1.0,all,all,,", True, False),
        ("1.0,restricted/fct_plan,end_date,,added", True, False),
        ("1.0,restricted/fct_plan.parquet,end_date,,added", True, False),
        ("1.0,open/fct_plan,end_date,,added", False, False),
        ("1.0,fct_plan,end,,added", False, False),
        ("1.0,fct_plans,end_date,,added", False, False),
        ("1.0,fct_plan,the end_date of a plan,,", False, False),
        # without a column the line speaks of the table itself
        ("1.0,fct_plan,,,added", False, True),
        ('1.0,"fct_review, fct_plan",,,added', False, True),
        ("1.0,all,,,first release", False, True),
    ],
)
def test_which_line_announces_which_change(tmp_path, line, covers_column, covers_table):
    (announcement,) = announcements(data_changes(tmp_path, line))
    assert announcement.covers(COLUMN) == covers_column
    assert announcement.covers(TABLE) == covers_table


@pytest.mark.parametrize(
    "change",
    [
        COLUMN,
        TABLE,
        SchemaChange("open/mart", "mart", None, "mart", None),
        SchemaChange("open/mart", "mart", "value", "DOUBLE", None),
        SchemaChange("open/mart", "mart", "value", "DOUBLE", "DECIMAL(18,3)"),
    ],
)
def test_the_line_that_is_asked_for_announces_the_change(tmp_path, change):
    (announcement,) = announcements(data_changes(tmp_path, change.announcement))
    assert announcement.covers(change)


def test_what_the_last_release_knew_announces_nothing_again(tmp_path):
    added, removed = "1.0,fct_plan,end_date,,added", "1.0,fct_plan,end_date,DATE,removed"
    known = [announcement.digest for announcement in announcements(data_changes(tmp_path, added))]
    assert new_announcements(announcements(data_changes(tmp_path, added)), known) == []
    (new,) = new_announcements(announcements(data_changes(tmp_path, added, removed)), known)
    assert new.covers(COLUMN)
    # neither the version nor spaces round a cell make it a new announcement
    assert new_announcements(announcements(data_changes(tmp_path, "1.1, fct_plan ,end_date,,added")), known) == []


def test_the_digest_of_a_line_is_that_of_releases_published_before():
    """Releases from before the file hold the digest of the same cells, which then were a row of the changelog."""
    assert [line.digest for line in announcements()[:3]] == [
        "59537d885a90c044",
        "131e36c691d8c817",
        "316585f4e1289fb7",
    ]
