"""What LCS holds, drop by drop: rows that appear, change and vanish.

Belongs here: the ledger of one object, cells whose value is amended later, and how a value is written as
text. Does not belong here: what the rows say.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from warehouse_sample.timeline import NEVER

PLAIN_DATES = frozenset(
    {
        "miss_missing_episode_start_date",
        "miss_missing_episode_end_date",
        "clai_immunisations_status_date",
        "csdq_sdq_completed_date",
    }
)
"""Columns whose dates are written without a time of day."""

SLASHED_DATES = frozenset(
    {"clar_cla_review_date", "cinv_cin_visit_date", "lega_legal_status_start_date", "cine_referral_date"}
)
"""Columns in which every ninth date is written DD/MM/YYYY."""


@dataclass(frozen=True, slots=True)
class Known:
    """A cell that was amended: (first drop that shows it, value), in the order of the drops."""

    versions: tuple[tuple[int, Any], ...]


def ended(since: int, end: dt.date | None, correction: tuple[int, dt.date] | None = None) -> Known | None:
    """An end date that is empty before the drop `since` and may be corrected in a later one."""
    if end is None or since >= NEVER:
        return None
    versions: list[tuple[int, Any]] = [(0, end)] if since <= 0 else [(0, None), (since, end)]
    if correction:
        versions.append(correction)
    return Known(tuple(versions))


def corrected(value: dt.date, correction: tuple[int, dt.date] | None) -> dt.date | Known:
    """A value that is replaced from the drop of the correction on."""
    return Known(((0, value), correction)) if correction else value


@dataclass(slots=True)
class Ledger:
    """All rows of one object that LCS ever held, with the drops that show them."""

    name: str
    columns: tuple[str, ...]
    cells: list[list[str | None]] = field(default_factory=list)
    since: list[int] = field(default_factory=list)
    until: list[int] = field(default_factory=list)
    amendments: dict[int, list[tuple[int, int, str | None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cells = [[] for _ in self.columns]

    def add(self, shown: tuple[int, int], *values: Any) -> None:
        """Adds a row that the drops from `shown[0]` to the one before `shown[1]` show."""
        since, until = shown
        if since >= until or since >= NEVER:
            return
        row = len(self.since)
        self.since.append(since)
        self.until.append(until)
        for position, (cells, value) in enumerate(zip(self.cells, values, strict=True)):
            if value is None or value.__class__ is str:
                cells.append(value)
                continue
            first = value
            if isinstance(value, Known):
                first = value.versions[0][1]
                for drop, later in value.versions[1:]:
                    change = (position, row, self._text(position, row, later))
                    self.amendments.setdefault(drop, []).append(change)
            cells.append(self._text(position, row, first))

    def first_shown(self, column: str) -> dict[str, int]:
        """The first drop that shows a row, by the row's first value in the column."""
        values = self.cells[self.columns.index(column)]
        shown: dict[str, int] = {}
        for value, since in zip(values, self.since, strict=True):
            if value is not None:
                shown[value] = min(since, shown.get(value, NEVER))
        return shown

    def change(self, shown: tuple[int, int], where: dict[str, str], to: dict[str, Any]) -> None:
        """Changes cells in the drops `shown`, in the rows that hold these texts.

        The changed columns must have had one value in all drops before: a Known cell keeps its own versions.
        """
        positions = {self.columns.index(column): text for column, text in where.items()}
        (first, sought), *others = positions.items()
        for row, text in enumerate(self.cells[first]):
            if text == sought and all(self.cells[position][row] == other for position, other in others):
                self._change(shown, row, to)

    def _change(self, shown: tuple[int, int], row: int, to: dict[str, Any]) -> None:
        since, until = shown
        for column, value in to.items():
            position = self.columns.index(column)
            for drop, text in ((since, self._text(position, row, value)), (until, self.cells[position][row])):
                self.amendments.setdefault(drop, []).append((position, row, text))

    def _text(self, position: int, row: int, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, dt.datetime):
            return value.isoformat(sep=" ", timespec="seconds")
        if isinstance(value, dt.date):
            column = self.columns[position]
            if column in PLAIN_DATES:
                return value.isoformat()
            if column in SLASHED_DATES and row % 9 == 4:
                return f"{value.day:02d}/{value.month:02d}/{value.year}"
            return f"{value.isoformat()} 00:00:00"
        return str(value)


class LedgerReader:
    """Reads a ledger drop after drop. State: the cells as amended up to the drop read last."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._cells = ledger.cells
        self._columns = [
            pl.Series(name, cells, dtype=pl.String)
            for name, cells in zip(ledger.columns, ledger.cells, strict=True)
        ]
        self._since = pl.Series(ledger.since, dtype=pl.Int16)
        self._until = pl.Series(ledger.until, dtype=pl.Int16)

    def read(self, drop: int) -> pl.DataFrame:
        """The rows that the drop shows, all as text. Drops must be read in order, from 0 on."""
        touched = set()
        for position, row, text in self._ledger.amendments.get(drop, ()):
            self._cells[position][row] = text
            touched.add(position)
        for position in touched:
            name = self._ledger.columns[position]
            self._columns[position] = pl.Series(name, self._cells[position], dtype=pl.String)
        shown = (self._since <= drop) & (self._until > drop)
        return pl.DataFrame(self._columns).filter(shown)
