"""Measures a region: authorities in one working file and in shards, and what happens when a shard fails.

`python bench/region.py [--authorities 8] [--size mean|small] [--line 8,24,48]` prints a Markdown table with the
target, the value and the verdict of each claim of docs/scale.md, as ratios of one run. Exit status 1 only if
tables differ or a run breaks: a ratio depends on what else the machine does.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
from measuring import Cost, warehouse
from synthetic_folders import AUTHORITIES, write_authorities

from pipelines.publish import current_release
from pipelines.release_layout import sql_of, table_of
from pipelines.settings import SHARDS_VARIABLE, WORKERS_VARIABLE, DataFolder
from warehouse_sample import DEFAULT_SEED, LA_CODE, LAST_MONTH, write_sample

HERE = Path(__file__).parent.parent
ENGLAND = 152
SHARD_OF_ENGLAND = 8
SECONDS_BEFORE_KILL = 3
_MEMORY = re.compile(r"at most ([\d,]+) MB")


@dataclass
class Verdicts:
    """The rows of the table. `is_broken`: tables differ, or a run did not do what it must."""

    rows: list[str] = field(default_factory=list)
    is_broken: bool = False

    def at_most(self, what: str, value: float, target: float) -> None:
        """A ratio with its target."""
        self.rows.append(f"| {what} | {target} | {value:.2f} | {'met' if value <= target else '**not met**'} |")

    def must(self, what: str, is_so: bool) -> None:
        """Something that has to be so on every machine."""
        self.is_broken |= not is_so
        self.rows.append(f"| {what} | yes | {'yes' if is_so else 'no'} | {'met' if is_so else '**broken**'} |")

    def fact(self, what: str, value: str) -> None:
        """A figure without a target."""
        self.rows.append(f"| {what} | | {value} | |")


@dataclass(frozen=True)
class Region:
    """A data folder and the shards in which it is run; in one working file if there are none."""

    folder: Path
    shards: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def run(self, *options: str, workers: int = 1) -> Cost:
        """Runs August 2019."""
        groups = "; ".join(f"{name}: {' '.join(codes)}" for name, codes in self.shards.items())
        os.environ |= {SHARDS_VARIABLE: groups, WORKERS_VARIABLE: str(workers)}
        given = ("run", "--data", str(self.folder), "--month", str(LAST_MONTH), *options)
        print(f"  {self.folder.name} {workers} {' '.join(options)}", file=sys.stderr, flush=True)
        return warehouse(HERE, *given)[0]

    @property
    def data(self) -> DataFolder:
        return DataFolder(self.folder)

    def newest(self) -> dict[str, str]:
        """The month that each authority of the current release is at."""
        release = current_release(self.data)
        return release.newest_months if release else {}

    def tables(self) -> dict[str, object]:
        """Columns, rows and hash of every table of the current release."""
        release = current_release(self.data)
        assert release is not None, "a run has published"
        return {table_of(entry): _state(release.path, entry) for entry in release.manifest["tables"]}

    def memory(self) -> float:
        """The most memory of a worker of the last run, in megabytes, as the log says."""
        log = self.data.run_log(LAST_MONTH).read_text(encoding="utf-8").splitlines()
        begins = max(number for number, line in enumerate(log) if '"run_started"' in line)
        return max(
            float(megabytes.replace(",", "")) for line in log[begins:] for megabytes in _MEMORY.findall(line)
        )


def _state(release: Path, entry: dict[str, object]) -> object:
    room, name = table_of(entry).split("/")
    columns = ", ".join(f'"{column["name"]}"' for column in entry["columns"])  # type: ignore[attr-defined]
    rows = sql_of(release / room, name)
    return columns, duckdb.execute(f"select count(*), sum(hash(hash({columns}))) from {rows}").fetchone()


def measure(sample: Path, folder: Path, count: int, size: str, verdicts: Verdicts) -> None:
    """One region of so many authorities, in every way."""
    pooled = Region(folder / "pooled")
    codes = write_authorities(sample, pooled.data, count, size)
    pooled.run()
    one_file = pooled.run()
    halves = {"first": codes[: count // 2], "second": codes[count // 2 :]}
    region, whole = Region(folder / "shards", halves), Region(folder / "whole", {"all": codes})
    for each in (region, whole):
        shutil.copytree(pooled.folder / "raw", each.folder / "raw")
        # the key alone: ids of people are the same then
        each.data.private.mkdir(parents=True, mode=0o700)
        shutil.copy2(pooled.data.private / "pseudonym.key", each.data.private)
    refused = codes[-1]
    with _without_people(region.data.lcs / refused / str(LAST_MONTH)):
        region.run(workers=2)
    verdicts.must(f"one refused drop: the other {count - 1} are published", set(region.newest()) == {*codes[:-1]})
    whole.run()
    region.run(workers=1)
    verdicts.at_most(
        f"memory of a worker with {count} authorities / with {count // 2}", whole.memory() / region.memory(), 1.2
    )
    verdicts.must("shards: every table as in one working file", region.tables() == pooled.tables())
    one, two = region.run(workers=1), region.run(workers=2)
    verdicts.at_most("wall seconds with two workers / with one", two.wall / one.wall, 0.6)
    verdicts.fact(
        "CPU seconds: one working file, shards with one worker, with two",
        f"{one_file.cpu:.1f}, {one.cpu:.1f}, {two.cpu:.1f}",
    )
    verdicts.fact("wall seconds: the same", f"{one_file.wall:.1f}, {one.wall:.1f}, {two.wall:.1f}")
    before = current_release(region.data)
    with _killed(region.data, "second") as killed:
        region.run(workers=2)
    is_published = current_release(region.data) != before and len(region.newest()) == count
    verdicts.must("kill -9 of a worker: the release comes out with the others", is_published and killed.is_set())
    region.run("--shard", "second")
    verdicts.must(
        "running its shard again: every table as in one working file", region.tables() == pooled.tables()
    )
    alone = Region(folder / "alone")
    shutil.copytree(pooled.data.lcs / codes[0], alone.data.lcs / codes[0])
    alone.run()
    single = alone.run()
    again = region.run("--authority", codes[0])
    verdicts.at_most("CPU seconds of one drop that comes again / of one authority", again.cpu / single.cpu, 1.3)


def spark(verdicts: Verdicts) -> None:
    """Says why Spark is left out."""
    verdicts.fact("the same on Spark", "left out: the project does not run on Spark yet")


def england(sample: Path, folder: Path, counts: Sequence[int], size: str, verdicts: Verdicts) -> None:
    """CPU seconds of regions of several sizes, and what a straight line through them says of England."""
    seconds = []
    for count in counts:
        region = Region(folder / f"line-{count}")
        codes = write_authorities(sample, region.data, count, size)
        groups = {
            f"shard{first}": codes[first : first + SHARD_OF_ENGLAND] for first in range(0, count, SHARD_OF_ENGLAND)
        }
        region = Region(region.folder, groups)
        region.run(workers=2)
        seconds.append(region.run(workers=2).cpu)
        shutil.rmtree(region.folder)
    slope, start = np.polyfit(counts, seconds, 1)
    residuals = np.array(seconds) - (slope * np.array(counts) + start)
    fit = 1 - (residuals**2).sum() / ((np.array(seconds) - np.mean(seconds)) ** 2).sum()
    measured = ", ".join(f"{count}: {taken:.0f}" for count, taken in zip(counts, seconds, strict=True))
    verdicts.fact(f"CPU seconds by authorities ({measured}), one more", f"{slope:.1f}")
    verdicts.fact(
        f"England's {ENGLAND}, extrapolated by a straight line (R² {fit:.3f}), CPU minutes",
        f"{(slope * ENGLAND + start) / 60:.0f}",
    )


@contextmanager
def _without_people(drop: Path) -> Iterator[None]:
    """A drop that ingest refuses: it lacks its people."""
    (people,) = drop.glob("ssd_person.*")
    kept = people.rename(drop.parent / f".{people.name}")
    yield
    kept.rename(people)


@contextmanager
def _killed(region: DataFolder, name: str) -> Iterator[threading.Event]:
    """Kills the process of a shard while it works. The event says whether it was there to be killed."""
    lock, over, killed = region.warehouse / "shards" / name / "run.lock", threading.Event(), threading.Event()

    def kill() -> None:
        while not over.wait(0.2):
            text = lock.read_text(encoding="utf-8")
            if text and time.time() - lock.stat().st_mtime > SECONDS_BEFORE_KILL:
                os.kill(json.loads(text)["pid"], signal.SIGKILL)
                killed.set()
                return

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="Measure a region in one working file and in shards.")
    parser.add_argument("--authorities", type=int, default=8, help="authorities of the region; 0: only --line")
    parser.add_argument("--size", choices=sorted(AUTHORITIES), default="mean", help="143,000 or 20,000 rows each")
    parser.add_argument("--line", default="8,24,48", help="regions to extrapolate England from; empty: none")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    verdicts = Verdicts()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        write_sample(DataFolder(folder / "sample"), LAST_MONTH, LAST_MONTH, DEFAULT_SEED, lambda line: None)
        sample = DataFolder(folder / "sample").lcs / LA_CODE
        try:
            if options.authorities:
                measure(sample, folder, options.authorities, options.size, verdicts)
            spark(verdicts)
            if options.line:
                england(sample, folder, [int(each) for each in options.line.split(",")], options.size, verdicts)
        except subprocess.CalledProcessError as error:
            verdicts.must(
                f"`warehouse {' '.join(error.cmd[:1])}` ended with exit status {error.returncode}", False
            )
    print("| Measured | Target | Value | Verdict |\n|---|---|---|---|")
    print("\n".join(verdicts.rows))
    print(f"\n{os.cpu_count()} cores, load at the end {', '.join(f'{each:.1f}' for each in os.getloadavg())}")
    sys.exit(1 if verdicts.is_broken else 0)


if __name__ == "__main__":
    main()
