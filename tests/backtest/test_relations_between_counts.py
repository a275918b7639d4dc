"""The relations of the register against the rows of the synthetic authority's children."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from relations_of_children import (
    NO_SETS,
    SETS,
    Between,
    changes_said_by_register,
    changes_shown_by_rows,
    said_by_register,
    series,
    shown_by_rows,
    that_do_not_follow,
)
from release_rows import frame

from pipelines.dictionary.indicator_relations import relations


@pytest.fixture(scope="module")
def children(published: Any) -> pl.DataFrame:
    return frame(published.release / "restricted", "fct_indicator_child")


@pytest.fixture(scope="module")
def shown(children: pl.DataFrame) -> Between:
    return shown_by_rows(children)


def test_the_register_has_every_relation_that_the_rows_show(children, shown):
    assert said_by_register().lacks(shown) == []
    assert that_do_not_follow(changes_shown_by_rows(children), changes_said_by_register()) == []


def test_a_relation_that_the_register_lacks_is_found(children, shown):
    changes = changes_shown_by_rows(children)
    by_chance = set(said_by_register(by_chance=()).lacks(shown))
    passed_over = set()
    for missing in relations():
        rest = [row for row in relations() if row is not missing]
        is_found = (
            not set(said_by_register(rest, by_chance=()).lacks(shown)) <= by_chance
            if missing.relation in {"equals", "part of"}
            else bool(that_do_not_follow(changes, changes_said_by_register(rest)))
        )
        if not is_found:
            passed_over.add(missing.count.indicator_id)
    # children come into care and leave it within a month; the other sets have few rows, or another relation of the
    # indicator says that it is a part
    assert passed_over <= {
        "children_looked_after",
        "cla_children_reviewed_on_time",
        "cla_reviews_overdue",
        "care_order_at_home_ceased",
        "interim_order_at_home_ceased",
        "discharge_filing_overdue",
        "cla_placed_out_of_area",
        "cla_health_assessment_up_to_date",
        "cla_without_iro",
        "conference_appeals_upheld",
        # posts are no children
        "iro_agency_rate",
        # the time on a plan: a code of the other count says the same
        "cp_plans_open_3_6_months",
        "cp_plans_open_over_24_months",
    }


def test_the_rows_show_every_part_and_equal_of_the_register(shown):
    for row in relations():
        is_of_sets = not {row.count.indicator_id, row.other.indicator_id} & NO_SETS
        if row.relation in {"equals", "part of"} and is_of_sets:
            count, other = (SETS.index((part.indicator_id, part.part[0])) for part in (row.count, row.other))
            has_enough_rows = shown.lies_in[count, count]
            assert shown.lies_in[count, other] or not has_enough_rows, str(row)


def test_a_count_changes_by_what_the_register_says_but_for_a_few_children(children):
    counted = series(children)
    for terms in changes_said_by_register():
        gaps = np.sum([sign * counted.get(key, 0) for key, sign in terms.items()], axis=0)
        assert np.abs(gaps).max() <= 5, terms
