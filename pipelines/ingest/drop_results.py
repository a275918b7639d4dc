"""The result of a month's ingest, and the closed lists of reasons for it. Makes no decisions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from pipelines.calendar import Month


class Refusal(StrEnum):
    """Why a whole drop is refused."""

    AUTHORITY_UNKNOWN = "authority_unknown"
    OBJECT_DELIVERED_TWICE = "object_delivered_twice"
    OBJECT_MISSING = "object_missing"
    FILE_UNREADABLE = "file_unreadable"
    FILE_EMPTY = "file_empty"
    REQUIRED_COLUMN_MISSING = "required_column_missing"
    COLUMN_IN_DOUBT = "column_in_doubt"


class Reject(StrEnum):
    """Why a row is rejected. The rules are checked in this order; the first that a row breaks is its reason."""

    WRONG_NUMBER_OF_FIELDS = "wrong_number_of_fields"
    VALUE_DOES_NOT_FIT_TYPE = "value_does_not_fit_type"
    PRIMARY_KEY_MISSING = "primary_key_missing"
    PERSON_NOT_IN_SSD_PERSON = "person_not_in_ssd_person"
    END_BEFORE_START = "end_before_start"
    PRIMARY_KEY_DUPLICATED = "primary_key_duplicated"
    """Of rows that no other rule rejects: a faulty row does not take a good one with its key along."""


class Issue(StrEnum):
    """Why a loaded row is flagged; a row can have several flags."""

    CODE_OUTSIDE_CODE_SET = "code_outside_code_set"
    DATE_IN_FUTURE = "date_in_future"
    VALUE_NOT_BELIEVABLE = "value_not_believable"
    VALUE_MISSING = "value_missing"
    TIME_MISSING = "time_missing"
    TEXT_NOT_JSON = "text_not_json"
    JSON_NOT_KNOWN = "json_not_known"
    ORPHANED_LINK = "orphaned_link"
    OVERLAPPING_PERIOD = "overlapping_period"
    SEVERAL_ROWS_OF_PERSON = "several_rows_of_person"


SHARE_TOLD = 0.005
"""Share of open or of recent rows, rejected, that the run tells although no child leaves a count."""


@dataclass(frozen=True)
class LostRows:
    """The rows of a file that are open at the month end or of the last 12 months, and how many are rejected.

    `children_lost`: persons with a rejected open row and no open row that is loaded; of `ssd_person`, all that are
    rejected. A row whose dates cannot be read may be open and recent. A row is not lost if another one with its
    key is loaded.
    """

    open_rows: int = 0
    open_rows_rejected: int = 0
    recent_rows: int = 0
    recent_rows_rejected: int = 0
    children_lost: int = 0

    def words(self) -> str:
        """What is lost, in words: every child that leaves a count, and other rows if they are many; else empty."""
        if self.children_lost and not self.open_rows:
            return f"people who are rejected, and with them all their rows in every file: {self.children_lost:,}"
        parts = []
        if self.children_lost or _is_many(self.open_rows_rejected, self.open_rows):
            parts.append(
                f"rejected of the {self.open_rows:,} rows open at the month end: {self.open_rows_rejected:,}"
            )
        if self.children_lost:
            parts.append(f"children who leave its counts: {self.children_lost:,}")
        if _is_many(self.recent_rows_rejected, self.recent_rows):
            parts.append(
                f"rejected of the {self.recent_rows:,} rows of the last 12 months: {self.recent_rows_rejected:,}"
            )
        return ", ".join(parts)


def _is_many(rejected: int, rows: int) -> bool:
    return rejected > SHARE_TOLD * rows


@dataclass(frozen=True)
class FileResult:
    """One file of an accepted drop. Rows read are always rows loaded plus rows rejected."""

    object: str
    file: str
    sha256: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    lost: LostRows = field(default_factory=LostRows)
    rejected_by_rule: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_loaded + self.rows_rejected:
            raise AssertionError(
                f"{self.file}: {self.rows_read} rows read, but {self.rows_loaded} loaded "
                f"and {self.rows_rejected} rejected"
            )


@dataclass(frozen=True)
class DropFault:
    """Why a drop is refused: the rule, the message, and the file where the fault is in one."""

    rule: Refusal
    line: str
    file: str | None = None

    def __str__(self) -> str:
        return self.line


@dataclass(frozen=True)
class DropResult:
    """One authority's drop of a month. `faults` say why it was refused, empty when it was accepted.

    `unread`: a line for each file that fits no contract. `near_ids`: a line for each column with ids that match no
    row and would in another form.
    """

    la_code: str
    extract_month: Month
    faults: list[DropFault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: list[FileResult] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    near_ids: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.faults

    @property
    def to_look_at(self) -> list[str]:
        """Lines that a person should look at, also where the drop was refused."""
        return [*self.unread, *self.warnings, *self.near_ids]

    @property
    def reason(self) -> str:
        """All faults in one line; empty when the drop was accepted."""
        return "; ".join(map(str, self.faults))

    def to_manifest(self) -> dict[str, Any]:
        """The result as plain values for JSON. Faults are counted by file and rule."""
        by_file = Counter((fault.file, str(fault.rule)) for fault in self.faults)
        return {
            "la_code": self.la_code,
            "extract_month": str(self.extract_month),
            "accepted": self.accepted,
            "reason": self.reason,
            "faults": [{"file": file, "rule": rule, "count": count} for (file, rule), count in by_file.items()],
            "warnings": self.warnings,
            "unread": self.unread,
            "near_ids": self.near_ids,
            "files": [asdict(file) for file in self.files],
        }


@dataclass(frozen=True)
class MonthIngest:
    """Every drop of a month, accepted or refused, by authority."""

    extract_month: Month
    drops: list[DropResult]
