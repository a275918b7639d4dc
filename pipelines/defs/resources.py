"""Dagster's resources: the data folder, and what surrounds a month's run in it (lock, log, seconds by stage)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from dagster import ConfigurableResource, InitResourceContext, ResourceDependency, RetryRequested
from pydantic import PrivateAttr

from pipelines.calendar import Month
from pipelines.errors import BusyError
from pipelines.month import MonthContext, Options, only_run
from pipelines.month.run_log import STARTED, RunOfMonth, recorder, write_event
from pipelines.progress import Progress
from pipelines.publish import Corrections
from pipelines.quality import Waivers
from pipelines.settings import DataFolder, read_settings
from pipelines.storage import storage_faults_as_lines

PARTITION_TAG = "dagster/partition"

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

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator["MonthRun"]:
        """Releases the lock of the data folder when the run has ended."""
        assert context.run is not None, "a step belongs to a run"
        self._run = RunOfMonth(Month.parse(context.run.tags[PARTITION_TAG]), context.run.run_id)
        with self._held:
            yield self

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
        assert self._run is not None
        folder = self.warehouse.folder
        options = Options(read_settings())
        self._held.enter_context(only_run(folder))
        write_event(folder, self._run, STARTED, by="dagster")
        progress = Progress(recorder=recorder(folder, self._run))
        return MonthContext(folder, self._run.month, options, progress)
