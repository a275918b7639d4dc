"""Measures reading and loading a long file of the interactive tool with 641,070 rows, and the floor.

The floor is DuckDB alone reading the same file into a table. This file writes the input, in the layout of the
tool. Run with `make bench`; the table goes to standard output as Markdown.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from pipelines.comparators.load_releases import load_comparators
from pipelines.settings import SEEDS, DataFolder

ROWS = 641_070
REPEATS = 5


def long_file(path: Path) -> None:
    """Writes the file: every area, ten years, and measures up to the number of rows."""
    areas = pl.read_csv(SEEDS / "comparator_geography.csv", infer_schema=False)
    years = pl.DataFrame({"Years": [str(year) for year in range(2015, 2025)]})
    measures = pl.DataFrame(
        {"Short Desc": [f"Measure_{number}" for number in range(ROWS // (areas.height * 10) + 1)]}
    )
    rows = measures.join(years, how="cross").join(areas, how="cross").head(ROWS)
    number = pl.int_range(pl.len())
    rows.select(
        "Short Desc",
        pl.when(pl.col("Years") == "2015").then(pl.format("What {} counts", "Short Desc")).alias("Data item"),
        "Years",
        pl.col("geography_name").alias("LA and Regions"),
        pl.when(number % 7 == 0).then(pl.lit("-")).otherwise(number % 1000 / 7).cast(pl.String).alias("Values"),
        pl.col("tool_number").cast(pl.Float64).alias("LA Number"),
        pl.col("region_code").alias("Region"),
    ).write_parquet(path)


def median_seconds(work: Callable[[Path], object]) -> float:
    """Median wall-clock seconds of the work, which runs in a new folder each time."""
    seconds = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            began = time.perf_counter()
            work(Path(folder))
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def floor(file: Path) -> Callable[[Path], object]:
    """A function that reads the file into a table on disk with DuckDB alone."""

    def read(folder: Path) -> None:
        with duckdb.connect(str(folder / "floor.duckdb")) as connection:
            connection.execute("create table long_file as from read_parquet(?)", [str(file)])

    return read


def load(file: Path) -> Callable[[Path], object]:
    """A function that loads the file as the only release of a data folder."""

    def read(folder: Path) -> None:
        data = DataFolder(folder)
        (data.comparators / "dfe" / "tool").mkdir(parents=True)
        (data.comparators / "dfe" / "tool" / file.name).symlink_to(file)
        result = load_comparators(data, lambda line: None)
        assert result.loaded and not result.warnings, result

    return read


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder) / "long.parquet"
        long_file(file)
        loaded, least = median_seconds(load(file)), median_seconds(floor(file))
    print("| 641,070 rows of the interactive tool | Seconds |\n|---|---|")
    print(f"| read, accounted for and loaded | {loaded:.2f} |")
    print(f"| floor: DuckDB reads the same file | {least:.2f} |")
    print(f"| ratio | {loaded / least:.1f} |")


if __name__ == "__main__":
    main()
