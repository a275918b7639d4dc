"""The authority's own names of columns, codes and teams, and where postcodes lie, from `raw/reference/`.

Belongs here: a file of a drop as if it had been delivered with the contract's words and the authority's teams. The
archive has it as it was.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.reading.file_reading import TextTable
from pipelines.reference import OwnReference, Row

Names = dict[str, str]
TEAMS = "ssd_department"
POSTCODES = "postcode"
"""Name of the reference file that says in which authority a postcode lies."""


@dataclass(frozen=True)
class OwnWords:
    """`headers`: by authority and object, the column of a header; `codes`: by authority, object and column, the
    code of a text, both in lower case. `teams`: id, name and locality of an authority's teams. `postcodes`: the
    rows of `postcode.csv`; None where there is none."""

    headers: Mapping[tuple[str, str], Names] = field(default_factory=dict)
    codes: Mapping[tuple[str, str, str], Names] = field(default_factory=dict)
    teams: Mapping[str, list[Row]] = field(default_factory=dict)
    postcodes: Sequence[Row] | None = None

    def headers_of(self, la_code: str, name: str) -> Names:
        """The column of each own header of an object."""
        return self.headers.get((la_code, name), {})

    def in_words_of_contract(self, la_code: str, name: str, table: TextTable) -> TextTable:
        """The file of an object with the contract's columns and codes.

        A header is left as it is where the file has the column it stands for, too.
        """
        taken = set(table.columns)
        columns: list[str] = []
        for header in table.columns:
            column = self.headers_of(la_code, name).get(header, header)
            columns.append(header if column in taken else column)
            taken.add(columns[-1])
        codes = {column: texts for column in columns if (texts := self.codes.get((la_code, name, column)))}
        if columns == list(table.columns) and not codes:
            return table
        renamed = zip(table.headers, table.columns, columns, strict=True)
        headers = tuple(header if column == new else new for header, column, new in renamed)
        frame = table.frame.rename(dict(zip(table.columns, columns, strict=True)))
        frame = frame.with_columns(_as_code(column, texts) for column, texts in codes.items())
        return dataclasses.replace(table, headers=headers, columns=tuple(columns), frame=frame)

    def teams_without_zeros(self, la_code: str, loaded: pl.DataFrame) -> int:
        """Teams of teams.csv that `ssd_department` has only with other zeros at the front, which spreadsheets
        remove."""
        delivered = set(loaded["dept_team_id"])
        bare = {team.lstrip("0") for team in delivered if team}
        own = {str(row["team_id"]) for row in self.teams.get(la_code, ())} - delivered
        return sum(team.lstrip("0") in bare for team in own)

    def with_teams(self, la_code: str, loaded: pl.DataFrame) -> pl.DataFrame:
        """The rows of `ssd_department` with the authority's own names and localities, and its other teams."""
        if la_code not in self.teams:
            return loaded
        names = {"team_id": "dept_team_id", "team_name": "own_name", "locality_name": "own_locality"}
        rows = [{new: row[name] for name, new in names.items()} for row in self.teams[la_code]]
        own = pl.DataFrame(rows, schema=dict.fromkeys(names.values(), pl.String))
        return (
            loaded.join(own, on="dept_team_id", how="full", coalesce=True, maintain_order="left_right")
            .with_columns(
                pl.coalesce("own_name", "dept_team_name").alias("dept_team_name"),
                pl.coalesce("own_locality", "dept_team_parent_name").alias("dept_team_parent_name"),
            )
            .drop("own_name", "own_locality")
        )


def own_words(reference: OwnReference) -> OwnWords:
    """The names in the authorities' reference files."""
    headers: dict[tuple[str, str], Names] = {}
    codes: dict[tuple[str, str, str], Names] = {}
    for row in reference.rows("headers"):
        la_code, name, header = str(row["la_code"]), str(row["object"]), str(row["header"])
        headers.setdefault((la_code, name), {})[header] = str(row["column"])
    for row in reference.rows("codes"):
        key = str(row["la_code"]), str(row["object"]), str(row["column"])
        codes.setdefault(key, {})[str(row["text"])] = str(row["code"])
    teams: dict[str, list[Row]] = {}
    for row in reference.rows("teams"):
        teams.setdefault(str(row["la_code"]), []).append(row)
    postcodes = reference.rows(POSTCODES) if POSTCODES in reference.files else None
    return OwnWords(headers, codes, teams, postcodes)


def _as_code(column: str, texts: Names) -> pl.Expr:
    given = pl.col(column)
    code = given.str.strip_chars().str.to_lowercase().replace_strict(texts, default=None, return_dtype=pl.String)
    return code.fill_null(given).alias(column)
