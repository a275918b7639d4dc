"""Nobody at the desk: schedule and sensor start runs, a release comes out, people are told what went wrong.

A Dagster instance on a temporary home, 889 in two months.
"""

import datetime as dt
import fcntl
import json
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path

import pytest
from alert_servers import mail_server, webhook_server
from crash_state import published
from dagster import (
    AssetKey,
    DagsterInstance,
    DagsterRunStatus,
    RunRequest,
    build_run_status_sensor_context,
    build_schedule_context,
    build_sensor_context,
)
from small_authority import LA, drop, write_drop

from pipelines import settings
from pipelines.calendar import LONDON, Month
from pipelines.cli import main
from pipelines.defs import resources
from pipelines.defs.decisions import name_of_person
from pipelines.defs.definitions import build_defs
from pipelines.defs.drop_sensor import complete_drop
from pipelines.defs.instance import end_what_was_killed, prepare_instance
from pipelines.defs.month_schedule import first_working_day
from pipelines.defs.outcome_sensors import error_of, month_failed, month_published
from pipelines.defs.resources import Warehouse
from pipelines.errors import UsageError
from pipelines.ingest.month_ingest import ingest_month
from pipelines.month import only_run, steps
from pipelines.month.run_log import RunOfMonth
from pipelines.month.run_record import begin
from pipelines.progress import Progress
from pipelines.publish import current_release
from pipelines.quality import rules as engine
from pipelines.settings import DataFolder

PERSONAL = ("Zebedee", "Quillfeather", "cin_late", "cla_short_break", "2010-01-01")


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


class Unattended:
    """A data folder, a Dagster instance, and the code location as the daemon sees it."""

    def __init__(self, folder: DataFolder, instance: DagsterInstance) -> None:
        defs = build_defs(folder)
        self.folder, self.instance = folder, instance
        self.resources = {"warehouse": Warehouse(data_folder=str(folder.root))}
        self.freshness_job = defs.resolve_job_def("freshness")
        self.job = defs.resolve_job_def("month_end")
        self.repository = defs.get_repository_def()
        self.cursor: str | None = None

    def tick(self, at: dt.datetime) -> list[RunRequest] | str:
        """What the schedule asks for at a time: runs, or why it does not."""
        with build_schedule_context(
            self.instance, scheduled_execution_time=at, repository_def=self.repository, resources=self.resources
        ) as context:
            tick = first_working_day.evaluate_tick(context)
        return list(tick.run_requests or []) or str(tick.skip_message)

    def look(self) -> list[RunRequest] | str:
        """What the sensor asks for now."""
        with build_sensor_context(
            self.instance, cursor=self.cursor, repository_def=self.repository, resources=self.resources
        ) as context:
            look = complete_drop.evaluate_tick(context)
        self.cursor = look.cursor
        return list(look.run_requests or []) or str(look.skip_message)

    def run(self, request: RunRequest, **config: dict):
        """Runs what was asked for, and tells the end to the sensor that watches for it, as the daemon does.

        config: what a person sets for the run in the pages, by asset or gate.
        """
        result = self.job.execute_in_process(
            instance=self.instance,
            partition_key=request.partition_key,
            tags=dict(request.tags),
            run_config={"ops": {name: {"config": given} for name, given in config.items()}},
            raise_on_error=False,
        )
        run = self.instance.get_run_by_id(result.run_id)
        assert run is not None
        event = result.get_run_success_event() if result.success else result.get_run_failure_event()
        with build_run_status_sensor_context(
            "end", event, self.instance, run, resources=self.resources
        ) as context:
            if result.success:
                month_published(context)
            else:
                with context.for_run_failure() as failure:
                    month_failed(failure)
        return result


@pytest.fixture
def unattended(built_project: Path, tmp_path: Path):
    data, home = tmp_path / "data", tmp_path / "home"
    home.mkdir()
    shutil.copytree(built_project, data)
    write_drop(data, "2019-01", drop("2019-01"))
    with DagsterInstance.local_temp(str(home)) as instance:
        yield Unattended(DataFolder(data), instance)


def mark(folder: DataFolder, month: str) -> None:
    (folder.lcs / LA / month / "_SUCCESS").touch()


def events(folder: DataFolder, month: str) -> list[dict]:
    return [json.loads(line) for line in folder.run_log(month).read_text(encoding="utf-8").splitlines()]


def test_a_tick_of_the_schedule_produces_a_release(unattended):
    """The first of a data folder: dbt builds the project."""
    unattended.folder.database.unlink()
    mark(unattended.folder, "2019-01")
    (request,) = unattended.tick(london("2019-02-01 07:00"))
    assert request.partition_key == "2019-01"
    result = unattended.run(request)
    assert result.success
    release = current_release(unattended.folder)
    assert release is not None
    assert release.manifest["extract_month"] == "2019-01"
    assert release.manifest["seconds"]["dbt"] > 0
    run = unattended.instance.get_run_by_id(result.run_id)
    assert run.tags["warehouse/release"] == release.id
    assert run.tags["warehouse/trigger"] == "schedule"
    told = events(unattended.folder, "2019-01")
    assert {one["run_id"] for one in told} == {result.run_id}
    assert (told[0]["event"], told[-1]["event"], told[-1]["status"]) == ("run_started", "run_ended", "published")
    assert {"load", "dbt", "publish"} <= {one.get("stage") for one in told}
    # what was run is not run again, neither by the clock nor for its drop
    assert unattended.tick(london("2019-02-01 07:00")) == "there is no drop of 2019-01 that was not run already"
    assert unattended.look() == "no drop that was not run already"

    owner_only = [unattended.folder.archive, unattended.folder.private, release.path / "restricted"]
    for path in [place for room in owner_only for place in (room, *room.rglob("*"))]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE(unattended.folder.database.stat().st_mode) == 0o600

    metadata = result.asset_materializations_for_node("release")[0].metadata
    figures = metadata["figures"].value
    assert figures.records
    assert {"la_code", "indicator_id", "value", "status"} <= {column.name for column in figures.schema.columns}
    assert Path(metadata["what was checked"].value).is_file()
    told = str([event.to_json() if hasattr(event, "to_json") else str(event) for event in result.all_events])
    assert not [value for value in PERSONAL if value in told]


@pytest.mark.long
def test_command_and_schedule_give_the_same_release(unattended, built_project, tmp_path, capfd):
    """A run from the pages is a run of the same job, with a partition and without tags."""
    mark(unattended.folder, "2019-01")
    (waiting,) = unattended.look()
    assert unattended.run(RunRequest(partition_key="2019-01")).success
    other = DataFolder(tmp_path / "by the command")
    shutil.copytree(built_project, other.root)
    shutil.copytree(unattended.folder.root / "raw", other.root / "raw")
    assert main(["run", "--month", "2019-01", "--data", str(other.root)]) == 0
    assert published(other.latest.resolve()) == published(unattended.folder.latest.resolve())
    stages = [list(folder_seconds(folder)) for folder in (other, unattended.folder)]
    assert [stage for stage in stages[0] if stage != "start"] == stages[1]
    # a run that was asked for before, and waited, finds that another one has done its work
    before, told = unattended.folder.latest.resolve(), unattended.folder.last_run.read_text("utf-8")
    result = unattended.run(waiting)
    assert result.success
    assert unattended.instance.get_run_by_id(result.run_id).tags["warehouse/begun"] == "nothing to do"
    assert not [event for event in result.all_events if event.event_type_value == "ASSET_MATERIALIZATION"]
    assert unattended.folder.latest.resolve() == before
    assert unattended.folder.last_run.read_text("utf-8") == told
    assert isinstance(unattended.look(), str)


def folder_seconds(folder: DataFolder) -> dict[str, float]:
    release = current_release(folder)
    assert release is not None
    return release.manifest["seconds"]


@pytest.fixture
def a_rule_that_crashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """While open, the gate on raw refuses every month; closing puts the rule right."""

    @contextmanager
    def crash():
        room = tmp_path / "rules"
        shutil.copytree(engine.ROOM, room)
        (room / "children_in_need" / "cin_plan_of_an_adult.sql").write_text("select from where")
        with monkeypatch.context() as patch:
            patch.setattr(engine, "ROOM", room)
            engine.rules.cache_clear()
            yield
        engine.rules.cache_clear()

    return crash


@pytest.fixture
def alerts(monkeypatch: pytest.MonkeyPatch):
    """What arrives at a webhook and by e-mail."""
    with webhook_server() as (url, posted), mail_server() as (server, mails):
        monkeypatch.setenv(settings.WEBHOOK_VARIABLE, url)
        monkeypatch.setenv(settings.MAIL_SERVER_VARIABLE, server)
        monkeypatch.setenv(settings.MAIL_FROM_VARIABLE, "warehouse@council.example")
        monkeypatch.setenv(settings.MAIL_TO_VARIABLE, "data@council.example, lead@council.example")
        monkeypatch.setenv(settings.MAIL_SECURITY_VARIABLE, "none")
        yield posted, mails


def test_an_alert_arrives_when_a_gate_refuses(unattended, alerts, a_rule_that_crashes):
    posted, mails = alerts
    mark(unattended.folder, "2019-01")
    (request,) = unattended.look()
    with a_rule_that_crashes():
        refused = unattended.run(request)
    assert not refused.success
    (alert,), (mail,) = posted, mails
    assert (alert["kind"], alert["month"], alert["run_id"]) == ("refused", "2019-01", refused.run_id)
    assert mail["Subject"] == "Warehouse: 2019-01 was refused by a gate, nothing was published"
    assert mail["To"] == "data@council.example, lead@council.example"
    for text in (alert["text"], mail.get_content()):
        assert "every_rule_ran ERRORED" in text or "cin_plan_of_an_adult" in text
        assert str(unattended.folder.quality_page("2019-01")) in text
    assert current_release(unattended.folder) is None
    assert json.loads(unattended.folder.last_run.read_text(encoding="utf-8"))["status"] == "refused"
    # the same content is not asked for again by itself
    assert isinstance(unattended.look(), str)
    said = str(posted) + str([one.as_string() for one in mails]) + unattended.folder.alerts.read_text("utf-8")
    assert not [value for value in PERSONAL if value in said]


@pytest.mark.long
def test_a_refusal_is_waived_in_the_pages_with_a_reason_and_a_name(unattended, a_rule_that_crashes):
    request, reason = RunRequest(partition_key="2019-01"), "known, mended in March"
    with a_rule_that_crashes():
        assert not unattended.run(request, gate_raw={"waive": ["all"], "waived_by": "data lead"}).success
        given = {"waive": ["all"], "reason": reason, "waived_by": "data lead"}
        assert unattended.run(request, gate_raw=given).success
    (waiver,) = current_release(unattended.folder).manifest["waivers"]
    assert (waiver["reason"], waiver["waived_by"]) == (reason, "data lead")


@pytest.mark.parametrize("given", ["", "  ", "-", "7", "..."])
def test_a_decision_from_the_pages_needs_a_person(given):
    with pytest.raises(UsageError, match="set waived_by"):
        name_of_person("waived_by", given)
    assert name_of_person("waived_by", " data  lead ") == "data lead"


@pytest.mark.long
def test_an_alert_arrives_when_all_is_well_again(unattended, alerts, a_rule_that_crashes):
    posted, mails = alerts
    mark(unattended.folder, "2019-01")
    (request,) = unattended.look()
    with a_rule_that_crashes():
        assert not unattended.run(request).success
    # by a person: what the sensor asks for has run already
    assert unattended.run(RunRequest(partition_key="2019-01")).success
    assert [one["kind"] for one in posted] == ["refused", "recovered"]
    assert [one["Subject"] for one in mails][1:] == ["Warehouse: 2019-01 is published, all is well again"]


def test_a_drop_is_run_when_it_is_complete_and_once_for_what_it_holds(unattended, monkeypatch):
    assert unattended.look() == "still being written: 2019-01"
    assert unattended.tick(london("2019-02-01 07:00")).startswith("a drop of 2019-01 is still being written")
    mark(unattended.folder, "2019-01")
    (first,) = unattended.look()
    assert (first.partition_key, first.tags["warehouse/trigger"]) == ("2019-01", "drop")
    assert isinstance(unattended.look(), str)

    objects = drop("2019-01")
    write_drop(unattended.folder.root, "2019-01", objects | {"ssd_cp_plans": objects["ssd_cp_plans"][:-1]})
    (corrected,) = unattended.look()
    write_drop(unattended.folder.root, "2019-01", objects)
    (back_again,) = unattended.look()
    assert len({first.run_key, corrected.run_key, back_again.run_key}) == 3

    monkeypatch.setenv(settings.QUIET_VARIABLE, "0")
    write_drop(unattended.folder.root, "2019-02", drop("2019-02"))
    (quiet,) = unattended.look()
    assert quiet.partition_key == "2019-02"


def test_what_is_waiting_or_going_on_is_not_started_a_second_time(unattended):
    mark(unattended.folder, "2019-01")
    (request,) = unattended.look()
    run = unattended.instance.create_run_for_job(
        unattended.job, tags={**request.tags, "dagster/partition": "2019-01"}, status=DagsterRunStatus.STARTED
    )
    assert isinstance(unattended.tick(london("2019-02-01 07:00")), str)
    unattended.instance.delete_run(run.run_id)
    assert len(unattended.tick(london("2019-02-01 07:00"))) == 1


@pytest.mark.parametrize(
    ("at", "month"),
    [
        ("2019-02-01 07:00", "2019-01"),
        ("2019-02-04 07:00", None),  # a Monday, but not the first working day
        ("2019-03-01 07:00", None),  # of February nothing was delivered
        ("2020-01-01 07:00", None),  # New Year's Day
    ],
)
def test_the_schedule_asks_on_the_first_working_day_only(unattended, at, month):
    mark(unattended.folder, "2019-01")
    asked = unattended.tick(london(at))
    assert (asked[0].partition_key if isinstance(asked, list) else None) == month


def test_a_run_waits_while_another_holds_the_data(unattended, monkeypatch):
    monkeypatch.setattr(resources, "BUSY_RETRIES", 1)
    monkeypatch.setattr(resources, "BUSY_WAIT_SECONDS", 0)
    mark(unattended.folder, "2019-01")
    (request,) = unattended.look()
    with unattended.folder.run_lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = unattended.run(request)
    assert not result.success
    retried = {event.step_key for event in result.all_events if event.event_type_value == "STEP_UP_FOR_RETRY"}
    assert retried
    assert "another run is going on" in unattended.folder.alerts.read_text("utf-8")
    # it has never begun: it is asked for again, but not while the other one goes on
    with only_run(unattended.folder, "the run of 2019-01"):
        assert unattended.look().startswith("the run of 2019-01 (process")
        assert unattended.tick(london("2019-02-01 07:00")).startswith("the run of 2019-01 (process")
    assert [asked.partition_key for asked in unattended.look()] == ["2019-01"]


def test_a_drop_that_is_refused_is_not_tried_again(unattended):
    (unattended.folder.lcs / LA / "2019-01" / "ssd_person.csv").unlink()
    mark(unattended.folder, "2019-01")
    (request,) = unattended.look()
    result = unattended.run(request)
    assert not result.success
    assert "STEP_UP_FOR_RETRY" not in {event.event_type_value for event in result.all_events}
    told = json.loads(unattended.folder.last_run.read_text(encoding="utf-8"))
    assert (told["status"], told["run_id"]) == ("failed", result.run_id)
    assert "the required object ssd_person is missing" in told["outcome"]
    assert isinstance(unattended.look(), str)


def test_what_broke_is_told_without_its_words_which_may_quote_a_value(unattended, monkeypatch):
    def broken(*_):
        raise ValueError("could not read Zebedee")

    monkeypatch.setattr(steps, "ingest_month", broken)
    mark(unattended.folder, "2019-01")
    (request,) = unattended.look()
    result = unattended.run(request)
    (alert,) = [json.loads(line) for line in unattended.folder.alerts.read_text("utf-8").splitlines()]
    told = f"2019-01: the run failed unexpectedly at ingest, see Dagster's page of run {result.run_id}"
    assert (alert["kind"], alert["lines"][0]) == ("failed", told)
    assert "Zebedee" not in str(alert)


def test_a_run_that_was_killed_is_told(unattended):
    run = unattended.instance.create_run_for_job(unattended.job, tags={"dagster/partition": "2019-01"})
    assert str(error_of(run, [])).startswith("2019-01: the run ended before it was done")


def test_the_job_that_asks_for_freshness_warns_and_stops_nothing(unattended):
    result = unattended.freshness_job.execute_in_process(instance=unattended.instance)
    assert result.success
    found = {one.check_name: (one.passed, one.severity.value) for one in result.get_asset_check_evaluations()}
    assert found == dict.fromkeys(
        ("drops_are_fresh", "releases_are_fresh", "comparators_are_fresh"), (False, "WARN")
    )
    assert "overdue: drops" in unattended.folder.alerts.read_text("utf-8")


def test_a_start_notes_what_was_killed_but_not_what_goes_on(unattended):
    run = unattended.instance.create_run_for_job(
        unattended.job, tags={"dagster/partition": "2019-01"}, status=DagsterRunStatus.STARTED
    )
    with unattended.folder.run_lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert end_what_was_killed(unattended.folder, unattended.instance) == 0
    assert end_what_was_killed(unattended.folder, unattended.instance) == 1
    assert unattended.instance.get_run_by_id(run.run_id).status == DagsterRunStatus.FAILURE


def test_a_run_that_was_killed_ends_in_dagster_too_and_is_asked_for_again(unattended):
    mark(unattended.folder, "2019-01")
    (first,) = unattended.look()
    run = unattended.instance.create_run_for_job(
        unattended.job, tags={**first.tags, "dagster/partition": "2019-01"}, status=DagsterRunStatus.STARTED
    )
    # as its process does in its first step, before it is killed
    begin(unattended.folder, RunOfMonth(Month.parse("2019-01"), run.run_id), by="dagster")
    (again,) = unattended.look()
    assert again.run_key != first.run_key
    assert unattended.instance.get_run_by_id(run.run_id).status == DagsterRunStatus.FAILURE
    (alert,) = [json.loads(line) for line in unattended.folder.alerts.read_text("utf-8").splitlines()]
    assert alert["subject"] == "the run of 2019-01 died, nothing was published"


def test_the_settings_of_dagster_are_such_as_it_takes(unattended):
    home = prepare_instance(unattended.folder)
    with DagsterInstance.from_config(str(home)) as instance:
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
        assert instance.get_concurrency_config().pool_config.default_pool_limit == 1
        # the sensor asks again for what was killed
        assert not instance.run_retries_enabled
        assert instance.freshness_enabled
        assert not instance.telemetry_enabled


def test_a_run_that_begins_in_its_middle_builds_no_other_month(unattended):
    write_drop(unattended.folder.root, "2019-02", drop("2019-02"))
    ingest_month(unattended.folder, Month.parse("2019-02"), Progress())
    result = unattended.job.execute_in_process(
        instance=unattended.instance,
        partition_key="2019-01",
        asset_selection=[AssetKey(["core", "fct_visit"])],
        raise_on_error=False,
    )
    assert not result.success
    error = error_of(
        unattended.instance.get_run_by_id(result.run_id),
        [event for event in result.all_events if event.event_type_value == "STEP_FAILURE"],
    )
    assert str(error) == "2019-01: the month that was ingested last is 2019-02: run 2019-01 from the start"
