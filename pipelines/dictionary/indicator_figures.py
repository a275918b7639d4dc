"""Reads the figure of an indicator from a release: reported, restated, comparators, reasons.

Belongs here: reading a release. Does not belong here: texts, and calculations with figures.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import BadInputError

_VALUES = """
    select *
    from {table}
    where indicator_id = ? and area_type = 'authority' and month = ?
    order by la_code, extract_month
"""
_COMPARATORS = """
    select
        la_code, comparator_name, comparator_value, comparator_status, comparator_year, years_apart,
        publisher, release, published_date
    from mart_indicator_benchmark
    where
        indicator_id = ? and area_type = 'authority' and month = ?
        and release_rule = 'as_known_then' and comparator_year_rule = 'latest_published_year'
    order by la_code, comparator_name
"""
_REASONS = """
    select la_code, reason, count(*) as rows
    from fct_indicator_child
    where
        indicator_id = ? and month = ? and extract_month = month and not is_in_numerator
        -- a worker in the denominator alone is not asked for one
        and reason is not null
    group by la_code, reason
    order by la_code, rows desc, reason
"""


@dataclass(frozen=True)
class Figure:
    """A numerator with its denominator and value; None where the release has none or suppresses it.

    `reason`: why the extract cannot give it.
    """

    extract_month: dt.date
    numerator: float | None
    denominator: float | None
    value: float | None
    is_suppressed: bool = False
    reason: str | None = None
    population_mid_year: int | None = None


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure that was known when the month was reported."""

    name: str
    value: float | None
    status: str
    year: str | None
    years_apart: int | None
    source: str
    published: dt.date | None


@dataclass(frozen=True)
class ReleaseFigure:
    """The figures of an indicator, authority and month in a release.

    `reported` is None where the month was not run when it was new. `restated` is the newest figure from a later
    extract. `reasons` counts child rows outside the numerator; it is None where the reader may not read child
    rows.
    """

    la_code: str
    authority: str
    reported: Figure | None
    restated: Figure | None
    comparators: tuple[PublishedFigure, ...]
    reasons: dict[str, int] | None


def figures_of(release: Path, indicator_id: str, month_end: dt.date) -> list[ReleaseFigure]:
    """The figures in a release, one entry per authority.

    Reads `restricted/` if the user may, with small counts, and otherwise `open/`, which suppresses them. Raises
    BadInputError where the release lacks the tables of this project.
    """
    restricted = release / "restricted" / "warehouse.duckdb"
    try:
        with restricted.open("rb"):
            return _read(restricted, "fct_indicator_value", indicator_id, month_end, with_reasons=True)
    except PermissionError:
        open_tables = release / "open" / "marts.duckdb"
        return _read(open_tables, "mart_indicator_monthly", indicator_id, month_end, with_reasons=False)
    except duckdb.Error as error:
        raise BadInputError(
            f"release {release.resolve().name} cannot be read for figures: {type(error).__name__}"
        ) from error


def whole_where_it_is(number: float | None) -> float | None:
    """A numerator or denominator as it is printed: 12, not 12.0, and 12.5 with its fraction."""
    return int(number) if number is not None and number == int(number) else number


def _read(
    file: Path, table: str, indicator_id: str, month_end: dt.date, *, with_reasons: bool
) -> list[ReleaseFigure]:
    parameters = [indicator_id, month_end]
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = _rows(connection, _VALUES.format(table=table), parameters)
        comparators = _rows(connection, _COMPARATORS, parameters)
        reasons = _rows(connection, _REASONS, parameters) if with_reasons else []
    by_authority = []
    for la_code in dict.fromkeys(row["la_code"] for row in rows):
        vintages = [row for row in rows if row["la_code"] == la_code]
        of_basis = {row["basis"]: _figure(row) for row in vintages}
        by_authority.append(
            ReleaseFigure(
                la_code=la_code,
                authority=vintages[-1]["area_name"],
                reported=of_basis.get("as_reported"),
                restated=of_basis.get("restated"),
                comparators=tuple(_comparator(row) for row in comparators if row["la_code"] == la_code),
                reasons={row["reason"]: row["rows"] for row in reasons if row["la_code"] == la_code}
                if with_reasons
                else None,
            )
        )
    return by_authority


def _rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _figure(row: dict[str, Any]) -> Figure:
    return Figure(
        row["extract_month"],
        whole_where_it_is(row["numerator"]),
        whole_where_it_is(row["denominator"]),
        row["value"],
        is_suppressed=row.get("status") == "suppressed",
        # releases of earlier versions have no such column
        reason=row.get("not_available_reason"),
        population_mid_year=row.get("population_mid_year"),
    )


def _comparator(row: dict[str, Any]) -> PublishedFigure:
    return PublishedFigure(
        name=row["comparator_name"],
        value=row["comparator_value"],
        status=row["comparator_status"],
        year=row["comparator_year"],
        years_apart=row["years_apart"],
        source=" ".join(part for part in (row["publisher"], row["release"]) if part),
        published=row["published_date"],
    )
