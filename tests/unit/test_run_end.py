"""How a run ended: what is kept of it, and which ends are told."""

import json

from pipelines.calendar import Month
from pipelines.errors import BadInputError, GateRefusedError
from pipelines.month.run_end import last_run, note_published, note_unpublished
from pipelines.month.run_log import RunOfMonth, new_run
from pipelines.progress import Progress
from pipelines.settings import AlertSettings, DataFolder

RUN = RunOfMonth(Month(2019, 1), "r1")


def told(folder: DataFolder) -> list[str]:
    return [json.loads(line)["kind"] for line in folder.alerts.read_text(encoding="utf-8").splitlines()]


def test_only_the_first_good_end_after_bad_ones_is_told(tmp_path):
    folder = DataFolder(tmp_path)
    note_published(folder, RUN, "one", Progress(), AlertSettings())
    assert not folder.alerts.exists()
    note_unpublished(folder, RUN, GateRefusedError("too few"), Progress(), AlertSettings())
    note_unpublished(folder, RUN, BadInputError("nothing there"), Progress(), AlertSettings())
    note_published(folder, RUN, "two", Progress(), AlertSettings())
    note_published(folder, RUN, "three", Progress(), AlertSettings())
    assert told(folder) == ["refused", "failed", "recovered"]


def test_the_end_is_kept_with_the_id_of_the_run(tmp_path):
    folder = DataFolder(tmp_path)
    assert last_run(folder) is None
    progress = Progress()
    progress.seconds["load"] = 1.23456
    note_unpublished(folder, RUN, GateRefusedError("one\ntwo"), progress, AlertSettings())
    kept = last_run(folder)
    assert kept is not None
    assert {name: kept[name] for name in ("month", "run_id", "status", "outcome", "release", "seconds")} == {
        "month": "2019-01",
        "run_id": "r1",
        "status": "refused",
        "outcome": "one\ntwo",
        "release": None,
        "seconds": {"load": 1.235},
    }
    (line,) = folder.run_log(RUN.month).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["event"] == "run_ended"


def test_a_record_that_cannot_be_written_hides_nothing(tmp_path):
    (tmp_path / "warehouse").write_text("in the way")
    note_published(DataFolder(tmp_path), RUN, "one", Progress(), AlertSettings())
    note_unpublished(DataFolder(tmp_path), RUN, GateRefusedError("too few"), Progress(), AlertSettings())


def test_no_two_runs_share_an_id():
    assert new_run(Month(2019, 1)).id != new_run(Month(2019, 1)).id
