"""`warehouse sample`: its arguments. The product finds this command by the entry point in `pyproject.toml`."""

import argparse
from collections.abc import Sequence

from pipelines.calendar import Month
from pipelines.display import OUT
from pipelines.errors import UsageError
from pipelines.reference.authorities import authorities
from pipelines.settings import data_folder
from warehouse_sample import DEFAULT_SEED, FIRST_MONTH, LA_CODE, LAST_MONTH, write_sample_of
from warehouse_sample.another_council import council_of


def sample(arguments: Sequence[str]) -> None:
    """Writes the drops that the arguments ask for.

    Raises what `write_sample` raises; a wrong option ends the process with exit status 2.
    """
    text = "write synthetic month-end drops of authority 888, or of another council in another year"
    parser = argparse.ArgumentParser(prog="warehouse sample", description=text)
    parser.add_argument("--data", metavar="DIR", help="the data folder (else WAREHOUSE_DATA, else data/)")
    parser.add_argument(
        "--authority", metavar="LA_CODE", default=LA_CODE, help="the council's code (default: 888)"
    )
    parser.add_argument("--year", type=int, metavar="YYYY", help="the thirteen months to August of this year")
    parser.add_argument("--from", dest="first", metavar="YYYY-MM", help="the first month (default: all thirteen)")
    parser.add_argument("--to", dest="last", metavar="YYYY-MM", help="the last month")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="N")
    options = parser.parse_args(arguments)
    if options.authority not in authorities():
        raise UsageError("--authority must be the code of an English authority (three digits, such as 330)")
    first, last = (Month.parse(text) if text else None for text in (options.first, options.last))
    council = council_of(options.authority, last or first, options.year)
    months = first or council.month(FIRST_MONTH), last or council.month(LAST_MONTH)
    folder = data_folder(options.data)
    written = write_sample_of(council, folder, months, options.seed, OUT.print)
    rows = sum(sum(drop.rows.values()) for drop in written.drops)
    OUT.print(f"{rows:,} rows in {len(written.drops)} drops under {folder.lcs}", soft_wrap=True)
