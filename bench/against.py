"""Compares thirteen county months of this checkout with those of another, in CPU seconds.

`python bench/against.py OTHER_CHECKOUT [TURNS]` runs both on the same drops, in turns, and prints the ratio of
this checkout to the other: of all thirteen months in one process, and of the last month of them. Both run in the
interpreter of this file, so the other checkout must work with the packages of this one.
"""

import sys
import tempfile
from pathlib import Path

from measuring import Cost, warehouse

from pipelines.settings import DataFolder
from warehouse_sample import DEFAULT_SEED, FIRST_MONTH, LAST_MONTH, write_sample

HERE = Path(__file__).parent.parent


def thirteen_months(checkout: Path) -> list[Cost]:
    """What each of the months cost in one process, the start in the first."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        write_sample(DataFolder(Path(folder)), FIRST_MONTH, LAST_MONTH, DEFAULT_SEED, lambda line: None)
        return warehouse(checkout, "run", "--data", folder, "--from", str(FIRST_MONTH), "--to", str(LAST_MONTH))


def main() -> None:
    """Prints the CPU seconds of every turn, and the ratios of the least ones."""
    other, turns = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    all_months: dict[Path, list[float]] = {other: [], HERE: []}
    last_month: dict[Path, list[float]] = {other: [], HERE: []}
    for _ in range(turns):
        for checkout in (other, HERE):
            print("other" if checkout == other else "this", file=sys.stderr)
            costs = thirteen_months(checkout)
            all_months[checkout].append(sum(cost.cpu for cost in costs))
            last_month[checkout].append(costs[-1].cpu)
    for words, seconds in (("thirteen months", all_months), ("the last of them", last_month)):
        this, that = min(seconds[HERE]), min(seconds[other])
        print(f"{words}: other {that:.1f}, this {this:.1f} CPU s; this is {this / that:.2f} times the other")


if __name__ == "__main__":
    main()
