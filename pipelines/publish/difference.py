"""What a release that is written but not yet read says otherwise than the last one: rows of tables, and figures.

Belongs here: comparing two releases by their parquet files, without any pseudonym: those change with their key.
Does not belong here: what of it may be (`gate`), columns (`schema`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.publish.published import Release

FIGURES = "restricted/fct_indicator_value.parquet"
FIGURE = ("indicator_id", "la_code", "area_type", "area_name", "month", "extract_month")
MEASURED = {"numerator": "double", "denominator": "double", "value": "double", "unit": "varchar"}
"""Columns that are compared, and as what: a column that changed its type is held against what it was."""

_OF_PEOPLE = frozenset({"child_id", "worker_id", "raw_row"})
"""A table with such a column has rows of people: they are counted, not compared."""
_COUNTED_BY = ("la_code", "indicator_id")
_EXTRACT_COLUMNS = ("extract_month", "month", "first_seen_extract")
"""The first of them that a table has tells which extract a row is of."""
_OF_THE_NEWEST_EXTRACT = frozenset(
    {"fct_indicator_restatement", "mart_restatement", "mart_due_list", "mart_projection"}
)
"""Tables that say what the newest extract knows, of every month or of the next: none of them stays as it is."""
EXAMPLES = 3


@dataclass(frozen=True)
class _Side:
    """A table of one of the two releases."""

    release: Release
    entry: dict[str, Any]

    @property
    def path(self) -> str:
        """Raises BadInputError where the file is missing."""
        path = self.release.path / self.entry["file"]
        if not path.is_file():
            raise BadInputError(f"release {self.release.id} is not whole: {self.entry['file']} is missing")
        return str(path)


@dataclass(frozen=True)
class MonthRows:
    """Rows of an extract month that only one of two releases has. A row that changed is gone once and new once.

    `month` is None for a table without months. Rows of people are counted, not compared: `gone` is how many fewer
    there are, `new` how many more.
    """

    month: str | None
    gone: int
    new: int


@dataclass(frozen=True)
class TableDifference:
    """A table of two releases. `rows_*` are None where a release has no such table.

    `changed` holds the extract months, but for the one that was run, whose rows are not what they were.
    """

    file: str
    rows_before: int | None
    rows_after: int | None
    changed: tuple[MonthRows, ...]


@dataclass(frozen=True)
class ChangedFigures:
    """Figures of an authority, as reported of a month, that two releases tell otherwise, and the names of some."""

    la_code: str
    month: Month
    differing: int
    gone: int
    new: int
    examples: tuple[str, ...]

    @property
    def count(self) -> int:
        return self.differing + self.gone + self.new


def table_differences(last: Release, written: Release, month: Month) -> list[TableDifference]:
    """Every table of either release. Raises BadInputError where a file of the last release is missing."""
    before, after = _sides(last), _sides(written)
    with duckdb.connect() as connection:
        return [
            TableDifference(
                file,
                before[file].entry["rows"] if file in before else None,
                after[file].entry["rows"] if file in after else None,
                tuple(_changed_months(connection, before[file], after[file], month))
                if file in before and file in after
                else (),
            )
            for file in sorted({*before, *after})
        ]


def changed_figures(last: Release, written: Release) -> list[ChangedFigures]:
    """Figures as reported of every authority and month that the last release has, where they are not the same.

    An authority or a month that the last release does not have reports for the first time: that is no change.
    Where either release lacks the table or a column of its key, which `schema` tells, nothing is compared. Raises
    BadInputError where the file is missing.
    """
    before, now = (_sides(release).get(FIGURES) for release in (last, written))
    if before is None or now is None:
        return []
    held = [{column["name"] for column in side.entry["columns"]} for side in (before, now)]
    if not {*FIGURE, "basis"} <= held[0] & held[1]:
        return []
    differing = [
        f"try_cast(before.{name} as {kind}) is distinct from try_cast(now.{name} as {kind})"
        for name, kind in MEASURED.items()
        if name in held[0] & held[1]
    ]
    with duckdb.connect() as connection:
        found = connection.execute(
            f"""
            with before as (
                select * from read_parquet($before) where basis = 'as_reported'
            ),

            now as (
                select * from read_parquet($now) where basis = 'as_reported'
            ),

            reported as (
                select distinct la_code, extract_month from before
            ),

            compared as (
                select
                    {", ".join(f"coalesce(before.{name}, now.{name}) as {name}" for name in FIGURE)},
                    case
                        when now.indicator_id is null then 'gone'
                        when before.indicator_id is null then 'new'
                        when {" or ".join(differing) or "false"} then 'differing'
                    end as change
                from before
                full join now on {" and ".join(f"before.{name} = now.{name}" for name in FIGURE)}
            )

            select
                la_code,
                strftime(extract_month, '%Y-%m'),
                count(*) filter (change = 'differing'),
                count(*) filter (change = 'gone'),
                count(*) filter (change = 'new'),
                list(indicator_id || ' of ' || area_name order by area_type, indicator_id, area_name)
            from compared
            inner join reported using (la_code, extract_month)
            where change is not null
            group by la_code, extract_month
            order by extract_month, la_code
            """,
            {"before": before.path, "now": now.path},
        ).fetchall()
    return [
        ChangedFigures(la_code, Month.parse(month), differing, gone, new, tuple(names[:EXAMPLES]))
        for la_code, month, differing, gone, new, names in found
    ]


def _changed_months(
    connection: duckdb.DuckDBPyConnection, last: _Side, written: _Side, run: Month
) -> Iterator[MonthRows]:
    table, columns = written.entry["table"], _shared_columns(last.entry, written.entry)
    if last.entry["sha256"] == written.entry["sha256"] or table in _OF_THE_NEWEST_EXTRACT:
        return
    month = next((name for name in _EXTRACT_COLUMNS if name in columns), None)
    conditions = [f"{month} is distinct from date '{run.end}'"] if month else []
    if {"child_id", "month", "extract_month"} <= set(columns):
        # of the months computed again only those of the newest extract stay
        conditions.append("month = extract_month")
    compared = [name for name in _COUNTED_BY if name in columns] if _OF_PEOPLE & set(columns) else columns
    rows = f"""
        select
            {month or "cast(null as date)"} as of_month,
            hash({", ".join(f'"{name}"' for name in compared) or "0"}) as content,
            count(*) as row_count
        from read_parquet(?)
        where {" and ".join(conditions) or "true"}
        group by all
    """
    found = connection.execute(
        f"""
        with before as ({rows}),

        now as ({rows}),

        compared as (
            select
                coalesce(before.of_month, now.of_month) as of_month,
                coalesce(now.row_count, 0) - coalesce(before.row_count, 0) as more
            from before
            full join now
                on before.of_month is not distinct from now.of_month and before.content = now.content
        )

        select
            strftime(of_month, '%Y-%m'),
            cast(sum(greatest(-more, 0)) as bigint),
            cast(sum(greatest(more, 0)) as bigint)
        from compared
        where more <> 0
        group by of_month
        order by of_month
        """,
        [last.path, written.path],
    ).fetchall()
    for of_month, gone, new in found:
        yield MonthRows(of_month, gone, new)


def _sides(release: Release) -> dict[str, _Side]:
    return {entry["file"]: _Side(release, entry) for entry in release.manifest["tables"]}


def _shared_columns(*entries: dict[str, Any]) -> list[str]:
    """Columns of one name and one type in both."""
    types = [{column["name"]: column["type"] for column in entry["columns"]} for entry in entries]
    return [name for name, kind in types[1].items() if types[0].get(name) == kind]
