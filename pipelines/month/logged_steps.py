"""Running the steps of a month in order, with a log of what packages print.

Belongs here: the log, and what an error of a step becomes. Does not belong here: which steps a month has, the
record of how a run ended.
"""

import contextlib
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipelines.errors import WarehouseError
from pipelines.month.context import MonthContext
from pipelines.month.stop_signals import stop_if_asked
from pipelines.settings import DataFolder
from pipelines.storage import storage_fault, storage_faults_as_lines
from pipelines.transform import manifest_path

Step = Callable[[MonthContext], object]


def run_steps(context: MonthContext, steps: Sequence[Step]) -> None:
    """Runs the steps. Raises WarehouseError for anything unexpected: the log of the month has its traceback."""
    log_path = log_of(context)
    with _logged(context.folder, log_path):
        try:
            with context.progress.stage("start"):
                # reads the dbt project, so that a fault in it is reported before anything is loaded
                manifest_path(context.folder)
            for step in steps:
                stop_if_asked()
                step(context)
        except WarehouseError:
            raise
        except Exception as error:
            with contextlib.suppress(OSError):
                traceback.print_exc()
            text = f"{context.month}: the run failed unexpectedly, see {log_path}"
            raise storage_fault(error, context.folder) or WarehouseError(text) from error


def log_of(context: MonthContext) -> Path:
    """Where packages print to while the month is run."""
    return context.folder.logs / f"{context.month}.log"


@contextlib.contextmanager
def _logged(folder: DataFolder, log_path: Path) -> Iterator[None]:
    """Sends what packages print to the log. Raises a fault of one line if the log cannot be written."""
    with storage_faults_as_lines(folder):
        log_path.parent.mkdir(parents=True, exist_ok=True)
        with (
            log_path.open("w", encoding="utf-8") as log,
            contextlib.redirect_stdout(log),
            contextlib.redirect_stderr(log),
        ):
            yield
