"""Recognises the layout of a file from its header, never from its name."""

from collections.abc import Sequence

from pipelines.comparators.reader_output import PassedOverError

MARKS = {
    "ees": ("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    "first_release": ("new_geog_code", "geog_l", "geog_c", "geog_n"),
    "interactive_tool": ("short desc", "data item", "years", "la and regions", "values", "la number"),
    "interactive_tool_dictionary": ("measure_code", "measure_short", "polarity", "dps", "year_type"),
    "fingertips": ("indicator id", "indicator name", "area code", "area type", "time period", "value"),
    "printed": ("indicator_id", "geography", "year", "value"),
}
"""Columns that identify a layout. Most of them are enough, because a release may rename one. (A list of neighbours
may begin below lines of text: `neighbours.py` finds its header.)"""
ENOUGH = 0.6


def layout_of(columns: Sequence[str]) -> str:
    """The layout with the largest share of its marks in the header. Raises PassedOverError below `ENOUGH`."""
    share = {layout: sum(mark in columns for mark in marks) / len(marks) for layout, marks in MARKS.items()}
    best = max(share, key=lambda layout: share[layout])
    if share[best] < ENOUGH:
        raise PassedOverError("its header matches no known layout; layouts: " + ", ".join(MARKS))
    return best
