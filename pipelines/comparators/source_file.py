"""A file of a release, as readers receive it."""

from dataclasses import dataclass

from pipelines.comparators.added_names import NONE_ADDED, AddedNames
from pipelines.reading.file_reading import TextTable
from pipelines.reading.reader import TakenFile


@dataclass(frozen=True)
class Source:
    """A file with the facts from its folder.

    `year` is the year of the release, from `release.yml`, the file's name or the folder's name, for columns
    without a year. `year_types` are the kinds of year by measure of the interactive tool, from the release's
    dictionary. `added` are the authority's own names of columns and breakdowns.
    """

    publisher: str
    release: str
    file: str
    content: TakenFile
    year: str | None
    year_types: dict[str, str]
    added: AddedNames = NONE_ADDED

    def table(self) -> TextTable:
        """The file as a table of text. Raises UnreadableError."""
        return self.content.table()
