"""Dagster's resources: the data folder, and what surrounds a month's run in it (lock, log, seconds by stage)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from dagster import ConfigurableResource, DagsterInstance, InitResourceContext, ResourceDependency, RetryRequested
from pydantic import PrivateAttr

from pipelines.calendar import Month
from pipelines.errors import BusyError
from pipelines.ingest.arrivals import content_run
from pipelines.month import MonthContext, Options, only_run
from pipelines.month.redelivery import authorities_to_run
from pipelines.month.run_end import note_dead_runs
from pipelines.month.run_log import STARTED, RunOfMonth, write_event
from pipelines.month.run_record import begin, months_to_run_again, note_over, step_recorder
from pipelines.progress import Progress
from pipelines.publish import Corrections
from pipelines.quality import Waivers
from pipelines.settings import DataFolder, read_settings
from pipelines.storage import storage_faults_as_lines

PARTITION_TAG = "dagster/partition"
CONTENT = "warehouse/content"
"""Tag of a run that schedule or sensor asked for: the content of the month's drops."""
BEGUN = "warehouse/begun"
"""Tag of a run that has locked the data folder, or found that another run had done its work."""
NOTHING_TO_DO = "nothing to do"

BUSY_RETRIES = 30
BUSY_WAIT_SECONDS = 60
"""Another run takes minutes; after half an hour something else is wrong."""


class Warehouse(ConfigurableResource["Warehouse"]):
    """The data folder of the installation."""

    data_folder: str

    @property
    def folder(self) -> DataFolder:
        return DataFolder(Path(self.data_folder))


class MonthRun(ConfigurableResource["MonthRun"]):
    """A run of a month, for its steps: they share it, and therefore have to be in one process."""

    warehouse: ResourceDependency[Warehouse]

    _held: ExitStack = PrivateAttr(default_factory=ExitStack)
    _run: RunOfMonth | None = PrivateAttr(default=None)
    _month: MonthContext | None = PrivateAttr(default=None)
    _asked_for: str | None = PrivateAttr(default=None)
    _instance: DagsterInstance | None = PrivateAttr(default=None)
    _nothing_to_do: bool = PrivateAttr(default=False)

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator["MonthRun"]:
        """Releases the lock of the data folder when the run has ended."""
        assert context.run is not None, "a step belongs to a run"
        self._run = RunOfMonth(Month.parse(context.run.tags[PARTITION_TAG]), context.run.run_id)
        self._instance = context.instance
        if context.run.parent_run_id is None:
            # a person who runs it once more in the pages wants it to run
            self._asked_for = context.run.tags.get(CONTENT)
        with self._held:
            yield self

    @property
    def has_nothing_to_do(self) -> bool:
        """Whether another run has run what this one was asked for, while it waited. Known in the first step."""
        return self._nothing_to_do

    @contextmanager
    def step(
        self, waivers: Waivers | None = None, corrections: Corrections | None = None
    ) -> Iterator[MonthContext]:
        """A step of the run, with what a person decided for it. The first step locks the data folder for the run.

        While another run or reader holds the data, the step waits and is tried again. Nothing else is tried again:
        a drop, a gate or a model gives the same answer the second time, and a full disk stays full.
        """
        try:
            if self._month is None:
                self._month = self._begin()
            with storage_faults_as_lines(self.warehouse.folder):
                options = replace(
                    self._month.options,
                    waivers=waivers or Waivers(),
                    corrections=corrections or Corrections(),
                )
                yield replace(self._month, options=options)
        except BusyError as busy:
            raise RetryRequested(BUSY_RETRIES, BUSY_WAIT_SECONDS) from busy

    def _begin(self) -> MonthContext:
        assert self._run is not None and self._instance is not None
        folder, run = self.warehouse.folder, self._run
        options = Options(read_settings())
        self._held.enter_context(only_run(folder, f"the run of {run.month}"))
        note_dead_runs(folder, options.settings.alerts)
        self._nothing_to_do = self._asked_for is not None and (
            self._asked_for == content_run(folder, run.month) and run.month not in months_to_run_again(folder)
        )
        self._instance.add_run_tags(run.id, {BEGUN: NOTHING_TO_DO if self._nothing_to_do else "yes"})
        if self._nothing_to_do:
            return MonthContext(folder, run.month, options, Progress())
        # before the record of this run takes the place of the last one
        only = authorities_to_run(folder, run.month) if self._asked_for is not None else ()
        options = replace(options, authorities=only)
        begin(folder, run, by="dagster")
        self._held.callback(note_over, folder, run)
        write_event(folder, run, STARTED, by="dagster")
        return MonthContext(folder, run.month, options, Progress(recorder=step_recorder(folder, run)))
