"""The manifests of a release: what is in it, the drops it was made from, and the verdicts of the gates.

The full manifest is `restricted/manifest.json`. `manifest.json` travels with `open/` and counts nothing that is
restricted. A release of an earlier version has only `manifest.json`, which is the full one.
"""

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Self

import duckdb
from pydantic import AfterValidator, BaseModel, ValidationError, model_validator
from pydantic_core import to_json

from pipelines.calendar import MonthText
from pipelines.errors import BadInputError, WarehouseError
from pipelines.file_names import visible
from pipelines.findings import MonthFindings
from pipelines.release_layout import files_of
from pipelines.table_register import OPEN

MANIFEST = "manifest.json"
FULL_MANIFEST = f"restricted/{MANIFEST}"
PUBLIC_ROOMS = (OPEN, "report")
"""The folders of a release that may leave the service."""
LEFT_OUT = "left_out_of_open"
"""The key of the rows that disclosure control leaves out of `open/` altogether: their names, and no number."""
AUTHORITIES = "authorities"
"""The key of the month that each authority is at."""
LEFT_OUT_KEYS = {"indicator_id", "la_code", "month", "extract_month", "reason"}
LISTED = ("created_at", "extract_month")
LARGEST_MANIFEST = 100_000_000
"""Bytes: far above the full manifest of ten authorities."""

PACKAGES = (
    "childrens-services-warehouse",
    "dagster",
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "polars",
)


class DamagedReleaseError(BadInputError):
    """A release whose folder or manifest cannot be trusted. `str()` names it and says what is wrong."""

    def __init__(self, release: Path, fault: str) -> None:
        self.path, self.fault = release, visible(fault)
        super().__init__(f"release {release.name} is damaged: {self.fault}")

    @property
    def id(self) -> str:
        return self.path.name


def _time(text: str) -> str:
    try:
        is_time = dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        is_time = False
    if not is_time:
        raise ValueError("no time with a time zone")
    return text


def _inside(text: str) -> str:
    # thousands of names in every manifest: a Path of each takes longer than the rest of the reading
    parts = {*text.split("/")}
    if text.startswith("/") or ".." in parts or parts <= {"", "."} or "\0" in text:
        raise ValueError("a file outside the release")
    return text


class _ReleaseFile(BaseModel):
    file: Annotated[str, AfterValidator(_inside)]
    sha256: str


class _ReleasedColumn(BaseModel):
    name: str
    type: str


class _ReleasePartition(BaseModel):
    sha256: str


class _ReleaseTable(BaseModel):
    """`files` are the partitions in the folder `file`, by their names; without them `file` is the only file."""

    table: str
    file: Annotated[str, AfterValidator(_inside)]
    rows: int
    columns: list[_ReleasedColumn]
    sha256: str | None = None
    files: dict[Annotated[str, AfterValidator(_inside)], _ReleasePartition] | None = None

    @model_validator(mode="after")
    def _has_checksums(self) -> Self:
        if self.sha256 is None and self.files is None:
            raise ValueError("neither sha256 nor files")
        return self


class _DeliveredFile(BaseModel):
    file: str
    sha256: str


class _ReleasedDrop(BaseModel):
    la_code: str
    extract_month: MonthText
    accepted: bool
    files: list[_DeliveredFile]


class _PublicManifest(BaseModel):
    """What every reader of a manifest in this project relies on."""

    created_at: Annotated[str, AfterValidator(_time)]
    extract_month: MonthText
    files: list[_ReleaseFile] = []


class _FullManifest(_PublicManifest):
    tables: list[_ReleaseTable]
    drops: list[_ReleasedDrop]


def read_manifest(release: Path) -> dict[str, Any]:
    """The full manifest of a release.

    Raises DamagedReleaseError if a manifest is missing, cannot be read, or lacks what the project relies on. Also
    if anything in the folder is a link or a device: it could lead out of the release.
    """
    with _refused_if_unreadable(release):
        _refuse_links(release, entries_below(release))
        manifest: dict[str, Any] = json.loads(_manifest(release)[1])
        return manifest


def read_listed(release: Path) -> dict[str, Any]:
    """The entries of a release's manifest that a list of releases needs (`LISTED`).

    Raises DamagedReleaseError as `read_manifest` does, but looks for links only beside the manifests. Manifests
    that have not changed are not read again: with many releases that would take longer than the month that is run.
    """
    with _refused_if_unreadable(release):
        folders = [release, *(path for path in [(release / FULL_MANIFEST).parent] if path.is_dir())]
        for folder in folders:
            with os.scandir(folder) as entries:
                _refuse_links(release, entries)
        read = [path.stat() for name in (MANIFEST, FULL_MANIFEST) if (path := release / name).exists()]
        return _listed(release, *((file.st_ino, file.st_size, file.st_ctime_ns) for file in read))


@lru_cache(maxsize=1000)
def _listed(release: Path, *_as_read: tuple[int, int, int]) -> dict[str, Any]:
    checked, _ = _manifest(release)
    return {name: getattr(checked, name) for name in LISTED}


def _manifest(release: Path) -> tuple[_PublicManifest, bytes]:
    """The full manifest of a release: what readers rely on, and its bytes."""
    if not (release / FULL_MANIFEST).exists():
        return _checked(release, MANIFEST, _FullManifest)
    _checked(release, MANIFEST, _PublicManifest)
    return _checked(release, FULL_MANIFEST, _FullManifest)


@contextmanager
def _refused_if_unreadable(release: Path) -> Iterator[None]:
    try:
        if release.is_symlink():
            raise DamagedReleaseError(release, "it is a link")
        yield
    except OSError as error:
        name = os.path.relpath(error.filename, release) if error.filename else "its folder"
        raise DamagedReleaseError(release, f"{name} cannot be read: {error.strerror}") from error


def _refuse_links(release: Path, entries: Iterable[os.DirEntry[str]]) -> None:
    for entry in entries:
        if not (entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)):
            name = os.path.relpath(entry.path, release)
            raise DamagedReleaseError(release, f"{name} is a link or a device, which a release never has")


def entries_below(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder, the content of a folder before the folder. Does not follow links."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from entries_below(entry.path)
            yield entry


def _checked(release: Path, name: str, model: type[_PublicManifest]) -> tuple[_PublicManifest, bytes]:
    path = release / name
    if path.stat().st_size > LARGEST_MANIFEST:
        raise DamagedReleaseError(release, f"{name} is larger than {LARGEST_MANIFEST:,} bytes")
    content = path.read_bytes()
    try:
        return model.model_validate_json(content), content
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False, include_input=False)
        if first["type"] == "json_invalid":
            raise DamagedReleaseError(release, f"{name} is no JSON") from error
        where = ".".join(map(str, first["loc"]))
        raise DamagedReleaseError(release, f"{name}: {where + ': ' if where else ''}{first['msg']}") from error


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Versions of this project and of the packages that decide figures."""
    return {name: version(name) for name in PACKAGES}


def drops_used(connection: duckdb.DuckDBPyConnection, findings: MonthFindings) -> list[dict[str, Any]]:
    """Every loaded drop with its files, and the drops of this month that the last attempt refused."""
    faults = {drop["la_code"]: drop["faults"] for drop in findings.drops}
    attempts = connection.execute(
        """
        with attempts as (
            select
                *,
                row_number() over (partition by la_code, extract_month order by attempted_at desc) as recency
            from raw.drop
        )
        select la_code, strftime(extract_month, '%Y-%m'), accepted, reason, attempted_at
        from attempts
        where is_loaded or (not accepted and recency = 1 and extract_month = ?)
        order by extract_month, la_code, attempted_at
        """,
        [findings.month.end],
    ).fetchall()
    files = connection.execute(
        """
        select la_code, strftime(extract_month, '%Y-%m'), attempted_at,
            object, file, sha256, rows_read, rows_loaded, rows_rejected
        from raw.drop_file
        order by object
        """
    ).fetchall()
    rejected: dict[tuple[Any, ...], dict[str, int]] = {}
    for la_code, month, file, rule, count in connection.execute(
        """
        select la_code, strftime(extract_month, '%Y-%m'), source_file, rule, count(*)
        from raw.rejected_rows
        group by all
        order by all
        """
    ).fetchall():
        rejected.setdefault((la_code, month, file), {})[rule] = count
    names = ("object", "file", "sha256", "rows_read", "rows_loaded", "rows_rejected")
    by_attempt: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for file in files:
        entry = dict(zip(names, file[3:], strict=True))
        entry["rejected_by_rule"] = rejected.get((*file[:2], entry["file"]), {})
        by_attempt.setdefault(file[:3], []).append(entry)
    return [
        {
            "la_code": la_code,
            "extract_month": extract_month,
            "accepted": accepted,
            "reason": reason,
            "files": by_attempt.get((la_code, extract_month, attempted_at), []),
            "faults": [] if accepted else faults.get(la_code, []),
        }
        for la_code, extract_month, accepted, reason, attempted_at in attempts
    ]


def reference_used(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The files of `raw/reference` that the month was made with."""
    rows = connection.execute(
        """
        select file, sha256, rows from raw.reference_file
        union all
        select file, sha256, rows from raw.published_population_file
        order by file
        """
    ).fetchall()
    return [{"file": file, "sha256": sha256, "rows": rows} for file, sha256, rows in rows]


def newest_months(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """The month of the newest extract of each authority: one whose drop was refused is behind the others."""
    rows = connection.execute(
        """
        select la_code, strftime(max(extract_month), '%Y-%m')
        from indicators.fct_indicator_value
        group by la_code
        order by la_code
        """
    ).fetchall()
    return [{"la_code": la_code, "extract_month": month} for la_code, month in rows]


def write_manifests(release: Path, public: dict[str, Any], restricted: dict[str, Any]) -> dict[str, Any]:
    """Writes both manifests of a release and returns the full one: what is public, and what is restricted.

    `public` becomes `manifest.json` with the checksum of every file that may leave the service: call it when all
    other files are there. A key of both has its public content there, its restricted content in the full manifest.
    Raises WarehouseError if what was left out of `open/` holds more than names.
    """
    refuse_more_than_names(public[LEFT_OUT])
    tables = (files_of(table) for table in restricted.get("tables", ()))
    known = {file: sha256 for files in tables for file, sha256 in files.items()}
    public |= {"files": list(checksums(release, PUBLIC_ROOMS, known))}
    full = public | restricted
    for name, content in ((FULL_MANIFEST, full), (MANIFEST, public)):
        (release / name).write_bytes(to_json(content, indent=2) + b"\n")
    return full


def public_tables(tables: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The tables of `open/` for everybody: name, file, checksum and columns."""
    return [
        {key: table[key] for key in ("table", "file", "sha256", "columns") if key in table}
        for table in tables
        if table["file"].startswith(f"{OPEN}/")
    ]


def checksums(
    release: Path, rooms: Iterable[str], known: Mapping[str, str] | None = None
) -> Iterator[dict[str, str]]:
    """File and SHA-256 of every file in these folders of a release. `known`: those that need no reading."""
    sums = known or {}
    for room in rooms:
        for entry in entries_below(release / room) if (release / room).is_dir() else ():
            if entry.is_file():
                file = entry.path.removeprefix(f"{release}{os.sep}").replace(os.sep, "/")
                yield {"file": file, "sha256": sums.get(file) or sha256_of(Path(entry.path))}


def refuse_more_than_names(rows: Iterable[Mapping[str, Any]]) -> None:
    """Raises WarehouseError for a row left out of `open/` that has other keys, or a number in its reason."""
    for row in rows:
        texts = all(isinstance(value, str) for value in row.values())
        if set(row) != LEFT_OUT_KEYS or not texts or re.search(r"\d", row["reason"]):
            raise WarehouseError(f"manifest.json: {LEFT_OUT} may have only {', '.join(sorted(LEFT_OUT_KEYS))}")
