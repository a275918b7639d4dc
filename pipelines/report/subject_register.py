"""The register of the pages about a subject, and of the lists of children that they and the teams' pages have.

Belongs here: reading `subject_pages.yml`, which says what each page shows. Does not belong here: figures.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class _Registered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(_Registered):
    """A part of a page. `breakdowns` has the dimensions by indicator."""

    title: str
    figures: tuple[str, ...] = ()
    breakdowns: Mapping[str, tuple[str, ...]] = {}
    lists: tuple[str, ...] = ()


class SubjectPage(_Registered):
    """A page about a subject."""

    file: str
    title: str
    in_localities: tuple[str, ...] = ()
    sections: tuple[Section, ...]


class ChildList(_Registered):
    """A list of the children in the numerator of an indicator. `columns` has the heading of each column."""

    title: str
    columns: Mapping[str, str]
    by: tuple[str, str] | None = None
    is_of_teams: bool = False


class SubjectRegister(_Registered):
    """The pages in their order, and the lists by indicator."""

    pages: tuple[SubjectPage, ...]
    lists: Mapping[str, ChildList]

    @property
    def in_localities(self) -> set[str]:
        """The indicators whose breakdowns have a column for each locality."""
        return {indicator for page in self.pages for indicator in page.in_localities}


@cache
def subject_register() -> SubjectRegister:
    """The register. Raises pydantic's ValidationError where it is not as described here."""
    text = (Path(__file__).parent / "subject_pages.yml").read_text(encoding="utf-8")
    return SubjectRegister.model_validate(yaml.safe_load(text))
