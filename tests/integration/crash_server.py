"""A process that is ready to run months and lives on when a run is killed: each run is a fork of it.

Started as a process of its own (see `crash_runs`), it imports everything that a run needs, and then waits for
orders, one JSON object a line. It opens no DuckDB file, never uses polars and starts no thread itself: what a fork
inherits is as in a process that has just started. It serves the data folder that `WAREHOUSE_DATA` names.

An order says which month to run by the command, as a person calls it (with `steps`: only these steps of the
month), where to end it, and what limits it. The run counts its events, by stage: everything it is about to do to
a file of the data folder, and every statement it is about to give to DuckDB.
"""

import gc
import importlib
import json
import logging
import os
import resource
import select
import signal
import sys
import time
import traceback
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from pipelines import cli
from pipelines.month import run as month_run
from pipelines.month.steps import STEPS
from pipelines.progress import Progress
from pipelines.settings import data_folder

BEFORE_FIRST_STAGE = "start"
FILE_EVENTS = {
    "os.chmod",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "shutil.rmtree",
}
SECONDS_AT_MOST = 300


class Events:
    """What a run is about to do, counted by stage, and the end that it is to come to."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.stage = BEFORE_FIRST_STAGE
        self.told: dict[str, list[str]] = {}
        self.kill: dict[str, Any] | None = None
        self.reached: int | None = None
        self.copies: dict[str, str] = {}

    def begin(self, stage: str) -> None:
        self.end()
        self.stage = stage
        if stage in self.copies:
            # a copy of the data folder as it is when the stage begins: no file is open between two stages
            os.system(f"cp -a '{self.root}' '{self.copies.pop(stage)}'")

    def end(self) -> None:
        """A stage that ends before the point was reached is the point; who waits for the server's kill, waits."""
        if self.kill is None or self.kill["stage"] != self.stage:
            return
        if self.kill["event"] < len(self.told.get(self.stage, [])):
            time.sleep(SECONDS_AT_MOST)
        os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, name: str, arguments: tuple[Any, ...]) -> None:
        """Python tells of everything that goes through it to a file before it is done."""
        if self.root is None or not (name in FILE_EVENTS or name == "open"):
            return
        if name == "open":
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return
        paths = [os.fspath(one) for one in arguments if isinstance(one, str | os.PathLike)]
        inside = [path.removeprefix(f"{self.root}/") for path in paths if path.startswith(self.root)]
        if inside:
            self.tell(f"{name} {' '.join(inside)}")

    def tell(self, event: str) -> None:
        if self.root is None:
            return
        told = self.told.setdefault(self.stage, [])
        told.append(event)
        kill = self.kill
        if kill is None or (kill["stage"], kill["event"]) != (self.stage, len(told) - 1):
            return
        if kill["after_seconds"]:
            # the server kills: the run goes on meanwhile, in whatever DuckDB is doing by then
            assert self.reached is not None
            os.write(self.reached, b".")
        else:
            os.kill(os.getpid(), signal.SIGKILL)


EVENTS = Events()


def follow_events() -> None:
    """Lets `EVENTS` know of stages, of files and of statements."""
    sys.addaudithook(EVENTS.audit)
    stage, execute = Progress.stage, duckdb.DuckDBPyConnection.execute

    def told_stage(progress: Progress, name: str) -> Any:
        EVENTS.begin(name)
        return stage(progress, name)

    def told_execute(connection: Any, query: Any, *rest: Any, **named: Any) -> Any:
        EVENTS.tell(f"sql {' '.join(str(query).split())[:100]}")
        return execute(connection, query, *rest, **named)

    Progress.stage = told_stage
    duckdb.DuckDBPyConnection.execute = told_execute


def run(order: dict[str, Any], reached: int, told: Path) -> int:
    """The forked process: one run of the command. Gives its exit status, where it lives to."""
    os.setpgid(0, 0)
    for descriptor, name in ((1, "out"), (2, "err")):
        opened = os.open(told / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, descriptor)
    if order["file_size"] is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"], resource.RLIM_INFINITY))
    if order["steps"] is not None:
        some = [step for step in STEPS if step.__name__ in order["steps"]]
        assert len(some) == len(order["steps"])
        month_run.run_months = partial(month_run.run_months, steps=some)
    EVENTS.reached, EVENTS.kill, EVENTS.copies = reached, order["kill"], order["copies"]
    EVENTS.root = str(data_folder().root)
    try:
        status = cli.main(["run", "--month", order["month"]])
        EVENTS.end()
        return status
    finally:
        EVENTS.root = None
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        (told / "events.json").write_text(json.dumps(EVENTS.told))
        (told / "packages").write_text("\n".join(sorted({name.split(".")[0] for name in sys.modules})))
        sys.stdout.flush()
        sys.stderr.flush()


def fork_and_wait(order: dict[str, Any], told: Path) -> dict[str, Any]:
    """Runs an order in a fork and tells how it ended: by its status, or by which signal."""
    began = time.perf_counter()
    is_reached, reached = os.pipe()
    process = os.fork()
    if process == 0:
        status = 70
        try:
            os.close(is_reached)
            status = run(order, reached, told)
        except BaseException:
            # what the command lets through is a traceback for its user
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)
    os.close(reached)
    ready, _, _ = select.select([is_reached], [], [], SECONDS_AT_MOST)
    if ready and os.read(is_reached, 1):
        time.sleep(order["kill"]["after_seconds"])
        os.kill(process, signal.SIGKILL)
    elif not ready:
        os.kill(process, signal.SIGKILL)
    os.close(is_reached)
    _, status, usage = os.wait4(process, 0)
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "seconds": time.perf_counter() - began,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
    }


def main() -> None:
    told = Path(sys.argv[1])
    # the protocol goes over a descriptor of its own: whatever a package prints must not get in between
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    importlib.import_module("great_expectations.execution_engine.sqlalchemy_execution_engine")
    # a run imports them while its output goes to the log of the month: there, not here, what they log belongs
    logging.getLogger().handlers.clear()
    follow_events()
    # what is shared with the forks stays shared as long as nobody counts through it
    gc.collect()
    gc.freeze()
    answers.write("{}\n")
    answers.flush()
    for line in sys.stdin:
        answers.write(json.dumps(fork_and_wait(json.loads(line), told)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
