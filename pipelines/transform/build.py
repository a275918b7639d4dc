"""One dbt build of a month: what has to be built, and what its results mean for the run.

In this process, because starting dbt anew costs more than building a month, and because a range of months then
reads the project once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.calendar import Month
from pipelines.errors import BadInputError, GateRefusedError, WarehouseError
from pipelines.settings import DataFolder
from pipelines.storage import storage_fault
from pipelines.transform import statements
from pipelines.transform.node_result import NodeResult
from pipelines.transform.project import manifest, project_digest
from pipelines.warehouse_file import create_tables, open_warehouse, take_over_from_raw, transaction

_TABLES_OF_EXTRACTS = """
    select schema_name, table_name
    from duckdb_columns()
    inner join duckdb_tables() using (database_name, schema_name, table_name)
    where
        database_name = current_database()
        and schema_name in ('quality', 'core', 'indicators')
        and column_name in ('la_code', 'extract_month')
    group by schema_name, table_name
    having count(*) = 2
"""


@dataclass(frozen=True)
class FailedTest:
    """A data test with rows at fault. `la_codes`: whose rows they are; None where the rows do not say."""

    line: str
    la_codes: frozenset[str] | None


class DataTestsError(GateRefusedError):
    """Data tests of the dbt project failed."""

    def __init__(self, tests: Sequence[FailedTest]) -> None:
        super().__init__("\n".join(test.line for test in tests))
        self.tests = tests

    def reasons(self) -> dict[str, str]:
        """Why each authority is refused. Empty if a test does not say whose rows are at fault."""
        if any(test.la_codes is None for test in self.tests):
            return {}
        codes = sorted({code for test in self.tests for code in test.la_codes or ()})
        return {
            code: "; ".join(test.line for test in self.tests if code in (test.la_codes or ())) for code in codes
        }


EVERY_MONTH = "every_month"
"""What a run builds while the project stays the same: a selector in dbt_project/selectors.yml."""


def build(folder: DataFolder, month: Month, select: Sequence[str] = ()) -> list[NodeResult]:
    """Builds and tests the project, or the models selected, for the extract of a month.

    Raises BadInputError where another month is in work, DataTestsError when data tests failed, WarehouseError when
    a model could not be built.
    """
    _refuse_another_month(folder, month)
    if not select:
        results = _run_stored_statements(folder)
        if results is not None:
            return results
    return _build_with_dbt(folder, select)


def _run_stored_statements(folder: DataFolder) -> list[NodeResult] | None:
    """Runs what dbt compiled before. None where dbt has to build the month."""
    with open_warehouse(folder) as connection:
        kept = _built(connection)
        return statements.run(folder, connection, kept) if kept else None


def _build_with_dbt(folder: DataFolder, select: Sequence[str]) -> list[NodeResult]:
    from pipelines.transform import dbt_commands  # noqa: PLC0415

    results = dbt_commands.build(folder, manifest(folder), _selection(folder, select))
    refused = [result for result in results if result.resource_type == "test" and result.status == "fail"]
    broken = [result for result in results if result.status == "error"]
    if broken:
        fault = storage_fault("\n".join(result.message for result in broken), folder)
        names = ", ".join(result.name for result in broken)
        raise fault or WarehouseError(f"dbt could not build {names}: see the log")
    if refused:
        raise DataTestsError(_failed_tests(folder, refused))
    if not select:
        _remember_built(folder)
    return results


def is_built(folder: DataFolder) -> bool:
    """Whether the working file was built by the project as it is now."""
    with open_warehouse(folder) as connection:
        return _built(connection) is not None


def remove_built(folder: DataFolder, month: Month, la_codes: Collection[str]) -> frozenset[str]:
    """Removes what rules and models made of the month's drops of these authorities.

    Returns those of which models had rows.
    """
    built: set[str] = set()
    if not la_codes:
        return frozenset()
    with open_warehouse(folder) as connection, transaction(connection):
        for schema, table in connection.execute(_TABLES_OF_EXTRACTS).fetchall():
            of_them = f"{schema}.{table} where extract_month = ? and list_contains(?, la_code)"
            values = [month.end, sorted(la_codes)]
            rows = connection.execute(f"select distinct la_code from {of_them}", values).fetchall()
            if rows:
                connection.execute(f"delete from {of_them}", values)
            if schema != "quality":
                built |= {la_code for (la_code,) in rows}
    return frozenset(built)


def table_rows(folder: DataFolder) -> dict[str, int]:
    """Rows of every table, over all extracts, by name. A view has none."""
    with open_warehouse(folder, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
        counts = " union all ".join(f"select '{name}', count(*) from {schema}.{name}" for schema, name in tables)
        return dict(connection.execute(counts).fetchall()) if counts else {}


def _failed_tests(folder: DataFolder, failed: Sequence[NodeResult]) -> list[FailedTest]:
    with open_warehouse(folder, read_only=True) as connection:
        return [
            FailedTest(
                f"dbt test {result.name} failed with {result.failures} rows",
                _authorities_at_fault(connection, result.sql),
            )
            for result in failed
        ]


def _authorities_at_fault(connection: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str] | None:
    """The authorities of the rows that a test finds; None if a row or the query has none."""
    try:
        rows = connection.execute(f"select distinct la_code from (\n{sql}\n)").fetchall()
    except duckdb.Error:
        return None
    codes = {la_code for (la_code,) in rows}
    return frozenset(codes) if codes and None not in codes else None


def _refuse_another_month(folder: DataFolder, month: Month) -> None:
    """Raises BadInputError if another month was ingested last: dbt builds the last ingested month."""
    with open_warehouse(folder, read_only=True) as connection:
        ingested = connection.execute("select distinct strftime(extract_month, '%Y-%m') from raw.run").fetchone()
    if ingested != (str(month),):
        last = ingested[0] if ingested else "none"
        raise BadInputError(f"{month}: the month that was ingested last is {last}: run {month} from the start")


def _selection(folder: DataFolder, select: Sequence[str]) -> list[str]:
    if select:
        return ["--select", *select]
    with open_warehouse(folder) as connection:
        if _built(connection) is not None:
            return ["--selector", EVERY_MONTH]
        # a build that does not end leaves tables of two projects
        connection.execute("delete from pipeline.built_project")
    return []


def _built(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The statements of a month where staging views and seeds are those of the project as it is now, else None.

    They are empty where dbt has to build every month.
    """
    take_over_from_raw(connection, "pipeline", ["built_project"])
    create_tables(connection, "pipeline", {"built_project": {"sha256": "varchar", "statements": "varchar"}})
    built = connection.execute("select sha256, coalesce(statements, '') from pipeline.built_project").fetchone()
    return built[1] if built is not None and built[0] == project_digest() else None


def _remember_built(folder: DataFolder) -> None:
    """Notes that the whole project is built, and keeps what dbt runs every month."""
    from pipelines.transform import dbt_commands  # noqa: PLC0415

    every_month = dbt_commands.compile_statements(folder, manifest(folder), ["--selector", EVERY_MONTH])
    with open_warehouse(folder) as connection, transaction(connection):
        kept = statements.as_text(every_month, statements.shape(connection)) if every_month else ""
        connection.execute("delete from pipeline.built_project")
        connection.execute("insert into pipeline.built_project values (?, ?)", [project_digest(), kept])
