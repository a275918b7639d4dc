"""Quality: which records need correcting, is this drop fit for use, is this month fit to publish?

Belongs here: running the row rules of `expectations/rules/`; running the suites of `expectations/` in DuckDB
with Great Expectations; verdicts (passed, failed, errored), waivers, and results without personal values. Does
not belong here: Dagster, faults of single rows that ingest sees while it loads, structure and logic of the
tables that dbt builds (dbt tests), SQL of indicators.
"""

from pipelines.quality.gate import gate_result, record_fitness, record_unfit, run_gate
from pipelines.quality.rules import run_rules_of_month
from pipelines.quality.suites import suite_tables
from pipelines.quality.verdicts import CheckResult, GateResult, SuiteResult
from pipelines.quality.waivers import Waivers

__all__ = [
    "CheckResult",
    "GateResult",
    "SuiteResult",
    "Waivers",
    "gate_result",
    "record_fitness",
    "record_unfit",
    "run_gate",
    "run_rules_of_month",
    "suite_tables",
]
