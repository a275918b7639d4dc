"""The dbt project as assets: one asset per model and seed, with its schema and name as the key."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
)
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from pipelines.defs.partitions import MONTHS, ONE_MONTH_A_RUN, OWNERS, WORKING_FILE
from pipelines.defs.resources import MonthRun
from pipelines.month import steps
from pipelines.transform import NodeResult, table_rows


class TableTranslator(DagsterDbtTranslator):
    """Asset key = schema and table, so that an asset is found under the name an analyst queries."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> AssetSpec:
        """What Dagster shows of a model, seed or source."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = {**manifest["sources"], **manifest["nodes"]}[unique_id]
        return spec.replace_attributes(
            key=AssetKey([node["schema"], node["name"]]), group_name=node["schema"], owners=OWNERS
        )


def model_assets(manifest: Path) -> AssetsDefinition:
    """Every model and seed of the project, built and tested in one step."""

    @dbt_assets(
        manifest=manifest,
        name="transform",
        dagster_dbt_translator=TableTranslator(),
        partitions_def=MONTHS,
        backfill_policy=ONE_MONTH_A_RUN,
        pool=WORKING_FILE,
    )
    def transform(
        context: AssetExecutionContext, month_run: MonthRun
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        selected = sorted(key.path[-1] for key in context.selected_asset_keys) if context.is_subset else []
        with month_run.step() as month:
            results = steps.transform(month, selected)
            rows = table_rows(month.folder)
        keys = {key.path[-1]: key for key in context.selected_asset_keys}
        checks = {key.name: key for key in context.selected_asset_check_keys}
        for result in results:
            if result.resource_type == "test" and result.name in checks:
                yield _check_result(result, checks[result.name].asset_key)
            elif result.name in keys:
                metadata: dict[str, float] = {"seconds": result.seconds}
                if result.name in rows:
                    metadata["dagster/row_count"] = rows[result.name]
                yield MaterializeResult(asset_key=keys[result.name], metadata=metadata)

    return transform


def _check_result(result: NodeResult, asset_key: AssetKey) -> AssetCheckResult:
    return AssetCheckResult(
        passed=result.is_good,
        check_name=result.name,
        asset_key=asset_key,
        metadata={"failures": result.failures},
    )
