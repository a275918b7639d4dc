"""The release: everything that passed its gates, published in one step."""

from dagster import AssetExecutionContext, AssetKey, MaterializeResult, asset

from pipelines import progress
from pipelines.calendar import Month
from pipelines.defs.partitions import MONTHS, ONE_MONTH_A_RUN, WORKING_FILE
from pipelines.publish import publish_month
from pipelines.settings import data_folder

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
    AssetKey(["marts", "mart_feedback"]),
    AssetKey(["marts", "mart_indicator_benchmark"]),
    AssetKey(["marts", "mart_indicator_monthly"]),
    AssetKey(["marts", "mart_restatement"]),
)


@asset(
    group_name="release", deps=PUBLISHED, partitions_def=MONTHS, backfill_policy=ONE_MONTH_A_RUN, pool=WORKING_FILE
)
def release(context: AssetExecutionContext) -> MaterializeResult[None]:
    """Writes a release beside the others and switches `latest` to it."""
    folder, month = data_folder(), Month.parse(context.partition_key)
    with progress.stage("publish"):
        published = publish_month(folder, month, progress.stage_seconds())
    progress.line(f"published {published.id}")
    return MaterializeResult(metadata={"release": published.id, "path": str(published.path)})
