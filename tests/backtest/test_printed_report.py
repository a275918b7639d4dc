"""Our figures against those printed in the council's monthly performance report of August 2019, cell by cell."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from side_by_side import COUNTS, Cell, Key, as_reported, print_side_by_side, side_by_side

PRINTED_CELLS = 1079
IMPOSSIBLE_CELLS = 5
CELLS_OF_NOBODY = 2


@pytest.fixture(scope="module")
def ours(thirteen_months: Path) -> dict[Key, Decimal]:
    return as_reported(thirteen_months)


@pytest.fixture(scope="module")
def report(ours) -> list[Cell]:
    return side_by_side(ours)


def test_every_printed_cell_is_ours_unless_no_set_of_children_can_give_it(report):
    print_side_by_side(report)
    assert [cell for cell in report if not cell.is_as_it_should_be] == []


def test_every_printed_cell_is_there_and_few_are_excepted(report):
    assert len({cell.key for cell in report}) == PRINTED_CELLS
    assert sum(cell.exception == "impossible" for cell in report) == IMPOSSIBLE_CELLS
    assert sum(cell.exception == "nobody" for cell in report) == CELLS_OF_NOBODY


def test_no_team_has_children_that_the_report_does_not_print(report, ours):
    printed = {cell.key for cell in report}
    teams = [key for key in ours if key[1] == "team" and key[0] in COUNTS and key[0] != "care_leavers"]
    assert [key for key in teams if key not in printed] == []


def test_a_wrong_figure_would_be_seen(report, ours):
    key = ("cp_plans_open", "team", "Burnley", "2019-03")
    wrong = side_by_side(ours | {key: ours[key] + 1})
    assert [cell.key for cell in wrong if not cell.is_as_it_should_be] == [key]
    empty = next(cell for cell in report if cell.exception == "nobody")
    assert not replace(empty, ours=Decimal(0)).is_as_it_should_be


def test_late_recording_makes_restated_figures_differ_a_little(thirteen_months):
    shares = duckdb.execute(
        """
        select abs(value_change) / reported_value
        from read_parquet(?)
        where
            area_type = 'authority'
            and indicator_id in ('cin_plans_open', 'cp_plans_open', 'children_looked_after')
        """,
        [str(thirteen_months / "restricted" / "mart_restatement.parquet")],
    ).fetchall()
    assert len(shares) == 3 * 12
    differing = [share for (share,) in shares if share]
    assert len(differing) > len(shares) / 2
    assert max(differing) < 0.05


def test_most_of_what_is_restated_was_recorded_late(thirteen_months):
    late, corrected, withdrawn, other = duckdb.execute(
        """
        select
            count(*) filter (where cause = 'late_recording'),
            count(*) filter (where cause = 'correction'),
            count(*) filter (where cause = 'withdrawal'),
            count(*) filter (where cause = 'other')
        from read_parquet(?)
        """,
        [str(thirteen_months / "restricted" / "fct_indicator_restatement.parquet")],
    ).fetchone()
    assert late > corrected > 0
    assert withdrawn > 0
    assert other == 0
