"""The result of one model, seed or test of dbt."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NodeResult:
    """The result of one model, seed or test."""

    name: str
    resource_type: str
    status: str
    seconds: float
    failures: int
    message: str
    """What dbt says about it: may quote a value where it is an error."""
    sql: str = ""
    """The query that was run, as dbt compiled it."""

    @property
    def is_good(self) -> bool:
        return self.status in {"success", "pass", "warn"}
