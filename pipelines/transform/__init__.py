"""Running the dbt project on the extract that was ingested.

Belongs here: starting dbt, running what it compiled, which part of the project has to be built, what became of its
nodes. Does not belong here: SQL (dbt_project), Dagster.
"""

from pipelines.transform.build import DataTestsError, build, is_built, remove_built, table_rows
from pipelines.transform.node_result import NodeResult
from pipelines.transform.project import has_manifest, manifest_path, project_digest

__all__ = [
    "DataTestsError",
    "NodeResult",
    "build",
    "has_manifest",
    "is_built",
    "manifest_path",
    "project_digest",
    "remove_built",
    "table_rows",
]
