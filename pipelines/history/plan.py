"""What a rebuild will do: which months it makes again, which it cannot, and what will be different.

Belongs here: reading releases, archive and working file. Does not belong here: changing any of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.ingest.archived_drops import DropFiles, find_drop, is_in_a_folder
from pipelines.publish import Release, releases
from pipelines.publish.published import last_release
from pipelines.publish.way_back import Partition, published_checksums
from pipelines.release_layout import parquet_of
from pipelines.settings import DataFolder
from pipelines.table_register import RESTRICTED
from pipelines.warehouse_file import open_in_memory, open_warehouse

_REPORTED = """
    select distinct la_code, strftime(extract_month, '%Y-%m')
    from read_parquet(?, hive_partitioning = false)
    where basis = 'as_reported'
"""
_LOADED = """
    select distinct la_code, strftime(extract_month, '%Y-%m')
    from raw.drop
    where is_loaded
"""
_WITH_PEOPLE = """
    select distinct la_code, strftime(extract_month, '%Y-%m')
    from raw.ssd_person
"""


@dataclass(frozen=True)
class RebuildPlan:
    """What a rebuild of the working file will do, from the drops behind the current release.

    `missing`: the published drop of a month is missing or was changed, or a month that is left out has rows and
    no drop at all. `forgotten`: drop and rows are gone, as after `warehouse forget`, and only the figures are
    left. `unpublished`: loaded, and in no figure of the release.
    """

    release: Release
    drops: tuple[DropFiles, ...]
    missing: tuple[Partition, ...]
    forgotten: tuple[Partition, ...]
    unpublished: tuple[Partition, ...]

    @property
    def months(self) -> list[Month]:
        """The months to make again, in order."""
        return sorted({drop.month for drop in self.drops})

    def lines(self) -> list[str]:
        """What will be done, for a person."""
        rebuilt = [(drop.la_code, drop.month) for drop in self.drops]
        return [
            f"a new working file, from the drops behind release {self.release.id}",
            *(f"made again: {line}" for line in _by_authority(rebuilt)),
            *(f"figures only, rows and drop were removed: {line}" for line in _by_authority(self.forgotten)),
            *(
                f"left out, not published: {line}; run it afterwards, with its files in raw/lcs"
                for line in _by_authority(self.unpublished)
            ),
            *self.missing_lines(),
            "different afterwards: the time when each drop was loaded; restated figures and rows of children "
            "follow today's definitions and populations; refused drops are not listed any more",
            "unchanged: figures as reported. If one differs from the release, the rebuild stops",
            "the rebuild does not run the gates, and does not change releases, archive or the pseudonym key",
        ]

    def missing_lines(self) -> list[str]:
        """One line per drop that has to be found first, with what to do."""
        return [
            f"{la_code} {month}: the drop is missing in the archive, or was changed: put its files, as they were "
            f"delivered, into raw/lcs/{la_code}/{month}"
            for la_code, month in self.missing
        ]


def what_to_rebuild(folder: DataFolder) -> RebuildPlan:
    """What `rebuild` would do. Raises BadInputError if nothing is published yet."""
    current = last_release(folder)
    if current is None:
        raise BadInputError(f"there is no release in {folder.releases}: there is no history to rebuild")
    reported, loaded, with_people = _reported(current), *_in_working_file(folder)
    checksums = published_checksums(releases(folder), current)
    drops = {
        partition: find_drop(folder, *partition, checksums.get(partition, {})) for partition in sorted(reported)
    }
    without = [partition for partition, drop in drops.items() if drop is None]
    forgotten = [part for part in without if part not in with_people and not is_in_a_folder(folder, *part)]
    # their rows would be lost: no run could load them afterwards
    lost = [part for part in (loaded - reported) & with_people if not is_in_a_folder(folder, *part)]
    return RebuildPlan(
        current,
        tuple(drop for drop in drops.values() if drop),
        missing=tuple(sorted({*without, *lost} - {*forgotten})),
        forgotten=tuple(forgotten),
        unpublished=tuple(sorted(loaded - reported)),
    )


def _reported(release: Release) -> set[Partition]:
    files = parquet_of(release.path / RESTRICTED, "fct_indicator_value")
    if files is None:
        raise BadInputError(f"release {release.id} is incomplete: fct_indicator_value is missing")
    with open_in_memory() as connection:
        return _partitions(connection.execute(_REPORTED, [files]).fetchall())


def _in_working_file(folder: DataFolder) -> tuple[set[Partition], set[Partition]]:
    """What is loaded, and what has rows of people. Without a working file, or with an empty one: nothing."""
    if not folder.database.exists():
        return set(), set()
    with open_warehouse(folder, read_only=True) as connection:
        if not connection.execute("select 1 from duckdb_tables() where schema_name = 'raw'").fetchall():
            return set(), set()
        return (
            _partitions(connection.execute(_LOADED).fetchall()),
            _partitions(connection.execute(_WITH_PEOPLE).fetchall()),
        )


def _partitions(rows: Iterable[tuple[str, str]]) -> set[Partition]:
    return {(la_code, Month.parse(month)) for la_code, month in rows}


def _by_authority(partitions: Iterable[Partition]) -> list[str]:
    months: dict[str, list[str]] = {}
    for la_code, month in sorted(partitions):
        months.setdefault(la_code, []).append(str(month))
    return [f"{la_code}: {', '.join(listed)}" for la_code, listed in months.items()]
