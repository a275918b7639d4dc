"""English local authorities by three-digit code, abolished ones included: earlier drops may be theirs."""

import csv
from functools import cache

from pipelines.settings import SEEDS


@cache
def authorities() -> dict[str, str]:
    """Names by code (source: Department for Education, codes used in its published statistics)."""
    with (SEEDS / "authority.csv").open(encoding="utf-8", newline="") as file:
        return {row["la_code"]: row["la_name"] for row in csv.DictReader(file)}
