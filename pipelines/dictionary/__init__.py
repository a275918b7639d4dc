"""The dictionary: every indicator, table, column, code and rule in words, from where each stands once.

Belongs here: gathering the words from dbt's manifest, contracts, seeds, suites, rules and cookbook, finding what
is asked for, and saying it with its figures on a terminal. Does not belong here: HTML
(`pipelines.report`), Dagster.
"""

from pipelines.dictionary.explain import explain
from pipelines.dictionary.indicators import Indicator, indicators
from pipelines.dictionary.manifest import dictionary_of
from pipelines.dictionary.words import Dictionary, read_dictionary

__all__ = ["Dictionary", "Indicator", "dictionary_of", "explain", "indicators", "read_dictionary"]
