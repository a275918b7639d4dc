"""The code location: only assembles."""

from dagster import AssetSelection, Definitions, define_asset_job

from pipelines.defs.comparators import comparators
from pipelines.defs.gates import gate_marts, gate_raw
from pipelines.defs.ingest import ingest
from pipelines.defs.partitions import MONTHS
from pipelines.defs.release import release
from pipelines.defs.transform import transform

MONTH_END = "month_end"

month_end = define_asset_job(
    MONTH_END,
    selection=AssetSelection.all(),
    partitions_def=MONTHS,
    description="One month of every authority that delivered: ingest, gate, build, gate, publish.",
)

defs = Definitions(
    assets=[comparators, ingest, transform, release],
    asset_checks=[gate_raw, gate_marts],
    jobs=[month_end],
)
