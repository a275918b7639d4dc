"""The dbt project as assets: one asset a model, key = schema and name."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dagster import AssetExecutionContext, AssetKey
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from pipelines import progress
from pipelines.defs.partitions import MONTHS, WORKING_FILE
from pipelines.settings import DBT_PROJECT, data_folder, prepare_environment

FOLDER = data_folder()
prepare_environment(FOLDER)
PROJECT = DbtProject(project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT, target_path=FOLDER.dbt_target)


def _is_stale(manifest: Path) -> bool:
    sources = (path for path in DBT_PROJECT.rglob("*") if path.suffix in {".sql", ".yml", ".csv"})
    return not manifest.is_file() or any(path.stat().st_mtime > manifest.stat().st_mtime for path in sources)


if _is_stale(PROJECT.manifest_path):
    PROJECT.preparer.prepare(PROJECT)


class RoomTranslator(DagsterDbtTranslator):
    """Asset key = schema and table, so that an asset is found under the name an analyst queries."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props["schema"])


@dbt_assets(
    manifest=PROJECT.manifest_path,
    project=PROJECT,
    dagster_dbt_translator=RoomTranslator(),
    partitions_def=MONTHS,
    pool=WORKING_FILE,
)
def transform(context: AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
    """Builds and tests every model for the extract that was ingested."""
    with progress.stage("dbt"):
        build = dbt.cli(
            ["build", "--exclude-resource-type", "unit_test"], context=context, target_path=data_folder().dbt_target
        )
        yield from build.stream()
