"""The two gates as asset checks. A gate that refuses every authority stops every later step."""

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

from pipelines.defs.decisions import name_of_person
from pipelines.defs.partitions import MONTHS, WORKING_FILE
from pipelines.defs.resources import MonthRun
from pipelines.month import steps
from pipelines.quality import Waivers, suite_tables


class GateConfig(Config):
    """Which checks a person waives for this run, why, and who it is."""

    waive: list[str] = Field(default_factory=list)
    reason: str = ""
    waived_by: str = ""


def gate_checks(stage: str) -> AssetChecksDefinition:
    """One check for each suite of the gate, on the table that the suite is about."""
    tables = suite_tables(stage)

    @multi_asset_check(
        name=f"gate_{stage}",
        specs=[
            AssetCheckSpec(name=suite, asset=AssetKey(table.split(".")), blocking=True, partitions_def=MONTHS)
            for suite, table in tables.items()
        ],
        pool=WORKING_FILE,
    )
    def gate(
        context: AssetCheckExecutionContext, config: GateConfig, month_run: MonthRun
    ) -> Iterator[AssetCheckResult]:
        waived_by = name_of_person("waived_by", config.waived_by) if config.waive else ""
        waivers = Waivers.in_force(config.waive, config.reason or None, dt.date.today(), waived_by)
        with month_run.step(waivers=waivers) as month:
            result = steps.judge_gate(month, stage)
        # an error stops the later steps, which go on for the authorities that the gate lets pass
        is_stopped = result.refuses_all
        for suite in result.suites:
            yield AssetCheckResult(
                passed=not suite.refuses,
                check_name=suite.name,
                asset_key=AssetKey(tables[suite.name].split(".")),
                severity=AssetCheckSeverity.ERROR if is_stopped and suite.refuses else AssetCheckSeverity.WARN,
                metadata={
                    "verdict": suite.verdict,
                    "what was checked": MetadataValue.path(month.folder.quality_page(month.month)),
                },
            )
        # only now: the pages show the result of every suite, whatever the gate decides
        steps.refuse_or_pass(month, result)

    return gate
