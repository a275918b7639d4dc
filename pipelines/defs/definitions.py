"""The code location: only assembles."""

from dagster import Definitions, definitions, in_process_executor

from pipelines.defs.comparator_assets import comparators
from pipelines.defs.drop_sensor import complete_drop
from pipelines.defs.freshness_checks import every_working_day, freshness_job, is_everything_fresh
from pipelines.defs.gate_checks import gate_checks
from pipelines.defs.model_assets import model_assets
from pipelines.defs.month_job import month_end
from pipelines.defs.month_schedule import first_working_day
from pipelines.defs.outcome_sensors import month_canceled, month_failed, month_published
from pipelines.defs.raw_assets import ingest
from pipelines.defs.region import region_defs
from pipelines.defs.release_asset import published_tables, release_asset
from pipelines.defs.resources import MonthRun, Warehouse
from pipelines.settings import DataFolder, data_folder, turn_telemetry_off
from pipelines.settings_file import apply_settings_file
from pipelines.transform import manifest_path


@definitions
def code_location() -> Definitions:
    """The code location on the data folder that the environment names."""
    turn_telemetry_off()
    folder = data_folder()
    apply_settings_file(folder)
    return build_defs(folder)


def build_defs(folder: DataFolder) -> Definitions:
    """The code location on a data folder. dbt reads its project here. Where shards are set, it is the region's."""
    if folder.shards:
        return region_defs(folder)
    warehouse, manifest = Warehouse(data_folder=str(folder.root)), manifest_path(folder)
    return Definitions(
        assets=[comparators, ingest, model_assets(manifest), release_asset(published_tables(manifest))],
        asset_checks=[gate_checks("raw"), gate_checks("marts"), is_everything_fresh],
        jobs=[month_end, freshness_job],
        schedules=[first_working_day, every_working_day],
        sensors=[complete_drop, month_published, month_failed, month_canceled],
        resources={"warehouse": warehouse, "month_run": MonthRun(warehouse=warehouse)},
        # also what a person materializes by hand: the steps of a run hold the data folder together
        executor=in_process_executor,
    )
