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
    ORPHANED_LINK = "orphaned_link"
    OVERLAPPING_PERIOD = "overlapping_period"
    SEVERAL_ROWS_OF_PERSON = "several_rows_of_person"


@dataclass(frozen=True)
class FileResult:
    """One file of an accepted drop. Rows read are always rows loaded plus rows rejected."""

    object: str
    file: str
    sha256: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
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

    `unread`: a line for each file that fits no contract.
    """

    la_code: str
    extract_month: Month
    faults: list[DropFault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: list[FileResult] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.faults

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
            "files": [asdict(file) for file in self.files],
        }


@dataclass(frozen=True)
class MonthIngest:
    """Every drop of a month, accepted or refused, by authority."""

    extract_month: Month
    drops: list[DropResult]
