"""Taking a suite's measures: its SQL with the placeholders filled, and the measured row as a query of its own.

Belongs here: what a placeholder may stand for, how the query of a suite is put together, and the one row that
holds what many suites measured. Does not belong here: what the measures are (`expectations/`), judging them.
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.quality.suites import Check, Suite

DETAIL = "_detail"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Values = Mapping[str, str | dt.date]


class MeasureError(Exception):
    """Why a measure cannot be taken, in words."""


def values_of(suite: Suite, month: Month, la_code: str) -> dict[str, str | dt.date]:
    """What a placeholder in a suite may stand for."""
    name = suite.table.split(".")[1]
    values: dict[str, str | dt.date] = {
        "la_code": la_code,
        "extract_month": month.end,
        "last_month_end": month.plus(-1).end,
        # last month's drop can hold events up to this day
        "last_extract_day": month.plus(-1).extract_day,
        "last_but_one_extract_day": month.plus(-2).extract_day,
        "table": suite.table,
        "object": name,
        "event_date": "cast(null as date)",
        "rows": "rows",
        **suite.words,
    }
    code_sets = {
        column.name: column.code_set
        for column in (contracts()[name].loaded_columns if name in contracts() else ())
        if column.code_set
    }
    if code_sets:
        values["code_columns"] = ", ".join(code_sets)
        values["code_sets"] = ", ".join(f"('{column}', '{name}')" for column, name in code_sets.items())
    return values


def filled(text: str, values: Values) -> str:
    """SQL or words with every placeholder filled. Raises MeasureError for one that the suite does not have."""
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - set(values))
    if unknown:
        raise MeasureError(f"unknown placeholder {{{unknown[0]}}} (there are {', '.join(values)})")
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


def filled_arguments(check: Check, values: Values) -> dict[str, Any]:
    """The arguments of an expectation; a placeholder becomes its value, a date a date.

    Raises MeasureError for an unknown placeholder.
    """
    arguments: dict[str, Any] = dict(check.kwargs)
    for name, given in check.kwargs.items():
        found = _PLACEHOLDER.fullmatch(given) if isinstance(given, str) else None
        if found and found[1] not in values:
            raise MeasureError(f"check {check.name}: unknown placeholder {given}")
        if found:
            arguments[name] = values[found[1]]
    return arguments


def rows_query(suite: Suite, values: Values) -> str:
    """The rows of the suite's table for the authority and the month."""
    return (
        f"select * from {suite.table}"
        f" where la_code = '{values['la_code']}' and extract_month = date '{values['extract_month']}'"
    )


def measures_query(suite: Suite, values: Values) -> str:
    """One row with every measure of the suite. Raises MeasureError for an unknown placeholder."""
    steps = [
        f"this_partition as ({rows_query(suite, values)})",
        suite.steps.strip(),
        *(f"measured_{name} as (\n{sql}\n)" for name, sql in suite.measures.items()),
    ]
    sources = " cross join ".join(f"measured_{name}" for name in suite.measures)
    with_steps = ",\n".join(step for step in steps if step)
    return filled(f"with {with_steps}\nselect * from {sources}", values)


def one_row_query(row: Mapping[str, Any]) -> str:
    """A query that gives the row again. Raises MeasureError for a value that is neither number nor date."""
    # GX takes only queries that begin with select
    return "select " + ", ".join(f'{_literal(name, value)} as "{name}"' for name, value in row.items())


def _literal(name: str, value: object) -> str:
    if value is None:
        return "cast(null as double)"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return f"date '{value}'"
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float | Decimal):
        return f"cast({float(value)!r} as double)"
    raise MeasureError(f"measure {name} is neither a number nor a date")
