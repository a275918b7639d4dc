"""The schema `quality` of the working file: the register of the row rules and what they found in each drop.

Belongs here: the tables and what is written to them. Does not belong here: running rules (`rules`).
"""

from collections.abc import Mapping

import duckdb

from pipelines.warehouse_file import create_tables, take_over_from_raw

_PARTITION = {"la_code": "varchar", "extract_month": "date"}
RULE_TABLES: Mapping[str, Mapping[str, str]] = {
    "rule": {
        "rule": "varchar",
        "domain": "varchar",
        "official_codes": "varchar",
        "title": "varchar",
        "severity": "varchar",
        "object": "varchar",
        "threatens": "varchar",
        "why": "varchar",
    },
    "rule_run": {
        **_PARTITION,
        "rule": "varchar",
        "outcome": "varchar",
        "reason": "varchar",
        "rows_checked": "bigint",
        "rows_failed": "bigint",
    },
    "rule_failure": {
        **_PARTITION,
        "rule": "varchar",
        "object": "varchar",
        "record_key": "varchar",
        "child_id": "varchar",
    },
}


def create_rule_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the missing tables, and takes over those that earlier versions kept in the schema `raw`."""
    take_over_from_raw(connection, "quality", list(RULE_TABLES))
    create_tables(connection, "quality", RULE_TABLES)
