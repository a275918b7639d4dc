"""The register of the pages about a subject, and of the lists of children that they and the teams' pages have.

Belongs here: reading `subject_pages.yml`, which says what each page shows. Does not belong here: figures.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pipelines.seeds import own_yaml


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


class AnnualSection(Section):
    """A part of an annual report. `means`: figures with the mean of their months; `months`: month by month;
    `years`: by financial year, with published figures.

    Among the dimensions of `breakdowns` may be `locality`.
    """

    means: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    years: tuple[str, ...] = ()


class RowsOfYear(_Registered):
    """The rows that a figure counts in the year, in a table of `restricted/`: `where` and the `day` are SQL.

    `columns` has the column with the code of each dimension.
    """

    table: str
    day: str
    where: str = "true"
    columns: Mapping[str, str]


class AnnualReport(_Registered):
    """A report of a financial year, for authorities with a figure of one of the groups.

    `rows_of_year` by indicator: breakdowns of months that the warehouse has no extract of.
    """

    file: str
    title: str
    of_groups: tuple[str, ...]
    sections: tuple[AnnualSection, ...]
    rows_of_year: Mapping[str, RowsOfYear] = {}

    @property
    def figures(self) -> set[str]:
        """The indicators that the report shows."""
        named = (
            {*part.figures, *part.means, *part.months, *part.years, *part.breakdowns} for part in self.sections
        )
        return set().union(*named)

    @property
    def breakdowns(self) -> dict[str, list[str]]:
        """The dimensions by indicator."""
        dimensions: dict[str, list[str]] = {}
        for section in self.sections:
            for indicator, names in section.breakdowns.items():
                own = dimensions.setdefault(indicator, [])
                own += [name for name in names if name not in own]
        return dimensions


class SubjectRegister(_Registered):
    """The pages in their order, the annual report, and the lists by indicator."""

    pages: tuple[SubjectPage, ...]
    annual_report: AnnualReport
    lists: Mapping[str, ChildList]

    @property
    def in_localities(self) -> set[str]:
        """The indicators whose breakdowns have a column for each locality."""
        return {indicator for page in self.pages for indicator in page.in_localities}


@cache
def subject_register() -> SubjectRegister:
    """The register. Raises pydantic's ValidationError where it is not as described here."""
    return SubjectRegister.model_validate(own_yaml(Path(__file__).parent / "subject_pages.yml"))
