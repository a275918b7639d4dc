"""The release: everything that passed its gates, published in one step."""

from typing import Any

import duckdb
from dagster import (
    AssetExecutionContext,
    AssetKey,
    Config,
    MaterializeResult,
    MetadataValue,
    TableColumn,
    TableMetadataValue,
    TableRecord,
    TableSchema,
    asset,
)
from pydantic import Field

from pipelines.calendar import Month
from pipelines.defs.partitions import KINDS, MONTHS, ONE_MONTH_A_RUN, OWNERS, WORKING_FILE
from pipelines.defs.resources import MonthRun
from pipelines.month import MonthContext, steps
from pipelines.publish import Corrections, Release

PUBLISHED = (
    AssetKey(["core", "dim_child"]),
    AssetKey(["core", "dim_code"]),
    AssetKey(["core", "dim_comparator"]),
    AssetKey(["core", "dim_date"]),
    AssetKey(["core", "dim_month"]),
    AssetKey(["core", "dim_rule"]),
    AssetKey(["core", "dim_team"]),
    AssetKey(["core", "dim_worker"]),
    AssetKey(["core", "dq_issue"]),
    AssetKey(["core", "fct_allocation"]),
    AssetKey(["core", "fct_assessment"]),
    AssetKey(["core", "fct_care_leaver"]),
    AssetKey(["core", "fct_comparator"]),
    AssetKey(["core", "fct_comparator_figure"]),
    AssetKey(["core", "fct_contact"]),
    AssetKey(["core", "fct_delivery_action"]),
    AssetKey(["core", "fct_eet_plan"]),
    AssetKey(["core", "fct_health_check"]),
    AssetKey(["core", "fct_legal_status"]),
    AssetKey(["core", "fct_missing"]),
    AssetKey(["core", "fct_period_of_care"]),
    AssetKey(["core", "fct_placement"]),
    AssetKey(["core", "fct_plan"]),
    AssetKey(["core", "fct_published_figure"]),
    AssetKey(["core", "fct_record_count"]),
    AssetKey(["core", "fct_record_fault"]),
    AssetKey(["core", "fct_referral"]),
    AssetKey(["core", "fct_review"]),
    AssetKey(["core", "fct_rule_run"]),
    AssetKey(["core", "fct_section_47"]),
    AssetKey(["core", "fct_visit"]),
    AssetKey(["indicators", "fct_indicator_child"]),
    AssetKey(["indicators", "fct_indicator_restatement"]),
    AssetKey(["indicators", "fct_indicator_value"]),
    AssetKey(["marts", "mart_data_quality"]),
    AssetKey(["marts", "mart_delivery_objective"]),
    AssetKey(["marts", "mart_delivery_plan"]),
    AssetKey(["marts", "mart_due_list"]),
    AssetKey(["marts", "mart_eet_plan"]),
    AssetKey(["marts", "mart_feedback"]),
    AssetKey(["marts", "mart_indicator_benchmark"]),
    AssetKey(["marts", "mart_indicator_monthly"]),
    AssetKey(["marts", "mart_indicator_signal"]),
    AssetKey(["marts", "mart_projection"]),
    AssetKey(["marts", "mart_restatement"]),
)


RELEASE_TAG = "warehouse/release"
FIGURES_SHOWN = 12

_FIGURES = """
    select la_code, indicator_id, unit, round(value, 1) as value, status
    from read_parquet(?)
    where area_type = 'authority' and basis = 'as_reported' and month = ?
    order by la_code, indicator_id
    limit ?
"""


class ReleaseConfig(Config):
    """Which months' reported figures a person changes with this run, and why."""

    correct: list[str] = Field(default_factory=list)
    reason: str = ""


@asset(
    group_name="release",
    deps=PUBLISHED,
    partitions_def=MONTHS,
    backfill_policy=ONE_MONTH_A_RUN,
    pool=WORKING_FILE,
    kinds=KINDS | {"parquet"},
    owners=OWNERS,
)
def release(context: AssetExecutionContext, config: ReleaseConfig, month_run: MonthRun) -> MaterializeResult[None]:
    """Writes a release beside the others, switches `latest` to it, and removes releases that are too old."""
    corrections = Corrections.of_run(config.correct, config.reason)
    with month_run.step(corrections=corrections) as month:
        published = steps.release(month)
    context.instance.add_run_tags(context.run_id, {RELEASE_TAG: published.id})
    return MaterializeResult(metadata=_metadata(published, month))


def _metadata(published: Release, month: MonthContext) -> dict[str, Any]:
    """What people look for first. The figures are those for people outside the service."""
    rows = {table["file"]: table["rows"] for table in published.manifest["tables"]}
    pages = {
        name: MetadataValue.path(page)
        for name, page in (
            ("report", published.path / "report" / "index.html"),
            ("what was checked", published.path / "quality" / "index.html"),
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
    path = published.path / "open" / "mart_indicator_monthly.parquet"
    found = duckdb.execute(_FIGURES, [str(path), month.end, FIGURES_SHOWN])
    names = [column[0] for column in found.description]
    return MetadataValue.table(
        [TableRecord(dict(zip(names, row, strict=True))) for row in found.fetchall()],
        TableSchema([TableColumn(name, "float" if name == "value" else "string") for name in names]),
    )
