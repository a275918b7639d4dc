"""Compares the printed report with a release, cell by cell: printed, ours, difference.

`python tests/backtest/side_by_side.py [RELEASE]` prints it for a release, by default the latest in `data/`.
Exit status 1 if a cell differs that is not in the list of impossible cells.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from pipelines.release_layout import parquet_of

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = PROJECT_ROOT / "warehouse_sample"
LATEST = PROJECT_ROOT / "data" / "marts" / "latest"
COUNTS = ("cin_plans_open", "cp_plans_open", "children_looked_after", "care_leavers")

Key = tuple[str, str, str, str]
"""Indicator, area type, area name, month as YYYY-MM."""


@dataclass(frozen=True)
class Cell:
    """A printed cell with our figure. `exception` is empty, `impossible` or `empty_group`."""

    key: Key
    printed: Decimal
    ours: Decimal | None
    exception: str

    @property
    def difference(self) -> Decimal | None:
        return None if self.ours is None else self.ours - self.printed

    @property
    def is_as_it_should_be(self) -> bool:
        """Whether ours equals the printed decimal; is empty for an empty group; any value for an impossible
        cell."""
        if self.exception == "empty_group":
            return self.ours is None
        return self.exception == "impossible" or self.difference == 0


def side_by_side(ours: dict[Key, Decimal]) -> list[Cell]:
    """Every printed cell with our figure, rounded half up like the cell.

    The report rounds percentages of care leavers to whole per cents and prints a zero after the point (no whole
    number of 562 people is 96.0 %). Other percentages have one decimal.
    """
    exceptions = {_key(row): row["kind"] for row in _rows("impossible_figures.csv")}
    return [
        Cell(key, printed, _rounded(key, ours, printed), exceptions.get(key, ""))
        for row in _rows("figures.csv")
        for key, printed in [(_key(row), Decimal(row["value"]))]
    ]


def as_reported(release: Path) -> dict[Key, Decimal]:
    """Our unrounded figures of a release that have a value."""
    rows = duckdb.execute(
        """
        select indicator_id, area_type, area_name, strftime(month, '%Y-%m'), value
        from read_parquet(?, hive_partitioning = false)
        where basis = 'as_reported' and area_type in ('authority', 'team') and value is not null
        """,
        [parquet_of(release / "restricted", "fct_indicator_value")],
    ).fetchall()
    return {(row[0], row[1], row[2], row[3]): Decimal(repr(row[4])) for row in rows}


def _rounded(key: Key, ours: dict[Key, Decimal], printed: Decimal) -> Decimal | None:
    # a team with a count of zero has no row
    value = ours.get(key, Decimal(0) if key[0] in COUNTS else None)
    return None if value is None else value.quantize(printed, ROUND_HALF_UP)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _key(row: dict[str, str]) -> Key:
    return row["indicator_id"], row["area_type"], row["area_name"], row["month"]


def _line(cell: Cell) -> str:
    indicator, _, area, month = cell.key
    remark = cell.exception if cell.is_as_it_should_be else f"DIFFERS {cell.exception}"
    shown = ["" if value is None else str(value) for value in (cell.printed, cell.ours, cell.difference)]
    return f"{indicator:<36}{area:<26}{month:<9}{shown[0]:>8}{shown[1]:>8}{shown[2]:>8}  {remark}".rstrip()


def print_side_by_side(cells: list[Cell]) -> None:
    """Prints the whole report and the number of equal, impossible and different cells."""
    heading = f"{'indicator':<36}{'area':<26}{'month':<9}{'printed':>8}{'ours':>8}{'differ':>8}"
    wrong = sum(not cell.is_as_it_should_be for cell in cells)
    excepted = sum(cell.exception != "" for cell in cells)
    print(heading, *map(_line, cells), sep="\n")
    print(f"{len(cells)} cells: {len(cells) - wrong - excepted} as printed, {excepted} impossible, {wrong} differ")


if __name__ == "__main__":
    release = Path(sys.argv[1]) if len(sys.argv) > 1 else LATEST
    report = side_by_side(as_reported(release))
    print_side_by_side(report)
    sys.exit(not all(cell.is_as_it_should_be for cell in report))
