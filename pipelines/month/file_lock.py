"""A lock on an open file that ends with the process, on POSIX and on Windows."""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def hold(file: IO[str]) -> None:
        """Locks the file for this process. Raises BlockingIOError while another process has locked it."""
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error

else:
    import fcntl

    def hold(file: IO[str]) -> None:
        """Locks the file for this process. Raises BlockingIOError while another process has locked it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
