"""The way back to a published drop, after a later one of its month was refused.

Belongs here: which drop a release was made from, and whether the archive or `raw/lcs` still has it. Does not
belong here: which differences are refused (`release_comparison`), loading a drop again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.calendar import Month
from pipelines.ingest.archived_drops import find_drop, is_delivered
from pipelines.publish.published import Release, releases
from pipelines.settings import DataFolder

Partition = tuple[str, Month]
"""An authority and a month."""


def published_checksums(releases: Sequence[Release], current: Release) -> dict[Partition, dict[str, str]]:
    """SHA-256 by file name of the drop behind every authority and month that the current release has.

    The newest release of a month says from which drop the month was made. If that one was removed, the current one
    says which drop was loaded then; it may be a later one that a gate refused. `releases` are in their order.
    """
    published = checksums_by_drop(current.manifest["drops"])
    for release in releases[: [release.id for release in releases].index(current.id) + 1]:
        own = release.manifest["extract_month"]
        of_release = checksums_by_drop(release.manifest["drops"])
        published |= {key: sums for key, sums in of_release.items() if str(key[1]) == own}
    return published


def checksums_by_drop(drops: Iterable[Mapping[str, Any]]) -> dict[Partition, dict[str, str]]:
    """SHA-256 by file name of every accepted drop in a manifest's list."""
    return {
        (drop["la_code"], Month.parse(drop["extract_month"])): {
            file["file"]: file["sha256"] for file in drop["files"]
        }
        for drop in drops
        if drop["accepted"]
    }


def way_back(
    folder: DataFolder, last: Release | None, loaded: Iterable[Mapping[str, Any]], partition: Partition
) -> str:
    """How to have the published figures of a month again that the loaded drops would change, in a sentence or two.

    `last`: the last release, if there is one. `loaded`: the drops as a manifest lists them.
    """
    if last is None:
        return ""
    la_code, month = partition
    published = published_checksums(releases(folder), last).get(partition, {})
    again = f"`warehouse run --month {month} --authority {la_code}` loads it again"
    if published and published == checksums_by_drop(loaded).get(partition):
        return "Its drop is the published one: the project, a population or another setting changed"
    if is_delivered(folder, la_code, month, published):
        return f"raw/lcs/{la_code}/{month} has its published drop: if that is right, {again}"
    drop = find_drop(folder, la_code, month, published)
    where = f"from {drop.folder} " if drop else ""
    return f"If its new drop is wrong, put its published drop back {where}into raw/lcs/{la_code}/{month}; {again}"
