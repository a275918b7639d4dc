"""The two gates as asset checks: what they refuse stops everything after them."""

import datetime as dt
from collections.abc import Iterator

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    Config,
    MetadataValue,
    multi_asset_check,
)
from pydantic import Field

from pipelines import progress
from pipelines.calendar import Month
from pipelines.defs.month_run import MONTH_RUN
from pipelines.defs.partitions import WORKING_FILE
from pipelines.errors import GateRefusedError
from pipelines.quality import Waivers, pass_gate, suite_tables
from pipelines.report import write_month_page
from pipelines.settings import data_folder


class GateConfig(Config):
    """Which refusals a person waives for this run, and why."""

    waive: list[str] = Field(default_factory=list)
    reason: str = ""


def _gate(stage: str) -> AssetChecksDefinition:
    tables = suite_tables(stage)

    @multi_asset_check(
        name=f"gate_{stage}",
        specs=[
            AssetCheckSpec(name=suite, asset=AssetKey(table.split(".")), blocking=True)
            for suite, table in tables.items()
        ],
        pool=WORKING_FILE,
        required_resource_keys={MONTH_RUN},
    )
    def gate(context: AssetCheckExecutionContext, config: GateConfig) -> Iterator[AssetCheckResult]:
        folder, month = data_folder(), Month.parse(context.run.tags["dagster/partition"])
        waivers = Waivers.in_force(config.waive, config.reason or None, dt.date.today())
        with context.resources.month_run.step(), progress.stage(f"gate {stage}"):
            found = pass_gate(folder, stage, month, waivers, progress.line)
        write_month_page(folder, month)
        for suite in found.suites:
            yield AssetCheckResult(
                passed=not suite.refuses,
                check_name=suite.name,
                asset_key=AssetKey(tables[suite.name].split(".")),
                severity=AssetCheckSeverity.ERROR if suite.refuses else AssetCheckSeverity.WARN,
                metadata={
                    "verdict": suite.verdict,
                    "what was checked": MetadataValue.path(folder.quality_page(month)),
                },
            )
        if found.refuses:
            progress.line(f"what was checked: {folder.quality_page(month)}")
            raise GateRefusedError("\n".join(found.refusal_lines()))

    return gate


gate_raw = _gate("raw")
gate_marts = _gate("marts")
