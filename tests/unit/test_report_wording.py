"""How pages say numbers, signals and verdicts."""

import pytest
from report_release import compared, signal

from pipelines.report import wording


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1837, "number", "1,837"),
        (44.6, "number", "44.6"),
        (0, "number", "0"),
        (0.0, "percentage", "0.0"),
        (100.0, "percentage", "100.0"),
        (87.25, "percentage", "87.3"),
        # as a double a little less than it looks
        (62.65, "percentage", "62.7"),
        (62.649, "percentage", "62.6"),
        (69.5536, "rate_per_10000", "69.6"),
        (None, "percentage", "x"),
    ],
)
def test_numbers_are_rounded_as_people_do(value, unit, text):
    assert wording.number(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(12.34, "percentage", "12.3%"), (12.34, "rate_per_10000", "12.3 per 10,000 children"), (7, "number", "7")],
)
def test_in_a_sentence_a_number_has_its_unit(value, unit, text):
    assert wording.with_unit(value, unit) == text


SIGNALS = [
    ({"direction": "lower", "is_better": False}, "▼ Lower than usual: worse"),
    ({"direction": "higher", "is_better": True}, "▲ Higher than usual: better"),
    ({"direction": "higher", "is_better": None}, "▲ Higher than usual"),
    ({"rule": "trend", "direction": "lower", "is_better": None}, "▼ Falling"),
    ({"rule": "trend", "direction": "higher", "is_better": False}, "▲ Rising: worse"),
    ({"signal": "common_variation", "rule": None, "direction": None}, "● As usual"),
    ({"signal": "too_few_points"}, "… Too few months"),
    ({"signal": "not_applicable"}, "○ Not tested"),
    ({"signal": None, "status": "suppressed"}, "c Not shown: small numbers, or what would reveal them"),
]


@pytest.mark.parametrize(("row", "text"), SIGNALS)
def test_a_signal_has_a_symbol_and_words(row, text):
    assert wording.signal(signal("cp_plans_open", **row)) == text


def test_every_signal_looks_different_without_colour():
    assert len({text for _, text in SIGNALS}) == len(SIGNALS)
    assert wording.signal(None) == ""


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"verdict": "worse", "is_more_than_chance": True}, "▼ worse"),
        ({"verdict": "better", "is_more_than_chance": True}, "▲ better"),
        ({"verdict": "better", "is_more_than_chance": False}, "≈ no clear difference"),
        ({"verdict": "same", "is_more_than_chance": False}, "= the same"),
        # rates are not tested for chance
        ({"verdict": "better", "is_more_than_chance": None}, "▲ better"),
        ({"verdict": "not_judged", "is_more_than_chance": None}, ""),
        ({"verdict": "not_judged", "is_more_than_chance": True}, ""),
    ],
)
def test_a_difference_that_chance_could_make_is_none(row, text):
    assert wording.verdict(compared("cp_plans_open", "england", 1.0, **row)) == text
