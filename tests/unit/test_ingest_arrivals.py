"""When a drop is complete."""

import datetime as dt
import errno
import json
import os
from pathlib import Path

import pytest
from ingest_drops import place

from pipelines import settings
from pipelines.calendar import Month
from pipelines.errors import UsageError
from pipelines.ingest.arrivals import Known, look_for_drops
from pipelines.settings import DataFolder, quiet_minutes


def in_minutes(minutes: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    found = DataFolder(tmp_path)
    (place(found, "2019-01") / "ssd_person.csv").write_text("a")
    return found


@pytest.mark.parametrize(
    ("has_mark", "quiet", "minutes", "is_complete"),
    [
        (False, 15, 14.5, False),
        (False, 15, 15.5, True),
        (False, None, 1000, False),
        (True, None, 0, True),
        (True, 15, 0, True),
    ],
)
def test_a_drop_is_complete_with_its_mark_or_after_a_quiet_time(folder, has_mark, quiet, minutes, is_complete):
    if has_mark:
        (place(folder, "2019-01") / "_SUCCESS").touch()
    found = look_for_drops(folder, Known(), in_minutes(minutes), quiet)
    assert [arrival.month for arrival in found.arrivals] == ([Month(2019, 1)] if is_complete else [])
    assert found.incomplete == ([] if is_complete else [Month(2019, 1)])


def test_a_month_waits_for_every_drop_that_has_begun_to_come(folder):
    (place(folder, "2019-01") / "_SUCCESS").touch()
    (place(folder, "2019-01", "889") / "ssd_person.csv").write_text("b")
    assert look_for_drops(folder, Known(), in_minutes(0), None).incomplete == [Month(2019, 1)]


def test_a_month_that_has_not_ended_is_left_alone(folder):
    now = dt.datetime(2019, 1, 31, 23, 59, tzinfo=dt.UTC)
    found = look_for_drops(folder, Known(), now, 0)
    assert (found.arrivals, found.incomplete) == ([], [])


def test_the_same_content_again_is_not_new_and_a_later_one_is(folder):
    first = look_for_drops(folder, Known(), in_minutes(20), 15)
    (place(folder, "2019-01") / "ssd_person.csv").write_text("a")
    assert not look_for_drops(folder, first.known, in_minutes(20), 15).arrivals
    (place(folder, "2019-01") / "ssd_person.csv").write_text("b")
    (second,) = look_for_drops(folder, first.known, in_minutes(20), 15).arrivals
    assert second.content != first.arrivals[0].content


def test_what_is_no_object_changes_nothing(folder):
    first = look_for_drops(folder, Known(), in_minutes(20), 15)
    (place(folder, "2019-01") / "notes.txt").write_text("from the desk")
    assert not look_for_drops(folder, first.known, in_minutes(20), 15).arrivals


def test_what_the_last_run_of_a_month_read_is_not_asked_for(folder):
    first = look_for_drops(folder, Known(), in_minutes(20), 15)
    sums = {
        "file": "ssd_person.csv",
        "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
        "rows_rejected": 0,
    }
    drop = {"la_code": "888", "accepted": True, "reason": ""}
    findings = folder.findings / "2019-01"
    findings.mkdir(parents=True)
    ingest = findings / "ingest.json"
    ingest.write_text(json.dumps([drop | {"files": [sums]}]))
    assert not look_for_drops(folder, Known(), in_minutes(20), 15).arrivals
    ingest.write_text(json.dumps([drop | {"files": [sums | {"sha256": "00"}]}]))
    assert look_for_drops(folder, Known(), in_minutes(20), 15).arrivals == first.arrivals


@pytest.mark.parametrize(("given", "minutes"), [("", 15), ("0", 0), ("2.5", 2.5), ("off", None), (" OFF ", None)])
def test_the_quiet_time_is_a_setting(monkeypatch, given, minutes):
    monkeypatch.setenv(settings.QUIET_VARIABLE, given)
    assert quiet_minutes() == minutes


@pytest.mark.parametrize("given", ["-1", "soon", "inf", "nan"])
def test_a_quiet_time_that_is_none_is_refused(monkeypatch, given):
    monkeypatch.setenv(settings.QUIET_VARIABLE, given)
    with pytest.raises(UsageError, match="WAREHOUSE_QUIET_MINUTES must be a number of minutes or off"):
        quiet_minutes()


@pytest.mark.parametrize("kind", ["a link to nothing", "a pipe", "no permission", "a folder that is a link"])
def test_a_drop_that_cannot_be_read_is_asked_for_once_and_stops_no_other_month(folder, monkeypatch, kind):
    path = place(folder, "2019-02")
    if kind == "a pipe":
        os.mkfifo(path / "ssd_person.csv")
    elif kind == "a link to nothing":
        (path / "ssd_person.csv").symlink_to("nothing")
    elif kind == "a folder that is a link":
        path.rmdir()
        path.symlink_to(place(folder, "2019-01"))
    else:
        # not by its mode, because the tests may run as a user who can read every folder
        listed = Path.iterdir

        def denied(of):
            if of == path:
                raise PermissionError(errno.EACCES, "Permission denied", str(of))
            return listed(of)

        monkeypatch.setattr(Path, "iterdir", denied)
    first = look_for_drops(folder, Known(), in_minutes(20), 15)
    assert [arrival.month for arrival in first.arrivals] == [Month(2019, 1), Month(2019, 2)]
    assert look_for_drops(folder, first.known, in_minutes(20), 15).arrivals == []
