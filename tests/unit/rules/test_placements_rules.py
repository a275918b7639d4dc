"""The rules on placements: for each the right record, the edge and the wrong one.

The drop is of 31 August 2019. Unless a case says otherwise there is one child and one period of care.
"""

import pytest
from rule_cases import Record, failing


def placement(
    key: str, kind: str | None = "U4", start: str = "2019-05-01", end: str | None = None, **more: str | None
) -> Record:
    return {
        "clap_cla_placement_id": key,
        "clap_person_id": "c",
        "clap_cla_id": "p",
        "clap_cla_placement_type": kind,
        "clap_cla_placement_start_date": start,
        "clap_cla_placement_end_date": end,
        **{f"clap_cla_placement_{name}": value for name, value in more.items()},
    }


def episode(key: str, start: str, ceased: str | None = None, **more: str | None) -> Record:
    return {
        "clae_cla_episode_id": key,
        "clae_person_id": "c",
        "clae_cla_id": "p",
        "clae_cla_placement_id": "q",
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_ceased_date": ceased,
        **{f"clae_cla_{name}": value for name, value in more.items()},
    }


def status(text: str, start: str = "2018-01-01", end: str | None = None) -> Record:
    return {
        "lega_legal_status_id": f"{text} {start}",
        "lega_person_id": "c",
        "lega_legal_status": text,
        "lega_legal_status_start_date": start,
        "lega_legal_status_end_date": end,
    }


def born(day: str | None) -> Record:
    return {"pers_person_id": "c", "pers_dob": day}


def decision(key: str, day: str | None) -> Record:
    return {"perm_table_id": key, "perm_person_id": "c", "perm_adm_decision_date": day}


UASC: Record = {"immi_immigration_status_id": "i", "immi_person_id": "c", "immi_immigration_status": "UASC"}


@pytest.mark.parametrize(
    ("kind", "reason", "following", "expected"),
    [
        ("U4", "CHILD", placement("next", "K2", "2019-06-01"), set()),
        ("U4", None, placement("next", "K2", "2019-06-01"), {"a"}),
        ("U4", None, placement("next", "K2", "2019-06-02"), set()),
        ("U4", None, placement("next", "T1", "2019-06-01"), set()),
        ("T1", None, placement("next", "U4", "2019-06-01"), set()),
        ("U4", None, {**placement("next", "K2", "2019-06-01"), "clap_person_id": "other"}, set()),
    ],
)
def test_placement_left_without_reason(
    kind: str, reason: str | None, following: Record, expected: set[str]
) -> None:
    first = placement("a", kind, "2019-05-01", "2019-06-01", change_reason=reason)

    assert failing("placement_left_without_reason", ssd_cla_placement=[first, following]) == expected


@pytest.mark.parametrize(
    ("first", "others", "expected"),
    [
        (placement("a", end="2019-06-01", change_reason="CHILD"), [placement("n", "K2", "2019-06-01")], set()),
        (placement("a", end="2019-06-01", change_reason="CHILD"), [], {"a"}),
        (placement("a", end="2019-06-01", change_reason="CHILD"), [placement("n", "T1", "2019-06-01")], {"a"}),
        (placement("a", change_reason="CHILD"), [], {"a"}),
        (
            placement("a", "T1", end="2019-06-01", change_reason="OTHER"),
            [placement("n", "U4", "2019-06-01")],
            {"a"},
        ),
        (placement("a"), [], set()),
    ],
)
def test_placement_change_reason_without_change(first: Record, others: list[Record], expected: set[str]) -> None:
    assert failing("placement_change_reason_without_change", ssd_cla_placement=[first, *others]) == expected


def test_placement_without_provider() -> None:
    assert failing(
        "placement_without_provider",
        ssd_cla_placement=[
            placement("right", "U4", provider="PR1"),
            placement("wrong", "U4"),
            placement("temporary", "T4"),
            placement("other", "Z1"),
            placement("later kind of other", "Z12"),
        ],
    ) == {"wrong"}


def test_provider_where_none_belongs() -> None:
    assert failing(
        "provider_where_none_belongs",
        ssd_cla_placement=[
            placement("right", "T4"),
            placement("temporary", "T4", provider="PR1"),
            placement("other", "Z1", provider="PR4"),
            placement("later kind of other", "Z12", provider="PR4"),
            placement("foster", "U4", provider="PR1"),
        ],
    ) == {"temporary", "other"}


@pytest.mark.parametrize(
    ("provider", "possible", "impossible"),
    [
        ("PR0", ["P1"], ["U1", "K2"]),
        ("PR1", ["U1", "K2", "A6"], ["P1", "R2", "R5"]),
        ("PR2", ["U6", "K1"], ["P1", "R2", "R5"]),
        ("PR3", ["R2", "R5", "S1"], ["P1", "A3", "A6", "K1", "K2", "U1", "U6"]),
        ("PR4", ["K2", "U4"], ["P1"]),
        ("PR5", ["K2", "U4"], ["P1"]),
        (None, ["T1", "P1"], []),
    ],
)
def test_provider_impossible_for_the_placement(
    provider: str | None, possible: list[str], impossible: list[str]
) -> None:
    found = failing(
        "provider_impossible_for_the_placement",
        ssd_cla_placement=[placement(kind, kind, provider=provider) for kind in possible + impossible],
    )

    assert found == set(impossible)


def test_regulated_placement_without_urn() -> None:
    assert failing(
        "regulated_placement_without_urn",
        ssd_cla_placement=[
            placement("right", "K2", urn="SC123456"),
            placement("wrong", "K2"),
            placement("adopters", "A6"),
            placement("parents", "P1"),
            placement("semi-independent", "H5"),
            placement("ended in the year", "K2", "2018-01-01", "2019-04-01"),
            placement("ended before the year", "K2", "2018-01-01", "2019-03-31"),
        ],
    ) == {"wrong", "adopters", "ended in the year"}


def test_urn_where_none_belongs() -> None:
    assert failing(
        "urn_where_none_belongs",
        ssd_cla_placement=[
            placement("home", "K2", urn="SC123456"),
            placement("hospital", "R2", urn="SC123456"),
            placement("inspected by others", "R2", urn="XXXXXXX"),
            placement("parents", "P1"),
            placement("semi-independent", "H5", urn="SC123456"),
        ],
    ) == {"hospital"}


def test_placement_distance_missing() -> None:
    def fails(distance: str | None, text: str = "C2", *, is_uasc: bool = False) -> set[str]:
        return failing(
            "placement_distance_missing",
            ssd_cla_placement=[placement("q", distance=distance)],
            ssd_legal_status=[status(text)],
            ssd_immigration_status=[UASC] if is_uasc else [],
        )

    assert fails("0") == set()
    assert fails("999.9") == set()
    assert fails("1000") == {"q"}
    assert fails("-0.1") == {"q"}
    assert fails(None) == {"q"}
    assert fails(None, "V3") == set()
    assert fails(None, is_uasc=True) == set()


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], {"q"}),
        ([status("V3", "2019-05-01")], set()),
        ([status("V3", "2019-05-02")], {"q"}),
        ([status("V3", end="2019-05-02")], set()),
        ([status("V3", end="2019-05-01")], {"q"}),
    ],
)
def test_placement_distance_is_not_asked_for_where_its_first_day_was_a_short_break(
    statuses: list[Record], expected: set[str]
) -> None:
    found = failing("placement_distance_missing", ssd_cla_placement=[placement("q")], ssd_legal_status=statuses)

    assert found == expected


def test_placement_distance_unknown() -> None:
    assert failing(
        "placement_distance_unknown",
        ssd_cla_placement=[
            placement("unknown", distance="999.9"),
            placement("far", distance="999.8"),
            placement("missing"),
        ],
    ) == {"unknown"}


def test_distance_of_an_unaccompanied_child() -> None:
    def fails(distance: str | None, immigration: str) -> set[str]:
        return failing(
            "distance_of_an_unaccompanied_child",
            ssd_cla_placement=[placement("q", distance=distance)],
            ssd_immigration_status=[{**UASC, "immi_immigration_status": immigration}],
        )

    assert fails("12.5", "UASC") == {"q"}
    assert fails("999.9", "UASC") == set()
    assert fails(None, "UASC") == set()
    assert fails("12.5", "Refugee") == set()


def test_distance_of_a_short_break() -> None:
    def fails(distance: str | None, *statuses: Record) -> set[str]:
        return failing(
            "distance_of_a_short_break",
            ssd_cla_placement=[placement("q", distance=distance)],
            ssd_legal_status=[*statuses],
        )

    assert fails("12.5", status("V4")) == {"q"}
    assert fails("999.9", status("V4")) == set()
    assert fails("12.5", status("C2")) == set()
    # the status of the placement's first day tells
    assert fails("12.5", status("V3", end="2019-05-01")) == set()
    assert fails("12.5", status("V3", end="2019-05-02")) == {"q"}
    assert fails("12.5", status("V3", end="2019-05-01"), status("C2", "2019-05-01")) == set()
    assert fails("12.5", status("C2", end="2019-05-01"), status("V3", "2019-05-01")) == {"q"}


def test_care_begun_in_a_temporary_placement() -> None:
    def fails(kind: str, reason: str) -> set[str]:
        return failing(
            "care_begun_in_a_temporary_placement",
            ssd_cla_placement=[placement("q", kind)],
            ssd_cla_episodes=[episode("e", "2019-05-01", episode_start_reason=reason)],
        )

    assert fails("T4", "S") == {"e"}
    assert fails("T4", "P") == set()
    assert fails("U4", "S") == set()


def test_care_ended_in_a_temporary_placement() -> None:
    def fails(kind: str, reason: str | None) -> set[str]:
        return failing(
            "care_ended_in_a_temporary_placement",
            ssd_cla_placement=[placement("q", kind)],
            ssd_cla_episodes=[episode("e", "2019-05-01", "2019-06-01", episode_ceased_reason=reason)],
        )

    assert fails("T0", "E4A") == {"e"}
    assert fails("T0", "X1") == set()
    assert fails("T0", None) == set()
    assert fails("U4", "E4A") == set()


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (placement("after", "U4", "2019-06-08"), set()),
        (placement("after", "K2", "2019-06-08"), {"temporary"}),
        # nothing follows at once, or not yet
        (placement("after", "K2", "2019-06-09"), set()),
        ({**placement("after", "K2", "2019-06-08"), "clap_person_id": "other"}, set()),
    ],
)
def test_temporary_placement_without_return(after: Record, expected: set[str]) -> None:
    found = failing(
        "temporary_placement_without_return",
        ssd_cla_placement=[
            placement("before", "U4", "2019-05-01", "2019-06-01"),
            placement("temporary", "T4", "2019-06-01", "2019-06-08"),
            after,
        ],
    )

    assert found == expected


def test_temporary_placement_too_long() -> None:
    assert failing(
        "temporary_placement_too_long",
        ssd_cla_placement=[
            placement("hospital 42", "T1", "2019-01-01", "2019-02-12"),
            placement("hospital 43", "T1", "2019-01-01", "2019-02-13"),
            placement("carers away 21", "T3", "2019-01-01", "2019-01-22"),
            placement("carers away 22", "T3", "2019-01-01", "2019-01-23"),
            placement("other 7", "T4", "2019-01-01", "2019-01-08"),
            placement("other 8", "T4", "2019-01-01", "2019-01-09"),
            placement("open for 7", "T4", "2019-08-25"),
            placement("open for 8", "T4", "2019-08-24"),
            placement("holiday", "T2", "2019-01-01", "2019-06-01"),
            placement("foster", "U4", "2019-01-01"),
        ],
    ) == {"hospital 43", "carers away 22", "other 8", "open for 8"}


@pytest.mark.parametrize(
    ("kind", "birth", "expected"),
    [
        # placed on 1 May 2019
        ("H5", "2003-05-01", set()),
        ("H5", "2003-05-02", {"q"}),
        ("K3", "2003-05-02", {"q"}),
        ("R5", "2009-05-01", set()),
        ("R5", "2009-05-02", {"q"}),
        ("S1", "2015-05-01", set()),
        ("S1", "2015-05-02", {"q"}),
        ("U4", "2019-05-01", set()),
        ("H5", None, set()),
    ],
)
def test_placement_below_its_age(kind: str, birth: str | None, expected: set[str]) -> None:
    found = failing(
        "placement_below_its_age",
        ssd_person=[born(birth)],
        ssd_cla_placement=[placement("q", kind)],
    )

    assert found == expected


@pytest.mark.parametrize(
    ("kind", "statuses", "expected"),
    [
        # the episode begins on 1 May 2019
        ("U6", [status("V3")], set()),
        ("U4", [status("V3")], {"e"}),
        ("U1", [status("V4")], {"e"}),
        ("T4", [status("V3")], {"e"}),
        ("U4", [status("C2")], set()),
        ("U4", [status("V3", "2019-05-01")], {"e"}),
        ("U4", [status("V3", "2019-05-02")], set()),
        ("U4", [status("V3", end="2019-05-02")], {"e"}),
        ("U4", [status("V3", end="2019-05-01")], set()),
    ],
)
def test_short_break_in_an_impossible_placement(kind: str, statuses: list[Record], expected: set[str]) -> None:
    found = failing(
        "short_break_in_an_impossible_placement",
        ssd_cla_placement=[placement("q", kind)],
        ssd_cla_episodes=[episode("e", "2019-05-01")],
        ssd_legal_status=statuses,
    )

    assert found == expected


def test_single_accommodation_with_parents() -> None:
    def fails(kind: str, *statuses: Record) -> set[str]:
        return failing(
            "single_accommodation_with_parents",
            ssd_cla_placement=[placement("q", kind)],
            ssd_cla_episodes=[episode("e", "2019-05-01")],
            ssd_legal_status=[*statuses],
        )

    assert fails("P1", status("Single placement acc. by LA S20(1) CA under 16")) == {"e"}
    assert fails("P1", status("C2")) == set()
    assert fails("U4", status("V2")) == set()
    assert fails("P1", status("V2", "2019-05-01")) == {"e"}
    assert fails("P1", status("V2", "2019-05-02")) == set()
    assert fails("P1", status("V2", end="2019-05-01")) == set()
    # a care order from the first day of the episode
    assert fails("P1", status("V2", end="2019-05-01"), status("C2", "2019-05-01")) == set()
    # of two open ones the newest tells
    assert fails("P1", status("V2"), status("C1", "2019-04-01")) == set()


def test_adopted_without_being_placed() -> None:
    def fails(kind: str | None, reason: str) -> set[str]:
        return failing(
            "adopted_without_being_placed",
            ssd_cla_placement=[placement("q", kind)],
            ssd_cla_episodes=[episode("e", "2019-05-01", "2019-08-01", episode_ceased_reason=reason)],
        )

    assert fails("A3", "E11") == set()
    assert fails("A6", "E12") == set()
    assert fails("U5", "E12") == {"e"}
    assert fails("U5", "E4A") == set()
    assert fails(None, "E11") == set()


def test_placed_for_adoption_without_decision() -> None:
    def fails(kind: str, *decisions: Record) -> set[str]:
        return failing(
            "placed_for_adoption_without_decision",
            ssd_cla_placement=[placement("q", kind)],
            ssd_permanence=[*decisions],
        )

    assert fails("A6", decision("m", "2019-01-01")) == set()
    assert fails("A6", decision("m", None)) == {"q"}
    assert fails("A3") == {"q"}
    assert fails("U5") == set()


def test_placed_for_adoption_before_decision() -> None:
    def fails(kind: str, *days: str | None) -> set[str]:
        return failing(
            "placed_for_adoption_before_decision",
            ssd_cla_placement=[placement("q", kind)],
            ssd_permanence=[decision(f"m{day}", day) for day in days],
        )

    assert fails("A6", "2019-05-01") == set()
    assert fails("A6", "2019-05-02") == {"q"}
    assert fails("A6", "2019-05-02", "2019-01-01") == set()
    assert fails("A6", None) == set()
    assert fails("U5", "2019-05-02") == set()


def test_placement_overlaps_another() -> None:
    def fails(*placements: Record) -> set[str]:
        return failing("placement_overlaps_another", ssd_cla_placement=[*placements])

    first = placement("a", start="2019-05-01", end="2019-06-01")
    assert fails(first, placement("b", start="2019-06-01")) == set()
    assert fails(first, placement("b", start="2019-05-31")) == {"b"}
    assert fails(placement("a"), placement("b")) == {"b"}
    assert fails(first, placement("a2"), placement("b", start="2019-05-31")) == {"a2", "b"}
    assert fails(placement("a"), placement("b", "T4", "2019-06-01")) == set()
    assert fails(placement("a", "T4"), placement("b", start="2019-06-01")) == set()
    assert fails(placement("a"), {**placement("b"), "clap_person_id": "other"}) == set()


def test_placement_of_no_days_overlaps_nothing_after_it() -> None:
    assert (
        failing(
            "placement_overlaps_another",
            ssd_cla_placement=[placement("a", end="2019-05-01"), placement("b", start="2019-05-01")],
        )
        == set()
    )


def test_looked_after_without_open_placement() -> None:
    def fails(
        *,
        placed: str = "2019-05-01",
        left: str | None = "2019-08-31",
        start: str = "2019-05-01",
        ceased: str | None = None,
        birth: str = "2010-05-10",
    ) -> set[str]:
        return failing(
            "looked_after_without_open_placement",
            ssd_person=[born(birth)],
            ssd_cla_placement=[placement("q", start=placed, end=left)],
            ssd_cla_episodes=[episode("e", start, ceased)],
        )

    assert fails(left=None) == set()
    assert fails(left="2019-09-01") == set()
    assert fails(left="2019-08-31") == {"e"}
    assert fails(placed="2019-08-31", left=None) == set()
    assert fails(placed="2019-09-01", left=None) == {"e"}
    assert fails(start="2019-08-31") == {"e"}
    assert fails(start="2019-09-01") == set()
    assert fails(ceased="2019-08-31") == set()
    assert fails(birth="2001-08-31") == set()


def test_open_placement_after_care_ended() -> None:
    def fails(ceased: str | None, reason: str | None, placement_end: str | None = None) -> set[str]:
        return failing(
            "open_placement_after_care_ended",
            ssd_cla_placement=[placement("q", end=placement_end)],
            ssd_cla_episodes=[
                episode("a", "2019-05-01", "2019-06-01", episode_ceased_reason="X1"),
                episode("b", "2019-06-01", ceased, episode_ceased_reason=reason),
            ],
        )

    assert fails(None, None) == set()
    assert fails("2019-08-01", "E4A") == {"q"}
    assert fails("2019-08-01", None) == {"q"}
    assert fails("2019-08-01", "X1") == set()
    assert fails("2019-08-01", "E4A", placement_end="2019-08-01") == set()
