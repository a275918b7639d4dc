"""Comparators: figures that others published, kept as published.

Belongs here: finding releases, recognising layouts, reading each layout into one shape, loading it. Does not
belong here: Dagster, and the rules that match a published figure with an indicator (the seed `comparator_measure`
and dbt have them). Nothing here stops a run: it prints one line for a file that it cannot use.
"""
