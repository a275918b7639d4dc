"""Reads the figures of a release from its own tables, with one query per table.

Belongs here: reading, and matching rows with the cells of pages. Does not belong here: arithmetic on figures.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.dictionary.indicator_figures import whole_where_it_is
from pipelines.dictionary.indicator_parameters import (
    NEVER,
    Parameter,
    newest_numbers,
    numbers_that_count,
    shared_numbers,
    with_numbers,
)
from pipelines.dictionary.indicators import PERIODS, UNITS, indicators
from pipelines.release_layout import newest_files_of
from pipelines.report import wording
from pipelines.settings import NOT_ALLOCATED

MONTHS_SHOWN = 13
GLANCE_BACK = (0, 1, 12)
"""The months of a glance, counted back from the newest: the newest, the month before, the same month a year
ago."""
_OVERWRITTEN_OBJECT = "ssd_care_leavers"
"""This object holds only the newest state of a person, so a later extract does not describe an earlier month."""
Row = dict[str, Any]
Area = tuple[str, str]
"""Type and name."""
Figures = dict[tuple[str, Area], dict[dt.date, Row]]
"""Rows by indicator and area, then by month."""

OWN_ROWS = "(from read_parquet($table, hive_partitioning = false) where la_code in (select unnest($la_codes)))"
"""The rows of a table that are of the authorities asked for, as a query of `rows` reads them."""
_REPORTED = """
    select la_code, max(extract_month) as month
    from read_parquet($table, hive_partitioning = false)
    group by la_code
    order by max(area_name) filter (area_type = 'authority'), la_code
"""
_FIGURES = f"""
    select figures.*, newest.newest_extract
    from {OWN_ROWS} as figures
    inner join (
        select la_code, max(extract_month) as newest_extract
        from {OWN_ROWS}
        group by la_code
    ) as newest
        using (la_code)
    where
        (basis = 'as_reported' or extract_month = newest_extract)
        and (month > newest_extract - to_months({MONTHS_SHOWN}) or month(month) = 3)
    order by la_code, area_type, area_name, month
"""
_KNOWN = f"""
    select *
    from {OWN_ROWS}
    where
        area_type in ('authority', 'locality')
        and indicator_id in (select unnest($indicators))
        and extract_month in (select unnest($extracts))
"""
_NEWEST_MONTHS = f"""
    (
        select la_code, max(month) as newest_month
        from {OWN_ROWS}
        group by la_code
    )
"""
_COMPARED = f"""
    select compared.*
    from {OWN_ROWS} as compared
    inner join {_NEWEST_MONTHS} as newest using (la_code)
    where
        area_type = 'authority'
        and release_rule = 'as_known_then'
        and comparator_year_rule = 'latest_published_year'
        and comparator_value is not null
        and month > newest_month - to_months({MONTHS_SHOWN})
"""
_SIGNALS = f"""
    select signals.*
    from {OWN_ROWS} as signals
    inner join {_NEWEST_MONTHS} as newest using (la_code)
    where month = newest_month
"""
_PUBLISHED = f"""
    select *
    from {OWN_ROWS}
    where is_latest and code is null and indicator_id in (select unnest($known))
    order by period_end
"""
_LEFT_OUT: Row = {"numerator": None, "denominator": None, "value": None, "unit": "number", "status": "suppressed"}


@dataclass(frozen=True)
class OwnTables:
    """The rows of some authorities in the tables of `open/` or of `restricted/` of a release, the `room`."""

    room: Path
    la_codes: Collection[str]


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure for a cell of a table. `mark` is empty where the number is shown."""

    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    mark: str = ""
    is_recomputed: bool = False
    """Computed from a later extract, for a month that was never reported."""
    reason: str = ""
    """Why the extract cannot give it, where that is the reason."""

    @property
    def text(self) -> str:
        return self.mark or wording.number(self.value, self.unit)

    @property
    def sentence(self) -> str:
        """The figure with its unit, or the reason why there is no number."""
        reasons = {
            wording.SUPPRESSED: f"not shown ({wording.WHY_SUPPRESSED})",
            wording.NOT_AVAILABLE: "not available",
            wording.EMPTY_GROUP: "nothing to count",
        }
        return reasons[self.mark] if self.mark else wording.with_unit(self.value, self.unit)


@dataclass
class ReportedAuthority:
    """Everything that the pages of an authority show."""

    la_code: str
    name: str
    month: dt.date
    """Month end of its newest extract."""
    newest_of_all: dt.date = dt.date.min
    """Month end of the newest extract of any authority."""
    reported: Figures = field(default_factory=dict)
    restated: Figures = field(default_factory=dict)
    compared: dict[tuple[str, dt.date], dict[str, Row]] = field(default_factory=dict)
    comparator_names: dict[str, str] = field(default_factory=wording.COMPARATORS.copy)
    """Names by comparator; for the region, its name."""
    signals: dict[tuple[str, Area], Row] = field(default_factory=dict)
    """The signals of the newest month."""
    published: dict[str, list[Row]] = field(default_factory=dict)
    """The published figures of every year, by indicator."""
    own_numbers: Sequence[Parameter] = ()
    """Numbers of definitions that the authority set itself."""

    @property
    def is_behind(self) -> bool:
        """Whether another authority has a newer extract: this one's drop was refused, or none came."""
        return self.month < self.newest_of_all

    @property
    def whole(self) -> Area:
        """The authority itself, as an area."""
        return ("authority", self.name)

    @property
    def months(self) -> list[dt.date]:
        """The months that tables show, oldest first."""
        newest = Month(self.month.year, self.month.month)
        return [newest.plus(-back).end for back in reversed(range(MONTHS_SHOWN))]

    @property
    def glance_months(self) -> list[dt.date]:
        """The newest month, the month before, and the same month a year ago."""
        return [self.months[-1 - back] for back in GLANCE_BACK]

    @property
    def indicators(self) -> list["PageIndicator"]:
        """The indicators with figures, in the order of the register, as defined in the month of the pages."""
        defined = register(tuple(self.own_numbers), f"{self.month:%Y-%m}")
        return [indicator for indicator in defined if self._by_month(self.reported, indicator, self.whole)]

    def areas(self, indicator: "PageIndicator", area_type: str) -> list[Area]:
        """Areas of a type with a figure in the months shown, by name, with `Not allocated` last."""
        months = set(self.months)
        areas = {
            area
            for figures in (self.reported, self.restated)
            for (indicator_id, area), by_month in figures.items()
            if indicator_id == indicator.id and area[0] == area_type and not months.isdisjoint(by_month)
        }
        return sorted(areas, key=lambda area: (area[1] == NOT_ALLOCATED, area[1]))

    def counted_months(self, indicator: "PageIndicator") -> set[dt.date]:
        """Months with a figure of the authority, reported or restated."""
        return {
            *self._by_month(self.reported, indicator, self.whole),
            *self._by_month(self.restated, indicator, self.whole),
        }

    @staticmethod
    def _by_month(figures: Figures, indicator: "PageIndicator", area: Area) -> dict[dt.date, Row]:
        return figures.get((indicator.id, area), {})

    def has_figure(self, indicator_id: str) -> bool:
        """Whether the newest extract has the lists that the figure needs, though it may have nothing to count."""
        row = self.reported.get((indicator_id, self.whole), {}).get(self.month)
        return row is not None and (row["status"] != "not_available" or row["numerator"] is not None)

    def comparators(self, indicator: "PageIndicator", month: dt.date) -> dict[str, Row]:
        """The newest figure by comparator that was public when the month's extract was taken."""
        return self.compared.get((indicator.id, month), {})

    def target(self, indicator: "PageIndicator") -> Row | None:
        """The authority's row of the newest month if it has a target."""
        row = self._by_month(self.reported, indicator, self.whole).get(self.month, {})
        return row if row.get("target_value") is not None else None

    def cells(self, indicator: "PageIndicator", area: Area) -> list[FigureCell]:
        """The cells of an area for the months shown, oldest first."""
        return [self.cell(indicator, area, month) for month in self.months]

    def cell(self, indicator: "PageIndicator", area: Area, month: dt.date) -> FigureCell:
        """The reported figure; for a month that was never reported, the figure from the newest extract."""
        for figures, is_recomputed in ((self.reported, False), (self.restated, True)):
            if is_recomputed and indicator.is_overwritten:
                break
            whole = self._by_month(figures, indicator, self.whole).get(month)
            if whole:
                # an area without a row has a count of zero if the authority was counted
                return _cell(self._by_month(figures, indicator, area).get(month) or _empty(whole), is_recomputed)
        return FigureCell(None, None, None, indicator.unit, wording.NOT_AVAILABLE)

    def restated_cell(self, indicator: "PageIndicator", month: dt.date) -> FigureCell | None:
        """The authority's figure from the newest extract if it differs from the reported one."""
        if indicator.is_overwritten:
            return None
        before = self._by_month(self.reported, indicator, self.whole).get(month)
        now = self._by_month(self.restated, indicator, self.whole).get(month)
        if not before or not now or "suppressed" in (before["status"], now["status"]):
            return None
        # a later extract that does not go back so far, or of another layout, corrects nothing
        if now.get("not_available_reason") or before.get("source_layout") != now.get("source_layout"):
            return None
        keys = ("numerator", "denominator", "value")
        return _cell(now, False) if any(before[key] != now[key] for key in keys) else None


@dataclass(frozen=True)
class PageIndicator:
    """An indicator of the register, as the pages show it."""

    id: str
    name: str
    group: str
    unit: str
    period: str
    numerator: str
    denominator: str
    """Empty for a plain count."""
    changes: dict[dt.date, str]
    """Changes of the definition, by first month."""
    own_numbers: tuple[Parameter, ...]
    """Numbers of its definition that the authority set itself."""
    is_overwritten: bool
    """Whether the authority overwrites its object each month, so that earlier months cannot be restated."""

    @property
    def unit_name(self) -> str:
        return UNITS[self.unit]

    @property
    def unit_and_period(self) -> str:
        return f"{UNITS[self.unit]}, {PERIODS[self.period]}"


@cache
def register(own: tuple[Parameter, ...] = (), month: str = NEVER) -> tuple[PageIndicator, ...]:
    """All indicators, in the order of the register, as they are defined in a month (YYYY-MM).

    `own`: the numbers of definitions that the authority of the pages set itself.
    """
    counting = _counting(own, month)
    numbers = definition_numbers(own, month)
    return tuple(
        PageIndicator(
            id=indicator.id,
            name=indicator.name,
            group=indicator.group,
            unit=indicator.unit,
            period=indicator.period,
            numerator=with_numbers(indicator.written.numerator, numbers),
            denominator=with_numbers(indicator.written.denominator or "", numbers),
            changes=_changes([number for number in counting if number.name in indicator.numbers]),
            own_numbers=tuple(
                number for number in counting if number.la_code and number.name in indicator.numbers
            ),
            is_overwritten=_OVERWRITTEN_OBJECT in indicator.objects,
        )
        for indicator in indicators().values()
    )


@cache
def definition_numbers(own: tuple[Parameter, ...], month: str) -> dict[str, str]:
    """The numbers of the definitions by name, as they are used in a month (YYYY-MM)."""
    return newest_numbers() | {number.name: number.value for number in _counting(own, month)}


def _counting(own: Sequence[Parameter], month: str) -> list[Parameter]:
    return [n for n in numbers_that_count(shared_numbers(), own) if n.first_month_used <= month]


def _changes(numbers: Sequence[Parameter]) -> dict[dt.date, str]:
    """The new and the previous value of each number that changed, by first month."""
    before: dict[str, str] = {}
    changes: dict[dt.date, str] = {}
    for number in numbers:
        if before.get(number.name, number.value) != number.value:
            text = f"{number.words}: {number.value}, before {before[number.name]}"
            changes[Month.parse(number.first_month_used).end] = text
        before[number.name] = number.value
    return changes


def newest_months(room: Path) -> dict[str, dt.date]:
    """The month end of the newest extract of each authority, by code, in the order of their names."""
    files = newest_files_of(room, "mart_indicator_monthly", 1)
    return dict(_duckdb().execute(_REPORTED, {"table": files}).fetchall()) if files else {}


def authorities(tables: OwnTables, left_out: Iterable[Mapping[str, str]] = ()) -> list[ReportedAuthority]:
    """The authorities of some tables, with their figures.

    `left_out` names the rows that disclosure control keeps out of `open/`. Pages show them like suppressed ones.
    """
    by_code: dict[str, ReportedAuthority] = {}
    figures = list(rows(_FIGURES, tables, "mart_indicator_monthly", MONTHS_SHOWN, and_marches=True))
    names = {row["la_code"]: row["area_name"] for row in figures if row["area_type"] == "authority"}
    for row in figures:
        la_code = row["la_code"]
        authority = by_code.setdefault(la_code, ReportedAuthority(la_code, names[la_code], row["newest_extract"]))
        kept = authority.reported if row["basis"] == "as_reported" else authority.restated
        key = (row["indicator_id"], (row["area_type"], row["area_name"]))
        kept.setdefault(key, {})[row["month"]] = row
    for absent in (absent for absent in left_out if absent["la_code"] in by_code):
        authority = by_code[absent["la_code"]]
        month, extract = (Month.parse(absent[name]).end for name in ("month", "extract_month"))
        kept = authority.reported if month == extract else authority.restated if extract == authority.month else {}
        kept.setdefault((absent["indicator_id"], authority.whole), {})[month] = _LEFT_OUT
    _add_comparators(by_code, tables)
    for row in rows(_SIGNALS, tables, "mart_indicator_signal", 1):
        authority = by_code[row["la_code"]]
        if row["month"] == authority.month:
            authority.signals[row["indicator_id"], (row["area_type"], row["area_name"])] = row
    return list(by_code.values())


def as_known(
    tables: OwnTables,
    extracts: Collection[dt.date],
    wanted: Collection[str],
    left_out: Iterable[Mapping[str, str]] = (),
) -> dict[tuple[str, dt.date], ReportedAuthority]:
    """By authority and extract the figures of its month and of the twelve before, as that extract has them.

    Only of the authority and its localities, of the indicators `wanted`, and from the newest thirteen extracts and
    those of every March.
    """
    known: dict[tuple[str, dt.date], ReportedAuthority] = {}
    figures = rows(
        _KNOWN,
        tables,
        "mart_indicator_monthly",
        MONTHS_SHOWN,
        True,
        indicators=list(wanted),
        extracts=list(extracts),
    )
    for row in figures:
        key = row["la_code"], row["extract_month"]
        authority = known.setdefault(key, ReportedAuthority(*key[:1], "", key[1]))
        if row["area_type"] == "authority":
            authority.name = row["area_name"]
        area = row["area_type"], row["area_name"]
        authority.reported.setdefault((row["indicator_id"], area), {})[row["month"]] = row
    for absent in left_out:
        month, extract = (Month.parse(absent[name]).end for name in ("month", "extract_month"))
        of_extract = known.get((absent["la_code"], extract))
        if of_extract and absent["indicator_id"] in wanted:
            of_extract.reported.setdefault((absent["indicator_id"], of_extract.whole), {})[month] = _LEFT_OUT
    return known


def _add_comparators(by_code: Mapping[str, ReportedAuthority], tables: OwnTables) -> None:
    """Adds the published figures."""
    for row in rows(_COMPARED, tables, "mart_indicator_benchmark", MONTHS_SHOWN):
        authority = by_code[row["la_code"]]
        authority.compared.setdefault((row["indicator_id"], row["month"]), {})[row["comparator"]] = row
        if row["comparator"] in authority.comparator_names:
            authority.comparator_names[row["comparator"]] = row["comparator_name"]
    known = [indicator.id for indicator in register()]
    for row in rows(_PUBLISHED, tables, "fct_comparator_figure", 1, known=known):
        by_code[row["la_code"]].published.setdefault(row["indicator_id"], []).append(row)


def points(cells: Sequence[FigureCell | None]) -> list[float | None]:
    """The numbers of a line; None where there is none to show."""
    return [None if cell is None or cell.mark else cell.value for cell in cells]


def rows(
    query: str, tables: OwnTables, table: str, months: int, and_marches: bool = False, **parameters: Any
) -> Iterator[Row]:
    """The rows of a query over `OWN_ROWS`, from the files with the newest months of a table; none without it."""
    files = newest_files_of(tables.room, table, months, and_marches, tables.la_codes)
    if not files:
        return
    result = _duckdb().execute(query, {"table": files, "la_codes": list(tables.la_codes), **parameters})
    names = [column[0] for column in result.description]
    for row in result.fetchall():
        yield dict(zip(names, row, strict=True))


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    """DuckDB without a file, in one thread: the queries are small, and each core may have a process of pages.

    It keeps nothing of the files it has read: the next month reads another release.
    """
    return duckdb.connect(config={"enable_external_file_cache": "false", "threads": 1})


def _cell(row: Row, is_recomputed: bool) -> FigureCell:
    marks = {
        "suppressed": wording.SUPPRESSED,
        "not_available": wording.NOT_AVAILABLE,
        "empty": wording.EMPTY_GROUP,
    }
    return FigureCell(
        row["value"],
        whole_where_it_is(row["numerator"]),
        whole_where_it_is(row["denominator"]),
        row["unit"],
        marks.get(row["status"], ""),
        is_recomputed,
        row.get("not_available_reason") or "",
    )


def _empty(whole: Row) -> Row:
    """A row for an area that has none: a count of zero, or an empty group. Not known if the authority's is not."""
    if whole["status"] == "suppressed" or (whole["status"] == "not_available" and whole["numerator"] is None):
        return whole
    is_count = whole["unit"] == "number"
    return {
        "value": 0 if is_count else None,
        "numerator": 0,
        "denominator": None if is_count else 0,
        "unit": whole["unit"],
        "status": "shown" if is_count else "empty",
    }
