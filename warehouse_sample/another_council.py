"""The synthetic authority's lives under another council's code, in other years.

Belongs here: which people another council has, its years and the names of its teams. Does not belong here: printed
figures. They are those of 888 alone, so another council has some of its people, and none of its figures.
"""

import re
from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import polars as pl

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.errors import UsageError
from warehouse_sample.layout import key_column, person_column
from warehouse_sample.organisation import LEAVING_CARE, TEAMS
from warehouse_sample.timeline import FIRST_MONTH, LAST_MONTH

LA_CODE = "888"
PEOPLE_KEPT = 40
"""Of a hundred people of the county, those that another council has."""
_ISO_DAY = re.compile(r"\b((?:19|20)\d\d)(-\d\d-\d\d)")
_BRITISH_DAY = re.compile(r"\b(\d\d/\d\d/)((?:19|20)\d\d|\d\d)\b")
_LINKS_OF_LISTS = {
    "local_conference_attendance": {
        "meeting_id": (
            ("ssd_initial_cp_conference", "icpc_icpc_meeting_id"),
            ("ssd_cp_reviews", "cppr_cp_review_meeting_id"),
        )
    },
    "local_review_delay": {
        "review_id": (("ssd_cla_reviews", "clar_cla_review_id"), ("ssd_cp_reviews", "cppr_cp_review_id"))
    },
}
"""Columns of a list that lead to one of several records."""
_NO_DAY = ("1900-01-01", "01/01/1900")
_TEAM_NAMES = {name: f"Team {number}" for number, name in enumerate(TEAMS | LEAVING_CARE, 1)}


@dataclass(frozen=True)
class Council:
    """Whose drops are written. `years`: by how many its months are later than the county's."""

    la_code: str = LA_CODE
    years: int = 0

    @property
    def is_the_county(self) -> bool:
        return self.la_code == LA_CODE

    def month(self, month: Month) -> Month:
        """The council's month of a month of the county."""
        return Month(month.year + self.years, month.number)

    def people(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The rows by object, of this council's people and of no person."""
        if self.is_the_county:
            return dict(tables)
        own = {name: self._of_people(name, rows) for name, rows in tables.items()}
        own |= {name: _with_their_links(name, own[name], tables, own) for name in ("ssd_cla_reviews",)}
        return {name: _with_their_links(name, rows, tables, own) for name, rows in own.items()}

    def _of_people(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        if name == "ssd_department":
            return rows.with_columns(pl.col("dept_team_name").replace(_TEAM_NAMES))
        column = person_column(name)
        if column is None:
            return rows
        persons = rows[column].unique()
        kept = [person for person in persons if person is None or self._has(str(person))]
        return rows.filter(pl.col(column).is_in(kept, nulls_equal=True))

    def records(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, set[str]]:
        """The keys of the records of another council. `tables`: the rows of its people."""
        return {} if self.is_the_county else {name: set(rows[key_column(name)]) for name, rows in tables.items()}

    def _has(self, person: str) -> bool:
        return crc32(f"{self.la_code} {person}".encode()) % 100 < PEOPLE_KEPT

    def text(self, csv: str) -> str:
        """The lines of a file with every day moved to the council's years."""
        if not self.years:
            return csv
        return _BRITISH_DAY.sub(self._moved_british, _ISO_DAY.sub(self._moved_iso, csv))

    def _moved_iso(self, day: re.Match[str]) -> str:
        if day[0] in _NO_DAY:
            return day[0]
        year = int(day[1]) + self.years
        return f"{year}{_in_year(day[2], '-02-29', '-02-28', year)}"

    def _moved_british(self, day: re.Match[str]) -> str:
        if day[0] in _NO_DAY:
            return day[0]
        year = int(day[2]) + self.years
        whole_year = year if len(day[2]) == 4 else 2000 + year
        return f"{_in_year(day[1], '29/02/', '28/02/', whole_year)}{year:02}"


def _with_their_links(
    name: str, rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame], own: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The rows of an object that names no person, without those that lead to a record of somebody else."""
    for column in contracts()[name].loaded_columns if person_column(name) is None else ():
        linked, _, key = (column.links_to or "").partition(".")
        if linked in own:
            of_others = set(tables[linked][key]) - set(own[linked][key])
            rows = rows.filter(~pl.col(column.name).is_in(list(of_others), nulls_equal=True))
    for link, records in _LINKS_OF_LISTS.get(name, {}).items():
        known, kept = (
            {key for linked, column in records for key in drop[linked][column]} for drop in (tables, own)
        )
        rows = rows.filter(~pl.col(link).is_in(list(known - kept), nulls_equal=True))
    return rows


def _in_year(day: str, leap_day: str, day_before: str, year: int) -> str:
    return day_before if day == leap_day and not isleap(year) else day


def council_of(la_code: str, newest: Month | None, year: int | None) -> Council:
    """The council with its years, from what the command was given. `newest`: the last month wanted.

    Raises UsageError for months of 888 other than those of its printed figures, and for more than the sample has.
    """
    if la_code == LA_CODE:
        if year is not None:
            raise UsageError(
                f"the figures of 888 are those printed for {FIRST_MONTH} to {LAST_MONTH}: name another council"
                " with --authority for another year"
            )
        return Council()
    if year is not None:
        return Council(la_code, year - LAST_MONTH.year)
    newest = newest or LAST_MONTH
    years = newest.year - LAST_MONTH.year
    if newest > Council(la_code, years).month(LAST_MONTH):
        years += 1
    return Council(la_code, years)
