"""The steps of a month in order. Each is a function of the run's context.

Belongs here: which package does a step, the name under which its seconds are kept, what the run reports. Does not
belong here: the work of a package. Every step opens the working file, does its work and closes the file again.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from pipelines.comparators.load_releases import ComparatorLoad, load_comparators
from pipelines.comparators.own_population import load_own_populations
from pipelines.errors import GateRefusedError
from pipelines.findings import month_findings
from pipelines.ingest.drop_results import MonthIngest
from pipelines.ingest.list_versions import LateList, create_list_tables, forget_late_lists, late_lists
from pipelines.ingest.month_ingest import ingest_month
from pipelines.month.context import MonthContext
from pipelines.month.late_lists import build_with_late_lists
from pipelines.month.logged_steps import Step
from pipelines.month.withdrawal import authorities_of_run, withdraw
from pipelines.publish import Release, remove_old_releases
from pipelines.publish.working_files import open_for_release
from pipelines.publish.write_release import publish_month
from pipelines.quality import GateResult, record_unfit, run_gate, run_rules_of_month
from pipelines.report import write_month_page
from pipelines.transform import DataTestsError, NodeResult, build
from pipelines.warehouse_file import open_warehouse


def comparators(context: MonthContext) -> ComparatorLoad:
    """Loads new published figures and populations. For a file that cannot be used the run warns and goes on."""
    with context.progress.stage("comparators"):
        limits = context.options.settings.inputs
        load = load_comparators(context.folder, context.progress.line, limits)
        of_reference = load_own_populations(context.folder, limits)
    for warning in (*load.warnings, *of_reference):
        context.progress.warning(warning)
    return load


def ingest(context: MonthContext) -> MonthIngest:
    """Reads, checks and loads every drop of the month. Raises BadInputError when all of them are refused."""
    try:
        limits = context.options.settings.inputs
        loaded = ingest_month(context.folder, context.month, context.progress, limits, context.options.authorities)
    finally:
        write_month_page(context.folder, context.month)
    for drop in loaded.drops:
        for warning in (*drop.to_look_at, *(() if drop.accepted else drop.faults)):
            context.progress.warning(str(warning))
    return loaded


def rules(context: MonthContext) -> None:
    """Runs every row rule on every loaded drop. Findings do not stop the month here."""
    with context.progress.stage("rules"):
        run_rules_of_month(context.folder, context.month, context.progress.line)


def gate_raw(context: MonthContext) -> GateResult:
    """Checks whether the drops are fit for use. Raises GateRefusedError if none of them is."""
    return refuse_or_pass(context, judge_gate(context, "raw"))


def transform(context: MonthContext, select: Sequence[str] = ()) -> list[NodeResult]:
    """Builds and tests the dbt project, or the models selected, for the drops of the run.

    Leaves out the authorities whose rows a data test refuses, and builds the others again. Raises GateRefusedError
    if no other is left, or a test does not say whose rows are at fault. Builds other extracts again whose lists
    came late.
    """
    with context.progress.stage("dbt"):
        while True:
            try:
                results = build(context.folder, context.month, select)
                if not select:
                    build_with_late_lists(context)
                return results
            except DataTestsError as fault:
                reasons = {} if select else fault.reasons()
                in_run = authorities_of_run(context)
                if not (reasons and reasons.keys() < in_run):
                    record_unfit(context.folder, context.month, reasons or in_run)
                    raise GateRefusedError(str(fault)) from fault
                withdraw(context, reasons, is_built=True)


def gate_marts(context: MonthContext) -> GateResult:
    """Checks whether the month is fit to publish. Raises GateRefusedError if it is for no authority."""
    return refuse_or_pass(context, judge_gate(context, "marts"))


def release(context: MonthContext) -> Release:
    """Writes the release, switches `latest` to it, and removes releases that are too old."""
    with context.progress.stage("publish"):
        if context.folder.shards:
            # refuses shards that do not fit together, before anything is written
            with open_for_release(context.folder):
                pass
        folders = context.folder.shards or (context.folder,)
        late: list[LateList] = []
        for folder in (each for each in folders if each.database.exists()):
            with open_warehouse(folder) as connection:
                create_list_tables(connection)
                late += late_lists(connection)
        published = publish_month(
            context.folder,
            context.month,
            replace(context.options.corrections, late_lists=tuple(late)),
            context.options.settings.disclosure,
            context.progress,
        )
        for folder in folders if late else ():
            with open_warehouse(folder) as connection:
                create_list_tables(connection)
                forget_late_lists(connection)
        context.progress.line(f"published {published.id}")
        _remove_old_releases(context)
    return published


STEPS_BEFORE_RELEASE: tuple[Step, ...] = (comparators, ingest, rules, gate_raw, transform, gate_marts)
STEPS: tuple[Step, ...] = (*STEPS_BEFORE_RELEASE, release)
"""A month. Every step reads what the steps before it wrote into the data folder."""


def judge_gate(context: MonthContext, stage: str) -> GateResult:
    """Runs a gate, adds its findings to the month's page and returns them, also if the gate refuses."""
    with context.progress.stage(f"gate {stage}"):
        result = run_gate(context.folder, stage, context.month, context.options.waivers, context.progress.line)
    write_month_page(context.folder, context.month)
    return result


def refuse_or_pass(context: MonthContext, result: GateResult) -> GateResult:
    """Returns the result if the gate lets the month pass, without the authorities that it refuses.

    Raises GateRefusedError if it refuses all of them.
    """
    if not result.refuses:
        return result
    context.progress.line(f"what was checked: {context.folder.quality_page(context.month)}")
    near_ids = _near_ids(context)
    if result.refuses_all:
        raise GateRefusedError("\n".join([*result.refusal_lines(), *itertools.chain(*near_ids.values())]))
    is_built = result.stage == "marts"
    reasons = {
        code: "; ".join([*result.of(code).refusal_lines(), *near_ids.get(code, [])])
        for code in result.unfit_authorities
    }
    withdraw(context, reasons, is_built)
    if is_built:
        transform(context)
    write_month_page(context.folder, context.month)
    return result


def _near_ids(context: MonthContext) -> dict[str, list[str]]:
    """What ingest said about ids that match in another form, by authority: it may be why a gate refuses."""
    drops = month_findings(context.folder, context.month).drops
    return {drop["la_code"]: drop.get("near_ids", []) for drop in drops}


def _remove_old_releases(context: MonthContext) -> None:
    kept = context.options.settings.releases_kept
    try:
        removed = remove_old_releases(context.folder, kept)
    except OSError as fault:
        # the new release is published; an old folder that stays does not change that
        context.progress.warning(
            f"a release that is too old could not be removed: {fault.strerror}: {fault.filename}"
        )
        return
    if removed:
        ids = ", ".join(release.id for release in removed)
        context.progress.line(f"removed {len(removed)} older than the {kept} newest: {ids}")
