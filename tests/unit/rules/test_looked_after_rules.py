"""The rules on children looked after: for each the right record, the edge and the wrong one.

The drop is of 31 August 2019. Unless a case says otherwise there is one child, born on 10 May 2010, and one period
of care.
"""

import pytest
from rule_cases import Record, failing

CHILD = {"pers_person_id": "c", "pers_dob": "2010-05-10"}


def born(day: str | None) -> Record:
    return {"pers_person_id": "c", "pers_dob": day}


def episode(key: str, start: str, ceased: str | None = None, **more: str | None) -> Record:
    return {
        "clae_cla_episode_id": key,
        "clae_person_id": "c",
        "clae_cla_id": "p",
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_ceased_date": ceased,
        **{f"clae_{name}": value for name, value in more.items()},
    }


def started(key: str, start: str, reason: str, ceased: str | None = None, **more: str | None) -> Record:
    return episode(key, start, ceased, cla_episode_start_reason=reason, **more)


def ended(key: str, start: str, ceased: str | None, reason: str | None, **more: str | None) -> Record:
    return episode(key, start, ceased, cla_episode_ceased_reason=reason, **more)


def status(key: str, text: str, start: str, end: str | None = None) -> Record:
    return {
        "lega_legal_status_id": key,
        "lega_person_id": "c",
        "lega_legal_status": text,
        "lega_legal_status_start_date": start,
        "lega_legal_status_end_date": end,
    }


def review(
    key: str, held: str | None, code: str | None = "PN1", cancelled: str | None = "N", **more: str | None
) -> Record:
    return {
        "clar_cla_review_id": key,
        "clar_cla_id": "p",
        "clar_cla_review_date": held,
        "clar_cla_review_participation": code,
        "clar_cla_review_cancelled": cancelled,
        **more,
    }


def check(key: str, day: str | None, kind: str = "Health Assessment", state: str = "Completed") -> Record:
    return {
        "clah_health_check_id": key,
        "clah_person_id": "c",
        "clah_health_check_type": kind,
        "clah_health_check_date": day,
        "clah_health_check_status": state,
    }


def score(key: str, value: str | None, reason: str | None = None) -> Record:
    return {"csdq_table_id": key, "csdq_person_id": "c", "csdq_sdq_score": value, "csdq_sdq_reason": reason}


def permanence(key: str = "m", **more: str | None) -> Record:
    return {"perm_table_id": key, "perm_person_id": "c", **{f"perm_{name}": value for name, value in more.items()}}


def test_looked_after_from_18() -> None:
    def fails(birth: str | None, reason: str = "S") -> set[str]:
        return failing(
            "looked_after_from_18", ssd_person=[born(birth)], ssd_cla_episodes=[started("e", "2019-03-01", reason)]
        )

    assert fails("2001-03-02") == set()
    assert fails("2001-03-01") == {"e"}
    assert fails("2001-02-28", reason="P") == set()
    assert fails(None) == set()


def test_looked_after_from_18_on_1_march_for_one_born_on_29_february() -> None:
    def fails(start: str) -> set[str]:
        return failing(
            "looked_after_from_18", ssd_person=[born("2000-02-29")], ssd_cla_episodes=[started("e", start, "S")]
        )

    assert fails("2018-02-28") == set()
    assert fails("2018-03-01") == {"e"}


def test_episode_end_and_reason_not_both_given() -> None:
    assert failing(
        "episode_end_and_reason_not_both_given",
        ssd_cla_episodes=[
            ended("both", "2019-01-01", "2019-02-01", "X1"),
            ended("neither", "2019-02-01", None, None),
            ended("end only", "2019-01-01", "2019-02-01", None),
            ended("reason only", "2019-02-01", None, "E4A"),
        ],
    ) == {"end only", "reason only"}


def test_open_episode_with_a_later_one() -> None:
    def fails(*episodes: Record) -> set[str]:
        return failing("open_episode_with_a_later_one", ssd_cla_episodes=[*episodes])

    assert fails(episode("a", "2019-01-01", "2019-02-01"), episode("b", "2019-02-01")) == set()
    assert fails(episode("a", "2019-01-01"), episode("b", "2019-01-01")) == set()
    assert fails(episode("a", "2019-01-01"), episode("b", "2019-01-02"), episode("c", "2019-03-01")) == {"a", "b"}
    assert fails(episode("a", "2019-01-01"), {**episode("b", "2019-02-01"), "clae_person_id": "other"}) == set()


def test_episode_shorter_than_a_day() -> None:
    assert failing(
        "episode_shorter_than_a_day",
        ssd_cla_episodes=[
            episode("none", "2019-01-01", "2019-01-01"),
            episode("one day", "2019-01-01", "2019-01-02"),
            episode("open", "2019-01-01"),
        ],
    ) == {"none"}


def test_continuing_episode_after_care_ended() -> None:
    def fails(ceased_reason: str | None, start_reason: str) -> set[str]:
        return failing(
            "continuing_episode_after_care_ended",
            ssd_cla_episodes=[
                ended("before", "2019-01-01", "2019-02-01", ceased_reason),
                started("after", "2019-02-01", start_reason),
            ],
        )

    assert fails("X1", "P") == set()
    assert fails("E4A", "S") == set()
    assert fails("E4A", "P") == {"after"}
    assert fails(None, "L") == set()


def test_continuing_episode_after_a_gap() -> None:
    def fails(start: str, reason: str) -> set[str]:
        return failing(
            "continuing_episode_after_a_gap",
            ssd_cla_episodes=[episode("before", "2019-01-01", "2019-02-01"), started("after", start, reason)],
        )

    assert fails("2019-02-01", "P") == set()
    assert fails("2019-02-02", "P") == {"after"}
    assert fails("2019-02-02", "S") == set()
    # an overlap is what ingest flags
    assert fails("2019-01-31", "P") == set()


def test_start_of_care_on_the_day_it_ended() -> None:
    def fails(start: str, reason: str) -> set[str]:
        return failing(
            "start_of_care_on_the_day_it_ended",
            ssd_cla_episodes=[ended("before", "2019-01-01", "2019-02-01", "E4A"), started("after", start, reason)],
        )

    assert fails("2019-02-01", "S") == {"after"}
    assert fails("2019-02-02", "S") == set()
    assert fails("2019-02-01", "P") == set()


INTERIM, FULL = "Interim care order Sec. 38(1)", "C2"


@pytest.mark.parametrize(
    ("reason", "new_status", "new_placement", "expected"),
    [
        ("L", FULL, "q", set()),
        ("L", INTERIM, "q", {"after"}),
        ("L", FULL, "r", {"after"}),
        ("P", INTERIM, "r", set()),
        ("T", INTERIM, "r", set()),
        ("P", INTERIM, "q", {"after"}),
        ("P", FULL, "r", {"after"}),
        ("B", FULL, "r", set()),
        ("U", FULL, "r", set()),
        ("B", FULL, "q", {"after"}),
        ("U", INTERIM, "r", {"after"}),
        ("S", INTERIM, "q", set()),
        # a placement that is not known says nothing
        ("P", INTERIM, None, set()),
        # words for the status before mean no change
        ("P", "C1", "r", set()),
    ],
)
def test_start_reason_not_what_changed(
    reason: str, new_status: str, new_placement: str | None, expected: set[str]
) -> None:
    found = failing(
        "start_reason_not_what_changed",
        ssd_cla_episodes=[
            started("before", "2019-01-01", "S", "2019-02-01", cla_placement_id="q"),
            started("after", "2019-02-01", reason, cla_placement_id=new_placement),
        ],
        ssd_legal_status=[
            status("old", INTERIM, "2019-01-01", "2019-02-01"),
            status("new", new_status, "2019-02-01"),
        ],
    )

    assert found == expected


@pytest.mark.parametrize(
    "known", [status("new", FULL, "2019-02-01"), status("old", INTERIM, "2019-01-01", "2019-02-01")]
)
def test_start_reason_is_not_held_against_a_status_that_is_not_known(known: Record) -> None:
    found = failing(
        "start_reason_not_what_changed",
        ssd_cla_episodes=[
            started("before", "2019-01-01", "S", "2019-02-01", cla_placement_id="q"),
            started("after", "2019-02-01", "L", cla_placement_id="q"),
        ],
        ssd_legal_status=[known],
    )

    assert found == set()


def test_followed_episode_without_a_next_one() -> None:
    def fails(reason: str, *others: Record, ceased: str | None = "2019-02-01") -> set[str]:
        return failing(
            "followed_episode_without_a_next_one",
            ssd_cla_episodes=[ended("e", "2019-01-01", ceased, reason), *others],
        )

    assert fails("X1", episode("next", "2019-02-01")) == set()
    assert fails("X1") == {"e"}
    assert fails("X1", episode("next", "2019-02-02")) == {"e"}
    assert fails("X1", {**episode("next", "2019-02-01"), "clae_person_id": "other"}) == {"e"}
    assert fails("E4A") == set()
    assert fails("X1", ceased=None) == set()


def test_followed_episode_of_no_days_does_not_follow_itself() -> None:
    assert failing(
        "followed_episode_without_a_next_one", ssd_cla_episodes=[ended("e", "2019-02-01", "2019-02-01", "X1")]
    ) == {"e"}


def test_need_changed_within_a_period_of_care() -> None:
    def fails(reason: str, need: str | None) -> set[str]:
        return failing(
            "need_changed_within_a_period_of_care",
            ssd_cla_episodes=[
                started("before", "2019-01-01", "S", "2019-02-01", cla_primary_need_code="N1"),
                started("after", "2019-02-01", reason, cla_primary_need_code=need),
            ],
        )

    assert fails("P", "N1") == set()
    assert fails("P", "N5") == {"after"}
    assert fails("S", "N5") == set()
    assert fails("P", None) == set()


def test_open_episode_past_18() -> None:
    def fails(birth: str, ceased: str | None = None) -> set[str]:
        return failing(
            "open_episode_past_18",
            ssd_person=[born(birth)],
            ssd_cla_episodes=[episode("e", "2018-01-01", ceased)],
        )

    assert fails("2001-09-01") == set()
    assert fails("2001-08-31") == {"e"}
    assert fails("2001-08-31", ceased="2019-08-31") == set()


@pytest.mark.parametrize(
    ("reason", "birth", "expected"),
    [
        # care ended on 1 March 2019
        ("E11", "2001-03-02", set()),
        ("E11", "2001-03-01", {"e"}),
        ("E12", "2001-03-01", {"e"}),
        ("E44", "2001-03-01", {"e"}),
        ("E45", "2001-03-02", set()),
        ("E48", "2001-03-01", {"e"}),
        ("E5", "2005-03-01", set()),
        ("E5", "2005-03-02", {"e"}),
        ("E6", "2005-03-02", {"e"}),
        ("E7", "2003-03-01", set()),
        ("E7", "2003-03-02", {"e"}),
        ("E17", "2001-03-01", set()),
        ("E17", "2001-03-02", {"e"}),
        ("E4A", "2018-03-01", set()),
        ("E17", None, set()),
    ],
)
def test_ceased_reason_impossible_at_the_age(reason: str, birth: str | None, expected: set[str]) -> None:
    found = failing(
        "ceased_reason_impossible_at_the_age",
        ssd_person=[born(birth)],
        ssd_cla_episodes=[ended("e", "2018-01-01", "2019-03-01", reason)],
    )

    assert found == expected


def test_entered_care_dates_of_a_period_differ() -> None:
    def fails(second: str | None, period: str = "p") -> set[str]:
        return failing(
            "entered_care_dates_of_a_period_differ",
            ssd_cla_episodes=[
                episode("a", "2019-01-01", "2019-02-01", entered_care_date="2019-01-01"),
                {**episode("b", "2019-02-01", entered_care_date=second), "clae_cla_id": period},
            ],
        )

    assert fails("2019-01-01") == set()
    assert fails("2019-02-01") == {"a", "b"}
    assert fails("2019-02-01", period="q") == set()
    assert fails(None) == set()


def test_episode_before_entering_care() -> None:
    assert failing(
        "episode_before_entering_care",
        ssd_cla_episodes=[
            episode("first", "2019-01-01", entered_care_date="2019-01-01"),
            episode("later", "2019-02-01", entered_care_date="2019-01-01"),
            episode("before", "2018-12-31", entered_care_date="2019-01-01"),
        ],
    ) == {"before"}


def test_period_of_care_of_two_children() -> None:
    def fails(period: str | None) -> set[str]:
        return failing(
            "period_of_care_of_two_children",
            ssd_cla_episodes=[
                {**episode("a", "2019-01-01"), "clae_cla_id": period},
                {**episode("b", "2019-01-01"), "clae_cla_id": period, "clae_person_id": "other"},
                {**episode("c", "2019-01-01"), "clae_cla_id": "q"},
            ],
        )

    assert fails("p") == {"a", "b"}
    assert fails(None) == set()


def test_emergency_status_too_long() -> None:
    assert failing(
        "emergency_status_too_long",
        ssd_legal_status=[
            status("police 3", "Police protection power Sec.38(1)", "2019-01-01", "2019-01-04"),
            status("police 4", "Police protection power Sec.38(1)", "2019-01-01", "2019-01-05"),
            status("emergency 21", "L2", "2019-01-01", "2019-01-22"),
            status("emergency 22", "L2", "2019-01-01", "2019-01-23"),
            status("assessment 7", "L3", "2019-01-01", "2019-01-08"),
            status("assessment 8", "L3", "2019-01-01", "2019-01-09"),
            status("open for 3", "L1", "2019-08-29"),
            status("open for 4", "L1", "2019-08-28"),
            status("care order", "C2", "2019-01-01"),
        ],
    ) == {"police 4", "emergency 22", "assessment 8", "open for 4"}


def test_looked_after_without_legal_status() -> None:
    def fails(
        *statuses: Record, birth: str = "2010-05-10", start: str = "2019-01-01", ceased: str | None = None
    ) -> set[str]:
        return failing(
            "looked_after_without_legal_status",
            ssd_person=[born(birth)],
            ssd_cla_episodes=[episode("e", start, ceased)],
            ssd_legal_status=[*statuses],
        )

    assert fails(status("s", "C2", "2019-01-01")) == set()
    assert fails(status("s", "C2", "2019-01-01", "2019-09-01")) == set()
    assert fails(status("s", "C2", "2019-01-01", "2019-08-31")) == {"e"}
    assert fails(status("s", "C2", "2019-09-01")) == {"e"}
    assert fails() == {"e"}
    assert fails(status("s", "Special guardianship order", "2019-01-01")) == {"e"}
    # ingest flags words that no code stands for
    assert fails(status("s", "in no code list", "2019-01-01")) == set()
    assert fails(status("s", "C2", "2019-08-31")) == set()
    assert fails(start="2019-08-31") == {"e"}
    assert fails(start="2019-09-01") == set()
    assert fails(ceased="2019-08-31") == set()
    assert fails(birth="2001-08-31") == set()


def test_short_break_over_17_days() -> None:
    def fails(text: str, start: str, ceased: str | None) -> set[str]:
        return failing(
            "short_break_over_17_days",
            ssd_cla_episodes=[episode("e", start, ceased)],
            ssd_legal_status=[status("s", text, "2019-01-01")],
        )

    assert fails("V3", "2019-06-01", "2019-06-18") == set()
    assert fails("V3", "2019-06-01", "2019-06-19") == {"e"}
    assert fails("Regular occ. acc by LA S20(3) CA 16 & over", "2019-06-01", "2019-06-19") == {"e"}
    assert fails("V3", "2019-08-15", None) == set()
    assert fails("V3", "2019-08-14", None) == {"e"}
    assert fails("V4", "2019-06-01", "2019-06-19") == set()


@pytest.mark.parametrize("rule", ["short_break_over_17_days", "short_breaks_over_75_days_in_a_year"])
@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([status("s", "V3", "2019-05-01")], {"e"}),
        ([status("s", "V3", "2019-05-02")], set()),
        ([status("s", "V3", "2019-01-01", "2019-05-02")], {"e"}),
        ([status("s", "V3", "2019-01-01", "2019-05-01")], set()),
        ([status("s", "V3", "2019-01-01"), status("t", "C2", "2019-05-01")], set()),
    ],
)
def test_short_break_is_told_by_the_newest_status_of_its_first_day(
    rule: str, statuses: list[Record], expected: set[str]
) -> None:
    found = failing(rule, ssd_cla_episodes=[episode("e", "2019-05-01", "2019-08-01")], ssd_legal_status=statuses)

    assert found == expected


def test_short_breaks_over_75_days_in_a_year() -> None:
    def fails(*episodes: Record) -> set[str]:
        return failing(
            "short_breaks_over_75_days_in_a_year",
            ssd_cla_episodes=[*episodes],
            ssd_legal_status=[status("s", "V3", "2018-01-01")],
        )

    # 30 + 45 and 30 + 46 days
    assert fails(episode("a", "2019-04-01", "2019-05-01"), episode("b", "2019-06-01", "2019-07-16")) == set()
    assert fails(episode("a", "2019-04-01", "2019-05-01"), episode("b", "2019-06-01", "2019-07-17")) == {"a", "b"}
    # days before 1 April are of the year before
    assert fails(episode("a", "2019-01-01", "2019-05-01"), episode("b", "2019-06-01", "2019-07-16")) == set()
    assert fails(episode("a", "2018-12-01", "2019-04-01"), episode("b", "2019-04-01", "2019-06-16")) == {"b"}
    # an open one counts up to the month end, itself included: 45 + 30 and 45 + 31 days
    first = episode("a", "2019-04-01", "2019-05-16")
    assert fails(first, episode("b", "2019-08-02")) == set()
    assert fails(first, episode("b", "2019-08-01")) == {"a", "b"}
    assert fails(episode("a", "2019-04-01", "2019-06-15"), episode("b", "2019-08-31")) == {"a", "b"}


def test_held_review_without_participation() -> None:
    assert failing(
        "held_review_without_participation",
        ssd_cla_episodes=[episode("a", "2019-01-01", "2019-02-01"), episode("b", "2019-02-01")],
        ssd_cla_reviews=[
            {**review("of no known period", "2019-05-01", None), "clar_cla_id": "q"},
            review("right", "2019-05-01", "PN1"),
            review("wrong", "2019-05-01", None),
            review("cancelled not said", "2019-05-01", None, None),
            review("not held", None, None),
            review("cancelled", "2019-05-01", None, "Y"),
        ],
    ) == {"wrong", "cancelled not said", "of no known period"}


def test_review_participation_without_date() -> None:
    assert failing(
        "review_participation_without_date",
        ssd_cla_episodes=[episode("a", "2019-01-01", "2019-02-01"), episode("b", "2019-02-01")],
        ssd_cla_reviews=[
            {**review("of no known period", None, "PN1"), "clar_cla_id": "q"},
            review("right", "2019-05-01", "PN1"),
            review("wrong", None, "PN1"),
            review("not held", None, None),
            review("cancelled", None, "PN1", "Y"),
        ],
    ) == {"wrong", "of no known period"}


def test_participation_and_the_age_of_four() -> None:
    def fails(rule: str, held: str, code: str | None) -> set[str]:
        return failing(
            rule,
            ssd_person=[CHILD],
            ssd_cla_episodes=[episode("a", "2010-06-01", "2011-01-01"), episode("b", "2011-01-01")],
            ssd_cla_reviews=[review("r", held, code)],
        )

    older, younger = "under_four_participation_of_an_older_child", "participation_of_a_child_under_four"
    assert fails(older, "2014-05-09", "PN0") == set()
    assert fails(older, "2014-05-10", "PN0") == {"r"}
    assert fails(older, "2014-05-10", "PN1") == set()
    assert fails(younger, "2014-05-09", "PN6") == {"r"}
    assert fails(younger, "2014-05-09", "PN0") == set()
    assert fails(younger, "2014-05-09", None) == set()
    assert fails(younger, "2014-05-10", "PN1") == set()


def test_review_of_short_breaks_only() -> None:
    def fails(*statuses: Record, held: str | None = "2019-05-01") -> set[str]:
        return failing(
            "review_of_short_breaks_only",
            ssd_cla_episodes=[episode("e", "2019-01-01")],
            ssd_cla_reviews=[review("r", held)],
            ssd_legal_status=[*statuses],
        )

    assert fails(status("s", "V3", "2019-01-01")) == {"r"}
    assert fails(status("s", "V4", "2019-01-01"), status("t", "Supervision order", "2019-01-01")) == {"r"}
    assert fails(status("s", "V3", "2019-01-01"), status("t", "C2", "2019-06-01")) == set()
    assert fails(status("s", "V3", "2019-01-01"), held=None) == set()
    assert fails() == set()


def test_review_of_a_period_not_begun() -> None:
    def fails(held: str, cancelled: str = "N") -> set[str]:
        return failing(
            "review_of_a_period_not_begun",
            ssd_cla_episodes=[
                episode("a", "2019-01-10", "2019-02-01", entered_care_date="2019-01-01"),
                episode("b", "2019-02-01"),
            ],
            ssd_cla_reviews=[review("r", held, cancelled=cancelled)],
        )

    assert fails("2019-01-01") == set()
    assert fails("2018-12-31") == {"r"}
    assert fails("2018-12-31", cancelled="Y") == set()


def test_review_of_a_period_ended() -> None:
    def fails(held: str, last_end: str | None) -> set[str]:
        return failing(
            "review_of_a_period_ended",
            ssd_cla_episodes=[episode("a", "2019-01-01", "2019-02-01"), episode("b", "2019-02-01", last_end)],
            ssd_cla_reviews=[review("r", held)],
        )

    assert fails("2019-03-01", "2019-03-01") == set()
    assert fails("2019-03-02", "2019-03-01") == {"r"}
    assert fails("2019-03-02", None) == set()


def test_two_reviews_within_14_days() -> None:
    def fails(second: str, cancelled: str = "N") -> set[str]:
        return failing(
            "two_reviews_within_14_days",
            ssd_cla_episodes=[episode("e", "2019-01-01")],
            ssd_cla_reviews=[review("a", "2019-03-01"), review("b", second, cancelled=cancelled)],
        )

    assert fails("2019-03-01") == {"b"}
    assert fails("2019-03-15") == {"b"}
    assert fails("2019-03-16") == set()
    assert fails("2019-03-15", cancelled="Y") == set()


def test_cancelled_review_that_was_held() -> None:
    assert failing(
        "cancelled_review_that_was_held",
        ssd_cla_episodes=[episode("a", "2019-01-01", "2019-02-01"), episode("b", "2019-02-01")],
        ssd_cla_reviews=[
            {**review("of no known period", "2019-05-01", "PN1", "Y"), "clar_cla_id": "q"},
            review("held", "2019-05-01", "PN1"),
            review("wrong", "2019-05-01", "PN1", "Y"),
            review("planned", "2019-05-01", None, "Y"),
            review("no day", None, "PN1", "Y"),
        ],
    ) == {"wrong", "of no known period"}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("held_review_without_participation", review("r", "2019-05-01", None)),
        ("review_participation_without_date", review("r", None, "PN1")),
        ("under_four_participation_of_an_older_child", review("r", "2019-05-01", "PN0")),
        ("review_of_a_period_not_begun", review("r", "2018-12-31")),
        ("review_due_before_the_period", review("r", None, clar_cla_review_due_date="2018-12-31")),
        ("cancelled_review_that_was_held", review("r", "2019-05-01", "PN1", "Y")),
    ],
)
def test_review_of_a_period_that_two_children_bear_is_that_of_the_last_episode(rule: str, found: Record) -> None:
    other = {**episode("a", "2019-01-01", "2019-02-01"), "clae_person_id": "other"}

    # the cases' own check holds the child against the last episode given
    assert failing(
        rule,
        ssd_person=[CHILD, {"pers_person_id": "other", "pers_dob": "2017-01-01"}],
        ssd_cla_episodes=[other, episode("b", "2019-02-01")],
        ssd_cla_reviews=[found],
    ) == {"r"}


def test_review_due_before_the_period() -> None:
    assert failing(
        "review_due_before_the_period",
        ssd_cla_episodes=[
            episode("a", "2019-01-01", "2019-02-01"),
            episode("b", "2019-02-01", entered_care_date="2019-01-01"),
            episode("c", "2019-03-01"),
        ],
        ssd_cla_reviews=[
            review("right", "2019-01-29", clar_cla_review_due_date="2019-01-01"),
            review("wrong", "2019-01-29", clar_cla_review_due_date="2018-12-31"),
            review("none", "2019-01-29"),
        ],
    ) == {"wrong"}


def test_completed_health_check_without_date() -> None:
    assert failing(
        "completed_health_check_without_date",
        ssd_cla_health=[
            check("right", "2019-05-01"),
            check("wrong", None),
            check("planned", None, state="Planned"),
        ],
    ) == {"wrong"}


def test_health_check_twice_on_one_day() -> None:
    assert failing(
        "health_check_twice_on_one_day",
        ssd_cla_health=[
            check("a", "2019-05-01"),
            check("b", "2019-05-01"),
            check("dental", "2019-05-01", "Dental Check"),
            check("refused", "2019-05-01", state="Refused"),
            check("next day", "2019-05-02"),
        ],
    ) == {"b"}


def test_sdq_score_outside_0_to_40() -> None:
    values = ["0", "9", "39", "40", "14.0", "41", "-1", "14.5", "fourteen", "100", None]

    found = failing("sdq_score_outside_0_to_40", ssd_sdq_scores=[score(str(value), value) for value in values])

    assert found == {"41", "-1", "14.5", "fourteen", "100"}


def test_sdq_score_and_reason_both_given() -> None:
    assert failing(
        "sdq_score_and_reason_both_given",
        ssd_sdq_scores=[
            score("score", "14"),
            score("reason", None, "SDQ2"),
            score("both", "14", "SDQ2"),
            score("neither", None),
        ],
    ) == {"both"}


def test_adopted_without_adoption_record() -> None:
    def fails(reason: str, *records: Record) -> set[str]:
        return failing(
            "adopted_without_adoption_record",
            ssd_cla_episodes=[ended("e", "2018-01-01", "2019-05-01", reason)],
            ssd_permanence=[*records],
        )

    decided = permanence(adm_decision_date="2018-06-01")
    matched = permanence(adm_decision_date="2018-06-01", matched_date="2018-09-01")
    assert fails("E11", matched) == set()
    assert fails("E11", decided) == {"e"}
    assert fails("E12") == {"e"}
    assert fails("E4A") == set()


def test_adoption_order_without_adoption() -> None:
    def fails(reason: str | None, day: str | None = "2019-05-01", kind: str = "Adoption") -> set[str]:
        return failing(
            "adoption_order_without_adoption",
            ssd_cla_episodes=[ended("e", "2018-01-01", "2019-05-01", reason)],
            ssd_permanence=[permanence(permanence_order_type=kind, permanence_order_date=day)],
        )

    assert fails("E12") == set()
    assert fails("E4A") == {"m"}
    assert fails("E4A", day=None) == set()
    assert fails("E45", kind="Special Guardianship") == set()


def test_adoption_decision_reversal_half_recorded() -> None:
    assert failing(
        "adoption_decision_reversal_half_recorded",
        ssd_permanence=[
            permanence("neither"),
            permanence("both", decision_reversed_date="2019-01-01", decision_reversed_reason="RD1"),
            permanence("day", decision_reversed_date="2019-01-01"),
            permanence("reason", decision_reversed_reason="RD1"),
        ],
    ) == {"day", "reason"}
