"""Contracts: what the objects of a drop look like, one YAML file per object, and the sector's code sets.

Belongs here: columns, types, keys, links, code sets, periods, and what happens to a column for privacy.
Does not belong here: files, rows or tables, which `pipelines.ingest` reads and checks.
To add an object, add a file to `objects/`.
"""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipelines.seeds import own_yaml
from pipelines.settings import DBT_PROJECT

ROOM = Path(__file__).parent
PERSON_OBJECT = "ssd_person"

ColumnType = Literal["id", "code", "text", "date", "datetime", "integer", "number", "json"]
DATE_TYPES = ("date", "datetime")
Privacy = Literal["keep", "drop", "person", "worker"]


class ContractError(ValueError):
    """A contract file is wrong. The project is at fault, not a drop."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CodeSet(_Model):
    """A list of values. `codes` maps each value to its label.

    `match` says how a delivered value is compared: `exact`; `words`, by letters and digits only, ignoring case;
    `spelling`, the same, and what fits is loaded as the code; `prefix`, exact or a code followed by a colon and
    more text. `also`: other spellings of a code, by code. `is_open`: other values are local and not flagged.
    """

    name: str
    match: Literal["exact", "words", "spelling", "prefix"] = "exact"
    codes: dict[str, str]
    also: dict[str, tuple[str, ...]] = {}
    is_open: bool = False

    @property
    def spellings(self) -> dict[str, str]:
        """The code of each text that is read as one."""
        return {code: code for code in self.codes} | {
            text: code for code, texts in self.also.items() for text in texts
        }

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        unknown = self.also.keys() - self.codes.keys()
        if unknown or (self.also and self.match != "spelling"):
            raise ValueError(f"{self.name}: other spellings need `match: spelling`, and a code of the set")
        return self


class ContractColumn(_Model):
    """One column of an object, named as in the Standard Safeguarding Dataset.

    `required`: the file must have its header. `privacy`: keep the value, drop it on reading, or replace it by the
    keyed hash of a person or a worker. `is_personal`: the value helps to identify a person, such as a day of
    birth; a rejected row is kept without it. `links_to`: the `object.column` that must hold its values.
    `expected`: a row without a value is flagged. `expected_or`: a row is flagged that has no value here and none
    in the column named. `keys_in`: the seed whose first column has the keys that are read of its JSON.
    `keys`: of a column made from JSON, the keys of which it names those that are set.
    `read_by_code`: a figure or a named breakdown reads its codes, so the gate `codes_known` weighs values outside
    the set.
    """

    name: str
    type: ColumnType
    required: bool = False
    privacy: Privacy = "keep"
    is_personal: bool = False
    links_to: str | None = None
    code_set: str | None = None
    keys_in: str | None = None
    may_be_future: bool = False
    expected: bool = False
    expected_or: str | None = None
    read_by_code: bool = False
    keys: tuple[str, ...] = ()
    meaning: str

    @property
    def link(self) -> tuple[str, str] | None:
        """The linked object and column."""
        if self.links_to is None:
            return None
        target, column = self.links_to.split(".")
        return target, column

    @property
    def json_keys(self) -> frozenset[str]:
        """The keys that are read of its JSON."""
        return frozenset(row[0] for row in _seed_rows(self.keys_in)) if self.keys_in else frozenset()

    @property
    def is_loaded(self) -> bool:
        return self.privacy != "drop"

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        faults = [text for text, is_broken in _COLUMN_RULES if is_broken(self)]
        if faults:
            raise ValueError(f"{self.name}: {faults[0]}")
        return self


_COLUMN_RULES: tuple[tuple[str, Callable[[ContractColumn], object]], ...] = (
    ("only an id can be hashed", lambda c: c.privacy in ("person", "worker") and c.type != "id"),
    ("only a date can be in the future", lambda c: c.may_be_future and c.type not in DATE_TYPES),
    ("only a code of a set can be read by its code", lambda c: c.read_by_code and not c.code_set),
    ("a dropped column can have no rule", lambda c: not c.is_loaded and (c.links_to or c.code_set)),
    ("only JSON has keys", lambda c: c.keys_in and c.type != "json"),
)
"""What is wrong with a column, and when."""


class DerivedColumn(ContractColumn):
    """A column that no file has: made on reading from `made_from` (`pipelines.ingest.derived_columns`)."""

    made_from: str


class Contract(_Model):
    """One object of a drop.

    `required`: a drop must have it. `person`: the column with the person's id, or `without_person`: why its rows
    name no person. `period`: the columns with start and end; a row that ends before its start is rejected.
    `event_date`: the day of an event without a period. `latest_per`: a source that keeps the latest only has one
    row for each value of these columns; the person if none is named.
    `no_overlap`: a period that overlaps another one of the person is flagged. `one_row_per_person`: if a person
    has several rows, all of them are flagged. `delivered`: once it has come, `every_month` again; or
    `when_it_changes`: until the next version comes, the last one counts. `derived`: columns made on reading.
    """

    object: str
    title: str
    grain: str
    required: bool = False
    key: tuple[str, ...] = ()
    person: str | None = None
    without_person: str | None = None
    period: tuple[str, str] | None = None
    event_date: str | None = None
    latest_per: tuple[str, ...] = ()
    no_overlap: bool = False
    one_row_per_person: bool = False
    delivered: Literal["every_month", "when_it_changes"] = "every_month"
    columns: tuple[ContractColumn, ...]
    derived: tuple[DerivedColumn, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether the authority keeps it beside its case system."""
        return self.object.startswith("local_")

    @property
    def loaded_columns(self) -> tuple[ContractColumn, ...]:
        """The columns of `raw.<object>`, in the order of the contract."""
        return (*(column for column in self.columns if column.is_loaded), *self.derived)

    def column(self, name: str) -> ContractColumn:
        """The column of a name. Raises KeyError when the contract has no such column."""
        for column in (*self.columns, *self.derived):
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def columns_named(self) -> tuple[str, ...]:
        """The columns that the key, the person and the period name."""
        person, date = ([name] if name else [] for name in (self.person, self.event_date))
        return (*self.key, *person, *(self.period or ()), *date, *self.latest_per)

    @property
    def days(self) -> tuple[str, str] | None:
        """The columns with the first and the last day of an event: the same where it has one day only."""
        return self.period or ((self.event_date, self.event_date) if self.event_date else None)

    @property
    def event_day(self) -> str | None:
        """The column with the day of the event that a row is: its first date that may not be in the future.
        People have none."""
        dates = [
            column.name for column in self.loaded_columns if column.type == "date" and not column.may_be_future
        ]
        return dates[0] if dates and self.key != (self.person,) else None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [column.name for column in self.columns]
        all_names = [*names, *(column.name for column in self.derived)]
        if len(set(all_names)) != len(all_names):
            raise ValueError("a column is named twice")
        others = [column.expected_or for column in self.columns if column.expected_or]
        others += [column.made_from for column in self.derived]
        missing = [name for name in (*self.columns_named, *others) if name not in names]
        if missing:
            raise ValueError(f"no such column: {', '.join(missing)}")
        for text, offenders in _CONTRACT_RULES:
            if offending := offenders(self):
                raise ValueError(f"{', '.join(offending)}: {text}")
        return self


_CONTRACT_RULES: tuple[tuple[str, Callable[[Contract], list[str]]], ...] = (
    ("a key column must be required", lambda c: [name for name in c.key if not c.column(name).required]),
    ("a period is made of two dates", lambda c: [n for n in c.days or () if c.column(n).type not in DATE_TYPES]),
    ("needs no period", lambda c: ["event_date"] if c.event_date and c.period else []),
    (
        "name the columns of which a source may have the latest event only",
        lambda c: [c.object] if c.event_date and not (c.latest_per or c.person) else [],
    ),
    (
        "the person column must be hashed as a person",
        lambda c: [c.person] if c.person and c.column(c.person).privacy != "person" else [],
    ),
    (
        "name the column of the person, or say in without_person why there is none",
        lambda c: [c.object] if bool(c.person) == bool(c.without_person) else [],
    ),
    (
        "needs a period and a person",
        lambda c: ["no_overlap"] if c.no_overlap and not (c.period and c.person) else [],
    ),
    ("needs a person", lambda c: ["one_row_per_person"] if c.one_row_per_person and not c.person else []),
    ("a dropped column can have no rule", lambda c: [n for n in c.columns_named if not c.column(n).is_loaded]),
)
"""What is wrong with a contract, and the columns or entries at fault."""


def read_contracts(folder: Path, sets: dict[str, CodeSet]) -> dict[str, Contract]:
    """The contracts of a folder by object, sorted by name.

    Raises ContractError, naming the file, when a contract contradicts itself or names something missing.
    """
    by_object: dict[str, Contract] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            read = Contract.model_validate(_yaml(path))
        except ValidationError as fault:
            raise ContractError(f"{path.name}: {fault}") from fault
        if read.object != path.stem:
            raise ContractError(f"{path.name}: describes the object {read.object}")
        by_object[read.object] = read
    for read in by_object.values():
        _check_references(read, by_object, sets)
    return by_object


def _check_references(checked: Contract, by_object: dict[str, Contract], sets: dict[str, CodeSet]) -> None:
    for column in (*checked.columns, *checked.derived):
        if column.code_set is not None and column.code_set not in sets:
            raise ContractError(f"{checked.object}.{column.name}: no code set {column.code_set}")
        if column.link is not None:
            target, name = column.link
            if target not in by_object or name not in [other.name for other in by_object[target].columns]:
                raise ContractError(
                    f"{checked.object}.{column.name}: links to {column.links_to}, which does not exist"
                )


def read_code_sets(path: Path) -> dict[str, CodeSet]:
    """The code sets of a file by name. Raises ContractError when one is malformed."""
    try:
        return {name: CodeSet(name=name, **_with_codes(value)) for name, value in _yaml(path).items()}
    except (ValidationError, TypeError) as fault:
        raise ContractError(f"{path.name}: {fault}") from fault


def _with_codes(code_set: dict[str, Any]) -> dict[str, Any]:
    """The set as written, or with the values and labels of its seed, whose columns are text, code, label."""
    seed = code_set.get("seed")
    if seed is None:
        return code_set
    rows = _seed_rows(seed)
    rest = {name: value for name, value in code_set.items() if name != "seed"}
    return rest | {"codes": {text: label for text, _, label, *_ in rows}}


@cache
def _seed_rows(seed: str) -> list[list[str]]:
    with (DBT_PROJECT / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


def _yaml(path: Path) -> dict[str, Any]:
    content = own_yaml(path)
    if not isinstance(content, dict):
        raise ContractError(f"{path.name}: is not a mapping")
    return content


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
