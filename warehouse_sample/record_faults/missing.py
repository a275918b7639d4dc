"""Faults of episodes of going missing."""

import datetime as dt

from warehouse_sample.record_faults.backdrop import STAY_ENDED, stay
from warehouse_sample.record_faults.case import Case, plants
from warehouse_sample.timeline import days

DOMAIN = "missing"

_OBJECT = "ssd_missing"
_WENT = STAY_ENDED - days(40)


def _missing(case: Case, start: dt.date | None, end: dt.date | None, kind: str | None = "M") -> str:
    return case.add(
        _OBJECT,
        miss_missing_episode_start_date=start,
        miss_missing_episode_type=kind,
        miss_missing_episode_end_date=end,
        miss_missing_rhi_offered="Y",
        miss_missing_rhi_accepted="N",
    )


@plants("missing_episode_without_type")
def _without_type(case: Case) -> None:
    stay(case)
    case.at_fault(_OBJECT, _missing(case, _WENT, _WENT + days(2), kind=None))


@plants("missing_episode_without_start")
def _without_start(case: Case) -> None:
    stay(case)
    case.at_fault(_OBJECT, _missing(case, None, _WENT))


@plants("missing_before_birth")
def _before_birth(case: Case) -> None:
    case.born = dt.date(2009, 3, 2)
    case.at_fault(_OBJECT, _missing(case, dt.date(2009, 2, 20), dt.date(2009, 2, 21)))


@plants("missing_after_leaving_care")
def _after_leaving_care(case: Case) -> None:
    stay(case)
    case.at_fault(_OBJECT, _missing(case, STAY_ENDED + days(9), STAY_ENDED + days(10)))


# The return is not noted, or noted too late. Where care ended for a reason of its own (E8), only the missing
# episode can be wrong.


@plants("missing_from_a_placement_that_ended")
def _from_an_ended_placement(case: Case) -> None:
    """The return was not recorded: the period of care ended too."""
    stay(case, ceased_reason="E8")
    key = _missing(case, _WENT, None)
    case.at_fault(_OBJECT, key, "missing_from_a_placement_that_ended", "missing_episode_beyond_the_end_of_care")


@plants("missing_episode_beyond_the_end_of_care")
def _beyond_the_end_of_care(case: Case) -> None:
    stay(case, ceased_reason="E8")
    case.at_fault(_OBJECT, _missing(case, _WENT, STAY_ENDED + days(3)))


@plants("missing_when_care_ended")
def _when_care_ended(case: Case) -> None:
    """Care ended on the 18th birthday, and so did the missing episode: the reason cannot be a move."""
    case.born = STAY_ENDED.replace(year=STAY_ENDED.year - 18)
    care = stay(case, ceased_reason="E5")
    _missing(case, _WENT, STAY_ENDED)
    case.at_fault("ssd_cla_episodes", care.episode)
