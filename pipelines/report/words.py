"""How pages say things: numbers, months, signals and verdicts in words and symbols.

Belongs here: the wording. Does not belong here: figures, or what they mean for a service.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

SUPPRESSED, NOT_AVAILABLE, NOBODY, RECOMPUTED = "c", "x", "z", "r"
"""Marks in place of a number, or behind it, as the legend of every table explains them."""

UNITS = {"number": "number", "percentage": "per cent", "rate_per_10000": "per 10,000 children"}
PERIODS = {
    "month_end": "on the last day of the month",
    "month": "in the month",
    "ytd": "from 1 April to the end of the month",
    "rolling_12": "in the twelve months up to the end of the month",
}
COMPARATORS = {
    "england": "England",
    "region": "Region",
    "statistical_neighbours": "Statistical neighbours",
}
RULES = {
    "outside_limits": "the newest figure lies outside the range that is usual for it",
    "shift": "the newest figures lie on one side of the mean, too many in a row for chance",
    "trend": "the newest figures go one way, too many in a row for chance",
    "two_of_three": "two of the last three figures lie close to the edge of the range that is usual for them",
}
ITEMS = {
    "cla_review": "Review of a child looked after",
    "cp_review": "Child protection review conference",
    "health_assessment": "Health assessment",
    "dental_check": "Dental check",
    "pathway_plan": "Review of a pathway plan",
    "pep": "Personal education plan",
}
BRAGS = {"blue": "◆ Blue", "red": "✗ Red", "amber": "! Amber", "green": "✓ Green"}
BRAG_CHANGES = {
    "reopened": "reopened",
    "worse": "▼ worse",
    "gone": "no longer listed",
    "closed": "closed",
    "better": "▲ better",
    "new": "new",
}
_VERDICTS = {"better": "▲ better", "worse": "▼ worse", "same": "= the same"}
RAGS = {"green": "✓ Green: target met", "amber": "! Amber: near the target", "red": "✗ Red: target missed"}


def number(value: float | None, unit: str) -> str:
    """A figure as it is printed: counts whole, percentages and rates with one decimal, halves rounded up."""
    if value is None:
        return NOT_AVAILABLE
    # the shortest text of the double, so that 62.65 is what it looks like and not a little less
    exact = Decimal(repr(float(value)))
    decimals = "1" if unit == "number" else "0.1"
    return f"{exact.quantize(Decimal(decimals), ROUND_HALF_UP):,}"


def with_unit(value: float | None, unit: str) -> str:
    """A figure as it stands in a sentence."""
    behind = {"percentage": "%", "rate_per_10000": " per 10,000 children"}.get(unit, "")
    return number(value, unit) + (behind if value is not None else "")


def long_month(month: dt.date) -> str:
    """`August 2019`."""
    return f"{month:%B %Y}"


def short_month(month: dt.date) -> str:
    """`Aug 19`."""
    return f"{month:%b %y}"


def day(date: dt.date) -> str:
    """`31 August 2019`."""
    return f"{date.day} {date:%B %Y}"


def short_day(date: dt.date) -> str:
    """`31 Aug 2019`."""
    return f"{date.day} {date:%b %Y}"


def financial_year(period_end: dt.date) -> str:
    """`2018/19` for the year that ends on 31 March 2019."""
    return f"{period_end.year - 1}/{period_end:%y}"


def signal(row: Mapping[str, Any] | None) -> str:
    """Whether a series does something unusual, in a symbol and words; empty where nobody asked."""
    if row is None:
        return ""
    # what is for the service only has no status: nothing of it is suppressed
    if row.get("status") == "suppressed":
        return f"{SUPPRESSED} Not shown: small numbers"
    match row["signal"]:
        case "special_cause":
            return _special_cause(row)
        case "common_variation":
            return "● As usual"
        case "too_few_points":
            return "… Too few months to tell"
        case _:
            return "○ Not judged"


def _special_cause(row: Mapping[str, Any]) -> str:
    symbol = "▲" if row["direction"] == "higher" else "▼"
    if row["rule"] == "trend":
        words = "Rising" if row["direction"] == "higher" else "Falling"
    else:
        words = "Higher than usual" if row["direction"] == "higher" else "Lower than usual"
    judged = {True: ": better", False: ": worse", None: ""}[row["is_better"]]
    return f"{symbol} {words}{judged}"


def verdict(row: Mapping[str, Any] | None) -> str:
    """Ours against a published figure; empty where it is not judged."""
    if row is None or row["verdict"] not in _VERDICTS:
        return ""
    if row["is_more_than_chance"] is False and row["verdict"] != "same":
        return "≈ no clear difference"
    return _VERDICTS[row["verdict"]]
