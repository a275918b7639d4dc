"""The two commands of dbt that a month needs, parse and build, in this process. No other file imports dbt.

It is imported by the functions that need it, since dbt takes more than a second to import.
"""

import gc
import json
from collections.abc import Sequence

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from pipelines.errors import WarehouseError
from pipelines.settings import DATABASE_VAR, DBT_PROJECT, MEMORY_VAR, DataFolder
from pipelines.storage import storage_fault
from pipelines.transform.node_result import NodeResult
from pipelines.warehouse_file import memory_limit


def parse(folder: DataFolder) -> Manifest:
    """The project as dbt reads it; dbt also writes it to the folder. Raises WarehouseError when it cannot."""
    outcome = dbtRunner().invoke(["parse", "--quiet", *_options(folder)])
    if not outcome.success:
        raise WarehouseError(f"dbt cannot read its project: {outcome.exception or 'see the log'}")
    assert isinstance(outcome.result, Manifest)
    return outcome.result


def build(folder: DataFolder, manifest: Manifest, selection: Sequence[str]) -> list[NodeResult]:
    """Builds and tests what is selected. Raises WarehouseError when dbt stops before it has a result."""
    # dbt holds hundreds of thousands of objects that stay: looking for garbage among them takes a tenth of a build
    gc.disable()
    try:
        outcome = dbtRunner(manifest=manifest).invoke(
            [
                "build",
                "--exclude-resource-type",
                "unit_test",
                "--no-use-colors",
                # the manifest is there already, and nobody reads the other files: writing them takes a second
                "--no-write-json",
                # a fault is in the log all the same; logging every statement of every run costs a tenth of it
                "--log-level-file",
                "info",
                *_options(folder),
                *selection,
            ]
        )
    finally:
        gc.enable()
        # dbt keeps the file open for its next command; the next step of the run is not dbt's
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if not isinstance(outcome.result, RunExecutionResult):
        fault = storage_fault(outcome.exception, folder) if outcome.exception else None
        raise fault or WarehouseError(f"dbt stopped: {outcome.exception}") from outcome.exception
    return [
        NodeResult(
            name=result.node.name,
            resource_type=result.node.resource_type.value,
            status=str(result.status),
            seconds=result.execution_time,
            failures=result.failures or 0,
            message=str(result.message or ""),
            sql=getattr(result.node, "compiled_code", None) or "",
        )
        for result in outcome.result.results
    ]


def _options(folder: DataFolder) -> list[str]:
    """Where dbt finds its project and the working file, and where it leaves what it writes."""
    project, target = str(DBT_PROJECT), str(folder.dbt_target)
    return [
        "--project-dir",
        project,
        "--profiles-dir",
        project,
        "--target-path",
        target,
        "--log-path",
        target,
        "--vars",
        json.dumps({DATABASE_VAR: str(folder.database), MEMORY_VAR: memory_limit()}),
    ]
