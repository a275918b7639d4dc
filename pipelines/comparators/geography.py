"""Which area a row is about: the level, and the code that stays the same when a publisher changes its own.

An authority is keyed by its three-digit DfE code, because its GSS code changes when its boundary does (files of
one release write both). England and the regions are keyed by GSS code. The key is level and code together: 921
is the Isle of Wight among authorities and was once written for England. Inner and Outer London are levels of
their own, never counted beside London.
"""

import csv
import re
from functools import cache

import polars as pl

from pipelines.settings import SEEDS

NATIONAL, REGIONAL, AUTHORITY = "national", "regional", "local_authority"
NEIGHBOURS = "statistical_neighbours"
ENGLAND = "E92000001"
INNER_LONDON = ("inner_london", "E13000001")
OUTER_LONDON = ("outer_london", "E13000002")
_NEIGHBOURS_OF = r"^statistical neighbours of "
_AMBIGUOUS = ("", "")

Area = tuple[str, str]
"""Level and code."""


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _area(row: dict[str, str]) -> Area:
    return (row["geography_level"], row["geography_code"])


@cache
def areas_by_gss() -> dict[str, Area]:
    """Areas by every GSS code that they have or had."""
    found = {row["gss_code"]: _area(row) for row in _seed("comparator_geography")}
    for change in _seed("authority_change"):
        found.setdefault(change["old_gss_code"], (AUTHORITY, change["old_la_code"]))
    return found


@cache
def areas_by_tool_number() -> dict[str, Area]:
    """Areas by the number that the interactive tool gives them; for an authority, its DfE code."""
    return {row["tool_number"]: _area(row) for row in _seed("comparator_geography")}


@cache
def areas_by_name() -> dict[str, Area]:
    """Areas by name and by code, as a person writes them; a name that two areas bear is no area."""
    found: dict[str, Area] = {}
    for row in _seed("comparator_geography"):
        area = _area(row)
        name = _plain(row["geography_name"])
        found[name] = _AMBIGUOUS if name in found else area
        found[row["geography_code"].lower()] = area
    return found


def authorities() -> set[str]:
    """The three-digit codes of all authorities that are or were."""
    return {code for level, code in areas_by_tool_number().values() if level == AUTHORITY}


def authority_of(la_code: pl.Expr, gss_code: pl.Expr) -> pl.Expr:
    """The code of the authority that a DfE code names, else a GSS code; null where neither does."""
    by_gss = {gss: code for gss, (level, code) in areas_by_gss().items() if level == AUTHORITY}
    known = {code: code for code in authorities()}
    return pl.coalesce(
        la_code.replace_strict(known, default=None, return_dtype=pl.String),
        gss_code.replace_strict(by_gss, default=None, return_dtype=pl.String),
    )


def area_columns(areas: dict[str, Area], key: pl.Expr) -> list[pl.Expr]:
    """`geography_level` and `geography_code` of the areas that a key names; null where it names none."""
    levels = {name: area[0] for name, area in areas.items()}
    codes = {name: area[1] for name, area in areas.items()}
    return [
        key.replace_strict(levels, default=None, return_dtype=pl.String).alias("geography_level"),
        key.replace_strict(codes, default=None, return_dtype=pl.String).alias("geography_code"),
    ]


def areas_of_names(names: pl.Series) -> dict[str, Area]:
    """Areas by the names of a column that are known. `Statistical neighbours of X` is an area too."""
    found: dict[str, Area] = {}
    for name in names.unique().drop_nulls():
        plain = _plain(name)
        level, code = areas_by_name().get(re.sub(_NEIGHBOURS_OF, "", plain), _AMBIGUOUS)
        if re.match(_NEIGHBOURS_OF, plain):
            level = NEIGHBOURS if level == AUTHORITY else ""
        if level:
            found[name] = (level, code)
    return found


def _plain(name: str) -> str:
    words = re.sub(r"[^a-z0-9 ]", " ", name.lower().replace("&", " and "))
    return " ".join(words.split())
