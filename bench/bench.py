"""Measures what a month costs: a county's, a small authority's after sixty months, and that of many authorities.

`python bench/bench.py [county] [months] [authorities]` runs those parts, or all. It prints two Markdown tables to
standard output: what was measured beside DuckDB's floor in the same run, and the targets with their verdicts.
Progress goes to standard error. `--checkout DIR` measures another checkout on the same folders.
"""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from measuring import Cost, Floor, NewBytes, floor, new_bytes, warehouse
from synthetic_folders import write_authorities, write_months

from pipelines.calendar import Month
from pipelines.settings import DataFolder
from warehouse_sample import DEFAULT_SEED, FIRST_MONTH, LA_CODE, LAST_MONTH, write_sample

HERE = Path(__file__).parent.parent
EARLY, MONTHS = 6, 60
AUTHORITIES = ("1", "8", "24", "72", "152 small")
MINUTES = {"county": 6, "months": 16, "authorities": 20}
"""On two cores that do nothing else."""


@dataclass
class Report:
    """The rows of the two tables."""

    costs: list[str] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    has_failures: bool = False

    def cost(self, what: str, cost: Cost, least: Floor | None = None) -> None:
        """Adds a row to the first table, beside the floor where there is one."""
        beside = f"{least.cost.cpu:.1f} | {cost.cpu / least.cost.cpu:.1f}" if least else " | "
        self.costs.append(f"| {what} | {cost.cpu:.1f} | {beside} | {cost.megabytes:,.0f} | {cost.wall:.1f} |")

    def verdict(self, what: str, value: float, target: float | None = None) -> None:
        """Adds a row to the second table. A value up to the target meets it."""
        words = "" if target is None else "met" if value <= target else "**not met**"
        self.verdicts.append(f"| {what} | {value:.2f} | {'' if target is None else target} | {words} |")

    @contextmanager
    def failures(self, what: str) -> Iterator[None]:
        """Adds a row for a command that failed, so that the rest is still measured."""
        try:
            yield
        except subprocess.CalledProcessError as error:
            self.has_failures = True
            self.verdicts.append(f"| {what} | | | **failed** with exit status {error.returncode} |")

    def bytes_of(self, which: str, written: NewBytes, vintage: int) -> None:
        """Adds the rows on what a release newly writes."""
        every = written.tables + written.duckdb + written.others
        ratio = f"new bytes of the release of {which} / its newest vintage ({vintage / 2**20:.1f} MB)"
        self.verdict(f"{ratio}: all files", every / vintage, 1.5)
        self.verdict(f"{ratio}: without the DuckDB files", (every - written.duckdb) / vintage)
        self.verdict(f"{ratio}: tables alone", written.tables / vintage)


@dataclass(frozen=True)
class Bench:
    """What is measured, on which drops. `sample`: the folder of the county's drops."""

    checkout: Path
    sample: Path
    report: Report
    months: int
    authorities: Sequence[str]

    def run(self, folder: Path, first: Month, last: Month) -> list[Cost]:
        """Runs months in one process."""
        return warehouse(self.checkout, "run", "--data", str(folder), "--from", str(first), "--to", str(last))

    def floor(self, folder: Path, month: Month) -> Floor:
        """DuckDB's own cost for the month, whose release is the latest."""
        data = DataFolder(folder)
        drops = sorted(data.lcs.glob(f"*/{month}"))
        return floor(drops, folder / "marts" / "latest", month)


def county(bench: Bench) -> None:
    """A county month with one vintage and with thirteen, alone and in a range."""
    with _folder() as folder:
        _copy_drops(bench.sample, folder, LAST_MONTH, LAST_MONTH)
        new = bench.run(folder, LAST_MONTH, LAST_MONTH)[0]
        bench.report.cost("county month alone, the first of a data folder", new, bench.floor(folder, LAST_MONTH))
        # in a new folder dbt builds the month; only a later run is comparable with a thirteenth month
        first = bench.run(folder, LAST_MONTH, LAST_MONTH)[0]
        bench.report.cost("county month alone, one vintage, run again", first)
    with _folder() as folder:
        _copy_drops(bench.sample, folder, FIRST_MONTH, LAST_MONTH)
        in_range = bench.run(folder, FIRST_MONTH, LAST_MONTH.plus(-1))[-1]
        alone = bench.run(folder, LAST_MONTH, LAST_MONTH)[0]
        least = bench.floor(folder, LAST_MONTH)
        bench.report.cost("county month in a range, twelve vintages", in_range)
        bench.report.cost("county month alone, thirteen vintages", alone, least)
        grown = alone.megabytes / first.megabytes
        bench.report.verdict("county: memory with thirteen vintages / with one", grown, 1.2)
        bench.report.verdict("county: a month alone minus a month in a range, CPU s", alone.cpu - in_range.cpu, 4)
        bench.report.bytes_of("a county's 13th month", new_bytes(folder / "marts" / "latest"), least.vintage)


def months(bench: Bench) -> None:
    """A small authority's sixth month and its last one, alone and in a range."""
    with _folder() as folder:
        write_months(bench.sample, DataFolder(folder), bench.months)
        alone: dict[int, Cost] = {}
        in_range: dict[int, Cost] = {}
        held = 0
        for number in (EARLY, bench.months):
            costs = bench.run(folder, FIRST_MONTH.plus(held), FIRST_MONTH.plus(number - 2))
            in_range[number] = _median(costs[-3:])
            month = FIRST_MONTH.plus(number - 1)
            alone[number] = bench.run(folder, month, month)[0]
            held = number
            least = bench.floor(folder, month)
            bench.report.cost(f"small authority, month {number} alone", alone[number], least)
            bench.report.cost(f"small authority, a month before month {number} in a range", in_range[number])
            latest = new_bytes(folder / "marts" / "latest")
            bench.report.bytes_of(f"a small authority's month {number}", latest, least.vintage)
        for which, by_month in (("alone", alone), ("in a range", in_range)):
            early, late = by_month[EARLY], by_month[bench.months]
            what = f"small authority {which}: month {bench.months} / month {EARLY}"
            bench.report.verdict(f"{what}, CPU", late.cpu / early.cpu, 1.2)
            bench.report.verdict(f"{what}, memory", late.megabytes / early.megabytes, 1.2)


def authorities(bench: Bench) -> None:
    """One month of several authorities, each number in a new data folder."""
    costs: dict[str, Cost] = {}
    for each in bench.authorities:
        number, _, size = each.partition(" ")
        with bench.report.failures(f"{each} authorities"), _folder() as folder:
            codes = write_authorities(bench.sample, DataFolder(folder), int(number), size or "mean")
            costs[each] = bench.run(folder, LAST_MONTH, LAST_MONTH)[0]
            rows = "20,000" if size else "143,000"
            least = bench.floor(folder, LAST_MONTH)
            bench.report.cost(f"{len(codes)} authorities of {rows} rows, one month", costs[each], least)
    if {"24", "8"} <= costs.keys():
        bench.report.verdict("24 authorities / 8 authorities, CPU", costs["24"].cpu / costs["8"].cpu, 3.1)
    if "152 small" in costs:
        small = costs["152 small"]
        bench.report.verdict("152 authorities of 20,000 rows, minutes", small.wall / 60, 10)
        bench.report.verdict("152 authorities of 20,000 rows, GB of memory", small.megabytes / 1024, 8)


PARTS: dict[str, Callable[[Bench], None]] = {"county": county, "months": months, "authorities": authorities}


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        *(statistics.median(getattr(cost, name) for cost in costs) for name in ("cpu", "megabytes", "wall"))
    )


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


def _copy_drops(sample: Path, folder: Path, first: Month, last: Month) -> None:
    authority = DataFolder(folder).lcs / LA_CODE
    for drop in sample.iterdir():
        if str(first) <= drop.name <= str(last):
            shutil.copytree(drop, authority / drop.name)


def _load() -> str:
    return ", ".join(f"{each:.1f}" for each in os.getloadavg())


def main() -> None:
    """Prints the tables. Exit status 1 if a command failed."""
    parser = argparse.ArgumentParser(description="Measure CPU seconds, memory and bytes beside DuckDB's floor.")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all of them if none is named"
    )
    parser.add_argument("--checkout", type=Path, default=HERE, help="the checkout that is measured")
    parser.add_argument("--months", type=int, default=MONTHS, help="months of the small authority")
    parser.add_argument("--authorities", default=",".join(AUTHORITIES), help="numbers, such as '1,8,152 small'")
    options = parser.parse_args()
    # a bench that is ended removes its folders and ends the command that it measures
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parts = options.parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}")
    with _folder() as folder:
        expected = " and ".join(f"{MINUTES[part]} minutes for {part}" for part in parts)
        _say(f"writing the sample; then, on two free cores, about {expected}")
        write_sample(DataFolder(folder), FIRST_MONTH, LAST_MONTH, DEFAULT_SEED, lambda line: None)
        bench = Bench(
            options.checkout.resolve(),
            DataFolder(folder).lcs / LA_CODE,
            Report(),
            options.months,
            options.authorities.split(","),
        )
        loads: list[str] = []
        try:
            for part in parts:
                loads.append(f"{part} {_load()}")
                began = time.perf_counter()
                _say(part)
                with bench.report.failures(part):
                    PARTS[part](bench)
                _say(f"{part}: {(time.perf_counter() - began) / 60:.1f} minutes")
        finally:
            _print_tables(bench.report)
            print(f"\n{os.cpu_count()} cores. Load before {'; before '.join(loads)}; at the end {_load()}")
    sys.exit(1 if bench.report.has_failures else 0)


def _print_tables(report: Report) -> None:
    print("| Measured | CPU s | Floor, CPU s | Ratio | Memory, MB | Wall s |\n|---|---|---|---|---|---|")
    print("\n".join(report.costs))
    print("\n| Ratio | Value | Target | Verdict |\n|---|---|---|---|")
    print("\n".join(report.verdicts))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
