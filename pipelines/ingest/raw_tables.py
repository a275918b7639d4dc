"""Loads drops into the schema `raw` of the working file: a partition per authority and month, replaced as a whole.

Belongs here: the tables of `raw` and their SQL. Does not belong here: rules about rows (`row_checks`).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import duckdb
import polars as pl

from pipelines.calendar import Month
from pipelines.contracts import Contract, code_sets, contracts
from pipelines.ingest.bank_holidays_of_england import holidays_of_england, holidays_source
from pipelines.ingest.drop_results import DropResult, FileResult
from pipelines.ingest.list_versions import create_list_tables
from pipelines.ingest.own_words import POSTCODES
from pipelines.ingest.reach import Reach, write_reach
from pipelines.reference import OwnFile, OwnReference, reference_register
from pipelines.warehouse_file import create_tables, transaction

SQL_TYPES: Mapping[str, str] = {
    "id": "varchar",
    "code": "varchar",
    "text": "varchar",
    "json": "varchar",
    "date": "date",
    "datetime": "timestamp",
    "integer": "bigint",
    "number": "double",
}
_ORIGIN = {
    "la_code": "varchar",
    "extract_month": "date",
    "source_file": "varchar",
    "line_number": "bigint",
}
PIPELINE_TABLES: Mapping[str, Mapping[str, str]] = {
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
        "source_layout": "varchar",
    },
    "list_version": {
        "la_code": "varchar",
        "extract_month": "date",
        "object": "varchar",
        "counts_until_next": "boolean",
    },
    "drop_reach": {
        "la_code": "varchar",
        "extract_month": "date",
        "object": "varchar",
        "title": "varchar",
        "complete_from": "date",
        "is_every_event": "boolean",
        "has_teams": "boolean",
        "basis": "varchar",
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
        "open_rows": "bigint",
        "open_rows_rejected": "bigint",
        "recent_rows": "bigint",
        "recent_rows_rejected": "bigint",
        "children_lost": "bigint",
    },
    "run": {"extract_month": "date", "la_code": "varchar"},
    "reference_file": {"name": "varchar", "file": "varchar", "sha256": "varchar", "rows": "bigint"},
    "published_population": {
        "la_code": "varchar",
        "mid_year": "integer",
        "population": "bigint",
        "first_month_used": "date",
    },
    "published_population_file": {
        "file": "varchar",
        "sha256": "varchar",
        "read_with": "varchar",
        "rows": "bigint",
    },
    **{entry.table: entry.sql_columns for entry in reference_register().values()},
    "bank_holiday": {"holiday_date": "date", "source": "varchar"},
    "code": {"code_set": "varchar", "code": "varchar", "label": "varchar", "spelling": "varchar"},
}
"""Tables of `raw` that hold no object of a drop: their columns with SQL types."""


SSD = "ssd"
"""The layout of a drop: the Standard Safeguarding Dataset, the only one that is read so far."""


@dataclass(frozen=True)
class LoadableFile:
    """One accepted file: rows with hashed ids, rejected rows and flags."""

    contract: Contract
    result: FileResult
    loaded: pl.DataFrame
    rejected: pl.DataFrame
    issues: pl.DataFrame


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates every missing table of `raw`, every column that a contract gained, and the records of lists.

    A table that came later would change the shape for which the statements of dbt are kept.
    """
    objects = {name: _object_columns(contract) for name, contract in contracts().items()}
    create_tables(connection, "raw", {**PIPELINE_TABLES, **objects})
    create_list_tables(connection)


def _object_columns(contract: Contract) -> dict[str, str]:
    return {column.name: SQL_TYPES[column.type] for column in contract.loaded_columns} | _ORIGIN


def write_run(connection: duckdb.DuckDBPyConnection, month: Month, la_codes: Iterable[str]) -> None:
    """Writes which month is being run, for which authorities: rules, gates and models work on these alone."""
    with transaction(connection):
        connection.execute("delete from raw.run")
        connection.execute(
            "insert into raw.run (extract_month, la_code) select ?, unnest(?::varchar[])",
            [month.end, sorted(la_codes)],
        )


def loaded(connection: duckdb.DuckDBPyConnection, month: Month) -> list[str]:
    """Authorities of which a drop of the month is loaded."""
    rows = connection.execute(
        "select distinct la_code from raw.drop where is_loaded and extract_month = ? order by la_code", [month.end]
    ).fetchall()
    return [la_code for (la_code,) in rows]


def newest_month_loaded(connection: duckdb.DuckDBPyConnection, la_code: str) -> Month | None:
    """The newest month of which a drop of the authority is loaded that no gate refused."""
    row = connection.execute(
        "select max(extract_month) from raw.drop where is_loaded and is_fit is not false and la_code = ?",
        [la_code],
    ).fetchone()
    return Month(row[0].year, row[0].month) if row and row[0] else None


def write_reference(connection: duckdb.DuckDBPyConnection, reference: OwnReference) -> None:
    """Replaces the authority's own reference data, the sector's code sets and the bank holidays."""
    with transaction(connection):
        connection.execute("delete from raw.reference_file")
        for name, entry in reference_register().items():
            connection.execute(f"delete from raw.{entry.table}")
            if name in reference.files:
                _insert_reference(connection, reference.files[name])
    codes = [
        (name, code, code_set.codes[code], spelling)
        for name, code_set in code_sets().items()
        for spelling, code in code_set.spellings.items()
    ]
    connection.execute("delete from raw.code")
    connection.execute(
        "insert into raw.code (code_set, code, label, spelling) select unnest(?), unnest(?), unnest(?), unnest(?)",
        [list(values) for values in zip(*codes, strict=True)],
    )
    _write_bank_holidays(connection)


def _insert_reference(connection: duckdb.DuckDBPyConnection, own: OwnFile) -> None:
    entry = own.register
    connection.execute(
        "insert into raw.reference_file values (?, ?, ?, ?)", [entry.name, entry.file, own.sha256, len(own.rows)]
    )
    if own.rows:
        columns = ", ".join(f'"{name}"' for name in entry.columns)
        values = ", ".join(f"unnest(?::{sql_type}[])" for sql_type in entry.sql_columns.values())
        connection.execute(
            f"insert into raw.{entry.table} ({columns}) select {values}",
            [[row[name] for row in own.rows] for name in entry.columns],
        )


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
    """Rows read per object of the authority's previous drop in this layout that was accepted and not unfit."""
    rows = connection.execute(
        """
        with last_drop as (
            select extract_month, attempted_at
            from raw.drop
            where la_code = ? and extract_month < ? and accepted and is_loaded and is_fit is not false
                and coalesce(source_layout, ?) = ?
            order by extract_month desc
            limit 1
        )
        select drop_file.object, drop_file.rows_read
        from raw.drop_file as drop_file
        inner join last_drop using (extract_month, attempted_at)
        where drop_file.la_code = ?
        """,
        [la_code, month.end, SSD, SSD, la_code],
    ).fetchall()
    return dict(rows)


def load_drop(
    connection: duckdb.DuckDBPyConnection, result: DropResult, files: Sequence[LoadableFile], at: dt.datetime
) -> dict[str, Reach]:
    """Replaces the partition of an authority and month by the rows of these files, in one transaction.

    Returns the reach of each object.
    """
    partition = [result.la_code, result.extract_month.end]
    with transaction(connection):
        _empty(connection, partition)
        for file in files:
            _insert_file(connection, partition, file)
        connection.execute("insert into raw.drop values (?, ?, ?, true, '', true, null, ?)", [*partition, at, SSD])
        columns = PIPELINE_TABLES["drop_file"]
        for file_result in result.files:
            row = {
                **dict(zip(("la_code", "extract_month", "attempted_at"), [*partition, at], strict=True)),
                **{name: value for name, value in asdict(file_result).items() if name in columns},
                **asdict(file_result.lost),
            }
            connection.execute(
                f"insert into raw.drop_file ({', '.join(row)}) values ({', '.join('?' * len(row))})",
                list(row.values()),
            )
        _write_list_versions(connection, partition, [file.contract for file in files])
        return write_reach(connection, result.la_code, result.extract_month)


def _write_list_versions(
    connection: duckdb.DuckDBPyConnection, partition: list[object], delivered: Sequence[Contract]
) -> None:
    """Notes which lists came with a drop, empty ones too, and that its postcodes could be read."""
    lists = {known.object: known.delivered == "when_it_changes" for known in delivered if known.is_list}
    if connection.execute("select 1 from raw.reference_file where name = ?", [POSTCODES]).fetchone():
        lists[f"reference_{POSTCODES}"] = False
    for name, counts_until_next in lists.items():
        connection.execute(
            "insert into raw.list_version values (?, ?, ?, ?)", [*partition, name, counts_until_next]
        )


def remove_drop(connection: duckdb.DuckDBPyConnection, la_code: str, month: Month) -> None:
    """Removes the partition of an authority and month, in one transaction."""
    with transaction(connection):
        _empty(connection, [la_code, month.end])


def _empty(connection: duckdb.DuckDBPyConnection, partition: list[object]) -> None:
    for table in (*contracts(), "rejected_rows", "dq_issue", "drop_reach", "list_version"):
        connection.execute(f"delete from raw.{table} where la_code = ? and extract_month = ?", partition)
    connection.execute("update raw.drop set is_loaded = false where la_code = ? and extract_month = ?", partition)


def record_refusal(connection: duckdb.DuckDBPyConnection, result: DropResult, at: dt.datetime) -> None:
    """Records that a drop was refused, and why. Rows that an earlier attempt loaded stay."""
    connection.execute(
        "insert into raw.drop values (?, ?, ?, false, ?, false, null, ?)",
        [result.la_code, result.extract_month.end, at, result.reason, SSD],
    )


def _insert_file(connection: duckdb.DuckDBPyConnection, partition: list[object], file: LoadableFile) -> None:
    name = file.contract.object
    origin = [*partition, file.result.file]
    _insert(
        connection,
        file.loaded,
        f"insert into raw.{name} by name"
        " select *, ? as la_code, ? as extract_month, ? as source_file from incoming",
        origin,
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
            [*origin, name],
        )


def _insert(connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, sql: str, values: list[object]) -> None:
    if rows.is_empty():
        return
    connection.register("incoming", rows)
    connection.execute(sql, values)
    connection.unregister("incoming")
