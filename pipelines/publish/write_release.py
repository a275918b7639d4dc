"""Writing a release: complete or not at all.

A release is written into a folder whose name nothing reads, and renamed when every file is closed. If it may
replace the last one, `latest` is switched to it. Only their owner can read the files under `restricted/`.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.calendar import Month
from pipelines.errors import BadInputError, GateRefusedError
from pipelines.findings import DIFFERENCE, MonthFindings, month_findings, write_findings
from pipelines.progress import Progress
from pipelines.publish.corrections import Corrections
from pipelines.publish.data_changes import Announcement, announcements
from pipelines.publish.published import HIDDEN, Release, damaged_releases, last_release, switch
from pipelines.publish.release_comparison import ReleaseComparison, compare
from pipelines.publish.release_manifest import versions, write_manifest
from pipelines.publish.release_tables import WrittenTables, write_tables
from pipelines.report import (
    quality_page,
    write_dictionary,
    write_month_page,
    write_monthly_report,
    write_team_report,
)
from pipelines.settings import DataFolder, DisclosureRules
from pipelines.table_register import OPEN, RESTRICTED, released_tables, table_register

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
    for damaged in damaged_releases(folder):
        progress.warning(f"{damaged}. The run leaves it alone: restore or remove {damaged.path}")
    with _faults_of_writing():
        draft = _begin(folder, month)
        written = write_tables(folder, month_findings(folder, month), draft.path, rules, progress)
        comparison = compare(
            last_release(folder),
            Release(draft.path, {"extract_month": str(month), "tables": written.tables}),
            announced,
            corrections,
            released_tables(table_register(folder.dbt_manifest), RESTRICTED, OPEN),
        )
        _refuse_unannounced(folder, comparison, draft)
        # the findings have the comparison now
        findings = month_findings(folder, month)
        _write_quality(findings, draft.path / "quality")
        _write_report(folder, draft.path, rules, progress)
        write_dictionary(folder.dbt_manifest, draft.path / "report", written.tables)
        manifest = _manifest(draft, written, findings, comparison, announced) | {
            "seconds": {name: round(taken, 3) for name, taken in progress.seconds.items()}
        }
        write_manifest(draft.path / "manifest.json", manifest)
        return _finish(folder, draft, manifest)


@contextmanager
def _faults_of_writing() -> Iterator[None]:
    try:
        yield
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise BadInputError(f"the release cannot be written: {error.strerror}: {error.filename}") from error


def _begin(folder: DataFolder, month: Month) -> _Draft:
    """An empty draft with a new id. Removes drafts that a killed run has left."""
    folder.releases.mkdir(parents=True, exist_ok=True)
    for left_behind in folder.releases.glob(UNFINISHED + "*"):
        shutil.rmtree(left_behind)
    created_at = dt.datetime.now(dt.UTC)
    release_id = _free_id(folder, f"{month}_{created_at:%Y%m%dT%H%M%SZ}")
    path = folder.releases / (UNFINISHED + release_id)
    for name in (OPEN, RESTRICTED, "quality"):
        (path / name).mkdir(parents=True)
    (path / RESTRICTED).chmod(0o700)
    return _Draft(release_id, month, created_at, path)


def _free_id(folder: DataFolder, wanted: str) -> str:
    number, release_id = 1, wanted
    while (folder.releases / release_id).exists():
        number += 1
        release_id = f"{wanted}-{number}"
    return release_id


def _refuse_unannounced(folder: DataFolder, comparison: ReleaseComparison, draft: _Draft) -> None:
    """Adds the comparison to the month's findings. If it refuses, removes the draft, raises GateRefusedError."""
    write_findings(folder, draft.month, DIFFERENCE, comparison.to_json())
    lines = comparison.refusal_lines()
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


def _write_report(folder: DataFolder, release: Path, rules: DisclosureRules, progress: Progress) -> None:
    """Writes the pages for people, from the release's own tables."""
    for warning in write_monthly_report(release, folder.commentary, rules.smallest_shown):
        progress.warning(warning)
    write_team_report(release)


def _manifest(
    draft: _Draft,
    written: WrittenTables,
    findings: MonthFindings,
    comparison: ReleaseComparison,
    announced: Sequence[Announcement],
) -> dict[str, Any]:
    return {
        "release_id": draft.id,
        "created_at": draft.created_at.isoformat(timespec="seconds"),
        "extract_month": str(draft.month),
        "versions": versions(),
        "drops": written.drops,
        "rules": findings.rule_health,
        "gates": findings.gates,
        "waivers": findings.waivers_used,
        "differences": comparison.summary(),
        "corrections": comparison.corrections_made(),
        "data_changes": [announcement.digest for announcement in announced],
        "tables": written.tables,
    }


def _finish(folder: DataFolder, draft: _Draft, manifest: dict[str, Any]) -> Release:
    """Gives the draft the name of a release and makes it the latest."""
    for path in (draft.path / RESTRICTED).rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    final = folder.releases / draft.id
    draft.path.rename(final)
    switch(folder, draft.id)
    return Release(final, manifest)
