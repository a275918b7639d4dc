"""The annual report of the reviewing service has every possible figure of the printed one."""

from dataclasses import replace
from typing import Any

import pytest
from annual_report_beside_the_printed import PageOfYear, wanted


@pytest.fixture(scope="module")
def page(published: Any) -> PageOfYear:
    return PageOfYear(published.release)


def test_every_possible_figure_of_the_printed_report_is_on_the_page(page, published):
    possible = wanted(published.months)
    assert [(fact, page.texts(fact)) for fact in possible if not page.has(fact)] == []
    assert len(possible) > 20


def test_a_wrong_figure_on_the_page_would_be_seen(page):
    for fact in wanted():
        wrong = float(fact.expected) + 2 * float(fact.tolerance) + 0.2
        assert not page.has(replace(fact, expected=str(wrong))), fact
