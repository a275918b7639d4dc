"""Killed at any point, without room, without the right to write, read all the while: the current release stays
whole, and the month, run again, gives what it would have given.

A run is killed by SIGKILL, in a fork of a warm process (`crash_server`). A chain kills one run after another, each
beginning on what the one before left, looks at the release after every one, and ends with a run that nobody
disturbs. Most chains run some steps of the month only, through the command all the same: what leads up to the step
takes longer than the step. The first chain and, in `make test-long`, every point run the whole month.
"""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crash_reader
import pytest
from crash_disk import read_only, small_disk
from crash_runs import Point, Runs, copy_folder, drawn, events_of, warm_server
from crash_state import CurrentRelease, current, files, published, tables, unfinished
from small_authority import cin_plan, drop, write_drop

from pipelines.calendar import Month
from pipelines.month import holder
from pipelines.month.run_record import record_of
from pipelines.watch import status

SEED = 20190228
BEFORE, MONTH = "2019-01", "2019-02"
FEWEST_POINTS = 60
UNEXPECTED, BAD_INPUT = 1, 4
KILOBYTE, MEGABYTE = 2**10, 2**20
INGEST, TRANSFORM, GATE_MARTS, RELEASE = (
    ("comparators", "ingest", "rules", "gate_raw"),
    ("transform",),
    ("gate_marts",),
    ("release",),
)
NEXT = {INGEST: "dbt", TRANSFORM: "gate marts", GATE_MARTS: "publish", RELEASE: "end", None: "end"}
"""The stage that follows on steps: a copy of the undisturbed data folder is kept of every one of them."""
BEGINS = {INGEST: "start", TRANSFORM: "dbt", RELEASE: "publish"}


@dataclass(frozen=True)
class Undisturbed:
    """A month of which nothing was killed: copies of the data folder at the start, when some stages began, and at
    the end; every event that the run told, by stage; and the packages that it had imported."""

    at: Mapping[str, Path]
    events: Mapping[str, Sequence[str]]
    packages: Sequence[str]


@pytest.fixture(scope="module")
def runs(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with warm_server(tmp_path_factory.mktemp("crash"), built_project) as server:
        yield server


@pytest.fixture(scope="module")
def undisturbed(runs: Runs, built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """January published, then February, of which one row is rejected."""
    copies = tmp_path_factory.mktemp("copies")
    copy_folder(built_project, runs.data)
    write_drop(runs.data, BEFORE, drop(BEFORE))
    month = drop(MONTH)
    month["ssd_cin_plans"].append(cin_plan("c9", "cin", "31/02/2019"))
    write_drop(runs.data, MONTH, month)
    first = runs.run(BEFORE)
    assert first.status == 0, first.err
    at = {stage: copies / stage for stage in ("start", "dbt", "gate marts", "publish", "end")}
    copy_folder(runs.data, at["start"])
    second = runs.run(MONTH, copies={stage: at[stage] for stage in ("dbt", "gate marts", "publish")})
    assert second.status == 0, second.err
    copy_folder(runs.data, at["end"])
    assert unfinished(runs.folder) == []
    return Undisturbed(at, second.events, second.packages)


def kill(runs: Runs, before: CurrentRelease, point: Point, steps: Sequence[str] | None) -> CurrentRelease:
    """Kills a run and gives the release after it: the one of before, as it was, or the whole new one."""
    end = runs.run(MONTH, steps=steps, kill=point)
    try:
        assert (end.was_killed, end.errors) == (True, [])
        now = current(runs.folder)
        if now.path == before.path:
            assert now.checksums == before.checksums
        else:
            assert (point.stage, now.month) == ("publish", MONTH)
        if steps is None or RELEASE[0] in steps:
            hold_that_it_is_known(runs, now.path != before.path)
    except AssertionError as fault:
        raise AssertionError(f"killed at {point}") from fault
    return now


def hold_that_it_is_known(runs: Runs, is_published: bool) -> None:
    """Holds that nobody seems to run, and that status says of the month what happened and what follows."""
    record = record_of(runs.folder, Month.parse(MONTH))
    said = [line for line in status(runs.folder, dt.datetime.now(dt.UTC))["problems"] if MONTH in line]
    assert holder(runs.folder) is None
    if record is not None and record.status == "published":
        assert is_published
    elif is_published:
        assert any("its run was killed when" in line for line in said), said
    else:
        assert any("the run died at" in line or "not run yet" in line for line in said), said


# a chain: the state it begins on, the steps that are run (None: all), and its points by stage
CHAINS: dict[str, tuple[str, tuple[str, ...] | None, dict[str, int]]] = {
    "the whole month": (
        "start",
        None,
        {"start": 1, "comparators": 1, "load": 1, "rules": 1, "gate raw": 1, "dbt": 1, "publish": 1},
    ),
    "ingest": ("start", INGEST, {"comparators": 3, "read and check": 2, "load": 24, "rules": 4, "gate raw": 3}),
    "transform": ("dbt", TRANSFORM, {"dbt": 3}),
    "gate marts": ("gate marts", GATE_MARTS, {"gate marts": 3}),
    "release": ("publish", RELEASE, {"publish": 9}),
}


def points_of(chain: str, undisturbed: Undisturbed) -> list[Point]:
    points = drawn(undisturbed.events, CHAINS[chain][2], SEED)
    if chain == "release":
        # the places where one thing is there and the next is not
        for words in (("os.rename", "marts/"), ("os.symlink", "marts/"), ("open", "manifest.json")):
            points += events_of(undisturbed.events, "publish", *words)
    return points


# the kills of a whole month stop its ingest and its release, too
@pytest.mark.parametrize(
    "chain",
    [pytest.param(chain, marks=pytest.mark.long) if chain in {"ingest", "release"} else chain for chain in CHAINS],
)
def test_a_month_killed_again_and_again_ends_as_if_it_had_not_been(runs, undisturbed, chain):
    begins_at, steps, _ = CHAINS[chain]
    runs.put(undisturbed.at[begins_at])
    release = current(runs.folder)
    for point in points_of(chain, undisturbed):
        release = kill(runs, release, point, steps)
    hold_that_it_ends_well(runs, undisturbed, steps)


def hold_that_it_ends_well(runs: Runs, undisturbed: Undisturbed, steps: tuple[str, ...] | None) -> None:
    """Runs the steps to their end and holds that the data folder is as in the undisturbed run then."""
    last = runs.run(MONTH, steps=steps)
    assert (last.status, last.errors) == (0, [])
    hold_equal(runs, undisturbed.at[NEXT[steps]])


def hold_equal(runs: Runs, expected: Path) -> None:
    """Holds that the data folder is as another: tables, current release, files, and that nothing is unfinished."""
    other = type(runs.folder)(expected)
    assert unfinished(runs.folder) == []
    assert tables(runs.folder.database) == tables(other.database)
    assert published(runs.folder.latest.resolve()) == published(other.latest.resolve())
    assert files(runs.folder) == files(other)


def test_at_least_sixty_points_were_tried(undisturbed):
    points = [point for chain in CHAINS for point in points_of(chain, undisturbed)]
    assert len(points) >= FEWEST_POINTS
    assert {point.stage for point in points} == set(undisturbed.events)


def test_the_command_runs_a_month_without_dagster_and_dbt(undisturbed):
    assert {"duckdb", "great_expectations"} <= set(undisturbed.packages)
    assert not [name for name in undisturbed.packages if name.startswith(("dagster", "dbt"))]


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_every_one_of_many_points_is_followed_by_a_whole_run(runs, undisturbed, part):
    stages = {"comparators": 2, "load": 4, "rules": 3, "gate raw": 2, "dbt": 5, "gate marts": 1, "publish": 3}
    for point in drawn(undisturbed.events, stages, SEED + 1 + part):
        runs.put(undisturbed.at["start"])
        kill(runs, current(runs.folder), point, None)
        hold_that_it_ends_well(runs, undisturbed, None)


def refused(runs: Runs, status: int, steps: tuple[str, ...], file_size: int | None = None) -> str:
    """The one line of a run that storage stopped; holds that the current release stays as it was."""
    before = current(runs.folder)
    end = runs.run(MONTH, steps=steps, file_size=file_size)
    assert (end.status, len(end.errors)) == (status, 1), end.err
    assert current(runs.folder) == before
    assert json.loads(runs.folder.last_run.read_text(encoding="utf-8"))["month"] in {BEFORE, MONTH}
    return end.errors[0]


@pytest.mark.parametrize(
    ("steps", "place", "spare"),
    [
        (INGEST, "warehouse", 64 * KILOBYTE),
        pytest.param(TRANSFORM, "warehouse", 64 * KILOBYTE, marks=pytest.mark.long),
        (RELEASE, "marts", 2 * MEGABYTE),
    ],
    ids=["load", "dbt", "publish"],
)
def test_a_full_disk_is_told_in_a_line_and_with_room_the_month_runs(runs, undisturbed, steps, place, spare):
    runs.put(undisturbed.at[BEGINS[steps]])
    with small_disk(runs.data / place, spare) as disk:
        line = refused(runs, UNEXPECTED, steps)
        assert line.startswith(f"error: no room to write {runs.data}")
        assert "No space left on device" in line
        disk.make_room()
        hold_that_it_ends_well(runs, undisturbed, steps)


@pytest.mark.parametrize(
    ("steps", "file_size"),
    [
        (INGEST, 16 * KILOBYTE),
        pytest.param(TRANSFORM, 256 * KILOBYTE, marks=pytest.mark.long),
        (RELEASE, MEGABYTE),
    ],
    ids=["load", "dbt", "publish"],
)
def test_a_limit_on_files_is_told_in_a_line(runs, undisturbed, steps, file_size):
    runs.put(undisturbed.at[BEGINS[steps]])
    line = refused(runs, UNEXPECTED, steps, file_size)
    assert line.startswith(f"error: no room to write {runs.data}")
    assert "File too large" in line
    hold_that_it_ends_well(runs, undisturbed, steps)


def test_marts_that_are_read_only_are_told_in_a_line(runs, undisturbed):
    runs.put(undisturbed.at["publish"])
    with read_only(runs.data / "marts"):
        line = refused(runs, BAD_INPUT, RELEASE)
    assert line.startswith(f"error: cannot write {runs.data / 'marts'}")
    assert "Read-only file system" in line
    hold_that_it_ends_well(runs, undisturbed, RELEASE)


def test_a_file_in_the_way_of_the_releases_is_told_in_a_line(runs, undisturbed):
    runs.put(undisturbed.at["publish"])
    runs.folder.releases.rename(runs.data / "aside")
    runs.folder.releases.write_text("in the way")
    end = runs.run(MONTH, steps=RELEASE)
    assert (end.status, len(end.errors)) == (BAD_INPUT, 1), end.err
    assert str(runs.folder.releases) in end.errors[0]
    runs.folder.releases.unlink()
    (runs.data / "aside").rename(runs.folder.releases)
    hold_that_it_ends_well(runs, undisturbed, RELEASE)


READERS, RUNS = 4, 10


@pytest.fixture
def readers(runs: Runs, tmp_path: Path) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Four processes that read the current release; called, they end and say what they read."""
    until = tmp_path / "enough"
    reading = [
        subprocess.Popen(
            [sys.executable, crash_reader.__file__, str(runs.folder.latest), str(until), str(number * 7)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(READERS)
    ]

    def enough() -> list[dict[str, Any]]:
        until.touch()
        return [json.loads(one.communicate(timeout=60)[0]) for one in reading]

    yield enough
    until.touch()
    for one in reading:
        one.wait(timeout=60)


@pytest.mark.long
@pytest.mark.parametrize("steps", [RELEASE, None], ids=["publish", "month"])
def test_four_readers_fail_at_nothing_while_ten_runs_publish(runs, undisturbed, request, steps):
    runs.put(undisturbed.at["publish"])
    told = request.getfixturevalue("readers")
    published_ids = set()
    for _ in range(RUNS):
        assert runs.run(MONTH, steps=steps).status == 0
        published_ids.add(current(runs.folder).path.name)
    found = told()
    reads, failures = sum(one["reads"] for one in found), [line for one in found for line in one["failures"]]
    assert failures == [], f"{len(failures)} of {reads + len(failures)} reads failed"
    assert all(one["reads"] > RUNS for one in found), f"{reads} reads"
    seen = {release for one in found for release in one["releases"]}
    assert len(published_ids) == RUNS
    assert len(seen & published_ids) > 1, f"{reads} reads saw {sorted(seen)}"
