"""The dbt project as files: whether it changed, and dbt's manifest of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.settings import DBT_PROJECT, DataFolder

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_FOLDERS = ("macros", "models", "seeds", "tests")


@dataclass(frozen=True)
class _Read:
    """The project as dbt read it, and as dbt wrote it down."""

    manifest: "Manifest"
    content: bytes


_READ: dict[str, _Read] = {}
"""By the digest of the project."""


def manifest_path(folder: DataFolder) -> Path:
    """Path of dbt's manifest, up to date with the project. Raises WarehouseError if dbt cannot read it."""
    manifest(folder)
    return folder.dbt_manifest


def manifest(folder: DataFolder) -> "Manifest":
    """The project as dbt read it, once per process and state of the project, whatever the data folder.

    It is then also a file in the data folder. Raises WarehouseError when dbt cannot read the project.
    """
    read, path = _read(folder), folder.dbt_manifest
    if not path.is_file() or path.read_bytes() != read.content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read.content)
    return read.manifest


def project_digest() -> str:
    """Hex SHA-256 over every file that decides what dbt builds."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(str(path.relative_to(DBT_PROJECT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(folder: DataFolder) -> _Read:
    digest = project_digest()
    if digest not in _READ:
        from pipelines.transform import dbt_commands  # noqa: PLC0415

        _READ[digest] = _Read(dbt_commands.parse(folder), folder.dbt_manifest.read_bytes())
    return _READ[digest]


def _files() -> Iterator[Path]:
    for name in ("dbt_project.yml", "profiles.yml", "selectors.yml"):
        yield DBT_PROJECT / name
    for name in _FOLDERS:
        yield from sorted(path for path in (DBT_PROJECT / name).rglob("*") if path.is_file())
