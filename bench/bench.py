"""Measures seconds and memory of one county month and of thirteen, and the floor in the same run.

The floor is DuckDB alone on the same files: reading the csv files of the month as text into tables, and writing
the parquet files of the release from tables in memory.
Each command runs as its own process; memory is that of its largest process. Run with `make bench`; the table goes
to standard output as Markdown.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.report import write_reports
from pipelines.settings import SMALLEST_SHOWN_COUNT, DataFolder

FIRST, LAST = "2018-08", "2019-08"
REPEATS = 5
WAREHOUSE = Path(sys.executable).with_name("warehouse")


@dataclass(frozen=True)
class Measured:
    """Wall-clock seconds of a process and the peak memory of its largest process, in megabytes."""

    seconds: float
    megabytes: float


def measured(arguments: list[str]) -> Measured:
    """Runs `warehouse` with the arguments. Raises CalledProcessError if it fails."""
    began = time.perf_counter()
    process = subprocess.Popen([str(WAREHOUSE), *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return Measured(seconds, usage.ru_maxrss / 1024)


def reading_floor(drop: Path) -> float:
    """Median seconds in which DuckDB reads the csv files of a drop as text, all columns, into tables."""
    files = sorted(path for path in drop.iterdir() if ".csv" in path.name)
    return statistics.median(_timed_reading(files) for _ in range(REPEATS))


def _timed_reading(files: list[Path]) -> float:
    with duckdb.connect() as connection:
        began = time.perf_counter()
        for number, path in enumerate(files):
            connection.execute(f"create table t{number} as from read_csv(?, all_varchar = true)", [str(path)])
        return time.perf_counter() - began


def writing_floor(release: Path) -> float:
    """Median seconds in which DuckDB writes the parquet files of a release from tables in memory."""
    files = [
        release / table["file"]
        for table in json.loads((release / "restricted" / "manifest.json").read_text())["tables"]
    ]
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(files):
            connection.execute(f"create table t{number} as from read_parquet(?)", [str(path)])
        return statistics.median(_timed_writing(connection, len(files), Path(folder)) for _ in range(REPEATS))


def _timed_writing(connection: duckdb.DuckDBPyConnection, tables: int, folder: Path) -> float:
    began = time.perf_counter()
    for number in range(tables):
        connection.execute(f"copy t{number} to '{folder}/t{number}.parquet' (format parquet, compression zstd)")
    return time.perf_counter() - began


def page_line(release: Path) -> str:
    """Seconds to write the pages of a release but those of the dictionary, which are made once."""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "release"
        shutil.copytree(release, again, ignore=shutil.ignore_patterns("report", "*.duckdb", "feedback"))
        began = time.perf_counter()
        write_reports(again, DataFolder(again).commentary, SMALLEST_SHOWN_COUNT)
        seconds = time.perf_counter() - began
        pages = list(again.rglob("report/**/*.html"))
        charts = sum('class="scroll chart"' in path.read_text(encoding="utf-8") for path in pages)
    return f"{len(pages)} pages with {charts} charts: {seconds:.1f} s"


def stage_seconds(data: Path) -> dict[str, float]:
    """Seconds of each stage of the last run; dbt's start-up and its models separately."""
    seconds: dict[str, float] = json.loads((data / "warehouse" / "last_run.json").read_text())["seconds"]
    log = (data / "warehouse" / "dbt" / "dbt.log").read_text(encoding="utf-8")
    models = float(re.findall(r"Finished running .* \(([\d.]+)s\)", log)[-1])
    return seconds | {"dbt: start-up": seconds["dbt"] - models, "dbt: models and tests": models}


def stage_table(alone: dict[str, float], in_range: dict[str, float], reading: float, writing: float) -> list[str]:
    """The rows of the table: a month alone, a month in a range (without start-up), and its ratio to the floor."""
    floors = {"read and check": reading, "load": reading, "publish": writing}
    names = {
        "start": "start: dbt and its project",
        "read and check": "read and check",
        "load": "load",
        "rules": "row rules",
        "gate raw": "gate on raw (alone: with the start of Great Expectations)",
        "dbt: start-up": "dbt: start-up",
        "dbt: models and tests": "dbt: models and tests",
        "gate marts": "gate on marts",
        "publish": "publish",
    }
    lines = ["| Stage | Alone, s | In a range, s | Floor, s | Ratio |", "|---|---|---|---|---|"]
    for stage, words in names.items():
        beside = f"{floors[stage]:.2f} | {in_range[stage] / floors[stage]:.1f}" if stage in floors else "| "
        lines.append(f"| {words} | {alone[stage]:.2f} | {in_range[stage]:.2f} | {beside} |")
    ingest = in_range["read and check"] + in_range["load"]
    ingest_alone = alone["read and check"] + alone["load"]
    lines.append(f"| **ingest** | {ingest_alone:.2f} | {ingest:.2f} | {reading:.2f} | {ingest / reading:.1f} |")
    return [*lines, "", share_of_gates(alone, "alone"), share_of_gates(in_range, "in a range")]


def share_of_gates(seconds: dict[str, float], which: str) -> str:
    """The share of a month that checking takes: the gates, and the gates with the row rules."""
    whole = sum(taken for stage, taken in seconds.items() if not stage.startswith("dbt: "))
    gates = seconds["gate raw"] + seconds["gate marts"]
    with_rules = gates + seconds["rules"]
    return f"Of a month {which} the gates take {gates / whole:.0%}, with the row rules {with_rules / whole:.0%}."


def main() -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data = Path(folder)
        sample = measured(["sample", "--data", str(data)])
        thirteen = measured(["run", "--data", str(data), "--from", FIRST, "--to", LAST])
        in_range = stage_seconds(data)
        month = measured(["run", "--data", str(data), "--month", LAST])
        alone = stage_seconds(data)
        reading = reading_floor(data / "raw" / "lcs" / "888" / LAST)
        writing = writing_floor(data / "marts" / "latest")
        pages = page_line(data / "marts" / "latest")
        print("\n".join(stage_table(alone, in_range, reading, writing)))
        print("\n| Command | Seconds | Peak memory, MB |\n|---|---|---|")
        print(f"| one month | {month.seconds:.1f} | {month.megabytes:.0f} |")
        print(f"| thirteen months | {thirteen.seconds:.1f} | {thirteen.megabytes:.0f} |")
        print(f"| writing the sample | {sample.seconds:.1f} | {sample.megabytes:.0f} |")
        print(f"\nOf publish: {pages}")
    print(f"\n{os.cpu_count()} cores")


if __name__ == "__main__":
    main()
