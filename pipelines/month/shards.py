"""A month of a region in shards: each in a process and a working file of its own, then one release.

Belongs here: which shards a run has, starting them, what follows when one fails. Does not belong here: the steps
of a month (`steps`), putting shards together (`pipelines.publish.working_files`).

A shard works on a copy of its working file. The copy takes the place of the file when every step is done. So a
shard whose process is killed, or whose drops are all refused, stays as it was. The others are published.
"""

import os
import resource
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from pipelines.calendar import Month
from pipelines.errors import BadInputError, GateRefusedError, UsageError, WarehouseError
from pipelines.findings import (
    GATE_MARTS,
    GATE_RAW,
    INGEST,
    RULES,
    comparator_findings,
    note_unread,
    note_withdrawn,
    read_findings,
    write_comparator_findings,
    write_findings,
)
from pipelines.ingest.drops import FoundDrop, find_drops
from pipelines.ingest.pseudonyms import make_key, merge_lookups
from pipelines.ingest.unread_files import unread_lines
from pipelines.month.context import MonthContext, Options
from pipelines.month.logged_steps import Step, run_steps
from pipelines.month.run_lock import only_run
from pipelines.month.run_log import ENDED, STARTED, RunOfMonth, new_run, write_event
from pipelines.month.run_record import (
    DEATHS_AT_MOST,
    DIED,
    FAILED,
    begin,
    note_over,
    record_of,
    run_records,
    step_recorder,
    update,
)
from pipelines.month.steps import STEPS_BEFORE_RELEASE, release
from pipelines.notify import Alert, Kind, send
from pipelines.processes import each_alone
from pipelines.progress import Progress
from pipelines.publish import current_release
from pipelines.publish.working_files import finish_shard
from pipelines.report import write_month_page
from pipelines.settings import SHARDS_VARIABLE, AlertSettings, DataFolder, ShardFolder, workers
from pipelines.storage import storage_faults_as_lines
from pipelines.warehouse_file import OWNER_ONLY_FILE, make_private_folder

FINISHED = "finished"
"""How a run of a shard ended whose working file is ready for a release."""
_FAULTS = {fault.exit_status: fault for fault in (WarehouseError, UsageError, GateRefusedError, BadInputError)}


@dataclass(frozen=True)
class ShardTask:
    """A month to run in a shard. `run`: the run of Dagster, where that started it."""

    shard: ShardFolder
    month: Month
    options: Options
    run: RunOfMonth | None = None


@dataclass
class Ended:
    """How a shard ended: what its run said, and its fault with the exit status, if it has one.

    `megabytes`: the most memory that its process had.
    """

    lines: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""
    exit_status: int = 0
    megabytes: int = 0

    def stage(self, name: str) -> None:
        """A shard says nothing of its stages: several run at the same time."""

    def line(self, text: str) -> None:
        self.lines.append(("line", text))

    def warning(self, text: str) -> None:
        self.lines.append(("warning", text))


def shards(context: MonthContext) -> None:
    """Runs the month in every shard that has a drop of it, up to so many at a time as there are workers.

    Raises the fault of the shards if none of them ended well. Otherwise a fault is a warning and an alert.
    """
    folder, month = context.folder, context.month
    tasks = _tasks(context)
    faults: dict[str, Ended] = {}
    with context.progress.stage("shards"):
        make_key(folder)
        for task, result in each_alone(run_shard, tasks, workers() or os.cpu_count() or 1):
            name = task.shard.name
            ended = result or Ended(fault=death_line(task.shard, month), exit_status=1)
            for kind, text in ended.lines:
                getattr(context.progress, kind)(f"{name}: {text}")
            if ended.fault:
                faults[name] = ended
            else:
                context.progress.line(f"{name}: done, with at most {ended.megabytes:,} MB of memory")
    gather(context)
    if len(faults) == len(tasks):
        raise _fault_of_all(list(faults.values()))
    for name, ended in faults.items():
        first, *_ = ended.fault.splitlines()
        context.progress.warning(f"shard {name} stays at its last finished month: {first}")
        alert_of_shard(folder, month, name, ended.fault, context.options.settings.alerts)


def gather(context: MonthContext) -> None:
    """Brings together what the shards found in the month, and the lookups. No shard is being run meanwhile."""
    folder, month = context.folder, context.month
    note_unread(folder, month, unread_lines(folder))
    for shard in folder.shards:
        record = record_of(shard, month)
        # what a run that was killed had found is not whole
        if record is not None and record.over_at is not None:
            _take_findings(shard, month)
    merge_lookups(folder)
    write_month_page(folder, month)


def alert_of_shard(folder: DataFolder, month: Month, name: str, fault: str, alerts: AlertSettings) -> None:
    """Alerts people of a shard that failed while the others are published."""
    subject = f"{month} is published without the new month of shard {name}"
    send(folder, Alert(Kind.FAILED, subject, tuple(fault.splitlines()), str(month)), alerts)


STEPS_OF_REGION: tuple[Step, ...] = (shards, release)
"""A month of a region."""


def run_shard(task: ShardTask) -> Ended:
    """Runs the steps of a month before its release in one shard, in a process of its own."""
    shard, month, ended = task.shard, task.month, Ended()
    run = task.run or new_run(month)
    make_private_folder(shard.warehouse.parent)
    try:
        with only_run(shard, f"the run of {month} in shard {shard.name}"):
            end = {"status": FAILED, "outcome": "the run failed unexpectedly"}
            begin(shard, run, by="dagster" if task.run else "command")
            write_event(shard, run, STARTED, shard=shard.name)
            try:
                with storage_faults_as_lines(shard), _copy(shard, month) as copy:
                    progress = Progress(ended, step_recorder(shard, run))
                    run_steps(MonthContext(copy, month, task.options, progress), STEPS_BEFORE_RELEASE)
                end = {"status": FINISHED, "outcome": FINISHED}
            except WarehouseError as fault:
                _note_refused(task, str(fault))
                end = {"status": FAILED, "outcome": str(fault)}
                raise
            finally:
                write_event(shard, run, ENDED, **end)
                note_over(shard, run)
                update(shard, run, again=False, deaths=0, **end)
    except WarehouseError as fault:
        ended.fault, ended.exit_status = str(fault), fault.exit_status
    ended.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return ended


def note_dead_shard(shard: ShardFolder, alerts: AlertSettings) -> None:
    """Records that runs of a shard were killed, so that they are run again. The caller has locked the shard."""
    for record in run_records(shard):
        if record.over_at is None and record.status is None:
            deaths, fault = record.deaths + 1, death_line(shard, record.run.month)
            note_over(shard, record.run)
            update(shard, record.run, status=DIED, outcome=fault, deaths=deaths, again=deaths < DEATHS_AT_MOST)
            alert_of_shard(shard.region, record.run.month, shard.name, fault, alerts)


def to_publish(folder: DataFolder) -> list[Month]:
    """Months that a shard has finished since the current release was made, in order."""
    release = current_release(folder)
    since = release.manifest["created_at"] if release else ""
    finished = {
        record.run.month
        for shard in folder.shards
        for record in run_records(shard)
        if record.status == FINISHED and (record.over_at or "") > since
    }
    return sorted(finished)


def drops_in_shards(folder: DataFolder, month: Month, only: Sequence[str]) -> list[FoundDrop]:
    """The drops of these authorities, of all if none is named.

    Raises BadInputError if one has no drop, or if a drop is of an authority in no shard.
    """
    drops = find_drops(folder, month)
    missing = sorted(set(only) - {drop.la_code for drop in drops})
    if missing:
        looked = f"looked for {folder.lcs}/<la_code>/{month}/"
        raise BadInputError(f"no drop of {month} was found for {', '.join(missing)}: {looked}")
    for drop in drops:
        if drop.is_known and not any(shard.has_authority(drop.la_code) for shard in folder.shards):
            raise BadInputError(
                drop.line(f"the drop of an authority in no shard: add it to a shard in {SHARDS_VARIABLE}")
            )
    return [drop for drop in drops if not only or drop.la_code in only]


def _tasks(context: MonthContext) -> list[ShardTask]:
    """The shards to run. Warns of folders that are named after no authority."""
    only = context.options.authorities
    drops = drops_in_shards(context.folder, context.month, only)
    tasks = []
    for drop in drops:
        if not drop.is_known:
            for fault in drop.faults:
                context.progress.warning(str(fault))
    for shard in context.folder.shards:
        is_asked_for = not context.options.shards or shard.name in context.options.shards
        if is_asked_for and any(shard.has_authority(drop.la_code) for drop in drops):
            own = tuple(la_code for la_code in only if shard.has_authority(la_code))
            tasks.append(ShardTask(shard, context.month, replace(context.options, authorities=own)))
    if not tasks:
        faults = [str(fault) for drop in drops for fault in drop.faults]
        raise BadInputError(
            "\n".join(faults or [f"no drop of {context.month} was found for the shards of the run"])
        )
    return tasks


@contextmanager
def _copy(shard: ShardFolder, month: Month) -> Iterator[ShardFolder]:
    """The shard with a copy of its working file, which takes the file's place if the block succeeds."""
    copy = replace(shard, is_being_run=True)
    if shard.next.exists():
        # of a run that was killed
        shutil.rmtree(shard.next)
    make_private_folder(shard.next)
    if shard.database.exists():
        shutil.copyfile(shard.database, copy.database)
        copy.database.chmod(OWNER_ONLY_FILE)
    try:
        yield copy
        finish_shard(copy, month)
        with copy.database.open("rb") as file:
            os.fsync(file.fileno())
        copy.database.replace(shard.database)
    finally:
        shutil.rmtree(shard.next, ignore_errors=True)


def _note_refused(task: ShardTask, fault: str) -> None:
    """Adds to the findings about accepted drops that the month is published without them."""
    only = task.options.authorities or task.shard.authorities
    with suppress(BadInputError):
        drops = read_findings(task.shard, task.month, INGEST) or []
        accepted = [drop["la_code"] for drop in drops if drop["accepted"] and drop["la_code"] in only]
        note_withdrawn(task.shard, task.month, dict.fromkeys(accepted, fault))


def _take_findings(shard: ShardFolder, month: Month) -> None:
    """Puts the findings of a shard in the place of earlier ones of its authorities."""
    for name in (INGEST, RULES, GATE_RAW, GATE_MARTS):
        entries = read_findings(shard, month, name)
        if entries is not None:
            write_findings(shard.region, month, name, entries, shard.authorities)
    write_comparator_findings(shard.region, comparator_findings(shard))


def death_line(shard: ShardFolder, month: Month) -> str:
    """What happened to a shard whose process was killed, and what to do."""
    return (
        f"{month}: the process of shard {shard.name} was killed, perhaps for want of memory: "
        f"`warehouse run --month {month} --shard {shard.name}` runs it again. If memory was short, set "
        "a smaller WAREHOUSE_WORKERS or WAREHOUSE_MEMORY_MB"
    )


def _fault_of_all(ended: Sequence[Ended]) -> WarehouseError:
    """The fault of a run in which no shard ended well: a refusal by a gate before any other."""
    statuses = {each.exit_status for each in ended}
    status = GateRefusedError.exit_status if GateRefusedError.exit_status in statuses else max(statuses)
    return _FAULTS.get(status, WarehouseError)("\n".join(each.fault for each in ended))
