"""SIGINT, SIGTERM and SIGHUP: they end a command in order, with a record of its run and with the lock freed.

Belongs here: receiving a signal once and not losing it. A package may take the exception for its own, or answer it
with another one; therefore the signal is also kept, and asked for between two steps.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

BY_A_PERSON = signal.SIGINT
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_received: list[signal.Signals] = []


class StopRequested(KeyboardInterrupt):
    """A signal asks the process to end."""


def received_signal() -> signal.Signals | None:
    """The signal that asked this process to end, if one did."""
    return _received[0] if _received else None


def stop_if_asked() -> None:
    """Raises StopRequested if a signal has asked for it, also where a package has swallowed the exception."""
    if _received:
        raise StopRequested


@contextlib.contextmanager
def signals_that_stop() -> Iterator[None]:
    """While open, the first of these signals raises StopRequested in the main thread; later ones are ignored.

    A signal that whoever started the process has told it to ignore stays ignored, as under `nohup`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _received.clear()
    before = {}
    for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
        handler = signal.getsignal(number)
        if handler is not signal.SIG_IGN:
            before[number] = handler
            signal.signal(number, _receive)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _receive(number: int, _: FrameType | None) -> None:
    if not _received:
        _received.append(signal.Signals(number))
        raise StopRequested
