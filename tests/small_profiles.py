"""A small authority of random children looked after: its figures of a month and their breakdowns.

Belongs here: children with a few states, and indicators that ask for them as the register says. Does not belong
here: what is published of them.
"""

import datetime as dt

import numpy as np
import polars as pl
from small_councils import BREAKDOWN_COLUMNS

from pipelines.seeds import seed_rows

MONTH = dt.date(2019, 6, 30)
UNITS = {row["indicator_id"]: (row["unit"], row["period"]) for row in seed_rows("indicator_register")}
GROUP_OF = {row["placement_type_code"]: row["placement_group"] for row in seed_rows("code_placement_type")}
STATES = {
    "sex": {"female": 9, "male": 10, "not_known": 0.1},
    "age_band": {"under_1": 1, "1_4": 3, "5_9": 5, "10_15": 8, "16_17": 4},
    "ethnicity_group": {"white": 16, "mixed": 1, "asian": 2, "black": 0.5},
    "has_disability": {"yes": 2, "no": 1, "not_recorded": 15},
    "placement_type": {"U1": 5, "U4": 4, "U6": 6, "K2": 2, "P1": 2, "H5": 1, "A5": 0.5, "T0": 0.1, "none": 0.3},
    "provider_group": {"own": 9, "private": 7, "voluntary": 0.5},
    "location": {"in_area": 13, "out_of_area": 5, "not_known": 0.4},
    "legal_status": {"C1": 4, "C2": 10, "E1": 1, "V2": 3},
    "need": {"N1": 12, "N2": 1, "N4": 2, "N5": 3},
    "time_in_care_band": {
        "under_6_months": 3,
        "6_12_months": 3,
        "1_2_years": 4,
        "2_5_years": 6,
        "over_5_years": 3,
    },
}
"""How often each state occurs."""
NO_PLACEMENT = ("provider_group", "location")


def children(seed: int, number: int) -> pl.DataFrame:
    """Random children, one row each. Placements with parents need an order."""
    chance = np.random.default_rng(seed)
    rows = pl.DataFrame(
        {
            name: chance.choice(list(states), number, p=np.array(list(states.values())) / sum(states.values()))
            for name, states in STATES.items()
        }
    )
    has_none = pl.col("placement_type") == "none"
    rows = rows.with_columns(
        pl.when(has_none).then(pl.lit("none")).otherwise(name).alias(name) for name in NO_PLACEMENT
    )
    return rows.with_columns(
        placement_group=pl.col("placement_type").replace(GROUP_OF),
        is_uasc=pl.Series(chance.random(number) < 0.05),
        is_far=pl.Series(chance.random(number) < 0.4),
        has_check=pl.Series(chance.random(number) < 0.85),
        has_moved=pl.Series(chance.random(number) < 0.1),
        has_plan=pl.Series(chance.random(number) < 0.8),
    )


def _indicators() -> dict[str, tuple[pl.Expr, pl.Expr]]:
    """Who is in the denominator (of a number: who is asked) and who of them is in the numerator."""
    everybody, parents = pl.lit(value=True), pl.col("placement_group") == "parents"
    is_out, is_16 = pl.col("location") == "out_of_area", pl.col("age_band") == "16_17"
    long_in_care = pl.col("time_in_care_band").is_in(["1_2_years", "2_5_years", "over_5_years"])
    interim, section_20 = pl.col("legal_status") == "C1", pl.col("legal_status") == "V2"
    return {
        "children_looked_after": (everybody, everybody),
        "cla_placed_out_of_area": (everybody, is_out),
        "cla_out_of_area_over_20_miles": (everybody, is_out & pl.col("is_far") & ~pl.col("is_uasc")),
        "cla_in_foster_care": (everybody, pl.col("placement_group") == "foster"),
        "cla_in_residential_care": (everybody, pl.col("placement_group") == "residential"),
        "cla_placed_with_parents": (everybody, parents),
        "cla_in_supported_accommodation_16_17": (
            everybody,
            is_16 & pl.col("placement_type").is_in(["H5", "K3", "P2"]),
        ),
        "cla_interim_care_order": (everybody, interim),
        "cla_section_20": (everybody, section_20),
        "cla_section_20_without_plan": (everybody, section_20 & ~pl.col("has_plan")),
        "care_order_placed_with_parents": (everybody, parents & (pl.col("legal_status") == "C2")),
        "interim_order_placed_with_parents": (everybody, parents & interim),
        "cla_uasc": (everybody, pl.col("is_uasc")),
        "cla_health_assessment_up_to_date": (long_in_care, pl.col("has_check")),
        "cla_three_or_more_placements": (everybody, pl.col("has_moved")),
    }


def breakdowns_of(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of mart_indicator_breakdown of these children."""
    register = {row["indicator_id"]: row for row in seed_rows("indicator_register")}
    common = [row["dimension"] for row in seed_rows("dimension") if row["is_common"] == "true"]
    closed = {row["dimension"] for row in seed_rows("dimension") if row["stays_restricted"] == "true"}
    found = []
    for indicator, (is_asked, is_counted) in _indicators().items():
        unit, period = UNITS[indicator]
        own = rows.with_columns(is_counted=is_counted).filter(is_asked)
        if unit == "number":
            own = own.filter("is_counted")
        for dimension in (*common, *register[indicator]["dimensions"].split()):
            if dimension in closed:
                continue
            by_code = own.group_by(code=dimension).agg(
                numerator=pl.col("is_counted").sum().cast(pl.Float64), rows=pl.len().cast(pl.Float64)
            )
            names = {
                "indicator_id": indicator,
                "la_code": "888",
                "dimension": dimension,
                "unit": unit,
                "period": period,
            }
            found.append(
                by_code.with_columns(
                    *(pl.lit(value).alias(name) for name, value in names.items()),
                    extract_month=pl.lit(MONTH),
                    denominator=pl.when(pl.lit(unit == "percentage")).then("rows"),
                    code_label="code",
                    sort_order=pl.lit(None, pl.Int32),
                    value=pl.lit(None, pl.Float64),
                    share=pl.lit(None, pl.Float64),
                    status=pl.lit("shown"),
                ).select(BREAKDOWN_COLUMNS.keys())
            )
    return pl.concat(found).cast(pl.Schema(BREAKDOWN_COLUMNS))


def figures_of(breakdowns: pl.DataFrame) -> pl.DataFrame:
    """The authority's figures that these breakdowns are of."""
    return (
        breakdowns.filter(pl.col("dimension") == "sex")
        .group_by("indicator_id", "la_code", "unit", "period", "extract_month", maintain_order=True)
        .agg(
            pl.col("numerator").sum(),
            denominator=pl.when(pl.col("unit").first() == "percentage").then(pl.col("denominator").sum()),
        )
        .with_columns(area_type=pl.lit("authority"), area_name=pl.lit("888"), month="extract_month")
    )
