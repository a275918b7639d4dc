"""The tables of a release for a test, whichever files they are in."""

from pathlib import Path

import polars as pl

from pipelines.release_layout import parquet_of, sql_of


def frame(room: Path, table: str) -> pl.DataFrame:
    """The rows of a table in `open/` or `restricted/`, as polars reads them."""
    return pl.read_parquet(parquet_of(room, table), hive_partitioning=False)


class Tables:
    """SQL for each table of a folder of a release: `'from {open[mart_eet_plan]}'.format(open=Tables(room))`."""

    def __init__(self, room: Path) -> None:
        self._room = room

    def __getitem__(self, table: str) -> str:
        sql = sql_of(self._room, table)
        assert sql, f"{self._room} has no table {table}"
        return sql
