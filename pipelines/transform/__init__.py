"""Running the dbt project on the extract that was ingested.

Belongs here: starting dbt, what of the project has to be built, what became of its nodes. Does not belong here:
SQL (dbt_project), Dagster.
"""

from pipelines.transform.build import NodeResult, build, rows_held
from pipelines.transform.project import manifest_path

__all__ = ["NodeResult", "build", "manifest_path", "rows_held"]
