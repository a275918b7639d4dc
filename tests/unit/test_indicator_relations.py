"""The relations between indicators that disclosure control needs, and what is wrong with a clause."""

import pytest

from pipelines.dictionary.indicator_relations import Part, faulty_relations, relations
from pipelines.publish.disclosure.related_counts import Rest, related_counts

CELLS = {
    "started": "numerator part of open.numerator (new plans are open)",
    "open": "others name it",
    "contacts": "none (no other indicator counts contacts)",
}


def faults(**cells: str) -> list[str]:
    return faulty_relations(CELLS | cells)


def test_relations_a_written_none_and_a_named_indicator_are_accepted():
    assert faults() == []


@pytest.mark.parametrize(
    "cell",
    [
        "numerator changes by open.numerator (why) | denominator equals open.denominator (why)",
        "stays restricted (why) | denominator equals open.denominator (why)",
        "denominator changes by open.numerator + open.denominator - started.numerator (a change, and a comma)",
        "numerator part of open.numerator (a bracket (in it))",
    ],
)
def test_every_form_of_a_clause_is_accepted(cell):
    assert faults(started=cell) == []


def test_an_indicator_without_its_relations_is_named_with_what_to_write():
    assert faults(contacts="") == [
        "contacts: write in the column relations of seeds/indicator_register.csv which counts its numerator and"
        " denominator equal or are part of, or `none (why)`; without it small counts can be worked out from open/"
    ]


@pytest.mark.parametrize(
    "clause",
    [
        "numerator like open.numerator (why)",
        "value equals open.numerator (why)",
        "numerator equals open (why)",
        "numerator equals open.value (why)",
        "numerator equals open.numerator",
        "numerator equals open.numerator ()",
        "numerator part of open.numerator in by_age, suppressed (why)",
        "numerator changes by open.numerator * open.denominator (why)",
        "none",
        "others name it (why)",
        "numerator equals open.numerator (why) |",
    ],
)
def test_a_clause_that_cannot_be_read_is_named_with_its_indicator_and_how_to_write_it(clause):
    cell = f"numerator equals open.numerator (why) | {clause}"
    [fault] = faults(started=cell)
    assert fault.startswith(f"started: the relation {clause!r} cannot be read: write `none (why)`, ")


@pytest.mark.parametrize(
    ("clause", "fault"),
    [
        ("numerator equals opne.numerator (why)", "names the unknown indicator 'opne'"),
        ("numerator equals started.numerator (why)", "relates a count to itself"),
        (
            "numerator equals open.numerator + open.denominator (why)",
            "names several counts, which only `changes by` can",
        ),
        ("numerator equals open.numerator in by_age (why)", "has a group, which only `part of` can have"),
    ],
)
def test_a_wrong_clause_is_named_with_its_indicator(clause, fault):
    assert f"started: the relation {clause!r} {fault}" in faults(started=clause)


def test_a_group_has_two_parts_of_the_same_count():
    in_group = "numerator part of open.numerator in by_age (why)"
    fault = "started: by_age must have two parts or more, all of the same count"
    assert faults(started=in_group) == [fault]
    assert faults(
        started=f"{in_group} | denominator part of contacts.numerator in by_age (why)", contacts="others name it"
    ) == [fault]
    assert faults(started=f"{in_group} | denominator part of open.numerator in by_age (why)") == []


def test_none_and_others_name_it_agree_with_the_other_rows():
    assert faults(open="none (why)") == ["open: the relation 'none (why)' is wrong, because started names it"]
    assert faults(contacts="others name it") == [
        "contacts: the relation 'others name it' is wrong, because none does"
    ]
    assert faults(started=f"none (why) | {CELLS['started']}") == [
        "started: the relation 'none (why)' must be the only one"
    ]


def test_counts_that_equal_the_same_count_form_one_group():
    [group] = [group for group in related_counts().equal if Part("care_leavers", "numerator") in group]
    assert group == (
        Part("care_leavers", "numerator"),
        Part("care_leavers_in_touch", "denominator"),
        Part("care_leavers_eet", "denominator"),
    )


def test_a_change_has_each_count_with_its_sign():
    open_plans = Part("cp_plans_open", "numerator")
    assert [(row.relation, row.other) for row in relations() if row.count == open_plans] == [
        ("gains", Part("cp_plans_repeat", "denominator")),
        ("loses", Part("cp_plans_ended_2_years", "denominator")),
    ]


def test_parts_of_a_group_leave_one_rest():
    overdue = Part("cla_reviews_overdue", "numerator")
    on_time = Part("cla_children_reviewed_on_time", "numerator")
    [rest] = [rest for rest in related_counts().rests if {overdue, on_time} <= dict(rest.terms).keys()]
    assert rest.terms == ((Part("cla_children_reviewed_on_time", "denominator"), 1), (on_time, -1), (overdue, -1))
    assert rest.named == overdue


def test_a_part_of_a_part_leaves_a_rest_of_the_whole():
    whole = Part("children_looked_after", "numerator")
    parts = {rest.named.indicator_id for rest in related_counts().rests if dict(rest.terms).get(whole) == 1}
    assert parts >= {
        "cla_children_reviewed_on_time",
        "cla_health_assessment_up_to_date",
        "cla_long_term_stability",
    }


def test_who_lacks_a_plan_in_a_part_lacks_it_in_the_whole():
    part, whole = "permanence_plan_by_second_review_new_entrants", "permanence_plan_by_second_review"
    assert (
        Rest(
            (
                (Part(whole, "denominator"), 1),
                (Part(whole, "numerator"), -1),
                (Part(part, "denominator"), -1),
                (Part(part, "numerator"), 1),
            ),
            Part(part, "denominator"),
        )
        in related_counts().rests
    )


def test_a_stock_changes_by_what_comes_and_goes():
    open_plans = Part("cp_plans_open", "numerator")
    [flow] = [flow for flow in related_counts().flows if flow.stock == open_plans]
    assert flow.moves == (
        (Part("cp_plans_repeat", "denominator"), 1),
        (Part("cp_plans_ended_2_years", "denominator"), -1),
    )


def test_a_relation_is_a_sentence():
    [relation] = [row for row in relations() if row.count == Part("cp_plans_open_rate", "numerator")]
    assert str(relation) == (
        "cp_plans_open_rate (numerator) equals cp_plans_open (numerator). The rate is of the same children."
    )
