"""The open figures of the synthetic authority against an attacker."""

from typing import Any

import polars as pl
from disclosure_attack import given_away


def test_no_suppressed_figure_can_be_worked_out(published: Any):
    shown = pl.read_parquet(published.release / "open" / "mart_indicator_monthly.parquet")
    truth = pl.read_parquet(published.release / "restricted" / "fct_indicator_value.parquet")
    teams = pl.read_parquet(published.release / "restricted" / "dim_team.parquet")
    assert shown.filter(pl.col("status") == "suppressed").height > 1000
    assert given_away(shown, truth, teams) == []
