"""What the signs in a cell mean in each kind of source, where there is no number.

A sign has different meanings: `x` is a missing return in Explore Education Statistics and a suppressed number in
the statistical first releases; `-` is a percentage below 0.5 in the first releases and a gap in the interactive
tool. `tokens.csv` lists the signs.
"""

import csv
from functools import cache
from pathlib import Path

import polars as pl

STATUSES = (
    "value",
    "suppressed",
    "not_available",
    "not_applicable",
    "low_reliability",
    "rounds_to_zero",
    "unknown",
)
_NUMBER = r"^-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?\s?%?$"


@cache
def tokens(source_kind: str) -> dict[str, str]:
    """Status by token (in lower case) for a kind of source."""
    with Path(__file__).with_name("tokens.csv").open(encoding="utf-8", newline="") as file:
        return {row["token"]: row["status"] for row in csv.DictReader(file) if row["source_kind"] == source_kind}


def value_of(token: pl.Expr) -> pl.Expr:
    """The number in a token, read without thousands separators and percent sign; null where there is none."""
    digits = token.str.strip_chars().str.replace_all(",", "", literal=True).str.strip_chars_end("% ")
    return pl.when(_is_number(token)).then(digits).cast(pl.Float64, strict=False)


def status_of(token: pl.Expr, source_kind: str) -> pl.Expr:
    """`value` for a number, the meaning of a known sign, `unknown` for anything else."""
    sign = token.fill_null("").str.strip_chars().str.strip_chars("[]()").str.strip_chars().str.to_lowercase()
    meaning = sign.replace_strict(tokens(source_kind), default="unknown", return_dtype=pl.String)
    return pl.when(_is_number(token)).then(pl.lit("value")).otherwise(meaning)


def _is_number(token: pl.Expr) -> pl.Expr:
    text = token.str.strip_chars()
    return (text.str.contains(_NUMBER) & text.str.contains(r"\d")).fill_null(False)
