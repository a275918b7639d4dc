"""The rules on going missing: for each the right record, the edge and the wrong one.

The drop is of 31 August 2019. Unless a case says otherwise there is one child and one period of care.
"""

import pytest
from rule_cases import Record, failing


def missing(key: str, start: str | None, end: str | None = None, kind: str | None = "M") -> Record:
    return {
        "miss_table_id": key,
        "miss_person_id": "c",
        "miss_missing_episode_start_date": start,
        "miss_missing_episode_end_date": end,
        "miss_missing_episode_type": kind,
    }


def episode(key: str, start: str, ceased: str | None = None, reason: str | None = None) -> Record:
    return {
        "clae_cla_episode_id": key,
        "clae_person_id": "c",
        "clae_cla_id": "p",
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_ceased_date": ceased,
        "clae_cla_episode_ceased_reason": reason,
    }


def placement(key: str, start: str, end: str | None) -> Record:
    return {
        "clap_cla_placement_id": key,
        "clap_person_id": "c",
        "clap_cla_placement_start_date": start,
        "clap_cla_placement_end_date": end,
    }


def born(day: str | None) -> Record:
    return {"pers_person_id": "c", "pers_dob": day}


def test_missing_episode_without_type() -> None:
    assert failing(
        "missing_episode_without_type",
        ssd_missing=[
            missing("right", "2019-05-01"),
            missing("start only", "2019-05-01", kind=None),
            missing("end only", None, "2019-05-01", kind=None),
        ],
    ) == {"start only", "end only"}


def test_missing_episode_without_start() -> None:
    assert failing(
        "missing_episode_without_start",
        ssd_missing=[missing("right", "2019-05-01"), missing("wrong", None, "2019-05-02")],
    ) == {"wrong"}


def test_missing_before_birth() -> None:
    def fails(birth: str | None) -> set[str]:
        return failing("missing_before_birth", ssd_person=[born(birth)], ssd_missing=[missing("m", "2019-05-01")])

    assert fails("2019-05-01") == set()
    assert fails("2019-05-02") == {"m"}
    assert fails(None) == set()


@pytest.mark.parametrize(
    ("start", "end", "placement_end", "expected"),
    [
        ("2019-05-10", None, "2019-06-01", {"m"}),
        ("2019-05-10", None, None, set()),
        ("2019-05-10", "2019-07-01", "2019-06-01", set()),
        ("2019-05-01", None, "2019-06-01", {"m"}),
        ("2019-04-30", None, "2019-06-01", set()),
        ("2019-06-01", None, "2019-06-01", set()),
    ],
)
def test_missing_from_a_placement_that_ended(
    start: str, end: str | None, placement_end: str | None, expected: set[str]
) -> None:
    found = failing(
        "missing_from_a_placement_that_ended",
        ssd_missing=[missing("m", start, end)],
        ssd_cla_placement=[placement("q", "2019-05-01", placement_end)],
    )

    assert found == expected


@pytest.mark.parametrize(
    ("end", "last_end", "reason", "expected"),
    [
        ("2019-06-30", "2019-07-01", "E4A", set()),
        ("2019-07-01", "2019-07-01", "E4A", set()),
        ("2019-07-02", "2019-07-01", "E4A", {"m"}),
        (None, "2019-07-01", "E8", {"m"}),
        (None, "2019-07-01", None, {"m"}),
        (None, "2019-07-01", "X1", set()),
        (None, None, None, set()),
    ],
)
def test_missing_episode_beyond_the_end_of_care(
    end: str | None, last_end: str | None, reason: str | None, expected: set[str]
) -> None:
    found = failing(
        "missing_episode_beyond_the_end_of_care",
        ssd_missing=[missing("m", "2019-05-10", end)],
        ssd_cla_episodes=[
            episode("a", "2019-05-01", "2019-06-01", "X1"),
            episode("b", "2019-06-01", last_end, reason),
        ],
    )

    assert found == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2019-04-30", set()), ("2019-05-01", {"m"}), ("2019-05-31", {"m"}), ("2019-06-01", set())],
)
def test_missing_episode_goes_beyond_the_end_of_the_care_in_which_it_began(start: str, expected: set[str]) -> None:
    found = failing(
        "missing_episode_beyond_the_end_of_care",
        ssd_missing=[missing("m", start)],
        ssd_cla_episodes=[episode("a", "2019-05-01", "2019-06-01", "E4A")],
    )

    assert found == expected


def test_missing_after_leaving_care() -> None:
    def fails(start: str | None, *episodes: Record) -> set[str]:
        return failing(
            "missing_after_leaving_care", ssd_missing=[missing("m", start)], ssd_cla_episodes=[*episodes]
        )

    left = episode("a", "2019-05-01", "2019-06-01", "E4A")
    assert fails("2019-05-31", left) == set()
    assert fails("2019-06-01", left) == {"m"}
    assert fails("2019-06-05", left, episode("b", "2019-06-05")) == set()
    assert fails("2019-06-10", left, episode("b", "2019-06-05")) == set()
    assert fails("2019-06-02", left, episode("b", "2019-06-05")) == {"m"}
    # never looked after before, so that nothing was left
    assert fails("2019-04-30", left) == set()
    assert fails("2019-06-01") == set()
    assert fails(None, left) == set()


@pytest.mark.parametrize(
    ("reason", "start", "end", "birth", "expected"),
    [
        ("E4A", "2019-06-01", None, "2005-01-01", {"e"}),
        ("E4A", "2019-06-01", "2019-07-02", "2005-01-01", {"e"}),
        # found on the day on which care ended
        ("E4A", "2019-06-01", "2019-07-01", "2005-01-01", set()),
        ("E5", "2019-06-01", "2019-07-01", "2001-07-01", {"e"}),
        ("E5", "2019-06-01", "2019-07-01", "2001-07-02", set()),
        ("E8", "2019-06-01", None, "2005-01-01", set()),
        ("X1", "2019-06-01", None, "2005-01-01", set()),
        ("E4A", "2019-07-01", None, "2005-01-01", set()),
    ],
)
def test_missing_when_care_ended(reason: str, start: str, end: str | None, birth: str, expected: set[str]) -> None:
    found = failing(
        "missing_when_care_ended",
        ssd_person=[born(birth)],
        ssd_missing=[missing("m", start, end)],
        ssd_cla_episodes=[episode("e", "2019-01-01", "2019-07-01", reason)],
    )

    assert found == expected


def test_missing_episode_that_fails_in_two_ways_is_found_once() -> None:
    two_periods = [
        episode("a", "2019-05-01", "2019-07-01", "E4A"),
        {**episode("b", "2019-05-02", "2019-07-02", "E4A"), "clae_cla_id": "q"},
    ]
    two_placements = [placement("a", "2019-05-01", "2019-07-01"), placement("b", "2019-05-02", "2019-07-02")]
    open_one = [missing("m", "2019-05-10")]

    assert failing(
        "missing_episode_beyond_the_end_of_care", ssd_missing=open_one, ssd_cla_episodes=two_periods
    ) == {"m"}
    assert failing(
        "missing_from_a_placement_that_ended", ssd_missing=open_one, ssd_cla_placement=two_placements
    ) == {"m"}


def test_episode_that_ended_during_two_missing_ones_is_found_once() -> None:
    assert failing(
        "missing_when_care_ended",
        ssd_person=[born("2005-01-01")],
        ssd_missing=[missing("m", "2019-06-01"), missing("n", "2019-06-02")],
        ssd_cla_episodes=[episode("e", "2019-01-01", "2019-07-01", "E4A")],
    ) == {"e"}
