"""Reading the suites: `expectations/<stage>/<suite>.json`, and beside it `<suite>.sql` where it measures.

Belongs here: what a suite looks like and every fault that can be seen without running it. A fault never
raises and never hides the suite: it stays with the suite as one readable line, and the gate counts the suite
as errored. Does not belong here: running anything.

A check looks at the rows of its table (`"on": "rows"`, restricted to the authority and the month), or at the
suite's measures (`"on": "measures"`): the one row of numbers and dates that `<suite>.sql` gives for the
authority and the month. A measure that is null says that there is too little to judge by. A column
`<measure>_detail` may say in words what was found; like every measure it holds no personal value.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.settings import EXPECTATIONS

STAGES = ("raw", "marts")
SEVERITIES = ("critical", "warning")
PLACES = ("rows", "measures")
SHARED_SQL = "_shared.sql"
_TABLE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_NAME = re.compile(r"[a-z0-9_]+")
_TEXTS = ("type", "observes", "why")
_FIELDS = {"name", "on", "type", "kwargs", "severity", "observes", "why"}


@dataclass(frozen=True)
class Check:
    """One expectation: what it observes in words, how bad a failure is, and the reason of its threshold."""

    name: str
    on: str
    type: str
    kwargs: Mapping[str, Any]
    severity: str
    observes: str
    why: str


@dataclass(frozen=True)
class Suite:
    """All checks on one table. `fault` is set when the file cannot be used: then there are no checks.

    `event_date` is the column by which the table's newest event is told, where it has one.
    """

    name: str
    stage: str
    table: str
    checks: tuple[Check, ...] = ()
    measures_sql: str | None = None
    shared_sql: str = ""
    event_date: str | None = None
    fault: str | None = None


class _SuiteFaultError(Exception):
    """What is wrong with a suite's file, in words."""


def load_suites(stage: str) -> list[Suite]:
    """Every suite of a stage by name, the faulty ones too."""
    return [_load(path, stage) for path in sorted((EXPECTATIONS / stage).glob("*.json"))]


def suite_tables(stage: str) -> dict[str, str]:
    """Suite name to the table it speaks of; reads files only, so it is cheap at definition time."""
    return {suite.name: suite.table for suite in load_suites(stage)}


def known_names() -> list[str]:
    """Every name that a waiver may bear: suites, and `suite/check`."""
    suites = [suite for stage in STAGES for suite in load_suites(stage)]
    return [
        name
        for suite in suites
        for name in (suite.name, *(f"{suite.name}/{check.name}" for check in suite.checks))
    ]


def _load(path: Path, stage: str) -> Suite:
    name, where = path.stem, f"{path.parent.name}/{path.name}"
    # a suite whose file says nothing usable is still listed, under the table that its name suggests
    table = f"{stage}.{name}"
    try:
        content = _read_json(path)
        table = _table(content)
        checks = _checks(content)
        measures_sql = _read_text(path.with_suffix(".sql"))
        if measures_sql is None and any(check.on == "measures" for check in checks):
            raise _SuiteFaultError(f"a check looks at measures, but there is no {name}.sql beside it")
        shared_sql = _read_text(path.with_name(SHARED_SQL)) or ""
        event_date = _event_date(content)
    except _SuiteFaultError as fault:
        return Suite(name, stage, table, fault=f"expectations/{where}: {fault}")
    return Suite(name, stage, table, checks, measures_sql, shared_sql, event_date)


def _read_text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else None
    except (OSError, UnicodeDecodeError) as error:
        raise _SuiteFaultError(f"{path.name} cannot be read: {type(error).__name__}") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(_read_text(path) or "")
    except json.JSONDecodeError as error:
        raise _SuiteFaultError(f"not JSON, line {error.lineno} column {error.colno}: {error.msg}") from error
    if not isinstance(content, dict):
        raise _SuiteFaultError("not a JSON object")
    return content


def _table(content: dict[str, Any]) -> str:
    table = content.get("table")
    if not isinstance(table, str) or not _TABLE.fullmatch(table):
        raise _SuiteFaultError("'table' must be given as schema.table")
    return table


def _event_date(content: dict[str, Any]) -> str | None:
    column = content.get("event_date")
    if column is not None and not (isinstance(column, str) and _NAME.fullmatch(column)):
        raise _SuiteFaultError("'event_date' must be the name of a column")
    return column


def _checks(content: dict[str, Any]) -> tuple[Check, ...]:
    entries = content.get("expectations")
    if not isinstance(entries, list) or not entries:
        raise _SuiteFaultError("'expectations' must be a list with at least one check")
    checks = tuple(_check(entry, number) for number, entry in enumerate(entries, start=1))
    names = [check.name for check in checks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _SuiteFaultError(f"check {twice[0]} occurs more than once")
    return checks


def _check(entry: object, number: int) -> Check:
    if not isinstance(entry, dict):
        raise _SuiteFaultError(f"check number {number} is not a JSON object")
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _SuiteFaultError(f"check number {number} has no name of small letters, digits and underscores")
    unknown = sorted(set(entry) - _FIELDS)
    if unknown:
        raise _SuiteFaultError(
            f"check {name}: unknown field '{unknown[0]}' (there are {', '.join(sorted(_FIELDS))})"
        )
    for text in _TEXTS:
        if not isinstance(entry.get(text), str) or not entry[text].strip():
            raise _SuiteFaultError(f"check {name}: '{text}' is missing")
    if entry.get("severity") not in SEVERITIES:
        raise _SuiteFaultError(f"check {name}: severity must be one of {', '.join(SEVERITIES)}")
    if entry.get("on", "rows") not in PLACES:
        raise _SuiteFaultError(f"check {name}: 'on' must be one of {', '.join(PLACES)}")
    kwargs = entry.get("kwargs", {})
    if not isinstance(kwargs, dict):
        raise _SuiteFaultError(f"check {name}: 'kwargs' must be a JSON object")
    return Check(
        name,
        entry.get("on", "rows"),
        entry["type"],
        kwargs,
        entry["severity"],
        entry["observes"],
        entry["why"],
    )
