"""From when on a drop is complete: what its data show. The name of a case says what the drop is."""

import dataclasses
import datetime as dt

import duckdb
import pytest

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.ingest.reach import Reach, Shown, declared_reach, lines_on_reach, reach_of, shown_by

MARCH = Month(2019, 3)
FULL = Reach()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def seen(text: str | None, *, every: bool = True) -> Reach:
    return Reach(day(text) if text else None, every, "seen")


def points(begins: str, rows: int = 1000, most: int = 4, **more: int) -> Shown:
    """An object with events of one day, such as contacts."""
    return Shown(rows, day(begins), day(begins), most=most, **more)


def spells(
    begins: str,
    started: str,
    rows: int = 1000,
    before: int = 600,
    longest: int = 2000,
    usual: int = 200,
    **more: int,
) -> Shown:
    """An object with periods, such as plans; by default much of it began before its first end."""
    return Shown(rows, day(begins), day(started), before / 5, longest, usual, **({"most": 3} | more))


def window(begins: str, rows: int = 1000, **more: int) -> dict[str, Shown]:
    """Objects that begin on a day, two of them with what had begun before."""
    return {
        "ssd_contacts": points(begins, rows, **more),
        "ssd_cla_reviews": points(begins, rows, **more),
        "ssd_cp_plans": spells(begins, "2010-03-18", rows, **more),
        "ssd_cla_episodes": spells(begins, "2009-07-02", rows, **more),
    }


WINDOW = window("2018-10-01")
STARTS = {
    "ssd_contacts": points("2018-10-01"),
    "ssd_cla_reviews": points("2018-10-01"),
    "ssd_cin_episodes": spells("2018-10-02", "2018-10-01", usual=30),
}

CASES = {
    "every event since the case system began": (
        {
            "ssd_contacts": points("2018-05-01"),
            "ssd_cp_plans": spells("2001-08-15", "2001-03-06", before=8, old=900),
            "ssd_cla_episodes": spells("2007-09-14", "2006-04-03", before=45, old=900),
        },
        {"ssd_contacts": FULL, "ssd_cp_plans": FULL, "ssd_cla_episodes": FULL},
    ),
    "three objects begin on one day": (WINDOW, dict.fromkeys(WINDOW, seen("2018-10-01"))),
    "all of a young authority had begun within a year": (
        WINDOW | {"ssd_cp_plans": dataclasses.replace(WINDOW["ssd_cp_plans"], lacking=19)},
        dict.fromkeys(WINDOW, FULL),
    ),
    "three lists begin on one day, and nothing had begun before": (
        {name: points("2018-10-01") for name in WINDOW},
        dict.fromkeys(WINDOW, FULL),
    ),
    "two objects begin on one day": (
        {name: WINDOW[name] for name in ("ssd_contacts", "ssd_cla_reviews")},
        {"ssd_contacts": FULL, "ssd_cla_reviews": FULL},
    ),
    "one object begins late": (
        {"ssd_cp_plans": spells("2018-10-01", "2016-03-18")},
        {"ssd_cp_plans": FULL},
    ),
    "few of a young list had begun before its first end": (
        {"ssd_cp_plans": spells("2018-10-01", "2018-09-01", before=29)},
        {"ssd_cp_plans": FULL},
    ),
    "a window of longer than eight years": (
        window("2011-03-30"),
        dict.fromkeys(WINDOW, FULL),
    ),
    "a window of six years": (
        window("2013-04-01"),
        dict.fromkeys(WINDOW, seen("2013-04-01")),
    ),
    "a weekend after the first of the month is not rounded": (
        window("2018-09-03"),
        dict.fromkeys(WINDOW, seen("2018-09-03")),
    ),
    "a busy object begins a weekend later than others": (
        window("2018-09-01") | {"ssd_cla_health": points("2018-09-03", rows=10000)},
        dict.fromkeys((*WINDOW, "ssd_cla_health"), seen("2018-09-01")),
    ),
    "a busy object begins a working day later than others": (
        window("2018-09-01") | {"ssd_cla_health": points("2018-09-04", rows=10000)},
        dict.fromkeys(WINDOW, seen("2018-09-01")) | {"ssd_cla_health": seen("2018-09-04")},
    ),
    "a rare object has its first event a little later by chance": (
        WINDOW | {"ssd_missing": spells("2018-10-09", "2018-10-08", rows=40, usual=1)},
        dict.fromkeys(WINDOW, seen("2018-10-01")) | {"ssd_missing": seen("2018-10-01")},
    ),
    "a busy object begins later than the window": (
        WINDOW | {"ssd_cla_health": points("2018-11-01")},
        dict.fromkeys(WINDOW, seen("2018-10-01")) | {"ssd_cla_health": seen("2018-11-01")},
    ),
    "an object has events of before the window": (
        WINDOW | {"ssd_cla_health": points("2009-01-01")},
        dict.fromkeys(WINDOW, seen("2018-10-01")) | {"ssd_cla_health": FULL},
    ),
    "an object has a longer window": (
        WINDOW | {"ssd_cla_health": points("2018-04-01")},
        dict.fromkeys(WINDOW, seen("2018-10-01")) | {"ssd_cla_health": seen("2018-04-01")},
    ),
    "an object of few rows in a drop with a window": (
        WINDOW | {"ssd_cin_plans": spells("2019-01-05", "2018-01-05", rows=29, before=20)},
        dict.fromkeys(WINDOW, seen("2018-10-01")) | {"ssd_cin_plans": seen("2018-10-01")},
    ),
    "an object of few rows that are older than the window": (
        WINDOW | {"ssd_cin_plans": spells("2015-01-05", "2014-01-05", rows=29, before=20)},
        dict.fromkeys(WINDOW, seen("2018-10-01")) | {"ssd_cin_plans": FULL},
    ),
    "an object without rows in a drop with a window": (
        WINDOW | {"ssd_cin_plans": Shown(0)},
        dict.fromkeys(WINDOW, seen("2018-10-01")) | {"ssd_cin_plans": seen("2018-10-01")},
    ),
    "objects of few rows show nothing": (
        window("2018-10-01", rows=29),
        dict.fromkeys(WINDOW, FULL),
    ),
    "an object without events": ({"ssd_person": None}, {"ssd_person": FULL}),
    "a window of starts: what began before it and has ended is missing": (
        STARTS | {"ssd_cla_episodes": spells("2018-10-04", "2018-10-01", longest=4000, usual=28)},
        {
            **dict.fromkeys(STARTS, seen("2018-10-01")),
            "ssd_cla_episodes": seen("2019-04-02"),
        },
    ),
    "a window of starts: an assessment may lack its referral": (
        STARTS
        | {
            "ssd_cla_episodes": spells("2018-10-04", "2018-10-01", usual=28),
            "ssd_cin_assessments": spells("2018-10-01", "2018-07-01"),
        },
        {
            **dict.fromkeys(STARTS, seen("2018-10-01")),
            "ssd_cla_episodes": seen("2019-04-02"),
            "ssd_cin_assessments": seen("2019-04-02"),
        },
    ),
    "a window of starts: nothing lasts longer than a month": (
        STARTS | {"ssd_s47_enquiry": spells("2018-10-03", "2018-10-01", longest=31, usual=6)},
        {
            **dict.fromkeys(STARTS, seen("2018-10-01")),
            "ssd_s47_enquiry": seen("2018-11-01"),
        },
    ),
    "three lists begin on a day, and what began then ends from years later on": (
        {
            "ssd_involvements": spells("2016-03-02", "2016-02-29", before=0),
            "ssd_cla_episodes": spells("2018-05-01", "2016-02-29", usual=1700),
            "ssd_cla_care_plan": spells("2018-05-01", "2016-02-29", usual=1900),
        },
        dict.fromkeys(["ssd_involvements", "ssd_cla_episodes", "ssd_cla_care_plan"], FULL),
    ),
    "one event of each child, over years": (
        {"ssd_cla_reviews": points("2014-02-26", rows=50, most=1, old=10)},
        {"ssd_cla_reviews": seen(None, every=False)},
    ),
    "one event of each child in a young list of very many": (
        {"ssd_contacts": points("2018-05-01", most=1, not_recent=50)},
        {"ssd_contacts": seen(None, every=False)},
    ),
    "one event of each child in the first months of a list": (
        {"ssd_contacts": points("2018-05-01", most=1, not_recent=49)},
        {"ssd_contacts": FULL},
    ),
    "one event of each child, but few are old": (
        {"ssd_cla_reviews": points("2014-02-26", rows=999, most=1, old=9, not_recent=60)},
        {"ssd_cla_reviews": FULL},
    ),
    "one event of each child, but few of them": (
        {"ssd_cla_reviews": points("2014-02-26", rows=49, most=1, old=40)},
        {"ssd_cla_reviews": FULL},
    ),
    "a small young object where three others hold the latest only": (
        dict.fromkeys(WINDOW, points("2014-02-26", most=1, old=500))
        | {"ssd_cin_plans": points("2018-05-01", rows=5, most=1), "ssd_cla_health": points("2014-02-26", most=2)},
        dict.fromkeys((*WINDOW, "ssd_cin_plans"), seen(None, every=False)) | {"ssd_cla_health": FULL},
    ),
    "one event of each child in a short window is chance": (
        window("2018-10-01", rows=999, most=1),
        dict.fromkeys(WINDOW, seen("2018-10-01")),
    ),
    "one event of each child in a short window with very many": (
        window("2018-10-01", rows=1000, most=1),
        dict.fromkeys(WINDOW, seen("2018-10-01", every=False)),
    ),
}


@pytest.mark.parametrize(("shown", "expected"), CASES.values(), ids=CASES)
def test_what_the_data_of_a_drop_show_of_its_reach(shown, expected):
    assert reach_of(shown, MARCH) == expected


# the first end is on 2018-10-01, 181 days before the month end
ENDED = ("2016-10-01", "2018-10-01")
LACKING = {
    "a plan of 730 days ended first, one open for 548 days then is open still": (
        [ENDED, ("2017-04-01", None)],
        (730 + 548) * 1 / 181,
    ),
    "one that had begun less than a year before shows nothing": (
        [ENDED, ("2017-04-01", None), ("2018-01-01", None), ("2018-01-01", "2018-11-01")],
        (730 + 548) * 1 / 181,
    ),
    "of a plan that is much older, two years count": (
        [ENDED, ("2010-01-01", None)],
        (730 + 731) * 1 / 181,
    ),
    "a day of more than twenty years ago is not believed": (
        [ENDED, ("2017-04-01", None), ("1753-01-01", None)],
        (730 + 548) * 1 / 181,
    ),
    "an end after the month is none": (
        [ENDED, ("2017-04-01", "2019-04-01")],
        (730 + 548) * 1 / 181,
    ),
    "nothing had begun a year before": ([("2018-03-01", "2018-10-01"), ("2018-04-01", None)], 0),
    "nothing has ended": ([("2016-10-01", None)], 0),
}


@pytest.mark.parametrize(("plans", "lacking"), LACKING.values(), ids=LACKING)
def test_how_many_ends_a_list_lacks_before_the_first(plans, lacking):
    connection = duckdb.connect()
    connection.execute(
        "create schema raw; create table raw.ssd_cp_plans (la_code varchar, extract_month date,"
        " cppl_person_id varchar, cppl_cp_plan_start_date date, cppl_cp_plan_end_date date)"
    )
    for number, (start, end) in enumerate(plans):
        connection.execute(
            "insert into raw.ssd_cp_plans values ('888', ?, ?, ?, ?)", [MARCH.end, str(number), start, end]
        )
    shown = shown_by(connection, contracts()["ssd_cp_plans"], "888", MARCH)
    assert shown.lacking == pytest.approx(lacking)


@pytest.mark.parametrize(
    ("rows", "lacking", "lacks"), [(100, 20, True), (100, 19.9, False), (2000, 40, True), (2000, 39.9, False)]
)
def test_from_how_many_on_a_list_lacks_ends(rows, lacking, lacks):
    assert Shown(rows, lacking=lacking).lacks_ends is lacks


def declared(text: str | None, *, every: bool = True) -> Reach:
    return Reach(day(text) if text else None, every, "declared")


DECLARED = {
    "a day": ([("ssd_contacts", "2018-06-15", None)], {"ssd_contacts": declared("2018-06-15")}),
    "a window ends with the month": ([("ssd_contacts", "12", "every")], {"ssd_contacts": declared("2018-04-01")}),
    "all, against what the data show": ([("ssd_contacts", "all", None)], {"ssd_contacts": declared(None)}),
    "the latest only": ([("ssd_contacts", "all", "latest")], {"ssd_contacts": declared(None, every=False)}),
    "one line for all objects with events": (
        [("all", "72", None), ("ssd_contacts", "1", None)],
        {"ssd_contacts": declared("2019-03-01"), "ssd_cp_plans": declared("2013-04-01")},
    ),
    "an object that is not delivered": ([("ssd_missing", "12", None)], {}),
}


@pytest.mark.parametrize(("lines", "expected"), DECLARED.values(), ids=DECLARED)
def test_what_the_council_says_of_the_reach_of_its_drops(lines, expected):
    assert declared_reach(lines, ["ssd_contacts", "ssd_cp_plans", "ssd_person"], MARCH) == expected


def test_a_run_warns_of_a_reach_that_is_not_declared():
    reach = {
        "ssd_contacts": seen("2018-10-01"),
        "ssd_cp_plans": seen("2018-10-01"),
        "ssd_cla_reviews": seen(None, every=False),
        "ssd_cla_health": declared("2018-10-01"),
        "ssd_person": FULL,
        "ssd_cla_episodes": Reach(basis="in doubt"),
    }
    end = "figures that need more are not available. If they hold more, say so in raw/reference/drop_reach.csv"
    assert lines_on_reach(reach) == [
        f"the files of ssd_contacts, ssd_cp_plans seem to begin on 2018-10-01: {end}",
        f"the files of ssd_cla_reviews seem to hold the latest events only: {end}",
        "the files of ssd_cla_episodes may lack what is older, and then figures are wrong: other files name rows"
        " that they do not hold, but too few to be sure. Say in raw/reference/drop_reach.csv from when on they are"
        " complete, or all",
    ]
