"""Work on many authorities at once, in processes of their own: Python and the solver use one core in each.

Belongs here: starting and ending the processes. Does not belong here: what they do.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 6
"""So many items take no longer than to start the processes."""
_sharing = [1]


def processes_sharing() -> int:
    """How many processes share the machine's memory and cores, this one included."""
    return _sharing[-1]


def spread(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int | None = None
) -> Iterator[Result]:
    """The results of a function for each item, in their order, as `map` gives them.

    A process for each core shares the items if there are more than a few; so many `workers` share any number of
    them. Function and items can be pickled. A process that is one of several starts no others.
    """
    processes = min(workers or os.cpu_count() or 1, len(items))
    if processes < 2 or processes_sharing() > 1 or (workers is None and len(items) <= FEW):
        yield from map(function, items)
        return
    with _pool(processes, processes) as pool, _ended_with_the_run():
        futures = [pool.submit(function, item) for item in items]
        while futures:
            yield futures.pop(0).result()


def each_alone(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int
) -> Iterator[tuple[Item, Result | None]]:
    """Each item with its result as soon as it is there; None where the process of the item was killed.

    Every item has a process of its own, so that one that is killed takes no other with it.
    """

    def alone(item: Item) -> Result | None:
        try:
            with _pool(1, min(workers, len(items))) as pool:
                return pool.submit(function, item).result()
        except BrokenProcessPool:
            return None

    with ThreadPoolExecutor(workers) as threads:
        futures = {threads.submit(alone, item): item for item in items}
        with _ended_with_the_run():
            try:
                for future in as_completed(futures):
                    yield futures[future], future.result()
            finally:
                # before their processes are ended: no thread begins another item then
                for future in futures:
                    future.cancel()


def _pool(processes: int, sharing: int) -> ProcessPoolExecutor:
    # no copy of this process: it has threads of DuckDB and polars, and an open working file
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, spawn, initializer=_begin, initargs=(sharing,))


@contextmanager
def _ended_with_the_run() -> Iterator[None]:
    """A run that was stopped does not wait for what its processes are doing."""
    others = multiprocessing.active_children()
    try:
        yield
    except BaseException:
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
