"""Records around a fault that are as they should be: a case that was worked with and closed long ago.

Belongs here: rows that several planters need. All of it ended before the first day that any figure of the first
drop looks back to, so it is counted nowhere.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pipelines.sample.record_faults.case import Case

STAY_BEGAN, STAY_ENDED = dt.date(2014, 3, 10), dt.date(2015, 6, 17)
"""First day of a period of care, and the first day after it."""


@dataclass(frozen=True)
class Stay:
    """Keys of a period of care of one episode, one legal status and one placement."""

    cla_id: str
    episode: str
    legal_status: str
    placement: str


def stay(
    case: Case,
    start: dt.date = STAY_BEGAN,
    end: dt.date | None = STAY_ENDED,
    ceased_reason: str = "E4A",
    legal_status: str = "C2",
    **values: Any,
) -> Stay:
    """A period of care in a foster home under a care order, from which the child went home.

    `values` are cells of its placement, by column, that shall be otherwise.
    """
    cla_id = case.book.id("97")
    home = {
        "clap_cla_placement_start_date": start,
        "clap_cla_placement_type": "U4",
        "clap_cla_placement_urn": "SC410532",
        "clap_cla_placement_distance": 7.4,
        "clap_cla_id": cla_id,
        "clap_cla_placement_provider": "PR1",
        "clap_cla_placement_postcode": "ZZ3 4AB",
        "clap_cla_placement_end_date": end,
    }
    placement = case.add("ssd_cla_placement", **(home | values))
    episode = case.add(
        "ssd_cla_episodes",
        clae_cla_episode_start_date=start,
        clae_cla_episode_start_reason="S",
        clae_cla_primary_need_code="N1",
        clae_cla_episode_ceased_date=end,
        clae_cla_episode_ceased_reason=ceased_reason if end else None,
        clae_cla_id=cla_id,
        clae_cla_placement_id=placement,
        clae_entered_care_date=start,
    )
    status = case.add(
        "ssd_legal_status",
        lega_legal_status=legal_status,
        lega_legal_status_start_date=start,
        lega_legal_status_end_date=end,
    )
    return Stay(cla_id, episode, status, placement)
