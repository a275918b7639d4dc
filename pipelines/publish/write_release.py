"""Writing a release: complete or not at all.

A release is written into a folder whose name nothing reads and that only its owner can open. It is renamed when
every file is closed and has its mode. If it may replace the last one, `latest` is switched to it.
"""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.calendar import Month
from pipelines.dictionary.indicators import own_numbers
from pipelines.errors import BadInputError, GateRefusedError
from pipelines.findings import DIFFERENCE, MonthFindings, month_findings, write_findings
from pipelines.progress import Progress
from pipelines.publish.corrections import Corrections
from pipelines.publish.data_changes import Announcement, announcements
from pipelines.publish.published import HIDDEN, REWRITTEN, Release, last_release, listed_releases, switch
from pipelines.publish.release_access import give_modes, make_public_folder, take_modes_away
from pipelines.publish.release_comparison import ReleaseComparison, compare
from pipelines.publish.release_database import CHECKSUMS
from pipelines.publish.release_manifest import AUTHORITIES, LEFT_OUT, public_tables, versions, write_manifests
from pipelines.publish.release_tables import WrittenTables, write_tables
from pipelines.publish.shared_partitions import share_folder
from pipelines.publish.way_back import Partition, way_back
from pipelines.reference import own_rows
from pipelines.report import (
    dictionary_state,
    quality_page,
    write_dictionary,
    write_month_page,
    write_reports,
)
from pipelines.report.links import DICTIONARY
from pipelines.settings import DataFolder, DisclosureRules
from pipelines.table_register import OPEN, RESTRICTED, released_tables, table_register
from pipelines.warehouse_file import OWNER_ONLY_FOLDER

UNFINISHED = f"{HIDDEN}unfinished-"


@dataclass(frozen=True)
class _Draft:
    """A release that is being written. `path` is the folder that nothing reads yet."""

    id: str
    month: Month
    created_at: dt.datetime
    path: Path


def publish_month(
    folder: DataFolder,
    month: Month,
    corrections: Corrections,
    rules: DisclosureRules,
    progress: Progress,
) -> Release:
    """Writes the release of a month's run and makes it the latest.

    Raises GateRefusedError if tables or figures differ from those of the last release without an announcement,
    BadInputError if the marts folder cannot be written to; then the last release stays the latest.
    """
    announced = announcements()
    for damaged in listed_releases(folder)[1]:
        progress.warning(f"{damaged}. The run leaves it alone: restore or remove {damaged.path}")
    if any(folder.releases.glob(f"{REWRITTEN}*")):
        progress.warning("`warehouse forget` or `rekey` was interrupted: call it again, which finishes it")
    _protect_earlier_releases(folder, progress)
    with _faults_of_writing():
        draft = _begin(folder, month)
        written = write_tables(folder, month_findings(folder, month), draft.path, rules, progress)
        last = last_release(folder)
        comparison = compare(
            last,
            Release(draft.path, {"extract_month": str(month), "tables": written.tables}),
            announced,
            corrections,
            released_tables(table_register(folder.dbt_manifest), RESTRICTED, OPEN),
        )
        _refuse_unannounced(folder, comparison, draft, partial(way_back, folder, last, written.drops))
        # the findings have the comparison now
        findings = month_findings(folder, month)
        _write_quality(findings, draft.path / RESTRICTED / "quality")
        _write_report(folder, draft.path, written, rules, progress)
        dictionary = _write_dictionary(folder, draft.path, written, last, progress)
        manifest = write_manifests(
            draft.path,
            _public_manifest(draft, written, announced),
            _restricted_manifest(written, findings, comparison)
            | {DICTIONARY: dictionary}
            | {"seconds": {name: round(taken, 3) for name, taken in progress.seconds.items()}},
        )
        return _finish(folder, draft, manifest)


def _protect_earlier_releases(folder: DataFolder, progress: Progress) -> None:
    """Lets only the owner read what earlier versions let everybody read. Warns where this cannot be done."""
    for path in sorted(folder.releases.glob("*")):
        if path.is_dir() and not path.is_symlink():
            try:
                take_modes_away(path)
            except OSError as error:
                progress.warning(
                    f"release {path.name}: others can read {error.filename}: {error.strerror}. "
                    "Let its owner run: chmod -R go-rwx restricted quality manifest.json"
                )


@contextmanager
def _faults_of_writing() -> Iterator[None]:
    try:
        yield
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise BadInputError(f"the release cannot be written: {error.strerror}: {error.filename}") from error


def _begin(folder: DataFolder, month: Month) -> _Draft:
    """An empty draft with a new id. Removes drafts that a killed run has left."""
    make_public_folder(folder.releases)
    for left_behind in folder.releases.glob(UNFINISHED + "*"):
        shutil.rmtree(left_behind)
    created_at = dt.datetime.now(dt.UTC)
    release_id = free_id(folder, f"{month}_{created_at:%Y%m%dT%H%M%SZ}")
    path = folder.releases / (UNFINISHED + release_id)
    path.mkdir(mode=OWNER_ONLY_FOLDER)
    for name in (OPEN, RESTRICTED, f"{RESTRICTED}/quality"):
        (path / name).mkdir()
    return _Draft(release_id, month, created_at, path)


def free_id(folder: DataFolder, wanted: str) -> str:
    """The id that is wanted, with a number if a release has it already, or one that is being written."""
    number, release_id = 1, wanted
    while any(folder.releases.glob(f"*{release_id}")):
        number += 1
        release_id = f"{wanted}-{number}"
    return release_id


def _refuse_unannounced(
    folder: DataFolder, comparison: ReleaseComparison, draft: _Draft, back: Callable[[Partition], str]
) -> None:
    """Adds the comparison to the month's findings. If it refuses, removes the draft, raises GateRefusedError."""
    write_findings(folder, draft.month, DIFFERENCE, comparison.to_json())
    lines = comparison.refusal_lines(back)
    if lines:
        write_month_page(folder, draft.month)
        shutil.rmtree(draft.path)
        raise GateRefusedError("\n".join(lines))


def _write_quality(findings: MonthFindings, room: Path) -> None:
    """Writes what was checked and found, for people and for machines."""
    (room / "index.html").write_text(quality_page(findings), encoding="utf-8")
    for name, content in (
        ("gates", findings.gates),
        ("rules", findings.rules),
        (DIFFERENCE, findings.difference),
    ):
        (room / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _write_report(
    folder: DataFolder, release: Path, written: WrittenTables, rules: DisclosureRules, progress: Progress
) -> None:
    """Writes the pages for people, from the release's own tables."""
    numbers = own_numbers(own_rows(folder, "parameters"))
    for warning in write_reports(
        release, folder.commentary, rules.smallest_shown, written.left_out, own_numbers=numbers
    ):
        progress.warning(warning)


def _write_dictionary(
    folder: DataFolder, release: Path, written: WrittenTables, last: Release | None, progress: Progress
) -> str:
    """Writes the dictionary, or shares that of the last release if it says the same. Returns its state."""
    state, place = dictionary_state(folder, written.tables), f"report/{DICTIONARY}"
    if last is not None and last.manifest.get(DICTIONARY) == state:
        if share_folder(last, place, release):
            return state
        progress.warning(
            f"release {last.id}: {place} has changed since publication. The new release has it anew: "
            "restore it in the earlier ones"
        )
    write_dictionary(folder, release / "report", written.tables)
    return state


def _public_manifest(draft: _Draft, written: WrittenTables, announced: Sequence[Announcement]) -> dict[str, Any]:
    """What everybody may know of a release. It counts nothing."""
    return {
        "release_id": draft.id,
        "created_at": draft.created_at.isoformat(timespec="seconds"),
        "extract_month": str(draft.month),
        "versions": versions(),
        "data_changes": [announcement.digest for announcement in announced],
        AUTHORITIES: written.authorities,
        LEFT_OUT: written.left_out,
        "tables": public_tables(written.tables),
    }


def _restricted_manifest(
    written: WrittenTables, findings: MonthFindings, comparison: ReleaseComparison
) -> dict[str, Any]:
    """What only the service may know: it holds counts of rows, findings and differences."""
    return {
        "drops": written.drops,
        "reference": written.reference,
        "rules": findings.rule_health,
        "gates": findings.gates,
        "waivers": findings.waivers_used,
        "differences": comparison.summary(),
        "corrections": comparison.corrections_made(),
        "tables": written.tables,
        CHECKSUMS: written.databases,
    }


def _finish(folder: DataFolder, draft: _Draft, manifest: dict[str, Any]) -> Release:
    """Gives the draft the name of a release and makes it the latest."""
    give_modes(draft.path)
    final = folder.releases / draft.id
    draft.path.rename(final)
    switch(folder, draft.id)
    return Release(final, manifest)
