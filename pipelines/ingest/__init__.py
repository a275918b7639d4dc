"""Ingest: finding drops, reading them, holding them against their contracts, and loading them into `raw`.

Belongs here: everything between a delivered file and a raw table. Does not belong here: Dagster, business
rules, anything that joins objects beyond 'is this id there'.
"""

from pipelines.ingest.drop_results import DropResult, FileResult, MonthIngest
from pipelines.ingest.month import ingest_month

__all__ = ["DropResult", "FileResult", "MonthIngest", "ingest_month"]
