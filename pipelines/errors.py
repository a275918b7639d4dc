"""One exception type per kind of fault that a user can act on.

Raised where the fault is seen, printed once by the command as one line, never as a traceback.
A message names authority, month, file, column and row where it has them, and no personal value.
"""

from pipelines.file_names import printable


class WarehouseError(Exception):
    """A fault that ends the command with an exit status; `str()` is the line to print, safe for a terminal."""

    exit_status = 1

    def __init__(self, text: str = "") -> None:
        super().__init__(printable(text))


class UsageError(WarehouseError):
    """The command was called wrongly."""

    exit_status = 2


class GateRefusedError(WarehouseError):
    """A quality gate failed or could not run: nothing was published."""

    exit_status = 3


class BadInputError(WarehouseError):
    """Input that stopped the run: a drop that is missing, unreadable or breaks its contract."""

    exit_status = 4


class StoppedError(WarehouseError):
    """Somebody or the system ended a run before it was done.

    `again`: whether the month is run again by itself: not where a person stopped it.
    """

    def __init__(self, text: str, signal_number: int | None = None, again: bool = False) -> None:
        super().__init__(text)
        self.again = again
        if signal_number is not None:
            # as a shell says it of a process that a signal has ended
            self.exit_status = 128 + signal_number


class DiedError(WarehouseError):
    """The process of a run ended without a word: it was killed, or the machine stopped."""


class StorageFullError(WarehouseError):
    """There is no room left to write."""


class BusyError(WarehouseError):
    """Another run holds the working file."""
