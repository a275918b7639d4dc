"""Contracts: what a drop's objects look like, one YAML file per raw object, and the sector's code sets.

Belongs here: columns, types, keys, links, code sets, periods, and what happens to a column for privacy.
Does not belong here: anything about files, rows or tables. The rules of reading are `pipelines.ingest`.
Adding an object is adding one file to `objects/`.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipelines.settings import DBT_PROJECT

ROOM = Path(__file__).parent
PERSON_OBJECT = "ssd_person"

ColumnType = Literal["id", "code", "text", "date", "integer", "number", "json"]
Privacy = Literal["keep", "drop", "person", "worker"]


class ContractError(ValueError):
    """A contract file is wrong: a fault of the project, not of a drop."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CodeSet(_Model):
    """A closed list of values. `codes` maps each value to its label.

    `match`: exact, words (letters and digits only, whatever the case) or prefix (exact, or a code followed
    by a colon and more).
    """

    name: str
    match: Literal["exact", "words", "prefix"] = "exact"
    codes: dict[str, str]


class ContractColumn(_Model):
    """One column of an object, named as in the Standard Safeguarding Dataset.

    `required`: its header must be in the file. `privacy`: kept, dropped on reading, or replaced by the keyed
    hash of a person or a worker. `links_to`: `object.column` that its values must be found in. `expected`: a row
    without a value is flagged. `expected_or`: a row that has neither this value nor that of the column named is
    flagged.
    """

    name: str
    type: ColumnType
    required: bool = False
    privacy: Privacy = "keep"
    links_to: str | None = None
    code_set: str | None = None
    may_be_future: bool = False
    expected: bool = False
    expected_or: str | None = None
    meaning: str

    @property
    def link(self) -> tuple[str, str] | None:
        """The linked object and column."""
        if self.links_to is None:
            return None
        target, column = self.links_to.split(".")
        return target, column

    @property
    def is_loaded(self) -> bool:
        return self.privacy != "drop"


class Contract(_Model):
    """One raw object.

    `required`: a drop must hold it. `person`: the column with the person's id. `period`: start and end, for
    'an end is not before its start'. `no_overlap`: two periods of one person that overlap are flagged.
    `one_row_per_person`: every row of a person who has several is flagged.
    """

    object: str
    title: str
    grain: str
    required: bool = False
    key: tuple[str, ...] = ()
    person: str | None = None
    period: tuple[str, str] | None = None
    no_overlap: bool = False
    one_row_per_person: bool = False
    columns: tuple[ContractColumn, ...]

    @property
    def loaded_columns(self) -> tuple[ContractColumn, ...]:
        """The columns that reach `raw.<object>`, in contract order."""
        return tuple(column for column in self.columns if column.is_loaded)

    def column(self, name: str) -> ContractColumn:
        """Raises KeyError when the contract has no such column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError("a column is named twice")
        named = [*self.key, *(self.period or ()), *([self.person] if self.person else [])]
        missing = [name for name in named if name not in names]
        if missing:
            raise ValueError(f"no such column: {', '.join(missing)}")
        if any(not self.column(name).required for name in self.key):
            raise ValueError("a key column must be required")
        if any(self.column(name).type != "date" for name in self.period or ()):
            raise ValueError("a period is made of two dates")
        if self.person and self.column(self.person).privacy != "person":
            raise ValueError("the person column must be hashed as a person")
        if self.no_overlap and not (self.period and self.person):
            raise ValueError("no_overlap needs a period and a person")
        if self.one_row_per_person and not self.person:
            raise ValueError("one_row_per_person needs a person")
        for column in self.columns:
            if column.privacy in ("person", "worker") and column.type != "id":
                raise ValueError(f"{column.name}: only an id can be hashed")
            if column.may_be_future and column.type != "date":
                raise ValueError(f"{column.name}: only a date can be in the future")
            if column.expected_or is not None and column.expected_or not in names:
                raise ValueError(f"{column.name}: no such column: {column.expected_or}")
            if not column.is_loaded and (column.links_to or column.code_set or column.name in named):
                raise ValueError(f"{column.name}: a dropped column can have no rule")
        return self


def read_contracts(folder: Path, sets: dict[str, CodeSet]) -> dict[str, Contract]:
    """The contracts of a folder by object, sorted by name.

    Raises ContractError, naming the file, when one does not hold together or names what does not exist.
    """
    found: dict[str, Contract] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            one = Contract.model_validate(_yaml(path))
        except ValidationError as fault:
            raise ContractError(f"{path.name}: {fault}") from fault
        if one.object != path.stem:
            raise ContractError(f"{path.name}: holds the object {one.object}")
        found[one.object] = one
    for one in found.values():
        _check_references(one, found, sets)
    return found


def _check_references(one: Contract, found: dict[str, Contract], sets: dict[str, CodeSet]) -> None:
    for column in one.columns:
        if column.code_set is not None and column.code_set not in sets:
            raise ContractError(f"{one.object}.{column.name}: no code set {column.code_set}")
        if column.link is not None:
            target, name = column.link
            if target not in found or name not in [other.name for other in found[target].columns]:
                raise ContractError(
                    f"{one.object}.{column.name}: links to {column.links_to}, which does not exist"
                )


def read_code_sets(path: Path) -> dict[str, CodeSet]:
    """The code sets of a file by name. Raises ContractError when one is not as it should be."""
    try:
        return {name: CodeSet(name=name, **_with_codes(value)) for name, value in _yaml(path).items()}
    except (ValidationError, TypeError) as fault:
        raise ContractError(f"{path.name}: {fault}") from fault


def _with_codes(code_set: dict[str, Any]) -> dict[str, Any]:
    """The set as written, or with the values and labels of its seed: text, code, label in that order."""
    seed = code_set.get("seed")
    if seed is None:
        return code_set
    with (DBT_PROJECT / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    rest = {name: value for name, value in code_set.items() if name != "seed"}
    return rest | {"codes": {text: label for text, _, label, *_ in rows}}


def _yaml(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ContractError(f"{path.name}: is not a mapping")
    return found


@cache
def code_sets() -> dict[str, CodeSet]:
    """The sector's code sets by name."""
    return read_code_sets(ROOM / "code_sets.yml")


@cache
def contracts() -> dict[str, Contract]:
    """Every contract by object."""
    return read_contracts(ROOM / "objects", code_sets())


def contract(name: str) -> Contract:
    """The contract of an object. Raises KeyError when there is none."""
    return contracts()[name]
