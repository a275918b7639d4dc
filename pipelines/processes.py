"""Work on many authorities at once, in processes of their own: Python and the solver use one core in each.

Belongs here: starting and ending the processes. Does not belong here: what they do.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 6
"""So many items take no longer than to start the processes."""


def spread(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """The results of a function for each item, in their order, as `map` gives them.

    A process for each core shares the items if there are more than a few. Function and items can be pickled.
    """
    cores = os.cpu_count() or 1
    if len(items) <= FEW or cores == 1:
        yield from map(function, items)
        return
    # no copy of this process: it has threads of DuckDB and polars, and an open working file
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, spawn, initializer=_end_with_the_run) as pool:
        yield from pool.map(function, items)


def _end_with_the_run() -> None:
    """Leaves it to the run to answer Ctrl-C, and ends with it, also where it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = multiprocessing.parent_process()

    def wait() -> None:
        if run is not None:
            run.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
