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
_sharing = [1]


def processes_sharing() -> int:
    """How many processes share the machine's memory and cores, this one included."""
    return _sharing[-1]


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
    others = multiprocessing.active_children()
    with ProcessPoolExecutor(cores, spawn, initializer=_begin, initargs=(cores,)) as pool:
        futures = [pool.submit(function, item) for item in items]
        try:
            while futures:
                yield futures.pop(0).result()
        except BaseException:
            # a run that was stopped does not wait for what they are doing
            for process in set(multiprocessing.active_children()).difference(others):
                process.terminate()
            raise


def _begin(processes: int) -> None:
    """Leaves it to the run to answer Ctrl-C, and ends this process with the run, also where that was killed."""
    _sharing.append(processes)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = multiprocessing.parent_process()

    def wait() -> None:
        if run is not None:
            run.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
