"""The month's run on the first working day after its end."""

from dagster import DefaultScheduleStatus, RunRequest, ScheduleEvaluationContext, SkipReason, schedule

from pipelines.calendar import LONDON, Month
from pipelines.defs.drop_sensor import is_under_way, request, what_is_new
from pipelines.defs.month_job import month_end
from pipelines.defs.resources import Warehouse
from pipelines.month import holder

SEVEN_IN_THE_MORNING = "0 7 1-7 * *"
"""Bank holidays and weekends never put the first working day after the seventh."""


@schedule(
    cron_schedule=SEVEN_IN_THE_MORNING,
    execution_timezone=str(LONDON),
    job=month_end,
    default_status=DefaultScheduleStatus.RUNNING,
)
def first_working_day(context: ScheduleEvaluationContext, warehouse: Warehouse) -> RunRequest | SkipReason:
    """Runs last month at 07:00 of the first working day, by the bank holidays of England.

    A drop that is not complete by then is run by the sensor when it is.
    """
    at = context.scheduled_execution_time.astimezone(LONDON)
    month = Month(at.year, at.month).plus(-1)
    if at.date() != month.extract_day:
        return SkipReason(
            f"{at.date()} is not the first working day after {month.end}: that is {month.extract_day}"
        )
    holding = holder(warehouse.folder)
    if holding is not None:
        return SkipReason(f"{holding} is going on: the sensor runs {month} when that has ended")
    look = what_is_new(warehouse.folder, at)
    if month in look.incomplete:
        return SkipReason(f"a drop of {month} is still being written: the sensor runs it when it is complete")
    for arrival in look.arrivals:
        if arrival.month == month and not is_under_way(context.instance, arrival):
            return request(arrival, "schedule")
    return SkipReason(f"there is no drop of {month} that was not run already")
