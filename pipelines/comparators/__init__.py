"""Comparators: figures that others published, read as they were published and kept as they were.

Belongs here: finding releases, telling layouts apart, reading each layout into one shape, loading it. Does not
belong here: Dagster, and any rule about which published figure stands beside which indicator (that is the seed
`comparator_measure` and dbt). Nothing here stops a month's run: a file that cannot be used is told in one line.
"""

from pipelines.comparators.load import ComparatorLoad, load_comparators
from pipelines.comparators.releases import newest_publication
from pipelines.comparators.store import TABLES

__all__ = ["TABLES", "ComparatorLoad", "load_comparators", "newest_publication"]
