"""Runs one row rule on a few hand-made records.

Belongs here: the working file of a case, and running a rule on it. Does not belong here: the records and the
expected failures, which are the tables of cases.

Unless a case names another month, the drop is that of authority 888 for August 2019: month end 2019-08-31,
extract 2019-09-02, financial year from 2019-04-01.
"""

from functools import cache

import duckdb

from pipelines.calendar import Month
from pipelines.contracts import contract
from pipelines.ingest.raw_tables import create_raw_tables
from pipelines.quality.rules import failing_rows, prepare_views, rules

LA_CODE = "888"
MONTH = Month(2019, 8)

Record = dict[str, str | int | None]


def failing(rule: str, month: Month = MONTH, **objects: list[Record]) -> set[str]:
    """Keys of the records that fail the rule. A column that a record does not name is null.

    Checks for every rule that a record fails once, with its own child.
    """
    connection = empty_drop(month)
    connection.begin()
    try:
        for name, records in objects.items():
            for record in records:
                where_from = {"la_code": LA_CODE, "extract_month": month.end}
                columns = ", ".join([*record, *where_from])
                marks = ", ".join("?" for _ in [*record, *where_from])
                connection.execute(
                    f"insert into raw.{name} ({columns}) values ({marks})",
                    [*record.values(), *where_from.values()],
                )
        failures = failing_rows(connection, rules()[rule])
    finally:
        connection.rollback()
    assert len({key for key, _ in failures}) == len(failures), "a record fails twice"
    judged = contract(rules()[rule].object)
    records = objects.get(judged.object, [])
    if judged.person is not None:
        children = {
            "|".join(str(record[part]) for part in judged.key): record[judged.person] for record in records
        }
        assert dict(failures) == {key: children[key] for key, _ in failures}, "a record fails with another child"
    if judged.object == "ssd_cla_reviews":
        # a review has no person: its child is that of the period of care
        of_period = {row["clae_cla_id"]: row["clae_person_id"] for row in objects.get("ssd_cla_episodes", [])}
        children = {str(record["clar_cla_review_id"]): of_period.get(record["clar_cla_id"]) for record in records}
        assert dict(failures) == {key: children[key] for key, _ in failures}, "a review fails with another child"
    return {key for key, _ in failures}


def rules_of(domain: str) -> set[str]:
    """The registered rules of a domain."""
    return {name for name, rule in rules().items() if rule.domain == domain}


@cache
def empty_drop(month: Month = MONTH) -> duckdb.DuckDBPyConnection:
    """Every raw object without rows, and the views that the rules read."""
    connection = duckdb.connect()
    create_raw_tables(connection)
    prepare_views(connection, LA_CODE, month, kept_as="view")
    return connection
