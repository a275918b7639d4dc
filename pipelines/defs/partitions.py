"""The months that the pipeline can be run for."""

from dagster import MonthlyPartitionsDefinition

from pipelines.calendar import FIRST_MONTH

MONTHS = MonthlyPartitionsDefinition(start_date=f"{FIRST_MONTH}-01", fmt="%Y-%m")
"""Keys are YYYY-MM; a month is there when it has ended."""

WORKING_FILE = "working_file"
"""Pool of every step that opens the working DuckDB file: one writer locks out even readers."""
