"""What surrounds the steps of a month's run: one run at a time, seconds by stage, the log with the run's id.

The command does this itself and runs the job within it; a run that Dagster started finds it here.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from dagster import InitResourceContext, RetryRequested, resource

from pipelines import progress
from pipelines.calendar import Month
from pipelines.errors import BusyError
from pipelines.run import is_going, only_run
from pipelines.run_log import STARTED, RunOfMonth, recorder, write_event
from pipelines.settings import data_folder
from pipelines.storage import storage_faults_told

MONTH_RUN = "month_run"
"""Every step asks for it by this key and does its work within `step`."""

BUSY_RETRIES = 30
BUSY_WAIT_SECONDS = 60
"""Another run takes minutes; after half an hour something else is wrong."""


class MonthRun:
    """Holds the data folder from the first step of a run to its end."""

    def __init__(self, run: RunOfMonth, held: ExitStack) -> None:
        self._run = run
        self._held = held
        self._has_begun = False
        self._is_own = not is_going()

    @contextmanager
    def step(self) -> Iterator[None]:
        """A step of the run. While another run or reader holds the data, it waits and is tried again.

        Nothing else is tried again: a drop, a gate or a model says the same the second time, and a full disk stays
        full.
        """
        try:
            if self._is_own and not self._has_begun:
                self._begin()
            with storage_faults_told(data_folder()):
                yield
        except BusyError as busy:
            if not self._is_own:
                raise
            raise RetryRequested(BUSY_RETRIES, BUSY_WAIT_SECONDS) from busy

    def _begin(self) -> None:
        folder = data_folder()
        self._held.enter_context(only_run(folder))
        self._held.enter_context(progress.timed())
        self._held.enter_context(progress.recorded(recorder(folder, self._run)))
        self._has_begun = True
        write_event(folder, self._run, STARTED, by="dagster")


@resource
def month_run(context: InitResourceContext) -> Iterator[MonthRun]:
    """One for all steps of a run, which therefore have to be in one process."""
    assert context.run is not None
    with ExitStack() as held:
        yield MonthRun(RunOfMonth(Month.parse(context.run.tags["dagster/partition"]), context.run.run_id), held)
