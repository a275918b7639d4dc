"""An alert: its text for people and its fields for machines."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.file_names import printable


class Kind(StrEnum):
    """Why an alert is sent."""

    REFUSED = "refused"
    FAILED = "failed"
    RECOVERED = "recovered"
    STALE = "stale"
    FRESH = "fresh"


@dataclass(frozen=True)
class Alert:
    """One message. `lines` are those the command prints: none of them holds a personal value.

    `month` and `run_id` are empty for what concerns no run.
    """

    kind: Kind
    subject: str
    lines: tuple[str, ...]
    month: str = ""
    run_id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", printable(self.subject).replace("\n", " "))
        object.__setattr__(self, "lines", tuple(printable(line) for line in self.lines))

    @property
    def text(self) -> str:
        """Subject and lines, as a person reads them."""
        return "\n".join([self.subject, "", *self.lines])

    def to_json(self) -> dict[str, object]:
        """Plain values for JSON. `text` is what chat services show; the rest is for machines."""
        return {
            "text": self.text,
            "kind": str(self.kind),
            "subject": self.subject,
            "lines": list(self.lines),
            "month": self.month,
            "run_id": self.run_id,
        }
