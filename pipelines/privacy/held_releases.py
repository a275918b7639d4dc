"""The releases that hold what `forget` and `rekey` remove, and what becomes of them.

Belongs here: finding them by the values in their tables, which are there also if a manifest is damaged; removing
them, or writing them again. Does not belong here: which rows are too old, what a new pseudonym is (`forget`,
`rekey`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.errors import BadInputError
from pipelines.privacy import ForReleases
from pipelines.publish import DamagedReleaseError, Release, current_release, marks, needed_release, releases
from pipelines.publish.published import refuse_changed
from pipelines.publish.retention import remove_release
from pipelines.publish.rewrite_release import put_in_place, remove_leftovers
from pipelines.release_layout import sql_of, tables_of
from pipelines.settings import DataFolder
from pipelines.table_register import RESTRICTED
from pipelines.warehouse_file import SPILL, open_in_memory

A_HASH = "[0-9a-f]{32}"


@dataclass(frozen=True)
class HeldRelease:
    """A release that holds what is removed. `holds`: what, in words. `marks`: why it stays, or `damaged`."""

    path: Path
    holds: str
    marks: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The release and what it holds, for a person."""
        marks = f" ({', '.join(self.marks)})" if self.marks else ""
        return f"release {self.path.name} holds {self.holds}{marks}"


Held = Callable[[duckdb.DuckDBPyConnection, Mapping[str, str]], str]
"""What a release holds of what is removed, in words, or nothing. Its tables: SQL that reads each, by name."""


def held_releases(folder: DataFolder, held: Held) -> tuple[HeldRelease, ...]:
    """Every release that holds something of what is removed, in the order of their ids. Includes damaged ones."""
    known = releases(folder)
    why = marks(known, current_release(folder))
    paths = sorted(folder.releases.glob("[!.]*")) if folder.releases.is_dir() else []
    with open_in_memory(folder.warehouse / SPILL) as connection:
        all_releases = [
            HeldRelease(path, _held(connection, path, held), tuple(why.get(path.name, ["damaged"])))
            for path in paths
            if path.is_dir() and not path.is_symlink()
        ]
    return tuple(release for release in all_releases if release.holds)


def lines_of(held: Sequence[HeldRelease], asked: ForReleases) -> Iterator[str]:
    """Which releases hold what is removed, and what becomes of them."""
    if not held:
        return
    yield from (release.line for release in held)
    yield {
        ForReleases.KEEP: "these releases stay as they are: --releases rewrite writes each again without it, "
        "--releases remove removes them and writes only the current one again",
        ForReleases.REWRITE: "these releases are written again without it; figures and pages for everybody stay",
        ForReleases.REMOVE: "these releases are removed with their figures; only the current one is written again",
    }[asked]


def releases_to_rewrite(folder: DataFolder, held: Sequence[HeldRelease], asked: ForReleases) -> list[Release]:
    """The releases to write again. `remove` has the current one written again: `latest` always names a release.

    Raises BadInputError if one of them is damaged, or was changed since its publication.
    """
    if asked is ForReleases.KEEP:
        return []
    current = _current_path(folder)
    chosen = [each.path for each in held if asked is ForReleases.REWRITE or each.path == current]
    known = {release.path: release for release in releases(folder)}
    damaged = [path for path in chosen if path not in known]
    if damaged:
        raise BadInputError(
            f"a damaged release cannot be written again: {', '.join(path.name for path in damaged)}. Restore it, "
            "or remove its folder from marts/releases; if it is the current one, first run its month again"
        )
    for path in chosen:
        refuse_changed(known[path])
    return [known[path] for path in chosen]


def settle_releases(
    folder: DataFolder, held: Sequence[HeldRelease], asked: ForReleases, key: str | None
) -> list[str]:
    """Puts rewritten releases in place and, with `remove`, removes the others. Returns one line for each."""
    lines = [f"release {first} is written again as {now}" for first, now in put_in_place(folder, key)]
    if asked is ForReleases.REMOVE:
        for release in held:
            if release.path.exists():
                remove_release(release.path)
                lines.append(f"release {release.path.name} is removed")
    remove_leftovers(folder)
    return lines


def _current_path(folder: DataFolder) -> Path | None:
    try:
        return needed_release(folder).path
    except DamagedReleaseError as damaged:
        return damaged.path
    except BadInputError:
        return None


def _held(connection: duckdb.DuckDBPyConnection, release: Path, held: Held) -> str:
    room = release / RESTRICTED
    try:
        tables = {table: sql for table in tables_of(room) if (sql := sql_of(room, table))}
        holds = held(connection, tables)
    except (duckdb.Error, OSError):
        return "tables that cannot be read"
    if not tables and (room / "warehouse.duckdb").exists():
        return "a DuckDB file without its parquet files"
    return holds
