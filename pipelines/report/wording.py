"""Numbers, months, signals and verdicts as the pages print them.

Belongs here: words and symbols. Does not belong here: figures, or what they mean for a service.
"""

import datetime as dt
import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

SUPPRESSED, NOT_AVAILABLE, EMPTY_GROUP, RECOMPUTED = "c", "x", "z", "r"
"""Marks instead of a number or after it. The legend below every table explains them."""
WHY_SUPPRESSED = "small numbers, or what would reveal them"

COMPARATORS = {
    "england": "England",
    "region": "Region",
    "statistical_neighbours": "Statistical neighbours",
}
RULES = {
    "outside_limits": "the newest figure is outside its usual range",
    "shift": "too many figures in a row are on one side of the mean",
    "trend": "too many figures in a row move in one direction",
    "two_of_three": "two of the last three figures are near the edge of the usual range",
}
ITEMS = {
    "cla_review": "Review of a child looked after",
    "cp_review": "Child protection review conference",
    "health_assessment": "Health assessment",
    "dental_check": "Dental check",
    "pathway_plan": "Review of a pathway plan",
    "pep": "Personal education plan",
    "permanence_plan": "Plan for permanence",
    "tracker_filing": "Filing of a case on the permanence tracker",
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
_TOO_LARGE = 1e15
"""Numbers from here on are shown as powers of ten: they are a fault, and nobody can read their digits."""
_VERDICTS = {"better": "▲ better", "worse": "▼ worse", "same": "= the same"}
RAGS = {"green": "✓ Green: target met", "amber": "! Amber: near the target", "red": "✗ Red: target missed"}


def number(value: float | None, unit: str) -> str:
    """A figure for a page: counts that are whole without a decimal, all others with one, halves rounded up."""
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    if abs(value) >= _TOO_LARGE:
        return f"{value:.3g}"
    # repr gives the shortest text, so that 62.65 is rounded up although the stored value is slightly lower
    exact = Decimal(repr(float(value)))
    # the full-time equivalents of posts are a count with decimals
    decimals = "1" if unit == "number" and exact == exact.to_integral_value() else "0.1"
    return f"{exact.quantize(Decimal(decimals), ROUND_HALF_UP):,}"


def sentence(reason: str) -> str:
    """`the list local_pep was not delivered` with a capital and a full stop; the name of a file stays as it is."""
    return f"{reason[:1].upper() if reason.startswith('the ') else reason[:1]}{reason[1:]}."


def with_unit(value: float | None, unit: str) -> str:
    """A figure with its unit, for a sentence."""
    suffix = {
        "percentage": "%",
        "rate_per_10000": " per 10,000 children",
        "per_fte": " per full-time equivalent",
        "months": " months",
        "days": " days",
    }.get(unit, "")
    return number(value, unit) + (suffix if value is not None else "")


@lru_cache(maxsize=10_000)
def _dated(date: dt.date | str, layout: str) -> str:
    """The date in the layout. DuckDB gives a date that Python cannot hold as text, which is shown as it is."""
    return date if isinstance(date, str) else f"{date:{layout}}".lstrip("0")


def long_month(month: dt.date) -> str:
    """`August 2019`."""
    return _dated(month, "%B %Y")


def short_month(month: dt.date) -> str:
    """`Aug 19`."""
    return _dated(month, "%b %y")


def day(date: dt.date) -> str:
    """`31 August 2019`."""
    return _dated(date, "%d %B %Y")


def short_day(date: dt.date) -> str:
    """`31 Aug 2019`."""
    return _dated(date, "%d %b %Y")


def financial_year(period_end: dt.date) -> str:
    """`2018/19` for the year that ends on 31 March 2019."""
    return f"{period_end.year - 1}/{period_end:%y}"


def signal(row: Mapping[str, Any] | None) -> str:
    """A signal as a symbol and words; empty where there is none to show."""
    if row is None:
        return ""
    # restricted tables have no status, because they suppress nothing
    if row.get("status") == "suppressed":
        return f"{SUPPRESSED} Not shown: {WHY_SUPPRESSED}"
    match row["signal"]:
        case "special_cause":
            return _special_cause(row)
        case "common_variation":
            return "● As usual"
        case "too_few_points":
            return "… Too few months"
        case _:
            return "○ Not tested"


def _special_cause(row: Mapping[str, Any]) -> str:
    symbol = "▲" if row["direction"] == "higher" else "▼"
    if row["rule"] == "trend":
        text = "Rising" if row["direction"] == "higher" else "Falling"
    else:
        text = "Higher than usual" if row["direction"] == "higher" else "Lower than usual"
    judgement = {True: ": better", False: ": worse", None: ""}[row["is_better"]]
    return f"{symbol} {text}{judgement}"


def verdict(row: Mapping[str, Any] | None) -> str:
    """The authority's figure compared with a published one; empty where the mart gives no verdict."""
    if row is None or row["verdict"] not in _VERDICTS:
        return ""
    if row["is_more_than_chance"] is False and row["verdict"] != "same":
        return "≈ no clear difference"
    return _VERDICTS[row["verdict"]]
