"""A small authority through three months: vintages, late recording, order of loading, privacy."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest
from release_rows import Tables
from report_tables import Page
from small_authority import PEOPLE, drop, write_drop

from pipelines.calendar import Month
from pipelines.cli import main
from pipelines.dictionary.indicators import indicators
from pipelines.publish import current_release, releases
from pipelines.release_layout import sql_of, tables_of
from pipelines.settings import DataFolder
from pipelines.transform import build, dbt_commands
from pipelines.warehouse_file import open_warehouse

MONTHS = ("2019-01", "2019-02", "2019-03")
FACTS = (
    "dim_child",
    "dq_issue",
    "fct_allocation",
    "fct_indicator_child",
    "fct_indicator_restatement",
    "fct_indicator_value",
    "fct_legal_status",
    "fct_period_of_care",
    "fct_plan",
    "fct_rule_run",
    "mart_data_quality",
    "mart_due_list",
    "mart_indicator_benchmark",
    "mart_indicator_signal",
    "mart_projection",
    "mart_restatement",
)


def run(data: Path, *arguments: str) -> int:
    return main(["run", "--data", str(data), *arguments])


def rows(data: Path, query: str) -> list[tuple]:
    """Rows of a query over the latest release; {restricted} and {open} stand for its folders."""
    latest = data / "marts" / "latest"
    return duckdb.sql(
        query.format(restricted=Tables(latest / "restricted"), open=Tables(latest / "open"))
    ).fetchall()


@pytest.fixture(scope="module")
def in_order(tmp_path_factory) -> Path:
    data = tmp_path_factory.mktemp("in_order")
    for month in MONTHS:
        write_drop(data, month, drop(month))
    # with this umask everybody could read and write what the run does not protect
    before = os.umask(0)
    try:
        assert run(data, "--from", MONTHS[0], "--to", MONTHS[-1]) == 0
    finally:
        os.umask(before)
    return data


def test_figures_are_those_counted_by_hand(in_order):
    found = rows(
        in_order,
        """
        select indicator_id, numerator, denominator
        from {restricted[fct_indicator_value]}
        where
            month = date '2019-03-31'
            and basis = 'as_reported'
            and area_type = 'authority'
            and numerator is not null
        """,
    )
    counted_by_hand = {
        ("children_looked_after", 1, None),
        ("children_looked_after_rate", 1, None),
        ("cin_plans_open", 1, None),
        ("cin_plans_open_0_3_months", 1, 1),
        ("cin_plans_open_over_12_months", 0, 1),
        ("cin_plans_open_rate", 1, None),
        ("cla_ceased", 0, None),
        ("cla_started", 0, None),
        ("cp_plans_ended_2_years", 0, 0),
        ("cp_plans_open", 2, None),
        ("cp_plans_open_rate", 2, None),
        ("cp_plans_repeat", 1, 2),
        ("cp_plans_repeat_12_months", 1, 2),
    }
    assert counted_by_hand <= set(found)
    delivered = drop(MONTHS[-1]).keys()
    assert {indicator_id for indicator_id, *_ in found} == {
        indicator.id for indicator in indicators().values() if delivered >= set(indicator.objects)
    }


def test_what_was_recorded_late_is_restated_and_what_was_reported_stays(in_order):
    found = rows(
        in_order,
        """
        select extract_month::varchar, basis, numerator
        from {restricted[fct_indicator_value]}
        where indicator_id = 'cin_plans_open' and month = date '2019-01-31' and area_type = 'authority'
        order by extract_month
        """,
    )
    assert found == [
        ("2019-01-31", "as_reported", 1),
        ("2019-02-28", "restated", 2),
        ("2019-03-31", "restated", 2),
    ]


def test_a_manager_sees_how_much_of_a_restatement_is_late_recording(in_order):
    found = rows(
        in_order,
        """
        select area_name, reported_value, restated_value, value_change, numerator_late_recording
        from {restricted[mart_restatement]}
        where indicator_id = 'cin_plans_open' and month = date '2019-01-31' and area_type <> 'locality'
        order by area_name
        """,
    )
    assert found == [("Blackburn with Darwen", 1, 2, 1, 1), ("Burnley", 1, 1, 0, 0), ("Preston", 0, 1, 1, 1)]


def test_a_record_to_put_right_has_an_age_and_a_team_sees_it_fixed(in_order):
    issues = rows(
        in_order,
        """
        select
            team_name, first_seen_extract::varchar, last_seen_extract::varchar, resolved_extract::varchar, age_days
        from {restricted[dq_issue]}
        where rule = 'cin_plan_of_a_child_looked_after'
        """,
    )
    assert issues == [("Preston", "2019-01-31", "2019-03-31", None, 59)]
    told = rows(
        in_order,
        """
        select month::varchar, checked, failed, new, fixed
        from {restricted[mart_data_quality]}
        where rule = 'cin_plan_of_a_child_looked_after' and area_name = 'Preston'
        order by month
        """,
    )
    assert told == [("2019-01-31", 1, 1, 1, 0), ("2019-02-28", 1, 1, 0, 0), ("2019-03-31", 1, 1, 0, 0)]


def test_current_views_hold_the_newest_extract_of_what_the_facts_hold(in_order):
    with duckdb.connect(
        in_order / "marts" / "latest" / "restricted" / "warehouse.duckdb", read_only=True
    ) as connection:
        newest = connection.execute("select distinct extract_month::varchar from current_plan").fetchall()
        facts = {row[0] for row in connection.execute("show tables").fetchall()}
        held = connection.execute("select count(*) from current_plan").fetchone()
        expected = connection.execute(
            "select count(*) from fct_plan where extract_month = date '2019-03-31'"
        ).fetchone()
    assert newest == [("2019-03-31",)]
    assert held == expected
    assert {"current_child", "current_review", "current_care_leaver", "current_team"} <= facts


def test_a_child_counts_in_the_team_of_the_month_end(in_order):
    found = rows(
        in_order,
        """
        select month::varchar, area_name, numerator
        from {restricted[fct_indicator_value]}
        where indicator_id = 'cp_plans_open' and area_type = 'team' and basis = 'as_reported'
        order by month, area_name
        """,
    )
    assert found == [
        ("2019-01-31", "Burnley", 2),
        ("2019-02-28", "Burnley", 1),
        ("2019-02-28", "Preston", 1),
        ("2019-03-31", "Burnley", 1),
        ("2019-03-31", "Preston", 1),
    ]


def test_child_rows_of_restated_months_are_kept_for_the_newest_extract_only(in_order):
    found = rows(
        in_order,
        """
        select distinct extract_month::varchar, month = extract_month
        from {restricted[fct_indicator_child]}
        order by all
        """,
    )
    assert found == [("2019-01-31", True), ("2019-02-28", True), ("2019-03-31", False), ("2019-03-31", True)]


def without_times(data: Path, table: str) -> list[tuple]:
    return rows(data, f"select * from {{restricted[{table}]}} order by all")


@pytest.mark.long
def test_any_order_of_loading_gives_the_same_tables(in_order, tmp_path, monkeypatch):
    key = (in_order / "warehouse" / "private" / "pseudonym.key").read_text(encoding="utf-8").strip()
    monkeypatch.setenv("WAREHOUSE_PSEUDONYM_KEY", key)
    for month in MONTHS:
        write_drop(tmp_path, month, drop(month))
    for month in ("2019-03", "2019-01", "2019-02"):
        assert run(tmp_path, "--month", month) == 0
    for table in FACTS:
        assert without_times(tmp_path, table) == without_times(in_order, table), table


def test_every_release_says_what_it_holds(in_order):
    release = in_order / "marts" / "latest"
    manifest = json.loads((release / "restricted" / "manifest.json").read_text(encoding="utf-8"))
    assert [used["extract_month"] for used in manifest["drops"]] == list(MONTHS)
    for file in (file for used in manifest["drops"] for file in used["files"]):
        assert file["rows_read"] == file["rows_loaded"] + file["rows_rejected"]
        assert len(file["sha256"]) == 64
    for table in manifest["tables"]:
        rows_of_table = sql_of(release / table["file"].split("/")[0], table["table"])
        assert duckdb.sql(f"select count(*) from {rows_of_table}").fetchone() == (table["rows"],), table["table"]
        names = [column[0] for column in duckdb.sql(f"describe from {rows_of_table}").fetchall()]
        assert names == [column["name"] for column in table["columns"]]


def test_sql_users_find_the_tables_of_a_release_in_its_databases(in_order):
    release = in_order / "marts" / "latest"
    for database, room in (("restricted/warehouse.duckdb", "restricted"), ("open/marts.duckdb", "open")):
        with duckdb.connect(release / database, read_only=True) as connection:
            tables = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
        assert tables == set(tables_of(release / room))


def test_others_read_the_open_part_of_a_release_and_nothing_else(in_order):
    releases = list((in_order / "marts" / "releases").iterdir())
    for release in releases:
        assert {path.name for path in release.iterdir()} == {"manifest.json", "open", "report", "restricted"}
        modes = {path.relative_to(release): path.stat().st_mode & 0o777 for path in release.rglob("*")}
        public = {path for path in modes if path.parts[0] != "restricted"}
        assert {modes[path] for path in public} == {0o755, 0o644}
        assert {modes[path] for path in modes.keys() - public} == {0o700, 0o600}
    assert len(releases) == len(MONTHS)
    assert (in_order / "warehouse").stat().st_mode & 0o077 == 0


def test_the_manifest_that_others_read_has_checksums_and_no_number(in_order):
    release = (in_order / "marts" / "latest").resolve()
    public = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert list(public) == [
        "release_id",
        "created_at",
        "extract_month",
        "versions",
        "data_changes",
        "authorities",
        "left_out_of_open",
        "tables",
        "files",
    ]
    assert {type(value) for value in values(public)} == {str}
    assert {table["file"].split("/")[0] for table in public["tables"]} == {"open"}
    files = [path for room in ("open", "report") for path in (release / room).rglob("*") if path.is_file()]
    names = {path.relative_to(release).as_posix() for path in files}
    assert {entry["file"] for entry in public["files"]} == names
    for entry in public["files"]:
        assert hashlib.sha256((release / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def values(content) -> Iterator[object]:
    """Every value in JSON that is neither a list nor an object."""
    if isinstance(content, dict | list):
        for value in content.values() if isinstance(content, dict) else content:
            yield from values(value)
    else:
        yield content


def test_every_release_has_pages_and_those_of_teams_are_their_owners_only(in_order):
    for release in (in_order / "marts" / "releases").iterdir():
        assert (release / "report" / "index.html").is_file()
        service = release / "restricted" / "report"
        for path in [*(release / "report" / "889").glob("*.html"), *service.rglob("*.html")]:
            links = [unquote(link.partition("#")[0]) for link in Page(path).links]
            assert [link for link in links if not (path.parent / link).exists()] == []
        assert {"Burnley.html", "Preston.html"} <= {path.name for path in (service / "889" / "teams").iterdir()}
        assert [path for path in service.rglob("*") if path.stat().st_mode & 0o077] == []


def test_releases_share_the_dictionary_while_it_says_the_same(in_order):
    first, *later = (
        path / "report" / "dictionary" for path in sorted((in_order / "marts" / "releases").iterdir())
    )
    pages = {path.name for path in first.iterdir()}
    for folder in later:
        assert {path.name for path in folder.iterdir() if path.samefile(first / path.name)} == pages


def test_small_counts_do_not_leave_the_service(in_order):
    found = rows(
        in_order,
        """
        select area_type, status, count(value), count(numerator)
        from {open[mart_indicator_monthly]}
        where
            indicator_id in ('cin_plans_open', 'cp_plans_open')
            and month = date '2019-03-31'
        group by all
        order by all
        """,
    )
    assert found == [(area_type, "suppressed", 0, 0) for area_type in ("authority", "locality")]


def test_no_name_and_no_id_of_a_person_is_in_a_release_or_a_log(in_order):
    places = [in_order / "marts", in_order / "warehouse" / "logs", in_order / "warehouse" / "findings"]
    planted = [b"Quillfeather", b"Zebedee", *(name.encode() for name in ("cla_short_break", "cp_elsewhere"))]
    assert set(PEOPLE) >= {"cla_short_break", "cp_elsewhere"}
    for path in (path for place in places for path in place.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not [word for word in planted if word in content], path


NO_DIFFERENCE = {
    "schema_changes": 0,
    "tables_changed_in_earlier_months": [],
    "rows_gone": 0,
    "rows_new": 0,
    "figures_corrected": 0,
}


def differences(data: Path) -> dict:
    return current_release(DataFolder(data)).manifest["differences"]


def test_a_further_month_leaves_every_row_of_the_months_before_it(in_order):
    february = next((in_order / "marts" / "releases").glob("2019-02_*"))
    assert differences(in_order) == NO_DIFFERENCE | {"compared_with": february.name}


def as_an_earlier_version_wrote_it(release: Path) -> None:
    """Moves the full manifest and `quality/` to where everybody could read them."""
    (release / "restricted" / "manifest.json").replace(release / "manifest.json")
    (release / "restricted" / "quality").rename(release / "quality")
    for path in (release / "quality", release / "manifest.json", *release.glob("quality/*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_rerun_changes_no_table_and_leaves_the_earlier_release_to_its_readers(in_order, tmp_path, capfd):
    data = tmp_path / "data"
    shutil.copytree(in_order, data, symlinks=True)
    before = (data / "marts" / "latest").resolve()
    content = (before / "restricted" / "manifest.json").read_bytes()
    damaged, of_old_version = (next((data / "marts" / "releases").glob(f"{month}_*")) for month in MONTHS[:2])
    (damaged / "restricted" / "manifest.json").write_text('{"release_id": ', encoding="utf-8")
    as_an_earlier_version_wrote_it(of_old_version)
    capfd.readouterr()
    assert run(data, "--month", "2019-02") == 0
    assert f"release {damaged.name} is damaged: restricted/manifest.json is no JSON" in capfd.readouterr().err
    assert damaged.is_dir()
    closed = [of_old_version / "manifest.json", of_old_version / "quality", *of_old_version.glob("quality/*")]
    assert [path for path in closed if path.stat().st_mode & 0o077] == []
    assert of_old_version.name in [release.id for release in releases(DataFolder(data))]
    assert (data / "marts" / "latest").resolve() != before
    assert differences(data) == NO_DIFFERENCE | {"compared_with": before.name}
    for table in FACTS:
        assert without_times(data, table) == without_times(in_order, table), table
    assert (before / "restricted" / "manifest.json").read_bytes() == content


def built_tables(folder: DataFolder) -> dict[str, list[tuple]]:
    """The columns and rows of every table that is built, in an order of their own."""
    with open_warehouse(folder, read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where schema_name not in ('raw', 'pipeline')"
        ).fetchall()
        tables = {name: connection.table(name).order("all") for (name,) in names}
        return {
            name: [*zip(table.columns, table.types, strict=True), *table.fetchall()]
            for name, table in tables.items()
        }


OF_AN_EARLIER_VERSION = """
    alter table indicators.fct_indicator_child drop column unit_type;
    alter table indicators.fct_indicator_child drop column unit_id;
    alter table indicators.fct_indicator_child drop column numerator_value;
    alter table indicators.fct_indicator_child drop column denominator_value;
    alter table indicators.fct_indicator_value alter numerator type bigint;
    alter table indicators.fct_indicator_value alter denominator type bigint;
    alter table indicators.fct_indicator_value drop column list_month;
"""


@pytest.mark.long
def test_the_stored_statements_make_the_tables_that_dbt_makes(in_order, tmp_path, monkeypatch):
    """In the working file, in two months one after the other. A release is written from these tables.

    dbt takes over a working file of an earlier version, and builds the second month after half of the statements.
    """
    failing = {"name": "failing", "resource_type": "test", "sql": "select 1"}
    made = {}
    for by in ("statements", "dbt"):
        data = tmp_path / by
        shutil.copytree(in_order / "warehouse", data / "warehouse")
        folder = DataFolder(data)
        with monkeypatch.context() as patch:
            if by == "statements":
                patch.setattr(dbt_commands, "build", None)
            for month in MONTHS[1:]:
                with open_warehouse(folder) as connection:
                    connection.execute("update raw.run set extract_month = ?", [Month.parse(month).end])
                    if by == "dbt":
                        if month == MONTHS[1]:
                            connection.execute(OF_AN_EARLIER_VERSION)
                        stored = json.loads(connection.table("pipeline.built_project").fetchone()[1])
                        nodes = stored["nodes"]
                        nodes[0 if month == MONTHS[1] else len(nodes) // 2 :] = [failing]
                        connection.execute(
                            "update pipeline.built_project set statements = ?", [json.dumps(stored)]
                        )
                build(folder, Month.parse(month))
                made[by, month] = built_tables(folder)
    for month in MONTHS[1:]:
        assert made["statements", month].keys() == made["dbt", month].keys()
        for name, rows_of_dbt in made["dbt", month].items():
            assert made["statements", month][name] == rows_of_dbt, (month, name)


GROWING_SCHEMAS = {"raw", "staging", "intermediate", "core", "indicators", "marts", "quality"}
SMALL_TABLES = {"raw.run", "raw.drop", "intermediate.int_reporting_month"}
PAIRS_BY_DESIGN = {
    "dim_comparator": "authorities with the places that they are compared with",
    "int_calendar_day": "100 by 150 steps make the days of the calendar",
    "int_plan": "every care plan is a plan of two kinds",
    "int_indicator_availability": "every month with every need of an indicator",
    "ind_education_and_health": "every child with the few values of a number that is asked twice",
    "ind_due_item": "every item stands at two month ends",
    "mart_indicator_benchmark": "every authority with four comparators",
}


def joins_without_equality(plan: list[dict]) -> list[tuple[list[str], list[str]]]:
    """The tables on both sides of each join that compares every row with every row."""
    joins, left = [], list(plan)
    while left:
        node = left.pop()
        left += node["children"]
        if node["name"].strip() in {"BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN", "CROSS_PRODUCT"}:
            joins.append(tuple(scanned(child) for child in node["children"]))
    return joins


def scanned(plan: dict) -> list[str]:
    """The tables that a plan reads; a scan of a common table expression is an empty name."""
    own = [plan["extra_info"].get("Table", "")] if "SCAN" in plan["name"] else []
    return own + [name for child in plan["children"] for name in scanned(child)]


def grows(tables: list[str]) -> bool:
    names = {name.replace('"', "").partition(".")[2] for name in tables}
    return any(
        not name
        or (
            name.split(".")[0] in GROWING_SCHEMAS
            and name not in SMALL_TABLES
            # an authority's own settings: a few rows
            and not name.startswith("raw.reference_")
        )
        for name in names
    )


def test_no_join_compares_every_row_with_every_row(in_order):
    """Such a join takes the square of the time when the number of authorities or months doubles."""
    database = duckdb.connect(str(in_order / "warehouse" / "warehouse.duckdb"), read_only=True)
    compiled = sorted((in_order / "warehouse" / "dbt" / "compiled").rglob("*.sql"))
    assert len(compiled) > 150
    slow = set()
    for path in compiled:
        (_, plan), *_ = database.execute(f"explain (format json) {path.read_text()}").fetchall()
        if any(grows(one) and grows(other) for one, other in joins_without_equality(json.loads(plan))):
            slow.add(path.stem)
    assert slow == set(PAIRS_BY_DESIGN)
