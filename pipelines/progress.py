"""What a run reports while it works: stages with their seconds, lines, and warnings.

Whoever starts a run makes a `Progress` and hands it down. It goes to a display (the command has one, Dagster and
most tests have none) and to a recorder, which writes the run's log. Nothing personal is ever passed to it.
Lines are made printable.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from pipelines.file_names import printable

BEGUN = "stage_begun"
Recorder = Callable[[str, dict[str, object]], None]
"""Takes what happened (`stage_begun`, `stage`, `line`, `warning`) and its facts."""


class Display(Protocol):
    """Something that shows progress to a person."""

    def stage(self, name: str) -> None: ...
    def line(self, text: str) -> None: ...
    def warning(self, text: str) -> None: ...


class Silence:
    """Shows nothing."""

    def stage(self, name: str) -> None: ...
    def line(self, text: str) -> None: ...
    def warning(self, text: str) -> None: ...


class Progress:
    """The report of one run.

    `seconds`: wall-clock seconds of each stage that has ended. `step`: the stage that began last.
    """

    def __init__(self, display: Display | None = None, recorder: Recorder | None = None) -> None:
        self._display = display or Silence()
        self._recorder = recorder
        self.seconds: dict[str, float] = {}
        self.step = "start"

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times the work within and adds its seconds to the stage of this name."""
        self.step = name
        self._display.stage(name)
        self._record(BEGUN, stage=name)
        began = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - began
            self.seconds[name] = self.seconds.get(name, 0.0) + taken
            self._record("stage", stage=name, seconds=round(taken, 3))

    def line(self, text: str) -> None:
        """Reports one line about what was done."""
        text = printable(text)
        self._display.line(text)
        self._record("line", text=text)

    def warning(self, text: str) -> None:
        """Reports one line that a person should look at."""
        text = printable(text)
        self._display.warning(text)
        self._record("warning", text=text)

    def seconds_of(self, name: str) -> float:
        """Seconds of a stage so far, rounded; 0 if it has not begun."""
        return round(self.seconds.get(name, 0.0), 3)

    def _record(self, event: str, **facts: object) -> None:
        if self._recorder is not None:
            self._recorder(event, facts)
