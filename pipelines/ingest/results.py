"""What became of a month's drops, and the closed list of rules. No behaviour."""

from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.calendar import Month


class Reject(StrEnum):
    """Why a row is kept out, in the order in which a row is judged; a row has one reason."""

    WRONG_NUMBER_OF_FIELDS = "wrong_number_of_fields"
    VALUE_DOES_NOT_FIT_TYPE = "value_does_not_fit_type"
    PRIMARY_KEY_MISSING = "primary_key_missing"
    PRIMARY_KEY_DUPLICATED = "primary_key_duplicated"
    PERSON_NOT_IN_SSD_PERSON = "person_not_in_ssd_person"
    END_BEFORE_START = "end_before_start"


class Issue(StrEnum):
    """Why a row that is loaded is flagged; a row can have several."""

    CODE_OUTSIDE_CODE_SET = "code_outside_code_set"
    DATE_IN_FUTURE = "date_in_future"
    VALUE_MISSING = "value_missing"
    ORPHANED_LINK = "orphaned_link"
    OVERLAPPING_PERIOD = "overlapping_period"
    SEVERAL_ROWS_OF_PERSON = "several_rows_of_person"


@dataclass(frozen=True)
class FileResult:
    """One file of an accepted drop. Rows read are rows loaded and rows rejected, always."""

    object: str
    file: str
    sha256: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_loaded + self.rows_rejected:
            raise AssertionError(
                f"{self.file}: {self.rows_read} rows read, but {self.rows_loaded} loaded "
                f"and {self.rows_rejected} rejected"
            )


@dataclass(frozen=True)
class DropResult:
    """One authority's drop of a month. `faults` are the lines of a refusal, empty when it was accepted."""

    la_code: str
    extract_month: Month
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: list[FileResult] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.faults

    @property
    def reason(self) -> str:
        """All faults in one line; empty when the drop was accepted."""
        return "; ".join(self.faults)


@dataclass(frozen=True)
class MonthIngest:
    """Every drop of a month, accepted or refused, by authority."""

    extract_month: Month
    drops: list[DropResult]
