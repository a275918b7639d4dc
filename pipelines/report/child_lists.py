"""Lists of children in the report for the service: who counts in a figure, and what the records say of each.

Belongs here: the columns of these lists, from the facts of the newest extract. Does not belong here: deciding who
is on a list; the indicators do that.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.dictionary.indicators import dimensions
from pipelines.release_layout import newest_files_of
from pipelines.report import wording
from pipelines.report.breakdowns import code_words
from pipelines.report.release_reader import OWN_ROWS, OwnTables, Row, rows
from pipelines.report.subject_register import ChildList

_DIMENSIONS = {
    "legal_status_code": "legal_status",
    "placement_type_code": "placement_type",
    "placement_la_code": "placement_la",
    "provider_code": "provider_group",
    "plan_code": "tracker_plan",
    "stage_code": "tracker_stage",
}
"""Columns with codes, and the dimension that has the words for them."""
_NO_DISTANCE = 999
"""The national code for a distance that is not known."""
_IN_CARE = f"""
    with in_care as (
        select la_code, child_id, extract_month, entered_care_date, legal_status_code
        from {OWN_ROWS}
        where is_looked_after
        qualify extract_month = max(extract_month) over (partition by la_code)
    )

    select
        in_care.* exclude (extract_month),
        placements.placement_type_code,
        placements.placement_la_code,
        placements.provider_code,
        placements.distance_miles,
        placements.start_date as placement_start_date
    from in_care
    left join (
        select
            *,
            bool_or(is_open) over (partition by la_code, extract_month, child_id) as is_placed
        from read_parquet($placements, hive_partitioning = false)
    ) as placements
        on
            in_care.la_code = placements.la_code
            and in_care.extract_month = placements.extract_month
            and in_care.child_id = placements.child_id
            and placements.is_placed
            and (placements.is_open or placements.start_date >= in_care.entered_care_date)
    -- while a child is away for a time, the placement that the absence interrupts is shown
    qualify
        row_number() over (
            partition by in_care.la_code, in_care.child_id
            order by
                placements.is_temporary,
                placements.is_open desc,
                case when not placements.is_open then placements.end_date end desc,
                placements.start_date desc,
                placements.placement_id desc
        ) = 1
"""
_TRACKED = f"""
    select
        la_code,
        concat_ws('/', child_id, plan_code, cast(identified_date as varchar)) as event_id,
        plan_code,
        stage_code,
        identified_date,
        filed_date,
        court_date
    from {OWN_ROWS}
    qualify extract_month = max(extract_month) over (partition by la_code)
"""


@dataclass
class Records:
    """What the records of an authority say of the children and cases of its lists."""

    of_child: dict[str, Row] = field(default_factory=dict)
    of_event: dict[str, Row] = field(default_factory=dict)


@dataclass(frozen=True)
class ListedChildren:
    """A list for a page: a row per child or case, with its team and its cells."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, str, list[str]]]
    is_of_teams: bool
    by: "CountedCases | None" = None
    """How many there are by two columns."""

    def of_team(self, name: str) -> "ListedChildren":
        """The list with the rows of a team."""
        return replace(self, rows=[row for row in self.rows if row[1] == name], by=None)


@dataclass(frozen=True)
class CountedCases:
    """The number of cases of a list by two of its columns."""

    headings: tuple[str, str]
    across: list[str]
    lines: list[tuple[str, list[int]]]


def records(tables: OwnTables) -> dict[str, Records]:
    """The records by authority, from the newest extract."""
    known = {la_code: Records() for la_code in tables.la_codes}
    placements = newest_files_of(tables.room, "fct_placement", 1, la_codes=tables.la_codes)
    if placements:
        for row in rows(_IN_CARE, tables, "fct_period_of_care", 1, placements=placements):
            known[row["la_code"]].of_child[row["child_id"]] = row
    for row in rows(_TRACKED, tables, "fct_permanence_tracker", 1):
        known[row["la_code"]].of_event[row["event_id"]] = row
    return known


def listed_children(child_list: ChildList, child_rows: Iterable[Row], records: Records) -> ListedChildren:
    """The list of those who count, from the child rows of its indicator."""
    listed: list[Row] = [
        {**records.of_child.get(row["child_id"], {}), **records.of_event.get(row["event_id"], {}), **row}
        for row in child_rows
        if row["is_in_numerator"]
    ]
    return ListedChildren(
        child_list.title,
        tuple(child_list.columns.values()),
        [
            (row["child_id"] or "", row["area_name"], [_text(name, row.get(name)) for name in child_list.columns])
            for row in listed
        ],
        child_list.is_of_teams,
        _counted(child_list, child_list.by, listed) if child_list.by and listed else None,
    )


def _text(column: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column in _DIMENSIONS:
        return code_words(_DIMENSIONS[column], value)
    if column == "distance_miles":
        return wording.number(value, "percentage") if value < _NO_DISTANCE else ""
    # no line ends within a date
    return wording.short_day(value).replace(" ", "\u00a0")


def _counted(child_list: ChildList, by: tuple[str, str], listed: Iterable[Row]) -> CountedCases:
    counts = Counter((_text(by[0], row.get(by[0])), _text(by[1], row.get(by[1]))) for row in listed)
    lines, columns = (_in_order(_DIMENSIONS[name], {words[n] for words in counts}) for n, name in enumerate(by))
    return CountedCases(
        (child_list.columns[by[0]], child_list.columns[by[1]]),
        columns,
        [(line, [counts[line, column] for column in columns]) for line in lines],
    )


def _in_order(dimension: str, words: set[str]) -> list[str]:
    """The words for codes, in the order of the register; what it does not know comes last."""
    known = list(dimensions()[dimension].codes.values())
    return sorted(words, key=lambda text: (known.index(text) if text in known else len(known), text))
