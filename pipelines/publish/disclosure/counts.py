"""Counts that are published more than once, and counts that follow from published ones.

Belongs here: what anybody can conclude from the definitions of the indicators alone. A new indicator that shares
its
children with another is entered here. Does not belong here: figures, and what is done about them.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Part(NamedTuple):
    """The numerator or denominator of an indicator."""

    indicator_id: str
    part: Literal["numerator", "denominator"]


def _n(indicator_id: str) -> Part:
    return Part(indicator_id, "numerator")


def _d(indicator_id: str) -> Part:
    return Part(indicator_id, "denominator")


@dataclass(frozen=True)
class Remainder:
    """The children of `whole` who are in none of `less`: published nowhere, but one subtraction away.

    Where it is small, `withheld` is suppressed so that the subtraction cannot be made. Where `leader` is the whole
    and suppressed, so is `withheld`, for the two move together; where it is a part, only where nobody remains.
    """

    whole: Part
    less: tuple[Part, ...]
    withheld: Part
    leader: Part | None = None


SAME_COUNT: tuple[tuple[Part, ...], ...] = (
    (
        _n("cin_plans_open"),
        _n("cin_plans_open_rate"),
        _d("cin_plans_open_0_3_months"),
        _d("cin_plans_open_over_12_months"),
    ),
    (_n("cp_plans_open"), _n("cp_plans_open_rate")),
    (_d("cp_plans_repeat"), _d("cp_plans_repeat_12_months")),
    (_n("children_looked_after"), _n("children_looked_after_rate"), _d("cla_three_or_more_placements")),
    (_d("cla_health_assessment_up_to_date"), _d("cla_dental_check_up_to_date")),
    (_n("referrals"), _d("re_referrals_12_months")),
    (_n("care_leavers"), _d("care_leavers_in_touch"), _d("care_leavers_eet")),
)

SUMS: dict[Part, tuple[Part, ...]] = {
    # care leavers, and young people still looked after who will be: those are 16 or 17 by law
    _d("care_leavers_pathway_plan_up_to_date"): (_n("care_leavers"), _d("personal_adviser_allocated")),
}
"""A count that is the sum of others: it is suppressed where one of them is, and they cannot be told from it."""


def _part_of(whole: Part, part: Part) -> Remainder:
    return Remainder(whole, (part,), part, whole)


REMAINDERS: tuple[Remainder, ...] = (
    # plans open from 3 to 12 months
    Remainder(
        _d("cin_plans_open_over_12_months"),
        (_n("cin_plans_open_0_3_months"), _n("cin_plans_open_over_12_months")),
        _n("cin_plans_open_over_12_months"),
    ),
    # second and later plans that began more than 12 months after the last one
    _part_of(_n("cp_plans_repeat"), _n("cp_plans_repeat_12_months")),
    # looked after, but not for 12 unbroken months; not in question for long-term stability; newly in care
    _part_of(_n("children_looked_after"), _d("cla_health_assessment_up_to_date")),
    _part_of(_n("children_looked_after"), _d("cla_long_term_stability")),
    _part_of(_n("children_looked_after"), _d("cla_children_reviewed_on_time")),
    # reviewed late this year, and not overdue
    Remainder(
        _d("cla_children_reviewed_on_time"),
        (_n("cla_children_reviewed_on_time"), _n("cla_reviews_overdue")),
        _n("cla_children_reviewed_on_time"),
        _n("cla_reviews_overdue"),
    ),
    # reviews without a participation code
    _part_of(_d("cla_reviews_on_time"), _d("cla_review_participation")),
    # care leavers abroad, deported or in custody
    _part_of(_n("care_leavers"), _d("care_leavers_suitable_accommodation")),
)
