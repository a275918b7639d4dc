"""What a run tells people while it works: stages with their seconds, lines, and warnings.

The command installs a display; without one (Dagster's pages, tests) a run is silent here and speaks through
its own log. Whoever runs a month can have all of it written down as well. Nothing personal is ever passed to it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


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


Recorder = Callable[[str, dict[str, object]], None]
"""Takes what happened (`stage`, `line`, `warning`) and its facts."""

_SILENCE = Silence()
_display: ContextVar[Display] = ContextVar("display", default=_SILENCE)
_seconds: ContextVar[dict[str, float] | None] = ContextVar("seconds", default=None)
_recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


@contextmanager
def shown_on(display: Display) -> Iterator[None]:
    """While open, progress is shown on `display`."""
    token = _display.set(display)
    try:
        yield
    finally:
        _display.reset(token)


@contextmanager
def recorded(recorder: Recorder) -> Iterator[None]:
    """While open, everything told is handed to `recorder` too, and every stage with its seconds when it ends."""
    token = _recorder.set(recorder)
    try:
        yield
    finally:
        _recorder.reset(token)


@contextmanager
def timed() -> Iterator[None]:
    """While open, the seconds of every stage are kept; they begin at none."""
    token = _seconds.set({})
    try:
        yield
    finally:
        _seconds.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """A named stretch of work; its wall-clock seconds are kept for the one who asked for them."""
    _display.get().stage(name)
    began = time.perf_counter()
    try:
        yield
    finally:
        taken = time.perf_counter() - began
        seconds = _seconds.get()
        if seconds is not None:
            seconds[name] = seconds.get(name, 0.0) + taken
        _record("stage", stage=name, seconds=round(taken, 3))


def line(text: str) -> None:
    """Tells one line of what was done."""
    _display.get().line(text)
    _record("line", text=text)


def warning(text: str) -> None:
    """Tells one line of what somebody should look at."""
    _display.get().warning(text)
    _record("warning", text=text)


def _record(event: str, **facts: object) -> None:
    recorder = _recorder.get()
    if recorder is not None:
        recorder(event, facts)


def stage_seconds() -> dict[str, float]:
    """Seconds per stage so far; empty when nobody asked for them."""
    return dict(_seconds.get() or {})


def seconds_of(name: str) -> float:
    """Seconds of one stage so far; 0 when it has not begun, or nobody asked for seconds."""
    return round((_seconds.get() or {}).get(name, 0.0), 3)
