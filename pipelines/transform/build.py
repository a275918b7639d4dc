"""One dbt build in this process.

In this process, because starting dbt anew costs more than building a month, and because a range of months then
reads the project once.
"""

import gc
from collections.abc import Sequence
from dataclasses import dataclass

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner

from pipelines.calendar import Month
from pipelines.errors import BadInputError, GateRefusedError, WarehouseError
from pipelines.settings import DataFolder
from pipelines.storage import storage_fault
from pipelines.transform.project import dbt_options, manifest, project_digest
from pipelines.warehouse_file import create_tables, open_warehouse, take_over_from_raw

EVERY_MONTH = "every_month"
"""What a run builds while the project stays the same: a selector in dbt_project/selectors.yml."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one model, seed or test."""

    name: str
    resource_type: str
    status: str
    seconds: float
    failures: int
    message: str
    """What dbt says of it: may quote a value where it is an error."""

    @property
    def is_good(self) -> bool:
        return self.status in {"success", "pass", "warn"}


def build(folder: DataFolder, month: Month, select: Sequence[str] = ()) -> list[NodeResult]:
    """Builds and tests the project, or the models selected, for the extract of a month.

    Raises BadInputError where another month is in work, GateRefusedError when a data test failed, WarehouseError
    when a model could not be built.
    """
    _refuse_another_month(folder, month)
    results = _invoke(folder, _selection(folder, select))
    refused = [result for result in results if result.resource_type == "test" and result.status == "fail"]
    broken = [result for result in results if result.status == "error"]
    if broken:
        told = storage_fault("\n".join(result.message for result in broken), folder)
        names = ", ".join(result.name for result in broken)
        raise told or WarehouseError(f"dbt could not build {names}: see the log")
    if refused:
        raise GateRefusedError(
            "\n".join(f"dbt test {result.name} failed with {result.failures} rows" for result in refused)
        )
    if not select:
        _remember_built(folder)
    return results


def rows_held(folder: DataFolder) -> dict[str, int]:
    """Rows of every table, of all extracts held, by name. A view has none."""
    with open_warehouse(folder, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
        counts = " union all ".join(f"select '{name}', count(*) from {schema}.{name}" for schema, name in tables)
        return dict(connection.execute(counts).fetchall()) if counts else {}


def _refuse_another_month(folder: DataFolder, month: Month) -> None:
    """dbt builds what was ingested last: that a run began again in its middle must not take another month's."""
    with open_warehouse(folder, read_only=True) as connection:
        found = connection.execute("select strftime(extract_month, '%Y-%m') from raw.run").fetchone()
    if found != (str(month),):
        held = found[0] if found else "none"
        raise BadInputError(f"{month}: the month that was ingested last is {held}: run {month} from the start")


def _selection(folder: DataFolder, select: Sequence[str]) -> list[str]:
    if select:
        return ["--select", *select]
    if not _is_built(folder):
        return []
    return ["--selector", EVERY_MONTH]


def _invoke(folder: DataFolder, selection: list[str]) -> list[NodeResult]:
    project = manifest(folder)
    # dbt holds hundreds of thousands of objects that stay: looking for garbage among them takes a tenth of a build
    gc.disable()
    try:
        outcome = dbtRunner(manifest=project).invoke(
            [
                "build",
                "--exclude-resource-type",
                "unit_test",
                "--no-use-colors",
                # the manifest is there already, and nobody reads the other files: writing them takes a second
                "--no-write-json",
                # what is at fault stands in the log all the same; every statement of every run costs a tenth of it
                "--log-level-file",
                "info",
                *dbt_options(folder),
                *selection,
            ]
        )
    finally:
        gc.enable()
        # dbt keeps the file open for its next command; the next step of the run is not dbt's
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if not isinstance(outcome.result, RunExecutionResult):
        told = storage_fault(outcome.exception, folder) if outcome.exception else None
        raise told or WarehouseError(f"dbt stopped: {outcome.exception}") from outcome.exception
    return [
        NodeResult(
            name=result.node.name,
            resource_type=result.node.resource_type.value,
            status=str(result.status),
            seconds=result.execution_time,
            failures=result.failures or 0,
            message=str(result.message or ""),
        )
        for result in outcome.result.results
    ]


def _is_built(folder: DataFolder) -> bool:
    with open_warehouse(folder) as connection:
        take_over_from_raw(connection, "pipeline", ["built_project"])
        create_tables(connection, "pipeline", {"built_project": {"sha256": "varchar"}})
        found = connection.execute("select sha256 from pipeline.built_project").fetchone()
    return found is not None and found[0] == project_digest()


def _remember_built(folder: DataFolder) -> None:
    with open_warehouse(folder) as connection:
        connection.execute("delete from pipeline.built_project")
        connection.execute("insert into pipeline.built_project values (?)", [project_digest()])
