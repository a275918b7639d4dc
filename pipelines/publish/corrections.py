"""Corrections: months whose reported figures a person changes on purpose, with the reason.

Belongs here: what a person announced. Does not belong here: what has changed (`difference`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.calendar import Month
from pipelines.errors import UsageError
from pipelines.ingest.list_versions import LateList


@dataclass(frozen=True)
class Corrections:
    """The extract months whose reported figures a run may change, why, and who says so.

    `late_lists`: the figures that need one of these lists may change, too.
    """

    months: tuple[Month, ...] = ()
    reason: str = ""
    corrected_by: str = ""
    late_lists: tuple[LateList, ...] = ()

    @classmethod
    def of_run(cls, months: Sequence[str], reason: str | None, corrected_by: str = "") -> "Corrections":
        """The corrections of a run. Raises UsageError for an invalid month, and for months without a reason."""
        reason = (reason or "").strip()
        if months and not reason:
            raise UsageError("a correction needs a reason: --correct YYYY-MM --reason TEXT")
        return cls(tuple(dict.fromkeys(Month.parse(month) for month in months)), reason, corrected_by)

    def refuse_months_not_run(self, run: Sequence[Month]) -> None:
        """Raises UsageError for a month that is not run: a correction is a new run of its month."""
        for month in self.months:
            if month not in run:
                raise UsageError(f"--correct {month}: {month} is not run; a correction is a new run of its month")
