"""The rules on care leavers: for each the right record, the edge and the wrong one.

The drop is of 31 August 2019. Unless a case says otherwise the young person is 19.
"""

import pytest
from rule_cases import Record, failing

from pipelines.calendar import Month


def leaver(key: str = "l", group: str | None = "Former Relevant", **more: str | None) -> Record:
    return {
        "clea_table_id": key,
        "clea_person_id": "c",
        "clea_care_leaver_eligibility": group,
        **{f"clea_care_leaver_{name}": value for name, value in more.items()},
    }


def born(day: str | None) -> Record:
    return {"pers_person_id": "c", "pers_dob": day}


def episode(ceased: str | None, start: str = "2015-01-01", reason: str = "E5") -> Record:
    return {
        "clae_cla_episode_id": f"{start} {ceased}",
        "clae_person_id": "c",
        "clae_cla_id": "p",
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_ceased_date": ceased,
        "clae_cla_episode_ceased_reason": None if ceased is None else reason,
    }


# born on this day the young person is that old on 31 August 2019, one day later a year younger
SIXTEEN, EIGHTEEN, NINETEEN, TWENTY_SIX = "2003-08-31", "2001-08-31", "2000-08-31", "1993-08-31"
FIFTEEN, SEVENTEEN, TWENTY_FIVE = "2003-09-01", "2001-09-01", "1993-09-01"


def test_homeless_or_in_custody_yet_suitable() -> None:
    assert failing(
        "homeless_or_in_custody_yet_suitable",
        ssd_care_leavers=[
            leaver("homeless", accommodation="S2", accom_suitable="1"),
            leaver("letter alone", accommodation="X", accom_suitable="1"),
            leaver("right", accommodation="S2", accom_suitable="2"),
            leaver("flat", accommodation="U1", accom_suitable="1"),
            leaver("not said", accommodation="X2"),
        ],
    ) == {"homeless", "letter alone"}


def test_accommodation_and_suitability_disagree() -> None:
    assert failing(
        "accommodation_and_suitability_disagree",
        ssd_care_leavers=[
            leaver("right", accommodation="U1", accom_suitable="1"),
            leaver("wrong", accommodation="U1", accom_suitable="2"),
            leaver("wrong too", accommodation="W2", accom_suitable="1"),
            leaver("letter alone", accommodation="U", accom_suitable="2"),
            leaver("none", accommodation="0", accom_suitable="0"),
            leaver("not said", accommodation="U1"),
        ],
    ) == {"wrong", "wrong too"}


@pytest.mark.parametrize(
    ("activity", "accommodation", "in_touch_fails", "returned_fails", "half_fails"),
    [
        ("F2", "U1", False, True, False),
        ("0", "U1", True, True, False),
        ("F2", "0", True, True, False),
        ("0", "0", True, False, False),
        (None, None, True, False, False),
        ("F2", None, True, True, True),
        (None, "0", True, False, True),
    ],
)
def test_activity_and_accommodation_against_being_in_touch(
    activity: str | None, accommodation: str | None, in_touch_fails: bool, returned_fails: bool, half_fails: bool
) -> None:
    def is_found(rule: str, in_touch: str) -> bool:
        records = [leaver("l", in_touch=in_touch, activity=activity, accommodation=accommodation)]
        return failing(rule, ssd_care_leavers=records) == {"l"}

    in_touch, returned = "in_touch_without_activity_or_accommodation", "activity_of_one_who_died_or_returned_home"
    assert is_found(in_touch, "YES") == in_touch_fails
    assert not is_found(in_touch, "NO")
    assert is_found(returned, "DIED") == returned_fails
    assert is_found(returned, "RHOM") == returned_fails
    assert not is_found(returned, "YES")
    assert is_found("activity_and_accommodation_not_both_given", "NO") == half_fails


@pytest.mark.parametrize(
    ("accommodation", "birth", "expected"),
    [
        ("T1", EIGHTEEN, set()),
        ("T1", SEVENTEEN, {"l"}),
        ("Z", SEVENTEEN, {"l"}),
        ("U1", SEVENTEEN, set()),
        ("T1", None, set()),
    ],
)
def test_accommodation_below_its_age(accommodation: str, birth: str | None, expected: set[str]) -> None:
    found = failing(
        "accommodation_below_its_age",
        ssd_person=[born(birth)],
        ssd_care_leavers=[leaver(accommodation=accommodation)],
    )

    assert found == expected


def test_care_leaver_never_looked_after() -> None:
    def fails(group: str, *episodes: Record) -> set[str]:
        return failing(
            "care_leaver_never_looked_after", ssd_care_leavers=[leaver(group=group)], ssd_cla_episodes=[*episodes]
        )

    assert fails("Qualifying", episode("2016-01-01")) == set()
    assert fails("Qualifying") == {"l"}
    assert fails("Qualifying", {**episode("2016-01-01"), "clae_person_id": "other"}) == {"l"}
    assert fails("No Current Eligibility") == set()


@pytest.mark.parametrize(
    ("group", "start", "ceased", "birth", "expected"),
    [
        ("Relevant", "2015-01-01", None, SEVENTEEN, {"l"}),
        ("Relevant", "2019-08-31", None, SEVENTEEN, {"l"}),
        ("Relevant", "2019-09-01", None, SEVENTEEN, set()),
        ("Qualifying", "2015-01-01", "2019-09-01", SEVENTEEN, {"l"}),
        ("Relevant", "2015-01-01", "2019-08-31", SEVENTEEN, set()),
        ("Eligible", "2015-01-01", None, SEVENTEEN, set()),
        # at 18 it is the open episode that is wrong
        ("Former Relevant", "2015-01-01", None, EIGHTEEN, set()),
    ],
)
def test_care_leaver_still_looked_after(
    group: str, start: str, ceased: str | None, birth: str, expected: set[str]
) -> None:
    found = failing(
        "care_leaver_still_looked_after",
        ssd_person=[born(birth)],
        ssd_care_leavers=[leaver(group=group)],
        ssd_cla_episodes=[episode(ceased, start)],
    )

    assert found == expected


def test_care_leaver_under_16() -> None:
    def fails(birth: str | None, group: str = "Relevant") -> set[str]:
        return failing("care_leaver_under_16", ssd_person=[born(birth)], ssd_care_leavers=[leaver(group=group)])

    assert fails(SIXTEEN) == set()
    assert fails(FIFTEEN) == {"l"}
    assert fails(FIFTEEN, "No Current Eligibility") == set()
    assert fails(None) == set()


@pytest.mark.parametrize(
    ("birth", "role", "start", "end", "expected"),
    [
        (TWENTY_FIVE, "CW", "2019-01-01", None, set()),
        (TWENTY_SIX, "CW", "2019-01-01", None, {"l"}),
        (TWENTY_SIX, "16PLUS", "2019-01-01", None, set()),
        (TWENTY_SIX, "16PLUS", "2019-01-01", "2019-09-01", set()),
        (TWENTY_SIX, "16PLUS", "2019-01-01", "2019-08-31", {"l"}),
        (TWENTY_SIX, "16PLUS", "2019-08-31", None, set()),
        (TWENTY_SIX, "16PLUS", "2019-09-01", None, {"l"}),
    ],
)
def test_care_leaver_over_25_without_support(
    birth: str, role: str, start: str, end: str | None, expected: set[str]
) -> None:
    found = failing(
        "care_leaver_over_25_without_support",
        ssd_person=[born(birth)],
        ssd_care_leavers=[leaver()],
        ssd_involvements=[
            {
                "invo_involvements_id": "i",
                "invo_person_id": "c",
                "invo_professional_role_id": role,
                "invo_involvement_start_date": start,
                "invo_involvement_end_date": end,
            }
        ],
    )

    assert found == expected


def test_eligible_but_not_looked_after() -> None:
    def fails(group: str, *episodes: Record) -> set[str]:
        return failing(
            "eligible_but_not_looked_after", ssd_care_leavers=[leaver(group=group)], ssd_cla_episodes=[*episodes]
        )

    assert fails("Eligible", episode(None)) == set()
    assert fails("Eligible", episode("2019-09-01")) == set()
    assert fails("Eligible", episode("2019-08-31")) == {"l"}
    assert fails("Eligible", episode(None, "2019-08-31")) == set()
    assert fails("Eligible", episode(None, "2019-09-01")) == {"l"}
    assert fails("Eligible") == {"l"}
    assert fails("Relevant") == set()


def test_group_of_a_care_leaver_and_the_age_of_18() -> None:
    def fails(rule: str, group: str, birth: str | None) -> set[str]:
        return failing(rule, ssd_person=[born(birth)], ssd_care_leavers=[leaver(group=group)])

    assert fails("eligible_or_relevant_from_18", "Relevant", SEVENTEEN) == set()
    assert fails("eligible_or_relevant_from_18", "Relevant", EIGHTEEN) == {"l"}
    assert fails("eligible_or_relevant_from_18", "Eligible", EIGHTEEN) == {"l"}
    assert fails("eligible_or_relevant_from_18", "Qualifying", EIGHTEEN) == set()
    assert fails("former_relevant_under_18", "Former Relevant", EIGHTEEN) == set()
    assert fails("former_relevant_under_18", "Former Relevant", SEVENTEEN) == {"l"}
    assert fails("former_relevant_under_18", "Relevant", SEVENTEEN) == set()
    assert fails("former_relevant_under_18", "Former Relevant", None) == set()


@pytest.mark.parametrize(
    ("month", "in_touch", "contact", "expected"),
    [
        # two months after 30 June is 30 August, after 1 July 1 September
        ("2019-08", "NO", "2019-06-30", set()),
        ("2019-08", "NO", "2019-07-01", {"l"}),
        ("2019-08", "NO", "2019-08-31", {"l"}),
        ("2019-08", "NO", "2019-09-01", set()),
        ("2019-08", "NO", None, set()),
        ("2019-08", "YES", "2019-08-31", set()),
        ("2019-08", "REFU", "2019-08-31", set()),
        # three months until June 2019
        ("2019-06", "NO", "2019-03-29", set()),
        ("2019-06", "NO", "2019-03-30", {"l"}),
    ],
)
def test_not_in_touch_yet_contacted(month: str, in_touch: str, contact: str | None, expected: set[str]) -> None:
    found = failing(
        "not_in_touch_yet_contacted",
        month=Month.parse(month),
        ssd_care_leavers=[leaver(in_touch=in_touch, latest_contact=contact)],
    )

    assert found == expected


def test_in_touch_without_contact() -> None:
    assert failing(
        "in_touch_without_contact",
        ssd_care_leavers=[
            leaver("right", in_touch="YES", latest_contact="2019-08-01"),
            leaver("wrong", in_touch="YES"),
            leaver("not in touch", in_touch="NO"),
        ],
    ) == {"wrong"}


def test_care_leaver_contact_after_the_month() -> None:
    assert failing(
        "care_leaver_contact_after_the_month",
        ssd_care_leavers=[
            leaver("month end", latest_contact="2019-08-31"),
            leaver("after", latest_contact="2019-09-01"),
            leaver("none"),
        ],
    ) == {"after"}


def test_contact_before_leaving_care() -> None:
    def fails(contact: str, *episodes: Record, group: str = "Former Relevant") -> set[str]:
        return failing(
            "contact_before_leaving_care",
            ssd_care_leavers=[leaver(group=group, latest_contact=contact)],
            ssd_cla_episodes=[*episodes],
        )

    left = episode("2018-06-01")
    assert fails("2018-06-01", left) == set()
    assert fails("2018-05-31", left) == {"l"}
    assert fails("2018-05-31", episode("2016-01-01"), episode("2018-06-01", "2017-01-01")) == {"l"}
    assert fails("2018-05-31", left, episode(None, "2018-07-01")) == set()
    assert fails("2018-05-31", episode("2018-06-01", reason="X1")) == set()
    assert fails("2018-05-31", left, group="Eligible") == set()
    assert fails("2018-05-31") == set()


def test_pathway_plan_without_review_date() -> None:
    def fails(day: str | None, group: str = "Former Relevant", in_touch: str | None = "YES") -> set[str]:
        record = {**leaver(group=group, in_touch=in_touch), "clea_pathway_plan_review_date": day}
        return failing("pathway_plan_without_review_date", ssd_care_leavers=[record])

    assert fails("2010-01-01") == set()
    assert fails(None) == {"l"}
    assert fails(None, group="Eligible", in_touch=None) == {"l"}
    assert fails(None, group="No Current Eligibility") == set()
    assert fails(None, in_touch="DIED") == set()
