"""Whether a written release may replace the last one.

Belongs here: which differences are refused, and which a person announced. Neither refusal can be waived: each has
its own announcement, in `data_changes.csv` or with `--correct`. Does not belong here: finding the differences
(`schema`, `difference`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from pipelines.calendar import Month
from pipelines.publish.corrections import Corrections
from pipelines.publish.data_changes import Announcement, new_announcements
from pipelines.publish.difference import ChangedFigures, TableDifference, changed_figures, table_differences
from pipelines.publish.published import Release
from pipelines.publish.release_manifest import DamagedReleaseError
from pipelines.publish.schema import SchemaChange, schema_changes
from pipelines.publish.way_back import Partition
from pipelines.table_register import TableEntry


@dataclass(frozen=True)
class ReleaseComparison:
    """A written release compared with the last one, and which differences were announced."""

    month: Month
    corrections: Corrections
    last: str | None = None
    schema: Sequence[SchemaChange] = ()
    tables: Sequence[TableDifference] = ()
    figures: Sequence[ChangedFigures] = ()
    announced: Sequence[Announcement] = ()

    def refusal_lines(self, way_back: Callable[[Partition], str] = lambda _: "") -> list[str]:
        """One line per change that was not announced, with what to do. None: the release may be published.

        `way_back`: how to have the published figures of an authority and month again.
        """
        unannounced = [change for change in self.schema if not self._is_announced(change)]
        uncorrected = [
            figures
            for figures in self.figures
            if figures.month not in self.corrections.months and figures.late_list is None
        ]
        command = _command({figures.month for figures in uncorrected})
        return [
            *(
                f"{self.month}: {change.file}: {change.what}. Announce it to "
                f"people who read the table: add to pipelines/publish/data_changes.csv: {change.announcement}"
                for change in unannounced
            ),
            *(
                ". ".join(
                    part
                    for part in (
                        f"{self.month}: {figures.sentence}",
                        way_back((figures.la_code, figures.month)),
                        f"If that month was corrected: {command}",
                    )
                    if part
                )
                for figures in uncorrected
            ),
        ]

    def to_json(self) -> dict[str, Any]:
        """Everything, as plain values: `restricted/quality/difference.json`."""
        return {
            "month": str(self.month),
            "compared_with": self.last,
            "refuses": bool(self.refusal_lines()),
            "schema": [
                {**asdict(change), "what": change.what, "is_announced": self._is_announced(change)}
                for change in self.schema
            ],
            "figures": [
                {
                    **asdict(figures),
                    "month": str(figures.month),
                    "reason": figures.late_list
                    or (self.corrections.reason if figures.month in self.corrections.months else None),
                }
                for figures in self.figures
            ],
            "tables": [asdict(table) for table in self.tables],
        }

    def summary(self) -> dict[str, Any]:
        """What the manifest says about the comparison."""
        changed = [table for table in self.tables if table.changed]
        return {
            "compared_with": self.last,
            "schema_changes": len(self.schema),
            "tables_changed_in_earlier_months": [table.file for table in changed],
            "rows_gone": sum(month.gone for table in changed for month in table.changed),
            "rows_new": sum(month.new for table in changed for month in table.changed),
            "figures_corrected": sum(figures.count for figures in self.figures),
        }

    def corrections_made(self) -> list[dict[str, Any]]:
        """Every announced correction, with the number of the month's figures that changed."""
        return [
            {
                "month": str(month),
                "reason": self.corrections.reason,
                "corrected_by": self.corrections.corrected_by,
                "figures": sum(
                    figures.count
                    for figures in self.figures
                    if figures.month == month and figures.late_list is None
                ),
            }
            for month in self.corrections.months
        ] + [
            {
                "month": str(figures.month),
                "reason": figures.late_list,
                "corrected_by": "",
                "figures": figures.count,
            }
            for figures in self.figures
            if figures.late_list is not None
        ]

    def _is_announced(self, change: SchemaChange) -> bool:
        return any(announcement.covers(change) for announcement in self.announced)


def compare(
    last: Release | None,
    written: Release,
    announced: Iterable[Announcement],
    corrections: Corrections,
    described: Mapping[str, TableEntry],
) -> ReleaseComparison:
    """A written release compared with the last one. Before the first there is nothing to compare with.

    `described` has every table of the written release, by name. Raises BadInputError if a file of the last release
    is missing, DamagedReleaseError if one cannot be read.
    """
    month = Month.parse(written.manifest["extract_month"])
    if last is None:
        return ReleaseComparison(month, corrections)
    try:
        tables, figures = (
            table_differences(last, written, described),
            changed_figures(last, written, corrections.late_lists),
        )
    except duckdb.Error as error:
        fault = "a table cannot be read. Restore its files, or go back to another: warehouse rollback RELEASE_ID"
        raise DamagedReleaseError(last.path, fault) from error
    return ReleaseComparison(
        month,
        corrections,
        last.id,
        schema_changes(last.manifest["tables"], written.manifest["tables"]),
        tables,
        figures,
        new_announcements(announced, last.manifest.get("data_changes", ())),
    )


def _command(months: Iterable[Month]) -> str:
    """One command that runs the months again: run one by one, each would be refused because of the others."""
    ordered = sorted(months)
    if not ordered:
        return ""
    of = f"--month {ordered[0]}" if len(ordered) == 1 else f"--from {ordered[0]} --to {ordered[-1]}"
    return f"warehouse run {of} {' '.join(f'--correct {month}' for month in ordered)} --reason TEXT"
