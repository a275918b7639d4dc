"""The relations between indicators that disclosure control needs: what a faulty seed is told."""

import pytest

from pipelines.dictionary.indicator_relations import Part, faulty_relations, relations
from pipelines.publish.disclosure.related_counts import related_counts

RELATED = {
    "indicator_id": "started", "part": "numerator", "relation": "part_of", "other_indicator_id": "open",
    "other_part": "numerator", "parts_group": "", "role": "", "why": "New plans are open",
}  # fmt: skip
UNRELATED = {
    "indicator_id": "contacts", "part": "", "relation": "none", "other_indicator_id": "", "other_part": "",
    "parts_group": "", "role": "", "why": "No other indicator counts contacts",
}  # fmt: skip


def faults(*rows: dict[str, str]) -> list[str]:
    return faulty_relations(rows, {"started", "open", "contacts"})


def test_relations_and_a_written_none_are_accepted():
    assert faults(RELATED, UNRELATED) == []


def test_an_indicator_without_its_relations_is_named_with_what_to_write():
    assert faults(RELATED) == [
        "contacts has no row in seeds/indicator_relation.csv: say which counts its numerator and denominator equal"
        " or are part of, or write the relation none; without it small counts can be worked out from open/"
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"relation": "like"}, "line 2: unknown relation 'like'"),
        ({"other_indicator_id": "opne"}, "line 2: unknown indicator 'opne'"),
        ({"part": "value"}, "line 2: part and other_part are numerator or denominator"),
        ({"why": ""}, "line 2: no reason in column why"),
        ({"other_indicator_id": "started"}, "line 2: a count is not related to itself"),
        ({"role": "leader"}, "line 2: unknown role 'leader'"),
        ({"relation": "sum_of"}, "line 2: a sum needs a parts_group"),
        ({"parts_group": "all"}, "parts_group all: exactly one part has the role suppressed"),
        ({"relation": "none"}, "line 2: a row with relation none has no part and no other count"),
    ],
)
def test_a_faulty_row_is_named_with_its_line(change, fault):
    assert fault in faults(RELATED | change, UNRELATED)


def test_none_beside_another_relation_is_a_fault():
    none = UNRELATED | {"indicator_id": "open"}
    assert faults(RELATED, UNRELATED, none) == [
        "open has the relation none in seeds/indicator_relation.csv and another relation, too"
    ]


def test_counts_that_equal_the_same_count_form_one_group():
    [group] = [group for group in related_counts().equal if Part("care_leavers", "numerator") in group]
    assert group == (
        Part("care_leavers", "numerator"),
        Part("care_leavers_in_touch", "denominator"),
        Part("care_leavers_eet", "denominator"),
    )


def test_parts_of_a_group_leave_one_remainder():
    overdue = Part("cla_reviews_overdue", "numerator")
    [rest] = [rest for rest in related_counts().remainders if overdue in rest.parts]
    assert rest.whole == Part("cla_children_reviewed_on_time", "denominator")
    assert rest.parts == (Part("cla_children_reviewed_on_time", "numerator"), overdue)
    assert rest.suppressed_part == rest.parts[0]
    assert rest.leader == overdue


def test_a_relation_is_a_sentence():
    [relation] = [row for row in relations() if row.count == Part("cp_plans_open_rate", "numerator")]
    assert str(relation) == (
        "cp_plans_open_rate (numerator) equals cp_plans_open (numerator). The rate is of the same children."
    )
