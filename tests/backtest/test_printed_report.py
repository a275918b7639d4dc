"""Our figures against those printed in the council's monthly performance report of August 2019, cell by cell."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT

FIGURES = PROJECT_ROOT / "pipelines" / "sample" / "figures.csv"
PRINTED_CELLS = 637
COUNTS = ("cin_plans_open", "cp_plans_open", "children_looked_after")
RATES = tuple(f"{indicator}_rate" for indicator in COUNTS)

Cells = dict[tuple[str, str, str, str], Decimal]


def printed(indicators: tuple[str, ...]) -> Cells:
    with FIGURES.open(encoding="utf-8", newline="") as lines:
        return {
            (row["indicator_id"], row["area_type"], row["area_name"], row["month"]): Decimal(row["value"])
            for row in csv.DictReader(lines)
            if row["indicator_id"] in indicators
        }


@pytest.fixture(scope="module")
def ours(thirteen_months: Path) -> Cells:
    found = duckdb.execute(
        """
        select indicator_id, area_type, area_name, strftime(month, '%Y-%m'), value
        from read_parquet(?)
        where basis = 'as_reported' and area_type in ('authority', 'team')
        """,
        [str(thirteen_months / "restricted" / "fct_indicator_value.parquet")],
    ).fetchall()
    return {tuple(row[:4]): Decimal(repr(row[4])) for row in found if row[4] is not None}


def differences(expected: Cells, found: Cells, places: str) -> list[str]:
    """Printed, ours, for every cell that differs; a team without a row has nobody."""
    rounded = {key: value.quantize(Decimal(places), ROUND_HALF_UP) for key, value in found.items()}
    return [
        f"{' '.join(key)}: printed {value}, ours {rounded.get(key, Decimal(0))}"
        for key, value in expected.items()
        if rounded.get(key, Decimal(0)) != value
    ]


def test_every_printed_cell_is_there():
    assert len(printed(COUNTS + RATES)) == PRINTED_CELLS


def test_every_printed_count_of_the_county_and_its_teams_is_ours(ours):
    assert differences(printed(COUNTS), ours, "1") == []


def test_every_printed_rate_is_ours_to_the_printed_decimal(ours):
    assert differences(printed(RATES), ours, "0.1") == []


def test_no_team_has_children_that_the_report_does_not_print(ours):
    expected = printed(COUNTS)
    unprinted = [key for key in ours if key[0] in COUNTS and key not in expected]
    assert unprinted == []


def test_a_wrong_figure_would_be_seen(ours):
    key = ("cp_plans_open", "team", "Burnley", "2019-03")
    assert len(differences(printed(COUNTS), ours | {key: ours[key] + 1}, "1")) == 1


def test_late_recording_makes_restated_figures_differ_a_little(thirteen_months):
    shares = duckdb.execute(
        """
        with vintages as (
            select
                indicator_id,
                month,
                max(numerator) filter (where basis = 'as_reported') as reported,
                arg_max(numerator, extract_month) as known_now
            from read_parquet(?)
            where area_type = 'authority' and list_contains(?, indicator_id)
            group by indicator_id, month
        )
        select abs(known_now - reported) / reported
        from vintages
        where month < date '2019-08-31' and reported is not null
        """,
        [str(thirteen_months / "restricted" / "fct_indicator_value.parquet"), list(COUNTS)],
    ).fetchall()
    differing = [share for (share,) in shares if share]
    assert len(differing) > len(shares) / 2
    assert max(differing) < 0.05
