"""Sound records around a fault: a case that was closed long ago.

Belongs here: rows that several planters need. They ended before the first day that any figure of the first drop
looks back to, so no figure counts them. A short break may be open: its child does not count as looked after.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from warehouse_sample.layout import COLUMNS
from warehouse_sample.placements import has_urn, providers
from warehouse_sample.record_faults.case import Case

STAY_BEGAN, STAY_ENDED = dt.date(2014, 3, 10), dt.date(2015, 6, 17)
"""First day of a period of care, and the first day after it."""
MOVED = dt.date(2014, 9, 1)
"""A day in that period on which a child moved."""


_EPISODE, _PLACEMENT = "ssd_cla_episodes", "ssd_cla_placement"


@dataclass(frozen=True)
class Stay:
    """Keys of a period of care of one episode, one legal status and one placement."""

    cla_id: str
    episode: str
    legal_status: str
    placement: str


@dataclass(frozen=True)
class TwoStays:
    """Keys of a period of care in two placements, with an episode in each."""

    cla_id: str
    episodes: tuple[str, str]
    placements: tuple[str, str]


def stay(
    case: Case,
    start: dt.date = STAY_BEGAN,
    end: dt.date | None = STAY_ENDED,
    ceased_reason: str = "E4A",
    legal_status: str = "C2",
    **values: Any,
) -> Stay:
    """A period of care in a foster home under a care order, from which the child went home.

    `values` replace cells of its episode and its placement, by column.
    """
    cla_id = case.book.id("97")
    placement = add_placement(case, cla_id, start, end, **_of(_PLACEMENT, values))
    reason = {"clae_cla_episode_ceased_reason": ceased_reason if end else None}
    episode = add_episode(case, cla_id, placement, start, end, **(reason | _of(_EPISODE, values)))
    return Stay(cla_id, episode, add_legal_status(case, legal_status, start, end), placement)


def short_break(
    case: Case,
    start: dt.date = STAY_BEGAN,
    end: dt.date | None = STAY_ENDED,
    legal_status: str = "V4",
    **values: Any,
) -> Stay:
    """Short breaks in a home: one period for all that were agreed, or with V3 a single break."""
    home = {"clap_cla_placement_type": "K2", "clap_cla_placement_distance": None}
    return stay(case, start, end, "E8", legal_status, **(home | values))


def stay_with_a_move(
    case: Case,
    moved: dt.date = MOVED,
    kinds: tuple[str, str] = ("U4", "U6"),
    first_ended: tuple[dt.date, str] | None = None,
    **values: Any,
) -> TwoStays:
    """A period of care in placements of two kinds, with an episode for each.

    `first_ended` are day and reason of the first episode's end, where the next one does not follow as it should;
    `values` replace cells of the first placement and the second episode, by column.
    """
    cla_id = case.book.id("97")
    reason = None if "T" in (kinds[0][0], kinds[1][0]) else "CARPL"
    left = {"clap_cla_placement_type": kinds[0], "clap_cla_placement_change_reason": reason}
    first = add_placement(case, cla_id, STAY_BEGAN, moved, **(left | _of(_PLACEMENT, values)))
    second = add_placement(case, cla_id, moved, STAY_ENDED, clap_cla_placement_type=kinds[1])
    end, ceased_reason = first_ended or (moved, "X1")
    begun = add_episode(case, cla_id, first, STAY_BEGAN, end, clae_cla_episode_ceased_reason=ceased_reason)
    going_on = {"clae_cla_episode_start_reason": "P", "clae_entered_care_date": STAY_BEGAN}
    ended = add_episode(case, cla_id, second, moved, STAY_ENDED, **(going_on | _of(_EPISODE, values)))
    add_legal_status(case, "C2", STAY_BEGAN, STAY_ENDED)
    return TwoStays(cla_id, (begun, ended), (first, second))


def add_placement(case: Case, cla_id: str, start: dt.date, end: dt.date | None, **values: Any) -> str:
    """A placement of a period of care, by default a foster home, as its kind asks for; returns its key."""
    kind = values.get("clap_cla_placement_type", "U4")
    about = {
        "clap_cla_placement_start_date": start,
        "clap_cla_placement_type": kind,
        "clap_cla_placement_urn": "SC410532" if has_urn(kind) else None,
        "clap_cla_placement_distance": 7.4,
        "clap_cla_id": cla_id,
        "clap_cla_placement_provider": providers(kind)[0],
        "clap_cla_placement_postcode": "ZZ3 4AB",
        "clap_cla_placement_end_date": end,
    }
    return case.add(_PLACEMENT, **(about | values))


def add_episode(
    case: Case, cla_id: str, placement: str, start: dt.date, end: dt.date | None, **values: Any
) -> str:
    """An episode of a period of care, by default the only one; returns its key."""
    about = {
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_start_reason": "S",
        "clae_cla_primary_need_code": "N1",
        "clae_cla_episode_ceased_date": end,
        "clae_cla_episode_ceased_reason": "E4A" if end else None,
        "clae_cla_id": cla_id,
        "clae_cla_placement_id": placement,
        "clae_entered_care_date": start,
    }
    return case.add(_EPISODE, **(about | values))


def add_legal_status(case: Case, code: str, start: dt.date, end: dt.date | None) -> str:
    """A legal status; returns its key."""
    return case.add(
        "ssd_legal_status",
        lega_legal_status=code,
        lega_legal_status_start_date=start,
        lega_legal_status_end_date=end,
    )


def _of(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """The cells that belong to an object."""
    return {column: value for column, value in values.items() if column in COLUMNS[name]}
