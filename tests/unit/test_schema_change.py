"""Columns of a release against the last one's: what is told, and which row of the changelog announces it."""

import pytest

from pipelines.publish.schema import SchemaChange, announcements, new_announcements, schema_changes


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
            ["restricted/fct_plan.parquet: column end_date is new, DATE"],
        ),
        (
            [PLAN],
            [table("restricted/fct_plan", "plan_id VARCHAR")],
            ["restricted/fct_plan.parquet: column start_date is gone, it was DATE"],
        ),
        (
            [PLAN],
            [table("restricted/fct_plan", "plan_id BIGINT, start_date DATE")],
            ["restricted/fct_plan.parquet: column plan_id is BIGINT, it was VARCHAR"],
        ),
        (
            [PLAN],
            [table("restricted/fct_plan", "id VARCHAR, start_date DATE")],
            [
                "restricted/fct_plan.parquet: column plan_id is gone, it was VARCHAR",
                "restricted/fct_plan.parquet: column id is new, VARCHAR",
            ],
        ),
        ([PLAN], [PLAN, MART], ["open/mart.parquet: the table is new"]),
        ([PLAN, MART], [PLAN], ["open/mart.parquet: the table is gone"]),
        # a table that moves from one room to the other is gone here and new there
        (
            [MART],
            [table("restricted/mart", "value DOUBLE")],
            ["open/mart.parquet: the table is gone", "restricted/mart.parquet: the table is new"],
        ),
    ],
)
def test_what_changed_for_readers(before, after, told):
    assert [f"{change.file}: {change.what}" for change in schema_changes(before, after)] == told


def changelog(path, *rows: str, heading: str = "### Data changes"):
    """A changelog with a data-change table of the rows."""
    head = ["# Changelog", "", heading, "", "| Table | Column | Old | New |", "|---|---|---|---|"]
    file = path / "CHANGELOG.md"
    file.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
    return file


COLUMN = SchemaChange("restricted/fct_plan.parquet", "fct_plan", "end_date", None, "DATE")
TABLE = SchemaChange("restricted/fct_plan.parquet", "fct_plan", None, None, "fct_plan")


@pytest.mark.parametrize(
    ("row", "covers_column", "covers_table"),
    [
        ("| fct_plan | end_date | | added |", True, False),
        ("| `fct_plan` | `end_date` | | added |", True, False),
        ("|fct_plan|end_date||added|", True, False),
        ("| fct_review, fct_plan | start_date, end_date | | added |", True, False),
        ("| fct_plan | all | | |", True, False),
        ("| all | end_date | | |", True, False),
        ("| all | all | | |", True, False),
        ("| restricted/fct_plan | end_date | | added |", True, False),
        ("| restricted/fct_plan.parquet | end_date | | added |", True, False),
        ("| open/fct_plan | end_date | | added |", False, False),
        ("| fct_plan | end | | added |", False, False),
        ("| fct_plans | end_date | | added |", False, False),
        ("| fct_plan | the end_date of a plan | | |", False, False),
        # without a column the row speaks of the table itself
        ("| fct_plan | | | added |", False, True),
        ("| fct_review, fct_plan | | | added |", False, True),
        ("| all | | | first release |", False, True),
        # not a row of four cells, not a row at all
        ("| fct_plan | end_date | added |", False, False),
        ("fct_plan, end_date: added", False, False),
    ],
)
def test_which_row_announces_which_change(tmp_path, row, covers_column, covers_table):
    found = announcements(changelog(tmp_path, row))
    assert any(one.covers(COLUMN) for one in found) == covers_column
    assert any(one.covers(TABLE) for one in found) == covers_table


@pytest.mark.parametrize(
    "change",
    [
        COLUMN,
        TABLE,
        SchemaChange("open/mart.parquet", "mart", None, "mart", None),
        SchemaChange("open/mart.parquet", "mart", "value", "DOUBLE", None),
        SchemaChange("open/mart.parquet", "mart", "value", "DOUBLE", "DECIMAL(18,3)"),
    ],
)
def test_the_row_that_is_asked_for_announces_the_change(tmp_path, change):
    (found,) = announcements(changelog(tmp_path, change.announcement))
    assert found.covers(change)


def test_only_tables_of_data_changes_announce(tmp_path):
    row = "| fct_plan | end_date | | added |"
    assert len(announcements(changelog(tmp_path, row, heading="## data changes"))) == 1
    assert announcements(changelog(tmp_path, row, heading="### Something else")) == []
    assert len(announcements(changelog(tmp_path, row, "", "## 0.0.9", "", row.replace("added", "old")))) == 1
    assert announcements(tmp_path / "none.md") == []


def test_what_the_changelog_said_already_announces_nothing_again(tmp_path):
    added, removed = "| fct_plan | end_date | | added |", "| fct_plan | end_date | DATE | removed |"
    before = announcements(changelog(tmp_path, added))
    known = [one.digest for one in before]
    assert new_announcements(announcements(changelog(tmp_path, added)), known) == []
    (new,) = new_announcements(announcements(changelog(tmp_path, added, removed)), known)
    assert new.covers(COLUMN)
    # what stands between the cells is no new announcement
    assert new_announcements(announcements(changelog(tmp_path, added.replace(" ", "  "))), known) == []
