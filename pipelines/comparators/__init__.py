"""Comparators: figures that others published, kept as published.

Belongs here: finding releases, recognising layouts, reading each layout into one shape, loading it. Does not
belong here: Dagster, and the rules that match a published figure with an indicator (the seed `comparator_measure`
and dbt have them). Nothing here stops a run: it prints one line for a file that it cannot use.
"""

from pipelines.comparators.comparator_tables import TABLES
from pipelines.comparators.find_releases import newest_publication
from pipelines.comparators.load_releases import ComparatorLoad, load_comparators

__all__ = ["TABLES", "ComparatorLoad", "load_comparators", "newest_publication"]
