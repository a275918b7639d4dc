"""Our figures against those printed in the council's monthly performance report of August 2019, cell by cell."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from side_by_side import COUNTS, Cell, Key, as_reported, print_side_by_side, side_by_side

from pipelines.release_layout import parquet_of

PRINTED_CELLS = 1079
CELLS_A_MONTH = 83
EXCEPTIONS = {"impossible": 5, "empty_group": 2}


@pytest.fixture(scope="module")
def ours(published: Any) -> dict[Key, Decimal]:
    return as_reported(published.release)


@pytest.fixture(scope="module")
def report(published: Any, ours: dict[Key, Decimal]) -> list[Cell]:
    return [cell for cell in side_by_side(ours) if cell.key[3] in published.months]


def test_every_printed_cell_is_ours_unless_it_is_impossible(report, published):
    print_side_by_side(report)
    assert len({cell.key for cell in report}) == CELLS_A_MONTH * len(published.months)
    assert [cell for cell in report if not cell.is_as_it_should_be] == []


def test_the_report_is_complete_and_few_cells_are_excepted():
    cells = side_by_side({})
    assert len({cell.key for cell in cells}) == PRINTED_CELLS
    assert Counter(cell.exception for cell in cells if cell.exception) == EXCEPTIONS


def test_no_team_has_children_that_the_report_does_not_print(report, ours):
    printed = {cell.key for cell in report}
    teams = [key for key in ours if key[1] == "team" and key[0] in COUNTS and key[0] != "care_leavers"]
    assert [key for key in teams if key not in printed] == []


def test_a_wrong_figure_would_be_seen(report, ours):
    key = ("cp_plans_open", "team", "Burnley", "2019-03")
    wrong = {cell.key: cell for cell in side_by_side(ours | {key: ours[key] + 1})}
    assert [cell.key for cell in report if not wrong[cell.key].is_as_it_should_be] == [key]
    empty = next(cell for cell in side_by_side(ours) if cell.exception == "empty_group")
    assert not replace(empty, ours=Decimal(0)).is_as_it_should_be


def test_late_recording_makes_restated_figures_differ_a_little(published):
    shares = duckdb.execute(
        """
        select abs(value_change) / reported_value
        from read_parquet(?, hive_partitioning = false)
        where
            area_type = 'authority'
            and indicator_id in ('cin_plans_open', 'cp_plans_open', 'children_looked_after')
        """,
        [parquet_of(published.release / "restricted", "mart_restatement")],
    ).fetchall()
    assert len(shares) == 3 * (len(published.months) - 1)
    differing = [share for (share,) in shares if share]
    assert len(differing) > len(shares) / 2
    assert max(differing) < 0.05


def test_most_restated_records_were_recorded_late(published):
    late, corrected, withdrawn, other = duckdb.execute(
        """
        select
            count(*) filter (where cause = 'late_recording'),
            count(*) filter (where cause = 'correction'),
            count(*) filter (where cause = 'withdrawal'),
            count(*) filter (where cause = 'other')
        from read_parquet(?, hive_partitioning = false)
        """,
        [parquet_of(published.release / "restricted", "fct_indicator_restatement")],
    ).fetchone()
    assert late > corrected > 0
    assert withdrawn > 0
    assert other == 0
