"""When a month is due, and what counts as overdue."""

import datetime as dt
import json

import pytest

from pipelines.settings import AlertSettings, DataFolder
from pipelines.watch.freshness import DROPS, Freshness, alert_changes, freshness, month_due


@pytest.mark.parametrize(
    ("day", "working_days", "month"),
    [
        ("2019-02-01", 1, "2018-12"),  # the first working day itself is not over
        ("2019-02-02", 1, "2019-01"),
        ("2019-02-04", 2, "2018-12"),  # Friday 1, Monday 4: the second working day is going on
        ("2019-02-05", 2, "2019-01"),
        ("2018-04-04", 2, "2018-02"),  # Easter Monday is 2 April: Tuesday 3, Wednesday 4
        ("2018-04-05", 2, "2018-03"),
        ("2020-01-03", 2, "2019-11"),
        ("2020-01-04", 2, "2019-12"),
    ],
)
def test_a_month_is_due_when_its_working_days_are_over(day, working_days, month):
    assert str(month_due(dt.date.fromisoformat(day), working_days)) == month


def deliver(folder: DataFolder, la_code: str, *months: str) -> None:
    for month in months:
        place = folder.lcs / la_code / month
        place.mkdir(parents=True)
        (place / "ssd_person.csv").touch()


def drops_on(folder: DataFolder, day: str) -> Freshness:
    return next(one for one in freshness(folder, dt.date.fromisoformat(day)) if one.name == DROPS)


def test_an_authority_that_is_late_is_named(tmp_path):
    folder = DataFolder(tmp_path)
    deliver(folder, "888", "2018-12", "2019-01")
    deliver(folder, "889", "2018-12")
    assert drops_on(folder, "2019-02-04").is_fresh
    late = drops_on(folder, "2019-02-05")
    assert late.line == "drops: overdue, newest 2019-01, expected 2019-01 of 889"


def test_an_authority_that_left_long_ago_is_not_waited_for(tmp_path):
    folder = DataFolder(tmp_path)
    deliver(folder, "888", "2019-01")
    deliver(folder, "887", "2018-09")
    assert drops_on(folder, "2019-02-05").is_fresh
    deliver(folder, "886", "2018-10")
    assert not drops_on(folder, "2019-02-05").is_fresh


def test_nothing_at_all_is_overdue(tmp_path):
    found = freshness(DataFolder(tmp_path), dt.date(2019, 2, 5))
    assert [(one.name, one.is_fresh) for one in found][:2] == [("drops", False), ("releases", False)]


def test_published_figures_are_overdue_after_more_than_a_year(tmp_path):
    release = tmp_path / "raw" / "comparators" / "dfe" / "made_up"
    release.mkdir(parents=True)
    (release / "release.yml").write_text("published_date: 2019-10-31\n")
    folder = DataFolder(tmp_path)
    last_day = dt.date(2019, 10, 31) + dt.timedelta(days=400)
    assert freshness(folder, last_day)[2].is_fresh
    assert not freshness(folder, last_day + dt.timedelta(days=1))[2].is_fresh


def test_people_are_told_when_something_changes_and_not_every_day(tmp_path):
    folder = DataFolder(tmp_path)
    late = [Freshness("drops", False, "2018-12", "2019-01"), Freshness("releases", True, "2018-12", "2018-12")]
    worse = [late[0], Freshness("releases", False, "2018-12", "2019-01")]
    well = [Freshness("drops", True, "2019-01", "2019-01"), Freshness("releases", True, "2019-01", "2019-01")]
    for found in (well, late, late, worse, worse, well, well):
        alert_changes(folder, found, AlertSettings())
    told = [json.loads(line) for line in folder.alerts.read_text(encoding="utf-8").splitlines()]
    assert [(one["kind"], one["subject"]) for one in told] == [
        ("stale", "overdue: drops"),
        ("stale", "overdue: drops, releases"),
        ("fresh", "nothing is overdue any more"),
    ]
