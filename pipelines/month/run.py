"""Running one month or several: the steps, with the lock, the log and the record of how each run ended."""

import datetime as dt
from collections.abc import Sequence

from pipelines.calendar import Month
from pipelines.errors import BadInputError, StoppedError, WarehouseError
from pipelines.ingest.unread_files import unread_lines
from pipelines.month.context import MonthContext, Options
from pipelines.month.logged_steps import Step, log_of, run_steps
from pipelines.month.run_end import note_dead_runs, note_published, note_unpublished, release_of
from pipelines.month.run_lock import only_run
from pipelines.month.run_log import STARTED, new_run, write_event
from pipelines.month.run_record import begin, step_recorder
from pipelines.month.shards import STEPS_OF_REGION
from pipelines.month.steps import STEPS
from pipelines.month.stop_signals import BY_A_PERSON, received_signal
from pipelines.progress import Display, Progress
from pipelines.publish import Release, current_release
from pipelines.settings import DataFolder


def run_months(
    folder: DataFolder,
    months: Sequence[Month],
    options: Options,
    display: Display | None = None,
    steps: Sequence[Step] | None = None,
) -> list[Release]:
    """Runs the months in order and returns the release of each. Locks the data folder meanwhile.

    `steps`: those of a month, or of a month in shards, where none are given.

    Raises UsageError for a correction of a month that is not run, before anything is read; BusyError when another
    run has locked the folder; and what `run` raises.
    """
    options.corrections.refuse_months_not_run(months)
    asked = str(months[0]) if len(months) == 1 else f"{months[0]} to {months[-1]}"
    with only_run(folder, f"the run of {asked}"):
        progress = Progress(display)
        for dead in note_dead_runs(folder, options.settings.alerts):
            progress.warning(f"{dead.month}: the run that began {dead.started_at} was killed at {dead.step}")
        delivered = _months_with_drops(folder, months, progress)
        wanted = steps or (STEPS_OF_REGION if folder.shards else STEPS)
        return [run(folder, month, options, display, wanted) for month in delivered]


def run(
    folder: DataFolder,
    month: Month,
    options: Options,
    display: Display | None = None,
    steps: Sequence[Step] = STEPS,
) -> Release:
    """Runs the steps of a month and returns the current release afterwards. The caller has locked the data folder.

    Raises GateRefusedError or BadInputError, StoppedError after a signal, and WarehouseError for anything
    unexpected, with its traceback in the log of the month. Records how the run ended in every case.
    """
    this_run, alerts = new_run(month), options.settings.alerts
    progress = Progress(display, step_recorder(folder, this_run))
    record = begin(folder, this_run, by="command")
    write_event(folder, this_run, STARTED, by="command")
    try:
        release = _release_of(MonthContext(folder, month, options, progress), steps)
    except (WarehouseError, KeyboardInterrupt) as fault:
        # a package may have answered a signal with an error of its own
        if isinstance(fault, WarehouseError) and received_signal() is None:
            note_unpublished(folder, this_run, fault, progress, alerts)
            raise
        signal, release_made = received_signal() or BY_A_PERSON, release_of(folder, record)
        what = f"{month}: stopped by {signal.name} at {progress.step}"
        if release_made is not None:
            note_published(folder, this_run, release_made.id, progress, alerts)
            raise StoppedError(f"{what}, after {release_made.id} was published", signal) from fault
        stopped = StoppedError(f"{what}; the current release is unchanged", signal, again=signal != BY_A_PERSON)
        note_unpublished(folder, this_run, stopped, progress, alerts)
        raise stopped from fault
    note_published(folder, this_run, release.id, progress, alerts)
    return release


def _release_of(context: MonthContext, steps: Sequence[Step]) -> Release:
    run_steps(context, steps)
    release = current_release(context.folder)
    if release is None:
        raise WarehouseError(f"{context.month}: the run ended without a release, see {log_of(context)}")
    return release


def _months_with_drops(folder: DataFolder, months: Sequence[Month], progress: Progress) -> list[Month]:
    """The months for which an authority has delivered a drop. Warns for each of the others.

    Raises BadInputError if a month has not ended, or if no month has a drop.
    """
    for month in months:
        if month.end >= dt.date.today():
            raise BadInputError(f"{month} has not ended yet: there is no month-end drop of it")
    delivered = [month for month in months if any(folder.lcs.glob(f"*/{month}/*"))]
    if not delivered:
        asked = str(months[0]) if len(months) == 1 else f"{months[0]} to {months[-1]}"
        text = f"no drop of {asked} was found: looked for {folder.lcs}/<la_code>/<YYYY-MM>/"
        raise BadInputError("\n".join([text, *unread_lines(folder)]))
    for month in months:
        if month not in delivered:
            progress.warning(f"{month}: there is no drop, so the run leaves the month out")
    return delivered
