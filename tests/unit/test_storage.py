"""A full disk and a place that cannot be written to are recognised wherever they were met; and what a run that was
killed left beside a file goes."""

import errno
import os
import resource
import tempfile
from pathlib import Path

import pytest
from taken_files import taken

from pipelines.calendar import Month
from pipelines.errors import BadInputError, BusyError, StorageFullError
from pipelines.ingest.archive import archive_drop
from pipelines.settings import DataFolder
from pipelines.storage import storage_fault, storage_faults_as_lines
from pipelines.warehouse_file import append_for_owner, open_warehouse, replaced_when_written, write_for_owner


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def system(code: int, path: str | None = None) -> OSError:
    return OSError(code, os.strerror(code), path)


@pytest.mark.parametrize(
    ("met", "kind", "words"),
    [
        (system(errno.ENOSPC, "/d/x"), StorageFullError, "no room to write /d/x: No space left on device"),
        (system(errno.EDQUOT, "/d/x"), StorageFullError, "no room to write /d/x: Disk quota exceeded"),
        (system(errno.EFBIG, "/d/x"), StorageFullError, "no room to write /d/x: File too large"),
        (system(errno.EROFS, "/d/x"), BadInputError, "cannot write /d/x: Read-only file system"),
        (system(errno.EACCES, "/d/x"), BadInputError, "no access to /d/x: Permission denied"),
        # as DuckDB says it, and dbt after it; the rest of the text stays out of the line
        (
            'Error in model m\n  IO Error: Could not write file "/d/w.wal": No space left on device (Zebedee)',
            StorageFullError,
            "no room to write /d/w.wal: No space left on device",
        ),
        (system(errno.ENOENT, "/d/x"), None, ""),
        (ValueError("31/02/2019"), None, ""),
        ("Binder Error: no such column", None, ""),
    ],
)
def test_a_fault_of_storage_is_one_line(folder, met, kind, words):
    told = storage_fault(met, folder)
    assert (type(told) if told else None) is kind
    assert str(told or "").startswith(words)
    assert "Zebedee" not in str(told)


def test_an_open_file_does_not_tell_where_and_one_of_our_places_is_named(folder):
    told = str(storage_fault(system(errno.ENOSPC), folder))
    places = (folder.warehouse, folder.releases, tempfile.gettempdir())
    assert any(told.startswith(f"no room to write {place}: ") for place in places)


def test_the_cause_counts_and_a_line_of_ours_goes_before_what_followed_it(folder):
    with pytest.raises(StorageFullError), storage_faults_as_lines(folder):
        try:
            raise system(errno.ENOSPC, "/d/x")
        except OSError as cause:
            raise RuntimeError("could not load") from cause
    with pytest.raises(BusyError, match="another run"), storage_faults_as_lines(folder):
        try:
            raise BusyError("another run")
        finally:
            raise system(errno.ENOSPC)
    with pytest.raises(RuntimeError), storage_faults_as_lines(folder):
        raise RuntimeError("something else")


def test_what_a_run_that_was_killed_left_beside_a_file_goes_when_the_file_is_written(tmp_path):
    (tmp_path / ".x.json.unfinished").write_text('{"half')
    write_for_owner(tmp_path / "x.json", b"{}")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"x.json": b"{}"}


def test_a_file_that_cannot_be_written_to_its_end_leaves_the_earlier_one(tmp_path):
    write_for_owner(tmp_path / "x.json", b"before")
    with pytest.raises(OSError), replaced_when_written(tmp_path / "x.json") as beside:
        beside.write_bytes(b"aft")
        raise system(errno.ENOSPC)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"x.json": b"before"}


def test_a_drop_that_was_half_archived_goes_when_another_content_is_archived(folder):
    month = Month.parse("2019-01")
    with taken("a.csv", b"1") as file:
        place = archive_drop(folder, "889", month, [file])
    half = place.with_name(".0123456789ab.unfinished")
    half.mkdir()
    (half / "b.csv").write_bytes(b"half")
    with taken("a.csv", b"1") as file:
        assert archive_drop(folder, "889", month, [file]) == place
    assert list(place.parent.iterdir()) == [place]


def test_what_duckdb_put_aside_in_a_run_that_was_killed_goes(folder):
    with open_warehouse(folder):
        pass
    aside = folder.warehouse / "warehouse.duckdb.tmp"
    aside.mkdir()
    (aside / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"rows")
    with open_warehouse(folder):
        assert not aside.exists()


def test_a_line_is_added_whole_or_not_at_all(tmp_path):
    log = tmp_path / "month.jsonl"
    append_for_owner(log, '{"event": 1}\n')
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))
    try:
        with pytest.raises(OSError, match="No space left"):
            append_for_owner(log, '{"event": 2}\n')
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    append_for_owner(log, '{"event": 3}\n')
    assert log.read_text() == '{"event": 1}\n{"event": 3}\n'
