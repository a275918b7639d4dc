"""Runs that are killed or starved, from the side of the test: orders to the warm server, and how each ended."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crash_server
from checkout import PROJECT_ROOT

from pipelines.settings import DATA_VARIABLE, NO_TELEMETRY, DataFolder


@dataclass(frozen=True)
class Point:
    """Where a run is killed: before the event of that number in its stage, or so many seconds after it.

    A run that finds a part of its work done by the one before has fewer events: it is killed when the stage ends.
    """

    stage: str
    event: int
    what: str
    after_seconds: float = 0.0

    def __str__(self) -> str:
        later = f" + {self.after_seconds * 1000:.0f} ms" if self.after_seconds else ""
        return f"{self.stage} event {self.event}{later} ({self.what[:90]})"


@dataclass(frozen=True)
class End:
    """How a run ended. `status` is None where it was killed."""

    status: int | None
    signal: int | None
    seconds: float
    cpu_seconds: float
    out: str
    err: str
    events: Mapping[str, Sequence[str]]
    packages: Sequence[str]
    """Every package that was imported when the run ended; none are known of one that was killed."""

    @property
    def was_killed(self) -> bool:
        return self.signal == signal.SIGKILL

    @property
    def errors(self) -> list[str]:
        """The lines that the user is shown as errors; everything on the error output but warnings."""
        return [line for line in self.err.splitlines() if not line.startswith("warning: ")]


class Runs:
    """The warm server and the one data folder that it serves."""

    def __init__(self, process: "subprocess.Popen[str]", data: Path, told: Path) -> None:
        self._process = process
        self._told = told
        self.data = data
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self.started = 0

    @property
    def folder(self) -> DataFolder:
        return DataFolder(self.data)

    def run(
        self,
        month: str,
        *,
        steps: Sequence[str] | None = None,
        kill: Point | None = None,
        file_size: int | None = None,
        copies: Mapping[str, Path] | None = None,
    ) -> End:
        """Runs a month to its end, or to the point where it is killed.

        steps: only these steps of the month. file_size: bytes that no file may outgrow.
        copies: where to copy the data folder to, by the stage that is about to begin.
        """
        order = {
            "month": month,
            "steps": steps,
            "kill": kill and {"stage": kill.stage, "event": kill.event, "after_seconds": kill.after_seconds},
            "file_size": file_size,
            "copies": {stage: str(path) for stage, path in (copies or {}).items()},
        }
        for name in ("events.json", "packages"):
            (self._told / name).unlink(missing_ok=True)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        events, packages = self._told / "events.json", self._told / "packages"
        self.started += 1
        self.seconds += answer["seconds"]
        self.cpu_seconds += answer["cpu_seconds"]
        return End(
            **answer,
            out=(self._told / "out").read_text(encoding="utf-8"),
            err=(self._told / "err").read_text(encoding="utf-8"),
            events=json.loads(events.read_text(encoding="utf-8")) if events.exists() else {},
            packages=packages.read_text(encoding="utf-8").split() if packages.exists() else (),
        )

    def put(self, state: Path) -> None:
        """Makes the data folder what it was when it was copied to `state`."""
        shutil.rmtree(self.data, ignore_errors=True)
        copy_folder(state, self.data)

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the server of runs has ended"
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def warm_server(home: Path, built: Path) -> Iterator[Runs]:
    """A server of runs for a copy below `home` of the data folder `built`, ended on leaving."""
    data, told = home / "data", home / "told"
    copy_folder(built, data)
    (home / "tmp").mkdir()
    told.mkdir()
    environment = (
        os.environ
        | NO_TELEMETRY
        | {
            DATA_VARIABLE: str(data),
            "PYTHONPATH": os.pathsep.join([str(PROJECT_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "PYTHONWARNINGS": "ignore",
            "TMPDIR": str(home / "tmp"),
            # its threads would be there before the first fork
            "OPENBLAS_NUM_THREADS": "1",
        }
    )
    environment.pop("WAREHOUSE_DATABASE", None)
    environment.pop("DAGSTER_HOME", None)
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, crash_server.__file__, str(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        )
    runs = Runs(process, data, told)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), (home / "server.log").read_text()
        yield runs
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


def copy_folder(source: Path, target: Path) -> None:
    """A copy with everything as it was; cheap where the file system can share blocks."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)


def drawn(events: Mapping[str, Sequence[str]], wanted: Mapping[str, int], seed: int) -> list[Point]:
    """Points in these stages, as many of each as wanted, spread over the events of the stage.

    A stage is cut into as many equal parts as points are wanted of it and one event is drawn from each; every
    third point lies some milliseconds after its event, in the middle of whatever is being written then.
    """
    chance = random.Random(seed)
    points = []
    for stage, count in wanted.items():
        told = events[stage]
        for part in range(count):
            first, beyond = len(told) * part // count, max(len(told) * (part + 1) // count, 1)
            event = chance.randrange(min(first, beyond - 1), beyond)
            later = chance.uniform(0.001, 0.03) if part % 3 == 2 else 0.0
            points.append(Point(stage, event, told[event], later))
    return points


def events_of(events: Mapping[str, Sequence[str]], stage: str, *words: str) -> list[Point]:
    """The points before every event of a stage that says all these words."""
    return [
        Point(stage, number, what)
        for number, what in enumerate(events[stage])
        if all(word in what for word in words)
    ]
