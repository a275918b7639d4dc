"""Which area a row describes: its level, and a code that stays the same when a publisher changes its own.

The key of an authority is its three-digit DfE code, because its GSS code changes with its boundary (files in one
release use both). The key of England and of a region is its GSS code. Level and code together identify an area:
921 is the Isle of Wight among authorities, and one publisher used it for England. Inner and Outer London are
levels of their own, so that nobody adds them to London.
"""

import re
from functools import cache

import polars as pl

from pipelines.seeds import seed_rows

NATIONAL, REGIONAL, AUTHORITY = "national", "regional", "local_authority"
NEIGHBOURS = "statistical_neighbours"
ENGLAND = "E92000001"
INNER_LONDON = ("inner_london", "E13000001")
OUTER_LONDON = ("outer_london", "E13000002")
_NEIGHBOURS_OF = r"^statistical neighbours of "
_AMBIGUOUS = ("", "")

Area = tuple[str, str]
"""Level and code."""


def _area(row: dict[str, str]) -> Area:
    return (row["geography_level"], row["geography_code"])


@cache
def areas_by_gss() -> dict[str, Area]:
    """Areas by GSS code, current and former."""
    areas = {row["gss_code"]: _area(row) for row in seed_rows("comparator_geography")}
    for change in seed_rows("authority_change"):
        areas.setdefault(change["old_gss_code"], (AUTHORITY, change["old_la_code"]))
    return areas


@cache
def areas_by_tool_number() -> dict[str, Area]:
    """Areas by the number that the interactive tool uses; for an authority that is its DfE code."""
    return {row["tool_number"]: _area(row) for row in seed_rows("comparator_geography")}


@cache
def areas_by_name() -> dict[str, Area]:
    """Areas by name and by code, as a person writes them; a name that two areas share names neither."""
    areas: dict[str, Area] = {}
    for row in seed_rows("comparator_geography"):
        area = _area(row)
        name = _plain(row["geography_name"])
        areas[name] = _AMBIGUOUS if name in areas else area
        areas[row["geography_code"].lower()] = area
    return areas


def authorities() -> set[str]:
    """The three-digit codes of all authorities, current and former."""
    return {code for level, code in areas_by_tool_number().values() if level == AUTHORITY}


def authority_of(la_code: pl.Expr, gss_code: pl.Expr, name: pl.Expr) -> pl.Expr:
    """The authority's code by its DfE code, else by its GSS code, else by its name; null where all are unknown.

    The name counts where the GSS code is one that an authority of England may have: boundaries change, and with
    them the code.
    """
    by_gss = {gss: code for gss, (level, code) in areas_by_gss().items() if level == AUTHORITY}
    known = {code: code for code in authorities()}
    by_name = {
        key: code for key, (level, code) in areas_by_name().items() if level == AUTHORITY and key not in known
    }
    return pl.coalesce(
        la_code.replace_strict(known, default=None, return_dtype=pl.String),
        gss_code.replace_strict(by_gss, default=None, return_dtype=pl.String),
        pl.when(may_be_authority(gss_code)).then(
            _plain_text(name).replace_strict(by_name, default=None, return_dtype=pl.String)
        ),
    )


def may_be_authority(gss_code: pl.Expr) -> pl.Expr:
    """Whether a GSS code is one that a county, unitary authority, London borough or metropolitan district has."""
    return gss_code.str.contains(r"^E(06|08|09|10)\d{6}$").fill_null(False)


def is_england(code: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Whether a row of a nation is England's: by its code; where that is no code of a nation, by its name."""
    nation = code.str.contains(r"^[EWSNK]\d{8}$").fill_null(False)
    named = name.fill_null("").str.strip_chars().str.to_lowercase().is_in(["england", ""])
    return pl.when(nation).then(code == ENGLAND).otherwise(named)


def region_of(gss_code: pl.Expr, name: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Level and code of a region by its GSS code, else by its name. The halves of London are known by name."""
    halves = {"inner london": INNER_LONDON, "outer london": OUTER_LONDON}
    by_code = {code: area for code, area in areas_by_gss().items() if area[0] not in {AUTHORITY, NATIONAL}}
    by_name = {key: area for key, area in areas_by_name().items() if area[0] == REGIONAL}
    plain = _plain_text(name)
    areas = [area_columns(halves, plain), area_columns(by_code, gss_code), area_columns(by_name, plain)]
    level, code = (pl.coalesce(*(columns[part] for columns in areas)) for part in (0, 1))
    return level, code


def area_columns(areas: dict[str, Area], key: pl.Expr) -> list[pl.Expr]:
    """`geography_level` and `geography_code` by a key; null where the key is unknown."""
    levels = {name: area[0] for name, area in areas.items()}
    codes = {name: area[1] for name, area in areas.items()}
    return [
        key.replace_strict(levels, default=None, return_dtype=pl.String).alias("geography_level"),
        key.replace_strict(codes, default=None, return_dtype=pl.String).alias("geography_code"),
    ]


def areas_of_names(names: pl.Series) -> dict[str, Area]:
    """Areas by name, for the known names of a column. `Statistical neighbours of X` is an area too."""
    areas: dict[str, Area] = {}
    for name in names.unique().drop_nulls():
        plain = _plain(name)
        level, code = areas_by_name().get(re.sub(_NEIGHBOURS_OF, "", plain), _AMBIGUOUS)
        if re.match(_NEIGHBOURS_OF, plain):
            level = NEIGHBOURS if level == AUTHORITY else ""
        if level:
            areas[name] = (level, code)
    return areas


def _plain_text(name: pl.Expr) -> pl.Expr:
    """`_plain` for a column."""
    words = name.str.to_lowercase().str.replace_all("&", " and ", literal=True).str.replace_all(r"[^a-z0-9 ]", " ")
    return words.str.replace_all(r" +", " ").str.strip_chars()


def _plain(name: str) -> str:
    words = re.sub(r"[^a-z0-9 ]", " ", name.lower().replace("&", " and "))
    return " ".join(words.split())
