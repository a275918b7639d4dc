"""One reader per layout. The header of a file decides which reader it needs."""

from collections.abc import Callable, Mapping

from pipelines.comparators import (
    ees,
    fingertips,
    first_release,
    interactive_tool,
    neighbours,
    population,
    printed,
)
from pipelines.comparators.reader_output import PassedOverError, Reading, RefusedError
from pipelines.comparators.recognise_layout import layout_of
from pipelines.comparators.source_file import Source
from pipelines.reading.reader import TakenFile

READERS: Mapping[str, Callable[[Source], Reading]] = {
    "ees": ees.read,
    "first_release": first_release.read,
    "interactive_tool": interactive_tool.read,
    "interactive_tool_dictionary": interactive_tool.read_measure_dictionary,
    "fingertips": fingertips.read,
    "neighbours": neighbours.read,
    "printed": printed.read,
}

LONGEST_LIST = 1_000_000
"""Bytes of a list of neighbours, at most; one has 30,000."""


def layout_of_file(file: TakenFile) -> str:
    """The layout of a file. Raises UnreadableError, RefusedError where it has no header, and
    PassedOverError where no layout matches it."""
    if file.name.lower().endswith(".xlsx") and population.persons_sheet(file):
        return population.KIND
    header = file.header()
    try:
        return layout_of(header)
    except PassedOverError:
        if _may_be_list(file) and neighbours.neighbour_table(file):
            return neighbours.KIND
        if not any(header):
            raise RefusedError("it is empty, or its first line is") from None
        raise


def _may_be_list(file: TakenFile) -> bool:
    name = file.name.lower()
    return name.endswith(".xlsx") or (name.endswith(".csv") and file.path.stat().st_size <= LONGEST_LIST)


def read_as(layout: str, source: Source) -> Reading:
    """Reads the file with the reader of a layout. Raises UnreadableError and RefusedError."""
    if layout == population.KIND and (sheet := population.persons_sheet(source.content)):
        return population.read(source, sheet)
    return READERS[layout](source)
