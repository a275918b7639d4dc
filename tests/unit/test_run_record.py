"""A run that is killed or stopped: what is known of it afterwards, who is told, and that the month is run again.

Runs are forks of this process with steps of their own, because what is asked here is not what a step does. That
every point of a real month may be killed is in `tests/integration/test_crash.py`.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from ingest_drops import place

from pipelines import cli
from pipelines.calendar import Month
from pipelines.defs.drop_sensor import Cursor, what_is_new
from pipelines.errors import BusyError
from pipelines.findings import INGEST, write_findings
from pipelines.ingest.arrivals import find_drops
from pipelines.month import MonthContext, only_run, run_lock
from pipelines.month import run as month_run
from pipelines.month.run_end import last_run
from pipelines.month.run_lock import holder, stuck_line
from pipelines.month.run_record import months_to_run_again, record_of
from pipelines.settings import DATA_VARIABLE, DataFolder
from pipelines.watch.status import status, status_lines

MONTH = Month(2019, 1)
RUN = ["run", "--month", str(MONTH)]
COMPLETE = "_SUCCESS"
SECONDS_TO_WAIT = 20


@pytest.fixture
def folder(tmp_path, monkeypatch) -> DataFolder:
    """A complete drop of January, that was not run yet."""
    found = DataFolder(tmp_path)
    drop = place(found, str(MONTH))
    (drop / "ssd_person.csv").write_text("a")
    (drop / COMPLETE).touch()
    monkeypatch.setattr("pipelines.month.logged_steps.manifest_path", lambda folder: None)
    # of a release without figures
    monkeypatch.setattr(cli, "run_summary", lambda *_: "")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    return found


def loads(context: MonthContext) -> None:
    """Ends as ingest does: with findings that say which files were read."""
    with context.progress.stage("load"):
        file = {"file": "ssd_person.csv", "sha256": hashlib.sha256(b"a").hexdigest(), "rows_rejected": 0}
        drop = {"la_code": "888", "accepted": True, "reason": "", "files": [file], "faults": []}
        write_findings(context.folder, context.month, INGEST, [drop])


def publishes(context: MonthContext) -> None:
    with context.progress.stage("publish"):
        release = context.folder.releases / f"{context.month}_20190201T070000Z"
        (release / "restricted").mkdir(parents=True, exist_ok=True)
        manifest = {
            "created_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "extract_month": str(context.month),
            "tables": [],
            "drops": [],
        }
        for path in (release / "manifest.json", release / "restricted" / "manifest.json"):
            path.write_text(json.dumps(manifest))
        context.folder.latest.unlink(missing_ok=True)
        context.folder.latest.symlink_to(Path("releases") / release.name)


def dies(context: MonthContext) -> None:
    with context.progress.stage("dbt"):
        os.kill(os.getpid(), signal.SIGKILL)


def waits(context: MonthContext) -> None:
    with context.progress.stage("dbt"):
        time.sleep(SECONDS_TO_WAIT)


def waits_and_answers_a_signal_with_an_error(context: MonthContext) -> None:
    """As packages do that catch everything."""
    try:
        waits(context)
    except KeyboardInterrupt:
        raise RuntimeError("Query interrupted") from None


def waits_and_swallows_a_signal(context: MonthContext) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        waits(context)


def start(*steps: Callable[[MonthContext], None]) -> int:
    """Starts the command in a fork and returns its process."""
    process = os.fork()
    if process == 0:
        status = 70
        try:
            month_run.run_months = partial(month_run.run_months, steps=steps)  # type: ignore[assignment]
            status = cli.main(RUN)
        finally:
            os._exit(status)
    return process


def ended(process: int) -> int:
    """The exit status of a process, negative where a signal killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def run_here(folder: DataFolder, *steps: Callable[[MonthContext], None]) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(month_run, "run_months", partial(month_run.run_months, steps=steps))
        return cli.main(RUN)


def until_it_waits(folder: DataFolder) -> None:
    for _ in range(SECONDS_TO_WAIT * 50):
        record = record_of(folder, MONTH)
        if record is not None and record.step == "dbt":
            return
        time.sleep(0.02)
    raise AssertionError("the run has not begun to wait")


def problems(folder: DataFolder) -> list[str]:
    """What waits, without what is overdue."""
    found: list[str] = status(folder, dt.datetime.now(dt.UTC))["problems"]
    return [line for line in found if " overdue, " not in line]


def look(folder: DataFolder, known: Cursor | None = None) -> list[Month]:
    return [arrival.month for arrival in what_is_new(folder, dt.datetime.now(dt.UTC), known).arrivals]


def alerts(folder: DataFolder) -> list[tuple[str, str]]:
    if not folder.alerts.exists():
        return []
    told = [json.loads(line) for line in folder.alerts.read_text(encoding="utf-8").splitlines()]
    return [(one["kind"], one["subject"]) for one in told]


DIED = ("failed", "the run of 2019-01 died, nothing was published")


def test_a_run_that_was_killed_after_ingest_is_told_and_asked_for_again(folder):
    asked = what_is_new(folder, dt.datetime.now(dt.UTC))
    known = Cursor(**asked.known.model_dump())
    assert ended(start(loads, dies)) == -signal.SIGKILL
    (line,) = problems(folder)
    assert line.startswith("2019-01: the run died at dbt (process ")
    assert line.endswith("): the daemon runs it again, or `warehouse run --month 2019-01` does")
    assert status_lines(status(folder, dt.datetime.now(dt.UTC)))[1].endswith(" waiting")
    assert alerts(folder) == []
    # the sensor asks again, although it has asked before and although the files were read
    for _ in range(2):
        assert look(folder, known) == [MONTH]
    assert alerts(folder) == [DIED]
    assert last_run(folder)["status"] == "died"
    assert problems(folder) == [line]
    assert run_here(folder, loads, publishes) == 0
    assert (problems(folder), look(folder, known)) == ([], [])
    assert alerts(folder)[1:] == [("recovered", "2019-01 is published, all is well again")]


def test_the_command_tells_what_died_and_publishes_the_month(folder, capfd):
    ended(start(loads, dies))
    assert run_here(folder, loads, publishes) == 0
    assert "warning: 2019-01: the run that began" in capfd.readouterr().err
    assert [kind for kind, _ in alerts(folder)] == ["failed", "recovered"]


def test_a_run_that_died_is_not_forgotten_when_another_month_runs(folder):
    ended(start(loads, dies))
    (place(folder, "2019-02") / "ssd_person.csv").write_text("b")
    assert cli.main(["run", "--month", "2019-02"]) != 0
    assert MONTH in months_to_run_again(folder)
    assert any(line.startswith("2019-01: the run died at dbt") for line in problems(folder))


@pytest.mark.parametrize("steps", [(dies,), (loads, dies)], ids=["before ingest has ended", "after ingest"])
def test_a_month_that_kills_every_run_is_not_run_for_ever(folder, steps):
    for _ in range(3):
        assert look(folder) == [MONTH]
        ended(start(*steps))
    look(folder)
    assert months_to_run_again(folder) == set()
    assert alerts(folder) == [DIED] * 3
    (line,) = [line for line in problems(folder) if "died" in line]
    assert "as did the 2 before it: nothing runs it again by itself" in line
    assert run_here(folder, loads, publishes) == 0
    assert problems(folder) == []


def test_a_run_that_was_killed_when_it_had_published_is_recorded_as_published(folder):
    ended(start(loads, publishes, dies))
    (line,) = problems(folder)
    assert line.startswith("2019-01: its run was killed when 2019-01_20190201T070000Z was published")
    assert look(folder) == []
    assert (problems(folder), alerts(folder)) == ([], [])
    assert (last_run(folder)["status"], last_run(folder)["release"]) == ("published", "2019-01_20190201T070000Z")


@pytest.mark.parametrize("step", [waits, waits_and_answers_a_signal_with_an_error, waits_and_swallows_a_signal])
@pytest.mark.parametrize(("name", "exit_status"), [("SIGTERM", 143), ("SIGINT", 130), ("SIGHUP", 129)])
def test_a_signal_ends_a_run_with_a_record_of_it(folder, step, name, exit_status):
    process = start(loads, step, publishes)
    until_it_waits(folder)
    os.kill(process, getattr(signal, name))
    assert ended(process) == exit_status
    assert holder(folder) is None
    told = last_run(folder)
    assert (told["status"], told["release"]) == ("stopped", None)
    assert told["outcome"] == f"2019-01: stopped by {name} at dbt; the current release is unchanged"
    assert alerts(folder) == [("failed", "the run of 2019-01 was stopped, nothing was published")]
    # what a person stops waits for a person
    by_itself = name != "SIGINT"
    assert look(folder) == ([MONTH] if by_itself else [])
    follows = "the daemon runs it again, or" if by_itself else "give"
    assert f"unchanged: {follows} `warehouse run --month 2019-01`" in problems(folder)[0]


def test_a_signal_after_the_switch_leaves_the_month_published(folder):
    process = start(loads, publishes, waits)
    until_it_waits(folder)
    os.kill(process, signal.SIGTERM)
    assert ended(process) == 143
    assert last_run(folder)["status"] == "published"
    assert problems(folder) == []


def test_a_run_says_that_it_goes_on_and_nobody_else_runs(folder):
    process = start(loads, waits)
    until_it_waits(folder)
    lines = status_lines(status(folder, dt.datetime.now(dt.UTC)))
    (line,) = [line for line in lines if line.startswith("going on")]
    assert f"the run of 2019-01 (process {process} on " in line
    assert "2019-01 at dbt since " in line
    assert not any("died" in line for line in lines)
    with pytest.raises(BusyError, match=f"the run of 2019-01 \\(process {process} on "), only_run(folder):
        pass
    os.kill(process, signal.SIGKILL)
    ended(process)
    assert holder(folder) is None


def test_another_command_says_that_it_goes_on(folder):
    with only_run(folder, "`warehouse rebuild`"):
        facts = status(folder, dt.datetime.now(dt.UTC))
        assert facts["going_on"]["what"] == "`warehouse rebuild`"
        assert status_lines(facts)[1].split(maxsplit=1)[1] != "nothing to do"
    assert status(folder, dt.datetime.now(dt.UTC))["going_on"] is None


def test_another_command_that_was_killed_is_told(folder):
    process = os.fork()
    if process == 0:
        with only_run(folder, "`warehouse rekey`"):
            os.kill(os.getpid(), signal.SIGKILL)
    ended(process)
    assert any("`warehouse rekey` (process" in line and "was killed" in line for line in problems(folder))
    with only_run(folder, "`warehouse rekey`"):
        pass
    assert not any("rekey" in line for line in problems(folder))


def test_a_run_that_hangs_is_told(folder, monkeypatch):
    with only_run(folder, "the run of 2019-01"):
        now, later = dt.datetime.now(dt.UTC), dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
        holding = holder(folder)
        assert (holding.is_stuck(now), holding.is_stuck(later)) == (False, True)
        assert status(folder, later)["problems"][0] == stuck_line(holding)
        assert f"if it hangs, end process {os.getpid()}" in stuck_line(holding)


def test_a_lock_that_a_child_of_a_dead_run_holds_is_told(folder):
    parent = os.fork()
    if parent == 0:
        with only_run(folder, "the run of 2019-01"):
            if os.fork() == 0:
                time.sleep(3)
                os._exit(0)
            os.kill(os.getpid(), signal.SIGKILL)
    ended(parent)
    holding = holder(folder)
    assert holding.is_stuck(dt.datetime.now(dt.UTC))
    assert "has ended, but a process that it started still holds" in problems(folder)[0]


@pytest.mark.parametrize("content", ['{"month": "20', '{"month": "2019-99"}', "[" * 100_000, "3", "[null]", '""'])
def test_a_damaged_record_or_finding_stops_nobody(folder, content):
    ended(start(loads, dies))
    assert run_here(folder, loads, publishes) == 0
    for path in (folder.last_run, folder.runs / "2019-01.json", folder.findings / "2019-01" / "ingest.json"):
        path.write_text(content)
    assert any("ingest.json is damaged" in line for line in problems(folder))
    assert look(folder) == [MONTH]
    assert run_here(folder, loads, publishes) == 0
    assert problems(folder) == []


def test_one_drop_that_cannot_be_read_stops_no_other(folder):
    (place(folder, "2019-01", "889") / "ssd_person.csv").symlink_to("nowhere")
    os.mkfifo(place(folder, "2019-01", "889") / "ssd_cp_plans.csv")
    (place(folder, "2019-01", "889") / COMPLETE).touch()
    os.mkfifo(place(folder, "2018-12", "889") / "ssd_person.csv")
    (place(folder, "2018-12", "889") / COMPLETE).symlink_to("nowhere")
    (folder.lcs / ".snapshot" / "2019-01").mkdir(parents=True)
    (folder.lcs / ".snapshot" / "2019-01" / "ssd_person.csv").touch()
    assert MONTH in look(folder)
    assert [drop["la_code"] for drop in status(folder, dt.datetime.now(dt.UTC))["drops"]] == ["888", "889"]
    assert [drop.la_code for drop in find_drops(folder, MONTH)] == ["888", "889"]


def test_whoever_asks_for_the_holder_keeps_no_run_from_beginning(folder):
    asking = (folder.warehouse.mkdir(), folder.run_lock.open("w"))[1]
    run_lock.hold(asking)
    process = os.fork()
    if process == 0:
        status = 1
        asking.close()
        try:
            with only_run(folder):
                status = 0
        finally:
            os._exit(status)
    time.sleep(0.15)
    asking.close()
    assert ended(process) == 0
