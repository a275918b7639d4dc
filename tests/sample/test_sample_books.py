"""The books of the synthetic authority: changes of what a drop shows, days of conferences, spells side by side."""

import datetime as dt

import pytest

from warehouse_sample.conference_days import conference_day
from warehouse_sample.lives import Child, Spell
from warehouse_sample.printed_figures import CIN, CP
from warehouse_sample.recording import Ledger, LedgerReader
from warehouse_sample.reported import is_open_for_an_adult, run_together
from warehouse_sample.timeline import NEVER


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("wanted", "earliest", "held"),
    [
        ("2018-05-14", "2018-01-01", "2018-05-14"),
        ("2018-05-12", "2018-01-01", "2018-05-11"),
        ("2018-05-13", "2018-01-01", "2018-05-11"),
        ("2018-05-13", "2018-05-11", "2018-05-11"),
        ("2018-05-13", "2018-05-12", "2018-05-14"),
        ("2018-09-01", "2018-01-01", "2018-09-03"),
        ("2019-03-31", "2018-01-01", "2019-03-29"),
        ("2018-12-26", "2018-01-01", "2018-12-24"),
    ],
    ids=[
        "a Monday",
        "a Saturday",
        "a Sunday",
        "the Friday is the earliest day",
        "the Friday is too early",
        "the Friday is of another month",
        "the last day of a month",
        "a bank holiday after another",
    ],
)
def test_a_conference_is_held_on_a_working_day_close_by(wanted: str, earliest: str, held: str) -> None:
    assert conference_day(day(wanted), day(earliest)) == day(held)


def shown(ledger: Ledger, column: str) -> list[list[str | None]]:
    """What the drops 0 to 3 show in a column."""
    reader = LedgerReader(ledger)
    return [reader.read(drop)[column].to_list() for drop in range(4)]


def test_a_row_says_something_else_only_in_the_drops_of_the_change() -> None:
    ledger = Ledger("ssd_involvements", ("key", "role", "worker"))
    for key, role, since in (("a", "CW", 0), ("a", "IRO", 0), ("b", "CW", 0), ("a", "CW", 2)):
        ledger.add((since, NEVER), key, role, f"{key}{role}{since}")
    ledger.change((1, 3), {"key": "a", "role": "CW"}, {"worker": None})
    assert shown(ledger, "worker") == [
        ["aCW0", "aIRO0", "bCW0"],
        [None, "aIRO0", "bCW0"],
        [None, "aIRO0", "bCW0", None],
        ["aCW0", "aIRO0", "bCW0", "aCW2"],
    ]


def test_what_a_column_says_is_first_shown_by_the_earliest_of_its_rows() -> None:
    ledger = Ledger("ssd_cin_assessments", ("key", "referral"))
    for key, referral, since in (("a", "r", 3), ("b", "r", 1), ("c", None, 0), ("d", "s", 2)):
        ledger.add((since, NEVER), key, referral)
    assert ledger.first_shown("referral") == {"r": 1, "s": 2}


CHILD = Child("1", day("2001-03-01"), "F", "WBRI")


def spell(start: str, end: str | None, since: int = 0, end_since: int = 0, kind: str = CIN) -> Spell:
    return Spell(CHILD, kind, "Burnley", day(start), since, None, day(end) if end else None, end_since)


@pytest.mark.parametrize(
    ("other", "drops"),
    [
        (spell("2018-06-01", None, kind=CP), [0, 1, 2, 3]),
        (spell("2018-06-01", None, since=2, kind=CP), [2, 3]),
        (spell("2018-01-01", "2018-05-01", kind=CP), []),
        (spell("2018-01-01", "2018-05-02", kind=CP), [0, 1, 2, 3]),
        (spell("2018-01-01", "2018-05-01", end_since=2, kind=CP), [0, 1]),
    ],
    ids=["later one", "shown later", "ended that day", "ended a day later", "end recorded late"],
)
def test_two_spells_run_together_where_a_drop_shows_a_day_of_both(other: Spell, drops: list[int]) -> None:
    plan = spell("2018-05-01", None)
    assert [drop for drop in range(4) if run_together(plan, other, drop)] == drops
    assert [drop for drop in range(4) if run_together(other, plan, drop)] == drops


def test_a_plan_left_open_is_one_of_an_adult_from_the_18th_birthday() -> None:
    plan = spell("2018-05-01", "2019-04-30", end_since=8)
    assert [drop for drop in range(13) if is_open_for_an_adult(plan, drop)] == [7]
