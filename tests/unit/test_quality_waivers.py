"""What a waiver lets pass, up to when, and what is said of one that cannot be given."""

import datetime as dt

import pytest

from pipelines.errors import UsageError
from pipelines.quality import Waivers
from pipelines.quality.waivers import standing_waivers

TODAY = dt.date(2019, 9, 2)


@pytest.fixture(autouse=True)
def standing(tmp_path, monkeypatch):
    """An empty file of standing waivers, and a suite `people` with one check."""
    monkeypatch.setattr("pipelines.quality.waivers.known_names", lambda: ["people", "people/teams_are_given"])
    path = tmp_path / "waivers.yml"
    monkeypatch.setattr("pipelines.quality.waivers.STANDING", path)
    return path


@pytest.mark.parametrize("name", ["people", "people/teams_are_given", "all"])
def test_a_waiver_names_a_suite_a_check_or_all(name):
    waivers = Waivers.of_run([name], "the export was mended by hand")
    assert waivers.covers("people", "teams_are_given", "888")
    assert [one.reason for one in waivers.entries] == ["the export was mended by hand"]


def test_a_waiver_of_one_check_does_not_cover_another_nor_the_suite():
    waivers = Waivers.of_run(["people/teams_are_given"], "seen")
    assert not waivers.covers("people", "another", "888")
    assert not waivers.covers("people", None, None)


@pytest.mark.parametrize(
    ("names", "reason", "message"),
    [
        (["peple"], "seen", "there is no check 'peple' to waive: did you mean 'people'?"),
        (["elephant"], "seen", "There are all, people, people/teams_are_given"),
        (["people"], None, "a waiver needs a reason"),
        (["people"], "  ", "a waiver needs a reason"),
        ([], "seen", "a reason was given, but nothing to waive"),
    ],
)
def test_a_waiver_that_cannot_be_given_is_wrong_usage(names, reason, message):
    with pytest.raises(UsageError) as raised:
        Waivers.of_run(names, reason)
    assert message in str(raised.value)


def test_nothing_waived_needs_no_reason():
    assert not Waivers.of_run([], None).covers("people", "teams_are_given", "888")


@pytest.mark.parametrize(
    ("until", "is_waived"), [("2019-09-01", False), ("2019-09-02", True), ("2019-09-03", True)]
)
def test_a_standing_waiver_is_heeded_up_to_its_last_day(standing, until, is_waived):
    standing.write_text(f"- {{name: people, reason: seen, until: {until}}}\n", encoding="utf-8")
    waivers = Waivers.in_force([], None, TODAY)
    assert waivers.covers("people", "teams_are_given", "888") == is_waived
    ended = None if is_waived else dt.date.fromisoformat(until)
    assert waivers.ended_on("people", "teams_are_given", "888") == ended


def test_a_standing_waiver_of_an_authority_is_for_no_other_and_not_for_a_suite_that_runs_for_nobody(standing):
    standing.write_text("- {name: people, reason: seen, until: 2019-12-31, la_code: '888'}\n", encoding="utf-8")
    waivers = Waivers.in_force([], None, TODAY)
    covered = [waivers.covers("people", "teams_are_given", la_code) for la_code in ("888", "889", None)]
    assert covered == [True, False, False]


def test_the_waivers_of_a_run_stand_beside_those_of_the_file(standing):
    standing.write_text("- {name: people, reason: seen, until: 2019-12-31}\n", encoding="utf-8")
    waivers = Waivers.in_force(["people/teams_are_given"], "mended by hand", TODAY)
    assert [(one.name, one.until) for one in waivers.entries] == [
        ("people/teams_are_given", None),
        ("people", dt.date(2019, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "- {name: peple, reason: seen, until: 2019-12-31}",
            "waiver 1: there is no check 'peple' to waive: did you",
        ),
        ("- {name: all, reason: seen, until: 2019-12-31}", "waiver 1: there is no check 'all' to waive"),
        ("- {name: people, until: 2019-12-31}", "waiver 1: reason: Field required"),
        ("- {name: people, reason: ' ', until: 2019-12-31}", "waiver 1: reason: String should have at least 1"),
        ("- {name: people, reason: seen}", "waiver 1: 'until' is missing"),
        ("- {name: people, reason: seen, until: soon}", "waiver 1: until: Input should be a valid date"),
        ("- {name: people, reason: seen, until: 2019-12-31, la_code: 888}", "waiver 1: la_code: Input should be"),
        ("- {name: people, reason: seen, untill: 2019-12-31}", "waiver 1: untill: Extra inputs are not permitted"),
        ("- people", "waiver 1: entry: Input should be a valid dictionary"),
        ("name: people", "must be a list of waivers"),
        ("- {name: people", "is not YAML, line "),
    ],
)
def test_a_file_of_waivers_that_does_not_hold_together_is_told_by_entry(standing, content, message):
    standing.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        standing_waivers()
    assert str(raised.value).startswith("expectations/waivers.yml")
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_no_file_of_waivers_is_no_waiver(standing):
    assert standing_waivers() == []
