"""Faults of where children looked after live."""

import datetime as dt

from warehouse_sample.record_faults.backdrop import (
    MOVED,
    STAY_BEGAN,
    STAY_ENDED,
    add_episode,
    add_legal_status,
    add_placement,
    short_break,
    stay,
    stay_with_a_move,
)
from warehouse_sample.record_faults.case import Case, plants
from warehouse_sample.timeline import days

DOMAIN = "placements"

_PLACEMENT, _EPISODE = "ssd_cla_placement", "ssd_cla_episodes"


# Moves


@plants("placement_left_without_reason")
def _left_without_reason(case: Case) -> None:
    moved = stay_with_a_move(case, clap_cla_placement_change_reason=None)
    case.at_fault(_PLACEMENT, moved.placements[0])


@plants("placement_change_reason_without_change")
def _reason_without_change(case: Case) -> None:
    case.at_fault(_PLACEMENT, stay(case, clap_cla_placement_change_reason="CARPL").placement)


@plants("placement_overlaps_another")
def _overlaps_another(case: Case) -> None:
    period = stay(case)
    case.at_fault(_PLACEMENT, add_placement(case, period.cla_id, MOVED, STAY_ENDED, clap_cla_placement_type="U6"))


@plants("looked_after_without_open_placement")
def _without_open_placement(case: Case) -> None:
    """Of a child on short breaks: one who is looked after would be counted."""
    period = short_break(case, end=None, clap_cla_placement_end_date=MOVED)
    case.at_fault(_EPISODE, period.episode)


@plants("open_placement_after_care_ended")
def _open_after_care_ended(case: Case) -> None:
    case.at_fault(_PLACEMENT, stay(case, clap_cla_placement_end_date=None).placement)


# Temporary placements


@plants("care_begun_in_a_temporary_placement")
def _begun_in_a_temporary_one(case: Case) -> None:
    case.at_fault(_EPISODE, stay_with_a_move(case, STAY_BEGAN + days(5), kinds=("T4", "U4")).episodes[0])


@plants("care_ended_in_a_temporary_placement")
def _ended_in_a_temporary_one(case: Case) -> None:
    case.at_fault(_EPISODE, stay_with_a_move(case, STAY_ENDED - days(5), kinds=("U4", "T4")).episodes[1])


def _temporary(case: Case, lasts: dt.timedelta, afterwards: str) -> str:
    """A period of care in a foster home, interrupted by a temporary placement, whose key is returned."""
    cla_id = case.book.id("97")
    temporary = ""
    days_of_moves = (STAY_BEGAN, MOVED, MOVED + lasts, STAY_ENDED)
    for number, kind in enumerate(("U4", "T4", afterwards)):
        start, end = days_of_moves[number : number + 2]
        placement = add_placement(case, cla_id, start, end, clap_cla_placement_type=kind)
        add_episode(
            case,
            cla_id,
            placement,
            start,
            end,
            clae_cla_episode_start_reason="S" if number == 0 else "P",
            clae_cla_episode_ceased_reason="E4A" if end == STAY_ENDED else "X1",
            clae_entered_care_date=STAY_BEGAN,
        )
        temporary = placement if kind == "T4" else temporary
    add_legal_status(case, "C2", STAY_BEGAN, STAY_ENDED)
    return temporary


@plants("temporary_placement_without_return")
def _without_return(case: Case) -> None:
    case.at_fault(_PLACEMENT, _temporary(case, days(4), afterwards="K2"))


@plants("temporary_placement_too_long")
def _too_long(case: Case) -> None:
    case.at_fault(_PLACEMENT, _temporary(case, days(10), afterwards="U4"))


# Providers, registration, distances


@plants("placement_without_provider")
def _without_provider(case: Case) -> None:
    case.at_fault(_PLACEMENT, stay(case, clap_cla_placement_provider=None).placement)


@plants("provider_where_none_belongs")
def _provider_where_none_belongs(case: Case) -> None:
    case.at_fault(
        _PLACEMENT, stay(case, clap_cla_placement_type="Z1", clap_cla_placement_provider="PR1").placement
    )


@plants("provider_impossible_for_the_placement")
def _provider_impossible(case: Case) -> None:
    case.at_fault(_PLACEMENT, stay(case, clap_cla_placement_provider="PR0").placement)


@plants("regulated_placement_without_urn")
def _without_urn(case: Case) -> None:
    """Open, for one that ended years ago is not asked for; of a child on short breaks, which is not counted."""
    case.at_fault(_PLACEMENT, short_break(case, end=None, clap_cla_placement_urn=None).placement)


@plants("urn_where_none_belongs")
def _urn_where_none_belongs(case: Case) -> None:
    case.at_fault(
        _PLACEMENT, stay(case, clap_cla_placement_type="P1", clap_cla_placement_urn="SC410532").placement
    )


@plants("placement_distance_missing")
def _distance_missing(case: Case) -> None:
    case.at_fault(_PLACEMENT, stay(case, clap_cla_placement_distance=None).placement)


@plants("placement_distance_unknown")
def _distance_unknown(case: Case) -> None:
    case.at_fault(_PLACEMENT, stay(case, clap_cla_placement_distance=999.9).placement)


@plants("distance_of_an_unaccompanied_child")
def _distance_of_an_unaccompanied_child(case: Case) -> None:
    case.add(
        "ssd_immigration_status",
        immi_immigration_status="UASC",
        immi_immigration_status_start_date=STAY_BEGAN,
        immi_immigration_status_end_date=STAY_ENDED,
    )
    case.at_fault(_PLACEMENT, stay(case).placement)


@plants("distance_of_a_short_break")
def _distance_of_a_short_break(case: Case) -> None:
    case.at_fault(_PLACEMENT, short_break(case, clap_cla_placement_distance=7.4).placement)


# Placements that cannot be


@plants("placement_below_its_age")
def _below_its_age(case: Case) -> None:
    case.at_fault(_PLACEMENT, stay(case, clap_cla_placement_type="H5").placement)


@plants("short_break_in_an_impossible_placement")
def _short_break_in_an_impossible_one(case: Case) -> None:
    case.at_fault(_EPISODE, short_break(case, clap_cla_placement_type="U4").episode)


@plants("single_accommodation_with_parents")
def _accommodated_with_parents(case: Case) -> None:
    case.at_fault(_EPISODE, stay(case, clap_cla_placement_type="P1", legal_status="V2").episode)


# Adoption


@plants("adopted_without_being_placed")
def _without_being_placed(case: Case) -> None:
    period = stay(case, ceased_reason="E11")
    case.add(
        "ssd_permanence",
        perm_cla_id=period.cla_id,
        perm_adm_decision_date=MOVED,
        perm_matched_date=MOVED + days(60),
    )
    case.at_fault(_EPISODE, period.episode)


@plants("placed_for_adoption_without_decision")
def _without_decision(case: Case) -> None:
    case.at_fault(_PLACEMENT, stay(case, clap_cla_placement_type="A5").placement)


@plants("placed_for_adoption_before_decision")
def _before_decision(case: Case) -> None:
    period = stay(case, clap_cla_placement_type="A5")
    case.add("ssd_permanence", perm_cla_id=period.cla_id, perm_adm_decision_date=MOVED)
    case.at_fault(_PLACEMENT, period.placement)
