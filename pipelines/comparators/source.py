"""One file of a release as a reader gets it."""

from dataclasses import dataclass

from pipelines.ingest.reading import Table, read_table


@dataclass(frozen=True)
class Source:
    """A file and what its surroundings tell.

    `year` is the year of the release where its folder, its file name or `release.yml` tells one, for columns
    that bear none. `year_types` are the kinds of year of the interactive tool's measures, from the dictionary of
    the release.
    """

    publisher: str
    release: str
    file: str
    data: bytes
    year: str | None
    year_types: dict[str, str]

    def table(self) -> Table:
        """The file as a table of text. Raises UnreadableError."""
        return read_table(self.file, self.data)
