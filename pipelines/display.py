"""What the command shows: progress on a terminal, plain lines elsewhere, and tables of figures.

Numbers come from a release; nothing is calculated here.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import duckdb
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from pipelines.calendar import Month
from pipelines.publish import DamagedReleaseError, Release, marks
from pipelines.release_layout import parquet_of
from pipelines.table_register import OPEN

WIDTH_WITHOUT_TERMINAL = 120


def _console(file: TextIO | None) -> Console:
    is_terminal = file is not None and file.isatty()
    return Console(file=file, highlight=False, markup=False, width=None if is_terminal else WIDTH_WITHOUT_TERMINAL)


OUT = _console(sys.__stdout__)
ERR = _console(sys.__stderr__)

SUMMARY_INDICATORS = (
    "cin_plans_open",
    "cin_plans_open_rate",
    "cp_plans_open",
    "cp_plans_open_rate",
    "children_looked_after",
    "children_looked_after_rate",
)


class PlainDisplay:
    """Prints lines and warnings, and nothing for a stage."""

    def stage(self, name: str) -> None: ...

    def line(self, text: str) -> None:
        OUT.print(text, soft_wrap=True)

    def warning(self, text: str) -> None:
        ERR.print(f"warning: {text}", soft_wrap=True)


class TerminalDisplay:
    """Shows a bar over the months, with the stage in work."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar = bar
        self._task = task

    def stage(self, name: str) -> None:
        self._bar.update(self._task, stage=name)

    def line(self, text: str) -> None:
        self._bar.console.print(text)
        if text.startswith("published"):
            self._bar.advance(self._task)

    def warning(self, text: str) -> None:
        self._bar.console.print(f"warning: {text}", style="yellow")


@contextmanager
def progress_display(months: int) -> Iterator[PlainDisplay | TerminalDisplay]:
    """The display that fits where standard output goes."""
    if not OUT.is_terminal:
        yield PlainDisplay()
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.fields[stage]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("months"),
        TimeElapsedColumn(),
        console=OUT,
        transient=True,
    )
    with bar:
        yield TerminalDisplay(bar, bar.add_task("months", total=months, stage="start"))


def run_summary(release: Release, months: list[Month]) -> Table:
    """Rows and main figures of the months, as the release has them for people outside the service."""
    rows = _rows_by_month(release)
    figures = _figures(release)
    table = Table(title="As reported, whole authority")
    for heading in ("authority", "month", "rows read", "loaded", "rejected"):
        table.add_column(heading, justify="left" if heading in {"authority", "month"} else "right")
    for heading in ("in need", "rate", "on CP plans", "rate", "looked after", "rate"):
        table.add_column(heading, justify="right")
    for (la_code, month), counts in sorted(rows.items()):
        if month in {str(asked) for asked in months}:
            cells = [figures.get((la_code, month, indicator), "-") for indicator in SUMMARY_INDICATORS]
            table.add_row(la_code, month, *(f"{count:,}" for count in counts), *cells)
    return table


def releases_table(
    known: Sequence[Release], current: Release | None, damaged: Sequence[DamagedReleaseError] = ()
) -> Table:
    """The releases, oldest first, with their size on disk and why each stays; then the damaged ones."""
    marked = marks(known, current)
    table = Table()
    for heading in ("release", "month", "created", "MB", "marks"):
        table.add_column(heading, justify="right" if heading == "MB" else "left", no_wrap=heading != "marks")
    for release in known:
        described = (release.id, release.manifest["extract_month"], release.manifest["created_at"])
        version = ["earlier version"] if release.is_of_earlier_version else []
        table.add_row(*described, _megabytes(release.path), ", ".join([*marked[release.id], *version]))
    for unreadable in damaged:
        table.add_row(unreadable.id, "", "", _megabytes(unreadable.path), f"damaged: {unreadable.fault}")
    return table


def _megabytes(folder: Path) -> str:
    files = (path for path in folder.rglob("*") if not path.is_symlink() and path.is_file())
    return f"{sum(path.stat().st_size for path in files) / 1e6:,.1f}"


def _rows_by_month(release: Release) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {
        (drop["la_code"], drop["extract_month"]): (
            sum(file["rows_read"] for file in drop["files"]),
            sum(file["rows_loaded"] for file in drop["files"]),
            sum(file["rows_rejected"] for file in drop["files"]),
        )
        for drop in release.manifest["drops"]
        if drop["accepted"]
    }


def _figures(release: Release) -> dict[tuple[str, str, str], str]:
    files = parquet_of(release.path / OPEN, "mart_indicator_monthly")
    rows = duckdb.execute(
        """
        select
            la_code,
            strftime(month, '%Y-%m'),
            indicator_id,
            case
                when status = 'suppressed' then 'small'
                when value is null then '-'
                when unit = 'number' then format('{:,}', cast(value as bigint))
                else format('{:.1f}', round(value, 1))
            end
        from read_parquet(?, hive_partitioning = false)
        where area_type = 'authority' and basis = 'as_reported' and list_contains(?, indicator_id)
        """,
        [files, list(SUMMARY_INDICATORS)],
    ).fetchall()
    return {(la_code, month, indicator): text for la_code, month, indicator, text in rows}
