"""The register of reference files: `register.yml`."""

from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from pipelines.reference.columns import TYPES
from pipelines.settings import LARGEST_TEXT


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReferenceColumn(_Entry):
    """A column of a reference file. `register.yml` explains the entries."""

    type: str
    optional: bool = False
    not_before: str | None = None
    meaning: str = ""


class ReferenceFile(_Entry):
    """A file that an authority may put into `raw/reference/`. `register.yml` explains the entries."""

    name: str
    title: str
    replaces: str
    without: str
    needed: bool = False
    key: tuple[str, ...]
    second_key: tuple[str, ...] = ()
    example: str
    most_bytes: int = LARGEST_TEXT
    columns: dict[str, ReferenceColumn]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def table(self) -> str:
        """The table of `raw` that holds its rows."""
        return f"reference_{self.name}"

    @property
    def sql_columns(self) -> dict[str, str]:
        """The columns of the table with SQL types."""
        return {name: TYPES[column.type].sql for name, column in self.columns.items()}

    @property
    def header(self) -> str:
        """The first line of the file."""
        return ",".join(self.columns)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        wrong = [
            name for name in self.key + self.second_key if name not in self.columns or self.columns[name].optional
        ]
        if wrong:
            raise ValueError(f"{self.name}: {', '.join(wrong)} is in the key and no column, or an optional one")
        unknown = [column.type for column in self.columns.values() if column.type not in TYPES]
        if unknown:
            raise ValueError(f"{self.name}: {', '.join(unknown)} is no type of columns.py")
        return self


@cache
def reference_register() -> dict[str, ReferenceFile]:
    """Every reference file by name, in the order of the register."""
    entries = yaml.safe_load((Path(__file__).parent / "register.yml").read_text(encoding="utf-8"))
    return {name: ReferenceFile.model_validate({"name": name, **entry}) for name, entry in entries.items()}
