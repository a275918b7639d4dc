"""Whether drops, releases and comparators are overdue, as checks of their assets."""

import datetime as dt
from collections.abc import Iterator

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetSelection,
    DefaultScheduleStatus,
    RunRequest,
    ScheduleEvaluationContext,
    SkipReason,
    define_asset_job,
    multi_asset_check,
    schedule,
)

from pipelines.calendar import LONDON, is_working_day
from pipelines.defs.resources import Warehouse
from pipelines.settings import alert_settings
from pipelines.watch.freshness import COMPARATORS, DROPS, RELEASES, alert_changes, freshness

_CHECKS = {
    DROPS: AssetCheckSpec("drops_are_fresh", asset=["raw", "drop"]),
    RELEASES: AssetCheckSpec("releases_are_fresh", asset="release"),
    COMPARATORS: AssetCheckSpec("comparators_are_fresh", asset=["raw", "comparator_release"]),
}


@multi_asset_check(name="is_everything_fresh", specs=list(_CHECKS.values()))
def is_everything_fresh(context: AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[AssetCheckResult]:
    """Warns about what is overdue, and alerts people when that changes. It stops nothing."""
    state = freshness(warehouse.folder, dt.datetime.now(LONDON).date())
    alert_changes(warehouse.folder, state, alert_settings())
    for thing in state:
        yield AssetCheckResult(
            passed=thing.is_fresh,
            check_name=_CHECKS[thing.name].name,
            asset_key=_CHECKS[thing.name].asset_key,
            severity=AssetCheckSeverity.WARN,
            metadata={"newest": thing.newest, "expected": thing.expected},
        )


freshness_job = define_asset_job(
    "freshness",
    selection=AssetSelection.checks(is_everything_fresh),
    description="Are drops, releases and comparators as new as they should be?",
)


@schedule(
    cron_schedule="0 8 * * 1-5",
    execution_timezone=str(LONDON),
    job=freshness_job,
    default_status=DefaultScheduleStatus.RUNNING,
)
def every_working_day(context: ScheduleEvaluationContext) -> RunRequest | SkipReason:
    """Runs the checks at 08:00 on every working day."""
    day = context.scheduled_execution_time.astimezone(LONDON).date()
    return RunRequest() if is_working_day(day) else SkipReason(f"{day} is a bank holiday")
