"""What all assets of a month share: its partitions, its pool, its owner."""

from dagster import BackfillPolicy, MonthlyPartitionsDefinition

from pipelines.calendar import FIRST_MONTH

MONTHS = MonthlyPartitionsDefinition(start_date=f"{FIRST_MONTH}-01", fmt="%Y-%m")
"""Keys are YYYY-MM; a month is there when it has ended."""

ONE_MONTH_A_RUN = BackfillPolicy.multi_run(max_partitions_per_run=1)
"""A run works on one extract month."""

WORKING_FILE = "working_file"
"""Pool of every step that opens the working DuckDB file: one writer locks out even readers."""

OWNERS = ["team:childrens_services_data"]
"""Who answers for what the pipeline makes."""
KINDS = {"python", "duckdb"}
"""How Dagster's pages show what is not made by dbt."""
