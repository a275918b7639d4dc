"""Reads the suites of Great Expectations: `expectations/<stage>/<suite>.json`, each as the library loads it.

A suite is on one table, which its `meta` names (`table`). An expectation says what it looks for in
`description`, why in `notes`, how bad a failure is in `severity`, and the rest in its `meta`:

* `name`: its name in findings and waivers;
* `judged`: what follows `from` in a query. Without any row there, there is too little to judge by;
* `detail`: the parameter whose words are added to a finding.

Belongs here: finding the files, and faults that can be seen without running them. A fault never raises and
never hides the suite: it stays with the suite as one readable line, and the gate counts the suite as errored.
Does not belong here: running anything. Great Expectations takes seconds to import: this module does not need
it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.contracts import contracts
from pipelines.settings import EXPECTATIONS

STAGES = ("raw", "marts")

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """One expectation of a suite, as its file has it."""

    expectation: Json

    @property
    def name(self) -> str:
        return str(self.expectation["meta"]["name"])

    @property
    def type(self) -> str:
        return str(self.expectation.get("type"))

    @property
    def kwargs(self) -> Json:
        kwargs: Json = self.expectation.get("kwargs", {})
        return kwargs

    @property
    def severity(self) -> str:
        return str(self.expectation.get("severity", "critical"))

    @property
    def description(self) -> str:
        return str(self.expectation.get("description", ""))

    @property
    def notes(self) -> str:
        return str(self.expectation.get("notes", ""))

    @property
    def query(self) -> str:
        """SQL that finds offending rows; empty for an expectation on columns."""
        return str(self.kwargs.get("unexpected_rows_query", ""))

    @property
    def judged(self) -> str | None:
        judged: str | None = self.expectation["meta"].get("judged")
        return judged

    @property
    def parameters(self) -> list[str]:
        """The parameters that it needs: its limits, and the words of its detail."""
        detail = self.expectation["meta"].get("detail")
        return [*self.limits, *([detail["$PARAMETER"]] if detail else [])]

    @property
    def limits(self) -> list[str]:
        """The parameters among its arguments."""
        return [v["$PARAMETER"] for v in self.kwargs.values() if isinstance(v, Mapping) and "$PARAMETER" in v]

    @property
    def detail(self) -> str | None:
        """The parameter whose words are added to a finding."""
        detail = self.expectation["meta"].get("detail")
        return detail["$PARAMETER"] if detail else None


@dataclass(frozen=True)
class Suite:
    """A suite and the table it is on. With a `fault` the file cannot be used: then there are no checks."""

    name: str
    stage: str
    table: str
    content: Json
    fault: str | None = None

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        return tuple(Check(entry) for entry in self.content.get("expectations", ()))

    def with_checks(self, names: Collection[str]) -> "Suite":
        """The suite with only those of its checks whose `suite/check` is given."""
        kept = [check.expectation for check in self.checks if f"{self.name}/{check.name}" in names]
        return replace(self, content={**self.content, "expectations": kept})

    @property
    def meta(self) -> Json:
        """Facts about the table. The contract of an object says which column has the day of its events."""
        contract = contracts().get(self.name)
        day = {"event_date": contract.event_day} if contract and contract.event_day else {}
        return {**day, **self.content.get("meta", {})}


def load_suites(stage: str) -> list[Suite]:
    """Every suite of a stage by name, the faulty ones too."""
    return [_load(path, stage) for path in sorted((EXPECTATIONS / stage).glob("*.json"))]


def suite_tables(stage: str) -> dict[str, str]:
    """Suite name to the table it is on; reads files only, so it is cheap at definition time."""
    return {suite.name: suite.table for suite in load_suites(stage)}


def known_names() -> list[str]:
    """Every name that a waiver may have: suites, and `suite/check`."""
    return [
        name
        for stage in STAGES
        for suite in load_suites(stage)
        for name in (suite.name, *(f"{suite.name}/{check.name}" for check in suite.checks))
    ]


def _load(path: Path, stage: str) -> Suite:
    # a suite whose file cannot be read is still listed, under the table that its name suggests
    name, table = path.stem, f"{stage}.{path.stem}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        table = content["meta"]["table"]
        names = [expectation["meta"]["name"] for expectation in content["expectations"]]
    except json.JSONDecodeError as error:
        fault = f"not JSON, line {error.lineno} column {error.colno}: {error.msg}"
    except (OSError, UnicodeDecodeError) as error:
        fault = f"cannot be read: {type(error).__name__}"
    except (KeyError, TypeError):
        fault = "'meta' must name the table, and the 'meta' of every expectation its name"
    else:
        again = sorted({check for check in names if names.count(check) > 1})
        if names and not again and content.get("name") == name:
            return Suite(name, stage, table, content)
        fault = (
            f"check {again[0]} occurs more than once" if again else "no expectation, or not the name of the file"
        )
    return Suite(name, stage, table, {}, f"expectations/{stage}/{path.name}: {fault}")
