"""Running one row rule on a few records made by hand.

Belongs here: the working file of a case, and asking a rule about it. Does not belong here: records and what is
expected of them, which are the tables of cases.

Unless a case names another month the drop is that of authority 888 for August 2019: month end 2019-08-31,
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
    """Keys of the records that the rule finds wrong. A column that a record does not name is null.

    Holds for every rule: a record is found once, with the child whose record it is.
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
        found = failing_rows(connection, rules()[rule])
    finally:
        connection.rollback()
    assert len({key for key, _ in found}) == len(found), "a record is found twice"
    judged = contract(rules()[rule].object)
    records = objects.get(judged.object, [])
    if judged.person is not None:
        children = {"|".join(str(one[part]) for part in judged.key): one[judged.person] for one in records}
        assert dict(found) == {key: children[key] for key, _ in found}, "a record is found with another child"
    if judged.object == "ssd_cla_reviews":
        # a review has no person: its child is that of the period of care
        of_period = {one["clae_cla_id"]: one["clae_person_id"] for one in objects.get("ssd_cla_episodes", [])}
        children = {str(one["clar_cla_review_id"]): of_period.get(one["clar_cla_id"]) for one in records}
        assert dict(found) == {key: children[key] for key, _ in found}, "a review is found with another child"
    return {key for key, _ in found}


def rules_of(domain: str) -> set[str]:
    """The registered rules of a domain."""
    return {name for name, rule in rules().items() if rule.domain == domain}


@cache
def empty_drop(month: Month = MONTH) -> duckdb.DuckDBPyConnection:
    """Every raw object without rows, and the views of the rules over them."""
    connection = duckdb.connect()
    create_raw_tables(connection)
    prepare_views(connection, LA_CODE, month, shared_as="view")
    return connection
