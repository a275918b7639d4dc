"""Findings of a month, kept as JSON, also for a month that is not published.

Belongs here: where findings are stored. Does not belong here: their content. `ingest` has the results of the
drops, `rules` how the row rules ended, `raw` and `marts` what the gates found, `difference` how the new release
differs from the last one. No personal value goes in.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.settings import DataFolder
from pipelines.warehouse_file import make_private_folder, write_for_owner

INGEST, RULES, GATE_RAW, GATE_MARTS, DIFFERENCE = "ingest", "rules", "raw", "marts", "difference"


def write_findings(folder: DataFolder, month: Month, name: str, content: Any) -> None:
    """Replaces the findings of a step and removes those of later steps, which an earlier run left."""
    order = (INGEST, RULES, GATE_RAW, GATE_MARTS, DIFFERENCE)
    for later in order[order.index(name) + 1 :]:
        _file(folder, month, later).unlink(missing_ok=True)
    write_findings_file(
        folder, _file(folder, month, name), json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    )


def write_findings_file(folder: DataFolder, path: Path, text: str) -> None:
    """Writes a file of a month's findings, for its owner only."""
    for private in (folder.warehouse, folder.findings, path.parent):
        make_private_folder(private)
    write_for_owner(path, text.encode())


def read_findings(folder: DataFolder, month: Month, name: str) -> Any:
    """The findings of a name; None where there are none. Raises BadInputError where the file is damaged."""
    path = _file(folder, month, name)
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        text = f"{month}: the file {path} is damaged: `warehouse run --month {month}` writes it again"
        raise BadInputError(text) from error


@dataclass(frozen=True)
class MonthFindings:
    """All findings of a month, as plain values. Empty for steps that the run did not reach.

    `drops`: what became of each drop. `rules`: how each rule ended, by authority. `gates`: raw before marts.
    `difference`: how the new release differs from the last one; None where none was written.
    """

    month: Month
    drops: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    difference: dict[str, Any] | None = None

    @property
    def waivers_used(self) -> list[dict[str, Any]]:
        """Every waiver that a gate used, with the checks it let pass."""
        return [waiver for gate in self.gates for waiver in gate["waived"]]

    @property
    def rule_health(self) -> list[dict[str, Any]]:
        """For each authority: how many rules ran, were skipped or crashed, and which did not run."""
        return [
            {
                "la_code": authority["la_code"],
                **{outcome: Counter(_outcomes(authority))[outcome] for outcome in ("ran", "skipped", "crashed")},
                "not_run": [
                    {name: rule[name] for name in ("rule", "outcome", "reason")}
                    for rule in authority["rules"]
                    if rule["outcome"] != "ran"
                ],
            }
            for authority in self.rules
        ]


def _outcomes(authority: dict[str, Any]) -> list[str]:
    return [rule["outcome"] for rule in authority["rules"]]


def month_findings(folder: DataFolder, month: Month) -> MonthFindings:
    """The findings of a month."""
    gates = [read_findings(folder, month, stage) for stage in (GATE_RAW, GATE_MARTS)]
    return MonthFindings(
        month,
        read_findings(folder, month, INGEST) or [],
        read_findings(folder, month, RULES) or [],
        [gate for gate in gates if gate is not None],
        read_findings(folder, month, DIFFERENCE),
    )


def _file(folder: DataFolder, month: Month, name: str) -> Path:
    return folder.findings / str(month) / f"{name}.json"
