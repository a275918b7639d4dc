"""Relations between the counts of indicators, derived from the rows of children instead of from the register.

Belongs here: what the rows of a release show (`shown_by_rows`, `changes_shown_by_rows`) and what the register says
with all that follows from it (`said_by_register`, `changes_said_by_register`). A set is the numerator (`n`), the
denominator (`d`) or the complement (`c`: in the denominator only) of an indicator.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipelines.dictionary.indicator_relations import Relation, both_are_parts, relations, stay_restricted
from pipelines.seeds import seed_rows

REGISTER = {row["indicator_id"]: row for row in seed_rows("indicator_register")}
SETS_OF_UNIT = {"percentage": "ndc", "days": "d", "months": "d"}
"""The sets of an indicator by its unit: the numerator of a mean is a sum of days or months, not a set."""
NO_SETS = {*stay_restricted(), *(indicator for indicator, row in REGISTER.items() if row["unit_type"] == "post")}
"""What is not shown, and sums of full-time equivalents, which count neither posts nor people."""
SETS = [
    (indicator, part)
    for indicator, row in REGISTER.items()
    if indicator not in NO_SETS
    for part in SETS_OF_UNIT.get(row["unit"], "n")
]
PLACE = {own: position for position, own in enumerate(SETS)}
ENOUGH_ROWS = 150
"""A smaller set can lie in another by chance."""


BY_CHANCE = [
    # every review of the sample has a participation code; a review without one is in the first only
    (("cla_reviews_on_time", "d"), "lies in", ("cla_review_participation", "d")),
    (("cla_reviews_on_time", "c"), "does not overlap", ("cla_review_participation", "c")),
    # children take part in every second review of the sample
    (("permanence_plan_by_second_review", "d"), "lies in", ("cla_review_participation", "n")),
    # a child of the sample has a review in a placement that has lasted for a week
    (("cla_review_participation", "c"), "lies in", ("cla_visits_up_to_date", "d")),
    # a child without an offer came back in the month in which it went
    (("return_interview_offered", "c"), "lies in", ("cla_missing_episodes", "n")),
    # a child can move three times in the first weeks of care
    (("cla_three_or_more_placements", "n"), "lies in", ("cla_children_reviewed_on_time", "d")),
    # placements can overlap in untidy records
    (("cla_long_term_stability", "n"), "does not overlap", ("cla_three_or_more_placements", "n")),
    # a young person who came back into care had an adviser in between
    (("personal_adviser_allocated", "n"), "lies in", ("children_looked_after", "n")),
    # a referral can follow from a contact of the month before
    (("referrals", "n"), "lies in", ("contacts", "n")),
    # an adviser is for people of 16 and 17, but no rule says that they are looked after
    (("personal_adviser_allocated", "n"), "does not overlap", ("cla_long_term_stability", "d")),
    # whom the sample places there has been in care for long enough to be eligible
    (("cla_in_supported_accommodation_16_17", "n"), "lies in", ("care_leavers_pathway_plan_up_to_date", "d")),
    (("cla_16_17_residential_review", "n"), "lies in", ("care_leavers_pathway_plan_up_to_date", "d")),
    # few children of the sample come back, and none of these
    (("cla_16_17_residential_review", "n"), "lies in", ("cla_repeat_period_12_months", "c")),
    (("cla_ceased_independent", "n"), "lies in", ("cla_returned_within_12_months", "c")),
    # no unaccompanied child of the sample is known from before, is with parents, or came under 14
    (("cla_uasc", "n"), "lies in", ("cla_repeat_period_12_months", "c")),
    (("cla_uasc", "n"), "lies in", ("cla_placed_with_parents", "c")),
    (("cla_uasc", "n"), "does not overlap", ("cla_long_term_stability", "d")),
    # a care leaver can come back into care
    (("care_leavers_in_touch", "n"), "does not overlap", ("cla_in_supported_accommodation_16_17", "n")),
    (("care_leavers_in_touch", "n"), "does not overlap", ("cla_16_17_residential_review", "n")),
    # records can break the rule that a placement with parents needs an order
    (("cla_placed_with_parents", "n"), "lies in", ("cla_section_20", "c")),
    # an order can be made in the first weeks of care
    (("care_order_placed_with_parents", "n"), "lies in", ("cla_children_reviewed_on_time", "d")),
    # an episode without a period of care is new for its first review, but not for the plan for permanence
    (("cla_without_permanence_plan", "n"), "lies in", ("cla_children_reviewed_on_time", "d")),
    # the children without a care plan are few
    (("cla_section_20_without_plan", "n"), "does not overlap", ("cla_children_reviewed_on_time", "c")),
    # every enquiry before a conference of the sample is known, and every quorum of a review conference
    (("icpc_held", "n"), "lies in", ("icpc_within_15_working_days", "d")),
    (("cp_plans_repeat_12_months", "n"), "lies in", ("icpc_within_15_working_days", "d")),
    (("conference_late", "d"), "lies in", ("conference_quorate", "d")),
    (("conference_quorate", "d"), "lies in", ("conference_late", "d")),
    # a child of the sample with a form took part in one of the ways that are asked
    (("conference_consultation_forms", "n"), "lies in", ("conference_child_attended", "d")),
    (("conference_consultation_forms", "n"), "lies in", ("conference_child_views_given", "d")),
    # few children of the sample took no part in a review: all stayed in care, and they are in none of these sets
    (("cla_review_participation", "c"), "lies in", ("cla_out_of_area_over_20_miles", "c")),
    (("cla_review_participation", "c"), "lies in", ("cla_repeat_period_12_months", "c")),
    (("cla_review_participation", "c"), "does not overlap", ("cla_children_reviewed_on_time", "c")),
    (("cla_review_participation", "c"), "does not overlap", ("cla_in_supported_accommodation_16_17", "n")),
    (("cla_review_participation", "c"), "does not overlap", ("cla_16_17_residential_review", "n")),
    (("cla_review_participation", "c"), "does not overlap", ("interim_order_placed_with_parents", "n")),
    (("cla_review_participation", "c"), "does not overlap", ("cla_uasc", "n")),
    # every child of the sample who is looked after or on a plan has a reviewing officer
    (("children_looked_after", "n"), "lies in", ("iro_caseload", "n")),
    (("cp_plans_open", "n"), "lies in", ("iro_caseload", "n")),
    # every reviewing officer of the sample with children holds a post
    (("iro_over_70", "n"), "lies in", ("iros_in_post", "n")),
    # every adoption of the sample has all its dates
    (("cla_ceased_adopted", "n"), "lies in", ("adoption_months_decision_to_match", "d")),
    (("cla_ceased_adopted", "n"), "lies in", ("adoption_days_entry_to_placement", "d")),
    (("cla_ceased_adopted", "n"), "lies in", ("adoption_days_order_to_match", "d")),
]
"""What the rows of the sample show and the definitions do not say, each with the reason."""


@dataclass(frozen=True)
class Between:
    """What holds between two sets in every month: the first `lies_in` the second, or they are `disjoint`."""

    lies_in: NDArray[np.bool_]
    disjoint: NDArray[np.bool_]
    wholes: NDArray[np.bool_] | None = None
    """What lies in what for sure: without what holds by chance."""

    def lacks(self, shown: "Between") -> list[str]:
        """What is `shown` and not here, in words. Of disjoint sets, those that lie in one whole."""
        wholes = self.lies_in if self.wholes is None else self.wholes
        in_one = (wholes[:, None, :] & wholes[None, :, :]).any(-1)
        found = [
            (shown.lies_in & ~self.lies_in, "lies in"),
            (np.triu(shown.disjoint & ~self.disjoint & in_one, 1), "does not overlap"),
        ]
        return [
            f"{_name(first)} {verb} {_name(second)}"
            for pairs, verb in found
            for first, second in np.argwhere(pairs)
        ]


def _name(position: int) -> str:
    return ".".join(SETS[position])


def shown_by_rows(children: pl.DataFrame) -> Between:
    """The relations that hold for the rows of `fct_indicator_child` in every month of every extract.

    A set lies in another if no child has more rows in it, whatever the rows are about: one review of a child in
    care is one of the reviews of this child. Sets do not overlap if no child is in both. What is of no child, such
    as a worker, counts as one.
    """
    keys = ["la_code", "extract_month", "month", pl.coalesce("child_id", "unit_id")]
    rows = children.select(pl.struct(keys).rank("dense").alias("child"), "indicator_id", "is_in_numerator")
    sets = pl.DataFrame(
        [(indicator, is_in, PLACE[indicator, part]) for indicator, part in SETS for is_in in _inside(part)],
        orient="row",
        schema={"indicator_id": pl.String, "is_in_numerator": pl.Boolean, "set": pl.Int32},
    )
    counted = (
        rows.join(sets, on=["indicator_id", "is_in_numerator"]).group_by("child", "set").len().sort("child", "set")
    )
    shape = (counted["child"].max() + 1, len(SETS))
    both = np.zeros((len(SETS), len(SETS)), np.int64)
    for least in range(1, counted["len"].max() + 1):
        # summed over all thresholds: the smaller of the two numbers of rows of each child
        own = counted.filter(pl.col("len") >= least)
        layer = csr_matrix((np.ones(own.height, np.int32), (own["child"], own["set"])), shape=shape)
        both += (layer.T @ layer).toarray()
    size = both.diagonal()
    is_enough = size >= ENOUGH_ROWS
    return Between(
        (both == size[:, None]) & is_enough[:, None], (both == 0) & is_enough[:, None] & is_enough[None, :]
    )


def _inside(part: str) -> tuple[bool, ...]:
    return {"n": (True,), "d": (True, False), "c": (False,)}[part]


def said_by_register(
    rows: Iterable[Relation] | None = None, by_chance: Iterable[tuple] = tuple(BY_CHANCE)
) -> Between:
    """The relations of the register (or of `rows`) and those `BY_CHANCE`, and all that follow from them."""
    rows = relations() if rows is None else rows
    lies_in = np.eye(len(SETS), dtype=np.bool_)
    disjoint = np.zeros_like(lies_in)
    percentages = [indicator for indicator, part in SETS if part == "c"]
    for indicator in percentages:
        numerator, denominator, others = (PLACE[indicator, part] for part in "ndc")
        lies_in[[numerator, others], denominator] = True
        disjoint[numerator, others] = disjoint[others, numerator] = True
    for first, verb, second in by_chance:
        if verb == "lies in":
            lies_in[PLACE[first], PLACE[second]] = True
        else:
            disjoint[PLACE[first], PLACE[second]] = disjoint[PLACE[second], PLACE[first]] = True
    rows = [row for row in rows if not {row.count.indicator_id, row.other.indicator_id} & NO_SETS]
    wholes = said_by_register(rows, ()).lies_in if by_chance else None
    nested = both_are_parts(rows)
    lies_in[[PLACE[part, "c"] for part, _ in nested], [PLACE[whole, "c"] for _, whole in nested]] = True
    groups = defaultdict(list)
    for row in rows:
        count, other = (PLACE.get((part.indicator_id, part.part[0])) for part in (row.count, row.other))
        if row.relation == "equals":
            lies_in[count, other] = lies_in[other, count] = True
        elif row.relation == "part of":
            lies_in[count, other] = True
            groups[row.parts_group].append(count)
    for group, parts in groups.items():
        for first, second in itertools.permutations(parts if group else (), 2):
            disjoint[first, second] = True
    while True:
        before = int(lies_in.sum() + disjoint.sum())
        lies_in = lies_in @ lies_in
        disjoint = lies_in @ disjoint @ lies_in.T
        for indicator in percentages:
            numerator, denominator, others = (PLACE[indicator, part] for part in "ndc")
            lies_in[:, others] |= lies_in[:, denominator] & disjoint[:, numerator]
            lies_in[:, numerator] |= lies_in[:, denominator] & disjoint[:, others]
        if int(lies_in.sum() + disjoint.sum()) == before:
            return Between(lies_in, disjoint, wholes)


Change = tuple[str, str, bool]
"""An indicator and a set of it, and whether its change since the month before is meant instead of the count."""


ALIKE_BY_CHANCE: list[tuple[Change, Change]] = [
    # the quorum of every review conference of the sample is on record
    (("conference_late", "d", False), ("conference_quorate", "d", False)),
    (("conference_late", "d", True), ("conference_quorate", "d", True)),
    # and the enquiry before every initial conference is known
    (("icpc_within_15_working_days", "d", True), ("icpc_held", "n", False)),
]
"""Counts and changes that are the same in the rows of the sample, with the reason."""


def series(children: pl.DataFrame) -> dict[Change, NDArray[np.int64]]:
    """Counts of the newest extract and their changes, by month from the second one on.

    In April a count since April changes by all of it.
    """
    newest = children.filter(pl.col("extract_month") == children["extract_month"].max())
    months = sorted(newest["month"].unique())
    counted = newest.group_by("indicator_id", "month").agg(
        pl.col("is_in_numerator").sum().alias("n"), pl.len().alias("d")
    )
    counts = {(row["indicator_id"], row["month"]): row for row in counted.iter_rows(named=True)}
    is_april = np.array([month.month == 4 for month in months[1:]])
    found = {}
    for indicator, part in SETS:
        rows = [counts.get((indicator, month), {"n": 0, "d": 0}) for month in months]
        own = np.array([row["d"] - row["n"] if part == "c" else row[part] for row in rows])
        found[indicator, part, False] = own[1:]
        starts_again = is_april & (REGISTER[indicator]["period"] == "ytd")
        if REGISTER[indicator]["period"] != "month":
            found[indicator, part, True] = np.where(starts_again, own[1:], np.diff(own))
    return found


def changes_shown_by_rows(children: pl.DataFrame) -> dict[str, dict[Change, int]]:
    """Sums that are 0 in every month of the newest extract, of two, three or four counts or changes, in words.

    Counts of five months or fewer are left out: they vanish by chance.
    """
    known = {key: own for key, own in series(children).items() if np.count_nonzero(own) > 5}
    alike = defaultdict(list)
    for key, own in known.items():
        alike[own.tobytes()].append(key)
    found = [{first: 1, other: -1} for first, *others in alike.values() for other in others]
    by_sum = defaultdict(list)
    firsts = [keys[0] for keys in alike.values()]
    for pair in itertools.combinations(firsts, 2):
        by_sum[(known[pair[0]] + known[pair[1]]).tobytes()].append(pair)
    found += [
        {whole: 1, pair[0]: -1, pair[1]: -1}
        for total, pairs in by_sum.items()
        for whole in alike.get(total, ())[:1]
        for pair in pairs
    ]
    found += [
        {**dict.fromkeys(one, 1), **dict.fromkeys(other, -1)}
        for pairs in by_sum.values()
        for one, other in itertools.combinations(pairs, 2)
        if not set(one) & set(other)
    ]
    return {_in_words(terms): terms for terms in found}


def _in_words(terms: dict[Change, int]) -> str:
    words = (
        f"{'+' if sign > 0 else '-'} {'change of ' * is_change}{name}.{part}"
        for (name, part, is_change), sign in terms.items()
    )
    return " ".join(words) + " = 0"


def changes_said_by_register(rows: Iterable[Relation] | None = None) -> list[dict[Change, int]]:
    """Sums of counts and changes that the register (or `rows`) says are 0."""
    rows = relations() if rows is None else rows
    # by chance a part is the whole
    parts = {(_set(row.count), _set(row.other)) for row in rows if row.relation == "part of"}
    said: list[dict[Change, int]] = [
        {(*whole, is_change): 1, (*part, is_change): -1}
        for whole, verb, part in BY_CHANCE
        if verb == "lies in" and (part, whole) in parts
        for is_change in (False, True)
    ]
    said += [{first: 1, second: -1} for first, second in ALIKE_BY_CHANCE]
    for is_change in (False, True):
        for indicator in (indicator for indicator, part in SETS if part == "c"):
            said.append(
                {(indicator, "d", is_change): 1, (indicator, "n", is_change): -1, (indicator, "c", is_change): -1}
            )
        for row in rows:
            if row.relation == "equals":
                said.append({(*_set(row.count), is_change): 1, (*_set(row.other), is_change): -1})
    flows: dict[tuple[str, str], dict[Change, int]] = {}
    for row in rows:
        if row.relation in {"gains", "loses"}:
            flow = flows.setdefault(_set(row.count), {(*_set(row.count), True): 1})
            is_change = REGISTER[row.other.indicator_id]["period"] != "month"
            flow[(*_set(row.other), is_change)] = -1 if row.relation == "gains" else 1
    return [*said, *flows.values()]


def _set(part) -> tuple[str, str]:
    return part.indicator_id, part.part[0]


def that_do_not_follow(shown: dict[str, dict[Change, int]], said: list[dict[Change, int]]) -> list[str]:
    """The shown sums that are no combination of those that the register says are 0."""
    places = {
        key: place
        for place, key in enumerate(sorted({key for terms in (*shown.values(), *said) for key in terms}))
    }

    def row(terms: dict[Change, int]) -> NDArray[np.float64]:
        own = np.zeros(len(places))
        for key, sign in terms.items():
            own[places[key]] = sign
        return own

    basis = np.linalg.svd(np.array([row(terms) for terms in said]), full_matrices=False)
    span = basis.Vh[basis.S > 1e-9]
    found = []
    for words, terms in shown.items():
        own = row(terms)
        if np.abs(own - own @ span.T @ span).max() > 1e-6:
            found.append(words)
    return found
