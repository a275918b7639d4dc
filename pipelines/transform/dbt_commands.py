"""The commands of dbt that a month needs: parse, build and compile, in this process. No other file imports dbt.

It is imported by the functions that need it, since dbt takes more than a second to import.
"""

import contextlib
import gc
import io
import json
import tempfile
from collections.abc import Sequence
from graphlib import TopologicalSorter
from heapq import heappop, heappush

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import CompiledNode, GenericTestNode, ModelNode, SingularTestNode

from pipelines.errors import WarehouseError
from pipelines.settings import DATABASE_VAR, DBT_PROJECT, MEMORY_VAR, DataFolder
from pipelines.storage import storage_fault
from pipelines.transform.node_result import NodeResult
from pipelines.transform.statements import NodeStatements, Statements
from pipelines.warehouse_file import memory_limit

_BETWEEN = "-- the next part"


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


def compile_statements(folder: DataFolder, manifest: Manifest, selection: Sequence[str]) -> Statements | None:
    """What dbt runs for the nodes selected once their tables are there. None where that is not always the same.

    Raises WarehouseError when dbt cannot compile the project.
    """
    nodes = _in_order(_compiled(folder, manifest, selection))
    if not all(map(_is_the_same_every_month, nodes)):
        return None
    incremental = [
        node for node in nodes if isinstance(node, ModelNode) and node.config.materialized == "incremental"
    ]
    settings, *replacing = _rendered(
        folder, manifest, ["{{ tojson(target.settings) }}", *map(_replacing, incremental)]
    )
    sql = {node.unique_id: text for node, text in zip(incremental, replacing, strict=True)}
    return Statements(
        # the memory is a setting of each run, which opens the file with it
        {name: value for name, value in json.loads(settings).items() if name != "memory_limit"},
        [
            NodeStatements(
                node.name,
                node.resource_type.value,
                sql.get(node.unique_id) or _sql(node),
                node.relation_name or "" if isinstance(node, ModelNode) else "",
            )
            for node in nodes
        ],
    )


def _compiled(folder: DataFolder, manifest: Manifest, selection: Sequence[str]) -> list[CompiledNode]:
    """The nodes selected."""
    try:
        outcome = dbtRunner(manifest=manifest).invoke(
            ["compile", "--quiet", "--no-write-json", *_options(folder), *selection]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if not outcome.success or not isinstance(outcome.result, RunExecutionResult):
        raise WarehouseError(f"dbt cannot compile its project: {outcome.exception or 'see the log'}")
    return [result.node for result in outcome.result.results if isinstance(result.node, CompiledNode)]


def _in_order(nodes: Sequence[CompiledNode]) -> list[CompiledNode]:
    """The nodes, each after those that it reads, always in the same order.

    A test comes before all models that do not have to precede it. So no model is run that dbt would skip after it.
    """
    named = {node.unique_id: node for node in nodes}
    sorter = TopologicalSorter(
        {name: [each for each in node.depends_on.nodes if each in named] for name, node in named.items()}
    )
    sorter.prepare()
    ordered: list[CompiledNode] = []
    ready: list[tuple[bool, str]] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, (isinstance(named[name], ModelNode), name))
        _, name = heappop(ready)
        ordered.append(named[name])
        sorter.done(name)
    return ordered


def _rendered(folder: DataFolder, manifest: Manifest, parts: Sequence[str]) -> list[str]:
    """Each part of Jinja as dbt renders it."""
    # dbt prints what it renders, and leaves a file of it
    with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as target:
        inline = ["--inline", f"\n{_BETWEEN}\n".join(parts), "--target-path", target]
        (node,) = _compiled(folder, manifest, inline)
    return [part.strip() for part in str(node.compiled_code).split(_BETWEEN)]


def _is_the_same_every_month(node: CompiledNode) -> bool:
    """Whether dbt always makes the same statements for a node, and they are those of `_sql` or `_replacing`."""
    if isinstance(node, GenericTestNode | SingularTestNode):
        test = node.config
        return (test.severity, test.error_if, test.fail_calc, test.limit) == ("ERROR", "!= 0", "count(*)", None)
    return (
        isinstance(node, ModelNode)
        and node.language == "sql"
        and node.config.materialized in {"table", "view", "incremental"}
        and node.config.incremental_strategy in {None, "replace_extract"}
        and not (node.constraints or node.config.grants or node.config.get("sql_header"))
        and not any(column.constraints for column in node.columns.values())
        and (node.config.materialized == "incremental" or not (node.config.pre_hook or node.config.post_hook))
        # the strategy deletes the old extract before it reads the query
        and str(node.relation_name) not in str(node.compiled_code)
        and "macro.dbt.is_incremental" not in node.depends_on.macros
    )


def _sql(node: CompiledNode) -> str:
    """What a test, a table or a view runs."""
    query = str(node.compiled_code)
    if not isinstance(node, ModelNode):
        return f"select count(*) from (\n{query}\n) as failing"
    if node.config.materialized == "table" and node.config.contract.enforced:
        # the contract says the order of the columns
        query = f"select {', '.join(node.columns)} from (\n{query}\n) as made"
        if node.config.meta.get("earlier_extracts") == "kept" and "la_code" in node.columns:
            return _replacing_what_differs(node, query)
    return f"create or replace {node.config.materialized} {node.relation_name} as (\n{query}\n)"


def _replacing_what_differs(node: ModelNode, query: str) -> str:
    """What a table of extracts runs: to compress rows that stay takes longer than to compute them all."""
    partition = f"hash(la_code, {node.config.meta['extract']})"
    states = f"""
    select {partition} as partition, count(*) as row_count, sum(hash(hash({", ".join(node.columns)}))) as state"""
    return f"""
create or replace temp table differing as
select partition
from ({states} from (\n{query}\n) group by partition) as made
full join ({states} from {node.relation_name} group by partition) as held using (partition)
where made.row_count is distinct from held.row_count or made.state is distinct from held.state;

delete from {node.relation_name} where {partition} in (from differing);

insert into {node.relation_name}
from (\n{query}\n) where {partition} in (from differing);
"""


def _replacing(node: ModelNode) -> str:
    """The Jinja of what an incremental model runs: its hooks, and its strategy on its query."""
    before, after = ([hook.sql for hook in hooks] for hooks in (node.config.pre_hook, node.config.post_hook))
    relation = f"database={node.database!r}, schema={node.schema!r}, identifier={node.alias!r}"
    query = f"{{% raw %}}{node.compiled_code}{{% endraw %}}"
    replacing = f"{{% call replace_extract_by_query(this) %}}{query}{{% endcall %}}"
    return f"{{% set this = api.Relation.create({relation}) %}}" + ";\n".join([*before, replacing, *after])


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
