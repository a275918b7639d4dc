"""The dictionary: every indicator, table, column, code and rule in words.

Belongs here: collecting the texts from dbt's manifest, contracts, seeds, suites, rules and cookbook, and
explaining a name on a terminal. Does not belong here: HTML (`pipelines.report`), Dagster.
"""

from pipelines.dictionary.current_dictionary import dictionary_of
from pipelines.dictionary.explain import explain
from pipelines.dictionary.indicators import Indicator, indicators
from pipelines.dictionary.read_dictionary import Dictionary, read_dictionary

__all__ = ["Dictionary", "Indicator", "dictionary_of", "explain", "indicators", "read_dictionary"]
