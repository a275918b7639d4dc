"""Which cells go with a suppressed one: tables of hand-made cases."""

import datetime as dt
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import polars as pl
import pytest

from pipelines.errors import UsageError
from pipelines.publish.disclosure.assurance import searched
from pipelines.publish.disclosure.decision_cache import DecisionCache
from pipelines.publish.disclosure.proof import Bound, Published, unproven
from pipelines.publish.disclosure.secondary_cells import CountTable, protect
from pipelines.publish.disclosure.suppression import FIGURE, suppressed_figures
from pipelines.publish.disclosure.tree import Tree, joined_localities
from pipelines.settings import DisclosureRules, disclosure_rules

MONTH = dt.date(2019, 8, 31)
LATER = dt.date(2019, 9, 30)


def suppressed(
    teams: dict[str, dict[str, int]], later: dict[str, dict[str, int]] | None = None, **more: Any
) -> set[str]:
    """Areas with a suppressed number of children, by locality and team; those of `later` have a prime."""
    rows, places = [], []
    for extract, counted in ((MONTH, teams), (LATER, later or {})):
        areas = [("authority", "All", sum(sum(own.values()) for own in counted.values()))] if counted else []
        areas += [("locality", locality, sum(own.values())) for locality, own in counted.items()]
        areas += [("team", team, count) for own in counted.values() for team, count in own.items()]
        rows += [
            ("children_looked_after", "888", *area, MONTH, extract, "month_end", "number", None) for area in areas
        ]
        places += [("888", extract, team, locality) for locality, own in counted.items() for team in own]
    figures = pl.DataFrame(
        rows,
        orient="row",
        schema={
            "indicator_id": pl.String, "la_code": pl.String, "area_type": pl.String, "area_name": pl.String,
            "numerator": pl.Int64, "month": pl.Date, "extract_month": pl.Date, "period": pl.String,
            "unit": pl.String, "denominator": pl.Int64,
        },
    )  # fmt: skip
    teams_table = pl.DataFrame(
        places, orient="row", schema=["la_code", "extract_month", "team_name", "locality_name"]
    )
    found = suppressed_figures(figures.sample(fraction=1, shuffle=True, seed=4), teams_table, 6, **more)
    return {
        name + ("'" if extract == LATER else "")
        for name, extract in found.select("area_name", "extract_month").iter_rows()
    }


@pytest.mark.parametrize(
    ("teams", "expected"),
    [
        pytest.param({"N": {"a": 10, "b": 20}, "S": {"c": 30}}, set(), id="nothing small"),
        pytest.param({"N": {"a": 0, "b": 20}, "S": {"c": 30}}, set(), id="nobody is shown"),
        pytest.param({"N": {"a": 6, "b": 20}, "S": {"c": 30}}, set(), id="six are shown"),
        pytest.param({"N": {"a": 5, "b": 20, "c": 7}, "S": {"d": 30}}, {"a", "c"}, id="the smallest other team"),
        pytest.param({"N": {"a": 3, "b": 7, "c": 20}}, {"a", "b"}, id="the example of docs/disclosure.md"),
        pytest.param({"N": {"a": 3, "b": 7, "c": 7}, "S": {"d": 30}}, {"a", "b"}, id="the first by name"),
        pytest.param({"N": {"a": 3, "b": 4}, "S": {"c": 30}}, {"a", "b"}, id="two small ones are enough"),
        pytest.param(
            {"N": {"a": 1, "b": 1, "c": 9}, "S": {"d": 9}}, {"a", "b", "c"}, id="two of one each are not"
        ),
        pytest.param(
            {"N": {"a": 3}, "S": {"b": 9, "c": 8}, "W": {"d": 50}},
            {"N", "a", "S", "c"},
            id="a locality of one team",
        ),
        pytest.param({"N": {"a": 3}}, {"N", "a", "All"}, id="an authority of one team"),
        pytest.param(
            {"N": {"a": 3, "b": 20}, "S": {"c": 9}, "Not allocated": {"Not allocated": 4}},
            {"a", "b", "Not allocated", "S", "c"},
            id="what no team answers for",
        ),
    ],
)
def test_what_goes_with_a_small_count(teams, expected):
    assert suppressed(teams) == expected


def test_what_was_suppressed_stays_so_in_later_extracts_and_earlier_ones_know_nothing_of_it():
    before, after = {"N": {"a": 3, "b": 7, "c": 9}}, {"N": {"a": 8, "b": 7, "c": 2}}
    alone = suppressed(before)
    both = suppressed(before, after)
    assert alone == {"a", "b"}
    assert both == {"a", "b", "a'", "b'", "c'"}


def test_what_an_earlier_release_did_not_tell_is_not_told_again_whatever_was_loaded_since():
    alone = {"N": {"a": 3, "b": 7, "c": 9}}
    assert suppressed(alone) == {"a", "b"}
    published = pl.DataFrame(
        [("children_looked_after", "888", "team", "c", MONTH, MONTH, True, False)],
        orient="row",
        schema=[*FIGURE, "hides_numerator", "hides_denominator"],
    )
    assert suppressed(alone, published=published) == {"a", "c"}


def test_a_decision_is_kept_for_the_same_figures_only(tmp_path):
    first, other = {"N": {"a": 3, "b": 7, "c": 9}}, {"N": {"a": 9, "b": 7, "c": 3}}

    def decided(teams):
        decisions = DecisionCache(tmp_path)
        found = suppressed(teams, cache=decisions)
        decisions.keep_used_only()
        return found, sorted(tmp_path.iterdir())

    found, kept = decided(first)
    assert (found, len(kept)) == ({"a", "b"}, 1)
    kept[0].write_bytes(b"cut off")
    assert decided(first)[0] == {"a", "b"}
    np.save(kept[0], np.load(kept[0]) & False)
    assert decided(first)[0] == set(), "what is kept is not used"
    found, now = decided(other)
    assert found == {"b", "c"}
    assert now != kept


def a_year(
    counts: list[list[int]], hidden: list[list[int]]
) -> tuple[Published, list[tuple[dict[int, int], np.ndarray]]]:
    """A count by month (rows) and area: an authority, and then its teams. 1 in `hidden` is suppressed."""
    tree = Tree(None, np.array([0]), np.arange(1, len(counts[0])), np.zeros(len(counts[0]) - 1, np.intp))
    values, is_hidden = np.array([counts]), np.array([hidden]) > 0
    begins = np.arange(len(counts)) == 0
    bounds = [Bound({0: 1}, 1)]
    published = Published(tree, values, is_hidden, bounds, [], np.array([True]), begins)
    return published, [({0: 1}, is_hidden[0])]


@pytest.mark.parametrize(
    ("counts", "hidden", "expected"),
    [
        pytest.param([[9, 4, 5]], [[0, 1, 1]], [], id="one month: two teams make up for each other"),
        pytest.param([[9, 4, 5]], [[0, 1, 0]], [(0, 1)], id="one month: a team alone is told"),
        pytest.param(
            [[9, 4, 5], [9, 4, 5]], [[0, 1, 1], [0, 0, 0]], [(0, 1), (0, 2)], id="none more later: each was it"
        ),
        pytest.param([[9, 4, 5], [11, 5, 6]], [[0, 1, 1], [0, 0, 0]], [], id="the next month leaves room above"),
        pytest.param(
            [[9, 4, 5], [9, 4, 5]],
            [[0, 0, 0], [0, 1, 1]],
            [(1, 1), (1, 2)],
            id="nothing new in the whole: each is what it was",
        ),
        pytest.param(
            [[9, -1, 4, 5], [10, 1, 4, 5]],
            [[0, 0, 1, 1], [0, 1, 1, 1]],
            [(1, 1)],
            id="one more in the whole and a team that had nobody: it is the one",
        ),
        pytest.param(
            [[9, -1, 4, 5], [11, 1, 5, 5]],
            [[0, 0, 1, 1], [0, 1, 1, 1]],
            [],
            id="two more could both be of the team",
        ),
    ],
)
def test_what_the_months_of_a_year_tell(counts, hidden, expected):
    published, asked = a_year(counts, hidden)
    found = searched(published, asked, unproven(published, asked))
    assert list(zip(*(axis.tolist() for axis in np.nonzero(found[0])), strict=True)) == expected


def test_localities_that_share_the_name_of_a_team_are_taken_together():
    assert joined_localities({"a": {"N", "S"}, "b": {"W"}}, ["N", "S", "W"]) == {"N": "N", "S": "N", "W": "W"}


@pytest.mark.parametrize("text", ["five", "1", "0", "-3", "2.5"])
@pytest.mark.parametrize("variable", ["WAREHOUSE_SMALLEST_SHOWN_COUNT", "WAREHOUSE_ROUND_COUNTS_TO"])
def test_a_setting_that_is_no_count_is_refused(variable, text, monkeypatch):
    monkeypatch.setenv(variable, text)
    with pytest.raises(UsageError, match=variable):
        disclosure_rules()


def test_settings_come_from_the_environment(monkeypatch):
    assert disclosure_rules() == DisclosureRules(6, None)
    monkeypatch.setenv("WAREHOUSE_SMALLEST_SHOWN_COUNT", "10")
    monkeypatch.setenv("WAREHOUSE_ROUND_COUNTS_TO", "5")
    assert disclosure_rules() == DisclosureRules(10, 5)


@pytest.mark.parametrize(
    ("cost_of_the_other", "hidden", "warnings"),
    [
        (1.0, [False, True, True], []),
        (np.inf, [False, True, False], ["disclosure: suppressed cells that can still be worked out: 1"]),
    ],
)
def test_what_cannot_be_protected_is_warned_of(cost_of_the_other, hidden, warnings):
    """Seven children of a locality in teams of three and four: the three are suppressed, the locality is shown."""
    tree = Tree(None, np.array([0]), np.array([1, 2]), np.array([0, 0]))
    costs = np.array([[np.inf, 1.0, cost_of_the_other]])
    free = np.ones((1, 3), np.bool_)
    table = CountTable(tree, np.array([[7, 3, 4]]), costs, lambda _: (free, free))
    with catch_warnings(record=True) as caught:
        simplefilter("always")
        found = protect(table, np.array([[False, True, False]]))
    assert found.tolist() == [hidden]
    assert [str(one.message) for one in caught] == warnings
