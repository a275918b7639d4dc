"""What row rules share (expectations/rules/shared) states the same as the models and macros of dbt.

dbt and the rules read the same records made by hand, with the edges on which two wordings of one rule part: equal
starts, open ends, periods without a day, ids that are numbers or not, birthdays on 29 February.
"""

import datetime as dt
from collections.abc import Iterator

import duckdb
import pytest
from dbt_process import run_dbt

from pipelines.calendar import Month
from pipelines.ingest.raw_tables import create_raw_tables, write_reference, write_run
from pipelines.quality.rule_tables import create_rule_tables
from pipelines.quality.rules import prepare_views
from pipelines.reference.own_files import OwnReference
from pipelines.settings import DataFolder
from pipelines.warehouse_file import open_warehouse

MONTH = Month(2020, 2)
MODELS = (
    "int_effective_legal_status",
    "int_looked_after_month_end",
    "int_care_leaver_month_end",
    "int_cla_review",
)
BIRTHDAYS = {
    "born on 29 February": "2004-02-29",
    "born on 28 February": "2003-02-28",
    "born on 1 March": "2003-03-01",
    "18 on 28 February": "2001-02-28",
    "18 on 1 March 2019": "2001-03-01",
    "18 on the month end": "2002-02-28",
    "20 on the month end": "2000-02-29",
    "birth unknown": None,
}
# child, id, status, start, end
STATUSES = [
    ("born on 29 February", "9", "C2", "2019-01-01", None),
    ("born on 29 February", "10", "V3", "2019-01-01", "2019-06-30"),
    ("born on 28 February", "11", "C1", "2019-01-01", "2019-05-01"),
    ("born on 28 February", "12", "V2", "2019-03-01", "2019-04-01"),
    ("born on 28 February", "13", "V3", "2019-05-01", None),
    ("born on 1 March", "14", "C2", "2019-08-31", "2019-08-31"),
    ("born on 1 March", "15", "V2", None, "2019-10-01"),
    ("18 on the month end", "16", "words that no code set has", "2019-01-01", None),
    ("18 on the month end", "17", "c2", "2019-02-01", "2019-02-28"),
    ("18 on 1 March 2019", "18", "V4", "2019-02-28", "2020-02-29"),
    ("18 on 1 March 2019", "0018", "C2", "2019-02-27", None),
]
# id, child, period, start, ceased
EPISODES = [
    ("8", "born on 29 February", "p1", "2018-01-01", "2019-02-28"),
    ("9", "born on 29 February", "p1", "2019-02-28", None),
    ("20", "born on 28 February", "p2", "2019-01-01", "2019-12-31"),
    ("21", "born on 1 March", "p2", "2019-01-01", None),
    ("100", "18 on 28 February", "p3", "2018-01-01", "2019-03-31"),
    ("99", "18 on 1 March 2019", "p3", "2018-01-01", "2019-03-31"),
    ("101", "18 on the month end", "p4", None, None),
    ("102", "20 on the month end", "p4", "2018-06-01", "2018-06-02"),
    ("103", "birth unknown", "p5", "2018-06-01", None),
    ("104", "born on 1 March", None, "2019-06-01", "2020-02-29"),
]
REVIEWS = [
    ("r1", "p1"),
    ("r2", "p2"),
    ("r3", "p3"),
    ("r4", "p4"),
    ("r5", "a period without episodes"),
    ("r6", None),
]


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    create_raw_tables(connection)
    create_rule_tables(connection)
    write_reference(connection, OwnReference())
    write_run(connection, MONTH, ["888"])
    connection.execute("insert into raw.drop values ('888', ?, now(), true, '', true, true, 'ssd')", [MONTH.end])
    people = list(BIRTHDAYS.items())
    for table, columns, records in (
        ("ssd_person", "pers_person_id, pers_dob", people),
        ("ssd_care_leavers", "clea_person_id, clea_table_id", [(child, f"leaver {child}") for child, _ in people]),
        ("ssd_legal_status", "lega_person_id, lega_legal_status_id, lega_legal_status,"
         " lega_legal_status_start_date, lega_legal_status_end_date", STATUSES),
        ("ssd_cla_episodes", "clae_cla_episode_id, clae_person_id, clae_cla_id, clae_cla_episode_start_date,"
         " clae_cla_episode_ceased_date", EPISODES),
        ("ssd_cla_reviews", "clar_cla_review_id, clar_cla_id", REVIEWS),
    ):  # fmt: skip
        marks = ", ".join("?" for _ in records[0])
        connection.executemany(
            f"insert into raw.{table} ({columns}, la_code, extract_month) values ({marks}, '888', '{MONTH.end}')",
            records,
        )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of the cases as dbt built it, with what the rules read of it."""
    folder = DataFolder(tmp_path_factory.mktemp("cases"))
    with open_warehouse(folder) as connection:
        fill(connection)
    selection = [argument for model in MODELS for argument in ("--select", f"+{model}")]
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    outcome = run_dbt(["build", *selection, *kinds], folder.database, folder.root / "target")
    assert outcome.returncode == 0, outcome.stdout
    with open_warehouse(folder) as connection:
        prepare_views(connection, "888", MONTH)
        yield connection


def same_rows(connection: duckdb.DuckDBPyConnection, of_dbt: str, of_rules: str) -> list[tuple[object, ...]]:
    rows = connection.execute(f"{of_dbt} order by all").fetchall()
    assert connection.execute(f"{of_rules} order by all").fetchall() == rows
    return rows


def test_legal_statuses_in_force(both):
    rows = same_rows(
        both,
        "select child_id, valid_from, valid_to, legal_status_code, is_short_break"
        " from intermediate.int_effective_legal_status",
        "select lega_person_id, valid_from, valid_to, legal_status_code, is_short_break from"
        " legal_status_in_force",
    )
    # of two statuses that start on one day the higher id is in force
    assert ("born on 29 February", dt.date(2019, 1, 1), dt.date(2019, 6, 30), "V3", True) in rows
    assert len(rows) == 10


def test_the_child_of_a_review(both):
    rows = same_rows(
        both,
        "select review_id, child_id from intermediate.int_cla_review",
        "select clar_cla_review_id, clae_person_id from review_of_child",
    )
    assert dict(rows) == {
        "r1": "born on 29 February",
        "r2": "born on 1 March",
        "r3": "18 on 28 February",
        "r4": "20 on the month end",
        "r5": None,
        "r6": None,
    }


def test_open_periods_and_ages_on_the_ends_of_13_months(both):
    rows = same_rows(
        both,
        "select distinct month, child_id, age from intermediate.int_looked_after_month_end",
        """
        select distinct months.month, episodes.clae_person_id, age_at(people.pers_dob, months.month)
        from (select distinct month from intermediate.int_reporting_month) as months
        inner join ssd_cla_episodes as episodes
            on is_open_on(
                episodes.clae_cla_episode_start_date, episodes.clae_cla_episode_ceased_date, months.month
            )
        inner join ssd_person as people on people.pers_person_id = episodes.clae_person_id
        left join legal_status_in_force as statuses
            on
                episodes.clae_person_id = statuses.lega_person_id
                and months.month >= statuses.valid_from
                and months.month < statuses.valid_to
        where age_at(people.pers_dob, months.month) < 18 and not coalesce(statuses.is_short_break, false)
        """,
    )
    assert {month for month, _, _ in rows} >= {dt.date(2019, 2, 28), MONTH.end}
    open_at_end = both.execute(
        "select clae_person_id, age from open_episode where age < 18 order by all"
    ).fetchall()
    assert [(child, age) for month, child, age in rows if month == MONTH.end] == [
        row for row in open_at_end if row[0] != "born on 28 February"
    ]


def test_ages_of_care_leavers(both):
    rows = same_rows(
        both,
        "select child_id, age from intermediate.int_care_leaver_month_end where month = extract_month",
        "select clea_person_id, age from care_leaver_with_age",
    )
    ages = dict(rows)
    assert (ages["born on 29 February"], ages["20 on the month end"], ages["18 on 1 March 2019"]) == (16, 20, 18)
