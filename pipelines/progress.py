"""What a run tells people while it works: stages with their seconds, lines, and warnings.

The command installs a display; without one (Dagster's pages, tests) a run is silent here and speaks through
its own log. Nothing personal is ever passed to it.
"""

import time
from collections.abc import Iterator
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


_SILENCE = Silence()
_display: ContextVar[Display] = ContextVar("display", default=_SILENCE)
_seconds: ContextVar[dict[str, float] | None] = ContextVar("seconds", default=None)


@contextmanager
def shown_on(display: Display) -> Iterator[None]:
    """While open, progress is shown on `display`."""
    token = _display.set(display)
    try:
        yield
    finally:
        _display.reset(token)


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
        seconds = _seconds.get()
        if seconds is not None:
            seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - began


def line(text: str) -> None:
    _display.get().line(text)


def warning(text: str) -> None:
    _display.get().warning(text)


def stage_seconds() -> dict[str, float]:
    """Seconds per stage so far; empty when nobody asked for them."""
    return dict(_seconds.get() or {})
