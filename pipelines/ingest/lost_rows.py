"""Weighs the rejected rows of a file by what they do to a figure: open and recent records, not the file's rows.

Seven rows of nine hundred are few, unless they are all the plans that are open. Belongs here: which rejected rows
may be open at the month end or of its last twelve months, and which children leave the count with them. Does not
belong here: why a row is rejected (`row_checks`), how many stop a month (`expectations/raw/drop_file.json`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.contracts import PERSON_OBJECT, Contract
from pipelines.ingest.drop_results import LostRows


@dataclass(frozen=True)
class SortedRows:
    """Every row of full width of a file in its types, and which are rejected.

    `misfits`: the rows whose value does not fit, by column. `ragged`: how many rows have too many or too few
    fields, so that their dates cannot be read.
    """

    rows: pl.DataFrame
    is_rejected: pl.Series
    misfits: Mapping[str, pl.Series]
    ragged: int

    @property
    def has_rejected(self) -> bool:
        return bool(self.is_rejected.any() or self.ragged)

    def is_in(self, column: str, after: dt.date, last: dt.date) -> pl.Expr:
        """Whether a date is after a day, and not after another one. One that cannot be read may be."""
        is_inside = (pl.col(column) > after) & (pl.col(column) <= last)
        return is_inside.fill_null(value=False) | self._is_unreadable(column)

    def is_open(self, start: str, end: str, day: dt.date) -> pl.Expr:
        """Whether a period is open on a day. One whose dates cannot be read may be."""
        began = self.is_in(start, dt.date.min, day)
        return began & ((pl.col(end) > day).fill_null(value=True) | self._is_unreadable(end))

    def _is_unreadable(self, column: str) -> pl.Expr:
        return pl.lit(self.misfits[column]) if column in self.misfits else pl.lit(value=False)


def lost_rows(contract: Contract, file: SortedRows, month_end: dt.date) -> LostRows:
    """What the rejected rows of a file are among its open and its recent rows."""
    if not file.has_rejected:
        return LostRows()
    if contract.object == PERSON_OBJECT:
        people = file.rows.select(contract.key)
        lost = people.filter(file.is_rejected).join(people.filter(~file.is_rejected), on=contract.key, how="anti")
        return LostRows(children_lost=lost.drop_nulls().n_unique())
    days = contract.period or ((contract.event_day,) if contract.event_day else ())
    has_open = contract.period is not None or contract.one_row_per_person
    if not days and not has_open:
        return LostRows()
    year_before = month_end.replace(year=month_end.year - 1, day=min(month_end.day, 28))
    is_open = file.is_open(*contract.period, month_end) if contract.period else pl.lit(has_open)
    marked = file.rows.select(
        *(pl.col(name).alias(f"key of {name}") for name in contract.key),
        (pl.col(contract.person) if contract.person else pl.lit(None, dtype=pl.String)).alias("child"),
        is_open=is_open,
        is_recent=pl.any_horizontal(
            pl.lit(value=False), *(file.is_in(day, year_before, month_end) for day in days)
        ),
    )
    loaded, rejected = marked.filter(~file.is_rejected), marked.filter(file.is_rejected)
    # the line of dashes that SQL Server's tools write under a header
    rejected = rejected.filter(~pl.col("child").str.contains("^-+$").fill_null(value=False))
    if contract.key:
        rejected = rejected.join(loaded, on=[f"key of {name}" for name in contract.key], how="anti")
    open_loaded, open_lost = loaded.filter("is_open"), rejected.filter("is_open")
    open_ragged = file.ragged if has_open else 0
    recent_lost = rejected.filter("is_recent").height + file.ragged
    return LostRows(
        open_rows=open_loaded.height + open_lost.height + open_ragged,
        open_rows_rejected=open_lost.height + open_ragged,
        recent_rows=loaded.filter("is_recent").height + recent_lost,
        recent_rows_rejected=recent_lost,
        children_lost=open_lost.join(open_loaded, on="child", how="anti")["child"].drop_nulls().n_unique(),
    )
