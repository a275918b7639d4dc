"""Waivers: what a person lets pass, by name, with a reason and an end.

Belongs here: waivers given to one run, and the standing ones of `expectations/waivers.yml`, each in force up to a
day. Does not belong here: what a check found.
"""

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pipelines.errors import UsageError
from pipelines.input_files import InputFileError, is_there, read_input, text_of_input
from pipelines.quality.suites import known_names
from pipelines.settings import EXPECTATIONS

ALL = "all"
STANDING = EXPECTATIONS / "waivers.yml"

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Waiver(BaseModel):
    """What is let pass: a suite, a `suite/check`, or, for one run only, `all`.

    `la_code`: the authority whose findings it lets pass; null for every one. `until`: the last day on which it
    applies; null for a waiver of one run. `waived_by`: who gave it; empty for a standing one, whose file has a
    history.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Text
    reason: _Text
    la_code: Annotated[str, Field(pattern="^[0-9]{3}$")] | None = None
    until: dt.date | None = None
    waived_by: str = ""

    def covers(self, suite: str, check: str | None, la_code: str | None) -> bool:
        """True where it names the check, or the whole suite, for this authority.

        A suite that could not run for any authority has none: only a waiver for all of them covers it.
        """
        is_named = self.name in (ALL, suite) or (check is not None and self.name == f"{suite}/{check}")
        return is_named and self.la_code in (None, la_code)


@dataclass(frozen=True)
class Waivers:
    """The waivers that apply to a run, and the standing ones whose day has passed."""

    entries: tuple[Waiver, ...] = ()
    ended: tuple[Waiver, ...] = ()

    @classmethod
    def of_run(cls, names: Sequence[str], reason: str | None, waived_by: str = "") -> "Waivers":
        """Raises UsageError for an unknown name, names without a reason, or a reason without names."""
        reason = (reason or "").strip() or None
        if names and not reason:
            raise UsageError("a waiver needs a reason: --waive NAME --reason TEXT")
        if reason and not names:
            raise UsageError("a reason was given, but nothing to waive: --waive NAME --reason TEXT")
        for name in names:
            _refuse_unknown(name, [ALL, *known_names()])
        return cls(
            tuple(Waiver(name=name, reason=reason or "", waived_by=waived_by) for name in dict.fromkeys(names))
        )

    @classmethod
    def in_force(cls, names: Sequence[str], reason: str | None, day: dt.date, waived_by: str = "") -> "Waivers":
        """The waivers of the run, and the standing ones in force on `day`. Raises UsageError for a bad one."""
        standing = standing_waivers()
        ended = tuple(waiver for waiver in standing if waiver.until is not None and waiver.until < day)
        in_force = tuple(waiver for waiver in standing if waiver not in ended)
        return cls(cls.of_run(names, reason, waived_by).entries + in_force, ended)

    def covers(self, suite: str, check: str | None, la_code: str | None) -> bool:
        """True where a waiver in force covers the check; without a check, the whole suite."""
        return any(waiver.covers(suite, check, la_code) for waiver in self.entries)

    def ended_on(self, suite: str, check: str | None, la_code: str | None) -> dt.date | None:
        """The day on which a waiver that would have covered the check ended, if there was one."""
        ended = [waiver for waiver in self.ended if waiver.covers(suite, check, la_code)]
        return max((waiver.until for waiver in ended if waiver.until), default=None)


def standing_waivers() -> list[Waiver]:
    """The waivers of `expectations/waivers.yml`.

    Raises UsageError, naming the entry and what is wrong with it, where the file does not hold together.
    """
    where = f"expectations/{STANDING.name}"
    try:
        entries = yaml.safe_load(_text(STANDING)) or []
    except (yaml.YAMLError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise UsageError(f"{where} is not YAML{line}") from fault
    if not isinstance(entries, list):
        raise UsageError(f"{where} must be a list of waivers")
    return [_standing(entry, f"{where}, waiver {number}") for number, entry in enumerate(entries, start=1)]


def _text(path: Path) -> str:
    try:
        return text_of_input(read_input(path.parent, path)) if is_there(path) else ""
    except InputFileError as fault:
        raise UsageError(f"expectations/{path.name} is not read: {fault}") from fault


def _standing(entry: Any, where: str) -> Waiver:
    try:
        waiver = Waiver.model_validate(entry)
    except ValidationError as fault:
        first = fault.errors()[0]
        column = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{where}: {column or 'entry'}: {first['msg']}") from fault
    if waiver.until is None:
        raise UsageError(f"{where}: 'until' is missing: a standing waiver has a last day")
    try:
        _refuse_unknown(waiver.name, known_names())
    except UsageError as fault:
        raise UsageError(f"{where}: {fault}") from fault
    return waiver


def _refuse_unknown(name: str, known: list[str]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise UsageError(f"there is no check '{name}' to waive: {hint}There are {', '.join(known)}")
