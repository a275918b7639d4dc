"""`warehouse sample`: its arguments. The product finds this command by the entry point in `pyproject.toml`."""

import argparse
from collections.abc import Sequence

from pipelines.calendar import Month
from pipelines.display import OUT
from pipelines.settings import data_folder
from warehouse_sample import DEFAULT_SEED, FIRST_MONTH, LAST_MONTH, write_sample


def sample(arguments: Sequence[str]) -> None:
    """Writes the drops that the arguments ask for.

    Raises what `write_sample` raises; a wrong option ends the process with exit status 2.
    """
    text = "write synthetic month-end drops of authority 888"
    parser = argparse.ArgumentParser(prog="warehouse sample", description=text)
    parser.add_argument("--data", metavar="DIR", help="the data folder (else WAREHOUSE_DATA, else data/)")
    parser.add_argument("--from", dest="first", metavar="YYYY-MM", default=str(FIRST_MONTH))
    parser.add_argument("--to", dest="last", metavar="YYYY-MM", default=str(LAST_MONTH))
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="N")
    options = parser.parse_args(arguments)
    folder = data_folder(options.data)
    months = Month.parse(options.first), Month.parse(options.last)
    written = write_sample(folder, *months, options.seed, OUT.print)
    rows = sum(sum(drop.rows.values()) for drop in written.drops)
    OUT.print(f"{rows:,} rows in {len(written.drops)} drops under {folder.lcs}", soft_wrap=True)
