"""Where placements lie: invented postcodes whose outward codes belong to authorities, and the reference of them.

Belongs here: outward codes, distances from home. Does not belong here: which children live where (`homes`).
"""

import csv
import io
from random import Random
from typing import NamedTuple

COUNTY, NOT_KNOWN = "888", ""


class _Area(NamedTuple):
    """An authority: how its outward codes begin, how many it has, miles from a home in the county, weight."""

    letters: str
    codes: int
    miles: int
    weight: float


_AREAS = {
    COUNTY: _Area("ZZ", 14, 8, 0),
    "889": _Area("YB", 3, 11, 24),
    "890": _Area("YP", 4, 12, 20),
    "909": _Area("YC", 5, 45, 7),
    "350": _Area("YL", 4, 20, 9),
    "354": _Area("YR", 3, 24, 7),
    "351": _Area("YU", 2, 22, 5),
    "359": _Area("YW", 3, 21, 6),
    "343": _Area("YF", 3, 24, 5),
    "352": _Area("YM", 6, 32, 6),
    "341": _Area("YV", 4, 35, 4),
    "380": _Area("YD", 4, 40, 3),
    "381": _Area("YX", 2, 34, 2),
    "815": _Area("YN", 6, 60, 2),
    "895": _Area("YE", 3, 45, 2),
    "860": _Area("YS", 4, 70, 1),
    "WAL": _Area("YG", 3, 75, 2),
    "SCO": _Area("YT", 2, 120, 1),
}
_NOT_KNOWN = _Area("YQ", 2, 30, 0)
"""Outward codes that the reference does not have."""
_SPLIT = ("909", "YC", {"942": (1, 2, 3), "943": (4, 5)}, "2023-04-30")
"""An authority that became two: its code, how its outward codes begin, the numbers that each has, since when."""
_EXCEPTION, _EXCEPTION_AREA, _EXCEPTION_SHARE = "ZZ14 9", "889", 0.04
"""The beginning of postcodes that lie across the border from the rest of their outward code; how many do."""
_FIRST_MONTH = "2010-04-30"


def draw_area(rng: Random) -> str:
    """An authority outside the county: near ones more often."""
    return rng.choices(list(_AREAS), [area.weight for area in _AREAS.values()])[0]


def postcode_in(rng: Random, code: str) -> str:
    """An invented postcode in an authority, or in none that is known."""
    area = _AREAS.get(code, _NOT_KNOWN)
    end = f"{rng.choice('ABDEFGHJ')}{rng.choice('LNPQRSTU')}"
    if code == _EXCEPTION_AREA and rng.random() < _EXCEPTION_SHARE:
        return f"{_EXCEPTION}{end}"
    return f"{area.letters}{rng.randint(1, area.codes)} {rng.randint(1, 8)}{end}"


def miles_from_home(rng: Random, code: str) -> float:
    """The distance of a placement from the child's home."""
    area = _AREAS.get(code, _NOT_KNOWN)
    if code == COUNTY:
        return round(rng.expovariate(1 / area.miles), 1)
    return round(area.miles * rng.uniform(0.5, 1.6), 1)


def reference_of_postcodes() -> str:
    """The text of `raw/reference/postcode.csv`: beginnings of postcodes, their authorities, since when."""
    rows = [
        (f"{area.letters}{number}", code, _FIRST_MONTH)
        for code, area in _AREAS.items()
        for number in range(1, area.codes + 1)
    ]
    _, letters, parts, since = _SPLIT
    rows += [(f"{letters}{number}", code, since) for code, numbers in parts.items() for number in numbers]
    rows.append((_EXCEPTION.replace(" ", ""), _EXCEPTION_AREA, _FIRST_MONTH))
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("postcode_start", "la_code", "first_month_used"))
    lines.writerows(sorted(rows))
    return text.getvalue()
