"""The release: everything that passed its gates, published in one step."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from dagster import (
    AssetDep,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    Config,
    FreshnessPolicy,
    MaterializeResult,
    MetadataValue,
    TableColumn,
    TableMetadataValue,
    TableRecord,
    TableSchema,
    asset,
)
from pydantic import Field

from pipelines.calendar import LONDON, Month
from pipelines.defs.decisions import name_of_person
from pipelines.defs.partitions import KINDS, MONTHS, ONE_MONTH_A_RUN, OWNERS, WORKING_FILE
from pipelines.defs.resources import MonthRun
from pipelines.month import MonthContext, steps
from pipelines.publish import Corrections, Release
from pipelines.release_layout import parquet_of
from pipelines.table_register import OPEN, table_register

RELEASE_TAG = "warehouse/release"
FIGURES_SHOWN = 12
PUBLISHED_BY_THE_TENTH = FreshnessPolicy.cron(
    deadline_cron="0 8 10 * *", lower_bound_delta=timedelta(days=9, hours=8), timezone=str(LONDON)
)
"""A run of Dagster has published since the first of the month. The fifth working day is the ninth or earlier."""

_FIGURES = """
    select la_code, indicator_id, unit, round(value, 1) as value, status
    from read_parquet(?, hive_partitioning = false)
    where area_type = 'authority' and basis = 'as_reported' and month = ?
    order by la_code, indicator_id
    limit ?
"""


class ReleaseConfig(Config):
    """Which months' reported figures a person changes with this run, why, and who it is."""

    correct: list[str] = Field(default_factory=list)
    reason: str = ""
    corrected_by: str = ""


def release_asset(
    deps: Sequence[AssetKey | AssetDep], step: Callable[[MonthContext], Release] = steps.release
) -> AssetsDefinition:
    """The release, made from its tables. `step` publishes it."""

    @asset(
        group_name="release",
        deps=deps,
        partitions_def=MONTHS,
        backfill_policy=ONE_MONTH_A_RUN,
        pool=WORKING_FILE,
        kinds=KINDS | {"parquet"},
        freshness_policy=PUBLISHED_BY_THE_TENTH,
        owners=OWNERS,
    )
    def release(
        context: AssetExecutionContext, config: ReleaseConfig, month_run: MonthRun
    ) -> MaterializeResult[None]:
        """Writes a release, switches `latest` to it, and removes releases that are too old."""
        corrected_by = name_of_person("corrected_by", config.corrected_by) if config.correct else ""
        corrections = Corrections.of_run(config.correct, config.reason, corrected_by)
        with month_run.step(corrections=corrections) as month:
            published = step(month)
        context.instance.add_run_tags(context.run_id, {RELEASE_TAG: published.id})
        return MaterializeResult(metadata=_metadata(published, month))

    return release


def published_tables(manifest: Path) -> list[AssetKey]:
    """Every table that says `release` in its dbt YAML."""
    return [AssetKey([table.schema, table.name]) for table in table_register(manifest).values() if table.release]


def _metadata(published: Release, month: MonthContext) -> dict[str, Any]:
    """The main figures, as people outside the service see them."""
    rows = {table["file"]: table["rows"] for table in published.manifest["tables"]}
    pages = {
        name: MetadataValue.path(page)
        for name, page in (
            ("report", published.path / "report" / "index.html"),
            ("report for the service", published.path / "restricted" / "report" / "index.html"),
            ("what was checked", published.path / "restricted" / "quality" / "index.html"),
        )
        if page.exists()
    }
    return {
        "release": published.id,
        "path": MetadataValue.path(published.path),
        "dagster/row_count": sum(rows.values()),
        "seconds": month.progress.seconds_of("publish"),
        "figures": _figures(published, month.month),
        "tables": MetadataValue.table(
            [TableRecord({"file": file, "rows": count}) for file, count in rows.items()]
        ),
        **pages,
    }


def _figures(published: Release, month: Month) -> TableMetadataValue:
    files = parquet_of(published.path / OPEN, "mart_indicator_monthly")
    rows = duckdb.execute(_FIGURES, [files, month.end, FIGURES_SHOWN])
    names = [column[0] for column in rows.description]
    return MetadataValue.table(
        [TableRecord(dict(zip(names, row, strict=True))) for row in rows.fetchall()],
        TableSchema([TableColumn(name, "float" if name == "value" else "string") for name in names]),
    )
