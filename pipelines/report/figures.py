"""The figures of a release as its pages need them, read from its own tables: one query a table.

Belongs here: reading, and which row stands in which cell. Does not belong here: arithmetic on figures.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.dictionary.indicators import Parameter, indicators
from pipelines.report import words

MONTHS_SHOWN = 13
GLANCE_BACK = (0, 1, 12)
"""Months of a glance, counted back from the newest: itself, the one before, the same a year before."""
_WRITTEN_OVER = "ssd_care_leavers"
"""The list that holds the newest state of a person only: a later extract says nothing of an earlier month."""
Row = dict[str, Any]
Area = tuple[str, str]
"""Type and name."""

_FIGURES = {
    "open": ("mart_indicator_monthly", "*"),
    # what is for the service only has no status of its own
    "restricted": (
        "fct_indicator_value",
        "*, case when value is null then 'not_available' else 'shown' end as status",
    ),
}
_NEEDED = """
    with figures as (
        select {columns}
        from read_parquet($table)
    )

    select figures.*, newest.newest_extract
    from figures
    inner join (select la_code, max(extract_month) as newest_extract from figures group by la_code) as newest
        using (la_code)
    where
        (basis = 'as_reported' or extract_month = newest_extract)
        and (month > newest_extract - interval 13 months or month(month) = 3)
    order by la_code, area_type, area_name, month
"""
_COMPARED = """
    select *
    from read_parquet($table)
    where
        area_type = 'authority'
        and release_rule = 'as_known_then'
        and comparator_year_rule = 'latest_published_year'
        and comparator_value is not null
"""
_SIGNALS = "select * from read_parquet($table)"
# of each year the figure of the newest release that tells of it, as mart_indicator_benchmark takes it
_PUBLISHED = """
    select *
    from read_parquet($table)
    where method in ('as_published', 'from_counts', 'unweighted_mean') and indicator_id in (select unnest($known))
    qualify row_number() over (
        partition by la_code, indicator_id, comparator, period_end
        order by
            published_date desc nulls last,
            source_kind = 'printed',
            method <> 'as_published',
            release desc,
            publisher
    ) = 1
    order by period_end
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands for a figure in a table. `mark` is empty where the number is shown."""

    value: float | None
    numerator: int | None
    denominator: int | None
    unit: str
    mark: str = ""
    is_recomputed: bool = False
    """Computed from a later extract, for a month that was never reported."""

    @property
    def text(self) -> str:
        return self.mark or words.number(self.value, self.unit)

    @property
    def sentence(self) -> str:
        """With its unit, or in words why there is no number."""
        reasons = {
            words.SUPPRESSED: "not shown (small numbers)",
            words.NOT_AVAILABLE: "not available",
            words.NOBODY: "nobody to count",
        }
        return reasons[self.mark] if self.mark else words.with_unit(self.value, self.unit)


@dataclass
class Authority:
    """All that the pages of one authority show."""

    la_code: str
    name: str
    month: dt.date
    """Month end of its newest extract."""
    reported: dict[tuple[str, Area], dict[dt.date, Row]] = field(default_factory=lambda: defaultdict(dict))
    restated: dict[tuple[str, Area], dict[dt.date, Row]] = field(default_factory=lambda: defaultdict(dict))
    compared: dict[tuple[str, dt.date], dict[str, Row]] = field(default_factory=lambda: defaultdict(dict))
    comparator_names: dict[str, str] = field(default_factory=words.COMPARATORS.copy)
    """Of the region, which region."""
    signals: dict[tuple[str, Area], Row] = field(default_factory=dict)
    """Of the newest month."""
    published: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """By indicator the published figures of every year."""

    @property
    def whole(self) -> Area:
        """The authority itself among its areas."""
        return ("authority", self.name)

    @property
    def months(self) -> list[dt.date]:
        """The months that tables show, oldest first."""
        newest = Month(self.month.year, self.month.month)
        return [newest.plus(-back).end for back in reversed(range(MONTHS_SHOWN))]

    @property
    def glance_months(self) -> list[dt.date]:
        """The newest month, the one before, and the same a year before."""
        return [self.months[-1 - back] for back in GLANCE_BACK]

    @property
    def indicators(self) -> list["Indicator"]:
        """Those it has figures of, in the order of the register."""
        return [one for one in register() if (one.id, self.whole) in self.reported]

    def areas(self, indicator: "Indicator", area_type: str) -> list[Area]:
        """Areas of a type with a figure in the months shown, by name, those without a team last."""
        months = set(self.months)
        found = {
            area
            for figures in (self.reported, self.restated)
            for (indicator_id, area), by_month in figures.items()
            if indicator_id == indicator.id and area[0] == area_type and not months.isdisjoint(by_month)
        }
        return sorted(found, key=lambda area: (area[1] == "Not allocated", area[1]))

    def held(self, indicator: "Indicator") -> set[dt.date]:
        """Months of which anything was counted for the authority."""
        whole = (indicator.id, self.whole)
        return {*self.reported[whole], *self.restated[whole]}

    def comparators(self, indicator: "Indicator", month: dt.date) -> dict[str, Row]:
        """By comparator the newest figure that was public when the month's extract was taken."""
        return self.compared.get((indicator.id, month), {})

    def target(self, indicator: "Indicator") -> Row | None:
        """The authority's row of the newest month, where it has a target."""
        row = self.reported[indicator.id, self.whole].get(self.month, {})
        return row if row.get("target_value") is not None else None

    def cells(self, indicator: "Indicator", area: Area) -> list[Cell]:
        """An area's cells of the months shown, oldest first."""
        return [self.cell(indicator, area, month) for month in self.months]

    def cell(self, indicator: "Indicator", area: Area, month: dt.date) -> Cell:
        """The figure as reported; where the month was not, as the newest extract gives it."""
        whole = (indicator.id, self.whole)
        for figures, is_recomputed in ((self.reported, False), (self.restated, True)):
            if is_recomputed and indicator.is_written_over:
                break
            if month in figures[whole]:
                row = figures[indicator.id, area].get(month)
                # an area without a row counts nobody, if anything was counted at all
                return _cell(row or _nobody(figures[whole][month]), is_recomputed)
        return Cell(None, None, None, indicator.unit, words.NOT_AVAILABLE)

    def restated_cell(self, indicator: "Indicator", month: dt.date) -> Cell | None:
        """The authority's figure as the newest extract gives it, where it differs from what was reported."""
        if indicator.is_written_over:
            return None
        before = self.reported[indicator.id, self.whole].get(month)
        now = self.restated[indicator.id, self.whole].get(month)
        if not before or not now or "suppressed" in (before["status"], now["status"]):
            return None
        keys = ("numerator", "denominator", "value")
        return _cell(now, False) if any(before[key] != now[key] for key in keys) else None


@dataclass(frozen=True)
class Indicator:
    """An indicator of the register with its words."""

    id: str
    name: str
    group: str
    unit: str
    period: str
    numerator: str
    denominator: str
    """Empty for a plain count."""
    changes: dict[dt.date, str]
    """What changed in the definition, by the first month of the change."""
    is_written_over: bool
    """Whether what it is counted from is written over each month, so that no month can be counted again."""


@cache
def register() -> tuple[Indicator, ...]:
    """All indicators, in the order of the register."""
    return tuple(
        Indicator(
            id=one.id,
            name=one.name,
            group=one.group,
            unit=one.unit,
            period=one.period,
            numerator=one.words.numerator,
            denominator=one.words.denominator or "",
            changes=_changes(one.parameters),
            is_written_over=_WRITTEN_OVER in one.objects,
        )
        for one in indicators().values()
    )


def _changes(parameters: Sequence[Parameter]) -> dict[dt.date, str]:
    """From the second value of a parameter on, what it was before and what it is."""
    before: dict[str, str] = {}
    changes: dict[dt.date, str] = {}
    for parameter in parameters:
        if parameter.name in before:
            told = f"{parameter.name.replace('_', ' ')}: {parameter.value}, before {before[parameter.name]}"
            changes[Month.parse(parameter.first_month_used).end] = told
        before[parameter.name] = parameter.value
    return changes


def authorities(release: Path, room: str) -> list[Authority]:
    """Every authority of a release with its figures: `open` as all may know them, `restricted` as they are."""
    table, columns = _FIGURES[room]
    found: dict[str, Authority] = {}
    figures = list(rows(_NEEDED.format(columns=columns), release / room / f"{table}.parquet"))
    names = {row["la_code"]: row["area_name"] for row in figures if row["area_type"] == "authority"}
    for row in figures:
        la_code = row["la_code"]
        one = found.setdefault(la_code, Authority(la_code, names[la_code], row["newest_extract"]))
        kept = one.reported if row["basis"] == "as_reported" else one.restated
        kept[row["indicator_id"], (row["area_type"], row["area_name"])][row["month"]] = row
    _add_comparators(found, release)
    for row in rows(_SIGNALS, release / room / "mart_indicator_signal.parquet"):
        one = found[row["la_code"]]
        if row["month"] == one.month:
            one.signals[row["indicator_id"], (row["area_type"], row["area_name"])] = row
    return list(found.values())


def _add_comparators(found: Mapping[str, Authority], release: Path) -> None:
    """Published figures are no secret: they are the same in both rooms, and read from `open/`."""
    for row in rows(_COMPARED, release / "open" / "mart_indicator_benchmark.parquet"):
        one = found[row["la_code"]]
        one.compared[row["indicator_id"], row["month"]][row["comparator"]] = row
        if row["comparator"] in one.comparator_names:
            one.comparator_names[row["comparator"]] = row["comparator_name"]
    known = [indicator.id for indicator in register()]
    for row in rows(_PUBLISHED, release / "open" / "fct_comparator_figure.parquet", known=known):
        if row["la_code"] in found:
            found[row["la_code"]].published[row["indicator_id"]].append(row)


def points(cells: Sequence[Cell | None]) -> list[float | None]:
    """The numbers that a line can be drawn through; None where there is none to show."""
    return [None if cell is None or cell.mark else cell.value for cell in cells]


def rows(query: str, table: Path, **parameters: Any) -> Iterator[Row]:
    """The rows of a query over `$table`; none where the release has no such table."""
    if not table.exists():
        return
    result = duckdb.execute(query, {"table": str(table), **parameters})
    names = [column[0] for column in result.description]
    for row in result.fetchall():
        yield dict(zip(names, row, strict=True))


def _cell(row: Row, is_recomputed: bool) -> Cell:
    marks = {"suppressed": words.SUPPRESSED, "not_available": words.NOT_AVAILABLE, "nobody": words.NOBODY}
    return Cell(
        row["value"],
        row["numerator"],
        row["denominator"],
        row["unit"],
        marks.get(row["status"], ""),
        is_recomputed,
    )


def _nobody(whole: Row) -> Row:
    """In place of the row of an area that has none."""
    if whole["status"] == "not_available" and whole["numerator"] is None:
        return whole
    is_count = whole["unit"] == "number"
    return {
        "value": 0 if is_count else None,
        "numerator": 0,
        "denominator": None if is_count else 0,
        "unit": whole["unit"],
        "status": "shown" if is_count else "nobody",
    }
