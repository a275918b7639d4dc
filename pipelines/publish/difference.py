"""The differences between a new release and the last one: rows of tables, and figures.

Belongs here: comparing two releases by their parquet files, never by a pseudonym: a new key changes all of them.
Does not belong here: which differences are refused (`release_comparison`), columns (`schema`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.ingest.list_versions import LateList
from pipelines.publish.published import Release
from pipelines.release_layout import AS_IN_THE_FILES, files_of, table_of
from pipelines.table_register import KEPT_AS_REPORTED, REPLACED, TableEntry
from pipelines.warehouse_file import SPILL, open_in_memory, quoted

FIGURES = "restricted/fct_indicator_value"
FIGURE_KEY = ("indicator_id", "la_code", "area_type", "area_name", "month", "extract_month")
MEASURES = {"numerator": "double", "denominator": "double", "value": "double", "unit": "varchar"}
"""What is compared of a figure, and as which type: a column may change its type without changing a figure."""
EXAMPLES = 3

_COUNTED_BY = ("la_code", "indicator_id")
"""Rows of people are counted by these columns; no other column of theirs is compared."""

_CHANGED_FIGURES = """
    with reported_before as (
        select distinct la_code, extract_month
        from before
    ),

    changes as (
        select
            indicator_id,
            la_code,
            area_type,
            area_name,
            extract_month,
            case
                when now.is_present is null then 'gone'
                when before.is_present is null then 'new'
                when before.measures is distinct from now.measures then 'differing'
            end as change
        from before
        full join now using (indicator_id, la_code, area_type, area_name, month, extract_month)
    )

    select
        la_code,
        strftime(extract_month, '%Y-%m'),
        late_list,
        count(*) filter (change = 'differing'),
        count(*) filter (change = 'gone'),
        count(*) filter (change = 'new'),
        list(indicator_id || ' of ' || area_name order by area_type, indicator_id, area_name)
    from (
        select
            changes.*,
            (
                select string_agg(distinct late.reason, '; ' order by late.reason)
                from late
                where
                    late.la_code = changes.la_code
                    and late.extract_month = changes.extract_month
                    and late.indicator_id = changes.indicator_id
            ) as late_list
        from changes
    )
    inner join reported_before using (la_code, extract_month)
    where change is not null
    group by la_code, extract_month, late_list
    order by extract_month, la_code, late_list
"""

_CHANGED_MONTHS = """
    with changes as (
        select
            coalesce(before.extract_month, now.extract_month) as extract_month,
            coalesce(now.row_count, 0) - coalesce(before.row_count, 0) as more
        from before
        full join now
            on
                before.extract_month is not distinct from now.extract_month
                and before.content = now.content
    )

    select
        strftime(extract_month, '%Y-%m'),
        cast(sum(greatest(-more, 0)) as bigint),
        cast(sum(greatest(more, 0)) as bigint)
    from changes
    where more <> 0
    group by extract_month
    order by extract_month
"""


@dataclass(frozen=True)
class _TableFile:
    """A table of one of the two releases, with its entry in the manifest."""

    release: Release
    entry: Mapping[str, Any]

    def rows(self, files: Collection[str]) -> str:
        """The rows of some of its files, in SQL. Raises BadInputError if one is missing."""
        for file in files:
            if not (self.release.path / file).is_file():
                raise BadInputError(f"release {self.release.id} is incomplete: {file} is missing")
        if not files:
            columns = (f'cast(null as {kind}) as "{name}"' for name, kind in self.types.items())
            return f"(select {', '.join(columns)} where false)"
        paths = ", ".join(f"'{quoted(self.release.path / file)}'" for file in sorted(files))
        return f"read_parquet([{paths}], {AS_IN_THE_FILES})"

    @property
    def types(self) -> dict[str, str]:
        return {column["name"]: column["type"] for column in self.entry["columns"]}


@dataclass(frozen=True)
class MonthRows:
    """Rows of an extract month that only one of two releases has. A changed row is gone once and new once.

    `month` is None for a table without months. Rows of people are counted, not compared: `gone` is how many fewer
    there are, `new` how many more.
    """

    month: str | None
    gone: int
    new: int


@dataclass(frozen=True)
class TableDifference:
    """A table of two releases. `rows_*` are None if a release has no such table.

    `changed` holds the extract months whose rows have changed, without the month that was run.
    """

    file: str
    rows_before: int | None
    rows_after: int | None
    changed: tuple[MonthRows, ...]


@dataclass(frozen=True)
class ChangedFigures:
    """How many figures of an authority, as reported for a month, differ between two releases. Some by name.

    `late_list`: the list which came late and which they need, in words; None where none did.
    """

    la_code: str
    month: Month
    differing: int
    gone: int
    new: int
    examples: tuple[str, ...]
    late_list: str | None = None

    @property
    def count(self) -> int:
        return self.differing + self.gone + self.new

    @property
    def sentence(self) -> str:
        """Authority, month, how many figures differ, and some of their names."""
        kinds = {"differ": self.differing, "gone": self.gone, "new": self.new}
        parts = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items() if count)
        others = self.count - len(self.examples)
        return (
            f"{self.la_code} {self.month}: {self.count:,} {'figure' if self.count == 1 else 'figures'} ({parts}) "
            f"already reported would change: {', '.join(self.examples)}{f' and {others:,} more' if others else ''}"
        )


def table_differences(
    last: Release, written: Release, described: Mapping[str, TableEntry]
) -> list[TableDifference]:
    """Every table of either release; `described` has those of the written one, by name.

    Raises BadInputError if a file of the last release is missing.
    """
    before, now = _table_files(last), _table_files(written)
    run = Month.parse(written.manifest["extract_month"])
    with open_in_memory(written.path / SPILL) as connection:
        return [
            TableDifference(
                file,
                before[file].entry["rows"] if file in before else None,
                now[file].entry["rows"] if file in now else None,
                tuple(_changed_months(connection, before[file], now[file], run, described))
                if file in before and file in now
                else (),
            )
            for file in sorted({*before, *now})
        ]


def changed_figures(last: Release, written: Release, late_lists: Sequence[LateList] = ()) -> list[ChangedFigures]:
    """Changed figures, as reported, of every authority and month of the last release.

    Those that need a list which came late are counted apart.

    Authorities and months that the last release does not have are reported for the first time: no change. Nothing
    is compared if either release lacks the table or a column of its key: `schema` reports that. Raises
    BadInputError if the file is missing.
    """
    before, now = (_table_files(release).get(FIGURES) for release in (last, written))
    if before is None or now is None:
        return []
    shared = before.types.keys() & now.types.keys()
    if not {*FIGURE_KEY, "basis"} <= shared:
        return []
    measures = [name for name in MEASURES if name in shared]
    with open_in_memory(written.path / SPILL) as connection:
        for name, rows in zip(("before", "now"), _unequal_rows(before, now), strict=True):
            connection.execute(f"create view {name} as {_reported_figures(rows, measures)}")
        connection.execute(
            "create table late (la_code varchar, extract_month date, indicator_id varchar, reason varchar)"
        )
        for late in late_lists:
            connection.execute(
                "insert into late select ?, ?, unnest(?::varchar[]), ?",
                [late.la_code, late.month.end, late.indicators, late.reason],
            )
        changes = connection.execute(_CHANGED_FIGURES).fetchall()
    return [
        ChangedFigures(la_code, Month.parse(month), differing, gone, new, tuple(names[:EXAMPLES]), reason)
        for la_code, month, reason, differing, gone, new, names in changes
    ]


def _unequal_rows(before: _TableFile, now: _TableFile) -> tuple[str, str]:
    """SQL for the rows of each of the two in the files that only it has: equal files hold no difference.

    All rows of an authority and extract are in one file, also where the layouts of the two releases differ.
    """
    files, others = files_of(before.entry).items(), files_of(now.entry).items()
    return before.rows(dict(files - others)), now.rows(dict(others - files))


def _reported_figures(rows: str, measures: Sequence[str]) -> str:
    """SQL for the figures as reported: their key, what they measure as one value, and `is_present`."""
    typed = ", ".join(f"{measure} := try_cast({measure} as {MEASURES[measure]})" for measure in measures)
    return f"""
        select
            {", ".join(FIGURE_KEY)},
            {f"struct_pack({typed})" if measures else "null"} as measures,
            true as is_present
        from {rows}
        where basis = 'as_reported'
    """


def _changed_months(
    connection: duckdb.DuckDBPyConnection,
    before: _TableFile,
    now: _TableFile,
    run: Month,
    described: Mapping[str, TableEntry],
) -> Iterator[MonthRows]:
    """Months whose rows differ, without the month that was run and what the newest extract replaces."""
    if files_of(before.entry) == files_of(now.entry):
        return
    table = described[now.entry["table"]]
    if table.earlier_extracts == REPLACED:
        return
    shared = [name for name, kind in now.types.items() if before.types.get(name) == kind]
    for name, rows in zip(("before", "now"), _unequal_rows(before, now), strict=True):
        connection.execute(f"create or replace view {name} as {_row_counts(rows, table, shared, run)}")
    for month, gone, new in connection.execute(_CHANGED_MONTHS).fetchall():
        yield MonthRows(month, gone, new)


def _row_counts(rows: str, table: TableEntry, columns: Sequence[str], run: Month) -> str:
    """SQL for how often each content occurs in each extract month, without the month that was run."""
    extract = table.extract if table.extract in columns else "cast(null as date)"
    compared = [f'"{column}"' for column in columns if column in _COUNTED_BY or not table.people]
    restates = table.earlier_extracts == KEPT_AS_REPORTED and {"month", "extract_month"} <= set(columns)
    return f"""
        select
            {extract} as extract_month,
            hash({", ".join(compared) or "0"}) as content,
            count(*) as row_count
        from {rows}
        where {extract} is distinct from date '{run.end}' {"and month = extract_month" if restates else ""}
        group by all
    """


def _table_files(release: Release) -> dict[str, _TableFile]:
    return {table_of(entry): _TableFile(release, entry) for entry in release.manifest["tables"]}
