"""Writes a release again without what may no longer be kept, and lets it take the place of the first one.

Belongs here: the copy with its new tables, lists and manifests, and the change of places. It is complete before
anything reads it, and `latest` is switched in one step, so readers always find a whole release. Does not belong
here: which rows go or change (`pipelines.privacy`).

`open/` and `report/` are copied as they are: figures stay.
"""

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb

from pipelines.publish.published import (
    REWRITTEN,
    Release,
    current_release,
    refuse_changed,
    releases,
    switch,
)
from pipelines.publish.release_access import PUBLIC_FILE, give_modes
from pipelines.publish.release_database import CHECKSUMS, DATABASES, database_checksums
from pipelines.publish.release_manifest import (
    AUTHORITIES,
    FULL_MANIFEST,
    LEFT_OUT,
    MANIFEST,
    PUBLIC_ROOMS,
    DamagedReleaseError,
    entries_below,
    public_tables,
    read_manifest,
    write_manifests,
)
from pipelines.publish.retention import REMOVED, remove_release
from pipelines.publish.shared_partitions import EarlierFiles, TableRows, link_or_copy, plan, write_parquet
from pipelines.publish.write_release import UNFINISHED, free_id
from pipelines.settings import DataFolder
from pipelines.table_register import RESTRICTED
from pipelines.warehouse_file import OWNER_ONLY_FOLDER, copy_without_removed_rows

FROM = "rewritten_from"
KEY = "rewritten_for_key"
_WORK = ".work.duckdb"
ROW_AS_DELIVERED = "raw_row"
_TEXTS = {".csv", ".css", ".html", ".json", ".md", ".txt"}
_PUBLIC_KEYS = ("release_id", "created_at", "extract_month", "versions", "data_changes", AUTHORITIES, LEFT_OUT)


class ReleaseChange(Protocol):
    """What becomes of the restricted part of a release: first of its tables, then of its lists and pages."""

    def rows(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        """Changes or removes rows of a table, which is a copy."""

    def text(self, name: str, text: str) -> str | None:
        """What becomes of a list or page, by its name in `restricted/`. None: it is left out."""


def rewrite(folder: DataFolder, release: Release, change: ReleaseChange, key: str | None = None) -> Path:
    """Writes a release again, with a new id and the time of the first one, and returns its hidden folder.

    `key` is the fingerprint that the working file must have before `put_in_place` uses it; None: it always may.
    Raises BadInputError if a file of the release is missing or was changed since publication.
    """
    refuse_changed(release)
    month = release.manifest["extract_month"]
    id = free_id(folder, f"{month}_{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}")
    draft = folder.releases / f"{UNFINISHED}{id}"
    draft.mkdir(mode=OWNER_ONLY_FOLDER)
    (draft / RESTRICTED).mkdir()
    restricted = _write_restricted_tables(release, draft, change, [*_rewritten(folder), release])
    _copy_files(release.path, draft, change)
    tables = restricted + [table for table in release.manifest["tables"] if not _is_restricted(table)]
    public = {name: release.manifest[name] for name in _PUBLIC_KEYS if name in release.manifest}
    public |= {"release_id": id, FROM: release.id, "tables": public_tables(tables)}
    public.setdefault(LEFT_OUT, [])
    own = {
        "tables": tables,
        CHECKSUMS: database_checksums(draft),
        "rewritten_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        KEY: key,
    }
    others = release.manifest.keys() - public.keys() - own.keys() - {"files"}
    write_manifests(draft, public, {name: release.manifest[name] for name in others} | own)
    give_modes(draft)
    written = draft.with_name(f"{REWRITTEN}{id}")
    return draft.rename(written)


def put_in_place(folder: DataFolder, key: str | None) -> list[tuple[str, str]]:
    """Lets every rewritten release take the place of the first one. Returns the ids of both, the old one first.

    `key` is the fingerprint of the working file. A call that was cut short is finished by the next one. Call it
    while no run is going.
    """
    for written in sorted(folder.releases.glob(f"{REWRITTEN}*")):
        try:
            is_of_key = read_manifest(written).get(KEY) in (None, key)
        except DamagedReleaseError:
            is_of_key = False
        if is_of_key:
            written.rename(written.with_name(written.name.removeprefix(REWRITTEN)))
        else:
            # the change of keys that it was written for never happened
            shutil.rmtree(written)
    replaced = []
    for release in releases(folder):
        first = release.manifest.get(FROM)
        if first and (folder.releases / first).is_dir():
            current = current_release(folder)
            if current and current.id == first:
                switch(folder, release.id)
            remove_release(folder.releases / first)
            replaced.append((first, release.id))
    return replaced


def remove_leftovers(folder: DataFolder, *also: str) -> None:
    """Removes what killed commands left among the releases and nothing reads: half written, or half removed."""
    for prefix in (UNFINISHED, REMOVED, *also):
        for left_behind in folder.releases.glob(f"{prefix}*"):
            shutil.rmtree(left_behind)


def _is_restricted(table: dict[str, Any]) -> bool:
    return str(table["file"]).startswith(f"{RESTRICTED}/")


def _copy_files(release: Path, draft: Path, change: ReleaseChange) -> None:
    """Copies what may leave the service as it is, and lists and pages as `change` says. Leaves out tables."""
    for entry in entries_below(release):
        path = Path(entry.path)
        name = path.relative_to(release)
        room = name.parts[0]
        if not entry.is_file() or name.as_posix() in (MANIFEST, FULL_MANIFEST):
            continue
        if room in PUBLIC_ROOMS:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(path, draft / name, PUBLIC_FILE)
        elif path.suffix in _TEXTS:
            # an earlier version had quality/ beside restricted/
            inside = name.relative_to(RESTRICTED) if room == RESTRICTED else name
            text = change.text(inside.as_posix(), path.read_text(encoding="utf-8"))
            if text is not None:
                target = draft / RESTRICTED / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")


def _rewritten(folder: DataFolder) -> Iterator[Release]:
    """Releases that were written again and are not yet in place."""
    for path in sorted(folder.releases.glob(f"{REWRITTEN}*")):
        with contextlib.suppress(DamagedReleaseError):
            yield Release(path, read_manifest(path))


def _write_restricted_tables(
    release: Release, draft: Path, change: ReleaseChange, sharing: Sequence[Release]
) -> list[dict[str, Any]]:
    """Writes `restricted/` with changed rows. Returns the manifest entries of its tables."""
    tables = [table for table in release.manifest["tables"] if _is_restricted(table)]
    database = Path(RESTRICTED) / DATABASES[RESTRICTED]
    work = draft / _WORK
    try:
        shutil.copyfile(release.path / database, work)
        with duckdb.connect(str(work)) as connection:
            for table in tables:
                columns = [column["name"] for column in table["columns"]]
                change.rows(connection, table["table"], columns)
                if release.is_of_earlier_version and ROW_AS_DELIVERED in columns:
                    # an earlier version kept the ids of the case system
                    connection.execute(f"""update "{table["table"]}" set "{ROW_AS_DELIVERED}" = '{{}}'""")
            connection.execute("checkpoint")
            rows = (
                TableRows(table["table"], f'select * from "{table["table"]}"', table.get("extract"))
                for table in tables
            )
            planned = [plan(connection, each) for each in rows]
            entries = write_parquet(connection, draft, RESTRICTED, planned, EarlierFiles(sharing))
        copy_without_removed_rows(work, draft / database)
    except (duckdb.Error, FileNotFoundError) as error:
        raise DamagedReleaseError(release.path, f"{database} cannot be read") from error
    work.unlink()
    return entries
