"""Which releases stay, with releases made by hand, and what is left if a removal is cut short."""

import shutil
from pathlib import Path

import pytest
from hand_made_releases import write_release

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.publish import Release, current_release, marks, releases, remove_old_releases
from pipelines.publish.published import switch
from pipelines.publish.retention import removable
from pipelines.settings import RELEASES_KEPT_VARIABLE, DataFolder, releases_kept


def known(months: str) -> list[Release]:
    """Releases `r1`, `r2` … of months given as `YYYY-MM YYYY-MM …`, the oldest first."""
    return [
        Release(Path(f"r{number}"), {"extract_month": month})
        for number, month in enumerate(months.split(), start=1)
    ]


@pytest.mark.parametrize(
    ("months", "current", "kept", "leaving"),
    [
        ("2019-04 2019-05 2019-06", "r3", 2, "r1"),
        ("2019-04 2019-05 2019-06", "r3", 3, ""),
        ("2019-04 2019-05 2019-06", "r3", 9, ""),
        ("2019-04 2019-05 2019-06", "r3", None, ""),
        # the end of a financial year stays, and of several releases of it the newest
        ("2019-03 2019-04 2019-05", "r3", 1, "r2"),
        ("2019-03 2019-03 2019-04 2019-05", "r4", 1, "r1 r3"),
        ("2019-03 2019-04 2019-03 2019-05", "r4", 1, "r1 r2"),
        ("2018-03 2018-12 2019-03 2019-04", "r4", 1, "r2"),
        # April is the first month of the next year
        ("2019-04 2020-03 2020-04 2020-05", "r4", 1, "r1 r3"),
        # the current one stays though it is old, and what people were rolled back from
        ("2019-04 2019-05 2019-06 2019-07", "r1", 1, ""),
        ("2019-04 2019-05 2019-06 2019-07", "r2", 1, "r1"),
        # newest is what was published last, not the newest month
        ("2019-06 2019-07 2019-05", "r3", 1, "r1 r2"),
        # without a current release nothing is removed
        ("2019-04 2019-05 2019-06", None, 1, ""),
        ("", None, 1, ""),
    ],
)
def test_which_releases_go(months, current, kept, leaving):
    releases_known = known(months)
    now = next((release for release in releases_known if release.id == current), None)
    assert " ".join(release.id for release in removable(releases_known, now, kept)) == leaving


def test_what_keeps_a_release_is_told():
    releases_known = known("2018-03 2019-03 2019-04 2019-05")
    assert marks(releases_known, releases_known[1]) == {
        "r1": ["year end 2017/18"],
        "r2": ["current", "year end 2018/19"],
        "r3": ["rolled back from"],
        "r4": ["rolled back from"],
    }


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    """Three releases of a table each; the newest is the latest."""
    data = DataFolder(tmp_path)
    for month in (4, 5, 6):
        write_release(
            data, f"2019-0{month}_20190{month + 1}02T070000Z", {"open/mart": f"select {month} as figure"}
        )
    switch(data, "2019-06_20190702T070000Z")
    return data


def test_a_reader_keeps_the_files_of_a_release_that_goes(folder):
    oldest = releases(folder)[0]
    content = (oldest.path / "open" / "mart.parquet").read_bytes()
    with (oldest.path / "open" / "mart.parquet").open("rb") as opened:
        assert [release.id for release in remove_old_releases(folder, 2)] == [oldest.id]
        assert opened.read() == content
    assert not oldest.path.exists()
    assert [release.id[:7] for release in releases(folder)] == ["2019-05", "2019-06"]


def test_a_removal_that_is_cut_short_leaves_no_half_release_and_is_ended_next_time(folder, monkeypatch):
    def killed(path) -> None:
        (path / "open" / "mart.parquet").unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as cut_short:
        cut_short.setattr(shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            remove_old_releases(folder, 1)
    # both were renamed before the first file went
    assert [release.id[:7] for release in releases(folder)] == ["2019-06"]
    assert remove_old_releases(folder, 1) == []
    assert [path.name for path in folder.releases.iterdir()] == [current_release(folder).id]


def test_the_releases_are_listed_with_month_size_and_marks(folder, capfd):
    assert main(["rollback", "--data", str(folder.root), "2019-05_20190602T070000Z"]) == 0
    capfd.readouterr()
    assert main(["releases", "--data", str(folder.root)]) == 0
    lines = [line for line in capfd.readouterr().out.splitlines() if "2019-0" in line]
    assert lines[0].replace("│", " ").split() == ["2019-04_20190502T070000Z", "2019-04", "20190502T070000Z", "0.0"]
    assert "current" in lines[1]
    assert "rolled back from" in lines[2]


def test_no_release_yet_is_said(tmp_path, capfd):
    assert main(["releases", "--data", str(tmp_path)]) == 0
    assert "there is no release yet" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("given", "kept"), [(None, 24), ("", 24), ("3", 3), (" 3 ", 3), ("0", None), ("off", None), ("OFF", None)]
)
def test_the_installation_says_how_many_stay(monkeypatch, given, kept):
    monkeypatch.delenv(RELEASES_KEPT_VARIABLE, raising=False)
    if given is not None:
        monkeypatch.setenv(RELEASES_KEPT_VARIABLE, given)
    assert releases_kept() == kept


@pytest.mark.parametrize("given", ["-1", "two", "1.5"])
def test_a_number_of_releases_that_is_none_is_wrong_usage(monkeypatch, given):
    monkeypatch.setenv(RELEASES_KEPT_VARIABLE, given)
    with pytest.raises(UsageError, match=RELEASES_KEPT_VARIABLE):
        releases_kept()


@pytest.mark.parametrize(
    ("month", "year"), [("2019-03", "2018/19"), ("2000-03", "1999/00"), ("2010-03", "2009/10")]
)
def test_march_ends_the_financial_year_that_began_before_it(month, year):
    assert marks(known(month), None) == {"r1": [f"year end {year}"]}
