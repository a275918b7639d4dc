"""The dbt project as files: whether it changed, and dbt's manifest of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from pipelines.errors import WarehouseError
from pipelines.settings import DBT_PROJECT, DataFolder

_FOLDERS = ("macros", "models", "seeds", "tests")


@dataclass(frozen=True)
class _Read:
    """The project as dbt read it, and as dbt wrote it down."""

    manifest: Manifest
    content: bytes


_READ: dict[str, _Read] = {}
"""By the digest of the project."""


def manifest_path(folder: DataFolder) -> Path:
    """dbt's manifest of the project as it stands, as a file. Raises WarehouseError when dbt cannot read it."""
    manifest(folder)
    return folder.dbt_manifest


def manifest(folder: DataFolder) -> Manifest:
    """The project as dbt read it, once per process and state of the project, whatever the data folder.

    The file of it is in the data folder then. Raises WarehouseError when dbt cannot read the project.
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


def dbt_options(folder: DataFolder) -> list[str]:
    """Where dbt finds its project and leaves what it writes."""
    project, target = str(DBT_PROJECT), str(folder.dbt_target)
    return [
        "--project-dir",
        project,
        "--profiles-dir",
        project,
        "--target-path",
        target,
        "--log-path",
        target,
    ]


def _read(folder: DataFolder) -> _Read:
    digest = project_digest()
    if digest not in _READ:
        outcome = dbtRunner().invoke(["parse", "--quiet", *dbt_options(folder)])
        if not outcome.success:
            raise WarehouseError(f"dbt cannot read its project: {outcome.exception or 'see the log'}")
        found = outcome.result
        assert isinstance(found, Manifest)
        _READ[digest] = _Read(found, folder.dbt_manifest.read_bytes())
    return _READ[digest]


def _files() -> Iterator[Path]:
    for name in ("dbt_project.yml", "profiles.yml", "selectors.yml"):
        yield DBT_PROJECT / name
    for name in _FOLDERS:
        yield from sorted(path for path in (DBT_PROJECT / name).rglob("*") if path.is_file())
