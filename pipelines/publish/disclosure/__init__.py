"""Disclosure control: what may leave the service, for everything in `open/` ([how](../../../docs/disclosure.md)).

Belongs here: small numbers, and the tables that are hidden because of them. Does not belong here: files, and
figures, which the marts have.
"""

from pipelines.publish.disclosure.board_lists import LISTS, board_lists, rows_held_back
from pipelines.publish.disclosure.open_tables import figures_query, left_out_rows, open_tables

__all__ = ["LISTS", "REMEMBERED", "board_lists", "figures_query", "left_out_rows", "open_tables", "rows_held_back"]

REMEMBERED = ("mart_indicator_monthly", "mart_indicator_breakdown", "mart_data_quality")
"""Tables of `open/` from which the next release learns what was hidden: that stays hidden."""
