"""Which numbers of an indicator count children, events or others.

Belongs here: what disclosure control has to protect of each unit. Does not belong here: any decision.
"""

from typing import Final, Literal

import polars as pl

PARTS: Final[tuple[Literal["numerator"], Literal["denominator"]]] = ("numerator", "denominator")
MEANS = ("score", "months", "days")
"""Units whose denominator is counted: the numerator is a sum of scores, months or days."""

ALMOST_NOTHING = 1e-6


def counted_parts(unit: str) -> tuple[Literal["numerator", "denominator"], ...]:
    """The parts of an indicator that are counts. The population behind a rate is public."""
    if unit in MEANS:
        return PARTS[1:]
    return PARTS if unit in {"percentage", "per_fte"} else PARTS[:1]


def is_in_part(number: pl.Expr) -> pl.Expr:
    """Whether a number counts parts of somebody, as a sum of full-time equivalents does."""
    return (number - number.round()).abs().fill_null(0) > ALMOST_NOTHING
