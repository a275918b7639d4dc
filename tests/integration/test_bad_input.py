"""What a new user may get wrong: one readable line, the right exit status, and the earlier release stays."""

import fcntl
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_authority import LA, case_worker, cin_plan, drop, person, write_drop

from pipelines.cli import main
from pipelines.publish import current_release, releases
from pipelines.quality import rules as engine
from pipelines.settings import RELEASES_KEPT_VARIABLE, DataFolder

USAGE, REFUSED, BAD_INPUT = 2, 3, 4


@pytest.fixture(scope="module")
def published(built_project, tmp_path_factory) -> Path:
    """A data folder with January published."""
    data = tmp_path_factory.mktemp("published") / "data"
    shutil.copytree(built_project, data)
    write_drop(data, "2019-01", drop("2019-01"))
    assert main(["run", "--data", str(data), "--month", "2019-01"]) == 0
    return data


@pytest.fixture
def data(published, tmp_path) -> Path:
    """January published, February delivered and about to go wrong."""
    copy = tmp_path / "data"
    shutil.copytree(published, copy, symlinks=True)
    write_drop(copy, "2019-02", drop("2019-02"))
    return copy


def february(data: Path) -> Path:
    return data / "raw" / "lcs" / LA / "2019-02"


def run(data: Path, capfd: pytest.CaptureFixture, *arguments: str) -> tuple[int, list[str]]:
    """Exit status and the error lines; holds that the current release did not change unless all went well."""
    before = (data / "marts" / "latest").resolve()
    capfd.readouterr()
    status = main(["run", "--data", str(data), *(arguments or ("--month", "2019-02"))])
    errors = [line for line in capfd.readouterr().err.splitlines() if line.startswith("error: ")]
    assert ((data / "marts" / "latest").resolve() == before) == (status != 0)
    return status, errors


def test_no_drops_at_all(tmp_path, capfd):
    status = main(["run", "--data", str(tmp_path), "--month", "2019-02"])
    assert status == BAD_INPUT
    assert "no drop of 2019-02 was found" in capfd.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--month", "2019-13"],
        ["--month", "next"],
        ["--from", "2019-02"],
        ["--from", "2019-03", "--to", "2019-02"],
        ["--month", "2019-02", "--from", "2019-01"],
        [],
        ["--month", "2019-02", "--waive", "all"],
        ["--month", "2019-02", "--reason", "because"],
        ["--month", "2019-02", "--correct", "2019-02"],
        ["--month", "2019-02", "--correct", "2019-01", "--reason", "because"],
        ["--month", "2019-02", "--correct", "all", "--reason", "because"],
    ],
)
def test_a_command_called_wrongly(tmp_path, capfd, arguments):
    assert main(["run", "--data", str(tmp_path), *arguments]) == USAGE
    assert len(capfd.readouterr().err.splitlines()) == 1


def test_a_month_that_has_not_ended(tmp_path, capfd):
    assert main(["run", "--data", str(tmp_path), "--month", "2099-01"]) == BAD_INPUT
    assert "2099-01 has not ended yet" in capfd.readouterr().err


def test_an_unknown_waiver_is_wrong_usage(data, capfd):
    status, errors = run(data, capfd, "--month", "2019-02", "--waive", "no_such_gate", "--reason", "a test")
    assert status == USAGE
    assert len(errors) == 1
    assert "no_such_gate" in errors[0]


def test_a_row_rule_that_crashes_stops_the_month(data, capfd, tmp_path, monkeypatch):
    room = tmp_path / "rules"
    shutil.copytree(engine.ROOM, room)
    (room / "children_in_need" / "cin_plan_of_an_adult.sql").write_text("select from where")
    monkeypatch.setattr(engine, "ROOM", room)
    engine.rules.cache_clear()
    try:
        status, errors = run(data, capfd)
    finally:
        engine.rules.cache_clear()
    assert status == REFUSED
    assert len(errors) == 1
    for word in ("no_rule_crashed", LA, "2019-02", "cin_plan_of_an_adult (ParserException)"):
        assert word in errors[0]


def test_a_missing_list_of_people(data, capfd):
    (february(data) / "ssd_person.csv").unlink()
    status, errors = run(data, capfd)
    assert status == BAD_INPUT
    assert len(errors) == 1
    assert all(word in errors[0] for word in (LA, "2019-02", "ssd_person"))


def test_an_object_that_came_last_month_and_not_this_month(data, capfd):
    (february(data) / "ssd_cp_plans.csv").unlink()
    status, errors = run(data, capfd)
    assert status == BAD_INPUT
    assert len(errors) == 1
    assert all(word in errors[0] for word in (LA, "2019-02", "ssd_cp_plans"))


def test_a_header_misspelt_names_the_column_and_the_likely_one(data, capfd):
    path = february(data) / "ssd_cin_plans.csv"
    path.write_text(path.read_text().replace("cinp_cin_plan_start_date", "cinp_cin_plan_strat_date"))
    status, errors = run(data, capfd)
    assert status == BAD_INPUT
    assert len(errors) == 1
    assert all(word in errors[0] for word in (LA, "2019-02", "ssd_cin_plans.csv", "cinp_cin_plan_start_date"))
    assert "cinp_cin_plan_strat_date" in errors[0]


def cut_plain(path: Path) -> None:
    path.write_bytes(path.read_bytes().rstrip(b"\r\n")[:-12])


def cut_gzip(path: Path) -> None:
    content = gzip.compress(path.read_bytes() * 50)
    path.unlink()
    path.with_name(path.name + ".gz").write_bytes(content[: len(content) // 2])


def spoil(path: Path) -> None:
    path.unlink()
    path.with_suffix(".parquet").write_bytes(b"this is no parquet file")


@pytest.mark.parametrize("damage", [cut_plain, cut_gzip, spoil])
def test_a_file_cut_off_or_spoilt(data, capfd, damage):
    damage(february(data) / "ssd_cin_plans.csv")
    status, errors = run(data, capfd)
    assert status == BAD_INPUT
    assert len(errors) == 1
    assert all(word in errors[0] for word in (LA, "2019-02", "ssd_cin_plans"))


@pytest.mark.parametrize("keep_header", [True, False])
def test_an_empty_file_where_the_last_one_had_rows(data, capfd, keep_header):
    path = february(data) / "ssd_cin_plans.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n" if keep_header else "")
    status, errors = run(data, capfd)
    assert status == BAD_INPUT
    assert len(errors) == 1
    assert all(word in errors[0] for word in (LA, "2019-02", "ssd_cin_plans.csv"))


def many(month: str) -> dict:
    """A drop large enough for shares and newest dates to mean something: 300 plans, newest in the month."""
    objects = drop(month)
    names = [f"n{number}" for number in range(300)]
    objects["ssd_person"] += [person(name) for name in names]
    objects["ssd_involvements"] += [case_worker(f"9{name[1:]}", name, "t1", f"{month}-20") for name in names]
    objects["ssd_cin_plans"] += [cin_plan(f"8{name[1:]}", name, f"{month}-21") for name in names]
    return objects


@pytest.fixture(scope="module")
def published_large(built_project, tmp_path_factory) -> Path:
    """A data folder with a January of some size published."""
    data = tmp_path_factory.mktemp("published_large") / "data"
    shutil.copytree(built_project, data)
    write_drop(data, "2019-01", many("2019-01"))
    assert main(["run", "--data", str(data), "--month", "2019-01"]) == 0
    return data


@pytest.fixture
def large(published_large, tmp_path) -> Path:
    copy = tmp_path / "large"
    shutil.copytree(published_large, copy, symlinks=True)
    return copy


@pytest.mark.long
def test_the_drop_of_another_month_again(large, capfd):
    shutil.copytree(february(large).with_name("2019-01"), february(large))
    status, errors = run(large, capfd)
    assert status == REFUSED
    assert errors
    assert all(LA in line and "2019-02" in line for line in errors)
    assert main(["status", "--data", str(large)]) == 0

    waived = run(large, capfd, "--month", "2019-02", "--waive", "all", "--reason", "shown to the board as a test")
    assert waived == (0, [])
    manifest = (large / "marts" / "latest" / "restricted" / "manifest.json").read_text()
    assert "shown to the board as a test" in manifest


def test_half_of_the_plans_missing(large, capfd):
    fewer = many("2019-02")
    fewer["ssd_cin_plans"] = fewer["ssd_cin_plans"][:150]
    write_drop(large, "2019-02", fewer)
    status, errors = run(large, capfd)
    assert status == REFUSED
    assert any("ssd_cin_plans" in line for line in errors)


@pytest.fixture
def come_again(published, tmp_path) -> Path:
    """January published, and delivered again with a plan more."""
    copy = tmp_path / "come_again"
    shutil.copytree(published, copy, symlinks=True)
    objects = drop("2019-01")
    objects["ssd_cin_plans"].append(cin_plan("c2", "cin_late", "2019-01-20", team="t2"))
    write_drop(copy, "2019-01", objects)
    return copy


def test_a_reported_month_that_would_change_and_a_column_that_nobody_announced(come_again, capfd):
    # the release of before the column
    manifest = come_again / "marts" / "latest" / "restricted" / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    (plans,) = [table for table in content["tables"] if table["table"] == "fct_plan"]
    plans["columns"] = [column for column in plans["columns"] if column["name"] != "duration_days"]
    manifest.write_text(json.dumps(content), encoding="utf-8")

    status, errors = run(come_again, capfd, "--month", "2019-01")
    assert status == REFUSED
    column, figures = errors
    assert "restricted/fct_plan: column duration_days is new, " in column
    assert column.endswith("pipelines/publish/data_changes.csv: 0.1.0,restricted/fct_plan,duration_days,,added")
    assert f"{LA} 2019-01: " in figures
    assert "cin_plans_open of Blackburn with Darwen" in figures
    assert figures.endswith("warehouse run --month 2019-01 --correct 2019-01 --reason TEXT")
    folder = DataFolder(come_again)
    (published,) = [path for path in (folder.archive / LA / "2019-01").iterdir() if str(path) in figures]
    assert f"put its published drop back from {published} into raw/lcs/{LA}/2019-01" in figures
    assert "ssd_cin_plans.csv" in {path.name for path in published.iterdir()}
    assert len(list(folder.releases.iterdir())) == 1
    page = folder.quality_page("2019-01").read_text(encoding="utf-8")
    assert "nothing is published" in page
    assert "no correction given: refused" in page


@pytest.mark.long
def test_a_refused_correction_is_undone_with_the_published_drop_that_the_line_names(come_again, capfd):
    folder = DataFolder(come_again)
    status, (line,) = run(come_again, capfd, "--month", "2019-01")
    assert status == REFUSED
    (published,) = [path for path in (folder.archive / LA / "2019-01").iterdir() if str(path) in line]
    for file in published.glob("*.csv"):
        shutil.copy(file, folder.lcs / LA / "2019-01")
    command = f"warehouse run --month 2019-01 --authority {LA}"
    assert f"`{command}` loads it again" in line
    assert main([*command.split()[1:], "--data", str(come_again)]) == 0
    assert current_release(folder).manifest["differences"]["figures_corrected"] == 0


def test_a_reported_month_is_put_right_with_a_reason_and_what_is_too_old_goes(come_again, capfd, monkeypatch):
    folder, reason = DataFolder(come_again), "a plan was recorded late"
    before = current_release(folder).id
    monkeypatch.setenv(RELEASES_KEPT_VARIABLE, "1")
    capfd.readouterr()
    command = ["run", "--data", str(come_again), "--month", "2019-01", "--correct", "2019-01", "--reason", reason]
    assert main(command) == 0
    assert f"removed 1 older than the 1 newest: {before}" in capfd.readouterr().out
    now = current_release(folder)
    assert [release.id for release in releases(folder)] == [now.id] != [before]
    (correction,) = now.manifest["corrections"]
    assert (correction["month"], correction["reason"]) == ("2019-01", reason)
    assert correction["figures"] == now.manifest["differences"]["figures_corrected"] > 0
    assert now.manifest["differences"]["compared_with"] == before
    kept = json.loads((now.path / "restricted" / "quality" / "difference.json").read_text(encoding="utf-8"))
    assert [(one["la_code"], one["month"], one["reason"]) for one in kept["figures"]] == [(LA, "2019-01", reason)]
    page = (now.path / "restricted" / "quality" / "index.html").read_text(encoding="utf-8")
    assert f"Compared with {before}" in page
    assert reason in page


@pytest.mark.long
def test_an_authority_that_is_not_known_does_not_stop_the_others(data, capfd):
    write_drop(data, "2019-02", drop("2019-02"), la="012")
    assert run(data, capfd) == (0, [])
    assert '"012"' in (data / "marts" / "latest" / "restricted" / "manifest.json").read_text()


def test_only_an_authority_that_is_not_known(data, capfd):
    write_drop(data, "2019-03", drop("2019-03"), la="012")
    status, errors = run(data, capfd, "--month", "2019-03")
    assert status == BAD_INPUT
    assert len(errors) == 1
    assert "012" in errors[0]


@pytest.mark.long
def test_one_authority_refused_the_other_published(data, capfd):
    other = write_drop(data, "2019-02", drop("2019-02"), la="890")
    (other / "ssd_person.csv").unlink()
    assert run(data, capfd) == (0, [])
    manifest = (data / "marts" / "latest" / "restricted" / "manifest.json").read_text()
    assert '"890"' in manifest
    assert '"accepted": false' in manifest


@pytest.mark.skipif("os.geteuid() == 0", reason="the superuser may write everywhere")
def test_no_permission_to_write(data, capfd):
    (data / "marts" / "releases").chmod(0o500)
    status, errors = run(data, capfd)
    (data / "marts" / "releases").chmod(0o700)
    assert status == BAD_INPUT
    assert len(errors) == 1


@pytest.mark.long
def test_a_place_for_releases_that_is_a_file(data, capfd):
    shutil.rmtree(data / "marts" / "releases")
    (data / "marts" / "latest").unlink()
    (data / "marts" / "releases").write_text("in the way")
    assert main(["run", "--data", str(data), "--month", "2019-02"]) == BAD_INPUT
    assert len([line for line in capfd.readouterr().err.splitlines() if line.startswith("error: ")]) == 1


def test_a_second_run_while_one_is_going(data, capfd):
    with (data / "warehouse" / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, errors = run(data, capfd)
    assert status == 1
    assert errors == [f"error: another run is going on in {data}: wait until it has ended"]


def test_the_command_stands_on_its_own(tmp_path):
    result = subprocess.run(
        [str(Path(sys.executable).with_name("warehouse")), "status", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0
    assert "none" in result.stdout
