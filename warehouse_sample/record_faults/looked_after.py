"""Faults of episodes of care, legal statuses, reviews, health checks and the steps to adoption."""

import datetime as dt

from pipelines.calendar import Month
from warehouse_sample.care_targets import the_target
from warehouse_sample.record_faults.backdrop import (
    MOVED,
    STAY_BEGAN,
    STAY_ENDED,
    Stay,
    add_episode,
    add_legal_status,
    short_break,
    stay,
    stay_with_a_move,
)
from warehouse_sample.record_faults.case import Case, plants
from warehouse_sample.record_faults.lent_from_care import hide, settled_child
from warehouse_sample.timeline import MONTHS, days

DOMAIN = "looked_after"

_EPISODE, _STATUS, _REVIEW = "ssd_cla_episodes", "ssd_legal_status", "ssd_cla_reviews"
_HEALTH, _SCORE, _PERMANENCE = "ssd_cla_health", "ssd_sdq_scores", "ssd_permanence"
_DECIDED = STAY_BEGAN - days(20)
_NEXT_YEAR = MONTHS.index(Month(2019, 4))
"""The first drop of the second financial year."""
_ALL_KNOWN = the_target("legal_status", "V2")[0].at.drop
"""The drop in which every child looked after has a legal status."""


# Episodes


@plants("looked_after_from_18")
def _looked_after_from_18(case: Case) -> None:
    case.born = dt.date(1995, 1, 20)
    case.at_fault(_EPISODE, stay(case).episode)


@plants("episode_end_and_reason_not_both_given")
def _end_without_reason(case: Case) -> None:
    case.at_fault(_EPISODE, stay(case, clae_cla_episode_ceased_reason=None).episode)


@plants("open_episode_with_a_later_one")
def _open_with_a_later_one(case: Case) -> None:
    """Of a child on short breaks: one who is looked after would be counted."""
    begun = short_break(case, end=None)
    add_episode(case, begun.cla_id, begun.placement, MOVED, STAY_ENDED, clae_entered_care_date=STAY_BEGAN)
    case.at_fault(_EPISODE, begun.episode)


@plants("episode_shorter_than_a_day")
def _shorter_than_a_day(case: Case) -> None:
    case.at_fault(_EPISODE, stay(case, end=STAY_BEGAN).episode)


@plants("continuing_episode_after_care_ended")
def _after_care_ended(case: Case) -> None:
    case.at_fault(_EPISODE, stay_with_a_move(case, first_ended=(MOVED, "E4A")).episodes[1])


@plants("continuing_episode_after_a_gap")
def _after_a_gap(case: Case) -> None:
    """The one before the gap was followed by none on its last day."""
    first, second = stay_with_a_move(case, first_ended=(MOVED - days(9), "X1")).episodes
    case.at_fault(_EPISODE, second)
    case.at_fault(_EPISODE, first, "followed_episode_without_a_next_one")


@plants("start_of_care_on_the_day_it_ended")
def _start_on_the_day_it_ended(case: Case) -> None:
    episodes = stay_with_a_move(case, first_ended=(MOVED, "E4A"), clae_cla_episode_start_reason="S").episodes
    case.at_fault(_EPISODE, episodes[1])


@plants("start_reason_not_what_changed")
def _reason_not_what_changed(case: Case) -> None:
    case.at_fault(_EPISODE, stay_with_a_move(case, clae_cla_episode_start_reason="L").episodes[1])


@plants("followed_episode_without_a_next_one")
def _without_a_next_one(case: Case) -> None:
    case.at_fault(_EPISODE, stay(case, ceased_reason="X1").episode)


@plants("need_changed_within_a_period_of_care")
def _need_changed(case: Case) -> None:
    case.at_fault(_EPISODE, stay_with_a_move(case, clae_cla_primary_need_code="N5").episodes[1])


@plants("open_episode_past_18")
def _open_past_18(case: Case) -> None:
    """18 before the first month that any figure looks back to."""
    case.born = dt.date(1997, 2, 3)
    case.at_fault(_EPISODE, stay(case, end=None).episode)


@plants("ceased_reason_impossible_at_the_age")
def _reason_impossible_at_the_age(case: Case) -> None:
    case.at_fault(_EPISODE, stay(case, ceased_reason="E7").episode)


@plants("entered_care_dates_of_a_period_differ")
def _entered_dates_differ(case: Case) -> None:
    for episode in stay_with_a_move(case, clae_entered_care_date=MOVED).episodes:
        case.at_fault(_EPISODE, episode)


@plants("episode_before_entering_care")
def _before_entering_care(case: Case) -> None:
    case.at_fault(_EPISODE, stay(case, clae_entered_care_date=STAY_BEGAN + days(21)).episode)


@plants("period_of_care_of_two_children")
def _period_of_two_children(case: Case) -> None:
    other = Case(case.book, case.world, case.rule, case.place)
    own = stay(case)
    case.at_fault(_EPISODE, own.episode)
    other.at_fault(_EPISODE, stay(other, clae_cla_id=own.cla_id, clap_cla_id=own.cla_id).episode)
    other.finish()


# Legal statuses and short breaks


@plants("emergency_status_too_long")
def _emergency_too_long(case: Case) -> None:
    case.at_fault(_STATUS, add_legal_status(case, "L2", MOVED, MOVED + days(30)))


@plants("looked_after_without_legal_status")
def _without_legal_status(case: Case) -> None:
    """Hides the legal status of a child of the world: every child with this fault counts as looked after.

    The statuses printed for one month make up the whole: its drop shows all of them.
    """
    child = settled_child(case)
    since, until = case.place.since, case.place.until
    stretches = [(since, min(until, _ALL_KNOWN)), (max(since, _ALL_KNOWN + 1), until)]
    stretches = [(begun, gone) for begun, gone in stretches if begun < gone]
    hide(case, _STATUS, child.legal_statuses, stretches)
    for case.shown in stretches:
        case.at_fault(_EPISODE, child.episode)


@plants("short_break_over_17_days")
def _break_over_17_days(case: Case) -> None:
    case.at_fault(_EPISODE, short_break(case, STAY_BEGAN, STAY_BEGAN + days(30), "V3").episode)


@plants("short_breaks_over_75_days_in_a_year")
def _breaks_over_75_days(case: Case) -> None:
    """Six fortnights in the first year. April has fewer than 75 days, so its breaks were entered three times."""
    for number in range(6):
        start = dt.date(2018, 4, 2) + days(22 * number)
        taken = short_break(case, start, start + days(14), "V3")
        case.at_fault(_EPISODE, taken.episode, until=_NEXT_YEAR)
    case.shown = max(case.place.since, _NEXT_YEAR), case.place.until
    for start in (dt.date(2019, 4, 2), dt.date(2019, 4, 17)):
        end = start + days(13)
        taken = short_break(case, start, end, "V3")
        again = [
            add_episode(case, taken.cla_id, taken.placement, start, end, clae_cla_episode_ceased_reason="E8")
            for _ in range(2)
        ]
        for episode in (taken.episode, *again):
            case.at_fault(_EPISODE, episode)
    case.shown = case.place.since, case.place.until


# Reviews


def _review(
    case: Case, period: Stay, held: dt.date | None, participation: str | None = "PN1", cancelled: str = "N"
) -> str:
    return case.add(
        _REVIEW,
        clar_cla_id=period.cla_id,
        clar_cla_review_due_date=MOVED,
        clar_cla_review_date=held,
        clar_cla_review_cancelled=cancelled,
        clar_cla_review_participation=participation,
    )


@plants("held_review_without_participation")
def _without_participation(case: Case) -> None:
    case.at_fault(_REVIEW, _review(case, stay(case), MOVED, participation=None))


@plants("review_participation_without_date")
def _participation_without_date(case: Case) -> None:
    case.at_fault(_REVIEW, _review(case, stay(case), None))


@plants("under_four_participation_of_an_older_child")
def _under_four_of_an_older_child(case: Case) -> None:
    case.at_fault(_REVIEW, _review(case, stay(case), MOVED, participation="PN0"))


@plants("participation_of_a_child_under_four")
def _of_a_child_under_four(case: Case) -> None:
    case.born = dt.date(2012, 2, 1)
    case.at_fault(_REVIEW, _review(case, stay(case), MOVED))


@plants("review_of_short_breaks_only")
def _of_short_breaks_only(case: Case) -> None:
    case.at_fault(_REVIEW, _review(case, short_break(case), MOVED))


@plants("review_of_a_period_not_begun")
def _of_a_period_not_begun(case: Case) -> None:
    case.at_fault(_REVIEW, _review(case, stay(case), STAY_BEGAN - days(12)))


@plants("review_of_a_period_ended")
def _of_a_period_ended(case: Case) -> None:
    case.at_fault(_REVIEW, _review(case, stay(case), STAY_ENDED + days(8)))


@plants("two_reviews_within_14_days")
def _two_within_14_days(case: Case) -> None:
    period = stay(case)
    _review(case, period, MOVED)
    case.at_fault(_REVIEW, _review(case, period, MOVED + days(10)))


@plants("cancelled_review_that_was_held")
def _cancelled_but_held(case: Case) -> None:
    case.at_fault(_REVIEW, _review(case, stay(case), MOVED, cancelled="Y"))


@plants("review_due_before_the_period")
def _due_before_the_period(case: Case) -> None:
    case.at_fault(_REVIEW, _review(case, stay(case, start=MOVED + days(3)), MOVED + days(20)))


# Health


def _health_check(case: Case, on: dt.date | None) -> str:
    return case.add(
        _HEALTH,
        clah_health_check_type="Health Assessment",
        clah_health_check_date=on,
        clah_health_check_status="Completed",
    )


@plants("completed_health_check_without_date")
def _check_without_date(case: Case) -> None:
    stay(case)
    case.at_fault(_HEALTH, _health_check(case, None))


@plants("health_check_twice_on_one_day")
def _check_twice_on_one_day(case: Case) -> None:
    stay(case)
    _health_check(case, MOVED)
    case.at_fault(_HEALTH, _health_check(case, MOVED))


def _score(case: Case, score: str, reason: str | None = None) -> str:
    stay(case)
    return case.add(_SCORE, csdq_sdq_completed_date=MOVED, csdq_sdq_score=score, csdq_sdq_reason=reason)


@plants("sdq_score_outside_0_to_40")
def _score_outside_0_to_40(case: Case) -> None:
    case.at_fault(_SCORE, _score(case, "41"))


@plants("sdq_score_and_reason_both_given")
def _score_and_reason(case: Case) -> None:
    case.at_fault(_SCORE, _score(case, "14", reason="SDQ2"))


# Adoption


@plants("adopted_without_adoption_record")
def _without_adoption_record(case: Case) -> None:
    """Decided and placed, but the matching is missing."""
    period = stay(case, ceased_reason="E11", clap_cla_placement_type="A5")
    case.add(_PERMANENCE, perm_cla_id=period.cla_id, perm_adm_decision_date=_DECIDED)
    case.at_fault(_EPISODE, period.episode)


@plants("adoption_order_without_adoption")
def _order_without_adoption(case: Case) -> None:
    period = stay(case)
    key = case.add(
        _PERMANENCE,
        perm_cla_id=period.cla_id,
        perm_adm_decision_date=_DECIDED,
        perm_permanence_order_date=STAY_ENDED,
        perm_permanence_order_type="Adoption",
    )
    case.at_fault(_PERMANENCE, key)


@plants("adoption_decision_reversal_half_recorded")
def _reversal_half_recorded(case: Case) -> None:
    period = stay(case)
    key = case.add(
        _PERMANENCE,
        perm_cla_id=period.cla_id,
        perm_adm_decision_date=_DECIDED,
        perm_decision_reversed_date=MOVED,
    )
    case.at_fault(_PERMANENCE, key)
