"""The breakdowns of figures by dimension, as tables for pages: numbers, shares, comparators and bars.

Belongs here: which rows and columns a table has, and their texts. Does not belong here: calculating figures, or
what may be shown: `open/` holds only that.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from pipelines.dictionary.indicator_figures import whole_where_it_is
from pipelines.dictionary.indicators import Dimension, dimensions
from pipelines.reference import OUTSIDE_ENGLAND
from pipelines.report import wording
from pipelines.report.release_reader import (
    OWN_ROWS,
    Area,
    FigureCell,
    OwnTables,
    PageIndicator,
    ReportedAuthority,
    Row,
    rows,
)
from pipelines.seeds import seed_rows
from pipelines.settings import NOT_ALLOCATED

_BAR = 120
"""Pixels of a bar of 100 per cent; of the highest value in units without one."""
_COLUMNS = {
    "number": ("Number", "Share of all"),
    "percentage": ("Counted", "Of", "Per cent", "Share of the counted"),
}
"""The columns by unit. A mean has two: what it is a mean of, and the mean."""
_TABLES = ("mart_indicator_breakdown", "fct_indicator_breakdown")
"""The table of `open/`, and that of `restricted/`, which suppresses nothing."""
LOCALITY = Dimension("locality", "Locality", False, {})
"""The localities as if they were codes, in the tables of a year."""
_SENTENCE = re.compile(r"\S.*?(?:\.(?= |$)|$)")
_OWN = "own_published"
_YEARS = ("qualified_year", "began_year")
_BREAKDOWNS = f"""
    select *
    from {OWN_ROWS}
    where
        area_type = 'authority'
        or (area_type = 'locality' and indicator_id in (select unnest($in_localities)))
    qualify extract_month = max(extract_month) over (partition by la_code)
"""
_COMPARED = f"""
    select *
    from {OWN_ROWS}
    where release_rule = 'as_known_then' and comparator_year_rule = 'latest_published_year'
"""


@dataclass
class BrokenDown:
    """What a release has of an indicator in a month, or in the months of a year."""

    own: dict[str, dict[str, dict[Area, Row]]] = field(default_factory=dict)
    """Rows by dimension, code and area."""
    published: dict[tuple[str, str], dict[str, Row]] = field(default_factory=dict)
    """Published figures by dimension and code, then by comparator."""
    missing: dict[str, str] = field(default_factory=dict)
    """Why there are no rows, by dimension."""


@dataclass(frozen=True)
class BreakdownLine:
    """A line of a table: a code in words, and the texts of its cells."""

    label: str
    cells: tuple[str, ...]
    localities: tuple[str, ...] = ()
    bar: int = 0
    """Pixels."""
    compared: Mapping[str, Row] = field(default_factory=dict)
    """Published figures of the code, by comparator."""


@dataclass(frozen=True)
class BreakdownGroup:
    """The lines of a dimension. It has none where `open/` hides all of its numbers, or they are `missing`."""

    dimension: Dimension
    lines: tuple[BreakdownLine, ...]
    is_of_counted: bool = False
    """Whether the lines are only the codes with something counted: all others have 0 per cent."""
    missing: str = ""
    """Why there are no lines, if not because they are hidden."""


@dataclass(frozen=True)
class BreakdownTable:
    """A figure of the newest month by some of its dimensions, with a line for the authority as a whole."""

    indicator: PageIndicator
    whole: BreakdownLine
    localities: tuple[str, ...]
    groups: tuple[BreakdownGroup, ...]

    def only(self, wanted: Sequence[str]) -> "BreakdownTable":
        """The table with the groups of these dimensions, in their order."""
        groups = {group.dimension.id: group for group in self.groups}
        return replace(self, groups=tuple(groups[name] for name in wanted if name in groups))

    @property
    def columns(self) -> tuple[str, ...]:
        return _COLUMNS.get(self.indicator.unit) or ("Of", self.indicator.unit_name.capitalize())

    @property
    def caption(self) -> str:
        *first, last = [group.dimension.name[0].lower() + group.dimension.name[1:] for group in self.groups]
        return f"{self.indicator.name}, by {', '.join(first)}{' and ' if first else ''}{last}"

    @cached_property
    def comparators(self) -> dict[str, dict[str, str]]:
        """Who publishes figures of the codes: a name, and the year if all figures have the same."""
        names, years = {}, defaultdict(set)
        for row in self._published:
            names[row["comparator"]] = row["comparator_name"]
            years[row["comparator"]].add(row["comparator_year"])
        names |= {_OWN: f"{self.whole.label}, as published"}
        return {
            comparator: {
                "name": names[comparator],
                "year": "".join(years[comparator]) if len(years[comparator]) == 1 else "",
            }
            for comparator in (*wording.COMPARATORS, _OWN)
            if comparator in years
        }

    @property
    def differences(self) -> list[str]:
        """The sentences that say what differs between these figures and ours, each once."""
        texts = (row["definition_difference"] or "" for row in self._published)
        return list(dict.fromkeys(sentence for text in texts for sentence in _SENTENCE.findall(text)))

    @property
    def _published(self) -> Iterator[Row]:
        return (row for group in self.groups for line in group.lines for row in line.compared.values())


def breakdown_tables(
    tables: OwnTables, all_authorities: Sequence[ReportedAuthority], in_localities: Collection[str]
) -> dict[str, dict[str, BreakdownTable]]:
    """By authority the table of each indicator that the release breaks down, with all of its dimensions.

    `in_localities`: the indicators whose tables also have the localities, where the release has them.
    """
    months = {authority.la_code: authority.month for authority in all_authorities}
    read: dict[tuple[str, str], BrokenDown] = defaultdict(BrokenDown)
    for table in _TABLES:
        for row in rows(_BREAKDOWNS, tables, table, 1, in_localities=list(in_localities)):
            if row["extract_month"] == months[row["la_code"]]:
                by_dimension = read[row["la_code"], row["indicator_id"]].own
                by_area = by_dimension.setdefault(row["dimension"], {}).setdefault(row["code"], {})
                by_area[row["area_type"], row["area_name"]] = row
    for row in rows(_COMPARED, tables, "mart_breakdown_benchmark", 1):
        if row["extract_month"] == months[row["la_code"]]:
            published = read[row["la_code"], row["indicator_id"]].published
            by_comparator = published.setdefault((row["dimension"], row["code"]), {})
            by_comparator[row["comparator"]] = row | {"text": _published(row)}
    return {
        authority.la_code: {
            indicator.id: _table_of_month(authority, indicator, read[authority.la_code, indicator.id])
            for indicator in authority.indicators
            if read[authority.la_code, indicator.id].own
        }
        for authority in all_authorities
    }


def _published(row: Row) -> str:
    if row["comparator_value"] is None and row["comparator_status"] == "rounds_to_zero":
        return "under 0.5"
    return wording.number(row["comparator_value"], "percentage")


def _table_of_month(authority: ReportedAuthority, indicator: PageIndicator, read: BrokenDown) -> BreakdownTable:
    areas = {area for by_code in read.own.values() for by_area in by_code.values() for area in by_area}
    localities = sorted(areas - {authority.whole}, key=lambda area: (area[1] == NOT_ALLOCATED, area[1]))
    cells = {area: authority.cell(indicator, area, authority.month) for area in (authority.whole, *localities)}
    return breakdown_table(authority.whole, indicator, cells, read)


def breakdown_table(
    area: Area, indicator: PageIndicator, cells: Mapping[Area, FigureCell], read: BrokenDown
) -> BreakdownTable:
    """The table of an indicator. `cells` has its figure in the authority, which is `area`, and in the localities
    that have a column."""
    whole, localities = cells[area], [other for other in cells if other != area]
    row = {
        "numerator": whole.numerator,
        "denominator": whole.denominator,
        "value": None if whole.mark else whole.value,
        "share": None if whole.mark else 100,
        "status": "suppressed" if whole.mark == wording.SUPPRESSED else "shown",
    }
    return BreakdownTable(
        indicator,
        BreakdownLine(area[1], _cells(indicator.unit, row), tuple(cells[other].text for other in localities)),
        tuple(name for _, name in localities),
        tuple(
            _group(area, indicator, dimension, localities, read)
            for dimension in (*dimensions().values(), LOCALITY)
            if dimension.id in read.own or dimension.id in read.missing
        ),
    )


def _group(
    whole: Area, indicator: PageIndicator, dimension: Dimension, localities: Sequence[Area], read: BrokenDown
) -> BreakdownGroup:
    if dimension.id in read.missing:
        return BreakdownGroup(dimension, (), missing=read.missing[dimension.id])
    by_code, unit = read.own[dimension.id], indicator.unit
    own = {code: by_area[whole] for code, by_area in by_code.items() if whole in by_area}
    if all(_is_hidden(row) for row in own.values()):
        return BreakdownGroup(dimension, ())
    values = {row["value"] for row in own.values() if row["value"] is not None}
    decides = unit == "percentage" and not dimension.is_common and 100 in values and values <= {0, 100}
    if decides:
        # the kind of placement decides who is in foster care: every other kind has 0 per cent
        own = {code: row for code, row in own.items() if row["numerator"] != 0}
    drawn = "share" if decides or unit == "number" else "value"
    full = 100 if drawn == "share" or unit == "percentage" else max(values, default=0)
    lines = [
        BreakdownLine(
            code_words(dimension.id, code),
            _cells(unit, row),
            tuple(_in_locality(unit, by_code[code].get(area)) for area in localities),
            _bar(row[drawn], full),
            read.published.get((dimension.id, code), {}),
        )
        for code, row in sorted(own.items(), key=lambda item: _place(dimension, *item))
    ]
    return BreakdownGroup(dimension, tuple(lines), decides)


def _place(dimension: Dimension, code: str, row: Row) -> tuple[bool, float, str]:
    """Codes of the register in its order. Those that only the data knows come before them: years in order, others
    the largest first."""
    if code in dimension.codes:
        return True, list(dimension.codes).index(code), ""
    if dimension.id in _YEARS:
        return False, 0, code
    return False, -(row["numerator"] or 0), code


def _bar(value: float | None, full: float) -> int:
    """The pixels of a bar: at least one where there is anything to draw, and no more than it has room for."""
    if not value or not full or not value > 0:
        return 0
    return max(1, round(_BAR * min(1, value / full)))


def _is_hidden(row: Row) -> bool:
    # restricted tables have no status, because they suppress nothing
    return row.get("status") == "suppressed"


def _cells(unit: str, row: Row) -> tuple[str, ...]:
    """The texts of a row for the columns of the unit."""
    hidden = _is_hidden(row)
    mark = wording.SUPPRESSED if hidden else row.get("mark", wording.EMPTY_GROUP)

    def count(column: str) -> str:
        return mark if row[column] is None else f"{whole_where_it_is(row[column]):,}"

    # no share: nothing is counted, or `open/` rounds
    share = wording.number(row["share"], "percentage") if row["share"] is not None else mark if hidden else ""
    value = mark if row["value"] is None else wording.number(row["value"], unit)
    if unit == "number":
        return count("numerator"), share
    if unit == "percentage":
        return count("numerator"), count("denominator"), value, share
    return count("denominator"), value


def _in_locality(unit: str, row: Row | None) -> str:
    if row is None:
        return "0" if unit == "number" else wording.EMPTY_GROUP
    return _cells(unit, row)[{"number": 0, "percentage": 2}.get(unit, 1)]


def code_words(dimension: str, code: str) -> str:
    """The words for a code of a dimension, or for a recorded code that it stands for; other codes as they are."""
    return _words().get((dimension, code), code)


def code_of(dimension: str, recorded: str | None) -> str:
    """The code of a dimension under which a breakdown counts what a record has."""
    entry = _entries()[dimension]
    if not recorded:
        return entry["code_for_empty"]
    known = _codes()
    return known.get((dimension, recorded), recorded if entry["is_open"] == "true" else entry["code_for_unknown"])


@cache
def _entries() -> dict[str, dict[str, str]]:
    return {row["dimension"]: dict(row) for row in seed_rows("dimension")}


@cache
def _codes() -> dict[tuple[str, str], str]:
    """The code by dimension and by itself or a recorded code that it stands for."""
    return {
        (row["dimension"], recorded): row["code"]
        for row in seed_rows("dimension_code")
        for recorded in (row["code"], *row["source_codes"].split())
    }


@cache
def _words() -> dict[tuple[str, str], str]:
    authorities = OUTSIDE_ENGLAND | {row["la_code"]: row["la_name"] for row in seed_rows("authority")}
    words = {("placement_la", code): name for code, name in authorities.items()}
    for row in seed_rows("dimension_code"):
        for code in (row["code"], *row["source_codes"].split()):
            words.setdefault((row["dimension"], code), row["code_label"])
    return words
