"""The dbt project as assets: one asset a model, key = schema and name."""

from collections.abc import Iterator, Mapping
from typing import Any

from dagster import AssetCheckResult, AssetExecutionContext, AssetKey, MaterializeResult
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from pipelines import progress
from pipelines.calendar import Month
from pipelines.defs.month_run import MONTH_RUN
from pipelines.defs.partitions import MONTHS, ONE_MONTH_A_RUN, WORKING_FILE
from pipelines.settings import DBT_PROJECT, data_folder, prepare_environment
from pipelines.transform import NodeResult, build, manifest_path, rows_held

prepare_environment(data_folder())
PROJECT = DbtProject(project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT, target_path=data_folder().dbt_target)


class RoomTranslator(DagsterDbtTranslator):
    """Asset key = schema and table, so that an asset is found under the name an analyst queries."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props["schema"])


@dbt_assets(
    manifest=manifest_path(data_folder()),
    project=PROJECT,
    dagster_dbt_translator=RoomTranslator(),
    partitions_def=MONTHS,
    backfill_policy=ONE_MONTH_A_RUN,
    pool=WORKING_FILE,
    required_resource_keys={MONTH_RUN},
)
def transform(context: AssetExecutionContext) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
    """Builds and tests every model for the extract that was ingested."""
    selected = sorted(key.path[-1] for key in context.selected_asset_keys) if context.is_subset else []
    with context.resources.month_run.step(), progress.stage("dbt"):
        results = build(data_folder(), Month.parse(context.partition_key), selected)
        rows = rows_held(data_folder())
    keys = {key.path[-1]: key for key in context.selected_asset_keys}
    checks = {key.name: key for key in context.selected_asset_check_keys}
    for result in results:
        if result.resource_type == "test" and result.name in checks:
            yield _check(result, checks[result.name].asset_key)
        elif result.name in keys:
            held = rows.get(result.name)
            counted = {} if held is None else {"dagster/row_count": held}
            yield MaterializeResult(asset_key=keys[result.name], metadata={"seconds": result.seconds, **counted})


def _check(result: NodeResult, asset_key: AssetKey) -> AssetCheckResult:
    return AssetCheckResult(
        passed=result.is_good,
        check_name=result.name,
        asset_key=asset_key,
        metadata={"failures": result.failures},
    )
