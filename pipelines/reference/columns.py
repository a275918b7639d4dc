"""What a cell of a reference file may hold, by the type of its column.

Belongs here: one function per type that turns text into a value, and the words that are known. It never quotes a
cell: a file that was put here by mistake may hold a person.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from pipelines.calendar import Month
from pipelines.contracts import code_sets, contracts
from pipelines.errors import UsageError
from pipelines.reference.authorities import authorities
from pipelines.seeds import BREAKDOWNS, header_map, seed_rows
from pipelines.settings import HEADER_MAPS

Value = str | int | float | dt.date
YEARS = range(1900, 2101)
LARGEST_COUNT = 10**8
LONGEST_TEXT = 500
LONGEST_POSTCODE = 7


class CellError(ValueError):
    """The cell does not fit its column. The message says what fits."""


@dataclass(frozen=True)
class _Type:
    sql: str
    read: Callable[[str], Value]


def read_cell(kind: str, text: str, row: Mapping[str, str]) -> Value:
    """The value of a cell. `row`: the texts of its row. Raises CellError, with the nearest known word."""
    if kind in _KNOWN:
        _refuse_unknown(kind, text, row)
    value = TYPES[kind].read(text)
    if kind == "target" and _unit_of(row["indicator_id"]) == "percentage" and not _is_percentage(value):
        raise CellError("the indicator is a percentage: write a number from 1 to 100 (85 for 85 %), or 0")
    return value


def _is_percentage(value: Value) -> bool:
    """Whether a person means per cent by it: 0.85 is a share."""
    return isinstance(value, float) and (value == 0 or 1 <= value <= 100)


def _refuse_unknown(kind: str, text: str, row: Mapping[str, str]) -> None:
    name, words = _KNOWN[kind]
    known = words(row)
    if known is not None and text not in known:
        # of codes of three digits the nearest is another authority: only a name tells which one is meant
        near = (
            [code for code, called in authorities().items() if called.lower() == text.lower()]
            if kind in ("area", "authority", "neighbour")
            else get_close_matches(text, known, n=1, cutoff=0.6)
        )
        raise CellError(f"{name}{f'; did you mean {near[0]}?' if near else ''}")


@cache
def _seed(name: str, column: str) -> frozenset[str]:
    return frozenset(row[column] for row in seed_rows(name))


@cache
def _unit_of(indicator_id: str) -> str | None:
    units = {row["indicator_id"]: row["unit"] for row in seed_rows("indicator_register")}
    return units.get(indicator_id)


OUTSIDE_ENGLAND = {"WAL": "Wales", "SCO": "Scotland", "NIR": "Northern Ireland"}
"""The codes of placements outside England, which have no code of an authority."""


@cache
def _areas() -> frozenset[str]:
    return frozenset(authorities()) | OUTSIDE_ENGLAND.keys()


def _columns_of(row: Mapping[str, str]) -> Collection[str]:
    known = contracts().get(row["object"])
    return [column.name for column in known.columns] if known else []


def _codes_of(row: Mapping[str, str]) -> Collection[str] | None:
    """The codes of the column that the row names; None for a column without a code set, or with an open one."""
    known = contracts().get(row["object"])
    code_sets_of = {column.name: column.code_set for column in known.columns} if known else {}
    code_set = code_sets_of.get(row["column"])
    return code_sets()[code_set].codes if code_set and not code_sets()[code_set].is_open else None


IGNORED = "ignored"


def _maps() -> Collection[str]:
    return {path.stem for path in HEADER_MAPS.glob("*.csv")} - {BREAKDOWNS}


def _published(row: Mapping[str, str], wanted: str) -> Collection[str]:
    """The words of a column of a header map, or of the breakdowns where the row names no layout."""
    layout = row.get("layout", BREAKDOWNS)
    known = header_map(layout) if layout == BREAKDOWNS or layout in _maps() else []
    of_row = [entry for entry in known if all(entry[name] == row[name] for name in _BEFORE[wanted])]
    return {entry[wanted].removeprefix("{family} ") for entry in of_row} | (
        {IGNORED} if wanted == "column" and layout != BREAKDOWNS else set()
    )


_BEFORE = {"dataset": (), "column": ("dataset",), "breakdown": ("dataset", "column")}
_KNOWN: Mapping[str, tuple[str, Callable[[Mapping[str, str]], Collection[str] | None]]] = {
    "area": (
        "not the code of an English authority (three digits, such as 888), nor WAL, SCO or NIR",
        lambda _: _areas(),
    ),
    "authority": ("not the code of an English authority (three digits, such as 888)", lambda _: authorities()),
    "code": ("not a code of this column", _codes_of),
    "breakdown": ("not a breakdown of this column", lambda row: _published(row, "breakdown")),
    "column": ("not a column of this object", _columns_of),
    "dataset": ("not a dataset of published files", lambda row: _published(row, "dataset")),
    "indicator": (
        "not an indicator: `warehouse explain` lists them",
        lambda _: _seed("indicator_register", "indicator_id"),
    ),
    "layout": ("not a layout with a header map", lambda _: _maps()),
    "neighbour": (
        "not the code of another English authority (three digits, such as 888)",
        lambda row: authorities().keys() - {row["la_code"]},
    ),
    "object": ("not an object of a drop", lambda _: contracts()),
    "object_or_all": ("not an object of a drop, nor the word all", lambda _: [*contracts(), "all"]),
    "parameter": (
        "not a number of a definition: `warehouse explain INDICATOR_ID` lists them",
        lambda _: _seed("shipped_indicator_parameter", "parameter"),
    ),
    "published_column": ("not a column of this dataset", lambda row: _published(row, "column")),
}
"""What is said of a word that is not known, and the words that are (None: any). Some depend on another cell."""


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise CellError(f"a text may have up to {LONGEST_TEXT} characters")
    return text


def _whole(text: str, allowed: range, what: str) -> int:
    # more digits than any allowed number has would also take time
    digits = text.replace(",", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 12 and int(digits) in allowed):
        raise CellError(what)
    return int(digits)


def _count(text: str) -> int:
    return _whole(
        text,
        range(1, LARGEST_COUNT),
        f"write a whole number, above 0 and below {LARGEST_COUNT:,}, without decimals",
    )


def _year(text: str) -> int:
    return _whole(text, YEARS, f"write a year from {YEARS[0]} to {YEARS[-1]}")


def _rank(text: str) -> int:
    return _whole(text, range(1, 1000), "write a whole number from 1")


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", ""))
    except ValueError as fault:
        raise CellError("write a number, such as 85 or 2.5") from fault
    if not math.isfinite(number):
        raise CellError("write a number, such as 85 or 2.5")
    return number


def _tolerance(text: str) -> float:
    tolerance = _number(text)
    if tolerance < 0:
        raise CellError("write 0 or a number above it: the points between the target and the end of amber")
    return tolerance


def _target(text: str) -> float:
    target = _number(text.removesuffix("%").rstrip())
    if target < 0:
        raise CellError("write 0 or a number above it, in the unit of the figure")
    return target


def _month(text: str) -> dt.date:
    """The last day of the month."""
    try:
        month = Month.parse(text[:7]) if len(text) == 7 else _month_of(dt.date.fromisoformat(text))
    except (UsageError, ValueError) as fault:
        raise CellError("write the month as YYYY-MM, such as 2025-04") from fault
    return month.end


def _month_of(day: dt.date) -> Month:
    return Month(day.year, day.month)


def _day(text: str) -> dt.date:
    try:
        if "/" in text:
            return dt.datetime.strptime(text, "%d/%m/%Y").date()
        return dt.date.fromisoformat(text)
    except ValueError as fault:
        raise CellError("write the day as YYYY-MM-DD, such as 2025-05-01") from fault


def _reach(text: str) -> str:
    """A day, a number of months, or `all`."""
    words = text.lower()
    months = words.removesuffix("months").strip()
    if words == "all":
        return words
    if months.isascii() and months.isdecimal() and 0 < int(months[:6]) < 1200:
        return str(int(months))
    try:
        return str(_day(text))
    except CellError as fault:
        raise CellError("write the first day as YYYY-MM-DD, a window as a number of months, or all") from fault


def _postcode(text: str) -> str:
    """In capitals, without blanks."""
    start = postcode_letters(text)
    if not (2 <= len(start) <= LONGEST_POSTCODE and start[0].isalpha()):
        raise CellError("write a postcode or its beginning, such as BB11 or BB11 3EQ")
    return start


def postcode_letters(text: str) -> str:
    """The capitals and digits of a postcode."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _events(text: str) -> str:
    if text.lower() not in ("every", "latest"):
        raise CellError("write every or latest")
    return text.lower()


TYPES: Mapping[str, _Type] = {
    **dict.fromkeys(_KNOWN, _Type("varchar", str)),
    "count": _Type("bigint", _count),
    "day": _Type("date", _day),
    "events": _Type("varchar", _events),
    "month": _Type("date", _month),
    "number": _Type("double", _number),
    "postcode": _Type("varchar", _postcode),
    "rank": _Type("integer", _rank),
    "reach": _Type("varchar", _reach),
    "target": _Type("double", _target),
    "text": _Type("varchar", _text),
    "tolerance": _Type("double", _tolerance),
    "word": _Type("varchar", lambda text: _text(text).lower()),
    "year": _Type("integer", _year),
}
