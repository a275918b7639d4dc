"""Waivers: what a person lets pass for one run, by name and with a reason."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.errors import UsageError
from pipelines.quality.suites import known_names

ALL = "all"


@dataclass(frozen=True)
class Waivers:
    """Names of suites, `suite/check`, or `all`, with the reason given for them."""

    names: tuple[str, ...] = ()
    reason: str | None = None

    @classmethod
    def parse(cls, names: Sequence[str], reason: str | None) -> "Waivers":
        """Raises UsageError for an unknown name, names without a reason, or a reason without names."""
        reason = (reason or "").strip() or None
        if names and not reason:
            raise UsageError("a waiver needs a reason: --waive NAME --reason TEXT")
        if reason and not names:
            raise UsageError("a reason was given, but nothing to waive: --waive NAME --reason TEXT")
        known = [ALL, *known_names()]
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean '{near[0]}'? " if near else ""
                raise UsageError(f"there is no check '{name}' to waive: {hint}There are {', '.join(known)}")
        return cls(tuple(dict.fromkeys(names)), reason)

    def covers(self, suite: str, check: str | None) -> bool:
        """True where the check is waived; without a check, where the whole suite is."""
        return any(self.name_covers(name, suite, check) for name in self.names)

    @staticmethod
    def name_covers(name: str, suite: str, check: str | None) -> bool:
        return name in (ALL, suite) or (check is not None and name == f"{suite}/{check}")
