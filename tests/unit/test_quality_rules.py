"""Running the row rules: what is kept, and that a rule that cannot run is not taken for one that found nothing."""

import duckdb
import pytest

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.ingest.raw_tables import create_raw_tables
from pipelines.quality import rules as engine
from pipelines.quality.rule_tables import create_rule_tables
from pipelines.quality.rules import rules, run_rules, write_register

MONTH = Month(2019, 8)
JULY = Month(2019, 7)
DOMAIN = "children_in_need"
ENTRY = """
- rule: {rule}
  official: []
  title: {rule}
  severity: error
  object: ssd_person
  threatens: []
  why: A test.
"""


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A room with one sound rule of the project, to which a test adds its own."""
    domain = tmp_path / "rules" / DOMAIN
    domain.mkdir(parents=True)
    monkeypatch.setattr(engine, "ROOM", domain.parent)
    engine.rules.cache_clear()
    yield domain
    engine.rules.cache_clear()


def add(room, rule, sql):
    (room / f"{rule}.sql").write_text(sql)
    with (room / "register.yml").open("a") as register:
        register.write(ENTRY.format(rule=rule))
    engine.rules.cache_clear()


@pytest.fixture
def warehouse():
    """Three people in August, one in July."""
    with duckdb.connect() as connection:
        create_raw_tables(connection)
        create_rule_tables(connection)
        for person, sex, month in (("a", "F", "2019-08-31"), ("b", "M", "2019-08-31"), ("c", None, "2019-08-31")):
            connection.execute(
                "insert into raw.ssd_person (pers_person_id, pers_sex, la_code, extract_month)"
                " values (?, ?, '888', ?)",
                [person, sex, month],
            )
        connection.execute(
            "insert into raw.ssd_person (pers_person_id, la_code, extract_month) values ('d', '888', '2019-07-31')"
        )
        yield connection


def outcomes(warehouse, delivered=("ssd_person",)):
    return {
        one.rule.rule: (one.outcome, one.reason, one.rows_checked, len(one.failing))
        for one in run_rules(warehouse, "888", MONTH, delivered)
    }


NO_SEX = "select pers_person_id as record_key, pers_person_id as child_id from ssd_person where pers_sex is null"


WITHOUT_REFERRAL = (
    "select cina_assessment_id as record_key, cina_person_id as child_id from ssd_cin_assessments"
    " where {0} exists (from ssd_cin_episodes where cine_referral_id = cina_referral_id)"
)


@pytest.mark.parametrize(
    ("object_", "asks", "complete_from", "is_every_event", "outcome"),
    [
        ("ssd_cin_assessments", "not", "2018-04-01", True, "ran"),
        ("ssd_cin_assessments", "not", "2018-04-02", True, "skipped"),
        ("ssd_cin_assessments", "not", None, True, "ran"),
        ("ssd_cin_assessments", "not", None, False, "skipped"),
        # a rule that names what is there finds less in fewer rows, never more
        ("ssd_cin_assessments", "", "2018-04-02", True, "ran"),
        # an object without days may speak of any past
        ("ssd_care_leavers", "not", "2013-04-01", True, "skipped"),
        ("ssd_cin_episodes", "not", "2018-04-02", True, "ran"),
    ],
)
def test_a_rule_is_skipped_that_takes_what_the_drop_lacks_for_a_fault(
    room, warehouse, object_, asks, complete_from, is_every_event, outcome
):
    add(room, "without_referral", WITHOUT_REFERRAL.format(asks))
    register = room / "register.yml"
    register.write_text(register.read_text().replace("object: ssd_person", f"object: {object_}"))
    engine.rules.cache_clear()
    warehouse.execute(
        "insert into raw.drop_reach (la_code, extract_month, object, complete_from, is_every_event, has_teams)"
        " values ('888', '2019-08-31', 'ssd_cin_episodes', ?, ?, true)",
        [complete_from, is_every_event],
    )
    found = outcomes(warehouse, ("ssd_cin_assessments", "ssd_cin_episodes", "ssd_care_leavers"))[
        "without_referral"
    ]
    reason = "ssd_cin_episodes does not go back far enough" if outcome == "skipped" else ""
    assert found[:2] == (outcome, reason)


def test_what_a_rule_finds_in_its_drop_is_kept_and_replaced_when_it_runs_again(room, warehouse):
    add(room, "no_sex", NO_SEX)
    for _ in range(2):
        assert outcomes(warehouse) == {"no_sex": ("ran", "", 3, 1)}
    assert warehouse.execute("select rule, object, record_key, child_id from quality.rule_failure").fetchall() == [
        ("no_sex", "ssd_person", "c", "c")
    ]
    assert warehouse.execute("select count(*) from quality.rule_run").fetchone() == (1,)


OLD_VERSION = """
create schema raw;
create table raw.rule (
    rule varchar, domain varchar, official_codes varchar, title varchar, severity varchar, object varchar,
    threatens varchar, why varchar
);
create table raw.rule_run (
    la_code varchar, extract_month date, rule varchar, outcome varchar, reason varchar, rows_checked bigint,
    rows_failed bigint
);
create table raw.rule_failure (
    la_code varchar, extract_month date, rule varchar, object varchar, record_key varchar, child_id varchar
);
insert into raw.rule (rule) values ('no_sex');
insert into raw.rule_run values
    ('888', '2019-07-31', 'no_sex', 'ran', '', 3, 1),
    ('888', '2019-08-31', 'no_sex', 'ran', '', 3, 2);
insert into raw.rule_failure values
    ('888', '2019-07-31', 'no_sex', 'ssd_person', 'd', 'd'),
    ('888', '2019-08-31', 'no_sex', 'ssd_person', 'c', 'c');
create view staging_of_old as select * from raw.rule_failure;
"""


def test_findings_that_an_earlier_version_kept_in_raw_are_taken_over():
    with duckdb.connect() as connection:
        connection.execute(OLD_VERSION)
        for _ in range(2):
            create_rule_tables(connection)
        create_raw_tables(connection)
        assert connection.execute("from quality.rule_failure order by extract_month").fetchall() == [
            ("888", JULY.end, "no_sex", "ssd_person", "d", "d"),
            ("888", MONTH.end, "no_sex", "ssd_person", "c", "c"),
        ]
        assert connection.execute("select rows_failed from quality.rule_run order by all").fetchall() == [
            (1,),
            (2,),
        ]
        assert connection.execute("select rule from quality.rule").fetchall() == [("no_sex",)]
        left = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' and table_name like 'rule%'"
        ).fetchall()
        assert left == []


def test_a_record_is_kept_once_however_often_a_rule_gives_it(room, warehouse):
    add(room, "twice", f"{NO_SEX} union all {NO_SEX}")
    assert outcomes(warehouse) == {"twice": ("ran", "", 3, 1)}


def test_a_rule_whose_object_was_not_delivered_is_skipped_with_the_reason(room, warehouse):
    add(room, "no_sex", NO_SEX)
    assert outcomes(warehouse, delivered=()) == {"no_sex": ("skipped", "ssd_person not delivered", 0, 0)}


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("selec nothing", "ParserException"),
        ("select pers_no_such_column as record_key, null as child_id from ssd_person", "BinderException"),
        ("select pers_person_id as record_key from ssd_person", "BinderException"),
        ("select cast(pers_sex as integer)::varchar as record_key, null as child_id from ssd_person",
         "ConversionException"),
    ],
)  # fmt: skip
def test_a_rule_that_crashes_says_so_without_a_value_and_the_others_still_run(room, warehouse, sql, kind):
    add(room, "broken", sql)
    add(room, "no_sex", NO_SEX)
    assert outcomes(warehouse) == {"broken": ("crashed", kind, 0, 0), "no_sex": ("ran", "", 3, 1)}


def test_a_rule_without_its_file_crashes(room, warehouse):
    add(room, "no_file", "")
    (room / "no_file.sql").unlink()
    assert outcomes(warehouse)["no_file"][:2] == ("crashed", "FileNotFoundError")


def test_a_register_that_does_not_hold_together_is_named(room):
    (room / "register.yml").write_text("- rule: half_a_rule\n  object: ssd_person\n")
    with pytest.raises(engine.RuleError, match=r"children_in_need/register\.yml"):
        rules()


def test_every_rule_of_the_project_runs_on_a_drop_without_rows():
    with duckdb.connect() as connection:
        create_raw_tables(connection)
        create_rule_tables(connection)
        found = run_rules(connection, "888", MONTH, list(contracts()))
        write_register(connection)
        registered = connection.execute("select count(*) from quality.rule").fetchone()
    assert {(one.outcome, len(one.failing)) for one in found} == {("ran", 0)}
    assert registered == (len(rules()),)
