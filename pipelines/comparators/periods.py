"""Years as publishers write them, and the day on which each period ends.

Known forms: `2019`, `201819`, `2018-19`, `2018/19`, `2018-2019`, `2014-16` and `2012/13-14/15` (several years
together), each also followed by a remark such as `(Revised)`, `(prov)` or `(OT)`.
"""

import polars as pl

LAST_DAY = {
    "financial_year": (3, 31),
    "mid_year": (6, 30),
    "academic_year": (8, 31),
    "calendar_year": (12, 31),
    "january": (1, 31),
    "september": (9, 30),
}
"""Month and day on which a period of each kind ends; for a point in time, that day."""

_REMARK = r"\s*\([A-Za-z ]+\)\s*$"
_ONE_YEAR = r"^(20\d\d|19\d\d)$"
_RUN_TOGETHER = r"^((?:20|19)\d\d)(\d\d)$"
_TWO_YEARS = r"^((?:20|19)\d\d)[-/](?:20|19)?(\d\d)$"
_SPLIT_YEARS = r"^((?:20|19)\d\d)/\d\d\s*-\s*(?:20|19)?\d\d/(\d\d)$"


def last_year(period: pl.Expr) -> pl.Expr:
    """The last year of a period, as a number; null where the text is not a year."""
    text = _without_remark(period)
    alone = text.str.extract(_ONE_YEAR).cast(pl.Int32)
    together = _last_of(text, _RUN_TOGETHER)
    follows = together == text.str.extract(_RUN_TOGETHER).cast(pl.Int32) + 1
    return pl.coalesce(
        alone, pl.when(follows).then(together), _last_of(text, _TWO_YEARS), _last_of(text, _SPLIT_YEARS)
    )


def covers_several_years(period: pl.Expr) -> pl.Expr:
    """Whether a period combines figures of more than one year."""
    text = _without_remark(period)
    first = text.str.extract(_TWO_YEARS).cast(pl.Int32)
    return text.str.contains(_SPLIT_YEARS) | (_last_of(text, _TWO_YEARS) - first > 1).fill_null(False)


def period_end(period: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """The last day of a period by its kind (`LAST_DAY`); null where the year or the kind is unknown."""
    month, day = (
        kind.replace_strict(
            {name: last_day[part] for name, last_day in LAST_DAY.items()}, default=None, return_dtype=pl.Int8
        )
        for part in (0, 1)
    )
    return pl.date(last_year(period), month, day)


def _without_remark(period: pl.Expr) -> pl.Expr:
    return period.str.strip_chars().str.replace(_REMARK, "")


def _last_of(text: pl.Expr, pattern: str) -> pl.Expr:
    """The last year of a match: its two digits, in the first century that puts them after the first year."""
    first = text.str.extract(pattern).cast(pl.Int32)
    two = text.str.extract(pattern, 2).cast(pl.Int32)
    same_century = first // 100 * 100 + two
    return pl.when(same_century > first).then(same_century).otherwise(same_century + 100)
