"""Reading the suites: `expectations/<stage>/<suite>.json`, and what several of them share in `shared/`.

Belongs here: what a suite looks like and every fault that can be seen without running it. A fault never
raises and never hides the suite: it stays with the suite as one readable line, and the gate counts the suite
as errored. Does not belong here: running anything.

A check looks at the rows of its table (`"on": "rows"`, restricted to the authority and the month), or at a
measure (`"on": "measures"`): a column of the one row of numbers and dates that a query gives for the authority
and the month. A measure that is null says that there is too little to judge by. A column `<measure>_detail` may
say in words what was found; like every measure it holds no personal value.

The query is `<suite>.sql`, or `shared/<measured_by>.sql` for the checks of `shared/checks.json`, which a suite
takes over by name under `uses`. An entry of `uses` may also be an object: the name, and what is otherwise here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.settings import EXPECTATIONS

STAGES = ("raw", "marts")
SEVERITIES = ("critical", "warning")
PLACES = ("rows", "measures")
SHARED = "shared"
SHARED_CHECKS = "checks.json"
SHARED_STEPS = "steps.sql"
_TABLE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_NAME = re.compile(r"[a-z0-9_]+")
_TEXTS = ("type", "observes", "why")
_FIELDS = {"name", "on", "type", "kwargs", "severity", "observes", "why"}
_WORDS = {"event_date", "team", "rows"}
_SUITE_FIELDS = {"table", "notes", "uses", "expectations", *_WORDS}


@dataclass(frozen=True)
class Check:
    """One expectation: what it observes in words, how bad a failure is, and the reason of its threshold.

    `measured_by` names the shared measure that it looks at, where that is not the suite's own.
    """

    name: str
    on: str
    type: str
    kwargs: Mapping[str, Any]
    severity: str
    observes: str
    why: str
    measured_by: str | None = None


@dataclass(frozen=True)
class Suite:
    """All checks on one table. `fault` is set when the file cannot be used: then there are no checks.

    `measures`: the queries by name, the shared ones first. `steps`: what they all may read. `words`: what it has
    for placeholders: `event_date`, the column by which the table's newest event is told; `team`, the column with
    the team of a record; `rows`, what a row is to people.
    """

    name: str
    stage: str
    table: str
    checks: tuple[Check, ...] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
    steps: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
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
        _has_only(content, _SUITE_FIELDS, "")
        checks = _checks(content, path.with_name(SHARED))
        measures = _measures(checks, path)
        steps = _read_text(path.with_name(SHARED) / SHARED_STEPS) or ""
        words = _words(content)
    except _SuiteFaultError as fault:
        return Suite(name, stage, table, fault=f"expectations/{where}: {fault}")
    return Suite(name, stage, table, checks, measures, steps, words)


def _measures(checks: tuple[Check, ...], path: Path) -> dict[str, str]:
    """The queries that the checks look at, by name: the shared ones, then the suite's own."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(check.measured_by for check in checks if check.measured_by):
        sql = _read_text(path.with_name(SHARED) / f"{name}.sql")
        if sql is None:
            raise _SuiteFaultError(f"there is no {SHARED}/{name}.sql")
        found[name] = sql
    own = _read_text(path.with_suffix(".sql"))
    if own is not None:
        found[path.stem] = own
    elif any(check.on == "measures" and not check.measured_by for check in checks):
        raise _SuiteFaultError(f"a check looks at measures, but there is no {path.stem}.sql beside it")
    return found


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


def _words(content: dict[str, Any]) -> dict[str, str]:
    """What the suite has for placeholders. They go into SQL: nothing but a name."""
    found = {word: content[word] for word in sorted(_WORDS & set(content))}
    for word, given in found.items():
        if not (isinstance(given, str) and _NAME.fullmatch(given)):
            raise _SuiteFaultError(f"'{word}' must be a name of small letters, digits and underscores")
    return found


def _has_only(entry: Mapping[str, Any], fields: set[str], what: str) -> None:
    unknown = sorted(set(entry) - fields)
    if unknown:
        raise _SuiteFaultError(f"{what}unknown field '{unknown[0]}' (there are {', '.join(sorted(fields))})")


def _checks(content: dict[str, Any], shared: Path) -> tuple[Check, ...]:
    used, own = content.get("uses", []), content.get("expectations", [])
    if not isinstance(used, list) or not isinstance(own, list) or not (used or own):
        raise _SuiteFaultError("'uses' and 'expectations' must be lists, with at least one check in them")
    checks = (
        *(_shared_checks(used, shared) if used else ()),
        *(_check(entry, number) for number, entry in enumerate(own, start=1)),
    )
    names = [check.name for check in checks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _SuiteFaultError(f"check {twice[0]} occurs more than once")
    return checks


def _shared_checks(used: list[Any], shared: Path) -> list[Check]:
    """The shared checks that a suite takes over, with what it has otherwise."""
    path = shared / SHARED_CHECKS
    try:
        known = _read_json(path)
    except _SuiteFaultError as fault:
        raise _SuiteFaultError(f"{SHARED}/{SHARED_CHECKS}: {fault}") from fault
    checks = []
    for number, entry in enumerate(used, start=1):
        own = {"name": entry} if isinstance(entry, str) else entry
        if not isinstance(own, dict) or own.get("name") not in known:
            raise _SuiteFaultError(f"number {number} of 'uses' is no check of {SHARED}/{SHARED_CHECKS}")
        told = known[own["name"]]
        if not isinstance(told, dict) or not isinstance(told.get("measured_by"), str):
            raise _SuiteFaultError(f"{SHARED}/{SHARED_CHECKS}: {own['name']} has no 'measured_by'")
        whole = {name: value for name, value in told.items() if name != "measured_by"} | {"on": "measures"} | own
        checks.append(_check(whole, number, told["measured_by"]))
    return checks


def _check(entry: object, number: int, measured_by: str | None = None) -> Check:
    if not isinstance(entry, dict):
        raise _SuiteFaultError(f"check number {number} is not a JSON object")
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _SuiteFaultError(f"check number {number} has no name of small letters, digits and underscores")
    _has_only(entry, _FIELDS, f"check {name}: ")
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
    on = entry.get("on", "rows")
    if on == "measures" and not isinstance(kwargs.get("column"), str):
        raise _SuiteFaultError(f"check {name}: a check on measures names its 'column' in 'kwargs'")
    return Check(name, on, entry["type"], kwargs, entry["severity"], entry["observes"], entry["why"], measured_by)
