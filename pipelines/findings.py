"""Findings of a month, kept as JSON, also for a month that is not published.

Belongs here: where findings are stored. Does not belong here: their content. `ingest` has the results of the
drops, `rules` how the row rules ended, `raw` and `marts` what the gates found, `difference` how the new release
differs from the last one. `unread` has lines about files that no run reads. All but these two are lists with an
entry for each authority. No personal value goes in.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.settings import DataFolder
from pipelines.warehouse_file import make_private_folder, write_for_owner

INGEST, RULES, GATE_RAW, GATE_MARTS, DIFFERENCE = "ingest", "rules", "raw", "marts", "difference"
UNREAD = "unread"
COMPARATORS = "comparators.json"
OUTCOMES = ("passed", "warning", "failed", "errored")
"""How a check ended, in the words for people, the best first."""


class _FoundFile(BaseModel):
    rows_rejected: int


class _FoundDelivery(BaseModel):
    la_code: str
    accepted: bool
    reason: str
    files: list[_FoundFile]


class _FoundRule(BaseModel):
    rows_failed: int


class _FoundRules(BaseModel):
    la_code: str
    rules: list[_FoundRule]


class _FoundCheck(BaseModel):
    verdict: str


class _FoundSuite(BaseModel):
    suite: str
    refuses: bool
    checks: list[_FoundCheck]


class _FoundGate(BaseModel):
    stage: str
    refuses: bool
    waived: list[dict[str, Any]]
    suites: list[_FoundSuite]


class _FoundSchemaChange(BaseModel):
    is_announced: bool


class _FoundFigure(BaseModel):
    reason: str | None


class _FoundDifference(BaseModel):
    refuses: bool
    changes: list[_FoundSchemaChange] = Field(alias="schema")
    figures: list[_FoundFigure]


_RELIED_ON: dict[str, TypeAdapter[Any]] = {
    INGEST: TypeAdapter(list[_FoundDelivery]),
    RULES: TypeAdapter(list[_FoundRules]),
    **dict.fromkeys((GATE_RAW, GATE_MARTS), TypeAdapter(list[_FoundGate] | _FoundGate)),
    DIFFERENCE: TypeAdapter(_FoundDifference),
    UNREAD: TypeAdapter(list[str]),
}
"""What readers of findings rely on: a file without it counts as damaged."""


def write_findings(folder: DataFolder, month: Month, name: str, content: Any, only: Collection[str] = ()) -> None:
    """Replaces the findings of a step and removes those of later steps, which an earlier run left.

    `only`: the authorities that the step ran for; findings about others stay. Empty: nothing stays.
    """
    order = (INGEST, RULES, GATE_RAW, GATE_MARTS, DIFFERENCE)
    for later in order[order.index(name) + 1 :]:
        if kept := _of_others(folder, month, later, only):
            _write(folder, month, later, kept)
        else:
            _file(folder, month, later).unlink(missing_ok=True)
    if kept := _of_others(folder, month, name, only):
        content = sorted([*kept, *content], key=_authorities)
    _write(folder, month, name, content)


def note_unread(folder: DataFolder, month: Month, lines: Sequence[str]) -> None:
    """Replaces the lines about files that no run reads. Without lines there is no file."""
    if lines:
        _write(folder, month, UNREAD, lines)
    else:
        _file(folder, month, UNREAD).unlink(missing_ok=True)


def write_comparator_findings(folder: DataFolder, files: Sequence[Mapping[str, str]]) -> None:
    """Replaces what a person has to know of files of published figures: `file`, `outcome` and `reason` of each."""
    text = json.dumps(files, indent=2, ensure_ascii=False) + "\n"
    write_findings_file(folder, folder.findings / COMPARATORS, text)


def comparator_findings(folder: DataFolder) -> list[dict[str, str]]:
    """The files of published figures that are refused, passed over or told about. Raises BadInputError."""
    path = folder.findings / COMPARATORS
    if not path.exists():
        return []
    try:
        return TypeAdapter(list[dict[str, str]]).validate_json(path.read_bytes())
    except ValueError as fault:
        raise BadInputError(f"{path} is damaged: delete it, and the next run writes it again") from fault


def note_withdrawn(folder: DataFolder, month: Month, reasons: Mapping[str, str]) -> None:
    """Adds to the findings about accepted drops why the month is published without them, by authority."""
    drops = [
        drop | ({"withdrawn": reasons[drop["la_code"]]} if drop["la_code"] in reasons else {})
        for drop in _entries(folder, month, INGEST)
    ]
    _write(folder, month, INGEST, drops)


def _of_others(folder: DataFolder, month: Month, name: str, only: Collection[str]) -> list[dict[str, Any]]:
    """The entries about none of these authorities; none of a damaged file. The comparison of releases has none."""
    if not only or name == DIFFERENCE:
        return []
    try:
        entries = _entries(folder, month, name)
    except BadInputError:
        return []
    return [entry for entry in entries if _authorities(entry) and set(only).isdisjoint(_authorities(entry))]


def _authorities(entry: dict[str, Any]) -> list[str]:
    """The authorities that an entry of a step is about."""
    return sorted(entry.get("la_codes", [entry["la_code"]] if "la_code" in entry else []))


def _entries(folder: DataFolder, month: Month, name: str) -> list[dict[str, Any]]:
    """The findings of a step, by authority. Earlier versions wrote one entry about all for a gate."""
    content = read_findings(folder, month, name) or []
    return [content] if isinstance(content, dict) else content


def _write(folder: DataFolder, month: Month, name: str, content: Any) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_findings_file(folder, _file(folder, month, name), text)


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
        content = json.loads(path.read_text(encoding="utf-8"))
        _RELIED_ON[name].validate_python(content)
    except (OSError, ValueError, RecursionError) as error:
        text = f"{month}: the file {path} is damaged: `warehouse run --month {month}` writes it again"
        raise BadInputError(text) from error
    return content


@dataclass(frozen=True)
class MonthFindings:
    """All findings of a month, as plain values. Empty for steps that the run did not reach.

    `drops`: what became of each drop. `rules`: how each rule ended, by authority. `gates`: raw before marts.
    `difference`: how the new release differs from the last one; None where none was written. `unread`: lines about
    files that no run reads. `comparators`: files of published figures that somebody may have to look at, as the
    last run left them.
    """

    month: Month
    drops: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    difference: dict[str, Any] | None = None
    unread: Sequence[str] = ()
    comparators: list[dict[str, str]] = field(default_factory=list)

    @property
    def withdrawn(self) -> dict[str, str]:
        """Why the month is published without an accepted drop, by authority."""
        return {drop["la_code"]: drop["withdrawn"] for drop in self.drops if "withdrawn" in drop}

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
    gates = [_whole_gate(_entries(folder, month, stage)) for stage in (GATE_RAW, GATE_MARTS)]
    return MonthFindings(
        month,
        read_findings(folder, month, INGEST) or [],
        read_findings(folder, month, RULES) or [],
        [gate for gate in gates if gate is not None],
        read_findings(folder, month, DIFFERENCE),
        read_findings(folder, month, UNREAD) or [],
        comparator_findings(folder),
    )


def _whole_gate(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What a gate found for all authorities, from its entries about each."""
    if len(entries) < 2:
        return next(iter(entries), None)
    suites: dict[str, dict[str, Any]] = {}
    waived: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for suite in entry["suites"]:
            whole = suites.setdefault(suite["suite"], suite | {"checks": []})
            # a suite that could be run for no authority says so in the entry of each
            whole["checks"] += [c for c in suite["checks"] if c["la_code"] or c not in whole["checks"]]
            whole["verdict"] = worst([whole["verdict"], suite["verdict"]])
            whole["refuses"] = whole["refuses"] or suite["refuses"]
        for waiver in entry["waived"]:
            name = json.dumps(waiver | {"found": []})
            whole = waived.setdefault(name, waiver | {"found": []})
            whole["found"] += [line for line in waiver["found"] if line not in whole["found"]]
    return entries[0] | {
        "la_codes": sorted({code for entry in entries for code in entry["la_codes"]}),
        "verdict": worst([entry["verdict"] for entry in entries]),
        "refuses": any(entry["refuses"] for entry in entries),
        "unfit_authorities": sorted({code for entry in entries for code in entry["unfit_authorities"]}),
        "waived": list(waived.values()),
        "suites": list(suites.values()),
    }


def worst(verdicts: Iterable[str]) -> str:
    """Errored before failed before passed; nothing judged is errored."""
    return max(verdicts, key=OUTCOMES.index, default=OUTCOMES[0])


def outcome(check: Mapping[str, Any]) -> str:
    """The verdict of a check in the word for people: a failure that is only a warning is `warning`."""
    is_warning = check["verdict"] == "failed" and check.get("severity") == "warning"
    return "warning" if is_warning else str(check["verdict"])


def counts_text(counts: Mapping[str, int], kinds: Iterable[str] = OUTCOMES) -> str:
    """How many checks ended in each way: `2 passed, 2 warnings, 1 failed`."""
    return ", ".join(
        f"{counts[kind]} {kind}{'s' if kind == 'warning' and counts[kind] != 1 else ''}" for kind in kinds
    )


def _file(folder: DataFolder, month: Month, name: str) -> Path:
    return folder.findings / str(month) / f"{name}.json"
