"""CPU seconds and memory of `warehouse` commands, month by month, and of DuckDB alone on the same files.

CPU seconds are the user and system time of the command and all its child processes. Wall-clock seconds depend on
what else the machine does. Needs Linux, because it reads `/proc`.
"""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.calendar import Month

_COMMAND = "import sys; from pipelines.cli import main; sys.exit(main(sys.argv[1:]))"
_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY = 0.1


@dataclass(frozen=True)
class Cost:
    """CPU seconds, the peak memory of all processes together in megabytes, and wall-clock seconds."""

    cpu: float
    megabytes: float
    wall: float


def warehouse(checkout: Path, *arguments: str) -> list[Cost]:
    """Runs `warehouse` of a checkout; what each published month of it cost, the start included in the first.

    A command that publishes nothing is one cost. Raises CalledProcessError if the command fails.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *arguments],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    costs: list[Cost] = []
    said: list[str] = []
    began, cpu = time.perf_counter(), 0.0
    with _ended_with_this_process(process), _peak_memory(process.pid) as peak:
        for line in process.stdout or ():
            said.append(line)
            if line.startswith("published "):
                now, used = time.perf_counter(), _cpu_seconds(process.pid)
                costs.append(Cost(used - cpu, peak.taken(), now - began))
                began, cpu = now, used
                print(f"  {line.split('_')[0]}: {costs[-1].cpu:.1f} CPU s", file=sys.stderr, flush=True)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        print("".join(said[-5:]), file=sys.stderr)
        raise subprocess.CalledProcessError(process.returncode, arguments)
    rest = usage.ru_utime + usage.ru_stime - cpu
    if not costs:
        return [Cost(rest, usage.ru_maxrss / 1024, time.perf_counter() - began)]
    # what follows the last month belongs to it; of one month the kernel knows the peak itself
    last = costs.pop()
    peak_of_process = usage.ru_maxrss / 1024 if not costs else 0.0
    wall = last.wall + time.perf_counter() - began
    return [*costs, Cost(last.cpu + rest, max(last.megabytes, peak_of_process), wall)]


@contextmanager
def _ended_with_this_process(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        process.terminate()
        process.wait()
        raise


class _Peak:
    """The most memory that a process and its children had together since the last question, in megabytes."""

    def __init__(self) -> None:
        self.megabytes = 0.0

    def taken(self) -> float:
        megabytes, self.megabytes = self.megabytes, 0.0
        return megabytes


@contextmanager
def _peak_memory(pid: int) -> Iterator[_Peak]:
    peak, is_over = _Peak(), threading.Event()

    def watch() -> None:
        while not is_over.wait(_EVERY):
            peak.megabytes = max(peak.megabytes, sum(map(_megabytes, _tree(pid))))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        is_over.set()
        thread.join()


def _tree(pid: int) -> list[int]:
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return [pid, *(each for child in children for each in _tree(child))]


def _megabytes(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return 0.0


def _cpu_seconds(pid: int) -> float:
    """Of the process, the children that it has waited for, and the living ones."""
    ticks = 0
    for each in _tree(pid):
        try:
            ticks += sum(map(int, Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue
    return ticks / _TICKS


@dataclass(frozen=True)
class Floor:
    """DuckDB alone reads the drops as text and writes the newest vintage. `vintage`: its allocated bytes."""

    cost: Cost
    vintage: int


def floor(drops: list[Path], release: Path, month: Month) -> Floor:
    """What DuckDB alone takes in a process of its own for the drops of a month and the vintage it gave."""
    arguments = [str(release), str(month), *map(str, drops)]
    ran = subprocess.run(
        [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True, check=True, env=os.environ
    )
    result = json.loads(ran.stdout)
    return Floor(Cost(result["cpu"], result["megabytes"], result["wall"]), result["vintage"])


def _run_floor(release: Path, month: Month, drops: list[Path]) -> dict[str, float]:
    with duckdb.connect() as connection, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        tables = _vintage(connection, release, month)
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        files = [path for drop in drops for path in sorted(drop.iterdir()) if ".csv" in path.name]
        for number, path in enumerate(files):
            connection.execute(f"create table read_{number} as from read_csv(?, all_varchar = true)", [str(path)])
        for name in tables:
            connection.execute(f"copy {name} to '{folder}/{name}.parquet' (format parquet, compression zstd)")
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "wall": wall,
            "megabytes": after.ru_maxrss / 1024,
            "vintage": sum(allocated(path) for path in Path(folder).iterdir()),
        }


def _vintage(connection: duckdb.DuckDBPyConnection, release: Path, month: Month) -> list[str]:
    """Loads the newest vintage of every table that has vintages, whatever the layout of the release."""
    tables: list[str] = []
    files = {path.parent if "=" in path.parent.name else path for path in release.rglob("*.parquet")}
    for place in sorted(files):
        if "=" in place.name and str(month) not in place.name:
            continue
        source = f"read_parquet('{place}{'/*.parquet' if '=' in place.name else ''}')"
        columns = [row[0] for row in connection.execute(f"describe from {source}").fetchall()]
        name = f"written_{len(tables)}"
        if "=" in place.name:
            connection.execute(f"create table {name} as from {source}")
        elif "extract_month" in columns:
            day = dt.date.isoformat(month.end)
            connection.execute(f"create table {name} as from {source} where extract_month = date '{day}'")
        else:
            continue
        tables.append(name)
    return tables


def allocated(path: Path) -> int:
    """Bytes that a file takes on disk."""
    return path.stat().st_blocks * 512


@dataclass(frozen=True)
class NewBytes:
    """Allocated bytes of the files that a release shares with no other: tables, DuckDB files, all others."""

    tables: int
    duckdb: int
    others: int


def new_bytes(release: Path) -> NewBytes:
    """The files of a release with an inode that no other release has."""
    releases = release.resolve().parent
    shared = {
        path.stat().st_ino
        for each in releases.iterdir()
        if each != release.resolve()
        for path in each.rglob("*")
        if path.is_file()
    }
    sums = {".parquet": 0, ".duckdb": 0, "": 0}
    for path in release.resolve().rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_ino not in shared:
            sums[path.suffix if path.suffix in sums else ""] += allocated(path)
    return NewBytes(sums[".parquet"], sums[".duckdb"], sums[""])


if __name__ == "__main__":
    print(
        json.dumps(_run_floor(Path(sys.argv[1]), Month.parse(sys.argv[2]), [Path(each) for each in sys.argv[3:]]))
    )
