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
from pipelines.comparators.reader_output import Reading
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


def layout_of_file(file: TakenFile) -> str:
    """The layout of a file. Raises UnreadableError, and RefusedError where no layout matches its header."""
    if file.name.lower().endswith(".xlsx") and population.persons_sheet(file):
        return population.KIND
    return layout_of(file.header())


def read_as(layout: str, source: Source) -> Reading:
    """Reads the file with the reader of a layout. Raises UnreadableError and RefusedError."""
    if layout == population.KIND and (sheet := population.persons_sheet(source.content)):
        return population.read(source, sheet)
    return READERS[layout](source)
