"""The dbt project as files: whether it changed, and dbt's manifest of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.settings import DBT_PROJECT, DataFolder
from pipelines.warehouse_file import write_for_owner

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_FOLDERS = ("macros", "models", "seeds", "tests")
_PACKAGES = ("dbt-core", "dbt-adapters", "dbt-duckdb", "duckdb")


@dataclass(frozen=True)
class _Read:
    """The project as dbt read it, and as dbt wrote it down."""

    manifest: "Manifest"
    content: bytes


_READ: dict[str, _Read] = {}
"""By the digest of the project."""


def manifest_path(folder: DataFolder) -> Path:
    """Path of dbt's manifest, up to date with the project: dbt reads the project only where it changed.

    Raises WarehouseError if dbt cannot read it.
    """
    if not has_manifest(folder):
        manifest(folder)
    return folder.dbt_manifest


def has_manifest(folder: DataFolder) -> bool:
    """Whether the data folder holds dbt's manifest of the project as it stands, whole."""
    try:
        return folder.manifest_mark.read_text(encoding="utf-8") == _mark(folder.dbt_manifest.read_bytes())
    except (OSError, ValueError):
        return False


def manifest(folder: DataFolder) -> "Manifest":
    """The project as dbt read it, once per process and state of the project, whatever the data folder.

    It is then also a file in the data folder. Raises WarehouseError when dbt cannot read the project.
    """
    read = _read(folder)
    if not has_manifest(folder):
        folder.dbt_target.mkdir(parents=True, exist_ok=True)
        write_for_owner(folder.dbt_manifest, read.content)
        write_for_owner(folder.manifest_mark, _mark(read.content).encode())
    return read.manifest


def project_digest() -> str:
    """Hex SHA-256 over everything that decides what is built: the project, the packages and this room."""
    digest = hashlib.sha256(" ".join(version(package) for package in _PACKAGES).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
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


def _mark(content: bytes) -> str:
    """What is kept beside a manifest: the digests of the project that dbt read, and of what it wrote."""
    return f"{project_digest()} {hashlib.sha256(content).hexdigest()}"


def _files() -> Iterator[Path]:
    for name in ("dbt_project.yml", "profiles.yml", "selectors.yml"):
        yield DBT_PROJECT / name
    for name in _FOLDERS:
        yield from sorted(path for path in (DBT_PROJECT / name).rglob("*") if path.is_file())
