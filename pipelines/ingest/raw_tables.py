"""Loading into the `raw` schema of the working file: one partition per authority and month, replaced whole.

Belongs here: the tables of `raw` and their SQL. Does not belong here: rules about rows (`row_checks`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.calendar import Month
from pipelines.contracts import Contract, code_sets, contracts
from pipelines.ingest.drop_results import DropResult, FileResult
from pipelines.ingest.reference import Population, holidays_of_england, holidays_source
from pipelines.warehouse_file import create_tables, transaction

SQL_TYPES: Mapping[str, str] = {
    "id": "varchar",
    "code": "varchar",
    "text": "varchar",
    "json": "varchar",
    "date": "date",
    "integer": "bigint",
    "number": "double",
}
_WHERE_FROM = {
    "la_code": "varchar",
    "extract_month": "date",
    "source_file": "varchar",
    "line_number": "bigint",
}
_TABLES: Mapping[str, Mapping[str, str]] = {
    "rejected_rows": {
        "la_code": "varchar",
        "extract_month": "date",
        "object": "varchar",
        "source_file": "varchar",
        "line_number": "bigint",
        "rule": "varchar",
        "column_name": "varchar",
        "raw_row": "varchar",
    },
    "dq_issue": {
        "la_code": "varchar",
        "extract_month": "date",
        "object": "varchar",
        "source_file": "varchar",
        "line_number": "bigint",
        "rule": "varchar",
        "column_name": "varchar",
        "record_key": "varchar",
        "child_id": "varchar",
    },
    "drop": {
        "la_code": "varchar",
        "extract_month": "date",
        "attempted_at": "timestamptz",
        "accepted": "boolean",
        "reason": "varchar",
        "is_loaded": "boolean",
        "is_fit": "boolean",
    },
    "drop_file": {
        "la_code": "varchar",
        "extract_month": "date",
        "attempted_at": "timestamptz",
        "object": "varchar",
        "file": "varchar",
        "sha256": "varchar",
        "rows_read": "bigint",
        "rows_loaded": "bigint",
        "rows_rejected": "bigint",
    },
    "run": {"extract_month": "date"},
    "population": {
        "la_code": "varchar",
        "mid_year": "integer",
        "population": "bigint",
        "first_month_used": "date",
    },
    "bank_holiday": {"holiday_date": "date", "source": "varchar"},
    "code": {"code_set": "varchar", "code": "varchar", "label": "varchar"},
}


@dataclass(frozen=True)
class LoadableFile:
    """One accepted file: rows without ids of persons or workers, rejected rows and flags."""

    contract: Contract
    result: FileResult
    loaded: pl.DataFrame
    rejected: pl.DataFrame
    issues: pl.DataFrame


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates every missing table of `raw`, and every column that a contract gained."""
    objects = {name: _object_columns(one) for name, one in contracts().items()}
    create_tables(connection, "raw", {**_TABLES, **objects})


def _object_columns(one: Contract) -> dict[str, str]:
    return {column.name: SQL_TYPES[column.type] for column in one.loaded_columns} | _WHERE_FROM


def write_run(connection: duckdb.DuckDBPyConnection, month: Month) -> None:
    """The month being worked on: exactly one row."""
    connection.execute("delete from raw.run")
    connection.execute("insert into raw.run values (?)", [month.end])


def write_reference(connection: duckdb.DuckDBPyConnection, populations: Sequence[Population]) -> None:
    """Replaces the authority's own populations, the sector's code sets and the bank holidays."""
    connection.execute("delete from raw.population")
    for one in populations:
        connection.execute(
            "insert into raw.population values (?, ?, ?, ?)",
            [one.la_code, one.mid_year, one.population, one.first_month_used],
        )
    codes = [(one.name, code, label) for one in code_sets().values() for code, label in one.codes.items()]
    connection.execute("delete from raw.code")
    connection.execute(
        "insert into raw.code select unnest(?), unnest(?), unnest(?)",
        [list(values) for values in zip(*codes, strict=True)],
    )
    _write_bank_holidays(connection)


def _write_bank_holidays(connection: duckdb.DuckDBPyConnection) -> None:
    """Replaces the bank holidays if their source has changed: forty years take half a second to compute."""
    if connection.execute("select distinct source from raw.bank_holiday").fetchall() == [(holidays_source(),)]:
        return
    with transaction(connection):
        connection.execute("delete from raw.bank_holiday")
        connection.execute(
            "insert into raw.bank_holiday select unnest(?::date[]), ?", [holidays_of_england(), holidays_source()]
        )


def rows_of_last_drop(connection: duckdb.DuckDBPyConnection, la_code: str, month: Month) -> dict[str, int]:
    """Rows read per object of the authority's newest earlier drop that was accepted and not found unfit."""
    found = connection.execute(
        """
        with last_drop as (
            select extract_month, attempted_at
            from raw.drop
            where la_code = ? and extract_month < ? and accepted and is_loaded and is_fit is not false
            order by extract_month desc
            limit 1
        )
        select drop_file.object, drop_file.rows_read
        from raw.drop_file as drop_file
        inner join last_drop using (extract_month, attempted_at)
        where drop_file.la_code = ?
        """,
        [la_code, month.end, la_code],
    ).fetchall()
    return dict(found)


def load_drop(
    connection: duckdb.DuckDBPyConnection, result: DropResult, files: Sequence[LoadableFile], at: dt.datetime
) -> None:
    """Replaces the partition of an authority and month by these files, in one transaction."""
    partition = [result.la_code, result.extract_month.end]
    # Some thirty short inserts: measured, one thread does them in half the time that two take.
    connection.execute("set threads = 1")
    with transaction(connection):
        for table in (*contracts(), "rejected_rows", "dq_issue"):
            connection.execute(f"delete from raw.{table} where la_code = ? and extract_month = ?", partition)
        for file in files:
            _insert_file(connection, partition, file)
        connection.execute(
            "update raw.drop set is_loaded = false where la_code = ? and extract_month = ?", partition
        )
        connection.execute("insert into raw.drop values (?, ?, ?, true, '', true, null)", [*partition, at])
        for one in result.files:
            connection.execute(
                "insert into raw.drop_file values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    *partition,
                    at,
                    one.object,
                    one.file,
                    one.sha256,
                    one.rows_read,
                    one.rows_loaded,
                    one.rows_rejected,
                ],
            )


def record_refusal(connection: duckdb.DuckDBPyConnection, result: DropResult, at: dt.datetime) -> None:
    """Notes that a drop was refused, and why; what an earlier attempt loaded stays."""
    connection.execute(
        "insert into raw.drop values (?, ?, ?, false, ?, false, null)",
        [result.la_code, result.extract_month.end, at, result.reason],
    )


def _insert_file(connection: duckdb.DuckDBPyConnection, partition: list[object], file: LoadableFile) -> None:
    name = file.contract.object
    where_from = [*partition, file.result.file]
    _insert(
        connection,
        file.loaded,
        f"insert into raw.{name} by name"
        " select *, ? as la_code, ? as extract_month, ? as source_file from incoming",
        where_from,
    )
    keys = file.loaded.select(
        pl.col("line_number"),
        pl.concat_str(file.contract.key, separator="|").alias("record_key")
        if file.contract.key
        else pl.lit(None, dtype=pl.String).alias("record_key"),
        pl.col(file.contract.person).alias("child_id")
        if file.contract.person
        else pl.lit(None, dtype=pl.String).alias("child_id"),
    )
    issues = file.issues.join(keys, on="line_number", how="left", maintain_order="left")
    for table, rows in (("rejected_rows", file.rejected), ("dq_issue", issues)):
        _insert(
            connection,
            rows,
            f"insert into raw.{table} by name select *, ? as la_code, ? as extract_month, ? as source_file,"
            " ? as object from incoming",
            [*where_from, name],
        )


def _insert(connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, sql: str, values: list[object]) -> None:
    if rows.is_empty():
        return
    connection.register("incoming", rows)
    connection.execute(sql, values)
    connection.unregister("incoming")
