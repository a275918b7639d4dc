"""For whom pages are: which tables they are made from, where they are written, and what each says at its top."""

from dataclasses import dataclass

from pipelines.table_register import OPEN, RESTRICTED


@dataclass(frozen=True)
class Audience:
    """The readers of a report."""

    tables: str
    """Folder of a release with the tables that the pages are made from."""
    pages: str
    """Folder of a release with the pages."""
    dictionary: str
    """Path from there to the pages of the dictionary, which a release has once."""
    notice: str
    """Whether a page may leave the service."""

    @property
    def is_outside(self) -> bool:
        return self.tables == OPEN


OUTSIDE = Audience(OPEN, "report", "dictionary", "This page may leave the service: it leaves out small numbers.")
SERVICE = Audience(
    RESTRICTED,
    "restricted/report",
    "../../report/dictionary",
    "For the service only: this page may hold small numbers and must not leave the service.",
)
